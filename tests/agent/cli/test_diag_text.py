"""The report as people read it: whole pages kept as files, columns that stay straight in Chinese."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.assess.base import Lang
from agent.assess.diagnosis import diagnose
from agent.cli.columns import pad, width, wrap
from agent.cli.diag_parts import COLUMNS
from agent.cli.diag_readings import amount
from agent.cli.diag_text import render
from agent.report import diag_report
from agent.sample.base import Evidence, PlanView, Reach, Snapshot
from modem.values import Cause
from tests.fakes.snapshots import (
    TAKEN_AT,
    but,
    healthy,
    nothing_gets_through,
    off_network,
    session_rejected,
    unknown,
    without_modem,
)

GOLDEN = Path(__file__).parent / "golden" / "diag"
PAGES: dict[str, Snapshot] = {
    "healthy": healthy(),
    "no-card": but(
        off_network("idle"),
        sim__state="absent",
        evidence=(Evidence("sim.state", "at", "AT+CPIN? → +CME ERROR: 10", TAKEN_AT),),
    ),
    "denied": off_network("denied", Cause("emm", 8)),
    "expired": but(nothing_gets_through(), plan=PlanView("expired", "2026-11-11", -10)),
    "busy-port": without_modem("busy"),
    "unsure": but(off_network("unknown"), sim__state="busy"),
    "expiring-and-weak": but(
        healthy(), plan=PlanView("expiring", "2026-11-30", 9, balance_amount="3.00"), signal__rsrp_dbm=-118.0
    ),
}


def report(snapshot: Snapshot, lang: Lang) -> dict[str, Any]:
    return diag_report(snapshot, diagnose(snapshot), lang=lang, via="direct", duration_s=2.1, data_cost_bytes=300)


def page(made: dict[str, Any], lang: Lang) -> str:
    return "".join(line.text + "\n" for line in render(made, lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_as_kept(name: str, lang: Lang) -> None:
    kept = (GOLDEN / f"{name}.{lang}.txt").read_text(encoding="utf-8")
    assert page(report(PAGES[name], lang), lang) == kept


def test_no_page_is_kept_for_nothing() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.{lang}.txt" for name in PAGES for lang in ("zh", "en")}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("snapshot", PAGES.values(), ids=PAGES)
def test_no_line_is_wider_than_a_terminal(snapshot: Snapshot, lang: Lang) -> None:
    # One character of punctuation may hang over (columns.py).
    assert [line.text for line in render(report(snapshot, lang), lang) if width(line.text) > COLUMNS + 2] == []


def test_verdict_comes_first_and_in_the_colour_of_its_weight() -> None:
    assert render(report(healthy(), "en"), "en")[0].style == "good"
    assert render(report(PAGES["denied"], "en"), "en")[0].style == "bad"
    assert render(report(PAGES["expiring-and-weak"], "en"), "en")[0].style == "warn"
    assert render(report(PAGES["unsure"], "en"), "en")[0].style == "warn"


def test_a_conclusion_of_little_evidence_is_called_a_suspicion() -> None:
    seen = but(healthy(), reach=(Reach("internet", ok=False),))
    assert "Suspected: " in page(report(seen, "en"), "en")
    assert "疑似：" in page(report(seen, "zh"), "zh")


def test_chinese_readings_stand_in_a_straight_column() -> None:
    lines = page(report(healthy(), "zh"), "zh").splitlines()
    begin = lines.index("读数") + 1
    rows = [line for line in lines[begin : lines.index("", begin)] if not line.startswith("    ")]
    assert len(rows) == 10
    assert {width(line) - width(line[2:].partition("  ")[2].lstrip()) for line in rows} == {12}


@pytest.mark.parametrize(
    "cut", [{}, {"verdict": None}, {"findings": [None, {}]}, {"plan": [], "data": {"interface": 5}}]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report_of_another_version_is_shown_as_far_as_it_goes(cut: dict[str, Any], lang: Lang) -> None:
    assert render(cut, lang)
    assert render(report(healthy(), lang) | cut, lang)


def test_words_of_a_newer_version_are_shown_as_they_are() -> None:
    made = report(healthy(), "zh")
    made["sim"]["state"] = "melted"
    assert "melted" in page(made, "zh")


def test_long_values_are_wrapped_under_their_column() -> None:
    many = tuple(f"2409:8900:1:{number:x}::1" for number in range(12))
    interface = healthy().data.interface
    assert interface is not None
    seen = but(healthy(), data__interface=replace(interface, addresses=many))
    assert all(width(line.text) <= 600 for line in render(report(seen, "en"), "en"))


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (31457280, "30.0 MB"), (2**30, "1.0 GB"), (None, "")],
)
def test_amounts(count: int | None, told: str) -> None:
    assert amount(count) == told


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("卡", 2), ("卡 a", 4), ("，", 2), ("e\u0301", 1), ("\u200b", 0), ("→…", 2)]
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_pad_counts_columns_not_characters() -> None:
    assert pad("网络", 6) == "网络  "
    assert pad("too long", 3) == "too long"


def test_punctuation_stays_with_what_it_ends() -> None:
    lines = wrap("一二三四，五", 8)
    assert lines == ["一二三四，", "五"]


def test_brackets_stay_with_what_they_open() -> None:
    assert wrap("一二三（sim）", 8) == ["一二三", "（sim）"]


@given(st.text(alphabet="ab ，。（）卡网 x", max_size=60), st.integers(6, 30))
def test_wrapping_loses_nothing_but_spaces(text: str, columns: int) -> None:
    def bare(lines: list[str]) -> str:
        return "".join("".join(lines).split())

    assert bare(wrap(text, columns)) == bare([text])


@given(st.text(alphabet="abcd 卡网", max_size=80), st.integers(12, 40))
def test_wrapped_lines_fit_where_words_do(text: str, columns: int) -> None:
    longest = max((width(word) for word in text.split()), default=0)
    if longest <= columns:
        assert [line for line in wrap(text, columns) if width(line) > columns] == []


def test_nothing_known_is_shown_as_not_known() -> None:
    told = page(report(unknown(), "zh"), "zh")
    assert "未知" in told
    assert "None" not in told


def test_secondary_roots_are_shown_with_what_they_rest_on() -> None:
    told = page(report(but(session_rejected(33), signal__rsrp_dbm=-119.0), "en"), "en")
    assert "Weak signal (signal.weak)" in told
