"""The other vendors' own commands, on lines from captures, manuals and public logs."""

from typing import Any

import pytest

from modem.dialects import named
from modem.values import Reading, as_json
from tests.fakes.replies import reply


def read(vendor: str, name: str, *lines: str, command: str = "AT") -> list[dict[str, Any]]:
    """Readings without what is not known."""
    dialect = named(vendor)
    assert dialect is not None
    found: tuple[Reading, ...] = dialect.parsers[name](reply(*lines, command=command))
    return [{key: value for key, value in as_json(one).items() if value is not None} for one in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "^SMONI: 4G,6300,20,10,10,FDD,262,02,BF75,0345103,350,33,-94,-7,NOCONN",
            {
                "technology": "lte",
                "plmn": "26202",
                "tac": "BF75",
                "cell_id": "0345103",
                "pci": 350,
                "channel": 6300,
                "band": "B20",
            },
        ),
        (
            "^SMONI: 3G,10737,131,-7.5,-103,260,01,7D3D,C80BC9A,21,11,NOCONN",
            {"technology": "umts", "plmn": "26001", "lac": "7D3D", "cell_id": "C80BC9A", "pci": 131, "channel": 10737},
        ),
        (
            "^SMONI: 2G,71,-61,262,02,0143,83BA,33,33,3,6,G,NOCONN",
            {"technology": "gsm", "plmn": "26202", "lac": "0143", "cell_id": "83BA", "channel": 71},
        ),
    ],
)
def test_cinterion_serving_cell(line: str, expected: dict[str, Any]) -> None:
    cell, level = read("cinterion", "^SMONI", line)
    assert cell == {"kind": "cell", "serving": True} | expected
    assert level["kind"] == "signal"


@pytest.mark.parametrize(
    ("number", "state"), [(0, "absent"), (1, "busy"), (2, "busy"), (3, "failure"), (4, "absent"), (5, "ready")]
)
def test_cinterion_indicator_of_the_card(number: int, state: str) -> None:
    assert read("cinterion", "^SIND", f"^SIND: simstatus,1,{number}") == [{"kind": "sim", "state": state}]


def test_cinterion_indicators_of_time_and_number() -> None:
    (clock,) = read("cinterion", "^SIND", '^SIND: nitz,0,"13/03/29,07:54:49",+16,0')
    assert clock["time"] == "2013-03-29T11:54:49+04:00"
    (number,) = read("cinterion", "^SIND", '^SIND: iccid,1,"89701012417725700000"')
    assert number["iccid"] == "89701012417725700000"
    assert read("cinterion", "^SIND", "^SIND: nitz,1", '^SIND: euiccid,1,"89701012417725700000"') == []


def test_cinterion_searching() -> None:
    assert read("cinterion", "^SMONI", "^SMONI: 4G,SEARCH") == [{"kind": "network_info", "service": "none"}]


@pytest.mark.parametrize(("name", "figure"), [("+VZWRSRP", "rsrp_dbm"), ("+VZWRSRQ", "rsrq_db")])
def test_sequans_cells_for_verizon_the_serving_one_first(name: str, figure: str) -> None:
    cell, level = read("sequans", name, f'{name}: 222,3700,"-20",223,3700,"-23"')
    assert cell == {"kind": "cell", "technology": "lte", "serving": True, "pci": 222, "channel": 3700}
    assert {key: level[key] for key in ("rsrp_dbm", "rsrq_db") if key in level} == {figure: -20}


@pytest.mark.parametrize("tac", ["-1", "0", "x"])
def test_sequans_area_that_is_none(tac: str) -> None:
    cell, _level = read("sequans", "+SQNMONI", f"+SQNMONI: X Cc:204 Nc:08 RSRP:-90.00 TAC:{tac} Id:176 EARFCN:6400")
    assert "tac" not in cell


def test_sequans_monitor() -> None:
    line = "+SQNMONI: NL KPN Cc:204 Nc:08 RSRP:-90.00 CINR:18.00 RSRQ:-7.70 TAC:64503 Id:176 EARFCN:6400 PWR:-74.52"
    cell, level = read("sequans", "+SQNMONI", line)
    assert (cell["plmn"], cell["tac"], cell["pci"], cell["channel"]) == ("20408", "FBF7", 176, 6400)
    assert (level["rsrp_dbm"], level["sinr_db"], level["rssi_dbm"]) == (-90, 18, -74.52)


def test_sequans_without_a_measurement() -> None:
    line = "+SQNMONI: TELCEL Cc:334 Nc:020 RSRP:-1 CINR:-1 RSRQ:-1 TAC:23330 Id:235 EARFCN:2050 PWR:-1 PAGING:128"
    (cell,) = read("sequans", "+SQNMONI", line)
    assert cell["plmn"] == "334020"


