"""Each row of the table of known modems, written down once more, so that none is lost unseen.

Compared with ModemManager's port type rules: the roles of Fibocom, Huawei, Quectel, SIMCom, Telit and u-blox. The other
rows are as the table has them.

Interfaces are written in the order of their numbers: d traces, n positions, a commands, m commands and PPP, o other,
`.` nobody says.
"""

import pytest

from modem.known import BY_PROTOCOL, DRIVERS, MAKERS, MODEMS, known, rank, role

_ROLES = {"d": "diag", "n": "nmea", "a": "at", "m": "modem", "o": "other", ".": None}
_ROWS = """
2C7C 0121 dnam......... Quectel  EC21/EG21
2C7C 0125 dnam......... Quectel  EC20/EC25/EG25
2C7C 0191 dnam......... Quectel  EG91
2C7C 0195 dnam......... Quectel  EG95
2C7C 0296 dnam......... Quectel  BG96
2C7C 0306 dnam......... Quectel  EG06/EP06/EM06
2C7C 0800 dnam......... Quectel  RM500Q/RM502Q
2C7C 0801 ............. Quectel  RM520N
2C7C 0512 ............. Quectel  EG12/EM12/EG18
2C7C 0620 ............. Quectel  EM160R
2C7C 0700 ............. Quectel  BG95/BG77
2C7C 0203 ............. Quectel  BG95-M3
2C7C 0900 ............. Quectel  RM500U
2C7C 0901 ............. Quectel  EC200U/EG915U
2C7C 6001 ............. Quectel  EG912Y
2C7C 6002 ............. Quectel  EC200S
2C7C 6005 ............. Quectel  EC200A
2C7C 6007 ............. Quectel  EG916Q
2C7C 6026 ............. Quectel  EC200T
2C7C 7001 ............. Quectel  RM500K
05C6 9003 dnam......... Quectel  UC20
05C6 9090 ............. Quectel  UC15
05C6 9215 dnam......... Quectel  EC20 (first series)
1E0E 9001 dnamo........ SIMCom   SIM7000/SIM7100/SIM7500/SIM7600
1E0E 9011 ............. SIMCom   SIM7600 (RNDIS)/A76xx
1E0E 9205 dnam......... SIMCom   SIM7070/SIM7080/SIM7090
1E0E 9206 dnaoom....... SIMCom   SIM7070/SIM7080/SIM7090
2CB7 0007 ..a.o.a...... Fibocom  L850-GL
2CB7 0104 daao......... Fibocom  FM150/NL678
2CB7 0105 ............. Fibocom  NL678
2CB7 0106 oaa.......... Fibocom  MA510
2CB7 010B ............. Fibocom  FG150
2CB7 0111 ............. Fibocom  FM160
2CB7 01A0 ..aao........ Fibocom  NL668-AM
2CB7 01A2 ..aaoo....... Fibocom  FM101-GL
2CB7 01A4 ..oaoo....... Fibocom  FM101-GL
2CB7 0A04 ............. Fibocom  FM650-CN
2CB7 0A05 ............. Fibocom  FM650-CN
2CB7 0A06 ............. Fibocom  FM650-CN
1508 1001 ............. Fibocom  NL668
1782 4D10 ............. Fibocom  L610
1782 4D11 ..aoodoaa.... Fibocom  L610
1782 4E00 ............. Luat     Air720U/Air724U
1782 4055 ............. Tozed    LT70-C
19D1 0001 ............. Luat     Air7xx
2DEE 4D22 ............. MeiG     SRM815/SRM825/SLM828
2DEE 4D38 ............. MeiG     SRM825WN
2DEE 4D41 ............. MeiG     SLM320
2DEE 4D57 ............. MeiG     SLM770A
2DEE 4D63 ............. MeiG     SRM813Q
2DEE 4D64 ............. MeiG     SRM813Q
2949 8700 ............. Neoway   N723-EA
05C6 9625 ............. Yuge     CLM920-NC5
05C6 90B2 ............. u-blox   SARA-R410M
1546 1010 ..o.o.a.o.... u-blox   TOBY-L4
1546 1102 a.a.a.n.d.... u-blox   LISA-U2
1546 1107 a.a.a.n...d.. u-blox   TOBY-R2
1546 110A a.a.a.n...d.. u-blox   LARA-R2
1546 1311 ............. u-blox   LARA-R6
1546 1341 ............. u-blox   LARA-L6
1BC7 0021 m.....a...... Telit    HE910/UE910/UL865
1BC7 1003 m.a.......... Telit    UC864-E
1BC7 1004 m.na......... Telit    UC864-G
1BC7 1010 .nam......... Telit    DE910-DUAL
1BC7 1031 ............. Telit    LE910C1
1BC7 1034 ............. Telit    LE910C4
1BC7 1100 ............. Telit    ME910
1BC7 1201 ............. Telit    LE910
1199 68A2 d.nm......... Sierra   MC7710/MC7750
1199 901C d.nm......... Sierra   EM7700
1199 90D3 ............. Sierra   EM9191
1199 90E3 ............. Sierra   EM9291
1E2D 0053 .n........... Thales   PH8
1E2D 0060 ............. Thales   PLS8/PLS62
1E2D 006C ............. Thales   EXS82
1E2D 00B0 ............. Thales   CLS8
1E2D 00B3 ............. Thales   MV31-W
12D1 1573 ............. Huawei   MU609
19D2 0001 m.a.......... ZTE      MF622
19D2 0015 .m.a......... ZTE      MF628
19D2 0031 .a.m......... ZTE      MF626/MF637
19D2 0117 .am.......... ZTE      MF667
19D2 0601 ............. ZTE      ME3630
19D2 1432 ............. ZTE      ME3620
19D2 1515 m.a.......... ZTE      MF192
"""
_EACH = [line.split(maxsplit=4) for line in _ROWS.strip().splitlines()]

