"""Opening hours as people write them in either language, and back; pure. The form beneath is central/hours.py's."""

import re
from itertools import groupby

from central.words import Lang

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE = "一二三四五六日"
_SIGNS = {
    "；": ";",
    "，": ",",
    "、": ",",
    "：": ":",
    "至": "-",
    "到": "-",
    "—": "-",
    "–": "-",
    "~": "-",
    "～": "-",
    "天": "日",
}
_DAY = re.compile(rf"(?:周|星期|礼拜)([{_CHINESE}])")
EXAMPLE = {"zh": "周一-周五 9:00-21:00; 周六,周日 10:00-18:00", "en": "mon-fri 9:00-21:00; sat,sun 10:00-18:00"}


def read(text: str) -> str:
    """What somebody wrote, in the words that central.hours reads; it says what is wrong."""
    plain = "".join(_SIGNS.get(char, char) for char in text)
    plain = _DAY.sub(lambda found: _DAYS[_CHINESE.index(found[1])], plain)
    plain = re.sub(r"\s*([-,:;])\s*", r"\1", plain.strip().strip(";"))
    return re.sub(r"(?<=[a-z])(?=\d)", " ", plain).replace(";", "; ")


def shown(week: str, lang: Lang) -> str:
    """A week in words: days with the same hours together; "" where it is never open."""
    days = [tuple(_spans(week[day * 24 : day * 24 + 24])) for day in range(7)]
    parts = []
    for spans, run in groupby(range(7), key=lambda day: days[day]):
        first, *rest = run
        name = _name(first, lang) + (f"-{_name(rest[-1], lang)}" if rest else "")
        parts += [f"{name} {start}:00-{end}:00" for start, end in spans]
    return "; ".join(parts)


def _spans(day: str) -> list[tuple[int, int]]:
    return [(found.start(), found.end()) for found in re.finditer("1+", day)]


def _name(day: int, lang: Lang) -> str:
    return f"周{_CHINESE[day]}" if lang == "zh" else _DAYS[day]
