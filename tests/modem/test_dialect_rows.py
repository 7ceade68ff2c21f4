"""Each row of the tables of the eastern makers' dialects, and of who is known by which word: without it one of these
lines says less, says something wrong, or is taken for part of an answer.

Lines are those of manuals and captures, with the one field changed that the row or condition is about.
Sources: ME909s, ME909u and MT5700M manuals (Huawei, TD Tech); SIM800, SIM7000, SIM7080, SIM7500/SIM7600, SIM8200 and
A7600 Series AT Command Manuals (SIMCom); ZTE's reference for WCDMA modules and lines of MF821, ME3630, GM500; SLM770A's
notes (MeiG); Luat's AT manual and its Air724 capture; captures and readings of the same makers.
"""

from typing import Any

import pytest

from modem.commands import ASKS
from modem.decode import decode
from modem.dialect import Dialect, Question
from modem.dialects import choose, named
from modem.dialects.makers import homes_of
from modem.engine import Engine
from modem.events import Command, Reply, Restarted, Urc
from modem.values import as_json
from tests.modem.test_dialects_small import read

OWN: dict[str, dict[Question, list[str]]] = {
    "huawei": {
        Question.ICCID: ["AT^ICCID?"],
        Question.PIN_RETRIES: ["AT^CPIN?"],
        Question.SIM_SLOTS: ["AT^SCICHG?", "AT^SIMSWITCH?"],
        Question.SIGNAL: ["AT^HCSQ?"],
        Question.NETWORK_INFO: ["AT^SYSINFOEX", "AT^SYSINFO"],
        Question.COUNTERS: ["AT^DSFLOWQRY"],
        Question.CELL: ["AT^MONSC", "AT^HFREQINFO?"],
        Question.TEMPERATURE: ["AT^CHIPTEMP?"],
    },
    "simcom": {
        Question.ICCID: ["AT+CICCID"],
        Question.PIN_RETRIES: ["AT+SPIC"],
        Question.SIM_SLOTS: ["AT+SMSIMCFG?", "AT+BINDSIM?"],
        Question.CELL: ["AT+CPSI?"],
        Question.NETWORK_INFO: ["AT+CNSMOD?"],
        Question.TEMPERATURE: ["AT+CPMUTEMP"],
    },
    "zte": {
        Question.ICCID: ["AT+ZGETICCID"],
        Question.CELL: ["AT+ZCELLINFO?"],
        Question.NETWORK_INFO: ["AT+ZPAS?"],
    },
    "meig": {
        Question.SIM_SLOTS: ["AT^SIMSLOT?"],
        Question.CELL: ["AT+SGCELLINFOEX?", 'AT+MENG="servingcell"'],
        Question.TEMPERATURE: ["AT+TEMP"],
    },
    "luat": {Question.CELL: ["AT+CCED=0,1"]},
    "cmiot": {Question.ICCID: ["AT+MCCID"], Question.CELL: ['AT+MUESTATS="cell"']},
    "option": {Question.PIN_RETRIES: ["AT_OERCN?"]},
}
NEWS = {
    "huawei": [
        '^HCSQ:"LTE",53,45,181,18',
        "^RSSI:20",
        "^SIMST:1",
        "^DSFLOWRPT:00000124,00000082,00000EA6,0000000000012325,000000000022771D,0000BB80,0001F400",
        '^NDISSTAT:1,,,"IPV4"',
        "^MODE:17,17",
        "^SRVST:2",
        "^BOOT:27710117,0,0,0,75",
        "^STIN: 7, 0, 0",
        '^TIME: "24/08/11,06:19:51+32"',
        '^EONS: 1,"46000","CMCC","CMCC"',
        "^NWTIME: 24/08/11,06:19:51+32,00",
        "^LTERSRP:-89,-8",
        "^CSNR:-93,-23",
        "^CERSSI:0,0,255,-97,-9,12",
        "^ORIG:1,0",
        "^CONF:1",
        "^CONN:1,0",
        "^CEND:1,2,104,16",
        "^ANLEVEL:3",
        '^SMMEMFULL: "SM"',
        '^HCSQEX: "LTE",53,45,181,18',
        "^RFSWITCH: 1,1",
        "^CRSSI:20",
        "^HDRRSSI:20",
        "^DSDORMANT:1",
        "^REJINFO: 46000,1,1,15,8,1,5A1B,0,0A1B2C3D,0",
        "^THERM: 1",
        "^LWURC: 1",
        "^PDCPDATAINFO: 1,1,1,1,1,1,1,1,1,1,1,1",
        "^DCONN: 1",
    ],
    "simcom": [
        "+SIMCARD: NOT AVAILABLE",
        "+CNSMOD: 8",
        "+CPSI: NO SERVICE,Online",
        "+CFUN: 1",
        "SMS DONE",
        "PB DONE",
        "SMS Ready",
        "Call Ready",
        "SMS READY",
        "CALL READY",
        '*PSUTTZ: 2024,8,11,6,19,51,"+32",0',
        "DST: 0",
        "+NETOPEN: 0",
        "+NETCLOSE: 0",
        "+IPCLOSE: 0,1",
        "+CMTE: 1",
        "+CMQTTCONNECT: 0,0",
        "+CMQTTCONNLOST: 0,1",
        "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY",
        "*ISIMAID: A0000000871004FFFFFFFF8907030000",
        "+APP PDP: 0,ACTIVE",
        "+SAPBR 1: DEACT",
        "+PDP: DEACT",
        "UNDER-VOLTAGE WARNNING",
        "UNDER-VOLTAGE POWER DOWN",
    ],
    "zte": [
        "+ZUSIMR:2",
        '+ZPASR: "UMTS"',
        '+ZDONR: "CMCC",460,0,"CS_PS","ROAM_OFF"',
        "+ZEND: 1",
        "+ZMSTAT: 1",
    ],
    "meig": ["^MODE: 17,17", "^SIMST: 1", '^DEND: 1,0,"IPV4"', "+SIM: Inserted"],
    "luat": [
        "+EEMLTESVC: 1120, 2, 17, 6342, 81, 1650, 1650, 3, 5, 111742881",
        "+EEMLTEINTRA: 0, 38, 1825, 59, 19, 14084",
        "+EEMLTEINTER: 0, 38, 1825, 59, 19, 14084",
        "+EEMLTEINTERRAT: 0,0",
        "+EEMGINFOSVC: 1120, 0",
        "+EEMGINFONC: 0, 1120",
        "+EEMUMTSSVC: 3, 1, 1, 0",
        "+NITZ: 24/08/11,06:19:51+32,0",
        "+E_UTRAN Service",
        "^MODE: 17,17",
        '*COPN: "46000","CMCC"',
    ],
    "cmiot": ["+MATREADY", '+MIPURC: "recv",0,4', "+MLPMPSTA: 1", '+MMQTTURC: "conn",0,0', '+MHTTPURC: "ind",0'],
    "option": [
        "_OSSYSI: 2",
        "_OCTI: 3",
        "_OUWCTI: 2",
        "_OSIGQ: 4,0",
        "_OWANCALL: 1,1",
        "_OBLS: 0,0",
        "_OBSI: 1,0,0",
        "_OEANT: 4",
    ],
    "mediatek": [
        '+EREG: 1,"E68A","04E0C636",4096,0,0,0,0',
        '+EGREG: 1,"E68A","04E0C636",4096,"00",0,0,0,0',
        "+ECSQ: 22,54,1,1,1,-36,-346,7,39",
        "+PSBEARER: 4096,3,0,0",
        '+EIAREG: ME ATTACH "3gnet",IPV4V6,0',
        "+ELTEBWINFO: 200",
        "+ESIMS: 0,1",
        "+ERPRAT: 4096",
    ],
}
OF_A_START = {
    "huawei": ["^SYSSTART"],
    "simcom": ["*ATREADY: 1", "NORMAL POWER DOWN"],
}
KNOWN_BY = {
    "simcom": [
        "SIMCOM_Ltd",
        "SIM800 R14.18",
        "SIM900 R11.0",
        "SIM7000E R1351",
        "SIM7600M21-A_V1.1",
        "A7670E-FASE",
        "A7600C1-LNSE",
        "A7608SA-H",
        "A7630C-LAAS",
        "A7683E",
        "SIM5360E",
    ],
    "huawei": ["huawei", "TD Tech Ltd.", "TD-Tech Ltd.", "TDTECH", "MT5700M-CN", "MT5710_CN"],
    "ublox": ["u-blox", "SARA-R410M-02B", "LARA-R6001D", "TOBY-L210", "LISA-U200-03S", "LEXI-R520"],
    "fibocom": [
        "Fibocom Wireless Inc.",
        "FM350-GL",
        "FM150-AE",
        "FM190W-GL",
        "L850-GL",
        "L860-GL-16",
        "NL668-EAU-00",
        "NL678-E-01",
        "XMM7360",
    ],
    "zte": ["ZTE CORPORATION", "Tozed", "ZM9000", "GosunCnWelink"],
    "sierra": ["Sierra Wireless, Incorporated", "AirPrime EM7455"],
    "cmiot": ["CMIOT", "ML307R", "MN316", "M5310-A", "M5311"],
    "option": ["Option N.V.", "Option NV", "GTM601"],
    "mediatek": ["MediaTek Inc.", "DWM-157"],
    "luat": ["AirM2M", "LuatOS-Air_V4032_RDA8910", "Air724UG", "Air720SL", "Air780E"],
    "foxconn": ["Foxconn", "T99W175", "T77W968", "DW5821e", "DW5930e"],
    "nordic": ["Nordic Semiconductor ASA", "nRF9160-SICA"],
    "sequans": ["SEQUANS Communications"],
    "cinterion": ["Cinterion", "Gemalto", "Thales"],
    "meig": ["MEIG INCORPORATED", "SLM770A", "SRM825L"],
    "neoway": ["NEOWAY", "LogicRom"],
    "mikrotik": ["MikroTik", "R11e-LTE6"],
    "wavecom": ["WAVECOM MODEM"],
    "ericsson": ["Ericsson"],
    "icera": ["Icera"],
    "qualcomm": ["QUALCOMM INCORPORATED"],
}


