"""A second opinion, learned: does a Chinese text sound like a statement about this line? Pure.

The reader's words and guards know what they were told; adverts, rules and other lines' news come in words nobody has
seen. The pairs of letters of some 2,700 labelled messages tell them apart well: on sets it had not seen it stopped
two in three of the false facts that the reader's first reading gave, at the price of one true one in forty
(docs/plan-messages.md). It can only take away: less is asked of a number with its label than of an event or a date
that stands alone. The weights are a table (second_words), learned by bench/plan_messages_learn.py.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache

WHY = "does not sound like a statement about this line"
NUMBERS, EVENTS, DATES = 0.18, 0.25, 0.25
"""How likely a text must sound for its numbers, for an event without a number, for a date that stands alone."""

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_MASK = re.compile(r"[*x]{2,}")
_SPACE = re.compile(r"\s+")


def pairs(plain: str) -> set[str]:
    """Every two letters that stand together; numbers are one letter, so are masks and spaces."""
    text = f"^{_SPACE.sub(' ', _NUMBER.sub('0', _MASK.sub('*', plain)))}$"
    return {text[at : at + 2] for at in range(len(text) - 1)}


def likely(plain: str) -> float:
    """0 (an advert, a rule, somebody else's) to 1 (a statement about this line)."""
    found, (bias, weights) = pairs(plain), _weights()
    total = sum(weights.get(one, 0) for one in found) / math.sqrt(len(found)) + bias
    return 1 / (1 + math.exp(-total / 10))


def words_against(plain: str, most: int = 5) -> list[str]:
    """The pairs that spoke most against it, the heaviest first."""
    _, weights = _weights()
    return sorted((one for one in pairs(plain) if weights.get(one, 0) < 0), key=lambda one: (weights[one], one))[:most]


@lru_cache(maxsize=1)
def _weights() -> tuple[int, Mapping[str, int]]:
    from agent.plan.messages.second_words import BIAS, PAIRS  # noqa: PLC0415 - 30 KB that only Chinese texts need

    return BIAS, {text[at : at + 2]: weight for weight, text in PAIRS.items() for at in range(0, len(text), 2)}
