"""Every row of the makers' tables of words and numbers: without it its line says less.

Sources: +QNWINFO of EC2x&EG9x and BG96 manuals; +CNSMOD of the SIM7600 manual; ^SYSINFOEX and ^SYSINFO of the ME909s
and E1750 ones; +ZPAS of the MF286's; +SGCELLINFOEX of SRM810; +GTRAT of FM160, FM650, L610 and L710.
"""

from typing import Any

import pytest

from modem.dialects import named
from modem.values import Sim
from tests.modem.test_dialects_small import read

_WORDS: dict[tuple[str, str, str], dict[str, str]] = {
    ("quectel", "+QNWINFO", '+QNWINFO: "{}","46001","",10'): {
        "GSM": "gsm",
        "GPRS": "gsm",
        "EDGE": "edge",
        "EGPRS": "edge",
        "WCDMA": "umts",
        "TDSCDMA": "umts",
        "HSDPA": "hspa",
        "HSUPA": "hspa",
        "HSPA": "hspa",
        "HSPA+": "hspa",
        "LTE": "lte",
        "FDD LTE": "lte",
        "TDD LTE": "lte",
        "CAT-M": "lte_m",
        "CAT-M1": "lte_m",
        "eMTC": "lte_m",
        "CAT-NB": "nb_iot",
        "CAT-NB1": "nb_iot",
        "NBIoT": "nb_iot",
        "NR5G": "nr",
        "NR5G-SA": "nr",
        "NR5G-NSA": "nr_nsa",
        "FDD NR5G": "nr",
        "TDD NR5G": "nr",
    },
    ("simcom", "+CNSMOD", "+CNSMOD: 1,{}"): dict(
        zip("1234568", ("gsm", "gsm", "edge", "umts", "hspa", "hspa", "lte"), strict=True)
    ),
    ("huawei", "^SYSINFOEX", '^SYSINFOEX:2,3,0,1,,3,"",41,"{}"'): {
        "GSM": "gsm",
        "GPRS": "gsm",
        "EDGE": "edge",
        "WCDMA": "umts",
        "TD-SCDMA": "umts",
        "HSDPA": "hspa",
        "HSUPA": "hspa",
        "HSPA": "hspa",
        "HSPA+": "hspa",
        "DC-HSPA+": "hspa",
        "LTE": "lte",
        "LTE+": "lte",
        "NR": "nr",
        "NR-5GC": "nr",
    },
    ("huawei", "^SYSINFO", "^SYSINFO:2,3,0,{},1"): {"3": "gsm", "5": "umts", "15": "umts", "17": "lte"},
    ("zte", "+ZPAS", '+ZPAS: "{}","CS_PS"'): {
        "GSM": "gsm",
        "GPRS": "gsm",
        "EDGE": "edge",
        "UMTS": "umts",
        "WCDMA": "umts",
        "3G": "umts",
        "TD-SCDMA": "umts",
        "HSDPA": "hspa",
        "HSUPA": "hspa",
        "HSPA": "hspa",
        "HSPA+": "hspa",
        "LTE": "lte",
        "NR5G-SA": "nr",
        "NR5G-NSA": "nr_nsa",
        "ENDC": "nr_nsa",
    },
    ("meig", "+SGCELLINFOEX", '+SGCELLINFOEX: CURR_MODE: "{}"'): {
        "LTE": "lte",
        "EN-DC": "nr_nsa",
        "NSA": "nr_nsa",
        "SA": "nr",
        "5G": "nr",
    },
}


@pytest.mark.parametrize(
    ("vendor", "name", "line", "technology"),
    [
        (vendor, name, line.format(word), technology)
        for (vendor, name, line), words in _WORDS.items()
        for word, technology in words.items()
    ],
)
def test_each_word_for_a_network(vendor: str, name: str, line: str, technology: str) -> None:
    assert read(vendor, name, line)[0]["technology"] == technology


_SERVICES = ("none", "limited", "valid", "limited", "sleep")


