"""Messages and USSD as operations: wrong requests, and the modem's thread that does the work."""

from typing import Any

import pytest

from agent.clock import Deadline
from agent.control import Refused
from agent.messaging import OPERATIONS
from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look, UseModem
from modem.errors import CommandExpired, ModemError, PortMissing
from modem.port import Port
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("sms_list", {"storage": "XX"}),
        ("sms_read", {}),
        ("sms_read", {"index": True}),
        ("sms_read", {"index": -1}),
        ("sms_delete", {"index": "1"}),
        ("sms_send", {"number": "10086"}),
        ("sms_send", {"number": "10086", "text": ""}),
        ("sms_send", {"number": "Mum", "text": "hi"}),
        ("sms_send", {"number": "10086", "text": "x" * 3000}),
        ("ussd", {}),
        ("ussd", {"code": '*1#";+CFUN=0'}),
        ("ussd", {"code": "*1#", "replies": "1"}),
        ("ussd", {"code": "*1#", "replies": ["\r"]}),
        ("ussd", {"code": "*1#", "timeout_s": True}),
        ("ussd", {"code": "*1#", "timeout_s": float("nan")}),
        ("ussd", {"code": "*1#", "timeout_s": 150, "replies": ["1"]}),
    ],
)
def test_a_wrong_request_is_refused_before_the_modem_hears_of_it(name: str, request_: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        OPERATIONS[name]({"op": name, **request_})
    assert refused.value.code == "bad_request"


class Bench:
    """A modem worker on fake time; `scenario` None: there is no port."""

    def __init__(self, scenario: str | None = "healthy-lte") -> None:
        self.clock = FakeClock()
        self.scenario = scenario
        self.looks: list[Look] = []
        self.body = ModemBody(ModemSettings(port="/dev/modem"), self.clock, self.looks.append, self.open)
        self.body.step(self.clock.monotonic())

    def open(self, device: str) -> Port:
        if self.scenario is None:
            raise PortMissing(f"{device}: no such device")
        return MemoryPort(load(self.scenario), self.clock)

    def ask(self, name: str, within_s: float = 60.0, late_s: float = 0.0, **request: Any) -> Any:
        """What the operation brought, or why it did not."""
        outcomes: list[object] = []
        work = OPERATIONS[name]({"op": name, **request})
        self.body.post(UseModem(name, work, Deadline.after(within_s, self.clock), outcomes.append))
        self.clock.advance(late_s)
        self.body.step(self.clock.monotonic())
        (outcome,) = outcomes
        return outcome


def test_the_modems_thread_does_it() -> None:
    listed = Bench().ask("sms_list")
    assert (listed["messages"], listed["storage"]["stores"][0]["used"]) == ([], 0)


def test_what_comes_too_late_is_not_sent_any_more() -> None:
    outcome = Bench().ask("sms_send", number="10086", text="CXYE", late_s=61.0)
    assert isinstance(outcome, CommandExpired)


def test_without_a_port_it_says_so() -> None:
    assert isinstance(Bench(scenario=None).ask("sms_list"), ModemError)


def test_a_message_that_is_not_there_is_refused() -> None:
    outcome = Bench().ask("sms_read", index=3)
    assert isinstance(outcome, Refused)
    assert outcome.code == "not_found"
