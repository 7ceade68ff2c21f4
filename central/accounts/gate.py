"""Signing in: a name and a password, then a second step where somebody has one. Counted before it is looked at.

A name nobody has, one that is disabled, one without a password and a wrong password get one answer and take as long.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from central.accounts import passwords, second_step
from central.accounts.knocks import Knocks
from central.accounts.passwords import Busy
from central.accounts.users import User, Users, folded
from central.accounts.visits import Stage, Visit, Visits
from central.text import printable

log = logging.getLogger("central.signin")


class Refused(Exception):
    """Not let in; `key` is one of the words."""

    def __init__(self, key: str, wait_s: int = 0) -> None:
        super().__init__(key)
        self.key = key
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Came:
    cookie: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Gate:
    users: Users
    visits: Visits
    knocks: Knocks
    wall: Callable[[], float]

    async def sign_in(self, name: str, password: str, address: str, browser: str) -> Came:
        """Raises Refused, StoreError."""
        name, now = folded(name[:200]), int(self.wall())
        self._let_try(await self.knocks.at_the_door(name[:64], address, now), name, address)
        user = await self.users.get(name)
        if not await self._is_right(user, password) or user is None:
            log.warning("sign-in refused: %(user)s from %(address)s", _who(name, address))
            raise Refused("sign_in_wrong")
        stage: Stage = "in" if user.totp is None else "code"
        if stage == "in":
            await self.knocks.came_in(name, address)
        return Came(await self.visits.begin(user.name, stage, now, address, browser), stage)

    async def sign_in_elsewhere(self, subject: str, name: str, address: str, browser: str) -> Came:
        """Somebody whom the provider knows. The first time he is found by name, if he
        has no password: else whoever may choose a name at the provider could be anybody. Raises Refused, StoreError."""
        now = int(self.wall())
        user = await self.users.of_oidc(subject)
        if user is None and (found := await self.users.get(folded(name))) is not None and not found.password:
            user = found if await self.users.bind(found.name, subject) else None
        if user is None or user.disabled_at is not None:
            raise Refused("sign_in_elsewhere_failed")
        stage: Stage = "in" if user.totp is None else "code"
        return Came(await self.visits.begin(user.name, stage, now, address, browser), stage)

    async def second_step(self, visit: Visit, code: str, address: str, browser: str) -> Came:
        """A code by time or a recovery code. Raises Refused, StoreError."""
        name, now = visit.person.name, int(self.wall())
        self._let_try(await self.knocks.at_the_second_step(name, now), name, address)
        user = await self.users.get(name)
        if user is None or not await self.is_second(user, code):
            log.warning("second step refused: %(user)s from %(address)s", _who(name, address))
            raise Refused("code_wrong")
        await self.knocks.came_in(name, address)
        return Came(await self.visits.begin(name, "in", now, address, browser, after=visit.digest), "in")

    async def is_second(self, user: User, code: str) -> bool:
        """Whether a code is good; it is used up."""
        if user.totp is None:
            return False
        step = second_step.step_of(user.totp, code, self.wall())
        if step is not None:
            return await self.users.use_step(user.name, step)
        return await self.users.use_recovery(user.name, second_step.recovery_digest(code))

    async def knows_password(self, user: User, password: str, address: str) -> bool:
        """Asked again before something weighty; counted as at the door. Raises Refused, StoreError."""
        self._let_try(await self.knocks.at_the_door(user.name, address, int(self.wall())), user.name, address)
        return await self._is_right(user, password)

    async def _is_right(self, user: User | None, password: str) -> bool:
        kept = "" if user is None or user.disabled_at is not None else user.password
        try:
            return await passwords.matches(password, kept)
        except Busy:
            raise Refused("sign_in_busy", 5) from None

    def _let_try(self, wait_s: int, name: str, address: str) -> None:
        if wait_s > 0:
            log.warning("sign-in of %(user)s from %(address)s has to wait", _who(name, address))
            raise Refused("sign_in_often", wait_s)


def _who(name: str, address: str) -> dict[str, str]:
    """For the log."""
    return {"user": printable(name, 64), "address": printable(address, 64)}
