"""`posagent plan set|forget|accept|verify`: what people do to the plan. The daemon does it; without one, its files."""

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agent.cli.context import (
    EXIT_CANNOT_TELL,
    EXIT_OK,
    EXIT_PROBLEMS,
    EXIT_USAGE,
    CliError,
    Context,
    Lang,
)

if TYPE_CHECKING:
    from agent.settings import Config

ACTIONS = ("set", "forget", "accept", "verify")
EXAMPLES = (
    "posagent plan set expires_on=2027-11-30 quota_mb=1024 balance=12.30 used_mb=100",
    "posagent plan accept",
    "posagent plan verify --expires-on 2027-11-30",
)
_HELP: Mapping[str, str] = {
    "set": "say by hand what is known of the plan",
    "forget": "drop what was said about one fact",
    "accept": "the card that is in, and the modem it is in, are right",
    "verify": "prove a renewal: carrier asked, data seen to flow; asked again, shows how it stands",
}
_STATES: Mapping[str, tuple[str, str]] = {
    "pending": ("验证中", "pending"),
    "proved": ("已证实", "proved"),
    "failed": ("失败", "failed"),
}
_REASONS: Mapping[str, tuple[str, str]] = {
    "started": ("刚开始", "just begun"),
    "no_word": (
        "运营商和中心还没有新的消息（平台入账最长 3 个工作日）",
        "neither carrier nor centre has said anything new (platforms take up to 3 working days)",
    ),
    "word_not_better": ("运营商的消息没有变化（有效期、余额、流量）", "what the carrier says is no better than before"),
    "no_data": ("运营商已确认，但还没有数据通过", "confirmed by the carrier, but no data gets through yet"),
    "needs_radio_cycle": (
        "已确认但不通：可能需要重启射频（--cycle-radio）",
        "confirmed, but data fails: the radio may have to be cycled (--cycle-radio)",
    ),
    "held": ("正在付款，稍后再试", "a payment holds the line; tried again soon"),
    "not_attached": ("已确认，但还没有附着数据网络", "confirmed, but not attached for data yet"),
    "payment_host": ("数据已通，但连不上收单主机", "data flows, but the payment host is not reached"),
    "word_and_data": ("运营商已确认，数据已通", "confirmed, and data flows"),
    "data_again": ("数据恢复", "data flows again"),
    "wrong_card": ("卡槽里不是这张卡", "another card is in the slot"),
    "not_confirmed": (
        "五天内没有得到确认，请核对是否充错号码",
        "not confirmed within five days: was it paid for this number?",
    ),
    "no_card": ("读不到卡", "the card cannot be read"),
}
_DATA: Mapping[str, tuple[str, str]] = {
    "probe": ("实测：数据已连通", "tried: data gets through"),
    "received": ("实测：这张卡收到了数据", "seen: this card received data"),
}
_DONE: Mapping[str, tuple[str, str]] = {
    "set": ("已记录：{what}", "kept: {what}"),
    "forget": ("已删除 {what}：{count} 条", "forgotten: {what} ({count})"),
    "accept": ("已确认：卡 {iccid}，模块 {imei}", "accepted: card {iccid}, modem {imei}"),
}


