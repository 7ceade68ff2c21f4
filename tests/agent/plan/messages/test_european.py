"""European and Latin American wordings: each a class of them, in the words of one carrier or another."""

from datetime import date

import pytest

from agent.plan.messages import explain

TODAY = date(2026, 11, 22)
GB = 1024**3


@pytest.mark.parametrize(
    "text",
    [
        "NOS: Recebemos o seu carregamento de 12,50 EUR. Saldo disponivel 13,07 EUR.",
        "Zasiliłeś konto kwotą 30 zł. Stan konta: 35,00 zł. Plus",
        "Dobili jste si kredit 200 Kc. Aktualni zustatek je 352 Kc.",
        "Recibimos tu recarga de $100. Tu nuevo saldo es $150.00. Telcel",
        "Hai ricaricato 10 euro. Il tuo credito e' ora di 18,00 euro.",
        "Ai reincarcat cu 10 EUR. Creditul tau este acum 12 EUR.",
        "Ви поповнили рахунок на 200 грн. Дякуємо! lifecell",
    ],
)
def test_a_top_up_told_in_the_first_or_second_person_is_done(text: str) -> None:
    assert explain(text, received=TODAY).kind == "topup_ok"


def test_the_balance_behind_what_was_paid_in_is_read() -> None:
    read = explain("Dobili jste si kredit 200 Kc. Aktualni zustatek je 352 Kc.", received=TODAY)
    assert read.balance is not None
    assert read.balance.amount == 352


@pytest.mark.parametrize(
    "text",
    [
        "Orange: votre credit d'appel expire le 15/12/2026. Apres cette date votre ligne sera desactivee.",
        "Movistar: tu saldo vence el 15/12/2026. Despues de esta fecha tu linea sera suspendida.",
    ],
)
def test_a_line_that_will_be_cut_after_the_date_told_owes_nothing(text: str) -> None:
    read = explain(text, received=TODAY)
    assert (read.kind, read.expires_on) == ("expiry", date(2026, 12, 15))
    assert "arrears" not in read.also


def test_the_formal_you_of_romanian_and_spanish_ends_no_sentence() -> None:
    read = explain("Creditul dvs. este de 3.12 EUR si expira la 19.05.2027. Trafic ramas: 12.4 GB.", received=TODAY)
    assert read.kind == "balance"
    assert read.remaining_bytes == round(12.4 * GB)


def test_your_bundle_of_so_much_is_the_whole() -> None:
    read = explain("Lebara: Te quedan 2,3 GB de datos. Tu bono de 15 GB caduca el 29-11-2026.", received=TODAY)
    assert (read.remaining_bytes, read.total_bytes) == (round(2.3 * GB), 15 * GB)


def test_a_heading_that_says_what_one_has_governs_the_lines_below() -> None:
    read = explain("Imate:\n15:30:00 bezplatni minuti, do 12.06.2023\n11.17 GBs DATA do 13.06.2023")
    assert (read.kind, read.remaining_bytes) == ("data_remaining", round(11.17 * GB))


def test_a_bare_noun_with_a_colon_leaves_the_number_to_the_state_behind_it() -> None:
    read = explain("Internet : 2 048 Mo restants sur 5 120 Mo. Sosh", received=TODAY)
    assert (read.remaining_bytes, read.total_bytes) == (2 * GB, 5 * GB)


def test_a_plan_whose_fee_was_not_paid_has_not_used_up_its_data() -> None:
    text = "Пакет закончился: абонентская плата 450 р. не списана, не хватает 37 р. Доступ в интернет приостановлен."
    read = explain(text, received=TODAY)
    assert (read.kind, read.remaining_bytes) == ("suspended", None)


def test_a_polish_passive_is_no_rest() -> None:
    read = explain("Pakiet 10 GB zostal aktywowany. Plus", received=TODAY)
    assert (read.kind, read.remaining_bytes) == ("plan_change", None)


