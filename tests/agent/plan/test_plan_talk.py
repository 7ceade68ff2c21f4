"""The carrier's words where there is no line of our own."""

from agent.plan.apart import read
from agent.plan.talk import KeptTalk
from modem.values import Sms


def test_kept_messages_are_read_and_nothing_is_asked() -> None:
    kept = (
        Sms(sender="10086", text="您的余额为12.30元", time="2026-11-22T08:00:00+08:00", status="read"),
        Sms(recipient="10086", text="YE", status="sent"),
        Sms(sender="x", data="00", text="settings"),
    )
    talk = KeptTalk(kept)
    assert [(one.sender, one.text) for one in talk.messages()] == [("10086", "您的余额为12.30元")]
    assert talk.ussd("*100#").refused
    assert not talk.send("10086", "YE")


def test_what_came_by_ussd_is_read_as_the_network_s_answer() -> None:
    text = "您的余额是15.5元"
    assert [(fact.fact, fact.value) for fact in read(text, None, 1.8e9, "carrier_ussd")] == [("balance", "15.5")]
    assert not read(text, "TAXI", 1.8e9, "carrier_sms")
