"""Speaking to the carrier through a real client and a virtual modem: messages read, words sent, the radio cycled."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

import pytest

from agent.plan.talk import ModemTalk, cycle_radio, read
from modem.client import Modem
from modem.events import Command
from modem.port import SerialPort
from modem.simulator import VirtualModem
from tests.fakes.eventually import eventually


@contextmanager
def modem(scenario: str) -> Iterator[Modem]:
    with VirtualModem(scenario) as device, closing(Modem(SerialPort(device, 115200))) as opened:
        opened.start(8.0)
        yield opened


def functionality(opened: Modem) -> str:
    return opened.exchange(Command("AT+CFUN?", ("+CFUN:",), 5.0)).lines[0]


def test_the_radio_is_on_again_after_it_was_cycled() -> None:
    with modem("healthy-lte") as opened:
        assert cycle_radio(opened)
        assert functionality(opened) == "+CFUN: 1"


def test_a_word_is_sent_and_an_empty_store_is_empty() -> None:
    with modem("healthy-lte") as opened:
        talk = ModemTalk(opened, lambda _events: None)
        assert talk.send("10086", "CXLL")
        assert list(talk.messages()) == []


def test_what_the_carrier_wrote_becomes_facts() -> None:
    with modem("low-balance-sms") as opened:
        talk = ModemTalk(opened, lambda _events: None)
        (message,) = eventually(lambda: list(talk.messages()), "the message comes")
        facts = read(message.text, message.sender, message.at, "carrier_sms")
    assert message.sender == "10086"
    assert {fact.fact for fact in facts} >= {"balance"}
    assert {fact.source for fact in facts} == {"carrier_sms"}


@pytest.mark.parametrize("text", ["", "您的验证码是 1234", "x" * 100_000, "\x00\x1b[2J", "余额" * 3000])
def test_what_holds_no_fact_gives_none(text: str) -> None:
    assert read(text, "95588", None, "carrier_sms") == ()


@pytest.mark.parametrize(
    ("sender", "text", "told"),
    [
        ("777", "Your balance is 12.50 USD, valid until 31/12/2026", True),
        ("CoolCity", "Your balance is 12.50 USD, valid until 31/12/2026", False),
        ("1069012345678", "您的话费余额为2.35元，请及时充值", False),
        ("1069012345678", "【中国移动】您的话费余额为2.35元，请及时充值", True),
        ("13800001111", "【中国移动】您的话费余额为2.35元，请及时充值", False),
    ],
)
def test_who_nobody_knows_must_at_least_bear_a_carriers_name(sender: str, text: str, *, told: bool) -> None:
    assert bool(read(text, sender, None, "carrier_sms")) is told


def test_dates_are_read_against_the_day_of_the_message() -> None:
    at = 1_795_284_000.0
    facts = read("【中国移动】您的套餐将于2026年12月31日到期，请及时续费。", "10086", at, "carrier_sms")
    assert [(fact.fact, date.fromisoformat(fact.value), fact.at) for fact in facts if fact.fact == "expires_on"] == [
        ("expires_on", date(2026, 12, 31), at)
    ]
