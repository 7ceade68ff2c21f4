"""What the pages of the console are made from, and how a page becomes a route."""

import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.people import Act, needs, person_of
from central.accounts.sight import where
from central.alerts.desk import Desk
from central.console.frame import Frame
from central.fleet import Rules
from central.incidents import Incidents
from central.listing import Listing
from central.registry import Registry, Who
from central.roster import SMALL, Roster
from central.store.core import SqlStore
from central.watch import Watch

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]
COUNTED_FOR_S = 5.0
"""In a large fleet, numbers that everybody looks at are counted once in so long."""
_REMEMBERED = 200


@dataclass(slots=True)
class Memory:
    """Answers that several people ask for at once."""

    _held: dict[Hashable, tuple[float, object]] = field(default_factory=dict)

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]], good_for_s: float) -> T:
        now = time.monotonic()
        held = self._held.get(key)
        if held is not None and held[0] > now:
            return held[1]  # type: ignore[return-value]  # a key names what it holds
        made = await make()
        if len(self._held) >= _REMEMBERED:
            self._held.clear()
        self._held[key] = (time.monotonic() + good_for_s, made)
        return made


@dataclass(frozen=True, slots=True)
class Console:
    frame: Frame
    store: SqlStore
    rules: Rules
    wall: Callable[[], float]
    roster: Roster
    registry: Registry
    watch: Watch
    incidents: Incidents
    desk: Desk
    memory: Memory = field(default_factory=Memory)

    def listing(self, request: Request) -> Listing:
        """What whoever asks sees of the terminals, today by his own clock."""
        return Listing(self.store, person_of(request).sight, self.wall(), self.today(request))

    def today(self, request: Request) -> date:
        return datetime.fromtimestamp(self.wall(), UTC).astimezone(self.frame.zone_of(request)).date()

    def who(self, request: Request) -> Who:
        person = person_of(request)
        return Who(person.name, int(self.wall()), person.sight)

    async def counted(self, request: Request, name: str, make: Callable[[], Awaitable[T]], good_for_s: float) -> T:
        """`make()`, or in a large fleet what it was a few seconds ago for the same sight."""
        if self.roster.size <= SMALL:
            return await make()
        return await self.memory.get((name, person_of(request).sight), make, good_for_s)

    async def sees(self, request: Request, terminal: str) -> bool:
        """Whether this terminal is within the sight of whoever asks."""
        condition, values = where(person_of(request).sight, "t.id")
        statement = f"SELECT 1 FROM terminals t WHERE t.id = :id AND {condition}"  # noqa: S608 - ours
        return bool(await self.store.read(statement, {"id": terminal} | values))

    def page(self, path: str, act: Act, handler: Handler, method: str = "GET") -> Route:
        """A route for those who may `act`."""
        return Route(path, needs(act)(handler), methods=[method])
