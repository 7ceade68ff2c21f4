"""The marks that programs put in front of a modem's lines, and what only looks like one."""

import time

import pytest

from modem import transcript
from modem.transcript import Said

ASKED, SAID = Said("host", "AT+CSQ"), Said("modem", "+CSQ: 20,99")


@pytest.mark.parametrize(
    ("host", "modem"),
    [
        ("00> >>> AT+CSQ", "00> <<< +CSQ: 20,99"),
        ("[14:34:12.900]发→◇AT+CSQ", "[14:34:12.921]收←◆+CSQ: 20,99"),
        ("命令17 发：AT+CSQ", "返回：+CSQ: 20,99"),
        ("发送: AT+CSQ", "响应: +CSQ: 20,99"),
        ("输入：AT+CSQ", "应答：+CSQ: 20,99"),
        ("lte,async lte1: sent AT+CSQ", "lte,async lte1: rcvd +CSQ: 20,99"),
        ("TX:|AT+CSQ", "RX:|+CSQ: 20,99"),
        ("TX: AT+CSQ (8 bytes)", "RX: +CSQ: 20,99 (15 bytes)"),
        (r"at_write: [q0] [1][AT+CSQ\r\n]", r"at_read: [q0] [1][\r\n+CSQ: 20,99\r\n]"),
        ("07-10 14:50:59.452  2173  2295 D ATC     : AT> AT+CSQ", "07-10 14:50:59.461  21  25 D ATC : AT< +CSQ: 20,99"),
        ("port, wrote 8 bytes: AT+CSQ", 'port, read 11 bytes: "+CSQ: 20,99"'),
        ("Sending: 'AT+CSQ'", "Received: ['+CSQ: 20,99']"),
        (r"SENDING ATCMD 'AT+CSQ\r\n'", r"WAITING: DATA_RCV = '\r\n+CSQ: 20,99\r\n'"),
        (r'modem 3: sent b"AT+CSQ\r"', r'modem 3: got b"+CSQ: 20,99\r\n"'),
        ("DEBUG: write: AT+CSQ", "DEBUG: response: ['+CSQ: 20,99']"),
        ("[V][sim800l:062]: S: AT+CSQ - 5", "[V][sim800l:071]: R: +CSQ: 20,99 - 6"),
        ("[V][sim800l:062]: S: AT+CSQ - 5", "[W][sim800l:080]: Not ack. 6 +CSQ: 20,99"),
        ("--> AT+CSQ", "<-- +CSQ: 20,99"),
        ("→ AT+CSQ", "← +CSQ: 20,99"),
    ],
)
def test_whose_line_it_is(host: str, modem: str) -> None:
    assert list(transcript.read(f"{host}\n{modem}")) == [ASKED, SAID]


def test_several_answers_in_one_list_come_in_their_order() -> None:
    said = list(transcript.read("Received: ['+CSQ: 20,99', \"OK\"]"))
    assert said == [SAID, Said("modem", "OK")]


@pytest.mark.parametrize("line", ["[模块回应] :", "[reply]："])
def test_a_heading_in_brackets_is_a_remark(line: str) -> None:
    assert [one.speaker for one in transcript.read(f"{line}\n+CSQ: 20,99")] == ["remark", "unknown"]


STAMPED = "12:00:01.1 > AT+CSQ\n12:00:01.2 registration is fine\n12:00:01.3 < +CSQ: 20,99"


def test_free_text_among_stamped_lines_is_the_programs_own() -> None:
    assert list(transcript.read(STAMPED)) == [ASKED, Said("remark", "registration is fine"), SAID]


@pytest.mark.parametrize(
    "text",
    [
        STAMPED.replace("12:00:01.2 ", ""),  # no stamp: a free text of the modem's
        STAMPED.replace("12:00:01.3 ", ""),  # the modem's lines have none
        STAMPED.replace("< ", ""),  # nobody says which side the modem is
    ],
)
def test_free_text_is_nobodys_where_stamps_prove_nothing(text: str) -> None:
    assert Said("unknown", "registration is fine") in list(transcript.read(text))


@pytest.mark.parametrize("line", ["+CSQ: 20,99", "OK", "AT+CSQ"])
def test_a_stamped_line_of_at_is_no_remark(line: str) -> None:
    assert Said("unknown", line) in list(transcript.read(STAMPED.replace("registration is fine", line)))


@pytest.mark.parametrize("quoted", [r"the battery has read '5 V\n' or so", "we sent 'AT' already", r"'AT\r' unread"])
def test_a_sentence_with_quotes_is_nobodys(quoted: str) -> None:
    assert list(transcript.read(quoted)) == [Said("unknown", quoted)]


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "[[",
        "a" * 40,
        "sent ",
        "read 1 ",
        "'",
        "['",
        "['',",
        "\\r",
        "命令",
        "TX: ",
        "lte,",
        "0> ",
        " (1 byte",
        "b'a\\n",
    ],
)
def test_a_hostile_line_is_read_in_no_time(piece: str) -> None:
    began = time.process_time()
    assert len(list(transcript.read((piece * 9000)[:9000]))) < 9000
    assert time.process_time() - began < 2


