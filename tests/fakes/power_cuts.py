"""Power cuts on both sides, a line that does its worst, clocks that are wrong; and what arrived in the end.

The real centre in a process of its own, a real outbox in a child that is killed.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from central.store.sqlite import SqliteStore
from tests.central.helpers import registered
from tests.fakes.eventually import eventually
from tests.fakes.forked import Forked
from tests.fakes.forked_centre import ForkedCentre
from tests.fakes.reporter import Reporter
from tests.fakes.roads import ROADS

WRONG_CLOCKS_S = (0.0, 0.0, -1_790_000_000.0, 2_300_000_000.0, 86_400.0, -3600.0)
"""Right, the epoch of 1970, the year 2099, a day ahead, an hour behind."""


@dataclass
class Story:
    folder: Path
    random: Random
    made: set[tuple[str, int]] = field(default_factory=set)
    """Keys of the records that were durable when the power went."""
    cuts: int = 0
    restarts: int = 0
    broker_restarts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    reused: int | None = None
    """Numbers of OSCORE that were used twice."""

    def terminal_lives_and_dies(self, url: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        """`meanwhile` happens in the middle of its life."""
        wrong = self.random.choice(WRONG_CLOCKS_S)
        seed = self.random.randrange(10**9)
        child = Forked.run(lambda pipe: Reporter(self.folder, url, seed, wrong).make_and_send(pipe))
        os.set_blocking(child.pipe, True)
        seen = b""
        for _ in range(self.random.randrange(1, 12)):  # it lives for so many records, give or take
            seen += os.read(child.pipe, 4096)
        meanwhile()
        for _ in range(self.random.randrange(1, 5)):
            seen += os.read(child.pipe, 4096)
        child.kill()
        self._note(seen + child.output())
        self.cuts += 1

    def everything_arrives(self, url: str) -> None:
        reporter = Reporter(self.folder, url, 1)
        eventually(reporter.drain, "nothing waits any more", 300.0)
        assert reporter.box.quarantine(10) == []
        reporter.close()

    def _note(self, lines: bytes) -> None:
        for line in lines.decode().splitlines():
            epoch, _, seq = line.partition(" ")
            if len(epoch) == 16 and seq.isdigit():
                self.made.add((epoch, int(seq)))


def arrived(database: Path) -> tuple[list[tuple[str, int]], int]:
    """Keys at the centre, and how many repeats it counted."""
    store = SqliteStore(database)
    try:
        keys: list[tuple[str, int]] = []
        page = asyncio.run(store.reports("t-1", limit=1000))
        while page:
            keys += [(row.epoch, row.position.seq) for row in page]
            page = asyncio.run(store.reports("t-1", before=page[-1].position, limit=1000))
        terminal = asyncio.run(store.terminal("t-1"))
    finally:
        store.close()
    assert terminal is not None
    return keys, terminal.repeats


def lived(folder: Path, rounds: int, chance: float, seed: int, *, centre_dies_each: int, way: str = "http") -> Story:
    """So many power cuts at the terminal; the centre is killed now and then as well, and a broker with each tenth of
    its deaths. Then all is quiet and drains. `way`: of `roads`.
    """
    story = Story(folder, Random(seed))
    database = folder / "central.db"
    (credential,) = registered(database, "t-1")
    (folder / "credential").touch(0o600)
    (folder / "credential").write_text(credential)
    with ExitStack() as held:
        road = held.enter_context(ROADS[way](folder, Random(seed), chance))
        flags = ("--rate-per-minute", "0", *road.flags)
        centre = held.enter_context(ForkedCentre(database, flags))
        road.lead_to(centre.port)
        for number in range(1, rounds + 1):
            if number % centre_dies_each:
                story.terminal_lives_and_dies(road.url)
                continue
            story.terminal_lives_and_dies(road.url, centre.kill)
            story.restarts += 1
            if road.broker is not None and story.restarts % 10 == 0:
                road.broker.kill()
                road.broker.start()
                story.broker_restarts += 1
            centre = held.enter_context(ForkedCentre(database, flags))
            road.lead_to(centre.port)
        road.rude.chance = 0.0
        story.everything_arrives(road.url)
        story.faults, story.reused = road.rude.done, road.reused
    return story
