"""People and enrolment codes over the API."""

import json
from typing import Any

import pytest

from tests.central.browser import PASSWORD, Browser, signed_in
from tests.central.helpers import Answer, Centre


@pytest.fixture
def ada(centre: Centre) -> Browser:
    return signed_in(centre, "ada", "admin")


def send(browser: Browser, method: str, target: str, body: Any) -> Answer:
    cookie = {"cookie": f"posagent={browser.jar['posagent']}", "content-type": "application/json"}
    return browser.centre.ask(method, target, cookie, (json.dumps(body).encode(),))


def test_a_user_made_over_the_api_signs_in(centre: Centre, ada: Browser) -> None:
    body = {"name": "Bob", "password": PASSWORD, "role": "clerk", "sees": {"regions": ["华东"]}}
    made = send(ada, "POST", "/api/v1/users", body)
    assert (made.status, made.json["name"], made.json["sees"]["regions"]) == (201, "bob", ["华东"])
    assert PASSWORD not in made.text
    assert Browser(centre).sign_in("bob").status == 303
    assert [user["name"] for user in ada.get("/api/v1/users").json["users"]] == ["ada", "bob"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a b"}, {"name": None}, {"password": "short"}, {"role": "king"}, {"sees": []}, {"sees": {"shops": []}},
        {"sees": {"tags": "x"}}, {"sees": {"tags": [1]}}, {"sees": {"tags": [""]}}, {"sees": {"tags": ["x"] * 201}},
        {"role": "admin", "sees": {"tags": ["x"]}}, {"name": "ada"},
    ],
)  # fmt: skip
def test_what_cannot_be_a_user_is_refused(ada: Browser, wrong: dict[str, Any]) -> None:
    answer = send(ada, "POST", "/api/v1/users", {"name": "bob", "password": PASSWORD} | wrong)
    assert answer.status in (400, 409)
    assert len(ada.get("/api/v1/users").json["users"]) == 1


def test_what_is_not_named_stays(centre: Centre, ada: Browser) -> None:
    signed_in(centre, "bob", "technician")
    changed = send(ada, "PATCH", "/api/v1/users/bob", {"sees": {"tags": ["vip"]}}).json
    assert (changed["role"], changed["sees"]["tags"], changed["disabled_at"]) == ("technician", ["vip"], None)
    changed = send(ada, "PATCH", "/api/v1/users/bob", {"disabled": True}).json
    assert (changed["sees"]["tags"], changed["disabled_at"] is None) == (["vip"], False)
    assert send(ada, "PATCH", "/api/v1/users/nobody", {}).status == 404
    assert send(ada, "PATCH", "/api/v1/users/ada", {"role": "viewer"}).status == 409


def test_codes_are_shown_once(ada: Browser) -> None:
    made = send(ada, "POST", "/api/v1/codes", {"count": 2, "days": 1})
    codes = [one["code"] for one in made.json["codes"]]
    listed = ada.get("/api/v1/codes")
    assert (made.status, len(codes), len(listed.json["codes"])) == (201, 2, 2)
    assert not any(code in listed.text for code in codes)


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"count": True}, {"days": 91}, {"count": 2, "terminal": "t"}, {"terminal": "a b"}]
)
def test_codes_that_cannot_be_are_refused(ada: Browser, wrong: dict[str, Any]) -> None:
    assert send(ada, "POST", "/api/v1/codes", wrong).status == 400


def test_a_token_with_a_sight_is_made_over_the_api(ada: Browser) -> None:
    body = {"name": "erp", "scopes": ["read"], "sees": {"merchants": ["M"]}}
    assert send(ada, "POST", "/api/v1/tokens", body).status == 201
    (token,) = ada.get("/api/v1/tokens").json["tokens"]
    assert token["sees"] == {"merchants": ["M"], "regions": [], "tags": []}