SAID_ALIKE = [Said("unknown", "AT+CSQ"), Said("unknown", "+CSQ: 20,99"), Said("unknown", "OK")]


@pytest.mark.parametrize(
    "text",
    [
        "[I]-[ril.sendat] AT+CSQ\n[I]-[ril.proatc] +CSQ: 20,99\n[I]-[ril.proatc] OK",
        "I (1:2.3) lib: Token: {AT+CSQ}\n} (1:2.4) lib: Token: {+CSQ: 20,99\n} (1:2.5) lib: Token: {OK",
        'smsd[19]: gammu: 1 "AT+CSQ"\nsmsd[19]: gammu: 2 "+CSQ: 20,99"\nsmsd[19]: gammu: 3 "OK"',
        "V (40) lib: Token: {AT+CSQ}\nV (41) lib: Token: {+CSQ: 20,99}\nV (55) lib: Token: {OK}",
        "modem_chat: next: sending: AT+CSQ\nmodem_chat: received: +CSQ:  20 99\nmodem_chat: received: OK",
        "sh:~$ modem_chat: got: AT+CSQ\nsh:~$ sh:~$ modem_chat: got: +CSQ:  20 99\nsh:~$ modem_chat: got: OK",
    ],
)
def test_a_head_that_no_table_knows_is_learned(text: str) -> None:
    assert list(transcript.read(text)) == SAID_ALIKE


def test_free_text_behind_a_learned_head_is_said_too() -> None:
    text = "lib: Token: {AT+CGMM}\nlib: Token: {A7670E-FASE}\nlib: Token: {OK}"
    assert [one.text for one in transcript.read(text)] == ["AT+CGMM", "A7670E-FASE", "OK"]


@pytest.mark.parametrize(
    "text",
    [
        "Status: OK",  # one line makes no head
        "Note: it works\nNote: it does not",
        '+CMT: ,24\n+COPS: 0,0,"a: OK"\n+COPS: 0,0,"b: OK"',  # lines of AT have no head
    ],
)
def test_what_only_looks_like_a_head_stays(text: str) -> None:
    assert [one.text for one in transcript.read(text)] == text.split("\n")


def test_blanks_within_quotes_stay_when_commas_come_back() -> None:
    text = 'modem_chat: got: AT+COPS?\nmodem_chat: got: +COPS:  0 0 "A B" 7\nmodem_chat: got: OK'
    assert list(transcript.read(text))[1].text == '+COPS: 0,0,"A B",7'


def test_a_dump_in_hex_is_a_stream() -> None:
    text = (
        "D (42) uart-tx: 0x3f419c18   41 54 2b 43 53 51 0d                              |AT+CSQ.|\n"
        "D (43) uart-rx: 0x3ffc962c   0d 0a 2b 43 53 51 3a 20  32 30 2c 39 39 0d 0a 0d  |..+CSQ: 20,99...|\n"
        "D (43) uart-rx: 0x3ffc963c   0a 4f 4b 0d 0a                                    |.OK..|\n"
    )
    assert list(transcript.read(text)) == [ASKED, SAID, Said("modem", "OK")]


@pytest.mark.parametrize(
    "line", ["$ echo AT+CSQ | atinout - /dev/ttyUSB2 -", "# echo -e 'AT+CSQ' > /dev/ttyUSB2", "uart:~$ modem at AT+CSQ"]
)
def test_a_shell_that_asks(line: str) -> None:
    assert list(transcript.read(f"{line}\n+CSQ: 20,99")) == [ASKED, Said("unknown", "+CSQ: 20,99")]


@pytest.mark.parametrize("line", ["> I sent AT+CSQ and waited", "# at last AT+CSQ helped"])
def test_a_sentence_with_a_command_in_it_asks_nothing(line: str) -> None:
    assert [one.speaker for one in transcript.read(line)] == ["unknown"]


def test_ofono_names_the_port() -> None:
    text = r"ofonod[550]: Modem:>  AT+CSQ\r" + "\n" + r"ofonod[550]: Modem:<  \r\n+CSQ: 20,99\r\n\r\nOK\r\n"
    assert list(transcript.read(text)) == [ASKED, SAID, Said("modem", "OK")]


def test_line_ends_spelled_behind_a_bare_line_are_none_of_it() -> None:
    text = "AT+CPIN?<CR>\n<CR><LF>\n   +CPIN: READY<CR><LF>\n"
    assert [one.text for one in transcript.read(text)] == ["AT+CPIN?", "+CPIN: READY"]


