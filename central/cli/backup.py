"""`posagent-central backup`."""

import argparse
from pathlib import Path

from central.cli import common, emit, say
from central.cli.settings import settings

HELP = "Copy the database into FILE while it is in use. The copy is checked before it gets its name (mode 0600)."
EXITS = {0: "copied", 1: "not copied", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = ["posagent-central backup /srv/backup/central-$(date +%F).db"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)
    common(parser)


def run(options: argparse.Namespace) -> int:
    from central.store.copying import backup

    backup(settings(options).storage.database, options.file)
    size = options.file.stat().st_size
    if options.json:
        emit({"file": str(options.file), "bytes": size})
    else:
        say(f"{options.file}: {size} bytes")
    return 0
