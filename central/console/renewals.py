"""`/renewals`: what is due, batches from order to proof, who is paid for and still dead, stock, plan fit, costs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import api_renewals as api
from central import asked, sheets
from central.api import ApiError
from central.console import verdicts
from central.console.shared import Console, Handler
from central.people import Act, person_of
from central.registry import CARD_SHEET, PLAN_FIELDS
from central.renewals import rules
from central.renewals.days import write_lines
from central.renewals.desk import MAX_VOUCHER
from central.renewals.office import COST_GROUPS, Office
from central.renewals.records import Renewal
from central.renewals.worklist import GROUPS, RUNGS, grouped, ladder
from central.store.base import StoreRefused

PAGE = 100
_NUMBERS = ("quota_mb", "months", "lead_days", "order_day")
COUNTED_FOR_S = 60.0
SHOWN = 1000
"""Cards on one page of the worklist."""
TABS = ("worklist", "batches", "dead", "history", "stock", "fit", "costs", "plans", "holidays")
TONES = {
    "due": "dim", "ordered": "info", "paid": "info", "pending": "warn", "proved": "good", "failed": "bad",
    "void": "dim",
}  # fmt: skip
RUNG_TONES = {"overdue": "bad", "week": "bad", "fortnight": "warn", "month": "info", "later": "dim"}


@dataclass(frozen=True, slots=True)
class RenewalPages:
    console: Console
    office: Office

    def routes(self) -> list[Route]:
        base, batch = "/renewals", "/renewals/batches/{batch_id}"
        seen: list[tuple[str, Handler]] = [
            (base, self.worklist), (f"{base}/batches", self.batches), (batch, self.batch), (f"{base}/dead", self.dead),
            (f"{base}/history", self.history), (f"{base}/stock", self.stock), (f"{base}/fit", self.fit),
            (f"{base}/costs", self.costs), (f"{base}/holidays", self.holidays), (f"{batch}/order.{{kind}}", self.sheet),
        ]  # fmt: skip
        changed: list[tuple[str, Handler]] = [
            (f"{base}/batches", self.make), (f"{batch}/order", self.order), (f"{batch}/pay", self.pay),
            (f"{batch}/vouchers", self.upload), (f"{base}/cards/{{renewal}}/{{act}}", self.settle),
            (f"{base}/holidays", self.put_holidays),
        ]  # fmt: skip
        return [
            *(self._page(path, "see", handler) for path, handler in seen),
            *(self._page(path, "renew", handler, "POST") for path, handler in changed),
            self._page(f"{base}/vouchers/{{voucher}}", "renew", self.voucher),
            self._page(f"{base}/plans", "see", self.plans),
            self._page(f"{base}/plans", "fleet", self.put_plan, "POST"),
            self._page(f"{base}/cards", "fleet", self.bring_cards, "POST"),
            self._page(f"{base}/pools", "fleet", self.put_pool, "POST"),
        ]

    # -- looking ------------------------------------------------------------------------------------------------------

    async def worklist(self, request: Request) -> Response:
        return await self._worklist(request)

    async def _worklist(self, request: Request, problem: str = "", status: int = 200) -> Response:
        sight, query = person_of(request).sight, request.query_params
        days = _days(query.get("days"), self.office.settings.renewals.worklist_days)
        group = query.get("group") if query.get("group") in GROUPS else "carrier"
        dues = await self.office.worklist(days, sight)
        rung, counted = query.get("rung"), self.console.counted
        shown = [one for one in dues if rung not in RUNGS or one.rung == rung][:SHOWN]
        office = self.office
        values = {
            "groups": grouped(shown, str(group)), "group": group, "group_names": GROUPS, "days": days, "rung": rung,
            "ladder": ladder(dues), "rung_tones": RUNG_TONES, "key": secrets.token_hex(8), "problem": problem,
            "unknown": await counted(request, "rn_unknown", lambda: office.unknown(sight), COUNTED_FOR_S),
            "bulks": await counted(request, "rn_bulks", lambda: office.bulks(sight), COUNTED_FOR_S),
            "left_out": len(dues) - len(shown) if rung not in RUNGS else 0,
        }  # fmt: skip
        return self._show(request, "worklist", status, **values)

    async def batches(self, request: Request) -> Response:
        before = _days(request.query_params.get("before"), 2**50, 2**50)
        rows = await self.office.book.batches(before=before, limit=PAGE + 1, sight=person_of(request).sight)
        following = rows[PAGE - 1].made_at if len(rows) > PAGE else None
        return self._show(request, "batches", batches=rows[:PAGE], following=following)

    async def batch(self, request: Request) -> Response:
        return await self._batch(request)

    async def _batch(self, request: Request, problem: str = "", status: int = 200) -> Response:
        sight, book = person_of(request).sight, self.office.book
        found = await book.batch(request.path_params["batch_id"], sight)
        if found is None:
            return self.console.frame.problem(request, 404, "rn_no_batch")
        rows = await book.renewals(batch=found.id, limit=SHOWN, sight=sight)
        offers = await self.office.offers()
        values = {
            "batch": found, "rows": sorted(rows, key=_by_trouble), "names": await self._names(rows),
            "payments": await book.payments(found.id), "states": dict(found.states), "offers": offers,
            "vouchers": await book.vouchers(found.id, sight) if person_of(request).may("renew") else [],
            "layouts": list(self.office.layouts().values()), "key": secrets.token_hex(8), "sum": _sum(rows),
            "today": self.office.today().isoformat(), "problem": problem, "currency": _currency(rows),
        }  # fmt: skip
        return self._show(request, "batch", status, **values)

    async def dead(self, request: Request) -> Response:
        rows = await self.office.dead(person_of(request).sight)
        lang = self.console.frame.lang(request)
        return self._show(
            request, "dead", rows=rows, names=await self._names([one.renewal for one in rows]),
            verdict_word=lambda code: verdicts.title(code, lang),
        )  # fmt: skip

    async def history(self, request: Request) -> Response:
        query = request.query_params
        state = query.get("renewal_state", "") if query.get("renewal_state") in rules.STATES else ""
        made, _, last = query.get("after", "")[:40].partition(".")
        after = (int(made), last) if made.isascii() and made.isdigit() and last else (2**60, "")
        sight = person_of(request).sight
        rows = await self.office.book.renewals(
            state=state, iccid=query.get("iccid", "")[:22].replace("\0", ""), limit=PAGE + 1, after=after, sight=sight
        )
        following = f"{rows[PAGE - 1].made_at}.{rows[PAGE - 1].id}" if len(rows) > PAGE else None
        rows = rows[:PAGE]
        values: dict[str, Any] = {"rows": rows, "following": following, "state": state, "states": rules.STATES}
        values |= {"names": await self._names(rows), "iccid": query.get("iccid", "")[:22]}
        return self._show(request, "history", 200, **values)

    async def stock(self, request: Request) -> Response:
        return await self._stock(request)

    async def put_pool(self, request: Request) -> Response:
        form, frame = await request.form(), self.console.frame
        fields: dict[str, object] = {name: _field(form, name) for name in ("name", "carrier", "account", "ends_on")}
        for name in ("total_mb", "cycle_day"):
            fields[name] = _number(_field(form, name))
        try:
            await self.office.put_pool(_field(form, "id"), fields, self.console.who(request))
        except StoreRefused as refusal:
            return await self._stock(request, frame.word(request, "rn_refused", why=refusal), 409)
        return frame.done("/renewals/stock", "rn_done_saved")

    async def _stock(self, request: Request, problem: str = "", status: int = 200) -> Response:
        sight = person_of(request).sight
        spares, pools = await self.office.spares(sight), await self.office.pools(sight)
        return self._show(request, "stock", status, spares=spares, pools=pools, problem=problem)

    async def fit(self, request: Request) -> Response:
        fits = await self.office.fits(person_of(request).sight)
        names = await self.office.names([one.terminal for one in fits])
        return self._show(request, "fit", fits=fits, names=names)

    async def costs(self, request: Request) -> Response:
        query = request.query_params
        group = query.get("group") if query.get("group") in COST_GROUPS else "carrier"
        month = query.get("month", "")[:7] or self.office.today().isoformat()[:7]
        try:
            since, before = api.month_span(month, self.office)
        except ValueError:
            month = self.office.today().isoformat()[:7]
            since, before = api.month_span(month, self.office)
        rows = await self.office.costs(since, before, str(group), person_of(request).sight)
        return self._show(request, "costs", costs=rows, group=group, group_names=COST_GROUPS, month=month)

    async def holidays(self, request: Request) -> Response:
        return await self._holidays(request, write_lines(await self.office.holidays()))

    async def _holidays(self, request: Request, lines: str, problem: str = "", status: int = 200) -> Response:
        return self._show(request, "holidays", status, lines=lines, problem=problem)

    async def plans(self, request: Request) -> Response:
        return await self._plans(request)

    async def _plans(
        self, request: Request, problem: str = "", status: int = 200, errors: Sequence[str] = ()
    ) -> Response:
        plans = await self.console.registry.plans()
        chosen = next((one for one in plans if one.id == request.query_params.get("plan")), None)
        values = {"plans": plans, "chosen": chosen, "problem": problem, "errors": errors, "columns": CARD_SHEET}
        return self._show(request, "plans", status, **values)

    async def put_plan(self, request: Request) -> Response:
        form, frame = await request.form(), self.console.frame
        fields: dict[str, object] = {name: _field(form, name) for name in PLAN_FIELDS if name not in _NUMBERS}
        for name in _NUMBERS:
            fields[name] = _number(_field(form, name))
        try:
            await self.console.registry.put_plan(_field(form, "id"), fields, self.console.who(request))
        except StoreRefused as refusal:
            return await self._plans(request, frame.word(request, "rn_refused", why=refusal), 409)
        return frame.done("/renewals/plans", "rn_done_saved")

    async def bring_cards(self, request: Request) -> Response:
        frame = self.console.frame
        async with request.form() as form:
            file, only_check = form.get("file"), bool(_field(form, "check"))
            content = await file.read(sheets.MAX_BYTES + 1) if isinstance(file, UploadFile) else b""
        try:
            rows = await asked.sheet(content)
            who = self.console.who(request)
            done = await self.console.registry.bring_in_cards(rows, who, only_check=only_check)
        except (sheets.BadSheet, StoreRefused) as refusal:
            return await self._plans(request, frame.word(request, "rn_refused", why=refusal), 400)
        said = frame.word(request, "rn_cards_counted", new=done.created, changed=done.changed, same=done.same)
        if done.errors or only_check:
            return await self._plans(request, said, 400 if done.errors else 200, done.errors)
        return frame.done("/renewals/plans", "rn_done_saved")

    async def sheet(self, request: Request) -> Response:
        found = await self.office.book.batch(request.path_params["batch_id"], person_of(request).sight)
        if found is None:
            return self.console.frame.problem(request, 404, "rn_no_batch")
        return await api.order_sheet(self.office, found, request, request.path_params["kind"])

    async def voucher(self, request: Request) -> Response:
        return await api.voucher_file(self.office, request)

    # -- changing -----------------------------------------------------------------------------------------------------

    async def make(self, request: Request) -> Response:
        form, who = await request.form(), self.console.who(request)
        cards = [one for one in form.getlist("card") if isinstance(one, str)]
        frame = self.console.frame
        if not cards:
            return await self._worklist(request, frame.word(request, "rn_choose_some"), 400)
        key = _field(form, "key")
        try:
            if await self.office.book.batch(key, who.sight) is None:
                dues = await api.chosen(self.office, cards, _days(_field(form, "days"), 366), request)
                await self.office.book.make(key, _field(form, "title"), dues, who)
        except (StoreRefused, ApiError) as refusal:
            return await self._worklist(request, frame.word(request, "rn_refused", why=refusal), 409)
        return frame.done(f"/renewals/batches/{key}", "rn_done_made")

    async def order(self, request: Request) -> Response:
        form, name = await request.form(), request.path_params["batch_id"]
        try:
            await self.office.book.order(name, _field(form, "reference"), self.console.who(request))
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.console.frame.done(f"/renewals/batches/{name}", "rn_done_ordered")

    async def pay(self, request: Request) -> Response:
        form, name = await request.form(), request.path_params["batch_id"]
        only = [one for one in form.getlist("renewal") if isinstance(one, str)]
        try:
            await self.office.book.pay(
                name, _field(form, "key"), _field(form, "amount"), self.console.who(request), only=only,
                currency=_field(form, "currency") or "CNY", reference=_field(form, "reference"),
                paid_on=_field(form, "paid_on") or self.office.today().isoformat(),
            )  # fmt: skip
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.console.frame.done(f"/renewals/batches/{name}", "rn_done_paid")

    async def upload(self, request: Request) -> Response:
        name = request.path_params["batch_id"]
        async with request.form() as form:
            file = form.get("file")
            content = await file.read(MAX_VOUCHER + 1) if isinstance(file, UploadFile) else b""
            given = (file.filename or "") if isinstance(file, UploadFile) else ""
        try:
            await self.office.book.add_voucher(name, given, content, self.console.who(request))
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.console.frame.done(f"/renewals/batches/{name}", "rn_done_voucher")

    async def settle(self, request: Request) -> Response:
        """Verify again, mark as failed, withdraw: one renewal."""
        form, who, name = await request.form(), self.console.who(request), request.path_params["renewal"]
        book, act = self.office.book, request.path_params["act"]
        one = await book.renewal(name, who.sight)
        if one is None or act not in ("verify", "fail", "void"):
            return self.console.frame.problem(request, 404, "no_such_page")
        request.scope["path_params"] |= {"batch_id": one.batch}
        try:
            if act == "verify":
                await book.verify(name, who)
            elif act == "fail":
                await book.fail(name, _field(form, "reason"), _field(form, "note"), who)
            else:
                await book.void(name, _field(form, "note"), who)
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.console.frame.done(f"/renewals/batches/{one.batch}", "rn_done_saved")

    async def put_holidays(self, request: Request) -> Response:
        form = await request.form()
        lines = form.get("lines")
        text = lines if isinstance(lines, str) else ""
        try:
            await self.office.put_holidays(text, self.console.who(request))
        except StoreRefused as refusal:
            problem = self.console.frame.word(request, "rn_refused", why=refusal)
            return await self._holidays(request, text, problem, 400)
        return self.console.frame.done("/renewals/holidays", "rn_done_saved")

    # -- of these -----------------------------------------------------------------------------------------------------

    def _page(self, path: str, act: Act, handler: Handler, method: str = "GET") -> Route:
        return self.console.page(path, act, self._told(handler), method)

    def _told(self, handler: Handler) -> Handler:
        """Mistakes of the API as pages."""

        @wraps(handler)
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ApiError as error:
                why = self.console.frame.word(request, "rn_refused", why=error)
                return self.console.frame.page(request, "problem.html", error.status, problem=why)

        return answer

    def _show(self, request: Request, tab: str, status: int = 200, **values: Any) -> Response:
        word = self.console.frame.word
        common = {
            "tabs": TABS, "tab": "batches" if tab == "batch" else tab, "tones": TONES,
            "reason_words": lambda: [(name, word(request, f"rn_reason_{name}")) for name in rules.REASONS],
        }  # fmt: skip
        return self.console.frame.page(request, f"renewals_{tab}.html", status, **common | values)

    async def _refused(self, request: Request, refusal: StoreRefused) -> Response:
        why = self.console.frame.word(request, "rn_refused", why=refusal)
        return await self._batch(request, why, 409)

    async def _names(self, rows: Sequence[Renewal]) -> dict[str, str]:
        return await self.office.names([one.terminal for one in rows])


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip()[:200] if isinstance(value, str) else ""


def _number(text: str) -> int | str | None:
    """The text itself where it is no number: it is refused with its name."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else text or None


def _days(text: str | None, default: int, most: int = 3660) -> int:
    if text and text.isascii() and text.isdigit() and len(text) < 17:
        return min(int(text), most)
    return default


def _by_trouble(one: Renewal) -> tuple[int, str]:
    return ("failed", "paid", "pending", "ordered", "due", "proved", "void").index(one.state), one.terminal


def _sum(rows: Sequence[Renewal]) -> Decimal | None:
    """What is still to be paid, by the price list; None where a price is not known."""
    waiting = [one.price for one in rows if one.state in ("due", "ordered")]
    return (
        sum((price for price in waiting if price is not None), Decimal(0)) if waiting and None not in waiting else None
    )


def _currency(rows: Sequence[Renewal]) -> str:
    return rows[0].currency if rows else "CNY"
