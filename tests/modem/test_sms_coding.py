"""The header in front of user data (23.040 §9.2.3.24), element by element."""

import pytest

from modem.sms.coding import Header, Part, header


def of(*elements: str) -> Header | None:
    content = bytes.fromhex("".join(elements))
    return header(bytes((len(content),)) + content)


@pytest.mark.parametrize("data", ["", "01", "0500030A02"])
def test_a_header_longer_than_the_data_is_none(data: str) -> None:
    assert header(bytes.fromhex(data)) is None


@pytest.mark.parametrize(
    ("element", "part"),
    [
        ("00030A0201", Part(10, 2, 1)),
        ("08040A0B0202", Part(0x0A0B, 2, 2, wide=True)),
        ("00040A0B0202", None),
        ("08030A0202", None),
        ("00030A0200", None),
        ("00030A0203", None),
    ],
)
def test_a_part_is_counted_by_an_element_of_its_length(element: str, part: Part | None) -> None:
    assert of(element) == Header(len(element) // 2 + 1, part)


@pytest.mark.parametrize(
    ("element", "ports"),
    [
        ("04020B23", (0x0B, 0x23)),
        ("05040B8423F0", (2948, 9200)),
        ("0404000B0023", None),
        ("05020B23", None),
        ("0400", None),
    ],
)
def test_ports_are_of_8_or_16_bits(element: str, ports: tuple[int, int] | None) -> None:
    assert of(element) == Header(len(element) // 2 + 1, ports=ports)


def test_an_element_that_is_wrong_does_not_undo_one_that_is_right() -> None:
    assert of("00030A0201", "00030A0200") == Header(11, Part(10, 2, 1))
    assert of("04020B23", "0400") == Header(7, ports=(0x0B, 0x23))


@pytest.mark.parametrize(
    ("element", "single", "locking"),
    [
        ("240101", 1, 0),
        ("250101", 0, 1),
        ("24020101", 0, 0),
        ("25020101", 0, 0),
        ("2400", 0, 0),
        ("2500", 0, 0),
        ("240201", 0, 0),  # runs over the end
        ("250201", 0, 0),
        ("700101", 0, 0),  # something else
        ("24", 0, 0),
    ],
)
def test_national_tables_are_named_by_one_octet(element: str, single: int, locking: int) -> None:
    assert of(element) == Header(len(element) // 2 + 1, single=single, locking=locking)
