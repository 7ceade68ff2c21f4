"""Adverts: numbers beside a bare noun ("kuota 5GB", "pulsa Rp 50rb") are an offer's where the text offers. Pure.

A carrier's advert names the same things as its answers. What tells them apart: an answer says what is left, used or
owed; an advert says "only", "get", "double", how to order, and never "your".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.plan.messages.bound import Bound
from agent.plan.messages.words import Role

_OFFERS = re.compile(
    r"\b(?:dapatkan|dapetkan|dapat|dptkan|dptkn|dpt|nikmati|raih|hanya|cuma|cukup|promo|diskon|gratis|double|e[kx]tra"
    r"|spesial|special|khusus|mulai|seharga|buruan|ayo|mau|beli|bonus|hemat|isi ulang (?:min|rp|mulai)|unlimited"
    r"|get|enjoy|win|buy|offer|offers|only|just|free|upto|up to|cashback|worth|recharge (?:with|now)|hurry|avail"
    r"|aprovecha|obten|consigue|ganhe|aproveite|profitez|beneficiez|jetzt|sichere|approfitta)\b"
    r"|подключ\w*|получ\w*|успей|всего за|仅需|只需|立享|抢|低至|立减|特惠|优惠|限时"
)
_STATES = re.compile(
    r"\b(?:sisa|tersisa|telah|sudah|sdh|tlh|berhasil|saat ini|(?:pulsa|kuota|saldo) anda|your|ur|remaining|left"
    r"|balance is"
    r"|used|ihr|dein|votre|tu|su|seu|sua|il tuo|twoj|stan|mein)\b|ваш|остал|остат|您|剩|已|余额"
)
_BARE = re.compile(r"(?:kuota|quota|pulsa|saldo|credit|credito|paket|data|internet|airtime|con|promo)\b.{0,12}")


def without_offers(plain: str, found: Sequence[Bound]) -> list[Bound]:
    """What a bare noun claims in a text that offers and tells no state is the offer's."""
    if not _OFFERS.search(plain) or _STATES.search(plain):
        return list(found)
    return [replace(one, role=Role.OFFER) if _is_bare(one) else one for one in found]


def _is_bare(one: Bound) -> bool:
    return one.role is Role.LEFT and (one.label is None or bool(_BARE.fullmatch(one.label.word.strip(" :"))))
