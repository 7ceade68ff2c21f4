"""Causes injected into a simulated fleet: how many incidents the centre makes of them, and how many messages.

    python -m bench.central_causes [--terminals 5000] [--seed 1]

Causes come one after another, two at a time, each for an hour and a half: carriers, APNs, cells, batches of cards, a
version of the agent, and at last everybody. Meanwhile some terminals die alone.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from central.simulation import fleet
from central.store.sqlite import SqliteStore
from tests.fakes.injected import CHANNELS, Injected, injected

ROUNDS = 3


def drawn(made: Injected, chance: random.Random) -> list[str]:
    """What goes wrong, among the common and the rare."""
    counted = Counter(kind for one in made.terminals for kind in one.kinds)
    cells = sorted(kind for kind, many in counted.items() if kind.startswith("cell:") and many >= 10)
    return [
        "carrier:46011", *chance.sample(cells, 4), "apn:cmmtm", "plan_batch:batch-03", *chance.sample(cells, 2),
        "agent_version:0.0.9", "plan_batch:batch-07", "apn:unim2m",
    ]  # fmt: skip


async def measure(folder: Path, size: int, seed: int, lonely: int) -> dict[str, object]:
    store, chance = SqliteStore(folder / "central.db"), random.Random(seed)
    terminals = fleet(size, seed)
    for one in terminals:
        one.story = "well"
    alone = chance.sample([one.name for one in terminals], lonely)
    made = injected(store, terminals, {name: chance.randrange(5, 80) for name in alone})
    started = time.process_time()
    await made.register()
    await made.rounds(4)
    causes = drawn(made, chance)
    for number in range(len(causes) + 1):
        await made.rounds(ROUNDS, frozenset(causes[max(0, number - 1) : number + 1]))
    await made.rounds(ROUNDS)
    await made.rounds(ROUNDS, frozenset(f"carrier:{one}" for one in ("46000", "46001", "46011")))
    store.close()
    wanted = Counter([*causes, "everyone:"])
    found = Counter(f"{one.kind}:{one.value}" for one in made.found.values())
    of_incidents = {key: many for key, many in made.letters.items() if key[1] == "incident"}
    single = Counter(name for _, code, name in made.letters if code == "silent")
    return {
        "terminals": size, "injected": sum(wanted.values()), "found": sum(found.values()),
        "missed": sorted((wanted - found).elements()), "invented": sorted((found - wanted).elements()),
        "messages_of_incidents": sum(of_incidents.values()), "channels": len(CHANNELS),
        "most_for_one_cause_and_channel": max(of_incidents.values(), default=0), "died_alone": lonely,
        "told_alone": len(single), "told_alone_that_did_not": len(set(single) - set(alone)),
        "simulated_hours": round((made.now - 1_790_000_000) / 3600), "cpu_s": round(time.process_time() - started, 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--terminals", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lonely", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(measure(Path(name), given.terminals, given.seed, given.lonely))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
