"""Numbers with a unit: bytes and money, in the ways carriers write them. Pure; positions are those of the text given.

1 MB = 1024*1024: Chinese carriers' own sums agree (14GB319.90MB + 704.10MB = 15GB).
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from agent.plan.messages.currencies import COMMA_DECIMAL, LOCAL, ONE_COUNTRY, SYMBOLS, THREE_DECIMALS
from modem.frozen import dataclass

MAX_BYTES = 2**50
MAX_MONEY = Decimal(10) ** 12

_POWER = {"k": 10, "m": 20, "g": 30, "t": 40, "к": 10, "м": 20, "г": 30, "т": 40, "兆": 20,
          "ج": 30, "غ": 30, "گ": 30, "م": 20, "ギ": 30, "ज": 30, "ए": 20,
          "জ": 30, "গ": 30, "ሜ": 20, "ጊ": 30, "జ": 30, "ఎ": 20, "જ": 30, "એ": 20,
          "ಜ": 30, "ಎ": 20, "ജ": 30, "എ": 20, "ਜ": 30, "ਐ": 20, "এ": 20, "ম": 20, "ஜ": 30, "எ": 20, "ג": 30, "מ": 20,
          "გ": 30, "მ": 20, "գ": 30, "մ": 20,
          "ا": 20, "จ": 30, "ก": 30, "เ": 20}  # fmt: skip
_NUMBER = (
    r"(?:(?:(?<=: )|(?<=\bde )|(?<=\bsur )|(?<=\breste )|(?<=\bencore )|(?<=\bzbyva )|(?<=\bmaradt ))\d{1,3} \d{3}"
    r"(?=\s?(?:[mk][bo]|мб|кб))|\d{1,12}(?:[.,']\d{1,9}){0,4})"
)
_UNIT = (
    r"(?:[kmgt]i?b(?:ytes?|s)?(?![a-z])|(?:kilo|mega|giga|tera)(?:bytes?|octets?)|[kmg]o(?![a-z])|gt(?![a-z])"
    r"|gigas?(?![a-z])|megas?(?![a-z])|[кмгт]б(?:айт\w{0,2})?(?![а-я])"
    r"|[جغ]ي[جغ]ا(?:بايت)?|مي[جغ]ا(?:بايت)?|گیگ(?:ابایت)?|مگ(?:ابایت)?|ギガ|जीबी|एमबी"
    r"|جی بی|ایم بی|จีบี|กิกะไบต์|เมกะไบต์|เอ็มบี|জিবি|গিগাবাইট|এমবি|মেগাবাইট|ஜிபி|எம்பி"
    r"|[ሜጊ]ባ|ሜጋ ?ባይት|ጊጋ ?ባይት|జీబీ|జిబి|ఎంబీ|ఎంబి"
    r"|જીબી|એમબી|ಜಿಬಿ|ಎಂಬಿ|ജിബി|എംബി|ਜੀਬੀ|ਐਮਬੀ|ג'יגה(?:בייט)?|גיגה"
    r"|מגה(?:בייט)?|[გმ]ბ|[գմ]բ"
    r"|兆字节|兆|[kmgt](?![a-z'])(?!/[2-5]g)(?!/\d{1,6}(?:\.\d{1,4})?(?![\d.]*\s?[kmgt]))(?!\d+(?![\d.]{0,6}\s?[mk])))"
)
_DATA = re.compile(
    rf"(?<![\d.,*])(?<!(?<![kmgtb])/)(?<!\de)(?<![^\x00-\x7f:]-)(?<!: -)(?<!:-)({_NUMBER})\s{{0,2}}({_UNIT})"
    rf"(?:(?:(?<=[gtг])|(?<=[gt]b)|(?<=гб))\s{{0,1}}(\d{{1,4}}(?:\.\d{{1,4}})?)\s{{0,1}}([km])b?(?![a-z]))?"
    rf"(?:\s{{0,1}}(\d{{1,4}}(?:\.\d{{1,4}})?)\s{{0,1}}(k)b?(?![a-z]))?"
)
_OF_THE_SAME_UNIT = re.compile(
    r"(?:остал\w{1,4}|остат\w{1,4}|залиш\w{1,6}|лишил\w{1,4}|использован\w{0,2}|израсходован\w{0,2}|left|remaining|used|noch"
    r"|verbraucht"
    r"|te quedan|consumid[oa]s?|restam|restano|restent|reste|zostalo|zbyva|ramas|nog)\s?:?\s?(\d{1,4}(?:[.,]\d{1,3})?)"
    rf"\s?(?:/|of|out of|von|из|із|з|de|sur|su|van|din|z)\s?\d{{1,4}}(?:[.,]\d{{1,3}})?\s?({_UNIT})"
)
""" "осталось 2,2 из 30 ГБ": the unit is said once."""
_UNIT_FIRST = re.compile(
    r"(?:\(\s?([kmgt])(?:b|bytes?)?\s?\)|(?<![a-z0-9а-я])([kmgкмг])[bб]s?(?=\s?[:=])"
    r"|(?<![a-z0-9])(?<!\d )([kmg])b(?=\s\d[\d.]{0,7}(?:[\s.,;](?!\d)|$)))\s{0,2}[:=]?\s{0,2}(\d{1,9}(?:[.,]\d{1,4})?)"
    r"(?![\d.,]?\d|\s?[kmgt]i?b?(?![a-z])|\s?[/%])"
)
"""A table's way: "剩余流量(MB):1024", "MB: 512.00 left"."""
_MONEY_FIRST = re.compile(
    r"\(\s?(元|rmb|cny|¥|rs|inr|usd|eur|\$|€)\s?\)\s{0,2}[:=]?\s{0,2}(-?)(\d{1,9}(?:[.,]\d{1,4})?)(?![\d.,]?\d"
    r"|\s?[kmgt]b)"
)
_RATE = re.compile(
    r"\s{0,2}(?:(?:/|per |a |al |por |par |pro |na |в |每)\s{0,1}(?:d\b|day|dia\b|tag\b|jour|天|日|hari|сут|день"
    r"|giorno|dzien)|/\s?(?:s\b|mo\b|秒"
    r"|m(?:onth)?\b|月(?!\d)|mes\b)|p/d\b|daily|ps\b|bps)|/d\+"
)
_GENERATION = re.compile(r"(?:\d{1,2}\.)?[2345]g")
_BEFORE_AMOUNT = re.compile(r"(?:剩余?|已用|使用|用了|含|共|有|为|是|:|流量|总量|总额|套餐|-)\s{0,2}$")
_AFTER_AMOUNT = re.compile(r"\s{0,2}(?:[,;。.)]|$|\d|剩|可用|已用|left|remaining|used|流量(?:[,;。]|$|剩|已))")

