"""Signing in by a provider, against one that does as the specification says, and against one that does not."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from central.accounts.oidc import is_safe
from central.accounts.people import EVERYTHING
from central.accounts.users import Users
from central.config import ConfigError, Settings, SignIn, load
from central.registry import Who
from tests.central.browser import Browser, add_user, hash_of_password, store_of
from tests.central.helpers import Answer, Centre
from tests.fakes.oidc import CLIENT, SECRET, FakeProvider, a_provider, new_key


@pytest.fixture(scope="module")
def shared() -> Iterator[FakeProvider]:
    with a_provider() as made:
        yield made


@pytest.fixture
def provider(shared: FakeProvider) -> FakeProvider:
    """An honest one again."""
    shared.claims = {"sub": "42", "preferred_username": "ada"}
    shared.signs_with, shared.algorithm = None, "RS256"
    return shared


@pytest.fixture
def with_provider(centre: Centre, provider: FakeProvider, tmp_path: Path) -> Centre:
    """Ada is a user without a password, Bob one with."""
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    rules = SignIn(
        public_url="http://localhost", oidc_issuer=provider.url, oidc_client_id=CLIENT, oidc_name="Acme",
        oidc_client_secret_file=str(tmp_path / "secret"),
    )  # fmt: skip
    users, who = Users(store_of(centre)), Who("test", 1)
    asyncio.run(users.add("ada", "", "viewer", EVERYTHING, who))
    asyncio.run(users.add("bob", hash_of_password(), "admin", EVERYTHING, who))
    return Centre(centre.store, Settings(signin=rules), centre.clock)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def come(centre: Centre, provider: FakeProvider, browser: Browser | None = None) -> tuple[Browser, Answer]:
    browser = browser or Browser(centre)
    sent = browser.get("/signin/elsewhere?next=/terminals")
    assert sent.status == 303
    return browser, browser.get(path_of(provider.consent(sent.headers["location"])))


def test_the_way_there_is_offered(with_provider: Centre) -> None:
    assert "/signin/elsewhere?next=" in Browser(with_provider).get("/signin").text


def test_who_the_provider_knows_comes_in(with_provider: Centre, provider: FakeProvider) -> None:
    browser, answer = come(with_provider, provider)
    assert (answer.status, answer.headers["location"]) == (303, "/terminals")
    assert browser.get("/").status == 200


def test_from_then_on_he_is_known_by_the_providers_number(with_provider: Centre, provider: FakeProvider) -> None:
    come(with_provider, provider)
    provider.claims |= {"preferred_username": "renamed"}
    assert come(with_provider, provider)[1].status == 303
    provider.claims |= {"sub": "43", "preferred_username": "ada"}
    assert come(with_provider, provider)[1].status == 403, "another person who took the name"


@pytest.mark.parametrize("name", ["bob", "nobody", "", "operator"])
def test_a_name_at_the_provider_opens_no_account_with_a_password_and_makes_none(
    with_provider: Centre, provider: FakeProvider, name: str
) -> None:
    provider.claims |= {"preferred_username": name}
    assert come(with_provider, provider)[1].status == 403


def test_a_disabled_user_stays_out(with_provider: Centre, provider: FakeProvider) -> None:
    asyncio.run(Users(store_of(with_provider)).set_disabled("ada", Who("test", 1), disabled=True))
    assert come(with_provider, provider)[1].status == 403


def test_his_second_step_here_is_asked_for(with_provider: Centre, provider: FakeProvider) -> None:
    asyncio.run(Users(store_of(with_provider)).set_totp("ada", "A" * 32, [], Who("test", 1)))
    assert come(with_provider, provider)[1].headers["location"].startswith("/signin/code")


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}, {"nonce": "another"}, {"sub": None},
        {"nonce": None},
        {"iat": int(time.time()) + 9999},
    ],
)  # fmt: skip
def test_an_id_token_that_is_not_for_this_sign_in_is_refused(
    with_provider: Centre, provider: FakeProvider, lie: dict[str, Any]
) -> None:
    provider.claims |= lie
    if lie == {"sub": None}:
        del provider.claims["sub"]
    assert come(with_provider, provider)[1].status == 403


@pytest.mark.parametrize("algorithm", ["HS256", "none", "RS256"])
def test_an_id_token_signed_otherwise_is_refused(
    with_provider: Centre, provider: FakeProvider, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.algorithm = algorithm
    if algorithm == "RS256":
        provider.signs_with = new_key()
    elif algorithm == "none":
        monkeypatch.setattr(FakeProvider, "_signer", lambda _self: None)
    assert come(with_provider, provider)[1].status == 403


def test_a_code_of_another_browser_is_refused(with_provider: Centre, provider: FakeProvider) -> None:
    """Somebody sends the link with his own code to a victim, who would then work in his account."""
    sent = Browser(with_provider).get("/signin/elsewhere")
    back = path_of(provider.consent(sent.headers["location"]))
    victim = Browser(with_provider)
    assert victim.get(back).status == 403
    victim.get("/signin/elsewhere")
    assert victim.get(back).status == 403


def test_a_code_is_good_once(with_provider: Centre, provider: FakeProvider) -> None:
    browser = Browser(with_provider)
    sent = browser.get("/signin/elsewhere")
    back, kept = path_of(provider.consent(sent.headers["location"])), dict(browser.jar)
    assert browser.get(back).status == 303
    assert Browser(with_provider, jar=kept).get(back).status == 403


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied", "?code=x&state=y", "?code=&state=", "?code=%00&state=%ff"]
)
def test_what_comes_back_without_having_been_sent_is_refused(with_provider: Centre, query: str) -> None:
    browser = Browser(with_provider)
    assert browser.get(f"/signin/elsewhere/back{query}").status == 403
    browser.get("/signin/elsewhere")
    assert browser.get(f"/signin/elsewhere/back{query}").status == 403


def test_a_provider_that_does_not_answer_is_said(centre: Centre, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    rules = SignIn(
        public_url="http://localhost", oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT,
        oidc_client_secret_file=str(tmp_path / "secret"),
    )  # fmt: skip
    add_user(centre, "ada")
    assert Browser(Centre(centre.store, Settings(signin=rules), centre.clock)).get("/signin/elsewhere").status == 403


@pytest.mark.parametrize("url", ["http://provider.example", "ftp://x", "", None, "http://127.0.0.1.evil.example:1/"])
def test_a_provider_is_never_asked_in_the_clear(url: object) -> None:
    assert not is_safe(url)


def test_half_a_provider_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[signin]\noidc_issuer = "https://x"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="needs public_url"):
        load(file)
