"""What a code is called, wherever the centre names one: pages, alerts, sheets, JSON. A verdict has the words of
`posagent diag`: verdicts.json is written by docs/generate.py from the agent's catalogue, because the centre knows
nothing of the agent but what it sends. What only the centre can know has its words in the tables beside.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from central.words import LANGS, Lang, known, word


@dataclass(frozen=True, slots=True)
class Advice:
    title: str
    steps: tuple[str, ...]
    """For the technician, the first one first."""
    merchant: str
    centre: str


@cache
def catalogue() -> Mapping[str, Mapping[str, Advice]]:
    """Code → language → words."""
    table = json.loads(Path(__file__).with_name("verdicts.json").read_text(encoding="utf-8"))
    return {code: {lang: _advice(words) for lang, words in langs.items()} for code, langs in table.items()}


def advice(code: str, lang: Lang) -> Advice | None:
    """None for a code that this version does not know."""
    return catalogue().get(code, {}).get(lang)


def title(code: str, lang: Lang, told: object = None) -> str:
    """The catalogue's title, else the centre's own word, else what the terminal `told` (language → title) of a code
    that only a newer agent knows, else the code.
    """
    if (words := advice(code, lang)) is not None:
        return words.title
    for key in (f"alert_{code}", code):
        if known(key):
            return word(key, lang)
    sentence = told.get(lang) if isinstance(told, Mapping) else None
    return sentence if isinstance(sentence, str) and sentence else code


def titles(code: str, told: object = None) -> dict[str, str]:
    """The title in each language."""
    return {lang: title(code, lang, told) for lang in LANGS}


def _advice(words: Mapping[str, object]) -> Advice:
    steps = words["steps"]
    told = tuple(str(step) for step in steps) if isinstance(steps, list) else ()
    return Advice(str(words["title"]), told, str(words["merchant"]), str(words["centre"]))
