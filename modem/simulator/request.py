"""A command line as a modem reads it (V.250, 5.2 to 5.4): name, form and parameters."""

import re

from modem.frozen import dataclass

_EXTENDED = re.compile(r"AT([+^*!$%#][A-Z0-9]+)(=\?|\?|=(.*))?$", re.IGNORECASE | re.DOTALL)
_BASIC = re.compile(r"AT(&?[A-Z])(.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Request:
    name: str
    """Upper case: "+CREG", "I", "&F"; empty for a bare AT."""
    form: str
    """run, read, test or set."""
    arguments: tuple[str, ...] = ()
    """Without their quotes."""

    def argument(self, index: int, default: str = "") -> str:
        return self.arguments[index] if index < len(self.arguments) else default

    def number(self, index: int, default: int = -1) -> int:
        """Small on purpose: no parameter that the virtual modem reads has more than nine digits."""
        text = self.argument(index)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else default


def parse(command: str) -> Request | None:
    """None: not a command line that any modem would read."""
    text = command.strip()
    if text.upper() == "AT":
        return Request("", "run")
    if extended := _EXTENDED.match(text):
        form = {None: "run", "?": "read", "=?": "test"}.get(extended[2], "set")
        return Request(extended[1].upper(), form, _arguments(extended[3] or "") if form == "set" else ())
    if basic := _BASIC.match(text):
        return Request(basic[1].upper(), "run", (basic[2].strip(),) if basic[2].strip() else ())
    return None


def _arguments(text: str) -> tuple[str, ...]:
    """Split at commas outside quotes."""
    parts, quoted = [""], False
    for char in text:
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return tuple(part.strip() for part in parts)
