"""`posagent-central retention`."""

import argparse
import asyncio
import time
from dataclasses import asdict

from central.cli import emit, say
from central.cli import settings as setting_flags
from central.config import Settings
from central.retention import Keep, Thinned

HELP = "Thin out old history now, as section [history] says. `serve` does the same once an hour."
EXITS = {0: "done", 1: "not done", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = ["posagent-central retention", "posagent-central retention --raw-days 14 --json"]


def arguments(parser: argparse.ArgumentParser) -> None:
    setting_flags.arguments(parser)


def run(options: argparse.Namespace) -> int:
    done = asyncio.run(_thin(setting_flags.settings(options)))
    if options.json:
        emit({name: count for name, count in asdict(done).items() if name != "after"})  # a whole pass has no rest
    else:
        say(
            f"reports summed up: {done.reports}, hours: {done.hours}; dropped: days {done.days}, changes {done.changes}"
        )
    return 0


async def _thin(chosen: Settings) -> Thinned:
    from central.retention import thin
    from central.store.opening import open_store

    store = open_store(chosen.storage.database)
    try:
        return await thin(store, keep_of(chosen), int(time.time()))
    finally:
        store.close()


def keep_of(chosen: Settings) -> Keep:
    history = chosen.history
    return Keep(history.raw_days, history.hourly_days, history.daily_days)
