"""One card asked about, to see whether an account works; nothing is kept."""

import asyncio
from dataclasses import asdict
from functools import partial
from typing import Any

from central.aside import aside
from central.platforms.base import CardId, PlatformError
from central.platforms.book import Book
from central.platforms.opening import Opened
from central.registry import BadValue

PATIENCE_S = 30.0
"""Somebody waits in front of a page; an account that has used up its rate answers later than that."""


async def card_of(book: Book, account: str, iccid: str = "") -> CardId:
    """The card that was named, else one of the account's. Raises BadValue."""
    name = iccid or next((due.card.iccid for due in await book.due(account, 2**40, 1)), None)
    if name is None:
        raise BadValue(f"no card has the account {account}: name one")
    held = (await book.holders([name])).get(name)
    return held.card if held else CardId(name)


async def check(account: Opened, card: CardId) -> dict[str, Any]:
    """What the platform says of a card. Raises PlatformError."""
    if not account.line.tested.acquire(blocking=False):
        raise PlatformError("it is being asked already, and its answer is still awaited")
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await aside(partial(_ask_and_release, account, card))
    except TimeoutError:
        raise PlatformError(f"no answer in {PATIENCE_S:.0f} s: a slow platform, or its rate is used up") from None


def _ask_and_release(account: Opened, card: CardId) -> dict[str, Any]:
    try:
        return ask_about(account, card)
    finally:
        account.line.tested.release()


def ask_about(account: Opened, card: CardId) -> dict[str, Any]:
    """Blocks. Raises PlatformError."""
    standing = account.platform.status([card]).get(card.iccid)
    usage = account.platform.usage([card]).get(card.iccid)
    end = account.platform.expiry([card]).get(card.iccid)
    return {
        "iccid": card.iccid, "known": standing is not None, "state": standing.state if standing else None,
        "reasons": list(standing.reasons) if standing else [], **(asdict(usage) if usage else {}),
        "expires_on": end.isoformat() if end else None, "calls": account.line.calls,
    }  # fmt: skip
