"""Next-due arithmetic."""

from hypothesis import given
from hypothesis import strategies as st

from agent.schedule import Cadence, Schedule, doubled, jittered, phase_of

moments = st.floats(min_value=0, max_value=1e8)
periods = st.floats(min_value=1, max_value=86_400)
phases = st.floats(min_value=0, max_value=0.999)


@given(periods, phases, moments)
def test_the_next_moment_is_later_and_within_two_periods(period: float, phase: float, now: float) -> None:
    due = Cadence(period, phase).next_after(now)
    assert now < due <= now + 2 * period


@given(periods, phases, moments, st.floats(min_value=1, max_value=1000))
def test_a_late_wake_up_runs_each_job_once(period: float, phase: float, now: float, missed: float) -> None:
    schedule = Schedule({"job": Cadence(period, phase)}, now)
    late = now + missed * period
    assert schedule.take_due(late) == ["job"]
    assert schedule.take_due(late) == []


def test_a_new_schedule_is_due_at_once_in_order() -> None:
    schedule = Schedule({"light": Cadence(60), "deep": Cadence(900)}, 100.0)
    assert schedule.take_due(100.0) == ["light", "deep"]
    assert schedule.next() == schedule.next_of("light") == 120.0


def test_a_job_can_be_brought_forward_but_not_put_off() -> None:
    schedule = Schedule({"deep": Cadence(900)}, 0.0)
    schedule.take_due(0.0)
    schedule.bring_forward("deep", 2000.0)
    assert schedule.next() == 900.0
    schedule.bring_forward("deep", 10.0)
    assert schedule.take_due(10.0) == ["deep"]


def test_a_shorter_period_counts_from_now() -> None:
    schedule = Schedule({"light": Cadence(3600)}, 0.0)
    schedule.take_due(0.0)
    schedule.change("light", Cadence(60), 10.0)
    assert schedule.next() == 60.0


def test_phases_spread_a_fleet_evenly_and_never_change() -> None:
    phases_ = [phase_of(f"T{number}", "heartbeat") for number in range(1000)]
    assert phase_of("T1", "heartbeat") == phases_[1] != phase_of("T1", "light")
    tenths = [sum(tenth <= phase * 10 < tenth + 1 for phase in phases_) for tenth in range(10)]
    assert min(tenths) > 50


@given(st.floats(min_value=0, max_value=0.999999))
def test_jitter_stays_within_its_spread(random: float) -> None:
    assert 90 <= jittered(100, 0.1, lambda: random) <= 110


def test_doubling_starts_at_the_first_and_ends_at_the_cap() -> None:
    assert [doubled(5, 60, failures) for failures in (0, 1, 2, 3, 4, 5, 99999)] == [5, 5, 10, 20, 40, 60, 60]
