"""The silence a NAT bears, learned."""

from hypothesis import given
from hypothesis import strategies as st

from agent.uplink.patience import EVIDENCE, FIRST_S, LEAST_S, MOST_S, Patience

EVENTS = st.lists(st.one_of(st.just("lost"), st.floats(0, 10_000)), max_size=300)


def lived_through(events: list[object], patience: Patience = Patience()) -> Patience:  # noqa: B008 - it is frozen
    for event in events:
        patience = patience.survived(event) if isinstance(event, float) else patience.lost()
    return patience


def settled(nat_s: float, interval_s: float, reports: int = 400) -> tuple[Patience, int]:
    """After so many reports through a NAT that forgets after `nat_s`; and how many connections that cost."""
    patience, losses = Patience(), 0
    for _ in range(reports):
        if min(patience.idle_s, interval_s) < nat_s:
            patience = patience.survived(interval_s)
        else:
            patience, losses = patience.lost(), losses + 1
    return patience, losses


@given(EVENTS)
def test_it_stays_within_its_bounds_whatever_happens(events: list[object]) -> None:
    assert LEAST_S <= lived_through(events).idle_s <= MOST_S


@given(EVENTS)
def test_a_loss_never_makes_it_more_patient(events: list[object]) -> None:
    before = lived_through(events)
    assert before.lost().idle_s <= before.idle_s


@given(EVENTS, st.floats(0, 10_000))
def test_one_silence_survived_never_makes_it_less_patient_nor_more_than_a_quarter(
    events: list[object], silence_s: float
) -> None:
    before = lived_through(events)
    assert before.idle_s <= before.survived(silence_s).idle_s <= before.idle_s * 1.25


@given(st.floats(35, 4000), st.sampled_from([300.0, 900.0, 3600.0]))
def test_it_settles_below_what_the_nat_bears_and_loses_few_connections_on_the_way(nat_s: float, every_s: float) -> None:
    patience, losses = settled(nat_s, every_s)
    assert min(patience.idle_s, every_s) < nat_s
    assert losses <= 5


def test_a_patient_nat_needs_no_probes_within_a_day() -> None:
    patience, losses = settled(3600.0, 900.0, 96)
    assert patience.idle_s > 900.0
    assert losses == 0


def test_the_first_guess_lost_is_halved_and_grows_back() -> None:
    patience = Patience().lost()
    assert patience.idle_s == FIRST_S / 2
    for _ in range(4 * EVIDENCE):
        patience = patience.survived(900.0)
    assert FIRST_S / 2 < patience.idle_s < FIRST_S


def test_what_held_before_is_what_one_returns_to() -> None:
    patience = lived_through([900.0] * EVIDENCE)
    assert patience.idle_s == FIRST_S * 1.25
    assert patience.lost().idle_s == FIRST_S


def test_a_short_silence_proves_nothing() -> None:
    assert lived_through([100.0] * 50) == Patience()
