"""Enrolment codes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire import WireError
from agent.wire.enrol import ALPHABET, grouped, read_request, tidy, with_check

DATA = st.text(ALPHABET, min_size=12, max_size=12)


@given(DATA)
def test_what_is_shown_is_understood(data: str) -> None:
    assert tidy(grouped(with_check(data))) == with_check(data)


@given(DATA)
def test_small_letters_blanks_and_lookalikes_are_understood(data: str) -> None:
    code = with_check(data)
    assert tidy(f" {grouped(code).lower().replace('0', 'o').replace('1', 'l')} ") == code


@given(DATA, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(data: str, place: int, char: str) -> None:
    code = with_check(data)
    wrong = code[:place] + char + code[place + 1 :]
    if wrong != code:
        with pytest.raises(WireError):
            tidy(wrong)


@given(DATA, st.integers(0, 11))
def test_swapped_neighbours_are_found_but_for_first_and_last_of_the_alphabet(data: str, place: int) -> None:
    code = with_check(data)
    one, other = code[place], code[place + 1]
    if one != other and {one, other} != {"0", "Z"}:
        with pytest.raises(WireError):
            tidy(code[:place] + other + one + code[place + 2 :])


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_in_few_words(typed: str) -> None:
    with pytest.raises(WireError) as refusal:
        tidy("!" + typed)
    assert len(str(refusal.value)) < 100


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_an_error(data: bytes) -> None:
    with pytest.raises(WireError):
        read_request(data)
