from datetime import date
from decimal import Decimal

import pytest

from agent.plan.messages.dates import days
from agent.plan.messages.grammar import data_amounts, money_amounts, number
from agent.plan.messages.normal import blanked, folded

MB = 2**20
GB = 2**30


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1G241.21M", round(GB + 241.21 * MB)),
        ("14GB319.90MB", round(14 * GB + 319.90 * MB)),
        ("2GB 512MB 100KB", 2 * GB + 512 * MB + 100 * 1024),
        ("500.00Ｍ", 500 * MB),
        ("30兆", 30 * MB),
        ("1,5 Go", None),
        ("1.2ТБ", None),
        ("512 Мб", 512 * MB),
        ("0.5T", 2**39),
    ],
)
def test_bytes_are_read_in_every_unit_and_compound(text: str, expected: int | None) -> None:
    found = [one.bytes for one in data_amounts(folded(text), None)]
    assert found if expected is None else found == [expected]


@pytest.mark.parametrize("text", ["4G飞享18元套餐", "国内2G/3G/4G网络", "5G用户", "1.4G飞享套餐", "LTE 4G network"])
def test_names_of_networks_are_no_bytes(text: str) -> None:
    assert list(data_amounts(folded(text), None)) == []


@pytest.mark.parametrize("text", ["1.5GB/day", "2GB/D+UL", "100MB/天", "1GB per day"])
def test_so_much_a_day_is_marked_as_a_rate(text: str) -> None:
    assert [one.rate for one in data_amounts(folded(text), None)] == [True]


@pytest.mark.parametrize(
    ("text", "country", "amount", "currency"),
    [
        ("余额12.30元", None, "12.30", "CNY"),
        ("余额28元3角", None, "28.30", "CNY"),
        ("余额3元5角2分", None, "3.52", "CNY"),
        ("余额28元零5分", None, "28.05", "CNY"),
        ("余额20块5毛", "CN", "20.50", "CNY"),
        ("余额30元1分钟可打", None, "30", "CNY"),
        ("12 руб. 40 коп.", "RU", "12.40", "RUB"),
        ("Rp 24rb", "ID", "24000", "IDR"),
        ("Rp 1,5jt", "ID", "1500000", "IDR"),
        ("￥-3.50", None, "-3.50", "CNY"),
        ("-15.30元", None, "-15.30", "CNY"),
        ("Rs.1,299.00", None, "1299.00", "INR"),
        ("Rs 45", "PK", "45", "PKR"),
        ("Rp 10.000", "ID", "10000", "IDR"),
        ("€ 4,75", "NL", "4.75", "EUR"),
        ("1.234,50 EUR", "DE", "1234.50", "EUR"),
        ("$45.50", "MX", "45.50", "MXN"),
        ("NT$150元", "TW", "150", "TWD"),
        ("24,84zl", "PL", "24.84", "PLN"),
        ("968.98 r.", "RU", "968.98", "RUB"),
        ("R 96.45", "ZA", "96.45", "ZAR"),
        ("410.00 francs", "TG", "410.00", "XOF"),
        ("1 250 FCFA", "CI", "1250", "XOF"),
        ("2 350 Ft", "HU", "2350", "HUF"),
        ("kr 125,50", "NO", "125.50", "NOK"),
    ],
)
def test_money_in_many_currencies(text: str, country: str | None, amount: str, currency: str) -> None:
    found = list(money_amounts(folded(text), country))
    assert [(one.money, one.currency) for one in found] == [(Decimal(amount), currency)]


def test_a_hyphen_between_numbers_is_no_minus() -> None:
    assert [one.money for one in money_amounts(folded("10-20元"), None)] == [Decimal(20)]


@pytest.mark.parametrize(
    ("text", "value"), [("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("0,1", "0.1"), ("7", "7")]
)
def test_the_last_mark_is_the_decimal_one(text: str, value: str) -> None:
    assert number(text, None, money=True) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("2026年12月31日", None),
        ("2026-12-31 23:59:59", None),
        ("31/12/2026", None),
        ("31.12.26", None),
        ("12/31/2026", "US"),
        ("Dec 31, 2026", None),
        ("31 Desember 2026", "ID"),
        ("31-Dec-2026", "IN"),
        ("31st December 2026", "GB"),
        ("31 de diciembre de 2026", "ES"),
        ("31 декабря 2026", "RU"),
        ("20261231", None),
        ("до 31.12", "RU"),
        ("12月31日", None),
        ("本年12月31号", None),
    ],
)
def test_dates_of_every_shape(text: str, country: str | None) -> None:
    assert [one.day for one in days(folded(text), country, date(2026, 11, 20))] == [date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3天后", date(2026, 11, 23)),
        ("in 3 days", date(2026, 11, 23)),
        ("本月底", date(2026, 11, 30)),
        ("次月1日", date(2026, 12, 1)),
        ("tomorrow", date(2026, 11, 21)),
        ("1月5日", date(2027, 1, 5)),
    ],
)
def test_relative_dates_count_from_the_day_the_message_came(text: str, day: date) -> None:
    assert [one.day for one in days(folded(text), None, date(2026, 11, 20))] == [day]
    assert [one.day for one in days(folded(text), None, None)] == [None]


@pytest.mark.parametrize(
    ("country", "day"), [("US", date(2026, 3, 1)), ("GB", date(2026, 1, 3)), (None, date(2026, 1, 3))]
)
def test_day_or_month_first_is_the_countrys_custom(country: str | None, day: date) -> None:
    assert [one.day for one in days("03/01/2026", country, None)] == [day]


@pytest.mark.parametrize("text", ["9378/10/12", "31/02/2026", "42.08", "1.4", "2021/13/45"])
def test_what_looks_like_a_date_and_is_none(text: str) -> None:
    assert [one.day for one in days(text, None, date(2026, 11, 20)) if one.day is not None] == []


def test_links_codes_and_numbers_are_blanked_in_place() -> None:
    text = folded("详情 http://a.cn/12GB 拨*123*5#或400-123-4567")
    assert len(blanked(text)) == len(text)
    assert not any(char.isdigit() for char in blanked(text))
