"""Drawings: what the numbers become, and that foreign names stay names."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.console import charts
from central.console.charts import Band, Level, Series

NUMBER = st.floats(-1e9, 1e9, allow_nan=False)


def drawn(*points: tuple[float, float], **more: object) -> str:
    return str(
        charts.lines(
            [Series("LTE", 0, points)], span=(0, 100), shown=lambda value: f"{value:g}", when=lambda at: f"{at:g}",
            says="says", **more,  # type: ignore[arg-type]
        )
    )  # fmt: skip


def test_higher_values_are_drawn_higher() -> None:
    (line,) = re.findall(r'<polyline class="s0" points="([^"]*)"', drawn((0, 1.0), (50, 2.0)))
    (x1, y1), (x2, y2) = (map(float, pair.split(",")) for pair in line.split())
    assert x1 < x2
    assert y1 > y2


def test_a_long_silence_is_a_gap_and_not_a_line() -> None:
    series = Series("LTE", 0, [(0, 1.0), (1, 1.0), (50, 2.0), (51, 2.0)], gap_s=10)
    picture = charts.lines([series], span=(0, 100), shown=str, when=str, says="")
    assert str(picture).count("<polyline") == 2


def test_a_single_point_is_a_dot() -> None:
    assert "<circle" in drawn((5, 1.0))


def test_what_lies_outside_the_span_is_not_drawn() -> None:
    assert "<circle" not in drawn((500, 1.0), holds=(0.0,))


def test_nothing_known_is_nothing_drawn() -> None:
    assert drawn() == ""
    assert charts.columns([], shown=str, says="") == ""


def test_a_drawing_says_in_words_what_it_shows() -> None:
    root = ET.fromstring(drawn((0, 1.0), (9, 2.0)))  # noqa: S314 - our own
    assert (root.get("role"), root.get("aria-label")) == ("img", "says")


@pytest.mark.parametrize("evil", ["<script>", '"><g onload="x"', "\u202e", "&lt;"])
def test_foreign_names_stay_names(evil: str) -> None:
    picture = charts.lines(
        [Series(evil, 0, [(0, 1.0)])], span=(0, 1), shown=str, when=lambda _: evil, says=evil,
        levels=[Level(evil, 1.0, "fleet")], band=Band([(0, 1, 2)]),
    )  # fmt: skip
    whole = f"<div>{picture}{charts.legend([('s0', evil)])}{charts.stack([(evil, 1, 'up')])}</div>"
    tags = {element.tag for element in ET.fromstring(whole).iter()}  # noqa: S314 - that is the question
    assert tags <= {"div", "svg", "line", "text", "title", "circle", "polygon", "rect", "ul", "li"}


@given(NUMBER, NUMBER)
def test_round_ticks_hold_what_is_drawn(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = charts.round_ticks(low, high)
    steps = [later - earlier for earlier, later in pairwise(ticks)]
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 12
    assert max(steps) - min(steps) <= slack


@given(st.lists(st.tuples(st.floats(0, 1e6), NUMBER), max_size=900))
def test_thinning_keeps_the_lowest_and_the_highest(points: list[tuple[float, float]]) -> None:
    points.sort()
    kept = charts.thinned(points, 50)
    assert len(kept) <= 102
    if points:
        assert min(value for _, value in kept) == min(value for _, value in points)
        assert max(value for _, value in kept) == max(value for _, value in points)


def test_shares_of_a_bar_add_up() -> None:
    widths = re.findall(r'width="([\d.]+)" height="14"><title>', str(charts.stack([("a", 1, "up"), ("b", 3, "late")])))
    assert [round(float(width)) for width in widths] == [248, 748]
