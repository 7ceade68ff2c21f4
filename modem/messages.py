"""Stored messages as +CMGR and +CMGL show them (27.005 §3.4.2, §4.1, §4.2): header and body, decoded.

In text mode the header has words ("REC READ") and the body is text of any number of lines; in PDU mode the header has
numbers and the body is one line of hexadecimal digits: it is decoded, and stays as it is in `pdu`.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from modem.events import Reply
from modem.fields import Field, at, body_of, integer, prefix_of, split, texts
from modem.sms import guess
from modem.sms.coding import coding
from modem.sms.pdu import delivery_of, is_pdu
from modem.sms.reading import read_pdu
from modem.values import Sms

_HEADERS = ("+CMGL:", "+CMGR:", "+CMGRD:")
"""The third is SIMCom's: it reads a message and deletes it (SIM800, A7600 manuals, AT+CMGRD)."""
_STATUS = {"REC UNREAD": "unread", "REC READ": "read", "STO UNSENT": "unsent", "STO SENT": "sent"}
_STATUS_BY_NUMBER = ("unread", "read", "unsent", "sent")
_HEX_NUMBER = re.compile(r"(?:00[2-7][0-9A-Fa-f])+")
"""Printable ASCII as UCS2 in hexadecimal."""
_MASKED_PDU = re.compile(r"(?=[0-9A-F]*[X*#])[0-9A-FX*#]{24,}", re.IGNORECASE)
_JOINED = re.compile(r"([^\"]{,40}?\d)\s+([0-9A-Fa-f]{16,400})\s*")
_UCS2 = 72
_SHOWN_FIELDS = 9
_TIME = re.compile(
    r"(\d{2,4})/(\d{1,2})/(\d{1,2})[, ](\d{1,2}):(\d{1,2}):(\d{1,2})([+-]\d{1,2})?(?=[\",;\s]|$)", re.ASCII
)
_QUARTERS = frozenset(range(-48, 57))
MAX_TEXT_LINES = 64
REPORT_FIELDS = 7
MIN_TEXT_FIELDS = 3
"""A +CMT: header in text mode has sender, name and time; in PDU mode name and length."""


def stored(reply: Reply) -> tuple[Sms, ...]:
    """All messages of an answer, each with its index where the header has one."""
    found: list[Sms] = []
    header: str | None = None
    body: list[str] = []
    for line in reply.lines:
        if prefix_of(line) in _HEADERS:
            found += _message(header, body)
            header, *body = _unjoined(line)
        elif len(body) < MAX_TEXT_LINES:
            body.append(line)
    return (*found, *_message(header, body))


def _unjoined(line: str) -> list[str]:
    """Header and PDU, which people paste into one line."""
    match = _JOINED.fullmatch(line)
    return [match[1], match[2]] if match else [line]


def delivered(lines: tuple[str, ...]) -> tuple[Sms, ...]:
    """+CMT: or +CDS: with the message, or the status report, in the next line as PDU, else as text."""
    fields = texts(lines[0]) if lines else ()
    if len(fields) >= REPORT_FIELDS and prefix_of(lines[0]) == "+CDS:":
        return _report(fields)
    if len(lines) < 2:
        return ()
    body = lines[1].strip()
    if is_pdu(body) and len(fields) < MIN_TEXT_FIELDS:
        return (read_pdu(body, length=integer(fields[-1]) if fields else None),)
    if prefix_of(lines[0]) != "+CMT:":
        return ()
    if _announces_pdu(split(body_of(lines[0]))):
        return (read_pdu(body),)  # a damaged one: it says so, and its digits are not a text
    if _MASKED_PDU.fullmatch(body):
        return (read_pdu(body),)
    if body.startswith((",", '",', "+CMT:")):
        return ()  # the header again, or its other half
    text = _text("\n".join(lines[1:]), _scheme(fields, 0))
    return (Sms(sender=_number(at(fields, 0)), time=_time(body_of(lines[0])), text=text),)


def _announces_pdu(fields: tuple[Field, ...]) -> bool:
    """[<name>],<length>: a header of PDU mode (27.005 §3.4.1)."""
    last = fields[-1] if 0 < len(fields) <= MIN_TEXT_FIELDS else Field("")
    return bool(last.text) and not last.quoted and not _TIME.search(last.text)


