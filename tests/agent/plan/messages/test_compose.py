"""What happened, in wordings no table of phrases holds: a thing and its state in one sentence."""

from datetime import date

import pytest

from agent.plan.messages import explain

RECEIVED = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Vodafone: l'utenza 347XXX2233 e' stata cessata.", "suspended"),
        ("Vodafone: Ihre Lastschrift wurde abgelehnt, Ihr Prepaid-Tarif ruht.", "topup_failed"),
        ("Orange : le prelevement de votre forfait mobile a ete rejete.", "topup_failed"),
        ("Movistar: tu carga fue abonada a tu linea movil.", "topup_ok"),
        ("МегаФон: списание за пакет интернета неуспешно.", "topup_failed"),
        ("Turkcell: hattinizin faturasiz paketi sona erdi.", "expiry"),
        ("【中国移动】您的号码通信功能现已被系统临时封锁。", "suspended"),
        ("【中国联通】您的话费自动续费被拒。", "topup_failed"),
    ],
)
def test_a_thing_and_its_state_say_what_happened(text: str, kind: str) -> None:
    assert explain(text, received=RECEIVED).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "Vodafone: your line has not been disconnected.",
        "Vodafone: to avoid your number getting disconnected keep it registered.",
        "Welcome to MTN Voice Mail Service. Text START or STOP to activate or deactivate service.",
        "Is your SIM deactivated? Visit a Vodafone store.",
        "Vodafone: your direct debit mandate will be accepted within 3 days.",
        "Your gym pass lapses on 30/11/2026.",
        "Your shoe order payment was declined.",
    ],
)
def test_what_is_denied_feared_asked_or_anybodys_is_nothing(text: str) -> None:
    assert explain(text, received=RECEIVED).kind == "other"
