"""Shapes of Chinese answers: tables, thresholds, debts, figures in words, items of a list, names of packages."""

from datetime import date
from decimal import Decimal

import pytest

from agent.plan.messages import Explained, explain

GB = 2**30


def read(text: str) -> Explained:
    return explain(text, sender="10086", received=date(2026, 11, 22))


def test_a_table_s_amounts_belong_to_their_columns() -> None:
    told = read("套餐名称    总量    已用    剩余\n国内流量    10GB    4GB    6GB\n通话    100分钟    20分钟    80分钟")
    assert (told.total_bytes, told.used_bytes, told.remaining_bytes) == (10 * GB, 4 * GB, 6 * GB)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("您的账户余额已不足5元（4.12元），请及时充值。", "4.12"),
        ("您的账户余额已低于1元，当前0.83元，请及时充值。", "0.83"),
        ("由于您账户余额不足（当前-0.65元），您的号码将于今日停机，请充值。", "-0.65"),
        ("您已欠费停机，应缴金额32.5元，充值后开机。", "-32.5"),
        ("您的余额为负2.15元，已停止呼出功能，请尽快交费。", "-2.15"),
        ("已收到您缴纳的话费100.00元，扣除欠费22.40元后，账户余额为77.60元。", "77.60"),
        ("充值到账提醒：您的号码收到100.00元，余额由3.20元变为103.20元。", "103.20"),
    ],
)
def test_the_balance_stands_behind_a_threshold_or_a_debt(text: str, amount: str) -> None:
    balance = read(text).balance
    assert balance is not None
    assert balance.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("通用流量余额：5GB 专属流量余额：10GB 话费余额：12元", 5 * GB),
        ("您的流量使用情况：①套餐流量30GB，剩余11GB②定向流量30GB，剩余29.9GB。", 11 * GB),
        ("您已使用套餐内流量4GB，套餐外流量0.00MB，套餐内剩余流量2GB。", 2 * GB),
    ],
)
def test_each_item_of_a_list_has_its_own_bucket(text: str, left: int) -> None:
    assert read(text).remaining_bytes == left


def test_per_cent_may_be_written_out() -> None:
    told = read("您的套餐总流量40G，目前已用百分之七十五。")
    assert (told.kind, told.total_bytes) == ("data_used", 40 * GB)


@pytest.mark.parametrize("head", ["", "【到期提醒】", "【到期提醒】尊敬的客户，", "到期提醒：您好，"])
def test_a_heading_does_not_take_the_date_from_its_own_sentence(head: str) -> None:
    told = read(f"{head}您的流量套餐已于2026年11月21日到期，上网功能已停用，请及时续费。")
    assert told.expires_on == date(2026, 11, 21)


def test_a_package_s_name_is_no_offer() -> None:
    told = read("您的“30元包6个月10GB/月流量”合约还有7天（11月29日）到期，如需继续使用请回复XY续约。")
    assert (told.kind, told.expires_on) == ("expiry", date(2026, 11, 29))


@pytest.mark.parametrize(
    "text",
    [
        "您订购的视频彩铃业务已生效，月费5元。",
        "您的国际长途功能已开通，资费0.1元/分钟起。",
        "已停机客户可到任意营业厅办理复机。",
        "停机后号码保留90天，到期未缴费将被回收。",
        "每月使用100GB后将关闭上网功能，次月恢复。",
        "您的亲属卡133****0000余额不足，请及时为其充值。",
    ],
)
def test_other_services_rules_and_lines_tell_nothing_of_this_one(text: str) -> None:
    assert (read(text).kind, read(text).evidence) == ("other", ())
