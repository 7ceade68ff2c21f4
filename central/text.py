"""Foreign text made safe to show. What a terminal sends is data: never control of a screen, never a line of a log."""

import unicodedata

_SHORTENED = "…"


def printable(text: str, limit: int = 400) -> str:
    """`text` with control, format, surrogate and private characters spelled out (\\x1b, \\u202e), at most `limit` long.

    Format characters (Unicode category Cf) include the bidirectional overrides, which make text read as another one.
    """
    cut = text if len(text) <= limit else text[: limit - 1] + _SHORTENED
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(char if _is_shown(char) else _spelled(char) for char in cut)


def _is_shown(char: str) -> bool:
    return not unicodedata.category(char).startswith("C") and char not in "\u2028\u2029"


def _spelled(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
