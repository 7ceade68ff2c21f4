"""The desk's lists: who is paid for and still dead, history, plan fit, costs. Nothing is changed here."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.people import person_of
from central.api import renewals as api
from central.console.desk_frame import DeskFrame
from central.renewals import rules
from central.renewals.office import COST_GROUPS

PAGE = 100
GOOD_FOR_S = 60.0


@dataclass(frozen=True, slots=True)
class DeskLists:
    desk: DeskFrame

    def routes(self) -> list[Route]:
        pages = {"/dead": self.dead, "/history": self.history, "/fit": self.fit, "/costs": self.costs}
        return [self.desk.page(path, "see", handler) for path, handler in pages.items()]

    async def dead(self, request: Request) -> Response:
        rows = await self.desk.office.dead(person_of(request).sight)
        names = await self.desk.names([one.renewal for one in rows])
        return self.desk.show(request, "dead", rows=rows, names=names)

    async def history(self, request: Request) -> Response:
        query = request.query_params
        state = query.get("renewal_state", "") if query.get("renewal_state") in rules.STATES else ""
        made, _, last = query.get("after", "")[:40].partition(".")
        after = (int(made), last) if made.isascii() and made.isdigit() and last else (2**60, "")
        sight = person_of(request).sight
        rows = await self.desk.office.book.renewals(
            state=state, iccid=query.get("iccid", "")[:22].replace("\0", ""), limit=PAGE + 1, after=after, sight=sight
        )
        following = f"{rows[PAGE - 1].made_at}.{rows[PAGE - 1].id}" if len(rows) > PAGE else None
        rows = rows[:PAGE]
        values: dict[str, Any] = {"rows": rows, "following": following, "state": state, "states": rules.STATES}
        values |= {"names": await self.desk.names(rows), "iccid": query.get("iccid", "")[:22]}
        return self.desk.show(request, "history", 200, **values)

    async def fit(self, request: Request) -> Response:
        sight, counted = person_of(request).sight, self.desk.console.counted
        await self.desk.console.roster.look()
        fits = await counted(request, "rn_fits", lambda: self.desk.office.fits(sight), GOOD_FOR_S)
        names = await self.desk.office.names([one.terminal for one in fits])
        return self.desk.show(request, "fit", fits=fits, names=names)

    async def costs(self, request: Request) -> Response:
        query = request.query_params
        group = query.get("group") if query.get("group") in COST_GROUPS else "carrier"
        month = query.get("month", "")[:7] or self.desk.office.today().isoformat()[:7]
        try:
            since, before = api.month_span(month, self.desk.office)
        except ValueError:
            month = self.desk.office.today().isoformat()[:7]
            since, before = api.month_span(month, self.desk.office)
        rows = await self.desk.office.costs(since, before, str(group), person_of(request).sight)
        return self.desk.show(request, "costs", costs=rows, group=group, group_names=COST_GROUPS, month=month)
