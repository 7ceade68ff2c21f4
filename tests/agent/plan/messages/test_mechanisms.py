"""Single mechanisms of the reader, each on the shape it was made for and on the one it must leave alone."""

from datetime import date

import pytest

from agent.plan.messages import explain
from agent.plan.messages.dates import days

GB = 2**30
RECEIVED = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("115/12/31", "TW", date(2026, 12, 31)),
        ("115年12月31日", "TW", date(2026, 12, 31)),
        ("115年12月31日", "CN", None),
        ("31/12/2569", "TH", date(2026, 12, 31)),
        ("31/12/69", "TH", date(2026, 12, 31)),
        ("1448/06/20", None, None),
        ("1405/09/01", "IR", date(2026, 11, 22)),
        ("1405/09/01", None, None),
        ("1404/12/30", "IR", None),
        ("30 آذر 1405", "IR", date(2026, 12, 21)),
        ("1403/12/30", "IR", date(2025, 3, 20)),
    ],
)
def test_years_of_other_eras(text: str, country: str | None, day: date | None) -> None:
    assert [one.day for one in days(text, country, RECEIVED)] == [day]


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("12/04/2026", None, date(2026, 12, 4)),  # April lies seven months back
        ("12/04/2026", "GB", date(2026, 4, 12)),  # a country that tells is believed
        ("03/01/2027", None, date(2027, 1, 3)),  # both lie ahead: day first
    ],
)
def test_where_no_country_tells_the_day_that_makes_sense_decides(text: str, country: str | None, day: date) -> None:
    assert [one.day for one in days(text, country, RECEIVED)] == [day]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("You have used 80% of your 5 GB data.", 5),
        ("Telkom: Your FreeMe 2GB bundle is 90% depleted.", 2),
        ("您的10GB套餐流量已使用80%。【中国移动】", 10),
        ("Вы израсходовали 80% пакета интернета 15 ГБ. МТС", 15),
    ],
)
def test_the_number_beside_a_share_is_the_whole(text: str, total: int) -> None:
    read = explain(text)
    assert (read.kind, read.total_bytes, read.used_bytes) == ("data_used", total * GB, None)


@pytest.mark.parametrize(
    "text", ["Get 50% off 10 GB data packs! MTN", "流量包5折，买10GB送50%。【中国移动】", "50% bonus data 5GB. Airtel"]
)
def test_a_discount_is_no_share_of_the_data(text: str) -> None:
    assert explain(text).kind == "other"


@pytest.mark.parametrize(
    "text",
    [
        "国内流量30GB已用29.5GB仅剩0.5GB【中国移动】",
        "流量剩余情况如下：国内流量30GB，已用29.5GB，剩余0.5GB。【中国移动】",
        "Your plan: 30GB. Used: 29.5GB. Left: 0.5GB. Airtel",
    ],
)
def test_two_that_make_up_a_third_say_which_is_the_whole(text: str) -> None:
    read = explain(text)
    assert (read.total_bytes, read.used_bytes, read.remaining_bytes) == (30 * GB, int(29.5 * GB), GB // 2)


def test_what_two_buckets_make_up_is_the_overall() -> None:
    read = explain("国内流量可用8GB，省内流量可用2GB，共10GB。【中国移动】")
    assert (read.remaining_bytes, read.total_bytes) == (10 * GB, None)


@pytest.mark.parametrize(
    "text",
    [
        "10月末话费剩余25.30元，本月交费50元，月初扣费28元，当前话费余额47.30元。【中国移动】",
        "经查询，您上个月话费剩余45.10元，现在余额是47.30元。",
    ],
)
def test_what_was_left_last_month_is_not_the_balance(text: str) -> None:
    read = explain(text)
    assert read.balance is not None
    assert str(read.balance.amount) == "47.30"


@pytest.mark.parametrize(
    "text",
    [
        "【中国联通】流量王卡升级版：29元包103GB，结束日期12月31日。",
        "【中国移动】您可领取的5GB国内流量将于今日24时失效，速戳领取",
        "МТС: Счет 450 руб. за домашний интернет. Оплатите до 30.11.",
        "親愛的客戶，您本期帳單金額599元，繳費期限11/30。中華電信",
        "Airtel: Your postpaid bill of Rs 499 is generated. Due date 30-Nov-26.",
    ],
)
def test_the_day_of_a_campaign_or_a_debt_ends_no_plan(text: str) -> None:
    read = explain(text, received=RECEIVED)
    assert (read.kind, read.expires_on) == ("other", None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("新套餐将于2026年12月1日生效。【中国移动】", "plan_change"),
        ("您的卡已被运营商停用。【物联卡】", "suspended"),
        ("تم إيقاف خدمتك مؤقتا لعدم السداد", "suspended"),
        ("เติมเงินสำเร็จ 50 บาท ยอดคงเหลือ 62.00 บาท", "topup_ok"),
    ],
)
def test_what_happened_is_told_in_many_words(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Northern Gas: your credit is £1.20. Top up today.", "other"),
        ("Northern Mobile: your credit is £1.20. Top up today.", "balance"),
        ("Northern: you have 2GB data left until 30/11/2026.", "data_remaining"),
        ("Balance: £1.20", "balance"),
    ],
)
def test_a_company_that_names_itself_first_and_is_no_carrier_tells_no_balance(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("【某某通】您的流量卡因欠费已停机，请续费。", "suspended"),
        ("【某某通】您的健身卡因欠费已停用，请续费。", "other"),
    ],
)
def test_the_state_of_your_card_is_read_under_a_name_nobody_knows(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您可查询余额：1.发送YE到10086；2.登录中国移动APP。", "other"),
        ("话费余额不足时，系统将停止服务。【中国移动】", "other"),
        ("您的充值50元订单已提交，请稍候。【中国移动】", "other"),
        ("您已充值50元。【中国移动】", "topup_ok"),
        ("Text BAL to 611 to check your remaining data and balance.", "other"),
    ],
)
def test_items_rules_and_orders_that_wait_are_no_facts(text: str, kind: str) -> None:
    assert explain(text).kind == kind