@pytest.mark.parametrize(
    ("vendor", "name", "line", "service"),
    [
        ("huawei", "^SYSINFOEX", "^SYSINFOEX:{},0,0,1", dict(enumerate(_SERVICES))),
        ("zte", "+ZPAS", '+ZPAS: "{}"', {"No Service": "none", "Limited Service": "limited"}),
        ("quectel", "+QENG", '+QENG: "servingcell","{}"', {"SEARCH": "none", "LIMSRV": "limited", "CONNECT": "valid"}),
    ],
)  # fmt: skip
def test_each_word_for_a_service(vendor: str, name: str, line: str, service: dict[Any, str]) -> None:
    said = {word: read(vendor, name, line.format(word))[0].get("service") for word in service}
    assert said == service


@pytest.mark.parametrize(
    ("line", "networks"),
    [
        ("0", ["gsm"]),
        ("2", ["umts"]),
        ("3", ["lte"]),
        ("4,2", ["umts", "lte"]),
        ("4,3", ["lte", "umts"]),
        ("10", ["automatic"]),
        ("14", ["nr"]),
        ("14,3", ["nr"]),
        ("17,6", ["nr", "lte"]),
        ("20,3,6", ["lte", "nr", "umts"]),
    ],
)
def test_networks_that_a_fibocom_may_use(line: str, networks: list[str]) -> None:
    (found,) = read("fibocom", "+GTRAT", f"+GTRAT: {line}")
    assert networks in found.values()


@pytest.mark.parametrize(
    ("vendor", "name", "line", "expected"),
    [
        # Ids, levels and bands that a line does not have
        ("quectel", "+QENG", '+QENG: "neighbourcell","WCDMA",10713,-15,73,-840,-110,0', {"channel": 10713, "pci": 73}),
        ("quectel", "+QENG", '+QENG: "neighbourcell","NR",504990,56,-84,-12', {"technology": "nr", "pci": 56}),
        ("quectel", "+QICSGP", '+QICSGP: 1,"internet","","",0', {}),
        ("huawei", "^MONNC", "^MONNC: WCDMA,10612,149,-80", {"technology": "umts", "pci": 149, "channel": 10612}),
        ("huawei", "^MONNC", "^MONNC: NR,504990,1F0,-80", {"technology": "nr", "pci": 496}),
        ("huawei", "^HFREQINFO", "^HFREQINFO: 0,2,1,10612,21", {"technology": "umts", "band": "B1", "channel": 10612}),
        ("huawei", "^HFREQINFO", "^HFREQINFO: 0,1,3,62,2120,5", {"technology": "gsm", "channel": 62}),
        ("huawei", "^EONS", '^EONS: 1,"46000","CMCC","CMCC"', {"name": "CMCC", "plmn": "46000"}),
        ("huawei", "^NDISSTATQRY", '^NDISSTATQRY: 3,1,,,"IPV4"', {"cid": 3, "active": True}),
        ("simcom", "+CCINFO", "+CCINFO:[SCELL],ARFCN:62,MCC:460,MNC:001,LAC:4660,ID:7", {"plmn": "46001"}),
        ("simcom", "+CCINFO", "+CCINFO:[SCELL],UARFCN:9,MCC:310,MNC:012,PSC:3", {"plmn": "310012"}),
        ("simcom", "+CCINFO", "+CCINFO:[NCell1],UARFCN:10713,PSC:3", {"serving": False, "pci": 3}),
        ("simcom", "+SPIC", "+SPIC: 3,10,0,10", {"pin_retries": 3, "puk_retries": 10}),
        ("simcom", "+CIFSR", "10.0.0.2", {"addresses": ["10.0.0.2"]}),
        ("huawei", "^NDISSTATQRY", '^NDISSTATQRY: 0,1,,,"IPV4"', {"cid": 1, "active": True}),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: 0X1A2B,0X1F,0X4D,LTE B3,1300", {"tac": "1A2B", "cell_id": "1F", "pci": 77}),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: 7,LTE B3,1300", {"band": "B3", "channel": 1300}),
        ("fibocom", "+GTSENRDTEMP", "+GTSENRDTEMP: 1,36500", {"temperature_c": 36.5}),
        ("fibocom", "+EPINC", "+EPINC: 3,3,10,10", {"pin_retries": 3, "puk_retries": 10}),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: tac: 1A2B, cellid: 1F, pci: 77, band: 3", {"band": "B3", "pci": 77}),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: 4660,77,LTE B3,1300", {"band": "B3", "pci": 77, "channel": 1300}),
        ("simcom", "+CPSI", "+CPSI: LTE NB-IOT2,Online,460-00,0x1,7,3,EUTRAN-BAND8,3600,0,0,-10,-80,-70,9", {"pci": 3}),
        ("simcom", "+CPSI", "+CPSI: TDS,Online,460-00,0x1,7,TDS,3,10054,0,5.5,80,1,2,3", {"technology": "umts"}),
        ("meig", "+SGCELLINFOEX", "+SGCELLINFOEX: CURR_MODE:SA,BAND:78,ARFCN:633984", {"channel": 633984}),
    ],
)  # fmt: skip
def test_what_a_line_says(vendor: str, name: str, line: str, expected: dict[str, Any]) -> None:
    found = read(vendor, name, line)
    assert (expected.items() <= found[0].items()) if expected else not found


