"""The renewal desk as JSON: the worklist, batches, what was paid and proved, and what may be done about each."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from central import handed
from central.accounts.people import Forbidden, person_of
from central.api import asked
from central.api.facts import ApiError, json_response
from central.config import ConfigError
from central.renewals.days import write_lines
from central.renewals.office import COST_GROUPS, Dead, Office
from central.renewals.orders import PlatformOrder
from central.renewals.records import Batch, Renewal, shown, to_json
from central.renewals.sheet import order_table
from central.renewals.vouchers import MAX_VOUCHER
from central.renewals.worklist import GROUPS, Due, grouped
from central.sheets import BadSheet
from central.view import moment

_TIMES = ("made_at", "ordered_at", "paid_at", "settled_at")


@dataclass(frozen=True, slots=True)
class RenewalsApi:
    office: Office
    acting: frozenset[str] = frozenset()
    """Accounts at whose platforms cards can be ordered for."""

    # -- looking ------------------------------------------------------------------------------------------------------

    async def worklist(self, request: Request) -> Response:
        dues = await self.office.worklist(_days(request, self.office), asked.sight(request))
        group = asked.text(request, "group")
        if group and group not in GROUPS:
            raise ApiError(400, "bad_query", f"group: one of {', '.join(GROUPS)}")
        limit = asked.limit(request)
        body: dict[str, Any] = {"due": [due_json(one) for one in dues[:limit]], "count": len(dues)}
        if group:
            body["groups"] = [{"name": name, "count": len(rows)} for name, rows in grouped(dues, group)]
        body["unknown"] = await self.office.unknown(asked.sight(request))
        return json_response(body)

    async def ladder(self, request: Request) -> Response:
        return json_response({"ladder": await self.office.ladder(asked.sight(request))})

    async def list(self, request: Request) -> Response:
        only = {name: asked.text(request, name) for name in ("terminal", "iccid")}
        only["batch"] = asked.text(request, "renewal_batch")
        state, limit, after = asked.text(request, "renewal_state"), asked.limit(request), _after(request)
        sight = asked.sight(request)
        rows = await self.office.book.renewals(state=state, limit=limit, after=after, sight=sight, **only)
        following = f"{rows[-1].made_at}.{rows[-1].id}" if len(rows) == limit else None
        return json_response({"renewals": [renewal_json(one) for one in rows], "next": following})

    async def one(self, request: Request) -> Response:
        return json_response(renewal_json(await self._one(request)))

    async def dead(self, request: Request) -> Response:
        rows = await self.office.dead(asked.sight(request), asked.limit(request))
        return json_response({"dead": [dead_json(one) for one in rows]})

    async def spares(self, request: Request) -> Response:
        rows = await self.office.spares(asked.sight(request), asked.limit(request))
        return json_response({"spares": [asdict(one) for one in rows]})

    async def fits(self, request: Request) -> Response:
        rows = await self.office.fits(asked.sight(request), asked.limit(request))
        money = ("saves", "saves_least", "saves_most")
        return json_response({"fits": [asdict(one) | {n: shown(getattr(one, n)) for n in money} for one in rows]})

    async def bulks(self, request: Request) -> Response:
        rows = await self.office.bulks(asked.sight(request))
        told = [
            {
                "carrier": one.carrier, "account": one.account, "plan": one.offer.id, "cards": one.bulk.cards,
                "more": one.bulk.more, "price": shown(one.bulk.price), "price_then": shown(one.bulk.price_then),
                "saves": shown(one.bulk.saves), "currency": one.offer.currency,
            }
            for one in rows
        ]  # fmt: skip
        return json_response({"bulk": told})

    async def costs(self, request: Request) -> Response:
        group = asked.text(request, "cost_group") or "carrier"
        if group not in COST_GROUPS:
            raise ApiError(400, "bad_query", f"cost_group: one of {', '.join(COST_GROUPS)}")
        since, before = self._month(asked.text(request, "month"))
        rows = await self.office.costs(since, before, group, asked.sight(request))
        return json_response({"costs": [asdict(one) | {"amount": shown(one.amount)} for one in rows]})

    async def holidays(self, _request: Request) -> Response:
        days = await self.office.holidays()
        told = [{"day": day.isoformat(), "works": works, "name": name} for day, works, name in days]
        return json_response({"days": told, "lines": write_lines(days)})

    async def put_holidays(self, request: Request) -> Response:
        body = await asked.json_object(request)
        lines = body.get("lines")
        if not isinstance(lines, str):
            raise ApiError(400, "bad_body", "lines: 2027-02-05..2027-02-11 off 春节")
        return json_response({"days": await self.office.put_holidays(lines, asked.who(request, self.office.wall()))})

    async def pools(self, request: Request) -> Response:
        rows = await self.office.pools(asked.sight(request))
        return json_response({"pools": [asdict(one.pool) | _without(asdict(one), "pool") for one in rows]})

    async def put_pool(self, request: Request) -> Response:
        fields, who = await asked.json_object(request), asked.who(request, self.office.wall())
        return json_response(asdict(await self.office.put_pool(request.path_params["pool"], fields, who)))

    # -- batches ------------------------------------------------------------------------------------------------------

    async def batches(self, request: Request) -> Response:
        before, sight = asked.number(request, "before", 2**50, 0, 2**50), asked.sight(request)
        rows = await self.office.book.batches(before=before, limit=asked.limit(request), sight=sight)
        return json_response({"batches": [batch_json(one) for one in rows]})

    async def batch(self, request: Request) -> Response:
        found, sight = await self._batch(request), asked.sight(request)
        book = self.office.book
        rows, placed = await book.of_batch(found.id, sight), await book.orders(found.id, sight)
        pays = [asdict(one) | {"at": moment(one.at)} for one in await book.payments(found.id)]
        vouchers = await book.vouchers(found.id, sight) if person_of(request).may("renew") else []
        told = [asdict(one) | {"at": moment(one.at)} for one in vouchers]
        body = {"renewals": [renewal_json(one) for one in rows], "payments": pays, "vouchers": told}
        body["orders"] = [placed_json(one) for one in placed.values()]
        return json_response(batch_json(found) | body)

    async def make(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.office.wall())
        cards = body.get("cards")
        if not isinstance(cards, list) or not all(isinstance(one, str) for one in cards):
            raise ApiError(400, "bad_body", "cards: a list of ICCIDs of the worklist")
        days = body.get("days", 366)
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 3660:
            raise ApiError(400, "bad_body", "days: 1 to 3660")
        key = asked.field(body, "key", secrets.token_hex(8))
        known = await self.office.book.batch(key, who.sight)
        if known is None:
            dues = await chosen(self.office, cards, days, request)
            await self.office.book.make(key, asked.field(body, "title", ""), dues, who)
        return json_response(batch_json(await self._found(key, request)), 201)

    async def order(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.office.wall())
        name = request.path_params["batch_id"]
        done = await self.office.book.order(name, asked.field(body, "reference", ""), who)
        return json_response({"ordered": done})

    async def order_there(self, request: Request) -> Response:
        """Answered at once; the batch tells what became of it."""
        await asked.json_object(request)
        who = asked.who(request, self.office.wall())
        done = await self.office.book.order_there(request.path_params["batch_id"], self.acting, who)
        return json_response({"asked": done}, 202)

    async def pay(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.office.wall())
        only = body.get("renewals", [])
        if not isinstance(only, list) or not all(isinstance(one, str) for one in only):
            raise ApiError(400, "bad_body", "renewals: a list of ids")
        done = await self.office.book.pay(
            request.path_params["batch_id"], asked.field(body, "key", secrets.token_hex(8)),
            asked.field(body, "amount"), who, currency=asked.field(body, "currency", "CNY"), only=only,
            paid_on=asked.field(body, "paid_on", "") or self.office.today().isoformat(),
            reference=asked.field(body, "reference", ""),
        )  # fmt: skip
        return json_response({"paid": done})

    async def sheet(self, request: Request) -> Response:
        found = await self._batch(request)
        return await order_sheet(self.office, found, request, request.path_params["kind"])

    async def add_voucher(self, request: Request) -> Response:
        content = await asked.content(request, MAX_VOUCHER)
        who, name = asked.who(request, self.office.wall()), asked.text(request, "name")
        made = await self.office.book.add_voucher(request.path_params["batch_id"], name, content, who)
        return json_response(asdict(made) | {"at": moment(made.at)}, 201)

    async def voucher(self, request: Request) -> Response:
        return await voucher_file(self.office, request)

    # -- one renewal --------------------------------------------------------------------------------------------------

    async def fail(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.office.wall())
        name = request.path_params["renewal"]
        await self.office.book.fail(name, asked.field(body, "reason"), asked.field(body, "note", ""), who)
        return await self.one(request)

    async def void(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.office.wall())
        await self.office.book.void(request.path_params["renewal"], asked.field(body, "note", ""), who)
        return await self.one(request)

    async def verify(self, request: Request) -> Response:
        await asked.json_object(request)
        await self.office.book.verify(request.path_params["renewal"], asked.who(request, self.office.wall()))
        return await self.one(request)

    async def order_again(self, request: Request) -> Response:
        await asked.json_object(request)
        await self.office.book.order_again(request.path_params["renewal"], asked.who(request, self.office.wall()))
        return await self.one(request)

    async def was_ordered(self, request: Request) -> Response:
        await asked.json_object(request)
        await self.office.book.was_ordered(request.path_params["renewal"], asked.who(request, self.office.wall()))
        return await self.one(request)

    async def _one(self, request: Request) -> Renewal:
        found = await self.office.book.renewal(request.path_params["renewal"], asked.sight(request))
        if found is None:
            raise ApiError(404, "not_found", "no such renewal")
        return found

    async def _batch(self, request: Request) -> Batch:
        return await self._found(request.path_params["batch_id"], request)

    async def _found(self, name: str, request: Request) -> Batch:
        found = await self.office.book.batch(name, asked.sight(request))
        if found is None:
            raise ApiError(404, "not_found", "no such batch")
        return found

    def _month(self, text: str) -> tuple[int, int]:
        try:
            return month_span(text or self.office.today().isoformat()[:7], self.office)
        except ValueError:
            raise ApiError(400, "bad_query", "month: such as 2026-11") from None


async def chosen(office: Office, cards: Sequence[str], days: int, request: Request) -> list[Due]:
    """What is due of these cards. Raises ApiError where one is not on the worklist."""
    wanted = set(cards)
    dues = [one for one in await office.worklist(days, asked.sight(request)) if one.holding.iccid in wanted]
    missing = wanted - {one.holding.iccid for one in dues}
    if missing:
        raise ApiError(409, "not_due", f"not on the worklist: {', '.join(sorted(missing)[:5])[:200]}")
    return dues


async def order_sheet(office: Office, batch: Batch, request: Request, kind: str) -> Response:
    """The batch as the carrier reads it. Raises ApiError."""
    if kind not in handed.KINDS:
        raise ApiError(404, "not_found", "no such sheet: order.csv or order.xlsx")
    try:
        layout = office.layouts().get(asked.text(request, "layout") or "full")
    except ConfigError as error:
        raise ApiError(500, "bad_layouts", str(error)) from None
    if layout is None:
        raise ApiError(400, "bad_query", f"layout: one of {', '.join(office.layouts())}"[:300])
    headings, table = await order_table(office, batch.id, layout, asked.sight(request))
    try:
        return await handed.answer(f"order-{batch.id[:16]}-{layout.name}", kind, headings, handed.whole(table))
    except BadSheet as error:
        raise ApiError(501, "not_installed", str(error)) from None


async def voucher_file(office: Office, request: Request) -> Response:
    """Only for those who may renew and see the whole batch; never shown by the browser, always kept as a file."""
    if not person_of(request).may("renew"):
        raise Forbidden("renew")
    found = await office.book.voucher(request.path_params["voucher"], asked.sight(request))
    if found is None:
        raise ApiError(404, "not_found", "no such voucher")
    headers = {
        "content-disposition": handed.attachment(found[0].name),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(found[1], 200, headers, found[0].kind)


def month_span(text: str, office: Office) -> tuple[int, int]:
    """First second of a month (2026-11) of the fleet's zone, and of the one after. Raises ValueError."""
    first = date.fromisoformat(f"{text}-01")
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    starts = [datetime.combine(day, time(), office.zone).timestamp() for day in (first, after)]
    return int(starts[0]), int(starts[1])


