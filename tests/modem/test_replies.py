"""Which lines of a reply a reader gets to see."""

import pytest

from modem.replies import MAX_LINES, any_of, capability, each, lines_of
from modem.values import Capability, Clock, Reading
from tests.fakes.replies import reply


def test_without_a_prefix_every_line_is_looked_at() -> None:
    assert lines_of(reply("EC25", "+X: 1")) == ("EC25", "+X: 1")


def test_with_prefixes_only_their_lines() -> None:
    assert lines_of(reply("EC25", "+X: 1", "+Y: 2", "+Z: 3"), "+X:", "+Z:") == ("+X: 1", "+Z: 3")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("+X: 1,", "2"), ("+X: 1,2",)),
        (("+X: 1,", "2,", "3"), ("+X: 1,2,3",)),
        (("+X: 1,", "2", "3"), ("+X: 1,2",)),
        (("+X: 1,", "+X: 2,", "3"), ("+X: 1,", "+X: 2,3")),
        (("+X: 1,", "+Y: 2"), ("+X: 1,",)),
        (("+X: 1,", "+Y: 2,", "3"), ("+X: 1,",)),
        (("+X: 1", "+Y: 2,", "3"), ("+X: 1",)),
        (("+X: 1", "a,", "b"), ("+X: 1",)),
        (("a,", "b", "+X: 1"), ("+X: 1",)),
        (("+Y: 1,", "b"), ()),
    ],
)
def test_a_line_that_ends_with_a_comma_goes_on_in_the_next_without_a_prefix(
    lines: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """L860 breaks its long lines there."""
    assert lines_of(reply(*lines), "+X:") == expected


def test_a_reply_without_end_is_read_to_a_bound() -> None:
    endless = reply(*["+X: 1"] * (MAX_LINES + 1))
    assert len(lines_of(endless)) == len(lines_of(endless, "+X:")) == len(capability("AT+X=?")(endless)) == MAX_LINES


def test_a_reader_may_give_one_reading_or_several_or_none() -> None:
    one, other = Clock("a"), Clock("b")
    found: dict[str, Reading | tuple[Reading, ...] | None] = {"one": one, "two": (one, other), "none": None}
    assert each(lambda line: found[line])(reply("one", "none", "two")) == (one, one, other)


def test_a_compound_command_has_the_readings_of_all_its_parts() -> None:
    parse = any_of(each(Clock, "+X:"), each(Clock, "+Y:"))
    assert parse(reply("+Y: 1", "+X: 2")) == (Clock("+X: 2"), Clock("+Y: 1"))


def test_a_test_command_tells_what_the_modem_listed() -> None:
    listed = capability("AT+CREG=?")(reply("+CREG: (0-2)", "+CREG:"))
    assert listed == (Capability("AT+CREG=?", ("(0-2)",)),)
