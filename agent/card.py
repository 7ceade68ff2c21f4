"""Which card belongs in this terminal, and to which modem it may be locked. Pure; the pairing is kept by the caller.

- The first card that is seen is taken as the right one. Another one later is `changed` until somebody accepts it here
  (`posagent plan accept`), or the centre does.
- The same card in another modem is a move too: IoT cards in China are cut off when their IMEI changes (机卡分离), and
  come back only in the first terminal, up to a day later. So they are `wrong_terminal` there; an ordinary card is not.
- The centre may say whose card it is: what it says goes before what was seen.
- A modem with two slots that uses the other one is `changed` too, for another card is paid for now; it is `switched` as
  well, so that nobody looks for a thief.
- A card or a modem that cannot be read changes nothing: not known is not another one.
"""

from dataclasses import asdict, replace
from typing import Any, Literal

from modem.again import again
from modem.frozen import dataclass
from modem.iccid import normalise, same_card
from modem.values import SimSlot

Lock = Literal["locked", "likely", "unlikely", "unknown"]
"""Whether the card locks itself to the first IMEI it is used with."""
_IOT_APNS = ("cmiot", "cmmtm", "unim2m", "ctnb", "ctm2m", "ctiot", "m2m")
"""Beginnings and parts of the APNs of machine cards."""
_IOT_ISSUERS = ("898604",)
"""ICCID prefixes that are mostly machine cards: China Mobile's IoT company."""
_IOT_NUMBERS = ("10646", "10647", "10648", "10649", "1440", "1410", "14600")
"""Thirteen digits: numbers of machine cards. Many such cards do not tell theirs."""
_MSISDN_DIGITS = 13
MAX_TEXT = 64


@dataclass(frozen=True, slots=True)
class Pair:
    """What was accepted. "" = not known."""

    terminal: str = ""
    iccid: str = ""
    imei: str = ""
    at: float | None = None
    """Wall seconds when it was first seen or accepted."""
    by: Literal["first_seen", "accepted", "centre"] = "first_seen"
    slot: int | None = None
    """Where the card was seen, in a modem with several slots; from 1."""

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Slots:
    """Of a modem with several slots; all unknown for the others."""

    used: int | None = None
    """From 1."""
    others: tuple[SimSlot, ...] = ()


NO_SLOTS = Slots()


@dataclass(frozen=True, slots=True)
class Guard:
    """What the look says against the pairing. None: not known."""

    changed: bool | None = None
    wrong_terminal: bool | None = None
    switched: bool | None = None
    """The modem uses another slot than the accepted card's: nobody changed a card."""
    learn: Pair | None = None
    """The pairing to keep from now on; None: as it was."""


@again
def pair_from(value: dict[str, Any] | None) -> Pair | None:
    """What `Pair.json` made, as far as it is readable."""
    if value is None:
        return None
    texts = {name: value.get(name, "") for name in ("terminal", "iccid", "imei")}
    if not all(isinstance(text, str) and len(text) <= MAX_TEXT for text in texts.values()):
        return None
    at, by = value.get("at"), value.get("by")
    said: Literal["first_seen", "accepted", "centre"] = (
        "centre" if by == "centre" else "accepted" if by == "accepted" else "first_seen"
    )
    slot = value.get("slot")
    when = float(at) if isinstance(at, int | float) else None
    return Pair(**texts, at=when, by=said, slot=slot if isinstance(slot, int) and 0 < slot < 10 else None)


def guard(
    known: Pair | None,
    terminal: str,
    iccid: str | None,
    imei: str | None,
    lock: Lock,
    at: float,
    slots: Slots = NO_SLOTS,
) -> Guard:
    """One look at card and modem. `at`: wall seconds."""
    card = normalise(iccid) if iccid else None
    if card is None:
        return Guard()
    if known is None or not known.iccid:
        return Guard(changed=False, wrong_terminal=False, learn=Pair(terminal, card, imei or "", at, slot=slots.used))
    if not same_card(card, known.iccid):
        # The centre named the card of this terminal: another one is somebody else's.
        switched = _switched(known, slots)
        # A card in the terminal's own other slot is nobody else's.
        strange = True if known.by == "centre" and not switched else None
        return Guard(changed=True, wrong_terminal=strange, switched=switched)
    if slots.used is not None and slots.used != known.slot:
        known = replace(known, slot=slots.used)
        learn: Pair | None = known
    else:
        learn = None
    if imei and not known.imei:
        return Guard(changed=False, wrong_terminal=False, learn=replace(known, imei=imei))
    moved = bool(imei) and imei != known.imei
    return Guard(changed=False, wrong_terminal=moved and lock in ("locked", "likely"), learn=learn)


def _switched(known: Pair, slots: Slots) -> bool | None:
    """Is the accepted card still in, only not in use? By the other slots' ICCIDs; where they are not told, by the slot
    that it was in, unless that one is told to hold another card, or none."""
    if slots.used is None:
        return None
    if any(one.iccid is not None and same_card(one.iccid, known.iccid) for one in slots.others):
        return True
    if known.slot is None or known.slot == slots.used:
        return False
    was = next((one for one in slots.others if one.slot == known.slot), None)
    return was is None or (was.iccid is None and was.state != "absent")


def accepted(terminal: str, iccid: str, imei: str | None, at: float, *, by_centre: bool = False) -> Pair | None:
    """The pairing after somebody said that this card and this modem are right; None when that is no ICCID."""
    card = normalise(iccid)
    return Pair(terminal, card, imei or "", at, "centre" if by_centre else "accepted") if card else None


def lock_of(
    iccid: str | None, *, apn: str | None = None, msisdn: str | None = None, configured: bool | None = None
) -> Lock:
    """How likely the card locks itself to its first IMEI; `configured`: what a person said."""
    if configured is not None:
        return "locked" if configured else "unlikely"
    if not iccid:
        return "unknown"
    digits = (msisdn or "").lstrip("+").removeprefix("86")
    name = (apn or "").lower()
    if any(part in name for part in _IOT_APNS) or iccid.startswith(_IOT_ISSUERS):
        return "likely"
    if len(digits) == _MSISDN_DIGITS and digits.startswith(_IOT_NUMBERS):
        return "likely"
    return "unknown" if iccid.startswith("8986") else "unlikely"


def warning(lock: Lock, lang: Literal["zh", "en"]) -> str | None:
    """What to say before the card is moved; None when there is nothing to fear."""
    words = {
        "locked": (
            "此卡已绑定本机（机卡绑定）：换到别的设备会停机，换机前请先在平台解绑。",
            "Bound to this modem: in another one the card is cut off. Unbind it on the platform before moving it.",
        ),
        "likely": (
            "物联网卡，通常绑定首次使用的设备（机卡分离会停机）：不要随意换到别的设备，换机前先在平台解绑。",
            "An IoT card: most are cut off in any modem but their first. Unbind it on the platform before moving it.",
        ),
    }
    found = words.get(lock)
    return None if found is None else found[lang == "en"]