def test_a_bare_dollar_in_a_spanish_text_of_no_country_is_no_currency() -> None:
    balance = explain("Claro: Tu saldo es $850,50").balance
    assert balance is not None
    assert balance.currency is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Your account has been recharged successfully.", "other"),
        ("Your wallet has been recharged successfully.", "other"),
        ("Your prepaid line has been recharged successfully.", "topup_ok"),
        ("Your Northern SIM has been recharged successfully.", "topup_ok"),
        ("Your monthly subscription has been activated.", "other"),
        ("Your monthly data pack has been activated.", "plan_change"),
    ],
)
def test_an_event_that_nobody_signed_needs_a_word_of_the_mobile_line(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("DOUBLE kuota 5GB+5GB cuma Rp 20rb! Ketik YA ke 123", "other"),
        ("EXTRA pulsa Rp 50rb! Beli paket mulai 1GB sekarang", "other"),
        ("Sisa kuota Anda 5GB. Beli paket lain di *123#", "data_remaining"),
        ("Pulsa Anda Rp15.300. Beli paket di *123#", "balance"),
        ("Ketik YA ke 919 sd 21 Juni 2026 utk kuota 1GB", "other"),
    ],
)
def test_an_advert_that_tells_no_state_yields_nothing_even_from_a_carrier(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "amount"),
    [("Your account balance is $45.20", "45.20"), ("Your account balance is $45,200.00", None)],
)
def test_a_balance_that_nobody_signed_is_a_banks_by_its_size(text: str, amount: str | None) -> None:
    balance = explain(text).balance
    assert (str(balance.amount) if balance else None) == amount


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请核实手机是否已欠费停机【中国移动】", "other"),
        ("您好，您拨叫的用户已停机。【中国移动】", "other"),
        ("本月已充值8.16元【中国移动】", "other"),
        ("Your data pack will be renewed at midnight.", "other"),
        ("尊敬的客户，截至10月2日，您的账户可用余额为36.20元。", "balance"),
        ("尊敬的客户，您的店铺账户可用余额为36.20元。", "other"),
    ],
)
def test_questions_other_lines_accounts_and_things_to_come_are_no_facts(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("您已使用的流量总和为910MB,剩余流量总和为1GB。【中国移动】", (910 * 2**20, GB, None)),
        ("截至19日，您订购的套餐（营销活动专用）共包含流量121MB，已使用21MB，剩余100MB。【中国移动】",
         (21 * 2**20, 100 * 2**20, 121 * 2**20)),
    ],
)  # fmt: skip
def test_a_sum_and_a_plans_name_do_not_hide_what_is_used_and_left(
    text: str, found: tuple[int, int, int | None]
) -> None:
    read = explain(text, received=RECEIVED)
    assert (read.used_bytes, read.remaining_bytes, read.total_bytes) == found


