"""What the console shows is in the JSON API; and what is asked on its pages reaches only what somebody sees."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from central.accounts.sight import Sight
from central.registry import Who
from central.renewals.office import Office
from tests.central.browser import Browser, signed_in, store_of
from tests.central.databases import KINDS
from tests.central.databases import store_of as store_on
from tests.central.helpers import Centre, a_store
from tests.console import story

WHO = Who("boss", story.NOW)
EAST = Sight(regions=frozenset({"华东"}))
OURS, OTHERS = "pos-0011", "pos-0003"


@pytest.fixture(scope="module", params=KINDS)
def fleet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Two weeks of 48 terminals, on each database."""
    folder = tmp_path_factory.mktemp("api")
    with store_on(str(request.param), folder) as store:
        yield story.tell(store, folder)


@pytest.fixture(scope="module")
def boss(fleet: Centre) -> Browser:
    return signed_in(fleet, "boss", "admin")


@pytest.fixture(scope="module")
def technician(fleet: Centre) -> Browser:
    return signed_in(fleet, "tech", "technician", EAST)


def api(boss: Browser, target: str) -> Any:
    answer = boss.get(f"/api/v1/{target}")
    assert answer.status == 200, answer.text
    return answer.json


def asked(fleet: Centre, terminal: str) -> list[str]:
    return [row.kind for row in asyncio.run(store_of(fleet).directives(terminal))]


def test_the_overview_counts_who_is_up_late_and_down(boss: Browser) -> None:
    now = api(boss, "now")
    assert now["statuses"] == {"up": 37, "late": 1, "silent": 9, "closed": 0, "never": 1}
    assert {cause["code"]: cause["total"] for cause in now["causes"]} == {
        "plan.expired": 1, "plan.exhausted": 1, "registration.denied": 1, "data.apn_rejected": 1, "signal.weak": 1,
        "plan.expiring": 1, "modem.hot": 1, "not_heard": 9,
    }  # fmt: skip
    assert (now["ladder"]["overdue"], now["ladder"]["7"], now["ladder"]["14"], now["ladder"]["30"]) == (1, 3, 2, 1)
    assert list(api(boss, "renewals/ladder")["ladder"].values()) == list(now["ladder"].values()), "one source"
    assert [pool["name"] for pool in now["pools"]] == ["门店共享 80 MB", "iot-30m · 2026-03"]
    assert now["pools"][1]["remaining"] == 84_000_000
    assert [(one["kind"], one["value"], one["missing"]) for one in now["incidents"]] == [("cell", story.FALLEN_CELL, 8)]


def test_a_pool_that_is_kept_at_the_desk_is_told_when_it_ends(fleet: Centre, boss: Browser) -> None:
    office = Office(store_of(fleet), fleet.settings, fleet.clock.wall)
    asyncio.run(office.put_pool("big", {"name": "year pool", "total_mb": 1000, "ends_on": "2026-11-25"}, WHO))
    assert ("year pool", 3) in [(pool["name"], pool["days_left"]) for pool in api(boss, "now")["pools"]]
    assert "year pool" in boss.get("/?lang=en").text


def test_a_search_goes_on_where_its_page_ended(boss: Browser) -> None:
    found, query = [], "sort=used&order=desc&limit=20"
    following: dict[str, str] | None = {}
    while following is not None:
        page = api(boss, "search/terminals?" + "&".join((query, *(f"{k}={v}" for k, v in following.items()))))
        found += [row["terminal"] for row in page["terminals"]]
        following = page["next"]
    assert found[0] == story.EXHAUSTED
    assert sorted(found) == [f"pos-{number:04}" for number in range(1, story.TERMINALS + 1)]


def test_a_terminals_drawings_are_numbers_too(boss: Browser) -> None:
    signal = api(boss, f"terminals/{story.FADING}/signal?days=7")
    assert set(signal["technologies"]) == {"lte", "gsm"}
    assert -100 < signal["median_fleet_dbm"] < -85
    usage = api(boss, f"terminals/{OURS}/usage?days=7")
    until = usage["forecast"]["days_until_used_up"]
    assert until["soonest"] < until["likely"] < until["latest"]
    facts = api(boss, f"terminals/{story.SWAPPED}/plan-facts")
    assert {fact["fact"] for fact in facts["facts"]} == {"expires_on", "quota_bytes"}
    assert [card["previous"] for card in facts["cards"]] == ["89860426000000000019"]
    assert api(boss, f"terminals/{OURS}/own-traffic?days=30")["days"][0]["total_bytes"] > 0


