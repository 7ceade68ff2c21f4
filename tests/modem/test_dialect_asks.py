"""What makers' dialects ask of their own, in which order, and which lines are their news in the midst of an
answer in free text, where nothing but the dialect can tell."""

import pytest

from modem.belongs import own_prefixes
from modem.commands import ASKS
from modem.decode import decode
from modem.dialect import Dialect, Question
from modem.dialects import THREE_GPP, named
from modem.dialects.legs import as_legs
from modem.engine import Engine
from modem.events import Command, Reply, Restarted, Urc
from modem.values import Attach, Cell, ContextActive, Reading, Signal, Sms, Temperature, Ussd

OWN = {
    "fibocom": {
        Question.SIGNAL: ["AT+XCESQ?"],
        Question.CELL: ["AT+GTCCINFO?", "AT+XMCI=1"],
        Question.PIN_RETRIES: ["AT+EPINC?"],
        Question.SIM_SLOTS: ["AT+GTDUALSIM?"],
        Question.TEMPERATURE: ["AT+GTSENRDTEMP=1", "AT+MTSM=1"],
    },
    "quectel": {
        Question.ICCID: ["AT+QCCID"],
        Question.PIN_RETRIES: ['AT+QPINC="SC"'],
        Question.SIM_SLOTS: ['AT+QSIMCFG="dual_slot_status"', "AT+QUIMSLOT?", "AT+QDSIM?"],
        Question.SIGNAL: ["AT+QCSQ"],
        Question.CELL: ['AT+QENG="servingcell"'],
        Question.NETWORK_INFO: ["AT+QNWINFO"],
        Question.COUNTERS: ["AT+QGDCNT?"],
        Question.TEMPERATURE: ["AT+QTEMP", "AT+QTEMP?"],
    },
    "telit": {
        Question.ICCID: ["AT#CCID"],
        Question.SIM_SLOTS: ["AT#SIMSELECT?"],
        Question.CELL: ["AT#RFSTS", "AT#SERVINFO", "AT#MONI"],
        Question.VOLTAGE: ["AT#CBC"],
        Question.TEMPERATURE: ["AT#TEMPMON=1"],
        Question.COUNTERS: ["AT#GDATAVOL=2"],
    },
    "nordic": {
        Question.ICCID: ["AT%XICCID"],
        Question.CELL: ["AT%XMONITOR"],
        Question.VOLTAGE: ["AT%XVBAT"],
        Question.TEMPERATURE: ["AT%XTEMP?"],
    },
    "ublox": {Question.COUNTERS: ["AT+UGCNTRD"], Question.PIN_RETRIES: ["AT+UPINCNT"]},
    "sierra": {
        Question.ICCID: ["AT!ICCID?"],
        Question.CELL: ["AT!GSTATUS?", "AT!LTEINFO?"],
        Question.SIM_SLOTS: ["AT!UIMS?"],
        Question.TEMPERATURE: ["AT!GSTATUS?", "AT!PCTEMP?"],
        Question.VOLTAGE: ["AT!PCVOLT?"],
    },
    "cinterion": {
        Question.ICCID: ["AT^SCID"],
        Question.CELL: ["AT^SMONI"],
        Question.VOLTAGE: ["AT^SBV"],
        Question.TEMPERATURE: ["AT^SCTM?"],
    },
    "sequans": {Question.ICCID: ["AT+SQNCCID?", "AT+SQNCCID"], Question.CELL: ["AT+SQNMONI=0"]},
    "foxconn": {Question.CELL: ["AT^DEBUG?"]},
    "neoway": {Question.SIM_SLOTS: ["AT+SIMCROSS?"], Question.CELL: ["AT+NETDMSG"]},
    "mikrotik": {Question.NETWORK_INFO: ["AT*BANDIND?"]},
    "ericsson": {Question.CONTEXT_PARAMS: ["AT*E2IPCFG?"]},
    "qualcomm": {},
    "wavecom": {},
    "icera": {},
}
IN_FREE_TEXT = {
    "AT#CCID",
    "AT%XICCID",
    "AT!ICCID?",
    "AT!GSTATUS?",
    "AT!LTEINFO?",
    "AT!PCTEMP?",
    "AT!PCVOLT?",
    "AT^SCID",
}
IN_FREE_TEXT |= {"AT+SQNCCID?", "AT+SQNCCID", "AT^DEBUG?", "AT+GTCCINFO?", "AT+QCCID"}
"""With a prefix on some firmware, without on other, or in tables."""
NEWS = {
    "fibocom": [
        '+MIPCALL: 1,"10.0.0.2"',
        "+SIM READY",
        "+SIM DROP",
        "+PBREADY",
        "+XCAPTEST: 1",
        "+XNITZINFO: 1",
        "+GTUSIM: 1",
    ],
    "quectel": [
        "+QIND: SMS DONE",
        '+QIURC: "closed",0',
        '+QNETDEVSTATUS: 1,1,"IPV4"',
        "+QSIMSTAT: 1,0",
        "+CFUN: 1",
        "+QUSIM: 1",
        '+QNITZ: "24/08/11,06:19:51+32,0"',
        "+QSTK: 25",
        '+QSSLURC: "closed",1',
        "+QMTSTAT: 0,1",
        "+QMTRECV: 0,0",
        "+QGPSURC: 1",
        '+QNTP: 0,"2024/08/11,06:19:51+32"',
    ],
    "telit": ["SRING: 1", '#NITZ: "24/08/11,06:19:51"', "#PSNT: 4", "#STN: 37", "#QSS: 1"],
    "nordic": [
        "%CESQ: 54,2,16,2",
        "+CNEC_EMM: 26",
        "+CNEC_ESM: 50,0",
        '%NCELLMEAS: 0,"0D70394B","46000","1D23",32,3682,174,49,25,76120,84428',
        '%XTIME: "40","52114261635340","00"',
        "%MDMEV: SEARCH STATUS 2",
        "%XSIM: 1",
        "%XMODEMSLEEP: 1,0",
    ],
    "ublox": [
        '+UUPSDD: 0,"0.0.0.0"',
        '+UUPSDA: 0,"10.59.51.129"',
        "+UUSORD: 0,14",
        "+UUSORF: 0,14",
        "+UUSOCL: 0",
        '+UUSOLI: 1,"10.0.0.1",80,0,"10.0.0.2",80',
        '+UUPING: 1,32,"ubx.com","1.2.3.4",55,812',
        "+UUHTTPCR: 0,1,1",
        "+UMWI: 0,1",
        "+UREG: 7",
        "+UUMQTTC: 1,0",
    ],
    "sierra": ['*PSNWID: "310","410","AT&T",0,"AT&T",0', '*PSUTTZ: 2024,8,11,6,19,51,"+08",0'],
    "cinterion": [
        "^SBC: Undervoltage",
        "^SHUTDOWN",
        "^SYSLOADING",
        "+PBREADY",
        "^SCKS: 1",
        "^EXIT",
        "^SIS: 0,1",
        "^SISR: 0,1",
        "^SISW: 0,1",
    ],
    "sequans": ["+SHUTDOWN", "+SQNSRING: 1,5", "+SQNSH: 1"],
    "neoway": ["+SER: 1", "+USIM: 1", "+EIND: 128", "+TCPRECV: 0,4,1234", "+PBREADY"],
    "wavecom": ["+WIND: 4"],
    "ericsson": ["*EMRDY: 1", "*ERINFO: 0,3,0", "*E2NAP: 1", '*EPPSD: 1,"10.0.0.1"'],
    "icera": ["%NWSTATE: 4,31026,3g,hsdpa", "%IPDPACT: 1,1"],
    "qualcomm": ["$QCSIMSTAT: 1, SIM INIT COMPLETED"],
}
RESTARTS = {"cinterion": ["^SYSSTART", "^SYSSTART AIRPLANE MODE"], "sequans": ["+SYSSTART"], "telit": ["RDY", "START"]}
RESTARTS |= {"quectel": ["APP RDY", "NORMAL POWER DOWN", "POWERED DOWN"]}
PAUSES = {"telit": 0.02, "ublox": 0.02, "cinterion": 0.1, "nordic": 0.0}


