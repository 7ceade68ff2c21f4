"""What may be read of a line that was cut, masked, or lost a comma: the rules of modem.shapes, on one shape."""

import pytest

from modem.shapes import shape, shaped

CELL = shape("mcc mnc area cell pci channel small level num", 6)
WHOLE = ("460", "01", "5A1B", "0A1B2C3D", "123", "1650", "3", "-95", "12")
NOTHING = ("",) * len(WHOLE)


def _with(place: int, text: str) -> tuple[str, ...]:
    return (*WHOLE[:place], text, *WHOLE[place + 1 :])


def _up_to(place: int) -> tuple[str, ...]:
    return (*WHOLE[:place], *NOTHING[place:])


def test_a_whole_line_is_read_and_what_follows_it_stays() -> None:
    assert shaped(WHOLE, CELL) == WHOLE
    assert shaped((*WHOLE, "77"), CELL) == (*WHOLE, "77")
    assert shaped(tuple(f" {text} " for text in WHOLE), CELL) == WHOLE


def test_the_last_field_of_a_cut_line_is_not_believed() -> None:
    assert shaped(WHOLE[:7], CELL) == _up_to(6)
    assert shaped((*WHOLE[:6], "-9"), CELL) == _up_to(6)
    assert shaped(WHOLE[:5], CELL) is None


@pytest.mark.parametrize("text", ["12X", "1XX", "XXX", "x", "***", "1..", "<redacted>", "xyz", "12\ufffd", "1z3"])
def test_a_field_that_is_masked_or_garbled_is_not_known_and_the_others_are(text: str) -> None:
    found = shaped(_with(4, text), CELL)
    assert found is not None
    assert (found[4] not in ("123",), (*found[:4], *found[5:])) == (True, (*WHOLE[:4], *WHOLE[5:]))
    assert not found[4].isdecimal()


@pytest.mark.parametrize("text", ["-", "", "255", "65535", "-1"])
def test_what_stands_for_not_known_stays(text: str) -> None:
    assert shaped(_with(4, text), CELL) == _with(4, text)


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_after_a_lost_field_nothing_is_read_that_may_have_moved(place: int) -> None:
    found = shaped((*WHOLE[:place], *WHOLE[place + 1 :]), CELL)
    assert found is None or all(text in ("", right) for text, right in zip(found, WHOLE, strict=True))


@pytest.mark.parametrize("place", range(len(WHOLE) - 1))
def test_after_a_lost_comma_nothing_is_read_that_may_have_moved(place: int) -> None:
    found = shaped((*WHOLE[:place], WHOLE[place] + WHOLE[place + 1], *WHOLE[place + 2 :]), CELL)
    assert found is None or all(text in ("", right) for text, right in zip(found, WHOLE, strict=True))


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_after_a_comma_too_many_nothing_is_read_that_may_have_moved(place: int) -> None:
    found = shaped((*WHOLE[:place], "", *WHOLE[place:]), CELL)
    assert found is None or all(text in ("", right) for text, right in zip(found, WHOLE, strict=False))


def test_a_comma_that_became_a_point_parts_no_fields() -> None:
    assert shaped((*WHOLE[:4], "123.1650", *WHOLE[6:]), CELL) == _up_to(4)


def test_one_odd_value_is_not_known_and_two_are_no_line() -> None:
    assert shaped(_with(0, "4601"), CELL) == _with(0, "")
    assert shaped(("4601", "-1234", *WHOLE[2:]), CELL) is None


def test_a_shape_may_end_before_its_kinds_do() -> None:
    early = shape("word pci level num", 3, 3)
    assert shaped(("NR", "5", "-90"), early) == ("NR", "5", "-90", "")
    assert shaped(("NR", "5"), early) is None
