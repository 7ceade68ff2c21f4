"""What the desk is kept with: spare cards and pools, plans and the card list, holidays."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import binding, sheets
from central.accounts.people import person_of
from central.api import asked
from central.binding import Bound
from central.console.desk_frame import DeskFrame, number_of, text_of
from central.registry import CARD_SHEET, PLAN_FIELDS
from central.renewals.days import write_lines
from central.store.base import StoreRefused

_NUMBERS = ("quota_mb", "months", "lead_days", "order_day")


@dataclass(frozen=True, slots=True)
class DeskKept:
    desk: DeskFrame

    def routes(self) -> list[Route]:
        page = self.desk.page
        return [
            page("/stock", "see", self.stock),
            page("/pools", "fleet", self.put_pool, "POST"),
            page("/plans", "see", self.plans),
            page("/plans", "fleet", self.put_plan, "POST"),
            page("/cards", "fleet", self.bring_cards, "POST"),
            page("/holidays", "see", self.holidays),
            page("/holidays", "renew", self.put_holidays, "POST"),
        ]

    async def stock(self, request: Request) -> Response:
        return await self._stock(request)

    async def put_pool(self, request: Request) -> Response:
        form, frame = await request.form(), self.desk.console.frame
        fields: dict[str, object] = {name: text_of(form, name) for name in ("name", "carrier", "account", "ends_on")}
        for name in ("total_mb", "cycle_day"):
            fields[name] = number_of(text_of(form, name))
        try:
            await self.desk.office.put_pool(text_of(form, "id"), fields, self.desk.console.who(request))
        except StoreRefused as refusal:
            return await self._stock(request, self.desk.refused(request, refusal), 409)
        return frame.done("/renewals/stock", "rn_done_saved")

    async def _stock(self, request: Request, problem: str = "", status: int = 200) -> Response:
        sight = person_of(request).sight
        spares, pools = await self.desk.office.spares(sight), await self.desk.office.pools(sight)
        return self.desk.show(request, "stock", status, spares=spares, pools=pools, problem=problem)

    async def plans(self, request: Request) -> Response:
        return await self._plans(request)

    async def _plans(
        self, request: Request, problem: str = "", status: int = 200, errors: Sequence[str] = (),
        doubts: Sequence[Bound] = (),
    ) -> Response:  # fmt: skip
        plans = await self.desk.console.registry.plans()
        chosen = next((one for one in plans if one.id == request.query_params.get("plan")), None)
        return self.desk.show(
            request, "plans", status, plans=plans, chosen=chosen, problem=problem, errors=errors, columns=CARD_SHEET,
            doubts=doubts, failed=status >= 400,
        )  # fmt: skip

    async def put_plan(self, request: Request) -> Response:
        form, frame = await request.form(), self.desk.console.frame
        fields: dict[str, object] = {name: text_of(form, name) for name in PLAN_FIELDS if name not in _NUMBERS}
        for name in _NUMBERS:
            fields[name] = number_of(text_of(form, name))
        try:
            await self.desk.console.registry.put_plan(text_of(form, "id"), fields, self.desk.console.who(request))
        except StoreRefused as refusal:
            return await self._plans(request, self.desk.refused(request, refusal), 409)
        return frame.done("/renewals/plans", "rn_done_saved")

    async def bring_cards(self, request: Request) -> Response:
        frame = self.desk.console.frame
        async with request.form() as form:
            file, only_check = form.get("file"), bool(text_of(form, "check"))
            content = await file.read(sheets.MAX_BYTES + 1) if isinstance(file, UploadFile) else b""
        try:
            rows = await asked.sheet(content)
            who = self.desk.console.who(request)
            doubts = await binding.of_rows(self.desk.console.store, rows, who.sight)
            done = await self.desk.console.registry.bring_in_cards(rows, who, only_check=only_check)
        except (sheets.BadSheet, StoreRefused) as refusal:
            return await self._plans(request, self.desk.refused(request, refusal), 400)
        unchanged = done.errors or only_check
        key = "rn_cards_counted" if unchanged else "rn_cards_done"
        said = frame.word(request, key, new=done.created, changed=done.changed, same=done.same)
        if unchanged or doubts:
            return await self._plans(request, said, 400 if done.errors else 200, done.errors, doubts)
        return frame.done("/renewals/plans", "rn_done_saved")

    async def holidays(self, request: Request) -> Response:
        return await self._holidays(request, write_lines(await self.desk.office.holidays()))

    async def _holidays(self, request: Request, lines: str, problem: str = "", status: int = 200) -> Response:
        return self.desk.show(request, "holidays", status, lines=lines, problem=problem)

    async def put_holidays(self, request: Request) -> Response:
        form = await request.form()
        lines = form.get("lines")
        text = lines if isinstance(lines, str) else ""
        try:
            await self.desk.office.put_holidays(text, self.desk.console.who(request))
        except StoreRefused as refusal:
            problem = self.desk.refused(request, refusal)
            return await self._holidays(request, text, problem, 400)
        return self.desk.console.frame.done("/renewals/holidays", "rn_done_saved")
