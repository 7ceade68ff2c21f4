"""A renewal that is being proved: what was known before, how it stands, and what a look sees. Kept as JSON."""

from dataclasses import asdict, field
from typing import Any, Literal

from agent.sample.base import PlanFact
from modem.frozen import dataclass

State = Literal["pending", "proved", "failed"]
Reason = Literal[
    "started",
    "no_word",
    "word_not_better",
    "no_data",
    "needs_radio_cycle",
    "held",
    "not_attached",
    "payment_host",
    "word_and_data",
    "data_again",
    "wrong_card",
    "not_confirmed",
    "no_card",
]
DataSeen = Literal["probe", "received"]
"""A probe got through; the card's counters grew."""

RADIO_GAP_S = 1800.0
"""Between two times that the radio is switched off and on."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was known when proving began; None = not known."""

    expires_on: str | None = None
    balance: str | None = None
    remaining_bytes: int | None = None
    data_failed: bool = False
    cycle_ends_at: float | None = None
    """Wall seconds; data left that is told later may be the next cycle's."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Kept through restarts as JSON."""

    card: str
    started_at: float
    """Wall seconds."""
    before: Before = field(default_factory=Before)
    expected: str | None = None
    """The new end that was bought, ISO, where somebody said."""
    cycle_radio: bool = False
    state: State = "pending"
    reason: Reason = "started"
    tries: int = 0
    spent_s: float = 0.0
    seen_at: float | None = None
    due_in_s: float = 0.0
    """From `seen_at` on."""
    radio_cycles: int = 0
    radio_ago_s: float = RADIO_GAP_S
    no_data_looks: int = 0
    dated: bool = True
    """False: the clock was known to be wrong when it began, and has not been right since."""
    words: tuple[PlanFact, ...] = ()
    """The evidence: what was said since that is better than before …"""
    data: DataSeen | None = None
    """… and how data was seen to flow."""

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. None = not known."""

    now: float
    """Wall seconds."""
    card: str | None
    facts: tuple[PlanFact, ...] = ()
    """Words about this card, from any source and time."""
    attached: bool | None = None
    flows: bool | None = None
    """Data passes (any target)."""
    received: bool = False
    """The card's counters received what is worth calling traffic since the look before."""
    payment: bool | None = None
    """The payment host was reached; None: none configured, or not tried."""
    can_ask: bool = False
    held: bool = False
    """A payment holds the line: nothing is cycled."""
    clock_trusted: bool | None = True


def begin(
    card: str,
    now: float,
    before: Before,
    *,
    expected: str | None = None,
    cycle_radio: bool = False,
    clock_trusted: bool | None = True,
) -> Proof:
    return Proof(card, now, before, expected, cycle_radio, dated=clock_trusted is not False)


def proof_from(value: dict[str, Any] | None) -> Proof | None:
    """What `Proof.json` made; None when it cannot be read."""
    if value is None:
        return None
    try:
        words = tuple(PlanFact(**word) for word in value.get("words", ()))
        proof = Proof(**{**value, "before": Before(**value["before"]), "words": words})
    except (TypeError, KeyError):
        return None
    numbers = (proof.started_at, proof.spent_s, proof.due_in_s, proof.radio_ago_s, proof.tries, proof.radio_cycles)
    texts = (proof.card, *(word.value for word in proof.words))
    good = all(isinstance(one, int | float) for one in numbers) and all(isinstance(one, str) for one in texts)
    return proof if good and proof.state in ("pending", "proved", "failed") else None
