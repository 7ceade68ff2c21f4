"""How a firmware spells a word says nothing: capitals or small letters, quotes and blanks around it.

Firmwares of one maker differ in this alone (+QNWINFO: "No Service" and "NO SERVICE", #MONI's "dBm" and "dbm"), so each
line of a manual or a capture is read with the case of one of its words turned, and must mean the same.
"""

import pytest

from modem.dialects import choose, named
from tests.modem.test_dialect_rows import news
from tests.modem.test_dialects_small import read

CAT_M1 = '+QENG: "servingcell","NOCONN","CAT-M1","FDD",334,020,3787103,260,2050,4,5,5,5B10,-90,-10,-60,12,30'
EC2X = '+QENG: "servingcell","NOCONN","LTE","FDD",460,00,1A2B3C,246,1300,3,5,5,1A2B,-93,-10,-61,21,15'
SIM8262 = '+QENG: "servingcell","NOCONN","LTE","FDD",460,00,123,42,EUTRAN-BAND3,1300,5,5,1A2B,-930,-100,-610,15'
MENG = '+MENG: "servingcell","NOCONN","LTE",0,262,01,1C36403,246,1300,3,5,5,BFF,-93,-10.5,-61,21,15'
CCINFO = "+CCINFO:[SCELL],UARFCN:4436,MCC:505,MNC:001,LAC:338,ID:14302219,PSC:214,RSCP:88,ECIO:8.0,RXLev:-88dbm"
NETDMSG = '+NETDMSG: "460+11",1CF3,9A35B0C,277,0,LTE BAND 3,1825,-51,1,1,1,1,-800,-100,1'
SMONI = "^SMONI: 4G,6300,20,10,10,FDD,262,02,BF75,0345103,350,33,-94,-7,NOCONN"
CENG = '+CENG: 0,"1550,339,-73,-47,-12,17,102,303617,284,01,23"'
GTCCINFO = "1,4,460,01,1234,12345AB,1300,42,103,100,13,60,60,22"
CPSI = "+CPSI: LTE,Online,460-01,0x1A2B,187214848,42,EUTRAN-BAND3,1300,5,5,-100,-900,-600,15"
CPSI_NR = "+CPSI: NR5G_SA,Online,460-00,0x1A2B00,4660,77,NR5G_BAND78,627264,-800,-110,15"
NCELLMEAS = '%NCELLMEAS: 0,"0199F10A","44020","107E",65535,3750,5,49,27,107504,3750,251,33,4,0,1967'
CGED = "+CGED: MCC:310, MNC:410, LAC:2cf7, CI:8a5a782, DLF:4436"
GSTATUS = "System mode: LTE\tLTE Rx chan: 2050\tTAC: 8C65 (35941)\tCell ID: 0A1B2C3D (169552957)"
MONI = "#MONI: S  3E 1D23 1D24  70 -83dbm 44 44 1 0 I WIND"
IN_CELLS = [
    ("cinterion", "^SMONI", [SMONI], "4G"),
    ("cinterion", "^SIND", ["^SIND: simstatus,1,5"], "simstatus"),
    ("fibocom", "+GTCCINFO", ["LTE service cell:", GTCCINFO], "cell"),
    ("huawei", "^MONSC", ["^MONSC: LTE,460,00,1300,1A2B3C4,F6,1A2B,-93,-10,-61"], "LTE"),
    ("huawei", "^MONNC", ["^MONNC: LTE,1300,F6,-93,-10,-61"], "LTE"),
    ("meig", "+MENG", [MENG], "servingcell"),
    ("meig", "+MENG", [MENG], "LTE"),
    ("meig", "+MENG", ['+MENG: "neighbourcell intra","LTE",1300,341,-119,-12'], "LTE"),
    ("neoway", "+NETDMSG", [NETDMSG], "BAND"),
    ("quectel", "+QENG", [EC2X], "servingcell"),
    ("quectel", "+QENG", ['+QENG: "neighbourcell intra","LTE",1300,341,-10,-93,-61'], "neighbourcell"),
    ("quectel", "+QENG", ['+QENG: "neighbourcell","NR",627264,341,-93,-10'], "NR"),
    ("quectel", "+QENG", ['+QENG: "servingcell","SEARCH"'], "SEARCH"),
    ("quectel", "+QENG", [SIM8262], "EUTRAN"),
    ("quectel", "+QENG", [CAT_M1], "CAT-"),
    ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",1300,100,"LTE BAND 3",1,42,-90,-10'], "PCC"),
    ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",1300,100,"LTE BAND 3",1,42,-90,-10'], "LTE"),
    ("quectel", "+QCAINFO", ['+QCAINFO: "PCC",627264,12,"NR5G BAND 78",341'], "NR"),
    ("quectel", "+QNWINFO", ['+QNWINFO: "FDD LTE","46001","LTE BAND 3",1650'], "BAND"),
    ("simcom", "+CENG", ["+CENG: 1,1,2,LTE CAT-M1", CENG], "CAT"),
    ("simcom", "+CCINFO", [CCINFO], "SCELL"),
    ("simcom", "+CPSI", [CPSI], "LTE"),
    ("simcom", "+CPSI", [CPSI_NR], "NR5G_BAND"),
    ("telit", "#MONI", [MONI], "S "),
    ("zte", "+ZCELLINFO", ["+ZCELLINFO: 0X1A2B,0X1F,0X4D,LTE B3,1300"], "0X"),
    ("zte", "+ZCELLINFO", ["+ZCELLINFO: tac:1A2B,cellid:1F,pci:77,band:3"], "pci"),
]
IN_NETWORKS = [
    ("huawei", "^HCSQ", ['^HCSQ: "LTE",40,40,150,20'], "LTE"),
    ("huawei", "^SYSINFOEX", ['^SYSINFOEX: 2,3,0,1,,6,"LTE",101,"LTE"'], "LTE"),
    ("huawei", "^SYSINFOEX", ['^SYSINFOEX: 2,4,5,1,0,3,"WCDMA",99,""'], "WCDMA"),
    ("huawei", "^SYSINFOEX", ['^SYSINFOEX: 2,4,5,1,0,3,"WCDMA",41,"HSPA+"'], "HSPA"),
    ("huawei", "^NDISSTATQRY", ['^NDISSTATQRY: 2,1,,,"IPV4"'], "IPV"),
    ("meig", "+SGCELLINFOEX", ["+SGCELLINFOEX: CURR_MODE:LTE,EARFCN:1300,BAND:3"], "LTE"),
    ("quectel", "+QMAP", ['+QMAP: "WWAN",1,1,"IPV4","10.0.0.2"'], "WWAN"),
    ("quectel", "+QNETDEVSTATUS", ['+QNETDEVSTATUS: 3,1,"IPV6",0'], "IPV"),
    ("quectel", "+QPINC", ['+QPINC: "SC",3,10'], "SC"),
    ("quectel", "+QCSQ", ['+QCSQ: "NOSERVICE",-93'], "NOSERVICE"),
    ("quectel", "+QRSRP", ["+QRSRP: -90,-99,-140,-140,LTE"], "LTE"),
    ("sierra", "!GSTATUS", ["System mode: LTE   PS state: Attached"], "LTE"),
    ("sierra", "!GSTATUS", ["System mode: NO SERVICE"], "NO SERVICE"),
    ("sierra", "!NRINFO", ["Connectivity mode: ENDC", "NR5G band:  n78\t\tNR5G Rx chan: 627264"], "ENDC"),
    ("sierra", "*CNTI", ["*CNTI: 0,LTE"], "LTE"),
]


