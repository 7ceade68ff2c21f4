"""Lines that tell nothing, and figures that no radio, card or board can have: the readers of western makers' dialects
and of what all share leave them out. What they do read is in readings/*.toml."""

import pytest

from modem.decode import decode
from modem.dialects import choose

MAKERS = {
    "nordic": "Nordic Semiconductor ASA",
    "telit": "Telit",
    "ublox": "u-blox",
    "sierra": "Sierra Wireless, Incorporated",
    "cinterion": "Cinterion",
    "sequans": "SEQUANS Communications",
    "xmm": "Fibocom Wireless Inc.",
    "qualcomm": "QUALCOMM INCORPORATED",
    "ericsson": "Ericsson",
    "plain": "",
}


def readings(maker: str, said: str) -> list[dict[str, object]]:
    return [reading for one in decode(said, choose(MAKERS[maker], "", "")) for reading in one.json()["readings"]]


@pytest.mark.parametrize(
    ("maker", "said"),
    [
        ("nordic", "%CESQ: 54,2,16"),
        ("nordic", "%CESQ: ,2,16,2"),
        ("nordic", '%NCELLMEAS: 1,"021D140C","24201","0821",65535,5300,449,50,15,10891'),
        ("nordic", '%NCELLMEAS: 0,"021D140C","24201","0821",65535,5300'),
        ("nordic", '%NCELLMEAS: 0,"014A0302","24201","8169",80,1967,6400,106,50,22,1971,2,0'),
        ("nordic", '%NCELLMEAS: 0,"014A0302","24201","8169",80,1967,6400,106,50,22,1971,1,x'),
        ("nordic", 'AT%CONEVAL\n%CONEVAL: 7,1,5,8,2,14,"011B0780","26295",7,1575,3,1,1,23,16,32,130\nOK'),
        ("nordic", "AT%CONEVAL\n%CONEVAL: 0,1,5,8\nOK"),
        ("nordic", 'AT%XMONITOR\n%XMONITOR: 2,"","","24201","76C1",7\nOK'),
        ("nordic", 'AT%XMONITOR\n%XMONITOR: 2,"","","24201","76C1",,20,"0102DA03",105,6400,53,24\nOK'),
        ("nordic", 'AT%XMONITOR\n%XMONITOR: 2,"","","24201","76C1",99,20,"0102DA03",105,6400,53,24\nOK'),
        ("nordic", "AT%XVBAT\n%XVBAT: x\nOK"),
        ("nordic", "+CNEC_EMM: 0"),
        ("nordic", "+CNEC_ESM: -1,0"),
        ("telit", "AT#QSS?\n#QSS: 0,7\nOK"),
        ("telit", "AT#CBC\n#CBC: 0,x\nOK"),
        ("telit", "AT#TEMPMON=1\n#TEMPMEAS: 0,x\nOK"),
        ("telit", "AT#GDATAVOL=1\n#GDATAVOL: 2,729407,11\nOK"),
        ("telit", "AT#GDATAVOL=1\n#GDATAVOL: 2,729407,-1,729418\nOK"),
        ("telit", 'AT#RFSTS\n#RFSTS: "310 260",66786,-101,-68,-13,2D18\nOK'),
        ("telit", 'AT#RFSTS\n#RFSTS: "310 260",,-101,-68,-13,2D18,255,,640,1,0,3089F02,"204007930000000","T",3,66\nOK'),
        ("telit", 'AT#RFSTS\n#RFSTS: "310 260",66786,0,0,0,2D18,255,,640,1,0,3089F02,"204007930000000","T",3,66\nOK'),
        ("telit", 'AT#SERVINFO\n#SERVINFO: 1020,-55,"vodafone NL","20404",61,00DE,00\nOK'),
        ("telit", 'AT#SERVINFO\n#SERVINFO: 1020,-55,"vodafone NL","20404",61,00DE,00,7\nOK'),
        ("telit", 'AT#SERVINFO\n#SERVINFO: ,,"","",,00DE,64,1,,"II"\nOK'),
        ("telit", "AT#MONI\n#MONI: Cc:222 Nc:01\nOK"),
        ("telit", "AT#MONI\n#MONI: S  70 55FA 1D23 1024 -83dbm 19 33 1 0 I WIND\nOK"),
        ("telit", "AT#CSURVC\nNetwork survey started ...\n1018,-73\n48,12,70,0\nNetwork survey ended\nOK"),
        ("telit", "AT#CSURVC\n66786,-68,310,260,50896642,11544,236,0,103,-15,20\nOK"),
        ("telit", "AT#CSURVC\n66786,-68,310,260,50896642,11544,236,0,-103\nOK"),
        ("ublox", "AT+UGCNTRD\n+UGCNTRD: 4,0,0,0\nOK"),
        ("ublox", "AT+UGCNTRD\n+UGCNTRD: 4,0,-1,0,0\nOK"),
        ("ublox", "AT+UPINCNT\n+UPINCNT: 3,3,10\nOK"),
        ("ublox", "AT+UPINCNT\n+UPINCNT: 11,3,10,10\nOK"),
        ("ublox", "AT+UPINCNT\n+UPINCNT: 3,3,-1,10\nOK"),
        ("ublox", "AT+UCGED?\n+UCGED: 2\n6,0,001,01\n2525,5,25,50,2b67,69f6bc7,111\nOK"),
        (
            "ublox",
            "AT+UCGED?\n+UCGED: 2\n2,0,001,01\n10787,1,0,0,2b67,69f6bc7,111,0,ffff,ff,67,19,0.00,255,255,255\nOK",
        ),
        ("ublox", "AT+UCGED?\n+UCGED: 2\n10787,1,0,0,2b67,69f6bc7,111,0,ffff,ff,67,19,0.00,255,255,255\nOK"),
        ("ublox", "AT+UCGED?\n+UCGED: 2\n6,2,fff,fff\n65535,255,1,1,f,0,1,0,f,f,255,255,255,1,255,255,255\nOK"),
        ("ublox", 'AT+UCGED?\n+RSRP: 162,5110,"+101"\nOK'),
        ("ublox", "AT+CGED=3\n+CGED: MNC:01, LAC:878c, CI:2a95\nOK"),
        ("ublox", "AT+CGED=3\n+CGED: MCC:230, MNC:01, LAC:878c\nOK"),
        ("ublox", "AT+UPSND=0,0\n+UPSND: 0,0\nOK"),
        ("ublox", 'AT+UPSND=0,0\n+UPSND: 0,0,"0.0.0.0"\nOK'),
        ("ublox", "AT+UPSND=0,8\n+UPSND: 0,8,2\nOK"),
        ("ublox", "AT+UPSND=0,8\n+UPSND: x,8,1\nOK"),
        ("ublox", "AT+UPSND=0,7\n+UPSND: 0,7,1\nOK"),
        ("ublox", 'AT+UPSND=0,1\n+UPSND: 0,1,"8.8.8.8"\nOK'),
        ("ublox", "AT+UCGED?\n+RSRP: 162,5110\nOK"),
        ("sierra", "AT!PCTEMP?\nTemp state: Normal\nOK"),
        ("sierra", "AT!PCVOLT?\nVolt state: Normal\nOK"),
        ("sierra", "AT!LTEINFO?\n!LTEINFO:\nServing:   EARFCN MCC MNC   TAC      CID Bd D U SNR PCI  RSRQ   RSRP\nOK"),
        ("sierra", "AT!NRINFO?\n!NRINFO:\nConnectivity mode: LTE only\nOK"),
        ("sierra", "AT*CNTI=0\n*CNTI: 0,WHATEVER\nOK"),
        ("cinterion", "AT^SMONI\n^SMONI: 2G,71,-61,262,02,0143\nOK"),
        ("cinterion", "AT^SMONI\n^SMONI: 3G,10564,296,-7.5,-79,262,02,0143\nOK"),
        ("cinterion", "AT^SMONI\n^SMONI: 4G,6300,20,10,10,FDD,262,02,BF75,0345103,350,33,-94\nOK"),
        ("cinterion", "AT^SMONI\n^SMONI: 5G,6300\nOK"),
        ("cinterion", "AT^SBV\n^SBV: x\nOK"),
        ("cinterion", "AT^SCTM?\n^SCTM: 0,0\nOK"),
        ("cinterion", "AT^SIND?\n^SIND: simstatus,1,9\nOK"),
        ("cinterion", "AT^SIND?\n^SIND: simstatus,1\nOK"),
        ("cinterion", "AT^SIND?\n^SIND: battchg,1,5\nOK"),
        ("sequans", "AT+SQNMONI=0\n+SQNMONI: NL KPN Cc:204 Nc:08\nOK"),
        ("sequans", "AT+VZWRSRP\n+VZWRSRP: 222,3700\nOK"),
        ("sequans", 'AT+VZWRSRP\n+VZWRSRP: x,3700,"-80"\nOK'),
        ("xmm", 'AT+XCCINFO?\n+XCCINFO: 0,220,03,"00009C03",2,3,"4E91",1,"FF","FFFF",0,0\nOK'),
        ("xmm", 'AT+XCCINFO?\n+XCCINFO: 0,220,03,"00009C03",3,103,"FFFF"\nOK'),
        ("xmm", "AT+XCESQ?\n+XCESQ: 99,99,255,255,30,50\nOK"),
        ("xmm", 'AT+XMCI=1\n+XMCI: 3,220,03,"0x4E91","0x00009C03"\nOK'),
        ("xmm", 'AT+XMCI=1\n+XMCI: 0,220,03,"0x4E91","0x00009C03",1,20\nOK'),
        ("xmm", "AT+MTSM=1\n+MTSM: 1,52\nOK"),
        ("xmm", "AT+XREG?\n+XREG: 0,6\nOK"),
        ("xmm", "AT+XLEC?\n+XLEC: 0,0\nOK"),
        ("qualcomm", "AT$QCRSRP?\n$QCRSRP: 222,3700\nOK"),
        ("ericsson", "AT*E2IPCFG?\n*E2IPCFG: none\nOK"),
        ("plain", "AT%IPDPADDR=1\n%IPDPADDR: 1,10.0.0.1\nOK"),
        ("plain", "AT*BANDIND?\n*BANDIND: 0, 0, 7\nOK"),
        ("plain", "AT*BANDIND?\n*BANDIND: 0, 3, 77\nOK"),
        ("plain", 'AT+NETDMSG\n+NETDMSG: "460+11",1CF3,9A35B0C,277,0,GSM BAND 3,100,-51,1,1,1,1,-80,-10,1\nOK'),
        ("plain", "AT+CGATT?\n+CGATT: 2\nOK"),
        ("plain", "AT+CGACT?\n+CGACT: 1,2\nOK"),
        ("plain", "AT+CGACT?\n+CGACT: 300,1\nOK"),
        ("plain", "AT+CPINR\n+CPINR: SIM PIN,11,3\nOK"),
        ("plain", "AT+CFUN?\n+CFUN: 128\nOK"),
        ("plain", '+CMTI: "SM",x'),
    ],
)
def test_lines_that_tell_nothing_give_no_reading(maker: str, said: str) -> None:
    assert readings(maker, said) == []


