"""What states nothing of this line now, in a carrier's own words: rules, conditions, the past, other lines, offers."""

from datetime import date

import pytest

from agent.plan.messages import explain

GB = 2**30
RECEIVED = date(2026, 11, 22)

RULES = [
    "温馨提示：当您的账户余额低于10元时，系统将发送提醒；余额不足时将停机，请保持余额充足。",
    "如您欠费超过30元，我公司将暂停您的通信服务，欠费停机满90天将销号。",
    "您的提醒阈值已设置为：余额低于10元、流量剩余低于100MB。",
    "关于调整充值卡有效期的公告：2026年12月31日前发行的充值卡有效期延长。",
    "When you've used 85% of your data we'll send you an alert.",
    "Sobald Ihr Datenvolumen verbraucht ist, informieren wir Sie per SMS.",
    "Если баланс станет меньше 50 р., мы пришлем SMS.",
]
PAST = [
    "您上月（10月）共使用流量18.6GB，消费58元，感谢您的支持。",
    "2026年三季度您共享流量使用36GB。",
    "您9月30日前未使用的结转流量1.2GB已清零。",
]
OTHERS = [
    "您已为号码138****5566成功充值50元，交易流水号2026112155。",
    "您的家人号码151****3322已停机，您可点击为其充值。",
    "您的孩子号码(159****1111)余额仅剩2元，请及时充值。",
    "Dear customer, you gifted 1GB to 98XXXXXX20 from your data balance.",
]
OFFERS = [
    "国庆假日包：7天20GB仅20元，10月1日-10月7日有效。",
    "Duplica tu recarga de $150 y obten 3GB hasta 30/11/2026.",
    "Rechargez 1000F et recevez 2Go valables 7 jours, jusqu'au 30/11/2026!",
    "Solo fino al 30/11/2026: 150GB a 9,99 euro al mese.",
]
ELSEWHERE = [
    "您11月21日到营业厅办理了业务，请回复1-10分为营业员评分，11月30日前有效。",
    "Your UPC for porting is AB123456, valid till 26/11/2026.",
    "【翼支付】您的账户余额128.00元，权益金20元将于11月30日到期。",
    "您的和家亲存储空间剩余1.2GB。",
]


@pytest.mark.parametrize("text", [*RULES, *PAST, *OTHERS, *OFFERS, *ELSEWHERE])
def test_a_carriers_number_alone_makes_no_fact(text: str) -> None:
    sender = "10086" if "一" <= max(text) <= "鿿" else "Vodafone"
    read = explain(text, sender=sender, received=RECEIVED)
    assert (read.kind, read.evidence) == ("other", ())


@pytest.mark.parametrize(
    ("text", "left", "used"),
    [
        ("您上月消费58元，本月已使用流量2GB，剩余3GB。【中国移动】", 3, 2),
        ("您本月已用流量2GB，剩余3GB，达到100GB后将限速。如需加油包请回复3054。【中国移动】", 3, 2),
        ("You have 3GB left of your 5GB data. If you run out, buy 1GB for £5. giffgaff", 3, None),
        ("您的流量剩余3GB，上月结转流量1GB优先使用。【中国移动】", 3, None),
    ],
)
def test_a_statement_beside_such_words_is_read(text: str, left: int, used: int | None) -> None:
    read = explain(text, received=RECEIVED)
    assert (read.remaining_bytes, read.used_bytes) == (left * GB, used * GB if used else None)


@pytest.mark.parametrize(
    "text", ["您缴费后余额为44.21元。【中国移动】", "您已充值50元，充值后可用余额44.21元。【中国移动】"]
)
def test_what_stands_after_a_top_up_is_no_condition(text: str) -> None:
    read = explain(text)
    assert read.balance is not None
    assert str(read.balance.amount) == "44.21"


@pytest.mark.parametrize("sender", ["FITCLUB", "106998877", "TAOBAO"])
@pytest.mark.parametrize(
    "text",
    ["Your plan expires on 30/11/2026.", "Your account balance is $12.50.", "您的账户余额为36.5元，请及时充值。"],
)
def test_a_stranger_must_speak_of_a_mobile_line(text: str, sender: str) -> None:
    assert explain(text, sender=sender, received=RECEIVED).kind == "other"


def test_a_stranger_who_speaks_of_a_mobile_line_is_read() -> None:
    read = explain("您的物联网卡剩余流量1GB。", sender="106998877", received=RECEIVED)
    assert read.remaining_bytes == GB


@pytest.mark.parametrize(
    ("sender", "kind"), [("AX-AIRTEL-S", "data_remaining"), ("AX-AIRTEL", "data_remaining"), ("AX-AIRTEL-P", "other")]
)
def test_indias_promotional_headers_never_speak(sender: str, kind: str) -> None:
    assert explain("You have 1GB data left.", sender=sender).kind == kind


@pytest.mark.parametrize(
    ("sender", "name"), [("giffgaff", "giffgaff"), ("ALDI TALK", "ALDI TALK"), ("TIM", "TIM Italy")]
)
def test_a_header_that_is_a_carriers_whole_name_is_the_carrier(sender: str, name: str) -> None:
    assert explain("You have 1GB data left.", sender=sender).carrier == name


@pytest.mark.parametrize(
    "text", ["套餐剩余38.5MB，2026-12-01到期。【中国移动】", "流量剩余1GB，12月1日到期。【中国移动】"]
)
def test_a_date_behind_a_full_width_comma_is_a_date(text: str) -> None:
    assert explain(text, received=RECEIVED).expires_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "used", "total"),
    [("1.5GB of 5GB used.", 1.5, 5), ("You've used 80% of your data volume (5 GB).", None, 5)],
)
def test_part_of_a_whole_however_it_is_said(text: str, used: float | None, total: int) -> None:
    read = explain(text)
    assert (read.used_bytes, read.total_bytes) == (int(used * GB) if used else None, total * GB)
