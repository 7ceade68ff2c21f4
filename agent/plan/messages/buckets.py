"""Which bucket of data a number speaks of: general, regional, restricted, left over from last month. Pure."""

import re

from agent.plan.messages.bound import Bucket
from agent.plan.messages.grammar import Amount
from agent.plan.messages.layout import Layout
from agent.plan.messages.table import entries
from agent.plan.messages.words import Label, pattern

_BUCKETS: tuple[tuple[Bucket, re.Pattern[str]], ...] = (
    (
        "restricted",
        pattern(
            [*entries("其他流量 其它流量 套餐外 定向 专属 专享 专用 专有 闲时 夜间 特殊时段 wlan 视频 音乐 "
                "抖音 "
                "快手 腾讯 "
                "头条 爱奇艺 优酷 微信 校园 港澳 国际 假日 周末 咪咕 免流 免费流量 热点 阅读 游戏 语音 night nights "
                "social whatsapp facebook youtube tiktok instagram weekend roaming video music off-peak malam noche "
                "redes nacht chat multimedia sosmed nocturno nuit ночн~ ночь соц~ roaming~ lokal"),
            "re:(?<![a-z])local(?! data)(?![a-z])", r"re:超出(?!\d[\d.]*元)"]
        ),
    ),
    ("extra", pattern(["结转", "赠送", "赠费", "上月剩余", "carried over", "rollover", "roll over", "bonus~",
    "re:(?<![a-z])free(?! ?(?:msg|message|mobile|:| airti))(?![a-z])",
    "promo~", "бонус~", "gratis", "送", "с прошлого", "last month", "previous"])),
    ("regional", pattern(["省内", "本地", "市内", "本省", "省流量"])),
    ("general", pattern(["re:套餐?内", "国内", "通用", "全国", "全网", "regular", "anytime", "main", "all net"])),
)  # fmt: skip


def is_restricted(text: str) -> bool:
    return bool(_BUCKETS[0][1].search(text))


_MAIN = re.compile(r"\bmain\s?(?:acc\w*|a/c)?\s{0,2}(?:bal\w*)?|\bmain(?=bal)|话费|通用余额")

_ITEM_END = re.compile(r"\s+(?=[一-鿿]{2,8}:)")
"""Where the next item of a list without commas begins: "通用流量余额:5.52GB 专属流量余额:10GB"."""
_HEADING = re.compile(r"(?:如下|情况|明细)\s?:")


_OF_THE_LAST = re.compile(
    r"\s?(?:of|de|di|von|van)\s((?:[\w-]{1,14}\s){1,3}?)(?=(?:&|\+|and|und|et|y|e|en|og|och)(?:\s\d|\s?$))"
)
""" "2.9GB of EU roaming data & 61GB …": what stands behind "of" names the number before it."""


def bucket_of(plain: str, amount: Amount, label: Label | None, where: Layout, before: int) -> Bucket | None:
    """The bucket that the words around name; what follows in brackets is another figure."""
    if amount.money is not None and label is not None and _MAIN.search(plain, max(before, label.start - 16), label.end):
        return "general"
    start = where.clause_start(amount.start) if amount.money is not None else where.sentence_start(amount.start)
    ahead = plain[max(before, start) : amount.start]
    theirs = bool(before) and _OF_THE_LAST.search(ahead) is not None
    ahead = _OF_THE_LAST.sub("", ahead) if theirs else ahead
    clause_end = where.clause_end(amount.end)
    reach = clause_end if label is not None and label.start >= amount.end else min(clause_end, amount.end + 12)
    behind = plain[amount.end : reach].partition("(")[0]
    named = _OF_THE_LAST.match(plain, amount.end)
    behind = named[1] if named else behind
    if label is not None and label.start < amount.start:
        behind = _ITEM_END.split(behind, maxsplit=1)[0].partition("/")[0]
    return _nearest_bucket(f"{ahead} {behind}") or ("plain" if theirs else None)


def _nearest_bucket(text: str) -> Bucket | None:
    """The last word counts: "套餐外 …: 国内通用流量" is general; but "夜间国内流量" stays the night's."""
    last: dict[Bucket, int] = {}
    for name, words in _BUCKETS:
        for hit in words.finditer(text):
            last[name] = max(last.get(name, -1), hit.start())
    if not last:
        return None
    end = max(last.values())
    return next(name for name, _ in _BUCKETS if name in last and last[name] >= end - 6)


def heading_of(text: str, current: Bucket) -> Bucket:
    """ "您本月专有网络流量套餐使用情况如下:" speaks of all that follows it."""
    if not _HEADING.search(text):
        return current
    return "restricted" if _BUCKETS[0][1].search(text) else "plain"
