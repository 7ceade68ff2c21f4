"""Until when: the date that ends the plan, the data or the balance; never an "as of" date or a coupon's. Pure."""

import re
from collections.abc import Sequence
from datetime import date

from agent.plan.messages import european, roots_world, smaller
from agent.plan.messages.dates import Day
from agent.plan.messages.layout import Layout
from agent.plan.messages.table import entries
from agent.plan.messages.words import pattern

_STRONG = pattern(
    [*entries("截止日 有效期 有效期至 服务期至 使用期至 "
        "有效至 有效期限 有效 清零 作废 使用到 可用到 到期 失效 过期 使用期限 终止 结束 使用至 可用至 到期日 "
        "期满 届满 服务期为 服务期 合约期 "
        "服务期限 使用期 "
        "到期时间 截止日期 保号期 协议期 套餐周期 "
        "valid validity val sah exp expir~ lejar~ ends valable~ valid~ gultig~ ablauf~ geldig~ vence~ "
        "vencimiento caduca~ scad~ wazn~ действ~ истека~ berlaku gecerli~ hsd platn~ ervenyes~ gyldig~ giltig~ "
        "voimassa expira~ дійсн~ "
        "срок s/d deistvit~ istekaet 有効期限 期限 laikotarpi~ вазн~ 停机时间"), "停机", "masa aktif~", "masa berlaku~",
        "will renew", r"re:(?<![a-z])renew(?= \d)",
        "aktif sehingga", "hangus", "akan habis", "diperbaharui", "diperpanjang otomatis", "diperpanjang pada",
        "gia han vao",
        "duoc gia han", "tu dong gia han", "aktif hingga", "aktif sampai", "aktif sd",
        "son kullanma", "bitis tarih~", "felhasznalhato", "re:-ig(?![a-z])", "han su dung", "het han", "su dung den",
        "dung den",
        "do wykorzystania do", "masa tenggang", "berakhir~",
        "valabil~",
        "renews on", "renew on", "si rinnova il", "renewal date", "echeance",
        "termina~", "finaliza~", "endet", "eindigt", "tamat", "luput", "konczy", ("se "
        "termine"), "prend fin", "vigencia~", "vigente~", "wygas~",
        "истеч~", "законч~", "заканч~", "scadr~", "verloopt", "doluyor", "sona er~", "tarikh luput",
        "laeuft", "lauft", "son gun", "son tarih", "son kullanim tarihi", "son kullanim", "endet am",
        "re:หมดอายุ", "re:ใช้ได้ถึง", "re:صالح", "re:صلاحية", "re:تنتهي", "re:ينتهي", "re:انتهاء", "re:تاریخ اعتبار",
        "re:تا تاریخ", "t.o.m.", "t o m",
        r"re:(?<=[日号\d])止(?=[,。;!\s]|$)",
        "re:(?:(?:服务|保号|使用|有效|静默|沉默|测试|库存|优惠|在网)期|(?:合约|协议)期?)[限内间]?将?(?:截[至止][至到]?|至)",
        "re:까지", "re:まで",
        "re:هتنتهي", "re:حتى", "re:لغاية", "re:ถึงวันที่",
        "re:ถึง",
        "re:समाप्त", "re:खत्म", "re:मान्य", "re:ختم", "re:میعاد", "re:শেষ",
        "re:สิ้นสุด", "re:پایان", "re:منقضی", "re:יפוג", "re:תסתיים",
        "re:מסתיימ", "re:هتخلص",
        "re:वैधता", "re:মেয়াদ",
        "re:תוקף",
        "re:בתוקף",
        "re:εως", "ληξη", "λήξη", "liksi", "ληγει", "hadi", "mpaka",
        "re:만료",
        "re:사용기한", "re:이용기한", "re:终了", "re:유효",
        "re:fino al?(?![a-z])", "end date",
        "re:tarihine kadar", "re:good (?:through|thru|until|till)",
        "re:until(?= )", "re:till(?= )", "use by", "use before", "tot en met", "valid thru", "runs out",
        "run out on", "end on", "last day", "renews", r"re:paid (?:up )?(?:through|thru|until|till|upto)",
        r"re:use (?:it|them|this|your credit) (?:by|before)", "must be used by", "must be used before", "use by date",
        "ended", "lixi", "re:active (?:through|thru|until|till)", "finishes", "lapses", "thru",
        "venci~", "vencera~", "caduco", "expiro", "dolacak~", "dolmaktadir", "bitecek~", "diysn~",
        "dijsn~", *smaller.EXPIRY, *european.EXPIRY, *roots_world.EXPIRY]
)  # fmt: skip
_WEAK = pattern(
    [
        *entries(
            "sehingga 至 到 "
            "до do bis hasta jusqu~ ate fino tot hingga sampai ta den den~ til upto by before su dung den "
            "ngay al sd on s.d"
        ),
        "s.d.",
        "sampai tanggal",
        "sampai tgl",
        "hingga tanggal",
        "hingga tgl",
        "s/d tgl",
        "sampai dengan",
        "an",
        *smaller.UNTIL,
    ]
)
_AS_OF = re.compile(
    r"(?:截至|截止到|截止至|截止|截至到|as of|as on|as at|\bused (?:till|until|upto)|\bstand|\bper|updated?(?: on)?"
    r"|к концу|по состоянию "
    r"на)\s?:?\s{0,2}$"
)
_STARTS = re.compile(r"\s{0,2}(?:起|开始|生效|00:00起|后生效)|\s(?:onwards)")
_FROM = re.compile(r"(?:自|从|from|ab dem|vom|с|mulai|desde)\s{0,2}$")
_PAY_BY = re.compile(
    r"(?:оплат\w*|внес\w*|заплат\w*|\b(?:pay|paid(?! (?:up )?(?:through|thru|until|till))|payable|settle|due|zahl\w*"
    r"|begleich\w*|fallig|reglez|payez|payer"
    r"|pague|pagar|paga|bayar|jatuh tempo"
    r"|thanh toan|odeme|zaplac\w*|betaal)|缴(?:纳|清|费)?|交费|付款|支付|还款|还清)[^\d,。】有到]{0,14}$"
)
"""The day a debt falls due, not the plan's last."""
_TOP_UP_BY = re.compile(r"(?:пополн|внес|оплат)\w*\s[^,;!?]{0,24}$|(?:top up|recharge|pay)\s[^,;!?.]{0,20}\bby\s$")
_DEADLINE = re.compile(
    r"\s?(?:24时)?之?前(?:退订|取消|回复|办理|领取|参与|登录|核实|补录|完成|升级|更新|提交|登记|认证|验证|激活"
    r"|下载|安装)"
)
"""Until when one may do something."""
_WITHIN = re.compile(r"(?<=内)(?:充值|缴费|交费|续费|续订|处理|补缴|完成|办理)")
""" "请于30天内充值": a span to act in."""
_ACT_THEN = re.compile(
    r"\b(?:recharge|renew|top ?up|reload|buy|pay|act|order|extend|isi ulang|perpanjang|beli|karein|nap ngay)(?: it"
    r"| again| now)?\s$"
)
""" "Recharge today to extend your validity": a day to act on."""
_DONE_THEN = re.compile(r"(?:\d{1,2}[时点])?(?:被|自动)?(?:停|暂|关|中断|办理|充|开通|激活|变更|恢复|扣)")
"""What had happened by then ends nothing: "已于2026年11月22日停止服务"."""
_RENEWED_ON = re.compile(
    r"\b(?:fue|foi|ha sido|a ete|e' stat[ao]|e stat[ao]|was|has been|have been|werd|zostal\w?|byl\w?"
    r"|был\w?)\s(?:[\w-]{1,14} ){0,2}"
    r"(?:renov|renew|renouvel|rinnovat|verlengd|odnowion|przedluzon|prodlouzen|obnoven|продлен|activ|aktiv)\w{0,6}"
    r"(?: (?:el|on|le|il|op|dnia|em|dne))?\s{0,2}\Z"
)
_WAS = re.compile(r"\bwurden?\s(?:am |zum |mit |ab )?\s?\Z")
_RENEWED = re.compile(r"\s(?:[\w-]{1,14} ){0,2}(?:verlangert|erneuert|gebucht|aktiviert|gewechselt)\b")
"""The day it began anew is none on which it ends: "wurde am 12.05.2024 verlängert. Sie läuft bis 09.06.2024"."""
_THEN = re.compile(
    r"[^\d\n]{0,14}(?:[-至到~]|(?<![a-zа-я])(?:to|until|till|bis|до|hasta|al|s/d|sd|sampai)(?![a-zа-я]))[^\d\n]{0,4}"
)
_NOT_THE_PLAN = pattern(
    [*entries("券 门票 账单 帐单 缴费期限 付款 应缴 还款 抢购 bill invoice due rechnung rechnungs~ facture "
        "factura fattura fatura rachunek счет-фактура payment 积分 红包 奖 vip 权益 链接 抽 礼 兑换 保险 保单 "
        "域名 快递 证 还款 贷 宽带 彩铃 "
        "体验 验证 车险 年检 合同 签证 服务器 密码 保底 防护 来电 助理 铃声 阅读 光纤 固话 电视 短号 竞拍 拍卖 "
        "发票 存储 看家 网关 光猫 "
        "路由器 彩信 副号 message messages voicemail voicemails 咪咕 云盘 漫游功能 漫游业务 漫游套餐 "
        "等级 银卡 金卡 "
        "钻石卡 "
        "贵宾 星级 特权 险 "
        "coupon coupons vouchers ticket points point offer "
        "offers promotion reward rewards code otp link domain insurance policy warranty booking passport "
        "licence license miles password prize gift deal deals sale cashback pin token caller callertune "
        "trial contrato contract vertrag taahhut~ boleta recibo autopay ringtone netflix hotstar puntos punti punkte "
        "баллы акция акции купон промокод gutschein "
        "angebot aktion ofertas sorteo stnk kendaraan paspor ktp sertifikat anggota keanggotaan member promosi "
        "diskon pengumuman pemenang "
        "dokumen visa"), "caller tune",
        "re:(?<!plan )(?<!tariff )(?<!combo )(?<!data )(?<!recharge )(?<![a-z])voucher(?![a-z])",
        "callertun~",
        "re:(?<!data )(?<!internet )(?<!bundle )(?<![a-z])subscription",
        "re:(?<!sua )(?<!tua )(?<!su )(?<!tu )(?<!twoja )(?<![a-z])oferta(?![a-z])",
        "re:(?<!your )(?<![a-z])membership(?![a-z])",
        "bonus points",
        "re:(?<!合约)活动", "re:合约(?=机|手机|终端)|(?:机|手机|终端|购机|宽带)合约",
        "re:截止日(?!期|:?\\s?\\d)", "re:(?:购机|终端|宽带|手机|设备|租赁)协议|(?<!套餐)(?<!靓号)协议(?!期|到期)",
        r"re:(?<!your )(?<!iyong )(?<!data )(?<!tua )(?<![a-z])promo(?! mo(?![a-z]))(?![a-z])",
        "re:बीमा", "re:पॉलिसी", "re:ऑफर", "re:कूपन",
        "re:ประกัน", "re:โปรโมชั่น", "re:คูปอง", "re:تأمين", "re:قسيمة",
        "re:بیمه", "re:انشورنس", "re:קופון", "re:מבצע", "re:বীমা", "re:会员(?!流量)", "re:充值卡(?!充值)",
        (r"re:(?<!套餐)(?<!套餐[”\"])(?<!资费)(?<!资费[”\"])(?<!月租)(?<!流量)(?<!校园卡)优惠"
        r"(?!期|套餐|合约|资费|流量|月租|到期提醒|[^。;]{0,40}恢复(?:原|标准|\d+元))")]
)  # fmt: skip
_THE_PLAN = re.compile(
    r"套餐|流量|期限|合约|[月日年季油gb]包|到期时间|到期日|月租|年费|流量费|通[讯信]费|号码|话费|余额|账户|业务|手机|sim|卡|服务|有效期|资费"
    r"|续费|续订|"
    r"\b(?:plan|pack|package|data|balance|bal|credit|account|airtime|bundle|line|number|service|validity|recharge"
    r"|internet|gb|mb|stv|saldo|paket|kuota|pulsa|talian|kartu|nomor|perkhidmatan|masa|masaaktif|guthaben|tarif|paquete|pacote|plano|linha|chip|forfait|"
    r"solde|konto|konta|srodk\w*|ofert\w*|bakiye|paketi?|so du|goi|tk|tegoed|bundel|kredit|sredstv\w*|francs|usage"
    r"|offerta|giga|pelan|baste|etebar\w*|simkart|thue bao|prepaid|sim card|grace period|masa tenggang)\b|"
    r"пакет|тариф|баланс|остат|услуг|номер|трафик|гб|мб|наличност|рахун|состојба|υπολοιπ|πακετ|δεδομεν|καρτα"
    r"|แพ็ก|เน็ต|پیکج|بنڈل|بیلنس|เบอร์|ยอดเงิน|วันใช้งาน|باقة|باقت|رصيد|صلاحية|خط|بسته|اعتبار|सिम|पैक|प्लान"
    r"|वैधता|डेटा|প্যাক|ডেটা"
    r"|ব্যালেন্স|ইন্টারনেট"
    r"|データ|プラン|残高|パケット|(?<![a-z])sim(?![a-z])|데이터|요금제|유효|유심|사용기간|선불|契约|잔액|חבילה|תוקף|יתר|הקו|גלישה"
    r"|\b(?:bonos?|goodybag|pase|pass|flat|option|opzione|opcja|servicio|wertkarte|allowance|kifurushi|salio|laini"
    r"|load|promo|racun|kredit\w*|podatk\w*|internetu?|surf|saldosi|liittyma|egyenleg\w*|adatkeret\w*)\b"
    + european.THINGS
    + "|"
    + roots_world.THINGS["plan"]
    + "|"
    + roots_world.THINGS["data"]
    + "|प्लॅन|पॅक|प्याक|डाटा|शिल्लक|बैलेंस"
)
REACH_BEFORE = 36
REACH_BEHIND = 28


