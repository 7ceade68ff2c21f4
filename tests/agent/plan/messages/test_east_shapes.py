"""Shapes of East Asia: ends of contracts, sellers' cards, words of Taiwan and Hong Kong, Japanese and Korean."""

from datetime import date
from decimal import Decimal

import pytest

from agent.plan.messages import Explained, explain

GB = 2**30


def read(text: str, country: str = "CN") -> Explained:
    return explain(text, received=date(2026, 11, 22), country=country)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("【中国联通】您的“校园卡39元套餐”协议期将于2026-12-20届满，届满后恢复标准资费。", date(2026, 12, 20)),
        ("【中国电信】您的号码有效期截止日2026年12月15日，请充值延长。", date(2026, 12, 15)),
        ("【中国联通】您的号码保号期截至2027年2月28日，请在此前充值。", date(2027, 2, 28)),
        ("【天翼物联】您的物联网卡服务期截止2026-12-15，请尽快续费。", date(2026, 12, 15)),
        ("【中国移动】您办理的30GB季包将于2026年12月20日期满。", date(2026, 12, 20)),
        ("【联通物联网】您的连接套餐周期到2026-12-10止。", date(2026, 12, 10)),
        ("【中国电信】您的套餐（299元包年）到期时间为2027年01月15日。", date(2027, 1, 15)),
    ],
)
def test_the_end_of_a_term_is_the_plan_s_end(text: str, day: date) -> None:
    told = read(text)
    assert (told.kind, told.expires_on) == ("expiry", day)


@pytest.mark.parametrize(
    "text",
    [
        "【中国联通】您的宽带协议期将于2026-12-20届满，请及时续费。",
        "【健身房】您的会员卡将于12月20日届满，请及时续费。",
        "【中国移动】套餐季包上新！30GB季包仅30元，12月20日活动期满。",
        "【招商银行】您尾号1234的卡本月消费已达阈值80%。",
    ],
)
def test_the_end_of_another_term_is_none(text: str) -> None:
    assert read(text).kind == "other"


def test_days_to_act_in_are_no_end() -> None:
    assert read("【中国移动】您的号码有效期已过，请于30天内充值，否则号码将被回收。").expires_on is None


def test_data_whose_end_is_told_behind_it_is_about_the_data() -> None:
    told = read("【中国联通】您目前流量余额为1.25GB，有效期截止到2026年11月30日。")
    assert (told.kind, told.remaining_bytes) == ("data_remaining", 5 * GB // 4)


@pytest.mark.parametrize(
    "text",
    [
        "【智联云】尊敬的用户，您卡内流量已耗光，设备将断网，请续充。",
        "【物联卡】您的物联卡已无可用流量，请及时充值。",
        "【中国移动】您好，您的套餐流量为0，请购买加油包。",
    ],
)
def test_a_card_without_data_has_nothing_left(text: str) -> None:
    assert read(text).remaining_bytes == 0


def test_a_fee_that_could_not_be_collected_is_no_top_up() -> None:
    assert read("【通联支付】您的终端流量费扣缴不成功，请保证结算账户余额。").kind == "topup_failed"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("【遠傳電信】您的門號因帳款逾期已遭停話，請儘速繳費辦理復話。", "suspended"),
        ("中華電信通知您：已收到您的電信費599元，謝謝。", "topup_ok"),
        ("遠傳預付卡：您的儲值失敗，卡號或密碼錯誤，請重新輸入。", "topup_failed"),
        ("【台灣大哥大】您的上網優惠量已用畢，今日起至帳單結帳日降速。", "data_remaining"),
        ("【遠傳電信】您的帳單NT$599元已逾期未繳，請儘速繳納以免停話。", "arrears"),
    ],
)
def test_taiwan_s_words_say_what_the_mainland_s_say(text: str, kind: str) -> None:
    assert read(text, "TW").kind == kind


def test_hong_kong_s_balance_and_end_are_read() -> None:
    told = read("增值成功！增值金額：HK$100，賬戶結餘：HK$128.6，有效期至：20/05/2027。", "HK")
    assert told.kind == "topup_ok"
    assert told.balance is not None
    assert told.balance.amount == Decimal("128.6")
    assert told.expires_on == date(2027, 5, 20)


def test_the_month_stands_first_in_taiwan() -> None:
    told = read("【中華電信】您的門號使用效期將於12/10屆滿，請儘速儲值展延效期。", "TW")
    assert told.expires_on == date(2026, 12, 10)


def test_the_words_proved_stand_where_they_stood() -> None:
    text = "【中華電信】閣下的數據剩餘3.5GB，效期至2026/12/31。"
    told = read(text, "TW")
    assert told.remaining_bytes == 7 * GB // 2
    assert all(text[one.start : one.end] == one.text for one in told.evidence)


@pytest.mark.parametrize(
    ("text", "country", "kind"),
    [
        ("【日本通信SIM】今月の高速データ通信量が10GBに達したため、通信速度を制限しました。", "JP", "data_used"),
        ("ソフトバンク：ご利用料金のお支払いが確認できないため、回線を停止しました。", "JP", "suspended"),
        ("データ容量を使い切りました。追加購入で高速通信ができるようになります。", "JP", "data_remaining"),
        ("ご契約のデータプランは2026年12月20日に終了します。", "JP", "expiry"),
        ("[KT] 기본 데이터 제공량 10GB를 모두 사용하셨습니다.", "KR", "data_remaining"),
        ("유심 사용기간이 2026.12.20 만료 예정입니다.", "KR", "expiry"),
        ("요금제 변경이 완료되었습니다. [알뜰폰]", "KR", "plan_change"),
    ],
)
def test_japanese_and_korean_lines_tell_their_state(text: str, country: str, kind: str) -> None:
    assert read(text, country).kind == kind


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("通信量が3GBを超えると通信速度が制限されます。", "JP"),
        ("プランの変更が完了しますと、翌月から適用されます。", "JP"),
        ("プランは2026年12月20日に終了しますか？よくある質問はこちら。", "JP"),
        ("データ通信が無料になるキャンペーンは12月31日に終了します。", "JP"),
        ("iCloudのデータ容量が残り1GBです。", "JP"),
        ("ドコモ光のプラン変更が完了しました。", "JP"),
        ("요금 미납 시 발신이 정지될 수 있습니다.", "KR"),
        ("상품권 유효기간이 2026.12.20 만료됩니다. 데이터 쿠폰 포함.", "KR"),
    ],
)
def test_japanese_and_korean_rules_offers_and_other_trades_tell_nothing(text: str, country: str) -> None:
    assert read(text, country).kind == "other"
