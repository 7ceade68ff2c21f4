"""The ledger, the plan and the rule of pace together."""

from datetime import date
from zoneinfo import ZoneInfo

from agent.cli.context import Lang
from agent.cli.status import lines
from agent.thrift import Cycle, Thrift

SHANGHAI = ZoneInfo("Asia/Shanghai")
MB = 2**20
MARCH = Cycle(date(2026, 3, 1), date(2026, 3, 31), SHANGHAI)
LANGS: tuple[Lang, Lang] = ("zh", "en")
FIRST_DAY = MARCH.ends_at - MARCH.length_s


def test_a_cycle_ends_with_the_shops_own_day() -> None:
    assert MARCH.length_s == 31 * 86_400
    assert MARCH.ends_at == 1_774_972_800  # 2026-03-31T16:00:00Z


def test_an_absurd_clock_breaks_nothing() -> None:
    assert Cycle(date.min, date.max, SHANGHAI).length_s > 0


def test_without_a_trusted_clock_the_wish_stands() -> None:
    assert Thrift().pace(None, 99 * MB, None, 0.0, 900.0).interval_s == 900.0


def test_a_small_plan_stretches_the_interval_and_says_why() -> None:
    thrift = Thrift()
    paced = thrift.pace(MARCH, 90_000, MB, FIRST_DAY + 10 * 86_400, 900.0)
    assert paced.interval_s > 900.0
    told = thrift.told()
    assert told is not None
    assert (told["stretched"], told["budget_bytes"], told["spent_bytes"]) == (True, MB // 10, 90_000)
    assert "days to go" in str(told["why"])


def test_how_far_it_is_throttled_and_why_is_said_in_both_languages() -> None:
    thrift = Thrift()
    thrift.pace(MARCH, 90_000, MB, FIRST_DAY + 10 * 86_400, 900.0)
    chinese, english = ("\n".join(text for text, _ in lines({"pace": thrift.told()}, lang)) for lang in LANGS)
    assert "每 7 天上报一次，不报历史：本周期自身流量上限 102.4 KB，已用 87.9 KB，距周期结束还有 21 天" in chinese
    assert "every 7 d, without history: 87.9 KB of 102.4 KB for this cycle are spent, 21 d to go" in english


def test_a_new_cycle_is_a_new_budget() -> None:
    thrift = Thrift()
    assert thrift.pace(MARCH, 3 * MB, None, FIRST_DAY + 86_400, 900.0).stretched
    april = Cycle(date(2026, 4, 1), date(2026, 4, 30), SHANGHAI)
    assert not thrift.pace(april, 500, None, MARCH.ends_at + 60, 900.0).stretched


def test_what_reports_really_cost_is_learned() -> None:
    thrift = Thrift(budget_mb=3)
    for number in range(20):
        thrift.pace(MARCH, 5_000 * number, None, FIRST_DAY + 900.0 * number, 900.0)
    assert thrift.price > 2
    assert thrift.now is not None
    assert thrift.now.stretched


def test_what_is_no_news_is_sent_as_far_as_the_rest_of_the_budget_bears_it() -> None:
    thrift = Thrift()
    assert thrift.bears(99 * MB)  # without a trusted clock nothing is known of the cycle
    thrift.pace(MARCH, 2 * MB, None, MARCH.ends_at - 86_400, 900.0)
    assert [thrift.bears(size) for size in (200_000, 2 * MB)] == [True, False]


def test_each_day_that_ended_while_we_watched_is_summed_up_once() -> None:
    thrift = Thrift()
    days = [date(2026, 3, day) for day in (1, 1, 2, 2, 3)]
    assert [thrift.yesterday(day) for day in days] == [None, None, date(2026, 3, 1), None, date(2026, 3, 2)]
