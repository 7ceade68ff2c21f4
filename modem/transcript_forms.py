"""Lines of logs that hold bytes as they went over the port, line ends and all: ModemManager, brackets, dumps in hex."""

import re
from typing import Literal

COMMAND = re.compile(r"AT(?:$|[+^%!*$#&\\@_].*|D.*|[A-Z]\d{1,3}(?:$|\D.*)|[A-Z](?:$|[ =?+&;^%].*)|\s*$)", re.IGNORECASE)
ESCAPE = re.compile(r"<CR>|<LF>|<cr>|<lf>|<ln>|\\r|\\n|\\([\"'])|\\x([0-9A-Fa-f]{2})|\\(\d{1,3})|␍|␊")
_MM = re.compile(r"(-->|<--)\s*'(.*)'\s*$", re.DOTALL)
_BRACKETED = re.compile(r"\[([^\[\]]{0,2048}\\[rn])\]\s*$")
"""Bytes with their line ends spelled, in the last brackets of the line."""
_DUMP = re.compile(
    r"\b([rt]x)\W{1,3}0x[0-9a-f]{4,16}\s{1,4}((?:[0-9a-f]{2}\s{1,2}){1,16})\s*\|.{1,16}\|\s*$", re.IGNORECASE
)
"""A row of a dump in hex, as ESP-IDF writes them."""


def is_command(text: str) -> bool:
    """Does `text` have the form of a command line of V.250: AT, then nothing, an extended or a basic command?"""
    return COMMAND.match(text.strip()[:256]) is not None


def piece(line: str) -> tuple[Literal["host", "modem"], str] | None:
    """(who, a piece of what he said) of a line that spells bytes; None: it is no such line."""
    if logged := _MM.search(line):
        return ("host" if logged[1] == "-->" else "modem"), unescape(logged[2])
    if bytes_ := _BRACKETED.search(line):
        text = unescape(bytes_[1])
        return ("host" if is_command(text) else "modem"), text
    if row := _DUMP.search(line):
        return ("host" if row[1].lower() == "tx" else "modem"), bytes.fromhex(row[2]).decode("latin-1")
    return None


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
