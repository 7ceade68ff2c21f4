"""A simulated fleet on a fast clock: a day of 500 terminals passes in half a minute. Reports go through the real wire
code (frames, each told against the heartbeat before), the centre's own intake and store, and its sweep and incidents
look as the chores do. Only the time is not real.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.wire.frame import base_of, pack
from central.app import make_intake
from central.causes import Cause
from central.config import Settings
from central.incidents import Incidents, Outcome
from central.intake import Intake
from central.simulation import Simulated
from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.watch import Watch

INTERVAL_S = 900
LOOK_S = 300
_AT_ONCE = 1000


@dataclass
class Fast:
    store: SqlStore
    terminals: Sequence[Simulated]
    settings: Settings
    now: int
    """Wall seconds of the story."""
    lonely: Mapping[str, int] = field(default_factory=dict)
    """Terminals that die alone, and the round in which they do."""
    found: dict[str, Cause] = field(default_factory=dict)
    """Every incident that was opened, by its id."""
    open: set[Cause] = field(default_factory=set)
    sent: int = 0
    silent: int = 0
    round: int = 0

    def __post_init__(self) -> None:
        rules, zone = self.settings.fleet.rules, self.settings.fleet.zone
        self._intake: Intake = make_intake(self.settings, self.store, self._clock, self._clock)
        self._watch = Watch(self.store, rules, zone)
        self._incidents = Incidents(self.store)
        self._batches = {one.name: one.batch_of_cards for one in self.terminals}

    def _clock(self) -> float:
        return float(self.now)

    async def register(self) -> None:
        """Raises StoreRefused: there are terminals."""
        if await self.store.terminals(limit=1):
            raise StoreRefused("there are terminals already: a fleet on a fast clock needs a new database")
        await asyncio.gather(*(self.store.add_terminal(one.name, "", b"1", self.now) for one in self.terminals))

    async def rounds(self, number: int, down: frozenset[str] = frozenset()) -> None:
        """So many reports of everybody who gets through, with the centre's looks in between."""
        for _ in range(number):
            self.round += 1
            speaking = [one for one in self.terminals if self._speaks(one, down)]
            self.sent, self.silent = self.sent + len(speaking), self.silent + len(self.terminals) - len(speaking)
            for first in range(0, len(speaking), _AT_ONCE):
                await asyncio.gather(*(self._report(one) for one in speaking[first : first + _AT_ONCE]))
            for _ in range(INTERVAL_S // LOOK_S):
                self.now += LOOK_S
                await self._look()

    def _speaks(self, one: Simulated, down: frozenset[str]) -> bool:
        return one.can_speak(down) and self.lonely.get(one.name, 2**30) >= self.round

    async def _report(self, one: Simulated) -> None:
        batch = one.batch(self.now, INTERVAL_S)
        await self._intake.take(one.name, pack(batch, one.base))
        one.base = base_of(batch)

    async def _look(self) -> Outcome:
        await self.store.write(lambda session: session.run("UPDATE pulse SET at = ?", (self.now - 60,)))
        await self._watch.sweep(self.now)
        outcome = await self._incidents.look(self.now, self._batches)
        self.found |= {one.id: one.cause for one in outcome.opened}
        self.open = {one.cause for one in await self._incidents.open()}
        return outcome


async def live(
    store: SqlStore, terminals: Sequence[Simulated], settings: Settings, ends_at: int, hours: int, down: frozenset[str]
) -> Fast:
    """So many hours that end at `ends_at`; in the second half what is in `down` does not get through."""
    rounds = hours * 3600 // INTERVAL_S
    made = Fast(store, terminals, settings, ends_at - rounds * INTERVAL_S)
    await made.register()
    await made.rounds(rounds - rounds // 2)
    await made.rounds(rounds // 2, down)
    return made
