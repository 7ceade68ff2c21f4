"""`posagent-central platform list|check|poll|import`."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from central.cli import EXIT_FAILURE, EXIT_OK, EXIT_USAGE, CliError, common, emit, people, say
from central.cli.settings import settings
from central.config import Settings

if TYPE_CHECKING:
    from central.platforms.book import Account, Book
    from central.platforms.opening import Opened

HELP = "Carriers' platforms: who is asked about which cards, and how it goes (docs/platforms.md)."
EXITS = {
    0: "done",
    1: "not done: a platform refused, an error in the sheet, or no database",
    2: "wrong usage",
    10: "configuration not valid",
}
EXAMPLES = [
    "posagent-central platform list",
    "posagent-central platform check mobile-main --iccid 89860012345678901234",
    "posagent-central platform poll mobile-main",
    "posagent-central platform import unicom-portal export.xlsx --check",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    every = actions.add_parser("list", help="accounts, their cards, what went wrong last")
    every.set_defaults(act=_list)
    check = actions.add_parser("check", help="ask about one card and show what the platform says; nothing is kept")
    check.add_argument("account", metavar="ACCOUNT", help="as [platforms.ACCOUNT] has it")
    check.add_argument("--iccid", metavar="ICCID", help="default: one of the account's cards")
    check.set_defaults(act=_check)
    poll = actions.add_parser("poll", help="ask about the cards whose turn it is, once, within the account's limits")
    poll.add_argument("account", metavar="ACCOUNT", help="as [platforms.ACCOUNT] has it")
    poll.set_defaults(act=_poll)
    bring = actions.add_parser("import", help="what a carrier's portal exports: CSV or XLSX")
    bring.add_argument("account", metavar="ACCOUNT", help="as the cards have it")
    bring.add_argument("file", metavar="FILE", help="a sheet with a column iccid; - for standard input")
    bring.add_argument("--check", action="store_true", help="only look, change nothing")
    bring.set_defaults(act=_bring_in)
    for one in (every, check, poll, bring):
        common(one)


def run(options: argparse.Namespace) -> int:
    from central.platforms.book import Book
    from central.store.opening import open_store

    act: Callable[[argparse.Namespace, Settings, Book], Awaitable[int]] = options.act
    chosen = settings(options)
    store = open_store(chosen.storage.database)

    async def work() -> int:
        return await act(options, chosen, Book(store))

    try:
        return asyncio.run(work())
    finally:
        store.close()


async def _list(options: argparse.Namespace, chosen: Settings, book: "Book") -> int:
    known = await book.accounts()
    for name in sorted({*known, *chosen.platforms}):
        given, account = chosen.platforms.get(name), known.get(name)
        shown = _shown(name, given.kind if given else None, account)
        if options.json:
            emit(shown)
        else:
            error = f"  {shown['error']}" if shown["error"] else ""
            say(f"{name:<24} {shown['kind'] or '-':<12} {shown['asked']:>6}/{shown['cards']:<6}{error}")
    return EXIT_OK


def _shown(name: str, kind: str | None, account: "Account | None") -> dict[str, Any]:
    counted = ("cards", "asked", "in_error", "calls", "errors", "throttled", "pause_until", "good_at", "error")
    return {"platform": name, "kind": kind} | {one: getattr(account, one) if account else 0 for one in counted}


async def _check(options: argparse.Namespace, chosen: Settings, book: "Book") -> int:
    from central.platforms.base import PlatformError
    from central.platforms.check import ask_about, card_of
    from central.registry import BadValue

    account = _opened(chosen, options.account)
    try:
        card = await card_of(book, account.name, options.iccid or "")
        said = await asyncio.to_thread(ask_about, account, card)
    except BadValue as missing:
        raise CliError(f"{missing} with --iccid") from None
    except PlatformError as error:
        raise CliError(f"platform {account.name}: {type(error).__name__}: {error}") from None
    if options.json:
        emit(said)
    else:
        for name, value in said.items():
            say(f"{name}: {value}")
    return EXIT_OK if said["known"] else EXIT_FAILURE


async def _poll(options: argparse.Namespace, chosen: Settings, book: "Book") -> int:
    from central.platforms.poll import Poller

    account, done = _opened(chosen, options.account), 0
    poller = Poller(book, [account])
    try:
        while asked := await poller.step(account):
            done += asked
    finally:
        await poller.stop()
    state = (await book.accounts()).get(account.name)
    error = state.error if state else ""
    if options.json:
        emit({"platform": account.name, "asked": done, "error": error or None})
    else:
        say(f"{done} cards asked about" + (f"; then: {error}" if error else ""))
    return EXIT_FAILURE if error else EXIT_OK


async def _bring_in(options: argparse.Namespace, _chosen: Settings, book: "Book") -> int:
    from dataclasses import asdict

    from central import sheets
    from central.cli.import_ import content
    from central.platforms import hand

    try:
        rows = sheets.read(content(options.file, sheets.MAX_BYTES))
    except sheets.BadSheet as error:
        raise CliError(f"{options.file}: {error}") from None
    taken = await hand.bring_in(book, options.account, rows, people.acting(), only_check=options.check)
    if options.json:
        emit(asdict(taken))
    else:
        for line in [*taken.errors, *(f"not on record: {iccid}" for iccid in taken.unknown)]:
            say(line)
        said = "nothing was changed" if taken.errors or options.check else f"{taken.told} terminals get to know"
        say(f"{taken.cards} cards: {said}")
    return EXIT_FAILURE if taken.errors else EXIT_OK


def _opened(chosen: Settings, name: str) -> "Opened":
    from central.platforms.opening import opened

    found = next((one for one in opened(chosen) if one.name == name), None)
    if found is None:
        raise CliError(f"no section [platforms.{name}] that can be asked", EXIT_USAGE)
    return found
