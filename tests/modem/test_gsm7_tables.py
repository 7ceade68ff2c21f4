"""Each character of the 7-bit alphabets, written down once more: 3GPP TS 23.038 §6.2.1, §6.2.1.1 and Annex A.

Letters are given as the clause prints them, code after code: `0905-090B` is a run of Unicode characters, `.` a code
without one. A.3.4 on and A.2.4 on are from another transcription (gsmcodecs 1.0.0, of V18), but for three places where
`modem.sms.tables` differs: 0x24 of A.3.7, 0x2C of A.3.4 to A.3.13 (a comma, there 0x27), the euro sign of A.2.12.
"""

from collections.abc import Iterator

import pytest

from modem.sms.tables import DEFAULT, ESC, EXTENSION, LOCKING, SINGLE, VOID

_ROWS = (
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ\ufffdÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
)
"""§6.2.1: 0x00 to 0x0F, 0x10 to 0x1F and so on."""
_LATIN = {
    1: ("04 07 0B 0C 1C 1D 40 60", "€ıĞğŞşİç"),
    3: (
        "04 06 07 08 09 0B 0C 0E 0F 12 13 14 15 16 17 18 19 1A 1C 1D 1E 24 40 5B 5C 5D 60 7B 7C 7D",
        "êúíóçÔôÁáªÇÀ∞^\\€Ó|ÂâÊºÍÃÕÚ~ãõ`",
    ),
}
"""A.3.1 and A.3.3: where they differ from the default alphabet."""

_KEPT = {
    0x0A: "\n", 0x0D: "\r", ESC: VOID, 0x20: " ", 0x21: "!", 0x28: ")", 0x29: "(", 0x2C: ",", 0x2E: ".", 0x3F: "?",
    **dict(enumerate("0123456789:;", start=0x30)), **dict(enumerate("abcdefghijklmnopqrstuvwxyz", start=0x61)),
}  # fmt: skip
"""A.3.4 to A.3.13: what none of them gives to a letter of its own."""
_OWN = {
    4: "0981-0983 0985-098C . . 098F-0990 . . 0993-09A8 . 09AA-09B0 . 09B2 . . . 09B6-09B9 09BC-09C4 . . 09C7-09C8 . . "
    "09CB-09CE 09D7 09DC-09DD 09F0-09F1",
    5: "0A81-0A83 0A85-0A8D . 0A8F-0A91 . 0A93-0AA8 . 0AAA-0AB0 . 0AB2-0AB3 . 0AB5-0AB9 0ABC-0AC5 . 0AC7-0AC9 . "
    "0ACB-0ACD 0AD0 0AE0-0AE3 0AF1",
    6: "0901-0903 0905-0939 093C-094D 0950 0972 097B-097C 097E-097F",
    7: ". 0C82-0C83 0C85-0C8C . 0C8E-0C90 . 0C92-0CA8 . 0CAA-0CB3 . 0CB5-0CB9 0CBC-0CC4 . 0CC6-0CC8 . 0CCA-0CCD "
    "0CD5-0CD6 0CE0-0CE3",
    8: ". 0D02-0D03 0D05-0D0C . 0D0E-0D10 . 0D12-0D28 . 0D2A-0D39 . 0D3D-0D44 . 0D46-0D48 . 0D4A-0D4D 0D57 "
    "0D60-0D63 0D79",
    9: "0B01-0B03 0B05-0B0C . . 0B0F-0B10 . . 0B13-0B28 . 0B2A-0B30 . 0B32-0B33 . 0B35-0B39 0B3C-0B44 . . 0B47-0B48 "
    ". . 0B4B-0B4D 0B56-0B57 0B60-0B63",
    10: "0A01-0A03 0A05-0A0A . . . . 0A0F-0A10 . . 0A13-0A28 . 0A2A-0A30 . 0A32-0A33 . 0A35-0A36 . 0A38-0A39 0A3C . "
    "0A3E-0A42 . . . . 0A47-0A48 . . 0A4B-0A4D 0A51 0A70-0A74",
    11: ". 0B82-0B83 0B85-0B8A . . . 0B8E-0B90 . 0B92-0B95 . . . 0B99-0B9A . 0B9C . 0B9E-0B9F . . . 0BA3-0BA4 . . . "
    "0BA8-0BAA . . . 0BAE-0BB9 . . 0BBE-0BC2 . . . 0BC6-0BC8 . 0BCA-0BCD 0BD0 0BD7 0BF0-0BF2 0BF9",
    12: "0C01-0C03 0C05-0C0C . 0C0E-0C10 . 0C12-0C28 . 0C2A-0C33 . 0C35-0C39 . 0C3D-0C44 . 0C46-0C48 . 0C4A-0C4D "
    "0C55-0C56 0C60-0C63",
    13: "0627 0622 0628 067B 0680 067E 06A6 062A 06C2 067F 0679 067D 067A 067C 062B-062C 0681 0684 0683 0685-0687 "
    "062D-062F 068C 0688-068A 068F 068D 0630-0631 0691 0693 0699 0632 0696 0698 069A 0633-0639 0641-0642 06A9-06AB "
    "06AF 06B3 06B1 0644-0646 06BA-06BC 0648 06C4 06D5 06C1 06BE 0621 06CC 06D0 06D2 064D 0650 064F 0657 0654-0655 "
    "0651 0653 0656 0670",
}
"""A.3.4 to A.3.13: the others, in the order of their codes."""

