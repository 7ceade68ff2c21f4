"""`posagent usage`: the data ledger of this billing cycle, from the daemon, or from the ledger itself."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, Context, Lang

HELP = "data used in this billing cycle, by source, and what the agent itself caused"
EXITS = {0: "told", 4: "cannot tell: nothing was counted yet", 10: "configuration not valid"}
EXAMPLES = ("posagent usage", "posagent usage --json")

_WIDTH = (14, 20)
"""Of the names, in columns."""
_WORDS: Mapping[str, tuple[str, str]] = {
    "cycle": ("计费周期", "cycle"),
    "used": ("已用流量", "used"),
    "left": ("剩余", "left"),
    "of": ("（套餐 {quota}）", " (of {quota})"),
    "own": ("其中本程序", "by the agent"),
    "handshake": ("建立连接", "connecting"),
    "report": ("上报", "reports"),
    "keep_alive": ("保持连接", "keeping the connection"),
    "name": ("域名查询", "names"),
    "probe": ("探测", "probes"),
    "sms": ("查询短信", "SMS to the carrier"),
    "messages": ("{n} 条", "{n}"),
    "budget": ("本程序限额", "its budget"),
    "runs_out": ("预计用完", "runs out"),
    "none": ("本周期还没有计到流量", "nothing was counted in this cycle yet"),
    "undated": (
        "时钟不对，暂不知是哪一天：{much} 先记着，时钟校准后计入",
        "the clock is wrong: {much} wait for their day, and count once it is right",
    ),
    "source": ("来源：{source}", "source: {source}"),
    "interface": ("网卡计数", "interface counters"),
    "modem": ("模块计数", "the modem's counters"),
    "carrier": ("运营商", "the carrier"),
    "manual": ("人工", "by hand"),
    "payment": ("收款等业务", "payment and others"),
    "today": ("今日", "today"),
    "drift": ("外部数字比本机计数多 {more}", "the figure from outside is {more} above our count"),
    "behind": (
        "外部数字比本机计数少 {less}（一般晚一天）",
        "the figure from outside is {less} below our count (a day late)",
    ),
    "usual": ("（平时每天约 {usual}）", " (about {usual} on an ordinary day)"),
    "age": ("（{age}前）", " ({age} ago)"),
    "minutes": ("{n} 分钟", "{n} min"),
    "hours": ("{n} 小时", "{n} h"),
    "days": ("{n} 天", "{n} days"),
    "saved": (
        "每 {age}存盘一次：突然断电最多丢失这段时间的计数",
        "saved every {age}: a power cut loses at most what was counted since",
    ),
    "elsewhere": ("约 {much} 不是本机使用的", "about {much} was not used by this terminal"),
    "abnormal": ("，用量异常（超过 {limit}）", ", out of the ordinary (above {limit})"),
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
    """Usage and plan as in `posagent diag --json`."""
    return asked_or_read(context, "usage")


def asked_or_read(context: Context, op: Literal["usage", "plan"]) -> Mapping[str, Any]:
    """What the daemon knows; without one, what its files say."""
    from agent.config import load
    from agent.control import NoDaemon, Refused, ask_daemon

    config = load(context.config_path)
    try:
        return ask_daemon(config.run_dir, {"op": op, "lang": context.lang})
    except NoDaemon:
        return _from_files(context, op)
    except Refused as refused:
        if refused.code != "not_yet":
            raise
        return _from_files(context, op)


def _from_files(context: Context, op: Literal["usage", "plan"]) -> Mapping[str, Any]:
    from agent.assess.diagnosis import diagnose
    from agent.clock import SystemClock
    from agent.config import load
    from agent.counting import LEDGER_NOTE_S
    from agent.plan.files import opened
    from agent.plan.told import plan_told, usage_told
    from agent.report import diag_report, utc
    from agent.sample.base import SimView, Snapshot
    from agent.sample.system import read_system
    from agent.uplink.pace import budget_of

    config, wall = load(context.config_path), SystemClock().wall()
    trust = read_system(wall, config.state_dir).clock
    with opened(config.state_dir, config.desk_settings()) as (desk, ledger, troubles):
        for trouble in troubles:
            context.out.note(trouble)
        desk.resume()
        pair = desk.pair()
        sim = SimView(iccid=pair.iccid if pair else None)
        stands = desk.stand(ledger, wall, 0.0, trust, sim.iccid)
        undated = ledger.undated_bytes() if ledger else 0
        own = ledger.own_by_purpose(stands.cycle) if ledger and stands.cycle else {}
        sms = desk.sms_sent(*stands.cycle) if stands.cycle else None
        snapshot = Snapshot(wall, sim=sim, usage=stands.usage, plan=stands.plan, clock=trust)
        report = diag_report(
            snapshot, diagnose(snapshot), lang=context.lang, via="direct", duration_s=0.0, data_cost_bytes=0
        )
        if op == "plan":
            return plan_told(report["plan"], desk, snapshot, wall, None)
    return {
        "taken_at": utc(wall),
        "usage": usage_told(report["usage"], stands.usage, wall, LEDGER_NOTE_S, undated),
        "plan": report["plan"],
        "own_by_purpose": own,
        "sms_sent": sms,
        "budget_bytes": budget_of(int(config.uplink.budget_mb * 2**20), stands.plan.quota_bytes),
    }


def lines(told: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    from agent.cli.columns import pad
    from agent.cli.status import size

    english = lang == "en"
    words, width = {key: pair[english] for key, pair in _WORDS.items()}, _WIDTH[english]
    usage, plan = told["usage"], told["plan"]
    cycle = usage["cycle"] or {}
    if cycle.get("start"):
        yield f"{pad(words['cycle'], width)}{cycle['start']} – {cycle['end']}"
    if usage.get("undated_bytes"):
        yield words["undated"].format(much=size(usage["undated_bytes"]))
    if usage["used_bytes"] is None:
        if not usage.get("undated_bytes"):
            yield words["none"]
        return
    quota = plan["quota_bytes"]
    of = words["of"].format(quota=size(quota)) if quota else ""
    yield f"{pad(words['used'], width)}{size(usage['used_bytes'])}{of}"
    if plan["remaining_bytes"] is not None:
        yield f"{pad(words['left'], width)}{size(plan['remaining_bytes'])}"
    if plan["runs_out_on"]:
        yield f"{pad(words['runs_out'], width)}{plan['runs_out_on']}"
    yield from _own(told, words, width)
    yield from today(usage, lang, width)
    yield from _sources(usage, words, lang)


def _own(told: Mapping[str, Any], words: Mapping[str, str], width: int) -> Iterator[str]:
    """What was the agent's own, and what was not."""
    from agent.cli.columns import pad
    from agent.cli.status import size

    usage = told["usage"]
    if usage["own_bytes"] is not None:
        purposes = ", ".join(
            f"{words.get(purpose, purpose)} {size(count)}" for purpose, count in told["own_by_purpose"].items()
        )
        yield f"{pad(words['own'], width)}{size(usage['own_bytes'])}{f' ({purposes})' if purposes else ''}"
        yield f"{pad(words['payment'], width)}{size(max(0, usage['used_bytes'] - usage['own_bytes']))}"
    if told.get("sms_sent"):
        yield f"{pad(words['sms'], width)}{words['messages'].format(n=told['sms_sent'])}"
    if told.get("budget_bytes"):
        yield f"{pad(words['budget'], width)}{size(told['budget_bytes'])}"


