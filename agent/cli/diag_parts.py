"""What the renderings of a report share: a line, the words of a language, and a careful hand on foreign values."""

from collections.abc import Mapping
from typing import Any

from agent import locale
from agent.assess.base import Lang
from modem.frozen import dataclass

COLUMNS = 78
Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    text: str = ""
    style: str | None = None
    """A style of `agent.cli.context.Output`."""


@dataclass(frozen=True, slots=True)
class Words:
    lang: Lang

    def __call__(self, key: str, **values: object) -> str:
        text = locale.label(key, self.lang)
        return text.format(**values) if values else text

    def named(self, group: str, value: object) -> str:
        """The word for one of a fixed set of values; one of a newer version is shown as it is."""
        if value is None:
            return self("unknown")
        key = f"{group}.{value}"
        text = self(key)
        return str(value) if text == key else text


def shown(value: object) -> str:
    return "" if value is None else str(value)


def shaped(value: object, form: str) -> str:
    return "" if value is None else form.format(value)


def part(report: Report, key: str) -> Report:
    part = report.get(key)
    return part if isinstance(part, Mapping) else {}


def parts(report: Report, key: str) -> list[Report]:
    parts = report.get(key)
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []
