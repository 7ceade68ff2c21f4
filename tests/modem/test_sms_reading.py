"""What of a PDU becomes part of the reading (23.040 §9.2.2)."""

import pytest

from modem.sms.reading import read_pdu

REPORT = "07914356060013F1065A098136397339F7219011700463802190117004638030"
WITH_PART = "07912143658709F1440B918100551512F2000811101021436500080500030A02014F60"
DATA = "07912143658709F1040B918100551512F200041110102143650003E8329B"
OURS = "0001070B914316565811F9000004E8373B0C"


def test_a_report_names_the_message_it_is_about() -> None:
    sms = read_pdu(REPORT)
    assert (sms.reference, sms.delivery, sms.recipient, sms.text) == (0x5A, "pending", "639337937", None)


def test_the_number_of_a_message_of_our_own_is_no_reference_of_a_long_one() -> None:
    sms = read_pdu(OURS)
    assert (sms.recipient, sms.text, sms.reference) == ("+34616585119", "hola", None)


def test_a_part_says_which_of_how_many() -> None:
    sms = read_pdu(WITH_PART)
    assert (sms.part, sms.parts, sms.reference, sms.text) == (1, 2, 10, "你")


def test_data_are_shown_in_hexadecimal() -> None:
    assert (read_pdu(DATA).data, read_pdu(DATA).text) == ("E8329B", None)
    assert read_pdu(OURS).data is None


@pytest.mark.parametrize("status", ["unsent", "sent"])
def test_what_lies_among_our_own_is_no_report_from_the_network(status: str) -> None:
    sms = read_pdu(REPORT, status=status)
    assert (sms.delivery, sms.pdu, sms.status) == (None, REPORT, status)
    assert sms.problems[0].startswith("unreadable")
    assert read_pdu(REPORT, status="read").delivery == "pending"
