"""News of real modems in the midst of their answers: what was asked is read as if nothing had come between."""

import pytest

from modem.dialect import Ask, Dialect, Question
from modem.dialects import named
from modem.engine import Engine
from modem.events import Reply
from modem.values import Reading

COMMON = [
    "RING",
    '+CMTI: "SM",3',
    '+CREG: 1,"18D8","0029CC6B",7',
    '+CGREG: 5,"18D8","0029CC6B",7,"01"',
    "+CEREG: 5",
    '+CEREG: 1,"18D8","0029CC6B",7',
    "+CTZV: +32",
    "+CGEV: NW DETACH",
    "+CGEV: EPS PDN ACT 1",
    "+CPIN: NOT READY",
    "+CUSD: 4",
    '+CLIP: "+8613800138000",145,"",,"",0',
]
NEWS = {
    "quectel": [
        '+QIND: "csq",24,99',
        '+QIND: "act","LTE"',
        "+QIND: SMS DONE",
        "+QIND: PB DONE",
        "+QUSIM: 1",
        '+QIURC: "closed",0',
        '+QIURC: "recv",0',
        '+QIURC: "pdpdeact",1',
        "+QSIMSTAT: 1,0",
        "+QMTSTAT: 0,1",
        "+QMTRECV: 0,0",
        '+QSSLURC: "closed",1',
        "+QIOPEN: 0,0",
        '+QNITZ: "24/08/11,06:19:51+32,0"',
        "+CFUN: 1",
        "Call Ready",
        "SMS Ready",
    ],
    "simcom": [
        "SMS DONE",
        "PB DONE",
        "Call Ready",
        "SMS Ready",
        '*PSUTTZ: 2024, 8, 11, 6, 19, 51, "+32", 0',
        "DST: 0",
        "+SIMCARD: NOT AVAILABLE",
        "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY",
        "+NETOPEN: 0",
        "+IPCLOSE: 0,1",
        "+CNSMOD: 8",
        "+APP PDP: 0,ACTIVE",
        "+CMQTTCONNLOST: 0,1",
        "UNDER-VOLTAGE WARNNING",
        "*ISIMAID: A0000000871004FFFFFFFF8907030000",
    ],
    "huawei": [
        "^RSSI:18",
        '^HCSQ:"LTE",59,50,161,24',
        "^MODE:17,17",
        "^SRVST:2",
        "^SIMST:1",
        "^STIN: 7, 0, 0",
        "^BOOT:27710117,0,0,0,75",
        "^DSFLOWRPT:00000124,00000082,00000EA6,0000000000012325,000000000022771D,0000BB80,0001F400",
        "^NWTIME: 24/08/11,06:19:51+32,00",
        "^CSNR:-93,-23",
        "^LTERSRP:-89,-8",
        '^NDISSTAT:1,,,"IPV4"',
        "^CERSSI:-95,255,255,255,-104,-12,9",
        "^THERM: 1",
        "^ANLEVEL:3",
        "^REJINFO: 46000,1,1,15,8,1,5A1B,0,0A1B2C3D,0",
        "^LWURC: 1",
    ],
    "ublox": [
        "+UUSORD: 0,16",
        "+UUSOCL: 0",
        "+UUPSDD: 0",
        '+UUPSDA: 0,"10.1.2.3"',
        "+UUHTTPCR: 0,1,1",
        "+UMWI: 0,1",
        "+CIEV: 2,4",
        "+UREG: 7",
        "+UUMQTTC: 1,1",
    ],
    "fibocom": ["+SIM READY", "+SIM DROP", "+GTUSIM: 1", "+XNITZINFO: 1", "+PBREADY", "+CTZE: +32,0"],
    "telit": ["#QSS: 3", "SRING: 1", "#NITZ: 24/08/11,06:19:51", "#PSNT: 4", "#STN: 37"],
    "cinterion": [
        "^SBC: Undervoltage Warning",
        "+PBREADY",
        "+CIEV: psinfo,17",
        "+CIEV: simstatus,5",
        "^SCKS: 1",
        "^SIS: 0,1",
        "^SISR: 0,1",
        "^SCTM_B: 0",
    ],
    "zte": ["+ZUSIMR:2", '+ZPASR: "UMTS"', '+ZDONR: "CMCC",460,0,"CS_PS","ROAM_OFF"'],
    "luat": [
        "+E_UTRAN Service",
        "+NITZ: 24/08/11,06:19:51+32,0",
        "^MODE: 17,17",
        "+CPIN: SIM REMOVED",
        "+EEMLTEINTRA: 0, 38, 1825, 59, 19, 14084",
    ],
    "nordic": ["%CESQ: 54,2,16,2", "+CSCON: 1", "%MDMEV: SEARCH STATUS 2", "+CNEC_ESM: 50,0", "%XSIM: 1"],
    "sequans": ["+SQNSRING: 1,5", "+CTZEU: +8,1"],
    "neoway": ["+EIND:128", "+USIM: 1", "+TCPRECV: 0,4,1234", "+PBREADY"],
    "meig": ["^MODE: 17,17", "^SIMST: 1", "+SIM: Inserted", '^DEND: 1,0,"IPV4"'],
    "3gpp": [],
}
ANSWERS = {
    Question.MODEL: ("XY100",),
    Question.IMEI: ("867566010000017",),
    Question.IMSI: ("460001234500017",),
    Question.SIM: ("+CPIN: READY",),
    Question.REGISTRATION_EPS: ('+CEREG: 2,1,"5A1B","0A1B2C3D",7',),
    Question.ATTACH: ("+CGATT: 1",),
    Question.CONTEXTS_ACTIVE: ("+CGACT: 1,1", "+CGACT: 2,0"),
    Question.CLOCK: ('+CCLK: "24/08/11,06:19:51+32"',),
    Question.FUNCTIONALITY: ("+CFUN: 1",),
}
CASES = [(name, question) for name in NEWS for question in ANSWERS]


def _dialect(name: str) -> Dialect:
    found = named(name)
    assert found is not None
    return found


def _readings(dialect: Dialect, ask: Ask, lines: list[str]) -> tuple[Reading, ...]:
    engine = Engine(dialect)
    engine.send(ask.command(), 0.0)
    data = "".join(f"\r\n{line}\r\n" for line in lines).encode()
    (reply,) = [event for event in engine.receive(data, 0.1) + engine.tick(1.6) if isinstance(event, Reply)]
    return ask.parse(reply)


@pytest.mark.parametrize(("name", "question"), CASES, ids=[f"{name}-{question.value}" for name, question in CASES])
def test_news_within_an_answer_changes_nothing(name: str, question: Question) -> None:
    dialect = _dialect(name)
    ask = dialect.asks[question][-1]
    lines = [*ANSWERS[question], "OK"]
    undisturbed = _readings(dialect, ask, lines)
    assert undisturbed
    for news in COMMON + NEWS[name]:
        if news.startswith(tuple(ask.expects)) and ask.expects and question is not Question.REGISTRATION_EPS:
            continue  # in the shape of the answer: told apart by its place (test_engine_urcs)
        for at in range(len(lines)):
            assert _readings(dialect, ask, [*lines[:at], news, *lines[at:]]) == undisturbed, (news, at)
