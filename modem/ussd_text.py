"""The text of a +CUSD line (27.007 §7.15): taken out of its quotes, and read whatever its coding is called."""

import re

from modem.fields import holds_another
from modem.sms import guess
from modem.values import Ussd

_LINE = re.compile(r"\+CUSD\s*:\s*([0-9])(?![0-9])\s*(?:,\s*(.*))?", re.DOTALL | re.IGNORECASE)
_HEX_RUN = re.compile(r"[0-9A-Fa-f]{16}")
_HEX_DIGITS = frozenset("0123456789ABCDEFabcdefXx*#.")
"""And what people put in their place."""
_FEW_WORDS = 3
_SCHEME = re.compile(r"\s*,\s*(\d{0,3})\Z")
_SMS_WORDS = re.compile(
    r"短信.{0,12}(?:通知|告知|发送|下发|回复|形式|查收)|(?:通知|告知|发送|下发|回复|以|通过|留意|查收).{0,12}短信|"
    r"(?:receive|sent|send|get|via|by|check|per|with)\b.{0,40}\b(?:sms|text message|message)\b|"
    r"\b(?:sms|text message)\b.{0,40}\b(?:shortly|soon|will|sent|receive)|"
    r"(?:по|в|через)\s+(?:sms|смс)|(?:sms|смс).{0,40}(?:отправлен|придет|получите|ожидайте)",
    re.IGNORECASE | re.DOTALL,
)
_FIGURE = re.compile(r"\d+[.,]\d{2}\b|\d\s*(?:元|MB|GB|KB|兆)", re.IGNORECASE)


def read_line(text: str) -> Ussd | None:
    """A +CUSD line, its text over several lines joined by line feeds; None if it is no such line."""
    match = _LINE.match(text.strip())
    if match is None:
        return None
    raw, dcs = _fields(match[2] or "")
    if not raw:
        return Ussd(int(match[1]), None, dcs)
    found = guess.read(raw, dcs)
    if _is_damaged(raw, is_plain=found.way == "plain", is_cut=_is_cut(match[2] or "")):
        return Ussd(int(match[1]), None, dcs, raw)
    return Ussd(int(match[1]), found.text, dcs, raw if found.text != raw else None)


def _is_cut(rest: str) -> bool:
    return rest.count('"') == 1 and rest.lstrip().startswith('"')


def _is_damaged(raw: str, *, is_plain: bool, is_cut: bool) -> bool:
    """Hexadecimal that lost or changed a digit, or has been masked: nobody wrote that text."""
    if not _HEX_RUN.search(raw) or len(raw.split(" ")) > _FEW_WORDS:
        return False
    of_hex = sum(char in _HEX_DIGITS for char in raw)
    return (is_cut and of_hex == len(raw)) or (is_plain and of_hex > len(raw) / 2 and not raw.isdecimal())


def _fields(rest: str) -> tuple[str, int | None]:
    """Text and coding scheme; quotes and scheme may both be missing, quotes inside the text are its own."""
    rest = _alone(rest).strip().lstrip(",").lstrip()
    if re.fullmatch(r"[0-9]{1,3}", rest):
        return "", int(rest)  # the scheme, and no text
    said = _SCHEME.search(rest)
    text = rest[: said.start()] if said else rest
    if text.startswith('"'):
        text = text[1:].removesuffix('"')
    scheme = int(said[1]) if said and said[1] else None
    return text, scheme if scheme is not None and scheme < 256 else None


def _alone(rest: str) -> str:
    """Up to the text's closing quote, if another line has run into what follows it."""
    end = rest.rfind('"') + 1 if rest.lstrip().startswith('"') else 0
    first = rest.find('"', rest.find('"') + 1) + 1
    if end and first and holds_another(f" {rest[first:]}"):
        return rest[:first]
    return rest


def promises_sms(text: str) -> bool:
    """Does it say that the answer will come as a short message? A text with a figure of money or data is an answer."""
    return _SMS_WORDS.search(text) is not None and _FIGURE.search(text) is None
