"""Learns the second opinion of the message reader: `python bench/plan_messages_learn.py [--write]`.

Prints how well it tells statements about this line from everything else on sets it has not seen (each author's sets in
turn are left out); with --write it learns from all of them and writes agent/plan/messages/second_words.py.
"""

import json
import math
import random
import sys
from array import array
from base64 import b85encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.plan.messages.normal import folded  # noqa: E402
from agent.plan.messages.second import MET_SIZE, SIZE, lenience, met_places, place, runs  # noqa: E402
from agent.plan.messages.service import is_chinese  # noqa: E402

SETS = ROOT / "tests/agent/plan/messages"
TABLE = ROOT / "agent/plan/messages/second_words.py"
ROUNDS, RATE, DECAY = 10, 0.5, 1e-3
OFTEN = 5
"""Messages that must have a run of three before it counts as met: fewer are one author's."""
AUTHORS = (
    "working_set synthetic",
    "more-dev more-held more-final more-last",
    "more-zh",
    "world",
    "unseen-1 unseen-2 unseen-3 unseen-4 unseen-5 unseen-6",
    "unseen-7 unseen-8 unseen-9",
    "unseen-10 unseen-11",
    "unseen-12 unseen-13 unseen-14 unseen-15",
    "unseen-16 unseen-17 unseen-18 unseen-19 unseen-20 unseen-21",
    "unseen-22 unseen-23 unseen-24 unseen-25",
    "unseen-26 unseen-27 unseen-28",
    "unseen-29 unseen-30",
    "unseen-31",
)
"""Sets of one hand, left out together; a set that stands here nowhere is left out alone."""


class Example(NamedTuple):
    places: Sequence[int]
    truth: int
    found: Set[str]


class Learned:
    """Logistic regression over the runs of letters of a text, by AdaGrad."""

    def __init__(self) -> None:
        self.bias = 0.0
        self.weights = array("d", bytes(8 * SIZE))
        self._seen = array("d", [1e-2]) * (SIZE + 1)

    def likely(self, found: Sequence[int]) -> float:
        weights = self.weights
        total = sum([weights[one] for one in found]) / math.sqrt(len(found) or 1) + self.bias
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def learn(self, examples: Sequence[Example]) -> "Learned":
        order, dice = list(examples), random.Random(1)
        for _ in range(ROUNDS):
            dice.shuffle(order)
            for found, truth, _ in order:
                self._step(found, self.likely(found) - truth)
        return self

    def rounded(self) -> "Learned":
        """As it is kept: one signed byte for each weight."""
        scale = self.scale()
        self.weights = array("d", [round(one / scale) * scale for one in self.weights])
        return self

    def scale(self) -> float:
        return max(map(abs, self.weights)) / 127 or 1.0

    def _step(self, found: Sequence[int], error: float) -> None:
        weights, seen, share = self.weights, self._seen, error / math.sqrt(len(found) or 1)
        for one in found:
            gradient = share + DECAY * weights[one]
            seen[one] += gradient * gradient
            weights[one] -= RATE * gradient / math.sqrt(seen[one])
        seen[SIZE] += error * error
        self.bias -= RATE * error / math.sqrt(seen[SIZE])


def examples(*, chinese: bool) -> dict[str, list[Example]]:
    """By set: the runs of each message, and whether it states something about this line."""
    told: dict[str, list[Example]] = {}
    for path in sorted(SETS.glob("*.jsonl")):
        messages = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        told[path.stem] = [
            _example(plain, int(not message["negative"]), chinese=chinese)
            for message in messages
            if is_chinese(plain := folded(message["text"])) is chinese
        ]
    return {name: found for name, found in told.items() if found}


def _example(plain: str, truth: int, *, chinese: bool) -> Example:
    found = runs(plain, chinese=chinese)
    return Example(sorted({place(one) for one in found}), truth, found)


def met(known: Iterable[Example]) -> bytes:
    """The bits of the runs of three that `OFTEN` messages have."""
    seen = Counter(one for example in known for one in met_places(example.found))
    bits = bytearray(MET_SIZE // 8)
    for one, messages in seen.items():
        bits[one >> 3] |= (messages >= OFTEN) << (one & 7)
    return bytes(bits)


def left_out(told: dict[str, list[Example]], *, chinese: bool) -> Iterator[tuple[float, int]]:
    named = {name for group in AUTHORS for name in group.split()}
    for group in (*(group.split() for group in AUTHORS), *([name] for name in told if name not in named)):
        rest = [one for name in told if name not in group for one in told[name]]
        learned, bits = Learned().learn(rest).rounded(), met(rest)
        for one in (one for name in group for one in told.get(name, ())):
            yield learned.likely(one.places) / (1 if chinese else lenience(one.found, bits)), one.truth


def report(scored: Iterable[tuple[float, int]]) -> None:
    scored = list(scored)
    for limit in (0.1, 0.2, 0.3, 0.4, 0.5):
        lost = sum(truth and score < limit for score, truth in scored)
        stopped = sum(not truth and score < limit for score, truth in scored)
        true = sum(truth for _, truth in scored)
        print(f"below {limit:4}: {lost:4} of {true} statements, {stopped:4} of {len(scored) - true} others")


def written(name: str, learned: Learned) -> list[str]:
    scale = learned.scale()
    packed = array("b", [round(one / scale) for one in learned.weights]).tobytes()
    lines = (f'        b"{piece}"' for piece in _cut(packed))
    return [f"{name} = (", f"    {learned.bias:.3f},", f"    {scale:.5f},", "    (", *lines, "    ),", ")"]


def written_bits(name: str, bits: bytes) -> list[str]:
    return ["", f"{name} = (", *(f'    b"{piece}"' for piece in _cut(bits)), ")"]


def _cut(packed: bytes) -> list[str]:
    text = b85encode(packed).decode()
    return [text[at : at + 110] for at in range(0, len(text), 110)]


HEAD = '''"""What runs of letters say for (+) or against (-) a statement about this line: bias, unit, weights by hash;
which runs of three were met.

Learned by bench/plan_messages_learn.py from the labelled messages of the tests; not written by hand."""
'''


if __name__ == "__main__":
    lines = []
    for name, chinese in (("CHINESE", True), ("WORLD", False)):
        known = examples(chinese=chinese)
        if "--write" in sys.argv:
            everything = [one for found in known.values() for one in found]
            lines += ["", *written(name, Learned().learn(everything))]
            lines += [] if chinese else written_bits("MET", met(everything))
        else:
            print(name)
            report(left_out(known, chinese=chinese))
    if lines:
        TABLE.write_text("\n".join([HEAD.rstrip(), *lines, ""]), encoding="utf-8")
