"""The card: is it there and open, its tries, its numbers (+CPIN, +CPINR, +CCID, +CRSM, +CIMI, +CNUM)."""

import re
from collections.abc import Callable, Mapping

from modem import causes, iccid
from modem.events import Reply
from modem.fields import at, body_of, integer, split, texts
from modem.identity import own_text
from modem.replies import each
from modem.values import Iccid, Imsi, OwnNumber, Reading, Sim, SimStatus

_SIM_WORDS: Mapping[str, SimStatus] = {
    "READY": "ready",
    "SIM PIN": "pin_required",
    "SIM PUK": "puk_required",
    "SIM PIN2": "ready",  # the card works: PIN2 only guards fixed dialling
    "SIM PUK2": "ready",
    "PH-SIM PIN": "network_locked",
    "PH-FSIM PIN": "network_locked",
    "PH-FSIM PUK": "network_locked",
    "PH-NET PIN": "network_locked",
    "PH-NET PUK": "network_locked",
    "PH-NETSUB PIN": "network_locked",
    "PH-NETSUB PUK": "network_locked",
    "PH-SP PIN": "network_locked",
    "PH-SP PUK": "network_locked",
    "PH-CORP PIN": "network_locked",
    "PH-CORP PUK": "network_locked",
    "NOT READY": "busy",  # SIMCom and Quectel, on the way up or down
    "NOT INSERTED": "absent",
    "SIM REMOVED": "absent",
    "SIM FAILURE": "failure",
}


_SLOT = re.compile(r"(?<=[A-Z]) ?[01]$")
"""Luat Air780EP: the slot behind the word, "READY 0"; the 2 of PIN2 and PUK2 is none."""


def cpin(line: str) -> Sim | None:
    """+CPIN: <code>, the words of 27.007 §8.3. Other words are cut ones ("RE"), or nobody's."""
    text = _SLOT.sub("", body_of(line).strip('" ').upper())
    return Sim(_SIM_WORDS[text]) if text in _SIM_WORDS else None


def sim(reply: Reply) -> tuple[Reading, ...]:
    """AT+CPIN?: its line, or what the refusal tells (+CME ERROR: 10 is an answer: there is no card)."""
    found = each(cpin, "+CPIN:")(reply)
    if not found and reply.final.family == "cme":
        code = causes.error_code("cme", reply.final.code, reply.final.text)
        state = causes.sim_state_of_cme(code)
        return (Sim(state),) if state else ()
    return found[-1:]


MAX_TRIES = 10
"""A PUK has so many (102 221 §9.5.2); a card allows fewer of a PIN."""


def tries(puk_at: int, count: int = 4) -> Callable[[str], Sim | None]:
    """Reader of vendors' counters, tries left of each code: <PIN>,<PIN2>,<PUK>,<PUK2> or <PIN>,<PUK>,…"""

    def read(line: str) -> Sim | None:
        left = [integer(text) for text in texts(line)]
        if len(left) != count or any(one is None or not 0 <= one <= MAX_TRIES for one in left):
            return None
        return Sim(pin_retries=left[0], puk_retries=left[puk_at])

    return read


def pin_retries(line: str) -> Sim | None:
    """+CPINR: SIM PIN,3,3 (27.007 §8.65): tries left, default."""
    fields = texts(line)
    left = integer(fields[1]) if len(fields) > 1 else None
    if left is None or not 0 <= left <= MAX_TRIES:
        return None
    name = fields[0].upper()
    return Sim(pin_retries=left) if name == "SIM PIN" else Sim(puk_retries=left) if name == "SIM PUK" else None


_CARD_LABEL = re.compile(r"^\s*(?:SIM )?ICC-?ID\s*[:=]\s*", re.IGNORECASE)


def number(line: str) -> Iccid | None:
    """+CCID, +ICCID, +QCCID, ^ICCID, %CCID, or the bare number."""
    for text in texts(line):
        if value := iccid.normalise(_CARD_LABEL.sub("", text)):
            return Iccid(value, iccid.issuer(value))
    return None


_CRSM_OK = (144, 145, 146, 159)
"""SW1 of a card that did as told: 90, 91, 92, 9F (102 221)."""


def file(line: str) -> Iccid | None:
    """+CRSM: 144,0,"98…": EF 2FE2, ten bytes of swapped nibbles."""
    fields = texts(line)
    if len(fields) < 3 or integer(fields[0]) not in _CRSM_OK:
        return None
    value = iccid.from_ef(fields[2])
    return Iccid(value, iccid.issuer(value)) if value else None


def imsi(line: str) -> Imsi | None:
    """AT+CIMI: 13 to 15 digits, bare or with prefix and quotes; fewer are cut, nobody issues such numbers."""
    text = (own_text(line) or "").split(",")[0]
    return Imsi(text, iccid.carrier_of_imsi(text)) if re.fullmatch(r"[0-9]{13,15}", text) else None


_NUMBER = re.compile(r"\+?[0-9]{3,20}")
"""A subscriber's; what people put in place of its digits (*, x, #, …) is no part of one."""


def own_number(line: str) -> OwnNumber | None:
    """+CNUM: [<name>],<number>,<type>: most cards hold no number, and then most modems say nothing."""
    said = split(body_of(line))
    fields = tuple(field.text for field in said)
    if len(fields) < 2 or (len(fields) == 2 and not said[1].quoted):  # the empty name has lost its comma
        return None
    digits = fields[1].strip() if _NUMBER.fullmatch(fields[1].strip()) else ""
    international = integer(at(fields, 2)) == 145 and digits.isdecimal()
    return OwnNumber(f"+{digits}" if international else digits or None, fields[0] or None)
