"""The country a text speaks of, where nobody says: by words of its language or currency that no other country has."""

import re

_TELLING: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (country, re.compile(words))
    for country, words in (
        ("TW", r"新台币|nt\$|台湾"),
        ("MO", r"\bmop\b|澳门币"),
        ("HK", r"hk\$|港元|港币"),
        ("JP", r"[ぁ-んァ-ン]{2}|\d\s?円|残高|残量"),
        ("CN", r"[一-鿿]{2}"),
        ("KR", r"[가-힣]{2}"),
        ("IL", r"[א-ת]{2}|₪"),
        ("TH", r"[ก-๙]{2}"),
        ("BD", r"[ঀ-৿]{2}"),
        ("PK", r"روپے|(?:آپ|اپ) (?:ک[اےی]|نے)"),
        ("IR", r"ریال|تومان|مشترک گرامی|بسته|سیم ?کارت|گیگابایت|مگابایت|(?<![؀-ۿ])شما(?![؀-ۿ])"),
        ("IN", r"[ऀ-ॿ਀-૿஀-ൿ]{2}"),
        ("ID", r"\b(?:rp\.?\s?\d|pulsa|anda|kuota|sisa|berlaku|masa aktif|utk)\b|\brp\.?\s?\d"),
        ("MY", r"\brm\s?\d|\bbaki\b"),
        ("IR", r"\b(?:rial|irr|toman|etebar\w*)\b|ریال"),
        ("UA", r"грн|\b(?:hrn|grn|uah)\b|[іїєґ]"),
        ("BY", r"\bbyn\b|бел\.? ?руб"),
        ("KZ", r"тенге|₸|\bkzt\b"),
        ("PL", r"\b(?:zl|pln|konta|pozostalo|srodk\w+|wykorzystani\w+)\b"),
        ("CZ", r"\b(?:kc|czk|zustatek)\b|kč"),
        ("HU", r"\b(?:huf|egyenleg\w*)\b|\d ft\b"),
        ("RO", r"\b(?:sold|lei|valabil\w*)\b"),
        ("TR", r"\b(?:bakiye\w*|kalan|hattiniz\w*|tl)\b|₺"),
        (
            "VN",
            (
                r"\b(?:vnd|tk goc|tk chinh|tai khoan|goi cuoc|dung luong|tkg|thue bao|so du|quy khach|tkc)\b|₫"
                r"|\d\s?(?:d|dong)\b(?=.*(?:han|tk))"
            ),
        ),
        ("BR", r"r\$"),
        ("RU", r"[а-я]{4}|\b(?:vash balans|balans\b.{0,14}\br\b|rub)\b"),
        ("DE", r"\b(?:guthaben|dein|ihr|ihre|noch|datenvolumen|verbraucht|gultig)\b"),
        ("NL", r"\b(?:tegoed|beltegoed|geldig|klant|jouw)\b"),
        (
            "FR",
            r"\b(?:votre|solde|valables?|jusqu'?au|forfait)\b.*€|€.*\b(?:votre|solde|valables?|jusqu'?au|forfait)\b",
        ),
        ("CI", r"(?:compte|solde|credit)[^.]{0,30}\b\d{2,6}\s?f(?:cfa)?\b"),
        ("IT", r"\b(?:credito residuo|il tuo|rimanenti|ricarica|scade)\b"),
        (
            "ES",
            r"\b(?:saldo|tu|te quedan|tienes|recarga)\b.*(?:€|euros?\b)|(?:€|\beuros?\b).*\b(?:te quedan|tu|saldo)\b",
        ),
        ("NG", r"₦|\bngn\b|\bn\d{2,6}\b(?=.{0,60}(?:airtime|data|bal))"),
        ("KE", r"\bk(?:sh|es)\b|\bksh?s?\.?\d"),
        ("GH", r"\bgh[cs¢₵]"),
        ("ZA", r"\br\s?\d{1,4}[.,]\d{2}\b|\bairtime\b.*\br\d"),
        (
            "PH",
            (
                r"₱|\bphp\b|\bp\d{1,4}(?:\.\d{2})?\b(?=.{0,80}(?:load|bal|promo))|\b(?:load|balanse|balance"
                r"|promo)\b.{0,30}\bp\d{1,5}\.\d\d\b|\bload bal\w{0,4}[^.]{0,12}\bp\d"
            ),
        ),
        ("BD", r"\b(?:bdt|tk)\b|৳"),
        ("PK", r"\bpkr\b"),
        ("IN", r"₹|\binr\b|\b(?:recharge|validity)\b.*\brs|\brs\.?\s?\d"),
        ("US", r"\$\s?\d.*\b(?:refill|autopay|t-mo|t-mobile)\b|\b(?:refill|autopay|t-mobile)\b.*\$\s?\d"),
        ("GB", r"£|\bpounds\b"),
        ("SL", r"\ble\s?\d[\d,]{0,8}(?:\.\d\d)?(?![\d/.-]|\s[a-z]{3,9}\s20\d\d)"),
        ("GE", r"[ა-ჰ]{3}"),
        ("AM", r"[ա-ֆ]{3}"),
        ("BG", r"лв\b|\bбгн\b"),
        ("ET", r"[ሀ-፿]{2}"),
        ("KH", r"[ក-៿]{2}"),
        ("LA", r"[ກ-໿]{2}"),
        ("MM", r"[က-႟]{2}"),
        ("LK", r"[඀-෿]{2}"),
    )
)


