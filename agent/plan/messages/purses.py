"""Whose money it is: another card's, another purse's, or what is left after paying for somebody's number. Pure.

A wallet, a bus card and a prepaid line say "balance" alike, and a wallet that paid for airtime has every word of a
line's top-up. What tells: the card or purse has a name, the number that was paid for is not "yours", a fee was taken.
"""

import re

from agent.plan.messages.carriers import named
from agent.plan.messages.table import entries

_NAMED_BALANCE = re.compile(
    r"\b(?:your|ur|tu|su|votre|dein|ihr|il tuo|o seu|saldo)\s(?:(?:new|current|available|total|remaining|latest)\s)?"
    r"(?P<name>[a-z][a-z0-9]{2,20}(?:\s[a-z]{3,12}){0,2})\s(?:balance|bal|credits?|wallet|guthaben)\b"
    r"|\b(?:saldo|solde|credito|guthaben|tegoed) (?:bei |chez )?(?P<purse>[a-z][a-z0-9]{3,20})"
    r" (?:kamu|anda|es|e|adalah|ist|est|betragt|is)\b|(?:^"
    r"|[.!] )(?P<kart>[a-z]{2,14}) bakiyeniz"
)
_ON_A_CARD = re.compile(
    r"\b(?:guthaben|saldo|solde|balance|credito|credit|tegoed|stan|zustatek)\s(?:auf|on|en|de|del|della|da|do|das?|di"
    r"|sulla|sur|na|no|op|van)\s"
    r"(?:(?:der|ihrer|deiner|dem|your|the|la|tua|tu|su|votre|seu|sua|o|uw|je)\s)?"
    r"(?:[\w-]{0,20}(?<!sim)(?<!sim-)kart\w?\b|\w{2,14}(?<!sim)card\b|(?!sim\b)(?:\w{1,14} ){0,2}card\b(?! number)"
    r"|cartao|tarjeta|carte\b"
    r"|carta\b)"
)
"""A purse that is a card, and no SIM card: "Guthaben auf der Mensa-Karte"."""
_PURSE_TITLE = re.compile(r"【[^】]{0,4}(?:翼支付|沃钱包|沃支付|和包|数字人民币)[^】]{0,4}】")
_PLAIN_BALANCE = frozenset(
    entries(
        "own m2m iot wireless cellular account acc acct airtime data main current prepaid available mobile credit "
        "load remaining total sim "
        "talktime plan phone internet line core primary regular new promo bonus balance cash net last closing voice "
        "call sms "
        "aktuelles aktuelle neues verfugbares momentanes derzeitiges gesamtes restliches verbleibendes handy "
        "mobilfunk actual nuevo and the for monthly weekly daily anytime unlimited remaining your has have low now "
        "kalan guncel mevcut toplam ana tl kontor hattinizin anlik faturasiz kullanilabilir hat mobil gecerli sayin "
        "daten internet value service free bundle pre paid postpaid usable general "
        "recharged nouveau attuale atual money prepay recharge topup pulsa kuota paket simcard bundle pack unused "
        "agora ahora adesso jetzt "
        "number msisdn disponible principal actual restante celular movil utama aktual disponivel residuo tesco asda "
        "lebara lyca "
        "giffgaff smarty"
    )
)


def _names_in(hit: re.Match[str]) -> list[str]:
    """The words of a purse's name; a carrier's own name ("your Dialog main balance") names a purse with "cash" only."""
    words = (hit["name"] or hit["purse"] or hit["kart"]).split()
    if hit.group().endswith("wallet") or {"cash", "money", "pay", "points"} & set(words):
        return words
    return [word for word in words if named(word) is None]


def names_another(plain: str) -> bool:
    """ "Your Wise balance": the word before it is no word for a mobile account, so it is a name."""
    names = {word for hit in _NAMED_BALANCE.finditer(plain) for word in _names_in(hit)}
    if "mobile" in names or "sim" in names:
        return bool(_ON_A_CARD.search(plain))  # "your Tesco Mobile balance"
    return bool(names - _PLAIN_BALANCE) or bool(_ON_A_CARD.search(plain))


_RESELLERS = re.compile(
    r"\bsaldo (?:agen|dompet|deposit)\b|\bload wallet\b"
    r"|\b(?:agent|dealer|retailer|reseller)(?:'?s)? (?:balance|wallet|float)\b"
)


def is_resellers(plain: str) -> bool:
    """A shop that sells airtime: what it sold went to another's number, and what is left is its own stock."""
    return bool(_RESELLERS.search(plain))


def is_payment_apps(plain: str) -> bool:
    """A carrier's own payment app writes under its own title, from the carrier's number; it may tell of a line too."""
    return bool(_PURSE_TITLE.search(plain)) and not re.search(r"话费|流量|停机", plain)


