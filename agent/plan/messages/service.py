"""Does a text speak of a mobile line at all? Asked where neither sender nor name tells who wrote it. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal

from agent.plan.messages import european, scripts, smaller

_TRADE_ZH = re.compile(
    r"ussd|本机|话费|已产生的消费|手机|流量|停机|套餐|通话|漫游|预付|储值|主账户|免卡|靓号|虚拟运营|号码|储值卡|电话卡|上网卡"
    r"|账户余额|月租(?!房|车|金)"
    r"|可用余额|mobile|unicom|telecom"
)

_TRADE = re.compile(
    r"\b(?:airtime|talk ?time|prepaid|pre-paid|prepay|data|internet|sim|mobile|recharge\w*|top(?:ping"
    r"|ped)?[- ]?up\w*|refill"
    r"|reload|load\w{0,3}|bundle|pack|plan|validity|valid|expir\w+|exp|sms|texts?|mins?|minutes|calls?|line|number"
    r"|[mg]b"
    r"|\d{1,5}\s?[mg]b|nap (?:the|tien)|vocha|autoload\w*|dial|credit|main|services?|grace period|active until|nomor"
    r"|talian"
    r"|linya|laini"
    r"|aufladung|aufladen|pulsa|kuota|masa|aktif|berlaku|guthaben|volumen|paket\w*|gultig|tegoed|geldig|beltegoed"
    r"|solde|compte|forfait"
    r"|valable\w*|saldo|recarga\w*|vigencia|vence|paquete|bono|megas|plano|creditos?|credito|giga|ricarica|konto|konta"
    r"|doladow\w*|pakiet|wazn\w*|bakiye\w*|hattiniz\w*|hesabiniz\w*|son kullanma|kontor|tk|goi|tai khoan|thue bao|hsd"
    r"|zustatek|kredit|tkg|tkc|tkkm"
    r"|egyenleg\w*|sold|salio|etebar|balans\w*|baki|stanje|hazineye|tamas|baghimande|pozostal\w*|srodk\w*|resterend\w*"
    r"|номер\w*|услуг\w*|schetu?|rahunku)\b|call|[*#]\d|баланс|сч[её]т|остат"
    r"|пакет|рахун|залиш|octatok|balahc|ยอด|رصيد|残|잔|बैलेंस|ব্যালেন্স|υπολοιπο|נותר|יתר|"
    + scripts.TRADE
    + r"|"
    + smaller.TRADE
    + r"|\b(?:"
    + european.NAMES
    + r")\b"
    + european.SIGNED
)

MAX_BARE = 70
"""Longer than a USSD answer that says nothing but the balance."""


_LINE = re.compile(
    r"\d\s?[kmgt]i?b(?![a-z])|\d\s?[mg]o(?![a-z])|\d\s?[кмг]б|\bgigas?\b|[*#]\d{1,4}[*#]|\d{2,5}[x*]{3,}\d{0,4}"
    r"|\b(?:pay as you go|payg|prabayar|pascabayar|kartu halo|nomor anda|layanan (?:internet|data|seluler) anda"
    r"|nap the|vocha"
    r"|airtime|talk ?time|pre-?paid|prepay|mobile|data|internet|sms|texts?|mins?|minutes|calls?|main|bundle|pack"
    r"|your (?:number|line|sim)|line|sim|incoming|outgoing|uninterrupted|subscriber|sims?|stv|allowances?"
    r"|[a-z]{2,12} number"
    r"|plan (?:is|ends|didn't|did not|expire\w*|will|failed|valid\w*)|recharge (?:of|on|for|to|now)|top[- ]?up of"
    r"|auto[- ]?top[- ]?up"
    r"|(?:low|main|insufficient) balance|your (?:credit|recharge|top[- ]?up)"
    r"|aufladung|guthaben|datenvolumen\w*|tarif\w*|anschluss|rufnummer|karte|beltegoed|tegoed|abonnement|bundel"
    r"|pulsa|kuota|paket\w*|masa (?:aktif|tenggang|berlaku)|berlaku|nomor|kartu|isi ulang"
    r"|langgan\w*"
    r"|forfait|ligne|votre recharge|avez recharge|recharge de|rechargement|saldo|recarga\w*|recarregue"
    r"|linea|linha|plano|paquete|pacote|bono|megas|chip"
    r"|ricarica\w*|offerta|doladow\w*|doladuj|pakiet\w*|numer|konta|srodk\w*|hat\w*|hesabiniz\w*|kontor|bakiye\w*"
    r"|tk|tkc|thue bao|nap the|ma the cao|tambah nilai|tai khoan|goi|dich vu|egyenleg\w*|kredit\w*|zustatek"
    r"|etebar\w*|popolnite|baki|talian|"
    + european.NAMES
    + r")\b"
    + european.SIGNED
    + r"|трафик|интернет|пакет|тариф|номер|абонент|вызов|связ[ьи]|услуг|рахун|послуг|"
    + scripts.TRADE
    + r"|"
    + smaller.TRADE
)
"""Words that only a mobile line's message has; "recharge", "account" and "balance" alone are any wallet's."""


def names_a_line(plain: str) -> bool:
    """Whether a text that holds no number of ours speaks of a mobile line in its own words: positive evidence.

    "Your account has been recharged" is anybody's. Asked of events only: of numbers it would cost one fact in seven
    where no carrier is named (docs/plan-messages.md).
    """
    return bool((_LINE_ZH if is_chinese(plain) else _LINE).search(plain))


_PROOF = re.compile(
    r"\d\s?[kmgt]i?b(?![a-z])(?!\s(?:of )?(?:storage|memory|disk|space))|\d\s?[mg]o(?![a-z])|\d\s?[кмг]б"
    r"|[*#]\d{2,4}[*#]|\d{2,5}[x*]{3,}\d{0,4}"
    r"|\b(?:airtime|talk ?time|pre-?paid|prepay|mobile|sim|esim|iot|load balance|unused credit|main (?:a/c|acc\w*"
    r"|bal\w*)"
    r"|your (?:number|line)|outgoing|incoming|subscriber|data (?:bundle|pack|plan|balance|allowance|has|is|expires)"
    r"|guthaben|datenvolumen\w*|rufnummer|beltegoed|pulsa|kuota|masa (?:aktif|tenggang|berlaku)|isi ulang"
    r"|votre recharge|recarga|megas|ricarica\w*|doladow\w*|hattin\w*|kontor|thue bao|tk goc|tkc|salio|ypoloipo|talian"
    r"|nap the|vocha|pay as you go|payg|prabayar|pascabayar|kartu halo|nomor anda|layanan (?:internet|data"
    r"|seluler) anda"
    r"|tambah nilai|paket (?:internet|data|kuota)|" + european.PROOF + r"|giga|high-?speed data|data pass|simkart\w*"
    r"|(?:tu|su|sua|tua) (?:linea|linha)|votre ligne|kifurushi|laini yako|vas\w* (?:broj|kredit|racun)|kredit je"
    r"|наличност|състояние|состојба)\b"
    r"|трафик|интернет|тариф|ваш номер|абонент|рахунку|" + scripts.TRADE
)
_PROOF_ZH = re.compile(
    r"话费|手机|停机|sim|物联|号码|号卡|流量卡|上网卡|[本该此]卡|您的卡|卡号|iccid|通话|机具|终端|pos|随身wifi|通[讯信]"
    r"|(?:套餐|剩余|已用|使用|国内|通用)(?:的)?流量|流量(?:包)?[^,。;]{0,6}(?:剩|已用|已使用)"
)


def proves_a_line(plain: str) -> bool:
    """More than `names_a_line`, asked of whatever a strange sender says: "plan", "credit", "account" are any club's."""
    return bool((_PROOF_ZH if is_chinese(plain) else _PROOF).search(plain))


