from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.plan.messages import Explained, Money, explain, plan_facts
from agent.plan.messages.normal import MAX_TEXT, blanked, folded

BALANCE = "【中国移动】您的话费余额为12.30元。"


def test_an_as_of_date_is_no_expiry() -> None:
    assert explain("【中国移动】截至2026年11月21日，您的话费余额为12.30元。").expires_on is None


def test_a_date_without_a_year_needs_the_day_the_message_came() -> None:
    text = "【中国移动】您的套餐将于12月31日到期，请及时续费。"
    assert explain(text).expires_on is None
    assert explain(text, received=date(2026, 11, 20)).expires_on == date(2026, 12, 31)


def test_restricted_buckets_are_not_added_to_general_ones() -> None:
    read = explain("【中国移动】国内通用流量剩余5GB，定向流量剩余30GB。")
    assert read.remaining_bytes == 5 * 2**30


def test_a_debt_is_a_negative_balance() -> None:
    read = explain("您的手机已停机，截至目前欠费8.60元。")
    assert (read.kind, read.also) == ("suspended", ("arrears",))
    assert read.balance == Money(Decimal("-8.60"), "CNY")


@pytest.mark.parametrize("sender", ["10086", "1008611", "+8610086", "106581234", "106900001234", None])
def test_a_carriers_number_or_a_gateway_may_speak(sender: str | None) -> None:
    assert explain(BALANCE, sender=sender).kind == "balance"


@pytest.mark.parametrize(
    "sender", ["13800138000", "+8613800138000", "95588", "110", "+447700900123", "VM-HDFCBK", "10010"]
)
def test_private_numbers_banks_and_another_carrier_may_not(sender: str) -> None:
    read = explain(BALANCE, sender=sender)
    assert (read.kind, read.balance, read.why_not) == ("other", None, "sender")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("China Mobile 10086", "China Mobile"),
        ("中国联通", "China Unicom"),
        ("10099", "China Broadnet"),
        ("nobody", None),
    ],
)
def test_carriers_are_known_by_the_names_people_write(name: str, shown: str | None) -> None:
    assert explain("余额12.30元", carrier=name).carrier == shown


def test_a_possibility_is_no_suspension() -> None:
    for text in ("为避免停机，请及时充值。", "如您的手机已停机，请充值。", "欠费可能被停机"):
        assert "suspended" not in (explain(text).kind, *explain(text).also)


def test_json_has_exactly_the_promised_keys() -> None:
    value = explain(BALANCE).json()
    promised = "kind also balance used_bytes remaining_bytes total_bytes expires_on carrier evidence"
    assert list(value) == promised.split()
    assert value["balance"] == {"amount": "12.30", "currency": "CNY"}
    assert value["evidence"] == [{"fact": "balance", "text": "余额为12.30元", "span": [10, 19]}]


def test_control_characters_do_not_reach_the_output() -> None:
    value = explain("【中国移动】您的话费余额\x1b[31m为12.30元\u202e。").json()
    assert "\x1b" not in str(value)
    assert "\u202e" not in str(value)


def test_facts_keep_their_words_source_and_time() -> None:
    facts = plan_facts(explain("您的手机已停机，截至目前欠费8.60元。"), "carrier_sms", 1000.0)
    assert {(one.fact, one.value) for one in facts} == {
        ("balance", "-8.60"),
        ("suspended", "true"),
        ("arrears", "true"),
    }
    assert all(one.source == "carrier_sms" and one.at == 1000.0 and one.text for one in facts)


def test_nothing_read_gives_no_fact() -> None:
    assert plan_facts(Explained(), "carrier_ussd", None) == ()


WORDS = st.sampled_from(
    [
        "余额",
        "剩余",
        "1G",
        "12.30元",
        "Rs",
        "欠费",
        "已停机",
        "(",
        "，",
        "。",
        "2026年",
        "12/31",
        "of",
        "GB",
        "-",
        "9",
        "s.d.",
        "expires",
        "%",
        " ",
        "\n",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map("".join)))
def test_any_text_is_read_without_error_and_spans_fit(text: str) -> None:
    read = explain(text, received=date(2026, 11, 20))
    for one in read.evidence:
        assert 0 <= one.start < one.end <= len(text)
    assert len(blanked(folded(text))) == len(text)


UNITS = (
    "9",
    "a",
    "余",
    "9.",
    "9,",
    "1G",
    "已",
    "余额",
    "欠费",
    "(",
    "a.",
    "http",
    "*",
    "rs",
    "您",
    "流量",
    "1元",
    "и",
    "12/",
)


@pytest.mark.parametrize("unit", [*UNITS, " ", "\n", "be ", "paket ", "1GB used ", "usd 1 ", "余额1元,"])
def test_long_hostile_text_is_cut_and_read_to_the_end(unit: str) -> None:
    # No clock here: only MAX_TEXT characters are read, and a pattern that ran away on them would hang this test.
    long = unit * (10_000 // len(unit))
    assert explain(long) == explain(long[:MAX_TEXT])
