"""What happened, where no number says it: cut off, owed, topped up, changed, expired, used up. Pure.

A signal counts only in a clause that states it: "to avoid", "if", "will", "如", "以免" make it none, or a warning.
"""

import re
from collections.abc import Iterator
from typing import Literal

from agent.plan.messages import roots_scripts
from agent.plan.messages.compose import Hit, Meant, Said, composed
from agent.plan.messages.layout import Layout
from agent.plan.messages.signal_words import DOUBT, FUTURE, MOBILE, PATTERNS
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    kind: Meant
    start: int
    end: int
    text: str


_ASKED = re.compile(r"[^,。]{0,4}(?:也?不(?:怕|用|愁|必|担心)|怎么|别)")

_ASKS_WHETHER = re.compile(r"是否|是不是|有无|有没有")
_OF_MANY = re.compile(r"的?(?:客户|用户)(?!您)|的?号码可|期间|后(?=将|可|会|影响)|也(?:能|可|不)|怎么办")
"""What stands behind a word for a state, where it is no state of this line but a kind of customer, or a slogan."""
_PAID_OFF = re.compile(r"(?:扣除|抵扣|抵缴|冲抵|已(?:缴|结)清)[^,。;]{0,4}欠")
_SETTLED = re.compile(r"结算(?:账户|卡)")


def _is_bare_end(hit: Hit, plain: str) -> bool:
    if not _BARE_END.search(hit.group()):
        return False
    start = max(plain.rfind(mark, 0, hit.end()) for mark in ",。!;\n】:")
    behind = _CLAUSE_END.split(plain[hit.end() : hit.end() + 16], maxsplit=1)[0]
    return bool(_IF_NOT.match(behind)) or not _WHEN.search(plain[start + 1 : hit.end()] + behind)


_CLAUSE_END = re.compile(r"[,。!;\n]")
_IF_NOT = re.compile(r"未|不续|如|即可|后")
_BARE_END = re.compile(r"[一-鿿]到期\Z|^到期")
_WHEN = re.compile(
    r"已|将|今[天日]|明[天日]|后天|因|无法|还有|仅?剩|不足|\d\s?天|\d\s?[日号]|\d[-/.]\d|月底|月末|提醒|临近|快要?"
    r"|停机|停用"
)
_IN_NEED = re.compile(r"(?:【[^】]{0,16}】)?(?:如|若|当)(?:您|果)?(?:需|要|想|有)")

_SOLD = re.compile(r"话费券|优惠|立享|可享|折|送")

_GIVES = re.compile(
    r"и получи|и пользу|и подключ|в подарок|(?:й|та|і) (?:отрима|користу)"
    r"|\b(?:y (?:recibe|obten|gana)|e ganhe|et (?:recevez|gagnez)"
    r"|si primesti|a ziskej|i odbierz)"
)

_CAMPAIGN = re.compile(r"即日起|活动|得\d|送\d|赠\d")


def signals(plain: str, where: Layout, *, known: bool = False) -> Iterator[Signal]:
    """Every stated signal, in the order of the kinds above, then of the text. `known`: a carrier speaks."""
    plain = _ABBREVIATED.sub("·", plain)
    for kind, one in PATTERNS.items():
        for hit in one.finditer(plain):
            stated = _stated(kind, hit, plain, where, known=known)
            if stated is not None:
                yield Signal(stated, hit.start(), hit.end(), hit.group())


_ABBREVIATED = re.compile(
    r"\.(?!\s|$)|(?<=руб)\.|(?<=\bр)\.|(?<=\bтг)\.|(?<=грн)\.|(?<=\bkr)\.|(?<=\bzl)\.|(?<=\bdin)\.|(?<=\brs)\.|(?<=\brp)\.|(?<=\bkc)\."
)
""" "Rp.50000": no end of a sentence."""


def composed_signals(plain: str, where: Layout, *, known: bool) -> Iterator[Signal]:
    """What a thing and its state say together (`compose`), where no doubt and nothing to come stands with them."""
    for kind, said in composed(plain, where):
        if kind not in ("topup_failed", "arrears") and _DENIED.search(
            plain, max(0, said.start() - 12), said.end() + 12
        ):
            continue
        if DOUBT.search(said.group()) or (kind not in ("expiring", "suspended") and FUTURE.search(said.group())):
            continue
        stated = _stated(kind, said, plain, where, known=known)
        if stated is not None:
            yield Signal(stated, said.start(), said.end(), said.group())


