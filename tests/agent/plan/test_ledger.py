"""The ledger: counters of every temper, clocks that are wrong, files that rot."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.plan.counting import MAX_RATE, WRAP, Look, counted
from agent.plan.ledger import Ledger, LedgerError

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC).timestamp()
"""12:00 in Shanghai."""
DAY = 86_400.0
ALWAYS = (date(1971, 1, 1), date(2199, 12, 31))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def used(ledger: Ledger, card: str | None = None) -> int:
    return ledger.usage(ALWAYS, card).used_bytes or 0


def look(ledger: Ledger, total: int, seconds: float = 0.0, boot: str = "boot-1", identity: str = "if3") -> int:
    """All of it received; `seconds` after noon."""
    return ledger.observe("interface", identity, total, 0, NOON + seconds, 1000 + seconds, boot)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.db")) as opened:
        yield opened


@pytest.mark.usefixtures("ledger")
def test_the_file_is_nobody_elses(tmp_path: Path) -> None:
    assert not (tmp_path / "ledger.db").stat().st_mode & 0o007


def test_the_first_look_ever_counts_nothing(ledger: Ledger) -> None:
    look(ledger, 5_000_000)
    assert used(ledger) == 0


def test_what_comes_between_two_looks_counts(ledger: Ledger) -> None:
    ledger.observe("interface", "if3", 100, 10, NOON, 1, "b")
    assert ledger.observe("interface", "if3", 600, 60, NOON + 60, 61, "b") == 550
    assert used(ledger) == 550


def test_after_a_reboot_the_whole_new_value_counts_even_if_it_is_greater(ledger: Ledger) -> None:
    look(ledger, 100)
    look(ledger, 700, 60, boot="boot-2")
    assert used(ledger) == 700


def test_a_smaller_value_in_the_same_boot_is_a_counter_that_began_anew(ledger: Ledger) -> None:
    ledger.observe("interface", "if3", 9_000, 9_000, NOON, 1, "b")
    ledger.observe("interface", "if3", 500, 40, NOON + 60, 61, "b")
    assert used(ledger) == 540


def test_a_32_bit_wrap_counts_what_went_on(ledger: Ledger) -> None:
    ledger.observe("interface", "if3", WRAP - 1000, 50, NOON, 1, "b")
    ledger.observe("interface", "if3", 500, 60, NOON + 60, 61, "b")
    assert used(ledger) == 1510


def test_a_wrap_that_no_card_could_fill_in_that_time_is_a_reset(ledger: Ledger) -> None:
    ledger.observe("interface", "if3", 2**31 + 1, 50, NOON, 1, "b")
    ledger.observe("interface", "if3", 500, 60, NOON + 2, 3, "b")
    assert used(ledger) == 560


def test_a_new_interface_in_a_watched_boot_counts_whole(ledger: Ledger) -> None:
    look(ledger, 1000)
    look(ledger, 300, 60, identity="if9")
    assert used(ledger) == 300


def test_a_modem_keeps_its_lifetime_counter_over_our_reboot(ledger: Ledger) -> None:
    for number, boot in enumerate(("a", "b")):
        rx = 1000 + 50 * number
        ledger.observe("modem", "imei", rx, 0, NOON + number, number, boot, scope="lifetime")
    assert used(ledger) == 50


def test_a_modem_s_session_counter_begins_anew_with_our_boot(ledger: Ledger) -> None:
    for number, boot in enumerate(("a", "b")):
        ledger.observe("modem", "imei", 1000 + 50 * number, 0, NOON + number, number, boot, scope="session")
    assert used(ledger) == 1050


def test_days_are_the_shop_s_own(ledger: Ledger) -> None:
    look(ledger, 0)
    look(ledger, 100, DAY / 2 - 1)
    look(ledger, 300, DAY / 2 + 1)
    assert ledger.daily(*NOVEMBER) == {date(2026, 11, 20): 100, date(2026, 11, 21): 200}


def test_use_outside_the_cycle_does_not_count(ledger: Ledger) -> None:
    look(ledger, 0)
    look(ledger, 100, 60)
    assert ledger.usage((date(2026, 12, 1), date(2026, 12, 31))).used_bytes == 0


def test_nothing_looked_at_means_nothing_known(ledger: Ledger) -> None:
    view = ledger.usage(NOVEMBER)
    assert (view.used_bytes, view.own_bytes, view.sources) == (None, None, ())
    assert (view.cycle_start, view.cycle_end) == ("2026-11-01", "2026-11-30")


def test_the_source_that_counted_most_is_the_use(ledger: Ledger) -> None:
    for step in (0, 1):
        ledger.observe("interface", "if3", 500 * step, 0, NOON + step, step, "b")
        ledger.observe("modem", "imei", 800 * step, 0, NOON + step, step, "b")
    view = ledger.usage(NOVEMBER)
    assert view.used_bytes == 800
    assert {source.source: source.used_bytes for source in view.sources} == {"interface": 500, "modem": 800}


def test_a_source_that_is_missing_for_days_takes_nothing_away(ledger: Ledger) -> None:
    """Another modem, which counts nothing; from then on only the interface does."""
    for hours, total in ((0, 0), (1, 500)):
        ledger.observe("modem", "imei", total, 0, NOON + hours * 3600, hours * 3600, "b")
    for hours, total in ((47, 0), (48, 300)):
        ledger.observe("interface", "if3", total, 0, NOON + hours * 3600, hours * 3600, "b")
    view = ledger.usage(NOVEMBER)
    assert view.used_bytes == 800
    assert {source.source: source.used_bytes for source in view.sources} == {"interface": 300, "modem": 500}


def test_own_bytes_are_kept_by_purpose(ledger: Ledger) -> None:
    look(ledger, 0)
    ledger.add_own("report", 300)
    ledger.add_own("probe", 40)
    ledger.add_own("report", 1)
    assert ledger.usage(NOVEMBER).own_bytes == 341
    assert ledger.own_by_purpose(NOVEMBER) == {"report": 301, "probe": 40}


def test_a_new_card_begins_with_nothing_used(ledger: Ledger) -> None:
    for step, card in enumerate(("old", "old", "new")):
        ledger.observe("interface", "if3", 100 * step, 0, NOON + step, step, "b", card=card)
    assert ledger.usage(NOVEMBER, "new").used_bytes == 100
    assert ledger.usage(NOVEMBER).used_bytes == 200


def test_use_under_a_wrong_clock_gets_its_day_when_the_clock_is_right(ledger: Ledger) -> None:
    ledger.observe("interface", "if3", 0, 0, 0.0, 10, "b", trusted=False)
    ledger.observe("interface", "if3", 700, 0, 100.0, 110, "b", trusted=False)
    assert ledger.undated_bytes() == 700
    assert ledger.usage(ALWAYS).used_bytes == 0
    two_days_later = 110 + 2 * DAY
    ledger.observe("interface", "if3", 750, 0, NOON, two_days_later, "b")
    assert ledger.daily(*NOVEMBER) == {date(2026, 11, 18): 700, date(2026, 11, 20): 50}
    assert ledger.undated_bytes() == 0


def test_use_that_an_earlier_boot_left_undated_gets_the_first_day_known(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        ledger.observe("interface", "if3", 0, 0, 0.0, 10, "a", trusted=False)
        ledger.observe("interface", "if3", 700, 0, 0.0, 20, "a", trusted=False)
        ledger.add_own("report", 5)
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        ledger.tell_time(NOON, 30, "b", trusted=True)
        assert ledger.daily(*NOVEMBER) == {date(2026, 11, 20): 700}
        assert ledger.own_by_purpose(NOVEMBER) == {"report": 5}


def test_what_was_flushed_is_there_after_a_restart_and_counting_goes_on(tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        look(ledger, 0)
        look(ledger, 1000, 60)
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        look(ledger, 1500, 120)
        assert used(ledger) == 1500


def test_of_the_days_with_use_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.plan.ledger.KEEP_DAYS", 3)
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        for day in range(5):
            look(ledger, 100 * day, 30 * day * DAY)
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        assert used(ledger) == 300


@pytest.mark.parametrize("trusted", [True, None, False])
def test_a_clock_that_jumps_far_ahead_empties_no_books(tmp_path: Path, trusted: bool | None) -> None:
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        look(ledger, 0)
        look(ledger, 1000, 60)
        ledger.observe("interface", "if3", 1100, 0, NOON + 73 * 365 * DAY, 1120, "boot-1", trusted=trusted)
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        assert look(ledger, 1150, 180) == 50
        assert ledger.daily(*NOVEMBER)[date(2026, 11, 20)] >= 1050
        assert ledger.last_received(date(2026, 11, 20)) is None


def test_days_that_were_forgotten_meanwhile_do_not_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.plan.ledger.KEEP_DAYS", 2)
    monkeypatch.setattr("agent.plan.doubt.MOST", 3)
    with closing(Ledger(tmp_path / "l.db")) as ledger:
        for day in range(6):
            now = day * DAY
            ledger.observe("interface", "if3", 100 * day, 0, NOON + now - 50 * DAY, now, "b", trusted=None)
            ledger.add_own("report", 5)
            ledger.flush()
        ledger.observe("interface", "if3", 500, 0, NOON + 5 * DAY, 5 * DAY, "b")
        assert ledger.daily(*ALWAYS) == {date(2026, 11, 24): 100, date(2026, 11, 25): 100}
        assert ledger.own_by_purpose(ALWAYS) == {"report": 10}


def test_an_interface_that_was_there_before_the_watched_one_brings_no_old_use(ledger: Ledger) -> None:
    look(ledger, 0, identity="if3")
    assert look(ledger, 50_000_000_000, 60, identity="if2") == 0
    assert look(ledger, 50_000_000_700, 120, identity="if2") == 700
    assert look(ledger, 900, 180, identity="if4") == 900


def test_a_used_modem_brings_no_old_use_with_its_counter_for_life(ledger: Ledger) -> None:
    for imei, total, counts in (("a", 100, 0), ("a", 400, 300), ("b", 5_000_000_000, 0), ("b", 5_000_000_900, 900)):
        assert ledger.observe("modem", imei, total, 0, NOON, 1.0, "x", scope="lifetime") == counts


def test_a_counter_for_life_that_goes_on_from_what_it_had_kept_was_not_reset(ledger: Ledger) -> None:
    ledger.observe("modem", "a", 5_000_000_000, 100_000, NOON, 1.0, "x", scope="lifetime")
    assert ledger.observe("modem", "a", 4_990_000_000, 101_000, NOON + 60, 61.0, "y", scope="lifetime") == 1000
    assert ledger.observe("modem", "a", 4_990_500_000, 101_000, NOON + 90, 91.0, "y", scope="lifetime") == 500_000
    assert ledger.observe("modem", "a", 700, 7, NOON + 99, 99.0, "z", scope="lifetime") == 707


@pytest.mark.parametrize("damage", ["garbage", "pages", "rows", "missing table"])
def test_a_damaged_file_is_set_aside_and_counting_begins_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "l.db"
    with closing(Ledger(path)) as ledger:
        for step in range(2000):
            look(ledger, step * 10, step, identity=f"if{step}")
    _damage(path, damage)
    with closing(Ledger(path)) as ledger:
        assert ledger.problem is not None
        assert "corrupt-1" in ledger.problem
        assert (tmp_path / "l.db.corrupt-1").exists()
        assert ledger.usage(NOVEMBER).used_bytes is None
        look(ledger, 10)
        look(ledger, 30, 60)
        assert used(ledger) == 20


def _damage(path: Path, damage: str) -> None:
    if damage == "garbage":
        path.write_bytes(b"this was a ledger" * 1000)
    elif damage == "pages":
        content = bytearray(path.read_bytes())
        content[4096 * 2 : 4096 * 4] = b"\xff" * 8192
        path.write_bytes(content)
    else:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("UPDATE look SET rx = 'many'" if damage == "rows" else "DROP TABLE usage")
            db.execute("CREATE TABLE IF NOT EXISTS usage(day TEXT)")


def test_a_second_damage_gets_a_second_name(tmp_path: Path) -> None:
    for _ in range(2):
        (tmp_path / "l.db").write_bytes(b"rubbish" * 500)
        Ledger(tmp_path / "l.db").close()
    assert {path.name for path in tmp_path.glob("*corrupt*")} == {"l.db.corrupt-1", "l.db.corrupt-2"}


def test_a_newer_version_s_file_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "l.db")) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(LedgerError, match="newer version"):
        Ledger(tmp_path / "l.db")
    assert not list(tmp_path.glob("*corrupt*"))


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="nowhere"):
        Ledger(tmp_path / "nowhere" / "l.db")


def test_a_flush_that_fails_loses_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.db")
    look(ledger, 0)
    look(ledger, 100, 60)
    with closing(sqlite3.connect(tmp_path / "l.db", isolation_level=None)) as other:
        ledger._file._db.execute("PRAGMA busy_timeout=0")  # type: ignore[union-attr]
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError):
            ledger.flush()
        other.execute("ROLLBACK")
    ledger.close()
    with closing(Ledger(tmp_path / "l.db")) as again:
        assert used(again) == 100


def test_reading_only_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    with closing(Ledger(path)) as ledger:
        look(ledger, 0)
        look(ledger, 100, 60)
    before = path.read_bytes()
    with closing(Ledger(path, read_only=True)) as ledger:
        assert used(ledger) == 100
    assert path.read_bytes() == before


def test_impossible_counters_are_not_counted(ledger: Ledger) -> None:
    look(ledger, 10)
    assert look(ledger, -1, 1) == 0
    assert look(ledger, 2**70, 2) == 0
    assert look(ledger, 25, 3) == 15
    ledger.flush()


# -- the property: whatever counters do, only what fell between the last look (or flush) and a reset is lost


Event = Literal["use", "reset", "reboot", "rename", "kill", "power cut", "swap", "suspend"]
EVENTS: list[Event] = ["reset", "reboot", "rename", "kill", "power cut", "swap", "suspend"]


@dataclass(frozen=True)
class Step:
    do: Event
    amount: int = 0


STEPS = st.lists(
    st.builds(Step, st.just("use"), st.integers(0, 3_000_000_000)) | st.sampled_from(EVENTS).map(Step),
    max_size=40,
)


class Machine:
    """A terminal whose true use is known, by card, with kernel counters of 64 bits, or 32, that begin anew."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.ledger, self.size = path, Ledger(path), size
        self.true: Counter[str] = Counter()
        self.unsaved: Counter[str] = Counter()
        self.counter = self.sent = 0
        self.boot = self.index = self.number = 1
        self.began_anew = False
        self.time = 0.0
        self.observe()
        self.ledger.flush()

    @property
    def card(self) -> str:
        return f"card{self.number}"

    def observe(self) -> None:
        self.time += 300
        identity = f"if{self.index}"
        if self.began_anew:  # seen now, and saved by that
            self.began_anew, self.unsaved = False, Counter()
        now = NOON + self.time
        rx, tx = self.counter % self.size, self.sent % self.size
        self.ledger.observe("interface", identity, rx, tx, now, self.time, str(self.boot), card=self.card)

    def restart_agent(self) -> None:
        """Killed: what is not in the file is gone."""
        self.ledger._file.close()  # type: ignore[union-attr]
        self.ledger = Ledger(self.path)

    def step(self, step: Step, *, flush: bool) -> None:
        if step.do == "use":
            sent = step.amount // 100 + 1
            self.counter, self.sent = self.counter + step.amount, self.sent + sent
            self.true[self.card] += step.amount + sent
            self.unsaved[self.card] += step.amount + sent
        elif step.do == "kill":
            self.kill()
        elif step.do == "swap":
            self.number = 3 - self.number
        elif step.do == "suspend":  # the whole machine slept: both clocks that we use went on
            self.time += 7 * 3600
        else:
            self.lose(step.do)
        self.observe()
        if flush:
            self.ledger.flush()
            self.unsaved = Counter()

    def kill(self) -> None:
        """The counter goes on, so all of it is counted by the next look: for the card that is in by then."""
        late = self.unsaved.total()
        self.true -= self.unsaved
        self.true[self.card] += late
        self.unsaved = Counter({self.card: late})
        self.restart_agent()

    def lose(self, what: str) -> None:
        self.began_anew = self.sent > 0 or what == "rename"
        self.counter = self.sent = 0
        if what == "rename":
            self.index += 1
        if what in ("reboot", "power cut"):
            self.boot += 1
        if what == "power cut":
            self.true -= self.unsaved
            self.unsaved = Counter()
            self.restart_agent()