def test_a_stamped_sentence_about_a_command_is_the_programs() -> None:
    text = "cmd> AT+CGMR\nI (16) console: Sending command AT+CGMR with timeout 1000\nA011B09"
    assert [one.speaker for one in transcript.read(text)] == ["host", "remark", "unknown"]


def test_a_head_may_open_several_quotes_and_come_but_once() -> None:
    text = (
        r"""1 DEBUG Sending command: "b"AT\r\n""
2 DEBUG Sending command: "b"AT+CPIN?\r\n""
3 DEBUG Received response: "b"+CPIN: READY"""
        '""'
    )
    assert [one.text for one in transcript.read(text)] == ["AT", "AT+CPIN?", "+CPIN: READY"]


@pytest.mark.parametrize("port", ["GSM1", "modem.2"])
def test_smstools_puts_an_answer_and_its_end_in_one_line(port: str) -> None:
    text = f"2019-04-25 18:14:38,7, {port}: -> AT+CSQ\n2019-04-25 18:14:38,7, {port}: <- +CSQ: 20,99 OK"
    assert list(transcript.read(text)) == [ASKED, SAID, Said("modem", "OK")]


@pytest.mark.parametrize("line", ['+CUSD: 0,"all is OK",15', "+COPS: 0, OK", "it is OK"])
def test_an_ok_within_an_answer_stays_there(line: str) -> None:
    assert Said("modem", line) in list(transcript.read(f">> AT\n<< {line}\n<< OK"))


@pytest.mark.parametrize("asked", ["# mmcli -m 0 --command=+CSQ", 'pi@pos:~$ sudo mmcli -m any --command="AT+CSQ"'])
def test_what_mmcli_is_told_to_ask_is_the_hosts(asked: str) -> None:
    assert list(transcript.read(f"{asked}\nresponse: '+CSQ: 20,99'")) == [ASKED, Said("unknown", "+CSQ: 20,99")]


def test_an_answer_that_mmcli_put_in_quotes_has_all_its_lines() -> None:
    said = list(transcript.read('$ mmcli -m 0 --command=+qeng=\\"x\\"\nresponse: \'+QENG: "A"\n+QENG: "B",-11\'\n'))
    assert [one.text for one in said] == ['AT+qeng="x"', '+QENG: "A"', '+QENG: "B",-11']


def test_a_shells_line_with_a_quote_too_many_is_nobodys() -> None:
    line = "$ mmcli -m 0 --command='+CSQ"
    assert list(transcript.read(line)) == [Said("unknown", line)]


DUMPED = "V (7192) esp-modem: pattern-detection: 0x3ffb5794   0d 0a 4f 4b 0d 0a           |..OK..|"


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        (DUMPED, "D (7212) esp-modem: Handling line: >>OK", Said("modem", "OK")),
        ("[V][sim800l:071]: R: OK - 0", "[D][sim800l:216]: Unhandled: OK - 0", Said("modem", "OK")),
    ],
)
def test_what_a_program_writes_twice_was_said_once(first: str, again: str, said: Said) -> None:
    assert list(transcript.read(f"{first}\n{again}")) == [said]
    assert len(list(transcript.read(again))) == 1


@pytest.mark.parametrize("end", ["\x1b[0m", "^[[0m", "␛[0m", "\x1b[m\x1b[K"])
def test_colours_are_no_part_of_what_was_said(end: str) -> None:
    """ECMA-48 §8.3.117, and as cat -v and journals spell them."""
    start = end.replace("[0m", "[01;32m").replace("[m\x1b[K", "[01;32m")
    log = f"{start}[08:00:01.123] >>> AT+CSQ{end}\r\n{start}[08:00:01.323] <<< +CSQ: 20,99{end}\r\n<<< OK\r\n"
    assert [(line.speaker, line.text) for line in transcript.read(log)] == [
        ("host", "AT+CSQ"), ("modem", "+CSQ: 20,99"), ("modem", "OK"),
    ]  # fmt: skip
    assert [line.text for line in transcript.read("\x1b]0;pos1: minicom\x07AT+CSQ\n\x1b]0;x\x1b\\OK")] == [
        "AT+CSQ",
        "OK",
    ]


def test_other_sequences_are_what_somebody_said() -> None:
    assert [line.text for line in transcript.read("noise\x1b[2J")] == ["noise\x1b[2J"]


def test_a_quoted_line_that_was_cut_is_read_as_far_as_it_goes() -> None:
    cut = "<debug> (ttyUSB2): <-- '<CR><LF>+CSQ: 20,99<CR><LF><CR><LF>OK<CR>"
    assert [(line.speaker, line.text) for line in transcript.read(cut)] == [("modem", "+CSQ: 20,99"), ("modem", "OK")]
    assert [line.text for line in transcript.read("--> 'Modem' initialized, isn")] == ["'Modem' initialized, isn"]
