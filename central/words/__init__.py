"""Every word of the console, in Chinese and English, and the choice between the two.

A page's words stand in a table of its own beside this file; a key that two tables have is a mistake that a test finds.
"""

from collections.abc import Mapping
from typing import Literal

from central.words import alerts, common, incidents, now, people, platforms, renewals, reports, terminal, terminals

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
TABLES: tuple[Mapping[str, tuple[str, str]], ...] = (
    common.WORDS, now.WORDS, terminals.WORDS, terminal.WORDS, incidents.WORDS, alerts.WORDS, reports.WORDS,
    people.WORDS, renewals.WORDS, platforms.WORDS,
)  # fmt: skip

_WORDS = {key: pair for table in TABLES for key, pair in table.items()}
_SIZES = (("GB", 2**30), ("MB", 2**20), ("KB", 2**10))
_UNITS: Mapping[Lang, tuple[str, str, str, str]] = {
    "zh": (" 天 ", " 小时 ", " 分钟 ", " 秒"),
    "en": (" d ", " h ", " min ", " s"),
}


def known(key: str) -> bool:
    return key in _WORDS


def word(key: str, lang: Lang, **values: object) -> str:
    """The word for `key`, with `values` in its {places}; a key nobody knows is shown as it is."""
    pair = _WORDS.get(key)
    if pair is None:
        return key
    text = pair[LANGS.index(lang)]
    return text.format_map({name: str(value) for name, value in values.items()}) if values else text


def choose(query: str | None, accept_language: str) -> Lang:
    """`query` wins, then the browser's first wish we can serve, then English."""
    for lang in LANGS:
        if query == lang:
            return lang
    wishes: list[tuple[float, int, Lang]] = []
    for place, part in enumerate(accept_language[:500].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        wishes += [(-_quality(quality), place, lang) for lang in LANGS if tag.strip().lower()[:2] == lang]
    return min(wishes)[2] if wishes else "en"


def duration(seconds: int, lang: Lang) -> str:
    """The two largest units: 3 d 4 h."""
    amounts = (seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    parts = [(amount, unit) for amount, unit in zip(amounts, _UNITS[lang], strict=True) if amount]
    return "".join(f"{amount}{unit}" for amount, unit in parts[:2]).strip() or f"0{_UNITS[lang][3]}"


def span(seconds: int, lang: Lang) -> str:
    """A duration to the minute, which is how often an open page says something else: 19 min, 3 h 5 min."""
    if seconds < 60:
        return ("不到 1 分", "under 1 min")[LANGS.index(lang)]
    return duration(seconds - seconds % 60, lang)


def size(count: object) -> str:
    """Bytes in MB of 2**20, as `posagent usage` and the plans' quotas are told; "" when it is not a number."""
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < 2**63:
        return ""
    unit, share = next((one for one in _SIZES if count >= one[1]), ("", 1))
    return f"{count / share:.1f} {unit}" if unit else f"{count} B"


def _quality(text: str) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.0
