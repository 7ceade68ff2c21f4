"""What single conditions of the makers' readers are for: fields that a firmware leaves out, values that stand for
"none", rows of another kind. Lines are those of captures and manuals with the one field changed that matters."""

from typing import Any

import pytest

from tests.modem.test_dialects_small import read

FIBOCOM_PADDED = "1,4,460,01,1234,0012345AB,1300,42,103,100,13,60,60,22"
FIBOCOM_SHORT = "1,4,460,01,1234,12345AB,1300,42,103,100,13,60,60,22"
DEBUG = ("RAT:LTE", "mcc:250,mnc:02", "lte_cell_id:22060", "lte_tac:3832", "lte_band:3", "channel:1725 pci:58")


@pytest.mark.parametrize(
    ("vendor", "name", "lines", "expected"),
    [
        # Which base a cell's numbers are in: headings say 16, padded ids say 10, nothing says nothing
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED], {"channel": 1300, "pci": 42, "cell_id": "0012345AB"}),
        ("fibocom", "+GTCCINFO", [f"+GTCCINFO: {FIBOCOM_PADDED}"], {"channel": 1300, "pci": 42}),
        ("fibocom", "+GTCCINFO", ["LTE service cell:", FIBOCOM_SHORT], {"channel": 0x1300, "pci": 0x42}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_SHORT], {"channel": None, "pci": None, "cell_id": "12345AB"}),
        ("fibocom", "+GTCCINFO", [f"2{FIBOCOM_PADDED[1:]}"], {"serving": False, "cell_id": "0012345AB"}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace("0012345AB", "00FFFFFFF")], {"cell_id": None, "pci": 42}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace(",103,", ",,")], {"band": None}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace(",103,", ",100,")], {"band": None}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace(",103,", ",200,")], {"band": None}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace("1,4,", "1,9,").replace(",103,", ",505,")], {"band": "n5"}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace("1,4,", "1,9,").replace(",103,", ",103,")], {"band": None}),
        ("fibocom", "+GTCAINFO", ["PCC:103,42,1300,100"], {"technology": "lte", "serving": True, "pci": 42}),
        ("fibocom", "+GTCAINFO", ["PCC:5078,42,633984,100"], {"technology": "nr", "band": "n78"}),
        ("fibocom", "+GTCAINFO", ["SCC 1:1,0,103,42,1300,100"], {"serving": False, "band": "B3", "channel": 1300}),
        ("fibocom", "+GTRAT", ["+GTRAT: 4,6,3"], {"values": ["lte", "umts"]}),
        ("fibocom", "+GTRAT", ["+GTRAT: 4,9,2"], {"values": ["umts", "lte"]}),
        ("fibocom", "+GTRAT", ["+GTRAT: 20,2,3,6"], {"values": ["umts", "lte", "nr"]}),
        ("fibocom", "+GTSENRDTEMP", ["+GTSENRDTEMP: 1,-1000"], {"temperature_c": -1}),
        ("fibocom", "+GTSENRDTEMP", ["+GTSENRDTEMP: 1,900"], {"temperature_c": None}),
        ("fibocom", "+GTDNS", ['+GTDNS: 1,"1.1.1.1","0.0.0.0"'], {"cid": 1, "dns": ["1.1.1.1"]}),
        ("fibocom", "+GTDUALSIM", ['+GTDUALSIM: 1,"SUB2","L"'], {"kind": "sim_slots"}),
        # Foxconn: ids in decimal
        ("foxconn", "^DEBUG", DEBUG, {"cell_id": "562C", "tac": "EF8", "band": "B3", "pci": 58, "plmn": "25002"}),
        ("foxconn", "^DEBUG", [*DEBUG[:4], "lte_band:0"], {"band": None}),
        ("foxconn", "^DEBUG", ["RAT:LTE", "lte_tac:0"], {"tac": None}),
        # MikroTik, Icera, Ericsson
        ("mikrotik", "*BANDIND", ["*BANDIND: 0, 78, 11"], {"technology": "nr", "band": "n78"}),
        ("mikrotik", "*BANDIND", ["*BANDIND: 0, 78, 13"], {"technology": "nr_nsa", "band": "n78"}),
        ("ericsson", "*E2IPCFG", ['*E2IPCFG: (1,"46.157.32.246")'], {"addresses": ["46.157.32.246"], "gateway": None}),
        (
            "icera",
            "%IPDPADDR",
            ["%IPDPADDR: 2, 21.93.217.11, 21.93.217.10, 10.177.0.34, 10.161.171.220, 0.0.0.0, 0.0.0.0"],
            {"gateway": "21.93.217.10", "dns": ["10.177.0.34", "10.161.171.220"]},
        ),
        (
            "icera",
            "%IPDPADDR",
            ["%IPDPADDR: 5, 1.2.3.4, 0.0.0.0, 5.6.7.8, 0.0.0.0, 0.0.0.0, 0.0.0.0, 255.0.0.0, 255.255.255.0, 1.2.3.1,"],
            {"addresses": ["1.2.3.4"], "gateway": "1.2.3.1", "dns": ["5.6.7.8"]},
        ),
        (
            "icera",
            "%IPDPADDR",
            ["%IPDPADDR: 5, 1.2.3.4, 0.0.0.0, 0.0.0.0, 5.6.7.8"],
            {"gateway": None, "dns": ["5.6.7.8"]},
        ),
        ("neoway", "+SIMCROSS", ["+SIMCROSS: 2"], {"kind": "sim_slots"}),
        ("qualcomm", "$QCRSRP", ['$QCRSRP: 222,3700,"-080.10"'], {"technology": "lte", "rsrp_dbm": -80.1}),
    ],
)
def test_a_corner_says(vendor: str, name: str, lines: list[str], expected: dict[str, Any]) -> None:
    first, *_ = read(vendor, name, *lines)
    assert {field: first.get(field) for field in expected} == expected


