"""Suspending, resuming and ordering for a card, once each.

Rules
- Whoever asks gives a key; the same key again gets the same answer and does nothing. The row is written before the
  platform is asked, so that a process that dies leaves `begun`: nobody knows, and nobody tries again by itself.
- Where nothing was done for certain (nobody there, asked too often), the same key may ask again: `later`.
- A card that is already so is left alone (`nothing`). Two acts on one card are half an hour apart: carriers refuse
  what comes sooner, and somebody who presses twice means one.
- Every act leaves a line in the trail, those that failed too.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, cast

from central.aside import aside
from central.platforms.base import Absent, Act, CardId, PlatformError, Throttled, Unreachable
from central.platforms.book import Book
from central.platforms.opening import Opened
from central.registry import BadValue, Registry, Who, audit
from central.store.base import StoreRefused
from central.store.database import Row, Session
from central.text import printable

ActState = Literal["begun", "done", "nothing", "failed", "later"]
APART_S = 1800
_KEY = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
_PRODUCT = re.compile(r"[^\x00-\x1f]{1,100}\Z")
_COLUMNS = "key, iccid, account, act, product, at, who, state, detail"
_BY_KEY = f"SELECT {_COLUMNS} FROM card_acts WHERE key = ?"  # noqa: S608 - ours
_LATELY = """SELECT 1 FROM card_acts WHERE iccid = ? AND at > ? AND state IN ('begun', 'done')"""
_OF_CARD = f"SELECT {_COLUMNS} FROM card_acts WHERE iccid = ? ORDER BY at DESC, key LIMIT 100"  # noqa: S608 - ours
_AGAIN = "UPDATE card_acts SET state = 'begun', detail = '', at = ? WHERE key = ?"
_ADD = f"INSERT INTO card_acts ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - ours
_DONE = "UPDATE card_acts SET state = ?, detail = ? WHERE key = ?"
_ASK_SOON = "UPDATE card_facts SET next_at = 0 WHERE iccid = ?"
_WANTED: Mapping[Act, str] = {"suspend": "suspended", "resume": "active"}


class TooSoon(StoreRefused):
    """Something was done to the card a short while ago."""

    code = "too_soon"


@dataclass(frozen=True, slots=True)
class Done:
    key: str
    iccid: str
    account: str
    act: Act
    product: str
    at: int
    who: str
    state: ActState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Acts:
    book: Book
    accounts: Sequence[Opened]

    async def act(self, iccid: str, act: Act, who: Who, key: str, product: str = "") -> Done:
        """Raises StoreRefused: not allowed, not now, no such card in sight."""
        if not _KEY.match(key):
            raise BadValue("key: 8 to 64 letters, digits, '.', '_' or '-', drawn anew for every act")
        if (act == "order") != bool(product) or (product and not _PRODUCT.match(product)):
            raise BadValue("product: what to order, and only then")
        card = await Registry(self.book.store).card(iccid, who.sight)
        if card is None:
            raise StoreRefused("no such card", "not_found")
        account = self._account(card.account)
        begun = Done(key, iccid, account.name, act, product, who.now, who.name, "begun")
        known = await self.book.store.write(partial(_begin, begun=begun, who=who))
        if known is not None:
            return known
        state, detail = await aside(partial(_carry_out, account, CardId(iccid, card.msisdn), act, product))
        done = replace(begun, state=state, detail=printable(detail, 200))
        await self.book.store.write(partial(_end, done=done, who=who))
        return done

    async def of_card(self, iccid: str) -> list[Done]:
        return [_done(row) for row in await self.book.store.read(_OF_CARD, (iccid,))]

    def _account(self, name: str) -> Opened:
        found = next((one for one in self.accounts if one.name == name), None)
        if found is None:
            raise StoreRefused("the card's account is at no platform that this centre knows")
        if not found.may_act:
            raise StoreRefused(f"platform {name} is only asked, never told (may_act = true would allow it)")
        return found


def new_key() -> str:
    return secrets.token_hex(12)


def _begin(session: Session, begun: Done, who: Who) -> Done | None:
    """What came of it before; None: it is begun now."""
    rows = session.rows(_BY_KEY, (begun.key,))
    if rows:
        before = _done(rows[0])
        if (before.iccid, before.act, before.product) != (begun.iccid, begun.act, begun.product):
            raise StoreRefused("this key was of another act", "key_used")
        if before.state != "later":
            return before
    if session.rows(_LATELY, (begun.iccid, begun.at - APART_S)):
        raise TooSoon("something was done to this card in the last half hour: wait, and look what came of it")
    values = (begun.key, begun.iccid, begun.account, begun.act, begun.product, begun.at, begun.who, "begun", "")
    if rows:
        session.run(_AGAIN, (begun.at, begun.key))
    else:
        session.run(_ADD, values)
    audit(session, who, begun.act, "card", begun.iccid, {"platform": begun.account, "product": begun.product})
    return None


def _done(row: Row) -> Done:
    key, iccid, account, act, product, at, who, state, detail = row
    return Done(key, iccid, account, cast("Act", act), product, at, who, cast("ActState", state), detail)


def _end(session: Session, done: Done, who: Who) -> None:
    session.run(_DONE, (done.state, done.detail, done.key))
    session.run(_ASK_SOON, (done.iccid,))
    audit(session, who, f"{done.act}: {done.state}", "card", done.iccid, {"detail": done.detail})


def _carry_out(account: Opened, card: CardId, act: Act, product: str) -> tuple[ActState, str]:
    """In a thread. An answer that never came leaves it open."""
    platform = account.platform
    try:
        standing = platform.status([card]).get(card.iccid) if act in _WANTED else None
    except (Absent, Throttled) as error:
        return "later", str(error)
    except PlatformError as error:
        return "failed", str(error)
    if standing is not None and standing.state == _WANTED[act]:
        return "nothing", f"it is so already: {standing.said}"
    try:
        if act == "order":
            return "done", platform.order(card, product)
        return "done", platform.suspend(card) if act == "suspend" else platform.resume(card)
    except (Absent, Throttled) as error:
        return "later", str(error)
    except Unreachable as error:
        return "begun", f"nobody knows whether it was done: {error}"
    except PlatformError as error:
        return "failed", str(error)