def _dialect(name: str) -> Dialect:
    found = named(name)
    assert found is not None
    return found


def news(vendor: str, line: str) -> list[dict[str, Any]]:
    """Readings of a line that nobody asked for, without what is not known."""
    dialect = _dialect(vendor)
    found = dialect.urcs[f"{line.partition(':')[0]}:"]((line,))
    return [{key: value for key, value in as_json(one).items() if value is not None} for one in found]


@pytest.mark.parametrize("name", OWN)
def test_a_maker_is_asked_its_own_way_first(name: str) -> None:
    asks = _dialect(name).asks
    own = {question: [ask.text for ask in ways if ask not in ASKS.get(question, ())] for question, ways in asks.items()}
    assert {question: ways for question, ways in own.items() if ways} == OWN[name]


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in NEWS.items() for line in lines])
def test_news_are_no_part_of_an_answer_in_free_text(name: str, line: str) -> None:
    dialect = _dialect(name)
    engine = Engine(dialect)
    engine.send(Command("ATI"), 0.0)
    events = engine.receive(f"\r\nXY100\r\n\r\n{line}\r\n\r\nOK\r\n".encode(), 0.1)
    assert Urc((line,)) in events
    assert [event.lines for event in events if isinstance(event, Reply)] == [("XY100",)]
    assert [one.urcs for one in decode(line, dialect)] == [(line,)]


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in NEWS.items() for line in lines])
def test_a_dialect_knows_its_own_news_itself(name: str, line: str) -> None:
    """Not only because the engine or another maker's dialect does. DST: has no sign in front: its line is its name."""
    dialect = _dialect(name)
    assert f"{line.partition(':')[0]}:" in dialect.urcs or dialect.unsolicited(line, Command("ATI"))


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in OF_A_START.items() for line in lines])
def test_a_start_is_heard_and_read(name: str, line: str) -> None:
    dialect = _dialect(name)
    assert Restarted(line) in Engine(dialect).receive(f"\r\n{line}\r\n".encode(), 0.0)
    assert [one.urcs for one in decode(line, dialect)] == [(line,)]


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, words in KNOWN_BY.items() for said in words])
def test_each_word_alone_is_enough_to_know_the_maker(name: str, said: str) -> None:
    assert choose("", said, "").name == name
    assert len(list(homes_of("", said, ""))) == 1