_SHIFTED = {
    4: "09E6-09EF 09DF-09E3 09F2-09FA",
    5: "0964-0965 0AE6-0AEF",
    6: "0964-096F 0951-0954 0958-0963 0970-0971",
    7: "0964-0965 0CE6-0CEF 0CDE 0CF1-0CF2",
    8: "0964-0965 0D66-0D75 0D7A-0D7F",
    9: "0964-0965 0B66-0B6F 0B5C-0B5D 0B5F 0B70-0B71",
    10: "0964-0965 0A66-0A6F 0A59-0A5C 0A5E 0A75",
    11: "0964-0965 0BE6-0BEF 0BF3-0BF8 0BFA",
    12: ". . 0C66-0C6F 0C58-0C59 0C78-0C7F",
    13: "0600-0601 06F0-06F9 060C-0614 061B 061F 0640 0652 0658 066B-066C 0672-0673 06CD 06D4",
}
"""A.2.4 to A.2.13: from 0x19 on, in the order of the codes that no sign has."""
_SIGN_ROWS = {
    0x00: "@£$¥¿\"¤%&'\f*+", 0x0E: "-/<=>¡^¡_#*", 0x28: "{}", 0x2F: "\\", 0x3C: "[~]", 0x40: "|",
    0x41: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0x65: "€",
}  # fmt: skip
_SIGNS = {first + at: sign for first, signs in _SIGN_ROWS.items() for at, sign in enumerate(signs)}
_FREE = (0x19, 0x1A, *range(0x1C, 0x28), *range(0x2A, 0x2F), *range(0x30, 0x3C), 0x3F)


def _letters(text: str) -> Iterator[str]:
    for run in text.split():
        first, _, last = run.partition("-")
        yield from VOID if run == "." else map(chr, range(int(first, 16), int(last or first, 16) + 1))


def test_the_default_alphabet_is_that_of_the_clause() -> None:
    assert "".join(_ROWS) == DEFAULT == LOCKING[0]


def test_the_default_extension_is_that_of_the_clause() -> None:
    codes = bytes.fromhex("0A 14 28 29 2F 3C 3D 3E 40 65")
    assert dict(zip(codes, "\f^{}\\[~]|€", strict=True)) == EXTENSION == SINGLE[0]


def test_each_language_of_the_annex_has_its_tables_and_spanish_no_locking_one() -> None:
    assert (sorted(LOCKING), sorted(SINGLE)) == ([0, 1, *range(3, 14)], list(range(14)))


@pytest.mark.parametrize("language", _LATIN)
def test_each_character_of_the_latin_locking_tables(language: int) -> None:
    codes, letters = _LATIN[language]
    table = dict(enumerate("".join(_ROWS))) | dict(zip(bytes.fromhex(codes), letters, strict=True))
    assert "".join(table.values()) == LOCKING[language]


@pytest.mark.parametrize("language", _OWN)
def test_each_character_of_the_locking_tables_of_other_scripts(language: int) -> None:
    own = _letters(_OWN[language])
    table = "".join(_KEPT[code] if code in _KEPT else next(own) for code in range(128))
    assert table == LOCKING[language]
    assert not list(own)


@pytest.mark.parametrize("language", _SHIFTED)
def test_each_character_of_the_single_shift_tables_of_other_scripts(language: int) -> None:
    letters = dict(zip(_FREE, _letters(_SHIFTED[language]), strict=False))
    assert {code: char for code, char in (_SIGNS | letters).items() if char != VOID} == SINGLE[language]