_SYMBOL = "|".join(sorted(map(re.escape, SYMBOLS), key=len, reverse=True))
_MONEY = re.compile(
    rf"(?:(?<![a-zа-я])(?<!\d(?=[元块]))(?P<pre>{_SYMBOL})(?![a-zа-я])\.?:?\s{{0,3}})?(?P<sign>(?<![\w.])[-+]"
    rf"|(?<=[^\x00-\x7f])[-+])?\s{{0,2}}"
    rf"(?P<pre2>[$€£¥₹₽])?(?<!\d)(?<!\d[.,])(?P<number>\d{{1,12}}(?:[.,' ]\d{{3}}(?!\d)){{0,4}}(?:[.,]\d{{1,4}})?)"
    rf"(?:/-)?(?:\s{{0,2}}(?P<post>{_SYMBOL})(?:(?<=[元块])|(?![a-zа-я0-9])))?"
)


_MIDDLE = re.compile(r"(?<![\w.,])(\d{1,4})(?:€|eur|e(?=\d\d(?:\s|$)))(\d{2})(?![\w%]|[.,/:-]\d)")
"""France: "12€50"."""
_SMALL = re.compile(
    r"\.?\s{0,2}(?:零|又|and |и )?(?:(?P<jiao>\d)\s?[角毛](?:\s?(?P<fen>\d)\s?分)?"
    r"|(?P<cents>\d{1,2})\s?(?:分(?![钟之])|коп\w{0,4}|kop\w{0,4}|gr(?:oszy)?\b|cents?\b|ct\b|paise\b))"
)
"""What goes on behind a whole amount: "28元3角", "3元5角2分", "12 руб. 40 коп."."""
_THOUSANDS = re.compile(r"\s?(?:(?P<k>rb|ribu)|(?P<m>jt|juta))(?![a-z])")
"""Rupiah: "Rp 50rb", "1,5 jt"."""
_ONLY_BEHIND = frozenset({"d", "đ", "b"})