_DENIED = re.compile(
    r"n't\b|\b(?:no|not|never|nicht|kein\w{0,2}|pas|non|nao|nie|не|нет|tidak|belum|khong|ikke|inte|geen|niet|nem|nu"
    r"|nije|sich"
    r"|(?:souscriv|renouvel|modifi|activ|resili|recharg)ez|can|could|may|muzete|mozete|puedes?|podes|pode|kannst"
    r"|konnen|pouvez|peux|puoi|potete|mozesz|mozna|можете|bisa|dapat)\b"
    r"|未|没有|不能|无法|" + roots_scripts.DENIED
)


def _stated(kind: str, hit: Hit, plain: str, where: Layout, *, known: bool) -> Meant | None:
    start = where.clause_start(hit.start())
    clause = plain[start : max(where.clause_end(hit.end()), hit.end())]
    lead = plain[max(start, hit.start() - 60) : hit.start()]
    if where.sentence_end(hit.start()) < len(plain) and plain[where.sentence_end(hit.start())] == "?":
        return None
    doubt = DOUBT.search(plain, max(start, hit.start() - 60), hit.end())
    if (doubt is not None and doubt.start() < hit.start()) or (kind != "expiring" and DOUBT.match(hit.group())):
        return None
    if kind == "arrears" and _is_no_debt(hit, plain, clause, where):
        return None
    if _OF_MANY.match(plain, hit.end()):
        return None  # "已停机客户可…", "欠费也能用"
    if kind == "expiring" and _is_bare_end(hit, plain):
        return None  # "套餐到期恢复": whether it has come to that nobody says
    if kind == "topup_failed" and _ORDER.search(hit.group()) and not _PLAN_NOUN.search(where.sentence_of(hit.start())):
        return None  # "您的一号双终端业务办理失败": no plan's renewal
    if kind == "plan_change" and _is_no_change(hit, plain, clause, lead):
        return None
    if _WHENEVER.match(plain, hit.end()) or _RULE.search(plain, where.sentence_start(hit.start()), hit.start()):
        return None  # "话费余额不足时,系统将…": a rule
    if kind == "suspended":
        return _cut(hit, clause, lead, known=known)
    return None if _is_to_come(kind, hit, plain, clause, lead) or _is_sold(kind, clause, where, hit) else kind  # type: ignore[return-value]


def _is_no_debt(hit: Hit, plain: str, clause: str, where: Layout) -> bool:
    """Asked about ("请核实手机是否已欠费停机"), settled, paid off ("扣除欠费22.40元后") or only thought of."""
    if _ASKS_WHETHER.search(hit.group()) or _SETTLED.search(clause) or _PAID_OFF.search(hit.group()):
        return True
    return bool(_ASKED.match(plain, hit.end()) or _IN_NEED.match(where.sentence_of(hit.start()).strip()))


def _is_to_come(kind: str, hit: Hit, plain: str, clause: str, lead: str) -> bool:
    if kind in ("topup_ok", "plan_change", "exhausted") and (
        FUTURE.search(lead[-14:]) or re.match(r"[^,。;]{0,3}(?:后|即|可享|立)", plain[hit.end() : hit.end() + 5])
    ):
        return True
    return _is_undone(kind, hit, plain, clause)


def _is_sold(kind: str, clause: str, where: Layout, hit: Hit) -> bool:
    if kind == "arrears" and _GIVES.search(where.plain, hit.end(), hit.end() + 60):
        return True  # "Пополните баланс на 300 руб. и получите 5 ГБ"
    return kind == "arrears" and bool(_SOLD.search(clause) or _CAMPAIGN.search(where.sentence_of(hit.start())))


def _is_no_change(hit: Hit, plain: str, clause: str, lead: str) -> bool:
    if _UNTIL.match(plain, hit.end()) and _IS_ON.search(hit.group()):
        return True  # "offerta attiva fino al 05/12": since when nobody says
    if _TO_COME.search(hit.group()):
        return True  # "your data will be renewed at midnight"
    if not hit.group().isascii() and _HAN.search(hit.group()) and not _changes_the_plan(plain, hit):
        return True
    return bool(_NO_PLAN.search(clause) or re.search(r"未|没有|无法|不能|失败", lead[-5:] + hit.group()[:3]))


_ORDER = re.compile(r"(?:办理|订购|开通)[^,。;]{0,4}(?:失败|未成功|不成功)\Z")
_HAN = re.compile(r"[一-鿿]")


