"""Sierra's tables and lists as `posagent decode` reads them, by the labels of EM74xx's and EM9's references."""

import pytest

from modem.decode import decode
from modem.dialects import choose


def readings(said: str) -> list[dict[str, object]]:
    found = [
        reading for one in decode(said, choose("Sierra Wireless", "EM9191", "")) for reading in one.json()["readings"]
    ]
    return [{name: value for name, value in one.items() if value not in (None, [])} for one in found]


@pytest.mark.parametrize("label", ["RX level Carrier 0 (dBm):", "RX level (dBm):"])
def test_a_cell_of_3g(label: str) -> None:
    table = "AT!GSTATUS?\nSystem mode:   WCDMA\t\tPS state: Attached\nWCDMA channel: 10663\t\tLAC: 1A2B (6699)"
    network, cell, level = readings(f"{table}\nCell ID:  00A1B2C3 (10597059)\t\t{label} -80\nOK")
    assert network == {"kind": "network_info", "technology": "umts"}
    assert (cell["lac"], cell["cell_id"], cell["channel"]) == ("1A2B", "00A1B2C3", 10663)
    assert (level["technology"], level["rssi_dbm"]) == ("umts", -80)


def test_no_service() -> None:
    assert readings("AT!GSTATUS?\nSystem mode:   NO SERVICE\t\tPS state: Detached\nOK") == [
        {"kind": "network_info", "service": "none"}
    ]


@pytest.mark.parametrize(("mode", "technology"), [("ENDC", "nr_nsa"), ("SA", "nr")])
def test_a_cell_of_5g(mode: str, technology: str) -> None:
    table = f"AT!NRINFO?\n!NRINFO:\nConnectivity mode: {mode}\nNR5G band:  n78\t\tNR5G Rx chan: 627264"
    cell, level = readings(f"{table}\nNR5G RSRP (dBm): -92\nOK")
    assert (cell["technology"], cell["channel"], cell["band"]) == (technology, 627264, "n78")
    assert (level["technology"], level["rsrp_dbm"]) == (technology, -92)


def test_a_cell_of_5g_without_a_level() -> None:
    (cell,) = readings("AT!NRINFO?\n!NRINFO:\nNR5G band:  n78\t\tNR5G Rx chan: 627264\nOK")
    assert cell["channel"] == 627264


@pytest.mark.parametrize(
    ("text", "cell_id"),
    [("00005101 (20737)", "00005101"), ("5101 (20737)", "5101"), ("00005101", "00005101"), ("1C649D1", "1C649D1")],
)
def test_an_id_is_hexadecimal_where_it_looks_so_or_says_so(text: str, cell_id: str) -> None:
    (cell,) = readings(f"AT!GSTATUS?\nLTE Rx chan: 3110\t\tCell ID:  {text}\nOK")
    assert cell["cell_id"] == cell_id


@pytest.mark.parametrize("text", ["20737", "", "?", "x (1)"])
def test_an_id_that_may_be_decimal_is_not_known(text: str) -> None:
    (cell,) = readings(f"AT!GSTATUS?\nLTE Rx chan: 3110\t\tCell ID:  {text}\nOK")
    assert "cell_id" not in cell


def test_only_the_first_carrier_is_the_level() -> None:
    (level,) = readings(
        "AT!GSTATUS?\nPCC RxM RSSI:  -89\t\tRSRP (dBm):  -117\nSCC RxM RSSI:  -50\t\tRSRP (dBm):  -70\nOK"
    )
    assert (level["rssi_dbm"], level["rsrp_dbm"]) == (-89, -117)


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        ("AT!PCTEMP?\nTemp state: Normal\nTemperature: 35.25 C\nOK", {"kind": "temperature", "temperature_c": 35.25}),
        ("AT!PCVOLT?\nPower supply voltage: 3296 mV\nOK", {"kind": "voltage", "voltage_mv": 3296}),
        (
            "AT!ICCID?\n!ICCID: 89860325167550407312\nOK",
            {"kind": "iccid", "iccid": "89860325167550407312", "issuer": "China Telecom"},
        ),
        (
            "AT!UIMS?\n!UIMS: 1\nOK",
            {"kind": "sim_slots", "slots": [{"slot": 2, "active": True, "state": None, "iccid": None}]},
        ),
        ("AT*CNTI=0\n*CNTI: 0,LTE\nOK", {"kind": "network_info", "technology": "lte"}),
        ("AT*CNTI=0\n*CNTI: 0,NONE\nOK", {"kind": "network_info"}),
    ],
)
def test_one_answer_each(said: str, reading: dict[str, object]) -> None:
    assert readings(said) == [reading]
