"""How much of the allowance is used, said as a percentage: "80 % of your 5 GB", "已使用90%", "5 GB paketten %80". Pure.

A percentage counts only in a clause that names the data and what became of it; a discount, a bonus or a tax is none.
"""

import re
from collections.abc import Iterator

from agent.plan.messages import european, roots_world, smaller
from agent.plan.messages.layout import Layout
from agent.plan.messages.table import entries
from agent.plan.messages.words import ROLES, Role, pattern
from modem.frozen import dataclass

_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3})(?:[.,]\d{1,2})?\s?%|(?<![\d%])%(\d{1,3})(?!\d)")
_USED = pattern(
    [
        *ROLES[Role.USED],
        *smaller.ROLES["used"], *entries("pakai kepakai use kar~ use kiya use ho~ kharch~ gamit~ nagamit~"),
        *(f"re:{one}" for one in roots_world.SAID["used"].split("|")), "re:பயன்படுத்",
        *european.ROLES["used"],
        *entries("guna consumi~ 已达 达到 达 超过 已消耗 depleted exhausted "
        "reached deplet~ atingi~ alcanc~ erreicht atteint~ alcanzad~ alcanz~ "
        "raggiunt~ superat~ supere~ superad~ depass~ uberschritten exceeded passed hit "
        "przekrocz~ достиг~ превыш~ vycerp~ uporabil~ potrosi~ kull~ tukett~ tukendi"),
        "re:उपयोग", "re:वापर", "re:खर्च",
        "re:इस्तेमाल", "re:استعمال", "re:استخد", "re:استهل", "re:مصرف", "re:ใช้", "re:使い", "re:사용", "re:ব্যবহার",
        "re:χρησιμοποι",
        "re:ניצל",
    ]
)  # fmt: skip
_LEFT = pattern(
    [*entries("剩余 剩 仅剩 不足 remain~ left rest~ noch ubrig sisa tersisa tinggal остал~ остат~ con kalan "
        "restant~ queda~ "
    "rimanent~ pozostal~ 残り залиш~ лишил~ zostalo ramas~ restam restano zbyva kvar igjen maradt"), "re:เหลือ",
    "re:शेष", "re:متبق", "re:남"]
)  # fmt: skip
_DATA = re.compile(
    r"流量|套餐|数据|额度|上网用?量|\b(?:data|quota|internet|allowance|volume|bundle|pack|plan|gb|mb|kuota|paket\w*"
    r"|pakiet\w*"
    r"|daten\w*|volumen|inklusiv\w*|datos|dados|megas|giga|gigas|forfait|enveloppe|bono|go|mo|dung luong|goi)\b"
    r"|\d\s?[gmt][bo]?\b|\bplano\b|franquia|adatkeret|podatk|pro(?:met|tok)|включен|enveloppe|\bsurf\b|datapak"
    r"|datapaket"
    r"|трафик|пакет|интернет|гб|мб|інтернет|डेटा|डाटा|بيانات|انترنت|إنترنت|เน็ต|データ|데이터|ডেটা|ডাটা|জিবি|প্যাক"
    r"|पैक|แพ็ก|باق[ةت]|بسته|پیکج|ڈیٹا|انٹرنیٹ|بنڈل|حجم|δεδομεν|גלישה"
    r"|" + roots_world.THINGS["data"] + "|" + roots_world.THINGS["plan"]
)
_NOT_USE = re.compile(
    r"折|优惠|信用额度|话费|立减|返|赠|奖|利率|税|手续费|信号|电量|进度|\b(?:off|discount|bonus|extra|cashback|more|tax|vat|fee"
    r"|interest|apr"
    r"|save|free(?! ?(?:msg|message|mobile|:))|battery|signal|rabatt|remise|descuento|desconto|dto|sconto|diskon"
    r"|indirim|rabat|sleva|km|khuyen mai"
    r"|kedvezmeny|reducere)\b|скидк|бонус|знижк|خصم|छूट|ส่วนลด|割引|할인"
)


_RUNS_LOW = re.compile(
    r"\b(?:your|ur|iyong|anda|vos|votre|tu|su)\b[^.;!?\d]{0,40}(?:data|internet|bundle|mbs?|allowance|kuota|megas|volume)\b"
    r"[^.;!?\d]{0,16} (?:is|are|has dropped|have dropped|has fallen|dropped|fell|now) (?:now |to )?(?:below|under"
    r"|less than)"
    r" \d[\d.,]{0,6} ?[mg]bs?(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Share:
    """So many per cent are used, or left."""

    percent: int
    left: bool
    start: int
    end: int


def shares(plain: str, where: Layout) -> Iterator[Share]:
    """Every percentage that tells how far the data is used, in order; "below 2 MB" tells that there is little left."""
    for hit in _RUNS_LOW.finditer(plain):
        yield Share(0, left=True, start=hit.start(), end=hit.end())
    for hit in _NUMBER.finditer(plain):
        percent = int(hit.group(1) or hit.group(2))
        if percent > 100:
            continue
        start, end = where.sentence_start(hit.start()), where.sentence_end(hit.end())
        clause = plain[where.clause_start(hit.start()) : where.clause_end(hit.end())]
        near = plain[max(start, hit.start() - 70) : min(end, hit.end() + 70)]
        if not _DATA.search(near) or _NOT_USE.search(clause):
            continue
        used, left = _USED.search(clause), _LEFT.search(clause)
        if used is None and left is None:
            continue
        yield Share(percent, left is not None and used is None, hit.start(), hit.end())
