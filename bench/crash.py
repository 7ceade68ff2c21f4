"""Power cuts by the hundred, on both sides, over a line that does its worst: what was made, what arrived, what it took.

    python -m bench.crash [--rounds 1000] [--chance 0.5] [--seed N] [--centre-each 1]

In every round the terminal is killed (SIGKILL), and before it, while it reports, the centre; between them a proxy
drops, repeats, cuts and answers in the centre's stead. Ends with 1 if a record is missing or doubled.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.fakes.power_cuts import arrived, lived


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--chance", type=float, default=0.5, help="of a fault, for each request")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--centre-each", type=int, default=1, help="the centre is killed in every so-manyth round")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        story = lived(Path(folder), options.rounds, options.chance, options.seed, centre_dies_each=options.centre_each)
        keys, repeats = arrived(Path(folder) / "central.db")
    lost, doubled = len(story.made - set(keys)), len(keys) - len(set(keys))
    print(f"{story.cuts} power cuts at the terminal, {story.restarts} at the centre, {time.monotonic() - began:.0f} s")
    print("requests: " + ", ".join(f"{name} {count}" for name, count in story.faults.most_common()))
    print(
        f"records made {len(story.made)}, at the centre {len(keys)}, "
        f"said again {repeats}, lost {lost}, doubled {doubled}"
    )
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
