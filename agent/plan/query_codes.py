"""How a card's balance and data can be asked for, by carrier. Data only; agent.plan.asking decides what is sent.

Rules: only codes that read, never one that orders, stops or changes something (TDZD, QXYLTX, QXED, TCQZ and every code
that a message asks to reply with stay out: several order packages). China: words by SMS to the carrier's own number;
carriers call that free of charge. Codes differ by province, so an unknown one may answer with a menu or an error: at
most one a day is sent, and one that failed is left out for long. No USSD balance query is known to work in China.
"""

from collections.abc import Mapping
from typing import Literal

from modem.frozen import dataclass

Asks = Literal["data", "balance", "plan"]
Sure = Literal["confirmed", "quoted", "probable", "unverified"]
"""confirmed: by several users; quoted: in a text of the carrier; probable: one program sends it."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    asks: Asks
    sure: Sure


@dataclass(frozen=True, slots=True)
class SmsDesk:
    """A carrier's own number for words."""

    number: str
    words: tuple[Word, ...]
    answers_from: tuple[str, ...]
    """Senders of the answers, by their beginning."""


SMS_IN_CHINA: Mapping[str, SmsDesk] = {
    "China Mobile": SmsDesk(
        "10086",
        (
            Word("CXLL", "data", "confirmed"),
            Word("CXYE", "balance", "probable"),
            Word("CXYL", "data", "probable"),
            Word("CXTC", "plan", "probable"),
            Word("YE", "balance", "unverified"),
        ),
        ("10086",),
    ),
    "China Unicom": SmsDesk(
        "10010",
        (
            Word("CXLL", "data", "confirmed"),
            Word("2082", "data", "quoted"),
            Word("流量查询", "data", "quoted"),
            Word("CXYE", "balance", "unverified"),
        ),
        ("10010",),
    ),
    "China Telecom": SmsDesk(
        "10001",
        (
            Word("108", "data", "quoted"),
            Word("102", "balance", "quoted"),
            Word("101", "balance", "quoted"),
            Word("CXLL", "data", "probable"),
        ),
        ("10001", "10000"),
    ),
}
"""China Broadnet (10099) has no word that is known to work: its cards are never asked."""
NEVER = frozenset({"TDZD", "QXYLTX", "QXED", "28", "3054", "3056", "666", "6606"})
"""Words seen in messages that stop reminders, cancel credit or order packages: refused even from the configuration."""
NEVER_BEGINS = ("TCQZ", "KT", "QX", "DG", "TD")
"""Beginnings of orders: leave a group, subscribe, cancel, buy, unsubscribe."""

USSD_BY_CODE: Mapping[str, str] = {
    "*100#": (
        "25001 25002 25096 25701 25702 25704 26001 26201 26202 26203 26204 26205 26206 26209 26277 43709 45602 65501"
    ),
    "*101#": "20409 21803 21805 23801 23802 23830 23877 25501 26006 26207 26208 26211 28401 45204 65507",
    "*131#": "20825 22235 22616 22854 23426 26009 26243 27213 45423 50519",
    "*222#": "24004 24006 24008 45618 47002 72402 72403 72404 72408",
    "*111*1*3#": "40409 40436 40452 40483 40485 40505 40510 40513",
    "*102#": "23812 24012 25028 25099 28403 43701 45609",
    "*111#": "21403 21404 21409 24007 24204 25503 25506",
    "*122#": "28304 29404 37002 45701 62002",
    "#123#": "20610 20800 20801 52000",
    "*123#": "26804 29370 62120 62180",
    "#124#": "45601 62150 62170",
    "*124#": "47003 62001 62007",
    "*556#": "62130 62160 65310",
    "*888#": "45606 63401",
    "#111#": "37004",
    "#121#": "22803",
    "#131#": "37001",
    "#132#": "45604",
    "*#100#": "27202",
    "*#1345#": "23415",
    "*097#": "45608",
    "*1#": "47007",
    "*100*2#": "63001",
    "*1000#": "63090",
    "*103#": "20606",
    "*104*#": "23002",
    "*11777#": "42502",
    "*120#": "24001",
    "*121#": "22802",
    "*121*51#": "40410",
    "*123*1*1#": "52505",
    "*124*12#": "63086",
    "*125#": "28405",
    "*130#": "22801",
    "*133#": "62006",
    "*137#": "65010",
    "*141#": "65510",
    "*143#": "60502",
    "*144#": "63902",
    "*150#": "24223",
    "*152#": "47004",
    "*168#": "63801",
    "*188#": "65502",
    "*202#": "65302",
    "*22#": "23003",
    "*221#": "21425",
    "*225#": "310260",
    "*231#": "23208",
    "*232#": "62190",
    "*245#": "24701",
    "*500#": "43705",
    "*544#": "72405",
    "*557*8#": "51009",
    "*565*3#": "63002",
    "*566#": "47001",
    "*611#": "311960",
    "*777#": "310410",
    "*804#": "63601",
    "*820#": "62003",
}
"""Read-only balance queries: code → PLMNs whose cards all use it. From the public provider database that Debian ships
(mobile-broadband-provider-info, 2009 to 2023) and from published logs; dialling them is free."""
SHARED_PLMN: Mapping[str, tuple[str, ...]] = {
    "23001": (
        "*101*#",
        "*146#",
    ),
    "23207": (
        "*101#",
        "*102#",
    ),
    "23402": (
        "*#10#",
        "*100#",
    ),
    "23410": (
        "*#10#",
        "*100#",
    ),
    "23411": (
        "*#10#",
        "*100#",
    ),
    "24005": (
        "*111#",
        "*120#",
    ),
    "24202": (
        "*111#",
        "*150#",
    ),
    "26002": (
        "*101#",
        "*108#",
    ),
    "26003": (
        "*124*#",
        "*127*1#",
    ),
}
"""Networks on which several brands sell cards with different codes: a wrong code may order something, so a person
must choose (plan.ask_codes)."""
SMS_ABROAD: Mapping[str, tuple[str, str]] = {
    "20416": ("1144", "SALDO"),
    "20205": ("1252", "Y"),
    "20201": ("1314", "YP"),
    "23430": ("150", "BALANCE"),
    "23433": ("150", "BALANCE"),
    "23434": ("150", "BALANCE"),
    "23486": ("150", "BALANCE"),
    "24491": ("15400", "EASY SALDO"),
    "24421": ("16304", "SALDO"),
    "27877": ("16877", "melita"),
    "24405": ("18258", "SALDO"),
    "24201": ("2525", "saldo"),
    "20815": ("555", "conso"),
}
"""PLMN → number and word. Whether the message costs something is not known: asked only with plan.ask = "paid"."""