@pytest.mark.parametrize("line", ['+ZPAS: "UMTS","CS_PS"', '+BEARTYPE: "UMTS","CS_PS"'], ids=["module", "stick"])
def test_the_same_question_is_answered_with_two_prefixes(line: str) -> None:
    """K3565-Z and M6280 captures; the vendor's name for the network means the same."""
    ask = _dialect("zte").asks[Question.NETWORK_INFO][0]
    engine = Engine(_dialect("zte"))
    engine.send(ask.command(), 0.0)
    (reply,) = [one for one in engine.receive(f"\r\n{line}\r\nOK\r\n".encode(), 0.1) if isinstance(one, Reply)]
    assert [as_json(one)["technology"] for one in ask.parse(reply)] == ["umts"]


@pytest.mark.parametrize(
    ("vendor", "name"),
    [
        ("huawei", "^ICCID"),
        ("simcom", "+CICCID"),
        ("zte", "+ZGETICCID"),
        ("zte", "+ZICCID"),
        ("nordic", "%XICCID"),
        ("cinterion", "^SCID"),
        ("sequans", "+SQNCCID"),
    ],
)
def test_each_maker_has_its_own_word_for_the_cards_number(vendor: str, name: str) -> None:
    (found,) = read(vendor, name, f"{name}: 89860325167550407312")
    assert found["iccid"] == "89860325167550407312"


@pytest.mark.parametrize(
    ("vendor", "line", "slot"),
    [
        ("huawei", "^SCICHG: 0,1", 1),
        ("huawei", "^SIMSWITCH: 1", 2),
        ("simcom", "+SMSIMCFG: 1,2", 2),
        ("simcom", "+BINDSIM: 1", 2),
        ("neoway", "+SIMCROSS: 2", 2),
    ],
)
def test_the_slot_in_use(vendor: str, line: str, slot: int) -> None:
    (found,) = read(vendor, line.partition(":")[0], line)
    assert found["slots"][0]["slot"] == slot


CPSI_LTE = "+CPSI: LTE,Online,460-11,0x775C,117004595,399,EUTRAN-BAND3,1650,5,5,-98,-892,-591,12"
CPSI_SA = "+CPSI: NR5G_SA,Online,460-00,0x175002,4327047169,0,NR5G_BAND41,504990,-750,-110,170"
CPSI_3G = "+CPSI: WCDMA,Online,460-01,0xA809,11122855,WCDMA IMT 2000,279,10663,0,1.5,62,33,52,500"
CPSI_2G = "+CPSI: GSM,Online,262-02,0x011f,14822,4 EGSM 900,-67,0,40-40"
CMGRMI = "+CMGRMI: Serving_Cell,1725,250,02,3832,2,22060,3,3,3,19,58,-107,-890,-625,0"
CENG_2G = '+CENG: 0,"452,01,7c9e,c032,21,42"'
CAT_M_ON = "+CENG: 1,1,2,LTE CAT-M1"
CCINFO = "+CCINFO:[SCELL],UARFCN:4436,MCC:505,MNC:001,LAC:338,ID:14302219,PSC:214,RSCP:88,ECIO:8.0,RXLev:-88dbm"
EEMLTESVC = "+EEMLTESVC: 1120, 2, 17, 6342, 81, 1650, 1650, 3, 5, 111742881"
MENG = '+MENG: "servingcell","NOCONN","LTE",0,262,01,1C36403,246,1300,3,5,5,BFF,-93,-10.5,-61,21,15'
DHCP = "^DHCP: 1010A0A,FCFFFFFF,2010A0A,2010A0A,1010101,2020202"
NCELLMEAS = '"021D140C","24201","0821",65535,5300,449,50,15,10891,150'
XMONITOR = '%XMONITOR: 1,"EDAV","EDAV","26295","00B7",7,4,"00011B07",7,2300,63,39,"","11100000","11100000"'
SMONI_4G = "^SMONI: 4G,6300,20,10,10,FDD,262,02,BF75,0345103,350,33,-94,-7,NOCONN"


