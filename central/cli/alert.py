"""`posagent-central alert test|check|log`."""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from central.cli import EXIT_FAILURE, CliError, common, emit, say
from central.cli.settings import settings
from central.config import Settings

HELP = "Alerts: check the rules and channels, send a test message, show what was sent."
EXITS = {0: "done", 1: "not sent, or not valid", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = ["posagent-central alert check", "posagent-central alert test ops", "posagent-central alert log --json"]


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, act, summary in (
        ("check", _check, "read alerts_file and say what is wrong with it"),
        ("test", _test, "send a test message to a channel"),
        ("log", _log, "the newest deliveries, with their errors"),
    ):
        one = actions.add_parser(name, help=summary, description=summary)
        if name == "test":
            one.add_argument("channel", metavar="CHANNEL")
        common(one)
        one.set_defaults(act=act)


def run(options: argparse.Namespace) -> int:
    act: Callable[[argparse.Namespace, Settings], Awaitable[int]] = options.act
    chosen = settings(options)
    if not chosen.alerts.alerts_file:
        raise CliError("no alerts_file is set in section [alerts]", 10)
    return asyncio.run(_as_int(act(options, chosen)))


async def _as_int(work: Awaitable[int]) -> int:
    return await work


async def _check(options: argparse.Namespace, chosen: Settings) -> int:
    from central.alerts.plan import read

    plan = read(Path(chosen.alerts.alerts_file))
    if options.json:
        emit({"channels": [one.name for one in plan.channel], "rules": [one.model_dump() for one in plan.rule]})
        return 0
    for rule in plan.rule:
        say(f"{rule.name}: {', '.join(rule.codes)} from {rule.min_severity} on, to {', '.join(rule.to)}")
    return 0


async def _test(options: argparse.Namespace, chosen: Settings) -> int:
    from central.alerts.desk import Desk
    from central.alerts.plan import read
    from central.store.opening import open_store

    store = open_store(chosen.storage.database)
    try:
        desk = Desk(store, read(Path(chosen.alerts.alerts_file)), chosen.fleet.zone)
        error = await desk.test(options.channel, int(time.time()))
    finally:
        store.close()
    if options.json:
        emit({"channel": options.channel, "sent": error is None, "error": error})
    else:
        say(f"{options.channel}: sent" if error is None else f"{options.channel}: not sent: {error}")
    return 0 if error is None else EXIT_FAILURE


async def _log(options: argparse.Namespace, chosen: Settings) -> int:
    from central.alerts.desk import Desk
    from central.alerts.letters import line
    from central.alerts.plan import Plan
    from central.store.opening import open_store
    from central.view import moment

    store = open_store(chosen.storage.database)
    try:
        rows = await Desk(store, Plan(), chosen.fleet.zone).log(limit=50)
    finally:
        store.close()
    for row in rows:
        text = line(row.letter, "en", chosen.fleet.zone)
        if options.json:
            emit(
                {
                    "at": moment(row.made_at),
                    "channel": row.channel,
                    "state": row.state,
                    "error": row.error,
                    "text": text,
                }
            )
        else:
            say(f"{moment(row.made_at)} {row.channel:<12} {row.state:<8} {text} {row.error or ''}".rstrip())
    return 0
