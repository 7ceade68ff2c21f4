"""Days of other calendars: Iran's and Afghanistan's solar one (1405/09/30). Pure.

Leap years by the 33-year cycle, which agrees with the astronomical calendar from 1244 to 1472.
"""

from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "فروردین farvardin حمل", "اردیبهشت ordibehesht ثور", "خرداد khordad جوزا", "تیر tir سرطان",
            "مرداد mordad اسد",
            "شهریور shahrivar سنبله", "مهر mehr میزان", "آبان aban عقرب", "آذر azar قوس", "دی dey جدی",
            "بهمن bahman دلو",
            "اسفند esfand حوت",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NEW_YEAR_1400 = date(2021, 3, 21)
_LEAPS = (1, 5, 9, 13, 17, 22, 26, 30)


def is_solar(year: int, country: str | None) -> bool:
    """Whether a year can only be one of the solar calendar, where it is used."""
    return country in ("IR", "AF") and 1380 <= year <= 1450


def of_solar(year: int, month: int, day: int) -> date | None:
    """The day that Iran's calendar calls so; None where it has none."""
    leap = year % 33 in _LEAPS
    if not (
        1380 <= year <= 1450
        and 1 <= month <= 12
        and 1 <= day <= (31 if month <= 6 else 30 if month < 12 or leap else 29)
    ):
        return None
    passed = (month - 1) * 31 if month <= 7 else 186 + (month - 7) * 30
    return _new_year(year) + timedelta(days=passed + day - 1)


def solar_year(of: date) -> int:
    """The solar year in which a day lies."""
    year = of.year - 621
    return year if of >= _new_year(year) else year - 1


def _new_year(year: int) -> date:
    step = 1 if year >= 1400 else -1
    days = sum(366 if one % 33 in _LEAPS else 365 for one in range(min(year, 1400), max(year, 1400)))
    return _NEW_YEAR_1400 + timedelta(days=step * days)
