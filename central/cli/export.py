"""`posagent-central export`."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from central.cli import EXIT_USAGE, CliError, common, emit, say
from central.cli.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.handed import Parts

HELP = "Write where all terminals stand, with their cards, or all cards as a sheet; `import` takes it back."
EXITS = {
    0: "done",
    1: "not done: no database, or the file cannot be written",
    2: "wrong usage",
    10: "configuration not valid",
}
EXAMPLES = [
    "posagent-central export terminals.xlsx",
    "posagent-central export - > terminals.csv",
    "posagent-central export cards.xlsx --cards",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="ends in .csv or .xlsx; - for CSV on standard output")
    parser.add_argument("--cards", action="store_true", help="cards instead of terminals")
    common(parser)


def run(options: argparse.Namespace) -> int:
    from central.registry import CARD_SHEET, SHEET, Registry
    from central.store.opening import open_store

    _kind(options.file)
    what = "cards" if options.cards else "terminals"
    store = open_store(settings(options).storage.database)
    try:
        registry = Registry(store)
        columns, parts = (CARD_SHEET, registry.card_sheet()) if options.cards else (SHEET, registry.sheet())
        count = asyncio.run(write_sheet(options.file, columns, parts))
    finally:
        store.close()
    if options.file == "-":
        return 0
    if options.json:
        emit({"file": options.file, what: count})
    else:
        say(f"{count} {what} in {options.file}")
    return 0


async def write_sheet(file: str, columns: "Sequence[str]", parts: "Parts") -> int:
    """To a file by its ending, or as CSV to standard output for "-"; how many rows. Raises CliError, OSError."""
    from central import handed, sheets

    kind = _kind(file)
    try:
        if file == "-":
            return await handed.write(sys.stdout.buffer, kind, columns, parts)
        with Path(file).open("wb") as out:
            return await handed.write(out, kind, columns, parts)
    except sheets.BadSheet as error:
        raise CliError(str(error)) from None


def _kind(file: str) -> str:
    """Raises CliError."""
    kind = "csv" if file == "-" else Path(file).suffix.lower().lstrip(".")
    if kind not in ("csv", "xlsx"):
        raise CliError(f"{file}: the name ends in .csv or .xlsx", EXIT_USAGE)
    return kind
