"""`posagent usage`: the data ledger of this billing cycle, from the daemon, or from the ledger itself."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, Context, Lang

HELP = "data used in this billing cycle, by source, and what the agent itself caused"
EXITS = {0: "told", 4: "cannot tell: nothing was counted yet", 10: "configuration not valid"}
EXAMPLES = ("posagent usage", "posagent usage --json")

_WORDS: Mapping[str, tuple[str, str]] = {
    "cycle": ("计费周期", "cycle"),
    "used": ("已用流量", "used"),
    "left": ("剩余", "left"),
    "of": ("套餐 {quota}", "of {quota}"),
    "own": ("其中本程序", "by the agent"),
    "runs_out": ("预计用完", "runs out"),
    "none": ("本周期还没有计到流量", "nothing was counted in this cycle yet"),
    "source": ("来源：{source}", "source: {source}"),
    "interface": ("网卡计数", "interface counters"),
    "modem": ("模块计数", "the modem's counters"),
    "carrier": ("运营商", "the carrier"),
    "manual": ("人工", "by hand"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """None of its own."""
    del parser


def run(options: argparse.Namespace, context: Context) -> int:
    del options
    told = facts(context)
    if context.json:
        context.out.json(told)
    else:
        for text in lines(told, context.lang):
            context.out.line(text)
    return EXIT_OK if told["usage"]["used_bytes"] is not None else EXIT_CANNOT_TELL


def facts(context: Context) -> Mapping[str, Any]:
    """Usage and plan as in `posagent diag --json`: what the daemon knows; without one, what the files say."""
    from agent.config import load
    from agent.control import NoDaemon, Refused, ask_daemon

    config = load(context.config_path)
    try:
        return ask_daemon(config.run_dir, {"op": "usage", "lang": context.lang})
    except NoDaemon:
        return _from_files(context)
    except Refused as refused:
        if refused.code != "not_yet":
            raise
        return _from_files(context)


def _from_files(context: Context) -> Mapping[str, Any]:
    from agent.assess.diagnosis import diagnose
    from agent.clock import SystemClock
    from agent.config import load
    from agent.plan.calendar import cycle_of, local_date, zone_of
    from agent.plan.ledger import Ledger, LedgerError
    from agent.plan.plan import plan_view
    from agent.report import diag_report, utc
    from agent.sample.base import Snapshot, UsageView
    from agent.sample.system import read_system

    config, clock = load(context.config_path), SystemClock()
    settings, wall = config.plan_settings(), clock.wall()
    today = local_date(wall, zone_of(config.terminal.timezone))
    cycle = cycle_of(settings.cycle, today)
    usage, daily, own = UsageView(cycle[0].isoformat(), cycle[1].isoformat()), {}, {}
    if config.ledger_file.exists():
        try:
            ledger = Ledger(config.ledger_file, config.terminal.timezone, read_only=True)
        except LedgerError as error:
            context.out.note(str(error))
        else:
            usage, daily, own = ledger.usage(cycle), ledger.daily(*cycle), ledger.own_by_purpose(cycle)
            ledger.close()
    trusted = read_system(wall, config.state_dir).clock.trusted
    plan = plan_view(settings, (), usage, today, clock_trusted=trusted, daily=daily)
    snapshot = Snapshot(wall, usage=usage, plan=plan)
    report = diag_report(
        snapshot, diagnose(snapshot), lang=context.lang, via="direct", duration_s=0.0, data_cost_bytes=0
    )
    return {"taken_at": utc(wall), "usage": report["usage"], "plan": report["plan"], "own_by_purpose": own}


def lines(told: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    from agent.cli.columns import pad
    from agent.cli.status import size

    words = {key: pair[lang == "en"] for key, pair in _WORDS.items()}
    usage, plan = told["usage"], told["plan"]
    cycle = usage["cycle"] or {}
    if cycle.get("start"):
        yield f"{pad(words['cycle'], 14)}{cycle['start']} – {cycle['end']}"
    if usage["used_bytes"] is None:
        yield words["none"]
        return
    quota = plan["quota_bytes"]
    of = f" ({words['of'].format(quota=size(quota))})" if quota else ""
    yield f"{pad(words['used'], 14)}{size(usage['used_bytes'])}{of}"
    if plan["remaining_bytes"] is not None:
        yield f"{pad(words['left'], 14)}{size(plan['remaining_bytes'])}"
    if plan["runs_out_on"]:
        yield f"{pad(words['runs_out'], 14)}{plan['runs_out_on']}"
    if usage["own_bytes"] is not None:
        purposes = ", ".join(f"{purpose} {size(count)}" for purpose, count in told["own_by_purpose"].items())
        yield f"{pad(words['own'], 14)}{size(usage['own_bytes'])}{f' ({purposes})' if purposes else ''}"
    for source in usage["sources"]:
        name = words.get(source["source"], source["source"])
        yield f"  {words['source'].format(source=name)}  {size(source['used_bytes'])}  {source['at']}"
