"""A terminal reads answers without a validator: hostile ones are refused by name, good ones come through whole."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire import Answer, Directive, RejectedRecord, UnknownVersion, WireError, answer_bytes, numbered, read_answer
from agent.wire.models import ReportRecord

SEQS = st.integers(1, 2**53)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ANSWERS = st.builds(
    Answer,
    acked=st.integers(0, 500),
    rejected=st.lists(st.builds(RejectedRecord, SEQS, TEXTS), max_size=3),
    server_time=st.none() | st.integers(0, 4_000_000_000),
    session=st.none() | st.from_regex(r"[A-Za-z0-9._-]{13,76}", fullmatch=True),
    dictionary=st.integers(0, 15),
    directives=st.lists(
        st.builds(Directive, st.from_regex(r"[0-9a-z]{1,32}", fullmatch=True), TEXTS, st.integers(0, 2**31)), max_size=2
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["acked", "rejected", "server_time", "session", "dictionary", "directives", "v", "other"])


@given(ANSWERS)
def test_what_a_centre_says_is_what_a_terminal_reads(answer: Answer) -> None:
    assert read_answer(answer_bytes(answer)) == answer


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_any_object_is_an_answer_or_an_error_that_says_why(plain: dict[str, object]) -> None:
    try:
        read_answer(json.dumps(plain).encode())
    except WireError as error:
        assert str(error)  # noqa: PT017  (either outcome is right; what must not happen is another error)


@given(st.binary(max_size=60))
def test_any_bytes_are_an_answer_or_an_error(data: bytes) -> None:
    try:
        read_answer(data)
    except WireError as error:
        assert "\n" not in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        ({}, "acked"),
        ({"acked": True}, "acked"),
        ({"acked": -1}, "acked"),
        ({"acked": 1, "rejected": [{"seq": 0, "reason": "x"}]}, "seq"),
        ({"acked": 1, "rejected": [{"seq": 1}]}, "reason"),
        ({"acked": 1, "session": "short"}, "session"),
        ({"acked": 1, "session": "a/../../../../../b"}, "session"),
        ({"acked": 1, "directives": [{"id": "../x", "kind": "k", "expires_at": 1}]}, "id"),
        ({"acked": 1, "directives": "all"}, "directives"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(plain: dict[str, object], says: str) -> None:
    with pytest.raises(WireError, match=says):
        read_answer(json.dumps(plain).encode())


def test_another_version_is_said_to_be_one() -> None:
    with pytest.raises(UnknownVersion):
        read_answer(b'{"v":2,"acked":1}')


@given(st.dictionaries(st.sampled_from(["type", "at", "body", "seq"]), JSON, max_size=4), SEQS)
def test_what_a_terminal_lets_travel_the_centres_model_accepts(plain: dict[str, object], seq: int) -> None:
    try:
        travelling = numbered(json.dumps(plain).encode(), seq)
    except WireError:
        return
    assert ReportRecord.model_validate_json(travelling).seq == seq


def test_reading_answers_loads_no_validator() -> None:
    code = "import sys; from agent.wire import read_answer; read_answer(b'{\"acked\":1}'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pydantic" not in done.stdout.split()
