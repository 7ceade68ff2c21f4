"""News that were known and not read, and placeholders that were: from a set of answers that nobody here had seen.

Each line is from a public log or manual; where one says GMT, the evidence is beside it.
"""

from typing import Any

import pytest

from modem.decode import decode
from modem.dialects import choose, named
from modem.operators import name_of
from modem.values import Signal, as_json

_DERIVED = ("quality", "sms_only")


def read(vendor: str, text: str) -> list[dict[str, Any]]:
    """What is known, `kind` first, of all that `text` says."""
    dialect = named(vendor)
    assert dialect is not None
    found = [reading for one in decode(text, dialect) for reading in one.readings]
    return [{k: v for k, v in as_json(one).items() if v is not None and k not in _DERIVED} for one in found]


@pytest.mark.parametrize(
    ("line", "time", "offset"),
    [
        # a message of 19:03:40+04 lay in the store of this SIM800 (python-gsmmodem's log)
        ('*PSUTTZ: 2020,12,16,18,3,45,"+4",0', "2020-12-16T19:03:45+01:00", 60),
        ('*PSUTTZ: 2017,5,27,16,19,54,"+8",1', "2017-05-27T18:19:54+02:00", 120),
        ('*PSUTTZ: 2018,11,4,22,38,7,"-32",0', "2018-11-04T14:38:07-08:00", -480),
    ],
)
def test_the_networks_time_of_a_sim800_is_universal(line: str, time: str, offset: int) -> None:
    """SIM800 manual, AT+CLTS."""
    assert read("simcom", line) == [{"kind": "clock", "time": time, "utc_offset_minutes": offset}]


@pytest.mark.parametrize(
    ("line", "offset"),
    [
        ('*PSUTTZ: 25/04/02,09:49:27","+08",1', 120),
        ('*PSUTTZ: 18/11/04,22:38:07","-32",0', -480),
        ('*PSUTTZ: "18/11/04,22:38:07","-32",0', -480),
    ],
)
def test_the_newer_form_of_the_networks_time_tells_its_zone(line: str, offset: int) -> None:
    """SIM7000 and later: whether the time is local or universal no manual says."""
    assert read("simcom", line) == [{"kind": "clock", "utc_offset_minutes": offset}]


@pytest.mark.parametrize(
    "line", ["*PSUTTZ: 2020,12,16,18,3,45", '*PSUTTZ: 25/04/02,09:49:27","+0', "*PSUTTZ: 25/04/02"]
)
def test_a_piece_of_the_networks_time_says_nothing(line: str) -> None:
    assert read("simcom", line) == []


@pytest.mark.parametrize(
    ("line", "technology"),
    [
        *((f"^MODE: 3,{submode}", "gsm") for submode in (0, 1, 2)),
        ("^MODE: 3,3", "edge"),
        ("^MODE: 5,4", "umts"),
        *((f"^MODE: 5,{submode}", "hspa") for submode in (5, 6, 7, 9, 17, 18)),
        ("^MODE: 15,8", "umts"),
        ("^MODE: 15,5", "hspa"),
        ("^MODE: 17,3", "lte"),
    ],
)
def test_a_submode_tells_what_is_faster_than_the_mode(line: str, technology: str) -> None:
    """Huawei datacard manual V2.3, ^SYSINFO: 1 GSM, 2 GPRS, 3 EDGE, 4 WCDMA, 5 HSDPA, 6 HSUPA, 7 both, 8 TD-SCDMA, 9,
    17 and 18 HSPA+."""
    assert read("huawei", line) == [{"kind": "network_info", "technology": technology}]


def test_a_simcom_reads_and_deletes_a_text_in_one() -> None:
    said = 'AT+CMGRD=1\n+CMGRD: "REC UNREAD","+34626700000","","25/04/27,13:44:52+8"\n1234 estado\nOK'
    (sms,) = read("simcom", said)
    assert (sms["status"], sms["sender"], sms["text"]) == ("unread", "+34626700000", "1234 estado")
    assert sms["time"] == "2025-04-27T13:44:52+02:00"


def test_a_luats_time_is_universal() -> None:
    """An Air780 said 06:36:38 while the clock of the serial log stood at 14:36:39, in China."""
    assert read("luat", "+NITZ: 2024/08/23,06:52:50+32,0") == [
        {"kind": "clock", "time": "2024-08-23T14:52:50+08:00", "utc_offset_minutes": 480}
    ]


@pytest.mark.parametrize(("line", "service"), [("^SRVST:0", "none"), ("^SRVST: 1", "limited"), ("^SRVST:2", "valid")])
def test_a_huawei_tells_its_service_unasked(line: str, service: str) -> None:
    """ME909s manual, ^SRVST."""
    assert read("huawei", line) == [{"kind": "network_info", "service": service}]


def test_a_service_that_no_manual_knows_is_none() -> None:
    assert read("huawei", "^SRVST:9") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("$MYSYSINFO: 0,00", [{"kind": "network_info", "service": "none"}]),
        ("$MYSYSINFO: 2,01", [{"kind": "network_info", "technology": "gsm"}]),
        ("$MYSYSINFO: 3,01", [{"kind": "network_info", "technology": "umts"}]),
        ("$MYSYSINFO: 4,4", [{"kind": "network_info", "technology": "lte"}]),
        ("$MYSYSINFO: 7,01", []),  # a setting: 3G and 4G
        ("$MYSYSINFO: x", []),
    ],
)
def test_a_neoway_tells_its_generation(line: str, expected: list[dict[str, Any]]) -> None:
    """Two programs for N58 and N720 read it so."""
    assert read("neoway", f"AT$MYSYSINFO\n{line}\nOK") == expected


