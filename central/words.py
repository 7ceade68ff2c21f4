"""Every word of the console, in Chinese and English, and the choice between the two."""

from collections.abc import Mapping
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_WORDS: Mapping[str, tuple[str, str]] = {
    "fleet": ("终端", "Terminals"),
    "terminal": ("终端", "Terminal"),
    "name": ("名称", "Name"),
    "iccid": ("ICCID", "ICCID"),
    "operator": ("运营商", "Operator"),
    "signal": ("信号", "Signal"),
    "data_used": ("已用流量", "Data used"),
    "verdict": ("结论", "Verdict"),
    "last_heard": ("最近上报", "Last heard"),
    "next_due": ("下次应报", "Next due"),
    "status": ("状态", "Status"),
    "all": ("全部", "All"),
    "up": ("在线", "Up"),
    "late": ("迟报", "Late"),
    "silent": ("失联", "Silent"),
    "never": ("从未上报", "Never heard"),
    "revoked": ("已吊销", "Revoked"),
    "late_by": ("已迟", "late for"),
    "ago": ("前", "ago"),
    "no_terminals": ("没有终端。", "No terminals."),
    "more": ("下一页", "Next page"),
    "first_page": ("第一页", "First page"),
    "state": ("当前状态", "Current state"),
    "changes": ("最近变化", "Recent changes"),
    "no_changes": ("没有变化记录。", "No changes recorded."),
    "evidence": ("依据", "Evidence"),
    "raw": ("最近一条原始上报", "Last report, as received"),
    "no_reports": ("没有上报。", "No reports."),
    "rejected": ("被拒收的记录", "Rejected records"),
    "reason": ("原因", "Reason"),
    "count": ("次数", "Count"),
    "when": ("时间", "When"),
    "what": ("内容", "What"),
    "clock_skew": ("时钟偏差", "Clock error"),
    "clock_fast": ("快", "ahead by"),
    "clock_slow": ("慢", "behind by"),
    "clock_right": ("准", "right"),
    "repeats": ("重复上报", "Repeated reports"),
    "since": ("自", "since"),
    "unknown": ("未知", "unknown"),
    "not_found": ("没有这个终端。", "No such terminal."),
    "unavailable": ("数据库暂时不可用。", "The database is not available now."),
    "heartbeat": ("心跳", "Heartbeat"),
    "plan_fact": ("套餐信息", "Plan fact"),
    "card": ("数据卡", "Data card"),
    "reminder": ("到期提醒", "Reminder"),
    "proof": ("续费验证", "Proof of renewal"),
    "recovery": ("恢复动作", "Recovery step"),
    "gap": ("缺失记录", "Gap in the records"),
    "started": ("启动", "Started"),
    "stopped": ("停止", "Stopped"),
    "excellent": ("很好", "excellent"),
    "good": ("好", "good"),
    "fair": ("一般", "fair"),
    "poor": ("差", "poor"),
    "none": ("无", "none"),
}
_UNITS: Mapping[Lang, tuple[str, str, str, str]] = {
    "zh": (" 天 ", " 小时 ", " 分 ", " 秒"),
    "en": (" d ", " h ", " min ", " s"),
}


def word(key: str, lang: Lang) -> str:
    """The word for `key`; a key nobody knows is shown as it is."""
    pair = _WORDS.get(key)
    return key if pair is None else pair[LANGS.index(lang)]


def choose(query: str | None, accept_language: str) -> Lang:
    """`?lang=` wins, then the browser's first wish we can serve, then English."""
    if query in LANGS:
        return query
    wishes = []
    for place, part in enumerate(accept_language[:500].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        lang = tag.strip().lower()[:2]
        if lang in LANGS:
            wishes.append((-_quality(quality), place, lang))
    return min(wishes)[2] if wishes else "en"


def duration(seconds: int, lang: Lang) -> str:
    """The two largest units: 3 d 4 h."""
    amounts = (seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    parts = [(amount, unit) for amount, unit in zip(amounts, _UNITS[lang], strict=True) if amount]
    return "".join(f"{amount}{unit}" for amount, unit in parts[:2]).strip() or f"0{_UNITS[lang][3]}"


def size(count: object) -> str:
    """Bytes in MB of a million, as carriers count; "" when it is not a number."""
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < 2**63:
        return ""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def _quality(text: str) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.0
