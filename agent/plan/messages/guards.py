"""Who really speaks, and of what: links that only imitate a carrier, other services, private voices, warnings. Pure.

`negatives` knows words that are never a carrier's; here are the shapes that catch what no list of words can: a link's
host, the thing the first sentence is about, 你 instead of 您. Each yields a reason, or None.
"""

import re
from collections.abc import Sequence

from agent.plan.messages import european, purses
from agent.plan.messages.carriers import named
from agent.plan.messages.normal import DOMAINS
from agent.plan.messages.table import entries
from agent.plan.messages.words import labels

_HOST = re.compile(
    r"(?<![a-z0-9@.])(https?://"
    r"|www\.)?([a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9-]{1,60}){0,5}\.[a-z]{2,10})(?![a-z0-9@-])(/)?"
)
_KNOWN = frozenset(DOMAINS.split("|"))
_CHEAP = frozenset(
    entries("top xyz vip cc icu site online club work shop live buzz click tk ml ga cf gq pw win bid loan men rest fun")
)
"""Top-level domains no carrier sends links to and fraud lives on."""
_OURS = re.compile(
    r"(?:^|[.-])(?:10086|10010|189|10099|chinamobile|chinatelecom|chinaunicom|chinabroadnet|cmcc|mobilebj|wo)"
    r"(?:\.com)?\.(?:cn|com)$|(?:^|\.)online-cmcc\.cn$"
)
_SHORTENED = frozenset(entries("t.cn dwz.cn suo.im suo.nz url.cn w.url.cn 985.so u.nu s5.cn"))
"""Shorteners; China's carriers have their own hosts."""
_LURE = re.compile(
    r"-(?:verif\w*|bill\w*|pay\w*|points?|gifts?|upgrade|topup|renew\w*|sim|secure|free|vip|login|support|account"
    r"|alert|reward|refund|bonus|info|update|activate|unlock)|(?:^|[.-])(?:10086|10010|10001|189|sim)-|-(?:data|topup)"
    r"|(?:^|[.-])(?:att|vzw|ee|o2|jio|airtel|verizon|tmobile|vodafone|mtn|fake|secure|verify|login)-|(?:cn|com)-vip"
)
_URGES = re.compile(
    r"点击|点开|戳|登录|登陆|打开链接|访问|缴费\s{0,2}http|处理\s{0,2}http|恢复\s{0,2}http|\b(?:click|tap|update|verify"
    r"|avoid|pay|renew|keep|restore|confirm|claim|visit|log in)\b"
)
_FIGURE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|\d\s{0,2}(?:元|[kmgt]i?b?(?![a-z])|%|天)|\d[.,]\d\d(?!\d)|[$€£¥₹₦]\s?\d|\b(?:rs"
    r"|inr|usd|eur|ksh"
    r"|kes|ngn)\.?\s?\d"
)


def hosts(plain: str) -> list[str]:
    """The hosts of the links in a folded text, without www; "low.click here" is no link."""
    return [
        hit.group(2).removeprefix("www.")
        for hit in _HOST.finditer(plain)
        if hit.group(1) or hit.group(3) or hit.group(2).rpartition(".")[2] in _KNOWN
    ]


def imitation(plain: str) -> str | None:
    """A link to where no carrier sends its customers, or that apes a carrier's name."""
    for host in hosts(plain):
        name = host.rpartition(".")[0]
        if _OURS.search(host):
            continue
        if host in _SHORTENED or host.rpartition(".")[2] in _CHEAP or _LURE.search(name):
            return "a link that imitates"
    return None


def urges_through_a_strange_link(plain: str, own: Sequence[str]) -> bool:
    """ "Your SIM expires today, click …": an alarm without any figure, and a link that is no known carrier's.

    `own`: the names this carrier signs with; "giffgaff.com" is giffgaff's.
    """
    names = {one.replace(" ", "") for one in own}
    strange = [
        one
        for one in hosts(plain)
        if not _OURS.search(one) and not names & {_TRADE_ENDING.sub("", part) for part in one.split(".")}
    ]
    return bool(strange) and bool(_URGES.search(plain)) and not _FIGURE.search(plain)


