"""`posagent-central restore`."""

import argparse
from pathlib import Path

from central.cli import common, emit, say
from central.cli.settings import settings

HELP = "Bring a copy made by `backup` back. Stop the centre first."
EXITS = {0: "restored", 1: "not restored; nothing was changed", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = ["posagent-central restore /srv/backup/central-2026-11-20.db --replace"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--replace", action="store_true", help="put the database that is there aside")
    common(parser)


def run(options: argparse.Namespace) -> int:
    from central.store import opening
    from central.store.copying import restore

    database = settings(options).storage.database
    kept = restore(options.file, database, replace=options.replace)
    shown = opening.shown(database)
    if options.json:
        emit({"database": shown, "kept": None if kept is None else str(kept)})
    else:
        say(f"{shown} restored" + (f"; what was there is {kept}" if kept else ""))
    return 0
