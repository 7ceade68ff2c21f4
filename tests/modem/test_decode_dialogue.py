"""Which line of a dialogue belongs to what: echoes, payloads, news in several lines, answers without a command."""

import pytest

from modem.decode import MAX_ANSWER_LINES, MAX_URC_LINES, Decoded, decode, parts_of

PDU = "0001000B914316565811F9000004E8373B0C"


def said(text: str) -> list[Decoded]:
    return list(decode(text))


def test_a_remark_does_not_say_whose_modem_it_is() -> None:
    text = "--> WvDial: a Quectel modem perhaps\n--> Sending: ATZ\nATZ\nOK\n"
    assert [one.unknown for one in said(text)] == [("WvDial: a Quectel modem perhaps",), ()]


def test_a_remark_within_an_exchange_is_no_part_of_it() -> None:
    remark, one = said("--> Sending: AT+CSQ\nAT+CSQ\n--> Modem, are you there?\n+CSQ: 20,99\nOK\n")
    assert (remark.unknown, one.command, one.unknown) == (("Modem, are you there?",), "AT+CSQ", ())


def test_a_message_handed_over_is_part_of_its_command() -> None:
    (one,) = said(f"AT+CMGS=17\n> {PDU}\n+CMGS: 3\nOK")
    assert [getattr(reading, "text", None) for reading in one.readings] == ["hola"]
    (one,) = said("AT+CMGS=17\n> hello\n+CMGS: 3\nOK")
    assert (one.readings, one.unknown) == ((), ("+CMGS: 3",))


def test_a_pdu_is_a_payload_only_behind_a_command_that_takes_one() -> None:
    (one,) = said(f"AT+CSQ\n{PDU}\nOK")
    assert (one.readings, one.unknown) == ((), (PDU,))
    (one,) = said(f"AT+CMGS=17\n+CMGS: 3\n{PDU}\nOK")
    assert PDU in one.unknown
    assert said(PDU)[0].unknown == (PDU,)


def test_an_echo_in_a_paste_is_no_second_command() -> None:
    (one,) = said("AT+CSQ\nAT+CSQ\n+CSQ: 20,99\nOK")
    assert (one.command, one.final) == ("AT+CSQ", "OK")


def test_the_same_command_after_an_answer_is_another() -> None:
    assert [one.final for one in said("AT+CSQ\n+CSQ: 20,99\nAT+CSQ\n+CSQ: 21,99\nOK")] == [None, "OK"]
    assert [one.command for one in said("AT+CSQ\nAT+CREG?\nOK")] == ["AT+CSQ", "AT+CREG?"]


def test_a_log_that_ends_within_news_shows_what_there_is() -> None:
    (one,) = said("<<< +CMT: ,24")
    assert one.urcs == ("+CMT: ,24",)
    (one,) = said('<<< +CUSD: 1,"1. a\n<<< 2. b')
    assert one.urcs == ('+CUSD: 1,"1. a', "2. b")


def test_a_text_that_looks_like_a_command_is_a_message_where_one_is_due() -> None:
    (one,) = said("<<< +CMT: ,24\n<<< AT+CSQ")
    assert one.urcs == ("+CMT: ,24", "AT+CSQ")


@pytest.mark.parametrize("lines", [3, MAX_URC_LINES - 1])
def test_a_text_without_end_ends_at_a_final_result_or_at_the_bound(lines: int) -> None:
    found = said('<<< +CUSD: 1,"menu\n' + "<<< more\n" * lines + "<<< OK")
    assert len(found[0].urcs) == lines + 1
    endless = said('<<< +CUSD: 1,"menu\n' + "<<< more\n" * (2 * MAX_URC_LINES))
    assert len(endless[0].urcs) == MAX_URC_LINES


def test_an_answer_without_end_is_given_out_in_pieces() -> None:
    found = said(">>> AT+CSQ\n" + "<<< x\n" * (MAX_ANSWER_LINES + 1))
    assert [len(one.unknown) for one in found] == [MAX_ANSWER_LINES, 1]
    assert [one.command for one in found] == ["AT+CSQ", None]


def test_shut_ok_ends_only_a_command_of_simcoms_own() -> None:
    (one,) = said("AT+CIPSHUT\nSHUT OK")
    assert (one.final, one.unknown) == ("SHUT OK", ())
    (one,) = said("AT+CSQ\nSHUT OK\nOK")
    assert (one.final, one.unknown) == ("OK", ("SHUT OK",))


def test_an_answer_without_a_command_is_read_too() -> None:
    (one,) = said("<<< +CSQ: 20,99\n<<< OK")
    assert (one.command, one.final, [reading.kind for reading in one.readings]) == (None, "OK", ["signal"])
    (one,) = said("<<< OK")
    assert (one.command, one.final) == (None, "OK")


@pytest.mark.parametrize(
    ("command", "parts"),
    [
        ("AT+CREG=2;+CREG?", (("+CREG", "="), ("+CREG", "?"))),
        ("at+cops=?", (("+COPS", "=?"),)),
        ("+CSQ", (("+CSQ", ""),)),
        ('AT+CUSD=1,"a;+CSQ"', (("+CUSD", "="),)),
        ("ATI", (("I", ""),)),
        ("AT", ()),
        ("", ()),
    ],
)
def test_the_parts_of_a_command_line(command: str, parts: tuple[tuple[str, str], ...]) -> None:
    assert parts_of(command) == parts


@pytest.mark.parametrize(
    ("final", "meaning"),
    [
        ("+CME ERROR: 10", "SIM not inserted"),
        ("+CME ERROR: gremlins", "gremlins"),
        ("+CME ERROR: 9999", None),
        ("ERROR", None),
        ("OK", None),
    ],
)
def test_words_explain_a_refusal_that_no_table_knows(final: str, meaning: str | None) -> None:
    (one,) = said(f"AT+CSQ\n{final}")
    assert (one.error.meaning if one.error else None) == meaning
    assert (one.error is None) == (final == "OK")
