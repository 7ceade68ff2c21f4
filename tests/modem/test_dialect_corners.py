"""What single conditions of the makers' readers are for: fields that a firmware leaves out, values that stand for
"none", rows of another kind. Lines are those of captures and manuals with the one field changed that matters."""

from typing import Any

import pytest

from modem.dialect import Question
from modem.dialects import named, quectel_radio
from tests.modem.test_dialects_small import read

FIBOCOM_PADDED = "1,4,460,01,1234,0012345AB,1300,42,103,100,13,60,60,22"
FIBOCOM_SHORT = "1,4,460,01,1234,12345AB,1300,42,103,100,13,60,60,22"
UMTS = "NL KPN PSC:25 RSCP:-87 LAC:1A2B Id:1234567 EcIo:-7.5 UARFCN:10837 PWR:-80dbm DRX:64"
GSM = "I WIND Cc:222 Nc:01 BSIC:55 RxQual:3 LAC:1D23 Id:1D24 ARFCN:70 PWR:-83dbm"
ROW = "55 1D23 1D24 70 -83dbm"
CAT_M1 = '+QENG: "servingcell","NOCONN","CAT-M1","FDD",334,020,3787103,260,2050,4,5,5,5B10'
SIM8262 = '+QENG: "servingcell","NOCONN","LTE","FDD",460,00,123,42,EUTRAN-BAND3,1300,5,5,1A2B'
M95 = "+QENG: 0,460,00,1A2B,1F,62,10,-70,1,2,3,4"
SURVEY = "66786,-68,310,260"
RFSTS = '#RFSTS: "310 260",66786,-101,-68,-13,2D18,255,,640,1,0,3089F02,"204007930000000","T-Mobile",3,66'
RFSTS_MASKED = RFSTS.replace("089F02", "08...").replace("7930000000", "...")
SERVINFO = '#SERVINFO: 3011,-79,"NL KPN","20408"'
XCCINFO = '+XCCINFO: 0,220,03,"00009C03",3,103,"FFFF",1,"FF","4E91",0,0'
XMCI = '+XMCI: 4,220,03,"0x4E91","0x00009C03"'
UMTS_CELL = '+QENG: "servingcell","NOCONN","WCDMA",460,01,1A2B,1F,10713,7,1'
UMTS_NEIGHBOUR = '+QENG: "neighbourcell","WCDMA",10713'
GSM_SEEN_FROM_GSM = '+QENG: "neighbourcell","GSM",460,00,1A2B,1F,10,62,-80,1,2,3'
GSM_SEEN_FROM_LTE = '+QENG: "neighbourcell","GSM",62,1,2,3,10,4,-80,1,2'
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
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace(",103,", ",99,")], {"band": None}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace("1,4,", "1,9,").replace(",103,", ",505,")], {"band": "n5"}),
        ("fibocom", "+GTCCINFO", [FIBOCOM_PADDED.replace("1,4,", "1,9,").replace(",103,", ",103,")], {"band": None}),
        ("fibocom", "+GTCAINFO", ["PCC:103,42,1300,100"], {"technology": "lte", "serving": True, "pci": 42}),
        ("fibocom", "+GTCAINFO", ["PCC:5078,42,633984,100"], {"technology": "nr", "band": "n78"}),
        ("fibocom", "+GTCAINFO", ["SCC 1:1,0,103,42,1300,100"], {"serving": False, "band": "B3", "channel": 1300}),
        ("fibocom", "+GTRAT", ["+GTRAT: 4,6,3"], {"values": ["lte", "umts"]}),
        ("fibocom", "+GTRAT", ["+GTRAT: 4,9,2"], {"values": ["umts", "lte"]}),
        ("fibocom", "+GTRAT", ["+GTRAT: 20,2,3,6"], {"values": ["umts", "lte", "nr"]}),
        ("fibocom", "+GTRAT", ["+GTRAT: 20,6,2"], {"values": ["nr", "umts", "lte"]}),
        ("fibocom", "+GTSENRDTEMP", ["+GTSENRDTEMP: 1,-1000"], {"temperature_c": -1}),
        ("fibocom", "+GTSENRDTEMP", ["+GTSENRDTEMP: 1,900"], {"temperature_c": None}),
        ("fibocom", "+GTDNS", ['+GTDNS: 1,"1.1.1.1","0.0.0.0"'], {"cid": 1, "dns": ["1.1.1.1"]}),
        ("fibocom", "+XLEC", ["+XLEC: 0,2,5,BAND_LTE_3"], {"technology": "lte", "band": "B3"}),
        ("fibocom", "+XCCINFO", [XCCINFO], {"plmn": "22003", "tac": "4E91", "cell_id": "00009C03", "band": "B3"}),
        ("fibocom", "+MTSM", ["+MTSM: 52"], {"temperature_c": 52}),
        ("fibocom", "+GTPKGVER", ['+GTPKGVER: "19006.1000.00.01"'], {"firmware": "19006.1000.00.01"}),
        ("fibocom", "+XREG", ["+XREG: 0,1,BAND_LTE_3"], {"technology": "lte", "band": "B3"}),
        ("fibocom", "+XREG", ["+XREG: 0,1,BAND_LTE_IV"], {"technology": "lte", "band": None}),
        ("fibocom", "+XREG", ["+XREG: 0,1,BAND_UMTS_I"], {"technology": "umts", "band": None}),
        ("fibocom", "+XREG", ["+XREG: 0,1,BAND_GSM_450"], {"technology": "gsm", "band": None}),
        ("fibocom", "+XMCI", [f"{XMCI},-,0x00000514,100,100,40,12,-"], {"pci": None, "channel": 1300}),
        ("fibocom", "+GTDUALSIM", ['+GTDUALSIM: 1,"SUB2","L"'], {"kind": "sim_slots"}),
        # Foxconn: ids in decimal
        ("foxconn", "^DEBUG", DEBUG, {"cell_id": "562C", "tac": "EF8", "band": "B3", "pci": 58, "plmn": "25002"}),
        ("foxconn", "^DEBUG", [*DEBUG[:4], "lte_band:0"], {"band": None}),
        ("foxconn", "^DEBUG", ["RAT:LTE", "lte_tac:0"], {"tac": None}),
        # MikroTik, Icera, Ericsson
        ("mikrotik", "*BANDIND", ["*BANDIND: 0, 3, 7"], {"technology": "lte", "band": "B3"}),
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
        # Quectel's module and card
        ("quectel", "+QTEMP", ["+QTEMP: 35"], {"temperature_c": 35, "sensors": [["sensor1", 35]]}),
        (
            "quectel",
            "+QTEMP",
            ["+QTEMP: 34,33,-"],
            {"temperature_c": 34, "sensors": [["sensor1", 34], ["sensor2", 33]]},
        ),
        ("quectel", "+QTEMP", ["+QTEMP: -,33,34"], {"sensors": [["sensor2", 33], ["sensor3", 34]]}),
        ("quectel", "+QTEMP", ["+QTEMP: 1,4136,28"], {"temperature_c": 28, "sensors": [["module", 28]]}),
        ("quectel", "+QTEMP", ['+QTEMP: "soc","41"', '+QTEMP: "pa","-273"'], {"sensors": [["soc", 41]]}),
        ("quectel", "+QTEMP", ["+QTEMP: -273"], {"temperature_c": None, "sensors": []}),
        ("quectel", "+QSIMSTAT", ["+QSIMSTAT: 1,0"], {"state": "absent"}),
        ("quectel", "+QSIMSTAT", ["+QSIMSTAT: 1,1"], {"state": "unknown"}),
        ("quectel", "+QSIMSTAT", ["+QSIMSTAT: 1,2"], {"state": "unknown"}),
        ("quectel", "+QINISTAT", ["+QINISTAT: 7"], {"state": "ready"}),
        ("quectel", "+QINISTAT", ["+QINISTAT: 6"], {"state": "busy"}),
        ("quectel", "+QPINC", ['+QPINC: "SC",3,10'], {"pin_retries": 3, "puk_retries": 10}),
        ("quectel", "+QCSQ", ['+QCSQ: "NR5G",-85,-20,-13'], {"technology": "nr", "rsrp_dbm": -85, "rsrq_db": -13}),
        ("quectel", "+QCSQ", ['+QCSQ: "NR5G-NSA",-85,-20,-13'], {"technology": "nr_nsa", "rsrp_dbm": -85}),
        ("quectel", "+QCSQ", ['+QCSQ: "NR5G",-60,-85,-5,-13'], {"rssi_dbm": -60, "rsrp_dbm": -85, "rsrq_db": -13}),
        ("quectel", "+QCSQ", ['+QCSQ: "LTE",-52,-81,195,-10'], {"rssi_dbm": -52, "rsrp_dbm": -81, "sinr_db": 19}),
        ("quectel", "+QCSQ", ['+QCSQ: "CAT-M1",-52,-81,195,-10'], {"rsrp_dbm": -81, "sinr_db": 19, "rsrq_db": -10}),
        ("quectel", "+QCSQ", ['+QCSQ: "CAT-NB1",-52,-81,195,-10'], {"rsrp_dbm": -81, "sinr_db": 19, "rsrq_db": -10}),
        ("quectel", "+QCSQ", ['+QCSQ: "WCDMA",-60,-80,-5'], {"rssi_dbm": -60, "rscp_dbm": -80, "ecio_db": -5}),
        ("quectel", "+QCSQ", ['+QCSQ: "HSPA+",-60,-80,-5'], {"rssi_dbm": -60, "rscp_dbm": -80, "ecio_db": -5}),
        ("quectel", "+QCSQ", ['+QCSQ: "GSM",-70,3'], {"technology": "gsm", "rssi_dbm": -70, "rscp_dbm": None}),
        ("quectel", "+QCSQ", ['+QCSQ: "NOSERVICE"'], {"kind": "signal", "technology": None, "rssi_dbm": None}),
        ("quectel", "+QRSRP", ["+QRSRP: -44,-99,-140,-140,LTE"], {"technology": "lte", "rsrp_dbm": None}),
        ("quectel", "+QRSRP", ["+QRSRP: -99,-98,-140,-140"], {"technology": None, "rsrp_dbm": -99}),
        ("quectel", "+QRSRP", ["+QRSRP: -99,-98,-140,-140,WCDMA"], {"technology": "umts", "rsrp_dbm": -99}),
        ("quectel", "+QRSRQ", ["+QRSRQ: -10,-11,-20,-20,NR5G"], {"technology": "nr", "rsrq_db": -10}),
        ("quectel", "+QSINR", ["+QSINR: 12,11,-20,-20,LTE"], {"technology": "lte", "sinr_db": 12}),
        ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",1300,100,"LTE BAND 3",1,42,-90,-10'], {"pci": 42, "serving": True}),
        ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",633984,100,"NR5G BAND 78",42'], {"pci": 42, "technology": "nr"}),
        ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",633984,100,"NR5G BAND 78",42,-90,-10'], {"pci": 42, "band": "n78"}),
        ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",1300,100,"LTE BAND 3",42,1008'], {"pci": 42, "technology": "lte"}),
        ("quectel", "+QCAINFO", ['+QCAINFO: "SCC",10713,25,"WCDMA",1,42'], {"serving": False, "technology": None}),
        ("quectel", "+QNWINFO", ['+QNWINFO: "GSM","46000","GSM 900",62'], {"technology": "gsm", "band": None}),
        ("quectel", "+QENG", [f"{CAT_M1},-108,-11,-83,19,13"], {"technology": "lte_m", "tac": "5B10", "pci": 260}),
        ("quectel", "+QENG", [f"{SIM8262},-1010,-120,-700,9"], {"cell_id": "7B", "band": "B3", "channel": 1300}),
        ("quectel", "+QENG", [f"{SIM8262.replace('123,', '0,')},-1010,-120,-700,9"], {"cell_id": None, "pci": 42}),
        ("quectel", "+QENG", [f"{SIM8262.replace('BAND3', 'BAND')},-1010,-120,-700"], {"band": None, "pci": 42}),
        ("quectel", "+QENG", ['+QENG: "neighbourcell intra","LTE",1300,7,-10,-90'], {"pci": 7, "serving": False}),
        (
            "quectel",
            "+QENG",
            [f"{UMTS_CELL},-80,-5"],
            {"technology": "umts", "lac": "1A2B", "channel": 10713, "pci": 7},
        ),
        ("quectel", "+QENG", [f"{CAT_M1.replace('NOCONN', 'LIMSRV')},-108,-11,-83"], {"service": "limited"}),
        ("quectel", "+QENG", [f"{UMTS_NEIGHBOUR},3,10,6,73,-90,-10,20"], {"channel": 10713, "pci": 73}),
        ("quectel", "+QENG", [f"{UMTS_NEIGHBOUR},-15,73,-84"], {"channel": 10713, "pci": 73}),
        ("quectel", "+QENG", [M95], {"technology": "gsm", "plmn": "46000", "lac": "1A2B", "channel": 62}),
        ("quectel", "+QENG", [GSM_SEEN_FROM_GSM], {"plmn": "46000", "lac": "1A2B", "cell_id": "1F", "channel": 62}),
        ("quectel", "+QENG", [GSM_SEEN_FROM_LTE], {"plmn": None, "lac": None, "channel": 62, "serving": False}),
        # Telit's monitor
        ("telit", "#MONI", ["#MONI: NR_RSRP:-80 NR_RSRQ:-11 NR_PCI:7 NR_CH:9"], {"technology": "nr", "pci": 7}),
        ("telit", "#MONI", [f"#MONI: {UMTS}"], {"technology": "umts", "pci": 25, "channel": 10837, "lac": "1A2B"}),
        ("telit", "#MONI", [f"#MONI: {GSM}"], {"technology": "gsm", "channel": 70, "plmn": "22201", "lac": "1D23"}),
        (
            "telit",
            "#MONI",
            ["#MONI: RSRP:-101 RSRQ:-11 Id:7B EARFCN:5230"],
            {"pci": 0x7B, "serving": True, "plmn": None},
        ),
        ("telit", "#MONI", ["#MONI: RSRP:-101 RSRQ:-11 EARFCN:5230"], {"pci": None, "serving": True}),
        ("telit", "#MONI", [f"#MONI: S  {ROW} 19 33 1 0 I WIND"], {"serving": True, "cell_id": "1D24", "channel": 70}),
        ("telit", "#MONI", [f"#MONI: N1 {ROW} 19 33"], {"serving": False, "cell_id": "1D24", "channel": 70}),
        (
            "telit",
            "#GDATAVOL",
            ["#GDATAVOL: 1,30,10,20"],
            {"scope": "session", "rx_bytes": 20, "tx_bytes": 10, "cid": 1},
        ),
        ("telit", "#MONI", ["#MONI: Cc:222 Nc:01 RSRP:-101 Id:7B EARFCN:5230"], {"plmn": "22201", "pci": None}),
        ("telit", "#GDATAVOL", ["#GDATAVOL: 1,0,0,0"], {"rx_bytes": 0, "tx_bytes": 0}),
        ("telit", "#RFSTS", [RFSTS], {"plmn": "310260", "tac": "2D18", "cell_id": "3089F02", "band": "B66"}),
        # masked by who wrote it down, and cut: what stands in front of the damage stands where it always does
        ("telit", "#RFSTS", [RFSTS_MASKED], {"plmn": "310260", "tac": "2D18", "cell_id": None, "band": "B66"}),
        ("telit", "#RFSTS", [RFSTS_MASKED[:45]], {"plmn": "310260", "channel": 66786, "tac": "2D18", "cell_id": None}),
        ("telit", "#SERVINFO", [f"{SERVINFO},90,00DE,64,1,87"], {"technology": "gsm", "lac": "00DE"}),
        ("telit", "#SERVINFO", [f"{SERVINFO},90,00DE,64,1,-87,I"], {"technology": "umts", "pci": 90}),
        ("telit", "#SERVINFO", [f"{SERVINFO},XYZW,36EE,32,3,-60"], {"technology": "lte", "pci": None, "cell_id": None}),
        ("telit", "#SERVINFO", [f"{SERVINFO},00000200,36EE,32,3,-60"], {"pci": None, "cell_id": "00000200"}),
        ("telit", "#SERVINFO", [f"{SERVINFO},00000042,36EE,32,3,-60"], {"pci": 0x42, "cell_id": None}),
        ("telit", "#CSURVC", [f"{SURVEY},50896642,11544,236,0,-103,-15,20"], {"cell_id": "3089F02", "tac": "2D18"}),
        ("telit", "#CSURVC", [f"{SURVEY},٥٠٨٩٦٦٤٢,11544,236,0,-103,-15,20"], {"cell_id": None, "tac": None}),
        (
            "telit",
            "#CSURVC",
            [f"{SURVEY},12345678901234567890,11544,236,0,-103,-15,20"],
            {"cell_id": None, "tac": None},
        ),
        ("telit", "#CSURVC", [f"{SURVEY},,11544,236,0,-103,-15,20"], {"cell_id": None, "tac": "2D18"}),
        ("telit", "#QSS", ["#QSS: 3"], {"state": "ready"}),
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
        ("fibocom", "+GTRAT", ["+GTRAT:"]),
        ("fibocom", "+GTRAT", ["+GTRAT: x"]),
        ("fibocom", "+GTCAINFO", ["CA: none"]),
        ("fibocom", "+GTDUALSIM", ['+GTDUALSIM: 0,"SUB1","L"', '+GTDUALSIM: 1,"SUB2","L"']),
        ("fibocom", "+GTDUALSIM", ["+GTDUALSIM: x"]),
        ("fibocom", "+EPINC", ["+EPINC: 3,3,10,x"]),
        ("fibocom", "+GTSENRDTEMP", ["+GTSENRDTEMP: 1"]),
        ("quectel", "+QTEMP", ["+QTEMP: 30,40"]),
        ("quectel", "+QTEMP", ["+QTEMP: x"]),
        ("quectel", "+QTEMP", ["+QTEMP: 34,33,x"]),
        ("quectel", "+QTEMP", ['+QTEMP: "soc","x"']),
        ("quectel", "+QTEMP", ["+QTEMP: 1,4136,x"]),
        ("quectel", "+QTEMP", ["+QTEMP: 1,2,3,4"]),
        ("quectel", "+QSIMSTAT", ["+QSIMSTAT: 1,3"]),
        ("quectel", "+QINISTAT", ["+QINISTAT: x"]),
        ("quectel", "+QPINC", ['+QPINC: "P2",3,10']),
        ("quectel", "+QPINC", ['+QPINC: "SC",3']),
        ("telit", "#MONI", ["#MONI: Cc:222 Nc:01 LAC:1D23 Id:1D24 ARFCN:70 PWR:-83dbm"]),
        ("telit", "#MONI", ["#MONI: Cc:222 Nc:01 BSIC:55 LAC:1D23 Id:1D24 PWR:-83dbm"]),
        ("telit", "#MONI", ["OK"]),
        ("telit", "#RFSTS", ["#RFSTS: 460001234567890,1300,-101,-68,-13,2D18"]),
        ("telit", "#RFSTS", ['#RFSTS: "222 01",10837,,-7.5,-87,-80,1D23,,,,,1A2B,222011234567890,"x",3,1']),
        ("telit", "#RFSTS", ['#RFSTS: "222 01",,,,,,,,-5,,,1A2B,222011234567890,"x",3,1']),
        ("telit", "#SERVINFO", ['#SERVINFO: ,,"x","20404",61,00DE']),
        ("ublox", "+UGCNTRD", ["+UGCNTRD: 4,x,0,0,0"]),
        ("ublox", "+UPINCNT", ["+UPINCNT: 3,x,10,10"]),
        ("sierra", "*CNTI", ["*CNTI:"]),
        ("quectel", "+QENG", ["+QENG:"]),
        ("quectel", "+QENG", [M95.replace("+QENG: 0", "+QENG: 1")]),
        ("quectel", "+QENG", [M95.rpartition(",")[0]]),
        ("quectel", "+QENG", [M95.replace("460,00", "x,x")]),
        ("quectel", "+QENG", ['+QENG: "servingcell"']),
        ("quectel", "+QENG", ['+QENG: "servingcell","WHAT"']),
        ("quectel", "+QENG", ['+QENG: "servingcell","NOCONN","NR5G-SA","TDD",460,00,1F,7,1A2B,504990,41,12,-80']),
        ("quectel", "+QENG", ['+QENG: "NR5G-NSA",460,00,7,-80,12']),
        ("quectel", "+QENG", ['+QENG: "servingcell","NOCONN","WCDMA",460,01,1A2B,1F,10713,7,1,-80']),
        ("quectel", "+QENG", ['+QENG: "servingcell","NOCONN","GSM",460,00,1A2B,1F,10,62,-']),
        ("quectel", "+QENG", [f"{CAT_M1},-108"]),
        ("quectel", "+QENG", ['+QENG: "neighbourcell"']),
        ("quectel", "+QENG", ['+QENG: "neighbourcell","LTE",1300']),
        ("quectel", "+QCSQ", ["+QCSQ: 0,3"]),
        ("quectel", "+QCSQ", ["+QCSQ:"]),
        ("quectel", "+QCSQ", ['+QCSQ: "WHAT",-70']),
        ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",1300,100,"LTE BAND 3"']),
        ("quectel", "+QCAINFO", ['+QCAINFO: "XCC",1300,100,"LTE BAND 3",1,42']),
        ("quectel", "+QNWINFO", ["+QNWINFO:"]),
        ("quectel", "+QNWINFO", ['+QNWINFO: "WHAT","46000","LTE BAND 3",1300']),
        ("quectel", "+QSPN", ['+QSPN: "CHN-UNICOM","UNICOM","",0']),
        ("telit", "#QSS", ["#QSS:"]),
        ("telit", "#GDATAVOL", ["#GDATAVOL: 1,x,10,20"]),
        ("telit", "#GDATAVOL", ["#GDATAVOL: 1,-30,10,20"]),
        ("telit", "#GDATAVOL", ["#GDATAVOL: 1,30,10"]),
        ("telit", "#GDATAVOL", ["1,30,10,20"]),
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


