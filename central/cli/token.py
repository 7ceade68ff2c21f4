"""`posagent-central token add|list|revoke`."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable

from central.accounts.tokens import SCOPES, Token, Tokens
from central.cli import common, emit, people, say
from central.cli.settings import settings
from central.store.opening import open_store
from central.view import moment

HELP = "Tokens for programs that use the API. A token is shown once: the centre keeps only a digest of it."
EXITS = {0: "done", 1: "not done: unknown, or no database", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = [
    "posagent-central token add erp --scope read --days 365",
    "posagent-central token add prometheus --scope read",
    "posagent-central token list",
    "posagent-central token revoke 0123456789abcdef",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", help="a new one", description="A new token, shown this once.")
    add.add_argument("name", metavar="NAME", help="what people call it")
    add.add_argument("--scope", action="append", required=True, choices=SCOPES, help="what it may; several are allowed")
    add.add_argument("--days", type=int, metavar="N", help="good for so long (default: until it is revoked)")
    people.sight_arguments(add)
    every = actions.add_parser("list", help="all of them, without what would let one in")
    revoke = actions.add_parser("revoke", help="refuse it, within five seconds")
    revoke.add_argument("token", metavar="ID", help="as the list shows it")
    for one, act in ((add, _add), (every, _list), (revoke, _revoke)):
        common(one)
        one.set_defaults(act=act)


def run(options: argparse.Namespace) -> int:
    store = open_store(settings(options).storage.database)
    try:
        asyncio.run(_as_none(options.act(options, Tokens(store, time.monotonic))))
    finally:
        store.close()
    return 0


async def _as_none(work: Awaitable[None]) -> None:
    await work


async def _add(options: argparse.Namespace, tokens: Tokens) -> None:
    who = people.acting()
    ends = None if options.days is None else who.now + options.days * 86_400
    id_, token = await tokens.add(options.name, options.scope, ends, who, people.sight(options))
    if options.json:
        emit({"id": id_, "token": token})
    else:
        sys.stdout.write(token + "\n")


async def _list(options: argparse.Namespace, tokens: Tokens) -> None:
    for token in await tokens.list():
        if options.json:
            emit(_json(token))
            continue
        scopes, state = " ".join(sorted(token.scopes)), "revoked" if token.revoked_at is not None else "good"
        end = f"until {moment(token.expires_at)}" if token.expires_at is not None else "without end"
        say(f"{token.id}  {token.name:<20} {state:<8} {end:<27} {scopes}; sees {token.sight.in_words()}")


async def _revoke(options: argparse.Namespace, tokens: Tokens) -> None:
    await tokens.revoke(options.token, people.acting())
    if options.json:
        emit({"id": options.token, "revoked": True})
    else:
        say(f"{options.token} is revoked")


def _json(token: Token) -> dict[str, object]:
    return {
        "id": token.id, "name": token.name, "scopes": sorted(token.scopes), "sees": token.sight.in_words(),
        "created_at": moment(token.created_at), "expires_at": moment(token.expires_at),
        "revoked_at": moment(token.revoked_at),
    }  # fmt: skip
