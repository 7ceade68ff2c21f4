"""`posagent-central import`."""

import argparse
import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

from central.cli import EXIT_FAILURE, EXIT_OK, CliError, common, emit, people, say
from central.cli.settings import settings

HELP = """Bring in where terminals stand, or the cards, from a sheet (CSV or XLSX): all its rows, or none when one has
an error."""
EXITS = {
    0: "done",
    1: "not done: an error in the sheet, or no database",
    2: "wrong usage",
    10: "configuration not valid",
}
EXAMPLES = [
    "posagent-central import terminals.xlsx --check",
    "posagent-central import - < terminals.csv",
    "posagent-central import cards.xlsx --cards",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a sheet as `export` writes it; - for standard input")
    parser.add_argument("--cards", action="store_true", help="cards instead of terminals")
    parser.add_argument("--check", action="store_true", help="only look, change nothing")
    common(parser)


def run(options: argparse.Namespace) -> int:
    from central import sheets
    from central.registry import Registry
    from central.store.opening import open_store

    try:
        rows = sheets.read(content(options.file, sheets.MAX_BYTES))
    except sheets.BadSheet as error:
        raise CliError(f"{options.file}: {error}") from None
    store = open_store(settings(options).storage.database)
    try:
        registry = Registry(store)
        bring_in = registry.bring_in_cards if options.cards else registry.bring_in
        done = asyncio.run(bring_in(rows, people.acting(), only_check=options.check))
    finally:
        store.close()
    if options.json:
        emit(asdict(done))
    else:
        for line in done.errors:
            say(line)
        said = "nothing was changed" if done.errors or options.check else "done"
        say(f"{done.created} new, {done.changed} changed, {done.same} as they were: {said}")
    return EXIT_FAILURE if done.errors else EXIT_OK


def content(file: str, most: int) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(most + 1)
    with Path(file).open("rb") as opened:
        return opened.read(most + 1)
