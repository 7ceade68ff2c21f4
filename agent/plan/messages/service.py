"""Does a text speak of a mobile line at all? Asked where neither sender nor name tells who wrote it. Pure."""

import re

from agent.plan.messages import scripts

_TRADE_ZH = re.compile(
    r"ussd|本机|话费|手机|流量|停机|套餐|通话|漫游|预付|储值|主账户|免卡|靓号|虚拟运营|号码|储值卡|电话卡|上网卡"
    r"|账户余额"
    r"|可用余额|mobile|unicom|telecom"
)

_TRADE = re.compile(
    r"\b(?:airtime|talk ?time|prepaid|pre-paid|prepay|data|internet|sim|mobile|recharge\w*|top(?:ping"
    r"|ped)?[- ]?up\w*|refill"
    r"|reload|load\w{0,3}|bundle|pack|plan|validity|valid|expir\w+|exp|sms|texts?|mins?|minutes|calls?|line|number"
    r"|[mg]b"
    r"|dial|credit|main|services?"
    r"|aufladung|aufladen|pulsa|kuota|masa|aktif|berlaku|guthaben|volumen|paket\w*|gultig|tegoed|geldig|beltegoed"
    r"|solde|compte|forfait"
    r"|valable\w*|saldo|recarga\w*|vigencia|vence|paquete|bono|megas|plano|creditos?|credito|giga|ricarica|konto|konta"
    r"|doladow\w*|pakiet|wazn\w*|bakiye\w*|hattiniz\w*|hesabiniz\w*|son kullanma|kontor|tk|goi|tai khoan|thue bao|hsd"
    r"|zustatek|kredit"
    r"|egyenleg\w*|sold|salio|etebar|balans\w*|baki|stanje|hazineye|tamas|baghimande|pozostal\w*|srodk\w*|resterend\w*"
    r"|номер\w*|услуг\w*|schetu?|rahunku)\b|call|[*#]\d|баланс|сч[её]т|остат"
    r"|пакет|рахун|залиш|octatok|balahc|ยอด|رصيد|残|잔|बैलेंस|ব্যালেন্স|υπολοιπο|נותר|יתר|" + scripts.TRADE
)

MAX_BARE = 70
"""Longer than a USSD answer that says nothing but the balance."""


def is_chinese(plain: str) -> bool:
    text = plain[:400]
    return len(re.findall(r"[一-鿿]", text)) >= 4 and not re.search(r"[ぁ-ゖァ-ヶ가-힣]|\d\s?円|残高|残量", text)


def is_some_wallets(plain: str, *, owed: bool) -> bool:
    """A balance needs a word of the trade, unless it is a bare answer ("Balance: 5.20"); else it is some wallet's."""
    if is_chinese(plain):
        return not _TRADE_ZH.search(plain)
    return (owed or len(plain) > MAX_BARE) and not _TRADE.search(plain)


def is_strange_talk(plain: str) -> bool:
    """No word of the trade: "renewal failed; retry payment" is some subscription's."""
    return not is_chinese(plain) and not _TRADE.search(plain)