_HEADED = re.compile(european.HEADED)
_TAILED = re.compile(european.TAILED)


def is_headed(plain: str) -> bool:
    """ "Orange: votre ligne …", "… Sosh": an everyday name, where it heads or ends a text that names a line."""
    head, tail = _HEADED.match(plain), _TAILED.search(plain)
    start, end = head.end() if head else 0, tail.start() if tail else len(plain)
    named = head is not None or tail is not None
    return named and bool(_LINE.search(plain, start, end) or _PLAN_WORD.search(plain, start, end))


_PLAN_WORD = re.compile(
    r"\b(?:addebito|rinnovo|credito|optio\w{1,3}|offre|opcj[aei]|uslug\w{0,2}|platnosc\w{0,2}|faktur\w*|paiement|facture|betaling|factuur|zahlung|rechnung"
    r"|oferta|fattura|pagamento|servizio|sluzb\w*|abonament\w*|paket\w*|teenus\w*|pakk\w*)\b"
)


def is_chinese(plain: str) -> bool:
    text = plain[:400]
    return len(re.findall(r"[一-鿿]", text)) >= 4 and not re.search(r"[ぁ-ゖァ-ヶ가-힣]|\d\s?円|残高|残量", text)


def is_some_wallets(plain: str, *, owed: bool) -> bool:
    """A balance needs a word of the trade, unless it is a bare answer ("Balance: 5.20"); else it is some wallet's."""
    if is_chinese(plain):
        return not _TRADE_ZH.search(plain)
    return (owed or len(plain) > MAX_BARE) and not _TRADE.search(plain)


