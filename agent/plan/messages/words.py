"""What a number near a word is, by language. Tables first; in plain form (normal.folded).

An entry is a phrase; "~" at its end lets the word go on (остал~ is осталось, осталось, остался); "re:" is a pattern.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from agent.plan.messages import european, roots_world, scripts, smaller
from modem.frozen import dataclass


class Role(Enum):
    LEFT = "left"
    """Data: remaining. Money: balance."""
    USED = "used"
    TOTAL = "total"
    SPENT = "spent"
    """Money that went out: bills, last call, fees. Never a balance."""
    OWED = "owed"
    PAID = "paid"
    """Money that came in by a top-up."""
    OFFER = "offer"
    """What could be had, at what price."""
    OTHER = "other"
    """Credit lines, points, thresholds: numbers that are none of ours."""


ROLES: Mapping[Role, tuple[str, ...]] = {
    Role.LEFT: (
        # zh
        "re:(?:剩余|可用|未用)(?:流量|话费)?(?:合计|共计|总计|共)", r"re:(?<=元)变(?:更)?为(?=\d[\d.]{0,8}元)",
        "re:剩余(?:可用)?(?:的)?总(?:流量|量)", "剩余流量总量", "总剩余", "剩余", "剩馀", "还剩", "尚剩", "仅剩",
        "只剩", "剩", "余额", "余量", "结余", "尚余", "余下", "可用余额",
        r"re:(?<!信用)(?<!透支)可用额(?:度)?(?:为|是|:)?\s?(?=-|\d[\d.]{0,8}元(?!.{0,60}余额))",
        r"re:(?:当前|目前|现)?话费账户(?:为|是|:)?(?=\d[\d.]{0,8}元)",
        "re:可(?:以|供)?使?用的(?:国内|通用|数据|总)?(?:流量|话费|余额)",
        (r"re:(?:账户|账上|卡里|卡内|号码)(?:内|上|里)?(?:现|尚|还|目前|当前|共)?有"
        r"(?=\d[\d.]{0,9}元(?!.{0,10}(?:未|过期|失效|作废|清零)))"),
        "可用流量", "可使用", "可用", "净返", "淨返", "仲有", "仲剩", "得返", "未使用", "未用",
        r"re:余(?=\s{0,2}[¥\d])", "余为", "余:",
        "re:(?:话费|余额|流量|账户)[^,。;\\d]{0,4}还有(?=\\d)",
        r"re:(?:还|尚|仅|只|现|余)有(?:约|近)?(?=\d[\d.]{0,8}\s?[kmgt])", "剩下", "可以使用", "可以用",
        "还能用", "没用",
        "没有用完", "未用完", "结存", "可用话费", r"re:(?:现金|基本账户|主账户)(?:余额)?[:为]?(?=-?\d)",
        # en
        "balance", "bal", "remaining", "remains", "left", "available", "stored value", "stored value balance",
        "main a/c", "main acct", "airtime of", "credit of", "balance of",
        "credit", "main account", "airtime", "unused",
        (r"re:(?<![a-z])(?:data|internet|daten|datos|dados|dati|datenrest|интернет|інтернет)\s"
        r"(?=\d[\d.,]{0,8}\s?[kmgмг][bбo]?(?:\s?[,;)v.teлд]|\s(?:do|bis|den|hasta|ate|fino|jusqu|wazn|platn|s/?d"
        r"|sampai|hingga|berlaku|gult|geldig|tot)\b))"),
        (r"re:(?<![^\W\d_])(?:(?:mai )?ai|vous avez|je hebt|u heeft|du hast|sie haben|masz|mate|imate|имате|имаш"
        r"|(?<!\be )hai|teil on"
        r"|sul on|(?:ud\.?|usted) tiene)(?: (?:inca|nog|noch|jeszcze|jeste|jos|още|encore|ancora))?(?= \d)"),
        (r"re:(?<![a-zа-я])(?:data|interneti?|datos|dados|dati|daten|dane|интернет|інтернет|трафик|megas?|navegacion"
        r"|freieinheiten|datenvolumen|freivolumen"
        r"|bolsa(?: de datos)?)(?: bundle| pack)?\s?[:=]"),
        (r"re:(?<![a-zа-я])(?:atlikus|preostal|restant|sisa|baki|verbleiben|resterend|available|dostepn|остав|доступн"
        r"|преостан)\w* (?:data|interneti?|datos|dados|dati|daten|dane|интернет|інтернет|трафик|megas)\s?[:=]"),
        r"re:(?<![a-z])(?<!sisa )(?<!total )kuota(?: utama| internet| data| nasional)?(?:\s?:\s?|\s)(?=\d)",
        (r"re:(?:you|(?<![a-z])u)(?: still)? have(?! not)(?! (?:successfully )?(?:used|been|sent|paid|won|bought"
        r"|spent|\w+ed)\b)"),
        "re:you've got",
        (r"re:(?<![a-z])(?:(?:na|w) (?:twoim|panstwa) koncie|na vasem ucte|na vasom ucte|auf (?:ihrem|deinem) konto"
        r"|sur votre compte|en (?:tu|su) cuenta|na sua conta|sulla tua sim|in contul (?:tau|dvs)"
        r"|на (?:вашата )?сметката)"
        r"(?: jest| masz| je| mate| hay| tienes| il y a| hai| ai| ha| sind| имате)?(?:\s?:)?(?=\s?\d)"),
        "main acc", r"re:(?<![a-z])main\s?[:=]", "cr", "bal data", "data bal", "data balance",
        "balance data", "remaining data", r"re:(?<![a-z])[mg]b(?= \d[\d.]{0,7} (?:hadi|mpaka|zimebaki))",
        "data remaining",
        r"re:remaining (?:high[- ]speed )?(?:data|internet)\s?:",
        # de nl
        "guthaben~", "kontostand", "guthabenkonto", "verbleib~", "restlich~", "rest", "restvolumen", "restguthaben",
        "verfugbar~", "ubrig", "noch", "insgesamt noch", "verfugung",
        "tegoed", "beltegoed", "resterend~", "beschikbaar", "nog", "over",
        # fr
        "solde", "restant~", "reste~", "disponible~", "compte principal",
        # es pt it
        "saldo", "saldo total", "saldo de recarga~", "credito~", "queda~", "restante~", "dispone~",
        "saldo principal", "tienes",
        "restam", "resta",
        "disponivel", "disponiveis", "residu~", "rimanent~", "rimast~", "rimangono", "disponibil~", "hai ancora",
        "tem",
        # pl cs sk hu ro
        "stan konta", "na koncie", r"re:(?<![a-z])konto\s?:", "creditul~", "pozostal~", "srodk~", "dostepn~",
        "do wykorzystania", "zustatek", "zostatok",
        "kredit", "feltoltott egyenleg~", "zbyva~", "zostava~", "egyenleg~", "maradt", "maradek",
        "felhasznalhato", "sold",
        "soldul~", "mai ai",
        "ramas~", "credit disponibil", "creditul~",
        # ru uk by and transliterated
        "баланс~", "на вашем счете", "на вашем счету", "na vashem schete", "на вашому рахунку", "остат~", "остал~",
        "остаток", "доступн~", "octatok", "balahc", "на счете", "на счету", "balans~", "ostat~", "ostal~", "залиш~",
        "на рахунку", "na vashomu rahunku", "na vashem schete", "na vashom rahunku",
        "рахунок", "na schetu", "na rahunku", "dostupno",
        # id ms tl
        "sisa~", "anda memiliki", "anda mempunyai", "anda masih", "kamu punya", "pulsa", "total pulsa", "pulsamu",
        "baki", "tersisa",
        "tinggal", "baki kredit", "natitira~", "load balance",
        # tr vi
        "hesabinizda", "hattinizda", "kalan", "kalan kullanim", "kalan kullanim hakkiniz", "kullanim hakkiniz",
        "kaldi", "kalmis~", "bakiye~", "so du", "con lai", "tk goc", "tk chinh", r"re:(?<![a-z])tk\s?:",
        r"re:(?<![a-z])(?:main|ur|your)(?:accnt|acct|acc|a/c)?bal(?:ance)?(?![a-z])",
        r"re:bal[_ -]?left(?:\s?[:=])?(?:\s?main)?",  "tkg", "tkc", "tai khoan goc",
        "tai khoan chinh", r"re:(?<![a-z])(?:tk )?(?:du lieu|luu luong|dung luong)\s?:",
        r"re:(?<![a-z])con(?! ?(?:€|\$|s/|r\$)|\s\d[\d.,]*\s?(?:€|eur|euros?|usd|pesos|soles)\b|\s0€)(?![a-z])",
        # fa, sw, nordic, balkan
        "etebar~", "baghimande", "mande", "mojudi", "salio", "kvar", "du har", "har du", "igjen",
        "gjenstaende", "tilbage", "jaljella",
        "stanje", "preostal~", "ostalo", "kreditit", "mbetur",
        "наличност", "налична сума", "остават", "υπολοιπο", "ypoloipo", r"re:kifurushi[^:\d]{0,12}:", "απομεν~",
        # th ar he hi bn ja ko
        "re:คุณมี", "re:คงเหลือ", "re:ยอดเงิน", "re:رصيدك", "re:الرصيد", "re:رصيد", "re:المتبقي", "re:متبقي",
        "re:اعتبار", r"re:(?:اینترنت|(?:ال)?[اإ]نترنت|डेटा|ইন্টারনেট|เน็ต|גלישה)\s?:",
        "re:مانده", "re:יתרה", "re:יתרת", "re:नोट", "re:शेष", "re:बैलेंस", "re:ব্যালেন্স", "残高", "残量", "残り",
        "残", "re:잔액", "re:잔여", "re:남은",
    ),
    Role.USED: (
        "已使用", "re:已用(?![尽完光])", "使用了", "re:用了(?![一大多]半)", "已消耗", "消耗", "耗用", "累计使用",
        "共使用", "re:使用(?!量|的(?!移动|数据|流量|国内)|习惯|偏好|特点|需求|已经?[达超][到过]?\\d)",
        "re:共用(?=了|国内|通用|数据|流量|[\\d.]+\\s?[kmgt])",
        "re:已使?用(?:流量)?(?:总量)?(?:合计|共计|总计|共)", "re:总流量(?:已)?使用(?=[\\d.])",
        "使用量",
        "re:(?<!套餐)(?:使?用量|流量)(?:已经?|已累计|累计)?(?:达到|达)",
        r"re:(?<!套餐)(?<!套餐内)流量(?:已|累计)超过?(?=\d)", r"re:(?<=%[,(])即(?=\d)",
        "re:累计(?:使用)?(?:数据)?流量", "已产生", "产生",
        "用量", "产生的总流量",
        r"re:(?<=[,。:;\s])用(?=\d[\d.]{0,8}\s?[kmgt])", "re:(?:合计|共计|总计|总共)使用",
        "re:(?:累计|共)用(?:了|掉)?(?=\\d)", r"re:使用(?:已经?)(?:达到?|超过)(?=\d)",
        "re:(?:累计|共)用(?:了)?的?(?:国内|通用|数据)?流量",
        "re:已用[满超](?=\\d)", "re:流量(?:的)?(?:消费|消耗)(?:量|总量)?", r"re:已上网(?=\d)",
        r"re:(?<=[的月日])上网流量(?:为|是|:)(?=\d)",
        "re:(?:使用|上网|用掉|数据)(?:的)?流量(?:累计|合计|共计)?(?:已经?|累计)?(?:达到?|超过|超出)",
        "套餐内流量使用", ("re:使用(?:的)?(?:移动)?(?:数据)?流量(?:合计|共计"
        "|总计|累计|总量)?"), "共产生",
        "耗费", "跑了", "已跑", "re:上网(?:的)?总流量为?(?=[\\d.])", "re:[用花耗]掉(?:了)?", "用去",
        "使用总量", "re:(?<!剩余)累计(?=[\\d.]{1,9}\\s?[kmgt])",
        "re:已使用(?:的)?流量(?:已经?)?(?:超过|达到?)", "re:已?用[至到]",
        "已达量", "re:已达到?(?:每?[日月]|当[日月]|套餐)?(?:的)?流量(?:限额|上限|封顶|门限)",
        "re:已?使?用总(?:流量|量)",
        "used", "usage", "datausage", "data usage",
        "consumed", "re:you have used", "used up", "verbraucht", "genutzt", "aufgebraucht",
        "verbrauch", "verbruikt", "gebruikt", "consomme~", "utilise~", "consumid~", "usado~", "usada", "usadas",
        "utilizado~", "consumo",
        "usou", "utilizou", "gastado", "usaste", "gastaste", "consumiste", "ha usado", "has usado",
        "hai usato", ("hai "
        "consumato"),
        "consumat~", "usato", "utilizzat~", "consumati", "wykorzystan~", "wykorzystal~", "zuzyt~", "zuzyc~",
        "израсход~", "использов~", "потрач~", "потрат~", "ispolzovan~", "використа~", "terpakai",
        "pemakaian", "digunakan", "diguna", "menggunakan", "memakai", "dipakai",
        "kullandi~", "kullanildi~", "kullanilmis~", "kullanilan",
        "kullanim", "da su dung", "da dung", "anvant", "brugt", "brukt", "kaytetty",
        "vycerpan~", "vyuzit~", "felhasznalt~", "elhasznal~", "utilizat~", "consumat", "re:استهلك~", "re:ใช้ไป",
        "re:사용", "利用",
    ),
    Role.TOTAL: (
        r"re:(?<=\()套餐内?(?:共|含)?(?=\d)", "包含", "含", "共有", "共", "re:のうち", "契约容量", "总量", "总共",
        "总计",
        "合计",
        "套餐流量",
        "套餐总流量",
        "总流量",
        "套餐总量",
        "月套餐",
        r"re:套餐(?:为|是|:|含)?(?=[\d.]{1,6}[kmgt]b?\s?/\s?月)",
        "套餐量", "优惠总和", "总和", r"re:总(?=\d[\d.]{0,8}\s?[kmgt])",
        r"re:套餐(?=\d[\d.]{0,8}\s?[kmgt]b?[,。;)])", "流量总量", "限额", "每月流量", "月流量", "套餐内含",
        "total", "out of", "of your", "allowance", "quota", "of", "inklusivvolumen", "insgesamt", "datenvolumen",
        "forfait de", "sur", "von", "van", "dari", "из", "kuota", "su", "spośród", "podstawow~",
    ),
    Role.SPENT: (
        "re:(?:扣除|抵扣|抵缴|冲抵)(?:历史|往期)?欠[费款]", "消费",
        "factura", "rechnung", "facture", "bill", "invoice", "fattura", "fatura", "rachunek", "faktura",
        "话费总额", "话费合计", "费用", "费用合计", "扣费", "扣除", "已扣", "扣取", "收取", "账单", "应缴",
        "月基本费", "滞纳金", "违约金", "资费", "价格", "单价", "套餐费", "月租", "月费", "赠款", "赠费", "返还",
        "实时话费",
        "已产生话费", "出账", "消费金额", "套餐外费用", "使用费", "月功能费",
        r"re:(?:chrg|charged?|deducted|cost)(?: from|\s?:)\s?(?:\w{1,12} ){0,3}bal(?:ance)?(?![a-z_])",
        "chrg", "cost", "costs", "charged", "charge", "price", "fee", "deducted", "debited", "spent", "last call",
        "call cost", "kosten", "kostete", "kostet", "cout", "costo", "custo", "koszt", "стоимость", "списано",
        "списание", "stoimost", "spisano", "biaya", "tarif", "harga",
        "hazineye", "hazine~", "ucret~", "phi", "consumo adicional", "cuoc", "abgebucht", "berechnet", "cobro",
        "абонплата", "плата", "платеж",
    ),
    Role.OWED: (
        r"re:尚有(?=[\d.]{1,9}元[^,。]{0,4}未)",
        "re:欠[费款缴](?:金额|总额|合计)?已?(?:累计)?(?:达到?|为|共计|合计)?", "已欠费",
        "欠费合计", "欠费总额", "欠费共计", "欠", "欠交",
        "欠缴", "透支",
        r"re:(?<!若)(?<!如)未[缴交付]清?的?(?:话费|月费|费用|金额|账单|欠费)?(?:金额|合计|总额)?(?:为|是|:)?(?=\d)",
        r"re:需[缴交]纳?(?=\d[\d.]{0,9}元欠费)",
        r"re:[需应]补[缴交](?:的?话费|欠费|金额|费用)?",
        "you owe", "owe", "amount due", "overdue", "outstanding", "arrears", "задолженност~", "долг", "dolg", "deuda",
        "tagihan", "con no cuoc", "unadaiwa", "borc", "zadluzeni~",
    ),
    Role.PAID: (
        "充值", "缴费", "充入", "缴纳", "交费", "到账", "入账", "充值金额", "缴费金额", "成功充值", "存入", "预存",
        "冲值",
        "re:增值(?:成功|[:]?\\s?(?:hk)?[$]?\\s?(?=\\d))", "已增值", "储值", "加值", "recharged", "refilled", ("topped "
        "up"), "top-up", "top up", "topup", "credited", "recharge", "recharge of",
        r"re:(?:purchased|bought|sent|transferred|gifted)(?= ?(?:[a-z]{1,4}|[$€£₦])\s?\d)",
        "reload", "loaded", "added", "refill", "received", "aufgeladen", "aufladung", "recharge de", "recargado",
        "recarga", "ricarica", "ricaricato", "opgewaardeerd", "doladowanie", "zasilenie",
        "zostalo doladowan~", "zostalo zasilon~",
        "пополнен~", "зачислен~", "платеж на", "popolnen~", "zachislen~", "поповнен~", "isi ulang", "isi pulsa min~",
        r"re:(?<![a-z])isi pulsa(?: sebesar| senilai)?(?=\s?(?:rp|\d))", "bertambah", (r"re:(?:menerima|terima"
        r"|dapat) pulsa(?: sebesar| senilai)?(?=\s?rp)"), (r"re:(?:telah|sudah|tlh|sdh|berhasil) (?:masuk|ditambahkan"
        r"|terisi)(?![a-z])"),
        "isi ulang min~", "pengisian~", "mengisi pulsa", "mengisi pulsa sebesar", "pulsa sebesar",
        r"re:balance (?:mein|me) (?:shamil|add|credit)\w*", "menambah nilai",
        "ditambah",
        "yukle~", "nap", "duoc nap", "vao tai khoan", "vao tai khoan goc", "vao tai khoan chinh", "vao tk goc",
        "vao tk chinh", "sharj", "dobit~", "feltolt~", "reincarc~",
    ),
    Role.OFFER: (
        "送", "赠", "赠送", "抢", "领", "领取", "仅需", "只需", "低至", "立减", "立享", "立得", "抵扣", "秒杀", "抽",
        "奖励", "获得", "即享", "可享", "尊享", "畅享", "享", "可换", "可得", "可获", "返", "满", "优惠价", "特惠",
        "订购", "re:(?<!及时)(?<!尽快)(?<!尽早)办理", "开通", "加装",
        "叠加", "推荐", "奖", "升级", "折", "购", "低消", "体验", "兑换", "兑", "到手",
        "充", "每", "仅", "限时", "额外送", "承诺",
        "get", r"re:(?<![a-z])(?<!to )(?<!continue )enjoy(?![a-z])", "worth", "recharge with", "recharge for",
        "recharge now", "buy", "for just", "just",
        "for only",
        "only", "for", "at", "from", "win", "bonus", r"re:(?<![a-z])free(?! ?(?:msg|message))", "extra", "offer",
        "offers",
        r"re:(?<![a-z])up ?to(?! (?:\d{1,2}\w{0,2}[-/. ](?:\d{1,2}[-/.]|[a-z]{3})|[a-z]{3,9} \d))(?![a-z])",
        "cashback",
        "save", "subscribe", "dial", "purchase", "get extra", r"re:(?<![a-z])pay(?![a-z&-])",
        "nur", "fur nur", "schon ab", "ab", "gratis", "por solo", "compra", "solo", "seulement", "a partir de",
        "profitez", "offert", "offerts", "offertes", "offerti", "offerte", "tylko", "za jedyne", "za", "za tylko",
        "всего за", "за", "от", "подключ~", "podkl",
        "бесплатн~", "besplatn~", "hanya", "beli", "dapatkan", "mulai",
        r"re:(?<![a-z])isi(?! (?:pulsa|ulang)\s?(?:[.,!]|$|agar|untuk|sebelum|segera|sekarang))(?![a-z])", "cuma",
        "seharga", "cuma", "chi",
        "mua", "tang", "khuyen mai",
        "satin al", "sadece", "hediye", "kazan~", "ontvang", "activate", "to get", "beri", "gratuit~", "promo",
        "mulai dari", "diskon", "koop", "upgrade", "raih", "nikmati",
    ),
    Role.OTHER: (
        "re:超出(?:了)?(?:套餐)?(?:内)?(?:流量)?", "re:(?:可|最高可?|能|允许)透支",
        "re:已使?用过半", "re:余额(?:大于|高于|多于|达到|超过|不低于|不少于)(?=\\d)",
        "优先使用", "re:已低[至于]", r"re:余额由(?=\d)", "达到",
        "达", "超过", "超出", "低于", "不足", "少于", "不足以", "信用额度", "信用度", "授信",
        "透支额度",
        "额度", "赠款额度", "积分", "流量币", "金豆", "冻结", "不可用", "专项", "代金券", "红包", "限速", "降速",
        "套餐外", "后降", "超套", "阈值", "提醒值", "冻结金额", "最低消费", "赠送余额", "赠送账户",
        "refund~", "borrowed", "points", "loyalty", "credit limit", "limit", "bonus balance", "promotional", "loan",
        "threshold", "below", "altina", "cap of", "cap is", "spending cap", "tope", "plafond~", "limite de gasto",
        "kostenlimit", "limite",
        "less than", "minimum", "menos de", "moins de", "weniger als", "unter", "menor a", "bonus~", "wow",
        "shegeftangiz", "ниже", "менее", "меньше", "бонус~", "bonustegoed", "promocyjn~", "менше", "менш", "менш ніж",
        "нижче", "kurang dari",
        r"re:(?:last|this|previous|current) session(?: data)?(?: used| usage| vol\w*)?", "data used in last session",
        "session usage",
        "re:(?<!high[- ])(?<![a-z])speed(?![a-z])", "after", "reduced to", "throttled",
    ),
}  # fmt: skip

_ASCIIISH = re.compile(r"[a-zа-яіїєґα-ω0-9]")


@dataclass(frozen=True, slots=True)
class Label:
    role: Role
    start: int
    end: int
    word: str


def pattern(entries: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all entries, the longest first."""
    pieces = sorted(entries, key=len, reverse=True)
    return re.compile("|".join(map(_piece, pieces)))