_VENDORS = {
    "2C7C": "Quectel", "1E0E": "SIMCom", "12D1": "Huawei", "19D2": "ZTE", "2CB7": "Fibocom", "1508": "Fibocom",
    "2DEE": "MeiG", "2949": "Neoway", "1546": "u-blox", "1BC7": "Telit", "1199": "Sierra", "1E2D": "Thales",
    "257A": "Yuge", "305A": "GosunCn", "0489": "Foxconn", "2020": "BroadMobi", "33F8": "Rolling", "3731": "NetPrisma",
}  # fmt: skip
_SPOKEN = {
    ("12D1", 0x01, 0x01): "modem", ("12D1", 0x01, 0x02): "at", ("12D1", 0x02, 0x01): "modem",
    ("12D1", 0x02, 0x02): "at", ("12D1", 0x01, 0x05): "nmea", ("12D1", 0x01, 0x14): "nmea",
    **{
        (vendor, *protocol): found
        for vendor in ("2C7C", "2DEE", "2CB7", "1199", "3731")
        for protocol, found in {(0xFF, 0x30): "diag", (0xFF, 0x40): "at", (0, 0x40): "at", (0xFF, 0x60): "nmea"}.items()
    },
}  # fmt: skip
"""(vendor, subclass, protocol) of interfaces of the maker's own class, 0xFF."""


@pytest.mark.parametrize(("vendor", "product", "roles", "maker", "family"), _EACH)
def test_each_row_finds_its_modem_and_what_its_interfaces_are_for(
    vendor: str, product: str, roles: str, maker: str, family: str
) -> None:
    row = known(vendor, product)
    assert row is not None
    assert (row.maker, row.family) == (maker, family)
    assert [role(vendor, product, at) for at in range(len(roles))] == [_ROLES[letter] for letter in roles]


def test_no_row_stands_in_the_table_that_is_not_written_down_here() -> None:
    assert set(MODEMS) == {(vendor, product) for vendor, product, *_ in _EACH}


@pytest.mark.parametrize("vendor", _VENDORS)
def test_an_unknown_product_is_its_vendors(vendor: str) -> None:
    row = known(vendor, "FFFF")
    assert row is not None
    assert (row.maker, row.family) == (_VENDORS[vendor], "")


def test_the_ids_of_chips_name_no_maker() -> None:
    assert known("05C6", "FFFF") is None
    assert known("1782", "FFFF") is None
    assert set(MAKERS) == set(_VENDORS)


@pytest.mark.parametrize(("vendor", "subclass", "protocol"), list(_SPOKEN))
def test_an_interface_of_an_unknown_product_is_what_its_protocol_says(
    vendor: str, subclass: int, protocol: int
) -> None:
    assert role(vendor, "FFFF", 1, (0xFF, subclass, protocol)) == _SPOKEN[vendor, subclass, protocol]


def test_no_other_protocol_says_what_an_interface_is_for() -> None:
    told = {(vendor, *protocol): found for vendor, rows in BY_PROTOCOL.items() for protocol, found in rows.items()}
    assert told == {(vendor, 0xFF, *rest): found for (vendor, *rest), found in _SPOKEN.items()}


def test_without_a_vendors_id_or_a_number_only_the_protocol_can_tell() -> None:
    assert role("2C7C", "0125", None, (0xFF, 0xFF, 0x30)) == "diag"
    assert role("2C7C", "0125", None) is None
    assert role(None, "0125", 2, (0xFF, 0xFF, 0x40)) is None


def test_ports_for_commands_are_asked_first_and_those_for_traces_last() -> None:
    assert [rank(one) for one in ("at", "modem", None, "nmea", "other", "diag")] == [0, 1, 2, 3, 4, 5]


def test_the_drivers_that_serve_nothing_but_modems() -> None:
    assert sorted(DRIVERS) == ["hso", "ipw", "option", "option1", "qcserial", "sierra"]
