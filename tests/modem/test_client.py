"""The modem as its owner sees it: asking, refusals, waking, restarts, loss; on a fake port, and once on a real pty."""

import os
import pty
import threading
import tty
from collections.abc import Iterator
from dataclasses import replace

import pytest

from modem.client import Modem
from modem.dialect import Ask, Dialect, Effect, Question
from modem.errors import (
    CommandExpired,
    CommandRefused,
    LineHeld,
    LocalProtocolError,
    ModemGarbled,
    ModemSilent,
    PortLost,
    UnreadableAnswer,
    Unsupported,
)
from modem.events import Command, Outcome, Reply, Restarted, Urc
from modem.link import MAX_EVENTS, Exchanged
from modem.port import SerialPort
from modem.values import Functionality, Iccid, Identity, Reading
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok
from tests.modem.wires import SMALL


def level(reply: Reply) -> tuple[Reading, ...]:
    return tuple(Functionality(int(line[-1])) for line in reply.lines if line[-1:].isdigit())


def digits(reply: Reply) -> tuple[Reading, ...]:
    return tuple(Iccid(line.split()[-1]) for line in reply.lines if line.split()[-1].isdigit())


def named(field: str) -> Ask:
    commands = {"manufacturer": "AT+CGMI", "model": "AT+CGMM", "firmware": "AT+CGMR", "imei": "AT+CGSN"}

    def parse(reply: Reply) -> tuple[Reading, ...]:
        return tuple(replace(Identity(), **{field: line}) for line in reply.lines[:1])

    return Ask(commands[field], (), parse)


TINY = replace(
    SMALL,
    name="tiny",
    asks={
        Question.MANUFACTURER: (named("manufacturer"),),
        Question.MODEL: (named("model"),),
        Question.FIRMWARE: (named("firmware"),),
        Question.IMEI: (named("imei"),),
        Question.FUNCTIONALITY: (Ask("AT+CFUN?", ("+CFUN:",), level),),
        Question.ICCID: (Ask("AT+QCCID", ("+QCCID:",), digits), Ask("AT+CCID", ("+CCID:",), digits)),
        Question.OPERATOR_SCAN: (Ask("AT+COPS=?", ("+COPS:",), level, 180.0, Effect.DISTURBS),),
        Question.COUNTERS: (Ask("AT+X=1;+X?", ("+X:",), level, effect=Effect.SETS), Ask("AT+Y?", ("+Y:",), level)),
    },
    lacks=frozenset({Question.TEMPERATURE}),
    setup=(Command("AT+CMEE=1"),),
)
INTRODUCTION = {
    "AT": [ok()],
    "ATE0V1": [b"ATE0V1\r" + ok()],
    "AT+CMEE=1": [ok()],
    "AT+CGMI": [ok("Quectel")],
    "AT+CGMM": [ok("EC20F")],
    "AT+CGMR": [ok("EC20CEFAGR06A05M4G")],
    "AT+CGSN": [ok("867223041234567")],
    "ATI": [ok("Quectel", "EC20F", "Revision: EC20CEFAGR06A05M4G")],
    "AT+CMEE=?": [ok("+CMEE: (0-2)")],
}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def port(clock: FakeClock) -> FakePort:
    return FakePort(clock, {command: list(answers) for command, answers in INTRODUCTION.items()})


def modem_on(port: FakePort, dialect: Dialect | None = TINY) -> Modem:
    return Modem(port, dialect=dialect, monotonic=port.clock.monotonic)


# -- exchange


def test_an_exchange_gives_the_reply(port: FakePort) -> None:
    reply = modem_on(port).exchange("AT+CGMM")
    assert (reply.lines, reply.final.outcome) == (("EC20F",), Outcome.OK)
    assert port.lines_written() == ["AT+CGMM"]


def test_a_refusal_is_returned(port: FakePort) -> None:
    port.answers["AT+CPIN?"] = [b"\r\n+CME ERROR: 10\r\n"]
    modem = modem_on(port)
    assert modem.exchange("AT+CPIN?").final.code == 10
    assert modem.statistics.refusals == 1


def test_silence_expires_in_the_time_allowed(port: FakePort, clock: FakeClock) -> None:
    began = clock.monotonic()
    modem = modem_on(port)
    with pytest.raises(CommandExpired, match="within 3 s"):
        modem.exchange(Command("AT+COPS?", timeout_s=3.0))
    assert clock.monotonic() - began == pytest.approx(3.0)
    assert modem.statistics.expiries == 1