def test_the_date_in_brackets_is_believed_more_than_in_five_days() -> None:
    read = explain("Your data bundle will expire in 5 days (26/11/2026 11:52).", received=RECEIVED)
    assert read.expires_on == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Your balance is R49.96. Out of Airtime? Dial *111# for Airtime Advance. T&Cs apply.", "49.96"),
        ("Your account balance is N 152.30. Dial *141# for amazing data offers.", "152.30"),
    ],
)
def test_an_offer_behind_an_answer_takes_its_own_sentence_only(text: str, amount: str) -> None:
    read = explain(text)
    assert (read.kind, read.balance and str(read.balance.amount)) == ("balance", amount)


@pytest.mark.parametrize(
    "text",
    [
        "Guthaben: 8,27 EUR. Dein Kombi-Paket S verlängert sich am 03.12.2026.",
        "Vas kredit je 18,50 Kc. Dobit kredit muzete v aplikaci.",
    ],
)
def test_what_renews_itself_or_may_be_done_is_no_event(text: str) -> None:
    assert (explain(text).kind, explain(text).also) == ("balance", ())


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("SFR La Carte : il vous reste 12,50E valables jusqu'au 05/01/2027.", "12.50"),
        ("Orange : il vous reste 7€50 de credit.", "7.50"),
        ("SFR : forfait 100 Go a 9,99E/mois.", None),
    ],
)
def test_euros_are_written_in_more_than_one_way(text: str, amount: str | None) -> None:
    balance = explain(text).balance
    assert (balance and str(balance.amount), balance and balance.currency) == (amount, amount and "EUR")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Balans 52.10hrn, bonus 0.00hrn. Internet 3.25 GB do 05.12.2026.", 3.25),
        ("Stan konta: 12,40 zl, bonus 0,00 zl. Internet 2,5 GB do 30.11.2026.", 2.5),
        ("Get Internet 5 GB do 05.12 for only 50 hrn! lifecell", None),
    ],
)
def test_data_named_by_its_noun_is_left_beside_a_balance_and_an_empty_bonus(text: str, left: float | None) -> None:
    assert explain(text).remaining_bytes == (left and int(left * GB))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Movistar: Tu saldo es $ 1.250,50 y vence el 21/12/2026. Recarga con tarjeta al *444.", "balance"),
        ("Your O2 balance is £4.20. Top up by debit or credit card at o2.co.uk", "balance"),
        ("您可通过微信、支付宝、信用卡缴费，当前话费余额8.20元。【中国电信】", "balance"),
        ("BBVA: Recarga con tarjeta *4410 por 25,00 EUR en Orange. Saldo disponible 310,22 EUR.", "other"),
        ("Tu tarjeta bip! tiene saldo $1.250. Recarga con tarjeta en la app.", "other"),
    ],
)
def test_a_card_to_pay_with_is_not_the_card_that_is_spoken_of(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Your Dialog main balance is Rs.120.45. Expiry 18/01/2027.", "balance"),
        ("Your Wise main balance is 120.45 EUR.", "other"),
        ("Your Orange Cash balance is 250 EGP.", "other"),
    ],
)
def test_a_carriers_name_before_balance_names_no_other_purse(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您当前的套餐为“冰激凌套餐129元”，下月起将变更为“流量王卡39元套餐”。【中国联通】", "plan_change"),
        ("尊敬的客户，次月起将为您自动转为“8元保号套餐”。【中国移动】", "plan_change"),
        ("下月起将升级为全新会员体系，详情见APP。【中国电信】", "other"),
        ("Your complimentary JioHotstar Mobile subscription is now active on 9556XXXX11.", "other"),
    ],
)
def test_a_change_of_plan_that_is_fixed_is_told_before_its_day(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您好，您充值的100元未到账，系统已发起退款。【中国联通】", "topup_failed"),
        (
            "尊敬的客户，因您签约的尾号6021银行卡余额不足，本次50元话费自动充值失败，请及时通过其他方式充值。【中国移动】",
            "topup_failed",
        ),
        ("You have recharged ETB 50.00 airtime for 9209XXXX5. Your current balance is ETB 1,742.84.", "other"),
    ],
)
def test_money_that_did_not_come_or_went_to_another_number_is_no_top_up(text: str, kind: str) -> None:
    assert explain(text).kind == kind


@pytest.mark.parametrize(
    "text",
    ["您套餐内的国内流量10GB已全部用完。【中国移动】", "Dein Highspeed-Datenvolumen von 10 GB ist aufgebraucht."],
)
def test_the_data_that_is_all_used_is_the_whole(text: str) -> None:
    read = explain(text)
    assert (read.remaining_bytes, read.total_bytes) == (0, 10 * GB)
