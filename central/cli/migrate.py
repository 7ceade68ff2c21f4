"""`posagent-central migrate`."""

import argparse

from central.cli import common, emit, say
from central.cli.settings import settings

HELP = "Bring the database up to date. `serve` does the same when it starts; going back is not possible."
EXITS = {0: "up to date", 1: "not done", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = ["posagent-central migrate --database ./central.db"]


def arguments(parser: argparse.ArgumentParser) -> None:
    common(parser)


def run(options: argparse.Namespace) -> int:
    from central.store import opening

    database = settings(options).storage.database
    applied, shown = opening.migrate(database), opening.shown(database)
    if options.json:
        emit({"database": shown, "applied": applied})
    else:
        say(f"{shown}: {', '.join(applied) if applied else 'up to date'}")
    return 0
