"""What is PostgreSQL's own: keys that distribute, several writers at once, a server that goes and comes back."""

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from central.retention import Keep, thin
from central.store import partitions
from central.store.base import Delivery, NewReport, StoreUnavailable
from central.store.migrate import Migration, WrongVersion, known
from central.store.opening import open_store, shown
from central.store.postgres import PostgresConnection, PostgresStore, migrate, pending_in
from tests.central.helpers import EPOCH, OTHER_EPOCH, a_delivery, a_postgres_store
from tests.fakes import postgres
from tests.fakes.postgres import Cluster

WITHOUT_TERMINAL = {
    "audit", "card_acts", "card_facts", "cards", "deliveries", "enrol_codes", "holidays", "incidents", "knocks",
    "lineage", "outages", "payments", "plans", "platform_state", "pools", "pulse", "recovery_codes", "renewal_batches",
    "renewal_locks", "roster_pulse", "saved_views", "schema_versions", "tokens", "users", "visits", "vouchers",
}  # fmt: skip
"""Small tables of the centre itself, on every node of a cluster."""
KEYS = """SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
WHERE n.nspname = 'public' AND i.indisunique AND NOT c.relispartition GROUP BY c.relname, i.indexrelid"""
TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"""
ROOT = Path(__file__).parents[3]
JOIN = re.compile(
    r"(?:FROM (?P<first>\w+) \w+\s+(?:LEFT )?)?\bJOIN (?!pg_)(?P<joined>\w+) (?P<alias>\w+) ON\s+(?P<on>[^\n]+)"
)
NOW = 1_790_000_000


@pytest.fixture
def url() -> Iterator[str]:
    with postgres.shared().database() as made:
        yield made


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_every_unique_key_carries_the_terminal(url: str) -> None:
    migrate(url)
    keys = [(str(table), names) for table, names in rows(url, KEYS)]
    wrong = [
        (table, names) for table, names in keys
        if table not in WITHOUT_TERMINAL and ("id" if table == "terminals" else "terminal") not in str(names)
    ]  # fmt: skip
    assert len(keys) > 5
    assert not wrong


def test_the_recipe_for_a_cluster_names_every_table_with_what_it_is_distributed_by(url: str) -> None:
    migrate(url)
    recipe = (ROOT / "docs" / "central-postgres.md").read_text(encoding="utf-8")
    by_terminal = re.findall(r"create_distributed_table\('(\w+)', '(\w+)'", recipe)
    whole = re.findall(r"create_reference_table\('(\w+)'\)", recipe)
    tables = {str(name) for (name,) in rows(url, TABLES)}
    assert sorted([*dict(by_terminal), *whole]) == sorted(tables)
    assert set(whole) == WITHOUT_TERMINAL
    assert {(table, column) for table, column in by_terminal} == {
        (table, "id" if table == "terminals" else "terminal") for table in tables - WITHOUT_TERMINAL
    }


def test_every_join_carries_the_terminal() -> None:
    """Or joins a small table, which is on every node of a cluster: each node then does it alone."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "central").rglob("*.py")]
    joins = [found for source in sources for found in JOIN.finditer(source)]
    wrong = [
        found[0] for found in joins
        if not {found["first"], found["joined"]} & WITHOUT_TERMINAL
        and not re.search(r"\bterminal = \w+\.(id|terminal)\b|\bid = \w+\.terminal\b", found["on"])
    ]  # fmt: skip
    assert len(joins) > 8
    assert not wrong


def test_a_new_database_gets_everything_once(url: str) -> None:
    assert pending_in(url) == migrate(url)
    assert migrate(url) == pending_in(url) == []