def arguments(actions: Any, action: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(action, help=_HELP[action])
    if action == "set":
        names = "expires_on, balance, quota_mb, used_mb, remaining_mb, suspended"
        parser.add_argument("values", nargs="+", metavar="NAME=VALUE", help=names)
    elif action == "forget":
        parser.add_argument("fact", help="expires_on, balance, quota_bytes, …")
    elif action == "accept":
        parser.add_argument("--iccid", help="another card than the one that is in: it is to come")
    else:
        parser.add_argument("--expires-on", metavar="DATE", help="the new end that was bought")
        parser.add_argument("--cycle-radio", action="store_true", help="the radio may be switched off and on for it")
        parser.add_argument("--again", action="store_true", help="begin anew, though one is pending or proved today")
    return parser


def run(options: argparse.Namespace, context: Context) -> int:
    done = _order(_request(options), context)
    if context.json:
        context.out.json(done)
    else:
        _say(options.action, done, context)
    if options.action != "verify":
        return EXIT_OK
    return {"proved": EXIT_OK, "failed": EXIT_PROBLEMS}.get(str(done.get("state")), EXIT_CANNOT_TELL)


def spoken(proof: Mapping[str, Any], lang: Lang) -> str:
    """A proof's state and reason in words."""
    state = _STATES.get(proof["state"], (proof["state"],) * 2)[lang == "en"]
    reason = _REASONS.get(proof["reason"], (proof["reason"],) * 2)[lang == "en"]
    return f"{state} – {reason}"


def evidence(proof: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """What a proof rests on, a line each."""
    from agent.cli import plan_fact

    for fact in proof.get("evidence") or ():
        yield plan_fact.line(fact, lang)
    if seen := _DATA.get(str(proof.get("data_seen"))):
        yield f"  {seen[lang == 'en']}"


def _request(options: argparse.Namespace) -> dict[str, Any]:
    op = f"plan_{options.action}"
    if options.action == "set":
        pairs = [value.partition("=") for value in options.values]
        if wrong := next((name for name, equals, _ in pairs if not equals), None):
            raise CliError(f"{wrong}: NAME=VALUE, please", EXIT_USAGE)
        return {"op": op, "values": {name: value for name, _, value in pairs}}
    if options.action == "forget":
        return {"op": op, "fact": options.fact}
    if options.action == "accept":
        return {"op": op, **({"iccid": options.iccid} if options.iccid else {})}
    named = {"expires_on": options.expires_on} if options.expires_on else {}
    return {"op": op, "cycle_radio": options.cycle_radio, "again": options.again, **named}


def _order(request: dict[str, Any], context: Context) -> Mapping[str, Any]:
    from agent.config import load
    from agent.control import NoDaemon, Refused, ask_daemon

    config = load(context.config_path)
    try:
        done: Mapping[str, Any] = ask_daemon(config.run_dir, request)
        return done
    except NoDaemon:
        pass  # then we may have the store, and the port, ourselves
    except Refused as refused:
        raise CliError(str(refused), EXIT_USAGE if refused.code == "bad_request" else EXIT_CANNOT_TELL) from None
    return _by_files(request, config, context)


def _needs_the_card(request: Mapping[str, Any]) -> bool:
    """What cannot be done by the files alone: prove something, or accept the card that is in."""
    return request["op"] == "plan_verify" or (request["op"] == "plan_accept" and "iccid" not in request)


def _by_files(request: dict[str, Any], config: "Config", context: Context) -> Mapping[str, Any]:
    """For a terminal whose daemon does not run: the store itself, for the card that was last accepted."""
    from agent.control import Refused
    from agent.plan.desk import Desk
    from agent.plan.store import PlanStore, PlanStoreError
    from agent.plan_orders import Order, carry_out

    try:
        config.state_dir.mkdir(parents=True, exist_ok=True)
        store = PlanStore(config.plan_file)
    except (OSError, PlanStoreError) as error:
        raise CliError(str(error)) from None
    try:
        desk = Desk(config.desk_settings(), store)
        if _needs_the_card(request):
            from agent.cli.plan_direct import looked_at

            return looked_at(request, desk, config, context)
        desk.resume()
        return carry_out(request, Order(desk, *_now(config)))
    except Refused as refused:
        raise CliError(str(refused), EXIT_USAGE if refused.code == "bad_request" else EXIT_CANNOT_TELL) from None
    finally:
        store.close()


def _now(config: "Config") -> tuple[Any, float]:
    from agent.clock import SystemClock
    from agent.sample.base import Snapshot
    from agent.sample.system import read_system

    wall = SystemClock().wall()
    return Snapshot(wall, clock=read_system(wall, config.state_dir).clock), wall


def _say(action: str, done: Mapping[str, Any], context: Context) -> None:
    english = context.lang == "en"
    if action == "verify":
        context.out.line(spoken(done, context.lang))
        for text in evidence(done, context.lang):
            context.out.line(text, "dim")
        return
    what = ", ".join(done.get("set", ())) or done.get("fact", "")
    words = {"what": what, "count": done.get("forgotten"), "iccid": done.get("iccid"), "imei": done.get("imei") or "–"}
    context.out.line(_DONE[action][english].format(**words), "good")
    for remark in (*done.get("remarks", ()), (done.get("warning") or {}).get(context.lang)):
        if remark:
            context.out.line(remark, "warn")
