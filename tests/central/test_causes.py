"""What many silences have in common."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.causes import EVERYONE, MIN_MEMBERS, WINDOW_S, Cause, Missing, began, count, explain, features, lasts

CMCC, UNICOM = Cause("carrier", "46000"), Cause("carrier", "46001")
CELL, V2 = Cause("cell", "5A1B-0A"), Cause("agent_version", "2.0")


def silent(number: int, *causes: Cause, first: int = 0, since: int = 1000, apart: int = 60) -> list[Missing]:
    return [Missing(f"t-{first + n}", since + apart * n, frozenset(causes)) for n in range(number)]


def test_a_carrier_that_is_down_is_one_cause() -> None:
    missing = silent(400, CMCC, apart=1)
    assert explain(missing, Counter({CMCC: 420, UNICOM: 300}), 720) == {CMCC: sorted(one.terminal for one in missing)}


def test_a_cell_is_told_from_its_carrier() -> None:
    missing = silent(8, CMCC, CELL)
    assert list(explain(missing, Counter({CMCC: 400, CELL: 8}), 700)) == [CELL]


def test_of_equals_the_narrower_wins() -> None:
    missing = silent(20, CMCC, CELL, V2)
    assert list(explain(missing, Counter({CMCC: 20, CELL: 20, V2: 20}), 700)) == [CELL]


def test_what_everybody_of_a_carrier_has_is_the_carrier() -> None:
    apn = Cause("apn", "cmiot")
    missing = silent(40, CMCC, apn)
    assert list(explain(missing, Counter({CMCC: 42, apn: 42}), 100)) == [CMCC]
    assert list(explain(missing, Counter({CMCC: 60, apn: 42}), 100)) == [apn]


def test_two_causes_at_once_are_two() -> None:
    missing = silent(30, CMCC, V2) + silent(9, UNICOM, CELL, first=100)
    found = explain(missing, Counter({CMCC: 400, UNICOM: 300, V2: 31, CELL: 9}), 700)
    assert {cause: len(names) for cause, names in found.items()} == {V2: 30, CELL: 9}


def test_an_apn_and_a_batch_are_not_the_carrier_that_most_of_them_have() -> None:
    apn, batch = Cause("apn", "cmmtm"), Cause("plan_batch", "3")
    missing = silent(148, CMCC, apn, apart=1) + silent(15, CMCC, batch, first=200) + silent(9, UNICOM, batch, first=300)
    missing += silent(40, CMCC, apn, batch, first=400, apart=1)
    found = explain(missing, Counter({CMCC: 320, UNICOM: 180, apn: 188, batch: 64}), 500)
    assert {cause: len(names) for cause, names in found.items()} == {apn: 188, batch: 24}


def test_nearly_everybody_is_our_own_trouble() -> None:
    missing = silent(90, CMCC, apart=10) + silent(5, UNICOM, first=100)
    assert list(explain(missing, Counter({CMCC: 92, UNICOM: 8}), 100)) == [EVERYONE]


def test_a_few_are_no_incident() -> None:
    assert explain(silent(MIN_MEMBERS - 1, CELL), Counter({CELL: 4}), 700) == {}


def test_some_of_many_are_no_incident() -> None:
    assert explain(silent(30, CMCC), Counter({CMCC: 500}), 700) == {}


def test_silences_far_apart_are_no_incident() -> None:
    assert explain(silent(8, CELL, apart=WINDOW_S), Counter({CELL: 8}), 700) == {}


def test_it_began_with_the_first_of_those_that_follow_each_other_closely() -> None:
    assert began([100, 9_000, 10_000, 11_500, 12_000, 12_010, 12_020, 19_100]) == 9_000
    assert began([5]) == 5


def test_a_fate_as_common_elsewhere_is_no_cause() -> None:
    missing = silent(60, CMCC) + silent(50, UNICOM, first=100)
    assert explain(missing, Counter({CMCC: 100, UNICOM: 100}), 200) == {}


@pytest.mark.parametrize(("missing", "peak", "on"), [(100, 500, True), (99, 500, False), (1, 5, False), (2, 6, True)])
def test_an_incident_lasts_while_a_fifth_is_missing(missing: int, peak: int, *, on: bool) -> None:
    assert lasts(missing, peak) is on


def test_features_are_read_from_a_heartbeat() -> None:
    beat = {"plmn": "46000", "agent": "2.0", "cell": {"tac": "5A1B", "cell_id": "0A", "lac": None}, "apn": 7}
    assert features(beat, "2025-11") == {CMCC, V2, CELL, Cause("plan_batch", "2025-11")}
    assert features({"cell": "", "operator": " CMCC "}) == {Cause("carrier", "CMCC")}


ANY = st.sets(st.sampled_from([CMCC, UNICOM, CELL, V2]))


@given(st.lists(st.tuples(ANY, st.integers(0, 10**5)), max_size=60), st.integers(0, 100))
def test_nobody_has_two_causes_and_nobody_is_made_up(missing: list[tuple[set[Cause], int]], others: int) -> None:
    ones = [Missing(f"t-{n}", since, frozenset(causes)) for n, (causes, since) in enumerate(missing)]
    found = explain(ones, count(one.causes for one in ones), len(ones) + others)
    named = [name for names in found.values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) <= {one.terminal for one in ones}
