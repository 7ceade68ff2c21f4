"""Messages of a hundred countries, composed after carriers' templates and mended on."""

from datetime import date
from decimal import Decimal

import pytest

from agent.plan.messages import explain
from tests.agent.plan.messages.scorer import compare, load

MESSAGES = load("world")
RECEIVED = date(2026, 11, 22)
GB = 2**30


def test_nearly_every_fact_of_the_worlds_messages_is_read() -> None:
    compared = [one for message in MESSAGES for one in compare(message)]
    wrong = [one for one in compared if not one.right]
    assert 1 - len(wrong) / len(compared) >= 0.97, wrong


def test_the_worlds_adverts_loans_gifts_rules_and_other_services_yield_nothing() -> None:
    negatives = [message for message in MESSAGES if message["negative"]]
    hurt = [message["id"] for message in negatives if not all(one.right for one in compare(message))]
    assert hurt == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Sr. Usuario su saldo es $3.250 y vence el 20/12/2026.", "3250"),
        ("رصيدك 3.250 دينار صالح لغاية 01/12/2026.", "3.250"),
        ("Votre solde est de 3,450 DT valable jusqu'au 12/12/2026.", "3.450"),
    ],
)
def test_three_digits_behind_the_mark_are_thousands_or_mills_by_currency(text: str, amount: str) -> None:
    country = "JO" if "د" in text else None
    read = explain(text, received=RECEIVED, country=country)
    assert read.balance is not None
    assert read.balance.amount == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["80 percent of your 5GB data has been used.", "Изразходвахте 80 процента от включените 5 GB."]
)
def test_a_share_may_be_written_out(text: str) -> None:
    read = explain(text, received=RECEIVED, sender="Vodafone")
    assert (read.kind, read.total_bytes) == ("data_used", 5 * GB)


@pytest.mark.parametrize(
    "text",
    [
        "Enviaste $20 de saldo al numero 5512345678.",
        "Kopa salio Tsh 500 sasa, rejesha ukiongeza salio.",
        "Lines inactive for 90 days will be deactivated and the number recycled.",
        "V minulem mesici jste spotrebovali 4,5 GB.",
        "Tu paquete todo incluido de 5GB esta disponible por $20.000.",
        "Gana un auto! Cada recarga de $50 te da 1 boleto. Vence 30/11/2026.",
    ],
)
def test_what_was_lent_sent_sold_or_ruled_is_no_state_of_this_line(text: str) -> None:
    assert explain(text, sender="Vodafone", received=RECEIVED).kind == "other"
