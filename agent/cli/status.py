"""`posagent status`: what the running daemon knows now."""

import argparse
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, EXIT_PROBLEMS, Context, Lang
from agent.cli.counts import counted

HELP = "what the running daemon knows now, and how old it is"
EXITS = {
    0: "nothing wrong",
    3: "problems found",
    4: "cannot tell: nothing is known yet, or an essential reading is missing",
    10: "configuration not valid",
    12: "no daemon",
}
EXAMPLES = ("posagent status", "posagent status --json | jq .outbox.waiting", "posagent status --now")

Line = tuple[str, str | None]
"""Text and style."""
_WORDS: Mapping[str, tuple[str, str]] = {
    "terminal": ("终端", "terminal"),
    "verdict": ("结论", "verdict"),
    "unknown": ("还没有结果：第一次检查尚未完成", "nothing is known yet: the first look is not over"),
    "looked": ("检查于 {age}前", "looked {age} ago"),
    "first_step": ("先做", "first step"),
    "modem": ("模块", "modem"),
    "network": ("网络", "network"),
    "signal": ("信号", "signal"),
    "plan": ("流量卡", "plan"),
    "used": ("本周期已用 {used}", "{used} used in this cycle"),
    "waiting": ("待上报", "to be sent"),
    "oldest": ("最早 {age}前", "oldest {age} ago"),
    "centre": ("中心", "centre"),
    "no_centre": ("未设置 uplink.url，记录留在本机", "uplink.url is not set: records stay here"),
    "reached": ("{age}前上报成功", "reached {age} ago"),
    "never": ("尚未上报成功", "never reached yet"),
    "failing": ("连续失败 {count}：{why}", "{count} in a row: {why}"),
    "trouble": ("无法写入 {where}：{why}", "cannot write {where}: {why}"),
    "pace": (
        "为节省流量，每 {interval}上报一次{history}：本周期自身流量上限 {budget}，已用 {spent}，距周期结束还有 {left}",
        "to save data it reports every {interval}{history}: {spent} of {budget} for this cycle are spent, {left} to go",
    ),
    "thin": ("，历史只报摘要", ", history in summaries"),
    "none": ("，不报历史", ", without history"),
    "line": ("线路", "line"),
    "held": ("支付应用占用中（剩余 {left}），期间不发送任何内容", "held for a payment ({left} left): nothing is sent"),
    "recovery": ("恢复", "recovery"),
    "rehearses": ("（演练，不执行）", " (rehearsed, not done)"),
    "step": ("{age}前因 {cause} 执行 {rung}：{outcome}", "{rung} {age} ago for {cause}: {outcome}"),
    "reattach": ("重新附着网络", "attached anew"),
    "pdp_cycle": ("重建数据会话", "data session anew"),
    "radio_cycle": ("射频关闭再打开", "radio off and on"),
    "modem_reset": ("重启模块", "modem reset"),
    "usb_reset": ("重置 USB 端口", "USB port reset"),
    "power": ("断电重启模块", "power command"),
    "ask": ("请人断电重启", "a person was asked"),
    "reboot": ("重启终端", "machine rebooted"),
    "asks": ("请拔下终端电源，等 10 秒后再插上", "please unplug the terminal's power for 10 seconds"),
    "begun": ("等待效果", "waiting for its effect"),
    "cured": ("已恢复", "it helped"),
    "not_cured": ("没有效果", "no help"),
    "failed": ("无法执行", "could not be done"),
    "interrupted": ("被中断", "interrupted"),
    "stuck": ("线程 {name} 停滞：{why}", "worker {name} makes no progress: {why}"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--now", action="store_true", help="let the daemon look first (its user or root)")


def run(options: argparse.Namespace, context: Context) -> int:
    from agent.config import load
    from agent.control import ask_daemon

    config = load(context.config_path)
    request = {"op": "sample_now" if options.now else "status", "lang": context.lang}
    status = ask_daemon(config.run_dir, request, 60.0 if options.now else 10.0)
    if context.json:
        context.out.json(status)
    else:
        for text, style in lines(status, context.lang):
            context.out.line(text, style)
    return exit_code(status)


def exit_code(status: Mapping[str, Any]) -> int:
    diag = status.get("diag")
    if not diag or diag["verdict"]["code"] == "unsure":
        return EXIT_CANNOT_TELL
    bad = [found for found in diag["findings"] if found["root"] and found["severity"] != "info"]
    return EXIT_PROBLEMS if bad else EXIT_OK


def lines(status: Mapping[str, Any], lang: Lang) -> Iterator[Line]:
    """For people: the verdict first, then the facts, then the state of sending, then what is wrong with us."""
    words = {key: pair[lang == "en"] for key, pair in _WORDS.items()}
    now = status.get("now")
    if status.get("terminal"):
        yield _row(words["terminal"], str(status["terminal"])), "dim"
    diag = status.get("diag")
    if diag is None:
        yield words["unknown"], "warn"
    else:
        yield from _facts(diag, words, now, lang)
    yield from _sending(status, words, now, lang)
    yield from _self_help(status, words, lang)
    pace = status.get("pace") or {}
    if pace.get("stretched"):
        yield _throttled(pace, words, lang), "warn"
    for where, why in (status.get("troubles") or {}).items():
        yield words["trouble"].format(where=where, why=why), "bad"
    for name, worker in (status.get("workers") or {}).items():
        if worker["stuck"]:
            yield words["stuck"].format(name=name, why=worker["stuck"]), "bad"


def _throttled(pace: Mapping[str, Any], words: Mapping[str, str], lang: Lang) -> str:
    return words["pace"].format(
        interval=span(pace["interval_s"], lang), history=words.get(pace.get("history", ""), ""),
        budget=size(pace["budget_bytes"]), spent=size(pace["spent_bytes"]), left=span(pace.get("left_s", 0), lang),
    )  # fmt: skip


def _facts(diag: Mapping[str, Any], words: Mapping[str, str], now: object, lang: Lang) -> Iterator[Line]:
    from agent.cli.diag_parts import Words

    verdict = diag["verdict"]
    looked = words["looked"].format(age=age(diag["taken_at"], now, lang))
    style = "good" if verdict["code"] == "ok" else "warn" if verdict["code"] == "unsure" else "bad"
    yield _row(words["verdict"], f"{verdict['title']} [{verdict['code']}] ({looked})"), style
    if verdict["code"] != "ok" and verdict.get("first_step"):
        yield _row(words["first_step"], verdict["first_step"]), None
    modem, network, signal = diag["modem"], diag["network"], diag["signal"]
    yield _row(words["modem"], _joined(modem["manufacturer"], modem["model"], diag["port"]["device"])), None
    named, operator = Words(lang).named, network["operator"] or {}
    technology = (network["technology"] or "").upper()
    where = (named("registration", network["registration"]), operator.get("name") or operator.get("plmn"), technology)
    yield _row(words["network"], _joined(*where)), None
    yield _row(words["signal"], _joined(signal["quality"] and named("quality", signal["quality"]), _dbm(signal))), None
    plan, used = diag["plan"], diag["usage"]["used_bytes"]
    usage = None if used is None else words["used"].format(used=size(used))
    yield _row(words["plan"], _joined(named("plan", plan["state"]), plan["expires_on"], usage)), None


def _sending(status: Mapping[str, Any], words: Mapping[str, str], now: object, lang: Lang) -> Iterator[Line]:
    outbox, uplink = status.get("outbox"), status.get("uplink")
    if outbox is not None:
        oldest = outbox["oldest_at"]
        told = words["oldest"].format(age=age(oldest, now, lang)) if oldest else None
        yield _row(words["waiting"], _joined(counted(outbox["waiting"], "record", lang), told)), None
    if uplink is None:
        yield _row(words["centre"], words["no_centre"]), "dim"
    elif uplink["failures"]:
        failing = words["failing"].format(count=counted(uplink["failures"], "failure", lang), why=uplink["last_error"])
        yield _row(words["centre"], failing), "warn"
    else:
        last = uplink["last_success_at"]
        reached = words["reached"].format(age=age(last, now, lang)) if last else words["never"]
        yield _row(words["centre"], reached), None


def _self_help(status: Mapping[str, Any], words: Mapping[str, str], lang: Lang) -> Iterator[Line]:
    line, recovery = status.get("line") or {}, status.get("recovery") or {}
    if line.get("held"):
        left = max((one["left_s"] for one in line["by"]), default=None)
        yield _row(words["line"], words["held"].format(left="?" if left is None else span(left, lang))), "warn"
    last = recovery.get("last")
    if last:
        said = words["step"].format(
            age=span(last["ago_s"], lang), cause=last["cause"], rung=words[last["rung"]], outcome=words[last["outcome"]]
        )
        rehearsed = words["rehearses"] if recovery["dry_run"] else ""
        yield _row(words["recovery"], said + rehearsed), "warn" if last["outcome"] != "cured" else None
    if recovery.get("asks"):
        yield words["asks"], "bad"


def _row(name: str, text: str) -> str:
    from agent.cli.columns import pad

    return f"{pad(name, 12)}{text}"


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part) or "–"


def _dbm(signal: Mapping[str, Any]) -> str | None:
    for key, name in (("rsrp_dbm", "RSRP"), ("rscp_dbm", "RSCP"), ("rssi_dbm", "RSSI")):
        if signal[key] is not None:
            return f"{name} {signal[key]:g} dBm"
    return None


def age(then: object, now: object, lang: Lang) -> str:
    """How long ago, in the largest unit that says enough; "?" when it cannot be told."""
    try:
        seconds = (datetime.fromisoformat(str(now)) - datetime.fromisoformat(str(then))).total_seconds()
    except (ValueError, TypeError):
        return "?"
    return span(seconds, lang)


def span(seconds: float, lang: Lang) -> str:
    """In the largest unit that says enough."""
    units = ((86_400, "天", "d"), (3600, "小时", "h"), (60, "分钟", "min"))
    for length, chinese, english in units:
        if seconds >= length:
            return f"{seconds // length:.0f} {chinese if lang == 'zh' else english}"
    return f"{max(0, seconds):.0f} {'秒' if lang == 'zh' else 's'}"


def size(count: int) -> str:
    """Bytes as carriers show them: 1 MB = 2^20."""
    for unit, factor in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"
