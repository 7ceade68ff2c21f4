"""Many requests, few commits; one bad job harms nobody; a full disk is said."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.store.base import Receipt, StoreRefused, StoreUnavailable
from central.store.database import Session
from central.store.sqlite import SqliteConnection, SqliteStore, connect
from central.store.writer import GroupWriter
from tests.central.helpers import a_delivery, a_store


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[GroupWriter]:
    connection = connect(tmp_path / "w.db")
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT")
    made = GroupWriter(SqliteConnection(connection), max_waiting=50)
    yield made
    made.close()


async def together(writer: GroupWriter, *numbers: object) -> list[int | BaseException]:
    """Inserts that wait for one commit: the writer is held until all of them are in the queue."""
    gate, holding = threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_: Session) -> int:
        holding.set()
        gate.wait(60)
        return 0

    def job(number: object) -> "asyncio.Task[int]":
        return loop.create_task(writer.run(lambda session: session.run("INSERT INTO t VALUES (?)", (number,))))

    held = loop.create_task(writer.run(hold))
    await asyncio.to_thread(holding.wait, 60)
    jobs = [job(number) for number in numbers]
    await asyncio.sleep(0)
    gate.set()
    await held
    return await asyncio.gather(*jobs, return_exceptions=True)


def stored(tmp_path: Path) -> list[int]:
    connection = connect(tmp_path / "w.db")
    rows = [row[0] for row in connection.execute("SELECT n FROM t ORDER BY n")]
    connection.close()
    return rows


def test_those_who_wait_share_a_commit(writer: GroupWriter, tmp_path: Path) -> None:
    assert asyncio.run(together(writer, *range(40))) == [1] * 40
    assert writer.stats().commits <= 3
    assert stored(tmp_path) == list(range(40))


def test_one_bad_job_harms_nobody_else(writer: GroupWriter, tmp_path: Path) -> None:
    results = asyncio.run(together(writer, 1, 10**30, 2))
    assert isinstance(results[1], StoreUnavailable)
    assert (results[0], results[2], stored(tmp_path)) == (1, 1, [1, 2])


def test_a_refusal_harms_nobody_else(tmp_path: Path) -> None:
    async def both(store: SqliteStore) -> list[BaseException | None]:
        adding = [store.add_terminal(name, "", b"", 1) for name in ("a", "a", "b")]
        return await asyncio.gather(*adding, return_exceptions=True)

    with a_store(tmp_path / "central.db") as store:
        results = asyncio.run(both(store))
        assert [type(result) for result in results] == [type(None), StoreRefused, type(None)]


def test_a_queue_that_is_full_refuses(writer: GroupWriter) -> None:
    results = asyncio.run(together(writer, *range(60)))
    assert sum(isinstance(result, StoreUnavailable) for result in results) == 10


def test_a_closed_writer_refuses(writer: GroupWriter) -> None:
    writer.close()
    with pytest.raises(StoreUnavailable):
        asyncio.run(writer.run(lambda _: None))


def test_closing_commits_what_waits(tmp_path: Path) -> None:
    async def deliver_and_close(store: SqliteStore) -> list[Receipt]:
        waiting = [asyncio.ensure_future(store.commit(a_delivery(seqs=(seq,)))) for seq in range(1, 51)]
        await asyncio.sleep(0)
        await asyncio.to_thread(store.close)
        return await asyncio.gather(*waiting)

    receipts = asyncio.run(deliver_and_close(SqliteStore(tmp_path / "central.db")))
    assert [receipt.new for receipt in receipts] == [1] * 50


def test_a_disk_that_is_full_is_said_and_gotten_over(tmp_path: Path) -> None:
    path = tmp_path / "central.db"
    with a_store(path) as store:
        connection = store._writer._connection.raw  # type: ignore[attr-defined]
        asyncio.run(store.commit(a_delivery(seqs=(1,))))
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreUnavailable, match="full"):
            asyncio.run(store.commit(a_delivery(seqs=tuple(range(2, 400)))))
        with pytest.raises(StoreUnavailable):
            asyncio.run(store.ready())
        connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        assert asyncio.run(store.commit(a_delivery(seqs=tuple(range(2, 400))))).new == 398
        asyncio.run(store.ready())
