"""`/terminals/{id}/edit`: where a terminal stands, whom to call, when the shop is open, which card belongs in."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import binding
from central.accounts.people import person_of
from central.binding import Bound
from central.console import hours_words
from central.console.shared import Console
from central.console.signin import text_of
from central.hours import BadHours
from central.registry import Asset
from central.store.base import StoreRefused

OF_SHOP = ("merchant", "region", "address", "contact")
"""What the terminals of a shop have in common."""
FIELDS = ("name", "merchant", "shop", "region", "address", "contact", "tags", "imei", "note")
MOST_OF_SHOP = 500


@dataclass(frozen=True, slots=True)
class TerminalEdit:
    console: Console

    def routes(self) -> list[Route]:
        page, base = self.console.page, "/terminals/{terminal}"
        return [
            page(f"{base}/edit", "fleet", self.show),
            page(f"{base}/edit", "fleet", self.describe, "POST"),
            page(f"{base}/hours", "fleet", self.set_hours, "POST"),
            page(f"{base}/card", "fleet", self.place_card, "POST"),
        ]

    async def show(self, request: Request) -> Response:
        return await self._page(request)

    async def describe(self, request: Request) -> Response:
        """All fields of one terminal; those of its shop for its neighbours too, if that is wanted."""
        name, form = request.path_params["terminal"], await request.form()
        fields = {field: text_of(form, field).strip() for field in FIELDS}
        who = self.console.who(request)
        try:
            was = await self._asset(request)
            neighbours = await self._neighbours(request, was) if was and text_of(form, "whole_shop") else []
            await self.console.registry.describe(name, fields, who)
            for one in neighbours:
                await self.console.registry.describe(one.terminal, {field: fields[field] for field in OF_SHOP}, who)
        except StoreRefused as refusal:
            return await self._page(request, "place", str(refusal))
        return self.console.frame.done(f"/terminals/{name}/edit", "saved")

    async def set_hours(self, request: Request) -> Response:
        """By hand; empty goes back to what was learned."""
        name, form = request.path_params["terminal"], await request.form()
        text = hours_words.read(text_of(form, "hours"))
        try:
            was = await self._asset(request)
            if was is None:
                return self.console.frame.problem(request, 404, "not_found")
            names = (
                [one.terminal for one in await self._neighbours(request, was)] if text_of(form, "whole_shop") else []
            )
            for one in (name, *names):
                await self.console.watch.set_hours(one, text or None, self.console.who(request))
        except (BadHours, StoreRefused) as refusal:
            return await self._page(request, "hours", str(refusal))
        return self.console.frame.done(f"/terminals/{name}/edit", "saved")

    async def place_card(self, request: Request) -> Response:
        """Said first where the card may be bound to another machine; done when somebody is sure."""
        name, form = request.path_params["terminal"], await request.form()
        iccid, who = text_of(form, "iccid").strip()[:22], self.console.who(request)
        try:
            if await self._asset(request) is None:
                return self.console.frame.problem(request, 404, "not_found")
            card = await self.console.registry.card(iccid, who.sight)
            moves = card is not None and card.terminal != name
            doubts = await binding.warnings(self.console.store, {iccid: name}, who.sight) if moves else []
            if doubts and not text_of(form, "sure"):
                return await self._page(request, doubts=doubts, iccid=iccid)
            await self.console.registry.place(iccid, name, who)
        except StoreRefused as refusal:
            return await self._page(request, "card", str(refusal), iccid=iccid)
        return self.console.frame.done(f"/terminals/{name}/edit", "saved")

    async def _page(
        self, request: Request, where: str = "", problem: str = "", doubts: Sequence[Bound] = (), iccid: str = ""
    ) -> Response:
        asset = await self._asset(request)
        if asset is None:
            return self.console.frame.problem(request, 404, "not_found")
        week, by_hand = await self.console.watch.hours_of(asset.terminal)
        neighbours, lang = await self._neighbours(request, asset), self.console.frame.lang(request)
        values = {
            "place": asset, "hours": hours_words.shown(week, lang) if week else "", "by_hand": by_hand,
            "example": hours_words.EXAMPLE[lang], "neighbours": len(neighbours), "where": where, "problem": problem,
            "doubts": doubts, "iccid": iccid or asset.iccid or "",
        }  # fmt: skip
        return self.console.frame.page(request, "terminal_edit.html", 400 if problem else 200, **values)

    async def _asset(self, request: Request) -> Asset | None:
        return await self.console.registry.asset(request.path_params["terminal"], person_of(request).sight)

    async def _neighbours(self, request: Request, asset: Asset) -> list[Asset]:
        """The other terminals of its shop."""
        if not asset.shop:
            return []
        found = await self.console.registry.assets(
            merchant=asset.merchant, shop=asset.shop, limit=MOST_OF_SHOP, sight=person_of(request).sight
        )
        return [one for one in found if one.terminal != asset.terminal]
