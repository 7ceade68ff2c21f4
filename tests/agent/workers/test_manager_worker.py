"""The worker that looks through ModemManager, step by step on fake time."""

from agent.clock import Clock, Deadline
from agent.control import Refused
from agent.messaging import KEPT, OPERATIONS
from agent.sample.base import Evidence, PortView
from agent.sample.modem import Depth, ModemPart
from agent.sample.modemmanager import ManagerLook
from agent.workers.modemmanager import ManagerBody, ManagerSettings
from agent.workers.orders import Look, LookNow, Results, RunCommands, UseModem
from modem.errors import ModemError, PortBusy
from modem.modemmanager import ModemManagerAbsent
from modem.values import Sms
from tests.fakes.clock import FakeClock

PART = ModemPart(port=PortView(answers=True))
GONE = ManagerLook(PortView(problem="missing"), evidence=(Evidence("port.problem", "modemmanager", "does not run"),))


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.looks: list[Look] = []
        self.asked: list[tuple[str, Depth, int]] = []
        self.seen = ManagerLook(PortView("/dev/cdc-wdm0"), PART)
        self.body = ManagerBody(ManagerSettings("auto", 60.0, 900.0, 30), self.clock, self.looks.append, self.through)

    def through(
        self, port: str, wall: float, depth: Depth, deadline: Deadline, clock: Clock, *, measure_every_s: int = 0
    ) -> ManagerLook:
        assert not deadline.passed(clock)
        self.asked.append((port, depth, measure_every_s))
        return self.seen

    def run_for(self, seconds: float) -> None:
        until = self.clock.monotonic() + seconds
        due = self.body.step(self.clock.monotonic())
        while due < until:
            self.clock.advance(max(0.0, due - self.clock.monotonic()))
            due = self.body.step(self.clock.monotonic())


def test_the_first_look_is_at_once_and_deep_then_light_ones_follow() -> None:
    bench = Bench()
    bench.run_for(200.0)
    assert [depth for _, depth, _ in bench.asked] == ["deep", "light", "light", "light"]
    assert {(port, every_s) for port, _, every_s in bench.asked} == {("auto", 30)}
    assert bench.looks[0].part == PART
    assert bench.looks[0].port.device == "/dev/cdc-wdm0"


def test_a_look_on_request_carries_its_token() -> None:
    bench = Bench()
    bench.run_for(1.0)
    assert bench.body.post(LookNow("deep", 7))
    bench.run_for(1.0)
    assert bench.looks[-1].asked_by == 7


def test_raw_commands_are_refused_with_the_reason() -> None:
    bench = Bench()
    told: list[Results | ModemError] = []
    bench.body.post(RunCommands(("AT",), 5.0, Deadline.after(5.0, bench.clock), told.append))
    bench.run_for(1.0)
    assert isinstance(told[0], PortBusy)
    assert "ModemManager" in str(told[0])


def test_a_modemmanager_that_comes_and_goes_is_told_as_it_is() -> None:
    bench = Bench()
    bench.seen = GONE
    bench.run_for(70.0)
    assert {look.port.problem for look in bench.looks} == {"missing"}
    assert bench.looks[0].evidence[0].text == "does not run"
    bench.seen = ManagerLook(PortView("/dev/cdc-wdm0"), PART)
    bench.run_for(70.0)
    assert bench.looks[-1].port.problem is None


def test_messages_are_those_that_modemmanager_keeps() -> None:
    kept = (Sms(index=4, sender="10086", text="余额12.30元"), Sms(index=5, sender="1", text="x"))
    clock, told = FakeClock(), list[object]()
    body = ManagerBody(ManagerSettings("auto"), clock, lambda _look: None, Bench().through, mail=lambda _port: kept)
    until = Deadline.after(9.0, clock)
    for request in ({"op": "sms_list"}, {"op": "sms_read", "index": 5}, {"op": "sms_read", "index": 6}):
        name = str(request["op"])
        body.post(UseModem(name, OPERATIONS[name](request), until, told.append, mail=KEPT[name](request)))
    body.post(UseModem("ussd", OPERATIONS["ussd"]({"op": "ussd", "code": "*100#"}), until, told.append))
    body.step(clock.monotonic())
    listed, read, missing, refused = told
    assert isinstance(listed, dict)
    assert isinstance(read, dict)
    assert [one["index"] for one in listed["messages"]] == [4, 5]
    assert read["message"]["text"] == "x"
    assert isinstance(missing, Refused)
    assert isinstance(refused, PortBusy)


def test_a_modemmanager_that_went_away_is_the_answer_to_who_asked() -> None:
    def gone(_port: str) -> tuple[Sms, ...]:
        raise ModemManagerAbsent("it does not run")

    clock, told = FakeClock(), list[object]()
    body = ManagerBody(ManagerSettings("auto"), clock, lambda _look: None, Bench().through, mail=gone)
    body.post(
        UseModem(
            "sms_list", OPERATIONS["sms_list"]({}), Deadline.after(9.0, clock), told.append, mail=KEPT["sms_list"]({})
        )
    )
    body.step(clock.monotonic())
    assert isinstance(told[0], ModemManagerAbsent)
