"""What one carrier message says. Unknown is None, never a guess."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from agent.sample.base import PlanFact
from modem.frozen import dataclass
from modem.text import printable

Kind = Literal[
    "balance",
    "data_remaining",
    "data_used",
    "expiry",
    "arrears",
    "suspended",
    "plan_change",
    "topup_ok",
    "topup_failed",
    "other",
]


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    """Negative: owed."""
    currency: str | None
    """ISO 4217; None where neither the text nor the country tells."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where in the original text a fact stands; start and end in code points, end not included."""

    fact: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Explained:
    kind: Kind = "other"
    also: tuple[Kind, ...] = ()
    balance: Money | None = None
    used_bytes: int | None = None
    remaining_bytes: int | None = None
    total_bytes: int | None = None
    expires_on: date | None = None
    carrier: str | None = None
    evidence: tuple[Evidence, ...] = ()
    why_not: str | None = None
    """Why nothing was read: "one-time code", "sender"…; None when something was."""

    def json(self) -> dict[str, Any]:
        """The object of `posagent plan explain --json`; foreign text in it is made printable."""
        money = self.balance
        return {
            "kind": self.kind,
            "also": list(self.also),
            "balance": None if money is None else {"amount": format(money.amount, "f"), "currency": money.currency},
            "used_bytes": self.used_bytes,
            "remaining_bytes": self.remaining_bytes,
            "total_bytes": self.total_bytes,
            "expires_on": self.expires_on.isoformat() if self.expires_on else None,
            "carrier": self.carrier,
            "evidence": [
                {"fact": one.fact, "text": printable(one.text), "span": [one.start, one.end]} for one in self.evidence
            ],
        }


def plan_facts(
    read: Explained, source: Literal["carrier_sms", "carrier_ussd"], at: float | None
) -> tuple[PlanFact, ...]:
    """The facts of a message for the plan; `at`: wall seconds when the carrier sent it. Each keeps its words."""
    texts = {one.fact: printable(one.text) for one in read.evidence}
    values = {
        "expires_on": read.expires_on.isoformat() if read.expires_on else None,
        "balance": format(read.balance.amount, "f") if read.balance else None,
        "quota_bytes": _number(read.total_bytes),
        "used_bytes": _number(read.used_bytes),
        "remaining_bytes": _number(read.remaining_bytes),
        "suspended": "true" if "suspended" in (read.kind, *read.also) else None,
        "arrears": "true" if "arrears" in (read.kind, *read.also) else None,
    }
    names: tuple[
        tuple[
            Literal["expires_on", "balance", "quota_bytes", "used_bytes", "remaining_bytes", "suspended", "arrears"],
            str,
        ],
        ...,
    ] = (
        ("expires_on", "expires_on"),
        ("balance", "balance"),
        ("quota_bytes", "total_bytes"),
        ("used_bytes", "used_bytes"),
        ("remaining_bytes", "remaining_bytes"),
        ("suspended", "suspended"),
        ("arrears", "arrears"),
    )
    return tuple(
        PlanFact(fact, value, source, at, texts.get(named) or texts.get("kind"))
        for fact, named in names
        if (value := values[fact]) is not None
    )


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)
