"""Which part of a number stays, which becomes another, and that one number has one stand-in."""

import ipaddress

import pytest

from modem.pseudonyms import Pseudonyms, luhn

NAMES = Pseudonyms(bytes(32))
IMEI = "867223041234568"
CARD = "89860012345678901238"


def is_other(shown: str, original: str, kept: int) -> bool:
    """Of the same length, the first `kept` characters the same, the next one not."""
    return len(shown) == len(original) and shown[:kept] == original[:kept] and shown[kept] != original[kept]


# -- digits


def test_each_character_becomes_one_of_its_kind_and_the_first_digit_another() -> None:
    shown = NAMES.digits("A1b2-3C.d")
    assert len(shown) == 9
    assert shown[0] in "ABCDEF"
    assert shown[1] in "023456789"
    assert shown[2] in "abcdef"
    assert (shown[4], shown[7]) == ("-", ".")
    assert shown[5].isdecimal()
    assert shown[8] in "abcdef"


@pytest.mark.parametrize("number", [f"{digit}{rest}" for digit in range(10) for rest in ("", "000", "123")])
def test_the_first_digit_always_differs(number: str) -> None:
    assert is_other(NAMES.digits(number), number, 0)


@pytest.mark.parametrize("letter", ["A", "f"])
def test_letters_become_other_letters_of_their_case(letter: str) -> None:
    kinds = set(NAMES.digits(letter * 40))
    assert len(kinds) > 3
    assert all(kind.isupper() == letter.isupper() for kind in kinds)


def test_digits_of_other_alphabets_stay_as_they_are() -> None:
    assert NAMES.digits("٣x") == "٣x"


def test_a_long_run_has_as_many_others() -> None:
    assert len(NAMES.digits("1" * 100)) == 100
    assert len(set(NAMES.digits("1" * 100)[33:])) > 3


def test_one_number_has_one_stand_in_by_key_and_kind() -> None:
    assert NAMES.digits("123456") == Pseudonyms(bytes(32)).digits("123456")
    assert NAMES.digits("123456") != Pseudonyms(b"x" * 32).digits("123456")
    assert NAMES.digits("123456") != NAMES.digits("123456", "serial")
    assert Pseudonyms().digits("12345678901234567890") != Pseudonyms().digits("12345678901234567890")


# -- IMEI


def test_an_imei_keeps_its_type_and_a_valid_check_digit() -> None:
    shown = NAMES.imei(IMEI)
    assert is_other(shown, IMEI, 8)
    assert luhn(shown[:-1]) == shown[-1]


def test_an_imei_with_a_wrong_check_digit_has_another_last_digit() -> None:
    for last in "012345679":
        assert NAMES.imei(IMEI[:-1] + last)[-1] != last


def test_an_imeisv_is_the_same_modems_and_keeps_its_version() -> None:
    assert NAMES.imei(IMEI[:14] + "07") == NAMES.imei(IMEI)[:14] + "07"
    assert NAMES.imei(IMEI[:14]) == NAMES.imei(IMEI)[:14]


# -- card


def test_a_card_keeps_its_issuer_and_a_valid_check_digit() -> None:
    assert luhn(CARD[:-1]) == CARD[-1]
    shown = NAMES.iccid(CARD)
    assert is_other(shown, CARD, 6)
    assert luhn(shown[:-1]) == shown[-1]


def test_the_short_form_of_a_card_is_the_short_form_of_its_stand_in() -> None:
    """Cards of China Mobile have a last digit that is no check digit; the one before it is none either."""
    card = "8986001234567890123"
    assert luhn(card[:-1]) != card[-1]
    assert NAMES.iccid(card + "5")[:-1] == NAMES.iccid(card)
    assert NAMES.iccid(card)[-1] != card[-1]


def test_that_holds_for_a_short_form_with_a_valid_check_digit_too() -> None:
    card = CARD[:18] + luhn(CARD[:18])
    assert NAMES.iccid(card + "5")[:-1] == NAMES.iccid(card)


def test_a_card_of_nineteen_digits_keeps_its_valid_check_digit() -> None:
    body = "898600123456789012"
    shown = NAMES.iccid(body + luhn(body))
    assert luhn(shown[:-1]) == shown[-1]


