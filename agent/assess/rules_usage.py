"""Rules about how the card's data is used. Pure; each answers true, false or not known.

The statistics are made where the ledger is (agent.plan.habits, agent.plan.reconcile); here the figures are judged.
"""

from agent.assess.answer import NO, UNKNOWN, Answer, Limits, yes
from agent.sample.base import Snapshot


def abnormal(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """Today's use is far above this terminal's own days; not known in its first week."""
    usage = snapshot.usage
    if usage.day_bytes is None or usage.day_limit_bytes is None:
        return UNKNOWN
    return yes("usage.day_bytes") if usage.day_bytes > usage.day_limit_bytes else NO


def elsewhere(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """The carrier counts far more than this terminal used."""
    much = snapshot.usage.elsewhere_bytes
    if much is None:
        return UNKNOWN
    return yes("usage.elsewhere_bytes") if much > 0 else NO
