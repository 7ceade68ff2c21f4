"""What the worker of the modem is asked for, and what it publishes: the words between threads."""

from collections.abc import Callable, Iterable, Sequence

from agent.clock import Deadline
from agent.control import Json, Refused
from agent.sample.base import Evidence, PortView
from agent.sample.modem import Depth, ModemPart
from modem.client import Modem
from modem.errors import ModemError
from modem.events import Event
from modem.frozen import dataclass
from modem.recording import Recording
from modem.values import Sms


@dataclass(frozen=True, slots=True)
class Look:
    """What the main thread hears after each look, or after each vain attempt to open a port."""

    at: float
    """Wall seconds."""
    depth: Depth
    port: PortView
    part: ModemPart
    """The last deep look, with what light ones saw since."""
    evidence: tuple[Evidence, ...] = ()
    asked_by: object = None
    """The token of the request that wanted it; None for the schedule's own."""
    dialogue: Recording | None = None
    """What was said, from the port's opening on, where the request wanted that."""
    mail: bool = False
    """A message came since the last look."""
    card_asked: float | None = None
    """When a look that asked for the card's number began, in monotonic seconds; None: it did not ask."""


@dataclass(frozen=True, slots=True)
class LookNow:
    depth: Depth
    asked_by: object = None
    listen: bool = False
    """Keep the dialogue for who asked."""


@dataclass(frozen=True, slots=True)
class SeeCard:
    """Read the card's number, and nothing else: something is about to be sent."""


@dataclass(frozen=True, slots=True)
class RunCommands:
    """Raw commands, one after the other; `done` hears their results, or why there are none."""

    commands: tuple[str, ...]
    timeout_s: float
    until: Deadline
    done: Callable[["Results | ModemError"], None]


@dataclass(frozen=True, slots=True)
class Results:
    rows: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class UseModem:
    """Anything else with the modem (messages, USSD), begun before `until` or not at all.

    `work` hands on the events that it did not need.
    """

    name: str
    work: Callable[[Modem, Callable[[Iterable[Event]], None]], Json]
    until: Deadline
    done: Callable[["Json | ModemError | Refused"], None]
    back: tuple[str, ...] = ()
    """What switches on again what it switches off. Such work is not cut in two: who wants the line for a payment waits
    for its end; and whatever ends us meanwhile, the next start says these (`agent.owed`)."""
    mail: Callable[[Sequence[Sms]], Json] | None = None
    """The same from the messages that ModemManager keeps, where it has the modem; None: not without a line."""


Order = LookNow | SeeCard | RunCommands | UseModem
