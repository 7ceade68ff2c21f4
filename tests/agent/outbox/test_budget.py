"""What to drop first: pure choices."""

from hypothesis import given
from hypothesis import strategies as st

from agent.outbox.base import Budget, Dropped, RecordClass
from agent.outbox.budget import LEAST_ROOM_BYTES, Drop, Item, as_disk_allows, choose, room_bytes, summary

NOW = 1_790_000_000.0
ROOMY = Budget(10**9, 10**6, 10**9)

items = st.lists(
    st.builds(
        Item,
        seq=st.integers(1, 10**6),
        record_class=st.sampled_from(RecordClass),
        at=st.floats(0, NOW),
        size=st.integers(0, 5000),
    ),
    unique_by=lambda item: item.seq,
    max_size=40,
)


def item(seq: int, kind: RecordClass = RecordClass.HISTORY, age: float = 0.0, size: int = 100) -> Item:
    return Item(seq, kind, NOW - age, size)


def test_within_the_budget_nothing_goes() -> None:
    assert choose([item(1), item(2)], ROOMY, NOW) == []


def test_the_least_valuable_class_goes_first_and_in_it_the_oldest() -> None:
    waiting = [
        item(1, RecordClass.CHANGE),
        item(2),
        item(3, RecordClass.BUNDLE),
        item(4),
        item(5, RecordClass.HEARTBEAT),
    ]
    drops = choose(waiting, Budget(10**9, 2, 10**9), NOW)
    assert [drop.item.seq for drop in drops] == [3, 2, 4]
    assert {drop.why for drop in drops} == {"count"}


def test_no_more_goes_than_must() -> None:
    waiting = [item(seq, size=1000) for seq in range(1, 6)]
    drops = choose(waiting, Budget(3 * room_bytes(1000), 100, 10**9), NOW)
    assert [(drop.item.seq, drop.why) for drop in drops] == [(1, "bytes"), (2, "bytes")]


def test_too_old_goes_whatever_its_class() -> None:
    drops = choose([item(1, RecordClass.CHANGE, age=101), item(2, age=99)], Budget(10**9, 100, 100), NOW)
    assert drops == [Drop(item(1, RecordClass.CHANGE, age=101), "age")]


def test_a_record_from_1970_is_not_old_its_age_is_not_known() -> None:
    made_before_the_clock_was_set = Item(1, RecordClass.CHANGE, 300.0, 10)
    assert choose([made_before_the_clock_was_set], Budget(10**9, 100, 100), NOW) == []


def test_a_clock_in_1970_makes_nothing_old() -> None:
    assert choose([item(1)], Budget(10**9, 100, 100), 300.0) == []


def test_the_summary_has_one_line_for_each_class_and_reason() -> None:
    drops = [
        Drop(item(5), "age"),
        Drop(item(2), "age"),
        Drop(item(3), "count"),
        Drop(item(9, RecordClass.CHANGE), "age"),
    ]
    assert summary(drops) == [
        Dropped(RecordClass.CHANGE, 1, 9, 9, "age"),
        Dropped(RecordClass.HISTORY, 2, 2, 5, "age"),
        Dropped(RecordClass.HISTORY, 1, 3, 3, "count"),
    ]


@given(waiting=items, max_bytes=st.integers(0, 50_000), max_count=st.integers(0, 40), max_age=st.floats(0, 1e9))
def test_what_is_left_keeps_within_every_limit_and_nothing_worthier_went(
    waiting: list[Item], max_bytes: int, max_count: int, max_age: float
) -> None:
    drops = choose(waiting, Budget(max_bytes, max_count, max_age), NOW)
    gone = {drop.item.seq for drop in drops}
    left = [one for one in waiting if one.seq not in gone]
    assert len(left) <= max_count
    assert sum(room_bytes(one.size) for one in left) <= max_bytes
    crowded = [drop.item for drop in drops if drop.why != "age"]
    assert all((-one.record_class, one.seq) < (-other.record_class, other.seq) for one in crowded for other in left)


def test_a_disk_with_room_changes_no_limit_nor_does_one_that_does_not_say() -> None:
    budget = Budget(min_free_bytes=1000)
    assert as_disk_allows(budget, 10**6, 1000) == budget
    assert as_disk_allows(budget, 10**6, None) == budget


def test_on_a_short_disk_half_of_the_file_may_be_taken_and_never_less_than_some_changes_need() -> None:
    budget = Budget(min_free_bytes=1000)
    assert as_disk_allows(budget, 10**6, 999).max_bytes == 500_000
    assert as_disk_allows(budget, 4096, 0).max_bytes == LEAST_ROOM_BYTES


def test_a_short_disk_never_widens_the_budget() -> None:
    assert as_disk_allows(Budget(max_bytes=1000, min_free_bytes=1000), 10**9, 0).max_bytes == 1000


def test_what_goes_for_the_disk_says_so() -> None:
    allowed = as_disk_allows(Budget(min_free_bytes=1), 2 * LEAST_ROOM_BYTES, 0)
    large = [item(1, size=LEAST_ROOM_BYTES), item(2, RecordClass.CHANGE)]
    assert choose(large, allowed, NOW) == [Drop(large[0], "disk")]
