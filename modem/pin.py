"""Entering the card's PIN, so that it can never lock the card: at most once, and only with all its tries left.

A card that was given three wrong PINs wants its PUK, and after ten wrong PUKs it is dead (31.101 §9.4). A PIN from a
file is wrong every time it is wrong (gammu/gammu#458), so a failed try is remembered by the caller and never repeated
with the same file. Fewer than three tries left means that somebody else has failed already: then a person looks.
"""

import re

from modem.client import Modem
from modem.errors import CommandExpired, CommandRefused, PortLost
from modem.events import Command, Outcome
from modem.frozen import dataclass
from modem.values import SimStatus

TRIES_NEEDED = 3
ENTER_S = 15.0
"""27.007 gives no time; Quectel's EC2x manual says 5 s, SIMCom's A76XX manual 9 s."""
_PIN = re.compile(r"[0-9]{4,8}")
"""31.101 §9.5.1."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try whose good end nobody has seen: the PIN was wrong, or power went before the answer."""

    card: str | None
    """ICCID; None if it could not be read."""
    source: str
    """Names the content from which the PIN came (a file's time stamp, say): a new one deserves a new try."""


ANY = "*"
"""The source of a try of which only is known that there was one."""


def is_pin(text: str) -> bool:
    return _PIN.fullmatch(text) is not None


def why_not(sim: SimStatus | None, retries: int | None, planned: Tried, failed: Tried | None) -> str | None:
    """Why this PIN must not be entered now; None: it may be, once."""
    if sim != "pin_required":
        return "the card asks for no PIN"
    if failed is not None and failed.source in (planned.source, ANY):
        return "this PIN was tried before and did not open a card; a new pin_file is given one new try"
    if retries is None:
        return "the modem does not tell how many tries are left"
    if retries < TRIES_NEEDED:
        return f"only {retries} of {TRIES_NEEDED} tries left: a person must enter it"
    return None


def enter(modem: Modem, pin: str) -> bool:
    """Sends it once. False: refused, or not answered. Raises PortLost. The PIN is in no error, no event and no log."""
    command = Command(f'AT+CPIN="{pin}"', (), ENTER_S, secret=True)
    try:
        return modem.exchange(command).final.outcome is Outcome.OK
    except PortLost:
        raise
    except (CommandExpired, CommandRefused):
        return False