def expiry(
    plain: str, days: Sequence[Day], where: Layout, *, known: bool, alone: bool = False
) -> tuple[date, int, int] | None:
    """(day, start, end of the words it stands on) of the first date that ends the plan; `known`: a carrier speaks.

    `alone`: the message tells nothing else. Carriers send many dates; then its own sentence must name what ends, and
    say that it ends: "until" is not enough ("Duplica tu recarga … hasta 30/11").
    """
    for index, one in enumerate(days):
        if one.day is None or _is_something_else(plain, days, index):
            continue
        label = _label(
            plain,
            one,
            where,
            days[index - 1].end if index else 0,
            last=index > 0 and _joined(plain, days[index - 1], one),
        )
        if label is None or not is_of_the_plan(plain, where, min(label[0], one.start), known=known):
            continue
        if alone and not _says_what_ends(_sentence(plain, where, min(label[0], one.start)), plain[label[0] : label[1]]):
            continue
        return one.day, min(label[0], one.start), max(label[1], one.end)
    return None


def open_days(plain: str, days: Sequence[Day]) -> list[Day]:
    """Those that are none of "as of", "from", "pay by": any of them may be an end."""
    return [one for index, one in enumerate(days) if one.day is not None and not _is_something_else(plain, days, index)]


def names_what_ends(sentence: str) -> bool:
    """Whether a sentence has a word for a plan, its data or its line."""
    return bool(_THE_PLAN.search(sentence))


