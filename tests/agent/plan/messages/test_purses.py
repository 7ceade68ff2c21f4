"""Whose money it is: a wallet, a bus card and a prepaid line say "balance" alike."""

import pytest

from agent.plan.messages import explain

ANOTHERS = [
    "You have bought airtime worth UGX 1,500 for 2567****0012. Your new balance is UGX 9,120. Fee 0.",
    "Recarga de R$ 15 para 11****9876 realizada. Saldo disponivel R$ 40,10.",
    "Пополнение номера 7900****11 на 100 р. Комиссия 0 р. Остаток 900 р.",
    "Nap 20.000d cho so 090****22 thanh cong. So du 110.000d.",
    "تم شحن الرقم 010****33 بمبلغ 15 جنيه. رصيدك الحالي 200 جنيه.",
    "เติมเงินเบอร์ 08****22 จำนวน 30 บาท สำเร็จ ยอดคงเหลือ 210 บาท",
    "Transaksi pulsa Rp15.000 utk 0812****77 BERHASIL. Saldo agen Rp81.000.",
    "Airtime 5.00 sold to 0977****12. Dealer balance: K412.10.",
    "Payment made for GHS 40.00. Current balance: GHS 80.10. Fee charged: GHS 0.00.",
]
CARDS = [
    "TransitCard *4411: 23.10 USD left. Refill at any station.",
    "Votre solde Izly est de 3,10 EUR.",
    "Ihr Guthaben bei MensaPlus beträgt 5,40 EUR.",
    "Baki kad Rapid anda RM6.20. Sila tambah nilai.",
    "आपके मेट्रो कार्ड में 60 रुपये शेष हैं।",
    "【粤通卡】您的ETC储值卡余额为-6.20元，请尽快充值。",
]
OURS = [
    ("Your main balance is 4.20. Top up with a recharge card today.", "4.20"),
    ("Account Balance $16.70. Add money by dialing *233 or redeem a refill card.", "16.70"),
    ("Your number 98****1234 was recharged with 10.00. Your airtime balance is 12.50.", "12.50"),
]


@pytest.mark.parametrize("text", ANOTHERS)
def test_what_is_left_after_paying_for_anothers_number_is_the_payers(text: str) -> None:
    assert explain(text).kind == "other"


@pytest.mark.parametrize("text", CARDS)
def test_money_on_a_card_or_in_a_named_purse_is_no_lines(text: str) -> None:
    assert explain(text).kind == "other"


@pytest.mark.parametrize(("text", "amount"), OURS)
def test_cards_to_recharge_with_and_ones_own_number_take_nothing_away(text: str, amount: str) -> None:
    balance = explain(text).balance
    assert balance is not None
    assert str(balance.amount) == amount
