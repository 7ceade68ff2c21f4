"""What a terminal's page makes of its past."""

import json
from typing import get_args

import pytest

from agent.plan.reminders import What
from agent.plan.renewal import Reason, State
from agent.recover.ladder import RUNGS
from agent.recover.memory import Outcome
from agent.uplink.meter import Purpose
from central import words
from central.console import history, timeline
from central.store.base import ChangeRow, Position
from central.watch import Flip

DAY = 86_400


def change(kind: str, at: int, **body: object) -> ChangeRow:
    code = next((str(body[key]) for key in ("code", "fact", "step", "reason") if key in body), "")
    return ChangeRow(Position(1, at), "e", kind, code, at, at, json.dumps(body))


def test_signal_is_told_apart_by_technology() -> None:
    beats = [(1, {"rsrp_dbm": -90, "technology": "lte"}), (2, {"rssi_dbm": -70, "technology": "gsm"}), (3, {"x": 1})]
    assert history.by_technology(beats) == {"lte": [(1, -90.0)], "gsm": [(2, -70.0)]}


@pytest.mark.parametrize("value", ["-90", None, True, 1e300, [1], float("nan")])
def test_what_is_no_number_is_not_drawn(value: object) -> None:
    assert history.usage([(1, {"used_bytes": value})]) == []


def test_a_new_cycle_begins_where_the_counter_falls() -> None:
    points = [(0.0, 5.0), (1.0, 9.0), (2.0, 1.0), (3.0, 2.0)]
    assert history.this_cycle(points) == points[2:]


def test_a_forecast_needs_half_a_day() -> None:
    assert history.forecast([(0, 0), (DAY / 4, 10)]) is None
    assert history.forecast([]) is None


def test_a_steady_use_is_forecast_as_it_is() -> None:
    ahead = history.forecast([(day * DAY, day * 100.0) for day in range(10)])
    assert ahead is not None
    assert (round(ahead.rate), round(ahead.low), round(ahead.high)) == (100, 100, 100)
    assert ahead.days_until(500) == pytest.approx((5.0, 5.0, 5.0))


def test_a_range_is_as_wide_as_the_days_were_different() -> None:
    used = [0, 10, 200, 210, 400, 410, 600, 610, 800]
    ahead = history.forecast([(day * DAY, float(value)) for day, value in enumerate(used)])
    assert ahead is not None
    assert ahead.low < ahead.rate < ahead.high
    until = ahead.days_until(1000)
    assert until is not None
    assert until[1] < until[0] < until[2]


def test_nothing_used_never_runs_out() -> None:
    ahead = history.forecast([(0, 5.0), (2 * DAY, 5.0)])
    assert ahead is not None
    assert ahead.days_until(100) is None


def test_the_time_line_mixes_flips_and_changes_newest_first() -> None:
    flips = [Flip("t", 30, "silent", "late", 31), Flip("t", 10, "up", "silent", 11)]
    rows = [change("verdict", 20, code="sim.absent", previous="ok"), change("directive", 25, id="x")]
    assert [one.kind for one in timeline.timeline(flips, rows, 9, "en")] == ["flip", "verdict", "flip"]
    assert len(timeline.timeline(flips, rows, 1, "en")) == 1


TOLD = [
    (change("recovery", 1, step="radio_cycle", cause="data.detached", outcome="not_cured"), "射频关闭再打开",
     ("已注册但数据业务未附着", "没有效果")),
    (change("stopped", 1, reason="stopped", verdict="ok"), "", ("正常停止",)),
    (change("reminder", 1, about="runs_out_on", on="2026-12-01", days_left=-2), "",
     ("流量用完", "2026-12-01", "已过期 2 天")),
    (change("proof", 1, state="pending", reason="no_word", expected="2027-01-01",
            evidence=["remaining_bytes 1073741824: 剩余 1 GB", "odd"]), "",
     ("验证中", "运营商和中心还没有新的消息", "2027-01-01", "剩余流量 1.0 GB: 剩余 1 GB", "odd")),
    (change("plan_fact", 1, fact="suspended", value="true", previous="false"), "停机", ("是",)),
    (change("plan_fact", 1, fact="quota_bytes", value="31457280"), "套餐流量", ("30.0 MB",)),
    (change("verdict", 1, code="ok", previous="sim.absent", confidence="high"), "ok", ()),
]  # fmt: skip


@pytest.mark.parametrize(("row", "name", "said"), TOLD, ids=lambda one: getattr(one, "type", ""))
def test_the_time_line_says_codes_in_words(row: ChangeRow, name: str, said: tuple[str, ...]) -> None:
    (event,) = timeline.timeline([], [row], 1, "zh")
    assert (event.name, event.evidence) == (name, said)


def test_a_code_nobody_knows_stays_as_it_was_told() -> None:
    rows = [change("recovery", 1, step="pray", outcome="maybe"), change("moved", 1, where="x"),
            change("reminder", 1, about="y", days_left="9" * 30)]  # fmt: skip
    assert [one.evidence for one in timeline.timeline([], rows, 9, "zh")] == [
        ("maybe",),
        ("where: x",),
        ("y", "9" * 30),
    ]


@pytest.mark.parametrize(
    "key",
    [*(f"rung_{one}" for one in RUNGS), *(f"proof_{one}" for one in (*get_args(Reason), *get_args(State)))]
    + [*(f"cure_{one}" for one in (*get_args(Outcome), "would")), *(f"about_{one}" for one in get_args(What))]
    + [f"purpose_{one}" for one in get_args(Purpose)],
)
def test_whatever_the_agent_may_say_has_a_word(key: str) -> None:
    assert words.known(key)


def test_the_newest_word_about_a_fact_counts_with_the_time_it_was_heard() -> None:
    rows = [
        ("balance", 50, json.dumps({"value": "9", "source": "carrier_sms", "heard_at": 40})),
        ("balance", 30, json.dumps({"value": "12", "source": "manual"})),
    ]
    assert history.facts(rows) == [history.Fact("balance", "9", "carrier_sms", 40, "")]


def test_own_traffic_is_told_by_day_and_purpose() -> None:
    rows = [
        (2, json.dumps({"day": "2026-11-21", "by_purpose": {"report": 5, "probe": 2, "x": "y", "z": -1}})),
        (1, "{}"),
    ]
    assert history.by_purpose(rows) == [("2026-11-21", {"report": 5, "probe": 2}, 7)]


def test_what_a_fact_was_before_is_told_as_what_it_is() -> None:
    (event,) = timeline.timeline(
        [], [change("plan_fact", 1, fact="quota_bytes", value="1", previous="31457280")], 1, "zh"
    )
    assert event.previous == "30.0 MB"