def _sentence(plain: str, where: Layout, position: int) -> str:
    """The sentence at `position`, with the one before it where it only points there: "It ends on 26/11/2026"."""
    start = where.sentence_start(position)
    if start > 1 and _POINTS_BACK.match(plain, start):
        start = where.sentence_start(start - 1)
    return plain[start : where.sentence_end(position)]


_POINTS_BACK = re.compile(r"\s{0,3}(?:it|this|they|these)\b")


def _says_what_ends(sentence: str, label: str) -> bool:
    return bool(_THE_PLAN.search(sentence)) and (not _WEAK.fullmatch(label) or bool(_STRONG.search(sentence)))


_ENDED_BEFORE = re.compile(r"已经?(?:到期|过期|失效),[^,。;]{0,6}将[于在]?\Z")
""" "通讯费已到期,将于3日后停用": what has ended does not end on the day that follows."""


def _label(plain: str, one: Day, where: Layout, before: int, *, last: bool) -> tuple[int, int] | None:
    floor = max(where.sentence_start(one.start), one.start - REACH_BEFORE - (30 if last else 0), 0 if last else before)
    strong = list(_STRONG.finditer(plain, floor, one.start))
    ceiling = min(where.clause_end(one.end), one.end + REACH_BEHIND)
    behind = _STRONG.search(plain, one.end, ceiling)
    if _ENDED_BEFORE.search(plain, floor, one.start):
        strong = []
    at_once = behind is not None and behind.start() == one.end
    # "【到期提醒】尊敬的客户,您的套餐已于11月21日到期": a heading's word is not the date's.
    if strong and not (at_once and strong[-1].end() <= where.clause_start(one.start)):
        return strong[-1].start(), strong[-1].end()
    if behind and not (one.relative and behind.group() in ("清零", "作废")):
        return behind.start(), behind.end()  # "月底清零": every month's data does
    weak = list(_WEAK.finditer(plain, max(floor, one.start - 16), one.start))
    if (
        weak
        and not one.relative
        and one.start - weak[-1].end() <= 6
        and weak[-1].group() not in ("on", "by", "ngay", "an", "al", "den")
    ):
        said = plain[where.sentence_start(one.start) : one.end]
        if weak[-1].group() in ("至", "到") and not _THE_PLAN.search(said):
            return None  # "结算期间(11月30日至12月1日)"
        return weak[-1].start(), weak[-1].end()
    return None


