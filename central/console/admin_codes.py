"""Admin: enrolment codes, shown once on a sheet to print, each with a QR code for a scanner at the terminal."""

import secrets
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import auth
from central.console.profile import qr_code
from central.console.shared import Console
from central.console.signin import text_of
from central.enrolment import MAX_LIFE_S, MadeCode, new_codes
from central.registry import BadValue, Who, audit
from central.store.base import StoreRefused
from central.store.database import Session

PATH = "/admin/codes"
MAX_SHEET = 200
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Codes:
    console: Console

    def routes(self) -> list[Route]:
        page = self.console.page
        return [
            page(PATH, "admin", self.all),
            page(PATH, "admin", self.make, "POST"),
            page(f"{PATH}/withdraw", "admin", self.withdraw, "POST"),
        ]

    async def all(self, request: Request) -> Response:
        return await self._all(request)

    async def make(self, request: Request) -> Response:
        form = await request.form()
        try:
            terminal = text_of(form, "terminal").strip()
            made = await self._make(
                self.console.who(request), terminal, text_of(form, "name").strip(),
                _number("days", text_of(form, "days") or "7", MAX_LIFE_S // _DAY),
                _number("count", text_of(form, "count") or "1", 1 if terminal else MAX_SHEET),
            )  # fmt: skip
        except StoreRefused as error:
            return await self._all(request, self.console.frame.refusal(request, error))
        return self._sheet(request, made)

    async def withdraw(self, request: Request) -> Response:
        code, who = text_of(await request.form(), "code"), self.console.who(request)
        withdrawn = await self.console.store.withdraw_enrol_code(code)
        if withdrawn is not None:
            note = partial(_note, who=who, action="withdrawn", terminal=withdrawn, detail={"codes": [code]})
            await self.console.store.write(note)
        return self.console.frame.done(PATH, "codes_withdrawn")

    async def _make(self, who: Who, terminal: str, name: str, days: int, count: int) -> list[MadeCode]:
        """Raises StoreRefused."""
        if terminal and not auth.TERMINAL_ID.match(terminal):
            raise BadValue("terminal: 1 to 64 letters, digits, '.', '_' or '-'")
        if len(name) > 200:
            raise BadValue("name: at most 200 characters")
        made = await new_codes(self.console.store, terminal, name, who.now, days * _DAY, count)
        detail = {"codes": [one.kept.id for one in made], "days": days}
        await self.console.store.write(partial(_note, who=who, action="added", terminal=terminal, detail=detail))
        return made

    def _sheet(self, request: Request, made: list[MadeCode]) -> Response:
        labels = [(one, qr_code(one.shown)) for one in made]
        centre = f"{request.url.scheme}://{request.url.netloc}"
        return self.console.frame.page(request, "admin_labels.html", labels=labels, centre=centre)

    async def _all(self, request: Request, problem: str | None = None) -> Response:
        codes = await self.console.store.enrol_codes(int(self.console.wall()))
        status = 400 if problem else 200
        return self.console.frame.page(request, "admin_codes.html", status, codes=codes, problem=problem)


def _note(session: Session, who: Who, action: str, terminal: str, detail: dict[str, object]) -> None:
    audit(session, who, action, "code", terminal or f"new-{secrets.token_hex(4)}", detail)


def _number(name: str, text: str, most: int) -> int:
    """Raises BadValue."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
        raise BadValue(f"{name}: 1 to {most}")
    return int(text)
