"""How well carrier messages are read: `python bench/plan_messages.py [working_set|synthetic|more-dev|…]`.

Prints, for each set, the share of facts read rightly, by fact and by country, how many facts were read that are not
there, and how many negatives yielded anything. With --wrong, what was read wrongly.
"""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.agent.plan.messages.scorer import compare, load

SETS = [
    "working_set",
    "synthetic",
    "more-dev",
    "more-held",
    "more-final",
    "more-last",
    "more-zh",
    "unseen-1",
    "unseen-2",
    "unseen-3",
    "unseen-4",
    "unseen-5",
    "unseen-6",
    "unseen-7",
    "unseen-8",
    "unseen-9",
    "unseen-10",
    "unseen-11",
    "unseen-12",
    "unseen-13",
    "unseen-14",
    "unseen-15",
    "unseen-16",
    "unseen-17",
    "unseen-18",
    "unseen-19",
    "unseen-20",
    "unseen-21",
    "unseen-22",
    "unseen-23",
    "unseen-24",
    "unseen-25",
    "unseen-26",
    "unseen-27",
    "unseen-28",
    "unseen-29",
    "unseen-30",
    "unseen-31",
    "unseen-32",
    "unseen-33",
    "unseen-34",
    "unseen-35",
]


def main(names: list[str], *, wrong: bool) -> None:
    for name in names:
        messages = load(name)
        right: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        false = 0
        hurt = set()
        for message in messages:
            for one in compare(message):
                for key in (one.fact, f"in {message.get('country') or message.get('ask_country') or '??'}", "all"):
                    asked[key] += 1
                    right[key] += one.right
                false += one.false
                if message["negative"] and not one.right:
                    hurt.add(message["id"])
                if wrong and not one.right:
                    print(f"  {one.id} {one.fact}: {one.found!r}, expected {one.expected!r}")
        negatives = sum(bool(message["negative"]) for message in messages)
        print(f"{name}: {len(messages)} messages, {negatives} negatives of which {len(hurt)} yielded something")
        print(f"  facts that are not there or wrong: {false}")
        for key in sorted(asked, key=lambda key: (key.startswith("in "), key)):
            print(f"  {key:16}{right[key]:4}/{asked[key]:<4}{100 * right[key] / asked[key]:6.1f} %")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    main(
        words or SETS,
        wrong="--wrong" in sys.argv,
    )
