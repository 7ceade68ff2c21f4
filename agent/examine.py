"""One full look at this terminal without the daemon: find the port, ask the modem, look at the machine.

Always ends with a snapshot, whatever is missing, and always releases the port. What costs time or data comes last.
Imports stay light: `posagent diag` must be quick on a slow terminal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import Literal

from agent.clock import Clock, Deadline
from agent.examine_network import ProbeSettings, look_behind_card
from agent.guess import answered_before, guesses, none_found
from agent.plan.plan import PlanSettings
from agent.plan.standing import Standing
from agent.sample.assemble import addresses_of, assemble
from agent.sample.base import ClockView, Evidence, PlanFact, PortProblem, PortView, SimView, Snapshot
from agent.sample.link import LinkPart, read_link, received_bytes
from agent.sample.modem import Depth, ModemPart, PatientModem, read_modem
from agent.sample.net.part import NetPart
from agent.sample.system import against_centre, against_network, read_system
from modem.candidate import Candidate
from modem.errors import (
    CommandExpired,
    LineHeld,
    ModemGarbled,
    ModemSilent,
    PortBusy,
    PortForbidden,
    PortLost,
    PortMissing,
)
from modem.frozen import dataclass
from modem.link import Gate
from modem.port import Port, SerialPort

WHOLE_S = 20.0
"""No look takes longer, whatever the modem does."""
START_S = 8.0
"""Until a modem that says nothing is called silent."""
NETWORK_S = 7.0
"""Kept of the whole for the network, where it is to be asked: a modem may take 0.4 s for each of forty answers."""
PROBE_S = 2.0
"""The same for several candidate ports, which are asked at the same time."""
Progress = Callable[[str], None]
Opener = Callable[[str, int], Port]
"""Device and baud rate → the open port; somebody may want to listen in (`modem.recording`)."""


@dataclass(frozen=True, slots=True)
class ExamineSettings:
    """What a look needs of the configuration."""

    port: str = "auto"
    baud: int = 115200
    backend: Literal["at", "modemmanager"] = "at"
    measure_signal_s: int = 0
    interface: str = "auto"
    """A name, "auto", or "" for none."""
    command_timeout_s: float = 5.0
    restore_settings: bool = False
    timezone: str = "Asia/Shanghai"
    plan: PlanSettings = field(default_factory=PlanSettings)
    bound: bool | None = None
    """Whether the card is locked to its first IMEI, where a person said so."""
    ledger: Path | None = None
    """The daemon's ledger, read only, with the facts beside it; None: in state_dir."""
    state_dir: Path = Path("/var/lib/posagent")
    probe: ProbeSettings = field(default_factory=ProbeSettings)


@dataclass(frozen=True, slots=True)
class _Talk:
    """How talking to the modem went."""

    port: PortView
    modem: ModemPart = field(default_factory=ModemPart)
    evidence: tuple[Evidence, ...] = ()
    interface: str | None = None
    """Of the modem's data, when whoever has the modem names it."""
    heard: tuple[PlanFact, ...] = ()
    """What the messages on the card say of the plan."""


def examine(
    settings: ExamineSettings,
    clock: Clock,
    deadline: Deadline,
    *,
    network: bool = True,
    quick: bool = False,
    port: str | None = None,
    progress: Progress | None = None,
    gate: Gate | None = None,
) -> Snapshot:
    """Everything that can be known now. `network`: probes that cost data are allowed; `quick`: only what is cheap.

    `port` goes before the configured one. `progress` hears one English line about each step.
    """
    return examine_with_cost(
        settings, clock, deadline, network=network, quick=quick, port=port, progress=progress, gate=gate
    ).snapshot


@dataclass(frozen=True, slots=True)
class Examination:
    snapshot: Snapshot
    data_cost_bytes: int
    """What looking cost the data card, estimated."""


