"""What the desk's pages share: their frame with its tabs, words for states and reasons, fields of forms."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.people import Act
from central.api.facts import ApiError
from central.console.shared import Console, Handler
from central.renewals import rules
from central.renewals.office import Office
from central.renewals.records import Renewal
from central.roster import SMALL
from central.sheets import BadSheet
from central.store.base import StoreRefused, StoreUnavailable
from central.text import printable
from central.words import refusals

BASE = "/renewals"
LOOK_S = 5.0
"""So often at most what terminals told is looked at for a page."""
log = logging.getLogger("central.console")
TABS = ("worklist", "batches", "dead", "history", "stock", "fit", "costs", "plans", "platforms", "holidays")
TONES = {
    "due": "dim", "ordered": "info", "paid": "info", "pending": "warn", "proved": "good", "failed": "bad",
    "void": "dim",
}  # fmt: skip


async def look(console: Console, office: Office) -> None:
    """What terminals told meanwhile, before something is shown; a large fleet's is a chore's."""
    await console.roster.look()  # which knows how large the fleet is
    if console.roster.size > SMALL:
        return
    try:
        await console.memory.get("outlook", office.look, LOOK_S)
    except StoreUnavailable as error:
        log.warning("the worklist is not brought up to date: %(why)s", {"why": printable(str(error))})


@dataclass(frozen=True, slots=True)
class DeskFrame:
    console: Console
    office: Office

    def page(self, path: str, act: Act, handler: Handler, method: str = "GET") -> Route:
        return self.console.page(f"{BASE}{path}", act, self._told(handler), method)

    def show(self, request: Request, tab: str, status: int = 200, **values: Any) -> Response:
        word = self.console.frame.word
        common = {
            "tabs": TABS, "tab": "batches" if tab == "batch" else tab, "tones": TONES,
            "reason_words": lambda: [(name, word(request, f"rn_reason_{name}")) for name in rules.REASONS],
        }  # fmt: skip
        return self.console.frame.page(request, f"renewals_{tab}.html", status, **common | values)

    async def names(self, rows: Sequence[Renewal]) -> dict[str, str]:
        return await self.office.names([one.terminal for one in rows])

    def refused(self, request: Request, refusal: StoreRefused | ApiError | BadSheet) -> str:
        """Why a form was not taken."""
        return self._not_done(request, str(refusal))

    def _told(self, handler: Handler) -> Handler:
        """Mistakes of the API as pages."""

        @wraps(handler)
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ApiError as error:
                why = self._not_done(request, str(error))
                return self.console.frame.page(request, "problem.html", error.status, problem=why)

        return answer

    def _not_done(self, request: Request, why: str) -> str:
        frame = self.console.frame
        return frame.word(request, "rn_refused", why=refusals.refusal(why, frame.lang(request)))


def text_of(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip()[:200] if isinstance(value, str) else ""


def number_of(text: str) -> int | str | None:
    """The text itself where it is no number: it is refused with its name."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else text or None


def bounded(text: str | None, default: int, most: int = 3660) -> int:
    if text and text.isascii() and text.isdigit() and len(text) < 17:
        return min(int(text), most)
    return default
