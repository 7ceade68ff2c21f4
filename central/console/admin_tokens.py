"""Admin: tokens of programs. A new one is shown once, on the page that answers the form."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.tokens import SCOPES, Tokens
from central.console import sight_form
from central.console.shared import Console
from central.console.signin import text_of
from central.registry import BadValue
from central.store.base import StoreRefused

PATH = "/admin/tokens"
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class TokenPages:
    console: Console
    tokens: Tokens

    def routes(self) -> list[Route]:
        page = self.console.page
        return [
            page(PATH, "admin", self.all),
            page(PATH, "admin", self.add, "POST"),
            page(f"{PATH}/{{token}}/revoke", "admin", self.revoke, "POST"),
        ]

    async def all(self, request: Request) -> Response:
        return await self._all(request)

    async def add(self, request: Request) -> Response:
        form, who = await request.form(), self.console.who(request)
        scopes = [scope for scope in SCOPES if scope in form.getlist("scope")]
        try:
            ends, sight = _ends(text_of(form, "days"), who.now), sight_form.sight_of(form)
            _, token = await self.tokens.add(text_of(form, "name").strip(), scopes, ends, who, sight)
        except StoreRefused as error:
            return await self._all(request, problem=self.console.frame.refusal(request, error), status=400)
        return await self._all(request, token=token)

    async def revoke(self, request: Request) -> Response:
        await self.tokens.revoke(request.path_params["token"], self.console.who(request))
        return self.console.frame.done(PATH, "token_revoked")

    async def _all(
        self, request: Request, token: str | None = None, problem: str | None = None, status: int = 200
    ) -> Response:  # fmt: skip
        lang = self.console.frame.lang(request)
        rows = [(one, sight_form.shown(one.sight, lang)) for one in await self.tokens.list()]
        return self.console.frame.page(
            request, "admin_tokens.html", status, tokens=rows, scopes=SCOPES, token=token, problem=problem,
            known=await sight_form.known(self.console.store),
        )  # fmt: skip


def _ends(days: str, now: int) -> int | None:
    """Raises BadValue."""
    if not days:
        return None
    if not (days.isascii() and days.isdigit() and len(days) < 5 and 1 <= int(days) <= _MOST_DAYS):
        raise BadValue(f"days: 1 to {_MOST_DAYS}")
    return now + int(days) * 86_400
