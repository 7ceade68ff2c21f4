"""`/renewals`: what is due, and the batches made of it. The desk's other pages stand beside it (desk_*.py)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.people import person_of
from central.api import renewals as api
from central.api.facts import ApiError
from central.console.desk_batch import DeskBatch
from central.console.desk_frame import DeskFrame, bounded, look, text_of
from central.console.desk_kept import DeskKept
from central.console.desk_lists import PAGE, DeskLists
from central.console.desk_platforms import DeskPlatforms
from central.platforms.opening import Opened
from central.renewals.holdings import MONTH_DAYS
from central.renewals.worklist import GROUPS, RUNGS, Due, grouped, ladder
from central.store.base import StoreRefused

COUNTED_FOR_S = 60.0
SHOWN = 300
"""Cards on one page of the worklist, the most urgent."""
RUNG_TONES = {"overdue": "bad", "week": "bad", "fortnight": "warn", "month": "info", "later": "dim"}


@dataclass(frozen=True, slots=True)
class RenewalPages:
    desk: DeskFrame
    platforms: Sequence[Opened] = ()

    def routes(self) -> list[Route]:
        page = self.desk.page
        return [
            page("", "see", self.worklist),
            page("/batches", "see", self.batches),
            page("/batches", "renew", self.make, "POST"),
            *DeskBatch(self.desk, frozenset(one.name for one in self.platforms if one.may_act)).routes(),
            *DeskPlatforms(self.desk, self.platforms).routes(),
            *DeskLists(self.desk).routes(),
            *DeskKept(self.desk).routes(),
        ]

    async def worklist(self, request: Request) -> Response:
        return await self._worklist(request)

    async def _worklist(
        self, request: Request, problem: str = "", status: int = 200, asked: Mapping[str, str] | None = None
    ) -> Response:
        """`asked`: as the form had it that was not taken."""
        sight, query = person_of(request).sight, asked or request.query_params
        days = bounded(query.get("days"), self.desk.office.settings.renewals.worklist_days)
        group = query.get("group") if query.get("group") in GROUPS else "carrier"
        await look(self.desk.console, self.desk.office)
        rung, counted = query.get("rung"), self.desk.console.counted
        days = max(days, MONTH_DAYS) if rung in RUNGS else days  # a rung shows all of what it counts
        dues = await self.desk.office.worklist(days, sight)
        wanted = [one for one in dues if rung not in RUNGS or one.rung == rung]
        shown = wanted[:SHOWN]
        office, groups = self.desk.office, grouped(shown, str(group))
        values = {
            "groups": groups, "sums": {name: costs(dues) for name, dues in groups}, "group": group,
            "group_names": GROUPS, "days": days, "rung": rung,
            "ladder": await counted(request, "ladder", lambda: office.ladder(sight), COUNTED_FOR_S),
            "later": ladder(dues)["later"], "rung_tones": RUNG_TONES, "key": secrets.token_hex(8), "problem": problem,
            "unknown": await counted(request, "rn_unknown", lambda: office.unknown(sight), COUNTED_FOR_S),
            "bulks": await counted(request, "rn_bulks", lambda: office.bulks(sight), COUNTED_FOR_S),
            "left_out": len(wanted) - len(shown),
        }  # fmt: skip
        return self.desk.show(request, "worklist", status, **values)

    async def batches(self, request: Request) -> Response:
        before = bounded(request.query_params.get("before"), 2**50, 2**50)
        rows = await self.desk.office.book.batches(before=before, limit=PAGE + 1, sight=person_of(request).sight)
        following = rows[PAGE - 1].made_at if len(rows) > PAGE else None
        return self.desk.show(request, "batches", batches=rows[:PAGE], following=following)

    async def make(self, request: Request) -> Response:
        form, who = await request.form(), self.desk.console.who(request)
        cards = [one for one in form.getlist("card") if isinstance(one, str)]
        frame, fields = self.desk.console.frame, {name: text_of(form, name) for name in ("days", "group", "rung")}
        if not cards:
            return await self._worklist(request, frame.word(request, "rn_choose_some"), 400, fields)
        key = text_of(form, "key")
        try:
            if await self.desk.office.book.batch(key, who.sight) is None:
                dues = await api.chosen(self.desk.office, cards, bounded(text_of(form, "days"), 366), request)
                await self.desk.office.book.make(key, text_of(form, "title"), dues, who)
        except (StoreRefused, ApiError) as refusal:
            return await self._worklist(request, self.desk.refused(request, refusal), 409, fields)
        return frame.done(f"/renewals/batches/{key}", "rn_done_made")


def costs(dues: Sequence[Due]) -> str:
    """By the price list, of those nobody renews yet: "252.00 CNY"; "" where no price is known."""
    sums: dict[str, Decimal] = {}
    for one in dues:
        if one.open is None and one.offer is not None and one.offer.price is not None:
            sums[one.offer.currency] = sums.get(one.offer.currency, Decimal(0)) + one.offer.price
    return " + ".join(f"{amount} {currency}" for currency, amount in sorted(sums.items()))
