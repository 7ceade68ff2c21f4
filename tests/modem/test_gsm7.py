"""The 7-bit alphabets: tables of 23.038, packing, and that every octet means something."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.sms import gsm7
from modem.sms.tables import DEFAULT, ESC, EXTENSION, LOCKING, SINGLE, VOID

PLAIN = "".join(char for char in DEFAULT if char != VOID)
TEXTS = st.text(alphabet=PLAIN + "".join(EXTENSION.values()), max_size=200)


@pytest.mark.parametrize("language", sorted(LOCKING))
def test_a_locking_table_has_128_codes_and_its_controls_in_their_place(language: int) -> None:
    table = LOCKING[language]
    assert len(table) == 128
    assert (table[0x0A], table[0x0D], table[ESC], table[0x20]) == ("\n", "\r", VOID, " ")
    assert table[0x30:0x3A] == "0123456789"
    assert table[0x61:0x7B] == "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("language", sorted(LOCKING))
def test_a_locking_table_holds_each_letter_once_and_only_assigned_ones(language: int) -> None:
    letters = [char for char in LOCKING[language] if char not in (VOID, " ")]
    assert len(letters) == len(set(letters))
    assert not [char for char in letters if unicodedata.category(char) == "Cn"]


@pytest.mark.parametrize("language", sorted(SINGLE))
def test_every_shift_table_keeps_what_the_default_extension_offers(language: int) -> None:
    assert {code: SINGLE[language][code] for code in EXTENSION} == dict(EXTENSION)
    assert not [char for char in SINGLE[language].values() if unicodedata.category(char) == "Cn"]


@pytest.mark.parametrize(
    ("language", "code", "char"),
    [
        (1, 0x07, "ı"),
        (1, 0x40, "İ"),
        (3, 0x15, "∞"),
        (3, 0x1A, "|"),
        (4, 0x60, "\u09ce"),
        (5, 0x7F, "\u0af1"),
        (6, 0x3C, "\u0929"),
        (7, 0x24, "\u0ca1"),
        (8, 0x4F, "\u0d3d"),
        (9, 0x4D, "\u0b39"),
        (10, 0x4E, "\u0a3c"),
        (11, 0x2F, "\u0ba8"),
        (12, 0x00, "\u0c01"),
        (13, 0x07, "\u062a"),
    ],
)
def test_locking_tables_say_what_annex_a_says(language: int, code: int, char: str) -> None:
    assert gsm7.text_of(bytes((code,)), locking=language) == char


@pytest.mark.parametrize(
    ("language", "code", "char"),
    [
        (1, 0x67, "ğ"),
        (2, 0x09, "ç"),
        (3, 0x1F, "Ê"),
        (4, 0x19, "\u09e6"),
        (4, 0x34, "\u09fa"),
        (6, 0x3A, "\u0971"),
        (8, 0x34, "\u0d7f"),
        (10, 0x2D, "\u0a75"),
        (11, 0x25, "\u0bef"),
        (12, 0x32, "\u0c7f"),
        (13, 0x3F, "\u06d4"),
        (13, 0x65, "€"),
    ],
)
def test_shift_tables_say_what_annex_a_says(language: int, code: int, char: str) -> None:
    assert gsm7.text_of(bytes((ESC, code)), single=language) == char


_SHIFTED = {
    0: ("0A 14 28 29 2F 3C 3D 3E 40 65", "\f^{}\\[~]|€"),
    1: ("47 49 53 63 67 69 73", "ĞİŞçğış"),
    2: ("09 41 49 4F 55 61 69 6F 75", "çÁÍÓÚáíóú"),
    3: (
        "05 09 0B 0C 0E 0F 12 13 15 16 17 18 19 1F 41 49 4F 55 5B 5C 61 69 6F 75 7B 7C 7F",
        "êçÔôÁáΦΓΩΠΨΣΘÊÀÍÓÚÃÕÂíóúãõâ",
    ),
}


@pytest.mark.parametrize("language", _SHIFTED)
def test_each_shifted_letter_of_the_latin_tables(language: int) -> None:
    """23.038 §6.2.1.1 and A.2.1 to A.2.3."""
    codes, letters = _SHIFTED[language]
    own = dict(zip(bytes.fromhex(codes), letters, strict=True))
    assert SINGLE[language] == own | dict(EXTENSION)


@pytest.mark.parametrize("language", range(4, 14))
def test_signs_and_capitals_that_all_indic_shift_tables_share(language: int) -> None:
    """A.2.4 to A.2.13: Bengali's letters begin at 0x19 as the others' do."""
    signs = "@£$¥¿\"¤%&'\f*+"
    assert "".join(SINGLE[language][code] for code in range(len(signs))) == signs
    assert "".join(SINGLE[language][code] for code in range(0x0E, 0x19)) == "-/<=>¡^¡_#*"
    capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert "".join(SINGLE[language][code] for code in range(0x41, 0x5B)) == capitals


@pytest.mark.parametrize(
    ("septets", "text"),
    [
        (b"\x1be", "€"),
        (b"\x1bA", "A"),  # not in the extension: the main table's
        (b"\x1b\x1bA", " A"),
        (b"A\x1b", "A"),
    ],
)
def test_escapes_of_every_kind(septets: bytes, text: str) -> None:
    assert gsm7.text_of(septets) == text


def test_known_octets_of_known_texts() -> None:
    assert gsm7.pack(b"Hello World!") == bytes.fromhex("C8329BFD065DDF72363904")
    assert gsm7.septets_of("[{abc}]~") == bytes.fromhex("1B3C1B286162631B291B3E1B3D")
    assert gsm7.septets_of("世界") is None


@given(TEXTS)
def test_texts_come_back(text: str) -> None:
    septets = gsm7.septets_of(text)
    assert septets is not None
    assert gsm7.text_of(gsm7.unpack(gsm7.pack(septets), len(septets))) == text


@given(TEXTS, st.integers(0, 56))
def test_texts_come_back_from_behind_a_header(text: str, skip: int) -> None:
    septets = gsm7.septets_of(text) or b""
    assert gsm7.unpack(gsm7.pack(septets, skip), len(septets), skip) == septets


@given(TEXTS.filter(lambda text: not text.endswith(("\r", "@"))))
def test_ussd_strings_come_back_without_their_filling(text: str) -> None:
    septets = gsm7.septets_of(text) or b""
    assert gsm7.unpack_ussd(gsm7.pack_ussd(septets)) == septets


@pytest.mark.parametrize(
    ("septets", "read", "octets"),
    [
        (b"", b"", 0),
        (b"ab\r", b"ab\r", 3),
        (b"123456\r", b"123456\r", 7),
        (b"1234567", b"1234567", 7),  # seven spare bits are a CR
        (b"12345678", b"12345678", 7),
        (b"1234567\r", b"1234567\r\r", 8),  # another CR, which "will not result in misoperation"
    ],
)
def test_a_cr_is_the_texts_own_unless_it_fills_up(septets: bytes, read: bytes, octets: int) -> None:
    """23.038 §6.1.2.3.1."""
    packed = gsm7.pack_ussd(septets)
    assert (len(packed), gsm7.unpack_ussd(packed)) == (octets, read)


def test_the_stand_in_of_a_void_code_is_no_letter() -> None:
    assert gsm7.septets_of(VOID) is None


@given(st.binary(max_size=200), st.integers(0, 255), st.integers(0, 255))
def test_any_octets_are_some_text(data: bytes, locking: int, single: int) -> None:
    text = gsm7.text_of(gsm7.unpack(data), locking, single)
    assert len(text) <= len(data) * 8 // 7
