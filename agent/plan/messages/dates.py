"""Dates as carriers write them. Pure; a date without a year takes its year from `near`, without that it is no date.

Which of 03/01 is the month depends on the country; a day above 12 settles it. Years outside 2000–2099 mean "never"
(Iran's 9378/10/12) or another calendar, and are no date.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import zip_longest

from agent.plan.messages import calendars, european
from modem.frozen import dataclass

MONTH_FIRST = frozenset({"US", "PH", "CA", "BZ", "CN", "TW", "JP", "KR"})
_NAMES = {
    1: "jan januar januari january janvier janv enero ene janeiro gennaio gen stycznia января январь янв januari "
        "ocak sijecnja leden januara ianuarie januar січня",
    2: "feb februar februari february fevrier fev febrero fevereiro febbraio lutego февраля фев subat unora "
        "februarie лютого",
    3: "mar mars march marz maerz marzo marco maart marca марта мар maret mart brezna martie березня",
    4: "apr april avril abril abr aprile kwietnia апреля апр nisan dubna aprilie квітня",
    5: "may mai mayo maio maggio mei maja мая май mayis kvetna mag травня",
    6: "jun juni june juin junio junho giugno giu czerwca июня июн haziran cervna iunie червня",
    7: "jul juli july juillet julio julho luglio lug lipca июля июл temmuz cervence iulie липня",
    8: "aug august augustus augusti aout agosto ago sierpnia августа авг agustus agu agustos srpna ags серпня",
    9: "sep sept september septembre septiembre setembro set settembre septiembre wrzesnia сентября сен eylul zari "
        "septembrie вересня",
    10: "oct okt oktober october octobre octubre outubro out ottobre ott pazdziernika октября окт ekim rijna "
        "octombrie жовтня",
    11: "nov november novembre noviembre novembro listopada ноября ноя kasim noiembrie листопада nopember",
    12: "dec dez december decembre diciembre dic dezembro dezember dicembre grudnia декабря дек des desember aralik "
        "prosince decembrie грудня",
}  # fmt: skip
_SCRIPT_NAMES = {
    1: "januarie januwari enero ม.ค มกราคม يناير جانفي كانون_الثاني जनवरी জানুয়ারি জানুয়ারি جنوری ינואר जानेवारी ஜனவரி జనవరి",
    2: "pebrero februar ก.พ กุมภาพันธ์ فبراير فيفري شباط फरवरी फ़रवरी ফেব্রুয়ারি فروری פברואר फेब्रुवारी பிப்ரவரி ఫిబ్రవరి",
    3: "machi marso มี.ค มีนาคม مارس آذار मार्च মার্চ مارچ מרץ மார்ச் మార్చి",
    4: "aprili เม.ย เมษายน أبريل ابريل أفريل نيسان अप्रैल এপ্রিল اپریل אפריל एप्रिल ஏப்ரல் ఏప్రిల్",
    5: "พ.ค พฤษภาคม مايو ماي أيار मई মে مئی מאי",
    6: "hunyo มิ.ย มิถุนายน يونيو جوان حزيران जून জুন جون יוני ஜூன் జూన్",
    7: "julai hulyo ก.ค กรกฎาคม يوليو جويلية تموز जुलाई জুলাই جولائی יולי जुलै ஜூலை జూలై",
    8: "ogos agosti ส.ค สิงหาคม أغسطس اغسطس أوت آب अगस्त আগস্ট اگست אוגוסט ऑगस्ट ஆகஸ்ட் ఆగస్టు",
    9: "septemba setyembre ก.ย กันยายน سبتمبر أيلول सितंबर सितम्बर সেপ্টেম্বর ستمبر ספטמבר सप्टेंबर செப்டம்பர் సెప్టెంబర్",
    10: "oktoba oktubre ต.ค ตุลาคม أكتوبر اكتوبر تشرين_الأول अक्टूबर अक्तूबर অক্টোবর اکتوبر אוקטובר ऑक्टोबर அக்டோபர் అక్టోబర్",
    11: "novemba nobyembre พ.ย พฤศจิกายน نوفمبر تشرين_الثاني नवंबर नवम्बर নভেম্বর نومبر נובמבר नोव्हेंबर நவம்பர் నవంబర్",
    12: "desemba disyembre disember ธ.ค ธันวาคม ديسمبر كانون_الأول दिसंबर दिसम्बर ডিসেম্বর دسمبر דצמבר डिसेंबर டிசம்பர் డిసెంబర్",
}  # fmt: skip
"""Thai, Arabic (east and Maghreb), Hindi, Bengali, Urdu, Hebrew; Swahili, Filipino, Malay ("_": a space)."""
_MONTH = {
    name.replace("_", " "): month
    for table in (_NAMES, european.MONTHS, _SCRIPT_NAMES)
    for month, names in table.items()
    for name in names.split()
}
_WORD = "|".join(map(re.escape, sorted(_MONTH, key=len, reverse=True)))
_TIME = r"(?:[\st,]{0,3}\d{1,2}(?::|时|点)\d{2}(?:(?::|分)\d{0,2}秒?)?(?!\d))?"
_FORMS = (
    re.compile(r"(?<!\d)(?P<y>\d{4}|1\d{2}|\d{2})年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})[日号]?"),
    re.compile(r"(?<![\d.])(?<!\d,)(?P<y>\d{4}"
    r"|1[0-4]\d(?=[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)))(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d./-])(?<!\d,)(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<![\d./-])(?<!\d,)(?P<a>\d{1,2})(?P<s>\.)\s(?P<b>\d{1,2})\.\s(?P<y>\d{4})(?!\d)"),
    re.compile(rf"(?<![\d.])(?<!\d,)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s-]{{0,2}}(?:of |de "
        rf"|d')?(?P<n>{_WORD})[.,]?[\s-]{{0,2}}(?:de |del |')?(?P<y>\d{{4}}|\d{{2}}(?![\d:]))(?!\d)"),
    re.compile(rf"(?<![a-z])(?P<n>{_WORD})\.?[\s-]{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s?|\s"
        rf"|-)(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<y>20\d{{2}})\.?\s(?:m\.\s|(?:aasta|gada)\s)?(?P<n>{_WORD})\.?\s(?P<d>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<![\d.])(?P<d>\d{{1,2}})\s(?P<j>{'|'.join(calendars.MONTHS)})(?:\s?ماه)?[\s,]{{1,3}}(?P<y>1[34]\d\d)(?!\d)"),
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})\s(?P<j>فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند)"
               r"(?:\s?ماه)?(?![؀-ۿ])"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?:[0-2]\d[0-5]\d[0-5]\d)?(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})년\s?(?P<m>\d{1,2})월\s?(?P<d>\d{1,2})일"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})월\s?(?P<d>\d{1,2})일"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})[日号]?"),
    re.compile(rf"(?<![\d.])(?<!\d,)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s-]{{0,2}}(?:of |de )?"
               rf"(?P<n>{_WORD})(?![a-zа-я])"),
    re.compile(rf"(?<![a-z])(?P<n>{_WORD})\.?\s{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"),
    re.compile(r"(?<![\d./-])(?<!\d,)(?P<a>0?[1-9]|[12]\d|3[01])(?P<s>/)(?P<b>0?[1-9]|[12]\d|3[01])(?![\d/%])"),
    re.compile(r"(?:(?<=\bдо )|(?<=\bbis )|(?<=\bam )|(?<=\bdo )|(?<=\bden )|(?<=bis zum )|(?<=по ))(?P<a>0?[1-9]"
    r"|[12]\d"
        r"|3[01])(?P<s>\.)(?P<b>0?[1-9]|1[0-2])(?![\d,]|\s?[kmgкмг][bбo])\.?"),
)  # fmt: skip
_IN_DAYS = re.compile(
    r"(?<![\d.])(?<!\d,)(?P<n>\d{1,3})\s?(?:天后|日后|日内|天内|天之后|个自然日后)|(?:还有|还剩|仅剩|剩余?"
    r"|不足)\s?(?P<j>\d{1,3})\s?[天日](?=[^,。;]{0,4}(?:到期|过期|失效|有效))|(?P<q>\d{1,3})\s(?:hari lagi"
    r"|दिन(?:ों)? (?:में"
    r"|बाद)"
    r"|din (?:mein|me|baad)|দিন (?:পর|পরে)|روز (?:دیگر|(?=تا پایان|مانده|باقی))|دن میں"
    r"|วัน(?=[^.]{0,8}หมด))|(?:\bin|within|\bdlm|dalam waktu|\bsau|sa loob ng|بعد|خلال|בעוד|อีก|en|dans|через|dalam|noch"
    r"|over|om|tra|za|остал\w{1,4}|em|dentro de)\s(?P<k>\d{1,3})\s?(?:days?\b|tagen?\b|dias?\b|jours?\b|дн\w{1,3}"
    r"|день|hari\b|ngay\b|araw\b|أيام|ايام|يوم|ימים|วัน"
    r"|dagen\b|dag\b|giorni\b|dni\b)"
)
_WORDS = (
    (
        re.compile(
            r"(?:本月|当月|这个月)(?:底|末|最后一天|月底)|(?<!上|下)月底|(?<!上|下)月末|end of (?:this|the) month"
        ),
        "month_end",
    ),
    (re.compile(r"(?:次月|下月|下个月)(?:底|末)"), "next_month_end"),
    (re.compile(r"(?:次月|下月|下个月)\s?1\s?[日号]"), "next_first"),
    (re.compile(r"\btoday\b|今日|今天|hari ini|\bheute\b|\bhoy\b|\bhoje\b|сегодня"), "today"),
    (
        re.compile(
            r"\btomorrow\b|明日|明天|besok|\bmorgen\b|\bmanana\b|\bamanha\b|завтра|\bbukas\b|\bngay mai\b|\bkesho\b"
            r"|فردا|غدا|พรุ่งนี้"
        ),
        "tomorrow",
    ),
)


@dataclass(frozen=True, slots=True)
class Day:
    start: int
    end: int
    day: date | None
    """None: a date that cannot be told (no year to go by, or "never")."""
    relative: bool = False


def days(plain: str, country: str | None, near: date | None) -> list[Day]:
    """Every date in the text, in order; `near`: when the message came (for years left out and relative dates)."""
    found: list[Day] = []
    for form in _FORMS:
        for match in form.finditer(plain):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(Day(match.start(), match.end(), _resolve(match, country, near)))
    for one in _relative(plain, near):
        if all(one.end <= other.start or one.start >= other.end for other in found):
            found.append(one)
    found.sort(key=lambda one: one.start)
    return [one for one, behind in zip_longest(found, found[1:]) if not _is_spelled_out(plain, one, behind)]


def _is_spelled_out(plain: str, one: Day, behind: Day | None) -> bool:
    """ "in 5 days (19/10/2015)": the date in brackets is the better word for the same day."""
    between = plain[one.end : behind.start] if behind is not None and one.relative and not behind.relative else "-"
    return bool(_BRACKET.fullmatch(between))


_BRACKET = re.compile(r"\s?[(（,]?\s?(?:on |am |el |le |il )?")


def year_hint(plain: str, country: str | None) -> date | None:
    """The latest full date that the text itself carries ("截至2026年11月21日"): its year serves the others."""
    told = [one.day for one in days(plain, country, None) if one.day is not None]
    return max(told) if told else None


def _resolve(match: re.Match[str], country: str | None, near: date | None) -> date | None:
    parts = match.groupdict()
    if parts.get("a"):
        first, second = int(parts["a"]), int(parts["b"])
        if parts.get("y") and len(parts["y"]) == 2 and country in ("CN", "TW", "JP", "KR") and first > 12:
            return _date(2000 + first, second, int(parts["y"]))
        month_first = country in MONTH_FIRST and parts["s"] != "."
        if (first > 12) != (second > 12):
            month_first = second > 12
        elif country is None and near is not None and parts.get("y"):
            month_first = _fits_better(first, second, int(parts["y"]), near)
        month, day = (first, second) if month_first else (second, first)
    else:
        named = _MONTH[parts["n"]] if "n" in parts else calendars.MONTHS[parts["j"]] if "j" in parts else 0
        month = int(parts["m"]) if parts.get("m") else named
        day = int(parts["d"])
    year = parts.get("y")
    if year:
        if "j" in parts or calendars.is_solar(int(year), country):
            return calendars.of_solar(int(year), month, day)
        return _date(_gregorian(int(year), country), month, day)
    if "j" in parts:
        return _nearest_solar(month, day, near)
    return _nearest(month, day, near)


def _fits_better(first: int, second: int, year: int, near: date) -> bool:
    """Whether the month stands first, where no country tells: a day around or ahead of `near` decides."""
    year = 2000 + year if year < 100 else year
    fits = [
        day is not None and -45 <= (day - near).days <= 400
        for day in (_date(year, second, first), _date(year, first, second))
    ]
    return fits == [False, True]


def _gregorian(year: int, country: str | None) -> int:
    """Of the Buddhist era in Thailand (2569, 69), of the Republic in Taiwan (115), else as written; two digits: 20…"""
    if country == "TH" and (2500 < year < 2650 or 60 <= year < 100):
        return year - 543 if year > 100 else year + 2500 - 543
    if 100 <= year < 150:
        return year + 1911 if country == "TW" or (country is None and 105 <= year <= 130) else 0
    return 2000 + year if year < 100 else year


def _nearest(month: int, day: int, near: date | None) -> date | None:
    """The day of that name closest to `near`, the future preferred: up to four months back, else ahead."""
    if near is None:
        return None
    told = [one for year in (near.year - 1, near.year, near.year + 1) if (one := _date(year, month, day))]
    return next((one for one in told if one >= near - timedelta(days=120)), None)


def _nearest_solar(month: int, day: int, near: date | None) -> date | None:
    if near is None:
        return None
    year = calendars.solar_year(near)
    told = [one for each in (year - 1, year, year + 1) if (one := calendars.of_solar(each, month, day))]
    return next((one for one in told if one >= near - timedelta(days=120)), None)


def _date(year: int, month: int, day: int) -> date | None:
    if not 2000 <= year <= 2099:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _relative(plain: str, near: date | None) -> Iterator[Day]:
    for match in _IN_DAYS.finditer(plain):
        count = int(match["n"] or match["k"] or match["j"] or match["q"])
        yield Day(match.start(), match.end(), near + timedelta(days=count) if near else None, relative=True)
    for pattern, what in _WORDS:
        for match in pattern.finditer(plain):
            yield Day(match.start(), match.end(), _meant(what, near) if near else None, relative=True)


def _meant(what: str, near: date) -> date:
    next_first = (near.replace(day=1) + timedelta(days=32)).replace(day=1)
    if what == "month_end":
        return next_first - timedelta(days=1)
    if what == "next_month_end":
        return (next_first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if what == "next_first":
        return next_first
    return near if what == "today" else near + timedelta(days=1)
