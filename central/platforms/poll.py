"""Asks the platforms, account by account, each at its own pace; what is new goes to the database and to the terminal.

One task of the process, beside the chores: a slow platform holds up nothing else. An account that fails is left in
peace, longer each time, and the cards it was asked about keep their turn.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from central.aside import aside
from central.platforms import telling
from central.platforms.base import CardId, Declined, PlatformError, Standing, Throttled, Usage
from central.platforms.book import Book, Due, Facts, taken_in, wants_end
from central.platforms.opening import Opened
from central.registry import Who
from central.store.base import StoreError

IDLE_S = 30.0
TURN_S = 300.0
"""A turn at one account asks about as many cards as its rate allows in this time."""
CALLS_A_CARD = 3

log = logging.getLogger("central.platforms")


@dataclass(frozen=True, slots=True)
class _Told:
    status: Mapping[str, Standing]
    usage: Mapping[str, Usage]
    ends: Mapping[str, date]
    refused: Mapping[str, str]


@dataclass(slots=True)
class Poller:
    """`run` until cancelled; `step` for tests and the command line."""

    book: Book
    accounts: Sequence[Opened]
    wall: Callable[[], float] = time.time
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    _said: dict[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        await asyncio.gather(*(self._run(account) for account in self.accounts))

    async def _run(self, account: Opened) -> None:
        while True:
            try:
                asked = await self.step(account)
            except StoreError as error:
                log.warning("platform %(account)s: not asked now: %(why)s", {"account": account.name, "why": error})
                asked = 0
            except Exception:  # a mistake with one platform must not end the others
                log.exception("platform %(account)s: a mistake", {"account": account.name})
                asked = 0
            await asyncio.sleep(0.0 if asked else IDLE_S)

    async def step(self, account: Opened) -> int:
        """One turn at one account; how many cards it was asked about. Raises StoreError."""
        now = int(self.wall())
        if not await self.book.claim(account.name, self.holder, now):
            return 0
        dues = await self.book.due(account.name, now, self._turn(account))
        if not dues:
            return 0
        before = account.line.calls
        try:
            told = await aside(partial(_ask, account, dues, now))
        except PlatformError as error:
            await self._failed(account, account.line.calls - before, error)
            return 0
        facts = [self._taken_in(account, due, told, now) for due in dues]
        await self.book.keep(facts, Who(f"platform:{account.name}", now))
        await self.book.went(account.name, account.line.calls - before, now)
        self._said.pop(account.name, None)
        for due, known in zip(dues, facts, strict=True):
            await telling.tell(self.book, due.terminal, known, now)
        return len(dues)

    async def stop(self) -> None:
        for account in self.accounts:
            await self.book.release(account.name, self.holder)

    def _turn(self, account: Opened) -> int:
        affordable = int(account.line.budget.rate * TURN_S / CALLS_A_CARD)
        return max(1, min(account.platform.most, affordable))

    def _taken_in(self, account: Opened, due: Due, told: _Told, now: int) -> Facts:
        iccid = due.card.iccid
        was = replace(due.known, account=account.name) if due.known else Facts(iccid, account.name)
        known = taken_in(
            iccid, was, told.status.get(iccid), told.usage.get(iccid), told.ends.get(iccid),
            asked_end=account.platform.keeps_ends and wants_end(due.known, now), now=now,
            every_s=account.every_hours * 3600,
        )  # fmt: skip
        return replace(known, error=told.refused[iccid]) if iccid in told.refused else known

    async def _failed(self, account: Opened, calls: int, error: PlatformError) -> None:
        throttled = isinstance(error, Throttled)
        seconds = await self.book.failed(account.name, calls, int(self.wall()), str(error), throttled=throttled)
        text = f"{type(error).__name__}: {error}"
        if self._said.get(account.name) != text:
            log.warning(
                "platform %(account)s: %(why)s; asked again in %(again_s)d s",
                {"account": account.name, "why": text, "again_s": seconds},
            )
        self._said[account.name] = text


def _ask(account: Opened, dues: Sequence[Due], now: int) -> _Told:
    """In a thread. A card that the platform will not speak about must not keep the others from it: then each is asked
    about alone. Raises PlatformError.
    """
    try:
        return _ask_all(account, dues, now)
    except Declined as no:
        if len(dues) == 1:
            return _Told({}, {}, {}, {dues[0].card.iccid: str(no)})
    told = [_ask(account, [due], now) for due in dues]
    return _Told(
        {iccid: one for part in told for iccid, one in part.status.items()},
        {iccid: one for part in told for iccid, one in part.usage.items()},
        {iccid: one for part in told for iccid, one in part.ends.items()},
        {iccid: one for part in told for iccid, one in part.refused.items()},
    )


def _ask_all(account: Opened, dues: Sequence[Due], now: int) -> _Told:
    platform, cards = account.platform, [due.card for due in dues]
    ends: list[CardId] = [due.card for due in dues if wants_end(due.known, now)] if platform.keeps_ends else []
    return _Told(platform.status(cards), platform.usage(cards), platform.expiry(ends) if ends else {}, {})
