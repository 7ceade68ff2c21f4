"""Shapes of English, Asian, Arabic and Persian wording, each rule with what it must leave alone."""

from datetime import date
from itertools import pairwise

import pytest

from agent.plan.messages import explain
from agent.plan.messages.calendars import of_solar, solar_year

RECEIVED = date(2026, 11, 22)
MB, GB = 2**20, 2**30


def test_a_purse_its_number_and_its_day_in_a_row_are_what_is_left() -> None:
    read = explain(
        "Main $6.42 exp 12 May 2027. Bonus $2.00 exp 20 Nov 2026. Data 1.5GB exp 18 Nov 2026.", received=RECEIVED
    )
    assert read.balance is not None
    assert (str(read.balance.amount), read.remaining_bytes, read.expires_on) == ("6.42", 1.5 * GB, date(2027, 5, 12))


def test_data_without_a_day_and_for_a_price_is_no_row() -> None:
    assert explain("Data 1.5GB for $5, call 123 today", received=RECEIVED).kind == "other"


def test_the_whole_is_found_behind_its_parts_whatever_it_is_called() -> None:
    read = explain("Vi: Data used today: 1.2GB. Data left: 0.3GB. Daily limit: 1.5GB.", received=RECEIVED)
    assert read.total_bytes == 1.5 * GB


def test_a_daily_limit_is_the_whole_of_what_was_used_of_it() -> None:
    read = explain("Data usage alert: You have used 1.2GB of 1.5GB daily limit.", received=RECEIVED)
    assert (read.kind, read.total_bytes) == ("data_used", 1.5 * GB)


def test_a_balance_that_is_to_be_paid_is_no_purse() -> None:
    assert explain("Your balance is £45.20. Pay by 30 Nov to avoid a late fee.", received=RECEIVED).kind == "other"
    assert explain("Your balance is £45.20. Top up by text.", received=RECEIVED).kind == "balance"


def test_the_price_of_a_pack_and_days_that_are_left_are_no_balance() -> None:
    read = explain("Hey! Only 7 days left for your Rs 299 pack to expire (29-Nov-26). Airtel", received=RECEIVED)
    assert (read.kind, read.balance, read.expires_on) == ("expiry", None, date(2026, 11, 29))


def test_little_data_is_told_without_a_number() -> None:
    read = explain("Dear customer, your data balance is below 2MBs. Dial *544# for data deals.", received=RECEIVED)
    assert (read.kind, read.remaining_bytes) == ("data_remaining", None)


def test_what_was_used_last_is_not_what_was_used() -> None:
    read = explain("Last session used 12.50MB; Remaining data 1.02GB", received=RECEIVED)
    assert (read.used_bytes, read.remaining_bytes) == (None, round(1.02 * GB))


def test_an_auto_renewal_that_is_switched_off_cuts_no_line() -> None:
    assert explain("Auto renewal of your Airtel data pack has been deactivated.", received=RECEIVED).kind != "suspended"
    assert explain("Your Airtel data service has been deactivated.", received=RECEIVED).kind == "suspended"


