"""What is special about one platform or another."""

import json
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.platforms import by_hand
from central.platforms.base import CardId, Declined, PlatformError
from central.platforms.budget import Budget, pause
from central.platforms.des import encrypt
from central.platforms.line import Answer, Line
from central.platforms.onelink import OneLink, stop_reasons
from central.platforms.telecom_doors import sign, understood
from tests.central.platforms.helpers_platforms import FIRST, NUMBERS, SECOND, an_account

CARDS = [CardId(FIRST, NUMBERS[FIRST]), CardId(SECOND, NUMBERS[SECOND])]


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("abc", "7D20AA3C684417FF"),
        ("abcd", "2EB5DFAF45B837E4"),
        ("短密码", "C99F00797C18D53F"),
        ("0123456789abcdef", "19A9A6999428285ED0752258FAEB6FFCBE98B983F7A5CC3115CCB3A3C4A40B7E"),
    ],
)
def test_the_gateways_cipher_is_as_its_own_script_has_it(text: str, coded: str) -> None:
    assert encrypt(text, ["this", "password", "is"]) == coded


def test_the_signature_is_as_the_description_of_the_gateway_has_it() -> None:
    made = sign("a=1&b=2&c=3", b'{"name":"xf","age":"dd"}', "d1209cfefe895364e03", "20201101021435")
    assert made == "3863613035653132306631333231313733383637376333326536316631643934"


@pytest.mark.parametrize(
    ("digits", "reasons"),
    [
        ("000000000000", ()), ("000020000000", ("arrears",)), ("200000000000", ("plan_ended",)),
        ("020000000000", ("other_device",)), ("000000000200", ("area",)), ("000000002000", ("requested",)),
        ("020020000000", ("other_device", "arrears")), ("000002000000", ("carrier",)), ("zwölf", ()), ("", ()),
    ],
)  # fmt: skip
def test_a_stop_reason_is_read_flag_by_flag(digits: str, reasons: tuple[str, ...]) -> None:
    assert stop_reasons(digits) == reasons


@pytest.mark.parametrize(
    ("code", "state"),
    [("00", "active"), ("01", "suspended"), ("02", "suspended"), ("04", "ended"), ("05", "unknown"), ("07", "stock"),
     ("1", "stock"), ("2", "active"), ("4", "suspended"), ("99", None)],
)  # fmt: skip
def test_cards_of_both_of_onelinks_platforms_are_understood(code: str, state: str | None) -> None:
    with an_account("onelink") as (fake, opened):
        fake.cards[FIRST].code = code
        told = opened.platform.status(CARDS[:1])
    assert (told[FIRST].state if FIRST in told else None) == state


@pytest.mark.parametrize(
    ("product", "good"), [("0/2", True), ("1/3", True), ("0/1", False), ("0/3", False), ("2", False)]
)
def test_only_packages_of_the_main_commodity_are_ordered(product: str, *, good: bool) -> None:
    with an_account("onelink") as (fake, opened):
        with suppress(Declined):
            opened.platform.order(CARDS[0], product)
        assert (fake.cards[FIRST].product == product) is good


def test_why_a_card_was_stopped_is_asked_only_of_those_that_are() -> None:
    with an_account("onelink") as (fake, opened):
        fake.cards[SECOND].state, fake.cards[SECOND].stop = "suspended", "000020000000"
        told = opened.platform.status(CARDS)
    assert told[SECOND].reasons == ("arrears",)
    assert sum("stop-reason" in one for one in fake.asked) == 1


def test_many_cards_cost_one_question_for_their_use() -> None:
    with an_account("onelink") as (fake, opened):
        told = opened.platform.usage([*CARDS, *(CardId(f"8986001234567891{number:04}") for number in range(90))])
    assert set(told) == {FIRST, SECOND}
    assert len(fake.asked) == 2  # a token, and the question


def test_few_cards_are_told_with_quota_rest_and_balance() -> None:
    with an_account("onelink") as (_, opened):
        told = opened.platform.usage(CARDS[:1])[FIRST]
    assert (told.quota_bytes, told.remaining_bytes, told.balance) == (30 * 2**20, 29 * 2**20, "12.30")


def test_a_token_that_is_not_good_any_more_is_fetched_anew_once() -> None:
    with an_account("onelink") as (fake, opened):
        assert isinstance(opened.platform, OneLink)
        opened.platform._token, opened.platform._good_until = "of yesterday", 2**40
        assert opened.platform.status(CARDS[:1])[FIRST].state == "active"
    assert [one for one in fake.asked if "token" in one] == ["POST /v5/ec/get/token"]


def test_a_package_is_named_as_the_platform_numbers_them() -> None:
    with an_account("onelink") as (fake, opened), pytest.raises(Declined):
        opened.platform.order(CARDS[0], "thirty")
    assert fake.asked == []