@dataclass(frozen=True, slots=True)
class Amount:
    """Bytes (`currency` unused) or money (`bytes` None)."""

    start: int
    end: int
    bytes: int | None = None
    money: Decimal | None = None
    currency: str | None = None
    rate: bool = False
    """So much a day, or a speed: an offer's or tariff's wording, no allowance."""


_UNIT_OF_ALL = re.compile(r"\((?:单位\s?(?:为|:)?\s?)?([kmgt])b?\)\s?:(?P<row>[^。!?;\n]{4,120})")
_LABELLED = re.compile(
    r"(?<=[,、\s:])(?:总|已|剩|余|未|可|用|共)[^\d,。:]{0,6}[:为]?\s?(\d{1,9}(?:\.\d{1,4})?)(?=[,、\s]|$)"
)
""" "国内流量(MB):总量10240,已用2048,剩余8192": the unit is told once, ahead of the row."""


def _of_one_unit(plain: str, country: str | None) -> Iterator[Amount]:
    for head in _UNIT_OF_ALL.finditer(plain):
        for hit in _LABELLED.finditer(plain, head.start("row") - 1, head.end()):
            value = _bytes(hit[1], head[1], country)
            if value is not None and value <= MAX_BYTES:
                yield Amount(hit.start(1), hit.end(1), bytes=int(value.to_integral_value(ROUND_HALF_UP)))


def data_amounts(plain: str, country: str | None) -> Iterator[Amount]:
    """Every amount of bytes; 4G, 5G as the name of a network are none."""
    for found in _DATA.finditer(plain):
        if _is_generation(found, plain):
            continue
        parts = [
            _bytes(found.group(at), found.group(at + 1), country) for at in (1, 3, 5) if found.group(at) is not None
        ]
        if any(one is None for one in parts):
            continue
        total = sum((one for one in parts if one is not None), Decimal(0))
        if total <= MAX_BYTES:
            rounded = int(total.to_integral_value(ROUND_HALF_UP))
            rate = bool(_RATE.match(plain, found.end())) and not _is_monthly_whole(found, plain)
            yield Amount(found.start(), found.end(), bytes=rounded, rate=rate)
    for found in _OF_THE_SAME_UNIT.finditer(plain):
        value = _bytes(found[1], found[2], country)
        if value is not None and value <= MAX_BYTES:
            yield Amount(found.start(1), found.end(1), bytes=int(value.to_integral_value(ROUND_HALF_UP)))
    yield from _of_one_unit(plain, country)
    for found in _UNIT_FIRST.finditer(plain):
        value = _bytes(found[4], found[1] or found[2] or found[3], country)
        if value is not None and value <= MAX_BYTES:
            yield Amount(found.start(4), found.end(), bytes=int(value.to_integral_value(ROUND_HALF_UP)))


def money_amounts(plain: str, country: str | None) -> Iterator[Amount]:
    """Every number with a currency beside it; the sign counts where it stands free ("余额:-5.30元")."""
    for found in _MIDDLE.finditer(plain):
        yield Amount(found.start(), found.end(), money=Decimal(f"{found[1]}.{found[2]}"), currency="EUR")
    for found in _MONEY.finditer(plain):
        before = found["pre"] if found["pre"] not in _ONLY_BEHIND else None  # "D15" is a package
        words = (before, found["pre2"], found["post"])
        word = next((one for one in words if one and is_money_in(one, country)), None)
        if word is None:
            continue
        code = currency(word, country)
        value = _money(found["number"], word, country, code)
        if value is None:
            continue
        value, end = _with_rest(value, found.end(), plain)
        if value > MAX_MONEY:
            continue
        if found["sign"] == "-" or (
            plain[max(0, found.start() - 1) : found.start()] == "-" and _is_free_minus(plain, found.start() - 1)
        ):
            value = -value
        rate = bool(re.match(r"\s{0,2}(?:/|每|per\b)(?!-)|p/", plain[end : end + 8]))
        yield Amount(found.start(), end, money=value, currency=code, rate=rate)
    for found in _MONEY_FIRST.finditer(plain):
        value = number(found[3], country, money=True)
        if value is not None and value <= MAX_MONEY:
            value = -value if found[2] else value
            yield Amount(found.start(2), found.end(), money=value, currency=currency(found[1], country))


