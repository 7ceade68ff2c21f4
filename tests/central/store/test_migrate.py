"""Versions go forward, once each, all or nothing."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from central.store.base import StoreUnavailable
from central.store.migrate import Migration, WrongVersion, known, pending, statements
from central.store.sqlite import SqliteConnection, connect, migrate, migrate_connection
from central.store.sqlite import pending as pending_in_file

ONE = Migration(
    1, "one", "CREATE TABLE a (x TEXT DEFAULT ';') STRICT;\n-- a remark; with a semicolon\nCREATE TABLE b (y);\n"
)
TWO = Migration(2, "two", "CREATE TABLE c (z);")


def tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_new_database_gets_everything_once(tmp_path: Path) -> None:
    names = [f"{migration.version:04d}_{migration.name}" for migration in known()]
    assert migrate(tmp_path / "c.db") == names
    assert migrate(tmp_path / "c.db") == []
    assert pending_in_file(tmp_path / "c.db") == []


def test_only_what_is_missing_is_applied(tmp_path: Path) -> None:
    connection = connect(tmp_path / "c.db")
    assert migrate_connection(SqliteConnection(connection), 1, [ONE]) == ["0001_one"]
    assert migrate_connection(SqliteConnection(connection), 2, [ONE, TWO]) == ["0002_two"]
    assert {"a", "b", "c"} <= tables(connection)
    connection.close()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    connection = connect(tmp_path / "c.db")
    with pytest.raises(sqlite3.OperationalError):
        migrate_connection(SqliteConnection(connection), 1, [ONE, Migration(2, "bad", "CREATE TABLE a (again);")])
    assert tables(connection) == set()
    connection.close()


def test_a_newer_database_is_refused() -> None:
    with pytest.raises(WrongVersion, match=r"version 3.*knows 2"):
        pending({1, 2, 3}, [ONE, TWO])


def test_two_that_start_together_apply_it_once(tmp_path: Path) -> None:
    applied: list[list[str]] = []
    threads = [threading.Thread(target=lambda: applied.append(migrate(tmp_path / "c.db"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(len, applied)) == [0, 0, 0, len(known())]


def test_statements_are_told_apart() -> None:
    assert len(statements(ONE.sql)) == 2


def test_versions_are_numbered_once_each() -> None:
    versions = [migration.version for migration in known()]
    assert versions == sorted(set(versions))
    assert versions[0] == 1


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "c.db").write_text("this is not a database, and long enough to be read as one" * 20)
    with pytest.raises(StoreUnavailable, match="not a database"):
        migrate(tmp_path / "c.db")


def test_a_directory_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"unable to open"):
        migrate(tmp_path / "none" / "c.db")


def test_a_new_database_is_the_folders_owners_alone_though_root_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[object, int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, user, group: given.append((path, user, group)))
    path, folder = tmp_path / "central.db", tmp_path.stat()
    migrate(path)
    assert path.stat().st_mode & 0o777 == 0o600
    migrate(path)
    assert given == [(path, folder.st_uid, folder.st_gid)], "once: the owner may have been changed since"
