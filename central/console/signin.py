"""Signing in and out: `/signin`, `/signin/code`, `/signout`."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from central.accounts.access import SIGN_IN, cookie_header
from central.accounts.gate import Came, Gate, Refused
from central.accounts.visits import Visit
from central.console.frame import Frame, link
from central.console.headers import SECURITY_HEADERS

_SECOND = "/signin/code"


@dataclass(frozen=True, slots=True)
class SignIn:
    frame: Frame
    gate: Gate
    elsewhere: str = ""
    """The name of the provider that people may come by instead; "" = none."""

    async def show(self, request: Request) -> Response:
        visit = visit_of(request)
        if visit is not None and visit.stage == "in":
            return RedirectResponse(wanted_page(request.query_params.get("next")), 303, SECURITY_HEADERS)
        return self._page(request, "signin.html", wanted_page(request.query_params.get("next")))

    async def come_in(self, request: Request) -> Response:
        form = await request.form()
        wanted = wanted_page(text_of(form, "next"))
        try:
            came = await self.gate.sign_in(text_of(form, "name"), text_of(form, "password"), *caller(request))
        except Refused as refused:
            return self._page(request, "signin.html", wanted, refused, name=text_of(form, "name")[:64])
        return let_in(request, came, wanted)

    async def show_code(self, request: Request) -> Response:
        if _second(request) is None:
            return RedirectResponse(SIGN_IN, 303, SECURITY_HEADERS)
        return self._page(request, "signin_code.html", wanted_page(request.query_params.get("next")))

    async def give_code(self, request: Request) -> Response:
        form, visit = await request.form(), _second(request)
        if visit is None:
            return RedirectResponse(SIGN_IN, 303, SECURITY_HEADERS)
        wanted = wanted_page(text_of(form, "next"))
        try:
            came = await self.gate.second_step(visit, text_of(form, "code"), *caller(request))
        except Refused as refused:
            return self._page(request, "signin_code.html", wanted, refused)
        return let_in(request, came, wanted)

    async def leave(self, request: Request) -> Response:
        visit = visit_of(request)
        if visit is not None:
            await self.gate.visits.end(visit.digest)
        answer = self.frame.done(SIGN_IN, "signed_out")
        answer.raw_headers.append((b"set-cookie", cookie_header(request.scope, None)))
        return answer

    def refuse(self, request: Request, refused: Refused) -> Response:
        return self._page(request, "signin.html", "/", refused)

    def _page(
        self, request: Request, template: str, wanted: str, refused: Refused | None = None, name: str = ""
    ) -> Response:  # fmt: skip
        status = 200 if refused is None else 429 if refused.wait_s else 403
        wait = max(1, -(-refused.wait_s // 60)) if refused else 0
        word = self.frame.word
        problem = word(request, refused.key, minutes=wait, provider=self.elsewhere) if refused else None
        values = {"wanted": wanted, "problem": problem, "name": name, "elsewhere": self.elsewhere}
        answer = self.frame.page(request, template, status, **values)
        if refused is not None and refused.wait_s:
            answer.headers["retry-after"] = str(refused.wait_s)
        return answer


def routes(frame: Frame, gate: Gate, elsewhere: str = "") -> list[Route]:
    here = SignIn(frame, gate, elsewhere)
    return [
        Route(SIGN_IN, here.show, methods=["GET"]),
        Route(SIGN_IN, here.come_in, methods=["POST"]),
        Route(_SECOND, here.show_code, methods=["GET"]),
        Route(_SECOND, here.give_code, methods=["POST"]),
        Route("/signout", here.leave, methods=["POST"]),
    ]


def let_in(request: Request, came: Came, wanted: str) -> Response:
    place = wanted if came.stage == "in" else link(_SECOND, None, next=wanted)
    answer = RedirectResponse(place, 303, SECURITY_HEADERS)
    answer.raw_headers.append((b"set-cookie", cookie_header(request.scope, came.cookie)))
    return answer


def wanted_page(text: str | None) -> str:
    """A page of ours to go to afterwards, never another site."""
    if not text or len(text) > 500 or not text.startswith("/") or text.startswith(("//", "/\\", SIGN_IN)):
        return "/"
    return text if text.isprintable() and "\\" not in text else "/"


def visit_of(request: Request) -> Visit | None:
    """None for those who have no session of a browser: the operator's token, this very machine."""
    visit: Visit | None = request.state.visit
    return visit


def caller(request: Request) -> tuple[str, str]:
    """Address and browser."""
    return request.state.address, request.headers.get("user-agent", "")[:200]


def text_of(form: FormData, name: str) -> str:
    """A field's text; "" when it is not there or is a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _second(request: Request) -> Visit | None:
    visit = visit_of(request)
    return visit if visit is not None and visit.stage == "code" else None
