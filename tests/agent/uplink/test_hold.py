"""The worker that sends, while a payment holds the line: no report, and nothing forgotten."""

from random import Random

from agent.outbox.base import Record, RecordClass
from agent.outbox.memory import MemoryOutbox
from agent.recover.hold import HoldSettings, Lease, Line, Speaker
from agent.uplink.sender import Sender, SenderSettings
from agent.wire import stored
from agent.workers.uplink import UplinkBody
from tests.fakes.clock import FakeClock
from tests.fakes.transport import FakeCentre, FlakyTransport


class Rig:
    def __init__(self, transport: type[FlakyTransport] = FlakyTransport) -> None:
        self.clock = FakeClock()
        self.line = Line(HoldSettings(), self.clock)
        self.outbox, self.centre = MemoryOutbox(), FakeCentre()
        self.transport = transport(self.centre, Random(1))
        sender = Sender(self.outbox, self.transport, SenderSettings(), self.clock, Random(1))
        self.body = UplinkBody(sender, self.transport, self.clock, Speaker(self.line, "uplink"))

    def put(self) -> None:
        at = self.clock.wall()
        self.outbox.put(Record(RecordClass.CHANGE, at, stored("verdict", at, {"n": 1})))
        self.body.send(force=True)

    def step(self) -> float:
        return self.body.step(self.clock.monotonic())


def test_no_report_goes_out_during_a_lease_and_it_goes_as_soon_as_that_is_over() -> None:
    rig = Rig()
    lease = rig.line.take(30.0, 1)
    rig.put()
    assert rig.step() == lease.until, "it sleeps for as long as that"
    assert rig.transport.sends == 0
    rig.line.release(lease.id)
    rig.step()
    assert len(rig.centre.records) == 1


class TendedTransport(FlakyTransport):
    tended = 0

    def tend(self) -> float:
        self.tended += 1
        return 17.0


def test_the_line_is_tended_between_reports_and_not_while_a_payment_holds_it() -> None:
    rig = Rig(TendedTransport)
    assert isinstance(rig.transport, TendedTransport)
    assert rig.step() == rig.clock.monotonic() + 17.0
    rig.line.take(30.0, 1)
    rig.step()
    assert rig.transport.tended == 1


def test_other_work_with_the_line_is_put_off_and_not_forgotten() -> None:
    rig = Rig()
    done: list[int] = []
    rig.line.take(30.0, 1)
    for number in range(3):
        rig.body.do(lambda number=number: done.append(number))  # type: ignore[misc]  # mypy: cannot infer the default's
        rig.step()
    assert done == []
    rig.clock.advance(30.0)
    rig.step()
    assert done == [0, 1, 2]


def test_a_lease_is_quiet_when_the_report_on_its_way_has_arrived() -> None:
    rig = Rig()
    quiet: list[Lease] = []
    receive = rig.centre.receive

    def paid_meanwhile(data: bytes) -> object:
        rig.line.take(30.0, 1, quiet.append)
        assert not quiet
        return receive(data)

    rig.centre.receive = paid_meanwhile  # type: ignore[assignment,method-assign]  # the same, and a payment
    rig.put()
    rig.step()
    assert len(quiet) == len(rig.centre.records) == 1
