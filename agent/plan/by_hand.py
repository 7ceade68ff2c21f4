"""What a person says of the plan, `posagent plan set NAME=VALUE`, as a fact. Pure."""

from decimal import Decimal

from agent.plan.facts import readable
from agent.plan.plan import MEGABYTE
from agent.sample.base import PlanFact


def by_hand(name: str, value: str, at: float | None) -> PlanFact:
    """One NAME=VALUE of `plan set`. Raises ValueError in words for people."""
    text = value.strip()
    if name == "expires_on":
        fact = PlanFact("expires_on", text, "manual", at, f"{name}={text}")
    elif name == "balance":
        fact = PlanFact("balance", text, "manual", at, f"{name}={text}")
    elif name in ("quota_mb", "used_mb", "remaining_mb"):
        kinds = {"quota_mb": "quota_bytes", "used_mb": "used_bytes", "remaining_mb": "remaining_bytes"}
        fact = PlanFact(kinds[name], _bytes(name, text), "manual", at, f"{name}={text}")  # type: ignore[arg-type]
    elif name == "suspended":
        fact = PlanFact("suspended", {"yes": "true", "no": "false"}.get(text, text), "manual", at, f"{name}={text}")
    else:
        raise ValueError(
            f"{name[:40]}: not known; there is expires_on, balance, quota_mb, used_mb, remaining_mb, suspended"
        )
    if not readable(fact):
        raise ValueError(f"{name}: {text[:40]!r} is not {_SHAPES[fact.fact]}")
    return fact


_SHAPES = {
    "expires_on": "a date as 2026-12-31",
    "balance": "an amount as 12.30",
    "suspended": "yes or no",
    "quota_bytes": "a number of MB",
    "used_bytes": "a number of MB",
    "remaining_bytes": "a number of MB",
}


def _bytes(name: str, text: str) -> str:
    try:
        amount = Decimal(text)
        if amount.is_finite() and 0 <= amount <= 10_000_000:
            return str(int(amount * MEGABYTE))
    except ArithmeticError:
        pass
    raise ValueError(f"{name}: {text[:40]!r} is not a number of MB")
