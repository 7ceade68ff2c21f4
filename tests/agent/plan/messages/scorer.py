"""Compares what is read with what a message holds: 0.1 % tolerance for numbers, other accepted readings in `alt`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from agent.plan.messages import Explained, explain

HERE = Path(__file__).parent
FACTS = ("balance", "used_bytes", "remaining_bytes", "total_bytes", "expires")
TOLERANCE = 0.001


@dataclass(frozen=True, slots=True)
class Compared:
    id: str
    fact: str
    expected: Any
    found: Any
    right: bool

    @property
    def false(self) -> bool:
        """A fact that is not there, or has another value."""
        return not self.right and self.found is not None and self.fact != "kind"


def load(name: str) -> list[Mapping[str, Any]]:
    """The messages of tests/agent/plan/messages/<name>.jsonl."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def read(message: Mapping[str, Any]) -> Explained:
    """As `posagent plan explain` without a sender (the text decides), unless the source names one."""
    return _read(message["text"], message.get("ask_sender"), message.get("ask_country"), message.get("received"))


@lru_cache(maxsize=4096)
def _read(text: str, sender: str | None, country: str | None, received: str | None) -> Explained:
    day = date.fromisoformat(received) if received else None
    return explain(text, sender=sender, country=country, received=day)


def compare(message: Mapping[str, Any]) -> Iterator[Compared]:
    """The kind, and every fact that is expected or was found."""
    result = read(message)
    found = _found(result)
    for fact in ("kind", *FACTS):
        expected = message["expect"].get(fact)
        if fact != "kind" and expected is None and found[fact] is None:
            continue
        accepted = [expected, *message.get("alt", {}).get(fact, ())]
        yield Compared(message["id"], fact, expected, found[fact], any(_same(found[fact], one) for one in accepted))


def _found(result: Explained) -> dict[str, Any]:
    return {
        "kind": result.kind,
        "balance": float(result.balance.amount) if result.balance else None,
        "used_bytes": result.used_bytes,
        "remaining_bytes": result.remaining_bytes,
        "total_bytes": result.total_bytes,
        "expires": result.expires_on.isoformat() if result.expires_on else None,
    }


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return abs(found - expected) <= TOLERANCE * abs(expected)
    return bool(found == expected)