@pytest.mark.parametrize(
    ("vendor", "name", "line"),
    [
        ("zte", "+ZPAS", '+ZPAS: "5G+"'),
        ("zte", "+ZRSSI", "+ZRSSI: 60,10,3"),
        ("simcom", "+CNSMOD", "+CNSMOD: 1,99"),
        ("huawei", "^SYSINFOEX", "^SYSINFOEX:2,3"),
        ("huawei", "^MONNC", "^MONNC: NONE"),
        ("huawei", "^HFREQINFO", "^HFREQINFO: 0,9,3,62,2120,5"),
        ("huawei", "^CHIPTEMP", "^CHIPTEMP: 311,-,65535"),
        ("huawei", "^EONS", "^EONS: 0"),
        ("luat", "+CCED", "+CCED:GSM current cell:460,00,0,0,0,0,0"),
        ("meig", "+MENG", '+MENG: "neighbourcell intra","LTE",1300,7'),
        ("quectel", "+QENG", '+QENG: "neighbourcell","CDMA",283,5'),
        ("quectel", "+QGDCNT", "+QGDCNT: -1,20"),
        ("quectel", "+QMAP", '+QMAP: "WWAN",1,-,"IPV4","10.0.0.2"'),
        ("simcom", "+CENG", '+CENG: 0,"0685,57,00,000,00,16,cf00,04,00,7d73,255"'),
        ("simcom", "+CCINFO", "+CCINFO: SCELL,UARFCN:10713,PSC:3"),
        ("simcom", "+CCINFO", "+CCINFO:[SCELL],EARFCN:1300"),
        ("simcom", "+SPIC", "+SPIC: 3,10,-,10"),
        ("fibocom", "+GTDNS", '+GTDNS: -,"1.1.1.1","8.8.8.8"'),
        ("simcom", "+CENG", "+CENG: 1,1,3,LTE NB-IOT"),
        ("simcom", "+SAPBR", "+SAPBR: 1,1"),
        ("fibocom", "+GTRAT", "+GTRAT: 16,3"),
        ("fibocom", "+EPINC", "+EPINC: 3,3,10"),
        ("fibocom", "+GTCCINFO", "1,2,460,01,1234,0012345AB,10713,73,,,1,2,3,4"),
        ("meig", "+SGCELLINFOEX", '+SGCELLINFOEX: CURR_MODE:"CDMA",BAND:0'),
    ],
)
def test_what_no_table_has_says_nothing(vendor: str, name: str, line: str) -> None:
    assert read(vendor, name, line) == []