_PHONE = (
    r"(?<![\w*.,/])(?:\+?\d{0,5}[*x•]{2,8}\d{1,5}|\+?\d{1,6}[*x•]{2,8}\d{0,5}|\+?\d{9,13})(?![\d*]|[.,]\d|\s?[mg]b)"
)
_PAID_FOR = (
    r"recharg\w*|top(?:ped|ping)?[- ]?up\w*|bought|purchased|airtime|\w*load(?:ed)?\b|recarg\w*|recarreg\w*|ricaric\w*"
    r"|aufgeladen|aufladung|doladow\w*|zasilon\w*|dobit\w*|dobij\w*|feltolt\w*|reincarc\w*|yukle\w*|isi (?:ulang|pulsa)"
    r"|nap\b|пополн\w*|поповн\w*|opgewaardeerd|umenunua|maongezi|umeongeza|شحن|تعبئة|شارژ|لوڈ|ریچارج|रिचार्ज|রিচার্জ"
    r"|เติมเงิน|ανανεωσ\w*|tankat\w*|laddat\w*|opladet|oplad\w*"
)
_FOR_A_NUMBER = re.compile(rf"(?:{_PAID_FOR})[^;!?]{{0,60}}?{_PHONE}|{_PHONE}[^.;!?]{{0,40}}?(?:{_PAID_FOR})")
_YOURS = re.compile(
    r"\b(?:your|ur|tu|su|votre|ihre?[rs]?|deine?[rs]?|tua|sua|anda"
    r"|kamu|twoj\w*|uw|jouw|yako|quy khach|vash\w*|from|by)\b"
    r"|\w{3,}(?:iniz|niz)\b|ваш\w*|رقمك|आपके|আপনার|ของคุณ"
)
"""Whose line it is, beside what was done and the number."""
_AHEAD = 24
"""Letters before both."""
_FEE = re.compile(
    r"\b(?:fees?(?: charged)?|transaction (?:cost|fee|charge)s?|frais|comision|komisi|ada (?:tsh|tzs|ksh|kes)"
    r"|provizij\w|oplata|prowizja"
    r"|islem ucreti|phi (?:gd|giao dich)|tarifa cobrada|gebuhr)\s?:?\s?\D{0,6}\d|комисси\w \d|комісі\w \d|رسوم|عمولة"
    r"|ค่าธรรมเนียม"
)
_CARD = re.compile(
    r"\b(?:(?!(?:e?sim|scratch|recharge|refill|top-?up|voucher|data|pre-?paid|credit|debit|a|the|your|this|any)"
    r"[- ]?card)"
    r"[a-z]{1,14}[- ]?card\b(?! number)"
    r"|(?!sim|prepaid|guthaben|handy|auflad|rubbel|hazir|kontor|daten|telefon|mobil|faturasiz)"
    r"[a-z]{3,14}\W?kart\w{0,6}\b"
    r"|\b(?:cadeau|geschenk|klanten|ov-?chip|bonus)kaart\b|tarjeta regalo|carta regalo|karta podarunk\w*"
    r"|kad (?!prabayar|prepaid)[a-z]{4,}|kadi ya\w* |tarjeta (?!prepag|telefon)[a-z]{4,}"
    r"|carte (?!sim|prepa|telep)[a-z]{4,}"
    r"|karta (?!prepaid|startow|telefon)[a-z]{5,})"
    r"|καρτα (?:ath|[a-z])"
    r"|بطاقة (?!sim|شحن|الخط)|कार्ड|কার্ড|บัตร(?!เติม)|交通カード|교통카드|כרטיס (?!sim|סים|שלך|נטען)|баланс карт\w"
    r"|\b(?:metro|tram|bus|transit|toll(?!.?free)|ferry|cable car)\b"
    r"|\bportmonetk\w|\bportofel\w*|\bcarteira\b|\bbilletera\b"
    r"|\bvi\b(?= \d)|\bthe (?!sim|cao|nap|dien thoai|dt)[a-z]{3,14} cua (?:quy khach|ban)\b"
    r"|\bdompet\b|кошел[её]к|محفظة|ওয়ালেট|वॉलेट|वालेट|กระเป๋าเงิน"
)


def pays_for_another(plain: str) -> bool:
    """A number that nobody calls yours was paid for, so the balance beside it is the payer's; or a fee was taken."""
    found = _FOR_A_NUMBER.search(plain)
    if found is None:
        return bool(_FEE.search(plain))
    return not _YOURS.search(plain, max(0, found.start() - _AHEAD), found.end())


def is_a_cards(plain: str) -> bool:
    """The money is on a card that is no SIM, or in a purse."""
    return bool(_CARD.search(plain))
