"""So many of something, as people say it: 1 day, 2 days, 2 天."""

from typing import Literal

from agent.cli.context import Lang

Unit = Literal["day", "record", "failure"]
_CHINESE: dict[Unit, str] = {"day": "天", "record": "条", "failure": "次"}


def counted(count: int, unit: Unit, lang: Lang) -> str:
    if lang == "zh":
        return f"{count} {_CHINESE[unit]}"
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
