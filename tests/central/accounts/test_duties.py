"""What somebody has to do before anything else: a password of his own, and the second step where his role needs it."""

import asyncio
import re
import typing
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from pydantic import ValidationError

from central.accounts.people import ROLES
from central.accounts.sight import Sight
from central.accounts.users import Users
from central.config import Settings, SignIn
from central.registry import Registry, Who
from tests.central.browser import PASSWORD, Browser, add_user, signed_in, store_of
from tests.central.helpers import Answer, Centre, a_store

FRESH = "a quite new sentence"
EVIL = '甲, "><script>alert(1)</script>'


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Centre]:
    """A centre whose administrators and clerks need a second step."""
    with a_store(tmp_path / "central.db") as store:
        made = Centre(store, Settings.model_validate({"signin": {"second_step_for": "admin,clerk"}}))
        made.register()
        yield made


def where(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.headers.get("location", "")


def given(centre: Centre, name: str = "bob", role: str = "viewer") -> Browser:
    """Somebody whom an administrator has added, at the door with the password he was told."""
    ada = signed_in(centre, "ada", "admin")
    ada.get("/admin/users")
    assert (
        ada.post("/admin/users", {"name": name, "password": PASSWORD, "role": role, "sees": "everything"}).status == 303
    )
    bob = Browser(centre)
    assert bob.sign_in(name).status == 303
    return bob


def change(browser: Browser) -> Answer:
    browser.get("/profile")
    return browser.post("/profile/password", {"password": PASSWORD, "fresh": FRESH, "again": FRESH})


@pytest.mark.parametrize("path", ["/", "/terminals", "/renewals", "/terminals/t-1", "/profile-not"])
def test_a_password_that_somebody_else_chose_opens_nothing_but_the_page_to_change_it(centre: Centre, path: str) -> None:
    bob = given(centre)
    assert where(bob.get(path)) == (303, "/profile")
    assert (bob.get("/api/v1/terminals").status, bob.get("/metrics").status) == (403, 403)
    assert "Choose one of your own" in bob.get("/profile?lang=en").text
    assert bob.post("/terminals/views", {"name": "x", "query": ""}).status == 403
    assert where(change(bob)) == (303, "/profile?done=password_changed")
    assert bob.get(path).status == (404 if path == "/profile-not" else 200)


def test_who_has_to_change_it_may_leave(centre: Centre) -> None:
    bob = given(centre)
    bob.get("/profile")
    assert where(bob.post("/signout"))[0] == 303
    assert where(bob.get("/")) == (303, "/signin")


def test_a_password_set_anew_by_an_admin_is_to_be_changed_and_his_own_is_not(centre: Centre) -> None:
    ada = signed_in(centre, "ada", "admin")
    add_user(centre, "bob")
    for name in ("ada", "bob"):
        ada.get(f"/admin/users/{name}")
        ada.post(f"/admin/users/{name}/password", {"password": FRESH})
        browser = Browser(centre)
        browser.sign_in(name, FRESH)
        assert where(browser.get("/"))[0] == (200 if name == "ada" else 303)
        ada.sign_in("ada", FRESH)


def turn_on(browser: Browser, now: float) -> Answer:
    page = browser.get("/profile/second-step").text
    (secret,) = re.findall(r'name="secret" value="(\w+)"', page)
    return browser.post(
        "/profile/second-step", {"secret": secret, "code": pyotp.TOTP(secret).at(int(now)), "password": PASSWORD}
    )


@pytest.mark.parametrize(
    ("role", "asked"), [("admin", True), ("clerk", True), ("viewer", False), ("technician", False)]
)
def test_a_role_that_needs_the_second_step_sees_nothing_without_it(strict: Centre, role: str, asked: bool) -> None:
    bob = signed_in(strict, "bob", role)
    assert where(bob.get("/terminals")) == ((303, "/profile/second-step") if asked else (200, ""))
    if asked:
        assert bob.get("/api/v1/terminals").status == 403
        assert "Your role needs the second step" in bob.get("/profile/second-step?lang=en").text
        assert turn_on(bob, strict.clock.wall()).status == 200
        assert bob.get("/terminals").status == 200


def test_taking_the_second_step_away_shuts_the_pages_again(strict: Centre) -> None:
    bob = signed_in(strict, "bob", "clerk")
    assert turn_on(bob, strict.clock.wall()).status == 200
    bob.get("/profile")
    assert bob.post("/profile/second-step/off", {"password": PASSWORD}).status == 303
    assert where(bob.get("/renewals")) == (303, "/profile/second-step")


def test_who_comes_by_a_provider_answers_to_the_provider(strict: Centre) -> None:
    who = Who("test", int(strict.clock.wall()))
    users = Users(store_of(strict))
    asyncio.run(users.add("ada", "", "admin", Sight(everything=True), who, must_change=True))
    ada = asyncio.run(users.get("ada"))
    assert ada is not None
    assert ada.must_change == 0


def test_the_roles_of_the_setting_are_those_there_are() -> None:
    assert SignIn(second_step_for=" admin, clerk ,").strict_roles == {"admin", "clerk"}
    assert SignIn(second_step_for=",".join(ROLES)).strict_roles == set(ROLES)
    with pytest.raises(ValidationError, match="roles with commas between"):
        SignIn(second_step_for="king")


def test_what_somebody_sees_is_picked_from_what_there_is(centre: Centre) -> None:
    registry, who = Registry(store_of(centre)), Who("test", int(centre.clock.wall()))
    asyncio.run(registry.describe("t-1", {"merchant": EVIL, "region": "华东", "tags": ["vip", "试点"]}, who))
    ada = signed_in(centre, "ada", "admin")
    page = ada.get("/admin/users").text
    assert [name in page for name in ('value="华东"', 'value="vip"', "<script>alert")] == [True, True, False]
    fields: dict[str, typing.Any] = {"name": "bob", "password": PASSWORD, "role": "viewer", "sees": "some"}
    ada.post("/admin/users", fields | {"merchants_known": EVIL, "regions": "华南"})
    bob = asyncio.run(Users(store_of(centre)).get("bob"))
    assert bob is not None
    assert bob.sight == Sight(merchants=frozenset({EVIL}), regions=frozenset({"华南"}))
    again = ada.get("/admin/users/bob").text
    assert "checked> 甲, " in again
    assert re.search(r'name="regions" type="text" value="华南"', again)
