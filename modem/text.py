"""Making foreign text safe to show. Whatever a modem or a network sends is data, never terminal control."""

import unicodedata

_ALWAYS_SHOWN = {"\n"}


def printable(text: str, *, keep_newlines: bool = False) -> str:
    """`text` with every control, format, surrogate and private character spelled as \\x1b or \\u202e.

    Bidirectional overrides (category Cf) are escaped too: they can make a terminal show another text than was sent.
    """
    if text.isprintable():  # stricter than what follows (it wants no other space than U+0020), and fifty times cheaper
        return text
    return "".join(
        char if _is_shown(char) or (keep_newlines and char in _ALWAYS_SHOWN) else _spelled(char) for char in text
    )


def printable_json(document: str) -> str:
    """A JSON document with such characters as \\uXXXX, which says the same to a program and nothing to a terminal.

    `document` is on one line, as `json.dumps` writes it: what is below U+0020 is escaped already.
    """
    if document.isascii() and "\x7f" not in document:
        return document
    return "".join(char if _is_shown(char) else _spelled_in_json(char) for char in document)


def _spelled_in_json(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _is_shown(char: str) -> bool:
    return not unicodedata.category(char).startswith("C") and char not in "\u2028\u2029"


def _spelled(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