@pytest.mark.parametrize(("rat", "rsrp", "rsrq"), [("4", -81, -9), ("9", -97, -32.5)])
def test_levels_of_a_fibocom_are_indexes_of_its_network(rat: str, rsrp: float, rsrq: float) -> None:
    _cell, level = read("fibocom", "+GTCCINFO", FIBOCOM_PADDED.replace("1,4,", f"1,{rat},"))
    assert (level["rsrp_dbm"], level["rsrq_db"]) == (rsrp, rsrq)


@pytest.mark.parametrize(("snr", "sinr"), [("25", 12.5), ("-12", -6), ("255", None), ("-", None), ("101", None)])
def test_the_sinr_of_an_xmm_is_in_half_db(snr: str, sinr: float | None) -> None:
    _cell, level = read("fibocom", "+XMCI", f"{XMCI},0x2A,0x00000514,100,100,40,12,{snr},0x3,0x0")
    assert (level["rsrp_dbm"], level.get("sinr_db")) == (-101, sinr)
    (other,) = read("fibocom", "+XCESQ", f"+XCESQ: 0,99,99,255,255,12,40,{snr}")
    assert (other["rsrp_dbm"], other.get("sinr_db")) == (-101, sinr)


def test_levels_of_telits_monitor() -> None:
    levels: dict[str, dict[str, float]] = {
        f"#MONI: {UMTS}": {"rscp_dbm": -87, "ecio_db": -7.5, "rssi_dbm": -80},
        f"#MONI: {GSM}": {"rssi_dbm": -83, "ber": 3},
        f"#MONI: S  {ROW} 19 33 1 4 I WIND": {"rssi_dbm": -83, "ber": 4},
        "#MONI: Cc:222 Nc:01 RSRP:-101 RSRQ:-11 TAC:1D23 Id:1D24 EARFCN:70 PWR:-82dbm": {
            "rsrp_dbm": -101,
            "rsrq_db": -11,
            "rssi_dbm": -82,
        },
    }
    for line, expected in levels.items():
        _cell, level = read("telit", "#MONI", line)
        assert {name: level.get(name) for name in expected} == expected


