"""Every amount of a message in order: bytes, money with its currency, and the bare number behind "Balance:". Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal

from agent.plan.messages.dates import Day
from agent.plan.messages.grammar import Amount, data_amounts, money_amounts

_BARE = re.compile(
    r"(?:余额|余额为|余额播报|余额查询"
    r"|balance|bal|(?<![a-z])(?:main(?: a/c| acc\w{0,4})?|balans|баланс|octatok|balahc|остаток|saldo"
    r"|solde|credit|airtime"
    r"|guthaben"
    r"|bakiye\w{0,6}|egyenleg\w{0,4}|stanje|pulsa|tk goc|tkc|tkg))(?: "
    r"is| est| es| ist| sisa| anda|为|是)?\s{0,2}(?:[:=]\s{0,2}(?:(?:zagal\S{1,6}|osnovn\w{1,4}|main|total"
    r"|principal)\s)?(-?\d{1,7}[.,]\d{1,2}|-?\d{1,9}(?=\s?(?:\n|$|[,;]\s"
    r"|\.(?:\s"
    r"|$))))"
    r"|(?:[a-z]{1,3}\s?)?(-?\d{1,7}[.,]\d{2}|\d{2,9}(?=/[=-]))"
    r"|(?:(?<=pulsa )(?<!isi pulsa )|(?<=pulsa anda ))(\d{3,9}))(?![\d%]|[.,/:-]\d"
    r"|\s{0,2}(?:[kmgt]i?b|mins?\b|min|sms|%|points?|pts"
    r"|days?|hari))"
)

_COUNTED = re.compile(
    r"\b(?:sms|mms|texts?|voice|mins?|minutes?|calls?|data|points?)\s?\Z|(?:短信|语音|通话|分钟|积分)\Z"
)
""" "SMS Bal: 20": a balance of messages, no money."""

MAX_AMOUNTS = 64
"""Numbers that are looked at; the longest list of buckets seen has 20."""


def amounts_of(plain: str, country: str | None, dated: Sequence[Day]) -> list[Amount]:
    """Bytes and money in order, none inside another or inside a date."""
    taken = [(one.start, one.end) for one in dated]
    kept: list[Amount] = []
    for one in (*data_amounts(plain, country), *_money(plain, country)):
        if all(one.end <= start or one.start >= end for start, end in taken):
            taken.append((one.start, one.end))
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)[:MAX_AMOUNTS]


def _money(plain: str, country: str | None) -> list[Amount]:
    found = list(money_amounts(plain, country))
    spans = [(one.start, one.end) for one in found]
    for hit in _BARE.finditer(plain):
        group = next(one for one in (1, 2, 3) if hit[one] is not None)
        start, end = hit.span(group)
        if _is_item(plain, hit[group], end) or _COUNTED.search(plain, max(0, hit.start() - 12), hit.start()):
            continue
        if all(end <= begin or start >= stop for begin, stop in spans):
            found.append(Amount(start, end, money=Decimal(hit[group].replace(",", "."))))
    return found


def _is_item(plain: str, number: str, end: int) -> bool:
    """ "查询余额:1.发送YE 2.登录APP": the number of an item, because the next one follows."""
    return (
        bool(re.match(r"\s?[.、)]", plain[end:]))
        and number.isdigit()
        and (re.search(rf"(?<![\d.]){int(number) + 1}\s?[.、)](?!\d)", plain[end:]) is not None)
    )
