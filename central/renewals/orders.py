"""Orders on their way to carriers' platforms, as rows beside the renewals; the statements that read and end them.

`waiting`: somebody will carry it there · `done`: the platform took it · `failed`: the platform said no, nothing was
ordered · `unknown`: it was asked and no answer came, somebody has to look there.
"""

from dataclasses import dataclass
from typing import Literal

from central.renewals.records import Renewal
from central.store.base import StoreRefused
from central.store.database import Row, Session

OrderState = Literal["waiting", "done", "failed", "unknown"]
COLUMNS = (
    "terminal", "renewal", "batch", "iccid", "account", "product", "key", "asked_at", "asked_by", "state", "detail",
    "tries", "next_at", "held_until", "settled_at",
)  # fmt: skip
SELECT = f"SELECT {', '.join(COLUMNS)} FROM renewal_orders"  # noqa: S608 - ours
TROUBLED = f"""SELECT {", ".join(f"o.{name}" for name in COLUMNS)} FROM renewal_orders o
JOIN renewals r ON r.terminal = o.terminal AND r.id = o.renewal AND r.state = 'due'
WHERE o.state IN ('failed', 'unknown') ORDER BY o.settled_at DESC, o.terminal, o.renewal LIMIT ?"""  # noqa: S608 - ours
"""Refused by the platform, or nobody knows; until somebody has seen to it."""
OF_BATCH = f"{SELECT} WHERE batch = ? ORDER BY terminal, renewal"
_OF_ONE = f"{SELECT} WHERE terminal = ? AND renewal = ?"
_UNDER_WAY = "SELECT renewal FROM renewal_orders WHERE batch = ? AND state IN ('waiting', 'unknown')"
_DROP = """DELETE FROM renewal_orders WHERE terminal = ? AND renewal = ?
AND (state IN ('done', 'failed') OR (state = 'waiting' AND held_until = 0))"""


@dataclass(frozen=True, slots=True)
class PlatformOrder:
    terminal: str
    renewal: str
    batch: str
    iccid: str
    account: str
    product: str
    key: str
    """Under which the platform is asked; another one only when somebody orders anew."""
    asked_at: int
    asked_by: str
    state: OrderState
    detail: str
    tries: int
    next_at: int
    held_until: int
    settled_at: int | None


def of_row(row: Row) -> PlatformOrder:
    return PlatformOrder(*row)


def of_renewal(session: Session, one: Renewal) -> PlatformOrder | None:
    rows = session.rows(_OF_ONE, (one.terminal, one.id))
    return of_row(rows[0]) if rows else None


def under_way(session: Session, batch: str) -> frozenset[str]:
    """Renewals that the platform may have been told of, or will be: nobody else orders them."""
    return frozenset(str(row[0]) for row in session.rows(_UNDER_WAY, (batch,)))


def drop(session: Session, one: Renewal) -> None:
    """It is to be ordered no more. Raises StoreRefused: nobody knows whether it was."""
    if of_renewal(session, one) is not None and session.run(_DROP, (one.terminal, one.id)) != 1:
        raise StoreRefused(
            "it may have been ordered at the platform: look there, and say what you found", "at_platform"
        )
