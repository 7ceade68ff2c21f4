"""Power cuts by the hundred, on both sides, over a line that does its worst: what was made, what arrived, what it took.

    python -m bench.crash [--way http|https|coap|mqtt] [--rounds 1000] [--chance 0.5] [--seed N] [--centre-each 1]

In every round the terminal is killed (SIGKILL), and before it, while it reports, the centre; over MQTT a real mosquitto
dies with each tenth of them. Between them somebody is rude: `http` drops, repeats, cuts and answers whole reports, as
POST or in a stream, in the centre's stead; `https` and `mqtt` hold back, spoil, repeat and cut what is under TLS;
`coap` loses, doubles, delays and forges datagrams. Ends with 1 if a record is missing or doubled, or if a number of
OSCORE protected two messages.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.fakes.power_cuts import arrived, lived
from tests.fakes.roads import ROADS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--way", choices=ROADS, default="http")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--chance", type=float, default=0.5, help="of a fault, for each report")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--centre-each", type=int, default=1, help="the centre is killed in every so-manyth round")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        story = lived(
            Path(folder), options.rounds, options.chance, options.seed,
            centre_dies_each=options.centre_each, way=options.way,
        )  # fmt: skip
        keys, repeats = arrived(Path(folder) / "central.db")
    lost, doubled = len(story.made - set(keys)), len(keys) - len(set(keys))
    broker = f", {story.broker_restarts} at the broker" if story.broker_restarts else ""
    took = f"{time.monotonic() - began:.0f} s"
    print(f"{options.way}: {story.cuts} power cuts at the terminal, {story.restarts} at the centre{broker}, {took}")
    print("on the way: " + ", ".join(f"{name} {count}" for name, count in story.faults.most_common()))
    print(
        f"records made {len(story.made)}, at the centre {len(keys)}, "
        f"said again {repeats}, lost {lost}, doubled {doubled}"
        + ("" if story.reused is None else f", numbers of OSCORE used twice {story.reused}")
    )
    return 1 if lost or doubled or story.reused else 0


if __name__ == "__main__":
    sys.exit(main())
