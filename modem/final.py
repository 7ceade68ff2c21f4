"""Final result codes: the finite table of lines that end a command (V.250 §5.7.1, 27.007 §9.2, 27.005 §3.2.5).

Matching is exact. "OK" within a line, "CONNECT OK" (a socket, SIMCom) or "OKAY" end nothing. A final that only some
commands have ("SHUT OK") counts only for a command that declares it in `Command.finals`.
"""

import re
from collections.abc import Collection

from modem.causes import cme_code, cms_code
from modem.events import Final, Outcome

OUTCOMES = {
    "OK": Outcome.OK,
    "ERROR": Outcome.REFUSED,
    "NO CARRIER": Outcome.REFUSED,
    "BUSY": Outcome.REFUSED,
    "NO ANSWER": Outcome.REFUSED,
    "NO DIALTONE": Outcome.REFUSED,
    "NO DIAL TONE": Outcome.REFUSED,  # spelled so by some firmware
    "ABORTED": Outcome.REFUSED,  # a character came while an abortable command ran (u-blox AT manual)
    "COMMAND NOT SUPPORT": Outcome.REFUSED,  # Huawei E1752, capture
    "TOO MANY PARAMETERS": Outcome.REFUSED,  # Huawei
}

_KNOWN = {text: Final(text, outcome) for text, outcome in OUTCOMES.items()}

CALL_ONLY = frozenset({"NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE"})
"""Finals of a call (V.250 §6.3.1). For any other command they are news about a call, not its answer."""

_CALLS = re.compile(r"AT(D|A$|O|H|\+CGDATA|\+CBST)", re.IGNORECASE)
_CONNECT = re.compile(r"CONNECT( \d[\w/.: +-]*)?")
_CODES = {"CME": cme_code, "CMS": cms_code}
_NUMBERED = re.compile(r"\+(CM[ES]) ERROR\b:? *(.*)")


def read_final(line: str, declared: Collection[str] = ()) -> Final | None:
    """The final result that `line` is, or None. `declared`: further success texts of the command in flight."""
    text = line.strip()
    if text in declared:
        return Final(text, Outcome.OK)
    known = _KNOWN.get(text)
    if known is not None:
        return known
    if text.startswith("CONNECT"):
        return Final(text, Outcome.CONNECT) if _CONNECT.fullmatch(text) else None
    numbered = _NUMBERED.fullmatch(text)
    return _refused(text, numbered[1], numbered[2].strip()) if numbered else None


def ends(final: Final, command: str) -> bool:
    """Can `final` end `command`? A call's finals end only commands that make or end a call, CONNECT no question."""
    if final.outcome is Outcome.CONNECT:
        return "=" in command or _CALLS.match(command) is not None
    return final.text not in CALL_ONLY or _CALLS.match(command) is not None


def _refused(text: str, family: str, detail: str) -> Final:
    code = int(detail) if _is_number(detail) else _CODES[family](detail)
    return Final(text, Outcome.REFUSED, family.lower(), code)


def _is_number(detail: str) -> bool:
    return detail.isascii() and detail.isdigit() and len(detail) <= 9
