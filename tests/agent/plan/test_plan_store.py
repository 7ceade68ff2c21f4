"""Facts, reminders and small things that must outlive a restart."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.plan.facts import best, disputed_by, outranked, stale
from agent.plan.reminders import Reminder
from agent.plan.store import KEEP_ASKS, KEEP_WORDS, Asked, PlanStore, PlanStoreError
from agent.sample.base import PlanFact

DAY = 86_400.0
NOW = 1_795_000_000.0
CARD, OTHER = "89860000000000000001", "89860000000000000002"
END = PlanFact("expires_on", "2027-11-30", "carrier_sms", NOW, "有效期至2027年11月30日")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PlanStore]:
    with closing(PlanStore(tmp_path / "plan.db")) as opened:
        yield opened


def again(store: PlanStore, tmp_path: Path) -> PlanStore:
    store.close()
    return PlanStore(tmp_path / "plan.db")


@pytest.mark.usefixtures("store")
def test_the_file_is_nobody_elses(tmp_path: Path) -> None:
    assert not (tmp_path / "plan.db").stat().st_mode & 0o007


def test_a_word_is_kept_once_and_survives(store: PlanStore, tmp_path: Path) -> None:
    assert store.hear(CARD, [END, END]) == [END]
    with closing(again(store, tmp_path)) as fresh:
        assert fresh.hear(CARD, [END]) == []
        assert fresh.facts(CARD) == (END,)


def test_words_belong_to_their_card(store: PlanStore) -> None:
    store.hear(CARD, [END])
    assert store.facts(OTHER) == ()


def test_what_was_said_before_the_card_was_known_is_about_the_first_one(store: PlanStore) -> None:
    store.hear("", [END])
    store.adopt(CARD)
    assert store.facts(CARD) == (END,)
    assert store.facts(OTHER) == ()


def test_of_each_source_only_the_last_words_are_kept(store: PlanStore) -> None:
    store.hear(CARD, [PlanFact("used_bytes", str(n), "carrier_sms", NOW + n) for n in range(KEEP_WORDS + 9)])
    assert [fact.value for fact in store.facts(CARD)] == [str(n) for n in range(9, KEEP_WORDS + 9)]


def test_a_card_full_of_messages_that_is_read_again_is_no_news(store: PlanStore) -> None:
    messages = [PlanFact("balance", f"{n}.00", "carrier_sms", NOW + n) for n in range(50)]
    store.hear(CARD, messages)
    assert store.hear(CARD, messages) == []
    assert store.hear(CARD, [PlanFact("balance", "7.00", "carrier_sms", NOW + 60)])


def test_words_without_a_time_get_one_when_the_clock_is_right(store: PlanStore) -> None:
    store.hear(CARD, [PlanFact("balance", "5.00", "carrier_ussd", None)], monotonic=100.0)
    store.date_the_undated(NOW, 160.0)
    assert store.facts(CARD)[0].at == NOW - 60


def test_forgetting_drops_every_word_about_it(store: PlanStore) -> None:
    store.hear(CARD, [END, PlanFact("balance", "5.00", "manual", NOW)])
    assert store.forget(CARD, "expires_on") == 1
    assert [fact.fact for fact in store.facts(CARD)] == ["balance"]


def test_what_was_forgotten_is_not_read_again_from_the_message_on_the_card(store: PlanStore) -> None:
    store.hear(CARD, [END])
    store.forget(CARD, END.fact)
    assert store.hear(CARD, [END, replace(END, value="2026-01-01", at=(END.at or 0) - 9)]) == []
    newer = replace(END, at=(END.at or 0) + 1)
    assert store.hear(CARD, [newer]) == [newer]
    assert store.hear(OTHER, [END]) == [END]


def test_reminders_are_remembered_by_card_and_end(store: PlanStore, tmp_path: Path) -> None:
    from datetime import date

    end = date(2027, 11, 30)
    store.tell(CARD, Reminder("expires_on", end, 5, (7, 14)), NOW)
    with closing(again(store, tmp_path)) as fresh:
        assert fresh.told(CARD, "expires_on", end) == {7, 14}
        assert fresh.told(CARD, "expires_on", date(2028, 11, 30)) == set()
        assert fresh.told(OTHER, "expires_on", end) == set()


def test_questions_are_remembered_with_what_became_of_them(store: PlanStore) -> None:
    for step in range(KEEP_ASKS + 5):
        store.note_ask(CARD, Asked("ussd:*100#", NOW + step, "sent"))
    store.note_outcome(CARD, "ussd:*100#", "answered")
    asked = store.asked(CARD)
    assert len(asked) == KEEP_ASKS
    assert [asked[-2].outcome, asked[-1].outcome] == ["sent", "answered"]


def test_small_things_are_kept_and_removed(store: PlanStore, tmp_path: Path) -> None:
    store.keep("pair", {"iccid": CARD})
    with closing(again(store, tmp_path)) as fresh:
        assert fresh.kept("pair") == {"iccid": CARD}
        fresh.keep("pair", None)
        assert fresh.kept("pair") is None


@pytest.mark.parametrize("rot", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_file_is_set_aside(tmp_path: Path, rot: bytes) -> None:
    (tmp_path / "plan.db").write_bytes(rot)
    with closing(PlanStore(tmp_path / "plan.db")) as store:
        assert store.problem is not None
        store.hear(CARD, [END])
    assert (tmp_path / "plan.db.corrupt-1").read_bytes() == rot


def test_a_newer_version_s_file_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "plan.db")) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(PlanStoreError, match="newer"):
        PlanStore(tmp_path / "plan.db")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlanStoreError, match="nowhere"):
        PlanStore(tmp_path / "nowhere" / "plan.db")


def test_a_disk_that_is_locked_is_said_and_nothing_is_half_kept(store: PlanStore, tmp_path: Path) -> None:
    store._db.execute("PRAGMA busy_timeout=0")
    with closing(sqlite3.connect(tmp_path / "plan.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(PlanStoreError):
            store.hear(CARD, [END])
        other.execute("ROLLBACK")
    assert store.facts(CARD) == ()
    assert store.hear(CARD, [END]) == [END]


# -- merging: the order in which words are heard decides nothing

SOURCES = st.sampled_from(["centre", "carrier_sms", "carrier_ussd", "agent", "manual", "config"])
WORDS = st.lists(
    st.builds(
        PlanFact,
        st.sampled_from(["expires_on", "balance", "used_bytes"]),
        st.sampled_from(["2026-12-31", "2027-12-31", "5.00", "7", "900", "x"]),
        SOURCES,
        st.none() | st.integers(0, 20).map(lambda days: NOW + days * DAY / 4),
    ),
    max_size=14,
)


@given(WORDS, st.randoms(use_true_random=False))
def test_any_order_of_words_gives_the_same_facts(words: list[PlanFact], random: "object") -> None:
    shuffled = list(words)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert best(words) == best(shuffled)


@given(WORDS)
def test_merging_piece_by_piece_is_merging_at_once(words: list[PlanFact]) -> None:
    half = len(words) // 2
    piecewise = best([*best(words[:half]).values(), *best(words[half:]).values()])
    assert piecewise == best(words)


@given(WORDS)
def test_the_store_keeps_what_counts(words: list[PlanFact]) -> None:
    with closing(PlanStore(None)) as store:
        for word in words:
            store.hear(CARD, [word])
        assert best(store.facts(CARD)) == best(words)


def test_the_centre_s_word_stands_for_three_days_against_later_ones() -> None:
    centre = PlanFact("expires_on", "2026-11-30", "centre", NOW)
    for hours, source, stands in (
        (71, "manual", True),
        (73, "manual", False),
        (10, "carrier_sms", True),
        (49, "carrier_sms", False),
    ):
        later = PlanFact("expires_on", "2027-11-30", source, NOW + hours * 3600.0)  # type: ignore[arg-type]
        assert (best([centre, later])["expires_on"] == centre) is stands
        assert outranked(later, [centre]) == (centre if stands else None)


def test_a_later_word_by_hand_that_is_not_believed_is_shown_beside_the_carriers() -> None:
    said = PlanFact("balance", "12.30", "carrier_sms", NOW)
    words = [
        PlanFact("balance", "9.00", "manual", NOW - DAY),  # before it
        PlanFact("balance", "12.30", "manual", NOW + 60),  # the same
        PlanFact("expires_on", "2026-12-31", "manual", NOW + 60),  # about something else
        PlanFact("balance", "50.00", "manual", NOW + 120),
    ]
    assert disputed_by(said, words) == words[-1]
    assert disputed_by(said, words[:-1]) is None
    assert disputed_by(words[-1], [said, *words]) is None


def test_facts_get_old_each_in_its_own_time() -> None:
    assert stale(PlanFact("used_bytes", "1", "carrier_sms", NOW - 5 * DAY), NOW) is True
    assert stale(PlanFact("expires_on", "2026-12-31", "carrier_sms", NOW - 5 * DAY), NOW) is False
    assert stale(PlanFact("expires_on", "2026-12-31", "config"), NOW) is None
    assert stale(PlanFact("used_bytes", "1", "carrier_sms", NOW + 50 * DAY), NOW) is False
