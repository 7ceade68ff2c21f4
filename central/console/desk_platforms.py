"""`/renewals/platforms`: how it goes with each carrier's platform, and a button that asks one about a card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.people import person_of
from central.console.desk_frame import DeskFrame, text_of
from central.platforms.base import PlatformError
from central.platforms.book import Account, Book
from central.platforms.check import card_of, check
from central.platforms.opening import Opened
from central.registry import BadValue

_ORDERS = "SELECT account, state, count(*) FROM renewal_orders GROUP BY account, state"


@dataclass(frozen=True, slots=True)
class Shown:
    """One account: what is known of it, and what it is asked with; None: nobody asks it."""

    account: Account
    polled: Opened | None
    orders: Mapping[str, int]

    def tone(self, now: int) -> tuple[str, str]:
        """How it goes: a tone and a word."""
        if self.polled is None:
            return "dim", "pf_by_hand"
        if self.account.failures:
            return "bad", "pf_paused" if self.account.pause_until > now else "pf_failing"
        return ("good", "pf_good") if self.account.good_at is not None else ("info", "pf_new")


@dataclass(frozen=True, slots=True)
class DeskPlatforms:
    desk: DeskFrame
    platforms: Sequence[Opened]

    def routes(self) -> list[Route]:
        page = self.desk.page
        return [page("/platforms", "see", self.show), page("/platforms", "fleet", self.test, "POST")]

    async def show(self, request: Request) -> Response:
        return await self._page(request)

    async def test(self, request: Request) -> Response:
        """Asked now, in front of whoever pressed; nothing is kept."""
        form = await request.form()
        account = next((one for one in self.platforms if one.name == text_of(form, "account")), None)
        if account is None or not person_of(request).sight.everything:
            return self.desk.console.frame.problem(request, 404, "no_such_page")
        book = Book(self.desk.console.store)
        try:
            said = await check(account, await card_of(book, account.name, text_of(form, "iccid")[:22]))
        except (PlatformError, BadValue) as error:
            return await self._page(request, tested=account.name, problem=str(error))
        return await self._page(request, tested=account.name, said=said)

    async def _page(
        self, request: Request, tested: str = "", said: Mapping[str, Any] | None = None, problem: str = ""
    ) -> Response:
        everything = person_of(request).sight.everything
        values = {
            "accounts": await self._accounts() if everything else [], "everything": everything, "tested": tested,
            "said": said, "problem": problem,
        }  # fmt: skip
        return self.desk.show(request, "platforms", 502 if problem else 200, **values)

    async def _accounts(self) -> list[Shown]:
        store, known = self.desk.console.store, await Book(self.desk.console.store).accounts()
        polled = {one.name: one for one in self.platforms}
        orders: dict[str, dict[str, int]] = {}
        for account, state, count in await store.read(_ORDERS):
            orders.setdefault(account, {})[state] = count
        names = sorted({*known, *polled})
        return [Shown(known.get(name, Account(name)), polled.get(name), orders.get(name, {})) for name in names]
