"""USSD: what a +CUSD line says whatever its label, and sessions with a scripted modem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.client import Modem
from modem.decode import decode
from modem.dialects import named
from modem.errors import CommandRefused
from modem.events import Event, Stray, Urc
from modem.sms import gsm7, guess
from modem.ussd import Ussd, UssdAnswer
from modem.ussd_text import promises_sms, read_line
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok

GERMAN = "49B41C74ACD3D16171D90D32FBE52072BA0C72CA5DB45CAC76C3CD6CB41B2D060389CB74F9FE4C07D55C371CA85897BF1B"
RUSSIAN = "Спасибо за обращение! Ответ на Ваш запрос направлен в SMS"


def ucs2(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def packed(text: str) -> str:
    return gsm7.pack_ussd(gsm7.septets_of(text) or b"").hex().upper()


@pytest.mark.parametrize(
    ("line", "status", "text", "dcs"),
    [
        (
            f'+CUSD: 0,"{GERMAN}",15',
            0,
            "Ihr Guthaben für die Nr.4915783647410 beträgt 5.78 Euro",
            15,
        ),
        ('+CUSD: 0,"EBB79B1E0685E9ECF4BADE9E03", 0', 0, "konta atlikums", 0),
        ('+CUSD: 0,"004F004B",72', 0, "OK", 72),
        ('+CUSD: 0,"Balance "12.50" left" , 15', 0, 'Balance "12.50" left', 15),
        ('+CUSD: 0,"Balance 1,234"', 0, "Balance 1,234", None),
        ('+CUSD: 0,"cut in the middle', 0, "cut in the middle", None),
        ('+CUSD: 0,"said whole",', 0, "said whole", None),
        ('+CUSD: 0,"of no scheme",256', 0, "of no scheme", None),
        ('+CUSD: 0,"of the last",255', 0, "of the last", 255),
        ("+CUSD: 0,Balance 12.50 , 15", 0, "Balance 12.50", 15),
        ("+CUSD: 0,Balance 12.50", 0, "Balance 12.50", None),
        ('+CUSD: 2,"Maaf, permintaan tidak dapat kami proses.",0', 2, "Maaf, permintaan tidak dapat kami proses.", 0),
        ('+CUSD: 0,"Available Balance: R 96.45 .",15', 0, "Available Balance: R 96.45 .", 15),
        (
            '+CUSD: 0,"Your account balance is 49.10 USD and will expire on 04/03/16.",64',
            0,
            "Your account balance is 49.10 USD and will expire on 04/03/16.",
            64,
        ),
        ('+CUSD: 1,"1. Balance\n2. Data (MB)",15', 1, "1. Balance\n2. Data (MB)", 15),
        ('+CUSD: 0,"say "yes", please",15', 0, 'say "yes", please', 15),
        ("+CUSD: 0, C8329BFD0601", 0, "Hello ", None),
        ("+CUSD: 2", 2, None, None),
        ('+CUSD: 4,"",15', 4, None, 15),
        ('+CUSD: 5,"",', 5, None, None),
        ('+CUSD: 0,"not closed', 0, "not closed", None),
    ],
)
def test_lines_of_many_modems(line: str, status: int, text: str | None, dcs: int | None) -> None:
    reading = read_line(line)
    assert reading is not None
    assert (reading.status, reading.text, reading.dcs) == (status, text, dcs)


def test_what_the_modem_wrote_is_kept_where_reading_it_took_more_than_taking_the_quotes_off() -> None:
    plain, coded = read_line('+CUSD: 0,"5 EUR",15'), read_line(f'+CUSD: 0,"{packed("5 EUR")}",15')
    assert plain is not None
    assert coded is not None
    assert (plain.text, plain.raw) == ("5 EUR", None)
    assert (coded.text, coded.raw) == ("5 EUR", packed("5 EUR"))


@pytest.mark.parametrize("line", ["", "OK", "+CUSD: ", "+CUSD: (0-2)", "+CUSD: 12", "+CUSD: x,1", "+CSQ: 1,2"])
def test_other_lines_are_none(line: str) -> None:
    assert read_line(line) is None


TEXTS = (
    "Balance: 12.50 EUR",
    "Your balance is Rs.45.20, valid till 31-12-2026.",
    "Баланс 120,50 руб.",
    "余额12.30元，有效期至2026-12-31",
    "您的流量剩余1.5GB",
    "رصيدك الحالي 15.50 جنيه",
    "Saldo: 0",
    "1. Balance\n2. Data\n3. Top up",
    "Bakiyeniz 10 TL",
    "残高は1000円です",
    "ยอดเงิน 50 บาท",
    "잔액은 1000원 입니다",
    "Số dư: 10.000đ",
    "यह आपका बैलेंस है 10",
    "Υπόλοιπο: 5,20€",
    RUSSIAN,
    "8613800138000",
    "+8613800138000",
)


@pytest.mark.parametrize("dcs", [None, 0, 15, 17, 68, 72])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_under_any_label(text: str, dcs: int | None) -> None:
    assert guess.read(text, dcs).text == text
    assert guess.read(ucs2(text), dcs).text == text
    if gsm7.septets_of(text) is not None:
        assert guess.read(packed(text), dcs).text == text


@given(st.text(max_size=60) | st.text(alphabet="0123456789ABCDEFabcdef", max_size=60), st.none() | st.integers(0, 255))
def test_any_string_reads_as_something(raw: str, dcs: int | None) -> None:
    found = guess.read(raw, dcs)
    assert found.text.encode("utf-8", "surrogatepass") is not None
    assert raw == found.text or found.way != "plain"


@given(st.text(max_size=80))
def test_any_line_is_read_or_not(text: str) -> None:
    read_line(text)
    read_line(f"+CUSD: 0,{text}")


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("We will send you an SMS with your balance shortly.", True),
        ("Your request has been received. You will receive an SMS confirmation.", True),
        (RUSSIAN, True),
        ("您的请求已受理，结果将以短信形式下发", True),
        ("尊敬的客户，请留意稍后的短信回复", True),
        ("Balance 5.00 EUR, you have 20 SMS", False),
        ("余额12.30元，剩余短信20条", False),
        ("余额12.30元，明细将以短信形式下发", False),
        ("Your balance is 5.00 EUR. Details will be sent by SMS.", False),
        ("", False),
    ],
)
def test_a_promise_is_told_from_an_answer(text: str, promised: bool) -> None:
    assert promises_sms(text) is promised


def test_a_dialogue_shows_texts_of_several_lines_whole_and_a_cut_one_as_far_as_it_goes() -> None:
    said = decode('AT+CUSD=1,"*1#"\nOK\n+CUSD: 1,"1. a\n2. b (x)",15\n+CUSD: 0,"cut\nOK\n')
    readings = [reading for one in said for reading in one.readings]
    assert [getattr(reading, "text", None) for reading in readings] == ["1. a\n2. b (x)", "cut"]


class Network:
    """A modem behind which the test plays the network: command → what comes, and how long after."""

    def __init__(self, dialect: str = "3gpp") -> None:
        self.clock = FakeClock()
        self.port = FakePort(self.clock, otherwise=ok())
        self.modem = Modem(self.port, dialect=named(dialect), monotonic=self.clock.monotonic)
        self.heard: list[Event] = []
        self.ussd = Ussd(self.modem, heed=self.heard.extend, monotonic=self.clock.monotonic)
        self.replies: dict[str, tuple[bytes, float]] = {}
        self.port.on_line = self._dialled

    def _dialled(self, line: str) -> None:
        if line in self.replies:
            data, after_s = self.replies[line]
            self.port.says(data, after_s=after_s)

    def answers(self, command: str, line: str, after_s: float = 3.0) -> "Network":
        self.replies[command] = (f"\r\n{line}\r\n".encode(), after_s)
        return self

    def dialled(self) -> list[str]:
        return [line for line in self.port.lines_written() if line.startswith("AT+CUSD")]


def test_an_answer_after_the_ok() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', f'+CUSD: 0,"{ucs2("余额12.30元")}",72', after_s=20.0)
    answer = network.ussd.ask("*100#")
    assert (answer.state, answer.text, answer.is_result) == ("done", "余额12.30元", True)
    assert (answer.raw, answer.dcs, answer.by_sms) == (ucs2("余额12.30元"), 72, False)
    assert network.dialled() == ['AT+CUSD=1,"*100#",15']


def test_an_answer_before_the_ok() -> None:
    network = Network()
    network.port.answers['AT+CUSD=1,"*100#",15'] = [b'\r\n+CUSD: 0,"main (A): 5 EUR",15\r\n\r\nOK\r\n']
    assert network.ussd.ask("*100#").text == "main (A): 5 EUR"


def test_a_text_of_several_lines() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 0,"first\r\nsecond",15')
    assert network.ussd.ask("*100#").text == "first\nsecond"


@pytest.mark.parametrize(
    ("line", "raw", "by_sms"),
    [
        ('+CUSD: 0,"You will receive an SMS shortly.",15', "You will receive an SMS shortly.", True),
        ('+CUSD: 0,"5 EUR",15', "5 EUR", False),
        ("+CUSD: 0", None, False),
    ],
)
def test_a_promise_of_a_message_is_no_result(line: str, raw: str | None, by_sms: bool) -> None:
    answer = Network().answers('AT+CUSD=1,"*100#",15', line).ussd.ask("*100#")
    assert (answer.raw, answer.by_sms, answer.is_result) == (raw, by_sms, raw == "5 EUR")


@pytest.mark.parametrize(("status", "is_result"), [(0, True), (1, True), (2, True), (3, False), (4, False), (5, False)])
def test_a_text_is_a_result_only_in_a_session_that_was_one(status: int, is_result: bool) -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', f'+CUSD: {status},"5 EUR",15')
    assert network.ussd.ask("*100#").is_result is is_result


def test_a_state_that_27_007_has_not_is_no_answer() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', "+CUSD: 6")
    assert network.ussd.ask("*100#").state == "no_answer"


def test_a_session_that_has_ended_gets_no_reply() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 0,"5 EUR",15')
    assert [answer.text for answer in network.ussd.steps("*100#", replies=["1"])] == ["5 EUR"]
    assert network.dialled() == ['AT+CUSD=1,"*100#",15']


def test_a_menu_is_answered_and_the_session_ends_with_the_network() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 1,"1 Balance",15')
    network.answers('AT+CUSD=1,"1",15', '+CUSD: 0,"5 EUR",15')
    assert [answer.text for answer in network.ussd.steps("*100#", replies=["1"])] == ["1 Balance", "5 EUR"]
    assert "AT+CUSD=2" not in network.dialled()


def test_a_menu_that_is_left_open_is_cancelled() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 1,"1 Balance",15')
    assert network.ussd.ask("*100#").state == "menu"
    assert network.dialled()[-1] == "AT+CUSD=2"


def test_a_menu_is_cancelled_also_by_who_stops_listening() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 1,"1 Balance",15')
    steps = network.ussd.steps("*100#", replies=["1"])
    next(iter(steps))
    steps.close()  # type: ignore[attr-defined]
    assert network.dialled()[-1] == "AT+CUSD=2"


def test_silence_is_no_answer_and_is_cancelled_in_time() -> None:
    network = Network()
    began = network.clock.monotonic()
    assert network.ussd.ask("*100#", timeout_s=30.0) == UssdAnswer("no_answer")
    assert network.clock.monotonic() - began < 60.0
    assert network.dialled()[-1] == "AT+CUSD=2"


def test_an_answer_from_before_is_not_taken_for_ours() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 0,"ours",15', after_s=2.0)
    network.port.says(b'\r\n+CUSD: 0,"an advert",15\r\n')
    network.modem.exchange("AT")
    assert network.ussd.ask("*100#").text == "ours"


def test_other_news_while_waiting_are_handed_on() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 0,"5 EUR",15', after_s=9.0)
    network.port.says(b'\r\n+CMTI: "SM",3\r\n', after_s=4.0)
    assert network.ussd.ask("*100#").text == "5 EUR"
    assert Urc(('+CMTI: "SM",3',)) in network.heard


def test_what_comes_in_one_breath_with_the_answer_is_handed_on_too() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', 'RING\r\n\r\n+CUSD: 0,"5 EUR",15\r\n\r\n+CMTI: "SM",3')
    assert network.ussd.ask("*100#").text == "5 EUR"
    assert network.heard == [Urc(("RING",)), Urc(('+CMTI: "SM",3',))]


def test_noise_while_waiting_is_handed_on() -> None:
    network = Network().answers('AT+CUSD=1,"*100#",15', '+CUSD: 0,"5 EUR",15', after_s=9.0)
    network.port.says(b"\r\nx#!\r\n", after_s=4.0)
    assert network.ussd.ask("*100#").text == "5 EUR"
    assert network.heard == [Stray("x#!")]


def test_a_modem_that_restarts_has_no_session_to_wait_for() -> None:
    network = Network("quectel").answers('AT+CUSD=1,"*100#",15', "RDY", after_s=3.0)
    began = network.clock.monotonic()
    assert network.ussd.ask("*100#", timeout_s=600.0).state == "no_answer"
    assert network.clock.monotonic() - began < 60.0


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("+CUSD: 2", "ended"),
        ("+CUSD: 3", "elsewhere"),
        ("+CUSD: 4", "not_supported"),
        ("+CUSD: 5", "network_timeout"),
    ],
)
def test_what_the_network_says_of_the_session(line: str, state: str) -> None:
    answer = Network().answers('AT+CUSD=1,"*100#",15', line).ussd.ask("*100#")
    assert (answer.state, answer.is_result) == (state, False)


@pytest.mark.parametrize("refusal", ["ERROR", *(f"+CME ERROR: {code}" for code in (3, 4, *range(24, 28), 50, 53))])
def test_huawei_gets_packed_septets_and_plain_ones_if_it_refuses_those(refusal: str) -> None:
    network = Network("huawei").answers('AT+CUSD=1,"*100#",15', f'+CUSD: 0,"{packed("5 EUR")}",0')
    network.port.answers['AT+CUSD=1,"AA180C3602",15'] = [f"\r\n{refusal}\r\n".encode()]
    assert network.ussd.ask("*100#").text == "5 EUR"
    assert network.dialled() == ['AT+CUSD=1,"AA180C3602",15', 'AT+CUSD=1,"*100#",15']


@pytest.mark.parametrize(
    ("charset", "spellings"),
    [
        ("GSM", ["*100#", "AA180C3602"]),
        ("UCS2", [ucs2("*100#"), "*100#", "AA180C3602"]),
        ("ucs2", [ucs2("*100#"), "*100#", "AA180C3602"]),
    ],
)
def test_a_code_is_spelled_as_the_character_set_has_it_and_then_otherwise(charset: str, spellings: list[str]) -> None:
    network = Network()
    network.port.answers["AT+CSCS?"] = [ok(f'+CSCS: "{charset}"')]
    commands = [f'AT+CUSD=1,"{spelling}",15' for spelling in spellings]
    network.port.answers |= {command: [b"\r\n+CME ERROR: 50\r\n"] for command in commands}
    with pytest.raises(CommandRefused, match="50"):
        network.ussd.ask("*100#")
    assert network.dialled()[:-1] == commands


def test_with_the_ucs2_character_set_the_code_is_spelled_in_it() -> None:
    network = Network().answers(f'AT+CUSD=1,"{ucs2("*100#")}",15', '+CUSD: 0,"5 EUR",15')
    network.port.answers["AT+CSCS?"] = [ok('+CSCS: "UCS2"')]
    assert network.ussd.ask("*100#").text == "5 EUR"


def test_a_refusal_by_the_network_is_not_tried_in_another_spelling() -> None:
    network = Network()
    network.port.answers['AT+CUSD=1,"*100#",15'] = [b"\r\n+CME ERROR: 30\r\n"]
    with pytest.raises(CommandRefused, match="30"):
        network.ussd.ask("*100#")
    assert [line for line in network.dialled() if line != "AT+CUSD=2"] == ['AT+CUSD=1,"*100#",15']


@pytest.mark.parametrize("code", ["", '*100#"', "*100#\r", "*100#;+CFUN=0\n", "余", "1" * 161])
def test_what_is_no_code_never_reaches_the_modem(code: str) -> None:
    network = Network()
    with pytest.raises(ValueError, match="USSD"):
        network.ussd.ask(code)
    assert network.port.written == []