def test_a_list_of_telits_monitor_is_the_serving_cell_and_neighbours() -> None:
    lines = ["#MONI: RSRP:-101 RSRQ:-11 Id:7B EARFCN:5230", "#MONI: RSRP:-105 RSRQ:-12 Id:7C EARFCN:5230"]
    cell, level, other = read("telit", "#MONI", *lines)
    assert (cell["serving"], cell["pci"], level["rsrp_dbm"]) == (True, 0x7B, -101)
    assert (other["serving"], other["pci"]) == (False, 0x7C)
    assert [one["kind"] for one in read("telit", "#MONI", f"#MONI: N1 {ROW} 19 33")] == ["cell"]
    named = [f"{lines[0]} TAC:1D23", lines[1]]
    assert [one["kind"] for one in read("telit", "#MONI", *named)] == ["cell", "signal"]


def test_counters_of_a_telit_are_of_a_session_or_of_its_life() -> None:
    (found,) = read("telit", "#GDATAVOL", "#GDATAVOL: 1,30,10,20", command="AT#GDATAVOL=2")
    assert found["scope"] == "lifetime"


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        (quectel_radio.fifth_steps, {"-41": None, "-40": -40, "-1": -1, "0": -20, "55": -9, "250": 30, "251": None}),
        (quectel_radio.doubled, {"-5": -5, "0": -20, "25": 30, "26": None}),
        (quectel_radio.only_if_sure, {"-1": -1, "0": None, "25": None, "26": 26, "30": 30, "31": None}),
        (quectel_radio.nr_if_sure, {"-3": -3, "0": None, "50": None, "51": -9.8, "115": 3}),
    ],
)
def test_each_scale_of_quectels_sinr_has_its_ends(scale: quectel_radio.Convert, said: dict[str, float | None]) -> None:
    assert {text: scale(text) for text in said} == said
    assert scale("-") is scale("") is scale(None) is None


