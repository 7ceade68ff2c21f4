"""Who the virtual modem pretends to be: a capture played back (`Recorded`) or a module with a state (`Lte`)."""

from dataclasses import field
from typing import Protocol

from modem.frozen import dataclass
from modem.simulator.answer import Answer
from modem.simulator.tables import Table


@dataclass
class Aftermath:
    """What follows from an answer, besides its bytes; the player takes it and empties it."""

    later: list[tuple[float, bytes]] = field(default_factory=list)
    """Unsolicited bytes: (seconds after the answer, bytes)."""
    restart: bool = False


class Persona(Protocol):
    """No clock, no port: the player says how much time went by and puts the bytes onto the line."""

    def answer(self, command: str) -> Answer | None:
        """To one command line without its CR; None = the modem says nothing at all, not even the echo."""

    def payload(self, command: str, data: bytes, /) -> Answer:
        """The payload that `command` prompted for, without its Ctrl-Z."""

    def aftermath(self) -> Aftermath:
        """What followed from the answers since the last call."""

    def pass_time(self, seconds: float) -> None:
        """Counters and clocks go on."""

    def apply(self, change: "Change") -> list[bytes]:
        """A scripted change; returns the unsolicited lines that it causes by itself."""

    def restart(self) -> list[bytes]:
        """Settings are gone; returns the lines said at start."""

    def first_lines(self) -> list[bytes]:
        """Said when the virtual modem is switched on."""

    def between(self) -> bytes | None:
        """One unsolicited line to put in after an answer, if this persona has any left."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A message that arrives: its text as UCS2, or a ready PDU in hexadecimal."""

    sender: str = "10086"
    text: str = ""
    pdu: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happens at a moment of the script."""

    at_s: float
    settings: Table | None = None
    urcs: tuple[str, ...] = ()
    sms: tuple[Sms, ...] = ()
    phase: str = ""
    """A name for people (and for the demo's narration)."""