@pytest.mark.parametrize(
    ("vendor", "name", "lines"),
    [
        ("fibocom", "+GTCCINFO", [f"3{FIBOCOM_PADDED[1:]}"]),
        ("fibocom", "+GTCCINFO", ["1,4,460,01,1234,0012345AB,1300,42,103"]),
        ("fibocom", "+GTCAINFO", ["PCC:103,42"]),
        ("fibocom", "+GTCAINFO", ["PCC:0,0,0"]),
        ("fibocom", "+GTCAINFO", ["PCC:103,42,0,100"]),
        ("fibocom", "+GTCAINFO", ["PCC:,42,1300"]),
        ("fibocom", "+GTCAINFO", ["SCC 1:0,0,0,0,0,0"]),
        ("fibocom", "+GTDNS", ["+GTDNS: 1"]),
        ("fibocom", "+GTDUALSIM", ['+GTDUALSIM: 0,"SUB1","L"', '+GTDUALSIM: 1,"SUB2","L"']),
        ("fibocom", "+GTDUALSIM", ["+GTDUALSIM: x"]),
        ("fibocom", "+EPINC", ["+EPINC: 3,3,10,x"]),
        ("fibocom", "+GTSENRDTEMP", ["+GTSENRDTEMP: 1"]),
        ("foxconn", "^DEBUG", ["RAT:NR5G_SA", *DEBUG[1:]]),
        ("foxconn", "^DEBUG", DEBUG[1:]),
        ("icera", "%IPDPADDR", ["%IPDPADDR: -, 1.2.3.4, 0.0.0.0, 5.6.7.8, 0.0.0.0"]),
        ("neoway", "+NETDMSG", ['+NETDMSG: "460+11",1CF3,9A35B0C,277,0,LTE BAND 3,1825,-51,1,1,1,1,-800,-100']),
    ],
)
def test_a_corner_says_nothing(vendor: str, name: str, lines: list[str]) -> None:
    assert read(vendor, name, *lines) == []


def test_a_neighbour_of_fibocom_has_no_level() -> None:
    assert [one["kind"] for one in read("fibocom", "+GTCCINFO", f"2{FIBOCOM_PADDED[1:]}")] == ["cell"]
    assert [one["kind"] for one in read("fibocom", "+GTCCINFO", FIBOCOM_PADDED)] == ["cell", "signal"]
    assert [one["kind"] for one in read("fibocom", "+GTCCINFO", FIBOCOM_PADDED.rpartition(",")[0])] == ["cell"]
