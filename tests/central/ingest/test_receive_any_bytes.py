"""Whatever arrives is taken or refused in an orderly way, by the whole application and the real store."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.wire import read_answer
from tests.central.helpers import Centre, batch, beat, record, verdict

QUIET = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def fields(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, JSON))


RECORDS = st.builds(lambda good, wrong: good | wrong, st.sampled_from([record(1), verdict(2)]), fields(*record(1)))
BODIES = st.builds(
    lambda good, wrong: record(1, **(good | wrong)), st.just(beat()), fields(*beat(), "iccid", "operator")
)
BATCHES = st.builds(
    lambda wrong, records: json.dumps(json.loads(batch(*records)) | wrong).encode(),
    fields("v", "epoch", "sent_at", "records"),
    st.lists(RECORDS | BODIES, max_size=4),
)


REFUSALS = ("bad_json", "bad_batch", "unknown_version", "bad_frame", "unknown_base")


def check(centre: Centre, body: bytes) -> None:
    centre.clock.advance(60)  # not the rate limit's test
    answer = centre.post(body)
    assert answer.status in (200, 204, 400, 409)
    if answer.status == 204:  # nothing was in it, and there is nothing to say
        assert answer.body == b""
    elif answer.status == 200:
        said = read_answer(answer.body)
        assert said.acked + len(said.rejected) == len(json.loads(body)["records"])
    else:
        assert answer.json["error"]["code"] in REFUSALS


@QUIET
@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(centre: Centre, body: bytes) -> None:
    check(centre, body)


@QUIET
@given(BATCHES)
def test_nearly_right_batches_get_an_answer(centre: Centre, body: bytes) -> None:
    check(centre, body)
    assert centre.get("/terminals/t-1").status == 200
    assert centre.get("/").status == 200
    assert centre.get("/api/v1/terminals/t-1/reports").status == 200


@QUIET
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_a_damaged_batch_gets_an_answer(centre: Centre, place: int, noise: bytes) -> None:
    whole = batch(record(1), verdict(2))
    check(centre, whole[:place] + noise + whole[place + len(noise) :])