def test_a_french_date_with_its_article_is_no_money_of_sierra_leone() -> None:
    text = "Votre forfait 5 Go expire le 08/12/2026."
    assert explain(text, received=TODAY).expires_on == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Vašej SIM karte končí platnosť 5. decembra 2026. O2", date(2026, 12, 5)),
        ("Egyenlege 1500 Ft, lejár: 2026. december 5.", date(2026, 12, 5)),
        ("Saldo 5,00 €, voimassa 5. joulukuuta 2026 asti. DNA", date(2026, 12, 5)),
        ("Το υπόλοιπό σας είναι 5,40€ και λήγει 5 Δεκεμβρίου 2026. COSMOTE", date(2026, 12, 5)),
    ],
)
def test_months_are_known_in_the_forms_dates_have(text: str, day: date) -> None:
    assert explain(text, received=TODAY).expires_on == day


@pytest.mark.parametrize(
    "text",
    [
        "Ya no tienes datos disponibles. Compra un paquete en *611#. Claro",
        "Vous n'avez plus de data. Rechargez en composant *144#. Orange",
        "Hai terminato i Giga della tua offerta. Vodafone",
        "Wykorzystales caly pakiet danych. Dokup kolejny. Plus",
        "Ai consumat tot traficul de date inclus. Vodafone",
        "Paketinizdeki internet tamamen kullanilmistir. Turkcell",
    ],
)
def test_data_that_is_all_gone_leaves_nothing(text: str) -> None:
    assert explain(text, received=TODAY).remaining_bytes == 0


@pytest.mark.parametrize(
    "text",
    [
        "Compraste un paquete de viaje a Cancún. Disfruta!",
        "Nous avons bien recu votre paiement pour la commande 4567. Merci, Fnac",
        "Ai reincarcat portofelul electronic cu 50 lei.",
        "Neevidujeme platbu za objednavku 12345. Prosim uhradte 599 Kc.",
        "Con nuestro plan de 20 GB tienes redes ilimitadas. Claro",
        "Dobijte si kredit 300 Kc a ziskejte 1 GB zdarma. T-Mobile",
        "Votre carte bancaire expire le 15/12/2026. Apres cette date elle sera desactivee.",
        "Si no recargas antes del 15/12/2026 se te acabaran los datos. Movistar",
    ],
)
def test_the_same_words_in_adverts_and_other_trades_yield_nothing(text: str) -> None:
    assert explain(text, received=TODAY).kind == "other"


def test_a_unit_said_once_serves_both_numbers() -> None:
    read = explain("Интернет: осталось 2,2 из 30 ГБ. Т2", received=TODAY)
    assert (read.remaining_bytes, read.total_bytes) == (round(2.2 * GB), 30 * GB)


def test_what_a_plan_costs_is_no_balance() -> None:
    read = explain("Tu saldo no alcanza para renovar tu plan de $15. Recarga ya. Movistar", received=TODAY)
    assert (read.kind, read.balance) == ("arrears", None)


def test_an_amount_in_a_plans_quoted_name_is_no_rest() -> None:
    read = explain("Пакет «15 ГБ» действует до 15.12.2026. Билайн", received=TODAY)
    assert (read.kind, read.remaining_bytes) == ("expiry", None)


def test_a_date_with_spaces_behind_its_points_is_a_date() -> None:
    assert explain("Stav kreditu: 120 Kč, platí do 3. 3. 2027.", received=TODAY).expires_on == date(2027, 3, 3)


def test_a_used_nouns_colon_belongs_to_what_was_used() -> None:
    read = explain("Consumo de datos: 8,6 GB de 12 GB. Pepephone", received=TODAY)
    assert (read.used_bytes, read.total_bytes) == (round(8.6 * GB), 12 * GB)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, souscrivez au forfait 30 Go et profitez de 10€ offerts. Lebara",
        "Votre forfait ski est actif. Bonne glisse !",
        "Se o saldo acabar, a sua linha sera suspensa. Vivo",
        "Accreditati 10,00 EUR sul tuo conto gioco. Snai",
    ],
)
def test_imperatives_conditions_and_other_passes_change_nothing(text: str) -> None:
    assert explain(text, received=TODAY).kind == "other"


@pytest.mark.parametrize(
    "text",
    [
        "Dla Ciebie 20 GB. Wystarczy doladowac konto kwota 30 zl. Orange",
        "Je kunt nog 2 GB bijkopen voor €5. Simyo",
        "Merci pour votre recharge: votre voiture est chargee a 80%. Izivia",
    ],
)
def test_what_could_be_bought_is_neither_a_balance_nor_a_rest(text: str) -> None:
    assert explain(text, received=TODAY).kind == "other"