@pytest.mark.parametrize(
    ("vendor", "name", "line", "field"),
    [
        ("huawei", "^CHIPTEMP", "^CHIPTEMP: 65535,65535", "temperature_c"),
        ("huawei", "^MONNC", "^MONNC: LTE,1650,12345,-93", "pci"),
        ("huawei", "^HFREQINFO", "^HFREQINFO: 0,6,0,1300,2120,5", "band"),
        ("luat", "+EEMLTESVC", "+EEMLTESVC: 1120,2,0,4660,7,1300,19300,0,5,26690306", "channel"),
        ("meig", "+MENG", '+MENG: "servingcell","NOCONN","LTE","FDD",460,00,1F,7,1300,-,5,5,1A,-90,-9,-60,12', "band"),
        ("quectel", "+QRSRP", "+QRSRP: -140,-99,-140,-140,WCDMA", "rsrp_dbm"),
        ("simcom", "+CNETCISRVINFO", "+CNETCISRVINFO: MCC-MNC: 000-00,TAC: 4660,cellid: 7,earfcn: 1300", "plmn"),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: tac: 1A2B, cellid: 1F, pci: 77, band: 0", "band"),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: 0X1A2B,0X1F,-,LTE B3,1300", "pci"),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: 6699,31,7,LTE B3,1300", "tac"),
        ("zte", "+ZCELLINFO", "+ZCELLINFO: 7,LTE B3,1300", "pci"),
        ("quectel", "+QNWINFO", '+QNWINFO: "FDD LTE","46000","LTE BAND",1', "band"),
        ("simcom", "+CNETCISRVINFO", "+CNETCISRVINFO: MCC-MNC: 460-00,cellid: 0,earfcn: 1300", "cell_id"),
        ("fibocom", "+GTSENRDTEMP", "+GTSENRDTEMP: 1,990000", "temperature_c"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_not_known(vendor: str, name: str, line: str, field: str) -> None:
    assert field not in read(vendor, name, line)[0]


def test_levels_of_an_unknown_unit_are_not_known() -> None:
    """-30 is -30 dB or -3.0 dB: without a level in dBm beside it nothing tells."""
    line = "+CPSI: NR5G_SA,Online,460-00,0x1,7,3,NR5G_BAND78,633984,-,-30,-"
    assert read("simcom", "+CPSI", line)[1] == {"kind": "signal", "technology": "nr"}
    line = "+CPSI: LTE,Online,460-00,0x1,7,3,EUTRAN-BAND3,1300,5,5,-12,-,-,9"
    assert read("simcom", "+CPSI", line)[1] == {"kind": "signal", "technology": "lte", "sinr_db": 9}


@pytest.mark.parametrize("sinr", ["180", "45"])
def test_an_early_form_of_nsa_has_no_channel_and_another_unit(sinr: str) -> None:
    """RM500Q before a network test: 180 beside QMI's 18.5 dB."""
    line = f'+QENG: "NR5G-NSA",460,01,500,-75,{sinr},-11'
    cell, level = read("quectel", "+QENG", line)
    assert (cell["pci"], level["rsrp_dbm"], level["rsrq_db"]) == (500, -75, -11)
    assert "sinr_db" not in level


def test_a_context_of_quectel_says_its_type() -> None:
    types = {number: read("quectel", "+QICSGP", f'+QICSGP: {number},"a"', command="AT+QICSGP=2") for number in range(5)}
    said = {number: found[0]["contexts"][0]["type"] for number, found in types.items() if found}
    assert said == {1: "IP", 2: "IPV6", 3: "IPV4V6"}


@pytest.mark.parametrize(("state", "said"), [(255, Sim("absent")), (1, Sim("ready")), (0, Sim())])
def test_news_of_a_card_in_a_huawei(state: int, said: Sim) -> None:
    dialect = named("huawei")
    assert dialect is not None
    assert dialect.urcs["^SIMST:"]((f"^SIMST: {state}",)) == (said,)
    assert dialect.urcs["^SIMST:"](("^SIMST:",)) == ()


@pytest.mark.parametrize(
    ("name", "also", "line"),
    [
        ("+GMI", "+CGMI", "Telit"),
        ("+GMM", "+CGMM", "GM862-QUAD"),
        ("+GMR", "+CGMR", "07.02.005"),
        ("+GSN", "+CGSN", "352270000000019"),
    ],
)
def test_the_names_of_v250_ask_the_same_as_those_of_27007(name: str, also: str, line: str) -> None:
    """V.250 §6.1.4 to §6.1.7, 27.007 §5.1 to §5.4."""
    assert read("3gpp", name, line) == read("3gpp", also, line) != []


@pytest.mark.parametrize(
    ("vendor", "name", "line", "kind"),
    [
        ("3gpp", "+CPINR", "+CPINR: SIM PIN,3,3", "sim"),
        ("3gpp", "+CUSD", '+CUSD: 0,"Balance 12.30",15', "ussd"),
        ("meig", "^SIMSLOT", "^SIMSLOT: 1,1,1,0", "sim_slots"),
        ("zte", "+BEARTYPE", '+BEARTYPE: "UMTS","CS_PS"', "network_info"),
    ],
)
def test_a_command_that_people_paste_is_read(vendor: str, name: str, line: str, kind: str) -> None:
    """27.007 §7.15 and §8.65; MeiG SRM8xx manual; captures of K3565-Z and M6280."""
    assert [one["kind"] for one in read(vendor, name, line)] == [kind]