def due_json(one: Due) -> dict[str, Any]:
    holding, offer = one.holding, one.offer
    names = ("terminal", "name", "merchant", "shop", "region", "iccid", "msisdn", "account", "plan", "pool")
    return {name: getattr(holding, name) for name in names} | {
        "carrier": one.carrier,
        "why": one.why,
        "ends_on": one.ends_on,
        "data_on": one.data_on,
        "data_early": holding.early,
        "data_late": holding.late,
        "order_by": one.order_by,
        "days_left": one.days_left,
        "days_to_order": one.days_to_order,
        "rung": one.rung,
        "price": shown(offer.price) if offer else None,
        "currency": offer.currency if offer else None,
        "swapped": one.swapped,
        "differs": one.differs,
        "renewal": one.open and asdict(one.open),
    }


def renewal_json(one: Renewal) -> dict[str, Any]:
    return to_json(one) | {name: moment(getattr(one, name)) for name in _TIMES}


def placed_json(one: PlatformOrder) -> dict[str, Any]:
    """Without who holds it: that is the centre's own affair."""
    times = {name: moment(getattr(one, name)) for name in ("asked_at", "next_at", "settled_at")}
    return _without(asdict(one), "held_until") | times | {"detail": one.detail or None}


def dead_json(one: Dead) -> dict[str, Any]:
    return renewal_json(one.renewal) | {"verdict": one.verdict, "last_heard": moment(one.heard)}


def batch_json(one: Batch) -> dict[str, Any]:
    return asdict(one) | {"made_at": moment(one.made_at), "states": dict(one.states)}


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def _days(request: Request, office: Office) -> int:
    return asked.number(request, "days", office.settings.renewals.worklist_days, 0, 3660)


def _after(request: Request) -> tuple[int, str]:
    made, _, id_ = asked.text(request, "cursor").partition(".")
    if not made:
        return 2**60, ""
    if not (made.isascii() and made.isdigit() and len(made) < 16 and id_):
        raise ApiError(400, "bad_query", "cursor: as an answer's `next` gave it")
    return int(made), id_