def examine_with_cost(
    settings: ExamineSettings,
    clock: Clock,
    deadline: Deadline,
    *,
    network: bool = True,
    quick: bool = False,
    port: str | None = None,
    progress: Progress | None = None,
    opener: Opener = SerialPort,
    gate: Gate | None = None,
) -> Examination:
    """The same, with what it cost. Raises LineHeld where the `gate` shuts, and has then released the port."""
    say = progress or _silently
    wall = clock.wall()
    depth: Depth = "light" if quick else "deep"
    before = received_bytes(settings.interface)
    asks_network = network and not quick
    until = Deadline(deadline.at - NETWORK_S) if asks_network else deadline
    if settings.backend == "modemmanager" and port is None:
        talk = _through_manager(settings, clock, until, depth, say)
    else:
        talk = _talk(settings, clock, until, port or settings.port, depth, say, opener, gate)
    say("looking at this machine")
    named = settings.interface if settings.interface != "auto" else talk.interface or "auto"
    link = read_link(named, talk.port.device, addresses_of(talk.modem))
    system = read_system(clock.wall(), settings.state_dir)
    trust = against_network(system.clock, clock.wall(), talk.modem.network_time)
    with _open(gate):
        net = NetPart() if not asks_network else _behind_card(settings, talk, link, before, clock, deadline, say)
    trust = against_centre(trust, clock.wall(), net.server_time)
    stands, sim = _stands(settings, wall, trust, talk)
    snapshot = assemble(
        wall,
        port=talk.port,
        modem=replace(talk.modem, sim=sim),
        link=link,
        usage=stands.usage,
        plan=stands.plan,
        reach=net.reach,
        clock=trust,
        evidence=(*talk.evidence, *_clock_evidence(trust, wall), *stands.evidence, *net.evidence),
    )
    return Examination(snapshot, net.cost_bytes)


def _talk(
    settings: ExamineSettings,
    clock: Clock,
    deadline: Deadline,
    port: str,
    depth: Depth,
    say: Progress,
    opener: Opener,
    gate: Gate | None,
) -> _Talk:
    """With the port that is named; or with the first that answers; or with none."""
    found = [Candidate(port)] if port != "auto" else _candidates()
    guessed = guesses(found, answered_before(settings.state_dir)) if port == "auto" else frozenset()
    if not found:
        return _no_port(str(none_found(())), "missing", None, clock)
    with _open(gate):
        device, trouble = (found[0].device, None) if len(found) == 1 else _choose(found, guessed, say)
    if trouble is not None:
        return _lost(trouble, device, clock)
    talk = _with_port(settings, clock, deadline, device, depth, say, opener, gate)
    if device in guessed and (talk.port.answers is False or talk.port.problem in ("missing", "lost")):
        return _no_port(str(none_found(guessed)), "missing", None, clock)
    return talk


def _with_port(
    settings: ExamineSettings,
    clock: Clock,
    deadline: Deadline,
    device: str,
    depth: Depth,
    say: Progress,
    opener: Opener,
    gate: Gate | None,
) -> _Talk:
    say(f"opening {device}")
    try:
        serial = opener(device, settings.baud)
    except PortLost as lost:
        return _lost(lost, device, clock)
    modem = PatientModem(
        serial, clock, settings.command_timeout_s, deadline, restore_settings=settings.restore_settings, gate=gate
    )
    try:
        return _interview(modem, device, clock, deadline, depth, say)
    except PortLost as lost:
        return _lost(lost, device, clock)
    finally:
        modem.close()


def _through_manager(settings: ExamineSettings, clock: Clock, deadline: Deadline, depth: Depth, say: Progress) -> _Talk:
    from agent.sample.modemmanager import look_through_manager  # noqa: PLC0415 - only where it has the modem

    say("asking ModemManager")
    every_s = settings.measure_signal_s
    seen = look_through_manager(settings.port, clock.wall(), depth, deadline, clock, measure_every_s=every_s)
    return _Talk(seen.port, seen.part, seen.evidence, seen.interface)


def _candidates() -> list[Candidate]:
    from agent.find_port import modem_ports  # noqa: PLC0415 - only where the port is to be found

    return modem_ports()


def _choose(found: list[Candidate], guessed: frozenset[str], say: Progress) -> tuple[str, PortLost | None]:
    """Of several ports the one that answers; else the one that somebody else has, with why; else the likeliest."""
    from agent.find_port import ask_all, choose  # noqa: PLC0415 - only where the port is to be found

    devices = [one.device for one in found]
    say(f"looking for the modem on {len(devices)} ports")
    device, trouble = choose(devices, ask_all(devices, PROBE_S))
    return device or next((one for one in devices if one not in guessed), devices[0]), trouble