@pytest.mark.parametrize(
    ("vendor", "line", "expected"),
    [
        # ^SYSINFOEX (ME909s): the general name counts where the special one is not known
        ("huawei", '^SYSINFOEX:2,3,0,1,,6,"LTE",101,"4.5G"', {"technology": "lte"}),
        # ^SYSINFO (E1750; 9 is the N58's): a submode of 3G beside a mode of 2G contradicts it
        ("huawei", "^SYSINFO:2,3,0,9,1", {"technology": "lte", "service": "valid"}),
        *(("huawei", f"^SYSINFO:2,3,0,3,1,,{submode}", {"technology": "gsm"}) for submode in range(3)),
        ("huawei", "^SYSINFO:2,3,0,3,1,,3", {"technology": "edge"}),
        ("huawei", "^SYSINFO:2,3,0,5,1,,9", {"technology": "hspa"}),
        ("huawei", "^SYSINFO:2,3,0,3,1,,4", {"technology": None, "service": "valid"}),
        ("huawei", "^SYSINFO:2,3,0,5,1,,4", {"technology": "umts"}),
        ("huawei", "^SYSINFO:2,3,0,,1", {"technology": None, "service": "valid"}),
        # ^CPIN (ME909s)
        ("huawei", "^CPIN: SIM PUK,3,10,3,10,3", {"state": "puk_required", "puk_retries": 10, "pin_retries": 3}),
        # ^REJINFO (MT5700M §13.14): the layer is known on E-UTRAN alone, what is above 255 is the chip's own
        ("huawei", "^REJINFO: 46000,1,8,2", {"cause.layer": "emm", "cause.number": 8}),
        ("huawei", "^REJINFO: 46000,1,8,1", {"cause.layer": None, "cause.number": 8}),
        ("huawei", "^REJINFO: 46000,1,256,2", {"cause.layer": "vendor", "cause.number": 256}),
        # ^CHIPTEMP (ME909s): tenths; 65535 and what no chip survives are no temperatures
        ("huawei", "^CHIPTEMP: 65535,311", {"temperature_c": 31.1}),
        ("huawei", "^CHIPTEMP: 9990,311", {"temperature_c": 31.1}),
        ("huawei", "^CHIPTEMP: -52,-51,65535,-4,65535", {"temperature_c": -5.1}),
        ("huawei", "^CHIPTEMP: 336,331,330,339,340,320", {"temperature_c": 34}),
        # ^MONSC, ^MONNC, ^HFREQINFO (ME909s, MT5700M §13.9): PCI in hexadecimal, three digits at most
        ("huawei", "^MONSC: NR-5GC,460,00,504990,1,C2840C002,80,149002,-65,-10", {"technology": "nr", "pci": 128}),
        ("huawei", "^MONSC: NR,460,00,504990,1,C2840C002,-,149002,-65,-10", {"technology": "nr", "pci": None}),
        ("huawei", "^MONSC: NR,460,00,504990,1,C2840C002,1234,149002,-65,-10", {"technology": "nr", "pci": None}),
        ("huawei", "^MONSC: LTE,460,00,38400,D975244,1F3,24C8,-85,-10,-54", {"technology": "lte", "pci": 499}),
        ("huawei", "^MONSC: LTE,460,00,38400,D975244,-,24C8,-85,-10,-54", {"technology": "lte", "pci": None}),
        ("huawei", "^MONSC: LTE,460,00,38400,D975244,1234,24C8,-85,-10,-54", {"technology": "lte", "pci": None}),
        ("huawei", "^MONNC: LTE,1650,-,-93", {"technology": "lte", "channel": 1650, "pci": None}),
        ("huawei", "^HFREQINFO: 0,1,3,62,2120,5", {"technology": "gsm", "channel": 62, "band": None}),
        ("huawei", "^HFREQINFO: 0,2,1,10612,2120,5", {"technology": "umts", "band": "B1"}),
        ("huawei", "^HFREQINFO: 0,3,34,10054,2120,5", {"technology": "umts", "band": "B34"}),
        ("huawei", "^HFREQINFO: 0,7,41,513000,2120,5", {"technology": "nr", "band": "n41"}),
        ("huawei", "^HFREQINFO: 0,7,0,513000,2120,5", {"technology": "nr", "band": None}),
        # ^DHCP (ME909s): nought is none; an address has eight digits at most
        ("huawei", DHCP, {"addresses": ["10.10.1.1"], "gateway": "10.10.1.2", "dns": ["1.1.1.1", "2.2.2.2"]}),
        ("huawei", DHCP.replace("1010A0A,FCFFFFFF", "0,0"), {"addresses": [], "mask": None, "gateway": "10.10.1.2"}),
        ("huawei", DHCP.replace("2010A0A,2010A0A,1010101", "2010A0A01,0,x"), {"gateway": None, "dns": ["2.2.2.2"]}),
        # ^NDISSTATQRY (ME909s): 0 no, 1 yes, 2 and 3 not yet and no more; MT5700M with a context in front
        ("huawei", '^NDISSTATQRY: 0,,,"IPV4"', {"cid": 1, "active": False}),
        ("huawei", '^NDISSTATQRY: 2,,,"IPV4"', {"cid": 1, "active": False}),
        ("huawei", '^NDISSTATQRY: 3,,,"IPV4"', {"cid": 1, "active": False}),
        ("huawei", '^NDISSTATQRY: 2,0,,"IPV4"', {"cid": 1, "active": False}),
        ("huawei", '^NDISSTATQRY: 1,,,,"IPV4"', {"cid": 1, "active": True}),
        ("huawei", '^NDISSTATQRY: 2,,,,"IPV4"', {"cid": 1, "active": False}),
        ("huawei", '^NDISSTATQRY: 2,1,,,"IPV4"', {"cid": 2, "active": True}),
        # ^HCSQ (ME909s), NR beside MT5700M's ^MONSC: each index has its last; 255 is beyond all
        ("huawei", '^HCSQ:"LTE",-1,98,252,35', {"rssi_dbm": None, "rsrp_dbm": None, "sinr_db": None, "rsrq_db": None}),
        ("huawei", '^HCSQ:"LTE",97,-1,-1,-1', {"rssi_dbm": None, "rsrp_dbm": None, "sinr_db": None, "rsrq_db": None}),
        ("huawei", '^HCSQ:"LTE",255,255,255,255', {"technology": "lte", "rsrp_dbm": None}),
        ("huawei", '^HCSQ:"LTE",,45,255,255', {"technology": "lte", "rssi_dbm": None, "rsrp_dbm": -96}),
        *(("huawei", f'^HCSQ: "{word}",77,241,31', {"technology": "nr", "rsrp_dbm": -64, "sinr_db": 28})
          for word in ("NR", "NR-5GC", "NR5G")),
        ("huawei", '^HCSQ: "TD-SCDMA",30,30,58', {"technology": "umts", "rscp_dbm": -91}),
        # ^EONS: the name or the number alone
        ("huawei", '^EONS: 1,"","CMCC"', {"name": "CMCC", "plmn": None}),
        ("huawei", '^EONS: 1,"46000",""', {"name": None, "plmn": "46000"}),
        # +CNSMOD (SIM7600)
        ("simcom", "+CNSMOD: 1,0", {"technology": None, "service": "none"}),
        ("simcom", "+CNSMOD: 1,30", {"technology": None, "service": None}),
        ("simcom", "+CPMUTEMP: 28", {"temperature_c": 28}),
        ("simcom", "+SIMCOMATI\nManufacturer: SIMCOM INCORPORATED\nModel: SIM7600E", {"model": "SIM7600E"}),
        ("simcom", "+IPADDR: 10.4.112.219", {"addresses": ["10.4.112.219"]}),
        ("simcom", '+SAPBR: 1,1,"10.44.68.152"', {"cid": 1, "addresses": ["10.44.68.152"]}),
        # +CNACT (SIM7080, SIM7000): 2 is on its way
        ("simcom", '+CNACT: 0,2,"0.0.0.0"', {"cid": 0, "active": False}),
        ("simcom", '+CNACT: 0,0,"0.0.0.0"', {"cid": 0, "active": False}),
        ("simcom", '+CNACT: 1,"10.126.178.255"', {"cid": 1, "active": True}),
        # +CENG (SIM800, SIM7080)
        ("simcom", f"+CENG: 3,0\n{CENG_2G}", {"technology": "gsm", "plmn": "45201", "lac": "7C9E", "cell_id": "C032"}),
        ("simcom", f"+CENG: 3\n{CENG_2G}", {"technology": "gsm", "plmn": "45201"}),
        # +CNETCI (A7672)
        ("simcom", "+CNETCISRVINFO: MCC-MNC: 250-02,TAC: 9738,cellid: 7,pci: 299,earfcn: 2850", {"serving": True}),
        ("simcom", "+CNETCINONINFO: 0,MCC-MNC: 250-02,TAC: 9738,cellid: 7,pci: 195,earfcn: 1602", {"serving": False}),
        # +CCINFO (SIM5320): an MNC of three digits is padded but in North America, or where three are needed
        ("simcom", CCINFO, {"plmn": "50501", "technology": "umts", "channel": 4436, "pci": 214}),
        ("simcom", CCINFO.replace("505,MNC:001", "310,MNC:012"), {"plmn": "310012"}),
        ("simcom", CCINFO.replace("505,MNC:001", "722,MNC:310"), {"plmn": "722310"}),
        ("simcom", CCINFO.replace("505,MNC:001", "460,MNC:0"), {"plmn": "46000"}),
        ("simcom", CCINFO.replace("MCC:505,", ""), {"plmn": None, "pci": 214}),
        ("simcom", CCINFO.replace("MNC:001,", ""), {"plmn": None, "pci": 214}),
        ("simcom", CCINFO.replace("UARFCN:4436", "ARFCN:62"), {"technology": "gsm", "channel": 62}),
        # +CMGRMI (SIM7500/SIM7600)
        ("simcom", CMGRMI, {"band": "B3", "cell_id": "562C", "pci": 58}),
        ("simcom", CMGRMI.replace(",22060,3,", ",22060,-,"), {"band": None, "cell_id": "562C"}),
        ("simcom", CMGRMI.replace(",22060,3,", ",22060,0,"), {"band": None, "cell_id": "562C"}),
        # +CPSI (SIM7600): fields that a firmware leaves empty
        ("simcom", CPSI_LTE.replace("EUTRAN-BAND3", "-"), {"band": None, "channel": 1650}),
        ("simcom", CPSI_LTE.replace("460-11", "-"), {"plmn": None, "channel": 1650}),
        ("simcom", CPSI_2G.replace("4 EGSM 900", "-"), {"channel": None, "lac": "011F", "cell_id": "39E6"}),
        ("simcom", CPSI_3G, {"lac": "A809", "tac": None, "pci": 279}),
        ("simcom", CPSI_SA, {"lac": None, "tac": "175002", "band": "n41"}),
        # +ZCELLINFO (MF821, ME3630): 0X alone is no number; the area is where the band is fourth
        ("zte", "+ZCELLINFO: 1F,77,LTE B3,1300", {"pci": 77, "channel": 1300, "cell_id": None, "tac": None}),
        ("zte", "+ZCELLINFO: 0X4D,LTE B3,1300", {"channel": 1300, "tac": None, "pci": None}),
        ("zte", "+ZCELLINFO: 0X1A2B,0X1F,0X,LTE B3,1300", {"tac": "1A2B", "cell_id": "1F", "pci": None}),
        ("zte", "+ZCELLINFO: 0X1A2B,0XFFFFFFFF,0X4D,LTE B3,1300", {"tac": "1A2B", "cell_id": None, "pci": None}),
        # +SGCELLINFOEX (SRM810, SLM770A)
        ("meig", "+SGCELLINFOEX: CURR_MODE:LTE,EARFCN:1300,BAND:3", {"channel": 1300, "band": "B3"}),
        ("meig", "+SGCELLINFOEX: CURR_MODE:SA,ARFCN:633984,BAND:78", {"channel": 633984, "band": "n78"}),
        ("meig", "+SGCELLINFOEX: CURR_MODE:NSA,ARFCN:633984,BAND:78", {"channel": 633984, "band": "n78"}),
        ("meig", "+SGCELLINFOEX: CURR_MODE:LTE,EARFCN:1300,BAND:0", {"channel": 1300, "band": None}),
        # +TEMP (SLM770A on Unisoc): thousandths from a thousand on
        ("meig", '+TEMP: "soc-thmzone","38500"', {"temperature_c": 38.5}),
        ("meig", '+TEMP: "soc-thmzone","41"', {"temperature_c": 41}),
        ("meig", '+TEMP: "soc-thmzone","38500"\n+TEMP: "pa","-273000"', {"sensors": [["soc-thmzone", 38.5]]}),
        # +EEMLTESVC (Air724): codes in BCD, MNC of two digits or three; without a band there is no channel
        ("luat", EEMLTESVC, {"plmn": "46011", "tac": "18C6", "pci": 81, "channel": 1650, "band": "B3"}),
        ("luat", EEMLTESVC.replace("1120, 2, 17", "784, 3, 1040"), {"plmn": "310410"}),
        ("luat", EEMLTESVC.replace("1120, 2, 17", "1120, 1, 17"), {"plmn": None, "tac": "18C6"}),
        ("luat", EEMLTESVC.replace("6342", "-1"), {"plmn": "46011", "tac": None, "pci": 81}),
        ("luat", EEMLTESVC.replace("1650, 3,", "1650, 0,"), {"pci": None, "channel": None, "band": None}),
        # ^SMONI (EHS6, TX62), ^SIND (EHS6)
        ("cinterion", "^SMONI: Searching", {"service": "none"}),
        ("cinterion", "^SMONI: 2G,SEARCH", {"service": "none"}),
        ("cinterion", '^SIND: nitz,0,"13/03/29,07:54:49"', {"time": "2013-03-29T07:54:49+00:00"}),
        ("cinterion", "^SBV: 3835", {"voltage_mv": 3835}),
        ("cinterion", "^SCTM: 0,0,31", {"temperature_c": 31}),
        # %NCELLMEAS, %XMONITOR (nRF91): 2 is a search that was cut short; an SNR has no index below 0
        ("nordic", f"%NCELLMEAS: 2,{NCELLMEAS}", {"cell_id": "021D140C", "plmn": "24201", "channel": 5300}),
        ("nordic", "%XTEMP: 31", {"temperature_c": 31}),
        # *BANDIND (R11e)
        ("mikrotik", "*BANDIND: 0, 3, 7", {"technology": "lte", "band": "B3"}),
    ],
)  # fmt: skip
def test_a_row_says(vendor: str, line: str, expected: dict[str, Any]) -> None:
    lines = line.split("\n")
    name = lines[0].partition(":")[0]
    first, *_ = read(vendor, name, *(lines if ":" in lines[0] else lines[1:]))
    cause = {f"cause.{field}": value for field, value in first.get("cause", {}).items()}
    assert {field: (first | cause).get(field) for field in expected} == expected


