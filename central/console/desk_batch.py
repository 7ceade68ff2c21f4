"""`/renewals/batches/{id}`: one batch, ordered by sheet or at the carrier's platform, paid, proved; its cards."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.people import person_of
from central.api import renewals as api
from central.console.desk_frame import DeskFrame, text_of
from central.registry import Who
from central.renewals.desk import Book
from central.renewals.orders import PlatformOrder
from central.renewals.records import Renewal
from central.renewals.vouchers import MAX_VOUCHER
from central.store.base import StoreRefused

SHOWN = 1000
"""Cards on one page; those with trouble first."""
ACTS = ("verify", "fail", "void", "again", "ordered")
_ONE = "/batches/{batch_id}"


@dataclass(frozen=True, slots=True)
class DeskBatch:
    desk: DeskFrame
    acting: frozenset[str]
    """Accounts at whose platforms cards can be ordered for."""

    def routes(self) -> list[Route]:
        page = self.desk.page
        return [
            page(_ONE, "see", self.batch),
            page(f"{_ONE}/order.{{kind}}", "see", self.sheet),
            page(f"{_ONE}/order", "renew", self.order, "POST"),
            page(f"{_ONE}/order-there", "renew", self.order_there, "POST"),
            page(f"{_ONE}/pay", "renew", self.pay, "POST"),
            page(f"{_ONE}/vouchers", "renew", self.upload, "POST"),
            page("/cards/{renewal}/{act}", "renew", self.settle, "POST"),
            page("/vouchers/{voucher}", "renew", self.voucher),
        ]

    @property
    def _book(self) -> Book:
        return self.desk.office.book

    async def batch(self, request: Request) -> Response:
        return await self._batch(request)

    async def _batch(
        self, request: Request, problem: str = "", status: int = 200, given: Mapping[str, str] | None = None
    ) -> Response:
        """`given`: what stood in a form that was not taken."""
        sight, book = person_of(request).sight, self._book
        found = await book.batch(request.path_params["batch_id"], sight)
        if found is None:
            return self.desk.console.frame.problem(request, 404, "rn_no_batch")
        rows, offers = await book.of_batch(found.id, sight), await self.desk.office.offers()
        placed = await book.orders(found.id, sight)
        shown = sorted(rows, key=_by_trouble)[:SHOWN]
        due = [one for one in rows if one.state == "due"]
        values = {
            "batch": found, "rows": shown, "left_out": len(rows) - len(shown), "names": await self.desk.names(shown),
            "payments": await book.payments(found.id), "states": dict(found.states), "offers": offers,
            "vouchers": await book.vouchers(found.id, sight) if person_of(request).may("renew") else [],
            "layouts": list(self.desk.office.layouts().values()), "key": secrets.token_hex(8), "sum": _sum(rows),
            "today": self.desk.office.today().isoformat(), "problem": problem, "currency": _currency(rows),
            "given": given or {},
            "placed": placed, "placed_counts": Counter(one.state for one in placed.values()),
            "there": sorted({one.account for one in due if one.account in self.acting and _may_go(one, placed)}),
            "by_hand": [one for one in due if _may_go(one, placed)],
        }  # fmt: skip
        return self.desk.show(request, "batch", status, **values)

    async def sheet(self, request: Request) -> Response:
        found = await self._book.batch(request.path_params["batch_id"], person_of(request).sight)
        if found is None:
            return self.desk.console.frame.problem(request, 404, "rn_no_batch")
        return await api.order_sheet(self.desk.office, found, request, request.path_params["kind"])

    async def voucher(self, request: Request) -> Response:
        return await api.voucher_file(self.desk.office, request)

    async def order(self, request: Request) -> Response:
        form, name = await request.form(), request.path_params["batch_id"]
        try:
            await self._book.order(name, text_of(form, "reference"), self.desk.console.who(request))
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.desk.console.frame.done(f"/renewals/batches/{name}", "rn_done_ordered")

    async def order_there(self, request: Request) -> Response:
        """At the carriers' platforms; carried there beside this page (central/renewals/errands.py)."""
        name = request.path_params["batch_id"]
        try:
            await self._book.order_there(name, self.acting, self.desk.console.who(request))
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.desk.console.frame.done(f"/renewals/batches/{name}", "rn_done_sent")

    async def pay(self, request: Request) -> Response:
        form, name = await request.form(), request.path_params["batch_id"]
        only = [one for one in form.getlist("renewal") if isinstance(one, str)]
        try:
            await self._book.pay(
                name, text_of(form, "key"), text_of(form, "amount"), self.desk.console.who(request), only=only,
                currency=text_of(form, "currency") or "CNY", reference=text_of(form, "reference"),
                paid_on=text_of(form, "paid_on") or self.desk.office.today().isoformat(),
            )  # fmt: skip
        except StoreRefused as refusal:
            return await self._refused(request, refusal, form)
        return self.desk.console.frame.done(f"/renewals/batches/{name}", "rn_done_paid")

    async def upload(self, request: Request) -> Response:
        name = request.path_params["batch_id"]
        async with request.form() as form:
            file = form.get("file")
            content = await file.read(MAX_VOUCHER + 1) if isinstance(file, UploadFile) else b""
            given = (file.filename or "") if isinstance(file, UploadFile) else ""
        try:
            await self._book.add_voucher(name, given, content, self.desk.console.who(request))
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.desk.console.frame.done(f"/renewals/batches/{name}", "rn_done_voucher")

    async def settle(self, request: Request) -> Response:
        """One card: say what was found out about it."""
        form, who, name = await request.form(), self.desk.console.who(request), request.path_params["renewal"]
        one = await self._book.renewal(name, who.sight)
        if one is None or request.path_params["act"] not in ACTS:
            return self.desk.console.frame.problem(request, 404, "no_such_page")
        request.scope["path_params"] |= {"batch_id": one.batch}
        try:
            await self._settle(name, request.path_params["act"], form, who)
        except StoreRefused as refusal:
            return await self._refused(request, refusal)
        return self.desk.console.frame.done(f"/renewals/batches/{one.batch}", "rn_done_saved")

    async def _settle(self, name: str, act: str, form: FormData, who: Who) -> None:
        if act == "verify":
            await self._book.verify(name, who)
        elif act == "fail":
            await self._book.fail(name, text_of(form, "reason"), text_of(form, "note"), who)
        elif act == "void":
            await self._book.void(name, text_of(form, "note"), who)
        elif act == "again":
            await self._book.order_again(name, who)
        else:
            await self._book.was_ordered(name, who)

    async def _refused(self, request: Request, refusal: StoreRefused, form: FormData | None = None) -> Response:
        given = {name: text_of(form, name) for name in ("amount", "currency", "paid_on", "reference")} if form else {}
        return await self._batch(request, self.desk.refused(request, refusal), 409, given)


def _may_go(one: Renewal, placed: Mapping[str, PlatformOrder]) -> bool:
    """Nothing of it is at a platform, or was refused there."""
    return one.id not in placed or placed[one.id].state == "failed"


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
