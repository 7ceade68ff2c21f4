"""Septets and text (23.038 §6.1.2, §6.2). Decoding is total: every septet has a meaning, if only a stand-in."""

from modem.sms.tables import DEFAULT, ESC, EXTENSION, LOCKING, SINGLE, VOID

_CODES = {char: code for code, char in enumerate(DEFAULT) if char != VOID}
_ESCAPED = {char: code for code, char in EXTENSION.items()}


def text_of(septets: bytes, locking: int = 0, single: int = 0) -> str:
    """Septets as text; `locking` and `single` are national language identifiers, unknown ones mean the default.

    After ESC, a code that the shift table lacks stands for the locking table's character, and a second ESC for a
    space (§6.2.1.1, note 1). An ESC at the very end says nothing.
    """
    table = LOCKING.get(locking, DEFAULT)
    shift = SINGLE.get(single, EXTENSION)
    text: list[str] = []
    escaped = False
    for septet in septets:
        code = septet & 0x7F
        if escaped:
            text.append(" " if code == ESC else shift.get(code, table[code]))
            escaped = False
        elif code == ESC:
            escaped = True
        else:
            text.append(table[code])
    return "".join(text)


def septets_of(text: str) -> bytes | None:
    """Text in the default alphabet with its extension; None when a character is in neither."""
    septets = bytearray()
    for char in text:
        if char in _CODES:
            septets.append(_CODES[char])
        elif char in _ESCAPED:
            septets += bytes((ESC, _ESCAPED[char]))
        else:
            return None
    return bytes(septets)


def unpack(data: bytes, count: int | None = None, skip_bits: int = 0) -> bytes:
    """Septets from octets, at most `count` (None: as many as are whole), the first `skip_bits` left out."""
    number = int.from_bytes(data, "little") >> skip_bits
    whole = max(0, (len(data) * 8 - skip_bits) // 7)
    taken = whole if count is None else max(0, min(count, whole))
    return bytes(number >> (7 * place) & 0x7F for place in range(taken))


def pack(septets: bytes, skip_bits: int = 0) -> bytes:
    """Octets that hold `septets`, after `skip_bits` bits of nothing."""
    number = 0
    for place, septet in enumerate(septets):
        number |= (septet & 0x7F) << (7 * place)
    bits = skip_bits + 7 * len(septets)
    return (number << skip_bits).to_bytes((bits + 7) // 8, "little")


def unpack_ussd(data: bytes) -> bytes:
    """Septets of a USSD string, without the CR that fills up an octet (23.038 §6.1.2.3.1).

    Seven spare bits hold a CR instead of what would read as "@". A text that itself ends in CR at an octet's end is
    given a second CR, so one only is taken away.
    """
    septets = unpack(data)
    filled = len(data) % 7 == 0 and septets.endswith(b"\r")
    return septets[:-1] if filled else septets


def pack_ussd(septets: bytes) -> bytes:
    """The inverse of `unpack_ussd`."""
    if len(septets) % 8 == 7 or (len(septets) % 8 == 0 and septets.endswith(b"\r")):
        septets += b"\r"
    return pack(septets)
