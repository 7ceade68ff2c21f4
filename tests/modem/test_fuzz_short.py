"""The targets of bench/fuzz.py, briefly: mutated answers of real modems, and anything at all."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz import TARGETS, seeds

SEEDS = seeds()
ROUNDS = 60


def mutated(dice: random.Random) -> bytes:
    """One real answer with bytes changed, dropped, doubled, and pieces of another one put in."""
    data = bytearray(dice.choice(SEEDS))
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(data) + 1)
        size = dice.randrange(12)
        other = dice.choice(SEEDS)
        start = dice.randrange(len(other) + 1)
        change = dice.choice((b"", dice.randbytes(size), bytes(data[at : at + size]) * 2, other[start : start + size]))
        data[at : at + size] = change
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_answers_of_real_modems_do_no_harm(name: str) -> None:
    dice = random.Random(name)
    for _ in range(ROUNDS):
        TARGETS[name](mutated(dice))


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.binary(max_size=600))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_any_bytes_do_no_harm(name: str, data: bytes) -> None:
    TARGETS[name](data)