def test_a_card_with_letters_has_letters_in_the_same_places() -> None:
    shown = NAMES.iccid("898600D1234567E90123")
    assert shown[6] in "ABCDEF"
    assert shown[14] in "ABCDEF"
    assert len(shown) == 20


@pytest.mark.parametrize(
    "issuer",
    ["8985231", "8985201", "8985307", "8985302", "8988228", "8988323", "8988307", "8988303", "8901410", "8901260"],
)
def test_an_issuer_that_is_told_by_seven_digits_keeps_them(issuer: str) -> None:
    card = issuer + "2345678901234"
    assert is_other(NAMES.iccid(card), card, 7)


# -- IMSI


@pytest.mark.parametrize("country", ["460", "262", "234", "440"])
def test_an_imsi_keeps_its_country_and_a_network_of_two_digits(country: str) -> None:
    imsi = f"{country}001234567890"
    assert is_other(NAMES.imsi(imsi), imsi, 5)


@pytest.mark.parametrize(
    "country",
    "302 310 311 312 313 314 315 316 334 338 342 344 346 348 405 708 722 732 748".split(),  # noqa: SIM905
)
def test_or_of_three_digits_where_networks_have_so_many(country: str) -> None:
    """ITU E.212."""
    imsi = f"{country}410123456789"
    assert is_other(NAMES.imsi(imsi), imsi, 6)


# -- phone numbers


@pytest.mark.parametrize("number", ["10086", "100861", "+100861"])
def test_a_carriers_own_number_stays(number: str) -> None:
    assert NAMES.phone(number) == number


def test_one_subscriber_has_one_stand_in_however_the_country_is_written() -> None:
    shown = NAMES.phone("13812345678")
    assert is_other(shown, "13812345678", 3)
    for country in ("+86", "86", "0086"):
        assert NAMES.phone(f"{country}13812345678") == country + shown
    assert NAMES.phone("+861064812345678") == "+86" + NAMES.phone("1064812345678")


def test_a_foreign_number_keeps_its_plus_and_three_digits() -> None:
    shown = NAMES.phone("+491711234567")
    assert is_other(shown, "+491711234567", 4)
    assert shown == "+" + NAMES.phone("491711234567")


def test_eighty_six_in_front_of_another_number_is_no_country() -> None:
    assert is_other(NAMES.phone("8621123456"), "8621123456", 3)


# -- addresses


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "127.0.0.1", "224.0.0.251", "240.0.0.1", "255.255.255.255", "::", "::1"]
)
def test_an_address_that_is_nobodys_stays(address: str) -> None:
    assert NAMES.address(address) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.23.45.67", "10.0.0.0/8"),
        ("172.20.1.2", "172.20.0.0/16"),
        ("192.168.1.2", "192.168.0.0/16"),
        ("169.254.3.4", "169.254.0.0/16"),
        ("100.77.1.2", "100.64.0.0/10"),
        ("8.8.8.8", "203.0.113.0/24"),
        ("100.128.1.2", "203.0.113.0/24"),
        ("2408:8456:1:2:3:4:5:6", "2408:8456::/32"),
        ("fe80::1234:5678:9abc:def0", "fe80::/32"),
    ],
)
def test_an_address_stays_in_its_range(address: str, network: str) -> None:
    shown = NAMES.address(address)
    assert ipaddress.ip_address(shown) in ipaddress.ip_network(network)
    assert shown != address
    assert NAMES.address(address) == shown


def test_two_addresses_of_a_carriers_nat_are_two() -> None:
    found = {NAMES.address(f"100.{number}.1.2") for number in range(64, 128)}
    assert len(found) > 60
    assert len({address.split(".")[1] for address in found}) > 10


def test_an_ipv6_address_is_spelled_as_it_was() -> None:
    assert "0000" not in NAMES.address("fe80::1")
    assert NAMES.address("fe80:0000:0001:0002:0003:0004:0005:0006").startswith("fe80:0000:")


def test_what_is_no_address_has_other_digits() -> None:
    assert is_other(NAMES.address("999.1.2.3"), "999.1.2.3", 0)


# -- check digit


@pytest.mark.parametrize(
    ("body", "digit"),
    [("7992739871", "3"), ("86722304123456", "8"), ("0", "0"), ("", ""), ("12a", ""), ("٣", "")],
)
def test_the_check_digit(body: str, digit: str) -> None:
    assert luhn(body) == digit
