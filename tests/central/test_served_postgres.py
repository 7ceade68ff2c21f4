"""`posagent-central serve` on a real PostgreSQL: two processes, one database, kill -9."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from central import auth
from central.cli import main
from tests.central.helpers import Process, a_postgres_store, batch, record
from tests.fakes import postgres


@pytest.fixture
def url() -> Iterator[str]:
    with postgres.shared().database() as made:
        yield made


def registered(url: str) -> str:
    secret = auth.new_secret()
    with a_postgres_store(url) as store:
        asyncio.run(store.add_terminal("t-1", "", auth.digest(secret), 0))
    return f"t-1:{secret}"


def post(port: int, credential: str, body: bytes) -> dict[str, object]:
    headers = {"authorization": f"Bearer {credential}", "content-type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/reports", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - http, just above
        told: dict[str, object] = json.loads(answer.read())
    return told


def test_two_processes_share_a_database(url: str) -> None:
    credential = registered(url)
    with Process(url, ()) as first, Process(url, ()) as second:  # type: ignore[arg-type]
        assert post(first.port, credential, batch(record(1), record(2)))["acked"] == 2
        assert post(second.port, credential, batch(record(2), record(3)))["acked"] == 2
        assert (first.stop(), second.stop()) == (0, 0)
    with a_postgres_store(url) as store:
        assert [row.position.seq for row in asyncio.run(store.reports("t-1"))] == [3, 2, 1]
        row = asyncio.run(store.terminal("t-1"))
    assert row is not None
    assert row.repeats == 1


def test_what_was_acknowledged_survives_a_kill(url: str) -> None:
    credential = registered(url)
    with Process(url, ()) as centre:  # type: ignore[arg-type]
        post(centre.port, credential, batch(record(1)))
        centre.kill()
    with a_postgres_store(url) as store:
        assert len(asyncio.run(store.reports("t-1"))) == 1


def test_check_and_migrate_know_postgres(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--database", url]) == 1
    assert "migrations wait" in capsys.readouterr().out
    assert main(["migrate", "--database", url]) == 0
    assert main(["check", "--database", url]) == 0
    assert main(["check", "--database", f"postgresql://me:hunter2@/x?host={tmp_path}", "--json"]) == 1
    assert "hunter2" not in "".join(capsys.readouterr())
