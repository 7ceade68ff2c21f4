"""Parse functions of the plain commands."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import board, card, commands, identity
from modem.commands import ASKS
from modem.dialect import Effect, Question
from modem.events import Reply
from modem.messages import stored
from modem.values import (
    Attach,
    Capability,
    Clock,
    ErrorCause,
    Functionality,
    Identity,
    Imsi,
    Operator,
    Operators,
    OwnNumber,
    Reading,
    Registration,
    Sim,
    Sms,
    SmsStorage,
    SmsStore,
    Ussd,
    Voltage,
)
from tests.fakes.replies import reply


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Quectel", "EC25", "Revision: EC25ECGAR06A04M1G"), Identity("Quectel", "EC25", "EC25ECGAR06A04M1G")),
        (
            (
                "Manufacturer: huawei",
                "Model: E3372",
                "Revision: 21.200.07.00.00",
                "IMEI: 861000041736529",
                "+GCAP: +CGSM",
            ),
            Identity("huawei", "E3372", "21.200.07.00.00", "861000041736529"),
        ),
        (("SIM7000G R1529",), Identity(firmware="SIM7000G R1529")),
        (("Manufacturer: QUALCOMM", "IMEI: 12345678912345"), Identity("QUALCOMM")),
    ],
)
def test_ati(lines: tuple[str, ...], expected: Identity) -> None:
    assert identity.ati(reply(*lines)) == (expected,)


@pytest.mark.parametrize(
    ("read", "line", "expected"),
    [
        (identity.manufacturer, '+CGMI: "Fibocom Wireless Inc."', Identity(manufacturer="Fibocom Wireless Inc.")),
        (identity.manufacturer, '+CGMI: ""', None),
        (identity.model, " MULTIBAND  900E  1800 ", Identity(model="MULTIBAND 900E 1800")),
        (identity.firmware, "Revision: 1.2", Identity(firmware="1.2")),
        (identity.imei, '+CGSN: "354174400126624"', Identity(imei="354174400126624")),
        (identity.imei, "8600000000000900", None),
        (card.imsi, '+CIMI: "250015499048676"', Imsi("250015499048676")),
        (card.imsi, "460115068306157", Imsi("460115068306157", "China Telecom")),
        (card.imsi, "ERROR", None),
        (card.own_number, '+CNUM: "","+8618948325984",145', OwnNumber("+8618948325984")),
        (card.own_number, '+CNUM: "own","8618948325984",145', OwnNumber("+8618948325984", "own")),
        (card.own_number, '+CNUM: something,"1234567890",161', OwnNumber("1234567890", "something")),
        (identity.gcap, "+GCAP: +CGSM,+DS", Capability("+GCAP", ("+CGSM", "+DS"))),
        (card.pin_retries, "+CPINR: SIM PIN,3,3", Sim(pin_retries=3)),
        (card.pin_retries, "+CPINR: SIM PUK,10,10", Sim(puk_retries=10)),
        (card.pin_retries, "+CPINR: SIM PIN2,3,3", None),
        (board.battery, "+CBC: 1,84,4014", Voltage(4014)),
        (board.battery, "+CBC: 0,100", Voltage(None)),
        (board.battery, "+CBC: 3.835V", Voltage(3835)),
        (commands.ussd, '+CUSD: 0,"Saldo",15', Ussd(0, "Saldo", 15)),
        (
            commands.sms_storage,
            '+CPMS: "SM",3,40,"ME",0,50',
            SmsStorage((SmsStore("SM", 3, 40), SmsStore("ME", 0, 50))),
        ),
    ],
)
def test_single_lines(read: Callable[[str], Reading | None], line: str, expected: Reading | None) -> None:
    assert read(line) == expected


@pytest.mark.parametrize(
    ("answer", "final", "state"),
    [
        (("+CPIN: READY",), "OK", "ready"),
        (("+CPIN: SIM PIN",), "OK", "pin_required"),
        (("+CPIN: SIM PUK",), "OK", "puk_required"),
        (("+CPIN: PH-NET PIN",), "OK", "network_locked"),
        (("+CPIN: NOT READY",), "OK", "busy"),
        ((), "+CME ERROR: 10", "absent"),
        ((), "+CME ERROR: SIM not inserted", "absent"),
        ((), "+CME ERROR: 14", "busy"),
        ((), "+CME ERROR: SIM failure", "failure"),
    ],
)
def test_sim_state_by_answer_or_by_refusal(answer: tuple[str, ...], final: str, state: str) -> None:
    (found,) = card.sim(reply(*answer, command="AT+CPIN?", final=final))
    assert isinstance(found, Sim)
    assert found.state == state


@pytest.mark.parametrize("final", ["ERROR", "+CME ERROR: 3", "+CME ERROR: operation not allowed"])
def test_refusals_that_say_nothing_of_the_card(final: str) -> None:
    assert card.sim(reply(final=final)) == ()


@pytest.mark.parametrize(
    ("line", "time", "offset"),
    [
        ('+CCLK: "26/11/21,18:00:00+32"', "2026-11-21T18:00:00+08:00", 480),
        ('+CCLK: "26/11/21,18:00:00"', "2026-11-21T18:00:00", None),
        ('+CCLK: "26/11/21,18:00:00+80"', "2026-11-21T18:00:00", None),
        ('+CCLK: "26/11/21,18:00:00-14"', "2026-11-21T18:00:00-03:30", -210),
        ("+CCLK: 26/11/21,18:00:00+00", "2026-11-21T18:00:00+00:00", 0),
        ('+CCLK: "2026/11/21,18:00:00+32"', "2026-11-21T18:00:00+08:00", 480),
        ('+CCLK: "80/01/06,00:01:12+00"', None, 0),
        ('+CCLK: "70/01/01,00:00:10+00"', None, 0),
        ('+CCLK: "04/01/01,02:11:33+00"', None, 0),
        ('+CCLK: "00/01/01,00:00:00"', None, None),
        ('+CCLK: "18/01/01,00:03:00+00"', None, 0),
        ('+CCLK: "26/13/41,25:00:00+00"', None, 0),
    ],
)
def test_clock(line: str, time: str | None, offset: int | None) -> None:
    assert board.clock(line) == Clock(time, offset)


def test_last_error_is_of_the_past() -> None:
    found = commands.last_error("+CEER: Requested service option not subscribed")
    assert isinstance(found, ErrorCause)
    assert (found.cause.layer, found.cause.number, found.cause.possibly_past) == ("esm", 33, True)


def test_messages_in_text_mode_keep_their_line_breaks() -> None:
    (found,) = stored(reply('+CMGR: "REC READ","+4917",,"07/04/05,18:02:28+08"', "one", "two", command="AT+CMGR=1"))
    assert found == Sms(status="read", sender="+4917", time="2007-04-05T18:02:28+02:00", text="one\ntwo")


def test_messages_in_pdu_mode_are_decoded_and_their_pdu_stays_as_it_is() -> None:
    pdu = "0791534850020200040C9153486507935600006090608164138004D4F29C0E"
    read = Sms(
        index=17, status="unread", sender="+358456703965", time="2006-09-06T18:46:31+02:00", text="Test", pdu=pdu
    )
    assert stored(reply("+CMGL: 17,0,,23", pdu)) == (read,)


@pytest.mark.parametrize("line", ['+CREG: 1,"0BBB","000042BC",3', "+CREG: 2,1"])
def test_a_line_in_the_shape_of_news_counts_where_there_is_no_other(line: str) -> None:
    (found,) = commands.registered(reply(line, command="AT+CREG?"))
    assert isinstance(found, Registration)
    assert found.stat == 1


def test_a_line_in_the_shape_of_news_gives_way_to_an_answer() -> None:
    lines = ("+CREG: 0,2", '+CREG: 1,"0BBB","000042BC",3')
    for order in (lines, lines[::-1]):
        (found,) = commands.registered(reply(*order, command="AT+CREG?"))
        assert isinstance(found, Registration)
        assert found.stat == 2


SCAN = '+COPS: (2,"CHINA MOBILE","CMCC","46000",7)'
MORE = '(1,"CHN-UNICOM","UNICOM","46001",7)'


@pytest.mark.parametrize(
    ("lines", "plmns"),
    [
        ((SCAN,), ["46000"]),
        ((f"{SCAN},{MORE}",), ["46000", "46001"]),
        ((f"{SCAN},", MORE), ["46000", "46001"]),  # broken over two lines, as a Nokia 2720 does
        ((f"{SCAN},", f"  {MORE}"), ["46000", "46001"]),
    ],
)
def test_the_list_of_a_scan_is_read_wherever_it_is_broken(lines: tuple[str, ...], plmns: list[str]) -> None:
    for read in (commands.scanned, commands.operator):
        (found,) = read(reply(*lines, command="AT+COPS=?"))
        assert isinstance(found, Operators)
        assert [one.plmn for one in found.operators] == plmns


def test_a_scan_that_finds_nobody_is_a_reading_too() -> None:
    """27.007 §7.3: after the networks come the lists of modes and formats; here there is nothing before them."""
    assert commands.scanned(reply("+COPS: ,,(0-4),(0-2)", command="AT+COPS=?")) == (Operators(()),)


def test_a_bracket_in_an_operators_name_makes_no_list() -> None:
    (found,) = commands.operator(reply('+COPS: 0,0,"Example (Roaming)",7', "free text (with a bracket)"))
    assert isinstance(found, Operator)


@pytest.mark.parametrize("read", [commands.operator, commands.scanned, commands.defined_contexts, commands.registered])
def test_without_a_line_there_is_no_reading(read: Callable[[Reply], tuple[Reading, ...]]) -> None:
    assert read(reply()) == ()


@pytest.mark.parametrize(
    ("read", "line", "expected"),
    [
        (commands.attach, "+CGATT: 0", Attach(attached=False)),
        (commands.attach, "+CGATT: 1", Attach(attached=True)),
        (commands.attach, "+CGATT: 2", None),
        (commands.attach, "+CGATT:", None),
        (commands.last_error, "+CEER:", None),
        (commands.functionality, "+CFUN: 0", Functionality(0)),
        (commands.functionality, "+CFUN: 127,0", Functionality(127)),  # 27.007 §8.2 leaves 5-127 to the manufacturers
        (commands.functionality, "+CFUN: 128", None),
        (commands.functionality, "+CFUN: -1", None),
        (commands.functionality, "+CFUN: x", None),
        (commands.functionality, "+CFUN:", None),
        (commands.sms_storage, '+CPMS: "SM",3', None),
        (commands.sms_storage, '+CPMS: "SM",x,40', None),
        (commands.sms_storage, '+CPMS: "",3,40', None),
        (commands.sms_storage, "+CPMS: 3,40,3,40", None),
        (commands.sms_storage, '+CPMS: "SM",3,x', SmsStorage((SmsStore("SM", 3, None),))),
    ],
)
def test_lines_at_the_edge_of_what_is_one(
    read: Callable[[str], Reading | None], line: str, expected: Reading | None
) -> None:
    assert read(line) == expected


def test_at_most_three_stores_are_told() -> None:
    """27.005 §3.2.2: <mem1>, <mem2> and <mem3>."""
    found = commands.sms_storage("+CPMS: " + ",".join(['"SM",3,40'] * 4))
    assert found == SmsStorage((SmsStore("SM", 3, 40),) * 3)


SM, ME = SmsStore("SM", 3, 40), SmsStore("ME", 0, 50)


@pytest.mark.parametrize(
    ("command", "lines", "stores"),
    [
        ('AT+CPMS="SM"', ("+CPMS: 3,40",), (SM,)),
        ('AT+CPMS="sm"', ("+CPMS: 3,40",), (SM,)),
        ('AT+CPMS="SM","ME"', ("+CPMS: 3,40,0,50",), (SM, ME)),
        ('AT+CPMS="SM","ME","SM"', ("+CPMS: 3,40,0,50,3,40",), (SM, ME, SM)),
        ('AT+CPMS="SM"', ("+CPMS: 3,40,0,50,0,50",), (SM,)),
        ('AT+CPMS="SM"', ('+CPMS: "ME",0,50',), (ME,)),
        ('AT+CPMS="SM"', ("+CPMS: 3,40", '+CPMS: "ME",0,50'), (ME,)),
    ],
)
def test_a_set_form_answers_for_the_stores_that_it_names(
    command: str, lines: tuple[str, ...], stores: tuple[SmsStore, ...]
) -> None:
    """27.005 §3.2.2: the set form's answer is <used1>,<total1>,… with no names."""
    assert commands.stored_now(reply(*lines, command=command)) == (SmsStorage(stores),)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("AT+CPMS?", "+CPMS: 3,40"),
        ('AT+CPMS="SM"', "+CPMS: 3,40,0"),
        ('AT+CPMS="SM"', "+CPMS: 3"),
        ('AT+CPMS="SM"', "+CPMS: x,40"),
        ('AT+CPMS="SM"', "+CPMS: 3,40,0,50,x,50"),
        ('AT+CPMS="SM"', "+CPMS:"),
    ],
)
def test_numbers_that_are_nobodys_tell_of_no_store(command: str, line: str) -> None:
    assert commands.stored_now(reply(line, command=command)) == ()


