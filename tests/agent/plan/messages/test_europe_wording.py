"""European wording by class: roots inside words, verbs in two halves, renewals, shares of a whole, and what is none."""

from datetime import date

import pytest

from agent.plan.messages import explain
from agent.plan.messages.model import Kind

TODAY = date(2026, 11, 22)
GB = 1024**3


def kinds(texts: list[str]) -> dict[str, Kind]:
    return {text: explain(text, received=TODAY).kind for text in texts}


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            "suspended",
            [
                "Vodafone: Wir haben Ihre Datenverbindung unterbrochen, da das Limit von 59,50 EUR erreicht ist.",
                "KPN: We hebben je aansluiting geblokkeerd.",
                "Київстар: Доступ до інтернету вимкнено.",
                "Movistar: Tu tarjeta SIM está desactivada.",
                "Vivo: Seu chip foi cancelado por falta de recarga.",
            ],
        ),
        (
            "topup_ok",
            [
                "Telekom: Die Aufladung deines Handyguthabens um 10 € war erfolgreich.",
                "Proximus: Uw herlading van 15 EUR werd goed ontvangen.",
                "МТС: На ваш номер поступило 200 рублей.",
                "Київстар: Поповнення на суму 300 грн успішне.",
                "Orange: Votre recharge de 15€ a bien été prise en compte.",
                "Movistar: Tu recarga se ha realizado correctamente.",
            ],
        ),
        (
            "topup_failed",
            [
                "Vodafone: Der eingegebene Aufladecode ist ungültig. Bitte versuchen Sie es erneut.",
                "Київстар: Тариф не поновлено через нестачу коштів.",
                "Play: Nie udalo sie odnowic pakietu z powodu braku srodkow.",
                "Orange: Reincarcarea nu a putut fi efectuata.",
                "MEO: O carregamento não foi efetuado.",
            ],
        ),
        (
            "plan_change",
            [
                "Orange: Votre changement de forfait est effectif.",
                "Київстар: Ви замовили пакет 10 ГБ на 30 днів.",
                "Movistar: Tu cambio de plan se ha realizado con éxito.",
            ],
        ),
        (
            "arrears",
            [
                "Vodafone: Ihr Guthaben reicht für die Verlängerung der Allnet-Flat nicht aus.",
                "Play: Przypominamy o nieoplaconej fakturze za uslugi telefoniczne.",
                "Київстар: На Вашому рахунку недостатньо коштів.",
            ],
        ),
    ],
)
def test_what_happened_is_told_by_roots_of_every_great_language(kind: Kind, texts: list[str]) -> None:
    assert kinds(texts) == dict.fromkeys(texts, kind)


@pytest.mark.parametrize(
    "text",
    [
        "Telekom: Ihr Highspeed-Volumen von 4 GB ist für diesen Monat verbraucht.",
        "KPN: Je hebt al je MB's verbruikt. Je betaalt nu buiten je bundel.",
        "Київстар: Ви використали весь обсяг інтернету за тарифом.",
        "Movistar: Te has quedado sin datos este mes.",
        "Vivo: Voce consumiu toda a internet do seu plano.",
        "Orange: Vous avez consommé la totalité de votre forfait internet.",
        "Cosmote: Τα δεδομένα σας εξαντλήθηκαν.",
    ],
)
def test_all_of_it_is_used_leaves_nothing(text: str) -> None:
    assert explain(text, received=TODAY).remaining_bytes == 0


def test_all_of_so_much_is_the_whole_and_no_use_beside_it() -> None:
    read = explain("Telenor: Du har brugt hele din datapakke på 10 GB. Tank op på lebara.dk", received=TODAY)
    assert (read.remaining_bytes, read.total_bytes, read.used_bytes) == (0, 10 * GB, None)


def test_part_of_the_whole_is_not_all_of_it_though_the_verb_may_say_so() -> None:
    read = explain("O2: Vyčerpal jste 2 GB z 3 GB.", received=TODAY)
    assert (read.used_bytes, read.total_bytes, read.remaining_bytes) == (2 * GB, 3 * GB, None)


