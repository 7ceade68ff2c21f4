"""Messages and files of the card in a recording: masked where they stand, whole lines at a time."""

from modem.pseudonyms import Pseudonyms, luhn
from modem.redact import redacted
from modem.redact_pdu import masked_hex, masked_pdu
from modem.simulator.messages import swapped

KEY = b"a key for tests, 32 bytes long.."
NAMES = Pseudonyms(KEY)
PDU = "07911326040000F0040ED0C2703BFD76BF00001170602143800006C8329BFD0E01"
CARD = "8986011790000000007"


def digits(text: str) -> str:
    return NAMES.digits(text, "text")


def reply(command: str, said: str) -> str | None:
    return redacted([(command, said)], (), KEY)[0][0][1]


def test_a_pdu_behind_its_header_is_another_of_its_shape() -> None:
    done = reply("AT+CMGR=1", f"\r\n+CMGR: 0,,24\r\n{PDU}\r\n\r\nOK\r\n")
    assert done == f"\r\n+CMGR: 0,,24\r\n{masked_pdu(PDU, NAMES.phone, digits)}\r\n\r\nOK\r\n"


def test_a_message_that_is_read_and_deleted_is_masked_too() -> None:
    said = '\r\n+CMGRD: "REC READ","10086"\r\nDear\r\nOK\r\n'
    assert reply("AT+CMGRD=1", said) == said.replace("Dear", "xxxx")


def test_packed_septets_that_are_no_pdu_are_masked_as_a_text() -> None:
    """23.038 §6.1.2.3: as some modems spell what the network says to a code."""
    text = "F4F29C0E9AB7DFF4F29C0E9AB7DF"
    assert reply("AT+X", f'\r\n+CUSD: 0,"{text}",15\r\n') == f'\r\n+CUSD: 0,"{masked_hex(text, digits)}",15\r\n'


def test_what_stands_behind_the_end_of_a_message_is_no_message() -> None:
    said = '\r\n+CMGR: "REC READ","10086"\r\nDear\r\nOK\r\nReady now\r\n'
    assert reply("AT+CMGR=1", said) == said.replace("Dear", "xxxx")


def test_a_sender_with_a_name_is_masked_and_the_time_stays() -> None:
    said = '\r\n+CMT: "Li Lei",,"26/11/22,02:31:44+32"\r\nBye\r\n'
    assert reply("", said) == said.replace("Li Lei", "xx xxx").replace("Bye", "xxx")


def test_the_status_words_of_other_answers_are_content_in_a_file() -> None:
    """27.007 §8.18: +CRSM has its status words as numbers of their own."""
    done = reply("AT+CRSM=176,28542,0,0,9", '\r\n+CRSM: 144,0,"6401029000"\r\n')
    assert done is not None
    assert "9000" not in done


def test_the_cards_number_in_its_file_is_the_cards_stand_in() -> None:
    """31.101 §13.2: by nibbles."""
    number = CARD + luhn(CARD)
    done = reply("AT+CRSM=176,12258,0,0,10", f'\r\n+CRSM: 144,0,"{swapped(number)}"\r\n')
    assert done == f'\r\n+CRSM: 144,0,"{swapped(NAMES.iccid(number))}"\r\n'