def test_a_ussd_text_goes_on_in_lines_without_a_prefix() -> None:
    lines = ("stray", '+CUSD: 1,"one', "two", "+CSQ: 9,99", 'three",15', '+CUSD: 0,"four",15')
    first, second = Ussd(1, "one\ntwo\nthree", 15), Ussd(0, "four", 15)
    assert commands.ussd_reply(reply(*lines)) == (first, second)


PLAIN = [
    (Question.MANUFACTURER, "AT+CGMI", "Quectel", "identity"),
    (Question.MANUFACTURER, "AT+GMI", "Quectel", "identity"),
    (Question.MODEL, "AT+CGMM", "EC25", "identity"),
    (Question.MODEL, "AT+GMM", "EC25", "identity"),
    (Question.FIRMWARE, "AT+CGMR", "EC25ECGAR06A04M1G", "identity"),
    (Question.FIRMWARE, "AT+GMR", "EC25ECGAR06A04M1G", "identity"),
    (Question.IMEI, "AT+CGSN", "354174400126624", "identity"),
    (Question.IMEI, "AT+GSN", "354174400126624", "identity"),
    (Question.IMEI, "ATI", "IMEI: 354174400126624", "identity"),
    (Question.SIM, "AT+CPIN?", "+CPIN: READY", "sim"),
    (Question.PIN_RETRIES, "AT+CPINR", "+CPINR: SIM PIN,3,3", "sim"),
    (Question.ICCID, "AT+CCID", "89860117838009934120", "iccid"),
    (Question.ICCID, "AT+ICCID", "89860117838009934120", "iccid"),
    (Question.ICCID, "AT+CRSM=176,12258,0,0,10", '+CRSM: 144,0,"98681071380890391402"', "iccid"),
    (Question.IMSI, "AT+CIMI", "460001234567890", "imsi"),
    (Question.OWN_NUMBER, "AT+CNUM", '+CNUM: "own","8618948325984",145', "own_number"),
    (Question.SIGNAL, "AT+CESQ", "+CESQ: 99,99,255,255,20,45", "signal"),
    (Question.SIGNAL, "AT+CSQ", "+CSQ: 19,99", "signal"),
    (Question.REGISTRATION_CS, "AT+CREG?", "+CREG: 0,1", "registration"),
    (Question.REGISTRATION_PS, "AT+CGREG?", "+CGREG: 0,1", "registration"),
    (Question.REGISTRATION_EPS, "AT+CEREG?", "+CEREG: 0,1", "registration"),
    (Question.REGISTRATION_5GS, "AT+C5GREG?", "+C5GREG: 0,1", "registration"),
    (Question.OPERATOR, "AT+COPS=3,0;+COPS?;+COPS=3,2;+COPS?", '+COPS: 0,2,"46000",7', "operator"),
    (Question.OPERATOR, "AT+COPS?", '+COPS: 0,2,"46000",7', "operator"),
    (Question.OPERATOR_SCAN, "AT+COPS=?", SCAN, "operators"),
    (Question.ATTACH, "AT+CGATT?", "+CGATT: 1", "attach"),
    (Question.CONTEXTS, "AT+CGDCONT?", '+CGDCONT: 1,"IP","cmnet"', "contexts"),
    (Question.CONTEXTS_ACTIVE, "AT+CGACT?", "+CGACT: 1,1", "context_active"),
    (Question.ADDRESSES, "AT+CGPADDR", '+CGPADDR: 1,"10.0.0.2"', "address"),
    (Question.CONTEXT_PARAMS, "AT+CGCONTRDP", '+CGCONTRDP: 1,5,"cmnet","10.0.0.2.255.0.0.0"', "context_params"),
    (Question.ERROR_CAUSE, "AT+CEER", "+CEER: Requested service option not subscribed", "error_cause"),
    (Question.SMS_STORAGE, "AT+CPMS?", '+CPMS: "SM",3,40', "sms_storage"),
    (Question.CLOCK, "AT+CCLK?", '+CCLK: "26/11/21,18:00:00+32"', "clock"),
    (Question.FUNCTIONALITY, "AT+CFUN?", "+CFUN: 1", "functionality"),
    (Question.VOLTAGE, "AT+CBC", "+CBC: 0,96,4134", "voltage"),
]
"""V.250 §6.1; 27.007 §5 (identity, IMSI), §7 (network), §8 (card, signal, power), §10.1 (packets); 27.005 §3.2.2."""