def _is_something_else(plain: str, days: Sequence[Day], index: int) -> bool:
    one = days[index]
    if index + 1 < len(days) and _joined(plain, one, days[index + 1]):
        return True  # the first of "from … to …"
    ahead = plain[max(0, one.start - 36) : one.start]
    if _AS_OF.search(ahead):
        behind = plain[one.end : one.end + 10]
        if re.search(
            r"有效期[^。;]{0,14}截止\Z|(?:(?:服务|保号|使用|有效|静默|沉默|测试|库存)期[限内间]?|(?:合约"
            r"|协议)期?[限内间]?)(?:将)?截[至止][至到]?(?:日期)?[为:]?\s?\Z",
            ahead,
        ):
            return False  # "有效期30天,截止2026-12-22", "保号期截至2027年2月28日"
        return not re.match(r"[\s\d:.时分秒前]{0,9}(?:有效|到期|失效)", behind) and not ahead.endswith(
            ("有效截止", "有效期截止", "有效期截至", "有效期截止至", "有效期截止到")
        )
    if one.relative and (_WITHIN.match(plain, one.end) or _ACT_THEN.search(ahead)):
        return True
    if _DEADLINE.match(plain, one.end) or (ahead.endswith("已于") and _DONE_THEN.match(plain, one.end)):
        return True
    if _RENEWED_ON.search(ahead) or (_WAS.search(ahead) and _RENEWED.match(plain, one.end)):
        return True
    return bool(
        _STARTS.match(plain, one.end) or _FROM.search(ahead[-10:]) or _PAY_BY.search(ahead) or _TOP_UP_BY.search(ahead)
    )


