"""The 7-bit alphabets of 3GPP TS 23.038 V16: default (§6.2.1), extension (§6.2.1.1), national tables (Annex A).

A locking table has 128 characters; what is void there, and ESC itself, is VOID. A single shift table holds only
what it defines. The tables of the nine Indic scripts are one layout (the order of ISCII) laid over the script's
Unicode block, less the letters that the script has not. Misprints of the standard are put right: A.3.7 code 0x24
(0CAA, should be 0CA1), A.3.11 and A.3.12 code 0x11 (no such letters), and in A.2 digits of Tamil and
Telugu (0x24 of A.2.11; 0x1C of A.2.12 in V16, 0x22 and 0x23 in V9).

Compared, code by code, with three transcriptions that others made: gsmcodecs 1.0.0 (of V18), Android's GsmAlphabet (of
V9.1.1) and CyberChef's GSM-7 (of V16). Where they differ the other two decide, and both are with us: 0x2C of A.3.4 to
A.3.13 is a comma, 0x24 of A.3.7 is 0CA1 (CyberChef prints the misprint), A.2.12 has the euro sign at 0x65.
"""

from collections.abc import Mapping

VOID = "\ufffd"
ESC = 0x1B

_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = "abcdefghijklmnopqrstuvwxyz"
_SIGNS = "%&'()*+,-./" + _DIGITS + ":;<=>?"

DEFAULT = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ" + VOID + 'ÆæßÉ !"#¤' + _SIGNS + "¡" + _CAPITALS + "ÄÖÑÜ§¿" + _SMALL + "äöñüà"
_TURKISH = "@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ" + VOID + 'ŞşßÉ !"#¤' + _SIGNS + "İ" + _CAPITALS + "ÄÖÑÜ§ç" + _SMALL + "äöñüà"
_PORTUGUESE = (
    "@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|" + VOID + 'ÂâÊÉ !"#º' + _SIGNS + "Í" + _CAPITALS + "ÃÕÚÜ§~" + _SMALL + "ãõ`üà"
)
_URDU_LETTERS = (
    "0627 0622 0628 067B 0680 067E 06A6 062A 06C2 067F LF 0679 067D CR 067A 067C "
    "062B 062C 0681 0684 0683 0685 0686 0687 062D 062E 062F ESC 068C 0688 0689 068A "
    "SP ! 068F 068D 0630 0631 0691 0693 ) ( 0699 0632 , 0696 . 0698 "
    "0 1 2 3 4 5 6 7 8 9 : ; 069A 0633 0634 ? "
    "0635 0636 0637 0638 0639 0641 0642 06A9 06AA 06AB 06AF 06B3 06B1 0644 0645 0646 "
    "06BA 06BB 06BC 0648 06C4 06D5 06C1 06BE 0621 06CC 06D0 06D2 064D 0650 064F 0657 0654"
)
_URDU_TAIL = "0655 0651 0653 0656 0670"

_INDIC_LAYOUT = (
    "01 02 03 05 06 07 08 09 0A 0B LF 0C 0D CR 0E 0F 10 11 12 13 14 15 16 17 18 19 1A ESC 1B 1C 1D 1E "
    "SP ! 1F 20 21 22 23 24 ) ( 25 26 , 27 . 28 '0 '1 '2 '3 '4 '5 '6 '7 '8 '9 : ; 29 2A 2B ? "
    "2C 2D 2E 2F 30 31 32 33 34 35 36 37 38 39 3C 3D 3E 3F 40 41 42 43 44 45 46 47 48 49 4A 4B 4C 4D"
)
"""Codes 0x00 to 0x5F: two hexadecimal digits are an offset into the script's block, '0 is the digit."""
_SPELLED = {"LF": "\n", "CR": "\r", "SP": " ", "ESC": VOID}


def _urdu() -> str:
    letters = [_SPELLED.get(code) or (chr(int(code, 16)) if len(code) == 4 else code) for code in _URDU_LETTERS.split()]
    return "".join(letters) + _SMALL + "".join(chr(int(code, 16)) for code in _URDU_TAIL.split())


def _indic(base: int, absent: str, tail: str) -> str:
    """`tail`: the characters at 0x60 and at 0x7B to 0x7F."""
    missing = set(absent.split())
    letters = []
    for code in _INDIC_LAYOUT.split():
        if code in _SPELLED:
            letters.append(_SPELLED[code])
        elif len(code) == 2 and code[0] != "'":
            letters.append(VOID if code in missing else chr(base + int(code, 16)))
        else:
            letters.append(code[-1])
    at_60, *rest = (chr(int(code, 16)) for code in tail.split())
    return "".join(letters) + at_60 + _SMALL + "".join(rest)