def test_nordic_monitor() -> None:
    line = '%XMONITOR: 1,"EDAV","EDAV","26295","00B7",7,4,"00011B07",7,2300,63,39,"","11100000","11100000"'
    cell, level = read("nordic", "%XMONITOR", line)
    assert (cell["technology"], cell["tac"], cell["cell_id"], cell["band"]) == ("lte_m", "00B7", "00011B07", "B4")
    assert (level["rsrp_dbm"], level["sinr_db"]) == (-78, 14)
    assert read("nordic", "%XMONITOR", "%XMONITOR: 2") == []


def test_nordic_names_the_cause_of_a_refusal() -> None:
    dialect = named("nordic")
    assert dialect is not None
    (found,) = as_json(dialect.urcs["+CNEC_EMM:"](("+CNEC_EMM: 8",)))
    assert (found["cause"]["layer"], found["cause"]["number"]) == ("emm", 8)


@pytest.mark.parametrize(
    ("name", "technology"),
    [
        ("GPRS", "gsm"),
        ("EDGE", "edge"),
        ("UMTS", "umts"),
        ("HSDPA", "hspa"),
        ("HSUPA", "hspa"),
        ("HSDPA/HSUPA", "hspa"),
        ("HSPA+", "hspa"),
        ("LTE", "lte"),
    ],
)
def test_sierra_names_of_networks(name: str, technology: str) -> None:
    assert read("sierra", "*CNTI", f"*CNTI: 0,{name}") == [{"kind": "network_info", "technology": technology}]


@pytest.mark.parametrize(
    ("mode", "technology"),
    [("LTE", "lte"), ("ENDC", "nr_nsa"), ("NR5G", "nr"), ("WCDMA", "umts"), ("UMTS", "umts"), ("GSM", "gsm")],
)
def test_sierra_modes(mode: str, technology: str) -> None:
    found, *_ = read("sierra", "!GSTATUS", f"System mode:   {mode}        \tPS state:    Attached")
    assert found == {"kind": "network_info", "technology": technology}


def test_sierra_level_with_one_figure() -> None:
    assert read("sierra", "!GSTATUS", "PCC RxM RSRP:  -117")[0]["rsrp_dbm"] == -117
    assert read("sierra", "!GSTATUS", "PCC RxM RSSI:  -89")[0]["rssi_dbm"] == -89


def test_ublox_cell_is_not_read_from_news_in_its_midst() -> None:
    news = "+UUSOLI: " + ",".join("1" * 17)
    cell = "2525,5,25,50,2b67,69f6bc7,111,00000000,ffff,ff,67,19,0.00,255,255,255,67,11,255,0,255,255,0"
    found, _level = read("ublox", "+UCGED", "+UCGED: 2", "6,0,001,01", news, cell)
    assert (found["pci"], found["channel"]) == (111, 2525)


@pytest.mark.parametrize(
    ("line", "technology", "area", "cell"),
    [
        ("10837,-84,262,07,25,38380529,15506,0,-84,-7", "umts", "3C92", "249A3F1"),
        ("10837,-84,262,07,25,0249A3F1,3C92,0,-84,-7", "umts", "3C92", "0249A3F1"),
        ("48,24,-52,0,610,01,8201,0E40,CELL_OTHER,2", "gsm", "8201", "0E40"),
        ("48,24,-52,0,610,01,3A2C,1A40,CELL_OTHER,2", "gsm", "3A2C", "1A40"),
        ("48,24,-52,0,610,01,33281,3648,CELL_OTHER,2", "gsm", "8201", "E40"),
        ("48,24,-52,0,610,01,0143,1640,CELL_OTHER,2", "gsm", "0143", "1640"),
        ("10837,-84,262,07,25,38380529,1550,0,-84,-7", "umts", "060E", "249A3F1"),
        ("48,24,-52,0,610,01,3281,3648,CELL_OTHER,2", "gsm", None, None),
        ("48,24,-52,0,610,01,3A2C,,CELL_OTHER,2", "gsm", None, None),
        ("48,24,-52,0,610,01,12345678,1234567890,CELL_OTHER,2", "gsm", None, None),
    ],
)
def test_telit_survey_ids_in_decimal_or_hexadecimal_by_their_own_form(
    line: str, technology: str, area: str | None, cell: str | None
) -> None:
    (found,) = read("telit", "#CSURVC", line)
    assert (found["technology"], found.get("lac"), found.get("cell_id")) == (technology, area, cell)
    assert (found["serving"], found.get("pci")) == (False, 25 if technology == "umts" else None)
    assert found["plmn"] == ("26207" if technology == "umts" else "61001")


