"""Carriers' platforms as JSON: how it goes with each, what is known of a card, and what may be done to one."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from central import binding, sheets
from central.api import asked
from central.api.facts import ApiError, json_response
from central.console import history
from central.platforms import hand
from central.platforms.acts import Acts, Done
from central.platforms.base import Act, PlatformError
from central.platforms.book import Account, Book, Facts
from central.platforms.check import card_of, check
from central.platforms.opening import Opened
from central.platforms.ranking import Word, best
from central.platforms.telling import facts_of
from central.registry import Card, Registry
from central.sheets import BadSheet
from central.view import moment

_ON_RECORD = ("expires_on",)


@dataclass(frozen=True, slots=True)
class PlatformsApi:
    book: Book
    open: Sequence[Opened]
    wall: Callable[[], float]

    async def accounts(self, request: Request) -> Response:
        if not asked.sight(request).everything:
            raise ApiError(403, "forbidden", "these are the figures of the whole centre")
        known = await self.book.accounts()
        names = sorted({*known, *(one.name for one in self.open)})
        polled = {one.name: one for one in self.open}
        told = [account_json(known.get(name, Account(name)), polled.get(name)) for name in names]
        return json_response({"platforms": told})

    async def facts(self, request: Request) -> Response:
        """Every word with its age, newest of each source, and per fact the one to go by."""
        card = await self._card(request)
        known = await self.book.card(card.iccid, asked.sight(request))
        words, now = await words_of(self.book, card, known), self.wall()
        chosen = best(words)
        acts = await Acts(self.book, self.open).of_card(card.iccid)
        return json_response({
            "iccid": card.iccid, "account": card.account, "state": known.state if known else None,
            "reasons": list(known.reasons) if known else [], "error": (known.error or None) if known else None,
            "asked_at": moment(known.asked_at) if known else None, "next_at": moment(known.next_at) if known else None,
            "facts": [word_json(word, now) | {"chosen": chosen[word.fact] == word} for word in words],
            "acts": [act_json(one) for one in acts],
        })  # fmt: skip

    async def check(self, request: Request) -> Response:
        """One card asked about, now."""
        body = await asked.json_object(request)
        if not asked.sight(request).everything:
            raise ApiError(403, "forbidden", "these are the accounts of the whole centre")
        account = next((one for one in self.open if one.name == request.path_params["account"]), None)
        if account is None:
            raise ApiError(404, "not_found", "no platform is asked for this account")
        card = await card_of(self.book, account.name, asked.field(body, "iccid", ""))
        try:
            return json_response(await check(account, card))
        except PlatformError as error:
            raise ApiError(502, "platform", f"{type(error).__name__}: {error}") from None

    async def warnings(self, request: Request) -> Response:
        """Why the card may not work in that terminal."""
        wanted = {request.path_params["iccid"]: asked.text(request, "terminal")}
        found = await binding.warnings(self.book.store, wanted, asked.sight(request))
        return json_response({"warnings": [{"sign": one.sign, "terminal": one.terminal or None} for one in found]})

    async def suspend(self, request: Request) -> Response:
        return await self._act(request, "suspend")

    async def resume(self, request: Request) -> Response:
        return await self._act(request, "resume")

    async def order(self, request: Request) -> Response:
        return await self._act(request, "order")

    async def bring_in(self, request: Request) -> Response:
        account = asked.text(request, "account")
        if not account:
            raise ApiError(400, "bad_query", "account: as the cards have it")
        try:
            rows = await asked.sheet(await asked.content(request, sheets.MAX_BYTES))
        except BadSheet as error:
            raise ApiError(400, "bad_sheet", str(error)) from None
        only_check = request.query_params.get("check") == "1"
        taken = await hand.bring_in(
            self.book, account, rows, asked.who(request, self.wall()), only_check=only_check
        )  # fmt: skip
        return json_response(asdict(taken), 400 if taken.errors else 200)

    async def _act(self, request: Request, act: Act) -> Response:
        body = await asked.json_object(request)
        who, key = asked.who(request, self.wall()), asked.field(body, "key")
        product = asked.field(body, "product") if act == "order" else ""
        done = await Acts(self.book, self.open).act(request.path_params["iccid"], act, who, key, product)
        return json_response(act_json(done))

    async def _card(self, request: Request) -> Card:
        found = await Registry(self.book.store).card(request.path_params["iccid"], asked.sight(request))
        if found is None:
            raise ApiError(404, "not_found", "no such card")
        return found


async def words_of(book: Book, card: Card, known: Facts | None) -> list[Word]:
    """What is said of a card, newest of each source: by its platform, on record, by its terminal."""
    return [*_of_platform(known), *_on_record(card), *await _of_terminal(book, card)]


async def _of_terminal(book: Book, card: Card) -> list[Word]:
    """What its terminal said last of each fact; what it only has from us is no word of its own."""
    if card.terminal is None:
        return []
    told = history.facts(await history.changes_of(book.store, card.terminal, "plan_fact", 300))
    return [Word(one.fact, one.value, one.source, one.at) for one in told if one.source != "centre"]


def account_json(account: Account, polled: Opened | None) -> dict[str, Any]:
    times = {name: moment(getattr(account, name) or None) for name in ("oldest", "pause_until", "good_at", "error_at")}
    limits = None if polled is None else polled.line.budget
    return asdict(account) | times | {
        "polled": polled is not None, "may_act": polled is not None and polled.may_act, "error": account.error or None,
        "every_hours": None if polled is None else polled.every_hours,
        "calls_per_second": None if limits is None else limits.calls_per_second,
        "calls_per_day": None if limits is None else limits.calls_per_day,
    }  # fmt: skip


def word_json(word: Word, now: float) -> dict[str, Any]:
    age = word.age_days(now)
    return asdict(word) | {
        "at": moment(word.at), "age_days": None if age is None else round(age, 1), "stale": word.is_stale(now),
    }  # fmt: skip


def act_json(done: Done) -> dict[str, Any]:
    return asdict(done) | {"at": moment(done.at), "product": done.product or None, "detail": done.detail or None}


def _of_platform(known: Facts | None) -> list[Word]:
    if known is None or known.asked_at is None:
        return []
    ends_at = known.end_asked_at if known.end_asked_at is not None else known.asked_at
    facts = facts_of(known) | ({"state": known.state} if known.state else {})
    return [Word(name, value, "platform", ends_at if name == "expires_on" else known.asked_at)
            for name, value in facts.items()]  # fmt: skip


def _on_record(card: Card) -> list[Word]:
    return [Word(name, value, "record", None) for name in _ON_RECORD if (value := getattr(card, name))]