_TRADE_ENDING = re.compile(r"(?<=[a-z]{3})(?:wireless|mobile|telecom|prepaid)$")
""" "cricketwireless.com" is Cricket's."""
_SENTENCE = re.compile(r"[^。!;\n.]{0,400}(?:\.(?=\S)[^。!;\n.]{0,200}){0,6}")
_OTHER_SERVICE = re.compile(
    r"提现|出款|店铺|语音转写|短信(?:剩余量|余额)|api ?(?:账户|额度)|学费|宿舍|房租|\bhome \d{1,4} ?mbps"
    r"|充电(?:桩|账户)|单车|短信套餐|套餐短信|短信条数|上传空间|看家|存储套餐|云存|摄像|您家的|电视业务|\bitv\b|影视包"
    r"|咪咕阅读|书券|和包账户(?:支付|付款)|彩云|\d\s?[gt]b?(?:的)?空间"
    r"|\b(?:bpjs|asuransi|prakerja|umroh|umrah)\b|影号|和多号|光纤|服务器|云平台|云盘|网盘|云空间|云存储|云主机|云服务"
    r"|云电脑|对象存储|cdn"
    r"|带宽包|虚拟主机"
    r"|数字电视|有线电视|机顶盒"
    r"|iptv|固话|固定电话|座机|光宽带|家庭宽带|宽带(?!流量|\+手机)|订阅|节点|加速器|机场(?!高速)|校园网|电表|水表|气表|燃气"
    r"|电量|校园卡(?!优惠|\d{1,3}元|.{0,40}流量)"
    r"|\bicloud\b|google (?:one|drive|photos)|onedrive|dropbox|\bstorage\b|\bmailbox\b|\bbroadband\b|fib(?:er|re)\b"
    r"|\bdth\b|\bset[- ]?top\b|\bhome (?:internet|wi-?fi|data|phone)\b|tata play|dish ?tv|sun direct|\bdstv\b|\bgotv\b"
    r"|startimes|\bhosting\b|\bvps\b|\bdisk\b|\bserver\b|\bbandwidth\b|\bcloud (?:account|credits?|server)\b"
    r"|\bapi (?:credits?|quota)\b|家庭网关|家中wi-?fi|存储空间|宽带账[户号]|直播流量|点播流量|(?<!套餐\()(?:专业|高级"
    r"|企业"
    r"|旗舰|团队|个人|免费)版"
    r"|\bmemory\b|\b(?:build|backup|deploy\w*) (?:failed|completed|succeeded)\b|\b(?:hotspot shield|nordvpn"
    r"|expressvpn|surfshark"
    r"|windscribe|tunnelbear|protonvpn|just ?my ?socks)\b|\butilit(?:y|ies)\b|\bwater (?:bill|board|service"
    r"|supply)\b|\bcity water\b"
    r"|\bvpn\b|\bnbn\b|\bfios\b|\bfibe\b|\bfibr[ao]\b|\bhogar\b|\bthuis\b|\bfestnetz|\bkabel-?internet|\bbackup\b"
    r"|swiatlowod|оптич\w+ интернет|\badsl\b|banda (?:larga|ancha)|bredband|\bmileage\b|\bdata breach\b"
    r"|\bpower (?:bill|supply"
    r"|will)|\bstreaming\b|\bxfinity\b|watching"
    r"|домашн\w{1,4} интернет|\b(?:internet (?:hogar|residencial|rumah|a casa|domiciliario)|ev interneti|livebox"
    r"|freebox"
    r"|fritz!?box|indihome|superonline|dsl)\b"
    r"|\bhoroscope\b|\bmobile legends\b|\bgarena\b|\bfree fire\b|\bpubg\b|\broblox\b"
    r"|\b(?:caller|hello|welcome|ring ?back|dial) ?tunes?\b|\bcrbt\b"
    r"|\b(?:guest|hotel) wi-?fi\b|\bwi-?fi voucher\b"
)
_OF_THE_LINE = re.compile(
    r"流量套餐|校园卡\d{1,3}元套餐"
    r"|\bmobile (?:recharge|number|data|line)\b|话费|手机(?:号|账户|余额)|流量卡|物联网?卡|sim卡|可用余额|airtime"
    r"|prepaid"
    r"|talktime|\bsim\b"
)


