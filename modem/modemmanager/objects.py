"""D-Bus values made safe: a property that is missing, empty or of the wrong type is None; texts are cut and printable.

jeepney gives a variant as a pair (signature, value); `plain` takes the pairs apart once, at the edge.
"""

from collections.abc import Mapping

from modem.frozen import dataclass
from modem.text import printable

MAX_TEXT = 256
MAX_LIST = 256
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of one interface of one object; asked by name and type."""

    values: Mapping[str, object]

    def text(self, name: str, most: int = MAX_TEXT) -> str | None:
        value = self.values.get(name)
        return printable(value[:most]).strip() or None if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        return integer(self.values.get(name))

    def real(self, name: str) -> float | None:
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool | None:
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    def items(self, name: str) -> list[object]:
        value = self.values.get(name)
        return value[:MAX_LIST] if isinstance(value, list) else []

    def texts(self, name: str) -> list[str]:
        return [printable(item[:MAX_TEXT]) for item in self.items(name) if isinstance(item, str)]

    def pair(self, name: str) -> tuple[object, object] | None:
        value = self.values.get(name)
        return (value[0], value[1]) if isinstance(value, tuple) and len(value) == 2 else None

    def path(self, name: str) -> str | None:
        """An object's path; "/" stands for none."""
        return path(self.values.get(name))

    def paths(self, name: str) -> list[str]:
        return [found for item in self.items(name) if (found := path(item))]

    def table(self, name: str) -> "Properties":
        return Properties(mapping(self.values.get(name)))


def properties(value: object) -> Properties:
    """From a{sv} as it came over the bus."""
    return Properties(mapping(plain(value)))


def integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def path(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith("/") and len(value) > 1 else None


def mapping(value: object) -> Mapping[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def plain(value: object, depth: int = 0) -> object:
    """Variants replaced by their values, all the way down; what is nested deeper than any property of theirs is None.

    The keys of a table stay as they are: MM has tables by name and by number.
    """
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {key: plain(_unpacked(item), depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value[:MAX_LIST]]
    return value


def _unpacked(value: object) -> object:
    """A variant is (signature, value); MM has no property whose own value is a pair that begins with a text, but for
    ConnectionError (ss), which arrives inside a variant like all others."""
    return value[1] if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) else value
