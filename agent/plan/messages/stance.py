"""Whether a sentence states how this line stands now, or a rule, a condition, the past, a survey, another's line. Pure.

A carrier's rules, warnings and letters use the very words of its answers: "余额低于10元时将停机",
"您上月使用流量18.6GB",
"when you have used 80 % of your data we'll text you". Small words tell: 如, 若, 当…时, if, when.
What such a word governs is silenced before any number is read, for every carrier and language alike.

How far a word governs:
- WHOLE: its sentence ("您已为号码138****5566成功充值50元");
- ONWARD: from its clause to the end of the sentence, unless a clause states something of its own again
  ("您上月消费58元,本月已使用流量2GB").
Only classes of talk belong into this room: no rule for a single message, no carrier's name.
"""

import re
from collections.abc import Iterator
from enum import Enum

from agent.plan.messages import talk
from agent.plan.messages.layout import layout
from modem.frozen import dataclass


class Governs(Enum):
    WHOLE = "whole"
    ONWARD = "onward"


@dataclass(frozen=True, slots=True)
class Stance:
    name: str
    governs: Governs
    words: re.Pattern[str]


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_START = r"(?:^|(?<=[,。;!:】\s、]))"
_STATE = (
    r"余额|话费|流量|欠费|停机|账户|帐户|号码|套餐|用完|用尽|用满|耗尽|超出|超过|低于|少于|不足|达到?|到账|充值|缴费"
    r"|取消|举报|逾期|未|金额|业务"
)
"""What a Chinese condition must be about; "如有疑问请致电10086,…" governs nothing."""
_LATIN_STATE = (
    r"balance|credit|data|allowance|limit|plan|bundle|pack|usage|used|account|bill|exceed|run out|top|recharge|expire"
    r"|guthaben|daten|volumen|saldo|credito|datos|dados|megas|giga|solde|forfait|kuota|pulsa|paket|bakiye|tegoed"
    r"|bundel|konto|srodk|pakiet|средств|баланс|пакет|трафик|лимит|кошт"
)
_REACHED = r"(?:(?:不足|低于|少于|超过|超出|达到?|用完|用尽|用满|耗尽|满)[^,。;:]{0,10}|\d{1,3}%)"
_MONTHS = r"(?:monat|jahr)"

