"""A fleet on a fast clock with causes injected: which terminals go is known, and so what the centre should make of it.

The alerts desk looks too. What is not real is the time and the channel.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from central.alerts.desk import Desk
from central.alerts.letters import Letter
from central.alerts.plan import Channel, Plan, Rule
from central.config import Fleet, Settings
from central.fast import Fast
from central.incidents import Outcome
from central.simulation import Simulated, fleet
from central.store.core import SqlStore

START = 1_790_000_000
CHANNELS = ("duty", "desk")
SETTINGS = Settings(fleet=Fleet(timezone="UTC"))
_PLAN = Plan(
    channel=[Channel(name=name, url="json://127.0.0.1") for name in CHANNELS],
    rule=[Rule(name="all", codes=["silent", "incident", "centre.*"], to=list(CHANNELS), tell_end=False)],
)


@dataclass
class Injected(Fast):
    """`letters`: (channel, code, terminal or cause) → how many were sent."""

    letters: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._desk = Desk(self.store, _PLAN, ZoneInfo("UTC"), self._sent)

    def members(self, down: str) -> set[str]:
        return {one.name for one in self.terminals if down in one.kinds and one.name not in self.lonely}

    async def _look(self) -> Outcome:
        outcome = await super()._look()
        await self._desk.look(self.now, await self._incidents.open(), outcome.explained)
        await self._desk.post(self.now)
        return outcome

    def _sent(
        self, channel: Channel, _key: str, letters: Sequence[tuple[str, Letter]], _now: int, _zone: ZoneInfo
    ) -> None:
        for _, one in letters:
            about = one.terminal or " ".join(str(one.facts.get(name)) for name in ("kind", "value"))
            self.letters[channel.name, one.code, about] += 1


def injected(store: SqlStore, terminals: Sequence[Simulated], lonely: Mapping[str, int]) -> Injected:
    return Injected(store, terminals, SETTINGS, START, lonely)


async def play(store: SqlStore, size: int, down: Sequence[str], lonely: int = 0, seed: int = 1) -> Injected:
    """Everybody is well for an hour; then the causes of `down` come two hours apart, and stay; `lonely` terminals die
    alone meanwhile.
    """
    terminals = fleet(size, seed)
    for one in terminals:
        one.story = "well"
    chance = random.Random(seed)
    alone = chance.sample([one.name for one in terminals if not set(down) & set(one.kinds)], lonely)
    made = injected(store, terminals, {name: 5 + 3 * place for place, name in enumerate(alone)})
    await made.register()
    await made.rounds(4)
    for number in range(1, len(down) + 1):
        await made.rounds(8, frozenset(down[:number]))
    await made.rounds(4, frozenset(down))
    return made
