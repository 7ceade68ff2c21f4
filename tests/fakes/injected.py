"""A fleet on a fast clock with causes injected: which terminals go is known, and so what the centre should make of it.

Reports go through the real wire code and the real store; the sweep, the incidents and the alerts desk are the centre's
own, looked at as the chores do. What is not real is the time and the channel.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from central.alerts.desk import Desk
from central.alerts.letters import Letter
from central.alerts.plan import Channel, Plan, Rule
from central.causes import Cause
from central.fleet import Rules
from central.incidents import Incidents
from central.receive import delivery, read_batch
from central.simulation import Simulated, fleet
from central.store.core import SqlStore
from central.watch import Watch

START = 1_790_000_000
INTERVAL_S = 900
LOOK_S = 300
CHANNELS = ("duty", "desk")
_PLAN = Plan(
    channel=[Channel(name=name, url="json://127.0.0.1") for name in CHANNELS],
    rule=[Rule(name="all", codes=["silent", "incident", "centre.*"], to=list(CHANNELS), tell_end=False)],
)


@dataclass
class Injected:
    """`letters`: (channel, code, terminal or cause) → how many were sent."""

    store: SqlStore
    terminals: Sequence[Simulated]
    lonely: Mapping[str, int]
    """Terminals that die alone, and the round in which they do."""
    letters: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    found: dict[str, Cause] = field(default_factory=dict)
    open: set[Cause] = field(default_factory=set)
    now: int = START
    round: int = 0

    def __post_init__(self) -> None:
        zone, rules = ZoneInfo("UTC"), Rules()
        self._watch = Watch(self.store, rules, zone)
        self._incidents = Incidents(self.store)
        self._desk = Desk(self.store, _PLAN, zone, self._sent)
        self._batches = {one.name: one.batch_of_cards for one in self.terminals}

    async def register(self) -> None:
        await asyncio.gather(*(self.store.add_terminal(one.name, "", b"1", START) for one in self.terminals))

    async def rounds(self, number: int, down: frozenset[str] = frozenset()) -> None:
        """So many reports of everybody who gets through, with the centre's looks in between."""
        for _ in range(number):
            self.round += 1
            speaking = [one for one in self.terminals if self._speaks(one, down)]
            for first in range(0, len(speaking), 1000):
                await asyncio.gather(*(self._report(one) for one in speaking[first : first + 1000]))
            for _ in range(INTERVAL_S // LOOK_S):
                self.now += LOOK_S
                await self._look()

    def members(self, down: str) -> set[str]:
        return {one.name for one in self.terminals if down in one.kinds and one.name not in self.lonely}

    async def _report(self, one: Simulated) -> None:
        body = json.dumps(one.batch(self.now, INTERVAL_S)).encode()
        await self.store.commit(delivery(one.name, read_batch(body), self.now))

    def _speaks(self, one: Simulated, down: frozenset[str]) -> bool:
        return one.can_speak(down) and self.lonely.get(one.name, 2**30) >= self.round

    async def _look(self) -> None:
        await self.store.write(lambda session: session.run("UPDATE pulse SET at = ?", (self.now - 60,)))
        await self._watch.sweep(self.now)
        outcome = await self._incidents.look(self.now, self._batches)
        self.found |= {one.id: one.cause for one in outcome.opened}
        open_now = await self._incidents.open()
        self.open = {one.cause for one in open_now}
        await self._desk.look(self.now, open_now, outcome.explained)
        await self._desk.post(self.now)

    def _sent(
        self, channel: Channel, _key: str, letters: Sequence[tuple[str, Letter]], _now: int, _zone: ZoneInfo
    ) -> None:
        for _, one in letters:
            about = one.terminal or " ".join(str(one.facts.get(name)) for name in ("kind", "value"))
            self.letters[channel.name, one.code, about] += 1


async def play(store: SqlStore, size: int, down: Sequence[str], lonely: int = 0, seed: int = 1) -> Injected:
    """Everybody is well for an hour; then the causes of `down` come two hours apart, and stay; `lonely` terminals die
    alone meanwhile.
    """
    terminals = fleet(size, seed)
    for one in terminals:
        one.story = "well"
    chance = random.Random(seed)
    alone = chance.sample([one.name for one in terminals if not set(down) & set(one.kinds)], lonely)
    made = Injected(store, terminals, {name: 5 + 3 * place for place, name in enumerate(alone)})
    await made.register()
    await made.rounds(4)
    for number in range(1, len(down) + 1):
        await made.rounds(8, frozenset(down[:number]))
    await made.rounds(4, frozenset(down))
    return made
