"""The virtual module: its state, its settings, its message store, and how it refuses."""

from collections.abc import Callable
from dataclasses import field, replace
from typing import Any

from modem.frozen import dataclass
from modem.simulator.answer import ERROR, Answer, line
from modem.simulator.messages import MessageStore
from modem.simulator.request import Request
from modem.simulator.state import Modes, State

CME_TEXT = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    16: "incorrect password",
    30: "no network service",
    40: "network personalization PIN required",
    50: "Incorrect parameters",
    100: "unknown",
    107: "GPRS services not allowed",
    111: "PLMN not allowed",
    132: "service option not supported",
    133: "requested service option not subscribed",
    148: "unspecified GPRS error",
}
"""27.007, 9.2, as far as the virtual modem uses it."""


@dataclass(frozen=True, slots=True)
class Ussd:
    """A scripted answer of the network to a dialled code."""

    code: str
    text: str
    dcs: int = 72
    result: int = 0
    """27.007 <m>: 0 no further action, 1 the network waits for a choice, 4 not supported, 5 timed out."""
    after_s: float = 1.0


@dataclass
class Unit:
    """What command handlers work on. Nothing here knows of time, ports or faults."""

    state: State
    modes: Modes = field(default_factory=Modes)
    store: MessageStore = field(default_factory=MessageStore)
    ussd: tuple[Ussd, ...] = ()
    unknown: bytes = ERROR
    """What this family says to a command that it does not know."""
    later: list[tuple[float, bytes]] = field(default_factory=list)
    """Unsolicited lines that follow from a command: (seconds after its answer, bytes)."""
    restart_wanted: bool = False

    def change(self, **values: Any) -> None:
        self.state = replace(self.state, **values)

    def set_mode(self, **values: Any) -> None:
        self.modes = replace(self.modes, **values)

    def refuse(self, code: int) -> Answer:
        """+CME ERROR by number, in words, or plain ERROR, as +CMEE has it."""
        if self.modes.cmee == 0:
            return Answer(final=ERROR)
        text = CME_TEXT.get(code, "unknown") if self.modes.cmee == 2 else str(code)
        return Answer(final=line(f"+CME ERROR: {text}"))

    def refuse_message(self, code: int) -> Answer:
        """+CMS ERROR (27.005, 3.2.5); numbers only."""
        return Answer(final=line(f"+CMS ERROR: {code}"))

    def not_known(self) -> Answer:
        return Answer(final=self.unknown)


Handler = Callable[[Unit, Request], Answer]


def needs_sim(handler: Handler) -> Handler:
    """A command that the card must answer: refused as the card's state has it."""

    def guarded(unit: Unit, request: Request) -> Answer:
        error = unit.state.sim_error
        return unit.refuse(error) if error is not None else handler(unit, request)

    return guarded