@pytest.mark.parametrize(("question", "command", "line", "kind"), PLAIN, ids=[row[1] for row in PLAIN])
def test_a_standard_command_is_asked_and_its_answer_expected_and_read(
    question: Question, command: str, line: str, kind: str
) -> None:
    (ask,) = [ask for ask in ASKS[question] if ask.text == command]
    prefix = f"{line.partition(':')[0]}:" if line.startswith("+") else ""
    assert ask.expects == ((prefix,) if prefix else ())
    assert [reading.kind for reading in ask.parse(reply(line, command=command))] == [kind]
    if prefix:
        assert ask.parse(reply(line.replace(prefix, "+OTHER:"), command=command)) == ()


def test_nothing_else_is_asked_and_the_better_way_first() -> None:
    assert [(question, ask.text) for question, asks in ASKS.items() for ask in asks] == [row[:2] for row in PLAIN]


def test_only_the_scan_disturbs() -> None:
    disturbing = [question for question, asks in ASKS.items() if any(ask.effect is not Effect.READS for ask in asks)]
    assert disturbing == [Question.OPERATOR_SCAN]


LINES = st.lists(
    st.text(max_size=60) | st.text(alphabet='+CREGSQOPMI:,"0123456789ABCDEF.-() ', max_size=60), max_size=4
)
PREFIXES = st.sampled_from(sorted({prefix for asks in ASKS.values() for ask in asks for prefix in ask.expects} | {""}))


@given(PREFIXES, LINES, st.sampled_from(["OK", "ERROR", "+CME ERROR: 10", "+CME ERROR: words"]))
def test_no_reply_makes_a_parser_fail(prefix: str, lines: list[str], final: str) -> None:
    answer = reply(*(f"{prefix} {line}" for line in lines), *lines, final=final)
    for asks in ASKS.values():
        for ask in asks:
            assert all(isinstance(reading, Reading) for reading in ask.parse(answer))
