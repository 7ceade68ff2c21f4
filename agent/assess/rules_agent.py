"""Rules about the agent itself. Pure; what nobody observed is not known."""

from agent.assess.answer import NO, UNKNOWN, Answer, Limits, yes
from agent.sample.base import Snapshot

BACKLOG_S = 6 * 3600.0
"""What waits for so long will not be gone with the next attempt."""


def backlog(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001 - the shape of every rule
    waits = snapshot.agent.oldest_waiting_s
    if waits is None:
        return UNKNOWN
    return yes("agent.outbox") if waits > BACKLOG_S else NO


def budget(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    used_up = snapshot.agent.budget_used_up
    if used_up is None:
        return UNKNOWN
    return yes("usage.own_bytes") if used_up else NO


def storage(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    writable = snapshot.agent.writable
    if writable is None:
        return UNKNOWN
    return NO if writable else yes("agent.storage")