def _changes_the_plan(plain: str, hit: Hit) -> bool:
    """What was done in Chinese names what it was done to, and that is the plan or the line: no caller tune."""
    start = max(plain.rfind(mark, 0, hit.start()) for mark in "。!;\n】") + 1
    end = min((at for mark in "。!;\n" if (at := plain.find(mark, hit.end())) >= 0), default=len(plain))
    if hit.group() == "已成功退订":
        return True
    first = max(start, plain.rfind(",", start, hit.start()) + 1)
    return bool(_PLAN_NOUN.search(plain[start:end])) and not _OTHER_BUSINESS.search(
        re.split("[,。]", plain[first:end])[0]
    )


_PLAN_NOUN = re.compile(
    r"プラン|套餐|流量|资费|[月日年季油gb]包|加油包|叠加包|大王卡|[年月日]租?卡|卡|停机|复机|开机|恢复|停复|携|过户|保号"
    r"|上网|数据"
    r"|\d\s?元|\d\s?[mgt]b?(?![a-z])|畅享|畅游|号码|服务|[续合]约"
)
_OTHER_BUSINESS = re.compile(
    r"彩铃|铃音|来电(?:显示|提醒)|来显|漏话|漏电|会员(?!流量)|权益|亲情网|亲情号|短号|音乐|阅读|手机报|咪咕"
    r"|视频(?!流量)|影视|电视|宽带|固话"
    r"|长途|漫游|呼叫转移|呼转|副卡|退款|退费|订单|信用额度|防骚扰|防护|拦截|短信包|彩信|保险|云盘|彩云|看家|和家亲"
    r"|报障|投诉|工单|发票|积分|密码|实名|登记|预约(?!的)|红包|券|代付|自动充值|自动缴费|代扣|免打扰|来电|名片|助理"
    r"|铃声|安防|存储"
)
_IS_ON = re.compile(
    r"(?<!telah )(?<!sudah )(?<!tlh )(?<!now )\b(?:activ[oae]?|active|attiv[aoi]|aktiv|aktif|actief|ativ[oa])$"
)

_UNTIL = re.compile(r"\s?(?:fino al?|until|till|through|bis|hasta|ate|jusqu'?\w{0,2}|do|s/d|sd|sampai|hingga|tot)\b")

_TO_COME = re.compile(
    r"\b(?:will|shall|akan|wird|sera|sara|будет|zostanie|bude|va fi)\b|\w(?:ecek|acak)(?:tir)?\b"
    r"|\w(?:nmez|nmaz)\b"
)
_RULE = re.compile(r"(?:不足|欠费|到期|用完|用尽|超出|超过|低于|少于)[^,。;\d]{0,6}时(?![间长刻分]),")

_WHENEVER = re.compile(r"(?:时(?![间长刻分])|的话|情况下)")

_NO_PLAN = re.compile(
    r"hotstar|netflix|spotify|disney|\bstream\w*"
    r"|caller ?(?:tun|id)|ringtone|horoscope|结算卡|银行卡|费率|商户|密码|发票|地址|资料|手续费"
    r"|预约(?!的)|漫游费|长途费|速率|网速|限速|套外|套餐外"
)


def _is_undone(kind: str, hit: Hit, plain: str, clause: str) -> bool:
    """An order that waits, a payment that did not come, "50% of daily data is consumed"."""
    if kind == "topup_ok":
        if _MUST.search(plain, max(0, hit.start() - 2), hit.start()):
            return True  # "激活需充值100元"
        if _TIME_OF.search(plain, max(0, hit.start() - 16), hit.start()):
            return True  # "valid upto time of data recharge done by u"
        if _SO_FAR.search(plain, max(0, hit.start() - 4), hit.end()):
            return True  # "本月已充值8.16元": a line of the month's account
        if _NEVER.search(plain, max(0, hit.start() - 60), hit.start()):
            return True  # "omdat je geen tegoed hebt opgewaardeerd"
        return bool(
            _PENDING.match(plain, hit.end())
            or _IN_WORK.match(plain, hit.end())
            or _NOT_DONE.search(hit.group())
            or _THEN_FAILED.match(plain, hit.end())
        )
    return kind == "exhausted" and bool(
        _NOT_ALL.search(clause)
        or _UNPAID.match(plain, hit.end())
        or _ITS_TIME.search(clause)
        or _NEARLY.search(plain, max(0, hit.start() - 12), hit.end())
        or (_SO_MUCH.search(plain, 0, hit.start()) is not None and _ACTIVE.fullmatch(hit.group()) is not None)
    )


_MUST = re.compile(r"[需须要]\Z")
_TIME_OF = re.compile(r"\b(?:time|date|day) of (?:your |the |data )?\Z")
_PENDING = re.compile(r"[^,。;]{0,4}(?:订单|请求|申请)|[^。;]{0,12}(?:处理中|正在|请稍[候后](?!查询|查看|留意)|已提交)")

