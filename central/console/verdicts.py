"""What each verdict means, in the words of `posagent diag`. verdicts.json is written by docs/generate.py from the
agent's catalogue, because the centre knows nothing of the agent but what it sends.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from central.words import Lang


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
    known = json.loads(Path(__file__).with_name("verdicts.json").read_text(encoding="utf-8"))
    return {code: {lang: _advice(words) for lang, words in langs.items()} for code, langs in known.items()}


def advice(code: str, lang: Lang) -> Advice | None:
    """None for a code that this version does not know."""
    return catalogue().get(code, {}).get(lang)


def title(code: str, lang: Lang) -> str:
    """A code of a newer agent is its own title."""
    known = advice(code, lang)
    return known.title if known else code


def _advice(words: Mapping[str, object]) -> Advice:
    steps = words["steps"]
    told = tuple(str(step) for step in steps) if isinstance(steps, list) else ()
    return Advice(str(words["title"]), told, str(words["merchant"]), str(words["centre"]))