@pytest.mark.parametrize(
    ("maker", "said", "field"),
    [
        ("nordic", 'AT%XMONITOR\n%XMONITOR: 1,"","","24201","76C1",7,20,"0102DA03",105,6400,53,50\nOK', "sinr_db"),
        ("nordic", 'AT%XMONITOR\n%XMONITOR: 1,"","","24201","76C1",7,20,"0102DA03",105,6400,53,\nOK', "sinr_db"),
        ("nordic", 'AT%XMONITOR\n%XMONITOR: 1,"","","24201","76C1",7,0,"0102DA03",105,6400,53,20\nOK', "band"),
        ("nordic", 'AT%CONEVAL\n%CONEVAL: 0,1,5,8,2,255,"011B0780","26295",7,1575,3\nOK', "sinr_db"),
        ("telit", "AT#CBC\n#CBC: 0,37\nOK", "voltage_mv"),
        ("telit", "AT#TEMPMON=1\n#TEMPMEAS: 0,-273\nOK", "temperature_c"),
        ("telit", 'AT#SERVINFO\n#SERVINFO: 3011,-79,"NL KPN","20408",90,00DE,64,1,-87\nOK', "technology"),
        ("telit", 'AT#SERVINFO\n#SERVINFO: 3011,-79,"NL KPN","20408",90,00DE,64,1,-87\nOK', "rsrp_dbm"),
        ("telit", 'AT#SERVINFO\n#SERVINFO: 6400,-43,"T","23203",00000AF,36EE,32,3,-60\nOK', "cell_id"),
        ("telit", "AT#CSURVC\n1018,21,-73,0,222,01,5471,1488,CELL_SUITABLE,0\nOK", "lac"),
        ("telit", "AT#MONI\n#MONI: X RSRP:-101 RSRQ:-11 TAC:00AF Id:ABCDEF01 EARFCN:5230 PWR:-82dbm\nOK", "cell_id"),
        ("sierra", "AT!GSTATUS?\n!GSTATUS:\nTemperature: 255\nOK", "temperature_c"),
        ("sierra", "AT!GSTATUS?\n!GSTATUS:\nLTE Rx chan: 8115\t\tCell ID:  176233235\nOK", "cell_id"),
        ("sierra", "AT!PCVOLT?\nPower supply voltage: 3 mV\nOK", "voltage_mv"),
        ("cinterion", "AT^SBV\n^SBV: 37\nOK", "voltage_mv"),
        ("cinterion", "AT^SCTM?\n^SCTM: 0,0,255\nOK", "temperature_c"),
        ("xmm", "AT+XCESQ?\n+XCESQ: 0,99,99,255,255,10,34,101\nOK", "sinr_db"),
        ("xmm", "AT+XCESQ?\n+XCESQ: 0,99,99,255,255,10,255,16\nOK", "sinr_db"),
        ("plain", 'AT+CREG?\n+CREG: 2,1,"550014","00FFFFFFF"\nOK', "lac"),
        ("plain", 'AT+CREG?\n+CREG: 2,1,"550014","00FFFFFFF"\nOK', "cell_id"),
        ("plain", 'AT+CEREG?\n+CEREG: 2,1,"1234","12345678",7\nOK', "cell_id"),
        ("plain", 'AT+CEREG?\n+CEREG: 3,3,"1234","0A",7,0,256\nOK', "reject_cause"),
        ("plain", 'AT+CEREG?\n+CEREG: 3,3,"1234","0A",7,1,65536\nOK', "reject_cause"),
        ("plain", 'AT+CEREG?\n+CEREG: 3,3,"1234","0A",7,2,15\nOK', "reject_cause"),
        ("plain", "AT+CBC\n+CBC: 0,85\nOK", "voltage_mv"),
    ],
)
def test_figures_that_cannot_be_are_not_known(maker: str, said: str, field: str) -> None:
    found = readings(maker, said)
    assert found
    assert all(one.get(field) is None for one in found)


