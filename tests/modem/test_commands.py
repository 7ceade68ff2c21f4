"""Parse functions of the plain commands."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import board, card, commands, identity
from modem.commands import ASKS
from modem.dialect import Effect, Question
from modem.messages import stored
from modem.values import (
    Capability,
    Clock,
    ErrorCause,
    Identity,
    Imsi,
    OwnNumber,
    Reading,
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
