"""Who is believed about a card: the platform's own word, what the terminal heard, what people wrote down. Pure.

As on the terminal (agent/plan/facts.py): a word of higher rank stands for a while against later ones of lower rank,
then the newer one is right whoever said it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Source = Literal["platform", "centre", "carrier_ussd", "carrier_sms", "manual", "agent", "config", "record"]
RANK: Mapping[str, int] = {
    "platform": 6, "centre": 5, "carrier_ussd": 4, "carrier_sms": 3, "manual": 2, "agent": 1, "config": 0, "record": -1,
}  # fmt: skip
STANDS_S: Mapping[str, float] = {
    "platform": 72 * 3600.0, "centre": 72 * 3600.0, "carrier_ussd": 48 * 3600.0, "carrier_sms": 48 * 3600.0,
    "agent": 12 * 3600.0,
}  # fmt: skip
STALE_DAYS: Mapping[str, float] = {
    "state": 3, "used_bytes": 4, "remaining_bytes": 4, "balance": 10, "expires_on": 60, "quota_bytes": 60,
}  # fmt: skip
"""From when on a fact is shown as old."""


@dataclass(frozen=True, slots=True)
class Word:
    fact: str
    value: str
    source: str
    at: int | None
    """None: nobody knows when; older than all others."""

    def age_days(self, now: float) -> float | None:
        return None if self.at is None else max(0.0, (now - self.at) / 86_400)

    def is_stale(self, now: float) -> bool | None:
        age = self.age_days(now)
        return None if age is None else age > STALE_DAYS.get(self.fact, 60)


def best(words: Iterable[Word]) -> dict[str, Word]:
    """Fact → the word to go by, whatever the order they come in."""
    chosen: dict[str, Word] = {}
    for word in words:
        if word.fact not in chosen or _weight(word) > _weight(chosen[word.fact]):
            chosen[word.fact] = word
    return chosen


def _weight(word: Word) -> tuple[float, int, float, str]:
    said = float("-inf") if word.at is None else float(word.at)
    return (said + STANDS_S.get(word.source, 0.0), RANK.get(word.source, -2), said, word.value)