def other_service(plain: str) -> str | None:
    """The first sentence is about a thing that is no mobile plan: broadband, a cloud's storage, television, a meter."""
    first = next((one.group() for one in _SENTENCE.finditer(plain) if len(one.group().strip()) > 3), "")
    found = _OTHER_SERVICE.search(first)
    return "another service" if found and not (_OF_THE_LINE.search(first) and "宽带账" not in first) else None


def is_of_another_service(sentence: str) -> bool:
    return bool(_OTHER_SERVICE.search(sentence)) and not _OF_THE_LINE.search(sentence)


_SALUTATION = re.compile(
    r"尊敬的[^,:!。]{0,4}(?:会员|业主|顾客|车主|家长|旅客|持卡人|投资者|学员|读者|储户|股东|居民|纳税人|患者"
    r"|同学)(?![a-z])"
)
"""Whom a text greets says whose trade it is: carriers write 客户, 用户, 商户."""
_OWED_TO = re.compile(r"\bowe[sd]?\b[^.]{0,24}\bto\s(?!us\b|your\b|continue|avoid|keep)[a-z]")

_WARNS = re.compile(
    r"诈骗|骗子|骗局|谨防|凡(?:是|以|称|要求|自称|接到|收到)|以[^,。]{1,24}为由|切勿轻信|勿信|不要相信|请勿相信"
    r"|请勿点击"
    r"|假冒|冒充|\bscam\w*\b|\bfraud\w*\b|\bphishing\b|never share|do not share|beware of"
)
_FIGHTING = re.compile(r"防范?(?:和)?打击[^,。]{0,12}诈骗")
"""The law by which a number is cut off, not a warning."""
_WARNER = re.compile(r"【[^】]{0,12}(?:反诈|公安|警方|网警|工信部|通信管理局|派出所|检察院|法院)[^】]{0,8}】")


_FOR_INSTANCE = re.compile(
    r"例如|比如|譬如|示例|举例|\be\.g\.|\bfor example\b|\bfor instance\b|\bz\.b\.|\bpor ejemplo\b"
)


def is_warning(sentence: str) -> bool:
    """Whether a sentence tells of fraud, or gives an example: what it quotes is nobody's state."""
    return bool(_FOR_INSTANCE.search(sentence)) or bool(_WARNS.search(_FIGHTING.sub("", sentence)))


_PRIVATE_VOICE = re.compile(
    r"你|老板|亲爱的(?!用户|客户|会员|商户|商家)|加(?:我)?(?:微信|v信|vx|qq)|转(?:给)?我|找我|我(?!们|司|公司|行|国"
    r"|方|店|处|市|省|网|校|局|县|区|的账单)"
    r"|微信群|代办|批发|代理商招募|\bhi (?:mum|mom|dad)\b|\bpls\b|\bu send\b|\b(?:call|text|msg) (?:u|me) (?:later"
    r"|back)\b"
    r"|\b(?:my|mi|meu|mein|meine|mon|ma|il mio|moj|benim) (?:\w{4,12} )?(?:data|balance|credit|airtime|plan|phone"
    r"|saldo|numero|plano"
    r"|credito|forfait|solde|guthaben|datenvolumen|internet) (?:is|was|has|ran|finished|es|esta|e|est|ist|are|jest"
    r"|bitti)\b"
    r"|\bme (?:quedan?|quede|acabo|acabaron)\b|\b(?:gue|gua|gw|aku|pulsaku|kuotaku|internetim)\b|\bhattim\b"
    r"|\bу меня\b|\bмо[йе]м? (?:баланс|номер|телефон)|\bперезвони\b|رصيدي|باقتي|เงินของ(?:ผม|ฉัน)"
)


_SELLER = re.compile(r"加(?:我)?(?:微信|v信|vx|qq|v)|批发|代办|私聊|代理商?招募|诚招|首月免费|免费领卡|申请地址")
"""Who sells cards to strangers, whatever name stands in the text."""


def private_voice(plain: str) -> str | None:
    """A person's words, not a company's: 你 or 我 where every carrier writes 您; sellers who want to be written to."""
    text = re.sub(r"[\"“”'「」][^\"“”'「」]{0,60}[\"“”'「」]", "", plain)
    if "您" in text or _SALUTED.search(text):
        return None
    return "a private voice" if _PRIVATE_VOICE.search(text) else None


