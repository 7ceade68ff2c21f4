"""What the console shows is in the JSON API; and what is asked on its pages reaches only what somebody sees."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from central.sight import Sight
from tests.central.browser import Browser, signed_in, store_of
from tests.central.helpers import Centre, a_store
from tests.console import story

EAST = Sight(regions=frozenset({"华东"}))
OURS, OTHERS = "pos-0011", "pos-0003"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Two weeks of 48 terminals."""
    with a_store(tmp_path_factory.mktemp("api") / "central.db") as store:
        yield story.tell(store)


@pytest.fixture(scope="module")
def technician(fleet: Centre) -> Browser:
    return signed_in(fleet, "tech", "technician", EAST)


def api(fleet: Centre, target: str) -> Any:
    answer = fleet.get(f"/api/v1/{target}")
    assert answer.status == 200, answer.text
    return answer.json


def asked(fleet: Centre, terminal: str) -> list[str]:
    return [row.kind for row in asyncio.run(store_of(fleet).directives(terminal))]


def test_the_overview_counts_who_is_up_late_and_down(fleet: Centre) -> None:
    now = api(fleet, "now")
    assert now["statuses"] == {"up": 37, "late": 1, "silent": 9, "closed": 0, "never": 1}
    assert {cause["code"]: cause["total"] for cause in now["causes"]} == {
        "plan.expired": 1, "plan.exhausted": 1, "registration.denied": 1, "signal.weak": 1, "not_heard": 9,
    }  # fmt: skip
    assert (now["ladder"]["overdue"], now["ladder"]["7"], now["ladder"]["14"], now["ladder"]["30"]) == (1, 2, 2, 1)
    assert [(one["kind"], one["value"], one["missing"]) for one in now["incidents"]] == [("cell", story.FALLEN_CELL, 8)]


def test_a_search_goes_on_where_its_page_ended(fleet: Centre) -> None:
    found, query = [], "sort=used&order=desc&limit=20"
    following: dict[str, str] | None = {}
    while following is not None:
        page = api(fleet, "search/terminals?" + "&".join((query, *(f"{k}={v}" for k, v in following.items()))))
        found += [row["terminal"] for row in page["terminals"]]
        following = page["next"]
    assert found[0] == story.EXHAUSTED
    assert sorted(found) == [f"pos-{number:04}" for number in range(1, story.TERMINALS + 1)]


def test_a_terminals_drawings_are_numbers_too(fleet: Centre) -> None:
    signal = api(fleet, f"terminals/{story.FADING}/signal?days=7")
    assert set(signal["technologies"]) == {"lte", "gsm"}
    assert -100 < signal["median_fleet_dbm"] < -85
    usage = api(fleet, f"terminals/{OURS}/usage?days=7")
    until = usage["forecast"]["days_until_used_up"]
    assert until["soonest"] < until["likely"] < until["latest"]
    facts = api(fleet, f"terminals/{story.SWAPPED}/plan-facts")
    assert {fact["fact"] for fact in facts["facts"]} == {"expires_on", "quota_bytes"}
    assert [card["previous"] for card in facts["cards"]] == ["89860000000000000019"]
    assert api(fleet, f"terminals/{OURS}/own-traffic?days=30")["days"][0]["total_bytes"] > 0


def test_a_month_is_told_by_shop_and_carrier(fleet: Centre) -> None:
    month = api(fleet, "availability?month=2026-11")
    assert month["whole"]["silences"] == 9
    assert month["groups"]["shop"]["门店 01"]["worst_terminal"] == story.EXPIRED
    assert {cause["cause"] for cause in month["causes"]} == {"plan.expired", f"incident cell {story.FALLEN_CELL}"}
    assert api(fleet, "costs")["monthly"] == {"CNY": "162.00"}


@pytest.mark.parametrize(
    "target", ["search/terminals?sort=x", "availability?month=2026-13", "search/terminals?limit=0"]
)
def test_what_cannot_be_meant_is_refused(fleet: Centre, target: str) -> None:
    assert fleet.get(f"/api/v1/{target}").status == 400


@pytest.mark.parametrize("rest", ["signal", "usage", "plan-facts", "own-traffic"])
def test_a_terminal_out_of_sight_is_not_known(technician: Browser, rest: str) -> None:
    assert technician.get(f"/api/v1/terminals/{OURS}/{rest}").status == 200
    assert technician.get(f"/api/v1/terminals/{OTHERS}/{rest}").status == 404


def test_what_is_asked_of_many_reaches_only_those_in_sight(fleet: Centre, technician: Browser) -> None:
    technician.get("/terminals")
    before = asked(fleet, OTHERS)
    answer = technician.post("/terminals/bulk", {"kind": "send-bundle", "terminal": OURS})
    assert (answer.status, asked(fleet, OURS)[0]) == (303, "send-bundle")
    technician.get("/terminals")
    technician.post("/terminals/bulk", {"kind": "send-bundle", "terminal": OTHERS})
    assert asked(fleet, OTHERS) == before


def test_a_terminal_out_of_sight_cannot_be_asked(fleet: Centre, technician: Browser) -> None:
    technician.get("/terminals")
    before = asked(fleet, OTHERS)
    assert technician.post(f"/terminals/{OTHERS}/ask", {"kind": "ask-balance"}).status == 404
    assert technician.post(f"/terminals/{OTHERS}/withdraw", {"directive": "x"}).status == 404
    assert asked(fleet, OTHERS) == before


def test_a_form_from_elsewhere_changes_nothing(fleet: Centre, technician: Browser) -> None:
    technician.get("/terminals")
    before = asked(fleet, OURS)
    assert technician.post(f"/terminals/{OURS}/ask", {"kind": "ask-balance"}, csrf="guessed").status == 400
    assert asked(fleet, OURS) == before


@pytest.mark.parametrize(
    "fields",
    [{"kind": "rotate-credential"}, {"kind": "no-such-thing"}, {"kind": "cadence", "heartbeat_s": "soon"}, {}],
)  # fmt: skip
def test_what_cannot_be_asked_of_many_is_refused(technician: Browser, fields: dict[str, str]) -> None:
    technician.get("/terminals")
    assert technician.post("/terminals/bulk", {"terminal": OURS} | fields).status in (400, 409)


def test_saved_views_are_ones_own(fleet: Centre, technician: Browser) -> None:
    technician.get("/terminals")
    saved = technician.post("/terminals/views", {"name": "<b>mine</b>", "query": "ends=7&x=1"})
    assert saved.headers["location"] == "/terminals?ends=7&done=view_saved"
    assert "&lt;b&gt;mine&lt;/b&gt;" in technician.get("/terminals").text
    assert "&lt;b&gt;mine&lt;/b&gt;" not in fleet.get("/terminals").text


def test_going_back_never_leaves_the_console(technician: Browser) -> None:
    technician.get("/terminals")
    answer = technician.post(
        "/terminals/bulk", {"kind": "ask-balance", "terminal": OURS, "back": "//evil.example/?sort=used"}
    )
    assert answer.headers["location"].startswith("/terminals?")


def test_an_empty_centre_has_pages_too(tmp_path: Path) -> None:
    with a_store(tmp_path / "empty.db") as store:
        centre = Centre(store)
        pages = ("/", "/terminals", "/incidents", "/alerts", "/reports", "/terminals.csv", "/reports.xlsx")
        assert [centre.get(page).status for page in pages] == [200] * 7
