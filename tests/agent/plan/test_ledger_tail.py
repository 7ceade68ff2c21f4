"""What was noted beside the ledger's file stands after a power cut; a torn block, or another history's, does not."""

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.plan.ledger import Ledger, LedgerError
from agent.plan.ledger_tail import BLOCK

ALWAYS = (date(1971, 1, 1), date(2199, 12, 31))
NOON = 1_795_147_200.0


def look(ledger: Ledger, total: int, source: str = "if3") -> None:
    ledger.observe("interface", source, total, 0, NOON + total, 1000.0 + total, "b")


def used(path: Path) -> int | None:
    """What a reader of the files finds, as after the power came back."""
    with closing(Ledger(path, read_only=True)) as ledger:
        return ledger.usage(ALWAYS).used_bytes


def begun(path: Path) -> Ledger:
    ledger = Ledger(path)
    look(ledger, 0)
    ledger.flush()
    return ledger


def test_a_note_stands_without_a_save_and_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = begun(path)
    look(ledger, 500)
    ledger.note()
    look(ledger, 700)
    assert used(path) == 500
    with closing(Ledger(path)) as after:
        look(after, 800)
        assert after.usage(ALWAYS).used_bytes == 800
    assert used(path) == 800


def test_a_save_makes_the_note_before_it_void(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = begun(path)
    look(ledger, 500)
    ledger.note()
    look(ledger, 900)
    ledger.flush()
    assert used(path) == 900


def test_a_torn_block_leaves_the_one_before_it(tmp_path: Path) -> None:
    path, tail = tmp_path / "ledger.db", tmp_path / "ledger.db-tail"
    ledger = begun(path)
    for total in (500, 700):
        look(ledger, total)
        ledger.note()
    held = bytearray(tail.read_bytes())
    held[30] ^= 0xFF  # the second note went to the first block
    tail.write_bytes(held)
    assert used(path) == 500


@given(junk=st.binary(max_size=2 * BLOCK + 10), at=st.integers(0, 2 * BLOCK))
def test_any_damage_of_the_notes_costs_at_most_the_notes(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.db"
    tail = path.with_name("ledger.db-tail")
    ledger = begun(path)
    look(ledger, 500)
    ledger.note()
    held = tail.read_bytes()
    tail.write_bytes(held[:at] + junk + held[at + len(junk) :])
    assert used(path) in (0, 500)


STEPS = st.lists(st.one_of(st.integers(0, 5000), st.sampled_from(["note", "flush", "restart"])), max_size=25)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_a_power_cut_loses_what_was_counted_since_the_last_save_and_no_more(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int | str]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.db"
    ledger, total, saved = begun(path), 0, 0
    for step in steps:
        if isinstance(step, int):
            total += step
            look(ledger, total)
        elif step == "restart":
            ledger.close()
            ledger, saved = Ledger(path), total
        else:
            getattr(ledger, step)()
            saved = total
        assert used(path) == saved
    ledger.close()


def test_notes_upon_another_history_are_not_taken(tmp_path: Path) -> None:
    path, tail = tmp_path / "ledger.db", tmp_path / "ledger.db-tail"
    with closing(begun(path)) as ledger:
        look(ledger, 500)
        ledger.note()
    old = tail.read_bytes()
    with closing(Ledger(path)) as ledger:
        look(ledger, 900)
        ledger.flush()
        look(ledger, 901)
    tail.write_bytes(old)
    assert used(path) == 901


def test_more_than_a_block_is_saved_whole(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = begun(path)
    for number in range(900):
        ledger.add_own(f"purpose-{number * 7919 % 10007:x}-{number:x}", number + 1)
    ledger.note()
    with closing(Ledger(path, read_only=True)) as after:
        assert sum(after.own_by_purpose(ALWAYS).values()) == sum(range(1, 901))


def test_a_day_that_was_dated_meanwhile_is_not_counted_twice(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    ledger.observe("interface", "if3", 0, 0, 0.0, 10.0, "b", trusted=False)
    ledger.observe("interface", "if3", 300, 0, 0.0, 20.0, "b", trusted=False)
    ledger.flush()
    ledger.tell_time(NOON, 30.0, "b", trusted=True)
    look(ledger, 400)
    ledger.note()
    assert used(path) == 400


def test_a_disk_that_refuses_the_note_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = begun(path)
    (tmp_path / "ledger.db-tail").mkdir()
    look(ledger, 500)
    with pytest.raises(LedgerError, match=r"ledger\.db-tail"):
        ledger.note()
    (tmp_path / "ledger.db-tail").rmdir()
    ledger.note()
    assert used(path) == 500