def _joined(plain: str, one: Day, other: Day) -> bool:
    return bool(_THEN.fullmatch(plain[one.end : other.start]))


_CAMPAIGN = re.compile(
    r"领取|可领|待领|速领|速戳|参与|抢购|秒杀|升级版|即日起|限时|首月|立享|可享|(?:可|立|即|尊)享\d"
    r"|(?<![畅乐悦惠轻])享受?\d+(?:折|元)"
    r"|充\d+元?(?:话费)?(?:送|得|赠"
    r"|返)|\d元(?:包|享|得|=|月租)\d?|送\d|赠\d|办理(?:立|可|即)|\d折"
    r"|\bв подарок\b|активируй\w*|успей\w*|подключай\w*|получи(?:те)?\b|\bketik \w{1,10} (?:ke|kirim)\b|\bpenawaran\b"
    r"|\bmau ?\?|\b(?:claim|redeem|hurry|limited (?:time"
    r"|period)|promo period|get (?:up to|\d))\b"
)
_PROMO = re.compile(
    r"\b(?:free(?! ?(?:msg|message|mobile)| ?: [a-z]{3})"
    r"|(?<!your )(?<!iyong )(?<!data )(?<!tua )(?<!twoja )promo(?! mo\b)\w{0,7}|bonus\w{0,6}"
    r"|gratis|cadeau)\b|赠送|赠款|бонус|подар"
)


