"""`posagent ussd CODE`: ask the network by a dialled code. Through the daemon when it runs, else directly."""

import argparse
from collections.abc import Mapping
from typing import Any

from agent.cli.channel import through_modem
from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, EXIT_PROBLEMS, Context, Lang

HELP = "send a USSD code and show the network's answer; some codes order services"
EXITS = {
    0: "the network answered",
    1: "the modem gave no answer in time, or refused",
    2: "wrong usage",
    3: "the network does not know the code, or ended the session",
    4: "cannot tell: no answer in time, or it will come as a message (posagent sms list); or a payment holds the line",
    10: "configuration not valid",
    11: "modem port absent, busy or not allowed",
}
EXAMPLES = ("posagent ussd '*100#'", "posagent ussd '*111#' --reply 1 --reply 2", "posagent ussd '*100#' --json")
_STATES: Mapping[str, tuple[str, str]] = {
    "done": ("", ""),
    "menu": ("（网络在等待回复：--reply；会话已取消）", "(the network waits for a reply: --reply; cancelled)"),
    "ended": ("（会话已被网络结束）", "(ended by the network)"),
    "elsewhere": ("另一个程序占用了会话", "another client of the modem has the session"),
    "not_supported": ("网络不支持此代码", "the network does not support this code"),
    "network_timeout": ("网络超时", "the network timed out"),
    "no_answer": ("没有等到应答", "no answer came in time"),
}
_BY_SMS = ("（结果将以短信发送：posagent sms list）", "(the result will come as a message: posagent sms list)")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help="*100#, in quotes because of the shell")
    parser.add_argument(
        "--reply", action="append", default=[], metavar="R", help="answer to a menu; again for the next"
    )
    parser.add_argument("--timeout", type=_seconds, default=60.0, metavar="S", help="seconds for each answer (60)")
    parser.add_argument("--port", metavar="DEV", help="without a daemon: this port instead of the configured one")


def run(options: argparse.Namespace, context: Context) -> int:
    request = {"op": "ussd", "code": options.code, "replies": options.reply, "timeout_s": options.timeout}
    answers = through_modem(request, context, options.port)["answers"]
    for answer in answers:
        _show(answer, context, was_last=answer is answers[-1])
    return _exit(answers[-1])


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 180:
        raise argparse.ArgumentTypeError("more than 0, at most 180")
    return value


def _show(answer: Mapping[str, Any], context: Context, *, was_last: bool) -> None:
    if context.json:
        context.out.json(answer)
        return
    for line in (answer["text"] or "").splitlines():
        context.out.line(line)
    if not was_last:
        return  # a menu that was replied to was not cancelled
    for remark in _remarks(answer, context.lang):
        context.out.line(remark, "warn")


def _remarks(answer: Mapping[str, Any], lang: Lang) -> list[str]:
    said = [_STATES[answer["state"]][lang == "en"], _BY_SMS[lang == "en"] if answer["by_sms"] else ""]
    return [remark for remark in said if remark]


def _exit(last: Mapping[str, Any]) -> int:
    if last["is_result"]:
        return EXIT_OK
    unsure = last["by_sms"] or last["state"] in ("no_answer", "network_timeout", "done")
    return EXIT_CANNOT_TELL if unsure else EXIT_PROBLEMS
