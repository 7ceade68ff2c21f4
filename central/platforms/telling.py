"""What the terminal is told of its card: the directive `plan-facts`, only when it would change something there.

A directive costs the card some hundred bytes, so use is told again only when it has moved by a twentieth of the quota
(or 5 MB), and everything once a week: a centre's word stands for three days against what the terminal hears itself.
"""

import logging
from collections.abc import Mapping
from typing import Any

from agent.wire.kinds import MAX_OPEN
from central.orders import new_directive
from central.platforms.book import Book, Facts
from central.store.base import StoreRefused

AGAIN_S = 7 * 86_400
LIFE_S = 7 * 86_400
_STEP = 5 * 1024 * 1024
_MOVING = ("used_bytes", "remaining_bytes", "balance")
log = logging.getLogger("central.platforms")


async def tell(book: Book, terminal: str | None, known: Facts, now: int) -> bool:
    """Whether the terminal is told. What it has not fetched from before is withdrawn: it is not true any more."""
    if terminal is None or known.error or not is_news(known, now):
        return False
    try:
        if known.directive is not None:
            await book.store.withdraw_directive(terminal, known.directive, now)
        sender = f"platform:{known.account}"
        row = new_directive(terminal, "plan-facts", body_of(known), now, LIFE_S, sender)
        await book.store.send_directives([row], MAX_OPEN)
    except StoreRefused as refusal:
        log.info(
            "platform %(account)s: %(terminal)s is not told: %(why)s",
            {"account": known.account, "terminal": terminal, "why": refusal},
        )
        return False
    await book.told(known.iccid, facts_of(known), now, row.id)
    return True


def facts_of(known: Facts) -> dict[str, str]:
    """In the directive's words."""
    numbers = ("used_bytes", "quota_bytes", "remaining_bytes")
    found = {name: str(value) for name in numbers if (value := getattr(known, name)) is not None}
    found |= {name: value for name in ("expires_on", "balance") if (value := getattr(known, name))}
    if known.state in ("active", "suspended"):
        cut = known.state == "suspended"
        found["suspended"] = str(cut).lower()
        found["arrears"] = str(cut and "arrears" in known.reasons).lower()
    return found


def is_news(known: Facts, now: int) -> bool:
    now_known, told = facts_of(known), known.told
    if not now_known:
        return False
    if told is None or known.told_at is None or now - known.told_at >= AGAIN_S:
        return True
    if any(now_known.get(name) != told.get(name) for name in now_known if name not in _MOVING):
        return True
    step = max(_STEP, (known.quota_bytes or 0) // 20)
    return any(_moved(now_known, told, name, step) for name in ("used_bytes", "remaining_bytes"))


def body_of(known: Facts) -> dict[str, Any]:
    facts = [{"fact": name, "value": value} for name, value in facts_of(known).items()]
    return {"facts": facts, "iccid": known.iccid}


def _moved(now_known: Mapping[str, str], told: Mapping[str, str], name: str, step: int) -> bool:
    if name not in now_known:
        return False
    return name not in told or abs(int(now_known[name]) - int(told[name])) >= step
