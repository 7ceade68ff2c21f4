"""`posagent-central renewals list|dead|export`."""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from central.cli import EXIT_USAGE, CliError, common, emit, say
from central.cli.export import write_sheet
from central.cli.settings import settings

if TYPE_CHECKING:
    from central.renewals.office import Office

HELP = "The renewal desk from a terminal: what is due, what was paid and does not work, orders as sheets."
EXITS = {
    0: "done",
    1: "not done: no such batch, no database, or the file cannot be written",
    2: "wrong usage",
    10: "configuration not valid",
}
EXAMPLES = [
    "posagent-central renewals list --days 30",
    "posagent-central renewals dead --json",
    "posagent-central renewals export BATCH order.xlsx --layout onelink",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    due = actions.add_parser("list", help="who ends, or is to be ordered, the most urgent first")
    due.add_argument("--days", type=int, metavar="N", help="within so many days; default: worklist_days")
    due.set_defaults(act=_list)
    dead = actions.add_parser("dead", help="paid a day ago or more, and still not working")
    dead.set_defaults(act=_dead)
    export = actions.add_parser("export", help="a batch as the carrier's portal reads it")
    export.add_argument("batch", metavar="BATCH", help="its id, as the console and the API show it")
    export.add_argument("file", metavar="FILE", help="ends in .csv or .xlsx; - for CSV on standard output")
    export.add_argument("--layout", metavar="NAME", default="full", help="full, onelink, ctwing, unicom, jasper …")
    export.set_defaults(act=_export)
    for one in (due, dead, export):
        common(one)


def run(options: argparse.Namespace) -> int:
    from central.renewals.office import Office
    from central.store.opening import open_store

    act: Callable[[argparse.Namespace, Office], Awaitable[None]] = options.act
    chosen = settings(options)
    store = open_store(chosen.storage.database)

    async def work() -> None:
        await act(options, Office(store, chosen, time.time))

    try:
        asyncio.run(work())
    finally:
        store.close()
    return 0


async def _list(options: argparse.Namespace, office: "Office") -> None:
    from central.api.renewals import due_json

    for one in await office.worklist(options.days):
        if options.json:
            emit(due_json(one) | {name: str(value) for name in ("ends_on", "data_on", "order_by")
                                  if (value := getattr(one, name)) is not None})  # fmt: skip
        else:
            state = one.open.state if one.open else "due"
            say(f"{one.holding.terminal:<24} {one.holding.iccid:<20} {one.first} order by {one.order_by} {state}")


async def _dead(options: argparse.Namespace, office: "Office") -> None:
    from central.api.renewals import dead_json

    for one in await office.dead():
        if options.json:
            emit(dead_json(one))
        else:
            renewal = one.renewal
            why = renewal.reason or " ".join(renewal.suspects[:1])
            say(
                f"{renewal.terminal:<24} {renewal.iccid:<20} {renewal.state:<8} {one.verdict or '-':<24} {why}".rstrip()
            )


async def _export(options: argparse.Namespace, office: "Office") -> None:
    from central import handed
    from central.renewals.sheet import order_table

    layout = office.layouts().get(options.layout)
    if layout is None:
        raise CliError(f"no layout {options.layout}; there is {', '.join(office.layouts())}", EXIT_USAGE)
    headings, rows = await order_table(office, options.batch, layout)
    if not rows:
        raise CliError("no such batch, or nothing in it")
    count = await write_sheet(options.file, headings, handed.whole(rows))
    if options.file == "-":
        return
    if options.json:
        emit({"file": options.file, "cards": count})
    else:
        say(f"{count} cards in {options.file}")