def test_nearly_used_up_leaves_what_is_told() -> None:
    read = explain("Lidl Connect: Nur noch 300 MB! Dein Datenvolumen ist fast verbraucht.", received=TODAY)
    assert read.remaining_bytes == 300 * 1024**2


@pytest.mark.parametrize(
    "text",
    [
        "KPN: Je hebt 3,1 GB van de 10 GB verbruikt.",
        "Sie haben 3,1 GB von 10 GB Ihres Datenpakets verbraucht. Vodafone",
        "Telekom: In diesem Monat haben Sie 3,1 GB Ihres 10 GB Datenvolumens genutzt.",
    ],
)
def test_a_verbs_second_half_behind_the_whole_says_what_the_part_is(text: str) -> None:
    read = explain(text, received=TODAY)
    assert (read.used_bytes, read.total_bytes, read.remaining_bytes) == (round(3.1 * GB), 10 * GB, None)


def test_what_is_said_to_be_left_outweighs_a_packs_size() -> None:
    text = "Salt: votre solde est de CHF 18.90. Le pack Data 1 GB expire le 20.11.2026, il reste 340 MB."
    assert explain(text, received=TODAY).remaining_bytes == 340 * 1024**2


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Movistar: Tu tarifa se renovará el 1 de diciembre de 2026.", date(2026, 12, 1)),
        ("Київстар: Ваш тариф діє до 01.12.2026 включно.", date(2026, 12, 1)),
        ("TIM: La tua offerta si rinnoverà il 03/12/2026 al costo di 7,99 euro.", date(2026, 12, 3)),
        ("Vivo: Sua linha fica ativa ate 15/03/2027.", date(2027, 3, 15)),
        ("CNT informa: su saldo disponible es de USD 1,85. Fecha de caducidad: 30/11/2026.", date(2026, 11, 30)),
        ("Vodafone: Ihre SIM-Karte ist noch bis 15.01.2027 aktiv.", date(2027, 1, 15)),
    ],
)
def test_a_day_of_renewal_or_of_being_active_is_the_end(text: str, day: date) -> None:
    assert explain(text, received=TODAY).expires_on == day


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Uw herlaadbaar krediet bedraagt 12,80 EUR. U kunt nog bellen en surfen. Proximus", 12.8),
        ("Vodafone: Achtung: Ihr Guthaben beträgt nur noch 0,35 EUR.", 0.35),
        ("МТС: Минус: 45.20р", -45.2),
    ],
)
def test_purses_by_other_names_are_balances(text: str, amount: float) -> None:
    read = explain(text, received=TODAY)
    assert read.balance is not None
    assert float(read.balance.amount) == amount


@pytest.mark.parametrize(
    "text",
    [
        "Ist Ihr Datenvolumen aufgebraucht, surfen Sie mit 64 kbit/s weiter. Telekom",
        "Play: Po wykorzystaniu pakietu 10 GB predkosc spadnie do 1 Mb/s.",
        "Play: Promocja! Za kazde doladowanie 40 zl dostaniesz 20 GB na 30 dni.",
        "Orange: estrena móvil con 0€ de entrada. Hasta el 30/11/2026.",
        "Telcel: Con una recarga de $200 tienes 3 GB y redes sociales por 30 dias.",
        "Claro te presta $2.000 de saldo. Marca *123#",
        "Київстар: Поповніть рахунок на 100 грн до 30.11 та отримайте 5 ГБ у подарунок!",
        "Київстар: У роумінгу 1 МБ коштує 3 грн.",
        "MEO: a fatura de novembro de 32,99 EUR ja esta disponivel.",
        "Doladowanie telefonu 50****119 na kwote 25,00 PLN zostalo zrealizowane z konta w mBanku.",
        "Telekom: Du hast 10 EUR Guthaben an 0151****432 gesendet.",
        "Boostez votre forfait : 10 Go pour 5€, valable jusqu'au 30/11/2026. Orange",
    ],
)
def test_rules_offers_loans_prices_and_other_purses_in_the_same_words_yield_nothing(text: str) -> None:
    assert explain(text, received=TODAY).kind == "other"