def _interview(
    modem: PatientModem, device: str, clock: Clock, deadline: Deadline, depth: Depth, say: Progress
) -> _Talk:
    opened = PortView(device)
    say(f"asking the modem on {device}")
    try:
        modem.start(min(START_S, deadline.left(clock)))
    except ModemSilent as silent:
        seen = _port_evidence("port.answers", str(silent), clock)
        return _Talk(replace(opened, answers=False), evidence=(seen,))
    except ModemGarbled as garbled:
        seen = _port_evidence("port.garbled", str(garbled), clock)
        return _Talk(replace(opened, garbled=True), evidence=(seen,))
    except CommandExpired:
        say("the modem answers, but not to everything")
    part = read_modem(modem, clock.wall(), depth, deadline, clock)
    return _Talk(opened, part, heard=_heard(modem, part, depth, deadline, clock))


def _heard(
    modem: PatientModem, part: ModemPart, depth: Depth, deadline: Deadline, clock: Clock
) -> tuple[PlanFact, ...]:
    if depth != "deep" or part.sim.state != "ready" or part.port.problem or part.port.answers is False:
        return ()
    from agent.examine_inbox import plan_facts_on_card  # noqa: PLC0415 - with its tables, only where there is a card

    return plan_facts_on_card(modem, deadline, clock)


def _lost(lost: PortLost, device: str, clock: Clock) -> _Talk:
    problem, holder = _problem(lost)
    return _no_port(str(lost), problem, device, clock, holder)


def _problem(lost: PortLost) -> tuple[PortProblem, str | None]:
    if isinstance(lost, PortMissing):
        return "missing", None
    if isinstance(lost, PortBusy):
        return "busy", lost.holder
    return ("forbidden" if isinstance(lost, PortForbidden) else "lost"), None


def _no_port(why: str, problem: PortProblem, device: str | None, clock: Clock, holder: str | None = None) -> _Talk:
    return _Talk(PortView(device, holder, problem), evidence=(_port_evidence("port.problem", why, clock),))


def _port_evidence(about: str, text: str, clock: Clock) -> Evidence:
    return Evidence(about, "kernel" if about == "port.problem" else "at", text, clock.wall())


def _stands(settings: ExamineSettings, wall: float, trust: ClockView, talk: _Talk) -> tuple[Standing, SimView]:
    """The plan by the daemon's files, and the card against the one that belongs here."""
    from agent.plan.desk import DeskSettings  # noqa: PLC0415 - with SQLite, after the modem was asked
    from agent.plan.files import stands_by_files  # noqa: PLC0415

    modem = talk.modem
    desk = DeskSettings(timezone=settings.timezone, plan=settings.plan, bound=settings.bound)
    apn = next((context.apn for context in modem.data.contexts if context.apn), None)
    folder = settings.ledger.parent if settings.ledger else settings.state_dir
    return stands_by_files(folder, desk, wall, trust, modem.sim, modem.modem.imei, apn, talk.heard)


def _behind_card(
    settings: ExamineSettings,
    talk: _Talk,
    link: LinkPart,
    before: int | None,
    clock: Clock,
    deadline: Deadline,
    say: Progress,
) -> NetPart:
    say("asking the network")
    now = link.interface.rx_bytes if link.interface else None
    flowed = 0 if now is None or before is None else max(0, now - before)
    servers = tuple(server for context in talk.modem.data.contexts if context.active for server in context.dns)
    return look_behind_card(settings.probe, link, servers, talk.modem.network_time, flowed, clock, deadline)


def _clock_evidence(trust: ClockView, wall: float) -> tuple[Evidence, ...]:
    return (Evidence("clock.trusted", "clock", f"this machine's clock: {trust.why}", wall),) if trust.why else ()


@contextmanager
def _open(gate: Gate | None) -> Iterator[None]:
    """Around what must not be cut in two. Raises LineHeld."""
    if gate is not None and not gate.begin():
        raise LineHeld("a look")
    try:
        yield
    finally:
        if gate is not None:
            gate.end()


def _silently(_: str) -> None:
    """Nobody wants to hear of the steps."""
