"""Which word a number belongs to: clauses, labels before and behind, and the bucket of data it speaks of. Pure.

A number takes the nearest label of its own clause that no other number stands before; the words for what could be
had ("仅需", "get", "only") count as labels too, so that an offer's number is taken by the offer.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.plan.messages import choose
from agent.plan.messages.bound import Bound, Bucket
from agent.plan.messages.buckets import bucket_of, heading_of
from agent.plan.messages.grammar import Amount
from agent.plan.messages.layout import Layout
from agent.plan.messages.nearest import nearest
from agent.plan.messages.offers import without_offers
from agent.plan.messages.sums import is_whole_by_percent, is_whole_of, with_pairs, with_sums, with_totals
from agent.plan.messages.table import entries
from agent.plan.messages.tables import columns
from agent.plan.messages.words import Label, Role, labels

_IS_TOLD_NEXT = re.compile(r"[^,。;\d]{0,6}(?:剩|余|已用|已使用)")
"""Of this bucket its rest or use stands behind it: "通用流量10GB剩余0.9GB"."""

_ASIDE = re.compile(r"[(（][^()（）\d]{1,30}[)）]")

_COMPONENTS = re.compile(r"其中|包括|including|of which")

_OVERALL = re.compile(r"总|共剩|合计|累计|全部|共计|\btotal\b|\boverall\b|(?<!套餐)(?<!包)共(?:有|已)?剩")

_LEFT_HEADING = re.compile(
    r"(?:остат\w*|залиш\w*|剩余(?:流量|量|资源)?|余量|remaining|balances?|sisa|restant\w*"
    r"|quedan)[^:;,.。\d]{0,16}:[^:。]*\Z"
)


def bind(plain: str, amounts: Sequence[Amount], where: Layout) -> list[Bound]:
    """Every amount (in order, not overlapping) with its role, or None where no word claims it."""
    plain = _without_asides(plain)
    words = labels(plain)
    amounts = [one for one in amounts if one.money is None or not _OF_A_PACK.match(plain, one.end)]
    found: list[Bound] = []
    heading: Bucket = "plain"
    for index, amount in enumerate(amounts):
        before = amounts[index - 1].end if index else 0
        after = amounts[index + 1].start if index + 1 < len(amounts) else len(plain)
        heading = heading_of(plain[before : amount.start], heading)
        consumed = found[-1].label.end if found and found[-1].label is not None else 0
        label = nearest(amount, words, where, max(before, consumed), after)
        found.append(_bound(plain, amount, label, where, found, before, heading))
    by_column = columns(plain, amounts)
    found = [replace(one, role=by_column.get(one.amount.start, one.role)) for one in without_offers(plain, found)]
    return with_totals(with_sums(with_pairs(found, words, where), words))


def _bound(
    plain: str,
    amount: Amount,
    label: Label | None,
    where: Layout,
    found: Sequence[Bound],
    before: int,
    heading: Bucket,
) -> Bound:
    """One number with what its label, its neighbours and the words between them make of it; `before`: where the
    number ahead of it ends."""
    role = _said_of_whole(plain, label) if label else Role.LEFT if _is_lone_line(plain, amount) else None
    role = _corrected(role, plain, amount, label, where, found, before)
    if role is None and amount.bytes is not None and _is_under_left(plain, amount):
        role = Role.LEFT
    if role is None and amount.bytes is not None and _LISTED.match(plain, amount.end):
        role = Role.LEFT
    if role is None and found and _goes_on(plain, found[-1], amount):
        role = Role.LEFT
    if _claims_little(role, label) and _is_row(plain, amount):
        role, label = Role.LEFT, None
    own = bucket_of(plain, amount, label, where, before)
    sentence = where.sentence(amount.start)
    previous = found[-1] if found and found[-1].sentence == sentence else None
    ahead = next((one for one in reversed(found) if one.amount.money is None), None)  # "…,超出0.29元/M" is no bucket
    if amount.money is not None and previous is not None and previous.amount.money is not None:
        ahead = None  # "超出套餐1.2GB,产生费用6元,余额3.5元": the purse is no bucket's
    bucket = own or (ahead.bucket if previous and ahead and ahead.sentence == sentence else heading)
    listed = own and previous and previous.role in (Role.LEFT, Role.USED) and amount.bytes is not None
    if role is None and listed and previous and not _IS_TOLD_NEXT.match(plain, amount.end):
        role = previous.role
    window = plain[max(before, where.clause_start(amount.start)) : amount.start]
    overall = bool(_OVERALL.search(window))
    return Bound(amount, role, label, bucket, sentence, overall, _is_component(plain, where, amount))


def _said_of_whole(plain: str, label: Label) -> Role:
    """ "已使用的流量总和为910MB" is used, whatever its word for a sum says by itself."""
    if label.role is not Role.TOTAL:
        return label.role
    told = _OF_A_SUM.search(plain[max(0, label.start - 8) : label.start])
    return label.role if told is None else Role.LEFT if told["left"] else Role.USED


_OF_A_SUM = re.compile(r"(?:(?P<left>剩余?|余下)|已?使用|已用)的?(?:数据|国内|通用)?(?:流量)?\Z")


def _corrected(
    role: Role | None,
    plain: str,
    amount: Amount,
    label: Label | None,
    where: Layout,
    found: Sequence[Bound],
    before: int,
) -> Role | None:
    """What the nearest word says, unless the words around say better."""
    if role is Role.LEFT and amount.money is not None and _is_other_money(plain, amount, label, where, before):
        role = Role.OTHER
    if role is Role.LEFT and amount.bytes is not None and _is_for_sale(plain, amount, label):
        return Role.OFFER
    if amount.money is not None and (
        (found and _is_real_after_threshold(plain, found[-1], amount)) or _is_what_is_too_little(plain, amount, label)
    ):
        return Role.LEFT
    if amount.money is not None and role is not Role.OWED and _is_debt(plain, amount, where, found, before):
        return Role.OWED
    if amount.bytes is not None and _LESS_THAN_SHARE.search(plain, max(0, amount.start - 18), amount.start):
        return Role.LEFT
    if role is Role.USED and found and _BEYOND.search(plain, max(before, amount.start - 12), amount.start):
        role = Role.OTHER  # what was used beyond the plan, behind its own figures
    if (found and is_whole_of(plain, found[-1], amount)) or is_whole_by_percent(plain, before, amount):
        return Role.TOTAL
    if role is Role.USED and label and amount.bytes and _is_whole_behind_share(plain, amount, label):
        return Role.TOTAL
    return role


def _is_other_money(plain: str, amount: Amount, label: Label | None, where: Layout, before: int) -> bool:
    """What was left last month, or is left of something that is no purse."""
    if _PAST.search(plain, max(before, amount.start - 24), amount.start):
        return True
    start = where.sentence_start(amount.start)
    if label is not None and label.word.startswith("变") and not _PURSE.search(plain, start, amount.start):
        return True  # "套餐已由39元变更为59元"
    return label is not None and label.word in _REST and not _PURSE.search(plain, start, amount.start)


def _is_for_sale(plain: str, amount: Amount, label: Label | None) -> bool:
    """ "5GB esta disponible por $20.000": what is to be had has a price behind it."""
    return bool(_FOR_MONEY.match(plain, max(amount.end, label.end if label else 0)))


_OF_A_PACK = re.compile(
    r"(?:/-)? (?:data |unlimited |prepaid |monthly |combo |internet )?(?:pack|plan|bundle|voucher|add-?on"
    r"|booster)(?![a-z])"
    r"(?! (?:balance|bal)\b)"
)
""" "your Rs 299 pack": its price."""
_FOR_MONEY = re.compile(
    r"\s?(?:в подарок|у подарунок|de regalo|in regalo|en cadeau|hediye|de brinde|cadou|darmo)\b"
    r"|\s?(?:bijkopen )?(?:por|for|at|za|voor"
    r"|pour|fur|per|a soli|a solo|a|@|za jedyne|untuk|dengan harga)\s(?:only |just |solo |nur "
    r"|apenas |r)?"
    r"(?:[$€£₦₹]\s?\d|\d[\d.,]{0,9}\s?(?:[$€£₦₹]|(?:eur|euros?|usd|zl|lei|kr|tl|rub|р|руб|грн)\b)|(?:rs|rp|ksh|kes|tsh|ugx|ghs"
    r"|ngn|n|p|php|r|rm|tk|k|us\$)\.?\s?\d)"
)


def _is_real_after_threshold(plain: str, previous: Bound, amount: Amount) -> bool:
    """ "余额已低于1元,当前0.83元", "余额已不足5元(4.12元)": a threshold, then what the balance is."""
    if previous.amount.money is None or previous.role is not Role.OTHER or previous.label is None:
        return False
    return bool(
        _REAL.fullmatch(plain[previous.amount.end : amount.start])
        and _BALANCE_BEFORE.search(plain[max(0, previous.label.start - 8) : previous.label.start])
    )


def _is_what_is_too_little(plain: str, amount: Amount, label: Label | None) -> bool:
    """ "余额不足(当前-0.65元)": no threshold at all, what the balance is."""
    return (
        label is not None
        and label.role is Role.OTHER
        and label.end < amount.start
        and bool(_REAL.fullmatch(plain[label.end : amount.start]))
        and bool(_BALANCE_BEFORE.search(plain[max(0, label.start - 8) : label.start]))
    )


_REAL = re.compile(r"元?(?:以下)?[,(:]\s?(?:当前|目前|现在|现有|现|剩余?|仅剩?|仅有)?(?:余额)?(?:仅)?[为是:]?\s?")
_LESS_THAN_SHARE = re.compile(r"剩余?[^,。;(]{0,4}不[足到]\d{1,2}%[(,]约?\Z")
""" "剩余不足10%(3MB)"."""
_BALANCE_BEFORE = re.compile(r"(?:余额|话费|账户)[^,。;]{0,3}\Z")


def _is_debt(plain: str, amount: Amount, where: Layout, found: Sequence[Bound], before: int) -> bool:
    """ "您已欠费停机,应缴金额32.5元": what is to be paid, where the words ahead say that something is owed."""
    if any(one.role is Role.OWED for one in found):
        return False
    if _UNPAID.match(plain, amount.end) and _A_FEE.search(plain, max(before, amount.start - 14), amount.start + 12):
        return True
    if not _TO_PAY.search(plain, max(before, amount.start - 14), amount.start):
        return False
    ahead = plain[max(0, where.sentence_start(amount.start) - 40) : amount.start]
    return bool(_IN_DEBT.search(ahead)) and _OFFERED.search(ahead) is None


_UNPAID = re.compile(
    r"(?:的?(?:话费|月费|账单|费用))?,?(?:目前|现|至今)?(?:已逾期|逾期未|仍?未[缴交付]|尚未(?:[缴交付支]))"
)
_A_FEE = re.compile(r"话费|(?<!套餐)月费|账单|[应待][缴付交](?!流量|通|年|服务)")
""" "应缴话费43.50元,已逾期", "45.20元话费未缴"."""
_TO_PAY = re.compile(
    r"(?:应[缴交付]|需[缴交]|待[缴交]|补[缴交]|缴清|结清|共计|合计|金额)(?:金额|费用|话费|款)?(?:为|是|:)?\s?\Z"
)
_IN_DEBT = re.compile(r"(?<!无)(?<!未)欠[费款缴](?!\s?(?:金额)?[为:]?\s?0)")
_OFFERED = re.compile(r"充值|赠|送|信用")


def _is_whole_behind_share(plain: str, amount: Amount, label: Label) -> bool:
    """ "da su dung 80% ... (30GB)"."""
    return bool(_SHARE.search(plain, label.end, amount.start)) and not _OF_MORE.match(plain, amount.end)


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

_LISTED = re.compile(
    r"(?:\s?(?:,|and|&|\+)\s?(?:\d{1,5}|unlimited) ?(?:mins?|minutes?|texts?|sms|calls?)){1,3}\s?(?:left|remaining"
    r"|available)\b"
)
""" "1.75GB, 310 mins left": what is left is said behind the whole list."""

_PRICE = re.compile(
    r"[^\d.;。!?\n]{0,14}(?:@|=|\bat\b|\bfor\b|\bper\b|\bza\b|\bfur\b|\bpor\b|\bpour\b|仅|只|за)[^\d]{0,6}\d|/"
)

_REST = frozenset(entries("剩余 剩馀 还剩 尚剩 仅剩 只剩 剩 尚余 余下 可使用 可用 未使用 未用"))

_PURSE = re.compile(r"话费|余额|账户|帐户|资金|预存|通用|现金|卡内|卡号|本机|手机|结余|号码(?!.*发票)")
"""What a rest of money is the rest of: "电子发票额度剩余200元" is none of ours."""

_BEYOND = re.compile(r"套餐外|超出|超套")

_PAST = re.compile(
    r"上个?月|上期|期初|月初|\d月末|(?:充值|缴费|交费|扣费|变更|操作|到账)前|\blast month|\bprevious|\bopening"
)
"""What was left then is not what is left now."""


def _is_under_left(plain: str, amount: Amount) -> bool:
    """ "Остатки пакетов: безлимит на сеть; 5120 МБ": a heading that says what the whole list is."""
    if amount.bytes is not None and _HEADED.match(plain):
        return True
    start = max(plain.rfind(mark, 0, amount.start) for mark in (". ", "。", "!", "\n"))
    return bool(_LEFT_HEADING.search(plain[max(0, start, amount.start - 120) : amount.start]))


def _claims_little(role: Role | None, label: Label | None) -> bool:
    if label is None or role is None:
        return role in (None, Role.LEFT)
    return label.word in ("kuota", "quota") or (role is Role.LEFT and choose.is_bare_word(label.word))


def _is_row(plain: str, amount: Amount) -> bool:
    """ "Main $6.42 exp 12 May 2027. Data 1.5GB exp 18 Nov 2026": a purse, its number, its day."""
    behind = plain[amount.end : amount.end + 40]
    return bool(_ROW.search(plain[max(0, amount.start - 24) : amount.start]) and _ENDS_ON.match(behind))


_ROW = re.compile(
    r"(?<![^\W\d_])(?<!paket )(?<!pack )(?<!plan )(?<!buy )(?:main|core|credit|airtime|cash|load|data|internet|pulsa"
    r"|kuota|saldo|solde|credito|guthaben|du lieu"
    r"|tk chinh|tkc|tk goc)(?: (?:a/?c|acc\w{0,5}|wallet|bal\w{0,4}|data|credit|internet|utama"
    r"|nasional|free))?\s?[:=]?\s{0,2}\Z"
    r"|(?:^|\n)\s?[-•*+]\s?(?!bonus|km)[a-z][\w &/+]{1,20}:\s{0,2}\Z"
)
_ENDS_ON = re.compile(
    r"\s?[,;(-]?\s{0,2}(?:exp\w{0,7}|valid\w{0,4}|val|until|till|ends?|s[/.]?d|hsd|het han|han|aktif|berlaku"
    r"|sah)\.?\s?:?\s?"
    r"(?:on |by |at |until |till |to |up ?to |thru |sampai |hingga |sehingga |s[/.]?d\.? |den )?"
    r"(?:\d{1,2}[-/. ]\s?(?:\d{1,2}[-/.]|[a-z]{3})|[a-z]{3,9}\.? \d{1,2}\b|20\d\d[-/.])"
)


_HEADED = re.compile(
    r"\s{0,3}(?:(?:anda|kamu) (?:memiliki|punya)\s{0,2}\n|(?:you have|imate|имате|masz|mate|tienes"
    r"|tem|hai|ai|har du|teil on)\s?:\s{0,2}\n)"
)
""" "Imate:\n11.17 GB DATA do 13.06.2023": a list of what one has."""


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
    if (
        in_brackets
        and _ALONE_IN_BRACKETS.search(plain, start, amount.start)
        and plain[amount.end : amount.end + 1] == ")"
    ):
        return False
    return in_brackets or bool(_COMPONENTS.search(plain, start, amount.start))


_ALONE_IN_BRACKETS = re.compile(r"(?:流量|套餐|[日月年油]包|额度)\($")
""" "套餐内流量(10GB)还剩3.5GB": its size, no part of it."""


def _without_asides(plain: str) -> str:
    return _ASIDE.sub(lambda hit: " " * len(hit.group()), plain)