_NAME = re.compile(
    r"[“\"「《][^”\"」》]{1,30}[”\"」》]"
    r"|\(\d+元[^)]{1,12}\)|(?<=[购理通买用]的)(?!话费)[^,。;:已将有“]{1,24}?(?:流量包|加油包|[日月年]包|套餐|[日月年]卡|合约)"
)


def is_campaign(text: str) -> bool:
    """Whether it offers something: its dates are the offer's. "30元包6个月" in a package's name offers nothing."""
    return bool(_CAMPAIGN.search(_NAME.sub("", text)))


_CUT_UNTIL = re.compile(
    r"приостановлен|ограничен|снижен|suspend|throttl|blocked|barred|paused|reduced|限速|降速|暂停|停机|gesperrt"
    r"|ridotta|reduite?|reducida"
    r"|reduzida"
    r"|(?<!high[- ])\bspeeds?\b|velocit|kbit|kbps|\bsurfen(?! tot)|discount|скидк|diskon"
    r"|remise"
)


_ITEM = re.compile(r"\s?(?:到期|失效|截止)(?:日期?|时间)?\s?:\s?\d")
""" "卡号:…;剩余:0.8GB;到期:2026-12-08": an item of a list has no room for a name."""


def is_of_the_plan(plain: str, where: Layout, position: int, *, known: bool) -> bool:
    sentence = where.sentence_of(position)
    clause = where.clause_of(position)
    cut = _CUT_UNTIL.search(clause)
    if cut is not None and not (cut.group() == "停机" and "到期" in sentence):  # "到期停机" is the plan's end
        return False
    if _PROMO.search(clause) or is_campaign(sentence):
        return False
    if _NOT_THE_PLAN.search(clause) or _NOT_THE_PLAN.search(plain, where.sentence_start(position), position):
        return False
    so_far = plain[where.sentence_start(position) : where.clause_end(position)]
    if known and re.search(r"[一-鿿]", so_far) and not _THE_PLAN.search(so_far) and not _ITEM.match(so_far):
        return False  # "您的商户资料已过期": what ends has a name
    return known or bool(_THE_PLAN.search(sentence)) or bool(_THE_PLAN.search(plain))
