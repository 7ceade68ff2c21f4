"""The desk's rules as tables: working days, ends, prices, what the terminal's words make of a renewal."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.renewals import rules
from central.renewals.days import Calendar, order_by, read_lines, write_lines
from central.renewals.prices import Tier, bulk, money, read_tiers, shares, unit_price
from central.renewals.rules import Judged, Paid, ProofSaid, Seen, expected_end, judge, suspects
from central.renewals.use import Cycle, RunsOut, cheapest, fit, runs_out, taken_in, yearly
from central.renewals.worklist import Holding, Known, Offer, due, ladder, worklist

CARD, OTHER = "89860000000000000001", "89860000000000000002"
PAID = 1_800_000_000
DAY = 86_400
SPRING = Calendar({date(2027, 2, day): False for day in range(5, 12)} | {date(2027, 2, 13): True})
ONE = Paid("paid", CARD, "2026-12-01", "term", PAID, "2027-12-01", Decimal(36), Decimal(36), 30_000_000, asked=True)
HEARD = Seen(PAID + 3600, PAID + 3600, CARD, "ok", booked_by=PAID + 3 * DAY)
LATE = replace(HEARD, now=PAID + 4 * DAY, heard=PAID + 4 * DAY)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
calendars = st.dictionaries(days, st.booleans(), max_size=60).map(Calendar)


@pytest.mark.parametrize(
    ("ends", "lead", "closing", "wanted"),
    [
        (date(2026, 11, 27), 0, None, date(2026, 11, 27)),
        (date(2026, 11, 29), 0, None, date(2026, 11, 27)),
        (date(2026, 11, 27), 3, None, date(2026, 11, 24)),
        (date(2026, 11, 30), 3, None, date(2026, 11, 25)),
        (date(2027, 2, 10), 3, None, date(2027, 2, 1)),
        (date(2027, 2, 28), 3, 20, date(2027, 2, 19)),
        (date(2027, 2, 10), 0, 20, date(2027, 1, 20)),
    ],
)
def test_the_last_day_to_order_keeps_clear_of_weekends_and_holidays(
    ends: date, lead: int, closing: int | None, wanted: date
) -> None:
    assert order_by(ends, SPRING, lead, closing) == wanted


@given(days, calendars, st.integers(0, 20))
def test_enough_working_days_lie_between_the_order_and_the_end(ends: date, calendar: Calendar, lead: int) -> None:
    last = order_by(ends, calendar, lead)
    between = sum(calendar.works(last + timedelta(days=step)) for step in range(1, (ends - last).days + 1))
    assert last <= ends
    assert between >= lead
    assert calendar.works(last)


@given(
    st.lists(st.tuples(days, st.booleans(), st.sampled_from(["春节", "x", ""])), max_size=30, unique_by=lambda d: d[0])
)
def test_holidays_survive_being_written_and_read(found: list[tuple[date, bool, str]]) -> None:
    assert sorted(read_lines(write_lines(found))) == sorted(found)


@pytest.mark.parametrize("text", ["2027-02-05", "x off", "2027-02-11..2027-02-05 off", "1-1-1 off", "2027-02-05 maybe"])
def test_a_line_that_is_no_holiday_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        read_lines(text)


@pytest.mark.parametrize(
    ("period", "months", "wanted"),
    [
        ("2026-12-31", 12, "2027-12-31"), ("2026-12-01", 12, "2027-12-01"), ("2026-02-28", 1, "2026-03-31"),
        ("2026-11-30", 1, "2026-12-31"), ("2027-12-31", 2, "2028-02-29"), ("2026-12", 1, None),
        ("2026-12-01", None, None),
        ("9999-12-30", 12, None),
    ],
)  # fmt: skip
def test_what_was_bought_ends_on(period: str, months: int | None, wanted: str | None) -> None:
    assert expected_end(period, months) == wanted


@given(st.decimals(0, 10**6, places=2), st.integers(1, 500))
def test_shares_are_the_amount(amount: Decimal, count: int) -> None:
    found = shares(amount, count)
    assert sum(found) == amount
    assert len(found) == count
    assert max(found) - min(found) < Decimal("0.01") * count + 1


@given(
    st.decimals(1, 100, places=2),
    st.lists(st.tuples(st.integers(2, 200), st.decimals(1, 100, places=2)), max_size=4, unique_by=lambda t: t[0]),
    st.integers(0, 150),
    st.integers(0, 150),
)
def test_a_bulk_order_is_never_dearer_and_none_cheaper_is_missed(
    price: Decimal, tiers: list[tuple[int, Decimal]], now: int, later: int
) -> None:
    known = [Tier(*one) for one in tiers]
    found = bulk(price, known, now, later)
    apart = {
        more: unit_price(price, known, now) * now + unit_price(price, known, more) * more for more in range(later + 1)
    }
    best = max(
        (apart[tier.count - now] - unit_price(price, known, tier.count) * tier.count
         for tier in known if 0 < tier.count - now <= later and now),
        default=Decimal(0),
    )  # fmt: skip
    assert (found.saves if found else Decimal(0)) == max(best, Decimal(0))


@pytest.mark.parametrize("text", ["-1", "1e5", "1.23456", "NaN", "", "12,345,678,901,234", "一百", None])
def test_an_amount_that_is_none_is_none(text: str | None) -> None:
    assert money(text) is None


def test_amounts_and_tiers_are_read() -> None:
    assert money("¥1,234.50") == Decimal("1234.50")
    assert read_tiers("200=2.50, 50=2.80") == (Tier(50, Decimal("2.80")), Tier(200, Decimal("2.50")))
    for text in ("50=x", "1=2", "50=1 50=2"):
        with pytest.raises(ValueError, match="tiers"):
            read_tiers(text)


def proof(state: str, reason: str = "", iccid: str = CARD) -> ProofSaid:
    return ProofSaid(iccid, state, reason, PAID + 60)


@pytest.mark.parametrize(
    ("one", "seen", "wanted"),
    [
        (ONE, Seen(PAID + 60, booked_by=PAID + 3 * DAY), ("paid", None)),
        (ONE, replace(HEARD, outcome="begun"), ("pending", None)),
        (ONE, replace(HEARD, proof=proof("pending", "no_word")), ("pending", None)),
        (ONE, replace(HEARD, proof=proof("proved", "word_and_data")), ("proved", None)),
        (ONE, replace(HEARD, proof=proof("proved", "word_and_data", OTHER)), ("paid", None)),
        (ONE, replace(HEARD, proof=proof("proved", iccid=CARD[:19])), ("proved", None)),
        (ONE, replace(HEARD, carrier_end="2027-12-01"), ("proved", None)),
        (ONE, replace(HEARD, carrier_end="2027-12-01", verdict="data.no_session"), ("paid", None)),
        (ONE, replace(HEARD, carrier_end="2027-12-01", heard=PAID - 5), ("paid", None)),
        (ONE, replace(HEARD, expires_on="2027-12-01"), ("paid", None)),
        (ONE, replace(HEARD, iccid=OTHER), ("failed", "wrong_card")),
        (ONE, replace(HEARD, iccid=OTHER, carrier_end="2027-12-01"), ("failed", "wrong_card")),
        (ONE, replace(HEARD, iccid=OTHER, heard=PAID - 5), ("paid", None)),
        (ONE, replace(HEARD, proof=proof("failed", "not_confirmed")), ("pending", None)),
        (ONE, replace(LATE, proof=proof("failed", "not_confirmed")), ("failed", "wrong_account")),
        (ONE, replace(LATE, carrier_end="2027-06-01", proof=proof("failed")), ("failed", "wrong_plan")),
        (ONE, replace(LATE, verdict="sim.wrong_terminal", proof=proof("failed")), ("failed", "machine_lock")),
        (ONE, replace(LATE, verdict="registration.denied", proof=proof("failed")), ("failed", "area_lock")),
        (ONE, replace(LATE, verdict="registration.denied", imei_differs=True, proof=proof("failed")),
         ("failed", "machine_lock")),
        (ONE, replace(LATE, carrier_end="2027-12-01", verdict="data.no_session", proof=proof("failed")),
         ("failed", "no_data")),
        (replace(ONE, amount=Decimal(30)), replace(LATE, proof=proof("failed")), ("failed", "too_little")),
        (ONE, Seen(PAID + 8 * DAY, PAID - 1, CARD, "ok", booked_by=PAID + 3 * DAY), ("failed", "no_answer")),
        (replace(ONE, state="failed"), replace(LATE, proof=proof("proved")), ("proved", None)),
        (replace(ONE, state="failed"), LATE, ("failed", None)),
        (replace(ONE, why="data", period="2026-12"), replace(HEARD, carrier_more=True), ("proved", None)),
        (replace(ONE, why="data", period="2026-12"), replace(HEARD, carrier_end="2027-12-01"), ("paid", None)),
    ],
)  # fmt: skip
def test_a_renewal_becomes(one: Paid, seen: Seen, wanted: tuple[str, str | None]) -> None:
    judged = judge(one, seen)
    assert (judged.state, judged.reason) == wanted


def test_others_of_the_order_that_were_booked_point_to_the_wrong_account() -> None:
    assert suspects(ONE, replace(HEARD, others_proved=5))[:2] == ("not_booked", "wrong_account")
    assert judge(ONE, replace(HEARD, proof=proof("proved"))) == Judged("proved", None, (), "2027-12-01")


@given(
    st.sampled_from(rules.WATCHED), st.sampled_from([None, CARD, OTHER]), st.sampled_from(["ok", "plan.expired", None]),
    st.sampled_from([None, "2026-11-01", "2027-06-01", "2027-12-01"]), st.integers(-DAY, 90 * DAY),
    st.sampled_from([None, proof("proved"), proof("proved", iccid=OTHER), proof("failed", "wrong_card")]),
)  # fmt: skip
def test_only_legal_moves_are_judged_and_only_the_terminal_proves(
    state: rules.State, iccid: str | None, verdict: str | None, end: str | None, ago: int, said: ProofSaid | None
) -> None:
    seen = Seen(PAID + 90 * DAY, PAID + ago, iccid, verdict, proof=said, carrier_end=end, booked_by=PAID + 3 * DAY)
    judged = judge(replace(ONE, state=state), seen)
    assert judged.state == state or rules.may_move(state, judged.state)
    if judged.state == "proved":
        mine = said is not None and said.state == "proved" and said.iccid == CARD
        assert mine or (iccid == CARD and ago > 0 and verdict == "ok" and end == "2027-12-01")


@pytest.mark.parametrize(
    ("state", "ago", "verdict", "heard", "dead"),
    [
        ("paid", 2, "data.no_session", 0, True), ("paid", 2, "ok", 0, False), ("paid", 2, "ok", -3, True),
        ("paid", 2, None, None, True), ("paid", 0.5, "data.no_session", 0, False),
        ("proved", 9, "sim.absent", 0, False),
        ("failed", 9, "plan.expired", 0, True), ("paid", 5, "ok", -1.5, True),
    ],
)  # fmt: skip
def test_paid_and_dead(state: rules.State, ago: float, verdict: str | None, heard: float | None, dead: bool) -> None:
    now = PAID
    then = None if heard is None else int(now + heard * DAY)
    assert rules.is_dead(state, int(now - ago * DAY), now, verdict=verdict, heard=then) is dead


# -- the worklist ------------------------------------------------------------------------------------------------------

KNOWN = Known(date(2026, 11, 16), Calendar(), {}, {}, {})


def test_a_proved_renewal_goes_before_what_terminal_and_record_say() -> None:
    one = Holding("t", iccid=CARD, told_end="2026-12-01", kept_end="2026-12-01")
    assert due(one, KNOWN) is not None
    covered = replace(KNOWN, covers={(CARD, "2026-12-01"): "2027-12-01", (CARD, "2027-12-01"): "2028-12-01"})
    found = due(one, covered)
    assert found is not None
    assert found.ends_on == date(2028, 12, 1)


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2028, 1, 1)) | st.none(),
                          st.dates(date(2026, 11, 1), date(2027, 1, 1)) | st.none()), max_size=30),
       st.integers(0, 400))  # fmt: skip
def test_nobody_is_skipped_and_the_earlier_end_counts(ends: list[tuple[date | None, date | None]], within: int) -> None:
    holdings = [
        Holding(f"t-{n}", iccid=f"c-{n}", told_end=end and end.isoformat(), data_on=data and data.isoformat())
        for n, (end, data) in enumerate(ends)
    ]
    found = worklist(holdings, KNOWN, within_days=within)
    near = {
        f"t-{n}" for n, both in enumerate(ends)
        if (first := min((day for day in both if day), default=None)) and (first - KNOWN.today).days <= within
    }  # fmt: skip
    assert near <= {one.holding.terminal for one in found}
    assert [one.order_by for one in found] == sorted(one.order_by for one in found)
    assert sum(ladder(found).values()) == len(found)


# -- use and plans -----------------------------------------------------------------------------------------------------


def test_a_sum_that_falls_begins_a_cycle() -> None:
    first = taken_in(None, CARD, 10, 100, date(2026, 11, 10), None)
    assert first.began_on == date(2026, 11, 1)
    same = taken_in(first, CARD, 40, 100, date(2026, 11, 26), None)
    assert (same.began_on, same.used_bytes) == (date(2026, 11, 1), 40)
    new = taken_in(same, CARD, 1, 100, date(2026, 11, 27), None)
    assert new.began_on == date(2026, 11, 27)
    assert taken_in(new, OTHER, 50, 100, date(2026, 11, 28), None).iccid == OTHER
    assert taken_in(new, CARD, 50, 100, date(2026, 12, 28), date(2026, 12, 27)).began_on == date(2026, 12, 27)


@pytest.mark.parametrize(
    ("used", "today", "wanted"),
    [
        (50, date(2026, 11, 11), date(2026, 11, 21)), (50, date(2026, 11, 3), None), (20, date(2026, 11, 11), None),
        (100, date(2026, 11, 11), date(2026, 11, 11)), (0, date(2026, 11, 11), None),
    ],
)  # fmt: skip
def test_data_runs_out_at_the_rate_so_far(used: int, today: date, wanted: date | None) -> None:
    found = runs_out(Cycle(CARD, date(2026, 11, 1), today, used, 100), [], today)
    assert (found.on if found else None) == wanted


def test_the_range_comes_from_the_cycles_before() -> None:
    before = [Cycle(CARD, date(2026, 10, 1), date(2026, 10, 31), 300, 100)]
    found = runs_out(Cycle(CARD, date(2026, 11, 1), date(2026, 11, 11), 50, 100), before, date(2026, 11, 11))
    assert found == RunsOut(date(2026, 11, 21), date(2026, 11, 16), date(2026, 11, 21))


OFFERS = [
    Offer(f"p{size}", carrier="C", quota_bytes=size, months=months, price=Decimal(price))
    for size, months, price in ((10, 1, 3), (30, 12, 40), (100, 1, 8), (100, 12, 70), (500, 12, 200))
]


@given(st.lists(st.integers(1, 600), min_size=2, max_size=12), st.sampled_from(OFFERS))
def test_the_better_plan_holds_what_is_needed_and_none_that_does_is_cheaper(used: list[int], plan: Offer) -> None:
    cycles = [Cycle(CARD, date(2026, 1, 1), date(2026, 1, 31), one) for one in used]
    found = fit("t", plan, OFFERS, cycles)
    if found is None:
        return
    good = [yearly(one) or Decimal(0) for one in OFFERS if (one.quota_bytes or 0) >= found.need_high]
    to = cheapest(OFFERS, found.need_high)
    assert to is not None
    assert (yearly(to), found.to) == (min(good), to.id)
    assert found.saves_least <= found.saves <= found.saves_most
    assert found.direction == "larger" or found.saves > 0


def test_too_few_cycles_say_nothing() -> None:
    assert fit("t", OFFERS[0], OFFERS, [Cycle(CARD, date(2026, 1, 1), date(2026, 1, 31), 500)]) is None