@settings(max_examples=60, deadline=None)
@given(STEPS, st.booleans(), st.sampled_from([WRAP, 2**64]))
def test_each_card_s_total_is_true_but_for_what_a_power_cut_took_before_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], flush: bool, size: int
) -> None:
    machine = Machine(tmp_path_factory.mktemp("ledger") / "l.db", size)
    for number, step in enumerate(steps):
        machine.step(step, flush=flush or number % 3 == 0)
    found = {card: used(machine.ledger, card) for card in ("card1", "card2")}
    assert found == {card: machine.true[card] for card in found}
    machine.ledger.close()


@given(st.integers(0, WRAP - 1), st.integers(0, WRAP - 1), st.integers(1, 10_000), st.integers(0, 2**31 - 1))
def test_a_lone_wrap_is_counted_exactly(rx: int, tx: int, seconds: int, more: int) -> None:
    more = min(more, MAX_RATE * seconds)
    before = Look(rx, tx, 0.0, "b")
    after = Look((rx + more) % WRAP, tx, float(seconds), "b")
    assume((after.rx, after.tx) != (0, 0))  # that is a reset
    assert counted("interface", None, before, after, appeared=True) == (more, 0)


# -- the property: a clock that nobody vouches for may show anything; once it is vouched for, every day is right


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 40), st.integers(-200, 30_000) | st.none()), max_size=30)
)
def test_days_are_right_once_somebody_vouches_for_the_clock(steps: list[tuple[int, int, int | None]]) -> None:
    """Each step: bytes, hours that passed, by how many days the clock is wrong (None: it is right, and vouched for)."""
    ledger = Ledger(None)
    true: Counter[date] = Counter()
    counter, now = 0, 0.0
    for amount, hours, wrong in [(0, 0, None), *steps, (0, 0, None)]:
        counter, now = counter + amount, now + hours * 3600
        wall = NOON + now + (wrong or 0) * DAY
        ledger.observe("interface", "if3", counter, 0, wall, now, "b", trusted=True if wrong is None else None)
        true[date(2026, 11, 20) + timedelta(days=int((now + 12 * 3600) // DAY))] += amount
    assert ledger.daily(*ALWAYS) == +true
    assert ledger.daily(date(2000, 1, 1), date(9999, 1, 1)) == +true
