"""The fleet as JSON: where terminals stand, plans, cards, sheets, tokens and the trail of every change."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from central import handed, sheets
from central.accounts.tokens import Token, Tokens
from central.api import asked
from central.api.facts import ApiError, json_response
from central.api.people import sight_json, sight_of
from central.registry import CARD_SHEET, SHEET, Asset, Imported, Registry
from central.sheets import BadSheet
from central.store.base import StoreRefused
from central.view import moment


@dataclass(frozen=True, slots=True)
class FleetApi:
    registry: Registry
    tokens: Tokens
    wall: Callable[[], float]

    async def assets(self, request: Request) -> Response:
        places = {name: asked.text(request, name) for name in ("merchant", "shop", "region", "tag")}
        limit, retired = asked.limit(request), request.query_params.get("retired") == "1"
        after, sight = asked.text(request, "cursor"), asked.sight(request)
        rows = await self.registry.assets(after=after, limit=limit, retired=retired, sight=sight, **places)
        following = rows[-1].terminal if len(rows) == limit else None
        return json_response({"assets": [asset_json(row) for row in rows], "next": following})

    async def asset(self, request: Request) -> Response:
        found = await self.registry.asset(request.path_params["terminal"], asked.sight(request))
        if found is None:
            raise ApiError(404, "not_found", "no such terminal")
        return json_response(asset_json(found))

    async def describe(self, request: Request) -> Response:
        fields, who = await asked.json_object(request), asked.who(request, self.wall())
        return json_response(asset_json(await self.registry.describe(request.path_params["terminal"], fields, who)))

    async def retire(self, request: Request) -> Response:
        await self.registry.retire(request.path_params["terminal"], asked.who(request, self.wall()))
        return json_response({"retired": True})

    async def plans(self, _request: Request) -> Response:
        return json_response({"plans": [asdict(plan) for plan in await self.registry.plans()]})

    async def put_plan(self, request: Request) -> Response:
        fields, who = await asked.json_object(request), asked.who(request, self.wall())
        return json_response(asdict(await self.registry.put_plan(request.path_params["plan"], fields, who)))

    async def cards(self, request: Request) -> Response:
        only = {name: asked.text(request, name) for name in ("state", "plan", "batch")}
        limit = asked.limit(request)
        sight = asked.sight(request)
        rows = await self.registry.cards(after=asked.text(request, "cursor"), limit=limit, sight=sight, **only)
        following = rows[-1].iccid if len(rows) == limit else None
        return json_response({"cards": [asdict(row) for row in rows], "next": following})

    async def card(self, request: Request) -> Response:
        found = await self.registry.card(request.path_params["iccid"], asked.sight(request))
        if found is None:
            raise ApiError(404, "not_found", "no such card")
        return json_response(asdict(found))

    async def put_card(self, request: Request) -> Response:
        fields, who = await asked.json_object(request), asked.who(request, self.wall())
        return json_response(asdict(await self.registry.put_card(request.path_params["iccid"], fields, who)))

    async def place_card(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.wall())
        terminal = None if body.get("terminal") is None else asked.field(body, "terminal")
        return json_response(asdict(await self.registry.place(request.path_params["iccid"], terminal, who)))

    async def retire_card(self, request: Request) -> Response:
        who = asked.who(request, self.wall())
        return json_response(asdict(await self.registry.retire_card(request.path_params["iccid"], who)))

    async def export(self, request: Request) -> Response:
        """Every terminal as one sheet."""
        return await _sheet(request, "terminals", SHEET, self.registry.sheet(asked.sight(request)))

    async def export_cards(self, request: Request) -> Response:
        """Every card in sight as one sheet; retired ones are left out."""
        return await _sheet(request, "cards", CARD_SHEET, self.registry.card_sheet(asked.sight(request)))

    async def bring_in(self, request: Request) -> Response:
        """A sheet, CSV or XLSX, as the body; `?check=1` only looks."""
        return await self._bring_in(request, self.registry.bring_in)

    async def bring_in_cards(self, request: Request) -> Response:
        return await self._bring_in(request, self.registry.bring_in_cards)

    async def _bring_in(self, request: Request, take: Callable[..., Awaitable[Imported]]) -> Response:
        content = await asked.content(request, sheets.MAX_BYTES)
        try:
            rows = await asked.sheet(content)
        except BadSheet as error:
            raise ApiError(400, "bad_sheet", str(error)) from None
        only_check = request.query_params.get("check") == "1"
        done = await take(rows, asked.who(request, self.wall()), only_check=only_check)
        return json_response(asdict(done), 400 if done.errors else 200)

    async def trail(self, request: Request) -> Response:
        limit = asked.limit(request)
        lines = await self.registry.trail(
            kind=asked.text(request, "kind"), name=asked.text(request, "object"), limit=limit,
            before=asked.number(request, "before", 2**50, 0, 2**50),
        )  # fmt: skip
        return json_response({"audit": [asdict(line) | {"at": moment(line.at)} for line in lines]})

    async def list_tokens(self, _request: Request) -> Response:
        return json_response({"tokens": [token_json(row) for row in await self.tokens.list()]})

    async def add_token(self, request: Request) -> Response:
        body, now = await asked.json_object(request), self.wall()
        scopes, days = body.get("scopes"), body.get("days")
        if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
            raise ApiError(400, "bad_body", "scopes: a list of texts")
        if days is not None and (not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 3650):
            raise ApiError(400, "bad_body", "days: 1 to 3650, or null")
        sight = sight_of(body.get("sees"))
        ends = None if days is None else int(now) + days * 86_400
        id_, token = await self.tokens.add(asked.field(body, "name"), scopes, ends, asked.who(request, now), sight)
        return json_response({"id": id_, "token": token}, 201)

    async def revoke_token(self, request: Request) -> Response:
        try:
            await self.tokens.revoke(request.path_params["token"], asked.who(request, self.wall()))
        except StoreRefused as refusal:
            raise ApiError(404, "not_found", str(refusal)) from None
        return json_response({"revoked": True})


async def _sheet(request: Request, name: str, columns: Sequence[str], parts: handed.Parts) -> Response:
    kind = request.path_params["kind"]
    if kind not in handed.KINDS:
        raise ApiError(404, "not_found", f"no such sheet: {name}.csv or {name}.xlsx")
    try:
        return await handed.answer(name, kind, columns, parts)
    except BadSheet as error:
        raise ApiError(501, "not_installed", str(error)) from None


def asset_json(row: Asset) -> dict[str, Any]:
    times = {name: moment(getattr(row, name)) for name in ("created_at", "revoked_at", "retired_at")}
    return asdict(row) | times | {"tags": list(row.tags)}


def token_json(row: Token) -> dict[str, Any]:
    times = {name: getattr(row, name) for name in ("created_at", "expires_at", "revoked_at")}
    return {"id": row.id, "name": row.name, "scopes": sorted(row.scopes), "sees": sight_json(row.sight)} | times