def test_those_that_start_together_apply_it_once(url: str) -> None:
    applied: list[list[str]] = []
    threads = [threading.Thread(target=lambda: applied.append(migrate(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(len, applied)) == [0, 0, 0, len(known("postgres"))]


def test_a_migration_that_fails_leaves_nothing_behind(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="already exists"):
        migrate(url, 1, [Migration(1, "bad", "CREATE TABLE a (x int);\nCREATE TABLE a (x int);\n")])
    assert rows(url, "SELECT to_regclass('a'), to_regclass('schema_versions')") == [(None, None)]


def test_a_newer_database_is_refused(url: str) -> None:
    migrate(url)
    rows(url, "INSERT INTO schema_versions VALUES (999, 'from the future', 1) RETURNING 1")
    with pytest.raises(WrongVersion):
        migrate(url)


def test_both_databases_know_the_same_versions() -> None:
    assert [(one.version, one.name) for one in known("sqlite")] == [
        (one.version, one.name) for one in known("postgres")
    ]


def test_two_processes_store_the_same_report_once(url: str) -> None:
    """Two centres behind a load balancer, a terminal that sends again to the other one before the first answers."""

    async def race(first: PostgresStore, second: PostgresStore) -> int:
        sent = [
            store.commit(a_delivery(f"t-{number}", seqs=(1, 2, 3), epoch=epoch))
            for number in range(20)
            for epoch in (EPOCH, OTHER_EPOCH)
            for store in (first, second)
        ]
        return sum(receipt.new for receipt in await asyncio.gather(*sent))

    with a_postgres_store(url) as first, a_postgres_store(url) as second:
        assert asyncio.run(race(first, second)) == 20 * 2 * 3
        numbers = rows(url, "SELECT count(*), count(DISTINCT (terminal, number)), max(number) FROM epochs")
    assert numbers == [(40, 40, 2)]


def test_a_text_the_database_cannot_hold_harms_nobody_else(url: str) -> None:
    async def both(store: PostgresStore) -> list[object]:
        bad = Delivery("t-0", EPOCH, 1000, 0, (NewReport(1, "gap", 1, 1, "\0"),))
        sent = [store.commit(one) for one in (a_delivery("t-1"), bad, a_delivery("t-2"))]
        return await asyncio.gather(*sent, return_exceptions=True)

    with a_postgres_store(url) as store:
        results = asyncio.run(both(store))
    assert [type(result).__name__ for result in results] == ["Receipt", "StoreUnavailable", "Receipt"]


def test_reports_lie_in_the_partition_of_their_week(url: str) -> None:
    migrate(url, NOW)
    with a_postgres_store(url) as store:
        asyncio.run(store.commit(a_delivery(seqs=(1,), at=NOW)))
        asyncio.run(store.commit(a_delivery(seqs=(2,), at=1000)))
    placed = rows(url, "SELECT tableoid::regclass::text, seq FROM reports ORDER BY seq")
    assert placed == [(f"reports_w{NOW // partitions.WEEK_S}", 1), ("reports_else", 2)]


def test_a_repeat_is_a_repeat_after_its_partition_was_dropped(url: str) -> None:
    migrate(url, NOW)
    later = NOW + 90 * 86_400
    with a_postgres_store(url) as store:
        asyncio.run(store.commit(a_delivery(at=NOW)))
        thinned = asyncio.run(thin(store, Keep(), later))
        again = asyncio.run(store.commit(a_delivery(at=later)))
        assert asyncio.run(store.reports("t-1")) == []
        there = asyncio.run(store.write(partitions.weeks))
    assert thinned.reports == 1
    assert NOW // partitions.WEEK_S not in there
    assert (again.new, again.repeated) == (0, 1)


def test_a_week_that_came_unprepared_stays_where_it_is(url: str) -> None:
    migrate(url, NOW)
    far = NOW + 20 * partitions.WEEK_S
    with a_postgres_store(url) as store:
        asyncio.run(store.commit(a_delivery(at=far)))
        made = asyncio.run(store.write(lambda session: partitions.ensure(session, far)))
    assert far // partitions.WEEK_S not in made
    assert far // partitions.WEEK_S + 1 in made


def test_a_server_that_dies_is_said_and_gotten_over() -> None:
    cluster = Cluster("fsync=on")
    try:
        with a_postgres_store(cluster.url()) as store:
            asyncio.run(store.add_terminal("t-1", "", b"1", 1))
            asyncio.run(store.commit(a_delivery(seqs=(1,))))
            cluster.halt()
            for attempt in (store.commit(a_delivery(seqs=(2,))), store.ready(), store.credential("t-1")):
                with pytest.raises(StoreUnavailable):
                    asyncio.run(attempt)
            cluster.start()
            assert asyncio.run(store.commit(a_delivery(seqs=(1, 2)))).new == 1
            asyncio.run(store.ready())
            assert asyncio.run(store.credential("t-1")) is not None
    finally:
        cluster.stop()


def test_many_who_ask_for_credentials_share_the_way(url: str) -> None:
    async def ask_all(store: PostgresStore) -> list[bool]:
        for number in range(30):
            await store.add_terminal(f"t-{number}", "", b"1", 1)
        found = await asyncio.gather(*(store.credential(f"t-{number}") for number in range(40)))
        return [one is not None for one in found]

    with a_postgres_store(url) as store:
        assert asyncio.run(ask_all(store)) == [True] * 30 + [False] * 10


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as said:
        open_store("postgresql://me:hunter2@/x?host=/nonexistent")
    assert "hunter2" not in str(said.value)
    assert shown("postgresql://me:hunter2@db.example/x") == "postgresql://db.example/x"


def test_commits_are_durable_even_where_the_server_was_told_otherwise(url: str) -> None:
    connection = PostgresConnection(url + "&options=-csynchronous_commit%3Doff")
    connection.begin()
    assert connection.rows("SHOW synchronous_commit") == [("on",)]
    connection.rollback()
    connection.close()
