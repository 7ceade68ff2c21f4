"""`posagent plan explain`: how one carrier message is read. Needs no modem, no daemon and no configuration."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import date

from agent.cli.context import EXIT_OK, EXIT_USAGE, CliError, Context, Lang
from agent.plan.messages import Explained, explain, second
from agent.plan.messages.normal import MAX_TEXT, folded
from agent.plan.messages.service import is_chinese
from modem.text import printable

EXAMPLES = (
    "posagent plan explain '您的话费余额为12.30元' --sender 10086",
    "posagent plan explain '您的余额是15.5元' --channel ussd",
    "posagent sms read 3 | posagent plan explain --received 2026-11-21 --json",
)
MAX_INPUT = 64 * 1024
"""Octets of standard input that are read; the reader itself looks at the first 2000 characters."""
_KINDS: Mapping[str, tuple[str, str]] = {
    "balance": ("余额", "balance"),
    "data_remaining": ("剩余流量", "data left"),
    "data_used": ("已用流量", "data used"),
    "expiry": ("到期", "expiry"),
    "arrears": ("欠费或余额不足", "arrears or low balance"),
    "suspended": ("已停机", "suspended"),
    "plan_change": ("套餐变更", "change of plan"),
    "topup_ok": ("充值成功", "top-up done"),
    "topup_failed": ("充值失败", "top-up failed"),
    "other": ("无套餐信息", "no fact about the plan"),
}
_WORDS: Mapping[str, tuple[str, str]] = {
    "kind": ("类型", "kind"),
    "carrier": ("运营商", "carrier"),
    "balance": ("余额", "balance"),
    "used_bytes": ("已用", "used"),
    "remaining_bytes": ("剩余", "left"),
    "total_bytes": ("总量", "total"),
    "expires_on": ("有效期至", "expires on"),
    "from": ("依据", "read from"),
    "why_not": ("原因", "because"),
}
_WHY: Mapping[str, str] = {
    "sender": "发件号码无权说明套餐（私人号码、银行或机构短号、推广号码，或与签名不符）",
    "one-time code": "验证码或密码短信",
    "bank or wallet": "银行或钱包的短信",
    "prize or premium rate": "中奖或收费短信",
    "parcel, ticket or other trade": "快递、票务等其他行业",
    "private": "私人短信",
    "a private voice": "私人口吻",
    "phishing": "疑似钓鱼短信",
    "another trade": "其他行业",
    "another trade's signature": "签名属于其他行业",
    "another company": "其他公司",
    "another purse": "不是话费账户，而是其他钱包",
    "another service": "不是移动套餐，而是其他业务",
    "a bill": "账单",
    "a purchase or transfer": "消费或转账",
    "a warning": "防诈骗提醒",
    "a link that imitates": "链接冒充运营商",
    "an advert": "广告",
    "an alarm with a private number": "要求联系私人号码",
    "an alarm with a strange link": "要求点击不明链接",
    "nothing of the mobile trade": "没有提到移动业务",
    "does not sound like a statement about this line": "措辞不像在说本卡现在的状态（更像广告、规则或他人的号码）",
    "no fact": "没有说明本卡现在的状态（广告、规则、条件、往期或他人号码）",
}
"""The reader's reasons in Chinese; it gives them in English."""
AGAINST = ("  最不像的字眼：{}", "  what sounds least like it: {}")
CUT = (
    f"只读取了前 {MAX_TEXT} 个字符",
    f"only the first {MAX_TEXT} characters were read",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("explain")
    group.add_argument("text", nargs="?", metavar="TEXT", help="the message (else standard input)")
    group.add_argument("--carrier", metavar="C", help="whose message it is: 'China Mobile', 中国联通, 'MTN NG' …")
    group.add_argument("--sender", metavar="N", help="number or name it came from; a private number's text is not read")
    group.add_argument(
        "--channel", choices=("sms", "ussd"), default="sms", help="how it came: a USSD answer is the network's own"
    )
    group.add_argument(
        "--received", metavar="DATE", help="YYYY-MM-DD, the day it came: for dates without a year, 'in 3 days'"
    )
    group.add_argument("--country", metavar="CC", help="ISO 3166, for currency and day/month order; else from the text")


def run(options: argparse.Namespace, context: Context) -> int:
    text = options.text if options.text is not None else _standard_input()
    if not text.strip():
        message = "plan explain: no text given"
        raise CliError(message, EXIT_USAGE)
    read = explain(
        text,
        carrier=options.carrier,
        sender=options.sender,
        received=_date(options.received),
        country=options.country.upper() if options.country else None,
        channel=options.channel,
    )
    if context.json:
        context.out.json(read.json())
    else:
        for line, style in lines(read, context.lang):
            context.out.line(line, style)
        if read.why_not == second.WHY:
            plain = folded(text[:MAX_TEXT])
            against = " ".join(map(printable, second.words_against(plain, chinese=is_chinese(plain))))
            context.out.line(AGAINST[context.lang == "en"].format(against), "dim")
        if len(text) > MAX_TEXT:
            context.out.line(CUT[context.lang == "en"], "dim")
    return EXIT_OK


def lines(read: Explained, lang: Lang) -> Iterator[tuple[str, str | None]]:
    """What was read, for people; each fact with the words it stands on."""
    from agent.cli.columns import pad
    from agent.cli.status import size

    english = lang == "en"
    kinds = ", ".join(_KINDS[kind][english] for kind in (read.kind, *read.also))
    yield f"{pad(_WORDS['kind'][english], 12)}{kinds}", "bold"
    if read.carrier:
        yield f"{pad(_WORDS['carrier'][english], 12)}{read.carrier}", None
    if read.balance is not None:
        amount = f"{read.balance.amount:f} {read.balance.currency or ''}".rstrip()
        yield f"{pad(_WORDS['balance'][english], 12)}{amount}", None
    for name in ("total_bytes", "used_bytes", "remaining_bytes"):
        value: int | None = getattr(read, name)
        if value is not None:
            yield f"{pad(_WORDS[name][english], 12)}{size(value)}", None
    if read.expires_on is not None:
        yield f"{pad(_WORDS['expires_on'][english], 12)}{read.expires_on.isoformat()}", None
    for one in read.evidence:
        named = _WORDS.get(one.fact, (one.fact, one.fact))[english]
        yield f"  {_WORDS['from'][english]} ({named}): {one.text}", "dim"
    if read.kind == "other" and read.why_not:
        why = read.why_not if english else _WHY.get(read.why_not, read.why_not)
        yield f"{pad(_WORDS['why_not'][english], 12)}{why}", "dim"


def _standard_input() -> str:
    """Octets that are no UTF-8 become stand-ins: modems and pastes bring noise."""
    return sys.stdin.buffer.read(MAX_INPUT).decode("utf-8", "replace")


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"--received {text}: not a date like 2026-11-21"
        raise CliError(message, EXIT_USAGE) from None