@pytest.mark.parametrize(
    ("vendor", "line", "expected"),
    [
        ("huawei", "^SYSINFO:2,3,0,5,255", ["network_info", "sim"]),
        ("huawei", "^SYSINFO:2,3,0,5,1", ["network_info", "sim"]),
        ("huawei", "^SYSINFO:2,3,0,5,0", ["network_info"]),
        # Of whole dBm, or the wrong way round: cell only
        ("simcom", CMGRMI, ["cell", "signal"]),
        ("simcom", CMGRMI.replace("-107,-890,-625", "-10,-89,-62"), ["cell"]),
        ("simcom", CCINFO, ["cell", "signal"]),
        ("simcom", CCINFO.replace("[SCELL]", "[NCell1]"), ["cell"]),
        ("simcom", CPSI_LTE, ["cell", "signal"]),
        ("simcom", CPSI_LTE.rpartition(",5,5")[0], ["cell"]),
        ("simcom", '+CNACT: 0,1,"10.32.116.31"', ["context_active", "address"]),
        ("simcom", '+CNACT: 1,0,"0.0.0.0"', ["context_active"]),
        ("simcom", "+CNETCISRVINFO: MCC-MNC: 250-02,TAC: 9738,cellid: 7,rsrp: 47,pci: 299", ["cell", "signal"]),
        ("simcom", "+CNETCINONINFO: 0,MCC-MNC: 250-02,TAC: 9738,cellid: 7,rsrp: 47,pci: 299", ["cell"]),
        ("simcom", "+CNETCI: 1", []),
        ("meig", MENG, ["cell", "signal"]),
    ],
)
def test_a_row_gives(vendor: str, line: str, expected: list[str]) -> None:
    assert [one["kind"] for one in read(vendor, line.partition(":")[0], line)] == expected


