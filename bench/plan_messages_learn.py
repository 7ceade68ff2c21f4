"""Learns the second opinion of the message reader: `python bench/plan_messages_learn.py [--write]`.

Prints how well it tells statements about this line from everything else on sets it has not seen (each set in turn is
left out); with --write it learns from all of them and writes agent/plan/messages/second_words.py. Pure, seeded.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.plan.messages.normal import folded  # noqa: E402
from agent.plan.messages.second import pairs  # noqa: E402
from agent.plan.messages.service import is_chinese  # noqa: E402

SETS = ROOT / "tests/agent/plan/messages"
TABLE = ROOT / "agent/plan/messages/second_words.py"
ROUNDS, RATE, DECAY = 8, 0.5, 3e-4
SCALE = 10
"""Weights are kept in tenths."""
KEPT = 4000
"""Pairs of letters in the table: the heaviest; more of them tell no more (the left-out sets say so)."""

Example = tuple[frozenset[str], int]


class Learned:
    """Logistic regression over the pairs of letters of a text, by AdaGrad."""

    def __init__(self) -> None:
        self.bias = 0.0
        self.weights: dict[str, float] = {}
        self._seen: dict[str, float] = defaultdict(lambda: 1e-2)

    def likely(self, found: frozenset[str]) -> float:
        total = sum(self.weights.get(one, 0.0) for one in found) / math.sqrt(len(found) or 1) + self.bias
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def learn(self, examples: Sequence[Example]) -> "Learned":
        counts = Counter(one for found, _ in examples for one in found)
        order, dice = list(examples), random.Random(1)
        for _ in range(ROUNDS):
            dice.shuffle(order)
            for found, truth in order:
                error, share = self.likely(found) - truth, 1 / math.sqrt(len(found) or 1)
                for one in sorted(found):
                    if counts[one] > 1:
                        self._step(one, error * share + DECAY * self.weights.get(one, 0.0))
                self.bias -= RATE * error / math.sqrt(self._grown("", error))
        return self

    def pruned(self) -> "Learned":
        """As it is kept: the heaviest pairs, in whole tenths."""
        heavy = sorted(self.weights, key=lambda one: (-abs(self.weights[one]), one))[:KEPT]
        self.weights = {one: round(self.weights[one] * SCALE) / SCALE for one in heavy}
        self.bias = round(self.bias * SCALE) / SCALE
        return self

    def _step(self, one: str, gradient: float) -> None:
        self.weights[one] = self.weights.get(one, 0.0) - RATE * gradient / math.sqrt(self._grown(one, gradient))

    def _grown(self, one: str, gradient: float) -> float:
        self._seen[one] += gradient * gradient
        return self._seen[one]


def examples() -> dict[str, list[Example]]:
    """By set: the pairs of each Chinese message, and whether it states something about this line."""
    told: dict[str, list[Example]] = {}
    for path in sorted(SETS.glob("*.jsonl")):
        messages = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        told[path.stem] = [
            (frozenset(pairs(plain)), int(not message["negative"]))
            for message in messages
            if is_chinese(plain := folded(message["text"]))
        ]
    return {name: found for name, found in told.items() if found}


def left_out(told: dict[str, list[Example]]) -> Iterator[tuple[float, int]]:
    for name, held in told.items():
        rest = [one for other, found in told.items() if other != name for one in found]
        learned = Learned().learn(rest).pruned()
        yield from ((learned.likely(found), truth) for found, truth in held)


def report(scored: Iterable[tuple[float, int]]) -> None:
    scored = list(scored)
    for limit in (0.1, 0.2, 0.35, 0.5):
        lost = sum(truth and score < limit for score, truth in scored)
        stopped = sum(not truth and score < limit for score, truth in scored)
        true = sum(truth for _, truth in scored)
        print(f"below {limit:4}: {lost:4} of {true} statements, {stopped:4} of {len(scored) - true} others")


def written(learned: Learned) -> str:
    groups: dict[int, list[str]] = defaultdict(list)
    for one, weight in learned.weights.items():
        if round(weight * SCALE):
            groups[round(weight * SCALE)].append(one)
    lines = [
        '"""Pairs of letters that speak for (+) or against (-) a statement about this line, by weight in tenths.',
        "",
        'Learned by bench/plan_messages_learn.py from the labelled messages of the tests; not written by hand."""',
        "",
        f"BIAS = {round(learned.bias * SCALE)}",
        "PAIRS: dict[int, str] = {",
    ]
    for weight in sorted(groups):
        text = "".join(sorted(groups[weight]))
        cut = [text[at : at + 50] for at in range(0, len(text), 50)]
        lines += [f"    {weight}: (", *(f"        {_quoted(piece)}" for piece in cut), "    ),"]
    return "\n".join([*lines, "}  # fmt: skip", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    known = examples()
    if "--write" in sys.argv:
        everything = [one for found in known.values() for one in found]
        TABLE.write_text(written(Learned().learn(everything).pruned()), encoding="utf-8")
    else:
        report(left_out(known))