def test_a_card_without_a_number_is_not_asked_about_by_number() -> None:
    with an_account("telecom-m2m") as (fake, opened):
        assert opened.platform.status([CardId(FIRST)]) == {}
        with pytest.raises(Declined):
            opened.platform.suspend(CardId(FIRST))
    assert fake.asked == []


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<a><IRESULT>5</IRESULT></a>",
        '{"result": 7}',
        "170001:170001|#|在用",
    ],
)
def test_a_gateways_refusal_is_an_error(text: str) -> None:
    with pytest.raises(PlatformError):
        understood(Answer(500, text.encode()))


@given(st.binary(max_size=300))
def test_any_answer_of_a_gateway_is_understood_or_refused(body: bytes) -> None:
    with suppress(PlatformError):
        understood(Answer(200, body))


def test_nothing_is_asked_in_the_clear_of_another_machine() -> None:
    line = Line("http://platform.example", Budget(1, 1000))
    with pytest.raises(PlatformError, match="in the clear"):
        line.ask("GET", "/")
    assert line.calls == 0


def test_a_redirect_is_not_followed() -> None:
    with an_account("jasper") as (fake, opened):
        fake.answer = lambda *_: (302, b"", "text/plain")  # type: ignore[method-assign]
        with pytest.raises(PlatformError):
            opened.platform.status(CARDS[:1])
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("ACTIVATION_READY", "stock"), ("ACTIVATION_READY_NAME", "stock"), ("ActivationReady", "stock"),
        ("Test Ready", "testing"), ("TRIAL_NAME", "testing"), ("ACTIVATED_NAME", "active"),
        ("deactivated_name", "suspended"), ("RETIRED_NAME", "ended"), ("PURGED_NAME", "ended"), ("NAME", "unknown"),
    ],
)  # fmt: skip
def test_a_state_reads_the_same_however_the_platform_spells_it(word: str, state: str) -> None:
    with an_account("jasper") as (fake, opened):
        fake.answer = lambda *_: (200, json.dumps({"status": word}).encode(), "application/json")  # type: ignore[method-assign]
        told = opened.platform.status(CARDS[:1])[CARDS[0].iccid]
    assert (told.state, told.said) == (state, word)


def used_up(budget: Budget, seconds: int) -> list[float]:
    """When calls go, for somebody who always wants one more."""
    now, gone = 0.0, []
    while now < seconds:
        wait = budget.take(now)
        gone += [now] if wait == 0 else []
        now += wait
    return gone


@pytest.mark.parametrize(("a_second", "a_day"), [(1.0, 20_000), (5.0, 1_000_000), (0.5, 86_400), (10.0, 1000)])
def test_the_calls_of_an_account_stay_within_both_rates(a_second: float, a_day: int) -> None:
    gone = used_up(Budget(a_second, a_day), 7200)
    closest = min((later - sooner for sooner, later in pairwise(gone)), default=9.0)
    assert closest >= 1 / a_second - 1e-6
    assert len(gone) <= 7200 * min(a_second, a_day / 86_400) * 1.01 + max(1, min(a_second, a_day / 86_400) * 60)
    assert len(gone) >= 7200 * min(a_second, a_day / 86_400) * 0.95 - 1


def test_an_account_that_fails_is_left_in_peace_longer_each_time() -> None:
    waits = [pause(failures) for failures in range(12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[1], waits[-1]) == (0.0, 60.0, 3600.0)


def rows(*lines: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    return [(number, dict(zip(lines[0], line, strict=True))) for number, line in enumerate(lines[1:], start=2)]


def test_a_portals_sheet_is_read_by_the_names_it_has() -> None:
    sheet = rows(
        ("ICCID", "卡状态", "已用流量（MB）", "套餐流量", "到期时间"),
        (FIRST, "已激活", "12.5", "30MB", "2026/12/31"),
        (SECOND, "停机", "", "1G", "20270131"),
    )
    lines, wrong = by_hand.understand(sheet)
    assert wrong == []
    assert [(one.standing and one.standing.state, one.usage.used_bytes, one.usage.quota_bytes) for one in lines] == [
        ("active", 13_107_200, 30 * 2**20),
        ("suspended", None, 2**30),
    ]
    assert [str(one.ends) for one in lines] == ["2026-12-31", "2027-01-31"]


def test_a_sheets_mistakes_are_named_by_row() -> None:
    sheet = rows(("iccid", "used_bytes", "expiry"), ("8986", "1", ""), (FIRST, "much", ""), (SECOND, "7", "soon"))
    lines, wrong = by_hand.understand(sheet)
    assert lines == []
    assert [one.partition(":")[0] for one in wrong] == ["row 2", "row 3", "row 4"]


@given(st.lists(st.dictionaries(st.sampled_from(["iccid", "used", "状态", "到期时间", "x"]), st.text(max_size=30))))
def test_any_sheet_is_read_or_refused(sheet: list[dict[str, str]]) -> None:
    by_hand.understand(list(enumerate(sheet)))