def test_after_an_expiry_the_line_is_brought_back_and_the_late_answer_is_dropped(port: FakePort) -> None:
    modem = modem_on(port)
    with pytest.raises(CommandExpired):
        modem.exchange(Command("AT+COPS?", timeout_s=3.0))
    port.says(b'\r\n+COPS: 0,2,"46000",7\r\n\r\nOK\r\n', after_s=0.1)
    assert modem.exchange("AT+CGMM").lines == ("EC20F",)
    assert port.lines_written() == ["AT+COPS?", "AT+CMEE=?", "AT+CGMM"]
    assert modem.statistics.strays == 2


def test_the_time_to_bring_it_back_is_bounded_by_the_next_command_which_is_not_sent(
    port: FakePort, clock: FakeClock
) -> None:
    port.answers.clear()
    modem = modem_on(port)
    for _ in range(3):
        began = clock.monotonic()
        with pytest.raises(CommandExpired):
            modem.exchange(Command("AT+COPS?", timeout_s=3.0))
        assert clock.monotonic() - began == pytest.approx(3.0)
    assert port.lines_written().count("AT+COPS?") == 1


def test_a_payload_goes_out_after_the_prompt(port: FakePort) -> None:
    port.answers["AT+CMGS=5"] = [b"\r\n> "]
    modem = modem_on(port)
    command = Command("AT+CMGS=5", ("+CMGS:",), 5.0, b"0011\x1a\r")
    port.answers["0011\x1a"] = [ok("+CMGS: 7")]
    assert modem.exchange(command).lines == ("+CMGS: 7",)


def test_only_its_owner_may_use_it(port: FakePort) -> None:
    modem = modem_on(port)
    modem.exchange("AT")
    caught: list[BaseException] = []

    def misuse() -> None:
        try:
            modem.exchange("AT")
        except LocalProtocolError as error:
            caught.append(error)

    thread = threading.Thread(target=misuse)
    thread.start()
    thread.join(60)
    assert len(caught) == 1


def test_a_lost_port_stays_lost(port: FakePort) -> None:
    modem = modem_on(port)
    port.lost = "unplugged"
    with pytest.raises(PortLost, match="unplugged"):
        modem.exchange("AT")
    port.lost = None
    with pytest.raises(PortLost, match="before"):
        modem.exchange("AT")
    with pytest.raises(PortLost, match="before"):
        modem.poll(1.0)


def test_closing_gives_the_port_back(port: FakePort) -> None:
    modem = modem_on(port)
    modem.close()
    modem.close()
    assert port.closed
    with pytest.raises(PortLost):
        modem.exchange("AT")


# -- ask


def test_asking_gives_readings_with_their_origin(port: FakePort) -> None:
    port.answers["AT+CFUN?"] = [ok("+CFUN: 1")]
    answer = modem_on(port).ask(Question.FUNCTIONALITY)
    assert answer.readings == (Functionality(1),)
    assert answer.ask.text == answer.reply.command.text == "AT+CFUN?"


def test_a_refused_way_is_followed_by_the_next(port: FakePort) -> None:
    port.answers |= {"AT+QCCID": [b"\r\nERROR\r\n"], "AT+CCID": [ok("+CCID: 89860000000000000001")]}
    assert modem_on(port).ask(Question.ICCID).readings == (Iccid("89860000000000000001"),)


def test_an_unreadable_way_is_followed_by_the_next(port: FakePort) -> None:
    port.answers |= {"AT+QCCID": [ok("+QCCID: ?")], "AT+CCID": [ok("+CCID: 89860000000000000001")]}
    assert modem_on(port).ask(Question.ICCID).readings == (Iccid("89860000000000000001"),)