@pytest.mark.parametrize(
    ("vendor", "line", "expected"),
    [
        # Tenths beside a zero, whole dB, indexes, a figure that is none
        ("simcom", CPSI_LTE, {"rsrq_db": -9.8, "rsrp_dbm": -89.2, "rssi_dbm": -59.1, "sinr_db": 12}),
        ("simcom", CPSI_LTE.replace("-591", "0"), {"rsrp_dbm": -89.2, "rsrq_db": -9.8, "rssi_dbm": None}),
        ("simcom", CPSI_LTE.replace("-98,-892,-591", "-,-,-"), {"rsrp_dbm": None, "sinr_db": None}),
        ("simcom", CPSI_LTE.replace("-98,-892,-591", "8,53,60"), {"rsrp_dbm": -88, "rsrq_db": -16, "rssi_dbm": -51}),
        ("simcom", CPSI_SA, {"rsrp_dbm": -75, "rsrq_db": -11, "sinr_db": 17}),
        ("simcom", CPSI_SA.replace(",170", ",x"), {"rsrp_dbm": -75, "sinr_db": None}),
        ("simcom", CPSI_SA.replace(",170", ",-"), {"rsrp_dbm": -75, "sinr_db": None}),
        ("simcom", CPSI_SA.replace(",170", ",8.5"), {"rsrp_dbm": -75, "sinr_db": 8.5}),
        ("simcom", CPSI_SA.replace(",170", ",15"), {"rsrp_dbm": -75, "sinr_db": None}),
        ("simcom", CPSI_3G, {"ecio_db": -1.5, "rscp_dbm": -62}),
        ("simcom", CPSI_3G.replace("1.5,62", "-3,-62"), {"ecio_db": -3, "rscp_dbm": -62}),
        ("simcom", CPSI_3G.replace("1.5,62", "21,62"), {"ecio_db": None, "rscp_dbm": -62}),
        ("simcom", CPSI_3G.replace("1.5,62", "-,-"), {"ecio_db": None, "rscp_dbm": None}),
        ("simcom", CCINFO, {"technology": "umts", "rscp_dbm": -88, "ecio_db": -8, "rssi_dbm": None}),
        ("simcom", CCINFO.replace("UARFCN:4436", "ARFCN:62"), {"technology": "gsm", "rssi_dbm": -88, "rscp_dbm": None}),
        ("meig", MENG, {"rsrp_dbm": -93, "rsrq_db": -10.5, "rssi_dbm": -61, "sinr_db": 21}),
        ("meig", MENG.rpartition(",")[0], {"rsrp_dbm": -93, "sinr_db": None}),
        ("nordic", XMONITOR, {"rsrp_dbm": -78, "sinr_db": 14}),
        ("nordic", XMONITOR.replace(",39,", ",-1,"), {"rsrp_dbm": -78, "sinr_db": None}),
        ("nordic", XMONITOR.replace(",39,", ",127,"), {"rsrp_dbm": -78, "sinr_db": None}),
    ],
)
def test_levels_of_a_row(vendor: str, line: str, expected: dict[str, float | None]) -> None:
    *_, level = read(vendor, line.partition(":")[0], line)
    assert {field: level.get(field) for field in expected} == expected


