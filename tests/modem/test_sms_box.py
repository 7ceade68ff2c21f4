"""The message store of a virtual modem, and of a scripted one for what the virtual one does not do."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from modem.client import Modem
from modem.decode import decode
from modem.errors import CommandExpired, CommandRefused, PortLost
from modem.events import Restarted, Urc
from modem.messages import delivered, stored
from modem.simulator import MemoryPort, load
from modem.sms.box import SmsBox, nearly_full
from modem.values import Sms, SmsStorage, SmsStore
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok
from tests.fakes.replies import reply

HOW = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
LONG = "您好，您的套餐余量如下：" * 12
SCRIPT = f"""
[modem]
persona = "generic-lte"
[[sms]]
from = "10086"
text = "{LONG}"
[[sms]]
from = "10010"
pdu = "{HOW}"
[[change]]
at_s = 100.0
sms = [{{ from = "10086", text = "{LONG}" }}]
"""


@pytest.fixture
def box(tmp_path: Path) -> tuple[SmsBox, Modem]:
    path = tmp_path / "modem.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    clock = FakeClock()
    modem = Modem(MemoryPort(load(path), clock), monotonic=clock.monotonic)
    modem.start()
    return SmsBox(modem, monotonic=clock.monotonic), modem


@dataclass
class PayloadPort(FakePort):
    """Takes payloads, which end in Ctrl-Z instead of a CR; `outcomes` come one after each."""

    outcomes: list[bytes] = field(default_factory=list)

    def write(self, data: bytes, timeout_s: float) -> None:
        if not data.endswith(b"\x1a"):
            super().write(data, timeout_s)
            return
        self.written.append(data)
        self.says(self.outcomes.pop(0), after_s=2.0)


class Scripted:
    """A modem of which the test says what it answers; `OK` to everything else."""

    def __init__(self, *outcomes: bytes) -> None:
        """`outcomes`: what comes after each message that is sent."""
        self.clock = FakeClock()
        self.port = PayloadPort(self.clock, otherwise=ok(), outcomes=list(outcomes))
        self.modem = Modem(self.port, monotonic=self.clock.monotonic)
        self.box = SmsBox(self.modem, monotonic=self.clock.monotonic)
        for length in range(10, 180):
            self.on(f"AT+CMGS={length}", b"\r\n> ")

    def on(self, command: str, *answers: bytes) -> "Scripted":
        self.port.answers[command] = list(answers)
        return self

    def asked(self) -> list[str]:
        return [data.decode("latin-1").strip() for data in self.port.written]


def test_messages_are_listed_whole_with_all_their_places(box: tuple[SmsBox, Modem]) -> None:
    first, second = box[0].list()
    assert (first.sender, first.text, first.parts, first.indexes) == ("10086", LONG, 3, (1, 2, 3))
    assert (second.index, second.storage, second.status) == (4, "SM", "unread")
    assert (second.sender, second.text) == ("+31641600986", "How are you?")


def test_any_part_leads_to_the_message(box: tuple[SmsBox, Modem]) -> None:
    assert [getattr(box[0].read(index), "text", None) for index in (2, 4, 9)] == [LONG, "How are you?", None]


def test_a_message_is_deleted_with_all_its_parts(box: tuple[SmsBox, Modem]) -> None:
    first, second = box[0].list()
    assert box[0].delete(first) == 3
    assert [sms.indexes or sms.index for sms in box[0].list()] == [second.index]
    with pytest.raises(CommandRefused):
        box[0].delete(first)


def test_what_arrives_is_read_once_it_is_whole(box: tuple[SmsBox, Modem]) -> None:
    modem = box[1]
    modem.exchange("AT+CNMI=2,1,0,0,0")
    assert box[0].watch(modem.poll(0.0)) == []
    found = [sms for _ in range(5) for sms in box[0].watch(modem.poll(120.0))]
    assert [(sms.text, sms.missing) for sms in found] == [(LONG, ())]


def test_what_is_handed_over_directly_is_read_too() -> None:
    (sms,) = Scripted().box.watch([Urc(("+CMT: ,25", HOW)), Urc(("+CBM: 88", HOW)), Urc(("RING",))])
    assert (sms.text, sms.storage) == ("How are you?", None)


def test_the_store_in_use_is_in_use_again() -> None:
    peer = Scripted().on("AT+CPMS?", ok('+CPMS: "ME",1,23,"ME",1,23,"ME",1,23'))
    peer.on("AT+CPMS=?", ok('+CPMS: ("ME","MT","SM"),("ME","SM"),("ME","SM")'))
    peer.on("AT+CMGL=4", ok("+CMGL: 0,1,,25", HOW), ok("+CMGL: 5,0,,25", HOW))
    assert [(sms.storage, sms.index) for sms in peer.box.list()] == [("ME", 0), ("SM", 5)]
    assert [line for line in peer.port.lines_written() if line.startswith('AT+CPMS="')] == [
        'AT+CPMS="SM"',
        'AT+CPMS="ME"',
    ]


def test_a_store_that_is_not_there_is_left_out_unless_it_was_asked_for() -> None:
    peer = Scripted().on("AT+CPMS?", ok('+CPMS: "ME",1,23')).on("AT+CPMS=?", ok('+CPMS: "ME","SM"'))
    peer.on('AT+CPMS="SM"', b"\r\n+CMS ERROR: 302\r\n").on("AT+CMGL=4", ok("+CMGL: 0,1,,25", HOW))
    assert [sms.storage for sms in peer.box.list()] == ["ME"]
    with pytest.raises(ValueError, match="SM"):
        peer.box.list("SM")


def test_of_a_store_that_was_asked_for_no_other_is_read() -> None:
    peer = Scripted().on("AT+CPMS?", ok('+CPMS: "ME",1,23')).on("AT+CPMS=?", ok('+CPMS: "ME","SM"'))
    peer.on("AT+CMGL=4", ok("+CMGL: 0,1,,30", HOW))
    assert [sms.storage for sms in peer.box.list("SM")] == ["SM"]


@pytest.mark.parametrize(
    ("in_use", "known", "read"),
    [
        ("SM", '("ME","SM"),("ME")', ["SM", "ME"]),
        ("ME", '("ME"),("ME","SM")', ["ME"]),  # the card's is not for reading
        ("MT", '("MT","ME","SM"),("ME","SM")', ["MT"]),  # both together
        ("ME", '"ME",,"SM"', ["ME", "SM"]),
        ("ME", '("me","sm")', ["ME", "SM"]),
    ],
)
def test_the_stores_that_can_be_read_are_read_once(in_use: str, known: str, read: list[str]) -> None:
    peer = Scripted().on("AT+CPMS?", ok("x,1,2", f'+CPMS: "{in_use}",1,23')).on("AT+CPMS=?", ok("x", f"+CPMS: {known}"))
    peer.on("AT+CMGL=4", ok("+CMGL: 0,1,,30", HOW))
    assert [sms.storage for sms in peer.box.list()] == read


def test_where_the_modem_does_not_say_which_store_is_in_use_none_is_chosen() -> None:
    peer = Scripted().on("AT+CPMS?", b"\r\nERROR\r\n").on("AT+CPMS=?", ok('+CPMS: "ME","SM"'))
    peer.on("AT+CMGL=4", ok("+CMGL: 0,1,,30", HOW))
    (sms,) = peer.box.list()
    assert sms.storage is None
    assert peer.box.delete(sms) == 1
    assert not [line for line in peer.asked() if line.startswith('AT+CPMS="')]
    assert "AT+CMGD=0" in peer.asked()


def test_a_message_that_lies_nowhere_is_not_deleted() -> None:
    peer = Scripted().on("AT+CPMS?", ok('+CPMS: "ME",1,23')).on('AT+CPMS="SM"', b"\r\n+CMS ERROR: 302\r\n")
    assert peer.box.delete(Sms(index=3, storage="SM")) == 0
    assert peer.box.delete(Sms(storage="ME")) == 0
    assert not [line for line in peer.asked() if line.startswith("AT+CMGD")]


def test_a_message_of_no_store_is_deleted_where_it_is() -> None:
    peer = Scripted().on("AT+CPMS?", ok('+CPMS: "ME",1,23'))
    assert peer.box.delete(Sms(index=3)) == 1
    assert peer.asked() == ["AT+CPMS?", "AT+CMGD=3"]


def test_other_news_are_no_messages() -> None:
    peer = Scripted()
    news = [Restarted("RDY"), Urc(()), Urc(("+CIEV: 2,3",)), Urc(('+CMTI: "SM"',)), Urc(('+CMTI: "SM",x',))]
    assert peer.box.watch(news) == []
    assert peer.asked() == []


def test_what_arrives_in_a_store_that_cannot_be_read_is_left_there() -> None:
    peer = Scripted().on("AT+CPMS?", ok('+CPMS: "ME",1,23')).on('AT+CPMS="SR"', b"\r\n+CMS ERROR: 302\r\n")
    assert peer.box.watch([Urc(('+CMTI: "SR",3',))]) == []
    assert not [line for line in peer.asked() if line.startswith("AT+CMGR")]


def test_a_modem_without_pdu_mode_is_read_in_text_mode() -> None:
    peer = Scripted().on("AT+CMGF=0", b"\r\nERROR\r\n").on("AT+CPMS?", b"\r\nERROR\r\n")
    header = '+CMGL: 3,"REC UNREAD","002B00380036",,"21/01/02,03:04:05+32"'
    peer.on('AT+CMGL="ALL"', ok(header, "4F59989D0031", '+CMGL: 4,"REC READ","10086"', "two", "lines"))
    first, second = peer.box.list()
    assert (first.sender, first.text, first.time) == ("+86", "余额1", "2021-01-02T03:04:05+08:00")
    assert (second.text, second.storage) == ("two\nlines", None)
    assert peer.asked()[:3] == ["AT+CMGF=0", "AT+CMGF=1", "AT+CSDH=1"]


def test_a_refused_list_says_why() -> None:
    with pytest.raises(CommandRefused, match="310"):
        Scripted().on("AT+CMGL=4", b"\r\n+CMS ERROR: 310\r\n").box.list()


def test_a_long_text_is_sent_in_parts_with_the_modems_numbers() -> None:
    peer = Scripted(ok("+CMGS: 7"), ok("+CMGS: 8"))
    sent = peer.box.send("+8613800138000", "好" * 100)
    assert (sent.is_sent, sent.parts, sent.references) == (True, 2, (7, 8))
    payloads = [data for data in peer.port.written if data.endswith(b"\x1a")]
    assert len(payloads) == 2
    assert payloads[0].startswith(b"0041000D91683108108300F00008")


def test_a_refusal_in_between_leaves_it_half_sent_and_is_not_tried_again() -> None:
    peer = Scripted(ok("+CMGS: 7"), b"\r\n+CMS ERROR: 38\r\n", ok("+CMGS: 9"))
    sent = peer.box.send("10086", "好" * 200)
    assert (sent.is_sent, sent.parts, sent.references) == (False, 3, (7,))
    assert "38" in str(sent.error)
    assert sum(line.startswith("AT+CMGS=") for line in peer.asked()) == 2


def test_time_is_for_all_parts_together() -> None:
    sent = Scripted(ok("+CMGS: 7"), ok("+CMGS: 8")).box.send("10086", "好" * 100, within_s=1.0)
    assert (sent.is_sent, sent.references) == (False, ())
    assert isinstance(sent.error, CommandExpired)


def test_without_time_nothing_is_sent() -> None:
    peer = Scripted(ok("+CMGS: 7"))
    sent = peer.box.send("10086", "CXYE", within_s=0.0)
    assert isinstance(sent.error, CommandExpired)
    assert not [line for line in peer.asked() if line.startswith("AT+CMGS")]


@pytest.mark.parametrize(
    ("answer", "reference"),
    [(ok("+CMGS: 7"), 7), (ok("0001000A81", "+CMGS: 7"), 7), (ok("+CMGS:"), None), (ok(), None)],
)
def test_the_networks_number_is_read_where_there_is_one(answer: bytes, reference: int | None) -> None:
    sent = Scripted(answer).box.send("10086", "CXYE")
    assert (sent.is_sent, sent.references) == (True, (reference,))


def test_nothing_is_sent_to_a_number_that_is_none() -> None:
    peer = Scripted()
    with pytest.raises(ValueError, match="telephone"):
        peer.box.send("Mum", "hello")
    assert peer.port.written == []


def test_in_text_mode_only_plain_short_texts_are_sent() -> None:
    peer = Scripted(ok("+CMGS: 3")).on("AT+CMGF=0", b"\r\nERROR\r\n").on('AT+CMGS="10086",129', b"\r\n> ")
    for text in ("余额", "two\x1a", "x" * 161):
        with pytest.raises(ValueError, match="text mode"):
            peer.box.send("10086", text)
    assert peer.box.send("10086", "CXYE").references == (3,)
    peer.on('AT+CMGS="+8610086",145', b"\r\n> ").port.outcomes.append(ok("+CMGS: 4"))
    assert peer.box.send("+8610086", "CXYE").references == (4,)


def test_a_lost_port_is_no_half_sent_message() -> None:
    peer = Scripted()
    peer.port.lost = "unplugged"
    with pytest.raises(PortLost):
        peer.box.send("10086", "CXYE")


@pytest.mark.parametrize(
    ("used", "total", "full"),
    [
        (32, 40, True),
        (31, 40, False),
        (0, 0, False),
        (None, None, False),
        (None, 40, False),
        (32, None, False),
        (255, 255, True),
    ],
)
def test_a_store_is_nearly_full_from_80_percent_on(used: int | None, total: int | None, full: bool) -> None:
    storage = SmsStorage((SmsStore("SM", used, total),) * 3)
    assert len(nearly_full(storage)) == full


@pytest.mark.parametrize(
    ("header", "body", "text", "time"),
    [
        ('+CMT: "+8613800138000",,"26/11/21,18:00:00+32"', "hi", "hi", "2026-11-21T18:00:00+08:00"),
        (
            '+CMT: "10086",,"26/11/21,18:00:00+32",129,4,0,8,"+86",145,4',
            "4F60597D",
            "你好",
            "2026-11-21T18:00:00+08:00",
        ),
        ('+CMT: "10086",,"26/11/21,18:00:00+32",129,4,0,0,"+86",145,4', "ABCD", "ABCD", "2026-11-21T18:00:00+08:00"),
    ],
)
def test_text_mode_deliveries(header: str, body: str, text: str, time: str) -> None:
    (sms,) = delivered((header, body))
    assert (getattr(sms, "text", None), getattr(sms, "time", None)) == (text, time)


def test_a_status_report_comes_as_two_lines() -> None:
    (sms,) = delivered(("+CDS: 25", "07914356060013F1065A098136397339F7219011700463802190117004638000"))
    assert (getattr(sms, "recipient", None), getattr(sms, "delivery", None)) == ("639337937", "delivered")


@pytest.mark.parametrize("header", ["+CMGR: 1,,25", "+CMGR: ,,25", "+CMGR: 25", "+CMGR: 1,25", "+CMGR: 4,1,,25"])
def test_headers_of_all_shapes_show_the_same_message(header: str) -> None:
    (sms,) = stored(reply(header, HOW))
    assert getattr(sms, "text", None) == "How are you?"


def test_a_header_and_its_pdu_pasted_into_one_line() -> None:
    (sms,) = stored(reply(f"+CMGL: 1,1,,25 {HOW}"))
    assert (getattr(sms, "index", None), getattr(sms, "text", None)) == (1, "How are you?")


@pytest.mark.parametrize("text", ["12345678", "53525354", "BEEF", "DEADBEEF", "123", "ABCDEF"])
def test_a_text_that_only_looks_like_hexadecimal_stays_as_it_is(text: str) -> None:
    (sms,) = stored(reply('+CMGR: "REC READ","10086",,"21/01/02,03:04:05+32"', text))
    assert getattr(sms, "text", None) == text


@pytest.mark.parametrize(
    "payload", ["> 0001000B914316565811F9000004E8373B0C", "0001000B914316565811F9000004E8373B0C^Z"]
)
@pytest.mark.parametrize("command", ["AT+CMGW=17", "AT+CMGS=17"])
def test_a_dialogue_shows_the_message_that_was_handed_over(command: str, payload: str) -> None:
    (one,) = decode(f"{command}\n{payload}\n{command[2:7]}: 3\nOK\n")
    found = one.readings[0]
    assert (getattr(found, "recipient", None), getattr(found, "text", None)) == ("+34616585119", "hola")


def test_a_log_of_a_dialogue_shows_it_too() -> None:
    said = list(decode(">>> AT+CMGS=17\n<<< > \n>>> 0001000B914316565811F9000004E8373B0C\n<<< +CMGS: 9\n<<< OK\n"))
    assert [getattr(reading, "text", None) for one in said for reading in one.readings] == ["hola"]