@pytest.mark.parametrize(
    ("first", "second", "telling"),
    [
        ("ERROR", "+CME ERROR: 10", "+CME ERROR: 10"),
        ("+CME ERROR: 10", "ERROR", "+CME ERROR: 10"),
        ("+CME ERROR: 4", "+CME ERROR: 13", "+CME ERROR: 13"),
        ("ERROR", "+CME ERROR: 100", "+CME ERROR: 100"),
        ("ERROR", "ERROR", "ERROR"),
    ],
)
def test_when_all_ways_are_refused_the_most_telling_refusal_is_raised(
    port: FakePort, first: str, second: str, telling: str
) -> None:
    port.answers |= {"AT+QCCID": [f"\r\n{first}\r\n".encode()], "AT+CCID": [f"\r\n{second}\r\n".encode()]}
    with pytest.raises(CommandRefused) as raised:
        modem_on(port).ask(Question.ICCID)
    assert raised.value.refusal.final == telling


def test_a_refusal_carries_its_meaning(port: FakePort) -> None:
    port.answers |= {"AT+QCCID": [b"\r\n+CME ERROR: 10\r\n"], "AT+CCID": [b"\r\nERROR\r\n"]}
    with pytest.raises(CommandRefused) as raised:
        modem_on(port).ask(Question.ICCID)
    assert (raised.value.refusal.family, raised.value.refusal.code) == ("cme", 10)
    assert raised.value.refusal.meaning == "SIM not inserted"


def test_lines_nobody_can_read_travel_in_the_error(port: FakePort) -> None:
    port.answers["AT+CFUN?"] = [ok("+CFUN: ?")]
    with pytest.raises(UnreadableAnswer) as raised:
        modem_on(port).ask(Question.FUNCTIONALITY)
    assert raised.value.lines == ("+CFUN: ?",)


def test_nothing_to_say_is_an_answer_without_readings(port: FakePort) -> None:
    port.answers |= {"AT+QCCID": [b"\r\nERROR\r\n"], "AT+CCID": [ok()]}
    assert modem_on(port).ask(Question.ICCID).readings == ()


@pytest.mark.parametrize("question", [Question.TEMPERATURE, Question.VOLTAGE])
def test_what_is_not_offered_is_not_asked(port: FakePort, question: Question) -> None:
    with pytest.raises(Unsupported):
        modem_on(port).ask(question)
    assert port.written == []


def test_only_what_reads_is_asked_unless_more_is_allowed(port: FakePort) -> None:
    port.answers |= {"AT+COPS=?": [ok("+COPS: 1")], "AT+Y?": [ok("+Y: 2")], "AT+X=1;+X?": [ok("+X: 3")]}
    modem = modem_on(port)
    with pytest.raises(LocalProtocolError, match="disturbs"):
        modem.ask(Question.OPERATOR_SCAN)
    assert modem.ask(Question.COUNTERS).readings == (Functionality(2),)
    assert modem.ask(Question.COUNTERS, allow=Effect.SETS).readings == (Functionality(3),)
    assert modem.ask(Question.OPERATOR_SCAN, allow=Effect.DISTURBS).readings == (Functionality(1),)


# -- start


def test_start_introduces_the_modem_and_sets_it_up(port: FakePort) -> None:
    modem = modem_on(port)
    who = modem.start()
    assert who == modem.identity == Identity("Quectel", "EC20F", "EC20CEFAGR06A05M4G", "867223041234567")
    assert port.lines_written()[:2] == ["AT", "ATE0V1"]
    assert "AT+CMEE=1" in port.lines_written()


def test_start_chooses_the_dialect_by_what_the_modem_says(port: FakePort) -> None:
    port.answers |= {"AT+CGMI": [ok("huawei")], "AT+CGMM": [ok("E3372")], "ATI": [ok("Manufacturer: huawei")]}
    port.otherwise = b"\r\nERROR\r\n"
    modem = modem_on(port, dialect=None)
    modem.start()
    assert modem.dialect.name == "huawei"


def test_a_modem_that_will_not_say_who_it_is_still_starts(port: FakePort) -> None:
    port.answers |= {command: [b"\r\n+CME ERROR: 11\r\n"] for command in ("AT+CGMI", "AT+CGMM", "AT+CGMR", "AT+CGSN")}
    assert modem_on(port).start() == Identity()


def test_a_setting_that_hangs_does_not_keep_the_modem_from_starting(port: FakePort) -> None:
    port.answers["AT+CMEE=1"] = [b""]
    assert modem_on(port).start().model == "EC20F"


