"""What happened and until when, in scripts whose words grow at both ends: roots, months, units and what denies them."""

from datetime import date

import pytest

from agent.plan.messages import explain

RECEIVED = date(2026, 11, 22)
GB = 2**30


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ซิมของคุณถูกระงับการโทรออก เนื่องจากวันใช้งานหมด", "suspended"),
        ("ยอดเงินของคุณไม่เพียงพอ กรุณาเติมเงินเพื่อต่ออายุแพ็กเกจ", "arrears"),
        ("خطك موقوف حالياً بسبب عدم السداد", "suspended"),
        ("تعذر تجديد باقتك لعدم كفاية الرصيد", "topup_failed"),
        ("سيتم إيقاف خطك بتاريخ 25/11/2026 لعدم السداد", "arrears"),
        ("آپ کا بیلنس 45.50 روپے ہے", "balance"),
        ("आपके नंबर की सेवा अस्थायी रूप से रोक दी गई है", "suspended"),
        ("आपका ₹299 प्लान चालू हो गया है", "plan_change"),
        ("আপনার সিম বন্ধ করা হয়েছে", "suspended"),
        ("הקו שלך נחסם לשיחות יוצאות", "suspended"),
    ],
)
def test_a_thing_and_its_state_say_what_happened_in_every_script(text: str, kind: str) -> None:
    assert explain(text, received=RECEIVED).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "หากใช้เน็ตครบตามแพ็กเกจแล้ว ความเร็วจะลดลง",
        "إذا استهلكت كامل باقة الإنترنت ستنخفض السرعة",
        "اگر آپ کا پیکج ختم ہو گیا ہے تو *123# ملائیں",
        "यदि आपका डेटा समाप्त हो गया है तो रिचार्ज करें",
        "אם חבילת הגלישה שלך נגמרה, חייגו *123",
        "บัตรเครดิตของคุณถูกระงับการใช้งานชั่วคราว",
        "کارت بانکی شما مسدود شد",
        "आपकी बीमा पॉलिसी 25 नवंबर 2026 को समाप्त हो रही है",
        "आपका डीटीएच रिचार्ज सफल रहा",
        "Naubos na ang pasensya ko sa data signal dito",
        "Mag-load ng P50 at makakuha ng 2GB data!",
    ],
)
def test_conditions_adverts_and_other_trades_of_the_same_words_are_nothing(text: str) -> None:
    assert explain(text, received=RECEIVED).kind == "other"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("คุณใช้เน็ตครบ 100% ของแพ็กเกจ 5GB แล้ว", "TH"),
        ("คุณใช้เน็ตครบ 5GB แล้ว", "TH"),
        ("عزيزي العميل، تم استهلاك كامل باقتك 5 جيجا", "EG"),
        ("Naubos na ang 5GB data mo.", "PH"),
        ("You have exhausted your 5GB data bundle.", "NG"),
    ],
)
def test_an_allowance_that_is_all_used_is_a_total_of_which_nothing_is_left(text: str, country: str) -> None:
    read = explain(text, received=RECEIVED, country=country)
    assert (read.remaining_bytes, read.total_bytes) == (0, 5 * GB)


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("ยอดเงินคงเหลือ 45.50 บาท ใช้ได้ถึงวันที่ 31 ธ.ค. 2569", "TH", date(2026, 12, 31)),
        ("تنتهي صلاحية شريحتك يوم 25 نوفمبر 2026", "SA", date(2026, 11, 25)),
        ("शेष डेटा: 2 जीबी, 30 नवंबर 2026 तक मान्य", "IN", date(2026, 11, 30)),
        ("Baki data anda ialah 3GB. Sah sehingga 5 Disember 2026", "MY", date(2026, 12, 5)),
        ("Muda wa kifurushi chako utakwisha 25 Novemba 2026", "TZ", date(2026, 11, 25)),
    ],
)
def test_months_are_named_in_their_own_language(text: str, country: str, day: date) -> None:
    assert explain(text, received=RECEIVED, country=country).expires_on == day


def test_a_share_of_a_daily_quota_names_the_whole() -> None:
    read = explain("You have used 50% of your 1.5 GB daily high speed data quota.", country="IN", received=RECEIVED)
    assert (read.kind, read.total_bytes) == ("data_used", 3 * GB // 2)


@pytest.mark.parametrize(
    "text",
    [
        "Terima kasih, Anda telah mengisi pulsa sebesar Rp 25.000",
        "تم إضافة 25 جنيه لرصيدك",
        "Aap ka recharge kamyab raha. Rs.100 aap ke balance mein shamil kar diye gaye hain",
    ],
)
def test_what_was_paid_in_is_no_balance(text: str) -> None:
    assert explain(text, received=RECEIVED).balance is None


def test_where_the_verb_stands_last_the_amount_is_found_before_it() -> None:
    read = explain("۵۰۰ مگابایت از بسته اینترنت شما باقی مانده است", country="IR", received=RECEIVED)
    assert read.remaining_bytes == 500 * 2**20
