"""Who people are at the centre, what each role may do, and which terminals each one sees.

Rules
- A role is a set of acts; the one table is MAY.
- A sight narrows every list, count, page, export and answer in the database (`where`), never after paging.
- A terminal of which nobody said where it stands is seen only by those who see everything. So are spare cards.
- Whoever administers sees everything: otherwise he could widen his own sight.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Literal, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

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
_EVERYTHING = "*"
_GROUPS = ("merchants", "regions", "tags")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which terminals somebody sees: all, or those whose merchant, region or one of whose tags is named here."""

    everything: bool = False
    merchants: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def sees(self, merchant: str, region: str, tags: Iterable[str]) -> bool:
        return self.everything or (
            merchant in self.merchants or region in self.regions or not self.tags.isdisjoint(tags)
        )

    def to_text(self) -> str:
        """As it is kept: `*`, or a JSON object."""
        if self.everything:
            return _EVERYTHING
        return json.dumps({name: sorted(getattr(self, name)) for name in _GROUPS}, ensure_ascii=False)


EVERYTHING = Sight(everything=True)


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


def where(sight: Sight, terminal: str) -> tuple[str, dict[str, object]]:
    """An SQL condition, and its named values, that holds for the terminals of a sight; `terminal` is the column with
    the terminal's id, such as `t.id` or `w.terminal` (ours, never foreign text).
    """
    if sight.everything:
        return "1 = 1", {}
    named: dict[str, object] = {}
    tests = [
        f"seen.{column} IN ({', '.join(_name(named, value) for value in sorted(values))})"
        for column, values in (("merchant", sight.merchants), ("region", sight.regions))
        if values
    ]
    for tag in sorted(sight.tags):
        # tags are kept as a JSON list: its first element, or one after a comma; a quote inside a tag has a backslash
        quoted = json.dumps(tag, ensure_ascii=False)
        first, later = _name(named, f"[{quoted}"), _name(named, f", {quoted}")
        tests.append(f"strpos(seen.tags, {first}) > 0 OR strpos(seen.tags, {later}) > 0")
    if not tests:
        return "1 = 0", {}
    either = " OR ".join(tests)
    return f"EXISTS (SELECT 1 FROM assets seen WHERE seen.terminal = {terminal} AND ({either}))", named  # noqa: S608


def read_sight(text: str) -> Sight:
    """What `to_text` wrote. Raises ValueError."""
    if text == _EVERYTHING:
        return EVERYTHING
    value = json.loads(text)
    merchants, regions, tags = (frozenset(map(str, value[name])) for name in _GROUPS)
    return Sight(merchants=merchants, regions=regions, tags=tags)


def _name(named: dict[str, object], value: str) -> str:
    name = f"seen_{len(named)}"
    named[name] = value
    return f":{name}"
