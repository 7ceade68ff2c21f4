"""Messages: words, quiet hours, digests, attempts."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from central.alerts import letters
from central.alerts.letters import Letter
from central.alerts.plan import Channel
from central.words import Lang, known

ZONE = ZoneInfo("Asia/Shanghai")
ONE = Letter(
    "raised",
    "r",
    "plan.expiring",
    "warning",
    "t-1",
    0,
    0,
    {"name": "人民路店", "expires_on": "2026-12-31", "days_left": 9},
)


def at(hour: int, minute: int = 0, day: int = 20) -> int:
    return int(datetime(2026, 11, day, hour, minute, tzinfo=ZONE).timestamp())


def channel(**more: object) -> Channel:
    return Channel.model_validate({"name": "ops", "url": "json://x"} | more)


def test_a_line_is_for_people_in_both_languages() -> None:
    assert (
        letters.line(ONE, "zh", ZONE) == "[告警] t-1 人民路店: 套餐即将到期 (到期 2026-12-31，剩余天数 9) 01-01 08:00"
    )
    assert letters.line(ONE, "en", ZONE).startswith(
        "[Alert] t-1 人民路店: The card's plan expires soon (expires 2026-12-31, days left 9)"
    )


def test_a_cause_and_an_amount_are_said_in_words() -> None:
    cause = replace(ONE, terminal="", code="incident", facts={"kind": "apn", "value": "cmiot", "missing": 40})
    assert "(原因 APN，共同点 cmiot，台数 40)" in letters.line(cause, "zh", ZONE)
    low = replace(ONE, code="plan.balance_low", facts={"balance": "1.20", "currency": "CNY"})
    assert "(balance 1.20 CNY)" in letters.line(low, "en", ZONE)


@pytest.mark.parametrize(("lang", "title"), [("zh", "没有检测到 SIM 卡"), ("en", "No SIM card found")])
def test_a_verdict_has_its_words_also_when_the_terminal_sent_none(lang: Lang, title: str) -> None:
    assert f" {title} " in letters.line(replace(ONE, code="sim.absent", facts={}), lang, ZONE)


def test_a_code_of_a_newer_agent_has_the_words_that_the_terminal_sent() -> None:
    newer = replace(ONE, code="esim.moved", facts={"titles": {"zh": "eSIM 已迁移", "en": "The eSIM was moved"}})
    assert " eSIM 已迁移 " in letters.line(newer, "zh", ZONE)
    assert " esim.moved " in letters.line(replace(newer, facts={"titles": ["?"]}), "zh", ZONE)


def test_a_silence_is_dated_when_it_began() -> None:
    silence = replace(ONE, code="silent", since=at(12), facts={"since": at(9, 30)})
    assert letters.line(silence, "en", ZONE).endswith(" 11-20 09:30")


def test_every_fact_has_its_word() -> None:
    assert all(known(f"said_{key}") for key in letters.FACTS)


def test_foreign_text_stays_on_its_line() -> None:
    evil = Letter("raised", "r", "x", "error", "t-1", 0, 0, {"name": "a\nb\x1b[31m\u202e"})
    assert letters.line(evil, "en", ZONE).isprintable()


def test_what_is_kept_reads_back() -> None:
    assert letters.read(ONE.to_json()) == ONE


def test_many_go_as_one_and_stay_bounded() -> None:
    text = letters.body([ONE] * 500, "en", ZONE)
    assert len(text) <= letters.MAX_CHARS
    assert text.count("\n") <= letters.MAX_LINES
    assert letters.subject([ONE] * 3, "en", ZONE) == "posagent: 3 messages, 0 errors"


@pytest.mark.parametrize(
    ("now", "due"),
    [(at(21, 59), at(21, 59)), (at(22), at(7, day=21)), (at(3), at(7)), (at(7), at(7)), (at(12), at(12))],
)
def test_quiet_hours_run_past_midnight(now: int, due: int) -> None:
    assert letters.due_at(channel(quiet="22:00-7:00"), "warning", now, ZONE) == due


def test_quiet_hours_within_a_day() -> None:
    assert letters.due_at(channel(quiet="12:00-13:30"), "warning", at(12, 10), ZONE) == at(13, 30)


def test_errors_do_not_wait_unless_told_to() -> None:
    assert letters.due_at(channel(quiet="22:00-7:00", digest_minutes=60), "error", at(23), ZONE) == at(23)
    quiet = channel(quiet="22:00-7:00", errors_in_quiet=False)
    assert letters.due_at(quiet, "error", at(23), ZONE) == at(7, day=21)


def test_a_digest_gathers() -> None:
    digest = channel(digest_minutes=30)
    assert {letters.due_at(digest, "warning", at(12, minute), ZONE) for minute in range(30)} == {at(12, 30)}


def test_attempts_grow_rarer_and_end() -> None:
    waits = [(letters.retry_at(n, 0, 1000) or 0) - 1000 for n in range(1, 10)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert letters.retry_at(50, 0, letters.GIVE_UP_S) is None


def test_a_day_of_summer_time_still_ends_the_quiet() -> None:
    new_york = ZoneInfo("America/New_York")
    night = int(datetime(2026, 3, 8, 4, tzinfo=UTC).timestamp())
    due = letters.due_at(channel(quiet="22:00-7:00"), "warning", night, new_york)
    assert datetime.fromtimestamp(due, new_york).hour == 7
