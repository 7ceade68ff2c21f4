"""Operators: +COPS? and the scan +COPS=? (27.007 §7.3), with what real modems make of the list.

Seen: one line for each network (Novatel XU870), the list broken over two lines (Nokia 2720), stray brackets before the
technology (Sony Ericsson TM506), garbage letters at the end of names (ZTE MF627), PLMNs of seven digits (Option).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from modem.fields import Field, body_of, groups, holds_another, integer, split
from modem.registration import TECHNOLOGY
from modem.values import Operator

_PLMN = re.compile(r"[0-9]{5,6}")
_PLMN_IN_UCS2 = re.compile(r"(?:003[0-9]){5,6}")
"""A number spelled like the names, after AT+CSCS="UCS2": it is text too (27.007 §7.3, §5.5)."""
_TEST_NETWORK = "001"
"""E.212's country of laboratories."""
_NUMERIC_NAME = re.compile(r"[0-9]{5,7}|" + _PLMN_IN_UCS2.pattern)
_STRAY_BRACKET = re.compile(r'"\)\s*,\s*([0-9]{1,2})\)')
_UCS2 = re.compile(r"(?:00[2-7][0-9A-F]|[4-9][0-9A-F]{3}){2,16}", re.IGNORECASE)
_DAMAGED_UCS2 = re.compile(r"(?=.*[0-9A-F]{8})(?=.*[0-9])\S{11,64}", re.IGNORECASE)
"""Eight such digits in a row and no blank: a name in UCS2 that lost one."""
_BLANKS = re.compile(r"\s+")
_NUMBER_AS_NAME = re.compile(r"[0-9]{3} ?[0-9]{2,3}|F{5,6}", re.IGNORECASE)
"""Where the network sends no name, modems show its number: "515 66"; nothing but filler (24.008 §10.5.1.3) is none."""
MAX_OPERATORS = 64


def plmn_of(text: str | None) -> str | None:
    """MCC and MNC in 5 or 6 digits, or those in UCS2 hex; None for anything else."""
    text = (text or "").strip()
    if _PLMN_IN_UCS2.fullmatch(text):
        text = text[3::4]
    return text if _PLMN.fullmatch(text) and (text[0] in "2345679" or text.startswith(_TEST_NETWORK)) else None


def plmn(mcc: str | None, mnc: str | None) -> str | None:
    """MCC and MNC that came apart ("262", "2" or "02"): a one-digit MNC lost its zero."""
    mcc, mnc = (mcc or "").strip(), (mnc or "").strip()
    if not (mcc.isdecimal() and mnc.isdecimal()):
        return None
    return plmn_of(f"{mcc}{mnc.zfill(2)}")


def name_of(text: str | None) -> str | None:
    """An operator's name; spelled in UCS2 hex (AT+CSCS="UCS2") it is read back. Its number is no name."""
    name = (text or "").strip()
    if _UCS2.fullmatch(name):
        name = bytes.fromhex(name).decode("utf-16-be", "replace").strip()
    name = _BLANKS.sub(" ", name)
    if _DAMAGED_UCS2.fullmatch(name) or holds_another(name):
        return None
    return None if not name or _NUMBER_AS_NAME.fullmatch(name) else name


def cops(line: str) -> Operator | None:
    """+COPS: <mode>[,<format>,<operator>[,<AcT>]]; `+COPS: 0` alone = automatic, and no network."""
    fields = split(body_of(line))
    mode = integer(fields[0].text) if fields else None
    if mode is None or fields[0].quoted or (len(fields) > 1 and not _is_format(fields[1])):
        return None
    text = fields[2].text if len(fields) > 2 else ""
    if text.isdecimal() and not fields[2].quoted and not plmn_of(text):
        return Operator(mode=mode)  # the network's number lost its comma or its place, and so may what follows have
    is_number = fields[1].text == _NUMERIC if text else False
    act = integer(fields[3].text) if len(fields) > 3 and not fields[3].quoted else None
    if act == 0 and not text:
        act = None  # the zero of a structure with nothing in it: `+COPS:0,255,"",0` of an FM350 without a network
    return Operator(
        mode=mode,
        name=None if is_number else name_of(text),
        plmn=plmn_of(text),
        act=act if act in TECHNOLOGY else None,
        technology=TECHNOLOGY.get(act) if act is not None else None,
    )


_NUMERIC = "2"


def _is_format(field: Field) -> bool:
    """0 a long name, 1 a short one, 2 a number; 255 where there is no network (FM350)."""
    return not field.quoted and field.text in ("", "0", "1", _NUMERIC, "255")


def merged(found: Sequence[Operator]) -> Operator:
    """Name and number of one network that were asked for in two formats; the last word counts for the rest."""
    names = [one.name for one in found if one.name]
    numbers = [one.plmn for one in found if one.plmn]
    return replace(found[-1], name=names[-1] if names else None, plmn=numbers[-1] if numbers else None)


def scan(lines: tuple[str, ...]) -> tuple[Operator, ...]:
    """All networks of a scan, in the order given, each repetition once."""
    found: dict[Operator, None] = {}
    for line in lines:
        for group in groups(_STRAY_BRACKET.sub(r'",\1)', body_of(line))):
            operator = _of_group(group)
            if operator and len(found) < MAX_OPERATORS:
                found[operator] = None
    return tuple(found)


def _of_group(group: str) -> Operator | None:
    """(<stat>,<long>,<short>,<numeric>[,<AcT>]); the lists of modes and formats at the end have no numeric name."""
    fields = split(group)
    stat = integer(fields[0].text) if fields else None
    if stat not in (0, 1, 2, 3) or len(fields) < 4 or not _NUMERIC_NAME.fullmatch(fields[3].text):
        return None
    act = integer(fields[4].text) if len(fields) > 4 else None
    return Operator(
        name=name_of(fields[1].text) or name_of(fields[2].text),
        plmn=plmn_of(fields[3].text),
        act=act if act in TECHNOLOGY else None,
        technology=TECHNOLOGY.get(act) if act is not None else None,
        available=stat,
    )