def _dialect(name: str) -> Dialect:
    found = named(name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", OWN)
def test_a_dialect_asks_its_own_way_first_then_the_plain_one(name: str) -> None:
    own = {
        question: [ask.text for ask in ways if ask not in ASKS.get(question, ())]
        for question, ways in _dialect(name).asks.items()
    }
    assert {question: ways for question, ways in own.items() if ways} == OWN[name]
    assert all(
        ways[-len(ASKS[question]) :] == ASKS[question]
        for question, ways in _dialect(name).asks.items()
        if question in ASKS
    )


def test_an_answer_with_a_prefix_is_known_by_it() -> None:
    """So that news with any other prefix, which may come at any time, are not taken for it."""
    asks = [ask for name in OWN for ways in _dialect(name).asks.values() for ask in ways]
    bare = {ask.text for ask in asks if not ask.expects and ask not in {one for ways in ASKS.values() for one in ways}}
    assert bare == IN_FREE_TEXT
    own = [ask for ask in asks if ask.text in {text for ways in OWN.values() for one in ways.values() for text in one}]
    odd = {ask.text: ask.expects for ask in own if ask.expects and set(ask.expects) != own_prefixes(ask.text)}
    assert odd == {"AT#TEMPMON=1": ("#TEMPMEAS:",)}


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in NEWS.items() for line in lines])
def test_news_in_the_midst_of_free_text_are_news(name: str, line: str) -> None:
    engine = Engine(_dialect(name))
    engine.send(Command("ATI"), 0.0)
    events = engine.receive(f"\r\nXY100\r\n\r\n{line}\r\n\r\nOK\r\n".encode(), 0.1)
    assert Urc((line,)) in events
    assert [event.lines for event in events if isinstance(event, Reply)] == [("XY100",)]


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in RESTARTS.items() for line in lines])
def test_a_modem_that_says_it_has_started_is_heard(name: str, line: str) -> None:
    assert Restarted(line) in Engine(_dialect(name)).receive(f"\r\n{line}\r\n".encode(), 0.0)


