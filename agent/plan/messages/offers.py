"""Adverts: numbers beside a bare noun ("kuota 5GB", "pulsa Rp 50rb") are an offer's where the text offers. Pure.

A carrier's advert names the same things as its answers. What tells them apart: an answer says what is left, used or
owed; an advert says "only", "get", "double", how to order, and never "your".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.plan.messages.bound import Bound
from agent.plan.messages.expiry import is_campaign
from agent.plan.messages.nearest import WEAK
from agent.plan.messages.words import Role, labels

_OFFERS = re.compile(
    r"\b(?:dapatkan|dapetkan|dapat|dptkan|dptkn|dpt|nikmati|raih|hanya|cuma|cukup|promo|diskon|gratis|double|e[kx]tra"
    r"|spesial|special|khusus|mulai|seharga|buruan|ayo|mau|beli|bonus|hemat|isi ulang (?:min|rp|mulai)|unlimited"
    r"|get|enjoy|win|buy|offer|offers|only|just|free|upto|up to|cashback|worth|recharge (?:with|now)|hurry|avail"
    r"|aprovecha|obten|consigue|ganhe|aproveite|profitez|beneficiez|jetzt|sichere|approfitta)\b"
    r"|подключ\w*|получ\w*|успей|всего за|仅需|只需|立享|抢|低至|立减|特惠|优惠|限时"
)
_STATES = re.compile(
    r"\bexp\b.*\bexp\b|\bwill expire\b"
    r"|\b(?:masa aktif|(?:anda|kamu) (?:memiliki|punya|masih)|aktif (?:s[/.]?d|hingga|sampai)|pulsa utama|sisa"
    r"|tersisa|telah|sudah|sdh|tlh|berhasil|saat ini"
    r"|(?:pulsa|kuota|saldo) anda|your|ur|remaining"
    r"|left"
    r"|balance is"
    r"|used|ihr|dein|votre|tu|su|seu|sua|il tuo|twoj|stan|mein)\b|ваш|остал|остат|您|剩|已|余额"
)
_SELLS = re.compile(
    r"\b(?:ganhe|aproveite|aprovecha|llevate|consigue|passa a|scopri|approfitta|attiva|profitez|beneficiez|sichere?"
    r"|hol dir|jetzt|angebot|dapatkan|nikmati|raih|kampanya\w*|firsat\w*|get|(?<!to )enjoy|win|buy|offer|promo\w*|hurry"
    r"|participe|participa|concorra|mitmachen|ganhar|rechargez|recevez|obtenez|recarregue|recibe|ricevi|skorzystaj"
    r"|zyskaj|kup|koop|profiteer)\b|подключи|получи|успей|акци[яи]"
    r"|\d\s?[gm]b?[^,。;\d]{0,5}(?:仅|只要|只需|仅需)?\s?\d{1,4}元|仅需?\s?\d+元|只需?\s?\d+元"
    r"|\d\s?(?:€|euros?|eur|zl|lei|kr|tl|usd|\$|£)\s?(?:al|/|par|por|pro|per|a|o)\s?(?:mese|mes|mois|monat|month|maand"
    r"|miesiac)"
)
"""An imperative to buy, or a price a month."""
_TELLS = re.compile(
    r"\b(?:sisa|tersisa|telah|sudah|berhasil|remaining|left|balance|used|expir\w*|ends?|scad\w*|vence\w*|caduca\w*"
    r"|lauft"
    r"|abgelaufen|wygas\w*|verloopt|bitiyor|berakhir|has been|have been|renew\w*|rinnov\w*)\b|ваш|остал|остат|истек"
    r"|您的|剩|已用|已使用|已到期|将于|成功|余额"
)


_UPON_RECHARGE = re.compile(
    r"\bbei (?:einer |jeder )?(?:aufladung|buchung)|\bwhen you (?:recharge|top|buy)|\bif you (?:recharge|top|buy)"
    r"|\bcon (?:tu|cada|una) recarga|\bal recargar|\bpour toute recharge|\bna (?:sua )?recarga|при пополнении"
    r"|при оплате|\bna kazde doladowanie|\bsetiap (?:isi|pembelian)|\bkhi nap|\berhaltst|\bbekommst|\brecibe\b"
    r"|\bregala\w*|首充|充值(?:即|可|就)?(?:送|得|享)"
)


def offers(plain: str) -> bool:
    """Whether the text sells something: a date that stands alone in it is the offer's, not the plan's."""
    if _UPON_RECHARGE.search(plain) or is_campaign(plain) or _only_sells(plain):
        return True
    return any(one.role is Role.OFFER for one in labels(plain) if one.word not in WEAK)


def _only_sells(plain: str) -> bool:
    """Whether a text urges to buy and tells no state."""
    return bool(_SELLS.search(plain)) and not _TELLS.search(plain)


_BARE = re.compile(r"(?:kuota|quota|pulsa|saldo|credit\w*|paket|data|internet|airtime|con|promo)\b.{0,12}")


def without_offers(plain: str, found: Sequence[Bound]) -> list[Bound]:
    """What a bare noun claims in a text that offers and tells no state, nor a balance, is the offer's."""
    told = any(one.role is Role.LEFT and one.amount.money is not None and not _is_bare(one) for one in found)
    if told or not _OFFERS.search(plain) or _STATES.search(plain):
        return list(found)
    return [replace(one, role=Role.OFFER) if _is_bare(one) else one for one in found]


def _is_bare(one: Bound) -> bool:
    if one.role is not Role.LEFT or one.label is None:
        return one.role is Role.LEFT
    return "bal" not in one.label.word and bool(_BARE.fullmatch(one.label.word.strip(" :")))
