"""What happened, where no number says it: cut off, owed, topped up, changed, expired, used up. Pure.

A signal counts only in a clause that states it: "to avoid", "if", "will", "如", "以免" make it none, or a warning.
"""

import re
from collections.abc import Iterator
from typing import Literal

from agent.plan.messages.layout import Layout
from agent.plan.messages.model import Kind
from agent.plan.messages.signal_words import DOUBT, FUTURE, MOBILE, PATTERNS
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    kind: Kind | Literal["exhausted", "expiring"]
    start: int
    end: int
    text: str


_ASKED = re.compile(r"[^,。]{0,4}(?:也?不(?:怕|用|愁|必|担心)|怎么|别)")

_ASKS_WHETHER = re.compile(r"是否|是不是|有无|有没有")
_IN_NEED = re.compile(r"(?:【[^】]{0,16}】)?(?:如|若|当)(?:您|果)?(?:需|要|想|有)")

_SOLD = re.compile(r"话费券|优惠|立享|可享|折|送")

_CAMPAIGN = re.compile(r"即日起|活动|得\d|送\d|赠\d")


def signals(plain: str, where: Layout, *, known: bool = False) -> Iterator[Signal]:
    """Every stated signal, in the order of the kinds above, then of the text. `known`: a carrier speaks."""
    plain = re.sub(
        r"\.(?!\s|$)|(?<=руб)\.|(?<=\bр)\.|(?<=\bтг)\.|(?<=грн)\.|(?<=\brs)\.|(?<=\brp)\.|(?<=\bkc)\.", "·", plain
    )  # "Rp.50000": no end of a sentence
    for kind, one in PATTERNS.items():
        for hit in one.finditer(plain):
            stated = _stated(kind, hit, plain, where, known=known)
            if stated is not None:
                yield Signal(stated, hit.start(), hit.end(), hit.group())


def _stated(
    kind: str, hit: re.Match[str], plain: str, where: Layout, *, known: bool
) -> "Kind | Literal['exhausted', 'expiring'] | None":
    start = where.clause_start(hit.start())
    clause = plain[start : max(where.clause_end(hit.end()), hit.end())]
    lead = plain[max(start, hit.start() - 60) : hit.start()]
    if where.sentence_end(hit.start()) < len(plain) and plain[where.sentence_end(hit.start())] == "?":
        return None
    doubt = DOUBT.search(plain, max(start, hit.start() - 60), hit.end())
    if (doubt is not None and doubt.start() < hit.start()) or (kind != "expiring" and DOUBT.match(hit.group())):
        return None
    if kind == "arrears" and _ASKS_WHETHER.search(hit.group()):
        return None  # "请核实手机是否已欠费停机"
    if kind == "plan_change" and _is_no_change(hit, plain, clause, lead):
        return None
    if _WHENEVER.match(plain, hit.end()) or _RULE.search(plain, where.sentence_start(hit.start()), hit.start()):
        return None  # "话费余额不足时,系统将…": a rule
    if kind == "arrears" and (_ASKED.match(plain, hit.end()) or _IN_NEED.match(where.sentence_of(hit.start()).strip())):
        return None
    if kind == "suspended":
        return _cut(hit, clause, lead, known=known)
    return None if _is_to_come(kind, hit, plain, clause, lead) or _is_sold(kind, clause, where, hit) else kind  # type: ignore[return-value]


def _is_to_come(kind: str, hit: re.Match[str], plain: str, clause: str, lead: str) -> bool:
    if kind in ("topup_ok", "plan_change", "exhausted") and (
        FUTURE.search(lead[-14:]) or re.match(r"[^,。;]{0,3}(?:后|即|可享|立)", plain[hit.end() : hit.end() + 5])
    ):
        return True
    return _is_undone(kind, hit, plain, clause)


def _is_sold(kind: str, clause: str, where: Layout, hit: re.Match[str]) -> bool:
    return kind == "arrears" and bool(_SOLD.search(clause) or _CAMPAIGN.search(where.sentence_of(hit.start())))


def _is_no_change(hit: re.Match[str], plain: str, clause: str, lead: str) -> bool:
    if _UNTIL.match(plain, hit.end()) and _IS_ON.search(hit.group()):
        return True  # "offerta attiva fino al 05/12": since when nobody says
    if _TO_COME.search(hit.group()):
        return True  # "your data will be renewed at midnight"
    return bool(_NO_PLAN.search(clause) or re.search(r"未|没有|无法|不能|失败", lead[-5:] + hit.group()[:3]))


_IS_ON = re.compile(
    r"(?<!telah )(?<!sudah )(?<!tlh )(?<!now )\b(?:activ[oae]?|active|attiv[aoi]|aktiv|aktif|actief|ativ[oa])$"
)

_UNTIL = re.compile(r"\s?(?:fino al?|until|till|through|bis|hasta|ate|jusqu'?\w{0,2}|do|s/d|sd|sampai|hingga|tot)\b")

_TO_COME = re.compile(r"\b(?:will|shall|akan|wird|sera|sara|будет|zostanie)\b")
_RULE = re.compile(r"(?:不足|欠费|到期|用完|用尽|超出|超过|低于|少于)[^,。;\d]{0,6}时(?![间长刻分]),")

_WHENEVER = re.compile(r"(?:时(?![间长刻分])|的话|情况下)")

_NO_PLAN = re.compile(r"结算卡|银行卡|费率|商户|密码|发票|地址|资料|手续费|预约(?!的)|漫游费|长途费")


def _is_undone(kind: str, hit: re.Match[str], plain: str, clause: str) -> bool:
    """An order that waits, a payment that did not come, "50% of daily data is consumed"."""
    if kind == "topup_ok":
        if _SO_FAR.search(plain, max(0, hit.start() - 4), hit.end()):
            return True  # "本月已充值8.16元": a line of the month's account
        return bool(
            _PENDING.match(plain, hit.end()) or _IN_WORK.match(plain, hit.end()) or _NOT_DONE.search(hit.group())
        )
    return kind == "exhausted" and bool(_NOT_ALL.search(clause))


_PENDING = re.compile(r"[^,。;]{0,4}(?:订单|请求|申请)|[^。;]{0,12}(?:处理中|正在|请稍[候后]|已提交)")

_SO_FAR = re.compile(r"(?:本月|当月|上月|累计|历史)(?:已|累计|共)?(?:充值|缴费|交费)")
_NOT_DONE = re.compile(r"\b(?:not|never)\b")
_IN_WORK = re.compile(r"[^.;!?]{0,12}\b(?:for processing|being processed|in process|pending|queued)\b")

_NOT_ALL = re.compile(r"(?<![\d.])(?!100)\d{1,2}(?:\.\d{1,2})?\s?%")


def _cut(hit: re.Match[str], clause: str, lead: str, *, known: bool) -> Literal["suspended", "arrears"] | None:
    latin = hit.group()[:1].isascii() or "а" <= hit.group()[:1] <= "я"
    if latin and not re.search(MOBILE, clause) and not (known and re.search(r"\baccount\b", clause)):
        return None
    if FUTURE.search(lead + hit.group()[:8]) and not re.search(r"自动恢复|下月|次月", hit.group()):
        return "arrears"
    return "suspended"
