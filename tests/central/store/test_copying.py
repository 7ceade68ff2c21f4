"""Copies made in use, and the way back."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from central.cli import main
from central.store import opening
from central.store.base import StoreError
from central.store.copying import backup, restore
from tests.central.helpers import a_delivery, a_postgres_store, a_store
from tests.fakes import postgres


def seqs(database: str) -> list[int]:
    store = opening.open_store(database)
    try:
        return [row.position.seq for row in asyncio.run(store.reports("t-1"))]
    finally:
        store.close()


def test_a_copy_made_in_use_holds_what_was_committed(tmp_path: Path) -> None:
    with a_store(tmp_path / "c.db") as store:
        asyncio.run(store.commit(a_delivery(seqs=(1, 2))))
        backup(str(tmp_path / "c.db"), tmp_path / "copy.db")
        asyncio.run(store.commit(a_delivery(seqs=(3,))))
    assert seqs(str(tmp_path / "copy.db")) == [2, 1]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_the_way_back_keeps_what_was_there(tmp_path: Path) -> None:
    database = str(tmp_path / "c.db")
    with a_store(tmp_path / "c.db") as store:
        asyncio.run(store.commit(a_delivery(seqs=(1,))))
        backup(database, tmp_path / "copy.db")
        asyncio.run(store.commit(a_delivery(seqs=(2,))))
    kept = restore(tmp_path / "copy.db", database, replace=True)
    assert seqs(database) == [1]
    assert seqs(str(kept)) == [2, 1]


def test_a_database_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    with a_store(tmp_path / "c.db"):
        backup(str(tmp_path / "c.db"), tmp_path / "copy.db")
    with pytest.raises(StoreError, match="--replace"):
        restore(tmp_path / "copy.db", str(tmp_path / "c.db"), replace=False)


def test_a_database_in_use_is_not_replaced(tmp_path: Path) -> None:
    with a_store(tmp_path / "c.db") as store:
        asyncio.run(store.commit(a_delivery(seqs=(1,))))
        backup(str(tmp_path / "c.db"), tmp_path / "copy.db")
        with pytest.raises(StoreError, match="in use"):
            restore(tmp_path / "copy.db", str(tmp_path / "c.db"), replace=True)
        asyncio.run(store.commit(a_delivery(seqs=(2,))))
    assert seqs(str(tmp_path / "c.db")) == [2, 1]


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\xff" * 4096 * 5
    path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil",
    [damage, lambda path: path.write_bytes(b"not a database at all" * 50), lambda path: path.write_bytes(b"")],
    ids=["damaged", "foreign", "empty"],
)
def test_a_copy_that_is_not_sound_is_refused(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    with a_store(tmp_path / "c.db"):
        backup(str(tmp_path / "c.db"), tmp_path / "copy.db")
    spoil(tmp_path / "copy.db")
    with pytest.raises(StoreError):
        restore(tmp_path / "copy.db", str(tmp_path / "other.db"), replace=False)
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize("name", ["central.db", "central.db-wal", "link"])
def test_a_copy_never_takes_the_place_of_the_database(tmp_path: Path, name: str) -> None:
    path = tmp_path / "central.db"
    with a_store(path) as store:
        asyncio.run(store.add_terminal("t-1", "", bytes(32), 1))
        (tmp_path / "link").symlink_to(path)
        before = path.stat().st_ino
        with pytest.raises(StoreError, match="the database itself"):
            backup(str(path), tmp_path / name)
        assert path.stat().st_ino == before


def test_a_copy_that_fails_leaves_the_older_one(tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("older")
    with pytest.raises(StoreError):
        backup(str(tmp_path / "none.db"), tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["copy.db"]


def test_postgres_there_and_back() -> None:
    with postgres.shared().database() as first, postgres.shared().database() as second:
        copy = postgres.shared().folder / "copy.dump"
        with a_postgres_store(first) as store:
            asyncio.run(store.commit(a_delivery(seqs=(1, 2))))
            backup(first, copy)
        restore(copy, second, replace=False)
        assert seqs(second) == [2, 1]
        with pytest.raises(StoreError, match="not empty"):
            restore(copy, second, replace=True)


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = ["--database", str(tmp_path / "c.db"), "--json"]
    assert main(["migrate", *database]) == 0
    assert main(["retention", *database]) == 0
    assert main(["backup", str(tmp_path / "copy.db"), *database]) == 0
    assert main(["restore", str(tmp_path / "copy.db"), *database]) == 1
    assert main(["restore", str(tmp_path / "copy.db"), "--replace", *database]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [sorted(one) for one in said[1:]] == [
        ["changes", "days", "hours", "partitions", "reports"], ["bytes", "file"], ["database", "kept"],
    ]  # fmt: skip
