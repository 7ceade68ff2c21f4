"""The cipher of China Telecom's gateway (`strEnc` with three keys), which is not DES as anybody else has it.

Rounds, boxes and permutations are those of FIPS 46-3, but the key's bits are chosen in plain order of columns where the
standard turns its second half round (PC-1), so no library has it. A text goes in by four characters of 16 bits each,
filled up with zero bits; a key likewise, and each block is encrypted with every part of every key in turn. What comes
out is hexadecimal. It protects nothing by itself (a key has three characters): it is what the platform takes.
"""

from collections.abc import Iterable, Sequence
from functools import cache, reduce

_IP = [column - 8 * row for column in (57, 59, 61, 63, 56, 58, 60, 62) for row in range(8)]
_FP = [8 * column + row for row in range(7, -1, -1) for column in (4, 0, 5, 1, 6, 2, 7, 3)]
_E = [(4 * group + place - 1) % 32 for group in range(8) for place in range(6)]
_P = [
    15, 6, 19, 20, 28, 11, 27, 16, 0, 14, 22, 25, 4, 17, 30, 9,
    1, 7, 23, 13, 31, 26, 2, 8, 18, 12, 29, 5, 21, 10, 3, 24,
]  # fmt: skip
_PC1 = [8 * row + column for column in range(7) for row in range(7, -1, -1)]
_PC2 = [
    13, 16, 10, 23, 0, 4, 2, 27, 14, 5, 20, 9, 22, 18, 11, 3, 25, 7, 15, 6, 26, 19, 12, 1,
    40, 51, 30, 36, 46, 54, 29, 39, 50, 44, 32, 47, 43, 48, 38, 55, 33, 52, 45, 41, 49, 35, 28, 31,
]  # fmt: skip
_TURNS = (1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1)
_BOXES = [
    "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
    "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
    "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
    "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
    "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
    "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
    "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
    "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b",
]


def encrypt(text: str, keys: Sequence[str]) -> str:
    """Upper-case hexadecimal, 16 digits for every four characters."""
    parts = [part for key in keys for part in _blocks(key)]
    found = []
    for block in _blocks(text):
        coded = reduce(_block, parts, block)
        found.append("".join(f"{int(''.join(map(str, coded[at : at + 4])), 2):X}" for at in range(0, 64, 4)))
    return "".join(found)


Bits = tuple[int, ...]


def _blocks(text: str) -> Iterable[Bits]:
    """UTF-16 code units, as the platform's own script takes them."""
    units = [int.from_bytes(unit) for unit in _units(text)]
    for at in range(0, len(units), 4):
        four = [*units[at : at + 4], 0, 0, 0][:4]
        yield tuple(unit >> place & 1 for unit in four for place in range(15, -1, -1))


def _units(text: str) -> Iterable[bytes]:
    coded = text.encode("utf-16-be", "surrogatepass")
    return (coded[at : at + 2] for at in range(0, len(coded), 2))


def _block(bits: Bits, key: Bits) -> Bits:
    moved = [bits[place] for place in _IP]
    left, right = moved[:32], moved[32:]
    for chosen in _round_keys(key):
        left, right = right, [one ^ other for one, other in zip(left, _mixed(right, chosen), strict=True)]
    joined = [*right, *left]
    return tuple(joined[place] for place in _FP)


def _mixed(right: Sequence[int], key: Bits) -> list[int]:
    wide = [right[place] ^ bit for place, bit in zip(_E, key, strict=True)]
    out: list[int] = []
    for number, box in enumerate(_BOXES):
        a, b, c, d, e, f = wide[6 * number : 6 * number + 6]
        value = int(box[(2 * a + f) * 16 + 8 * b + 4 * c + 2 * d + e], 16)
        out += [value >> place & 1 for place in (3, 2, 1, 0)]
    return [out[place] for place in _P]


@cache
def _round_keys(key: Bits) -> tuple[Bits, ...]:
    chosen = [key[place] for place in _PC1]
    left, right, found = chosen[:28], chosen[28:], []
    for turn in _TURNS:
        left, right = left[turn:] + left[:turn], right[turn:] + right[:turn]
        both = left + right
        found.append(tuple(both[place] for place in _PC2))
    return tuple(found)
