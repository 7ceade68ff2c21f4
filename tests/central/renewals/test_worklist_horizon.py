"""How far ahead the worklist looks: never too short, and no further than it has to."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from central.renewals.days import Calendar
from central.renewals.worklist import AHEAD_DAYS, Holding, Known, Offer, due, horizon

TODAY = date(2026, 11, 22)


def known(offers: list[Offer], closed: set[int], lead: int = 3) -> Known:
    calendar = Calendar({TODAY + timedelta(days=day): False for day in closed})
    return Known(TODAY, calendar, {one.id: one for one in offers}, {}, {}, lead)


@given(
    leads=st.lists(st.tuples(st.none() | st.integers(0, 8), st.none() | st.integers(1, 28)), max_size=3),
    closed=st.sets(st.integers(0, 60), max_size=12),
    days=st.integers(0, 40),
    ahead=st.integers(1, AHEAD_DAYS),
)
def test_whatever_ends_later_need_not_be_ordered_yet(
    leads: list[tuple[int | None, int | None]], closed: set[int], days: int, ahead: int
) -> None:
    offers = [Offer(f"p{place}", lead_days=lead, order_day=day) for place, (lead, day) in enumerate(leads)]
    here = known(offers, closed)
    later = horizon(here, within_days=days) + timedelta(days=ahead)
    if later > TODAY + timedelta(days=days + AHEAD_DAYS):
        return
    for plan in (*here.offers, None):
        for told in ({"kept_end": later.isoformat()}, {"data_on": later.isoformat()}):
            one = due(Holding("t", iccid="8986", plan=plan, **told), here)
            assert one is not None
            assert not one.is_near(days)


def test_without_holidays_it_looks_a_few_days_further() -> None:
    assert horizon(known([], set()), within_days=30) - TODAY <= timedelta(days=36)
