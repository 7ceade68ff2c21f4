"""One alert's life: debounce, reminders, escalation, acknowledgement, flapping."""

from hypothesis import given
from hypothesis import strategies as st

from central.alerts.board import FLAPS_S, Alert, Told, acknowledge, step
from central.alerts.plan import Rule

MINUTE = 60
RULE = Rule(name="r", to=["ops"], delay_minutes=5, repeat_hours=24, escalate_minutes=60, escalate_to=["boss"])


def told(*looks: tuple[int, bool], rule: Rule = RULE, alert: Alert | None = None) -> list[tuple[int, Told]]:
    """What is told when the condition is looked at in these minutes."""
    found = []
    for minute, holds in looks:
        alert, word = step(alert, holds=holds, now=minute * MINUTE, rule=rule)
        if word:
            found.append((minute, word))
    return found


def test_what_lasts_is_raised_once_after_its_delay() -> None:
    assert told((0, True), (4, True), (5, True), (6, True), (30, True)) == [(5, "raised")]


def test_what_passes_quickly_is_never_told() -> None:
    assert told((0, True), (4, True), (5, False), (30, False)) == []


def test_the_end_is_told_when_it_lasts() -> None:
    assert told((0, True), (5, True), (10, False), (14, False), (15, False)) == [(5, "raised"), (15, "ended")]


def test_an_end_that_does_not_last_is_no_end() -> None:
    assert told((0, True), (5, True), (10, False), (14, True), (50, True)) == [(5, "raised")]


def test_what_lasts_is_escalated_once_and_told_again() -> None:
    looks = [(minute, True) for minute in range(0, 72 * 60, 5)]
    assert told(*looks) == [(5, "raised"), (60, "escalated"), (60 + 24 * 60, "repeated"), (60 + 48 * 60, "repeated")]


def test_what_is_acknowledged_is_quiet_until_it_is_over() -> None:
    alert, _ = step(None, holds=True, now=0, rule=RULE)
    alert, _ = step(alert, holds=True, now=300, rule=RULE)
    assert alert is not None
    looks = [(minute, True) for minute in range(6, 72 * 60, 5)]
    assert told(*looks, (5000, False), (5006, False), alert=acknowledge(alert, 310)) == [(5006, "ended")]


def test_what_comes_and_goes_is_told_once_as_such() -> None:
    looks = [(minute, minute % 12 < 6) for minute in range(120)]
    words = [word for _, word in told(*looks)]
    assert words.count("flapping") == 1
    assert len(words) <= 7


def test_flapping_is_over_after_an_hour_of_quiet() -> None:
    looks = [(minute, minute % 12 < 6) for minute in range(120)]
    quiet = [(minute, False) for minute in range(120, 240)]
    assert told(*looks, *quiet)[-1] == (113 + FLAPS_S // 60, "ended")


def test_nothing_is_remembered_of_what_is_long_over() -> None:
    alert: Alert | None = None
    for now, holds in ((0, True), (300, True), (400, False), (700, False), (5000, False)):
        alert, _ = step(alert, holds=holds, now=now, rule=RULE)
    assert alert is None


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=200))
def test_an_end_is_told_only_of_what_was_raised(moves: list[tuple[int, bool]]) -> None:
    now, looks = 0, []
    for ahead, holds in moves:
        now += ahead
        looks.append((now, holds))
    raised = False
    for _, word in told(*looks):
        assert word in (("ended", "repeated", "escalated", "flapping") if raised else ("raised", "flapping"))
        raised = word != "ended"


@given(st.lists(st.booleans(), max_size=300))
def test_no_pattern_makes_more_than_a_few_messages_an_hour(holds: list[bool]) -> None:
    rule = RULE.model_copy(update={"delay_minutes": 0, "escalate_minutes": 0})
    words = told(*((minute, one) for minute, one in enumerate(holds)), rule=rule)
    assert len(words) <= 8 * (len(holds) // 60 + 1)
