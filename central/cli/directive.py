"""`posagent-central directive send|list|withdraw`."""

import argparse
import asyncio
import getpass
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from agent.wire.kinds import KINDS, MAX_OPEN
from central.api.directives import directive_json
from central.bundle import bundle
from central.cli import EXIT_USAGE, CliError, common, emit, say
from central.cli.enroll_code import seconds
from central.cli.settings import settings
from central.orders import new_directive
from central.store.base import DirectiveRow, Store
from central.store.opening import open_store

HELP = "Ask something of terminals. It goes along with the answer to their next report, until they acknowledge it."
EXITS = {0: "done", 1: "not done: not known, no such directive", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = [
    "posagent-central directive send shop-17-pos-1 run-diag",
    "posagent-central directive send shop-17-pos-1 plan-facts facts.json --expires 3d",
    """echo '{"heartbeat_s": 300}' | posagent-central directive send shop-17-pos-1 cadence -""",
    "posagent-central directive list shop-17-pos-1 --json",
]
_MAX_BODY = 16 * 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    send = _action(actions, "send", _send, "ask for something")
    send.add_argument("kind", choices=KINDS, metavar="KIND", help=f"one of {', '.join(KINDS)}")
    send.add_argument("body", nargs="?", metavar="FILE", help="its JSON body, - = standard input (docs/directives.md)")
    send.add_argument("--expires", default="7d", metavar="TIME", help="30m, 12h, 7d (the default), at most 30d")
    _action(actions, "list", _list, "what was asked, newest first, and what became of it")
    fetch = _action(actions, "fetch", _fetch, "the bundle that send-bundle brought, as a file")
    fetch.add_argument("directive", metavar="DIRECTIVE", help="its id")
    fetch.add_argument("file", metavar="FILE", type=Path, help="a new file, .tar.gz")
    withdraw = _action(actions, "withdraw", _withdraw, "ask no more")
    withdraw.add_argument("directive", metavar="DIRECTIVE", help="its id")


def run(options: argparse.Namespace) -> int:
    store = open_store(settings(options).storage.database)
    try:
        asyncio.run(options.act(options, store))
    finally:
        store.close()
    return 0


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    act: Callable[[argparse.Namespace, Store], Awaitable[None]],
    summary: str,
) -> argparse.ArgumentParser:
    one = actions.add_parser(name, help=summary, description=summary)
    one.add_argument("terminal", metavar="ID", help="the terminal")
    common(one)
    one.set_defaults(act=act)
    return one


async def _send(options: argparse.Namespace, store: Store) -> None:
    now = int(time.time())
    body = _body(options.body)
    row = new_directive(options.terminal, options.kind, body, now, seconds(options.expires), _who())
    await store.send_directives([row], MAX_OPEN)
    _tell(row, as_json=options.json)


async def _list(options: argparse.Namespace, store: Store) -> None:
    for row in await store.directives(options.terminal):
        _tell(row, as_json=options.json)


async def _fetch(options: argparse.Namespace, store: Store) -> None:
    data = await bundle(store, options.terminal, options.directive)
    with options.file.open("xb") as file:
        file.write(data)
    if options.json:
        emit({"file": str(options.file), "bytes": len(data)})
    else:
        say(f"{len(data)} bytes written to {options.file}")


async def _withdraw(options: argparse.Namespace, store: Store) -> None:
    if not await store.withdraw_directive(options.terminal, options.directive, int(time.time())):
        raise CliError("no such directive waits")
    if options.json:
        emit({"terminal": options.terminal, "id": options.directive, "withdrawn": True})


def _tell(row: DirectiveRow, *, as_json: bool) -> None:
    fact = directive_json(row, time.time())
    if as_json:
        emit(fact)
    else:
        became = row.outcome or fact["state"]
        say(f"{row.id}  {row.kind:<18} {fact['sent_at']}  {became}  {row.detail or ''}".rstrip())


def _body(name: str | None) -> object:
    if name is None:
        return {}
    try:
        if name == "-":
            return json.loads(sys.stdin.read(_MAX_BODY))
        with open(name, encoding="utf-8") as file:  # noqa: PTH123 - a name of the command line, as it is
            return json.loads(file.read(_MAX_BODY))
    except (ValueError, RecursionError) as error:
        raise CliError(f"{name}: not JSON: {error}", EXIT_USAGE) from None


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