def test_a_month_is_told_by_shop_and_carrier(boss: Browser) -> None:
    month = api(boss, "availability?month=2026-11")
    assert month["whole"]["silences"] == 9
    assert month["groups"]["shop"]["门店 01"]["worst_terminal"] == story.EXPIRED
    assert {cause["cause"] for cause in month["causes"]} == {"plan.expired", f"incident cell {story.FALLEN_CELL}"}
    assert api(boss, "costs")["monthly"] == {"CNY": "162.00"}


@pytest.mark.parametrize(
    "target", ["search/terminals?sort=x", "availability?month=2026-13", "search/terminals?limit=0"]
)
def test_what_cannot_be_meant_is_refused(boss: Browser, target: str) -> None:
    assert boss.get(f"/api/v1/{target}").status == 400


@pytest.mark.parametrize("rest", ["signal", "usage", "plan-facts", "own-traffic"])
def test_a_terminal_out_of_sight_is_not_known(technician: Browser, rest: str) -> None:
    assert technician.get(f"/api/v1/terminals/{OURS}/{rest}").status == 200
    assert technician.get(f"/api/v1/terminals/{OTHERS}/{rest}").status == 404


@pytest.mark.parametrize(
    "page",
    ["/", "/terminals", f"/terminals/{story.EXPIRED}?days=365", f"/terminals/{story.NEW}", "/incidents?open=1",
     "/alerts", "/reports?by=region", "/reports.csv", "/terminals.xlsx?sort=heard"],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_made_for_all_and_for_some(boss: Browser, technician: Browser, page: str, lang: str) -> None:
    asked = f"{page}{'&' if '?' in page else '?'}lang={lang}"
    assert boss.get(asked).status == 200
    assert technician.get(asked).status == (404 if story.EXPIRED in page else 200)


def test_the_missing_of_an_incident_are_listed_and_asked(boss: Browser, technician: Browser) -> None:
    (incident,) = api(boss, "now")["incidents"]
    page = boss.get(f"/incidents/{incident['id']}").text
    link = f"/terminals?incident={incident['id']}"
    assert f'href="{link}"' in page
    assert boss.get(link).text.count('name="terminal"') == incident["missing"] == 8
    assert technician.get(link).text.count('name="terminal"') < 8, "as far as he sees"
    assert boss.get("/terminals?incident=none").text.count('name="terminal"') == 0


def test_what_was_searched_for_is_marked_and_stays_text(boss: Browser) -> None:
    assert "pos-<mark>0003</mark>" in boss.get("/terminals?q=0003").text
    hostile = boss.get("/terminals?q=%3Cimg+(").text
    assert "<mark>&lt;img</mark>" in hostile
    assert "<img src=x" not in hostile


def test_the_trail_of_a_terminal_says_what_it_was_in_words(boss: Browser) -> None:
    page = boss.get(f"/terminals/{story.EXPIRED}?lang=zh").text
    assert "商户: – → 商户 B" in page
    assert "31457280" not in page.partition("<pre")[0], "no bytes in the time line"


def test_what_is_asked_of_many_reaches_only_those_in_sight(fleet: Centre, technician: Browser) -> None:
    technician.get("/terminals")
    before = asked(fleet, OTHERS)
    answer = technician.post("/terminals/bulk", {"kind": "send-bundle", "terminal": OURS})
    assert (answer.status, "send-bundle" in asked(fleet, OURS)) == (303, True)
    technician.get("/terminals")
    technician.post("/terminals/bulk", {"kind": "send-bundle", "terminal": OTHERS})
    assert asked(fleet, OTHERS) == before


def test_all_that_are_listed_are_asked_and_nobody_else(fleet: Centre, technician: Browser) -> None:
    technician.get("/terminals")
    technician.post("/terminals/bulk", {"kind": "run-diag", "all": "1", "back": "verdict=any"})
    assert "run-diag" in asked(fleet, OURS)
    assert "run-diag" in asked(fleet, story.DENIED)
    assert "run-diag" not in asked(fleet, story.EXHAUSTED), "beyond his sight"
    assert "run-diag" not in asked(fleet, "pos-0012"), "in his sight, but well"


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


def test_saved_views_are_ones_own(boss: Browser, technician: Browser) -> None:
    technician.get("/terminals")
    saved = technician.post("/terminals/views", {"name": "<b>mine</b>", "query": "ends=7&x=1"})
    assert saved.headers["location"] == "/terminals?ends=7&done=view_saved"
    assert "&lt;b&gt;mine&lt;/b&gt;" in technician.get("/terminals").text
    assert "&lt;b&gt;mine&lt;/b&gt;" not in boss.get("/terminals").text


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