@pytest.mark.parametrize(("name", "seconds"), PAUSES.items())
def test_modems_that_hold_back_news_are_given_time_for_it(name: str, seconds: float) -> None:
    assert _dialect(name).quiet_gap_s == seconds


def test_the_nordic_is_told_to_say_why_it_was_refused() -> None:
    assert "AT+CNEC=24" in [command.text for command in _dialect("nordic").setup]


_PLAIN_NEWS = [
    '+CBMI: "BM",5',
    "+CBM: 88",
    "+CRING: VOICE",
    '+CLIP: "+8613800138000",145',
    '+COLP: "+8613800138000",145',
    '+CCWA: "+8613800138000",145,1',
    "+CSSI: 1",
    "+CSSU: 2",
    '+CDIP: "+8613800138000",145',
    "+CIEV: 2,4",
    "+CSCON: 1",
    '+CNAP: "A",0',
    "RING",
    "NO CARRIER",
    "RDY",
    "START",
    "APP RDY",
    "POWERED DOWN",
    "NORMAL POWER DOWN",
    "Call Ready",
    "SMS Ready",
]


@pytest.mark.parametrize("line", _PLAIN_NEWS)
def test_news_that_hold_no_reading_are_known_all_the_same(line: str) -> None:
    (found,) = decode(line, THREE_GPP)
    assert (found.urcs, found.readings, found.unknown) == ((line,), (), ())


@pytest.mark.parametrize(
    "name", ["+CGEV", "+CMTI", "+CMT", "+CDSI", "+CDS", "+CBM", "+CRING", "+CTZV", "+CTZE", "+CIEV"]
)
def test_what_answers_no_command_is_news_even_under_its_own_name(name: str) -> None:
    """Their settings read back as +CNMI:, +CGEREP:, +CTZR:, +CMER:; a test command names its values in brackets."""
    asked = Command(f"AT{name}=?", (f"{name}:",))
    assert THREE_GPP.unsolicited(f"{name}: 1,2", asked)
    assert not THREE_GPP.unsolicited(f"{name}: (0,1)", asked)
    assert THREE_GPP.unsolicited("RING", Command("AT+CRING=1"))


