"""The table of known modems: well formed, sourced, and silent where nobody knows."""

import re

import pytest

from modem.discover import Candidate
from modem.known import BY_PROTOCOL, MAKERS, MODEMS, known, rank, role


def test_every_row_has_ids_as_sysfs_gives_them_and_says_where_it_comes_from() -> None:
    for (vendor, product), row in MODEMS.items():
        assert re.fullmatch("[0-9A-F]{4}", vendor)
        assert re.fullmatch("[0-9A-F]{4}", product)
        assert row.maker
        assert row.source
        assert all(0 <= interface < 32 for interface in row.roles)


def test_a_row_that_names_roles_names_a_port_for_commands() -> None:
    silent = {row.family for row in MODEMS.values() if row.roles and not {"at", "modem"} & set(row.roles.values())}
    assert silent == {"PH8"}  # its source only says which one is NMEA


def test_the_makers_that_point_of_sale_terminals_carry_are_there() -> None:
    wanted = {"Quectel", "SIMCom", "Huawei", "ZTE", "Fibocom", "MeiG", "Neoway", "Luat", "u-blox", "Telit", "Sierra",
              "Thales", "Yuge"}  # fmt: skip
    assert wanted <= {row.maker for row in MODEMS.values()}


@pytest.mark.parametrize(
    ("ids", "interface", "expected"),
    [
        (("2C7C", "0125"), 2, "at"),
        (("2C7C", "0125"), 0, "diag"),
        (("1E0E", "9001"), 1, "nmea"),
        (("1782", "4D11"), 7, "at"),
        (("2C7C", "6005"), 2, None),
        (("2C7C", "FFFF"), 2, None),
        (("1234", "5678"), 2, None),
    ],
)
def test_a_role_is_known_or_it_is_not(ids: tuple[str, str], interface: int, expected: str | None) -> None:
    assert role(*ids, interface) == expected


def test_an_interface_may_say_its_role_by_its_protocol() -> None:
    assert role("2C7C", "0801", 3, (0xFF, 0x00, 0x40)) == "at"
    assert role("12D1", "1506", 1, (0xFF, 0x01, 0x02)) == "at"
    assert role("12D1", "1506", 0, (0xFF, 0xFF, 0xFF)) is None
    assert set(BY_PROTOCOL) <= set(MAKERS)


def test_an_unknown_product_of_a_known_maker_has_only_the_maker() -> None:
    row = known("2C7C", "ABCD")
    assert row is not None
    assert (row.maker, row.family, dict(row.roles)) == ("Quectel", "", {})
    assert known(None, None) is None


def test_ports_that_may_answer_come_before_those_that_do_not() -> None:
    assert sorted(["diag", None, "at", "nmea", "modem"], key=rank) == ["at", "modem", None, "nmea", "diag"]  # type: ignore[arg-type]


def test_a_candidate_knows_its_role() -> None:
    assert Candidate("/dev/ttyUSB2", vendor_id="2C7C", product_id="0125", interface=2).role == "at"
