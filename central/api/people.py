"""People and enrolment codes as JSON, for those who administer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from central.accounts import passwords
from central.accounts.passwords import BadPassword
from central.accounts.sight import EVERYTHING, Sight
from central.accounts.users import User, Users, checked_name
from central.api import asked
from central.api.facts import ApiError, json_response
from central.aside import aside
from central.auth import TERMINAL_ID
from central.enrolment import MAX_COUNT, MAX_LIFE_S, new_codes
from central.registry import BadValue
from central.store.base import Store
from central.view import moment
from central.words import word

_DAY = 86_400
_MOST = 200
_GROUPS = ("merchants", "regions", "tags")


@dataclass(frozen=True, slots=True)
class PeopleApi:
    users: Users
    store: Store
    wall: Callable[[], float]

    async def list(self, _request: Request) -> Response:
        return json_response({"users": [user_json(user) for user in await self.users.everybody()]})

    async def add(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.wall())
        name, password = checked_name(asked.field(body, "name")), asked.field(body, "password")
        try:
            passwords.check_new(password, name)
        except BadPassword as bad:
            raise ApiError(400, "bad_body", word(str(bad), "en")) from None
        kept = await aside(lambda: passwords.make(password))
        role, sight = asked.field(body, "role", "viewer"), sight_of(body.get("sees"))
        added = await self.users.add(name, kept, role, sight, who, must_change=True)
        return json_response(user_json(added), 201)

    async def change(self, request: Request) -> Response:
        """Role, sight, disabled or not; what is not named stays."""
        body, who, user = await asked.json_object(request), asked.who(request, self.wall()), await self._user(request)
        if user.name == who.name:
            raise ApiError(409, "refused", "not to yourself: ask another administrator")
        role, sees = asked.field(body, "role", user.role), body.get("sees", sight_json(user.sight))
        changed = await self.users.set_role(user.name, role, sight_of(sees), who)
        if isinstance(disabled := body.get("disabled"), bool):
            await self.users.set_disabled(user.name, who, disabled=disabled)
            changed = await self._user(request)
        return json_response(user_json(changed))

    async def codes(self, _request: Request) -> Response:
        """Without what would let one in."""
        rows = await self.store.enrol_codes(int(self.wall()))
        shown = [
            {"code": f"{row.id}-…", "terminal": row.terminal or None, "name": row.name, "attempts": row.attempts,
             "expires_at": moment(row.expires_at), "used_at": moment(row.used_at), "used_by": row.used_by}
            for row in rows
        ]  # fmt: skip
        return json_response({"codes": shown})

    async def make_codes(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.wall())
        terminal, name = asked.field(body, "terminal", ""), asked.field(body, "name", "")
        if terminal and not TERMINAL_ID.match(terminal):
            raise ApiError(400, "bad_body", "terminal: 1 to 64 letters, digits, '.', '_' or '-'")
        days = _number(body, "days", 7, MAX_LIFE_S // _DAY)
        count = _number(body, "count", 1, 1 if terminal else MAX_COUNT)
        made = await new_codes(self.store, terminal, name, who.now, days * _DAY, count)
        shown = [{"code": one.shown, "expires_at": moment(one.kept.expires_at)} for one in made]
        return json_response({"terminal": terminal or None, "codes": shown}, 201)

    async def _user(self, request: Request) -> User:
        user = await self.users.get(request.path_params["user"])
        if user is None:
            raise ApiError(404, "not_found", "no such user")
        return user


def user_json(user: User) -> dict[str, Any]:
    return {
        "name": user.name, "role": user.role, "sees": sight_json(user.sight), "second_step": user.totp is not None,
        "created_at": moment(user.created_at), "signed_in_at": moment(user.signed_in_at),
        "disabled_at": moment(user.disabled_at),
    }  # fmt: skip


def sight_json(sight: Sight) -> dict[str, list[str]] | None:
    """None: everything."""
    return None if sight.everything else {name: sorted(getattr(sight, name)) for name in _GROUPS}


def sight_of(said: object) -> Sight:
    """Of a body's field. Raises BadValue."""
    if said is None:
        return EVERYTHING
    if not isinstance(said, Mapping) or not set(said) <= set(_GROUPS):
        raise BadValue(f"sees: null for everything, or lists of {', '.join(_GROUPS)}")
    merchants, regions, tags = (_names(said.get(name, [])) for name in _GROUPS)
    return Sight(merchants=merchants, regions=regions, tags=tags)


def _names(said: object) -> frozenset[str]:
    if not isinstance(said, list) or len(said) > _MOST:
        raise BadValue(f"sees: lists of at most {_MOST} names")
    if not all(isinstance(one, str) and 0 < len(one) <= _MOST for one in said):
        raise BadValue(f"sees: names of 1 to {_MOST} characters")
    return frozenset(said)


def _number(body: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ApiError(400, "bad_body", f"{name}: 1 to {most}")
    return value
