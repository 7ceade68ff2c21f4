"""Admin: who may come in, as what, and what they see."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts import passwords
from central.accounts.passwords import BadPassword
from central.accounts.people import ROLES, person_of
from central.accounts.sight import EVERYTHING
from central.accounts.users import User, Users, checked_name
from central.aside import aside
from central.console import sight_form
from central.console.shared import Console
from central.console.signin import text_of
from central.registry import BadValue
from central.store.base import StoreRefused

PATH = "/admin/users"


@dataclass(frozen=True, slots=True)
class People:
    console: Console
    users: Users

    def routes(self) -> list[Route]:
        one = f"{PATH}/{{user}}"
        page = self.console.page
        return [
            page(PATH, "admin", self.all),
            page(PATH, "admin", self.add, "POST"),
            page(one, "admin", self.one),
            page(f"{one}/role", "admin", self.set_role, "POST"),
            page(f"{one}/password", "admin", self.set_password, "POST"),
            page(f"{one}/disabled", "admin", self.set_disabled, "POST"),
            page(f"{one}/second-step", "admin", self.take_second_step, "POST"),
            page(f"{one}/sign-out", "admin", self.sign_out, "POST"),
        ]

    async def all(self, request: Request) -> Response:
        return await self._all(request)

    async def add(self, request: Request) -> Response:
        form = await request.form()
        password = text_of(form, "password")
        try:
            name = checked_name(text_of(form, "name"))
            passwords.check_new(password, name)
            kept = await aside(lambda: passwords.make(password))
            sight = sight_form.sight_of(form)
            await self.users.add(name, kept, text_of(form, "role"), sight, self.console.who(request), must_change=True)
        except (BadPassword, StoreRefused) as error:
            return await self._all(request, error, form)
        return self.console.frame.done(f"{PATH}/{name}", "user_added")

    async def one(self, request: Request) -> Response:
        return await self._one(request, await self._user(request))

    async def set_role(self, request: Request) -> Response:
        user, form = await self._user(request), await request.form()
        try:
            if user.name == person_of(request).name and text_of(form, "role") != "admin":
                raise BadValue(self.console.frame.word(request, "not_yourself"))
            sight = sight_form.sight_of(form)
            await self.users.set_role(user.name, text_of(form, "role"), sight, self.console.who(request))
        except StoreRefused as error:
            return await self._one(request, user, error)
        return self.console.frame.done(f"{PATH}/{user.name}", "saved")

    async def set_password(self, request: Request) -> Response:
        user, form = await self._user(request), await request.form()
        password = text_of(form, "password")
        try:
            passwords.check_new(password, user.name)
        except BadPassword as error:
            return await self._one(request, user, error)
        kept = await aside(lambda: passwords.make(password))
        strange = user.name != person_of(request).name
        await self.users.set_password(user.name, kept, self.console.who(request), must_change=strange)
        return self.console.frame.done(f"{PATH}/{user.name}", "saved")

    async def set_disabled(self, request: Request) -> Response:
        user, form = await self._user(request), await request.form()
        if user.name == person_of(request).name:
            return await self._one(request, user, BadValue(self.console.frame.word(request, "not_yourself")))
        disabled = text_of(form, "disabled") == "1"
        try:
            await self.users.set_disabled(user.name, self.console.who(request), disabled=disabled)
        except StoreRefused as error:
            return await self._one(request, user, error)
        return self.console.frame.done(f"{PATH}/{user.name}", "saved")

    async def take_second_step(self, request: Request) -> Response:
        user = await self._user(request)
        await self.users.set_totp(user.name, None, [], self.console.who(request))
        return self.console.frame.done(f"{PATH}/{user.name}", "saved")

    async def sign_out(self, request: Request) -> Response:
        user = await self._user(request)
        await self.users.sign_out_everywhere(user.name, self.console.who(request))
        return self.console.frame.done(f"{PATH}/{user.name}", "saved")

    async def _all(
        self, request: Request, error: Exception | None = None, form: FormData | None = None
    ) -> Response:  # fmt: skip
        lang = self.console.frame.lang(request)
        rows = [(user, sight_form.shown(user.sight, lang)) for user in await self.users.everybody()]
        values = {
            "users": rows, "roles": ROLES, "given": dict(form.items()) if form else {},
            "known": await sight_form.known(self.console.store), "chosen": sight_form.ticked(form) if form else {},
            "problem": self._said(request, error),
        }  # fmt: skip
        return self.console.frame.page(request, "admin_users.html", 400 if error else 200, **values)

    async def _one(self, request: Request, user: User, error: Exception | None = None) -> Response:
        known = await sight_form.known(self.console.store)
        values = {
            "user": user,
            "roles": ROLES,
            "sight": user.sight,
            "everything": user.sight == EVERYTHING,
            "fields": sight_form.values(user.sight, known),
            "known": known,
            "chosen": {name: getattr(user.sight, name) for name in sight_form.FIELDS},
            "problem": self._said(request, error),
        }
        return self.console.frame.page(request, "admin_user.html", 400 if error else 200, **values)

    async def _user(self, request: Request) -> User:
        user = await self.users.get(request.path_params["user"])
        if user is None:
            raise HTTPException(404, "no such user")
        return user

    def _said(self, request: Request, error: Exception | None) -> str | None:
        if error is None:
            return None
        if isinstance(error, BadPassword):
            return self.console.frame.word(request, str(error))
        return self.console.frame.refusal(request, error)