def test_validity_that_is_over_leaves_no_empty_data() -> None:
    read = explain("Your outgoing service will be barred as validity of your pack is over. Jio", received=RECEIVED)
    assert (read.kind, read.remaining_bytes) == ("arrears", None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You have reached your 3GB high-speed data limit. Speeds slowed to 128kbps.", "data_remaining"),
        ("We have blocked outgoing calls and data on your number as your account is overdue.", "suspended"),
        ("You are now on the Flexi 5GB plan.", "plan_change"),
        ("Incorrect voucher number entered. Please check the number on your airtime card.", "topup_failed"),
        ("Anda telah melakukan isi ulang pulsa sebesar Rp10.000. Indosat", "topup_ok"),
        ("Yah, kuota utama kamu abis. by.U", "data_remaining"),
        ("Layanan internet Anda dihentikan sementara karena belum melakukan pembayaran. Telkomsel", "suspended"),
        ("Pelan anda telah ditukar kepada Prabayar NEXT.", "plan_change"),
        ("तुमच्या नंबरवर डेटा संपला आहे. लवकर रिचार्ज करा.", "data_remaining"),
        ("உங்கள் ₹199 ரீசார்ஜ் தோல்வியடைந்தது.", "topup_failed"),
        ("మీ అవుట్‌గోయింగ్ సేవలు నిలిపివేయబడ్డాయి.", "suspended"),
        ("તમારો આજનો ડેટા પૂરો થઈ ગયો છે. રિચાર્જ કરો.", "data_remaining"),
        ("Aap ka internet bundle khatam ho gaya hai. Jazz", "data_remaining"),
        ("Umemaliza kifurushi chako cha data. Airtel", "data_remaining"),
        ("Hindi natuloy ang iyong pag-load ng P50. Subukan muli. Globe", "topup_failed"),
        ("Quy khach da huy thanh cong goi MIMAX70. Viettel", "plan_change"),
        ("ເນັດຂອງທ່ານໝົດແລ້ວ. ກະລຸນາຕື່ມເງິນ.", "data_remaining"),
        ("تم الغاء اشتراكك في باقة الانترنت. اتصالات", "plan_change"),
    ],
)
def test_what_happened_is_read_in_ordinary_wording(text: str, kind: str) -> None:
    assert explain(text, received=RECEIVED).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "STNK kendaraan Anda habis masa berlaku 30-11-2026.",
        "Kartu BPJS Anda tidak aktif karena tunggakan iuran Rp 150.000.",
        "₹199 ரீசார்ஜ் செய்து 2GB டேட்டா பெறுங்கள். ஏர்டெல்",
        "حول 5 جنيه رصيد لأصحابك ببلاش. فودافون",
        "اعتبار بیمه نامه شما تا 1405/09/30 می باشد.",
        "उधार बैलेंस ₹10 लेने के लिए *141# डायल करें।",
        "Aap ne 0300xxxx123 ko Rs 50 balance share kiya hai.",
        "Your gym membership runs until 25/12/2026.",
    ],
)
def test_other_peoples_papers_and_offers_yield_nothing(text: str) -> None:
    assert explain(text, received=RECEIVED).kind == "other"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("بسته اینترنت شما تا ۳۰ آذر ۱۴۰۵ معتبر است.", date(2026, 12, 21)),
        ("اعتبار بسته شما ۵ آذر تمام می شود. ایرانسل", date(2026, 11, 26)),
        ("بسته اینترنت شما فردا منقضی می شود. ایرانسل", date(2026, 11, 23)),
        ("تنها ۲ روز تا پایان بسته اینترنت شما باقی مانده است. ایرانسل", date(2026, 11, 24)),
        ("Your UnliData 299 promo will expire on Nov 26, 2026. DITO", date(2026, 11, 26)),
        ("Your plan on Jio no. 7012xxxx90 will expire tomorrow.", date(2026, 11, 23)),
        ("Your current plan is valid upto 18 Dec, 2026. JioCare", date(2026, 12, 18)),
        ("תוקף החבילה שלך יפוג ב-25/11/2026.", date(2026, 11, 25)),
    ],
)
def test_the_last_day_is_read_in_every_calendar(text: str, day: date) -> None:
    assert explain(text, received=RECEIVED).expires_on == day


def test_every_day_of_the_solar_calendar_follows_the_one_before() -> None:
    days = [
        one
        for year in range(1399, 1412)
        for month in range(1, 13)
        for day in range(1, 32)
        if (one := of_solar(year, month, day))
    ]
    assert [(after - before).days for before, after in pairwise(days)] == [1] * (len(days) - 1)
    assert (solar_year(date(2026, 3, 20)), solar_year(date(2026, 3, 21))) == (1404, 1405)
    assert of_solar(1405, 13, 1) is None


def test_what_stands_behind_of_is_no_whole() -> None:
    read = explain("Hi, you have £6.20 credit, 1.9GB of data, 120 minutes and unlimited texts left. giffgaff")
    assert (read.remaining_bytes, read.total_bytes) == (round(1.9 * GB), None)


def test_buckets_under_a_heading_of_quotas_are_what_is_left_of_each() -> None:
    read = explain("Info Kuota:\nMain Quota 10.52GB/30GB\nNight Quota 28.11GB/30GB\nExp 05-12-2026", received=RECEIVED)
    assert (read.remaining_bytes, read.total_bytes) == (round(10.52 * GB), 30 * GB)


def test_a_day_to_act_on_ends_nothing_and_a_pronoun_names_what_was_told_before() -> None:
    assert explain("New! Validity extension pack: 28 days. Recharge today to extend your validity.").kind == "other"
    read = explain("4 days left on your plan. It ends on 26/11/2026. VOXI", received=RECEIVED)
    assert (read.kind, read.expires_on) == ("expiry", date(2026, 11, 26))


def test_a_plan_named_by_its_size_is_not_what_is_left_of_it() -> None:
    read = explain("Kuota Internet 10GB kamu akan berakhir pada 3 Desember 2026. Smartfren", received=RECEIVED)
    assert (read.kind, read.remaining_bytes, read.expires_on) == ("expiry", None, date(2026, 12, 3))