@pytest.mark.parametrize(
    ("vendor", "line"),
    [
        ("huawei", '^SYSINFOEX:9,3,0,1,,3,"WCDMA",41,"HSPA+"'),
        ("huawei", "^SYSINFO:9,3,0,5,1"),
        ("huawei", "^SYSINFO:2,3,0,5"),
        ("huawei", "^CPIN:"),
        ("huawei", "^CPIN: ,3,10,3,10,3"),
        ("huawei", "^REJINFO: 46000,1,0,2"),
        ("huawei", "^REJINFO: 46000,1,x,2"),
        ("huawei", "^REJINFO: 46000,1,8"),
        ("huawei", "^CHIPTEMP:"),
        ("huawei", "^CHIPTEMP: 311,x"),
        ("huawei", "^MONSC:"),
        ("huawei", "^MONSC: LTE,460,00,38400"),
        ("huawei", "^MONSC: CDMA,460,03,1019,248,1,2,3,4,5"),
        ("huawei", "^MONNC:"),
        ("huawei", "^MONNC: LTE,1650,12A"),
        ("huawei", "^MONNC: WCDMA,10612,149"),
        ("huawei", "^MONNC: GSM,62,12,-70"),
        ("huawei", "^HFREQINFO: 0,6,3"),
        ("huawei", "^HFREQINFO: 0,x,3,1300"),
        ("huawei", "^DSFLOWQRY:1,2,3,4,x,5"),
        ("huawei", "^DSFLOWQRY:1,2,3,4,5,x"),
        ("huawei", DHCP.rpartition(",")[0]),
        ("huawei", DHCP.replace("FCFFFFFF,2010A0A", "2010A0A,FCFFFFFF")),
        ("huawei", '^NDISSTATQRY: 9,,,"IPV4"'),
        ("huawei", '^NDISSTATQRY: x,,,"IPV4"'),
        ("huawei", "^HCSQ:"),
        ("huawei", '^HCSQ:"CDMA",30,30,58'),
        ("huawei", "^RSSI:"),
        ("huawei", "^LTERSRP: x,-8"),
        ("huawei", "^CERSSI:-95,255,255,255,-104,-12,9"),
        ("huawei", "^CERSSI:0,0,0,0,0,0"),
        ("huawei", "^CERSSI:-95,255,-104,-12,9"),
        ("huawei", "^CERSSI:0,0,255,-,-9,12"),
        ("huawei", "^CERSSI:0,0,255,0,0,0"),
        ("huawei", "^CSNR: x,-5"),
        ("huawei", "^NWTIME: x"),
        ("simcom", "+CNSMOD:"),
        ("simcom", "+CNSMOD: 1,x"),
        ("simcom", "+CNSMOD: 1,-1"),
        ("simcom", "+CNSMOD: 1,31"),
        ("simcom", '+SAPBR: x,1,"10.0.0.2"'),
        ("simcom", "+IPADDR: x"),
        ("simcom", "+CIFSR: x"),
        ("simcom", "+CNACT: 1"),
        ("simcom", "+CNACT: 0,ACTIVE"),
        ("simcom", "+CNACT: 0,1"),
        ("simcom", '+CNACT: x,1,"10.0.0.2"'),
        ("simcom", '+CNACT: 0,3,"10.0.0.2"'),
        ("simcom", "+SPIC: 3,10,0"),
        ("simcom", "+CENG: 0"),
        ("simcom", "+CENG: 0,0"),
        ("simcom", CENG_2G.replace("0,", "1,", 1)),
        ("simcom", '+CENG: 0,"0685,57,00,310,260"'),
        ("simcom", f'{CAT_M_ON}\n+CENG: 0,"1550,339,-73,-47,-12,17,102,303617,284"'),
        ("simcom", "+CMGRMI: Serving_Cell,1725,250,02,3832,2,22060,3,3,3,19,58,-107,-890"),
        ("simcom", CMGRMI.replace("Serving_Cell", "CA_Scell")),
        ("simcom", "+CPSI:"),
        ("simcom", "+CPSI: NR5G_NSA,58,643296,-12,-,8.5"),
        ("simcom", "+CPSI: NR5G,58,643296,-12,86,8.5"),
        ("simcom", "+CPSI: LTE,58,643296,-12,-86,8.5"),
        ("zte", "+ZPAS:"),
        ("zte", "+ZRSSI: -,-6,0,17"),
        ("zte", "+ZRSSI: 60,10,3,1"),
        ("zte", "+ZRSSI: -93,-6,0"),
        ("meig", "+MENG:"),
        ("meig", '+MENG: "scell","LTE",1300,341,-119'),
        ("meig", '+MENG: "neighbourcell","WCDMA",10713,73,-84'),
        ("meig", ",".join(MENG.split(",")[:16])),
        ("meig", MENG.replace('"LTE"', '"WCDMA"')),
        ("meig", MENG.replace('"servingcell"', '"scell"')),
        ("meig", '+TEMP: "soc","x"'),
        ("meig", '+TEMP: "soc","-273000"'),
        ("luat", "+CCED:"),
        ("luat", "+CCED:LTE current cell:460,00,460045926301111,0,40,n100,39148,140542123,51,29,6334,34"),
        ("luat", "+CCED: 460,0,712c,df6a"),
        ("luat", "+CCED: 0,0,712c,df6a,536,56,34,0,0,0,0,0,0"),
        ("luat", "+CCED: 460,0,0,df6a,536,56,34,0,0,0,0,0,0"),
        ("luat", "+CCED: 460,0,712c,0,536,56,34,0,0,0,0,0,0"),
        ("cinterion", "^SMONI:"),
        ("cinterion", "^SMONI: 5G,1"),
        ("cinterion", SMONI_4G.rpartition(",-7")[0]),
        ("cinterion", "^SMONI: 3G,10737,131,-7.5,-103,260,01,7D3D"),
        ("cinterion", "^SMONI: 2G,71,-61,262,02,0143"),
        ("cinterion", "^SIND: simstatus,1,9"),
        ("cinterion", "^SIND: ,1,5"),
        ("cinterion", "^SIND: iccid,1"),
        ("cinterion", "^SBV: x"),
        ("cinterion", "^SCTM: 0,0"),
        ("sequans", "+VZWRSRP: 222,3700"),
        ("sequans", '+VZWRSRP: x,3700,"-20"'),
        ("mikrotik", "*BANDIND: 0, 0, 7"),
        ("mikrotik", "*BANDIND: 0, 3, 99"),
        ("mikrotik", "*BANDIND: 0, 3"),
        ("ericsson", "*E2IPCFG:"),
        ("icera", "%IPDPADDR: 2, 1.2.3.4, 1.2.3.1, 5.6.7.8"),
        ("qualcomm", "$QCRSRP: 222,3700"),
    ],
)
def test_a_row_says_nothing(vendor: str, line: str) -> None:
    assert read(vendor, line.partition(":")[0], *line.split("\n")) == []


@pytest.mark.parametrize(
    ("vendor", "line", "expected"),
    [
        # ^DSFLOWRPT (ME909s): sent, then received
        (
            "huawei",
            "^DSFLOWRPT:1,2,3,FF,A,1,1",
            [{"kind": "counters", "rx_bytes": 10, "tx_bytes": 255, "scope": "session"}],
        ),
        ("huawei", "^DSFLOWRPT:1,2,3,x,A", []),
        ("huawei", "^DSFLOWRPT:1,2,3,FF,x", []),
        ("simcom", "+SIMCARD: NOT AVAILABLE", [{"kind": "sim", "state": "busy"}]),
        ("simcom", "+SIMCARD: READY", []),
        ("simcom", "+CNSMOD: 8", [{"kind": "network_info", "technology": "lte"}]),
        ("simcom", "+CFUN: 1", [{"kind": "functionality", "level": 1}]),
    ],
)  # fmt: skip
def test_news_say(vendor: str, line: str, expected: list[dict[str, Any]]) -> None:
    assert news(vendor, line) == expected
