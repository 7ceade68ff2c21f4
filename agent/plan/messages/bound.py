"""A number of a message and what it was found to be."""

from collections.abc import Iterator, Sequence
from typing import Literal

from agent.plan.messages.grammar import Amount
from agent.plan.messages.words import Label, Role
from modem.frozen import dataclass

Bucket = Literal["plain", "general", "regional", "extra", "restricted"]


@dataclass(frozen=True, slots=True)
class Bound:
    amount: Amount
    role: Role | None
    label: Label | None
    bucket: Bucket
    sentence: int
    overall: bool
    component: bool = False
    """Named after "其中": part of what stands before it."""


def of_role(found: Sequence[Bound], role: Role) -> Iterator[Bound]:
    return (one for one in found if one.role is role and not one.amount.rate)
