"""Whose line is it? Echo, news (URC) or part of the answer: pure questions about one line and one command.

Where news and answer share a prefix, the shape decides and, where it does not, the place: of an answer that is one
line long the last and best-shaped line before the final result is the answer, what came before it was news.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from modem.dialect import Dialect
from modem.events import Command

_PREFIX = re.compile(r"([+*^$#%!&_][A-Z][A-Z0-9_]*) ?:", re.IGNORECASE)
_SIGNS = frozenset("+*^$#%!&_")
_OWN = re.compile(r"(?:^AT|;)\s*([+*^$#%!&_][A-Z][A-Z0-9_]*)", re.IGNORECASE)
_ECHO_OFF = re.compile(r"AT(?:[A-Z]\d*|&[A-Z]\d*)*?E0?(?![0-9])", re.IGNORECASE)

_CALLS = {"+CRING:", "+CLIP:", "+CCWA:", "+CSSI:", "+CSSU:"}
_NETWORK = {"+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:", "+CGEV:", "+CPIN:", "+CIEV:", "+CTZV:", "+CTZE:", "+CUSD:"}
_MESSAGES = {"+CMTI:", "+CDSI:", "+CMT:", "+CDS:", "+CBM:", "+CBMI:", "+CMWT:"}  # 27.005
_CAPTURED = {"*PSUTTZ:", "DST:", "+WIND:", "*ATREADY:"}  # SIM800L, Wavecom, A7670
URC_PREFIXES = frozenset(_CALLS | _NETWORK | _MESSAGES | _CAPTURED)
URC_WORDS = frozenset({"RING", "SMS DONE", "PB DONE", "SMS READY", "CALL READY", "SMS Ready", "Call Ready"})
RESTART_WORDS = frozenset({"RDY", "*ATREADY: 1", "START", "NORMAL POWER DOWN", "MODEM:STARTUP", "^SYSSTART"})
TWO_LINES = frozenset({"+CMT:", "+CDS:", "+CBM:"})

REGISTRATION = frozenset({"+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:"})
SINGLE = REGISTRATION | {
    "+CPIN:",
    "+CSQ:",
    "+CESQ:",
    "+CFUN:",
    "+CUSD:",
    "+CGATT:",
    "^HCSQ:",
    "^RSSI:",
    "^SIMST:",
    "^MODE:",
}
"""Prefixes that both news and one-line answers have."""

SMS = ("+CMGR:", "+CMGRD:", "+CMGL:")
_STATS = frozenset({*map(str, range(12)), "90"})
"""27.007 §7.2, and what an nRF91 says when its card has failed."""


@lru_cache(maxsize=16)
def prefix_of(line: str) -> str:
    """ "+CREG:" for any line that has the form of a result code, whatever blank stands before the colon; else ""."""
    if line[:1] not in _SIGNS:
        return ""
    found = _PREFIX.match(line)
    return found[1].upper() + ":" if found else ""


@lru_cache(maxsize=64)
def own_prefixes(text: str) -> frozenset[str]:
    """The prefixes that the parts of a command answer with by 27.007: AT+CREG?;+CSQ → +CREG: and +CSQ:."""
    return frozenset(name.upper() + ":" for name in _OWN.findall(text))


def expected(line: str, prefixes: Collection[str]) -> bool:
    """Does the line begin with one of `prefixes`? Firmware that forgets the "+" (GTGPS:, Fibocom NL687) is forgiven."""
    return prefix_of(line) in prefixes or line.startswith(_openings(frozenset(prefixes)))


@lru_cache(maxsize=64)
def _openings(prefixes: frozenset[str]) -> tuple[str, ...]:
    """The prefixes as they stand, and without the sign in front."""
    return tuple(
        opening for prefix in prefixes if prefix for opening in (prefix, prefix[1:] if prefix[:1] in "+*^$" else prefix)
    )


def is_news(line: str, dialect: Dialect) -> bool:
    """Is it a URC that the dialect, 3GPP or a capture knows?"""
    known = prefix_of(line) or line.partition(":")[0] + ":"
    return known in URC_PREFIXES or line in URC_WORDS or known in dialect.urcs or _among(line, dialect.urcs)


def _among(line: str, keys: Collection[str]) -> bool:
    return line in keys or line.startswith(_headings(frozenset(keys)))


@lru_cache(maxsize=16)
def _headings(keys: frozenset[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key.endswith(":"))


def is_restart(line: str, dialect: Dialect) -> bool:
    return line in RESTART_WORDS or line in dialect.restarts


def has_second_line(line: str) -> bool:
    """Does the next line belong to this URC? A +CDS: in text mode is whole: it has its fields in the same line."""
    prefix = prefix_of(line)
    if prefix == "+CDS:" and line.count(",") > 2:
        return False
    return prefix in TWO_LINES


def is_open_text(line: str) -> bool:
    """A +CUSD: whose quoted text goes on in the next line (menus and balance texts have line breaks)."""
    return prefix_of(line) == "+CUSD:" and line.count('"') % 2 == 1


def closes_text(line: str) -> bool:
    return re.search(r'"\s*(?:,\s*\d+\s*)?$', line) is not None


def asks_once(line: str, command: Command) -> bool:
    """Is `line` one of those of which the answer to `command` has exactly one?"""
    return prefix_of(line) in SINGLE and not _sets(command, prefix_of(line))


def _sets(command: Command, prefix: str) -> bool:
    """Does it only set or test what news with this prefix tells? AT+CREG=2 does; AT+CREG=2;+CREG? reads as well."""
    text, name = command.text.upper(), prefix[:-1]
    return f"{name}=" in text and f"{name}?" not in text


def weight(line: str) -> int:
    """How much the shape speaks for an answer rather than news: 0 never, 1 perhaps, 2 surely.

    Registration (27.007 §7.2): an answer is <n>,<stat>[,…], news is <stat>[,<lac>,<ci>…]. So a bare number up to 11 in
    the second place makes an answer; a lac there, or nothing, makes news. One field alone is news, or the answer
    of an FM350 that says no more than <n>: the place must decide.
    """
    prefix = prefix_of(line)
    if prefix not in REGISTRATION:
        return 1
    fields = [field.strip() for field in line.partition(":")[2].split(",")]
    if len(fields) == 1:
        return 2 if fields[0].startswith("(") else 1
    return 2 if fields[0].startswith("(") or _is_stat(fields[1], fields[2:3]) else 0


def _is_stat(field: str, after: list[str]) -> bool:
    """Four digits are a lac ("0001"), unless the next field is in quotes: then the lac would be so too."""
    digits = 4 if after and after[0].startswith('"') else 3
    return len(field) <= digits and (field.lstrip("0") or field[:1]) in _STATS


def cannot_answer(line: str, command: Command, dialect: Dialect) -> bool:
    """A line with the prefix of an answer that is news all the same."""
    prefix = prefix_of(line)
    if prefix in SINGLE and _sets(command, prefix):  # a setting answers with no line of its own
        return prefix not in command.expects and "(" not in line
    if prefix in REGISTRATION:
        return weight(line) == 0
    return dialect.unsolicited(line, command)


def is_text_mode(header: str) -> bool:
    """Text mode (AT+CMGF=1) names the message's status in quotes, PDU mode gives its number."""
    return header.partition(":")[2].lstrip().startswith('"') or ',"REC' in header or ',"STO' in header


def is_clean(line: str) -> bool:
    """No control or stand-in characters (`modem.lines`), so not line noise."""
    return line.replace("\t", " ").isprintable()


@lru_cache(maxsize=64)
def turns_echo_off(text: str) -> bool:
    """ATE0 or ATE, also within a line of basic commands (ATZ E0 V1)."""
    return _ECHO_OFF.match(text.replace(" ", "")) is not None


def resembles(line: str, text: str) -> bool:
    """Is it what line noise left of the echo of `text`: its head or tail, some characters lost or changed?"""
    if len(line) < 2 or len(text) < 3:
        return False
    if text.startswith(line) or text.endswith(line):
        return True
    if len(line) == len(text):
        return sum(a != b for a, b in zip(line, text, strict=True)) <= len(text) // 4
    return len(line) * 5 >= len(text) * 3 and _is_subsequence(line, text)


def _is_subsequence(line: str, text: str) -> bool:
    rest = iter(text)
    return all(char in rest for char in line)