@pytest.mark.parametrize(("vendor", "name", "lines", "word"), IN_CELLS + IN_NETWORKS)
def test_a_word_means_the_same_in_the_other_case(vendor: str, name: str, lines: list[str], word: str) -> None:
    turned = [line.replace(word, word.swapcase()) for line in lines]
    assert turned != lines
    assert read(vendor, name, *turned) == read(vendor, name, *lines) != []


@pytest.mark.parametrize(
    ("vendor", "line", "word"),
    [
        ("3gpp", "+CGEV: NW DETACH", "DETACH"),
        ("quectel", '+QIND: "csq",18,99', "csq"),
        ("quectel", '+QIND: "act","LTE"', "act"),
        ("simcom", "+SIMCARD: NOT AVAILABLE", "AVAILABLE"),
    ],
)
def test_news_mean_the_same_in_the_other_case(vendor: str, line: str, word: str) -> None:
    assert news(vendor, line.replace(word, word.swapcase())) == news(vendor, line) != []


@pytest.mark.parametrize("model", ["EC200T", "EC25", "BC95-G", "BG96", "RM500U-CN"])
def test_a_quectels_family_is_known_by_its_name_in_small_letters(model: str) -> None:
    dialect = choose("Quectel", model.lower(), "")
    assert dialect is choose("Quectel", model, "")
    assert dialect is not named("quectel")


@pytest.mark.parametrize(
    ("vendor", "name", "line", "dressed"),
    [
        ("sierra", "!GSTATUS", GSTATUS, GSTATUS.replace("(35941)", "(35941)  ")),
        ("nordic", "%NCELLMEAS", NCELLMEAS, f"{NCELLMEAS},"),
        ("ublox", "+CGED", CGED, CGED.replace(":310", ':"310"').replace(":410", ':"410"')),
    ],
)
def test_quotes_and_separators_change_no_figure(vendor: str, name: str, line: str, dressed: str) -> None:
    assert read(vendor, name, dressed) == read(vendor, name, line) != []
