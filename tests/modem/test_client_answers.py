"""What the modem's owner gets for an answer: read once, by the way that asked, and never from a refusal."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from modem.client import MOST_KEPT, Modem
from modem.dialect import Ask, Dialect, Question
from modem.errors import CommandExpired, CommandRefused, ModemSilent, Unsupported
from modem.events import Command, Reply
from modem.values import Functionality, Iccid, Identity, Reading
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok
from tests.modem.wires import SMALL


class Counted:
    """A reader that counts how often it reads."""

    def __init__(self, make: Callable[[str], Reading]) -> None:
        self.times = 0
        self._make = make

    def __call__(self, reply: Reply) -> tuple[Reading, ...]:
        self.times += 1
        return tuple(self._make(line.partition(": ")[2]) for line in reply.lines if line.endswith("0"))


def modem_with(asks: Mapping[Question, tuple[Ask, ...]], answers: dict[str, list[bytes]], **more: object) -> Modem:
    clock = FakeClock()
    dialect: Dialect = replace(SMALL, asks=asks, **more)  # type: ignore[arg-type]  # a dialect's own fields
    return Modem(FakePort(clock, answers), dialect=dialect, monotonic=clock.monotonic)


def test_an_answer_that_says_the_same_is_read_once() -> None:
    read = Counted(Iccid)
    modem = modem_with({Question.ICCID: (Ask("AT+CCID", ("+CCID:",), read),)}, {"AT+CCID": [ok("+CCID: 8980")]})
    assert [modem.ask(Question.ICCID).readings for _ in range(3)] == [(Iccid("8980"),)] * 3
    assert read.times == 1


def test_an_answer_that_says_something_else_is_read_anew() -> None:
    read = Counted(Iccid)
    answers = [ok("+CCID: 8980"), ok("+CCID: 8990"), ok("+CCID: 8980")]
    modem = modem_with({Question.ICCID: (Ask("AT+CCID", ("+CCID:",), read),)}, {"AT+CCID": answers})
    found = [modem.ask(Question.ICCID).readings for _ in range(3)]
    assert found == [(Iccid("8980"),), (Iccid("8990"),), (Iccid("8980"),)]


def test_one_answer_to_two_questions_is_read_by_the_way_of_each() -> None:
    ways = {
        Question.ICCID: (Ask("AT+X?", ("+X:",), Counted(Iccid)),),
        Question.FUNCTIONALITY: (Ask("AT+X?", ("+X:",), Counted(lambda text: Functionality(int(text)))),),
    }
    modem = modem_with(ways, {"AT+X?": [ok("+X: 0")]})
    assert modem.ask(Question.ICCID).readings == (Iccid("0"),)
    assert modem.ask(Question.FUNCTIONALITY).readings == (Functionality(0),)


def test_a_long_answer_is_not_kept() -> None:
    read = Counted(Iccid)
    answer = ok(f"+CCID: {'8' * MOST_KEPT}0")
    modem = modem_with({Question.ICCID: (Ask("AT+CCID", ("+CCID:",), read),)}, {"AT+CCID": [answer]})
    modem.ask(Question.ICCID)
    modem.ask(Question.ICCID)
    assert read.times == 2


def two_ways() -> dict[Question, tuple[Ask, ...]]:
    def digits(reply: Reply) -> tuple[Reading, ...]:
        return tuple(Iccid(line[-4:]) for line in reply.lines if line[-4:].isdigit())

    return {Question.ICCID: (Ask("AT+QCCID", ("+QCCID:",), digits), Ask("AT+CCID", ("+CCID:",), digits))}


def test_information_before_a_refusal_is_not_believed() -> None:
    answers = {"AT+QCCID": [b"\r\n+QCCID: 1111\r\n\r\nERROR\r\n"], "AT+CCID": [ok("+CCID: 8980")]}
    assert modem_with(two_ways(), answers).ask(Question.ICCID).readings == (Iccid("8980"),)


def test_lines_before_a_refusal_make_it_no_unreadable_answer() -> None:
    refused = b"\r\n+QCCID: ?\r\n\r\n+CME ERROR: 10\r\n"
    with pytest.raises(CommandRefused, match="10"):
        modem_with(two_ways(), {"AT+QCCID": [refused], "AT+CCID": [b"\r\nERROR\r\n"]}).ask(Question.ICCID)


def test_what_a_dialect_lacks_is_not_asked_though_3gpp_has_a_way() -> None:
    modem = modem_with(two_ways(), {"AT+QCCID": [ok("+QCCID: 8980")]}, lacks=frozenset({Question.ICCID}))
    with pytest.raises(Unsupported):
        modem.ask(Question.ICCID)
    assert modem.statistics.tx_bytes == 0


@pytest.mark.parametrize("number", [4, 50, 58, 100])
def test_a_refusal_of_the_command_tells_less_than_one_of_the_card(number: int) -> None:
    """27.007 §9.2: not supported, incorrect parameters, invalid command line, unknown."""
    answers = {"AT+QCCID": [f"\r\n+CME ERROR: {number}\r\n".encode()], "AT+CCID": [b"\r\n+CME ERROR: 13\r\n"]}
    with pytest.raises(CommandRefused, match="13"):
        modem_with(two_ways(), answers).ask(Question.ICCID)


# -- waking


def test_a_modem_that_says_nothing_is_probed_after_the_first_half_second() -> None:
    clock = FakeClock()
    port, sent = FakePort(clock), list[float]()
    port.on_line = lambda _line: sent.append(round(clock.monotonic() - 1000.0, 3))
    with pytest.raises(ModemSilent):
        Modem(port, monotonic=clock.monotonic).start(3.0)
    assert sent[:2] == [0.0, 0.8]


def test_a_modem_that_takes_its_time_for_each_answer_is_woken_all_the_same() -> None:
    clock = FakeClock()
    port = FakePort(clock, {"AT+CMEE=?": [ok("+CMEE: (0-2)")]}, otherwise=ok("EC20F"), latency_s=1.0)
    assert Modem(port, dialect=SMALL, monotonic=clock.monotonic).start() == Identity()
    assert "ATE0V1" in port.lines_written()


# -- who it is


def started(answers: dict[str, list[bytes]], dialect: Dialect | None = None) -> Modem:
    clock = FakeClock()
    port = FakePort(clock, {"AT": [ok()], "ATE0V1": [ok()]} | answers, otherwise=b"\r\nERROR\r\n")
    modem = Modem(port, dialect=dialect, monotonic=clock.monotonic)
    modem.start()
    return modem


@pytest.mark.parametrize(
    "answers",
    [
        {"AT+CGMI": [ok("huawei")]},
        {"AT+CGMM": [ok("SIM7600CE")]},
        {"ATI": [ok("Manufacturer: huawei", "Model: E3372")]},
    ],
    ids=["maker", "model", "ATI"],
)
def test_one_word_of_who_it_is_is_enough(answers: dict[str, list[bytes]]) -> None:
    assert started(answers).dialect.name in ("huawei", "simcom")


def test_what_one_answer_tells_beside_what_was_asked_is_kept() -> None:
    def all_of_it(reply: Reply) -> tuple[Reading, ...]:
        return (Functionality(1), Identity(model=reply.lines[0], imei="867223041234567"))

    def firmware(reply: Reply) -> tuple[Reading, ...]:
        return (Identity(firmware=reply.lines[0]),)

    asks = {
        Question.MODEL: (Ask("AT+CGMM", (), all_of_it),),
        Question.FIRMWARE: (Ask("AT+CGMR", (), firmware),),
    }
    modem = started({"AT+CGMM": [ok("EC20F")], "AT+CGMR": [ok("R06")]}, replace(SMALL, asks=asks))
    assert modem.identity == Identity(model="EC20F", firmware="R06", imei="867223041234567")


# -- setting back


SETUP = tuple(Command(f"AT+C{name}=1") for name in ("MEE", "REG", "GREG", "EREG", "TZR", "R"))


def set_up(clock: FakeClock, answers: dict[str, list[bytes]], *, latency_s: float = 0.01) -> tuple[Modem, FakePort]:
    asked = {f"{one.text.partition('=')[0]}?": [ok(f"{one.text[2:-2]}: 0")] for one in SETUP}
    port = FakePort(clock, asked | answers, otherwise=ok(), latency_s=latency_s)
    modem = Modem(port, dialect=replace(SMALL, setup=SETUP), monotonic=clock.monotonic, restore_settings=True)
    modem.start()
    port.written.clear()
    return modem, port


def test_what_it_was_before_us_is_learned_only_once() -> None:
    modem, port = set_up(FakeClock(), {"AT+CMEE?": [ok("+CMEE: 2"), ok("+CMEE: 1")]})
    modem.start()
    port.written.clear()
    modem.close()
    assert port.lines_written()[-1] == "AT+CMEE=2"


def test_setting_back_ends_in_time_with_a_slow_modem() -> None:
    clock = FakeClock()
    modem, port = set_up(clock, {}, latency_s=0.45)
    before = clock.monotonic()
    modem.close()
    assert len(port.lines_written()) == 5
    assert clock.monotonic() - before < 2.5


def test_a_modem_that_is_out_of_step_is_closed_without_a_word() -> None:
    clock = FakeClock()
    modem, port = set_up(clock, {"AT+LOST": [b""], "AT+CMEE=?": [b""]})
    with pytest.raises(CommandExpired):
        modem.exchange(Command("AT+LOST", timeout_s=1.0))
    before = clock.monotonic()
    modem.close()
    assert port.lines_written() == ["AT+LOST"]
    assert clock.monotonic() == before


def test_a_modem_that_does_not_tell_how_it_announces_is_not_set_back() -> None:
    modem, port = set_up(FakeClock(), {"AT+CNMI?": [b"\r\nERROR\r\n"]})
    assert modem.announce_messages()
    modem.close()
    assert not any("CNMI" in line for line in port.lines_written()[2:])


def test_announcing_twice_is_set_back_once() -> None:
    modem, port = set_up(FakeClock(), {"AT+CNMI?": [ok("+CNMI: 0,0,0,0,1")]})
    assert modem.announce_messages()
    assert modem.announce_messages()
    port.written.clear()
    modem.close()
    assert port.lines_written().count("AT+CNMI=0,0,0,0,1") == 1


def test_only_a_secret_is_hidden() -> None:
    assert Command("AT+CMEE=1").shown == "AT+CMEE=1"
    assert Command('AT+CPIN="1234"', secret=True).shown == "AT+CPIN=…"
