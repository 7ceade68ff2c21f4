"""`posagent sms`: the messages in the modem, and sending one. Through the daemon when it runs, else directly."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from agent.cli.channel import through_modem
from agent.cli.context import EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, CliError, Context, Lang
from agent.control import Json, Refused

HELP = "list, read, send and delete text messages; sending costs what the card's tariff says"
EXITS = {
    0: "done",
    1: "the modem gave no answer in time, or refused",
    2: "wrong usage",
    3: "there is no such message, or it was not sent, or not all of it",
    4: "a payment holds the line (posagent hold)",
    10: "configuration not valid",
    11: "modem port absent, busy or not allowed",
}
EXAMPLES = (
    "posagent sms list",
    "posagent sms read 3 --json",
    "posagent sms send 10086 CXLL",
    "echo 'long text' | posagent sms send +8613800138000",
    "posagent sms delete 3 --yes",
)
MAX_INPUT = 16 * 1024
_WORDS: Mapping[str, tuple[str, str]] = {
    "none": ("没有短信", "no messages"),
    "full": (
        "存储 {name} 快满了（{used}/{total}），满后将收不到运营商短信",
        "store {name} is nearly full ({used}/{total}): the carrier's messages will then stay away",
    ),
    "parts": ("共 {parts} 条，按 {parts} 条计费", "{parts} message(s), each is paid for"),
    "sent": ("已发送", "sent"),
    "not_sent": ("已发出 {done}/{parts} 条后失败：{error}", "failed after {done} of {parts}: {error}"),
    "deleted": ("已删除 {deleted} 条", "deleted {deleted}"),
    "data": ("（数据，{size} 字节）", "(data, {size} octets)"),
    "missing": ("缺第 {numbers} 部分", "part {numbers} missing"),
    "unread": ("未读", "unread"),
    "read": ("已读", "read"),
    "unsent": ("未发", "unsent"),
    "flash": ("闪信", "flash"),
    "report": ("回执：{delivery}", "report: {delivery}"),
    "unreadable": ("（无法解读）", "(cannot be read)"),
}  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "read", "send", "delete"))
    parser.add_argument("words", nargs="*", metavar="WORD", help="read N, delete N, send NUMBER [TEXT] (else stdin)")
    parser.add_argument("--store", choices=("SM", "ME", "MT", "SR"), help="only this message store")
    parser.add_argument("--yes", action="store_true", help="delete: really")
    parser.add_argument("--port", metavar="DEV", help="without a daemon: this port instead of the configured one")


def run(options: argparse.Namespace, context: Context) -> int:
    actions = {"list": _list, "read": _read, "send": _send, "delete": _delete}
    try:
        return actions[options.action](options, context)
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
        raise CliError(str(refusal), EXIT_PROBLEMS) from None


def _list(options: argparse.Namespace, context: Context) -> int:
    _words(options, 0, 0)
    found = _ask({"op": "sms_list"}, options, context)
    if context.json:
        context.out.json(found)
        return EXIT_OK
    for sms in found["messages"]:
        for line, style in lines(sms, context.lang):
            context.out.line(line, style)
    if not found["messages"]:
        context.out.line(_say("none", context.lang), "dim")
    for store in found["nearly_full"]:
        context.out.note(_say("full", context.lang, **store))
    return EXIT_OK


def _read(options: argparse.Namespace, context: Context) -> int:
    found = _ask({"op": "sms_read", "index": _number(options)}, options, context)["message"]
    if context.json:
        context.out.json(found)
        return EXIT_OK
    for line, style in lines(found, context.lang):
        context.out.line(line, style)
    return EXIT_OK


def _send(options: argparse.Namespace, context: Context) -> int:
    from modem.sms.encode import parts_needed

    words = _words(options, 1, 2)
    text = words[1] if len(words) > 1 else sys.stdin.read(MAX_INPUT).rstrip("\n")
    if not context.json:
        context.out.note(_say("parts", context.lang, parts=parts_needed(text)))
    sent = _ask({"op": "sms_send", "number": words[0], "text": text}, options, context)
    if context.json:
        context.out.json(sent)
    elif sent["sent"]:
        context.out.line(_say("sent", context.lang), "good")
    else:
        done = len(sent["references"])
        context.out.line(_say("not_sent", context.lang, done=done, parts=sent["parts"], error=sent["error"]), "bad")
    return EXIT_OK if sent["sent"] else EXIT_PROBLEMS


def _delete(options: argparse.Namespace, context: Context) -> int:
    index = _number(options)
    if not options.yes:
        raise CliError(
            "a deleted message is gone, with what the carrier says of the plan; --yes deletes it", EXIT_USAGE
        )
    done = _ask({"op": "sms_delete", "index": index}, options, context)
    if context.json:
        context.out.json(done)
    else:
        context.out.line(_say("deleted", context.lang, **done))
    return EXIT_OK


def _ask(request: Json, options: argparse.Namespace, context: Context) -> Json:
    if options.store:
        request["storage"] = options.store
    return through_modem(request, context, options.port)


def _words(options: argparse.Namespace, least: int, most: int) -> list[str]:
    words = list(options.words)
    if not least <= len(words) <= most:
        raise CliError(f"posagent sms {options.action}: see posagent sms --help", EXIT_USAGE)
    return words


def _number(options: argparse.Namespace) -> int:
    word = _words(options, 1, 1)[0]
    if not (word.isascii() and word.isdecimal() and len(word) < 6):
        raise CliError(f"{word}: not the number of a message", EXIT_USAGE)
    return int(word)


def lines(sms: Mapping[str, Any], lang: Lang) -> Iterator[tuple[str, str | None]]:
    """One message for people: a head line, then its text, indented so that no text can look like a head line."""
    yield "  ".join(part for part in _head(sms, lang) if part), "bold" if sms["status"] == "unread" else "dim"
    for line in _body(sms, lang).splitlines() or [""]:
        yield f"    {line}", None


def _head(sms: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    yield f"{'' if sms['index'] is None else sms['index']:>3}"
    yield str(sms["storage"] or "")
    yield str(sms["time"] or "-").replace("T", " ")
    yield str(sms["sender"] or (f"→ {sms['recipient']}" if sms["recipient"] else "?"))
    if sms["status"] in _WORDS:
        yield _say(sms["status"], lang)
    if sms["message_class"] == 0:
        yield _say("flash", lang)
    if sms["missing"]:
        yield _say("missing", lang, numbers=", ".join(map(str, sms["missing"])))
    if sms["delivery"]:
        yield _say("report", lang, delivery=sms["delivery"])


def _body(sms: Mapping[str, Any], lang: Lang) -> str:
    if sms["text"] is not None:
        return str(sms["text"])
    if sms["data"]:
        return f"{_say('data', lang, size=len(sms['data']) // 2)} {sms['data']}"
    return "" if sms["delivery"] else _say("unreadable", lang)


def _say(word: str, lang: Lang, **values: object) -> str:
    return _WORDS[word][lang == "en"].format(**values)
