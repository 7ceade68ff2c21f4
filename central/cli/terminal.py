"""`posagent-central terminal add|list|rotate|revoke`."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from central import auth
from central.cli import EXIT_USAGE, CliError, common, emit, say
from central.cli.settings import settings
from central.config import Settings
from central.store.base import Store
from central.store.opening import open_store

HELP = "Register terminals. A credential is shown once: the centre keeps only a digest of it."
EXITS = {0: "done", 1: "not done: taken, unknown, or no database", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = [
    "posagent-central terminal add shop-17-pos-1 --name '人民路店 1 号机' --credential-file ./shop-17-pos-1",
    "posagent-central terminal list --json",
    "posagent-central terminal rotate shop-17-pos-1",
    "posagent-central terminal revoke shop-17-pos-1",
]
_PAGE = 500
_ID_HELP = "1 to 64 letters, digits, '.', '_' or '-'"


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = _action(actions, "add", _add, "register a terminal and make its credential")
    add.add_argument("--name", default="", help="what people call it")
    rotate = _action(actions, "rotate", _rotate, "make a new credential; the old one is refused within two seconds")
    _action(actions, "revoke", _revoke, "refuse its credential, within two seconds; its history stays")
    for one in (add, rotate):
        one.add_argument("--credential-file", metavar="FILE", help="write it here (0600) instead of showing it")
    every = actions.add_parser("list", help="all terminals with their status")
    common(every)
    every.set_defaults(act=_list)


def run(options: argparse.Namespace) -> int:
    chosen = settings(options)
    if "terminal" in options and not auth.TERMINAL_ID.match(options.terminal):
        raise CliError(f"not a terminal id: {options.terminal!r}; {_ID_HELP}", EXIT_USAGE)
    asyncio.run(_with_store(chosen, lambda store: options.act(options, chosen, store)))
    return 0


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    act: Callable[[argparse.Namespace, Settings, Store], Awaitable[None]],
    summary: str,
) -> argparse.ArgumentParser:
    one = actions.add_parser(name, help=summary, description=summary)
    one.add_argument("terminal", metavar="ID", help=_ID_HELP)
    common(one)
    one.set_defaults(act=act)
    return one


async def _with_store(chosen: Settings, act: Callable[[Store], Awaitable[None]]) -> None:
    store = open_store(chosen.storage.database)
    try:
        await act(store)
    finally:
        store.close()


async def _add(options: argparse.Namespace, _chosen: Settings, store: Store) -> None:
    with _NewCredential(options.terminal, options.credential_file) as credential:
        await store.add_terminal(options.terminal, options.name, credential.sha256, int(time.time()))
        credential.keep()
    credential.show(as_json=options.json)


async def _rotate(options: argparse.Namespace, _chosen: Settings, store: Store) -> None:
    with _NewCredential(options.terminal, options.credential_file) as credential:
        await store.rotate(options.terminal, credential.sha256, int(time.time()))
        credential.keep()
    credential.show(as_json=options.json)


async def _revoke(options: argparse.Namespace, _chosen: Settings, store: Store) -> None:
    await store.revoke(options.terminal, int(time.time()))
    if options.json:
        emit({"terminal": options.terminal, "revoked": True})
    else:
        say(f"{options.terminal} is revoked")


async def _list(options: argparse.Namespace, chosen: Settings, store: Store) -> None:
    from central.view import terminal_json, terminal_view

    now, after = time.time(), ""
    while rows := await store.terminals(after=after, limit=_PAGE, revoked=True):
        after = rows[-1].terminal
        for fact in (terminal_json(terminal_view(row, now, chosen.fleet.rules)) for row in rows):
            if options.json:
                emit(fact)
            else:
                state = "revoked" if fact["revoked"] else fact["status"]
                say(f"{fact['terminal']:<24} {state:<8} {fact['last_heard'] or '-':<20} {fact['name']}".rstrip())


class _NewCredential:
    """A secret, and the place it goes to: opened before the database is changed, so that no secret is ever lost."""

    def __init__(self, terminal: str, file: str | None) -> None:
        secret = auth.new_secret()
        self.sha256 = auth.digest(secret)
        self._terminal = terminal
        self._text = f"{terminal}:{secret}"
        self._target = Path(file) if file else None
        self._draft = Path(f"{file}.new") if file else None

    def __enter__(self) -> "_NewCredential":
        if self._draft is not None:
            descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(self._text + "\n")
                file.flush()
                os.fsync(file.fileno())
        return self

    def __exit__(self, *_: object) -> None:
        if self._draft is not None:
            self._draft.unlink(missing_ok=True)

    def keep(self) -> None:
        if self._draft is not None and self._target is not None:
            self._draft.replace(self._target)

    def show(self, *, as_json: bool) -> None:
        if as_json:
            place = {"credential": self._text} if self._target is None else {"credential_file": str(self._target)}
            emit({"terminal": self._terminal} | place)
        elif self._target is None:
            sys.stdout.write(self._text + "\n")
        else:
            say(f"credential of {self._terminal} written to {self._target}")
