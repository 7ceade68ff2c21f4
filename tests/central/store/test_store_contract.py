"""What every store promises; a new one joins by adding itself to STORES."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central import fleet
from central.fleet import STATUSES, Heard, Rules, Status
from central.store.base import Delivery, Filter, NewRejection, Position, Store, StoreRefused
from tests.central.helpers import EPOCH, OTHER_EPOCH, a_change, a_delivery, a_postgres_store, a_store
from tests.fakes import postgres

T = TypeVar("T")
RULES = Rules()
Opener = Callable[[], AbstractContextManager[Store]]
STORES = ("sqlite", "postgres")


def wait(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture(params=STORES)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same database again and again."""
    if request.param == "sqlite":
        yield lambda: a_store(tmp_path / "central.db")
        return
    with postgres.shared().database() as url:
        yield lambda: a_postgres_store(url)


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    with opener() as opened:
        wait(opened.add_terminal("t-1", "first", b"\1" * 32, 900))
        yield opened


def seqs(store: Store, terminal: str = "t-1") -> list[tuple[int, int]]:
    rows = wait(store.reports(terminal))
    return [(row.position.epoch_number, row.position.seq) for row in rows]


def test_credential_of_a_registered_terminal_is_found(store: Store) -> None:
    found = wait(store.credential("t-1"))
    assert found is not None
    assert (found.secret_sha256, found.revoked) == (b"\1" * 32, False)


def test_nobody_has_no_credential(store: Store) -> None:
    assert wait(store.credential("t-2")) is None


def test_an_id_is_taken_once(store: Store) -> None:
    with pytest.raises(StoreRefused):
        wait(store.add_terminal("t-1", "", b"\2" * 32, 901))


def test_rotation_replaces_the_secret_and_lifts_a_revocation(store: Store) -> None:
    wait(store.revoke("t-1", 950))
    wait(store.rotate("t-1", b"\3" * 32, 960))
    found = wait(store.credential("t-1"))
    assert found is not None
    assert (found.secret_sha256, found.revoked) == (b"\3" * 32, False)


def test_ids_are_told_of_all_or_of_the_new(store: Store) -> None:
    wait(store.add_terminal("t-2", "", b"\2" * 32, 950))
    wait(store.revoke("t-2", 960))
    assert wait(store.ids()) == ["t-1", "t-2"]
    assert (wait(store.ids(since=950)), wait(store.ids(after="t-1")), wait(store.ids(limit=1))) == (
        ["t-2"], ["t-2"], ["t-1"],
    )  # fmt: skip


def test_revocation_is_seen_at_once(store: Store) -> None:
    wait(store.revoke("t-1", 950))
    found = wait(store.credential("t-1"))
    assert found is not None
    assert found.revoked


@pytest.mark.parametrize("act", [lambda s: s.revoke("t-9", 1), lambda s: s.rotate("t-9", b"", 1)])
def test_an_unknown_terminal_is_refused(store: Store, act: Callable[[Store], Coroutine[Any, Any, None]]) -> None:
    with pytest.raises(StoreRefused):
        wait(act(store))


def test_repeats_are_dropped_and_counted(store: Store) -> None:
    assert wait(store.commit(a_delivery(seqs=(1, 2)))).new == 2
    again = wait(store.commit(a_delivery(seqs=(1, 2, 3))))
    row = wait(store.terminal("t-1"))
    assert (again.new, again.repeated) == (1, 2)
    assert row is not None
    assert row.repeats == 2
    assert seqs(store) == [(1, 3), (1, 2), (1, 1)]


def test_a_repeat_does_not_change_what_is_held(store: Store) -> None:
    wait(store.commit(a_delivery(at=1000)))
    wait(store.commit(a_delivery(at=2000)))
    assert [row.received_at for row in wait(store.reports("t-1"))] == [1000]


def test_the_same_number_of_another_epoch_is_another_report(store: Store) -> None:
    wait(store.commit(a_delivery(epoch=EPOCH)))
    wait(store.commit(a_delivery(epoch=OTHER_EPOCH)))
    assert seqs(store) == [(2, 1), (1, 1)]


def test_the_same_key_of_another_terminal_is_another_report(store: Store) -> None:
    wait(store.add_terminal("t-2", "", b"\2" * 32, 900))
    wait(store.commit(a_delivery("t-1")))
    assert wait(store.commit(a_delivery("t-2"))).new == 1


def test_an_older_report_does_not_move_the_state_back(store: Store) -> None:
    wait(store.commit(a_delivery(seqs=(7,), at=1000)))
    wait(store.commit(a_delivery(seqs=(5,), at=1100)))
    row = wait(store.terminal("t-1"))
    assert row is not None
    assert row.heartbeat is not None
    assert (row.heartbeat.seq, row.heard.next_due, row.heard.last_heard) == (7, 1900, 1100)


def test_a_late_report_of_an_older_epoch_does_not_move_the_state_back(store: Store) -> None:
    wait(store.commit(a_delivery(epoch=EPOCH, seqs=(100,), at=1000)))
    wait(store.commit(a_delivery(epoch=OTHER_EPOCH, seqs=(1,), at=1100)))
    wait(store.commit(a_delivery(epoch=EPOCH, seqs=(101,), at=1200)))
    row = wait(store.terminal("t-1"))
    assert row is not None
    assert row.heartbeat is not None
    assert (row.heartbeat.epoch_number, row.heartbeat.seq) == (2, 1)


