"""One fact about the plan in a line: what, who said it, how long ago, in which words."""

from collections.abc import Mapping
from typing import Any

from agent.cli.context import Lang
from agent.cli.counts import counted

_WORDS: Mapping[str, tuple[str, str]] = {
    "config": ("配置文件", "configuration"),
    "carrier_sms": ("运营商短信", "the carrier's message"),
    "carrier_ussd": ("运营商 USSD", "the carrier by USSD"),
    "centre": ("中心", "the centre"),
    "manual": ("人工", "by hand"),
    "agent": ("本机推断", "the agent"),
    "line": (
        "  {name} {value}：{source}{rank}{age}{marks}{quoted}",
        "  {name} {value}: {source}{rank}{age}{marks}{quoted}",
    ),
    "rank": ("，级别 {rank}", ", rank {rank}"),
    "today": ("，今天", ", today"),
    "age": ("，{days}前", ", {days} ago"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
    "stale": ("（已过时）", " (old)"),
    "disputed": ("（之后人工登记为 {value}，未采用）", " (set by hand later to {value}, not gone by)"),
}
_NAMES: Mapping[str, tuple[str, str]] = {
    "expires_on": ("有效期", "end"),
    "balance": ("余额", "balance"),
    "quota_bytes": ("套餐", "quota"),
    "used_bytes": ("已用", "used"),
    "remaining_bytes": ("剩余", "left"),
    "suspended": ("停机", "suspended"),
    "arrears": ("欠费", "arrears"),
    "pool_total_bytes": ("流量池", "pool"),
    "pool_remaining_bytes": ("流量池剩余", "left in the pool"),
    "pool_members": ("流量池卡数", "cards in the pool"),
}


def line(fact: Mapping[str, Any], lang: Lang) -> str:
    words = {key: pair[lang == "en"] for key, pair in _WORDS.items()}
    days = None if fact["age_days"] is None else round(fact["age_days"])
    age = "" if days is None else words["age"].format(days=counted(days, "day", lang)) if days else words["today"]
    other = fact.get("disputed_by")
    marks = words["stale"] if fact["stale"] else ""
    if other:
        marks += words["disputed"].format(value=_shown(fact["fact"], other["value"], words))
    return words["line"].format(
        name=_NAMES.get(fact["fact"], (fact["fact"],) * 2)[lang == "en"],
        value=_shown(fact["fact"], fact["value"], words),
        source=words.get(fact["source"], fact["source"]),
        rank="" if fact.get("rank") is None else words["rank"].format(rank=fact["rank"]),
        age=age,
        marks=marks,
        quoted=f" – {fact['text']}" if fact["text"] else "",
    )


def _shown(name: str, value: str, words: Mapping[str, str]) -> str:
    from agent.cli.status import size

    return size(int(value)) if name.endswith("_bytes") else words.get(value, value)
