"""`posagent plan`: expiry, balance and quota of the data card, and where each fact came from."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from agent.cli import plan_explain
from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, EXIT_PROBLEMS, Context, Lang

HELP = "expiry, balance and quota of the data card, and where each fact came from"
EXITS = {
    0: "nothing wrong with the plan; explain: read, whatever it says",
    2: "wrong usage: not a date, no text to explain",
    3: "expired, exhausted, suspended or about to expire",
    4: "cannot tell: nobody said anything about the plan yet",
    10: "configuration not valid",
}
EXAMPLES = ("posagent plan", "posagent plan show --json", *plan_explain.EXAMPLES)

_BAD = ("expired", "exhausted", "suspended", "expiring")
_STATES: Mapping[str, tuple[str, str]] = {
    "active": ("正常", "active"),
    "expiring": ("即将到期", "about to expire"),
    "expired": ("已过期", "expired"),
    "exhausted": ("流量已用完", "used up"),
    "suspended": ("已停机", "suspended"),
    "unknown": ("未知", "not known"),
}
_WORDS: Mapping[str, tuple[str, str]] = {
    "state": ("流量卡", "plan"),
    "expires_on": ("有效期至", "expires on"),
    "days_left": ("（剩 {days} 天）", " ({days} days left)"),
    "quota_bytes": ("套餐", "quota"),
    "remaining_bytes": ("剩余", "left"),
    "runs_out_on": ("预计用完", "runs out on"),
    "balance": ("余额", "balance"),
    "from": ("依据", "told by"),
    "config": ("配置文件", "configuration"),
    "carrier_sms": ("运营商短信", "the carrier's message"),
    "carrier_ussd": ("运营商 USSD", "the carrier by USSD"),
    "centre": ("中心", "the centre"),
    "manual": ("人工", "by hand"),
    "agent": ("本机推断", "the agent"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    _common(actions.add_parser("show", help="show the plan (the default)"))
    explain = actions.add_parser("explain", help="read one carrier message")
    plan_explain.arguments(explain)
    _common(explain)


def _common(parser: argparse.ArgumentParser) -> None:
    """What every command takes, behind the action too."""
    parser.add_argument("--config", metavar="FILE", default=argparse.SUPPRESS, help="settings")
    parser.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help="language")
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="for programs")


def run(options: argparse.Namespace, context: Context) -> int:
    if options.action == "explain":
        return plan_explain.run(options, context)
    from agent.cli.usage import facts

    plan = facts(context)["plan"]
    if context.json:
        context.out.json(plan)
    else:
        for text, style in lines(plan, context.lang):
            context.out.line(text, style)
    if plan["state"] in _BAD:
        return EXIT_PROBLEMS
    return EXIT_CANNOT_TELL if plan["state"] == "unknown" else EXIT_OK


def lines(plan: Mapping[str, Any], lang: Lang) -> Iterator[tuple[str, str | None]]:
    from agent.cli.columns import pad
    from agent.cli.status import size

    words = {key: pair[lang == "en"] for key, pair in _WORDS.items()}
    style = "bad" if plan["state"] in _BAD else "good" if plan["state"] == "active" else "warn"
    yield f"{pad(words['state'], 12)}{_STATES[plan['state']][lang == 'en']}", style
    if plan["expires_on"]:
        days = plan["days_left"]
        left = "" if days is None else words["days_left"].format(days=days)
        yield f"{pad(words['expires_on'], 12)}{plan['expires_on']}{left}", None
    for key in ("quota_bytes", "remaining_bytes"):
        if plan[key] is not None:
            yield f"{pad(words[key], 12)}{size(plan[key])}", None
    if plan["runs_out_on"]:
        yield f"{pad(words['runs_out_on'], 12)}{plan['runs_out_on']}", None
    if plan["balance"]:
        yield f"{pad(words['balance'], 12)}{plan['balance']['amount']} {plan['balance']['currency']}", None
    for fact in plan["facts"]:
        source = words.get(fact["source"], fact["source"])
        yield f"  {words['from']}: {source} – {fact['text'] or fact['fact']}", "dim"
