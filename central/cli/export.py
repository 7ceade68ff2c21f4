"""`posagent-central export`."""

import argparse
import asyncio
import sys
from pathlib import Path

from central.cli import EXIT_USAGE, CliError, common, emit, say
from central.cli.settings import settings

HELP = "Write where all terminals stand, with their cards, as a sheet; `import` takes it back."
EXITS = {
    0: "done",
    1: "not done: no database, or the file cannot be written",
    2: "wrong usage",
    10: "configuration not valid",
}
EXAMPLES = ["posagent-central export terminals.xlsx", "posagent-central export - > terminals.csv"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="ends in .csv or .xlsx; - for CSV on standard output")
    common(parser)


def run(options: argparse.Namespace) -> int:
    from central import sheets
    from central.registry import SHEET, Registry, sheet_row
    from central.store.opening import open_store

    kind = "csv" if options.file == "-" else Path(options.file).suffix.lower().lstrip(".")
    if kind not in ("csv", "xlsx"):
        raise CliError(f"{options.file}: the name ends in .csv or .xlsx", EXIT_USAGE)
    store = open_store(settings(options).storage.database)
    try:
        rows = [sheet_row(row) for row in asyncio.run(Registry(store).all_assets())]
    finally:
        store.close()
    try:
        content = (sheets.write_csv if kind == "csv" else sheets.write_xlsx)(SHEET, rows)
    except sheets.BadSheet as error:
        raise CliError(str(error)) from None
    if options.file == "-":
        sys.stdout.buffer.write(content)
        return 0
    Path(options.file).write_bytes(content)
    if options.json:
        emit({"file": options.file, "terminals": len(rows)})
    else:
        say(f"{len(rows)} terminals in {options.file}")
    return 0
