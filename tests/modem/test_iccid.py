"""Card numbers, as modems give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import card, iccid
from modem.values import Iccid


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('"984402003576012594F9"', "8944200053671052499"),
        ("98231420326409614067", "89324102234690160476"),
        ("8944200053671052499F", "8944200053671052499"),
        ('"898602F9091830030220"', "898602F9091830030220"),
        ('"898602C0123456789012"', "898602C0123456789012"),
        ("898602c0123456789012", "898602C0123456789012"),
        ("8986 0015 1207 1638 0461", "89860015120716380461"),
        ("8939560000000806532F", "8939560000000806532"),
        ("982314203264096", None),
        ("98231420326pl9614067", None),
        ("89049032000001000000012345678901", None),
        ("FFFFFFFFFFFFFFFFFFFF", None),
        ("", None),
    ],
)
def test_normalise(raw: str, expected: str | None) -> None:
    assert iccid.normalise(raw) == expected


@pytest.mark.parametrize(
    "line",
    [
        "+CCID: 89860325167550407312",
        '+ICCID: "89860325167550407312"',
        "89860325167550407312",
        '+CCID: "A","89860325167550407312"',
    ],
)
def test_every_way_of_showing_a_card(line: str) -> None:
    assert card.number(line) == Iccid("89860325167550407312", "China Telecom")


def test_card_file_is_swapped() -> None:
    assert card.file('+CRSM: 144,0,"984402003576012594F9"') == Iccid("8944200053671052499")
    assert card.file('+CRSM: 144,0,"8944200053671052499F"') == Iccid("8944200053671052499")
    assert card.file('+CRSM: 144,0,"894420005367105249"') is None
    assert card.file('+CRSM: 106,130,""') is None


@pytest.mark.parametrize(
    ("number", "imsi", "expected"),
    [
        ("89860015120716380461", None, "China Mobile"),
        ("89860325167550407312", None, "China Telecom"),
        ("89860625167550407312", None, None),
        ("89860625167550407312", "460011234567890", "China Unicom"),
        ("89860625167550407312", "460031234567890", "China Telecom"),
        ("8988228066600000000", None, "1NCE"),
        ("8949000000000000000", None, None),
        (None, None, None),
    ],
)
def test_issuer(number: str | None, imsi: str | None, expected: str | None) -> None:
    assert iccid.issuer(number, imsi) == expected


def test_one_card_with_and_without_its_check_digit() -> None:
    assert iccid.same_card("8944200053671052499F", '"89442000536710524993"')
    assert not iccid.same_card("8944200053671052499", "8944200053671052498")
    assert not iccid.same_card("", "")
    assert not iccid.same_card("89442000536710524993", "89442000536710524994")
    assert not iccid.same_card("894420005367105249", "89442000536710524994")


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    iccid.normalise(text)
    iccid.from_ef(text)
    iccid.same_card(text, text)


@given(st.from_regex(r"89[0-9]{17}[0-9]", fullmatch=True))
def test_swapping_and_padding_change_nothing(number: str) -> None:
    swapped = "".join(number[at + 1] + number[at] for at in range(0, 20, 2))
    assert iccid.normalise(number) == iccid.normalise(swapped) == number
    assert iccid.normalise(number[:19] + "F") == number[:19]
