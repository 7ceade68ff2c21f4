"""How long terminals were there: counted by hand."""

from hypothesis import given
from hypothesis import strategies as st

from central.availability import NOBODY, Book, Explained, Placed, Report, Turn

DAY = 86_400


def placed(*names: str, since: int = 0) -> list[Placed]:
    return [Placed(name, since, {"shop": f"shop of {name}", "operator": "CMCC"}) for name in names]


def report(
    placed: list[Placed], turns: list[Turn], begun: dict[str, str], explained: list[Explained], span: tuple[int, int],
    days: list[int],
) -> Report:  # fmt: skip
    """As the database counts them."""
    book = Book(turns, begun, explained, span, days)
    for one in placed:
        since = max(one.since, span[0])
        book.joined(since, 1)
        for kind, name in one.groups.items():
            book.count(kind, name, 1, span[1] - since)
    book.add(one for one in placed if one.terminal in book.silent)
    return book.report()


def test_a_silence_counts_from_its_beginning_to_the_next_report() -> None:
    turns = [Turn("a", 100, "late"), Turn("a", 200, "silent", "plan.expired"), Turn("a", 500, "up")]
    made = report(placed("a", "b"), turns, {}, [], (0, 1000), [0])
    assert (made.whole.down_s, made.whole.silences, made.whole.observed_s) == (300, 1, 2000)
    assert made.groups["shop"]["shop of a"].available == 70.0
    assert made.groups["shop"]["shop of b"].available == 100.0
    assert (made.groups["operator"]["CMCC"].worst, made.causes) == ("a", {"plan.expired": (300, 1, 1)})


def test_a_silence_that_lasts_is_counted_to_the_end() -> None:
    made = report(placed("a"), [Turn("a", 900, "silent")], {}, [], (0, 1000), [0])
    assert (made.whole.down_s, made.causes) == (100, {NOBODY: (100, 1, 1)})


def test_a_silence_that_came_into_the_month_is_counted_from_its_first_moment() -> None:
    made = report(placed("a"), [Turn("a", 400, "up")], {"a": "silent"}, [], (0, 1000), [0])
    assert made.whole.down_s == 400


def test_a_closed_shop_is_at_rest() -> None:
    turns = [Turn("a", 100, "silent"), Turn("a", 200, "closed"), Turn("a", 800, "up")]
    assert report(placed("a"), turns, {}, [], (0, 1000), [0]).whole.down_s == 100


def test_an_incident_explains_the_silences_of_its_members() -> None:
    turns = [Turn("a", 100, "silent", "signal.weak"), Turn("b", 100, "silent", "signal.weak")]
    explained = [Explained("a", 90, None, "incident cell X"), Explained("b", 0, 50, "incident cell Y")]
    made = report(placed("a", "b"), turns, {}, explained, (0, 1000), [0])
    assert made.causes == {"incident cell X": (900, 1, 1), "signal.weak": (900, 1, 1)}


def test_a_terminal_is_observed_from_when_it_was_registered() -> None:
    made = report(placed("a", since=600), [], {}, [], (0, 1000), [0])
    assert (made.whole.observed_s, made.whole.available) == (400, 100.0)


def test_nobody_observed_is_not_known() -> None:
    assert report([], [], {}, [], (0, 1000), [0]).whole.available is None


def test_days_share_what_falls_into_them() -> None:
    turns = [Turn("a", DAY // 2, "silent"), Turn("a", DAY + DAY // 4, "up")]
    made = report(placed("a"), turns, {}, [], (0, 2 * DAY), [0, DAY])
    assert made.days == [(0, 50.0), (DAY, 75.0)]


TURNS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(-50, 1100), st.sampled_from(["up", "late", "silent", "closed"]))
)


@given(TURNS, st.dictionaries(st.sampled_from("abc"), st.sampled_from(["silent", "up"])))
def test_nobody_is_down_longer_than_observed(turns: list[tuple[str, int, str]], begun: dict[str, str]) -> None:
    ordered = [Turn(*one) for one in sorted(turns, key=lambda one: one[1])]
    made = report(placed(*"abc"), ordered, begun, [], (0, 1000), [0, 500])
    assert 0 <= made.whole.down_s <= made.whole.observed_s == 3000
    assert sum(seconds for seconds, _, _ in made.causes.values()) == made.whole.down_s
    assert all(0 <= share <= 100 for _, share in made.days)