_LINE_ZH = re.compile(
    r"ussd|iccid|sim|手机|号码|号卡|[联移]动?卡|流量卡|物联网?卡|网卡|通讯?卡|此卡|该卡|您的卡|卡(?:已|号|将|因|片)"
    r"|本机"
    r"|机卡|话费|套餐|充值|缴费|停复机|复机"
    r"|通话|漫游|上网|国内|通用|流量[^,。;]{0,8}(?:[\d.]+\s?[kmgt]|包|卡)|[\d.]+\s?[kmgt]b?|机具|设备|终端"
)
_MUCH: Mapping[str, int] = {
    **dict.fromkeys(("USD", "EUR", "GBP", "CHF", "AUD", "CAD", "SGD"), 500),
    "INR": 5000, "CNY": 5000, "KES": 20_000, "NGN": 100_000, "IDR": 5_000_000, "PKR": 20_000,
    "AED": 1000, "SAR": 1000, "MYR": 1000, "BRL": 1000, "ZAR": 3000, "PHP": 10_000, "GHS": 1000, "ETB": 5000,
    "TRY": 3000, "UAH": 5000, "MXN": 5000, "ARS": 100_000, "CLP": 100_000, "COP": 300_000, "PEN": 1000,
    "EGP": 3000, "MAD": 3000, "XOF": 100_000, "XAF": 100_000, "TZS": 200_000, "UGX": 200_000, "VND": 3_000_000,
    "THB": 5000, "JPY": 50_000, "KRW": 200_000, "HKD": 3000, "TWD": 5000, "PLN": 1000, "CZK": 5000, "HUF": 100_000,
    "RON": 1000, "SEK": 3000, "NOK": 3000, "DKK": 3000, "BDT": 10_000, "LKR": 20_000, "NPR": 10_000, "NZD": 500,
}  # fmt: skip
"""More than anybody keeps on a prepaid line."""


def is_too_much(amount: Decimal, currency: str | None) -> bool:
    """Whether a balance that nobody signed is a bank's by its size: "Your account balance is ₹50,000"."""
    return amount > _MUCH.get(currency or "", 10**12)


def is_strange_talk(plain: str) -> bool:
    """No word of the trade: "renewal failed; retry payment" is some subscription's."""
    return not is_chinese(plain) and not _TRADE.search(plain)
