"""AT modems, watched: an engine without I/O, dialects as data, typed readings. Usable with no daemon in sight.

    with closing(Modem(SerialPort("/dev/ttyUSB2"))) as modem:
        print(modem.start())
        print(modem.ask(Question.SIGNAL).readings)

What is not named here is private by convention.

Names are imported when they are first used: who needs one of them does not pay for the dialects.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modem.client import Answer, Modem
    from modem.dialect import Ask, Dialect, Effect, Question
    from modem.discover import Candidate, Probed, candidates, probe
    from modem.engine import Engine
    from modem.errors import (
        CommandExpired,
        CommandRefused,
        LineHeld,
        LocalProtocolError,
        ModemError,
        ModemGarbled,
        ModemSilent,
        PortBusy,
        PortForbidden,
        PortLost,
        PortMissing,
        PortStuck,
        Refusal,
        UnreadableAnswer,
        Unsupported,
    )
    from modem.events import (
        Command,
        Event,
        Expired,
        Final,
        Outcome,
        Overflow,
        Prompt,
        Reply,
        Restarted,
        Stray,
        Synced,
        Urc,
    )
    from modem.link import Exchanged, Statistics
    from modem.moves import State
    from modem.port import Port, SerialPort
    from modem.text import printable

_HOMES = ("text", "events", "errors", "dialect", "port", "engine", "discover", "link", "client")
"""Where those names live, the cheapest to import first."""

__all__ = [
    "Answer",
    "Ask",
    "Candidate",
    "Command",
    "CommandExpired",
    "CommandRefused",
    "Dialect",
    "Effect",
    "Engine",
    "Event",
    "Exchanged",
    "Expired",
    "Final",
    "LineHeld",
    "LocalProtocolError",
    "Modem",
    "ModemError",
    "ModemGarbled",
    "ModemSilent",
    "Outcome",
    "Overflow",
    "Port",
    "PortBusy",
    "PortForbidden",
    "PortLost",
    "PortMissing",
    "PortStuck",
    "Probed",
    "Prompt",
    "Question",
    "Refusal",
    "Reply",
    "Restarted",
    "SerialPort",
    "State",
    "Statistics",
    "Stray",
    "Synced",
    "UnreadableAnswer",
    "Unsupported",
    "Urc",
    "candidates",
    "printable",
    "probe",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        for home in _HOMES:
            module = import_module(f"modem.{home}")
            if name in vars(module):
                globals()[name] = vars(module)[name]
                return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