def _money(text: str, word: str, country: str | None, code: str | None) -> Decimal | None:
    """ "3.250 JD" and "3,450 DT" are three and a bit: a dinar has a thousand fils."""
    if code in THREE_DECIMALS and re.fullmatch(r"\d{1,4}[.,]\d{3}", text):
        return Decimal(text.replace(",", "."))
    if word == "$" and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
        return Decimal(text.replace(".", ""))  # "$3.250": no dollar has mills, so pesos in thousands
    return number(text, country, money=True)


def _with_rest(value: Decimal, end: int, plain: str) -> tuple[Decimal, int]:
    """The amount with what stands behind its unit, and where that ends."""
    thousands = _THOUSANDS.match(plain, end)
    if thousands is not None:
        return value * (1000 if thousands["k"] else 1_000_000), thousands.end()
    small = _SMALL.match(plain, end) if value == value.to_integral_value() else None
    if small is None:
        return value, end
    hundredths = small["cents"] or f"{small['jiao']}{small['fen'] or 0}"
    return value + Decimal(int(hundredths)) / 100, small.end()


def number(text: str, country: str | None, *, money: bool) -> Decimal | None:
    """ "1,234.50", "1.234,50", "10.000" (Rp), "0,1": the last mark is the decimal one unless three digits follow."""
    text = text.strip("'., ").replace("'", "").replace(" ", "")
    comma = country in COMMA_DECIMAL
    marks = [char for char in text if char in ".,"]
    if len(set(marks)) == 2:
        decimal_mark = marks[-1]
    elif len(marks) > 1:
        if not re.fullmatch(r"\d{1,3}(?:[.,]\d{2,3}){1,4}", text):
            return None  # "1.2.3.4" is an address or a version
        decimal_mark = ""
    elif marks and len(text.rpartition(marks[0])[2]) == 3 and text[0] != "0":
        thousands = "." if comma else ","
        decimal_mark = "" if marks[0] == thousands or (money and marks[0] == ",") else marks[0]
    else:
        decimal_mark = marks[0] if marks else ""
    whole, _, part = text.rpartition(decimal_mark) if decimal_mark else (text, "", "0")
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(f"{digits}.{part}") if digits.isdigit() and part.isdigit() else None


def is_money_in(word: str, country: str | None) -> bool:
    """Whether a word that may mean something else elsewhere ("p", "f", "kr") is money in this country."""
    return word not in ONE_COUNTRY or (country or "") in ONE_COUNTRY[word]


def currency(word: str, country: str | None) -> str | None:
    """ISO code of what stands beside the number; "$", "kr", "Rs" mean another thing in another country."""
    local = LOCAL.get(country or "", {})
    return local.get(word) or SYMBOLS.get(word)


def _bytes(text: str, unit: str, country: str | None) -> Decimal | None:
    value = number(text, country, money=False)
    return None if value is None else value * Decimal(2 ** _POWER[unit[0]])


def _is_monthly_whole(found: re.Match[str], plain: str) -> bool:
    """ "套餐30M/月,已用…": of a plan that is told beside its use, not a tariff's."""
    if re.match(r"\s?/\s?(?:month|mo|mes|mois|monat|mese)[,;](?=.{0,12}used)", plain[found.end() : found.end() + 24]):
        return True
    if _OF_THE_DAY.search(plain, max(0, found.start() - 18), found.start()):
        return True  # "50% of your 1.5 GB daily quota", "1.2GB of 1.5GB daily limit"
    if not re.match(r"\s?/\s?月[,;。\r\n]", plain[found.end() : found.end() + 5]):
        return False
    return bool(re.search(r"套餐(?:为|是|:|含)?\s?\Z", plain[max(0, found.start() - 6) : found.start()]))


_OF_THE_DAY = re.compile(
    r"\bof (?:your|ur|the|today's|aaj ke) (?:daily )?\Z"
    r"|(?:\d\s?[kmgt]b?|%|used|left|consumed) (?:out )?(?:of|from) \Z|\d\s?[mg]b\s?/\s?\Z"
)


def _is_generation(found: re.Match[str], plain: str) -> bool:
    if not _GENERATION.fullmatch(found.group()):
        return False
    before = _BEFORE_AMOUNT.search(plain, max(0, found.start() - 8), found.start())
    return before is None or _AFTER_AMOUNT.match(plain, found.end()) is None


def _is_free_minus(plain: str, index: int) -> bool:
    return index <= 0 or not (plain[index - 1].isascii() and plain[index - 1].isalnum())
