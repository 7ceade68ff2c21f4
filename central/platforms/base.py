"""What a carrier's platform can be asked about cards, and what it may be told to do. Adapters block: who asks them does
so beside the loop (central/aside.py).

Rules
- Cards go by their ICCID. A card that the platform does not know is left out of its answer; nothing is guessed.
- What is not known is None. Bytes are bytes, whatever unit the platform counts in.
- An adapter waits for its turn at the platform itself (line.py); what the platform refuses becomes an error here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

State = Literal["stock", "testing", "active", "suspended", "ended", "unknown"]
"""Not yet begun · being tested · in use · cut off, and can come back · gone for good · none of these."""
Reason = Literal[
    "requested", "arrears", "plan_ended", "quota", "other_device", "area", "real_name", "violation", "lost", "carrier",
]  # fmt: skip
"""Why a card is cut off: we asked · money · the plan's end · its data · another IMEI · another region · identity …"""
Act = Literal["suspend", "resume", "order"]
KiB, MiB = 1024, 1024 * 1024


class PlatformError(Exception):
    """The platform did not do it; the message is for people and names no secret."""


class Unreachable(PlatformError):
    """No answer, or none that can be read: nobody knows what became of it."""


class Absent(Unreachable):
    """Nobody was there to be asked: nothing was done."""


class Throttled(PlatformError):
    """Asked too often: nothing was done, ask again later."""


class NotAllowed(PlatformError):
    """Our credentials are not good for it."""


class Declined(PlatformError):
    """The platform understood, and said no."""


class NotOffered(PlatformError):
    """This platform has no way to do that."""


@dataclass(frozen=True, slots=True)
class CardId:
    iccid: str
    msisdn: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    state: State
    reasons: tuple[Reason, ...] = ()
    said: str = ""
    """In the platform's own words."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Of the billing month that runs."""

    used_bytes: int | None = None
    quota_bytes: int | None = None
    remaining_bytes: int | None = None
    balance: str | None = None
    """An amount of money; below 0: arrears."""


class Platform(Protocol):
    """One account at a carrier's platform. Whatever is asked may raise PlatformError."""

    @property
    def most(self) -> int:
        """Cards to be asked about at once."""

    @property
    def keeps_ends(self) -> bool:
        """Whether it knows when a card's plan ends."""

    def status(self, cards: Sequence[CardId]) -> Mapping[str, Standing]: ...

    def usage(self, cards: Sequence[CardId]) -> Mapping[str, Usage]: ...

    def expiry(self, cards: Sequence[CardId]) -> Mapping[str, date]:
        """The last day of the plan."""

    def suspend(self, card: CardId) -> str:
        """Cut it off; what the platform calls the order, or ""."""

    def resume(self, card: CardId) -> str: ...

    def order(self, card: CardId, product: str) -> str:
        """`product` in the platform's own terms."""