@pytest.mark.parametrize("counts", ["-1,23", "24,23"])
def test_a_store_with_an_impossible_count_has_none(counts: str) -> None:
    (found,) = readings("plain", f'AT+CPMS?\n+CPMS: "ME",{counts},"ME",23,23,"SM",1,10\nOK')
    stores = found["stores"]
    assert isinstance(stores, list)
    assert (stores[0]["used"], stores[1]["used"]) == (None, 23)


def test_an_answer_that_comes_within_its_command_is_read_as_news_are() -> None:
    """A driver's log of AT%NCELLMEAS with the OK behind the line, and the card's number under its own name."""
    line = '%NCELLMEAS: 0,"071D340C","24202","0762",65535,5300,449,50,15,10871'
    assert readings("nordic", f"AT%NCELLMEAS\n{line}\nOK") == readings("nordic", line) != []
    (card,) = readings("nordic", "AT%XICCID\n%XICCID: 8944500904170010000\nOK")
    assert card["iccid"] == "8944500904170010000"


@pytest.mark.parametrize("band", ["", "0", "-1", "x", "99999"])
def test_a_band_that_is_none_is_not_known(band: str) -> None:
    said = f'AT%XMONITOR\n%XMONITOR: 1,"","","24201","76C1",7,{band},"0102DA03",105,6400,53,20,""\nOK'
    assert readings("nordic", said)[0]["band"] is None
