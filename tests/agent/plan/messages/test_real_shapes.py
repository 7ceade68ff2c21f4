"""Shapes that real texts out of public logs and forums had and no composed set had shown."""

from datetime import date

import pytest

from agent.plan.messages import explain


def test_a_price_beyond_the_plan_makes_no_bucket_restricted() -> None:
    read = explain(
        '尊敬的客户，"48个月省内通用流量"套餐流量共有1000M，剩余流量还有800M; '
        '"18元包100M国内流量，超出0.29元/M"套餐流量共有100M，剩余流量还有100M。'
    )
    assert (read.remaining_bytes, read.total_bytes) == (900 * 2**20, 1100 * 2**20)


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("Deine Internet-Flat L wurde am 12.05.2024 verlängert. Guthaben: 2,01 EUR", None),
        (
            "Deine Internet-Flat L wurde am 12.05.2024 verlängert. Sie läuft bis 09.06.2024. Guthaben: 2,01 EUR",
            date(2024, 6, 9),
        ),
        ("Su paquete fue renovado el 12/05/2024 y vence el 11/06/2024.", date(2024, 6, 11)),
    ],
)
def test_the_day_of_a_renewal_is_not_the_plans_last(text: str, expires: date | None) -> None:
    assert explain(text).expires_on == expires


def test_a_pack_that_lasts_until_the_time_of_recharge_was_not_recharged_now() -> None:
    read = explain("On DATA Pack u have 3Gb 512Mb valid until 21/05/2016 upto time of data recharge done by u.")
    assert (read.kind, read.remaining_bytes, read.expires_on) == ("data_remaining", 3584 * 2**20, date(2016, 5, 21))


def test_a_balance_of_messages_is_no_money() -> None:
    assert explain("MTN: Data Bal: 350.23MB Exp: 2024-06-01. SMS Bal: 20").balance is None


def test_nothing_used_of_a_part_is_not_all_used() -> None:
    read = explain("Seit Ihrer letzten Rechnung haben Sie 0/10 GB Datenvolumen EU verbraucht.")
    assert read.remaining_bytes is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Исходящие вызовы блокированы. Пополните баланс", "suspended"),
        ("Layanan Internet Malam 12 GB Non Renewal berlaku s/d hari ini.", "expiry"),
        ("Hello!You have R 19.50 FREE airtime available. R 19.50 will expire on 01/07/2013. ", "balance"),
        ("Kontostand: 3.00 EUR Bitte w{hlen Sie: 1 Konto aufladen 2 CallNow Transfer", "balance"),
        ("Vas kredit iznosi 5.30 KM.", "balance"),
        ("由于您上月账单未缴清，您的号码已被限制呼出，截至今日欠费58.90元。", "suspended"),
        ("尊敬的用户，截至当前您本月总费用56.80元，可用余额(含赠款)43.20元。", "balance"),
        ("您当前余额为1.20元，不足以支付下月月租39元，请在月底前充值。", "balance"),
        ("Пакет 15 ГБ израсходован. Скорость снижена до 64 Кбит/с", "data_remaining"),
    ],
)
def test_short_answers_and_notices_are_known(text: str, kind: str) -> None:
    assert explain(text).kind == kind