@pytest.mark.parametrize(
    ("line", "state"),
    [("#QSS: 0,0", "absent"), ("#QSS: 1", "unknown"), ("#QSS: 2,2", "busy"), ("#QSS: 2,3", "ready")],
)
def test_telit_state_of_the_card(line: str, state: str) -> None:
    assert read("telit", "#QSS", line) == [{"kind": "sim", "state": state}]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+XCESQ: 0,99,99,40,30,255,255,255", {"technology": "umts", "rscp_dbm": -81, "ecio_db": -9.5}),
        ("+XCESQ: 0,40,3,255,255,255,255,255", {"technology": "gsm", "rssi_dbm": -71, "ber": 3}),
        ("+XCESQ: 0,99,99,255,255,10,34,", {"technology": "lte", "rsrp_dbm": -107, "rsrq_db": -15}),
        ("+XCESQ: 0,99,99,255,255,10,34,-101", {"technology": "lte", "rsrp_dbm": -107, "rsrq_db": -15}),
    ],
)
def test_xmm_levels_by_network(line: str, expected: dict[str, Any]) -> None:
    (level,) = read("fibocom", "+XCESQ", line)
    assert {name: value for name, value in level.items() if name not in ("kind", "quality")} == expected


def test_xmm_cells_of_2g_and_3g() -> None:
    cell, level = read("fibocom", "+XMCI", '+XMCI: 0,250,99,"0x1A2B","0x00003C4D",21,40,3')
    place = {"kind": "cell", "serving": True, "plmn": "25099", "lac": "1A2B"}
    assert cell == place | {"technology": "gsm", "cell_id": "00003C4D"}
    assert (level["technology"], level["rssi_dbm"], level["ber"]) == ("gsm", -71, 3)
    line = '+XMCI: 2,250,99,"0x1A2B","0x00A1B2C3","0x0104","0x00002983",0,0,50,40,30'
    cell, level = read("fibocom", "+XMCI", line)
    assert cell == place | {"technology": "umts", "cell_id": "00A1B2C3", "pci": 0x104, "channel": 0x2983}
    assert (level["technology"], level["rscp_dbm"], level["ecio_db"]) == ("umts", -81, -9.5)
    assert read("fibocom", "+XMCI", line.rpartition(",")[0], line.replace("2,250", "3,250")) == []


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        ("LTE_3", {"technology": "lte", "band": "B3"}),
        ("UMTS_I", {"technology": "umts"}),
        ("GSM_900", {"technology": "gsm"}),
    ],
)
def test_xmm_network_by_its_band(band: str, expected: dict[str, Any]) -> None:
    assert read("fibocom", "+XREG", f"+XREG: 0,6,BAND_{band}") == [{"kind": "network_info"} | expected]


def test_telit_slot_in_use() -> None:
    (found,) = read("telit", "#SIMSELECT", "#SIMSELECT: 2")
    assert [(slot["slot"], slot["active"]) for slot in found["slots"]] == [(2, True)]


IMSI = '"204007930000000"'


@pytest.mark.parametrize(
    "line",
    [
        f'#RFSTS: "204 08",14,,0CBC,00,5,19,10,,BEE9,{IMSI},"KPN",0,2',
        f'#RFSTS: "204 08",14,83,0CBC,00,5,19,10,,BEE9,{IMSI},"KPN",0,2',
        f'#RFSTS: "204 08",14,-83,-12,00,5,19,10,,BEE9,{IMSI},"KPN",0,2',
        f'#RFSTS: "204 08",14,-83,,00,5,19,10,,BEE9,{IMSI},"KPN",0,2',
        f'#RFSTS: "204 08",10612,176,-7,,-80,00DE,00,1,0,0A1B,{IMSI},"KPN",0,2',
        f'#RFSTS: "204 08",10612,176,-7,88,-80,00DE,00,1,0,0A1B,{IMSI},"KPN",0,2',
        f'#RFSTS: "204 08",,,,,,,,-3,0,0A1B,{IMSI},"KPN",3,0,10612,176,-7',
        f'#RFSTS: "204 08",,,,,,,,-3,0,0A1B,{IMSI},"KPN",3,1,,176,-7',
        f'#RFSTS: "204 08",,,1,,,,,-3,0,0A1B,{IMSI},"KPN",3,1,10612,176,-7',
    ],
)
def test_telit_levels_of_no_known_network_are_not_read(line: str) -> None:
    assert read("telit", "#RFSTS", line) == []


