"""Lines of logs that hold bytes as they went over the port, line ends and all: ModemManager, brackets, dumps in hex."""

import re
import shlex
from typing import Literal

COMMAND = re.compile(r"AT(?:$|[+^%!*$#&\\@_].*|D.*|[A-Z]\d{1,3}(?:$|\D.*)|[A-Z](?:$|[ =?+&;^%].*)|\s*$)", re.IGNORECASE)
ESCAPE = re.compile(r"<CR>|<LF>|<cr>|<lf>|<ln>|\\r|\\n|\\([\"'])|\\x([0-9A-Fa-f]{2})|\\(\d{1,3})|␍|␊")
_MM = re.compile(r"(-->|<--)\s*'(.*)$", re.DOTALL)
_COLOUR = re.compile(r"(?:\x1b|\^\[|␛)\[[0-9;]{0,24}[mK]|\x1b\][^\x07\x1b\n]{0,256}(?:\x07|\x1b\\)")
"""What a program or a shell writes for the terminal (ECMA-48 §5.4), as it is or spelled by cat -v: colours, titles.
Other sequences are noise, and noise is shown."""
_BRACKETED = re.compile(r"\[([^\[\]]{0,2048}\\[rn])\]\s*$")
"""Bytes with their line ends spelled, in the last brackets of the line."""
_DUMP = re.compile(
    r"\b([rt]x|pattern-detection)\W{1,3}0x[0-9a-f]{4,16}\s{1,4}((?:[0-9a-f]{2}\s{1,2}){1,16})\s*\|.{1,16}\|\s*$",
    re.IGNORECASE,
)
"""A row of a dump in hex, as ESP-IDF writes them; its old esp-modem calls what came "pattern-detection"."""
_TWICE = (
    (re.compile(r"pattern-detection: 0x"), "esp-modem: Handling line: >>"),
    (re.compile(r"\]: R: .{1,512} - \d{1,2}\s*$"), "]: Unhandled: "),
)
"""Programs that write down what came, and once more what they made of it (esp-idf#11728, ESPHome's sim800l)."""
_OVERWRITTEN = re.compile(r"\} (\([\d:.]{1,20}\) [^{}]{1,80}\{[^{}]{0,2048})$")
"""ESP-IDF's command_lib puts a line into braces, carriage return and all: the closing one lands on the first letter."""

_ECHO = re.compile(
    r"[\w@:~./-]{0,40}[$#]\s+echo\s+(?:-\w+\s+)?['\"]?(at[^|>'\"]{0,200}?)['\"]?\s*[|>].*$", re.IGNORECASE
)
_MMCLI = re.compile(r"[\w@:~./-]{0,40}[$#]\s+(?:sudo\s+)?mmcli\s[^'\"]{0,60}--command=(\S{1,200})\s*$")
_ANSWERED = re.compile(r"^response: '([^']{0,8192})'[ \t]*$", re.MULTILINE)
"""What mmcli --command prints: the whole answer in one pair of quotes, without its final result."""


def is_command(text: str) -> bool:
    """Does `text` have the form of a command line of V.250: AT, then nothing, an extended or a basic command?"""
    return COMMAND.match(text.strip()[:256]) is not None


def restored(line: str) -> str:
    """`line` with its braces where they were written."""
    found = _OVERWRITTEN.match(line)
    return f"I {found[1]}}}" if found else line


def unquoted(text: str) -> str:
    """`text` without colours, and with mmcli's answers as the modem's own lines."""
    return _ANSWERED.sub(r"\1", _COLOUR.sub("", text))


def typed(line: str) -> str | None:
    """The command that a shell's line hands on: to a port, or to mmcli, which puts a missing "AT" in front."""
    if echoed := _ECHO.match(line):
        return echoed[1].strip()
    found = _MMCLI.match(line)
    try:
        command = "".join(shlex.split(found[1])) if found else ""
    except ValueError:  # a quote too many
        return None
    if not command:
        return None
    return command if command[:2].upper() == "AT" else f"AT{command}"


def once(lines: list[str]) -> list[str]:
    """Without the lines that repeat what the same program has written just before them."""
    repeats = [again for first, again in _TWICE if any(first.search(line) for line in lines)]
    return [line for line in lines if not any(again in line for again in repeats)]


def piece(line: str) -> tuple[Literal["host", "modem"], str] | None:
    """(who, a piece of what he said) of a line that spells bytes; None: it is no such line."""
    if (logged := _MM.search(line)) and (bytes_of := _quoted(logged[2])) is not None:
        return ("host" if logged[1] == "-->" else "modem"), unescape(bytes_of)
    if bytes_ := _BRACKETED.search(line):
        text = unescape(bytes_[1])
        return ("host" if is_command(text) else "modem"), text
    if row := _DUMP.search(line):
        return ("host" if row[1].lower() == "tx" else "modem"), bytes.fromhex(row[2]).decode("latin-1")
    return None


def _quoted(text: str) -> str | None:
    """What stands before the closing quote; all of it where the line was cut in front of that."""
    text = text.rstrip()
    return text[:-1] if text.endswith("'") else text if ESCAPE.search(text) else None


def unescape(text: str) -> str:
    def spelled(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        if match[2]:
            return chr(int(match[2], 16))
        if match[3]:
            return chr(int(match[3]) % 256)
        return "\r" if match[0].lower() in ("<cr>", "\\r", "␍") else "\n"

    return ESCAPE.sub(spelled, text)
