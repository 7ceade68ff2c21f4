"""Carrier messages as facts: `explain` reads one, `plan_facts` makes plan facts of what it read."""

from agent.plan.messages.model import Evidence, Explained, Kind, Money, plan_facts
from agent.plan.messages.reader import explain

__all__ = ["Evidence", "Explained", "Kind", "Money", "explain", "plan_facts"]
