"""Reading the files that people hand to the simulator: bounded, typed, and with errors that say where."""

import json
import math
import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from modem.text import printable

MAX_FILE_BYTES = 1024 * 1024
MAX_TEXT = 65_536
MAX_ITEMS = 10_000
_SHOWN = 60


class ScriptError(Exception):
    """A capture or a scenario cannot be used; the message names the file, the place in it and what is wrong."""

    def __init__(self, source: str, what: str) -> None:
        super().__init__(f"{printable(source)}: {printable(what)}")
        self.source = source
        self.what = what


def read_document(path: Path) -> dict[str, Any]:
    """The file's top-level table; JSON if the name ends in .json, else TOML. Raises `ScriptError`."""
    source = str(path)
    try:
        text = _read_bounded(path).decode("utf-8-sig")
        value = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise ScriptError(source, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise ScriptError(source, f"is not UTF-8 text (byte {error.start})") from error
    except RecursionError as error:
        raise ScriptError(source, "is nested too deeply") from error
    except ValueError as error:
        raise ScriptError(source, f"cannot be parsed: {error}") from error
    if not isinstance(value, dict):
        raise ScriptError(source, "must hold one table (an object), not a list or a single value")
    return value


def _read_bounded(path: Path) -> bytes:
    """A regular file of at most MAX_FILE_BYTES; never waits on a FIFO and never reads a device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ScriptError(str(path), "is not a regular file")
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ScriptError(str(path), f"is larger than {MAX_FILE_BYTES} bytes")
    return data


def octets(text: str) -> bytes:
    """What a file's text stands for on the line.

    Characters up to U+00FF are bytes of that number (that is how garbage is written in captures); a text with any
    other character is UTF-8 (typographic quotes, Chinese operator names).
    """
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


class Table:
    """One table of a file. Every getter checks the type and remembers the key; `done` refuses what nobody asked for."""

    def __init__(self, values: Mapping[str, object], source: str, where: str = "") -> None:
        self.values = values
        self.source = source
        self.where = where
        self._asked: set[str] = set()

    def error(self, key: str, what: str) -> ScriptError:
        return ScriptError(self.source, f"{self._place(key)}: {what}")

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "a text", value)
        if len(value) > MAX_TEXT:
            raise self.error(key, f"is longer than {MAX_TEXT} characters")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def number(self, key: str, default: float | None = None, low: float = -1e12, high: float = 1e12) -> float:
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(key, "a number", value)
        if not math.isfinite(value) or not low <= value <= high:
            raise self.error(key, f"must be from {low:g} to {high:g}")
        return float(value)

    def integer(self, key: str, default: int | None = None, low: int = -(2**62), high: int = 2**62) -> int:
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, "a whole number", value)
        if not low <= value <= high:
            raise self.error(key, f"must be from {low} to {high}")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        value, words = self.text(key, default), tuple(allowed)
        if value not in words:
            raise self.error(key, f"found {value[:_SHOWN]!r}, allowed are {', '.join(words)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one, an absent key an empty one."""
        value = self._get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise self._wrong(key, "a text or a list of texts", value)
        self._bound(key, items)
        return tuple(items)

    def table(self, key: str) -> "Table":
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "a table", value)
        return Table(value, self.source, self._place(key))

    def tables(self, key: str) -> tuple["Table", ...]:
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._wrong(key, "a list of tables", value)
        self._bound(key, value)
        return tuple(Table(item, self.source, f"{self._place(key)}[{n}]") for n, item in enumerate(value, 1))

    def known(self, keys: Iterable[str]) -> None:
        """Refuse any key that is not one of these."""
        self._asked.update(keys)
        self.done()

    def done(self) -> None:
        """Misspelt keys are errors, not silence."""
        unknown = sorted(set(self.values) - self._asked)
        if unknown:
            known = ", ".join(sorted(self._asked))
            raise self.error(unknown[0][:_SHOWN], f"is not known here; known are {known}")

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        value = self.values.get(key)
        value = default if value is None else value
        if value is None:
            raise self.error(key, "is missing")
        return value

    def _bound(self, key: str, items: list[Any]) -> None:
        if len(items) > MAX_ITEMS or sum(len(item) for item in items if isinstance(item, str)) > MAX_FILE_BYTES:
            raise self.error(key, f"holds more than {MAX_ITEMS} items")

    def _wrong(self, key: str, wanted: str, value: object) -> ScriptError:
        return self.error(key, f"must be {wanted}, found {repr(value)[:_SHOWN]}")

    def _place(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key