def _report(fields: tuple[str, ...]) -> tuple[Sms, ...]:
    """<fo>,<mr>,<ra>,<tora>,<scts>,<dt>,<st>: a status report in text mode, in one line (27.005 §3.4.1).

    Stored ones have <stat> in front of it, and no text (§4.1, §4.2).
    """
    reference, status = integer(fields[1]), integer(fields[6])
    if reference is None or status is None:
        return ()
    time, outcome = _time(fields[4]), delivery_of(status)
    return (Sms(recipient=_number(at(fields, 2)), time=time, reference=reference, delivery=outcome),)


def _message(header: str | None, body: list[str]) -> list[Sms]:
    if header is None:
        return []
    fields = list(texts(header))
    index = integer(fields.pop(0)) if prefix_of(header) == "+CMGL:" and fields else None
    word = next((field.upper() for field in fields[:1] if field.upper() in _STATUS), None)
    if len(fields) > REPORT_FIELDS and integer(fields[1]) is not None and not any(body):
        status = _STATUS.get(word or "")
        return [replace(one, index=index, status=status) for one in _report(tuple(fields[1:]))]
    if word is not None:
        return [_text_message(index, word, header, body)]
    if len(body) == 1 and is_pdu(body[0].strip()):
        length = integer(fields[-1]) if fields else None
        return [read_pdu(body[0], length=length, index=index, status=_numbered_status(fields))]
    return []


def _numbered_status(fields: list[str]) -> str | None:
    """<stat> is in front of the length; of a header with one field there is none."""
    number = integer(fields[0]) if len(fields) > 1 else None
    return _STATUS_BY_NUMBER[number] if number is not None and 0 <= number < 4 and len(fields) < 4 else None


def _text_message(index: int | None, word: str, header: str, body: list[str]) -> Sms:
    fields = texts(header)[1:] if prefix_of(header) == "+CMGL:" else texts(header)
    other = _number(at(fields, 1))
    is_received = word.startswith("REC")
    return Sms(
        index=index,
        status=_STATUS[word],
        sender=other if is_received else None,
        recipient=None if is_received else other,
        time=_time(body_of(header)),
        text=_text("\n".join(body), _scheme(fields, 1)),
    )


def _scheme(fields: tuple[str, ...], start: int) -> int | None:
    """<dcs>, which AT+CSDH=1 puts into received messages: …,<scts>,<tooa>,<fo>,<pid>,<dcs>,<sca>,<tosca>,<length>."""
    shown = len(fields) - start >= _SHOWN_FIELDS
    return integer(at(fields, len(fields) - 4)) if shown else None


def _text(body: str, dcs: int | None) -> str:
    """With AT+CSCS="UCS2", and always for UCS2 on many modems, the text is hexadecimal."""
    bare = "".join(body.split())
    if dcs is not None and coding(dcs).alphabet == "8bit":
        return body
    if dcs is None and bare.isdecimal() and not bare.startswith("00"):
        return body  # a number: a code to type in, say
    found = guess.read(bare, _UCS2 if dcs is not None and coding(dcs).alphabet == "ucs2" else dcs)
    return found.text if found.way == "ucs2" else body


def _number(field: str | None) -> str | None:
    """A sender may be in hexadecimal as well: 002B00380036… A number with other signs behind its plus was masked."""
    if field is not None and ('"' in field or (field.startswith("+") and not field[1:].isdecimal())):
        return None
    if field is None or not _HEX_NUMBER.fullmatch(field):
        return field
    return bytes.fromhex(field).decode("utf-16-be")


def _time(text: str) -> str | None:
    """The service centre's time stamp as ISO 8601; an offset that cannot be (+80 quarters) is left out."""
    match = _TIME.search(text)
    if match is None:
        return None
    year = int(match[1]) + (2000 if len(match[1]) == 2 else 0)
    quarters = int(match[7]) if match[7] else None
    zone = timezone(timedelta(minutes=15 * quarters)) if quarters in _QUARTERS else None
    month, day, hour, minute, second = (int(match[place]) for place in range(2, 7))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).isoformat()
    except ValueError:
        return None