def test_a_ussd_answer_is_news_unless_the_setting_was_asked_for() -> None:
    assert THREE_GPP.unsolicited('+CUSD: 0,"5 EUR",15', Command('AT+CUSD=1,"*100#",15', ("+CUSD:",)))
    assert not THREE_GPP.unsolicited("+CUSD: 1", Command("AT+CUSD?", ("+CUSD:",)))
    assert not THREE_GPP.unsolicited("+XYZ: 1", Command("ATI"))
    assert THREE_GPP.unsolicited("+XYZ: 1", None)


def test_what_was_asked_for_is_no_news() -> None:
    assert not THREE_GPP.unsolicited("+CPIN: READY", Command("AT+CPIN?"))
    assert not THREE_GPP.unsolicited("+CPIN: READY", Command("AT", ("+CPIN:",)))
    assert THREE_GPP.unsolicited("+CPIN: READY", Command("AT+CSQ", ("+CSQ:",)))


def test_what_a_modem_is_told_when_it_is_opened() -> None:
    """No echo, errors as numbers, operators as numbers, registration with its cell; the last +CEREG with the cause."""
    wishes = ["+CMEE=1", "+COPS=3,2", "+CREG=2", "+CGREG=2", "+CEREG=2", "+CEREG=3", "+C5GREG=2"]
    assert [command.text for command in THREE_GPP.setup] == ["ATE0", *(f"AT{wish}" for wish in wishes)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('+CMTI: "SM",3', (Sms(index=3, storage="SM", status="unread"),)),
        ("+CMTI: ,3", (Sms(index=3, status="unread"),)),
        ('+CMTI: "SM"', ()),
        ('+CMTI: "SM",x', ()),
        ("+CGEV: NW DETACH", (Attach(attached=False),)),
        ("+CGEV: ME DETACH", (Attach(attached=False),)),
        ("+CGEV: ME PDN ACT 1", (ContextActive(1, active=True),)),
        ("+CGEV: NW PDN DEACT 2", (ContextActive(2, active=False),)),
        ("+CGEV: EPS PDN DEACT 3", (ContextActive(3, active=False),)),
        ("+CGEV: ME CLASS B", ()),
        ("+CREG: 12", ()),
        ("+CDS: 3", ()),
        ("+CMT: ,24", ()),
        ('+CUSD: 0,"5 EUR",15', (Ussd(0, "5 EUR", 15),)),
    ],
)
def test_plain_news_say(line: str, expected: tuple[Reading, ...]) -> None:
    read = THREE_GPP.urcs[f"{line.partition(':')[0]}:"]
    assert read((line,)) == expected
    assert read(()) == ()


def test_the_second_leg_of_dual_connectivity_is_called_so() -> None:
    others = (Temperature(40.0), Cell("umts", serving=False), Signal("lte"))
    legs = as_legs([Cell("lte"), Cell("nr", serving=False), Signal("nr"), *others])
    assert legs == (Cell("lte"), Cell("nr_nsa", serving=False), Signal("nr_nsa"), *others)
    for alone in ((Cell("nr"), Signal("nr")), (Cell("lte", serving=False), Cell("nr")), (Signal("lte"), Cell("nr"))):
        assert as_legs(alone) == alone


@pytest.mark.parametrize(
    ("name", "line", "is_news"),
    [("quectel", "+QUSIM: 1", True), ("fibocom", "+SIM READY", True), ("quectel", "+QXYZ: 1", False)],
)
def test_a_makers_news_are_known_by_prefix_or_as_they_stand(name: str, line: str, is_news: bool) -> None:
    assert _dialect(name).unsolicited(line, Command("ATI")) is is_news
    assert _dialect(name).unsolicited(line, None)