LOCKING: Mapping[int, str] = {
    0: DEFAULT,
    1: _TURKISH,
    # 2, Spanish, has none (A.3.2)
    3: _PORTUGUESE,
    4: _indic(0x0980, "0D 0E 11 12 29 31 33 34 35 45 46 49 4A", "09CE 09D7 09DC 09DD 09F0 09F1"),  # Bengali, Assamese
    5: _indic(0x0A80, "0E 12 29 31 34 46 4A", "0AD0 0AE0 0AE1 0AE2 0AE3 0AF1"),  # Gujarati
    6: _indic(0x0900, "", "0950 0972 097B 097C 097E 097F"),  # Hindi
    7: _indic(0x0C80, "01 0D 11 29 34 45 49", "0CD5 0CD6 0CE0 0CE1 0CE2 0CE3"),  # Kannada
    8: _indic(0x0D00, "01 0D 11 29 3C 45 49", "0D57 0D60 0D61 0D62 0D63 0D79"),  # Malayalam
    9: _indic(0x0B00, "0D 0E 11 12 29 31 34 45 46 49 4A", "0B56 0B57 0B60 0B61 0B62 0B63"),  # Oriya
    10: _indic(
        0x0A00, "0B 0C 0D 0E 11 12 29 31 34 37 3D 43 44 45 46 49 4A", "0A51 0A70 0A71 0A72 0A73 0A74"
    ),  # Punjabi
    11: _indic(
        0x0B80,
        "01 0B 0C 0D 11 16 17 18 1B 1D 20 21 22 25 26 27 2B 2C 2D 3C 3D 43 44 45 49",
        "0BD0 0BD7 0BF0 0BF1 0BF2 0BF9",
    ),  # Tamil
    12: _indic(0x0C00, "0D 11 29 34 3C 45 49", "0C55 0C56 0C60 0C61 0C62 0C63"),  # Telugu
    13: _urdu(),
}
"""National language identifier (§6.2.1.2.4) → locking shift table."""

EXTENSION: Mapping[int, str] = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
_TURKISH_SHIFT = {0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"}
_SPANISH_SHIFT = {
    0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x61: "á", 0x69: "í", 0x6F: "ó", 0x75: "ú",
}  # fmt: skip
_PORTUGUESE_SHIFT = {
    0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á", 0x12: "Φ", 0x13: "Γ", 0x15: "Ω", 0x16: "Π",
    0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê", 0x41: "À", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x5B: "Ã", 0x5C: "Õ",
    0x61: "Â", 0x69: "í", 0x6F: "ó", 0x75: "ú", 0x7B: "ã", 0x7C: "õ", 0x7F: "â",
}  # fmt: skip
_INDIC_SIGNS = {
    **dict(enumerate("@£$¥¿\"¤%&'\f*+")),
    **dict(enumerate("-/<=>¡^¡_#*", start=0x0E)),
    **dict(enumerate(_CAPITALS, start=0x41)),
    **EXTENSION,
}
_FREE = [code for code in range(0x26, 0x3C) if code not in _INDIC_SIGNS]
"""Where a script puts what it has beyond its digits, in order."""
_DANDAS = "\u0964\u0965"


def _indic_shift(zero: int, beyond: str, at_19: str = _DANDAS) -> Mapping[int, str]:
    """Two signs at 0x19, ten digits from 0x1C on (`zero` is the script's nought), then `beyond` in the free codes."""
    digits = {0x1C + value: chr(zero + value) for value in range(10)}
    further = dict(zip(_FREE, (chr(int(code, 16)) for code in beyond.split()), strict=False))
    return {**_INDIC_SIGNS, **dict(enumerate(at_19, start=0x19)), **digits, **further}


def _bengali_shift() -> Mapping[int, str]:
    """The only one whose digits begin at 0x19."""
    codes = (0x19, 0x1A, *range(0x1C, 0x28), 0x2A, *range(0x2B, 0x2F), *range(0x30, 0x35))
    letters = (*range(0x09E6, 0x09F0), 0x09DF, 0x09E0, 0x09E1, 0x09E2, 0x09E3, *range(0x09F2, 0x09FB))
    return {**_INDIC_SIGNS, **{code: chr(letter) for code, letter in zip(codes, letters, strict=True)}}


SINGLE: Mapping[int, Mapping[int, str]] = {
    0: EXTENSION,
    1: {**EXTENSION, **_TURKISH_SHIFT},
    2: {**EXTENSION, **_SPANISH_SHIFT},
    3: {**EXTENSION, **_PORTUGUESE_SHIFT},
    4: _bengali_shift(),
    5: _indic_shift(0x0AE6, ""),
    6: _indic_shift(
        0x0966, "0951 0952 0953 0954 0958 0959 095A 095B 095C 095D 095E 095F 0960 0961 0962 0963 0970 0971"
    ),
    7: _indic_shift(0x0CE6, "0CDE 0CF1 0CF2"),
    8: _indic_shift(0x0D66, "0D70 0D71 0D72 0D73 0D74 0D75 0D7A 0D7B 0D7C 0D7D 0D7E 0D7F"),
    9: _indic_shift(0x0B66, "0B5C 0B5D 0B5F 0B70 0B71"),
    10: _indic_shift(0x0A66, "0A59 0A5A 0A5B 0A5C 0A5E 0A75"),
    11: _indic_shift(0x0BE6, "0BF3 0BF4 0BF5 0BF6 0BF7 0BF8 0BFA"),
    12: _indic_shift(0x0C66, "0C58 0C59 0C78 0C79 0C7A 0C7B 0C7C 0C7D 0C7E 0C7F", at_19=""),
    13: {
        **_indic_shift(
            0x06F0,
            "060C 060D 060E 060F 0610 0611 0612 0613 0614 061B 061F 0640 0652 0658 066B 066C 0672 0673 06CD",
            at_19="\u0600\u0601",
        ),
        0x3F: "\u06d4",
    },
}
"""National language identifier → single shift table, which stands in for the default extension table."""
