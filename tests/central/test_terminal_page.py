"""What a terminal's page hands out and says of directives and of the agent itself; to whom."""

import asyncio
from typing import Any

import pytest

from agent.bundle_parts import parts, summary
from central import orders
from central.accounts.sight import Sight
from central.console.asking import asked_words
from tests.central.browser import Browser, add_user, signed_in, store_of
from tests.central.helpers import Centre, batch, beat, record

DATA = b"\x1f\x8b" + bytes(range(256)) * 300
SELF = {"memory_kb": 35_000, "threads": 5, "files": 20, "queue": {"records": 3}, "steps": {"radio_cycle": 1},
        "at": {"expiries": 2}}  # fmt: skip


def told(centre: Centre, pieces: int) -> str:
    """A `send-bundle` that was asked for, answered with so many parts of it."""
    asked = orders.new_directive("t-1", "send-bundle", {}, int(centre.clock.wall()), 3600, "ada")
    asyncio.run(store_of(centre).send_directives([asked], 32))
    results: list[dict[str, Any]] = [*list(parts(DATA))[:pieces], summary(DATA)]
    rows = [
        record(number, "directive", id=asked.id, code="send-bundle", outcome="done", result=result)
        for number, result in enumerate(results, 1)
    ]
    assert centre.post(batch(*rows, record(99, **beat()))).status == 200
    return f"/terminals/t-1/bundle/{asked.id}"


@pytest.fixture
def technician(centre: Centre) -> Browser:
    return signed_in(centre, "tech", "technician")


def test_a_bundle_is_downloaded_where_the_terminal_is_looked_at(centre: Centre, technician: Browser) -> None:
    link = told(centre, 9)
    assert f'href="{link}"' in technician.get("/terminals/t-1?lang=zh").text
    answer = technician.get(link)
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, DATA, "application/gzip")
    assert answer.headers["content-disposition"].startswith("attachment; filename=")


def test_a_bundle_of_which_parts_are_missing_is_refused_in_words(centre: Centre, technician: Browser) -> None:
    answer = technician.get(told(centre, 1) + "?lang=zh")
    assert (answer.status, "还没有收全" in answer.text) == (409, True)


def test_a_bundle_is_for_those_who_may_ask_for_it_and_see_the_terminal(centre: Centre) -> None:
    link = told(centre, 9)
    for name, role, sight, status in (
        ("vera", "viewer", Sight(everything=True), 403),
        ("clara", "clerk", Sight(everything=True), 403),
        ("far", "technician", Sight(regions=frozenset({"elsewhere"})), 404),
    ):
        assert signed_in(centre, name, role, sight).get(link).status == status, name
    stranger = Browser(centre)
    assert stranger.get(link).status in (303, 401)


def test_how_the_agent_is_stands_on_the_page_and_in_the_api(centre: Centre) -> None:
    add_user(centre, "x")
    at = int(centre.clock.wall())
    daily = record(1, "daily", at - 60, day="2026-09-20", by_purpose={"report": 900}, self=SELF)
    centre.post(batch(daily, record(2, **beat()), sent_at=at))
    boss = signed_in(centre, "boss", "admin")
    page = boss.get("/terminals/t-1?lang=zh").text
    assert all(word in page for word in ("每日状况", "34.2 MB", "射频关闭再打开 1"))
    (day,) = boss.get("/api/v1/terminals/t-1/own-traffic?days=30").json["health"]
    assert (day["memory_kb"], day["waiting"], day["timeouts"], day["steps"]) == (35_000, 3, 2, {"radio_cycle": 1})


ASKED: list[tuple[dict[str, Any], str, str]] = [
    ({"lang": "zh"}, "语言 zh", "language zh"),
    ({"heartbeat_s": 900}, "上报间隔（秒） 900", "seconds between reports: 900"),
    ({"expected": "2027-01-01", "cycle_radio": True}, "新的到期日 2027-01-01、验证前重启射频",
     "new last day 2027-01-01, radio off and on first"),
    ({"facts": [{"fact": "balance", "value": "9.50"}]}, "余额 9.50", "Balance 9.50"),
    ({"odd": [1]}, "odd [1]", "odd [1]"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "zh", "en"), ASKED)
def test_what_was_asked_is_told_in_words(asked: dict[str, Any], zh: str, en: str) -> None:
    assert (asked_words(asked, "zh"), asked_words(asked, "en")) == (zh, en)
