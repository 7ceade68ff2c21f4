"""Making foreign text safe to show. Whatever a modem or a network sends is data, never terminal control."""

import unicodedata

_ALWAYS_SHOWN = {"\n"}


def printable(text: str, *, keep_newlines: bool = False) -> str:
    """`text` with every control, format, surrogate and private character spelled as \\x1b or \\u202e.

    Bidirectional overrides (category Cf) are escaped too: they can make a terminal show another text than was sent.
    """
    return "".join(
        char if _is_shown(char) or (keep_newlines and char in _ALWAYS_SHOWN) else _spelled(char) for char in text
    )


def _is_shown(char: str) -> bool:
    return not unicodedata.category(char).startswith("C") and char not in "\u2028\u2029"


def _spelled(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