def today(usage: Mapping[str, Any], lang: Lang, width: int) -> Iterator[str]:
    """Of `usage` what was used today, beside an ordinary day."""
    from agent.cli.columns import pad
    from agent.cli.status import size

    words = {key: pair[lang == "en"] for key, pair in _WORDS.items()}
    used, usual, limit = (usage.get(key) for key in ("day_bytes", "usual_day_bytes", "day_limit_bytes"))
    if used is None:
        return
    known = "" if usual is None else words["usual"].format(usual=size(usual))
    odd = words["abnormal"].format(limit=size(limit)) if limit is not None and used > limit else ""
    yield f"{pad(words['today'], width)}{size(used)}{known}{odd}"


def elsewhere(usage: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """What others used with this card, by the carrier's count."""
    from agent.cli.status import size

    if usage.get("elsewhere_bytes"):
        yield _WORDS["elsewhere"][lang == "en"].format(much=size(usage["elsewhere_bytes"]))


def _sources(usage: Mapping[str, Any], words: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """Every source's own figure, and how far they are apart."""
    from agent.cli.status import size

    for source in usage["sources"]:
        name = words.get(source["source"], source["source"])
        age = words["age"].format(age=_age(source["age_s"], words)) if source.get("age_s") is not None else ""
        yield f"  {words['source'].format(source=name)}  {size(source['used_bytes'])}  {source['at']}{age}"
    drift = usage.get("drift_bytes") or 0
    if drift:
        yield "  " + (words["drift"] if drift > 0 else words["behind"]).format(more=size(drift), less=size(-drift))
    yield from ("  " + text for text in elsewhere(usage, lang))
    if usage.get("saved_every_s"):
        yield "  " + words["saved"].format(age=_age(usage["saved_every_s"], words))


def _age(seconds: float, words: Mapping[str, str]) -> str:
    for unit, length, below in (("minutes", 60, 5400), ("hours", 3600, 172_800)):
        if seconds < below:
            return words[unit].format(n=round(seconds / length))
    return words["days"].format(n=round(seconds / 86_400))
