"""One's own account: `/profile`. What is weighty asks for the password again."""

from dataclasses import dataclass

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts import passwords, second_step
from central.accounts.access import cookie_header
from central.accounts.gate import Gate, Refused
from central.accounts.passwords import BadPassword
from central.accounts.people import Forbidden
from central.accounts.users import NO_VISIT, User
from central.accounts.visits import Duty, Visit
from central.aside import aside
from central.console.frame import Frame
from central.console.signin import caller, text_of, visit_of
from central.registry import BadValue, Who

PATH = "/profile"
_PLACE = "posagent"
_QR_BORDER = 3


class _Wrong(Exception):
    """The form cannot be taken; `key` is one of the words."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Profile:
    frame: Frame
    gate: Gate

    async def show(self, request: Request) -> Response:
        return await self._page(request)

    async def save_taste(self, request: Request) -> Response:
        user, form = await self._me(request), await request.form()
        try:
            await self.gate.users.set_taste(user.name, text_of(form, "lang"), text_of(form, "zone").strip())
        except BadValue:
            return await self._page(request, "zone_wrong")
        return self.frame.done(PATH, "saved")

    async def change_password(self, request: Request) -> Response:
        user, form = await self._me(request), await request.form()
        fresh = text_of(form, "fresh")
        try:
            await self._prove(request, user, text_of(form, "password"))
            passwords.check_new(fresh, user.name)
            if fresh != text_of(form, "again"):
                raise _Wrong("password_differs")
        except _Wrong as wrong:
            return await self._page(request, wrong.key)
        except BadPassword as bad:
            return await self._page(request, str(bad))
        kept = await aside(lambda: passwords.make(fresh))
        await self.gate.users.set_password(user.name, kept, self._who(user), _digest(request))
        return await self._turned(request, self.frame.done(PATH, "password_changed"))

    async def show_second(self, request: Request) -> Response:
        return self._second_page(request, await self._me(request), second_step.new_secret())

    async def turn_on(self, request: Request) -> Response:
        """The secret comes back with the form: it is kept once a code has proved that it was scanned."""
        user, form = await self._me(request), await request.form()
        secret = text_of(form, "secret")
        try:
            await self._prove(request, user, text_of(form, "password"))
        except _Wrong as wrong:
            return self._second_page(request, user, _checked(secret), wrong.key)
        step = second_step.step_of(_checked(secret), text_of(form, "code"), self.gate.wall())
        if step is None:
            return self._second_page(request, user, _checked(secret), "code_wrong")
        codes = second_step.new_recovery_codes()
        digests = [second_step.recovery_digest(code) for code in codes]
        await self.gate.users.set_totp(user.name, secret, digests, self._who(user), _digest(request))
        await self.gate.users.use_step(user.name, step)
        return await self._turned(request, self.frame.page(request, "recovery.html", codes=codes))

    async def turn_off(self, request: Request) -> Response:
        user, form = await self._me(request), await request.form()
        try:
            await self._prove(request, user, text_of(form, "password"))
        except _Wrong as wrong:
            return await self._page(request, wrong.key)
        await self.gate.users.set_totp(user.name, None, [], self._who(user), _digest(request))
        return await self._turned(request, self.frame.done(PATH, "second_step_turned_off"))

    async def leave_others(self, request: Request) -> Response:
        user = await self._me(request)
        await self.gate.users.sign_out_everywhere(user.name, self._who(user), _digest(request))
        return self.frame.done(PATH, "signed_out_others")

    async def _me(self, request: Request) -> User:
        """Raises Forbidden: programs, the operator's token and this very machine have no account."""
        user = await self.gate.users.get(request.state.person.name) if visit_of(request) else None
        if user is None:
            raise Forbidden("see")
        return user

    async def _prove(self, request: Request, user: User, password: str) -> None:
        """Raises _Wrong. Who comes by a provider has no password to give; his visit is proof enough."""
        try:
            known = not user.password or await self.gate.knows_password(user, password, caller(request)[0])
        except Refused as refused:
            raise _Wrong(refused.key) from None
        if not known:
            raise _Wrong("password_wrong")

    async def _turned(self, request: Request, answer: Response) -> Response:
        """After a step up, the visit goes on under a new id."""
        visit = visit_of(request)
        cookie = await self.gate.visits.turn(visit, int(self.gate.wall())) if visit else None
        if cookie is not None:
            answer.raw_headers.append((b"set-cookie", cookie_header(request.scope, cookie)))
        return answer

    async def _page(self, request: Request, problem: str | None = None) -> Response:
        user = await self._me(request)
        values = {
            "user": user,
            "left": await self.gate.users.recovery_left(user.name),
            "visits": await self.gate.visits.of(user.name, int(self.gate.wall())),
            "this": _digest(request),
            "problem": self._said(request, problem),
            "duty": _duty(request),
        }
        return self.frame.page(request, "profile.html", 403 if problem else 200, **values)

    def _second_page(self, request: Request, user: User, secret: str, problem: str | None = None) -> Response:
        picture = qr_code(second_step.uri(secret, user.name, _PLACE))
        values = {"user": user, "secret": secret, "picture": picture, "problem": self._said(request, problem)}
        values["duty"] = _duty(request)
        return self.frame.page(request, "second_step.html", 403 if problem else 200, **values)

    def _said(self, request: Request, problem: str | None) -> str | None:
        return self.frame.word(request, problem, minutes=15) if problem else None

    def _who(self, user: User) -> Who:
        return Who(user.name, int(self.gate.wall()))


def routes(frame: Frame, gate: Gate) -> list[Route]:
    here = Profile(frame, gate)
    return [
        Route(PATH, here.show, methods=["GET"]),
        Route(f"{PATH}/taste", here.save_taste, methods=["POST"]),
        Route(f"{PATH}/password", here.change_password, methods=["POST"]),
        Route(f"{PATH}/second-step", here.show_second, methods=["GET"]),
        Route(f"{PATH}/second-step", here.turn_on, methods=["POST"]),
        Route(f"{PATH}/second-step/off", here.turn_off, methods=["POST"]),
        Route(f"{PATH}/sign-out-others", here.leave_others, methods=["POST"]),
    ]


def qr_code(text: str) -> Markup:
    """An SVG to stand in a page: no style, no script, dark on light in every theme."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        border=_QR_BORDER, scale=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return Markup(svg)  # noqa: S704 - made of squares


def _checked(secret: str) -> str:
    """Base32 of the length we draw; else a fresh one, which no code fits. Raises nothing."""
    good = len(secret) == len(second_step.new_secret()) and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    return secret if good else second_step.new_secret()


def _duty(request: Request) -> Duty | None:
    visit = visit_of(request)
    return None if visit is None else visit.duty


def _digest(request: Request) -> bytes:
    visit: Visit | None = visit_of(request)
    return NO_VISIT if visit is None else visit.digest