def test_the_heat_of_a_sim900_stands_behind_its_setting() -> None:
    assert read("simcom", "AT+CMTE?\n+CMTE: 0,23.73\nOK") == [
        {"kind": "temperature", "temperature_c": 23.73, "sensors": []}
    ]


@pytest.mark.parametrize("line", ["+CMTE: 1", "+CMTE: 0,x"])
def test_a_setting_is_no_heat(line: str) -> None:
    assert read("simcom", f"AT+CMTE?\n{line}\nOK") == []


def ceng(*lines: str) -> list[dict[str, Any]]:
    """The neighbours in AT+CENG?."""
    found = read("simcom", "\n".join(["AT+CENG?", *lines, "OK"]))
    return [one for one in found if one["kind"] == "cell" and not one["serving"]]


def test_neighbours_in_mode_3_look_like_the_serving_cell() -> None:
    """SIM808 in China; SIM900 in Russia has places with no cell in them."""
    serving = '+CENG: 0,"460,00,3340,624b,19,36"'
    assert ceng("+CENG: 3,0", serving, '+CENG: 1,"460,00,3340,5e8a,15,41"') == [
        {"kind": "cell", "technology": "gsm", "serving": False, "plmn": "46000", "lac": "3340", "cell_id": "5E8A"}
    ]
    for empty in ('+CENG: 1,",,0000,ffff,56,34"', '+CENG: 6,"000,00,0,0,00,00"', '+CENG: 1,"460,00,3340"'):
        assert ceng("+CENG: 3,0", serving, empty) == []


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ('+CENG: 1,"0128,15,30,310,411,178d"', {"channel": 128, "lac": "178D"}),
        ('+CENG: 1,"0082,41,49,62e8,310,411,58b2"', {"channel": 82, "lac": "58B2", "cell_id": "62E8"}),
    ],
)
def test_neighbours_in_mode_1_begin_with_their_channel(line: str, more: dict[str, Any]) -> None:
    """SIM800 manual, and logs of SIM900s."""
    (cell,) = ceng("+CENG: 1,1", '+CENG: 0,"0154,28,00,310,411,12,000f,00,05,178d,255"', line)
    assert cell == {"kind": "cell", "technology": "gsm", "serving": False, "plmn": "310411"} | more


def test_neighbours_of_a_sim7080_have_channel_and_cell_number() -> None:
    head = ("+CENG: 1,1,2,LTE CAT-M1", '+CENG: 0,"1550,339,-73,-47,-12,17,102,303617,284,05,255"')
    assert ceng(*head, '+CENG: 1,"1550,414,-88,-51,-20,17"') == [
        {"kind": "cell", "technology": "lte_m", "serving": False, "pci": 414, "channel": 1550}
    ]
    for other in ('+CENG: 1,"0,0,0,0,0,0"', '+CENG: 1,"1550,414,-88"'):
        assert ceng(*head, other) == []


def test_neighbours_without_a_serving_cell_are_of_an_unknown_form() -> None:
    assert ceng("+CENG: 3,0", '+CENG: 1,"460,00,3340,5e8a,15,41"') == []


def test_filler_is_no_operators_name() -> None:
    """24.008 §10.5.1.3: digits that are not there are F."""
    assert name_of("FFFFF") is None
    assert name_of("ffffff") is None
    assert name_of("FFF") == "FFF"


def test_zeros_beside_no_band_are_no_cell() -> None:
    """SIM7600 between two cells."""
    line = "+CPSI: LTE,Online,460-00,0x0000,0,0,EUTRAN-BAND0,0,0,0,0,0,0,0"
    (cell, _) = read("simcom", f"AT+CPSI?\n{line}\nOK")
    assert cell == {"kind": "cell", "technology": "lte", "serving": True, "plmn": "46000"}
    (cell, _) = read("simcom", f"AT+CPSI?\n{line.replace('BAND0,0', 'BAND1,0')}\nOK")
    assert (cell["band"], cell["channel"], cell["pci"]) == ("B1", 0, 0)


def test_a_lost_comma_moves_no_level_to_anothers_place() -> None:
    """A log of an EC200: what follows "-11.-72" is one place off, and 20 would be the SINR."""
    line = '+QENG: "servingcell","NOCONN","LTE","FDD",404,49,DC28701,114,1373,3,5,5,3901,-103,-11.-72,10,20'
    (found,) = decode(line, choose("Quectel", "EC200", ""))
    (level,) = (one for one in found.readings if isinstance(one, Signal))
    assert (level.rsrp_dbm, level.rsrq_db, level.rssi_dbm, level.sinr_db) == (-103, None, None, None)


def test_a_dash_among_the_levels_hides_none_of_the_others() -> None:
    line = '+QENG: "servingcell","NOCONN","LTE","FDD",404,49,DC28701,114,1373,3,5,5,3901,-103,-,-72,-,20'
    (_, level) = read("quectel", line)
    assert (level["rsrp_dbm"], level["rssi_dbm"], level.get("rsrq_db")) == (-103, -72, None)