def test_what_was_used_in_another_month_is_not_what_is_used_now() -> None:
    text = "Telekom: Im Oktober haben Sie 4,2 GB Daten verbraucht."
    assert explain(text, received=TODAY).kind == "other"
    assert explain(text, received=date(2026, 10, 30)).used_bytes == round(4.2 * GB)


def test_so_much_data_volume_used_is_not_all_of_it() -> None:
    read = explain("Telekom: Sie haben seit Montag 4545.94 MB Datenvolumen verbraucht.", received=TODAY)
    assert (read.kind, read.remaining_bytes) == ("data_used", None)


@pytest.mark.parametrize(
    "text",
    [
        "Sosh : votre option a été résiliée à votre demande.",
        "Votre forfait a été modifié avec succès. Sosh",
        "Simyo: Je abonnement is gewijzigd naar Unlimited.",
    ],
)
def test_a_name_that_heads_or_ends_the_text_vouches_for_what_happened(text: str) -> None:
    assert explain(text, received=TODAY).kind == "plan_change"


def test_days_that_are_left_are_no_data() -> None:
    assert explain("Nog 2 dagen: 10 GB extra voor €5. Bestel via de app. KPN", received=TODAY).kind == "other"


def test_today_with_its_date_is_that_date() -> None:
    read = explain("Claro: tu paquete prepago vence hoy 26/11/2026 a las 11:59 pm.", received=TODAY)
    assert read.expires_on == date(2026, 11, 26)


def test_a_swedish_until_and_its_points_end_no_sentence() -> None:
    read = explain("Telia: Ditt saldo är 84,50 kr och gäller t.o.m. 2027-02-01.", received=TODAY)
    assert read.expires_on == date(2027, 2, 1)


def test_a_pack_named_before_its_colon_counts_beside_a_balance() -> None:
    read = explain("Na koncie jest 13,40 zl. Pakiet: 2,06 GB wazny do 27.11.2026. Play", received=TODAY)
    assert read.remaining_bytes == round(2.06 * GB)


@pytest.mark.parametrize(
    "text",
    [
        "Київстар: тариф «Базовий» з 01.12.2026 коштуватиме 150 грн.",
        "Ви поповнили номер 067***1234 на 100 грн. Київстар",
        "KPN: Je hebt € 10 beltegoed gekocht voor 06****1234.",
        "Proximus: uw factuur van € 35,00 is beschikbaar in MyProximus.",
        "O2: Freunde werben lohnt sich! 25 EUR Guthaben für Sie bis 30.11.2026.",
    ],
)
def test_prices_bills_and_others_numbers_yield_nothing(text: str) -> None:
    assert explain(text, received=TODAY).kind == "other"


def test_a_nouns_number_takes_the_state_said_behind_its_whole() -> None:
    read = explain("Drei: Inklusiv-Daten: 5,5 GB von 20 GB noch frei.", received=TODAY)
    assert (read.remaining_bytes, read.total_bytes) == (round(5.5 * GB), 20 * GB)


def test_as_much_used_as_there_was_leaves_nothing() -> None:
    assert explain("5 GB von 5 GB verbraucht. Ihr Telekom Team", received=TODAY).remaining_bytes == 0


def test_data_in_a_list_with_minutes_beside_a_balance_is_left() -> None:
    text = "Баланс: 63,18 р. Тариф «Мой Онлайн»: 7,2 ГБ, 540 мин, 50 SMS до 03.12.2026. Теле2"
    assert explain(text, received=TODAY).remaining_bytes == round(7.2 * GB)


@pytest.mark.parametrize(
    "text",
    [
        "Con esta tarifa tendrás 40 GB por 12€ al mes. Lowi",
        "Avec cette offre, vous avez 100 Go pour 10,99€/mois. Red",
        "Con questa offerta hai 150 Giga a 9,99 euro al mese. Kena",
        "No plano novo voce tem 30GB por R$ 49,99 mensais. Vivo",
        "Ab 80 % Verbrauch Ihres Datenvolumens bekommen Sie eine SMS. Telekom",
    ],
)
def test_what_one_has_for_a_price_or_from_a_threshold_on_is_an_offer(text: str) -> None:
    assert explain(text, received=TODAY).kind == "other"