def test_a_change_sent_before_older_heartbeats_does_not_hide_them(store: Store) -> None:
    wait(store.commit(a_change(seq=9)))
    wait(store.commit(a_delivery(seqs=(8,))))
    row = wait(store.terminal("t-1"))
    assert row is not None
    assert row.heartbeat is not None
    assert row.verdict is not None
    assert (row.heartbeat.seq, row.verdict.seq) == (8, 9)


def test_being_heard_does_not_go_back_in_time(store: Store) -> None:
    wait(store.commit(a_delivery(seqs=(1,), at=1000)))
    wait(store.commit(a_delivery(seqs=(2,), at=990)))
    row = wait(store.terminal("t-1"))
    assert row is not None
    assert row.heard.last_heard == 1000


def test_changes_are_listed_newest_first(store: Store) -> None:
    for seq in (3, 1, 2):
        wait(store.commit(a_change(seq=seq, code=f"c.{seq}")))
    assert [row.code for row in wait(store.changes("t-1"))] == ["c.3", "c.2", "c.1"]


def test_rejections_are_counted_by_reason(store: Store) -> None:
    for seq in (4, 5):
        rejected = NewRejection(seq, "bad_body", f"detail {seq}")
        wait(store.commit(Delivery("t-1", EPOCH, 1000 + seq, 0, (), rejections=(rejected,))))
    (row,) = wait(store.rejections("t-1"))
    assert (row.reason, row.count, row.first_at, row.last_at, row.last_detail) == (
        "bad_body",
        2,
        1004,
        1005,
        "detail 5",
    )


def test_pages_of_reports_meet_without_gap_or_overlap(store: Store) -> None:
    wait(store.commit(a_delivery(seqs=tuple(range(1, 8)))))
    found: list[int] = []
    before: Position | None = None
    while rows := wait(store.reports("t-1", before=before, limit=3)):
        found += [row.position.seq for row in rows]
        before = rows[-1].position
    assert found == [7, 6, 5, 4, 3, 2, 1]


def test_revoked_terminals_are_listed_only_on_request(store: Store) -> None:
    wait(store.revoke("t-1", 950))
    assert wait(store.terminals()) == []
    assert [row.terminal for row in wait(store.terminals(revoked=True))] == ["t-1"]


def test_what_was_committed_is_there_after_opening_again(opener: Opener) -> None:
    with opener() as first:
        wait(first.add_terminal("t-1", "first", b"\1" * 32, 900))
        wait(first.commit(a_delivery(seqs=(1, 2))))
    with opener() as second:
        assert seqs(second) == [(1, 2), (1, 1)]


def test_many_at_once_are_all_stored(store: Store) -> None:
    async def all_at_once() -> int:
        receipts = await asyncio.gather(*(store.commit(a_delivery(seqs=(seq,))) for seq in range(1, 301)))
        return sum(receipt.new for receipt in receipts)

    assert wait(all_at_once()) == 300
    assert len(wait(store.reports("t-1", limit=1000))) == 300


HEARD = st.builds(
    Heard,
    last_heard=st.integers(0, 5000),
    next_due=st.none() | st.integers(0, 9000),
    interval_s=st.none() | st.integers(1, 3000),
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    heard=HEARD,
    now=st.integers(0, 20_000),
    rules=st.builds(Rules, st.floats(0, 600), st.floats(0, 2), st.floats(0, 5), st.integers(1, 2000)),
)
def test_the_filter_says_what_the_fleet_rules_say(opener: Opener, heard: Heard, now: int, rules: Rules) -> None:
    with opener() as store:
        name = f"t-{abs(hash((heard, now, rules)))}"
        wait(store.add_terminal(name, "", b"\1" * 32, 0))
        wait(store.commit(_heard_like(name, heard)))
        found: list[Status] = [
            status for status in STATUSES
            if any(row.terminal == name for row in wait(store.terminals(only=Filter(status, now, rules), limit=1000)))
        ]  # fmt: skip
        row = wait(store.terminal(name))
        assert row is not None
        assert found == [fleet.status(row.heard, now, rules)]


def test_counts_by_status_cover_everybody_once(store: Store) -> None:
    for number in range(2, 6):
        wait(store.add_terminal(f"t-{number}", "", b"\1" * 32, 0))
    wait(store.commit(a_delivery("t-2", at=1000)))
    wait(store.commit(a_delivery("t-3", at=1)))
    assert wait(store.count(1000, RULES)) == {"up": 2, "late": 0, "silent": 0, "never": 3}


def _heard_like(name: str, heard: Heard) -> Delivery:
    assert heard.last_heard is not None
    if heard.next_due is None or heard.interval_s is None:
        return a_change(name, at=heard.last_heard)
    delivery = a_delivery(name, at=heard.last_heard)
    assert delivery.heartbeat is not None
    beat = delivery.heartbeat._replace(next_due=heard.next_due, interval_s=heard.interval_s)
    return delivery._replace(heartbeat=beat)
