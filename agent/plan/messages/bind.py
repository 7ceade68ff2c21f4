"""Which word a number belongs to: clauses, labels before and behind, and the bucket of data it speaks of. Pure.

A number takes the nearest label of its own clause that no other number stands before; the words for what could be
had ("仅需", "get", "only") count as labels too, so that an offer's number is taken by the offer.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from agent.plan.messages.grammar import Amount
from agent.plan.messages.table import entries
from agent.plan.messages.words import Label, Role, labels, pattern
from modem.frozen import dataclass

Bucket = Literal["plain", "general", "regional", "extra", "restricted"]

_SHORT = r"(?<!\bs\.d)(?<!\bs/d)(?<!\bs\.d\.)(?<!\btgl)(?<!\bpk)(?<!\brs)(?<!\brp)(?<!\bexp)(?<!\bval)(?<!\bbal)"
_SENTENCE = re.compile(
    _SHORT + r"\.(?=\s|$)|" r"[。!?;\n\r]|(?<=\D)(?<!\bs)\.(?=[a-zа-я一-鿿])|(?<=\d)\.(?=[a-z]{3})|\.{2,}|$"
)
_CLAUSE = re.compile(_SHORT + r"\.(?=\s|$)|" r"[,、|](?!\d)|(?<!\d),|[。!?;\n\r]|(?<=\d)\.(?=[a-z]{3})|$")
_ASIDE = re.compile(r"[(（][^()（）\d]{1,30}[)）]")
_COMPONENTS = re.compile(r"其中|包括|including|of which")
_HEADING = re.compile(r"(?:如下|情况|明细)\s?:")
REACH_BEFORE = 45
REACH_BEHIND = 28

WEAK = frozenset(
    entries(
        "for at from free extra promo bonus ab za за от gratis offer offers datenvolumen datenvolumens "
        "inklusivvolumen 套餐流量 月流量 每月流量 of van von su sur dari из 每 享 充 "
        "折 满 返 仅 奖 赠 赠送 购 奖励 领 送 活动 recharge 升级 尊享 畅享 含 共 包含 each credited added received "
        "充值 缴费 订购 办理 开通 抢 使用 用量 usage available over con rest tem noch nog disponible kuota quota "
        "allowance only solo solde"
    )
)
"""Labels that give way to any other of the same clause."""
_FAINT_LEFT = frozenset({"credit", "cr", "pulsa", "airtime", "con", "over", "you have", "tem", "rest", "available"})
_BUCKETS: tuple[tuple[Bucket, re.Pattern[str]], ...] = (
    (
        "restricted",
        pattern(
            entries("其他流量 其它流量 套餐外 超出 定向 专属 专享 专用 专有 闲时 夜间 特殊时段 wlan 视频 音乐 "
                "抖音 "
                "快手 腾讯 "
                "头条 爱奇艺 优酷 微信 校园 港澳 国际 假日 周末 咪咕 免流 免费流量 热点 阅读 游戏 语音 night nights "
                "social whatsapp facebook youtube tiktok instagram weekend roaming video music off-peak malam noche "
                "redes nacht chat multimedia sosmed nocturno nuit ночн~ ночь соц~ roaming~ local lokal")
        ),
    ),
    ("extra", pattern(["结转", "赠送", "赠费", "上月剩余", "carried over", "rollover", "roll over", "bonus~",
    "re:(?<![a-z])free(?! ?(?:msg|message))(?![a-z])",
    "promo~", "бонус~", "gratis", "送", "с прошлого", "last month", "previous"])),
    ("regional", pattern(["省内", "本地", "市内", "本省", "省流量"])),
    ("general", pattern(["国内", "通用", "全国", "全网", "regular", "anytime", "main", "all net"])),
)  # fmt: skip
_OVERALL = re.compile(r"总|共剩|合计|累计|全部|共计|\btotal\b|\boverall\b|(?<!套餐)(?<!包)共(?:有|已)?剩")
_PERCENT_OF = re.compile(r"(?:\d\s?%|%\d{1,3})(?=\D)[^\d,.;(（:]{0,44}\Z")
"""So the amount behind it is the whole: "80% of your 5 GB", "80% пакета интернета 15 ГБ"."""
_PERCENT_AFTER = re.compile(
    r"[^\d,.;:()%]{0,30}?(?<![\d.,])(?:\d{1,3}(?:[.,]\d{1,2})?\s?%|%\d{1,3}(?!\d))(?!\s?(?:off|折|more|extra|bonus))"
)
"""... or before it: "your 2 GB bundle is 90% used", "10GB套餐已使用80%"."""
_LEFT_BETWEEN = re.compile(r"剩|余|left|remain|noch|sisa|остал|остат|кон|queda|rest|kald|con\b|เหลือ")
_LEFT_HEADING = re.compile(
    r"(?:остат\w*|залиш\w*|剩余(?:流量|量|资源)?|余量|remaining|balances?|sisa|restant\w*"
    r"|quedan)[^:;,.。\d]{0,16}:[^:。]*\Z"
)
_MAIN = re.compile(r"\bmain\s?(?:acc\w*|a/c)?\s{0,2}(?:bal\w*)?|\bmain(?=bal)|话费|通用余额")
_OF = re.compile(
    r"\s{0,2}(?:/|of\b|out of\b|von\b|van\b|sur\b|de\b|di\b|su\b|из\b|з\b|dari\b|ze?\b|af\b|av\b|din\b|od\b|iz\b|共"
    r"|\(共)[^\d,.;]{0,20}$"
)


@dataclass(frozen=True, slots=True)
class Bound:
    amount: Amount
    role: Role | None
    label: Label | None
    bucket: Bucket
    sentence: int
    overall: bool
    component: bool = False
    """Named after "其中": part of what stands before it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where sentences and clauses end, in positions of the text."""

    plain: str
    sentence_ends: tuple[int, ...]
    clause_ends: tuple[int, ...]

    def sentence(self, position: int) -> int:
        return bisect_left(self.sentence_ends, position)

    def sentence_start(self, position: int) -> int:
        index = self.sentence(position)
        return self.sentence_ends[index - 1] + 1 if index else 0

    def sentence_end(self, position: int) -> int:
        index = self.sentence(position)
        return self.sentence_ends[index] if index < len(self.sentence_ends) else len(self.plain)

    def clause_start(self, position: int) -> int:
        index = bisect_left(self.clause_ends, position)
        return self.clause_ends[index - 1] + 1 if index else 0

    def clause_end(self, position: int) -> int:
        index = bisect_left(self.clause_ends, position)
        return self.clause_ends[index] if index < len(self.clause_ends) else len(self.plain)

    def sentence_of(self, position: int) -> str:
        return self.plain[self.sentence_start(position) : self.sentence_end(position)]

    def clause_of(self, position: int) -> str:
        return self.plain[self.clause_start(position) : self.clause_end(position)]


def layout(plain: str, taken: Sequence[tuple[int, int]]) -> Layout:
    """Marks inside an amount or a date ("Rs. 100", "31. Dec") end nothing."""
    inside = bytearray(len(plain) + 1)
    for start, end in taken:
        inside[start:end] = b"\x01" * (end - start)
    ends = [
        tuple(hit.start() for hit in one.finditer(plain) if not inside[hit.start()]) for one in (_SENTENCE, _CLAUSE)
    ]
    return Layout(plain, ends[0], ends[1])


def bind(plain: str, amounts: Sequence[Amount], where: Layout) -> list[Bound]:
    """Every amount (in order, not overlapping) with its role, or None where no word claims it."""
    plain = _without_asides(plain)
    words = labels(plain)
    found: list[Bound] = []
    heading: Bucket = "plain"
    for index, amount in enumerate(amounts):
        before = amounts[index - 1].end if index else 0
        after = amounts[index + 1].start if index + 1 < len(amounts) else len(plain)
        heading = _heading(plain[before : amount.start], heading)
        consumed = found[-1].label.end if found and found[-1].label is not None else 0
        label = _label(amount, words, where, max(before, consumed), after)
        role = label.role if label else Role.LEFT if _is_lone_line(plain, amount) else None
        if (
            role is Role.LEFT
            and amount.money is not None
            and _PAST.search(plain, max(before, amount.start - 24), amount.start)
        ):
            role = Role.OTHER
        if (
            role is Role.LEFT
            and amount.money is not None
            and label
            and label.word in _REST
            and not _PURSE.search(plain, where.sentence_start(amount.start), amount.start)
        ):
            role = Role.OTHER
        if role is Role.USED and found and _BEYOND.search(plain, max(before, amount.start - 12), amount.start):
            role = Role.OTHER  # what was used beyond the plan, behind its own figures
        if (found and _is_whole_of(plain, found[-1], amount)) or _is_whole_by_percent(plain, before, amount):
            role = Role.TOTAL
        if (
            role is Role.USED
            and label
            and amount.bytes
            and _SHARE.search(plain, label.end, amount.start)
            and not _OF_MORE.match(plain, amount.end)
        ):
            role = Role.TOTAL  # "da su dung 80% ... (30GB)"
        if role is None and amount.bytes is not None and _is_under_left(plain, amount):
            role = Role.LEFT
        if role is None and found and _goes_on(plain, found[-1], amount):
            role = Role.LEFT
        own = _bucket(plain, amount, label, where, before)
        previous = found[-1] if found and found[-1].sentence == where.sentence(amount.start) else None
        bucket = own or (previous.bucket if previous and previous.amount.bytes is not None else heading)
        if role is None and own and previous and previous.role in (Role.LEFT, Role.USED) and amount.bytes is not None:
            role = previous.role
        window = plain[max(before, where.clause_start(amount.start)) : amount.start]
        found.append(
            Bound(
                amount,
                role,
                label,
                bucket,
                where.sentence(amount.start),
                bool(_OVERALL.search(window)),
                _is_component(plain, where, amount),
            )
        )
    return _with_totals(_with_sums(_with_pairs(found, words, where), words))


_OF_MORE = re.compile(r"\s?(?:/|of|out of|von|de|sur|dari|из)\s?\d")
_SHARE = re.compile(r"(?<!\d)(?!100)\d{1,2}\s?%|%\d{1,2}(?!\d)")


def _goes_on(plain: str, previous: Bound, amount: Amount) -> bool:
    """ "$4.20 credit & 2.5GB data": what is left goes on behind "and", unless a price follows."""
    if previous.role is not Role.LEFT or previous.component:
        return False
    return bool(_AND.fullmatch(plain[previous.amount.end : amount.start])) and not _PRICE.match(plain, amount.end)


_AND = re.compile(
    r"[^\d.;。!?\n]{0,24}(?:&|\+|,|、|\b(?:and|und|et|y|e|dan|va|ve|i|en|og|och)\b|и|і|和|及|و)[\s:]{0,3}(?:(?:your"
    r"|data|internet|you have)\s?:?\s?){0,2}"
)
_PRICE = re.compile(
    r"[^\d.;。!?\n]{0,14}(?:@|=|\bat\b|\bfor\b|\bper\b|\bza\b|\bfur\b|\bpor\b|\bpour\b|仅|只|за)[^\d]{0,6}\d|/"
)


def _with_pairs(found: list[Bound], words: Sequence[Label], where: Layout) -> list[Bound]:
    """ "用量已达90%(27MB/30MB)": part and whole, of what the sentence speaks of."""
    for index in range(1, len(found)):
        part, whole = found[index - 1], found[index]
        if part.role in (Role.LEFT, Role.USED) or part.amount.bytes is None or whole.amount.bytes is None:
            continue
        if whole.amount.bytes < part.amount.bytes or not _SLASH.fullmatch(
            where.plain[part.amount.end : whole.amount.start]
        ):
            continue
        start = where.sentence_start(part.amount.start)
        told = [one for one in words if one.role in (Role.LEFT, Role.USED) and start <= one.start < part.amount.start]
        if told:
            found[index - 1] = replace(part, role=told[-1].role, component=False)
            found[index] = replace(whole, role=Role.TOTAL, component=False)
    return found


_SLASH = re.compile(r"\s?/\s?")
_REST = frozenset(entries("剩余 剩馀 还剩 尚剩 仅剩 只剩 剩 尚余 余下 可使用 可用 未使用 未用"))
_PURSE = re.compile(r"话费|余额|账户|帐户|资金|预存|通用|现金|卡内|卡号|本机|手机|结余|号码(?!.*发票)")
"""What a rest of money is the rest of: "电子发票额度剩余200元" is none of ours."""
_BEYOND = re.compile(r"套餐外|超出|超套")
_PAST = re.compile(r"上个?月|上期|期初|月初|\d月末|\blast month|\bprevious|\bopening")
"""What was left then is not what is left now."""


def _with_sums(found: list[Bound], words: Sequence[Label]) -> list[Bound]:
    """ "国内流量30GB已用29.5GB仅剩0.5GB": where two make up the first, it is the whole, whatever word is nearest."""
    _with_overall(found)
    done = 0
    for index in range(len(found) - 2):
        whole, one, other = found[index : index + 3]
        sizes = [each.amount.bytes for each in (whole, one, other)]
        if None in sizes or not sizes[0] or abs(sizes[0] - (sizes[1] or 0) - (sizes[2] or 0)) > sizes[0] * 0.006:
            continue
        if index < done or other.amount.start - whole.amount.end > 60:
            continue
        first = _said(words, whole.amount.end, one.amount.start)
        second = _said(words, one.amount.end, other.amount.start)
        if {first, second} == {Role.USED, Role.LEFT} and first is not None and second is not None:
            bucket, done = whole.bucket, index + 3
            found[index] = replace(whole, role=Role.TOTAL, component=False)
            found[index + 1] = replace(one, role=first, bucket=bucket, component=False)
            found[index + 2] = replace(other, role=second, bucket=bucket, component=False)
    return found


def _with_overall(found: list[Bound]) -> None:
    """ "国内可用8.8GB,省内可用2GB,共10.8GB": what two of one kind make up is the overall of that kind."""
    for index in range(len(found) - 2):
        one, other, both = found[index : index + 3]
        first, second, whole = one.amount.bytes, other.amount.bytes, both.amount.bytes
        if not first or not second or whole is None or one.role is not other.role:
            continue
        if one.role in (Role.LEFT, Role.USED) and abs(whole - first - second) <= whole // 200:
            found[index + 2] = replace(both, role=one.role, overall=True, bucket="plain", component=False)


def _said(words: Sequence[Label], start: int, end: int) -> Role | None:
    """The last word for used or left between two numbers."""
    told = [one.role for one in words if start <= one.start and one.end <= end and one.role in (Role.USED, Role.LEFT)]
    return told[-1] if told else None


def _is_whole_by_percent(plain: str, before: int, amount: Amount) -> bool:
    """ "75 % of your 10 GB", "3 GB ist zu 80 % verbraucht"."""
    if amount.bytes is None:
        return False
    ahead = _PERCENT_OF.search(plain[before : amount.start])
    behind = _PERCENT_AFTER.match(plain, amount.end)
    said = (ahead and ahead.group()) or (behind and behind.group())
    return bool(said) and not _LEFT_BETWEEN.search(str(said))


def _is_under_left(plain: str, amount: Amount) -> bool:
    """ "Остатки пакетов: безлимит на сеть; 5120 МБ": a heading that says what the whole list is."""
    start = max(plain.rfind(mark, 0, amount.start) for mark in (". ", "。", "!", "\n"))
    return bool(_LEFT_HEADING.search(plain[max(0, start, amount.start - 120) : amount.start]))


def _is_lone_line(plain: str, amount: Amount) -> bool:
    """ "IMSI:…\\n USD:5.87\\n Num#:…": in a short status, money that has a line to itself is the balance."""
    if amount.money is None or len(plain) > 100 or plain.count("\n") not in (1, 2, 3):
        return False
    start, end = plain.rfind("\n", 0, amount.start) + 1, plain.find("\n", amount.end)
    line = plain[start:end] if end >= 0 else plain[start:]
    return line.strip(" .\r") == plain[amount.start : amount.end].strip()


def _is_component(plain: str, where: Layout, amount: Amount) -> bool:
    start = where.sentence_start(amount.start)
    in_brackets = plain.rfind("(", start, amount.start) > plain.rfind(")", start, amount.start)
    return in_brackets or bool(_COMPONENTS.search(plain, start, amount.start))


def _without_asides(plain: str) -> str:
    return _ASIDE.sub(lambda hit: " " * len(hit.group()), plain)


def _label(amount: Amount, words: Sequence[Label], where: Layout, before: int, after: int) -> Label | None:
    ahead = _preceding(amount, words, where, before)
    behind = _following(amount, words, where, after)
    if ahead is None or behind is None:
        return ahead or behind
    if ahead.role is Role.PAID and behind.word in _FAINT_LEFT:
        return ahead
    if behind.role is Role.PAID and ahead.role is Role.LEFT and ahead.word in _FAINT_LEFT:
        return behind
    if ahead.word in WEAK and behind.role in (Role.LEFT, Role.USED) and behind.word not in WEAK:
        return behind
    penalty = 15 if where.clause_start(ahead.start) != where.clause_start(amount.start) else 0
    return (
        ahead if amount.start - ahead.end + penalty <= behind.start - amount.end + 2 or behind.word in WEAK else behind
    )


def _preceding(amount: Amount, words: Sequence[Label], where: Layout, before: int) -> Label | None:
    floor = max(before, where.sentence_start(amount.start), amount.start - REACH_BEFORE)
    near = [one for one in words if floor <= one.start and one.end <= amount.start]
    if amount.money is not None and any(one.role is Role.LEFT for one in near):  # "guthaben fast aufgebraucht: 0,35"
        near = [one for one in near if one.role is not Role.USED or not one.word.isascii()]
    clause = where.clause_start(amount.start)
    for group in ([one for one in near if one.start >= clause], [one for one in near if one.start < clause]):
        strong = [one for one in group if one.word not in WEAK]
        if len(strong) > 1 and strong[-1].word in _FAINT_LEFT and strong[-2].role is Role.PAID:
            return strong[-2]  # "TOPUP pulsa Rp50000": what was paid in
        if group and (strong or group[-1].start >= clause):  # a weak word reaches no other clause's number
            return strong[-1] if strong else group[-1]
    return None


def _following(amount: Amount, words: Sequence[Label], where: Layout, after: int) -> Label | None:
    end = min(where.clause_end(amount.end), after, amount.end + REACH_BEHIND)
    near = [one for one in words if one.start >= amount.end and one.end <= end]
    if not near:
        return None
    first = near[0]
    chinese = not first.word.isascii() and ord(first.word[0]) >= 0x2E80
    if (chinese or first.word in _STANDS_BEFORE) and after < len(where.plain) and where.clause_end(first.end) >= after:
        return None  # Chinese words stand before their number: "2GB流量包剩余流量1.36GB"
    if (
        after < len(where.plain)
        and after - first.end <= 9
        and re.match(r"(?:\s?(?:is|es|est|ist|e|adalah|ialah|je|:|=))?\s{0,2}\Z", where.plain[first.end : after])
        and first.start > amount.end + 1
    ):
        return None  # "5GB anda tinggal 500MB": the word stands before the next number
    if first.word in _FAINT_LEFT and len(near) > 1 and near[1].role is Role.PAID:
        return near[1]
    if chinese and first.start - amount.end > 4:
        return None
    strong = next((one for one in near if one.word not in WEAK), first)
    return strong if strong.role in (Role.LEFT, Role.USED, Role.TOTAL, Role.PAID, Role.OTHER) else None


_STANDS_BEFORE = frozenset(
    {*entries("noch nog sisa tinggal con reste restent quedan restam kalan salio baki"), "out of"}
)


def _is_whole_of(plain: str, part: Bound, amount: Amount) -> bool:
    """ "2.5 GB of 5 GB", "3GB/5GB": the second is the whole."""
    if part.role not in (Role.LEFT, Role.USED) or amount.bytes is None or part.amount.bytes is None:
        return False
    return amount.bytes >= part.amount.bytes and bool(_OF.fullmatch(plain[part.amount.end : amount.start]))


def _bucket(plain: str, amount: Amount, label: Label | None, where: Layout, before: int) -> Bucket | None:
    """The bucket that the words around name; what follows in brackets is another figure."""
    if amount.money is not None and label is not None and _MAIN.search(plain, max(before, label.start - 16), label.end):
        return "general"
    ahead = plain[max(before, where.sentence_start(amount.start)) : amount.start]
    clause_end = where.clause_end(amount.end)
    reach = clause_end if label is not None and label.start >= amount.end else min(clause_end, amount.end + 12)
    behind = plain[amount.end : reach].partition("(")[0]
    return _nearest_bucket(f"{ahead} {behind}")


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


def _heading(text: str, current: Bucket) -> Bucket:
    """ "您本月专有网络流量套餐使用情况如下:" speaks of all that follows it."""
    if not _HEADING.search(text):
        return current
    return "restricted" if _BUCKETS[0][1].search(text) else "plain"


def _with_totals(found: list[Bound]) -> list[Bound]:
    """ "国内通用流量10GB,剩余7.90GB": bytes that no word claims, before used or left ones, are the whole."""
    return [
        replace(one, role=Role.TOTAL) if _leads(one, found[index + 1 :]) else one for index, one in enumerate(found)
    ]


def _leads(one: Bound, later: Sequence[Bound]) -> bool:
    faint = one.role is Role.OFFER and one.label is not None and one.label.word in WEAK
    if (one.role is not None and not faint) or one.amount.bytes is None or one.amount.rate:
        return False
    following = next((other for other in later if other.amount.bytes is not None), None)
    return (
        following is not None
        and following.sentence == one.sentence
        and following.role in (Role.USED, Role.LEFT)
        and (following.amount.bytes or 0) <= one.amount.bytes
    )


def of_role(found: Sequence[Bound], role: Role) -> Iterator[Bound]:
    return (one for one in found if one.role is role and not one.amount.rate)