def _piece(entry: str) -> str:
    if entry.startswith("re:"):
        return entry[3:].removesuffix("~")
    open_end = entry.endswith("~")
    body = entry.removesuffix("~")
    text = r"\s{1,3}".join(map(re.escape, body.split(" ")))
    before = r"(?<![a-zа-яіїєґα-ω0-9])" if _ASCIIISH.match(body[0]) else ""
    if open_end:
        return f"{before}{text}[a-zа-яіїєґα-ω]{{0,12}}"
    after = r"(?![a-zа-яіїєґα-ω])" if _ASCIIISH.match(body[-1]) else ""
    return f"{before}{text}{after}"


_PATTERNS = {
    role: pattern(
        [
            *entries,
            *smaller.ROLES.get(role.value, ()),
            *european.ROLES.get(role.value, ()),
            *(f"re:{one}" for one in scripts.ROLES.get(role.value, "").split("|") if one),
            *(f"re:{one}" for one in roots_world.SAID.get(role.value, "").split("|") if one),
        ]
    )
    for role, entries in ROLES.items()
}


_OF_TIME = re.compile(r"\b(?:days?|hours?|hrs?|weeks?|months?|hari|dias|jours|tage|giorni|dagen|dni)\s\Z")
""" "7 days left for your Rs 299 pack": what is left is time."""


def _is_of_time(plain: str, label: Label) -> bool:
    return label.role is Role.LEFT and bool(_OF_TIME.search(plain, max(0, label.start - 9), label.start))


def labels(plain: str) -> list[Label]:
    """Every label in the text; where two overlap, the longer one, then the earlier."""
    found = [
        Label(role, hit.start(), hit.end(), hit.group())
        for role, one in _PATTERNS.items()
        for hit in one.finditer(plain)
    ]
    found = [one for one in found if not _is_of_time(plain, one)]
    found.sort(key=lambda label: (label.start - label.end, label.start))
    taken = bytearray(len(plain))
    kept = []
    for label in found:
        if not any(taken[label.start : label.end]):
            taken[label.start : label.end] = b"\x01" * (label.end - label.start)
            kept.append(label)
    return sorted(kept, key=lambda label: label.start)
