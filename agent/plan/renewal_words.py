"""What carrier and centre say of a renewal: what they had said before, and whether they say something better now. Pure.

The carrier's receipt is often there before somebody says that he paid: an end or money told within the day before
counts, measured against what was known before that. Data left does not: it comes anew with every cycle, paid or not.
"""

from collections.abc import Iterable
from datetime import UTC
from typing import Literal

from agent.plan.calendar import local_date, parse_date
from agent.plan.facts import amount, best, day, number
from agent.plan.renewal import Before, Proof
from agent.sample.base import PlanFact

Word = Literal["better", "not_better"]

TRUSTED = ("centre", "carrier_ussd", "carrier_sms")
RECEIPT_S = 24 * 3600.0
"""So long before the beginning a receipt may have come."""
STAMP_SLACK_S = 300.0
"""Networks' clocks and ours differ by minutes."""


def before(
    facts: Iterable[PlanFact], wall: float, *, ended: str | None, left: int | None, failed: bool, turn: float | None
) -> Before:
    """What had been said by `wall`, receipts apart; what a person typed may be the renewal itself.

    `ended`: an end that is over, whoever said it; `left`: bytes by today's reckoning; `turn`: when the cycle ends.
    """
    told = [fact for fact in facts if fact.source in TRUSTED]
    said = best(told) | best(fact for fact in told if (fact.at or 0.0) < wall - RECEIPT_S)
    expires = said["expires_on"].value if "expires_on" in said else ended
    balance = said["balance"].value if "balance" in said else None
    newest = number(best(told).get("remaining_bytes"))
    return Before(expires, balance, None if newest is None else newest if left is None else left, failed, turn)


def heard(proof: Proof, facts: tuple[PlanFact, ...]) -> tuple[Word | None, tuple[PlanFact, ...]]:
    """Did carrier or centre say that it is better than before, and the words that do. None: they said nothing."""
    if not proof.dated:
        return None, ()
    words = best(fact for fact in facts if fact.source in TRUSTED and _is_new(proof, fact))
    answers = {"expires_on": _later_end(proof, words.get("expires_on"))}
    if proof.expected is None:
        answers["balance"] = _more_money(proof, words.get("balance"))
        answers["remaining_bytes"] = _data_again(proof, words.get("remaining_bytes"))
    better = tuple(words[name] for name, answer in answers.items() if answer)
    return "better" if better else "not_better" if False in answers.values() else None, better


def _is_new(proof: Proof, fact: PlanFact) -> bool:
    if fact.at is None:
        return False
    return fact.at >= proof.started_at - (STAMP_SLACK_S if fact.fact == "remaining_bytes" else RECEIPT_S)


def _later_end(proof: Proof, fact: PlanFact | None) -> bool | None:
    said = day(fact)
    if said is None:
        return None
    if proof.expected is not None:
        bought = parse_date(proof.expected)
        return bought is not None and said >= bought
    began = local_date(proof.started_at, UTC)
    return said >= began and (proof.before.expires_on is None or said.isoformat() > proof.before.expires_on)


def _more_money(proof: Proof, fact: PlanFact | None) -> bool | None:
    said = amount(fact)
    if said is None:
        return None
    before = amount(PlanFact("balance", proof.before.balance or "0", "agent"))
    return said > 0 and (before is None or said > before)


def _data_again(proof: Proof, fact: PlanFact | None) -> bool | None:
    said, ends_at = number(fact), proof.before.cycle_ends_at
    if said is None or (ends_at is not None and fact is not None and (fact.at or 0.0) >= ends_at):
        return None
    return said > (proof.before.remaining_bytes or 0)
