"""`posagent-central enroll-code`."""

import argparse
import asyncio
import re
import time
from datetime import UTC, datetime

from central import auth
from central.cli import EXIT_USAGE, CliError, common, emit, say
from central.cli.settings import settings
from central.enrolment import MAX_COUNT, MAX_LIFE_S, new_codes
from central.store.base import EnrolCode, Store
from central.store.opening import open_store

HELP = "Make codes with which terminals get their own credential, once each: `posagent enroll URL` asks for one."
EXITS = {0: "done", 1: "not done: no database", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = [
    "posagent-central enroll-code --terminal shop-17-pos-1 --expires 2d",
    "posagent-central enroll-code --new --count 20 --json",
    "posagent-central enroll-code --list",
]
_UNITS = {"m": 60, "h": 3600, "d": 86_400}


def arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--terminal", metavar="ID", help="for this one, new or known; a known one gets a new secret")
    which.add_argument(
        "--new", action="store_true", help="each for a new terminal: with the id it asks for, or a drawn one"
    )
    which.add_argument(
        "--list", action="store_true", help="codes that have not expired: whose, until when, used by whom"
    )
    which.add_argument("--withdraw", metavar="ID", help="the codes for this terminal are good no more")
    parser.add_argument("--name", default="", help="what people call the terminal")
    parser.add_argument("--expires", default="7d", metavar="TIME", help="30m, 12h, 7d (the default), at most 90d")
    parser.add_argument("--count", type=int, default=1, metavar="N", help=f"so many, with --new (at most {MAX_COUNT})")
    common(parser)


def run(options: argparse.Namespace) -> int:
    if options.terminal is not None and not auth.TERMINAL_ID.match(options.terminal):
        raise CliError(f"not a terminal id: {options.terminal!r}", EXIT_USAGE)
    if not 1 <= options.count <= (MAX_COUNT if options.new else 1):
        raise CliError(f"--count: 1 to {MAX_COUNT}, and more than 1 only with --new", EXIT_USAGE)
    life_s = seconds(options.expires)
    store = open_store(settings(options).storage.database)
    try:
        asyncio.run(_act(options, store, life_s))
    finally:
        store.close()
    return 0


def seconds(text: str) -> int:
    """Raises CliError."""
    found = re.fullmatch(r"(\d{1,6})([mhd])", text)
    life = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 60 <= life <= MAX_LIFE_S:
        raise CliError(f"--expires: 1m to 90d, found {text!r}", EXIT_USAGE)
    return life


async def _act(options: argparse.Namespace, store: Store, life_s: int) -> None:
    if options.list:
        for code in await store.enrol_codes(int(time.time())):
            _tell(code, as_json=options.json)
    elif options.withdraw is not None:
        gone = await store.withdraw_enrol_codes(options.withdraw)
        if options.json:
            emit({"terminal": options.withdraw, "withdrawn": gone})
        else:
            say(f"{gone} withdrawn")
    else:
        for made in await new_codes(
            store, options.terminal or "", options.name, int(time.time()), life_s, options.count
        ):
            if options.json:
                emit({"code": made.shown, "terminal": options.terminal, "expires_at": _utc(made.kept.expires_at)})
            else:
                say(made.shown)


def _tell(code: EnrolCode, *, as_json: bool) -> None:
    fact = {
        "code": f"{code.id}-…",
        "terminal": code.terminal or None,
        "name": code.name,
        "expires_at": _utc(code.expires_at),
        "attempts": code.attempts,
        "used_by": code.used_by,
    }
    if as_json:
        emit(fact)
    else:
        used = f"used by {code.used_by}" if code.used_by else f"{code.attempts} attempts"
        say(f"{code.id}-…  {code.terminal or '(new)':<24} until {fact['expires_at']}  {used}")


def _utc(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
