"""Signing in by the provider: `/signin/elsewhere` sends the browser there, `/signin/elsewhere/back` takes it back."""

import base64
import binascii
import logging
import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from central.accounts.access import COOKIE, cookie_name
from central.accounts.gate import Gate, Refused
from central.accounts.oidc import NotConfirmed, Provider, Secret
from central.console.frame import Frame
from central.console.headers import SECURITY_HEADERS
from central.console.signin import SignIn, caller, let_in, wanted_page
from central.text import printable

PATH = "/signin/elsewhere"
_LIVES_S = 600
_VALUE = re.compile(r"([A-Za-z0-9_-]{43})\.([A-Za-z0-9_=-]{0,700})\Z")
log = logging.getLogger("central.signin")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    here: SignIn
    gate: Gate
    provider: Provider

    async def leave(self, request: Request) -> Response:
        secret, wanted = Secret(), wanted_page(request.query_params.get("next"))
        try:
            answer = RedirectResponse(await self.provider.address(secret), 303, SECURITY_HEADERS)
        except NotConfirmed as error:
            return self._refused(request, str(error))
        kept = f"{secret.text}.{base64.urlsafe_b64encode(wanted.encode()).decode()}"
        answer.raw_headers.append((b"set-cookie", _cookie(request, kept, _LIVES_S)))
        return answer

    async def back(self, request: Request) -> Response:
        query, kept = request.query_params, _VALUE.match(request.cookies.get(_name(request), ""))
        if kept is None or "error" in query:
            return self._refused(request, query.get("error", "nobody was sent there"))
        try:
            secret = Secret(kept[1])
            claims = await self.provider.claims(secret, query.get("state", ""), query.get("code", ""))
            came = await self.gate.sign_in_elsewhere(claims.subject, claims.name, *caller(request))
        except (NotConfirmed, Refused) as error:
            return self._refused(request, str(error))
        answer = let_in(request, came, wanted_page(_text(kept[2])))
        answer.raw_headers.append((b"set-cookie", _cookie(request, "", 0)))
        return answer

    def _refused(self, request: Request, why: str) -> Response:
        log.warning("sign-in elsewhere refused: %(why)s", {"why": printable(why, 200)})
        return self.here.refuse(request, Refused("sign_in_elsewhere_failed"))


def routes(frame: Frame, gate: Gate, provider: Provider | None, name: str) -> list[Route]:
    if provider is None:
        return []
    pages = Elsewhere(SignIn(frame, gate, name), gate, provider)
    return [Route(PATH, pages.leave, methods=["GET"]), Route(f"{PATH}/back", pages.back, methods=["GET"])]


def _name(request: Request) -> str:
    return f"{cookie_name(request.scope)}-elsewhere"


def _cookie(request: Request, value: str, lives_s: int) -> bytes:
    secure = "; Secure" if cookie_name(request.scope) == COOKIE else ""
    return f"{_name(request)}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lives_s}{secure}".encode()


def _text(coded: str) -> str:
    try:
        return base64.urlsafe_b64decode(coded).decode()
    except (binascii.Error, ValueError):
        return "/"
