"""Ordinary Chinese wording: parts of a whole, units told once, states of a line, whose limit it is, Cantonese."""

from datetime import date
from decimal import Decimal

import pytest

from agent.plan.messages import Explained, explain

GB = 2**30
MB = 2**20


def read(text: str) -> Explained:
    """As the network's own answer: words alone decide, no learned table has a say."""
    return explain(text, channel="ussd", country="CN", received=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("text", "used", "left", "total"),
    [
        ("您本月已使用套餐流量10GB中的6GB。", 6 * GB, None, 10 * GB),
        ("您本月套餐流量10GB中还有4GB未使用。", None, 4 * GB, 10 * GB),
        ("国内通用：6GB/10GB（剩4GB）", 6 * GB, 4 * GB, 10 * GB),
        ("您的套餐内流量（10GB）还剩4GB，请放心使用。", None, 4 * GB, 10 * GB),
        ("您的流量使用情况（单位：GB）：总量10，已用6，剩余4。", 6 * GB, 4 * GB, 10 * GB),
        ("总流量 已用流量 剩余流量\n10GB 6GB 4GB", 6 * GB, 4 * GB, 10 * GB),
        ("国内流量：总10GB 用6GB 剩4GB", 6 * GB, 4 * GB, 10 * GB),
        ("您本月赠送流量10GB，已使用6GB，剩余4GB。", 6 * GB, 4 * GB, 10 * GB),
        ("您目前可使用的流量为4GB。", None, 4 * GB, None),
        ("您今日流量使用已达6GB，请留意。", 6 * GB, None, None),
        ("您本月国内流量使用量已达6GB。", 6 * GB, None, None),
        ("您的流量使用已达套餐的80%（8GB/10GB）。", 8 * GB, None, 10 * GB),
        ("昨日用1GB，本月累计用6GB，剩余4GB。", 6 * GB, 4 * GB, None),
    ],
)
def test_part_and_whole_are_told_apart_in_any_order(
    text: str, used: int | None, left: int | None, total: int | None
) -> None:
    told = read(text)
    assert (told.used_bytes, told.remaining_bytes, told.total_bytes) == (used, left, total)


def test_two_amounts_of_one_unit_side_by_side_are_no_compound() -> None:
    told = read("剩余流量 1G241.21M，已用流量 5G 3G")
    assert told.remaining_bytes == round(GB + 241.21 * MB)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("您使用充值卡充值50元，充值前余额45.2元，充值后余额95.2元。", "95.2"),
        ("缴费成功：您为本机号码缴费30元，账户当前可用额度31.55元。", "31.55"),
        ("尊敬的客户，您名下手机号码应缴话费43.50元，已逾期，请尽快缴纳。", "-43.50"),
        ("您有45.20元话费未缴，请及时缴纳。", "-45.20"),
        ("您的号码已停机，需缴纳9.90元欠费后方可开机。", "-9.90"),
        ("您充值的50元已到账，您的账户现有95.2元。", "95.2"),
    ],
)
def test_the_balance_is_what_is_there_now(text: str, amount: str) -> None:
    balance = read(text).balance
    assert balance is not None
    assert balance.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您的透支额度已用完，请及时缴费。", "arrears"),
        ("尊敬的用户，您的171号码余额不足，请尽快充值至余额大于0元。", "arrears"),
        ("您的号码当前为单向停机状态。", "suspended"),
        ("您的语音通话功能已停，请缴费。", "suspended"),
        ("您的号码由于长期未使用已被收回。", "suspended"),
        ("卡状态变更通知：正使用 → 停机。", "suspended"),
        ("本次充值：50元，当前余额：95.2元。", "topup_ok"),
        ("您的好友已为您充值话费50元，请查收。", "topup_ok"),
        ("您的亲友通过微信为您交费30.00元。", "topup_ok"),
        ("100元已充入您的号码，当前余额130元。", "topup_ok"),
        ("您的号码因达到阈值已被系统关闭数据通信功能。", "suspended"),
        ("系统已对您的号码停机。", "suspended"),
        ("您的5GB流量月包将于12月1日生效。", "plan_change"),
        ("您的充值卡已过期，无法充值。", "topup_failed"),
        ("您的国内流量已不足500MB。", "data_remaining"),
        ("您的国内流量余额为0，请购买加油包。", "data_remaining"),
        ("您当月流量已用满40GB，上网速率已调整为最高3Mbps。", "data_used"),
    ],
)
def test_what_happened_is_told_in_many_words(text: str, kind: str) -> None:
    told = read(text)
    assert told.kind == kind
    assert told.balance is None or told.balance.amount > 0


@pytest.mark.parametrize(
    "text",
    [
        "您在用的资费优惠于2026.12.20终止，届时恢复原价。",
        "您订购的“20元30GB优惠流量包”将在2026年12月20日到期，到期后自动取消。",
        "您的手机业务合约截止2026年12月20日。",
        "您的物联网卡处于静默期，静默期截止2026-12-20。",
        "您的套餐可使用到2026年12月20日。",
        "卡号：1064***55；套餐：10GB/月；已用：9GB；剩余：1GB；到期：2026-12-20；状态：正常",
        "您的剩余流量3.5GB将于2026年12月20日清零，请尽快使用。",
    ],
)
def test_what_ends_has_many_names(text: str) -> None:
    assert read(text).expires_on == date(2026, 12, 20)


def test_each_months_rest_ends_at_the_months_end_and_that_ends_no_plan() -> None:
    assert read("您的套餐流量剩余609MB，月底清零。").expires_on is None


def test_cantonese_is_read() -> None:
    told = read("你嘅數據已用咗10GB中嘅8GB，淨返2GB。")
    assert (told.used_bytes, told.remaining_bytes, told.total_bytes) == (8 * GB, 2 * GB, 10 * GB)


@pytest.mark.parametrize(
    "text",
    [
        "您尾号3321的副卡本月已使用流量5GB，剩余3GB。",
        "您的账单周期为每月1日至月末，账单日后请及时缴费。",
        "您的流量使用习惯匹配30GB套餐，次月生效，回复Y办理。",
        "11月流量账单：共用18.6GB，其中套餐内15GB，超出3.6GB，费用18元。",
        "抱歉，您的一号双终端业务办理失败。",
    ],
)
def test_another_card_a_rule_and_a_habit_tell_nothing(text: str) -> None:
    assert read(text).kind == "other"


def test_an_acquirers_takings_are_no_balance() -> None:
    assert read("【快钱】到账通知：您的结算款1,280.00元已到账，可用余额为0元。").kind == "other"


def test_what_a_plan_costs_from_now_on_is_no_balance() -> None:
    assert read("您的套餐已由39元变更为59元。").balance is None


def test_prose_is_no_heading_of_a_table() -> None:
    told = read("您当前余额42.66元，各项套餐使用情况如下：\n通用流量包含500M，剩余388M。")
    assert (told.used_bytes, told.remaining_bytes, told.total_bytes) == (None, 388 * MB, 500 * MB)


def test_the_purse_behind_what_the_plan_did_not_hold_is_the_purse() -> None:
    balance = read("您已超出套餐流量1.2GB，产生费用6元，当前话费余额3.5元。").balance
    assert balance is not None
    assert balance.amount == Decimal("3.5")
