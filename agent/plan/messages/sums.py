"""Part and whole among the numbers: "2.5 of 5 GB", "80 % of 5 GB", two that make up a third. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agent.plan.messages.bound import Bound
from agent.plan.messages.choose import is_bare_word
from agent.plan.messages.grammar import Amount
from agent.plan.messages.layout import Layout
from agent.plan.messages.nearest import HAVE, WEAK
from agent.plan.messages.words import Label, Role

_OF = re.compile(
    r"\s{0,2}(?:[a-z]{1,12}\s){0,4}(?:/|of\b|ihre[rs]\b|deine[rs]\b"
    r"|ton\b|jouw\b|out of\b|von\b|van\b|sur\b|de\b|di\b|su\b|из\b|із\b|з\b|dari\b|ze?\b|af\b"
    r"|av\b|din\b|od\b|iz\b|d[oae]s\b|del\b|dei\b|dintre\b|(?:on|from|in) (?:your|ur|the|this)\b|от\b|од\b|של\b|מתוך"
    r"|من\b|از\b"
    r"|จาก|共"
    r"|\(共)[^\d,.;&]{0,20}$"
)


_OWN_WORD = re.compile(r"剩|余|已用|已使用|总|国内|省[内外]|定向|通用|专属")


def is_whole_of(plain: str, part: Bound, amount: Amount) -> bool:
    """ "2.5 GB of 5 GB", "3GB/5GB": the second is the whole."""
    if part.role not in (Role.LEFT, Role.USED) or amount.bytes is None or part.amount.bytes is None:
        return False
    between = plain[part.amount.end : amount.start]
    return amount.bytes >= part.amount.bytes and bool(_OF.fullmatch(between)) and not _OWN_WORD.search(between)


_PERCENT_OF = re.compile(r"(?:\d\s?%|%\d{1,3})(?=\D)(?:[^\d,.;(（:]{0,44}|[^\d,.;(（:]{4,44}[(（]\s?)\Z")
"""So the amount behind it is the whole: "80% of your 5 GB", "80% пакета интернета 15 ГБ"."""

_PERCENT_AFTER = re.compile(
    r"\)?[^\d,.;:()%]{0,30}?(?<![\d.,])(?:\d{1,3}(?:[.,]\d{1,2})?\s?%|%\d{1,3}(?!\d))(?!\s?(?:off|折|more|extra|bonus))"
)
"""... or before it: "your 2 GB bundle is 90% used", "10GB套餐已使用80%"."""

_LEFT_BETWEEN = re.compile(r"剩|余|left|remain|noch|sisa|остал|остат|кон|queda|rest|kald|con\b|เหลือ")


def is_whole_by_percent(plain: str, before: int, amount: Amount) -> bool:
    """ "75 % of your 10 GB", "3 GB ist zu 80 % verbraucht"."""
    if amount.bytes is None:
        return False
    ahead = _PERCENT_OF.search(plain[before : amount.start])
    if ahead and ahead.group().rstrip()[-1:] in "(（" and plain[amount.end : amount.end + 1] not in (")", "）"):
        ahead = None  # "80% of its data volume (400 MB of 500 MB)"
    behind = _PERCENT_AFTER.match(plain, amount.end)
    said = (ahead and ahead.group()) or (behind and behind.group())
    return bool(said) and not _LEFT_BETWEEN.search(str(said))


def with_pairs(found: list[Bound], words: Sequence[Label], where: Layout) -> list[Bound]:
    """ "用量已达90%(27MB/30MB)": part and whole, of what the sentence speaks of."""
    found = _with_verbs_behind(found, words, where)
    for index in range(1, len(found)):
        part, whole = found[index - 1], found[index]
        if part.amount.bytes is None or whole.amount.bytes is None:
            continue
        between = where.plain[part.amount.end : whole.amount.start]
        if _WITHIN.fullmatch(between) and whole.amount.bytes <= part.amount.bytes:  # the first is the whole here
            said = _said(words, part.amount.end, whole.amount.start) or _said_ahead(words, where, part)
            if said is not None:
                found[index - 1] = replace(part, role=Role.TOTAL, component=False)
                found[index] = replace(whole, role=said, component=False)
                continue
        if part.role in (Role.LEFT, Role.USED):
            continue
        if whole.role in (Role.LEFT, Role.USED) and whole.amount.bytes >= part.amount.bytes and _OF.fullmatch(between):
            found[index - 1] = replace(part, role=whole.role, component=False)  # "1.5 GB of 5 GB used"
            found[index] = replace(whole, role=Role.TOTAL, component=False)
            continue
        if whole.amount.bytes < part.amount.bytes or not (_SLASH.fullmatch(between) or _OF.fullmatch(between)):
            continue
        start, end = where.sentence_start(part.amount.start), where.clause_end(whole.amount.end)
        told = [one for one in words if one.role in (Role.LEFT, Role.USED) and start <= one.start < part.amount.start]
        told = (
            told
            or [one for one in words if one.role in (Role.USED, Role.LEFT) and whole.amount.end <= one.start < end][:1]
        )  # "450 MB von 2 GB Ihres Datenpakets verbraucht"
        if not told and _QUOTA_OF.search(where.plain, 0, found[0].amount.start):
            found[index - 1] = replace(part, role=Role.LEFT, component=False)
            found[index] = replace(whole, role=Role.TOTAL, component=False)
        if told:
            role = Role.USED if _is_rest_of_both(found, index) else told[-1].role
            found[index - 1] = replace(part, role=role, component=False)
            found[index] = replace(whole, role=Role.TOTAL, component=False)
    return found


def _with_verbs_behind(found: Sequence[Bound], words: Sequence[Label], where: Layout) -> list[Bound]:
    behind = [_said_behind(part, whole, words, where) for part, whole in pairwise(found)]
    parts = [
        one if said is None else replace(one, role=said.role, label=said)
        for one, said in zip(found, behind, strict=False)
    ]
    return [*parts, *found[-1:]]


def _said_behind(part: Bound, whole: Bound, words: Sequence[Label], where: Layout) -> Label | None:
    """ "Je hebt 3,1 GB van de 10 GB verbruikt", "Daten: 5,5 GB von 20 GB noch frei": the verb stands behind both."""
    if part.role is not Role.LEFT or whole.role is not Role.TOTAL or part.label is None:
        return None
    end = where.clause_end(whole.amount.end)
    told = [one for one in words if whole.amount.end <= one.start < end and one.role in (Role.USED, Role.LEFT)]
    noun = HAVE.match(part.label.word) or is_bare_word(part.label.word)
    return told[0] if noun and told else None


def _is_rest_of_both(found: Sequence[Bound], index: int) -> bool:
    """ "6.5GB/10GB(剩3.5GB)": what is left is told behind them, so the first is what is used."""
    part, whole = found[index - 1].amount.bytes, found[index].amount.bytes
    rest = found[index + 1] if index + 1 < len(found) else None
    if rest is None or rest.role is not Role.LEFT or rest.amount.bytes is None or not part or not whole:
        return False
    return abs(whole - part - rest.amount.bytes) <= whole // 200


_QUOTA_OF = re.compile(r"\b(?:info|sisa|cek|status) (?:kuota|quota)\b|\b(?:remaining|balance|available)\b\W{0,3}$")
""" "Info Kuota:\nMain Quota 10.52GB/30GB": what is left of each bucket."""
_SLASH = re.compile(r"\s?/\s?")
_WITHIN = re.compile(
    r"\s?的?(?:套餐|国内|通用)?(?:流量|额度)?(?:之|当)?[中内里](?:的|已|还|尚|仅|嘅|使|用|剩|余|有|了|掉|去|未|约){0,6}\s?"
)
""" "10GB中的6.5GB", "10GB流量中还剩3.5GB"."""


def _said_ahead(words: Sequence[Label], where: Layout, part: Bound) -> Role | None:
    """ "已使用套餐流量10GB中的6.5GB"."""
    start = where.clause_start(part.amount.start)
    told = [one.role for one in words if start <= one.start < part.amount.start and one.role in (Role.USED, Role.LEFT)]
    return told[-1] if told else None


def with_sums(found: list[Bound], words: Sequence[Label]) -> list[Bound]:
    """ "国内流量30GB已用29.5GB仅剩0.5GB": where two make up the first, it is the whole, whatever word is nearest."""
    _with_overall(found)
    _with_whole_behind(found)
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


def _with_whole_behind(found: list[Bound]) -> None:
    """ "Data used: 1.2GB. Data left: 0.3GB. Daily limit: 1.5GB": both make up the whole, whatever it is called."""
    for index in range(len(found) - 2):
        one, other, whole = found[index : index + 3]
        if {one.role, other.role} != {Role.USED, Role.LEFT} or whole.role in (Role.USED, Role.LEFT):
            continue
        sizes = one.amount.bytes, other.amount.bytes, whole.amount.bytes
        if None not in sizes and sizes[2] and abs(sizes[2] - (sizes[0] or 0) - (sizes[1] or 0)) <= sizes[2] * 0.006:
            found[index + 2] = replace(whole, role=Role.TOTAL, amount=replace(whole.amount, rate=False))


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


def with_totals(found: list[Bound]) -> list[Bound]:
    """ "国内通用流量10GB,剩余7.90GB": bytes that no word claims, before used or left ones, are the whole."""
    return [
        replace(one, role=Role.TOTAL) if _leads(one, found[index + 1 :]) else one for index, one in enumerate(found)
    ]


def _leads(one: Bound, later: Sequence[Bound]) -> bool:
    faint = one.role is Role.OFFER and one.label is not None and one.label.word in WEAK
    faint = faint or (one.role is Role.LEFT and one.label is not None and one.label.word.startswith("kuota"))
    if (one.role is not None and not faint) or one.component or one.amount.bytes is None or one.amount.rate:
        return False
    following = next((other for other in later if other.amount.bytes is not None), None)
    return (
        following is not None
        and following.sentence == one.sentence
        and following.role in (Role.USED, Role.LEFT)
        and (following.amount.bytes or 0) <= one.amount.bytes
    )