@pytest.mark.parametrize("mode", ["I", "II", "III"])
def test_telit_area_without_a_channel_is_of_2g_or_3g_by_its_mode_of_operation(mode: str) -> None:
    for place in (
        ',,"X","20404",,00DE,64,1,,"{}"',
        '1020,,"X","20404",,00DE,64,1,,"{}"',
        ',-80,"X","20404",,00DE,64,1,,"{}"',
    ):
        (cell,) = read("telit", "#SERVINFO", f"#SERVINFO: {place.format(mode)}")
        assert cell == {"kind": "cell", "serving": True, "plmn": "20404", "lac": "00DE"}
    (cell,) = read("telit", "#SERVINFO", '#SERVINFO: ,,"X","20404",,00DE,64,1')
    assert "lac" not in cell


@pytest.mark.parametrize(
    "line",
    [
        "48,24,52,0,610,01,8201,0E40,CELL_OTHER,2",
        "48,-24,-52,0,610,01,8201,0E40,CELL_OTHER,2",
        "10837,84,262,07,25,38380529,15506,0,-84,-7",
        "10837,-84,262,07,25,38380529,15506,0,84,-7",
        "66786,68,310,260,50896642,11544,236,0,-103,-15,20",
    ],
)
def test_telit_survey_rows_of_no_known_form_are_not_read(line: str) -> None:
    assert read("telit", "#CSURVC", line) == []


def test_telit() -> None:
    assert read("telit", "#CCID", "#CCID: 89860325167550407312")[0]["iccid"] == "89860325167550407312"
    assert read("telit", "#TEMPMEAS", "#TEMPMEAS: 0,27")[0]["temperature_c"] == 27
    assert read("telit", "#QSS", "#QSS: 0,0") == [{"kind": "sim", "state": "absent"}]
    session = read("telit", "#GDATAVOL", "#GDATAVOL: 1,13,8,5", command="AT#GDATAVOL=1")
    assert session == [{"kind": "counters", "rx_bytes": 5, "tx_bytes": 8, "cid": 1, "scope": "session"}]


def test_ublox_counters_exceed_32_bits() -> None:
    line = "+UGCNTRD: 2,1397316870,113728263578,1397316870,113728263578"
    session, total = read("ublox", "+UGCNTRD", line)
    assert (session["rx_bytes"], session["scope"], total["scope"]) == (113728263578, "session", "since_boot")


def test_zte_network_and_level() -> None:
    assert read("zte", "+ZPAS", '+ZPAS: "NR5G-SA","PS_ONLY"') == [
        {"kind": "network_info", "technology": "nr", "service": "valid"}
    ]
    assert read("zte", "+ZPAS", '+ZPAS: "No Service"') == [{"kind": "network_info", "service": "none"}]
    (level,) = read("zte", "+ZRSSI", "+ZRSSI: -93,-6,0,17")
    assert (level["rsrp_dbm"], level["rsrq_db"], level["sinr_db"]) == (-93, -6, 17)


@pytest.mark.parametrize(
    ("line", "sinr"), [("+XCESQ: 0,99,99,255,255,19,46,32", 16), ("+XCESQ: 0,99,99,255,255,19,46,-32", -16)]
)
def test_intel_sinr_is_in_half_db_and_signed(line: str, sinr: float) -> None:
    (level,) = read("fibocom", "+XCESQ", line)
    assert (level["rsrp_dbm"], level["sinr_db"]) == (-95, sinr)


def test_icera_and_ericsson_addresses() -> None:
    (icera,) = read(
        "icera", "%IPDPADDR", "%IPDPADDR: 2, 21.93.217.11, 21.93.217.10, 10.177.0.34, 10.161.171.220, 0.0.0.0"
    )
    assert (icera["addresses"], icera["gateway"]) == (["21.93.217.11"], "21.93.217.10")
    (ericsson,) = read("ericsson", "*E2IPCFG", '*E2IPCFG: (1,"46.157.32.246")(2,"46.157.32.243")(3,"193.213.112.4")')
    assert (ericsson["addresses"], ericsson["gateway"], ericsson["dns"]) == (
        ["46.157.32.246"],
        "46.157.32.243",
        ["193.213.112.4"],
    )


def test_foxconn_table() -> None:
    lines = (
        "RAT:LTE",
        "mcc:250,mnc:02",
        "lte_cell_id:22060",
        "lte_tac:3832",
        "channel:1725 pci:58",
        "lte_rsrp:-103.2dBm,rsrq:-10.9dB",
    )
    cell, level = read("foxconn", "^DEBUG", *lines)
    assert (cell["plmn"], cell["cell_id"], cell["tac"], cell["channel"]) == ("25002", "562C", "EF8", 1725)
    assert level["rsrp_dbm"] == -103.2
