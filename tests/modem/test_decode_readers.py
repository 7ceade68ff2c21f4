"""Which reader gets which line of an answer, and which lines none could read."""

from typing import Any

import pytest

from modem.decode import Decoded, decode, parts_of

BODY = "0891683108200105F0040D91683158812764F80000622022104000230161"
TABLE = "AT!GSTATUS?\n{heading}\nCurrent Time:  7304\t\tTemperature: 40\nOK"
"""Sierra EM7455, capture."""


def one_of(text: str) -> Decoded:
    (one,) = decode(text)
    return one


def readings(text: str) -> list[dict[str, Any]]:
    """Without what is not known."""
    return [
        {key: value for key, value in reading.items() if value is not None}
        for reading in one_of(text).json()["readings"]
    ]


def kinds(text: str) -> list[str]:
    return [reading.kind for reading in one_of(text).readings]


@pytest.mark.parametrize(
    ("command", "parts"),
    [
        (" AT+CSQ", (("+CSQ", ""),)),
        ("AT +CSQ", (("+CSQ", ""),)),
        ("AT+CSQ ; +CREG?", (("+CSQ", ""), ("+CREG", "?"))),
        ("ATE0", (("E", ""),)),
        ("AT" + " " * 600 + "+CSQ", (("+CSQ", ""),)),
        (" " * 600 + "+CSQ", (("+CSQ", ""),)),
    ],
)
def test_blanks_and_digits_are_no_part_of_a_name(command: str, parts: tuple[tuple[str, str], ...]) -> None:
    assert parts_of(command) == parts


def test_what_a_setting_means_stands_in_its_command() -> None:
    # Telit AT manual: #GDATAVOL=1 the last session, =2 all
    answer = "\n#GDATAVOL: 1,300,100,200\nOK"
    assert [readings(f"AT#GDATAVOL={which}{answer}")[0]["scope"] for which in (1, 2)] == ["session", "lifetime"]
    assert readings(answer.strip())[0]["scope"] == "session"


def test_a_refusal_alone_tells_of_the_card() -> None:
    assert readings("AT+CPIN?\n+CME ERROR: 10") == [{"kind": "sim", "state": "absent"}]
    assert readings("AT+CPIN?\n+CPIN: READY\n+CME ERROR: 10") == [{"kind": "sim", "state": "ready"}]


def test_a_refusal_behind_a_line_that_nobody_reads_tells_of_the_card() -> None:
    assert readings("AT+CPIN?\n+CPIN:\n+CME ERROR: 10") == [{"kind": "sim", "state": "absent"}]


def test_a_line_that_could_be_read_counts_without_a_final_result() -> None:
    assert one_of("AT+CPIN?\n+CPIN:").unknown == ("+CPIN:",)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("AT+CFUN=?\n+CFUN: (0-1,4-7),(0-1)\nOK", "+CFUN"),
        ("AT+CFUN?\n+CFUN: (0-1,4-7),(0-1)\nOK", "+CFUN"),  # ZTE K3565-Z, capture
        ('AT+QCFG=?\n+QCFG: "gprsattach",(0,1)\nOK', "+QCFG"),  # Quectel: the list behind a name
        ("AT+IPR=?\n(0,300,600),(9600)\nOK", "+IPR"),
    ],
)
def test_a_list_of_values_says_what_a_command_can(text: str, command: str) -> None:
    (found,) = readings(text)
    assert (found["kind"], found["command"]) == ("capability", command)


def test_a_scan_is_a_list_of_networks() -> None:
    assert kinds('AT+COPS=?\n+COPS: (2,"CHINA MOBILE","CMCC","46000",7)\nOK') == ["operators"]


def test_free_text_belongs_to_the_part_that_answers_in_free_text() -> None:
    assert readings("ATE1;+CGMM\nEC25\nOK") == [{"kind": "identity", "model": "EC25"}]


def test_what_ati_says_behind_its_capabilities_is_ati_s() -> None:
    identity, able = readings("ATI\nManufacturer: huawei\n+GCAP: +CGSM,+DS,+ES\nModel: E3372\nOK")
    assert (identity["manufacturer"], identity["model"]) == ("huawei", "E3372")
    assert (able["command"], able["values"]) == ("+GCAP", ["+CGSM", "+DS", "+ES"])


def test_a_message_belongs_to_the_line_above_it() -> None:
    assert kinds(f"AT+CSQ;+CMGL=4\n+CSQ: 20,99\n+CMGL: 1,1,,24\n{BODY}\nOK") == ["signal", "sms"]


@pytest.mark.parametrize("heading", ["!GSTATUS:", r"RX: '!GSTATUS:\x20'"])
def test_the_heading_of_what_was_read_is_read(heading: str) -> None:
    assert one_of(TABLE.format(heading=heading)).unknown == ()


def test_a_heading_of_nothing_is_unread() -> None:
    assert one_of("AT!GSTATUS?\n!GSTATUS:\nOK").unknown == ("!GSTATUS:",)


def test_a_line_said_twice_is_read_twice() -> None:
    assert one_of("AT+CPIN?\n+CPIN: READY\n+CPIN: READY\nOK").unknown == ()


def test_a_line_that_only_adds_to_another_is_read() -> None:
    assert one_of(f"AT+CMGR=1\n+CMGR: 1,,24\n{BODY}\nOK").unknown == ()


def test_a_line_that_keeps_another_from_being_read_is_unread_and_the_other_is_read() -> None:
    one = one_of('AT+QICSGP=1\n+QICSGP: 9\n+QICSGP: 1,"cmnet","","",0\nOK')
    assert ([reading.kind for reading in one.readings], one.unknown) == (["contexts"], ("+QICSGP: 9",))


@pytest.mark.parametrize("count", [2, 33, 200])
def test_of_a_long_answer_each_line_is_read(count: int) -> None:
    messages = "".join(f"+CMGL: {index},1,,24\n{BODY}\n" for index in range(count))
    one = one_of(f"AT+CMGL=4\n{messages}OK")
    assert (len(one.readings), one.unknown) == (count, ())
