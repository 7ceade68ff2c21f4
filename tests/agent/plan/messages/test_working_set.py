"""The messages known so far, real and invented, read as the tables say; `bench/plan_messages.py` prints the score."""

import pytest

from tests.agent.plan.messages.scorer import compare, load, read

SETS = ("working_set", "synthetic")
NEGATIVES = [message for name in SETS for message in load(name) if message["negative"]]


@pytest.mark.parametrize(("name", "least"), [("working_set", 0.98), ("synthetic", 0.96)])
def test_nearly_every_fact_of_the_known_messages_is_read(name: str, least: float) -> None:
    compared = [one for message in load(name) for one in compare(message)]
    wrong = [one for one in compared if not one.right]
    assert 1 - len(wrong) / len(compared) >= least, wrong


@pytest.mark.parametrize("name", SETS)
def test_no_known_message_yields_a_fact_that_is_not_there(name: str) -> None:
    assert [one for message in load(name) for one in compare(message) if one.false] == []


@pytest.mark.parametrize("message", NEGATIVES, ids=[str(message["id"]) for message in NEGATIVES])
def test_adverts_codes_banks_and_greetings_yield_nothing(message: dict[str, object]) -> None:
    result = read(message)
    assert result.kind == "other"
    assert (result.balance, result.used_bytes, result.remaining_bytes) == (None, None, None)
    assert (result.total_bytes, result.expires_on, result.evidence) == (None, None, ())


@pytest.mark.parametrize("name", SETS)
def test_evidence_stands_in_the_text_where_its_span_says(name: str) -> None:
    for message in load(name):
        for one in read(message).evidence:
            assert message["text"][one.start : one.end] == one.text
            assert one.text
