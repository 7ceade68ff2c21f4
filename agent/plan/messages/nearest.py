"""The label a number takes: the nearest of its own clause, weak words give way, before or behind it. Pure."""

import re
from collections.abc import Sequence

from agent.plan.messages.grammar import Amount
from agent.plan.messages.layout import Layout
from agent.plan.messages.table import entries
from agent.plan.messages.words import Label, Role

REACH_BEFORE = 45

REACH_BEHIND = 28

_VERB_LAST = re.compile(r"\s?[آ-یऀ-৿]")
"""Persian, Urdu, Hindi, Bengali: what became of it ends the sentence."""

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

FAINT_LEFT = frozenset(
    {"credit", "kredit", "cr", "pulsa", "airtime", "con", "over", "you have", "tem", "rest", "available"}
)

_STANDS_BEFORE = frozenset(
    {
        *entries(
            "noch nog sisa tinggal con reste restent quedan restam kalan salio baki zbyva zbyvaji zostava zbyvajici "
            "осталось pozostalo zostalo pozostaje "
            "остается залишилось preostalo"
        ),
        "out of",
    }
)


HAVE = re.compile(
    r"(?:du |u |je |jij |sie |har )?(?:hast|haben|hebt|heeft|har|masz|mate|imate|hai|ai|tem|tens|tienes|avez|εχετε"
    r"|du)\b"
    r"|(?:vous|you) (?:avez|have)"
)
""" "Sie haben 3 GB verbraucht": what becomes of it is said behind."""


_LEADS_TO_A_WHOLE = frozenset(entries("of von van de di su sur dari из"))
"""What they name stands behind them: "1.9GB of data" is no whole."""


def nearest(amount: Amount, words: Sequence[Label], where: Layout, before: int, after: int) -> Label | None:
    ahead = _preceding(amount, words, where, before)
    behind = _following(amount, words, where, after)
    if ahead is None or behind is None:
        return ahead or behind
    if HAVE.match(ahead.word) and (said := _participle(amount, words, where, after)):
        return said
    if ahead.role is Role.PAID and behind.word in FAINT_LEFT:
        return ahead
    if behind.role is Role.PAID and ahead.role is Role.LEFT and ahead.word in FAINT_LEFT:
        return behind
    if (
        ahead.word.endswith((":", "="))
        and ahead.role is Role.LEFT
        and behind.role in (Role.LEFT, Role.USED)
        and behind.start - amount.end <= 1
    ):
        return behind  # "Internet: 3 Go restants": the noun is no label, its state is
    if ahead.word in WEAK and behind.role in (Role.LEFT, Role.USED) and behind.word not in WEAK:
        return behind
    penalty = 15 if where.clause_start(ahead.start) != where.clause_start(amount.start) else 0
    return (
        ahead if amount.start - ahead.end + penalty <= behind.start - amount.end + 2 or behind.word in WEAK else behind
    )


def _participle(amount: Amount, words: Sequence[Label], where: Layout, after: int) -> Label | None:
    end = min(where.clause_end(amount.end), after)
    roles = (Role.USED, Role.LEFT, Role.PAID)
    return next((one for one in words if amount.end <= one.start and one.end <= end and one.role in roles), None)


def _preceding(amount: Amount, words: Sequence[Label], where: Layout, before: int) -> Label | None:
    floor = max(before, where.sentence_start(amount.start), amount.start - REACH_BEFORE)
    near = [one for one in words if floor <= one.start and one.end <= amount.start]
    near = [one for one in near if one.word not in _STILL or not _DAYS.search(where.plain, one.end, amount.start)]
    if amount.money is not None and any(one.role is Role.LEFT for one in near):  # "guthaben fast aufgebraucht: 0,35"
        near = [one for one in near if one.role is not Role.USED or not one.word.isascii()]
    clause = where.clause_start(amount.start)
    for group in ([one for one in near if one.start >= clause], [one for one in near if one.start < clause]):
        strong = [one for one in group if one.word not in WEAK]
        if len(strong) > 1 and _is_bare(strong[-1], strong[-2]):
            return strong[-2]  # "remaining anytime data 1,204 MB"
        if len(strong) > 1 and strong[-1].word in FAINT_LEFT and strong[-2].role is Role.PAID:
            return strong[-2]  # "TOPUP pulsa Rp50000": what was paid in
        if group and (strong or group[-1].start >= clause):  # a weak word reaches no other clause's number
            return strong[-1] if strong else group[-1]
    return None


_STILL = frozenset(entries("nog noch plus encore reste restent осталось залишилось quedan restam zostaly"))
_DAYS = re.compile(r"\d\s(?:dagen|tage|jours|dias|giorni|dni|zile|дн\w{1,3}|days)\b")
""" "Nog 2 dagen: 10 GB extra": days are left."""


def _is_bare(noun: Label, word: Label) -> bool:
    """Whether a noun with its colon only follows what says that something is left."""
    near = 0 <= noun.start - word.end <= 16
    bare = noun.role is Role.LEFT and noun.word.endswith((" ", ":", "="))
    return near and bare and word.role in (Role.LEFT, Role.USED)


def _following(amount: Amount, words: Sequence[Label], where: Layout, after: int) -> Label | None:
    reach = REACH_BEHIND + (16 if _VERB_LAST.match(where.plain, amount.end) else 0)
    end = min(where.clause_end(amount.end), after, amount.end + reach)
    near = [one for one in words if one.start >= amount.end and one.end <= end and one.word not in _LEADS_TO_A_WHOLE]
    if not near:
        return None
    first = near[0]
    chinese = not first.word.isascii() and (ord(first.word[0]) >= 0x2E80 or "ก" <= first.word[0] <= "๛")
    if (chinese or first.word in _STANDS_BEFORE) and after < len(where.plain) and where.clause_end(first.end) >= after:
        return None  # Chinese words stand before their number: "2GB流量包剩余流量1.36GB"
    if (
        after < len(where.plain)
        and after - first.end <= 9
        and re.match(r"(?:\s?(?:is|es|est|ist|e|adalah|ialah|je|:|=))?\s{0,2}\Z", where.plain[first.end : after])
        and first.start > amount.end + 1
    ):
        return None  # "5GB anda tinggal 500MB": the word stands before the next number
    if first.word in FAINT_LEFT and len(near) > 1 and near[1].role is Role.PAID:
        return near[1]
    if chinese and first.start - amount.end > 4:
        return None
    strong = next((one for one in near if one.word not in WEAK), first)
    if strong.role is Role.OWED:
        return strong if strong.word.isascii() else None
    return strong if strong.role in (Role.LEFT, Role.USED, Role.TOTAL, Role.PAID, Role.OTHER) else None