def test_a_slow_boot_is_waited_for(port: FakePort, clock: FakeClock) -> None:
    """simcom-sim7600x-slow-boot: eleven unanswered ATs, then RDY."""
    quiet, port.answers = port.answers, {}
    port.says(b"\r\nRDY\r\n", after_s=11.0)

    def wake(_line: str) -> None:
        if clock.monotonic() > 1011.0:
            port.answers = quiet

    port.on_line = wake
    assert modem_on(port).start(30.0).model == "EC20F"


def test_a_silent_port_and_a_garbled_one_are_told_apart(clock: FakeClock) -> None:
    began = clock.monotonic()
    with pytest.raises(ModemSilent):
        modem_on(FakePort(clock)).start(10.0)
    assert clock.monotonic() - began == pytest.approx(10.0, abs=0.5)
    with pytest.raises(ModemGarbled):
        modem_on(FakePort(clock, {"AT": [b"\xf8\xff\xff\x80"]})).start(10.0)


# -- restarts


def test_after_a_restart_it_is_set_up_again_before_the_next_question(port: FakePort) -> None:
    port.answers["AT+CFUN?"] = [ok("+CFUN: 1")]
    modem = modem_on(port)
    modem.start()
    port.written.clear()
    port.says(b"\r\nRDY\r\n")
    assert Restarted("RDY") in modem.poll(1.0)
    modem.ask(Question.FUNCTIONALITY)
    assert port.lines_written() == ["ATE0V1", "AT+CMEE=1", "AT+CFUN?"]
    modem.ask(Question.FUNCTIONALITY)
    assert port.lines_written()[3:] == ["AT+CFUN?"]
    assert modem.statistics.restarts == 1


def test_a_restart_while_it_is_set_up_does_not_begin_the_setup_within_itself(port: FakePort) -> None:
    port.answers |= {"AT+CFUN?": [ok("+CFUN: 1")], "ATE0V1": [ok() + b"\r\nRDY\r\n"]}
    modem = modem_on(port)
    modem.start()
    modem.poll(0.0)
    port.says(b"\r\nRDY\r\n")
    modem.poll(1.0)
    port.written.clear()
    modem.ask(Question.FUNCTIONALITY)
    assert port.lines_written() == ["ATE0V1", "AT+CMEE=1", "AT+CFUN?"]


def test_setup_that_meets_silence_is_tried_again(port: FakePort) -> None:
    port.answers["AT+CFUN?"] = [ok("+CFUN: 1")]
    modem = modem_on(port)
    modem.start()
    port.says(b"\r\nRDY\r\n")
    modem.poll(1.0)
    answers, port.answers = port.answers, {}
    with pytest.raises(CommandExpired):
        modem.ask(Question.FUNCTIONALITY)
    port.answers = answers
    port.written.clear()
    modem.ask(Question.FUNCTIONALITY)
    assert [line for line in port.lines_written() if line in ("ATE0V1", "AT+CMEE=1", "AT+CFUN?")] == [
        "ATE0V1",
        "AT+CMEE=1",
        "AT+CFUN?",
    ]


# -- news, observers, bounds


def test_poll_returns_with_the_first_news(port: FakePort, clock: FakeClock) -> None:
    began = clock.monotonic()
    port.says(b"\r\n+CREG: 1\r\n", after_s=5.0)
    modem = modem_on(port)
    assert modem.poll(60.0) == [Urc(("+CREG: 1",))]
    assert clock.monotonic() - began == pytest.approx(5.0)
    assert modem.poll(0.0) == []


def test_news_during_an_exchange_waits_for_poll(port: FakePort) -> None:
    port.answers["AT+CSQ"] = [b'\r\n+CMTI: "SM",3\r\n\r\n+CSQ: 19,99\r\n\r\nOK\r\n']
    modem = modem_on(port)
    assert modem.exchange("AT+CSQ").lines == ("+CSQ: 19,99",)
    assert modem.poll(0.0) == [Urc(('+CMTI: "SM",3',))]


def test_an_idle_modem_wakes_nobody(port: FakePort) -> None:
    assert modem_on(port).poll(3600.0) == []
    assert port.reads == 1


def test_news_nobody_fetches_is_bounded_and_counted(port: FakePort) -> None:
    port.answers["AT"] = [b"\r\n+CREG: 1\r\n" * (MAX_EVENTS + 50) + b"OK\r\n"]
    modem = modem_on(port)
    modem.exchange("AT")
    assert len(modem.poll(0.0)) == MAX_EVENTS
    assert modem.statistics.events_dropped == 50


