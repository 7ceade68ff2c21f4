"""What is on record of a terminal, changed on a page: place, hours, card; and who is warned of what."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.accounts.sight import Sight
from central.console import hours_words
from central.hours import parse
from central.registry import Registry, Who
from central.watch import Watch
from tests.central.browser import Browser, signed_in, store_of
from tests.central.helpers import Answer, Centre, batch, record

FIRST, SECOND = "89860012345678900001", "89860012345678900002"
EVIL = "\"><script>alert(1)</script>{{7*7}}\u202e'"


@pytest.fixture
def grace(centre: Centre) -> Browser:
    """A clerk, and two terminals of one shop with a third elsewhere."""
    registry, who = Registry(store_of(centre)), Who("test", int(centre.clock.wall()))
    for name, shop in (("t-1", "店一"), ("t-2", "店一"), ("t-3", "店二")):
        if name != "t-1":
            centre.register(name)
        centre.post(batch(record(1, at=int(centre.clock.wall())), sent_at=int(centre.clock.wall())), name)
        asyncio.run(registry.describe(name, {"merchant": "甲", "shop": shop, "region": "华东"}, who))
    asyncio.run(Watch(store_of(centre), centre.settings.fleet.rules, centre.settings.fleet.zone).sweep(who.now))
    return signed_in(centre, "grace", "clerk")


def edit(browser: Browser, terminal: str = "t-1", where: str = "edit", **fields: str) -> Answer:
    browser.get(f"/terminals/{terminal}/edit?lang=en")
    return browser.post(f"/terminals/{terminal}/{where}", fields)


PLACE = {"name": "收银 1 号", "merchant": "甲", "shop": "店一", "region": "华东"}


def test_a_place_is_kept_with_its_address_and_whom_to_call(centre: Centre, grace: Browser) -> None:
    assert edit(grace, **PLACE, address="南京路 1 号", contact="王店长 13800000000", tags="vip，试点").status == 303
    kept = asyncio.run(Registry(store_of(centre)).asset("t-1"))
    assert kept is not None
    assert (kept.address, kept.contact, kept.tags) == ("南京路 1 号", "王店长 13800000000", ("vip", "试点"))
    assert "王店长 13800000000" in grace.get("/terminals/t-1").text
    (line, *_) = asyncio.run(Registry(store_of(centre)).trail(kind="terminal", name="t-1"))
    assert (line.who, line.detail["contact"]) == ("grace", ["", "王店长 13800000000"])


def test_what_a_shop_has_in_common_is_changed_for_all_of_it(centre: Centre, grace: Browser) -> None:
    assert edit(grace, **PLACE, address="南京路 1 号", contact="王", note="only here", whole_shop="1").status == 303
    kept = asyncio.run(Registry(store_of(centre)).named(["t-1", "t-2", "t-3"]))
    assert [kept[name].address for name in kept] == ["南京路 1 号", "南京路 1 号", ""]
    assert [kept[name].note for name in kept] == ["only here", "", ""]


@pytest.mark.parametrize("wrong", [{"imei": "12"}, {"note": "x" * 300}, {"tags": ",".join("abc" * 60)}])
def test_what_cannot_be_kept_is_said(centre: Centre, grace: Browser, wrong: dict[str, str]) -> None:
    answer = edit(grace, **PLACE | wrong)
    assert (answer.status, "notice bad" in answer.text) == (400, True)
    assert (asyncio.run(Registry(store_of(centre)).named(["t-1"])))["t-1"].name == ""


@pytest.mark.parametrize(
    "text", ["周一-周五 9:00-21:00；周六、周日 10：00–18：00", "mon-fri 9:00-21:00; sat,sun 10:00-18:00"]
)
def test_hours_are_set_in_either_language_and_forgotten(centre: Centre, grace: Browser, text: str) -> None:
    watch = Watch(store_of(centre), centre.settings.fleet.rules, centre.settings.fleet.zone)
    assert edit(grace, where="hours", hours=text, whole_shop="1").status == 303
    expected = parse("mon-fri 9:00-21:00; sat,sun 10:00-18:00")
    assert [asyncio.run(watch.hours_of(name))[0] for name in ("t-1", "t-2", "t-3")] == [expected, expected, None]
    assert "周一-周五 9:00-21:00" in grace.get("/terminals/t-1/edit?lang=zh").text
    assert "mon-fri 9:00-21:00; sat-sun 10:00-18:00 · set by hand" in grace.get("/terminals/t-1?lang=en").text
    assert edit(grace, where="hours", hours="").status == 303
    assert asyncio.run(watch.hours_of("t-1")) == (None, False)


@pytest.mark.parametrize("text", ["always", "mon 9-5", "周八 9:00-10:00", "x" * 600])
def test_hours_nobody_can_read_are_said(grace: Browser, text: str) -> None:
    answer = edit(grace, where="hours", hours=text)
    assert (answer.status, "opening hours are written like" in answer.text) == (400, True)


@given(st.lists(st.text("01", min_size=24, max_size=24), min_size=7, max_size=7), st.sampled_from(["zh", "en"]))
def test_a_week_in_words_is_the_same_week(days: list[str], lang: hours_words.Lang) -> None:
    week = "".join(days)
    if "1" in week:
        assert parse(hours_words.read(hours_words.shown(week, lang))) == week


def test_a_card_that_was_in_another_terminal_is_placed_only_when_somebody_is_sure(
    centre: Centre, grace: Browser
) -> None:
    registry, who = Registry(store_of(centre)), Who("test", int(centre.clock.wall()))
    asyncio.run(registry.put_card(FIRST, {}, who))
    assert edit(grace, "t-3", "card", iccid=FIRST).status == 303, "a card that was nowhere goes in without a word"
    asked = edit(grace, "t-1", "card", iccid=FIRST)
    assert (asked.status, "This card was in t-3" in asked.text) == (200, True)
    kept = asyncio.run(registry.card(FIRST))
    assert kept is not None
    assert kept.terminal == "t-3"
    assert grace.post("/terminals/t-1/card", {"iccid": FIRST, "sure": "1"}).status == 303
    assert edit(grace, "t-1", "card", iccid=FIRST).status == 303, "it stays where it is"
    told = centre_json(grace, f"/api/v1/cards/{FIRST}/warnings?terminal=t-2")
    assert told["warnings"][0] == {"sign": "was_in", "terminal": "t-1"}


def test_the_carrier_s_word_and_a_failed_renewal_warn_too(centre: Centre, grace: Browser) -> None:
    store, who = store_of(centre), Who("test", int(centre.clock.wall()))
    asyncio.run(Registry(store).put_card(SECOND, {}, who))
    facts = "INSERT INTO card_facts (iccid, account, reasons) VALUES (?, 'a', 'arrears other_device')"
    asyncio.run(store.write(lambda session: session.run(facts, (SECOND,))))
    asked = edit(grace, "t-1", "card", iccid=SECOND)
    assert (asked.status, "bound to another machine" in asked.text) == (200, True)


def test_nothing_is_told_of_a_terminal_beyond_one_s_sight(centre: Centre, grace: Browser) -> None:
    registry, who = Registry(store_of(centre)), Who("test", int(centre.clock.wall()))
    asyncio.run(registry.describe("t-3", {"region": "华南"}, who))
    asyncio.run(registry.put_card(FIRST, {}, who))
    for terminal in ("t-3", "t-2"):
        asyncio.run(registry.place(FIRST, terminal, who))
    bob = signed_in(centre, "bob", "clerk", Sight(regions=frozenset({"华南"})))
    assert bob.get("/terminals/t-1/edit").status == 404
    assert edit(bob, "t-3", "card", iccid=FIRST).status == 400
    assert "t-2" not in edit(bob, "t-3", "card", iccid=FIRST).text
    bob.get("/terminals/t-3/edit")
    for where in ("edit", "hours", "card"):
        assert bob.post(f"/terminals/t-1/{where}", PLACE | {"hours": "", "iccid": FIRST}).status in (400, 404)
    assert edit(bob, "t-3", **PLACE).status == 400, "nor taken to where he does not see it"


@pytest.mark.parametrize("role", ["viewer", "technician"])
def test_only_who_keeps_the_fleet_changes_it(centre: Centre, grace: Browser, role: str) -> None:
    eve = signed_in(centre, "eve", role)
    assert eve.get("/terminals/t-1/edit").status == 403
    eve.get("/terminals")
    for where in ("edit", "hours", "card"):
        assert eve.post(f"/terminals/t-1/{where}", PLACE).status == 403
    assert "/edit" not in eve.get("/terminals/t-1").text


def test_what_people_write_is_shown_as_text(grace: Browser) -> None:
    assert edit(grace, **PLACE | {"name": EVIL, "address": EVIL, "contact": EVIL}).status == 303
    for page in ("/terminals/t-1/edit", "/terminals/t-1"):
        shown = grace.get(page).text
        assert "<script>alert" not in shown
        assert "\u202e" not in shown


def centre_json(browser: Browser, target: str) -> dict[str, list[dict[str, str]]]:
    told: dict[str, list[dict[str, str]]] = browser.get(target).json
    return told
