"""Which reports are held: exact whatever comes in whatever order, and after the database was brought up to date."""

import asyncio
from contextlib import closing
from pathlib import Path

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st

from central.store.base import Store
from central.store.held import BLOCK, Window, blocks, not_held, sift
from central.store.hot import deliver
from central.store.migrate import known
from central.store.postgres import migrate as migrate_postgres
from central.store.sqlite import SqliteConnection, connect, migrate, migrate_connection
from tests.central.helpers import EPOCH, OTHER_EPOCH, a_delivery, a_postgres_store, a_store
from tests.fakes import postgres

EPOCHS = (EPOCH, OTHER_EPOCH, "00000000000000cc")
SEQS = st.lists(st.integers(1, 5 * BLOCK) | st.integers(10**9, 10**9 + 2 * BLOCK), min_size=1, max_size=6).map(tuple)
ARRIVALS = st.lists(st.tuples(st.sampled_from(("t-1", "t-2")), st.sampled_from(EPOCHS), SEQS), min_size=1, max_size=25)
BEFORE_WINDOW = 26
"""The version before migration 27."""
OLD = """INSERT INTO terminals (id, name, secret_sha256, created_at) VALUES ('t-1', '', '1', 1);
INSERT INTO epochs VALUES ('t-1', '00000000000000aa', 1, 1), ('t-1', '00000000000000bb', 2, 1);
INSERT INTO received VALUES ('t-1', 1, 0, 2, 0), ('t-1', 2, 0, 4, 0), ('t-1', 2, 3, 8, 0);
INSERT INTO reports VALUES ('t-1', 2, 183, 'heartbeat', 1, 1, 1, '{"old":1}');
INSERT INTO terminal_state (terminal, last_heard, clock_skew_s, repeats, heartbeat_epoch, heartbeat_seq, heartbeat_at,
interval_s, next_due, verdict, severity, iccid, heartbeat)
VALUES ('t-1', 1, 0, 5, 2, 183, 1, 900, 901, 'ok', 'ok', '8', '{}')"""


@settings(max_examples=60)
@given(st.lists(ARRIVALS, min_size=1, max_size=3))
def test_every_report_is_new_once_in_whatever_order_they_come(
    groups: list[list[tuple[str, str, tuple[int, ...]]]],
) -> None:
    with closing(connect(Path(":memory:"))) as raw:
        connection = SqliteConnection(raw)
        migrate_connection(connection, 1, known())
        held: set[tuple[str, str, int]] = set()
        for group in groups:
            deliveries = [a_delivery(terminal, seqs=seqs, epoch=epoch) for terminal, epoch, seqs in group]
            receipts = deliver(connection, deliveries)
            for one, receipt in zip(deliveries, receipts, strict=True):
                keys = {(one.terminal, one.epoch, report.seq) for report in one.reports}
                assert (receipt.new, receipt.new + receipt.repeated) == (len(keys - held), len(one.reports))
                held |= keys
        stored = raw.execute("SELECT r.terminal, e.epoch, r.seq FROM reports r JOIN epochs e "
                             "ON e.terminal = r.terminal AND e.number = r.epoch_number").fetchall()  # fmt: skip
        assert sorted(stored) == sorted(held)
        newest = "SELECT terminal, max(epoch_number * 1e12 + seq) FROM reports GROUP BY 1 ORDER BY 1"
        present = "SELECT terminal, heartbeat_epoch * 1e12 + heartbeat_seq FROM terminal_state ORDER BY 1"
        assert raw.execute(present).fetchall() == raw.execute(newest).fetchall()


def test_reports_in_their_order_leave_received_alone_until_a_block_is_full() -> None:
    window, asked = Window(), 0
    for seq in range(1, 4 * BLOCK):
        found = sift(window, 1, blocks(a_delivery(seqs=(seq,)).reports))
        asked += len(found.older) + len(found.left)
    assert asked == 3


def test_a_number_twice_in_one_delivery_is_one_report() -> None:
    reports = a_delivery(seqs=(7, 7)).reports
    assert not_held(reports, {0: 0}) == [reports[0]]


def test_what_was_held_before_the_window_was_there_is_still_a_repeat(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with closing(connect(path)) as raw:
        migrate_connection(SqliteConnection(raw), 1, [one for one in known() if one.version <= BEFORE_WINDOW])
        raw.executescript(OLD.replace("'1', 1)", "x'01', 1)"))
    migrate(path)
    with a_store(path) as store:
        asyncio.run(_delivers_again(store))


def test_the_same_on_postgresql() -> None:
    with postgres.shared().database() as url:
        migrate_postgres(url, 1, [one for one in known("postgres") if one.version <= BEFORE_WINDOW])
        with psycopg.connect(url) as raw:
            raw.execute(OLD.encode())
        with a_postgres_store(url) as store:
            asyncio.run(_delivers_again(store))


async def _delivers_again(centre: Store) -> None:
    newest = await centre.commit(a_delivery(epoch=OTHER_EPOCH, seqs=(183, 184), at=2000))
    older = await centre.commit(a_delivery(epoch=OTHER_EPOCH, seqs=(2, 3), at=2000))
    first = await centre.commit(a_delivery(epoch=EPOCH, seqs=(1, 2), at=2000))
    row = await centre.terminal("t-1")
    assert [one.new for one in (newest, older, first)] == [1, 1, 1]
    assert row is not None
    assert row.heartbeat is not None
    assert (row.repeats, row.heartbeat.epoch_number, row.heartbeat.seq) == (8, 2, 184)
    assert len(await centre.reports("t-1")) == 4
