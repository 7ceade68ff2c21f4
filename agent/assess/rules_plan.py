"""Rules about the card's plan. Pure; each answers true, false or not known.

- Dates need a clock: `days_left` is None without a trusted one, and no rule reckons it again from `expires_on`.
- "Suspended" needs two kinds of evidence: what somebody said (message, balance) and that data fails now.
- Traffic that flows is stronger than the books: a date that has passed is then "expiring" (it will be cut, or the
  record is old), an empty allowance is "running out" (throttled or billed extra, not cut).
"""

from decimal import Decimal, InvalidOperation

from agent.assess.answer import NO, UNKNOWN, Answer, Limits, yes
from agent.assess.facts import data_flows, failing_fields
from agent.sample.base import Snapshot

DAY_S = 86_400.0
GRACE_DAYS = 7
"""Data that still flows this long after the recorded end means that the record is old."""


def expired(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    left = days_left(snapshot)
    if left is None:
        return UNKNOWN
    if left >= 0 or data_flows(snapshot):
        return NO
    return yes("plan.expires_on", *failing_fields(snapshot))


def expiring(snapshot: Snapshot, limits: Limits) -> Answer:
    left = days_left(snapshot)
    if left is None:
        return UNKNOWN
    if left < 0:
        return yes("plan.expires_on") if data_flows(snapshot) else NO
    return yes("plan.expires_on") if left <= limits.expiring_days else NO


def exhausted(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    left = snapshot.plan.remaining_bytes
    if left is None:
        return UNKNOWN
    if left > 0 or data_flows(snapshot):
        return NO
    return yes("plan.remaining_bytes", *failing_fields(snapshot))


def running_out(snapshot: Snapshot, limits: Limits) -> Answer:
    plan = snapshot.plan
    if plan.runs_out_on is not None:
        return yes("plan.runs_out_on", "plan.remaining_bytes")
    if plan.remaining_bytes is None:
        return UNKNOWN
    if plan.remaining_bytes <= 0:
        return yes("plan.remaining_bytes") if data_flows(snapshot) else NO
    if not plan.quota_bytes:
        return UNKNOWN
    percent = 100.0 * plan.remaining_bytes / plan.quota_bytes
    return yes("plan.remaining_bytes", "plan.quota_bytes") if percent <= limits.running_out_percent else NO


def balance_low(snapshot: Snapshot, limits: Limits) -> Answer:
    balance = balance_of(snapshot)
    if balance is None:
        return UNKNOWN
    return yes("plan.balance_amount") if balance < limits.balance_low else NO


def suspended(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    balance = balance_of(snapshot)
    said = ("plan.state",) if snapshot.plan.state == "suspended" or _in_arrears(snapshot) else ()
    owed = ("plan.balance_amount",) if balance is not None and balance <= 0 else ()
    flows = data_flows(snapshot)
    if flows:
        return NO
    failing = failing_fields(snapshot)
    if (said or owed) and failing:
        return yes(*said, *owed, *failing)
    if said or owed or flows is None or balance is None:
        return UNKNOWN
    return NO if snapshot.plan.state in ("active", "expiring") else UNKNOWN


def stale(snapshot: Snapshot, limits: Limits) -> Answer:
    """Nobody said anything new for a long time, or what was said does not fit what is seen.

    Each kind of fact is judged by itself: a fresh figure of use does not renew an old balance. An end that is still
    ahead stays true however old the word; figures of use are the ledger's matter as long as anything else is known.
    """
    left = days_left(snapshot)
    if left is not None and left < -GRACE_DAYS and data_flows(snapshot):
        return yes("plan.expires_on", "reach.internet")
    if snapshot.clock.trusted is False:
        return UNKNOWN
    said = {fact.fact: fact.at for fact in snapshot.plan.facts if fact.at is not None}
    if not said:
        return UNKNOWN
    ahead = left is not None and left >= 0
    times = [said[kind] for kind in _JUDGED if kind in said and not (ahead and kind == "expires_on")]
    if not times:
        times = [] if ahead and "expires_on" in said else [max(said.values())]
    return yes("plan.facts") if any(snapshot.taken_at - at > limits.stale_days * DAY_S for at in times) else NO


_JUDGED = ("expires_on", "balance")
"""What the plan's state rests on and nobody else keeps count of."""


def days_left(snapshot: Snapshot) -> int | None:
    """Days to the end of the plan; None while the clock is known to be wrong, whatever the snapshot says."""
    return None if snapshot.clock.trusted is False else snapshot.plan.days_left


def balance_of(snapshot: Snapshot) -> Decimal | None:
    text = snapshot.plan.balance_amount
    if text is None or len(text) > 20:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _in_arrears(snapshot: Snapshot) -> bool:
    bad = [fact for fact in snapshot.plan.facts if fact.fact in ("arrears", "suspended") and fact.value == "true"]
    return any(not _good_word_since(snapshot, fact.at) for fact in bad)


def _good_word_since(snapshot: Snapshot, at: float | None) -> bool:
    """Paid since, as it seems: a new end, or money or data left, was told later (as agent.plan.plan has it)."""
    later = [fact for fact in snapshot.plan.facts if fact.at is not None and at is not None and fact.at > at]
    return any(
        fact.fact == "expires_on" or (fact.fact in ("balance", "remaining_bytes") and fact.value.strip("0.-") != "")
        for fact in later
        if not fact.value.startswith("-")
    )