def test_observers_see_every_exchange_and_every_byte(port: FakePort) -> None:
    exchanged: list[Exchanged] = []
    seen: list[tuple[str, bytes]] = []
    modem = Modem(
        port,
        dialect=TINY,
        monotonic=port.clock.monotonic,
        on_exchange=exchanged.append,
        on_bytes=lambda direction, data: seen.append((direction, data)),
    )
    modem.exchange("AT+CGMM")
    with pytest.raises(CommandExpired):
        modem.exchange(Command("AT+NOTHING", timeout_s=1.0))
    assert [(one.command.text, one.reply is None) for one in exchanged] == [("AT+CGMM", False), ("AT+NOTHING", True)]
    assert exchanged[1].ended - exchanged[1].began == pytest.approx(1.0)
    assert seen == [("tx", b"AT+CGMM\r"), ("rx", ok("EC20F")), ("tx", b"AT+NOTHING\r")]
    assert (modem.statistics.rx_bytes, modem.statistics.tx_bytes) == (len(ok("EC20F")), 19)


# -- a real pty


@pytest.fixture
def device() -> Iterator[str]:
    """A modem on a pty, in a thread: echo until ATE0, its bytes in pieces, news in between."""
    peer, ours = pty.openpty()
    tty.setraw(ours)
    thread = threading.Thread(target=serve, args=(peer,), daemon=True)
    thread.start()
    yield os.ttyname(ours)
    os.close(ours)
    thread.join(60)
    os.close(peer)


def serve(peer: int) -> None:
    pending, echo = b"", True
    try:
        while data := os.read(peer, 100):
            pending += data
            while b"\r" in pending:
                line, pending = pending.split(b"\r", 1)
                answer = INTRODUCTION.get(line.decode(), [b"\r\nERROR\r\n"])[0].replace(b"ATE0V1\r", b"")
                wire = (line + b"\r" if echo else b"") + b"\r\n+CREG: 1\r\n" + answer
                echo = echo and line != b"ATE0V1"
                for at in range(0, len(wire), 7):
                    os.write(peer, wire[at : at + 7])
    except OSError:
        return


def test_a_modem_on_a_real_line(device: str) -> None:
    modem = Modem(SerialPort(device), dialect=TINY)
    assert modem.start(10.0).imei == "867223041234567"
    assert modem.statistics.restarts == 0
    assert set(modem.poll(0.0)) == {Urc(("+CREG: 1",))}
    with pytest.raises(CommandRefused):
        modem.ask(Question.ICCID)
    modem.close()


def test_a_waiting_poll_can_be_ended_from_another_thread(device: str) -> None:
    modem = Modem(SerialPort(device), dialect=TINY)
    threading.Timer(0.05, modem.interrupt).start()
    assert modem.poll(30.0) == []
    modem.close()


class Gate:
    """A line that somebody else can hold."""

    def __init__(self) -> None:
        self.held = False
        self.open = 0

    def begin(self) -> bool:
        if self.held and not self.open:
            return False
        self.open += 1
        return True

    def end(self) -> None:
        self.open -= 1


def test_while_the_line_is_held_not_a_byte_is_sent() -> None:
    clock, gate = FakeClock(), Gate()
    port = FakePort(clock, otherwise=ok())
    modem = Modem(port, dialect=TINY, monotonic=clock.monotonic, gate=gate)
    gate.held = True
    with pytest.raises(LineHeld):
        modem.exchange("AT")
    with pytest.raises(LineHeld):
        modem.start()
    assert modem.statistics.tx_bytes == 0
    gate.held = False
    assert modem.exchange("AT").final.text == "OK"
    assert gate.open == 0


def test_probes_of_an_expired_command_wait_for_the_line_too() -> None:
    clock, gate = FakeClock(), Gate()
    port = FakePort(clock)
    modem = Modem(port, dialect=TINY, monotonic=clock.monotonic, gate=gate)
    with pytest.raises(CommandExpired):
        modem.exchange(Command("AT+LOST", timeout_s=1.0))
    sent, gate.held = modem.statistics.tx_bytes, True
    modem.poll(30.0)
    assert modem.statistics.tx_bytes == sent
    port.otherwise, gate.held = ok(), False
    for _ in range(20):
        modem.poll(5.0)
    assert modem.exchange("AT").final.text == "OK"
