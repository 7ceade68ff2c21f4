"""Addresses and times of PDUs (23.040 §9.1.2, §9.2.3.11)."""

import pytest

from modem.sms import gsm7
from modem.sms.octets import Cursor, address, centre, destination, stamp


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ("911326040000F0", "+31624000000"),
        ("8101F0", "100"),
        ("A101F0", "100"),
        ("91", None),
        ("91FF", None),
        ("", None),
    ],
)
def test_a_service_centre_has_a_plus_where_its_number_is_international(field: str, number: str | None) -> None:
    assert centre(bytes.fromhex(field)) == number


def named(name: str) -> str | None:
    """Read from an address of that name."""
    packed = gsm7.pack(gsm7.septets_of(name) or b"")
    return address(Cursor(bytes((-(-7 * len(name) // 4), 0xD0)) + packed))


@pytest.mark.parametrize("name", ["Hi there", "abc@", "Hi ther", "China Mobile", "a"])
def test_a_name_keeps_all_its_letters(name: str) -> None:
    assert named(name) == name


def test_a_name_of_no_letter_is_none() -> None:
    assert named("") is None
    assert named(" \r") is None


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("23", "+08:00"),
        ("2B", "-08:00"),
        ("00", "+00:00"),
        ("65", "+14:00"),
        ("75", ""),  # 57 quarters
        ("8C", "-12:00"),  # 48 quarters; bit 3 of the tens is the sign
        ("9C", ""),
        ("A3", ""),  # no digit
        ("FF", ""),
    ],
)
def test_an_offset_is_one_that_exists(zone: str, offset: str) -> None:
    time = stamp(bytes.fromhex(f"621112810000{zone}"))
    assert time is not None
    assert time.isoformat() == f"2026-11-21T18:00:00{offset}"


@pytest.mark.parametrize(
    ("number", "field"),
    [("10086", "05810180F6"), ("+10086", "05910180F6"), ("*100#", "0581 1A00FB"), ("1" * 20, f"1481{'11' * 10}")],
)
def test_a_recipients_type_is_told_by_its_plus(number: str, field: str) -> None:
    assert destination(number) == bytes.fromhex(field)
