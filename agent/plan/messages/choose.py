"""Of several figures the one a message means: overall before buckets, general use before restricted use. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal

from agent.plan.messages.bound import Bound, of_role
from agent.plan.messages.words import Role

_BARE = re.compile(
    r"(?:data|internet\w?|daten|datos|dados|dati|dane|datenrest|интернет|інтернет|трафик|اینترنت|(?:ال)?[اإ]نترنت"
    r"|डेटा|ইন্টারনেট|เน็ต|גלישה|du lieu|luu luong|dung luong"
    r"|tk du lieu|pakiet|пакет|paket|forfait|bundel|pacote|paquete|balicek|csomag|kuota|megas?|navegacion|bolsa)"
    r"\b[^:=]*[:= ]"
)
"""A noun alone: what it counts is a balance beside another one only."""


def data(found: Sequence[Bound], role: Role) -> tuple[int, Bound] | None:
    """(bytes, where it stands). Buckets that may be used everywhere or at home are added up; restricted ones never."""
    told = [one for one in of_role(found, role) if one.amount.bytes is not None]
    if role is Role.LEFT and money(found) is None:  # "Data: 5 GB" is a balance beside one, else an offer
        told = [one for one in told if not is_bare(one)]
    if role is Role.LEFT:
        said = [one for one in told if one.label is not None and not is_bare(one)]
        if any(one.bucket not in ("restricted", "extra") for one in said):
            told = [one for one in told if not is_bare(one)]  # "Data 1 GB expire le …, il reste 340 MB"
    whole = [one for one in told if not one.component and one.bucket not in ("restricted", "extra")]
    told = whole or told
    overall = [one for one in told if one.overall and one.bucket in ("plain", "general")]
    if overall and role is not Role.TOTAL:
        return overall[0].amount.bytes or 0, overall[0]
    plain = [one for one in told if one.bucket == "plain"]
    usable = _once_each([one for one in told if one.bucket in ("general", "regional")])
    summed = sum(one.amount.bytes or 0 for one in usable)
    if plain and (
        not usable or plain[0].amount.start < usable[0].amount.start or (plain[0].amount.bytes or 0) >= summed
    ):
        return plain[0].amount.bytes or 0, plain[0]
    if usable:
        return summed, usable[0]
    kinds = {one.bucket for one in found if one.amount.bytes is not None} - {"restricted"}
    if role is Role.TOTAL and kinds and not (kinds == {"extra"} and told):
        return None  # the whole of one bucket is not the whole of the others
    lone = [one for one in told if one.bucket == "extra"] or told
    return (lone[0].amount.bytes or 0, lone[0]) if len(lone) == 1 else None


def is_bare(one: Bound) -> bool:
    """A noun's number ("Data 1 GB"): what is left of it nobody says."""
    return one.label is not None and is_bare_word(one.label.word)


def is_bare_word(word: str) -> bool:
    return bool(_BARE.fullmatch(word))


def spent_whole(found: Sequence[Bound], start: int, end: int) -> Bound | None:
    """ "国内流量10GB已全部用完": the sole data in the words that say that all is used."""
    within = [one for one in found if one.amount.bytes and start <= one.amount.start < end]
    if len(within) != 1 or within[0].role not in (None, Role.USED, Role.TOTAL) or within[0].amount.rate:
        return None
    return within[0]


def money(found: Sequence[Bound]) -> tuple[Decimal, Bound] | None:
    """The balance: the first amount called one that is no sub-account's; owed money is negative."""
    for one in found:
        if one.amount.money is None or one.amount.rate:
            continue
        if one.role is Role.OWED and one.amount.money != 0:
            return -abs(one.amount.money), one
        if one.role is Role.LEFT and one.bucket in ("plain", "general"):
            owed = _owed_instead(found) if one.amount.money == 0 else None
            return (one.amount.money, one) if owed is None else owed
    return None


def _owed_instead(found: Sequence[Bound]) -> tuple[Decimal, Bound] | None:
    """ "可用余额:0.00元;欠费:12.30元": what is owed says more than the empty account."""
    told = ((one.amount.money, one) for one in found if one.role is Role.OWED and one.amount.money)
    return next(((-abs(amount), one) for amount, one in told), None)


def _once_each(usable: Sequence[Bound]) -> list[Bound]:
    """One of each kind of bucket, unless a list gives each its own sentence."""
    seen: set[tuple[str, int]] = set()
    kept = []
    for one in usable:
        key = (one.bucket, one.sentence)
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept
