"""`/terminals`: found, filtered, sorted, saved, exported, and asked things in bulk. All that is asked for stands in
the URL, so that a page can be sent to a colleague; he sees of it what he may see.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.wire.kinds import MAX_OPEN
from central import handed
from central.accounts.people import person_of
from central.console import rows, saved
from central.console.frame import link
from central.console.rows import ListRow
from central.console.shared import COUNTED_FOR_S, Console
from central.listing import ENDS, SORTS, STATUSES, Key, Listing, Status, Wanted
from central.orders import new_directive
from central.store.base import StoreRefused

PAGE = 100
CHUNK = 1000
MAX_EXPORT = 100_000
MAX_BULK = 1000
LIFE_S = 7 * 86_400
BULK = ("ask-balance", "run-diag", "send-bundle", "verify-renewal", "cadence")
"""What is asked of many at once: nothing that is about one card, nothing that can lock a terminal out; what is only
asked first.
"""
LONGEST_S = 86_400
"""A terminal is heard once a day at least."""
CHOICES_FOR_S = 60.0
_TEXTS = ("q", "verdict", "merchant", "shop", "region", "operator", "tag", "incident")
_CLOSED = "SELECT terminal FROM watch WHERE state = 'closed' AND terminal IN "
_NUMBER = re.compile(r"\d{1,6}\Z")


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """What a URL asks for; what cannot be meant asks for nothing."""
    texts = {name: query.get(name, "").replace("\0", "")[:100].strip() for name in _TEXTS}
    sort = query.get("sort", "")
    sort = sort if sort in SORTS else "terminal"
    order = query.get("order")
    return Wanted(
        **texts,
        status=next((one for one in STATUSES if one == query.get("status")), None),
        ends=next((one for one in ENDS if one == query.get("ends")), None),
        sort=sort,
        descending=order == "desc" if order in ("asc", "desc") else SORTS[sort][1],
    )


async def rows_of(console: Console, request: Request, names: Sequence[str]) -> list[ListRow]:
    """These terminals as they are now."""
    found = await console.store.named(names)
    assets = await console.registry.named(names)
    places = ", ".join("?" * len(names))
    closed = {row[0] for row in await console.store.read(f"{_CLOSED} ({places})", tuple(names))} if names else set()
    now, today, lang = console.wall(), console.today(request).toordinal(), console.frame.lang(request)
    return [
        rows.list_row(row, assets.get(row.terminal), now, console.rules, today, lang, closed=row.terminal in closed)
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Terminals:
    console: Console

    def routes(self) -> list[Route]:
        page = self.console.page
        return [
            page("/terminals", "see", self.show),
            page("/terminals.{kind}", "see", self.export),
            page("/terminals/bulk", "direct", self.bulk, "POST"),
            page("/terminals/views", "see", self.save_view, "POST"),
        ]

    async def show(self, request: Request) -> Response:
        console, wanted = self.console, wanted_of(request.query_params)
        await console.roster.look()
        listing = console.listing(request)
        filtered = wanted != Wanted(sort=wanted.sort, descending=wanted.descending)
        found, counts = await asyncio.gather(
            listing.page(wanted, after_of(request), PAGE + 1), self._counts(request, listing, wanted, filtered=filtered)
        )
        shown, more = found[:PAGE], len(found) > PAGE
        following = {"after": shown[-1][1].terminal, "after_value": shown[-1][1].value} if more else None
        return console.frame.page(
            request, "terminals.html",
            rows=await rows_of(console, request, [terminal for terminal, _ in shown]),
            wanted=wanted, filtered=filtered, following=following, sorts=SORTS, statuses=STATUSES, ends=ENDS,
            columns=rows.COLUMNS, kinds=BULK, counts=counts,
            choices=await console.counted(request, "choices", lambda: _choices(listing), CHOICES_FOR_S),
            views=await saved.views(console.store, person_of(request).name, "terminals"),
            paged=request.query_params.get("after") is not None,
        )  # fmt: skip

    async def export(self, request: Request) -> Response:
        """Exactly what is seen: the same question, the same order, all of its pages."""
        kind = request.path_params["kind"]
        if kind not in handed.KINDS:
            return self.console.frame.problem(request, 404, "no_such_page")
        await self.console.roster.look()
        return await handed.answer("terminals", kind, rows.EXPORTED, self._exported(request))

    async def _exported(self, request: Request) -> AsyncIterator[list[dict[str, str]]]:
        """Rows as texts, CHUNK at a time."""
        lang, zone = self.console.frame.lang(request), self.console.frame.zone_of(request)
        after, wanted, listing = None, wanted_of(request.query_params), self.console.listing(request)
        for _ in range(MAX_EXPORT // CHUNK):
            found = await listing.page(wanted, after, CHUNK)
            seen = await rows_of(self.console, request, [terminal for terminal, _ in found])
            yield [rows.exported(row, lang, zone) for row in seen]
            if len(found) < CHUNK:
                break
            after = found[-1][1]

    async def bulk(self, request: Request) -> Response:
        """The same directive to each of the chosen ones; those beyond the sight of whoever asks are passed over."""
        form = await request.form()
        kind, back = str(form.get("kind", "")), str(form.get("back", ""))
        if form.get("all"):
            chosen = [
                name for name, _ in await self.console.listing(request).page(wanted_of(_query(back)), None, MAX_BULK)
            ]
        else:
            chosen = list(dict.fromkeys(str(name) for name in form.getlist("terminal")))[:MAX_BULK]
        if kind not in BULK or not chosen:
            return self.console.frame.page(
                request, "problem.html", 400, problem=self.console.frame.word(request, "nothing_chosen")
            )
        body = {"heartbeat_s": cadence_of(str(form.get("heartbeat_s", "")))} if kind == "cadence" else {}
        names = [name for name in chosen if await self.console.sees(request, name)]
        who = self.console.who(request)
        asked = [new_directive(name, kind, body, who.now, LIFE_S, who.name) for name in names]
        refused = 0
        for one in asked:
            try:
                await self.console.store.send_directives([one], MAX_OPEN)
            except StoreRefused:  # too much waits for it already
                refused += 1
        return self.console.frame.done(link("/terminals", _query(back)), "asked_some" if refused else "asked_many")

    async def save_view(self, request: Request) -> Response:
        form = await request.form()
        name, query, gone = (str(form.get(field, "")).strip() for field in ("name", "query", "forget"))
        person = person_of(request).name
        if gone:
            await saved.forget(self.console.store, person, "terminals", gone[:60])
        elif name:
            await saved.save(self.console.store, person, "terminals", name[:60], query[:2000], int(self.console.wall()))
        return self.console.frame.done(link("/terminals", _query(query)), "view_forgotten" if gone else "view_saved")

    async def _counts(self, request: Request, listing: Listing, wanted: Wanted, *, filtered: bool) -> dict[Status, int]:
        name = f"by_status {replace(wanted, status=None, sort='', descending=False)}" if filtered else "by_status"
        count = partial(listing.by_status, wanted) if filtered else listing.by_status
        return await self.console.counted(request, name, count, COUNTED_FOR_S)


async def _choices(listing: Listing) -> dict[str, list[str]]:
    return {name: await listing.choices(name) for name in ("verdict", "merchant", "region", "operator")}


def after_of(request: Request) -> Key | None:
    terminal = request.query_params.get("after")
    if terminal is None:
        return None
    return Key(request.query_params.get("after_value", "")[:300].replace("\0", ""), terminal[:64].replace("\0", ""))


def _query(text: str) -> dict[str, str]:
    """A query string as somebody's browser gave it back, only its known keys."""
    known = {*_TEXTS, "status", "ends", "sort", "order"}
    return {key: value[:100] for key, value in parse_qsl(text[:4000]) if key in known}


def cadence_of(text: str) -> int:
    """Seconds between heartbeats. Raises StoreRefused."""
    if not (_NUMBER.match(text.strip()) and int(text) <= LONGEST_S):
        raise StoreRefused(f"heartbeat_s: a number of seconds, 0 to {LONGEST_S}")
    return int(text)