STANCES: tuple[Stance, ...] = (
    Stance(
        "a condition",
        Governs.ONWARD,
        _any(
            rf"{_START}(?:如果?(?![下何图题期上意])|如若|假如|若|当(?![前月日天地年期次晚])|一旦|每当|凡|倘若|只要|除非)"
            rf"(?=[^,。;]{{0,24}}(?:{_STATE}))",
            # 达到20GB后将限速, 余额不足时系统将提醒
            rf"{_REACHED}(?:(?<![及有暂临])时(?![间长刻分段])|后|的话)"
            r"(?=[^。;]{0,12}(?:将|会|可|需|则|按|自动|发送|提醒|限速|降速|系统|我司|我公司|网速|上网速率))",
            rf"{_START}(?:如果?|若|一旦)[^,。;]{{2,30}},[^,。;]{{0,12}}(?:将|会)",
            r"(?:余额|流量)[^,。;]{0,4}(?:低于|少于|不足)[^,。;]{0,8}自动",
            rf"(?:您|客户|用户|号码|手机|账户|卡|套餐)(?:如果?|若|一旦)(?=[^,。;]{{0,16}}(?:{_STATE}))",
            # 每月使用100GB后将关闭, 达到30GB时将, 达到100%将
            r"使?用[满达完过至到]{0,2}\s?[\d.]{1,6}\s?[kmgt]b?后(?:将|会|即|自动|按)",
            r"(?<!已)(?:达到?|超过)\s?[\d.]{1,6}\s?(?:%|[kmgt]b?|元)(?:时|后)?(?:将|会|即)",
            r"(?:到期|逾期|期满)(?:前|后)?(?:未|不)[^,。;]{1,8},?[^,。;]{0,6}(?:将|会|则)",
            rf"{_START}(?:欠费|停机|到期|销户|用完|超出)后(?=[^。]{{0,30}}(?:将|可|会|保留|按))",
            rf"{_START}(?:账户|话费|可用)?余额(?:不足|低于|少于)\d[^,。;]{{0,8}}(?:无法|不能|不可)",
            r"(?:欠费|停机)(?:停机)?(?:超过|满|达)\s?\d+\s?(?:天|日|个月|元)(?!,?现?已被)",
            # 充值后次日到账; 缴费后余额44.21元 tells
            r"(?:充值|缴费|续费|办理|订购|开通|激活)(?:成功)?后(?!已)(?![^,。;]{0,6}余额)"
            r"(?=[^,。;]{0,10}(?:次日|即|立即|将|如|\d{1,3}\s?(?:小时|分钟|个?工作日)|到账|生效|恢复|自动|方可))",
        ),
    ),
    Stance(
        "a condition",
        Governs.ONWARD,
        _any(
            r"\b(?:if|when(?:ever)?|once(?![- ]off)|unless|in case|should you|as soon as|falls|wenn|sobald|cuando"
            r"|quand|lorsque"
            r"|des que|quando|wanneer|als (?:je|u|uw|jouw)|si (?:tu|su|te|no|vous|votre|usted|tienes|ton)"
            r"|se (?:il|la|hai|non|o seu|a sua|voce|seu)|jesli|gdy|kdyz|pokud|daca|jika|bila|apabila|kalau|eger|khi"
            rf"|neu|если|когда|якщо|коли)\b(?=[^.;!?]{{0,70}}(?:{_LATIN_STATE}))",
            talk.IF,
        ),
    ),
    Stance(
        "a condition or a question in Japanese and Korean",
        Governs.WHOLE,
        _any(
            r"(?:超える|超過する|使い切る|なる|される|停止する)と|ますと|(?:场|場)合(?!わせ)|ことがあり|可能性|(?:ます|でしょう|です)か(?![らな])",
            r"(?:초과|미납|소진|부족|사용|이용|만료|충전)\s?(?:시(?=[\s,.])|하면|되면|할 경우|한 경우)"
            r"|[을ㄹ될할] 수 있|나요|인가요",
            # what is offered or waited for
            r"キャンペーン|受付|特典|プレゼント|イベント|割引|이벤트|혜택|할인|예약|쿠폰",
        ),
    ),
    Stance(
        "a rule",
        Governs.WHOLE,
        _any(
            r"(?:结转|提醒|计费|使用|清零|赠送|转赠|限速|扣费|停复?机)规则|资费说明",
            r"关于[^。;]{2,30}(?:公告|通知|说明)|未实名(?:登记)?的?(?:号码|用户|卡片?|客户)(?!已)",
            r"(?:提醒|预警)?阈值[^,。;]{0,4}设置|(?:需|须|应)(?:同时)?满足|办理条件",
            r"\b(?:sim|line|number) (?:card )?(?:re-?)?registration\b"
            r"|\b(?:re-?)?register (?:your (?:sim|line|number) )?(?:by|before)\b[^.;!?]{0,60}"
            r"\b(?:barred|blocked|suspended|deactivated|disconnected)\b",
            r"驳回|不予受理|余额不足[^,。;]{0,4}(?:顺延|延后)|(?:账单|出账)周期[为是]",
            r"每月\S{1,6}(?:零点|0点)?[^,。;]{0,4}清零",
            r"\bwe(?:'ll| will) (?:text|send|alert|notify|let you)|\bwe(?:'ll| will)? never ask\b",
            r"\byou(?:'ll| will) (?:receive|get) (?:an? )?(?:alert|text|sms|message|notif)",
            r"(?<![gm]b )\bunused (?:data|credit|allowance)\b[^.!]{0,40}\b(?:roll|lost|forfeit|expire|carr)",
        ),
    ),
    Stance(
        "the past",
        Governs.ONWARD,
        _any(
            # what was left last month may still be used: 上月结转
            r"上个?月(?!末?(?:结转|剩余|余量|转|未用|未使用|流量结转))(?![^,。;]{0,4}(?:结转|剩余|转入|余额))(?![^,。;]{0,6}未(?:[缴交付]|结清))",
            r"[一二三四五六七八九十\d]{1,2}个?(?:月|天|年|周)前|上周|去年|往年|前年|上年|同期"
            r"|近[一二三四五六\d]{1,2}个?(?:月|天|日|周)",
            r"(?<![\d(])20\d\d年(?:全年|年?度|上半年|下半年|[一二三四1-4]季度)",
            r"(?<!\d)\d{1,2}月份?(?:(?:流量|话费)?账单(?![^,。]{0,2}欠)|共使用|累计使用|套餐外|消费总额)",
            r"在\d{1,2}月\d{1,2}日的(?:流量|话费)?(?:使用|消费)",
            r"曾(?:于|经|在)?(?=[^,。;]{0,6}(?:欠费|停机|使用|订购))|(?:最近|历史)的?(?:充值|缴费|消费|使用)记录",
            rf"\blast (?:month|week|year)(?:'s)?\b|\bprevious (?:month|year)\b|\bletzte[nrs]? {_MONTHS}\b",
            r"\bin 20\d\d you\b|\ble mois dernier\b|\bmes pasado\b|\bmes passado\b|\bmese scorso\b|\bbulan lalu\b",
            r"прошл\w{2,3} (?:месяц|недел|год)|\bvorige maand\b",
            talk.LAST_TIME,
        ),
    ),
    Stance(
        "an urge to buy or win",
        Governs.ONWARD,
        _any(
            r"(?:^|(?<=[.!?:]\s)|(?<=[.!?:]\s\s))(?:bring|send|buy|get|gift|earn|win|play|borrow|redeem|enjoy|add|try"
            r"|upgrade|switch"
            r"|refer|grab|claim|unlock|refiere|compra|obten|llevate|gana|aprovecha|participa|gagnez|jouez|profitez"
            r"|rechargez|ganhe|compre|participe|aproveite|beli|dapatkan|tukar|raih|sichern|hol dir|scopri"
            r"|approfitta|passa a|odbierz|skorzystaj|kup|подключите|получите|успейте|участвуйте)\b(?!\s?:)",
        ),
    ),
    Stance(
        "to come",
        Governs.WHOLE,
        _any(r"\bwill (?:appear|be (?:applied|credited|added|paid|collected|scheduled)|receive|get)\b"),
    ),
    Stance("lent", Governs.WHOLE, _any(talk.LENT)),
    Stance("a plan's praise", Governs.ONWARD, _any(talk.PLANS)),
    Stance("a rule for many lines", Governs.WHOLE, _any(talk.FOR_ALL)),
    Stance("a price", Governs.ONWARD, _any(talk.TARIFF)),
    Stance(
        "an urge to buy in other tongues",
        Governs.ONWARD,
        _any(
            rf"(?:^|(?<=[.!?:]\s)"
            rf"|(?<=[.!?:]\s\s))(?:{talk.URGES})(?:(?!\w)|(?<=\s)(?=\d))"
        ),
    ),
    Stance("gone", Governs.WHOLE, _any(r"(?:流量|余额|积分)[^。;]{0,12}已(?:于[^,。;]{1,12})?(?:清零|作废)")),
    Stance(
        "advice",
        Governs.ONWARD,
        _any(
            r"(?:建议|推荐|诚?邀请?|欢迎|为您推荐)(?:您)?(?:[^,。;]{0,6})"
            r"(?:办理|开通|订购|参加|升级|体验|领取|了解|换购|使用(?!流量查询))"
        ),
    ),
    Stance(
        "a survey",
        Governs.ONWARD,
        _any(
            r"评[分价]|打分|满意度|问卷|调查|\bsurvey\b|\brate (?:our|us|your|the)\b|\bfeedback\b",
            r"\bencuesta\b|\bumfrage\b|опрос|\banket\b",
        ),
    ),
    Stance("a hotspot's use", Governs.ONWARD, _any(r"测速|手机应用|本次上网(?:时长|使用)|使用wlan(?:流量)?\s?\d")),
    Stance(
        "a number's move to another carrier",
        Governs.ONWARD,
        _any(
            r"携(?:号转网|转|入|出)|授权码",
            r"\b(?:upc|porting code|pac code|port(?:ing)?[- ](?:out|in|request)|mnp)\b",
        ),
    ),
    Stance(
        "another's line",
        Governs.WHOLE,
        _any(
            r"(?:为|给|替|帮)(?!您)[^,。;您]{0,6}?(?<!\d)1[3-9]\d[\d*x]{8}(?!\d)",
            r"(?:亲友|好友|朋友|家人|亲情|对方|他人|孩子|爱人|父母|老人|子女|副号"
            r"|(?<!主)副卡(?=[^,。;]{0,6}\d)|(?<!集团)(?<!池)成员(?!合计|共))(?:号码?)?"
            r"(?![^,。;]{0,8}(?:为|给|替|帮)您)[^,。;]{0,18}"
            r"(?:领取|领走|赠送|流量|余额|欠费|停机|充值|缴费|代[缴付充])",
            r"尾号\s?\d{3,4}的?(?:副卡|副号|子卡)",
            r"(?:副卡|(?<!集团)成员)(?:号码)?\s?1[3-9]\d[\d*x]{8}|代[缴付充](?:话费|缴)",
            r"(?:为|给|替|帮)尾号|名下[^,。;]{0,2}(?<!\d)1[3-9]\d[\d*x]{8}(?!\d)(?=[^。]{0,30}代)"
            r"|副卡[^,。;]{0,3}已?(?:被)?(?:停机|欠费|销户)",
            r"亲属卡|亲情号|亲情网|来电号码|分机号|总机|集团为您",
            r"(?:代[付办缴充]|爱人|[他她])的号码\s?1[3-9]\d\*{4}\d{4}|号码\s?1[3-9]\d\*{4}\d{4}(?=[^,。;]{0,4}请求)",
            r"\byou(?:'ve| have) (?:successfully )?(?:sent|transferred|gifted|shared|recharged (?=[\d+x*]{8}))",
            r"\byour friend\b|\bto a friend\b",
            talk.SENT_AWAY,
            talk.OTHERS,
        ),
    ),
)
_AGAIN = re.compile(
    r"[,、]\s?(?=(?:您|目前|当前|现(?:有|已)|截[至止]|本月|本期|剩余|尚余|还剩|已用|已使用|其中|国内|通用|套餐内)"
    r"[^,。;]{0,20}\d)(?![^,。;]{0,30}(?:将|会|可(?!用)|自动|系统))"
)
"""A clause that states again: it begins as answers do, tells a figure, and nothing that is to come."""


def silenced(plain: str) -> str:
    """`plain` with what states nothing of this line now as blanks, of the same length."""
    text = list(plain)
    for start, end in _spans(plain):
        text[start:end] = " " * (end - start)
    return "".join(text)


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    where = layout(plain, ())
    for stance in STANCES:
        for hit in stance.words.finditer(plain):
            end = where.sentence_end(hit.start())
            if stance.governs is Governs.WHOLE:
                yield where.sentence_start(hit.start()), end
                continue
            again = _AGAIN.search(plain, hit.end(), end)
            yield where.clause_start(hit.start()), again.start() if again else end
