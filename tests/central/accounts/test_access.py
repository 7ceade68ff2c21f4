"""Alice and Bob are terminals, the operator has a token, Mallory has nothing."""

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from central import auth
from central.app import make_app
from central.config import ConfigError, Server, Settings
from tests.central.helpers import Centre, a_store, batch, record

TOKEN = "a token of the operators"
PAGES = ("/", "/terminals/alice")
FACTS = ("/api/v1/terminals", "/api/v1/terminals/alice", "/api/v1/terminals/alice/reports", "/metrics")


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Centre]:
    with a_store(tmp_path / "central.db") as store:
        made = Centre(store, Settings(server=Server(listen="0.0.0.0:8480")), operator_token=TOKEN)
        made.register("alice")
        made.register("bob")
        yield made


def basic(password: str, user: str = "op") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def knock(centre: Centre, authorization: str) -> int:
    return centre.ask("POST", "/v1/reports", {"authorization": authorization}, (batch(record(1)),)).status


def test_a_terminal_comes_in_with_its_own_secret(guarded: Centre) -> None:
    assert guarded.post(batch(record(1)), "alice").status == 200


def test_one_terminals_secret_is_no_good_for_another(guarded: Centre) -> None:
    assert knock(guarded, f"Bearer bob:{guarded.secrets['alice']}") == 401


def test_a_revoked_terminal_is_refused_at_once(guarded: Centre) -> None:
    asyncio.run(guarded.store.revoke("alice", 1))
    assert guarded.post(batch(record(1)), "alice").status == 401


def test_after_a_rotation_only_the_new_secret_is_good(guarded: Centre) -> None:
    fresh = auth.new_secret()
    asyncio.run(guarded.store.rotate("alice", auth.digest(fresh), 1))
    assert guarded.post(batch(record(1)), "alice").status == 401
    assert knock(guarded, f"Bearer alice:{fresh}") == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer alice",
        "Bearer alice:",
        "Bearer :" + "A" * 43,
        "Bearer alice:" + "A" * 43,
        "Bearer nobody:" + "A" * 43,
        "Bearer alice:" + "A" * 42 + "é",
        "Bearer ../alice:" + "A" * 43,
        "Bearer alice:" + "A" * 5000,
        "Basic " + base64.b64encode(b"alice:" + b"A" * 43).decode(),
        f"Bearer {TOKEN}",
    ],
)
def test_mallory_is_refused(guarded: Centre, authorization: str) -> None:
    answer = guarded.ask("POST", "/v1/reports", {"authorization": authorization}, (batch(record(1)),))
    assert (answer.status, answer.json["error"]["code"]) == (401, "unauthorized")


def test_a_stranger_and_a_wrong_secret_get_the_same_answer(guarded: Centre) -> None:
    answers = [
        guarded.ask("POST", "/v1/reports", {"authorization": f"Bearer {name}:{'A' * 43}"}, (b"x",))
        for name in ("alice", "nobody")
    ]
    assert answers[0] == answers[1]


def test_a_stranger_costs_the_same_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []
    monkeypatch.setattr(auth.hmac, "compare_digest", lambda mine, theirs: compared.append(theirs) or mine == theirs)
    assert not auth.secret_matches("A" * 43, None)
    assert [len(theirs) for theirs in compared] == [32]


def test_nothing_of_a_strangers_body_is_read(guarded: Centre) -> None:
    answer = guarded.ask("POST", "/v1/reports", {"content-encoding": "deflate", "content-length": "9" * 12}, (b"",))
    assert answer.status == 401


@pytest.mark.parametrize("target", PAGES + FACTS)
def test_the_operator_comes_in_with_the_token(guarded: Centre, target: str) -> None:
    assert guarded.get(target, authorization=f"Bearer {TOKEN}").status == 200
    assert guarded.get(target, authorization=basic(TOKEN)).status == 200


@pytest.mark.parametrize("target", [*PAGES, *FACTS, "/nowhere"])
@pytest.mark.parametrize("authorization", ["", "Bearer wrong", basic("wrong"), "Basic !!", "Basic " + "A" * 4000])
def test_nobody_else_sees_the_console(guarded: Centre, target: str, authorization: str) -> None:
    assert guarded.get(target, authorization=authorization).status == 401


def test_a_terminal_is_no_operator(guarded: Centre) -> None:
    own = f"Bearer alice:{guarded.secrets['alice']}"
    assert guarded.get("/api/v1/terminals", authorization=own).status == 401


def test_a_browser_is_asked_for_a_password_and_a_program_for_a_token(guarded: Centre) -> None:
    assert guarded.get("/").headers["www-authenticate"].startswith("Basic ")
    assert guarded.get("/api/v1/terminals").headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("target", ["/healthz", "/readyz"])
def test_health_needs_no_token(guarded: Centre, target: str) -> None:
    assert guarded.get(target).status == 200


@pytest.mark.parametrize("host", ["localhost", "localhost:8480", "127.0.0.1:8480", "[::1]:8480"])
def test_without_a_token_the_machine_itself_may_look(centre: Centre, host: str) -> None:
    assert centre.get("/", host=host).status == 200


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "192.0.2.1:8480", "127.0.0.1:8480:1"])
def test_without_a_token_a_rebound_name_is_refused(centre: Centre, host: str) -> None:
    assert centre.get("/", host=host).status == 403


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "via", "x_real_ip"])
def test_without_a_token_nobody_looks_through_a_proxy(centre: Centre, header: str) -> None:
    assert centre.get("/api/v1/terminals", **{header: "192.0.2.1"}).status == 403


@pytest.mark.parametrize("listen", ["0.0.0.0:8480", "[::]:8480", "192.0.2.1:8480", "centre.example:8480"])
def test_an_open_console_on_a_network_is_not_made(centre: Centre, listen: str) -> None:
    with pytest.raises(ConfigError):
        make_app(Settings(server=Server(listen=listen)), centre.store)
