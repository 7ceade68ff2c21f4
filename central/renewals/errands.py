"""Carries orders to carriers' platforms, account by account, one card at a time; beside the pages and the chores, so
that a slow platform holds up neither. Several processes may do it: who holds an order carries it (placing.py).
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from central.platforms.acts import APART_S, Acts, Done, TooSoon
from central.platforms.budget import pause
from central.registry import Who
from central.renewals import placing
from central.renewals.orders import OrderState, PlatformOrder
from central.store.base import StoreError, StoreRefused
from central.store.core import SqlStore

IDLE_S = 5.0
MOST_TRIES = 24
"""With pauses up to an hour: most of a day. Then somebody should know that the platform cannot be reached."""
_BECAME: dict[str, OrderState] = {"done": "done", "nothing": "done", "failed": "failed", "begun": "unknown"}
log = logging.getLogger("central.renewals")


@dataclass(slots=True)
class Errands:
    """`run` until cancelled; `step` for tests."""

    store: SqlStore
    acts: Acts
    wall: Callable[[], float] = time.time
    holder: str = field(default_factory=lambda: secrets.token_hex(8))

    async def run(self) -> None:
        await asyncio.gather(*(self._run(one.name) for one in self.acts.accounts if one.may_act))

    async def _run(self, account: str) -> None:
        while True:
            try:
                went = await self.step(account)
            except StoreError as error:
                log.warning("orders at %(account)s: not now: %(why)s", {"account": account, "why": error})
                went = False
            except Exception:  # a mistake with one platform must not end the others
                log.exception("orders at %(account)s: a mistake", {"account": account})
                went = False
            await asyncio.sleep(0.0 if went else IDLE_S)

    async def step(self, account: str) -> bool:
        """One order of an account; False: none waits. Raises StoreError."""
        now = int(self.wall())
        one = await self.store.write(partial(placing.take, account=account, holder=self.holder, now=now))
        if one is None:
            return False
        try:
            done = await self.acts.act(one.iccid, "order", Who(one.asked_by, now), one.key, one.product)
        except TooSoon as refusal:
            await self._put_off(one, str(refusal), APART_S)
        except StoreRefused as refusal:
            await self._told(one, "failed", str(refusal))
        else:
            await self._became(one, done)
        return True

    async def _became(self, one: PlatformOrder, done: Done) -> None:
        if done.state == "later" and one.tries < MOST_TRIES:
            await self._put_off(one, done.detail, pause(one.tries + 1))
        else:
            await self._told(one, _BECAME.get(done.state, "failed"), done.detail)

    async def _put_off(self, one: PlatformOrder, why: str, seconds: float) -> None:
        until = int(self.wall() + seconds)
        await self.store.write(partial(placing.put_off, one=one, why=why, until=until))

    async def _told(self, one: PlatformOrder, state: OrderState, detail: str) -> None:
        job = partial(placing.told, one=one, state=state, detail=detail, now=int(self.wall()))
        if await self.store.write(job) and state != "done":
            log.warning(
                "order for card %(iccid)s at %(account)s: %(state)s: %(why)s",
                {"iccid": one.iccid, "account": one.account, "state": state, "why": detail},
            )
