"""A size is told here as at the terminal."""

import pytest

from agent.cli.status import size
from central import words


@pytest.mark.parametrize("count", [0, 5, 1023, 1024, 99_999, 2**20 - 1, 2**20, 31_457_280, 2**30, 5 * 2**40])
def test_the_console_and_the_terminal_say_the_same_size(count: int) -> None:
    assert words.size(count) == size(count)


@pytest.mark.parametrize("count", [None, True, -1, 1.5, "7", 2**63])
def test_what_is_no_size_is_nothing(count: object) -> None:
    assert words.size(count) == ""