_SO_FAR = re.compile(r"(?:本月|当月|上月|累计|历史)(?:已|累计|共)?(?:充值|缴费|交费)")
_NEVER = re.compile(r"\b(?:geen|niet|kein\w{0,2}|nicht|nao|pas|nie|ikke|inte)\b[^,.;]{0,30}\Z")
_NOT_DONE = re.compile(
    r"\b(?:not|never|nao|non|nie|nicht|niet|ikke|inte|nem|nije|pas)\b|\bне\b|[未没不](?:能)?(?:到账|入账|成功|完成)"
)
_THEN_FAILED = re.compile(r"元?,?(?:但|因)?(?:交易|充值|缴费|支付|订单)?(?:已)?(?:失败|未(?:能)?(?:成功|完成|到账))")
_IN_WORK = re.compile(r"[^.;!?]{0,12}\b(?:for processing|being processed|in process|pending|queued)\b")

_NEARLY = re.compile(
    r"\b(?:fast(?= (?:ver|auf|er))|nahezu|beinahe|bald|bijna|casi|presque|bientot|quase|quasi|prawie"
    r"|niemal|skoro|temer|takmer|aproape|majdnem"
    r"|neredeyse|nastan|nasten|nesten|melkein|gandriz|gotovo|skoraj|almost|nearly)\b|почти|майже|амаль|σχεδον"
)
""" "fast verbraucht": something is left."""
_SO_MUCH = re.compile(r"\d\s?(?:[gm][bo]|[гм]б)\s\Z")
_ACTIVE = re.compile(r"(?:\w*volumen|daten) (?:verbraucht|aufgebraucht)")
""" "4545.94 MB Datenvolumen verbraucht": so much is used, not all."""
_UNPAID = re.compile(r"[^.!?]{0,4}(?:абонентск|недостаточно|не хватает)")
""" "Пакет закончился: абонентская плата не списана": its time is over, not its data."""
_ITS_TIME = re.compile(r"\b(?:validity|expiry|expiration)\b")
""" "as validity of your pack is over": its time, not its data."""
_NOT_ALL = re.compile(r"(?<![\d.])(?!100)\d{1,2}(?:\.\d{1,2})?\s?%|(?<![\d.,/])0(?:[.,]\d{1,2})?/[1-9]")
""" "80 % …", "0,01/9 GB Daten verbraucht"."""


_NOT_THE_LINE = re.compile(
    r"\b(?:auto-?\s?(?:renew\w*|pay|top-?up|debit)|automatic renewal|roaming (?:pack|service|plan)|dnd"
    r"|do not disturb|voice ?mail"
    r"|call (?:forward\w*|waiting|divert)|caller id|perpanjangan otomatis)\b"
)
""" "Auto renewal of your pack has been deactivated" cuts nothing off."""
_AFTER_THAT = re.compile(
    r"\b(?:(?:apres|passe) (?:cette date|ce delai)|danach|nach (?:diesem|dem) (?:datum|tag)|(?:despues"
    r"|luego) de (?:esta|esa)"
    r" fecha|pasada esta fecha|(?:apos|depois) d?(?:esta|essa)s? data|dopo (?:tale|questa) data|po tym (?:terminie"
    r"|dniu)"
    r"|dupa aceasta data|na deze datum|daarna|thereafter|after (?:this|that)(?: date)?|bu tarihten sonra)\b"
    r"|после (?:этой даты|этого)|після (?:цієї дати|цього)"
)
"""What follows upon an end that the text has told: no state, and no debt."""


def _cut(hit: Hit, clause: str, lead: str, *, known: bool) -> Literal["suspended", "arrears"] | None:
    if _NOT_THE_LINE.search(clause):
        return None
    latin = hit.group()[:1].isascii() or "а" <= hit.group()[:1] <= "я"
    if (
        latin
        and not isinstance(hit, Said)
        and not re.search(MOBILE, clause)
        and not (known and re.search(r"\b(?:account|contract)\b", clause))
    ):
        return None
    so_far = lead + (hit.group() if isinstance(hit, Said) else hit.group()[:8])
    if FUTURE.search(so_far) and _AFTER_THAT.search(lead):
        return None  # "votre crédit expire le 15/12. Après cette date votre ligne sera désactivée"
    if FUTURE.search(so_far) and not re.search(r"自动恢复|下月|次月", hit.group()):
        return "arrears"
    return "suspended"