def country_of(plain: str) -> str | None:
    """ISO 3166 of the first telling word's country; None where nothing tells."""
    text = plain[:600]
    return next((country for country, words in _TELLING if words.search(text)), None)


_MONEY: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (country, re.compile(words))
    for country, words in (
        ("NG", r"₦|\bngn\b|\bn\d[\d,]{0,8}(?:\.\d\d)?\b"),
        ("KE", r"\bk(?:sh|es)s?\b|\bksh?s?\.?\s?\d"),
        ("GH", r"\bgh[cs¢₵]"),
        ("TZ", r"\bt(?:sh|zs)\b"),
        ("UG", r"\bu(?:sh|gx)\b"),
        ("ZM", r"\bzmw\b|\bk\s?\d+[.]\d\d\b"),
        ("IN", r"₹|\binr\b"),
        ("BD", r"৳|\bbdt\b"),
        ("PK", r"\bpkr\b"),
        ("LK", r"\blkr\b"),
        ("GB", r"£"),
        ("PH", r"₱|\bphp\b"),
        ("BR", r"r\$"),
        ("MY", r"\brm\s?\d"),
        ("RW", r"\brwf\b"),
        ("HU", r"\d\s?ft\b|\bhuf\b"),
        ("PE", r"\bs/\.?\s?\d"),
        ("GT", r"\bq\s?\d{1,5}\.\d\d\b"),
        ("PY", r"\bgs\.?\s?\d|₲"),
        ("VE", r"\bbs\.?\s?\d{1,3}(?:\.\d{3})*,\d\d\b"),
        ("BO", r"\bbs\.?\s?\d"),
        ("CD", r"\d\s?fc\b"),
        ("MA", r"\d\s?dhs?\b(?=.{0,80}\b(?:valable|internet|solde|restants?)\b)"),
        ("RS", r"\d\s?(?:din|rsd)\b"),
        ("BA", r"\b(?:kredit|stanje|racun)\w*\b[^.]{0,30}\d(?:[.,]\d{1,2})?\s?km\b"),
        ("MK", r"\d\s?ден\b"),
        ("MW", r"\bmk\s?\d"),
        ("KW", r"\bkd\s?\d|\d\s?kd\b"),
        ("BH", r"\bbd\s?\d|\d\s?bd\b"),
        ("AO", r"\d\s?kz\b|\bkz\s?\d"),
        ("MZ", r"\d\s?mts?\b(?=.{0,80}\b(?:megas?|saldo|recarga|validos?)\b)|\bsaldo\b.{0,30}\d\s?mts?\b"),
        ("HN", r"\bl\.\s?\d{1,4}\.\d\d\b|\blempiras\b"),
        ("CU", r"\d\s?cup\b"),
        ("MM", r"\d\s?ks\b"),
        ("UZ", r"\bso'?m\b|\d\s?sum\b"),
        ("TN", r"\d\s?dt\b|\btnd\b"),
        ("DZ", r"\d\s?da\b(?=.{0,60}\bvalid)|\b(?:solde|credit)\b[^.]{0,20}\d\s?da\b"),
        ("MG", r"\d\s?ar\b(?=.{0,60}\b(?:valable|forfait|[mg]o)\b)|\bmga\b"),
        ("ZA", r"\bzar\b|\br\d+[.]\d\d\b"),
    )
)


def country_of_money(plain: str) -> str | None:
    """The country whose own currency word stands in the text: it outweighs a carrier's name that crosses borders."""
    return next((country for country, words in _MONEY if words.search(plain[:600])), None)