def test_a_band_of_quectel_without_a_name() -> None:
    assert quectel_radio.band(None) is quectel_radio.technology(None) is None
    assert quectel_radio.band("WCDMA 2100") is quectel_radio.band("LTE BAND") is None
    assert [quectel_radio.numbered_band(text, "lte") for text in ("3", "0", "", "x")] == ["B3", None, None, None]
    assert [quectel_radio.numbered_band("78", tech) for tech in ("nr", "nr_nsa")] == ["n78", "n78"]


@pytest.mark.parametrize(("level", "dbm"), [("30", -81), ("-70", -70), ("-", None), ("99", None)])
def test_level_of_gsm_in_quectels_words_is_in_dbm_or_an_index(level: str, dbm: int | None) -> None:
    line = f'+QENG: "servingcell","NOCONN","GSM",460,00,1A2B,1F,10,62,0,{level},255,255'
    cell, said = read("quectel", "+QENG", line)
    assert (cell["channel"], said.get("rssi_dbm")) == (62, dbm)


def test_the_scale_of_a_bg96_is_known_by_its_words() -> None:
    _cell, level = read("quectel", "+QENG", f"{CAT_M1},-108,-11,-83,19,13")
    assert (level["rsrp_dbm"], level["sinr_db"]) == (-108, 18)
    _cell, level = read("quectel", "+QENG", f"{SIM8262},-1010,-120,-700,9")
    assert (level["rsrp_dbm"], level["rsrq_db"], level["rssi_dbm"]) == (-101, -12, -70)


def test_a_fibocom_is_asked_its_own_way_first() -> None:
    dialect = named("fibocom")
    assert dialect is not None
    assert dialect.asks[Question.SIGNAL][0].text == "AT+XCESQ?"
    assert [ask.text for ask in dialect.asks[Question.CELL]] == ["AT+GTCCINFO?", "AT+XMCI=1"]


@pytest.mark.parametrize(
    ("name", "technology"),
    [
        ("LTE", "lte"),
        ("CAT-M", "lte_m"),
        ("CAT-M1", "lte_m"),
        ("eMTC", "lte_m"),
        ("CAT-NB", "nb_iot"),
        ("CAT-NB1", "nb_iot"),
        ("NBIoT", "nb_iot"),
        ("NTN NBIoT", "nb_iot"),
    ],
)
def test_each_name_of_a_cell_like_ltes(name: str, technology: str) -> None:
    cell, level = read("quectel", "+QENG", f"{CAT_M1.replace('CAT-M1', name)},-108,-11,-83,19,13")
    assert (cell["technology"], cell["pci"], level["rsrp_dbm"]) == (technology, 260, -108)
