"""What a modem says of its card: state, tries, numbers (27.007 §7.1, §8.3, §8.18, §8.65)."""

import pytest

from modem import card
from modem.values import Iccid, Imsi, OwnNumber, Sim
from tests.fakes.replies import reply

ICCID = "89860012345678901230"


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("READY", "ready"),
        ('"READY"', "ready"),
        ("ready", "ready"),
        ("READY 0", "ready"),
        ("SIM PIN", "pin_required"),
        ("SIM PUK", "puk_required"),
        ("SIM PIN2", "ready"),
        ("SIM PUK2", "ready"),
        ("PH-SIM PIN", "network_locked"),
        ("PH-FSIM PIN", "network_locked"),
        ("PH-FSIM PUK", "network_locked"),
        ("PH-NET PIN", "network_locked"),
        ("PH-NET PUK", "network_locked"),
        ("PH-NETSUB PIN", "network_locked"),
        ("PH-NETSUB PUK", "network_locked"),
        ("PH-SP PIN", "network_locked"),
        ("PH-SP PUK", "network_locked"),
        ("PH-CORP PIN", "network_locked"),
        ("PH-CORP PUK", "network_locked"),
        ("NOT READY", "busy"),
        ("NOT INSERTED", "absent"),
        ("SIM REMOVED", "absent"),
        ("SIM FAILURE", "failure"),
    ],
)
def test_each_word_of_the_cards_state(words: str, state: str) -> None:
    found = card.cpin(f"+CPIN: {words}")
    assert found is not None
    assert found.state == state
    assert card.sim(reply(f"+CPIN: {words}")) == (found,)


@pytest.mark.parametrize("words", ["RE", "SIM PU", "READ\ufffd", "BLOCKED BY GREMLINS"])
def test_another_word_or_a_cut_one_is_no_state(words: str) -> None:
    assert card.cpin(f"+CPIN: {words}") is None


def test_no_word_is_no_state() -> None:
    assert card.cpin("+CPIN:") is None
    assert card.sim(reply("+CPIN:")) == ()


@pytest.mark.parametrize(
    ("final", "state"),
    [
        ("+CME ERROR: 10", "absent"),
        ("+CME ERROR: SIM not inserted", "absent"),
        ("+CME ERROR: 11", "pin_required"),
        ("+CME ERROR: 100", None),
        ("+CMS ERROR: 310", None),
        ("+CMS ERROR: 10", None),
        ("ERROR", None),
        ("OK", None),
    ],
)
def test_a_refusal_may_tell_the_state(final: str, state: str | None) -> None:
    found = card.sim(reply(final=final))
    assert [getattr(one, "state", None) for one in found] == ([state] if state else [])
    assert card.sim(reply("+CPIN: READY", final=final)) == (Sim("ready"),)


def test_of_two_states_the_last_holds() -> None:
    assert card.sim(reply("+CPIN: NOT READY", "+CPIN: READY")) == (Sim("ready"),)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("+CPINR: SIM PIN,3,3", Sim(pin_retries=3)),
        ("+CPINR: SIM PIN,0,3", Sim(pin_retries=0)),
        ("+CPINR: sim puk,10,10", Sim(puk_retries=10)),
        ("+CPINR: SIM PUK,11,10", None),
        ("+CPINR: SIM PIN,-1,3", None),
        ("+CPINR: SIM PIN2,3,3", None),
        ("+CPINR: SIM PIN", None),
        ("+CPINR: SIM PIN,x", None),
    ],
)
def test_tries_left_are_those_of_the_card(line: str, found: Sim | None) -> None:
    assert card.pin_retries(line) == found


@pytest.mark.parametrize(
    "line",
    [
        f"+CCID: {ICCID}",
        f'+ICCID: "{ICCID}"',
        f"^ICCID:{ICCID}",
        ICCID,
        f"+QCCID: 0,{ICCID}",
        f"ICCID: {ICCID}",
        f"SIM ICC-ID = {ICCID}",
    ],
)
def test_a_cards_number_is_found_wherever_it_stands(line: str) -> None:
    found = card.number(line)
    assert (found.iccid if found else None) == ICCID
    assert card.number("+CCID: none") is None


@pytest.mark.parametrize("sw1", [144, 145, 146, 159])
def test_a_card_that_did_as_told_shows_its_file(sw1: int) -> None:
    """102 221 §10.2.1: 90, 91, 92, 9F."""
    assert card.file(f'+CRSM: {sw1},0,"98680021436587092103"') == Iccid(ICCID, card.iccid.issuer(ICCID))


@pytest.mark.parametrize(
    "line", ['+CRSM: 106,130,"98680021436587092103"', "+CRSM: 144,0", "+CRSM: 144", '+CRSM: 144,0,"xx"', "+CRSM:"]
)
def test_a_card_that_did_not_shows_none(line: str) -> None:
    assert card.file(line) is None


@pytest.mark.parametrize(
    ("line", "digits"),
    [
        ("460001234567890", "460001234567890"),
        ('+CIMI: "460001234567890"', "460001234567890"),
        ("460001234567890,0", "460001234567890"),
        ("4600012345678", "4600012345678"),
        ("460001234567", None),
        ("46011595679", None),  # cut
        ("4600012345678901", None),
        ("46000123456789A", None),
        ("", None),
        ("+CIMI:", None),
    ],
)
def test_an_imsi_has_13_to_15_digits(line: str, digits: str | None) -> None:
    found = card.imsi(line)
    assert (found.imsi if isinstance(found, Imsi) else None) == digits


@pytest.mark.parametrize(
    "masked", ["+43681207*****", "43681207xxxxx", "43681207XX", "4368120...", "43681207\u2026", "436###"]
)
def test_an_own_number_with_its_digits_masked_is_not_known(masked: str) -> None:
    assert card.own_number(f'+CNUM: "","{masked}",145,0,4') == OwnNumber(None)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('+CNUM: "me","13800138000",129', OwnNumber("13800138000", "me")),
        ('+CNUM: "","8613800138000",145', OwnNumber("+8613800138000", None)),
        ('+CNUM: ,"+8613800138000",145', OwnNumber("+8613800138000", None)),
        ('+CNUM: "me","",129', OwnNumber(None, "me")),
        ('+CNUM: "me"," 13800138000 ",129', OwnNumber("13800138000", "me")),
        ('+CNUM: "me","13800138000"', OwnNumber("13800138000", "me")),
        ("+CNUM: me", None),
        ("+CNUM:", None),
    ],
)
def test_an_own_number_has_a_plus_where_it_is_international(line: str, found: OwnNumber | None) -> None:
    assert card.own_number(line) == found
