"""Who people are at the centre, what each role may do, and which terminals each one sees.

Rules
- A role is a set of acts; the one table is MAY.
- What somebody sees is narrowed by his sight (central/accounts/sight.py).
- Whoever administers sees everything: otherwise he could widen his own sight.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Literal, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from central.accounts.sight import EVERYTHING, Sight, read_sight, where
from central.words import Lang

Role = Literal["viewer", "technician", "clerk", "admin"]
Act = Literal["see", "direct", "renew", "fleet", "admin"]
"""look · directives, hold, acknowledge, bulk · the renewal desk · the fleet model, import · people, tokens, codes"""
ROLES: tuple[Role, ...] = get_args(Role)
ACTS: tuple[Act, ...] = get_args(Act)
MAY: Mapping[Role, frozenset[Act]] = {
    "viewer": frozenset({"see"}),
    "technician": frozenset({"see", "direct"}),
    "clerk": frozenset({"see", "renew", "fleet"}),
    "admin": frozenset(ACTS),
}
__all__ = [
    "ACTS", "EVERYTHING", "MAY", "ROLES", "Act", "Forbidden", "Person", "Role", "Sight", "may", "needed_by", "needs",
    "person_of", "read_sight", "where",
]  # fmt: skip
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks: a user, the operator by the token, somebody at this machine, or a program by a token of its own."""

    name: str
    role: Role
    sight: Sight = EVERYTHING
    lang: Lang | None = None
    zone: str | None = None
    acts: frozenset[Act] | None = None
    """Of a program: what its scopes reach; None: what the role may."""

    def may(self, act: Act) -> bool:
        return may(self.role, act) if self.acts is None else act in self.acts


class Forbidden(HTTPException):
    """Whoever asks may not do that (403)."""

    def __init__(self, act: Act) -> None:
        super().__init__(403, f"this needs the right to {act}")
        self.act = act


def may(role: Role, act: Act) -> bool:
    return act in MAY[role]


def needs(act: Act) -> Callable[[Handler], Handler]:
    """A handler that only those may ask who may `act`; the others get Forbidden."""

    def wrap(handler: Handler) -> Handler:
        @wraps(handler)
        async def answer(request: Request) -> Response:
            if not person_of(request).may(act):
                raise Forbidden(act)
            return await handler(request)

        answer.__dict__["needs"] = act
        return answer

    return wrap


def needed_by(endpoint: object) -> Act | None:
    """What a route's endpoint needs; None: it says nothing."""
    return getattr(endpoint, "needs", None)


def person_of(request: Request) -> Person:
    """Whom the Guard let in."""
    person: Person = request.state.person
    return person
