"""Learns the second opinion of the message reader: `python bench/plan_messages_learn.py [--write]`.

Prints how well it tells statements about this line from everything else on sets it has not seen (an eighth of the
sets in turn is left out); with --write it learns from all of them and writes agent/plan/messages/second_words.py.
"""

import json
import math
import random
import sys
from array import array
from base64 import b85encode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.plan.messages.normal import folded  # noqa: E402
from agent.plan.messages.second import SIZE, place, runs  # noqa: E402
from agent.plan.messages.service import is_chinese  # noqa: E402

SETS = ROOT / "tests/agent/plan/messages"
TABLE = ROOT / "agent/plan/messages/second_words.py"
ROUNDS, RATE, DECAY = 10, 0.5, 1e-3
FOLDS = 8

Example = tuple[Sequence[int], int]


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
            for found, truth in order:
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
            (sorted({place(one) for one in runs(plain, chinese=chinese)}), int(not message["negative"]))
            for message in messages
            if is_chinese(plain := folded(message["text"])) is chinese
        ]
    return {name: found for name, found in told.items() if found}


def left_out(told: dict[str, list[Example]]) -> Iterator[tuple[float, int]]:
    names = sorted(told)
    random.Random(1).shuffle(names)
    for held in (names[at::FOLDS] for at in range(FOLDS)):
        learned = Learned().learn([one for name in names if name not in held for one in told[name]]).rounded()
        yield from ((learned.likely(found), truth) for name in held for found, truth in told[name])


def report(scored: Iterable[tuple[float, int]]) -> None:
    scored = list(scored)
    for limit in (0.1, 0.2, 0.3, 0.4, 0.5):
        lost = sum(truth and score < limit for score, truth in scored)
        stopped = sum(not truth and score < limit for score, truth in scored)
        true = sum(truth for _, truth in scored)
        print(f"below {limit:4}: {lost:4} of {true} statements, {stopped:4} of {len(scored) - true} others")


def written(name: str, learned: Learned) -> list[str]:
    scale = learned.scale()
    packed = b85encode(array("b", [round(one / scale) for one in learned.weights]).tobytes()).decode()
    cut = [packed[at : at + 110] for at in range(0, len(packed), 110)]
    lines = (f'        b"{piece}"' for piece in cut)
    return [f"{name} = (", f"    {learned.bias:.3f},", f"    {scale:.5f},", "    (", *lines, "    ),", ")"]


HEAD = '''"""What runs of letters say for (+) or against (-) a statement about this line: bias, unit, weights by hash.

Learned by bench/plan_messages_learn.py from the labelled messages of the tests; not written by hand."""
'''


if __name__ == "__main__":
    lines = []
    for name, chinese in (("CHINESE", True), ("WORLD", False)):
        known = examples(chinese=chinese)
        if "--write" in sys.argv:
            everything = [one for found in known.values() for one in found]
            lines += ["", *written(name, Learned().learn(everything))]
        else:
            print(name)
            report(left_out(known))
    if lines:
        TABLE.write_text("\n".join([HEAD.rstrip(), *lines, ""]), encoding="utf-8")
