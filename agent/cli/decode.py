"""`posagent decode [FILE]`: what an AT dialogue says, in plain words. Needs no modem and touches none."""

import argparse
import codecs
import sys
from pathlib import Path

from agent.cli.context import EXIT_OK, EXIT_USAGE, CliError, Context, Lang, Output
from agent.cli.decode_words import explained, refused
from modem.decode import Decoded, decode
from modem.dialect import Dialect
from modem.dialects import named, names

HELP = "explain an AT dialogue"
EXITS = {0: "read (also when some lines could not be)", 2: "wrong usage: no such file, vendor not known"}
EXAMPLES = [
    "posagent decode dialogue.txt",
    "posagent decode --json < modem.log | jq 'select(.unknown != [])'",
    "journalctl -u ModemManager | posagent decode --vendor quectel",
]
MAX_BYTES = 32 * 1024 * 1024
"""Of a log; more is cut, and said."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a paste, or a log of ModemManager, wvdial …; none: stdin"
    )
    parser.add_argument(
        "--vendor", metavar="NAME", help=f"whose modem it is, if it does not say so: {', '.join(names())}"
    )


def run(options: argparse.Namespace, context: Context) -> int:
    dialect = _dialect(options.vendor)
    text = _text(options.file, context.out)
    for one in decode(text, dialect):
        if context.json:
            context.out.json(one.json())
        else:
            _show(one, context.out, context.lang)
    return EXIT_OK


def _dialect(vendor: str | None) -> Dialect | None:
    if vendor is None:
        return None
    found = named(vendor)
    if found is None:
        message = f"--vendor {vendor}: not known; one of {', '.join(names())}"
        raise CliError(message, EXIT_USAGE)
    return found


def _text(file: str | None, out: Output) -> str:
    """The dialogue, at most MAX_BYTES of it."""
    try:
        with sys.stdin.buffer if file in (None, "-") else Path(str(file)).open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"{file}: {error.strerror}"
        raise CliError(message, EXIT_USAGE) from error
    if len(data) > MAX_BYTES:
        out.note(f"only the first {MAX_BYTES // 2**20} MiB are read")
    return _spelled(data[:MAX_BYTES])


def _spelled(data: bytes) -> str:
    """UTF-8, where bytes that are none become stand-ins, since modems send noise; what Windows calls Unicode, by its
    mark; GB18030, if the words are in it by which Chinese serial tools tell who spoke."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    text = data.decode("utf-8-sig", "replace")
    is_chinese = "\ufffd" in text and any(word.encode("gb18030") in data for word in _WORDS_OF_TOOLS)
    return data.decode("gb18030", "replace") if is_chinese else text


_WORDS_OF_TOOLS = ("发→", "收←", "发：", "收：", "发送", "接收", "命令", "返回", "响应", "应答")


def _show(one: Decoded, out: Output, lang: Lang) -> None:
    """One exchange for people: the command, then a line for each thing it tells."""
    if one.command is not None:
        out.line(f"{one.command}  → {one.final or _NO_ANSWER[lang]}", "bold")
    elif one.urcs:
        out.line(f"{_UNASKED[lang]} {' / '.join(one.urcs)}", "dim" if not one.readings else "bold")
    elif one.final is not None and not one.readings:
        out.line(one.final, "dim")
    for reading in one.readings:
        out.line(f"    {explained(reading, lang)}")
    if one.error is not None:
        out.line(f"    {refused(one.error, lang)}", "warn")
    for line in one.unknown:
        out.line(f"    {_NOT_READ[lang]} {line}", "dim")


_NO_ANSWER: dict[Lang, str] = {"en": "(no final result)", "zh": "（没有结束应答）"}
_UNASKED: dict[Lang, str] = {"en": "unasked:", "zh": "主动上报："}
_NOT_READ: dict[Lang, str] = {"en": "not read:", "zh": "未能解读："}
