"""One full look at this terminal without the daemon: find the port, ask the modem, look at the machine.

Always ends with a snapshot, whatever is missing, and always releases the port. What costs time or data comes last.
Imports stay light: `posagent diag` must be quick on a slow terminal.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from agent.clock import Clock, Deadline
from agent.plan.calendar import cycle_of, local_date, zone_of
from agent.plan.plan import PlanSettings, plan_view
from agent.sample.assemble import addresses_of, assemble
from agent.sample.base import ClockView, Evidence, PlanView, PortProblem, PortView, Reach, Snapshot, UsageView
from agent.sample.link import read_link
from agent.sample.modem import Depth, ModemPart, read_modem
from agent.sample.system import against_network, read_system
from modem.client import Modem
from modem.errors import CommandExpired, ModemError, PortBusy, PortForbidden, PortLost, PortMissing
from modem.port import SerialPort

WHOLE_S = 20.0
"""No look takes longer, whatever the modem does."""
START_S = 8.0
"""Until a modem that says nothing is called silent."""
PROBE_START_S = 2.5
"""The same for each of several candidate ports: one that speaks AT does so at once, and the others want their turn."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ExamineSettings:
    """What a look needs of the configuration."""

    port: str = "auto"
    baud: int = 115200
    interface: str = "auto"
    """A name, "auto", or "" for none."""
    command_timeout_s: float = 5.0
    timezone: str = "Asia/Shanghai"
    plan: PlanSettings = field(default_factory=PlanSettings)
    ledger: Path | None = None
    """The daemon's ledger, read only; None or absent: use is not known."""
    state_dir: Path = Path("/var/lib/posagent")
    uplink_url: str = ""
    bind_interface: str = ""
    probe_timeout_s: float = 5.0


@dataclass(frozen=True, slots=True)
class _Talk:
    """How talking to the modem went."""

    port: PortView
    modem: ModemPart = field(default_factory=ModemPart)
    evidence: tuple[Evidence, ...] = ()


