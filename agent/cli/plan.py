"""`posagent plan`: expiry, balance and quota of the data card, and where each fact came from."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from agent.cli import plan_change, plan_explain, plan_fact
from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, EXIT_PROBLEMS, Context, Lang
from agent.cli.counts import counted

HELP = "expiry, balance and quota of the data card, and where each fact came from"
EXITS = {
    0: "nothing wrong with the plan; explain: read, whatever it says",
    2: "wrong usage: not a date, not a fact, no text to explain",
    3: "expired, exhausted, suspended or about to expire; verify: failed",
    4: "cannot tell: nobody said anything about the plan yet; verify: still pending",
    10: "configuration not valid",
    11: "no daemon, and the modem's port is absent, busy or not allowed (verify, accept)",
}
EXAMPLES = ("posagent plan", "posagent plan show --json", *plan_change.EXAMPLES, *plan_explain.EXAMPLES)

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
    "days_left": ("（剩 {days}）", " ({days} left)"),
    "quota_bytes": ("套餐", "quota"),
    "remaining_bytes": ("剩余", "left"),
    "runs_out_on": ("预计用完", "runs out on"),
    "balance": ("余额", "balance"),
    "from": ("依据", "told by"),
    "ends_on": ("预计停用", "will stop"),
    "range": ("（{early} 至 {late}）", " ({early} to {late})"),
    "may_last": ("可能够用", "it may last"),
    "stage": ("阶段", "stage"),
    "test": ("测试期", "test period"),
    "silent": ("沉默期", "silent period"),
    "active": ("使用期", "active"),
    "grace": ("停机保号期", "grace period"),
    "pre_cancelled": ("预销户", "about to be cancelled"),
    "cancelled": ("已销户", "cancelled"),
    "cancelled_on": ("销户日期", "number gone"),
    "changed": (
        "卡已更换：登记 {expected}，现为 {iccid}；换卡无误请运行 posagent plan accept",
        "another card: {expected} was accepted, {iccid} is in; posagent plan accept, if that is right",
    ),
    "switched": (
        "没有换卡：模块切换到了卡槽 {slot}，登记的卡是 {expected}，现用 {iccid}",
        "no card was changed: the modem switched to slot {slot}; {expected} was accepted, {iccid} is in use",
    ),
    "slot": ("卡槽", "SIM slot"),
    "other_slot": ("{slot}（另一张：{what}）", "{slot} (the other: {what})"),
    "absent": ("空", "empty"),
    "present": ("有卡，卡号读不到", "a card, its number is not told"),
    "not_told": ("模块不告知", "the modem does not tell"),
    "wrong_terminal": ("此卡不属于本机", "this card belongs to another terminal"),
    "proof": ("续费验证：{told}", "renewal: {told}"),
    "clock": ("时钟未校准：暂不判断是否到期", "nobody vouches for the clock: no word on whether it is over"),
    "asking": ("查询", "asking"),
}
_ASKING: Mapping[str, tuple[str, str]] = {
    "off": ("已关闭（plan.ask）", "switched off (plan.ask)"),
    "card": ("读不到卡，或换卡尚未确认，暂不查询", "no card, or one that was not accepted: nobody is asked"),
    "no_code": (
        "没有已知的查询代码，信息由中心下发或人工登记",
        "no code is known for this card: facts come from the centre or by hand",
    ),
    "no_services": (
        "此卡没有短信和 USSD，信息由中心下发或人工登记",
        "this card has neither SMS nor USSD: facts come from the centre or by hand",
    ),
    "silent": (
        "此卡多次未应答，每月再试一次；信息由中心下发或人工登记",
        "this card never answers and is tried once a month: facts come from the centre or by hand",
    ),
    "choose": (
        "同一网络有多个品牌，请在 plan.ask_codes 中指定查询代码",
        "several brands share this network: name the code in plan.ask_codes",
    ),
}
"""Where nothing is going to be asked soon."""


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    every = [actions.add_parser("show", help="show the plan (the default)")]
    every += [plan_change.arguments(actions, action) for action in plan_change.ACTIONS]
    explain = actions.add_parser("explain", help="read one carrier message")
    plan_explain.arguments(explain)
    for one in (*every, explain):
        _common(one)
        one.formatter_class, one.epilog = parser.formatter_class, parser.epilog


def _common(parser: argparse.ArgumentParser) -> None:
    """What every command takes, behind the action too."""
    parser.add_argument("--config", metavar="FILE", default=argparse.SUPPRESS, help="settings")
    parser.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help="language")
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="for programs")


def run(options: argparse.Namespace, context: Context) -> int:
    if options.action == "explain":
        return plan_explain.run(options, context)
    if options.action in plan_change.ACTIONS:
        return plan_change.run(options, context)
    plan = told(context)
    if context.json:
        context.out.json(plan)
    else:
        for text, style in lines(plan, context.lang):
            context.out.line(text, style)
    if plan["state"] in _BAD:
        return EXIT_PROBLEMS
    return EXIT_CANNOT_TELL if plan["state"] == "unknown" else EXIT_OK


def told(context: Context) -> Mapping[str, Any]:
    """What the daemon knows; without one, what its files say."""
    from agent.cli.usage import asked_or_read

    return asked_or_read(context, "plan")


def lines(plan: Mapping[str, Any], lang: Lang) -> Iterator[tuple[str, str | None]]:
    from agent.cli.columns import pad
    from agent.cli.status import size

    words = {key: pair[lang == "en"] for key, pair in _WORDS.items()}
    style = "bad" if plan["state"] in _BAD else "good" if plan["state"] == "active" else "warn"
    yield f"{pad(words['state'], 12)}{_STATES[plan['state']][lang == 'en']}", style
    if plan["expires_on"] and not plan.get("clock_trusted", True):
        yield words["clock"], "warn"
    if plan["expires_on"]:
        days = plan["days_left"]
        left = "" if days is None else words["days_left"].format(days=counted(days, "day", lang))
        yield f"{pad(words['expires_on'], 12)}{plan['expires_on']}{left}", None
    for key in ("quota_bytes", "remaining_bytes"):
        if plan[key] is not None:
            yield f"{pad(words[key], 12)}{size(plan[key])}", None
    if plan["runs_out_on"]:
        yield f"{pad(words['runs_out_on'], 12)}{plan['runs_out_on']}{_range(plan, words)}", "warn"
    if plan["balance"]:
        yield f"{pad(words['balance'], 12)}{plan['balance']['amount']} {plan['balance']['currency']}", None
    yield from _odd_use(plan.get("usage") or {}, lang)
    yield from _life(plan, words)
    yield from _card(plan, words, lang)
    if (why := _ASKING.get(str((plan.get("asking") or {}).get("why")))) is not None:
        yield f"{pad(words['asking'], 12)}{why[lang == 'en']}", None
    for fact in plan["facts"]:
        yield plan_fact.line(fact, lang), "warn" if fact["stale"] else "dim"


def _range(plan: Mapping[str, Any], words: Mapping[str, str]) -> str:
    ahead = plan.get("forecast") or {}
    early, late = ahead.get("data_early"), ahead.get("data_late")
    if early is None or early == late:
        return ""
    return words["range"].format(early=early, late=late or words["may_last"])


def _odd_use(usage: Mapping[str, Any], lang: Lang) -> Iterator[tuple[str, str | None]]:
    """Only what is out of the ordinary: the rest is in `posagent usage`."""
    from agent.cli.usage import elsewhere, today

    limit = usage.get("day_limit_bytes")
    if limit is not None and (usage.get("day_bytes") or 0) > limit:
        yield from ((text, "warn") for text in today(usage, lang, 12))
    yield from ((text, "warn") for text in elsewhere(usage, lang))


def _life(plan: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    from agent.cli.columns import pad

    if plan.get("stage"):
        yield f"{pad(words['stage'], 12)}{words[plan['stage']]}", None
    if plan.get("cancelled_on"):
        yield f"{pad(words['cancelled_on'], 12)}{plan['cancelled_on']}", None


def _card(plan: Mapping[str, Any], words: Mapping[str, str], lang: Lang) -> Iterator[tuple[str, str | None]]:
    from agent.cli.columns import pad

    card, proof = plan.get("card") or {}, plan.get("proof")
    if card.get("slot"):
        yield f"{pad(words['slot'], 12)}{_slots(card, words)}", None
    if card.get("changed"):
        said = words["switched" if card.get("switched") else "changed"]
        yield said.format(expected=card["expected_iccid"], iccid=card["iccid"], slot=card.get("slot")), "bad"
    if card.get("wrong_terminal"):
        yield words["wrong_terminal"], "bad"
    if (card.get("warning") or {}).get(lang):
        yield card["warning"][lang], "warn"
    if proof:
        spoken = words["proof"].format(told=plan_change.spoken(proof, lang))
        yield spoken, "bad" if proof["state"] == "failed" else None
        yield from ((text, "dim") for text in plan_change.evidence(proof, lang))


def _slots(card: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Which slot is in use, and what is in the other; most modems tell of that one only."""
    others = [one for one in card.get("other_slots") or () if one["slot"] != card["slot"]]
    states = {"absent": words["absent"], "unknown": words["not_told"]}
    what = ", ".join(one["iccid"] or states.get(one["state"], words["present"]) for one in others) or words["not_told"]
    return words["other_slot"].format(slot=card["slot"], what=what)
