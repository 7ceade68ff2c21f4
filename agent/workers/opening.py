"""Opening the modem's port: which names, in which order, how long to wait, and what there is to say when none works.

The configured name is followed anew each time; the modem that answered last is looked for at its place on the bus, and
by its IMEI, before any other is taken.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from agent.clock import Clock
from agent.find_port import modem_ports
from agent.follow import Had, had, in_order, is_another
from agent.guess import answered_before, guesses, none_found, remember
from agent.log import logger
from agent.recover.hold import Speaker
from agent.sample.base import Evidence, EvidenceSource, PortProblem, PortView
from agent.sample.modem import PatientModem
from agent.schedule import doubled
from modem.discover import candidates
from modem.errors import LineHeld, ModemError, ModemGarbled, PortBusy, PortForbidden, PortLost, PortMissing
from modem.frozen import dataclass
from modem.port import Port, SerialPort
from modem.recording import Tape
from modem.text import printable

START_S = 8.0
"""Until a modem that says nothing is called silent."""
PROBE_START_S = 2.5
"""The same where several ports want their turn: one that speaks AT does so at once."""
REOPEN_FIRST_S = 2.0
REOPEN_CAP_S = 30.0
SILENT = 1

Opener = Callable[[str], Port]


@dataclass(frozen=True, slots=True)
class ModemSettings:
    port: str = "auto"
    baud: int = 115200
    light_s: float = 60.0
    deep_s: float = 900.0
    command_timeout_s: float = 5.0
    restore_settings: bool = False
    announce_messages: bool = False
    state_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    modem: PatientModem
    device: str
    tape: Tape


@dataclass(frozen=True, slots=True)
class PortState:
    """How the port stands, and what shows it where there is no modem."""

    view: PortView
    evidence: tuple[Evidence, ...] = ()


class Opening:
    """One attempt after the other, with growing waits between them; for one thread."""

    def __init__(self, settings: ModemSettings, clock: Clock, line: Speaker, opener: Opener | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._line = line
        self._open_port = opener or (lambda device: SerialPort(device, settings.baud))
        self._log = logger("modem")
        self._had: Had | None = None
        """The modem that answered last, by its place and its IMEI."""
        self._guesses: frozenset[str] = frozenset()
        """Of the ports that are tried: those of which nothing says that a modem is behind them."""
        self._before = answered_before(settings.state_dir) if settings.state_dir else ""
        self._failures = 0
        self.device: str | None = None
        """The port that was open last."""
        self.due = clock.monotonic()
        """When the next attempt is to be made."""
        self.trouble = PortState(PortView(problem="missing"))
        """Why there is no modem, as long as there is none."""

    def attempt(self) -> Opened | PortState | None:
        """None: a payment wanted the line meanwhile, which says nothing of the port."""
        names = self._names()
        troubles: list[tuple[str, ModemError]] = []
        for tried in self._attempts(names, START_S if len(names) == 1 else PROBE_START_S):
            if isinstance(tried, Opened):
                self._failures = 0
                return tried
            troubles.append(tried)
        if any(isinstance(error, LineHeld) for _, error in troubles):
            self.due = self._clock.monotonic()  # as soon as it is free
            return None
        return self._in_vain(troubles)

    def closed(self) -> None:
        """The port was given up; the next attempt follows soon."""
        self.due = self._clock.monotonic() + REOPEN_FIRST_S

    def lost(self, lost: PortLost) -> PortState:
        self.closed()
        evidence = Evidence("port.problem", "kernel", printable(str(lost)), self._clock.wall())
        self.trouble = PortState(PortView(self.device, problem="lost"), (evidence,))
        return self.trouble

    def _attempts(self, names: list[str], patience: float) -> Iterator[Opened | tuple[str, ModemError]]:
        """Why those did not start that come before the one that does. Another modem than ours comes last."""
        others = []
        for device in names:
            try:
                opened = self._started(device, patience)
            except ModemError as error:
                yield device, error
                continue
            if not is_another(opened.modem.identity.imei, self._had) or device == names[-1]:
                self._remember(opened)
                yield opened
                return
            opened.modem.close()
            others.append(device)
        if others:
            self._log.info("another modem than before", device=others[0])
            self._had = None
            yield from self._attempts(others[:1], patience)

    def _names(self) -> list[str]:
        name = self._settings.port
        if name != "auto" and self._had is None:
            return [name]
        found = modem_ports()
        self._guesses = guesses(found, self._before) if name == "auto" else frozenset()
        return in_order(name, found, self._had)

    def _started(self, device: str, patience: float) -> Opened:
        port = self._open_port(device)
        tape = Tape()
        modem = PatientModem(
            port,
            self._clock,
            self._settings.command_timeout_s,
            on_bytes=tape.heard,
            restore_settings=self._settings.restore_settings,
            gate=self._line,
        )
        try:
            modem.start(patience)
            if self._settings.announce_messages and not modem.announce_messages():
                self._log.info("the modem does not announce messages; they are found at the next look")
        except ModemError:
            modem.close()
            raise
        tape.pause()
        return Opened(modem, device, tape)

    def _remember(self, opened: Opened) -> None:
        identity = opened.modem.identity
        self.device = opened.device
        self._had = had(opened.device, identity.imei, candidates())
        if opened.device in self._guesses and self._settings.state_dir:
            remember(self._settings.state_dir, opened.device)
        self._before = opened.device
        self._log.info("port open", device=opened.device, model=identity.model, dialect=opened.modem.dialect.name)

    def _in_vain(self, troubles: list[tuple[str, ModemError]]) -> PortState:
        self.trouble = self._told(troubles)
        if self._failures == 0:
            self._log.warning("no modem", why=self.trouble.evidence[0].text)
        self._failures += 1
        self.due = self._clock.monotonic() + doubled(REOPEN_FIRST_S, REOPEN_CAP_S, self._failures)
        return self.trouble

    def _told(self, troubles: list[tuple[str, ModemError]]) -> PortState:
        silent = {device for device, error in troubles if device in self._guesses and _telling(error) <= SILENT}
        if len(silent) == len(troubles):
            return self._because(PortView(self.device, problem="missing"), none_found(silent), "port.problem")
        device, error = max((one for one in troubles if one[0] not in silent), key=lambda trouble: _telling(trouble[1]))
        if isinstance(error, PortLost):
            view = PortView(device, getattr(error, "holder", None), _problem(error))
            return self._because(view, error, "port.problem")
        garbled = isinstance(error, ModemGarbled)
        view = PortView(device, answers=garbled, garbled=garbled or None)
        return self._because(view, error, "port.garbled" if garbled else "port.answers")

    def _because(self, view: PortView, error: ModemError, about: str) -> PortState:
        source: EvidenceSource = "kernel" if about == "port.problem" else "at"
        return PortState(view, (Evidence(about, source, printable(str(error)), self._clock.wall()),))


def _problem(lost: PortLost) -> PortProblem:
    if isinstance(lost, PortMissing):
        return "missing"
    if isinstance(lost, PortBusy):
        return "busy"
    return "forbidden" if isinstance(lost, PortForbidden) else "lost"


def _telling(error: ModemError) -> int:
    """Of several ports: one that speaks, however badly, is the modem's; a busy or forbidden one may be it."""
    ranks = ((ModemGarbled, 4), (PortBusy, 3), (PortForbidden, 2), (PortMissing, 0))
    return next((rank for kind, rank in ranks if isinstance(error, kind)), SILENT)