def examine(
    settings: ExamineSettings,
    clock: Clock,
    deadline: Deadline,
    *,
    network: bool = True,
    quick: bool = False,
    port: str | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Everything that can be known now. `network`: probes that cost data are allowed; `quick`: only what is cheap.

    `port` goes before the configured one. `progress` hears one English line about each step.
    """
    return examine_with_cost(
        settings, clock, deadline, network=network, quick=quick, port=port, progress=progress
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
) -> Examination:
    """The same, with what it cost."""
    say = progress or _silently
    wall = clock.wall()
    talk = _talk(settings, clock, deadline, port or settings.port, "light" if quick else "deep", say)
    say("looking at this machine")
    link = read_link(settings.interface, talk.port.device, addresses_of(talk.modem))
    system = read_system(clock.wall(), settings.state_dir)
    trust = against_network(system.clock, clock.wall(), talk.modem.network_time)
    usage, plan = _plan(settings, wall, trust, talk.modem.sim.iccid)
    reach, cost, seen = ((), 0, ()) if quick or not network else _reach(settings, clock, deadline, say)
    snapshot = assemble(
        wall,
        port=talk.port,
        modem=talk.modem,
        link=link,
        usage=usage,
        plan=plan,
        reach=reach,
        clock=trust,
        evidence=(*talk.evidence, *_clock_evidence(trust, wall), *_plan_evidence(plan), *seen),
    )
    return Examination(snapshot, cost)


def _talk(settings: ExamineSettings, clock: Clock, deadline: Deadline, port: str, depth: Depth, say: Progress) -> _Talk:
    """With the port that is named; or with the first that answers; or with none."""
    if port != "auto":
        return _talk_on(port, settings, clock, deadline, START_S, depth, say)
    devices = _candidates()
    last: _Talk | None = None
    patience = START_S if len(devices) == 1 else PROBE_START_S
    for device in devices:
        talk = _talk_on(device, settings, clock, deadline, patience, depth, say)
        if talk.modem.port.answers:
            return talk
        last = _more_telling(last, talk)
        if deadline.passed(clock):
            break
    return last or _no_port("no port on this machine looks like a modem's", "missing", None, clock)


def _more_telling(one: _Talk | None, other: _Talk) -> _Talk:
    """Of ports that did not answer: a busy or forbidden one may be the modem's; else the first, the likeliest."""
    if one is None:
        return other
    return other if one.port.problem is None and other.port.problem in ("busy", "forbidden") else one


def _candidates() -> list[str]:
    from modem.discover import candidates  # noqa: PLC0415 - only where the port is to be found

    return [candidate.device for candidate in candidates()]


def _talk_on(
    device: str,
    settings: ExamineSettings,
    clock: Clock,
    deadline: Deadline,
    patience: float,
    depth: Depth,
    say: Progress,
) -> _Talk:
    say(f"opening {device}")
    try:
        with _opened(device, settings, clock) as modem:
            return _interview(modem, device, clock, deadline, patience, depth, say)
    except PortLost as lost:
        problem, holder = _problem(lost)
        return _no_port(str(lost), problem, device, clock, holder)


@contextmanager
def _opened(device: str, settings: ExamineSettings, clock: Clock) -> Iterator[Modem]:
    serial = SerialPort(device, settings.baud)
    try:
        yield Modem(serial, monotonic=clock.monotonic)
    finally:
        serial.close()


def _interview(
    modem: Modem, device: str, clock: Clock, deadline: Deadline, patience: float, depth: Depth, say: Progress
) -> _Talk:
    opened = PortView(device)
    say(f"asking the modem on {device}")
    try:
        identity = modem.start(min(patience, deadline.left(clock)))
    except CommandExpired as expired:
        return _Talk(replace(opened, answers=False), evidence=(_port_evidence("port.answers", str(expired), clock),))
    except PortLost:
        raise
    except ModemError as error:
        seen = _port_evidence("port.garbled", str(error), clock)
        return _Talk(replace(opened, answers=True, garbled=True), evidence=(seen,))
    return _Talk(opened, read_modem(modem, clock.wall(), depth, deadline, clock, identity))


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


def _plan(settings: ExamineSettings, wall: float, trust: ClockView, card: str | None) -> tuple[UsageView, PlanView]:
    today = local_date(wall, zone_of(settings.timezone))
    if trust.trusted is False:
        return UsageView(), plan_view(settings.plan, (), UsageView(), today, clock_trusted=False)
    usage, daily = _used(settings, cycle_of(settings.plan.cycle, today), card)
    return usage, plan_view(settings.plan, (), usage, today, clock_trusted=trust.trusted, daily=daily)


def _used(
    settings: ExamineSettings, cycle: tuple[date, date], card: str | None
) -> tuple[UsageView, Mapping[date, int]]:
    """As the daemon's ledger has it; without one, only the cycle is known."""
    unknown = UsageView(cycle[0].isoformat(), cycle[1].isoformat())
    if settings.ledger is None or not settings.ledger.exists():
        return unknown, {}
    from agent.plan.ledger import Ledger, LedgerError  # noqa: PLC0415 - brings SQLite, only where there is a ledger

    try:
        ledger = Ledger(settings.ledger, settings.timezone, read_only=True)
    except LedgerError:
        return unknown, {}
    try:
        return ledger.usage(cycle, card), ledger.daily(*cycle, card)
    finally:
        ledger.close()


def _reach(
    settings: ExamineSettings, clock: Clock, deadline: Deadline, say: Progress
) -> tuple[tuple[Reach, ...], int, tuple[Evidence, ...]]:
    if not settings.uplink_url:
        return (), 0, ()
    from agent.sample.reach import reach_centre  # noqa: PLC0415 - only where it may be used

    say("knocking at the centre")
    until = Deadline(min(deadline.at, clock.monotonic() + settings.probe_timeout_s))
    part = reach_centre(settings.uplink_url, until, clock, settings.bind_interface)
    return part.reach, part.cost_bytes, part.evidence


def _clock_evidence(trust: ClockView, wall: float) -> tuple[Evidence, ...]:
    return (Evidence("clock.trusted", "clock", f"this machine's clock: {trust.why}", wall),) if trust.why else ()


def _plan_evidence(plan: PlanView) -> tuple[Evidence, ...]:
    names = {"expires_on": "plan.expires_on", "balance": "plan.balance_amount", "quota_bytes": "plan.quota_bytes"}
    return tuple(
        Evidence(names.get(fact.fact, "plan.facts"), "config", fact.text, fact.at) for fact in plan.facts if fact.text
    )


def _silently(_: str) -> None:
    """Nobody wants to hear of the steps."""
