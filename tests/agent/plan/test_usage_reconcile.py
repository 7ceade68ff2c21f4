"""Our count and the carrier's word, side by side."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.plan.habits import AT_LEAST_BYTES, LEARNING_DAYS, habit
from agent.plan.reconcile import MIN_ELSEWHERE_BYTES, Reconciled, Said, reconcile
from agent.sample.base import UsageSource

MB = 2**20
START = date(2026, 11, 1)
DAYS = {START + timedelta(days=number): 10 * MB for number in range(10)}
OURS = (UsageSource("interface", 100 * MB, 5.0),)


def said(used_mb: int, day: int, *, by_hand: bool = False) -> Said:
    return Said(used_mb * MB, float(day * 86_400), date(2026, 11, day), by_hand)


def look(*words: Said, since: date | None = START) -> Reconciled:
    return reconcile(100 * MB, OURS, DAYS, words, cycle_start=START, counted_since=since)


def test_without_a_word_from_outside_our_count_stands_and_nothing_else_is_known() -> None:
    assert look() == Reconciled(100 * MB, OURS, None, None)


def test_a_carrier_that_is_late_is_compared_with_what_we_had_by_then() -> None:
    found = look(said(52, 5))
    assert (found.drift_bytes, found.elsewhere_bytes, found.used_bytes) == (2 * MB, 0, 102 * MB)


def test_a_carrier_that_counts_less_than_we_do_changes_nothing() -> None:
    found = look(said(1, 10))
    assert (found.used_bytes, found.elsewhere_bytes, found.drift_bytes) == (100 * MB, 0, -99 * MB)


def test_far_more_than_we_counted_is_used_elsewhere() -> None:
    assert look(said(400, 10)).elsewhere_bytes == 300 * MB


def test_of_a_small_card_a_fifth_of_the_quota_is_much() -> None:
    ours = {date(2026, 11, 3): 2 * MB}

    def more(theirs: int, quota: int | None) -> int | None:
        word = said(theirs, 10)
        return reconcile(
            2 * MB, OURS, ours, [word], cycle_start=START, counted_since=START, quota=quota
        ).elsewhere_bytes

    assert more(18, 30 * MB) == 16 * MB
    assert more(18, None) == 0
    assert more(7, 30 * MB) == 0
    assert more(5, 5 * MB) == 0


def test_rounding_and_headers_are_not_elsewhere() -> None:
    assert look(said(115, 10)).elsewhere_bytes == 0


def test_who_began_to_count_in_the_middle_of_the_cycle_cannot_tell_from_one_word() -> None:
    assert look(said(400, 10), since=date(2026, 11, 4)).elsewhere_bytes is None
    assert look(said(400, 10), since=None).elsewhere_bytes is None


def test_but_from_two_words_it_can() -> None:
    counting = date(2026, 11, 4)
    assert look(said(300, 5), said(360, 10), since=counting).elsewhere_bytes == 0
    assert look(said(300, 5), said(660, 10), since=counting).elsewhere_bytes == 300 * MB


def test_a_figure_typed_by_hand_is_shown_and_counts_but_accuses_nobody() -> None:
    found = look(said(400, 10, by_hand=True))
    assert found.elsewhere_bytes is None
    assert found.used_bytes == 400 * MB
    assert [source.source for source in found.sources] == ["interface", "manual"]


WORDS = st.lists(st.builds(said, st.integers(0, 2000), st.integers(1, 20), by_hand=st.booleans()), max_size=6)


@given(WORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_words_changes_nothing(words: list[Said], random: "object") -> None:
    shuffled = sorted(words, key=lambda word: hash((word.used_bytes, repr(random))))
    assert look(*words) == look(*shuffled) == look(*reversed(words))


@given(WORDS)
def test_what_is_used_is_never_less_than_what_we_counted(words: list[Said]) -> None:
    found = look(*words)
    assert found.used_bytes is not None
    assert found.used_bytes >= 100 * MB
    assert found.elsewhere_bytes is None or found.elsewhere_bytes == 0 or found.elsewhere_bytes > MIN_ELSEWHERE_BYTES


TODAY = date(2026, 11, 30)


def past(*amounts: int) -> dict[date, int]:
    return {TODAY - timedelta(days=len(amounts) - at): used for at, used in enumerate(amounts)}


def test_in_the_first_week_nothing_is_abnormal() -> None:
    assert habit(past(*[MB] * (LEARNING_DAYS - 1)), TODAY) is None
    assert habit(past(*[MB] * LEARNING_DAYS), TODAY) is not None


def test_on_a_small_card_a_tenth_of_the_quota_in_a_day_is_out_of_the_ordinary() -> None:
    steady = past(*[MB // 5] * 90)
    for quota, limit in ((30 * MB, 3 * MB), (5 * MB, MB), (None, AT_LEAST_BYTES), (1024 * MB, AT_LEAST_BYTES)):
        found = habit(steady, TODAY, quota=quota)
        assert found is not None
        assert found.limit_bytes == MB // 5 + limit


def test_days_without_traffic_count_from_the_first_counted_day_on() -> None:
    found = habit({}, TODAY, since=TODAY - timedelta(days=10))
    assert found is not None
    assert (found.usual_bytes, found.limit_bytes, found.days) == (0, AT_LEAST_BYTES, 10)


def test_two_days_of_updates_do_not_move_the_line() -> None:
    calm = habit(past(*[10 * MB] * 20), TODAY)
    updates = habit(past(*[10 * MB] * 18, 900 * MB, 900 * MB), TODAY)
    assert calm is not None
    assert updates is not None
    assert calm.limit_bytes == updates.limit_bytes == 30 * MB


def test_a_restless_terminal_gets_a_wider_line_than_a_steady_one() -> None:
    restless = habit(past(*[4 * MB, 16 * MB] * 10), TODAY)
    assert restless is not None
    assert restless.limit_bytes > 40 * MB


@given(st.lists(st.integers(0, 2**40), min_size=LEARNING_DAYS, max_size=80))
def test_at_least_half_of_the_own_days_are_ordinary(amounts: list[int]) -> None:
    found = habit(past(*amounts), TODAY)
    assert found is not None
    assert sum(amount <= found.limit_bytes for amount in amounts[-found.days :]) * 2 >= found.days
