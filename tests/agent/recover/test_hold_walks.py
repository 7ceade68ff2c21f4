"""The modem's worker under leases at any moment, also between two commands of a look: not a byte while one is quiet."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.clock import Deadline
from agent.recover.commands import at_step
from agent.recover.hold import HoldSettings, Lease, LeaseRefused, Line, Speaker
from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look, LookNow, Order, RunCommands, UseModem
from modem.port import Port
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock

SCRIPT = load("healthy-lte")


@dataclass
class Watched:
    """A port that hears every byte, and lets others act whenever something was said."""

    port: MemoryPort
    written: Callable[[bytes], None]
    between: Callable[[], None]

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        data = self.port.read(max_bytes, timeout_s)
        if data.endswith(b"OK\r\n"):
            self.between()
        return data

    def write(self, data: bytes, timeout_s: float) -> None:
        self.written(data)
        self.port.write(data, timeout_s)

    def close(self) -> None:
        self.port.close()


@dataclass
class Bench:
    moments: list[int]
    """After so many answers each, a payment begins."""
    clock: FakeClock = field(default_factory=FakeClock)
    looks: list[Look] = field(default_factory=list)
    quiet: list[Lease] = field(default_factory=list)
    sent: int = 0
    answers: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.line = Line(HoldSettings(60.0, 50, 600.0), self.clock)
        self.body = ModemBody(
            ModemSettings(port="/dev/modem"), self.clock, self.looks.append, self.open, line=Speaker(self.line, "modem")
        )

    def open(self, _device: str) -> Port:
        return Watched(MemoryPort(SCRIPT, self.clock), self.written, self.between)

    def written(self, data: bytes) -> None:
        now = self.clock.monotonic()
        assert not [lease for lease in self.quiet if lease.until > now], f"{data!r} during a lease"
        self.sent += len(data)

    def between(self) -> None:
        self.answers += 1
        if self.moments and self.answers >= self.moments[0]:
            self.moments.pop(0)
            self.pay(20.0)

    def pay(self, seconds: float) -> None:
        try:
            self.line.take(seconds, 1, self.quiet.append)
        except LeaseRefused:
            self.refused += 1

    def order(self, kind: str) -> Order:
        until = Deadline.after(30.0, self.clock)
        if kind == "look":
            return LookNow("deep", asked_by=7)
        if kind == "at":
            return RunCommands(("AT", "AT+CSQ", "AT+CEREG?"), 5.0, until, lambda _outcome: None)

        def step(modem: object, _heed: object) -> dict[str, object]:
            at_step("reattach", modem, None)  # type: ignore[arg-type]  # a Modem, as UseModem promises
            return {}

        return UseModem("reattach", step, until, lambda _outcome: None, ("AT+CGATT=1",))


steps = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.floats(0.1, 120.0)),
        st.tuples(st.just("pay"), st.floats(0.5, 100.0)),
        st.tuples(st.sampled_from(("look", "at", "whole", "give back")), st.just(0.0)),
    ),
    max_size=30,
)


@given(steps, st.lists(st.integers(1, 60), max_size=6))
@settings(max_examples=25, deadline=None)
def test_not_a_byte_is_sent_during_a_lease_however_looks_and_payments_meet(
    fate: list[tuple[str, float]], gaps: list[int]
) -> None:
    bench = Bench([sum(gaps[: place + 1]) for place in range(len(gaps))])
    for what, much in fate:
        if what == "pass":
            bench.clock.advance(much)
        elif what == "pay":
            bench.pay(much)
        elif what == "give back":
            for lease in bench.quiet:
                bench.line.release(lease.id)
            bench.quiet.clear()
        else:
            bench.body.post(bench.order(what))
        bench.body.step(bench.clock.monotonic())
    assert all(look.part.port.answers is not False and look.port.problem is None for look in bench.looks), (
        "a look that was cut judges nothing"
    )
    bench.moments.clear()
    for _ in range(40):
        bench.clock.advance(60.0)
        bench.body.step(bench.clock.monotonic())
    assert bench.looks, "and in the end it looks"
    assert bench.looks[-1].part.sim.state == "ready"
