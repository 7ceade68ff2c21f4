"""Where an exchange ends, what came in between, and whose words those are."""

import pytest

from modem.decode import Decoded, decode
from modem.dialects import named

PDU = "0001000B914316565811F9000004E8373B0C"
SIM_NEWS = "<<< ^SIMST: 1"
"""Huawei's, which reads it, also where the maker is not known; MeiG's too, which does not."""


def said(text: str) -> list[Decoded]:
    return list(decode(text))


def kinds(found: list[Decoded]) -> list[str]:
    return [reading.kind for one in found for reading in one.readings]


def test_the_dialect_that_is_given_reads() -> None:
    assert kinds(list(decode(SIM_NEWS, named("meig")))) == []
    assert kinds(said(SIM_NEWS)) == ["sim"]


def test_the_modem_says_whose_it_is_and_a_remark_does_not() -> None:
    assert "sim" not in kinds(said(f"<<< Manufacturer: MEIG INCORPORATED\n<<< OK\n{SIM_NEWS}"))
    assert kinds(said(f"--> WvDial: MEIG INCORPORATED\n--> Sending: AT\nOK\n{SIM_NEWS}")) == ["sim"]


# RING: V.250. DST: SIMCom (capture sim800l). +UUSORD: u-blox AT manual
@pytest.mark.parametrize("news", ["RING", "DST: 1", "+UUSORD: 0,3", "NO CARRIER", "+CMTI : 3"])
def test_news_of_any_vendor_within_an_exchange_is_no_answer(news: str) -> None:
    urc, one = said(f"AT+CSQ\n{news}\n+CSQ: 20,99\nOK")
    assert (urc.urcs, one.urcs, one.final, one.unknown) == ((news,), (news,), "OK", ())


def test_news_with_a_blank_before_the_colon_are_read() -> None:
    assert kinds(said("<<< +CREG : 1")) == ["registration"]


def test_news_end_an_answer_that_has_no_command() -> None:
    first, news = said("<<< what\n<<< RING")
    assert (first.unknown, first.urcs, news.urcs) == (("what",), (), ("RING",))


# an echo, whoever is said to have written it, with the blanks that quotes keep
@pytest.mark.parametrize(
    "text",
    [
        "at+csq\nAT+CSQ",
        "AT+CSQ\nat+csq",
        ">>> at+csq\n<<< AT+CSQ",
        ">>> AT+CSQ\n<<< at+csq",
        r"TX: 'AT+CSQ\x20'" + "\n<<< AT+CSQ",
        ">>> AT+CSQ\n" + r"RX: 'AT+CSQ\x20'",
    ],
)
def test_an_echo_is_known_however_it_is_spelled(text: str) -> None:
    (one,) = said(f"{text}\n<<< +CSQ: 20,99\n<<< OK")
    assert (kinds([one]), one.unknown) == (["signal"], ())


def test_the_echo_of_a_bare_at_is_no_second_try() -> None:
    (one,) = said("--> Sending: AT\nAT\nOK")
    assert (one.command, one.final) == ("AT", "OK")


def test_a_command_after_an_answer_without_one_begins_an_exchange() -> None:
    assert [one.command for one in said("+CSQ: 20,99\nAT+CSQ\n+CSQ: 21,99\nOK")] == [None, "AT+CSQ"]


# SIM800 AT manual: AT+CIPSHUT → SHUT OK, AT+CIPSEND → SEND OK, AT+CIPCLOSE → CLOSE OK
@pytest.mark.parametrize("end", ["at+cipshut\nSHUT OK", "AT+CIPSEND=5\nSEND OK", "AT+CIPCLOSE\nCLOSE OK"])
def test_simcoms_own_results_end_its_own_commands(end: str) -> None:
    (one,) = said(end)
    assert (one.final, one.unknown) == (end.partition("\n")[2], ())


def test_no_carrier_ends_a_call_and_is_news_of_it_later() -> None:
    (one,) = said("ATD*99#\nNO CARRIER")
    assert (one.final, one.urcs) == ("NO CARRIER", ())
    call, news = said("ATD*99#\nCONNECT\nNO CARRIER")
    assert (call.final, news.final, news.urcs) == ("CONNECT", None, ("NO CARRIER",))


def test_the_end_of_a_call_ends_nothing_that_has_no_command() -> None:
    (one,) = said("<<< what\n<<< BUSY\n<<< OK")
    assert (one.final, one.unknown) == ("OK", ("what", "BUSY"))


def test_a_message_that_says_ok_is_a_message() -> None:
    (one,) = said('<<< +CMT: "+491",,"26/11/22,10:00:00+32"\n<<< OK')
    assert (len(one.urcs), [getattr(reading, "text", None) for reading in one.readings]) == (2, ["OK"])


@pytest.mark.parametrize("news", [f"<<< +CMT: ,24\n<<< {PDU}", '<<< +CUSD: 1,"1. a\n<<< 2. b",15'])
def test_news_in_two_lines_end_with_the_second(news: str) -> None:
    first, ring = said(f"{news}\n<<< RING")
    assert (len(first.urcs), ring.urcs) == (2, ("RING",))


def test_a_final_result_that_cuts_a_text_ends_the_command_too() -> None:
    _, one = said('AT+CUSD=1,"*100#"\n+CUSD: 1,"menu\nmore\nOK')
    assert one.final == "OK"


# how Ctrl-Z looks in a log, and what quotes keep around a message
@pytest.mark.parametrize(
    "handed",
    [
        f"> {PDU}",
        f">>> {PDU}\x1a",
        f">>> {PDU}\ufffd",
        f">>> {PDU} ^Z",
        f"TX: '{PDU}^Z\\x20'",
        f"TX: '\\x09{PDU}\\x1a'",
        f"TX: '{PDU}\\x1a\\x20'",
    ],
)
def test_a_message_handed_over_is_known_however_its_end_is_spelled(handed: str) -> None:
    (one,) = said(f">>> AT+CMGS=17\n{handed}\n<<< +CMGS: 3\n<<< OK")
    assert (kinds([one]), one.final) == (["sms"], "OK")


# 27.005 §3.5.1, §4.4, §3.5.5
@pytest.mark.parametrize("command", ["AT+CMGS=17", "at+cmgs=17", "AT+CMGW=17", "AT+CMGC=17"])
def test_each_command_that_takes_a_message_gets_it(command: str) -> None:
    (one,) = said(f"{command}\n> {PDU}\nOK")
    assert kinds([one]) == ["sms"]


def test_the_mode_of_messages_takes_none() -> None:
    (one,) = said(f"AT+CMGF=0\n{PDU}\nOK")
    assert (one.readings, one.unknown) == ((), (PDU,))


@pytest.mark.parametrize("prompt", ["<<< >", r"RX: '>\x20'"])
@pytest.mark.parametrize("asked", [">>> AT+CSQ\n", "<<< what\n", ""])
def test_a_bare_prompt_is_no_answer(asked: str, prompt: str) -> None:
    (one,) = said(f"{asked}{prompt}\n<<< OK")
    assert (">" in "".join(one.unknown), one.final) == (False, "OK")


def test_a_prompt_with_a_text_is_an_answer_where_no_message_is_due() -> None:
    (one,) = said("AT+CSQ\n> hello\nOK")
    assert one.unknown == ("> hello",)
