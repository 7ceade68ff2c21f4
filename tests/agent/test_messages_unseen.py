"""Messages nobody tuned on: half of them (more-dev) served to mend the grammar, half (more-held) only to measure it."""

import pytest

from tests.agent.messages.scorer import compare, load, read

NEGATIVES = [message for name in ("more-dev",) for message in load(name) if message["negative"]]


def test_nearly_every_fact_of_unseen_messages_is_read() -> None:
    compared = [one for message in load("more-dev") for one in compare(message)]
    wrong = [one for one in compared if not one.right]
    assert 1 - len(wrong) / len(compared) >= 0.97, wrong


@pytest.mark.parametrize("message", NEGATIVES, ids=[str(message["id"]) for message in NEGATIVES])
def test_what_is_no_carriers_state_yields_no_fact(message: dict[str, object]) -> None:
    assert [one for one in compare(message) if not one.right] == []


@pytest.mark.parametrize("name", ["more-dev", "more-held"])
def test_evidence_of_unseen_messages_stands_where_its_span_says(name: str) -> None:
    for message in load(name):
        for one in read(message).evidence:
            assert message["text"][one.start : one.end] == one.text
