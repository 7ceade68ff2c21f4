"""The closed list of what a centre may ask of a terminal, and what may come of it: names and bounds, no models."""

from typing import Literal, get_args

Kind = Literal[
    "plan-facts",
    "cadence",
    "ask-balance",
    "verify-renewal",
    "run-diag",
    "send-bundle",
    "accept-card",
    "rotate-credential",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Outcome = Literal["done", "begun", "unknown", "expired", "failed", "not_offered", "interrupted", "part"]
"""`begun`: what follows comes as records of its own; `interrupted`: the power went while it was being done; `part`:
a piece of the result, and not yet the end.
"""

MAX_OPEN = 32
"""Directives in one answer."""
MAX_BODY_CHARS = 4096
MAX_DETAIL = 200


def is_kind(name: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == name), None)
