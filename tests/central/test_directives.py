"""Directives from an operator to the terminal's answer, and back as an acknowledgement."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.wire.kinds import KINDS, MAX_OPEN
from central.cli import main
from central.orders import TTL_S, new_directive
from central.store.base import Acknowledged, StoreRefused
from tests.central.helpers import Answer, Centre, a_postgres_store, a_store, batch, record, registered
from tests.central.store.test_store_contract import STORES, Opener
from tests.fakes import postgres

ROUTE = "/api/v1/terminals/t-1/directives"


@pytest.fixture(params=STORES)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    if request.param == "sqlite":
        yield lambda: a_store(tmp_path / "central.db")
        return
    with postgres.shared().database() as url:
        yield lambda: a_postgres_store(url)


def send(centre: Centre, kind: str = "run-diag", **more: object) -> Answer:
    body = json.dumps({"kind": kind} | more).encode()
    return centre.ask("POST", ROUTE, {"content-type": "application/json"}, (body,))


def asked(centre: Centre, seq: int) -> list[dict[str, Any]]:
    centre.clock.advance(TTL_S)
    answer = centre.post(batch(record(seq), sent_at=int(centre.clock.wall())))
    assert answer.status == 200
    return list(answer.json.get("directives", []))


def acknowledge(centre: Centre, seq: int, name: str, outcome: str = "done") -> Answer:
    return centre.post(batch(record(seq, "directive", id=name, code="run-diag", outcome=outcome, detail="well")))


def test_it_comes_with_every_answer_until_it_is_acknowledged(centre: Centre) -> None:
    name = send(centre).json["id"]
    assert [one["id"] for one in asked(centre, 1)] == [name]
    assert [one["id"] for one in asked(centre, 2)] == [name]
    acknowledge(centre, 3, name)
    assert asked(centre, 4) == []
    (shown,) = centre.get(ROUTE).json["directives"]
    assert (shown["state"], shown["outcome"], shown["detail"]) == ("acknowledged", "done", "well")


def test_long_ones_come_in_as_many_answers_as_they_need(centre: Centre) -> None:
    facts = [{"fact": "balance", "value": "é" * 38}] * 14
    names = {send(centre, "plan-facts", body={"facts": facts}).json["id"] for _ in range(14)}
    first = {one["id"] for one in asked(centre, 1)}
    assert 1 < len(first) < len(names)
    for seq, name in enumerate(first, start=2):
        acknowledge(centre, seq, name)
    assert {one["id"] for one in asked(centre, 40)} == names - first


def test_it_comes_to_its_terminal_only(centre: Centre) -> None:
    centre.register("t-2")
    send(centre)
    centre.clock.advance(TTL_S)
    assert "directives" not in centre.post(batch(record(1)), "t-2").json
    centre.post(batch(record(2, "directive", id="x", code="run-diag", outcome="done")), "t-2")
    assert len(asked(centre, 1)) == 1


def test_an_acknowledgement_by_another_terminal_is_none(centre: Centre) -> None:
    centre.register("t-2")
    name = send(centre).json["id"]
    centre.post(batch(record(2, "directive", id=name, code="run-diag", outcome="done")), "t-2")
    assert len(asked(centre, 1)) == 1


def test_the_brief_answer_makes_room_for_it(centre: Centre) -> None:
    session = centre.post(batch(record(1), sent_at=int(centre.clock.wall()))).json["session"]
    again = batch(record(2), sent_at=int(centre.clock.wall()))
    assert centre.ask("POST", f"/~{session}", parts=(again,)).status == 204
    send(centre)
    centre.clock.advance(TTL_S)
    answer = centre.ask("POST", f"/~{session}", parts=(again,))
    assert (answer.status, len(answer.json["directives"])) == (200, 1)


def test_it_expires(centre: Centre) -> None:
    send(centre, expires_s=60)
    centre.clock.advance(61)
    assert asked(centre, 1) == []
    assert centre.get(ROUTE).json["directives"][0]["state"] == "expired"


def test_it_can_be_withdrawn(centre: Centre) -> None:
    name = send(centre).json["id"]
    assert centre.ask("DELETE", f"{ROUTE}/{name}").status == 200
    assert centre.ask("DELETE", f"{ROUTE}/{name}").status == 404
    assert asked(centre, 1) == []


def test_a_terminal_told_to_rotate_may_change_its_secret_once(centre: Centre) -> None:
    send(centre, "rotate-credential")
    old = {"authorization": f"Bearer t-1:{centre.secrets['t-1']}"}
    fresh = json.dumps({"secret_sha256": "ab" * 32}).encode()
    assert centre.ask("POST", "/v1/enroll", old, (fresh,)).status == 200
    assert centre.ask("POST", "/v1/enroll", old, (fresh,)).status == 401


@pytest.mark.parametrize(
    "asked_for",
    [
        {"kind": "run-command", "body": {"command": "id"}},
        {"kind": "cadence", "body": {}},
        {"kind": "plan-facts", "body": {"facts": []}},
        {"kind": "run-diag", "expires_s": 5},
        {"kind": 7},
        {"kind": "run-diag", "expires_s": True},
    ],
)
def test_what_no_terminal_does_is_refused(centre: Centre, asked_for: dict[str, object]) -> None:
    answer = centre.ask("POST", ROUTE, {"content-type": "application/json"}, (json.dumps(asked_for).encode(),))
    assert (answer.status, answer.json["error"]["code"]) == (400, "bad_directive")


def test_a_form_on_another_page_cannot_ask(centre: Centre) -> None:
    assert centre.ask("POST", ROUTE, {"content-type": "text/plain"}, (b'{"kind": "run-diag"}',)).status == 415


def test_the_command_sends_lists_and_withdraws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registered(tmp_path / "central.db", "t-1")
    flags = ["--database", str(tmp_path / "central.db"), "--json"]
    (tmp_path / "body.json").write_text('{"heartbeat_s": 300}')
    assert main(["directive", "send", "t-1", "cadence", str(tmp_path / "body.json"), *flags]) == 0
    name = json.loads(capsys.readouterr().out)["id"]
    assert main(["directive", "list", "t-1", *flags]) == 0
    assert json.loads(capsys.readouterr().out)["body"] == {"heartbeat_s": 300}
    assert main(["directive", "withdraw", "t-1", name, *flags]) == 0
    assert main(["directive", "withdraw", "t-1", name, *flags]) == 1
    assert main(["directive", "send", "t-9", "run-diag", *flags]) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_in_the_documents(kind: str) -> None:
    assert f"`{kind}`" in (Path(__file__).parents[2] / "docs" / "directives.md").read_text(encoding="utf-8")


def test_the_first_acknowledgement_counts(opener: Opener) -> None:
    with opener() as store:
        asyncio.run(store.add_terminal("t-1", "", b"1" * 32, 1))
        row = new_directive("t-1", "run-diag", {}, 1000, 600, "me")
        asyncio.run(store.send_directives([row], MAX_OPEN))
        assert asyncio.run(store.terminals_with_directives(1001)) == {"t-1"}
        assert asyncio.run(store.directives_due("t-1", 1001, 9)) == [row]
        for outcome in ("done", "failed"):
            asyncio.run(
                store.acknowledge_directives(
                    "t-1", [Acknowledged(row.id, outcome, ""), Acknowledged("no", "done", "")], 1002
                )
            )
        assert [one.outcome for one in asyncio.run(store.directives("t-1"))] == ["done"]
        assert asyncio.run(store.terminals_with_directives(1003)) == frozenset()


def test_so_many_may_wait(opener: Opener) -> None:
    with opener() as store:
        asyncio.run(store.add_terminal("t-1", "", b"1" * 32, 1))
        for _ in range(2):
            asyncio.run(store.send_directives([new_directive("t-1", "run-diag", {}, 1000, 600, "me")], 2))
        with pytest.raises(StoreRefused):
            asyncio.run(store.send_directives([new_directive("t-1", "run-diag", {}, 1000, 600, "me")], 2))
