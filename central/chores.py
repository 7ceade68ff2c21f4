"""What the centre does besides answering: the sweep, learning hours, thinning history. One task, never two at once."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from central.alerts.conditions import Condition
from central.alerts.desk import Desk
from central.alerts.plan import of_settings
from central.config import Settings
from central.incidents import Incidents
from central.registry import Registry
from central.renewals import outlook, reminders
from central.renewals.follow import follow
from central.renewals.office import Office
from central.retention import Keep, thin
from central.roster import Roster
from central.store.base import StoreError
from central.store.core import SqlStore
from central.watch import Watch

SWEEP_S = 15.0
ALERT_S = 30.0
ROSTER_S = 10.0
ROSTER_SHARE = 0.05
"""Of the time: what a busy centre spends on the roster at most."""
THIN_S = 3600.0
THIN_MOST, THIN_PAUSE_S = 2000, 10.0
"""Terminals whose history is thinned in one turn, and the pause until the next of them: a pass over a large fleet must
not keep the sweep waiting.
"""
ALERT_SHARE = 0.1
"""Of the time: what a look of the alerts desk at a large fleet takes at most."""

log = logging.getLogger("central.chores")
Chore = Callable[[], Awaitable[None]]


class Chores:
    """`run` until cancelled; `step` for tests. What fails is said once and tried again at its next turn."""

    def __init__(
        self,
        store: SqlStore,
        settings: Settings,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        history = settings.history
        self._store = store
        self._keep = Keep(history.raw_days, history.hourly_days, history.daily_days)
        self._wall = wall
        self._monotonic = monotonic
        self.watch = Watch(store, settings.fleet.rules, settings.fleet.zone)
        self.incidents = Incidents(store)
        self.registry = Registry(store)
        self.desk = Desk(store, of_settings(settings), settings.fleet.zone)
        self._roster_rests_until = self._alert_rests_until = 0.0
        self._thin_after = ""
        self.roster = Roster(store, settings.fleet.rules, wall)
        self._due = {self._roster: 0.0, self._sweep: 0.0, self._alert: 0.0, self._thin: monotonic() + THIN_S / 10}
        self.office = Office(store, settings, wall)
        self._due |= {self._fold: 0.0, self._renew: 0.0}
        self._renew_s, self._learn_s = settings.renewals.look_s, settings.renewals.learn_s
        self._said: dict[Chore, str] = {}
        self._explained: frozenset[str] = frozenset()
        self._reminders: list[Condition] = []

    async def run(self) -> None:
        while True:
            await self.step()
            await asyncio.sleep(max(0.1, min(self._due.values()) - self._monotonic()))

    async def step(self) -> None:
        """Every chore whose time has come."""
        for chore, period in (
            (self._roster, ROSTER_S),
            (self._sweep, SWEEP_S),
            (self._alert, ALERT_S),
            (self._thin, THIN_S),
            (self._fold, self._learn_s),
            (self._renew, self._renew_s),
        ):
            if self._monotonic() >= self._due[chore]:
                await self._try(chore)
                goes_on = chore == self._thin and self._thin_after
                self._due[chore] = self._monotonic() + (THIN_PAUSE_S if goes_on else period)

    async def _try(self, chore: Chore) -> None:
        try:
            await chore()
        except StoreError as error:
            self._say(chore, f"not done now: {error}")
        except Exception as error:  # a mistake in a chore must not end the others
            if self._say(chore, f"{type(error).__name__}: {error}"):
                log.exception("a chore failed")
        else:
            self._said.pop(chore, None)

    def _say(self, chore: Chore, text: str) -> bool:
        """Whether it is news."""
        new = self._said.get(chore) != text
        self._said[chore] = text
        if new:
            log.warning("chores: %(why)s", {"why": text})
        return new

    async def _sweep(self) -> None:
        now = int(self._wall())
        for flip in await self.watch.sweep(now):
            log.debug(
                "%(terminal)s: %(state)s, before %(previous)s",
                {"terminal": flip.terminal, "state": flip.state, "previous": flip.previous},
            )
        await self.watch.learn(now)
        outcome = await self.incidents.look(now)
        for incident in outcome.opened:
            log.warning(
                "incident: %(kind)s %(value)s, %(terminals)d terminals",
                {"kind": incident.cause.kind, "value": incident.cause.value, "terminals": incident.peak},
            )

        self._explained = outcome.explained

    async def _alert(self) -> None:
        if not self.desk.plan.rule:
            return
        now, began = int(self._wall()), self._monotonic()
        if began >= self._alert_rests_until:
            await self.desk.look(now, await self.incidents.open(), self._explained, self._reminders)
            ended = self._monotonic()
            self._alert_rests_until = ended + (ended - began) / ALERT_SHARE
        await self.desk.post(now)

    async def _roster(self) -> None:
        began = self._monotonic()
        if began >= self._roster_rests_until:
            await self.roster.freshen()
            now = self._monotonic()
            self._roster_rests_until = now + (now - began) / ROSTER_SHARE

    async def _thin(self) -> None:
        if not self._thin_after:
            await self.desk.forget(int(self._wall()))
        done = await thin(self._store, self._keep, int(self._wall()), self._thin_after, THIN_MOST)
        self._thin_after = done.after
        if done.reports:
            log.info("history: %(reports)d reports summed up", {"reports": done.reports})

    async def _fold(self) -> None:
        await outlook.fold(self._store, self.office.zone)

    async def _renew(self) -> None:
        for state, count in (await follow(self._store, await self.office.rules(), int(self._wall()))).items():
            log.info("renewals: %(count)d %(state)s", {"count": count, "state": state})
        if self.desk.plan.rule:
            self._reminders = await reminders.conditions(self.office)