_SALUTED = re.compile(r"^\W{0,3}(?:【[^】]{0,12}】)?\W{0,3}尊敬的(?:客户|用户|机主)")
"""Some carriers go on with 你 after it."""


_STRANGE_CALL = re.compile(
    r"(?:致电|拨打|联系|回电|回拨|加|\bcall|\bcontact)[^,。;]{0,12}?(?:00\d{8,14}|\+(?!86)\d{8,14}"
    r"|(?<!\d)1[3-9]\d{9}(?!\d))"
)


_NAME_FIRST = re.compile(r"\s{0,3}([a-zа-я][a-zа-я0-9&'. -]{1,24}?)\s?:\s{0,2}(?![/\d\s])")
_BYTES = re.compile(
    r"\d\s?[kmgt]i?b(?![a-z])|\d\s?[mg]o(?![a-z])|\d\s?[мг]б(?![а-я])|ваш номер|\bпакет|\bтариф"
    r"|\b(?:giga|kuota|iot sim|sim \d{4,}|sim card|data (?:bundle|pack|plan))\b"
)
_HEADER = re.compile(
    r"\b(?:alert|reminder|info\w*|notice|dear|hi|hello|hey|msg|message|sms|update|important|urgent|warning|balance\w*"
    r"|bal|credit\w*|airtime|data|main|account|acc|acct|imsi|num|usd|eur|saldo|solde|compte|guthaben|konto|pulsa"
    r"|sisa|kuota"
    r"|tk|tkc|tkg|plan|pack|bundle|expir\w*|valid\w*|usage|status|prepaid|recharge|top-?up|topup|current|remaining"
    r"|your"
    r"|available|total|internet|\w*mobil\w*|telecom\w*|tel|wireless|cell\w*|\w*movil|sim|gsm|lte|iot|m2m|egyenleg"
    r"|bakiye\w*|baki|stanje|sold|credito|balans|balance|etebar|mojudi|masa|tarif\w*|srodki|stan|tegoed|so du"
    r"|tai khoan"
    r"|code|trx|ref|note|notification|service|customer|subscriber|free|voda\w*|orange|your"
    r"|nhac nho|thong bao|canh bao|peringatan|pemberitahuan|notifikasi|pengingat|makluman|taarifa"
    r"|cost|duration|minus|confirmed|ussd|aktuell\w*|ricarica|mb|gb"
    r"|achtung|hinweis|wichtig|\w*erinnerung|avis|rappel|aviso|recordatorio|atencion|atencao|lembrete|attenzione"
    r"|promemoria|avviso|uwaga|przypomnienie|let op|herinnering|pozor|upozorneni|figyelem|dikkat|obs|внимание|увага"
    r"|напоминание|нагадування|πληροφορια|προσοχη|atentie|telefonica|life|personal"
    r"|a1|ho|simyo|ortel|kena|plus|play|tele2|t2|yota|voxi|xl|ee|tim|vi|three|holafly|mtnl \w+|mts)\b"
)


def speaks_for_itself(plain: str) -> bool:
    """ "British Gas: your credit …": a company's own name stands first, and it is no word for a mobile account."""
    first = _NAME_FIRST.match(plain)
    if first is None or _HEADER.search(first[1]) or labels(first[1]):
        return False
    return named(first[1]) is None and not european.is_headed(plain)


def why_not(plain: str, *, signed: bool, own: Sequence[str] = ()) -> str | None:
    """The reason why this text (folded) tells nothing about the plan, or None. `signed`: it bears a carrier's name."""
    if _WARNER.search(plain):
        return "a warning"
    if reason := imitation(plain) or other_service(plain):
        return reason
    if purses.is_payment_apps(plain) or purses.is_resellers(plain):
        return "another purse"
    if _SELLER.search(plain):
        return "an advert"
    if not signed and (reason := private_voice(plain)):
        return reason
    if not signed and (_SALUTATION.search(plain) or _OWED_TO.search(plain)):
        return "another company"
    if not signed and purses.names_another(plain):
        return "another purse"
    if not signed and speaks_for_itself(plain) and not _BYTES.search(plain):
        return "another company"
    if not signed and _STRANGE_CALL.search(plain) and not _FIGURE.search(plain):
        return "an alarm with a private number"
    return "an alarm with a strange link" if urges_through_a_strange_link(plain, own) else None
