"""What a terminal's page makes of its past."""

import json

import pytest

from central.console import history
from central.store.base import ChangeRow, Position
from central.watch import Flip

DAY = 86_400


def change(kind: str, at: int, **body: object) -> ChangeRow:
    return ChangeRow(Position(1, at), "e", kind, str(body.get("code", "")), at, at, json.dumps(body))


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
    assert [one.kind for one in history.timeline(flips, rows, 9)] == ["flip", "verdict", "flip"]
    assert len(history.timeline(flips, rows, 1)) == 1


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
