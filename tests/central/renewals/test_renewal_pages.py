"""The desk's pages: a clerk's way from the worklist to proof, in both languages; nobody else changes anything."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.central.helpers import Answer, Centre, a_store
from tests.central.renewals.desk_helpers import CARDS, Fleet, proof, wait

PAGES = ("", "/batches", "/dead", "/history", "/stock", "/fit", "/costs", "/plans", "/holidays")
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Centre, Fleet]]:
    with a_store(tmp_path / "central.db") as store:
        fleet = Fleet(store)
        yield Centre(store, clock=fleet.clock), fleet


def csrf(page: Answer) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1]


def post(centre: Centre, path: str, page: Answer, **fields: object) -> Answer:
    body = urlencode({"csrf": csrf(page)} | fields, doseq=True).encode()
    return centre.ask("POST", path, FORM, (body,))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_desk_is_shown(desk: tuple[Centre, Fleet], path: str, lang: str) -> None:
    centre, fleet = desk
    fleet.paid()
    fleet.later(2)
    page = centre.get(f"/renewals{path}?lang={lang}")
    assert page.status == 200
    assert "rn_" not in re.sub(r'(name|id|for)="[^"]*"', "", page.text)


def test_a_clerk_goes_from_the_worklist_to_proof(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    page = centre.get("/renewals?lang=zh")
    key = re.search(r'name="key" value="(\w+)"', page.text)
    assert key
    assert "最迟下单" in page.text
    made = post(centre, "/renewals/batches", page, key=key[1], days=30, title="十二月", card=CARDS[:2])
    again = post(centre, "/renewals/batches", page, key=key[1], days=30, title="十二月", card=CARDS[:2])
    assert (made.status, made.headers["location"]) == (303, again.headers["location"])
    path = f"/renewals/batches/{key[1]}"
    batch = centre.get(f"{path}?lang=zh")
    sheet = centre.get(f"{path}/order.csv?layout=onelink")
    assert sheet.body.decode("utf-8-sig").splitlines()[:2] == [
        "物联卡号,ICCID,套餐名称,订购周期(月)",
        f"10640000000,{CARDS[0]},30M 年卡,12",
    ]
    assert post(centre, f"{path}/order", batch, reference="A-17").status == 303
    batch = centre.get(path)
    pay = re.search(r'name="key" value="(\w+)"', batch.text)
    assert pay
    for _ in range(2):
        assert post(centre, f"{path}/pay", batch, key=pay[1], amount="72.00", currency="CNY").status == 303
    assert len(wait(fleet.office.book.payments(key[1]))) == 1
    fleet.later(0.1)
    fleet.say("t-0", proof(CARDS[0]))
    fleet.follow()
    assert "已验证 1" in centre.get(f"{path}?lang=zh").text


def test_a_card_that_is_renewed_already_is_refused_in_words(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    page = centre.get("/renewals")
    fleet.batch()
    refused = post(centre, "/renewals/batches", page, key="another-key", days=30, card=CARDS[0])
    assert refused.status == 409
    assert "being renewed already" in refused.text
    assert post(centre, "/renewals/batches", page, key="another-key").status == 400
    assert post(centre, "/renewals/batches", page, key="another-key", card="898600").status == 409


def test_a_group_says_what_it_costs_and_a_refused_choice_keeps_its_days(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    page = centre.get("/renewals?lang=en&group=account")
    assert "108.00 CNY by the price list" in page.text, "three of 36.00"
    fleet.batch(cards=1)
    assert "72.00 CNY by the price list" in centre.get("/renewals?lang=en").text
    asked = {"key": "another-key", "days": 77, "group": "shop", "card": CARDS[0]}
    refused = post(centre, "/renewals/batches", page, **asked).text
    assert re.search(r'name="days" type="number" value="77"', refused)
    assert '<option value="shop" selected>' in refused


def test_what_was_typed_stays_when_a_payment_is_refused(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    fleet.batch()
    wait(fleet.office.book.order("batch-0001", "", fleet.who))
    path = "/renewals/batches/batch-0001"
    typed = {"key": "pay-key-1", "amount": "a hundred", "reference": "A-18", "paid_on": "2026-11-15"}
    refused = post(centre, f"{path}/pay", centre.get(path), **typed)
    assert refused.status == 409
    assert all(f'value="{typed[name]}"' in refused.text for name in ("amount", "reference", "paid_on"))


def test_a_form_without_the_word_changes_nothing(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    fleet.batch()
    answer = centre.ask("POST", "/renewals/batches/batch-0001/order", FORM, (b"reference=x",))
    assert answer.status in (400, 403)
    assert fleet.state() == "due"


def test_a_voucher_goes_in_and_comes_out_as_a_file(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    fleet.batch()
    page = centre.get("/renewals/batches/batch-0001")
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        f"--x\r\n{head.format('csrf')}\r\n\r\n{csrf(page)}\r\n",
        f'--x\r\n{head.format("file")}; filename="<b>发票\\\\.pdf"\r\nContent-Type: text/html\r\n\r\n',
        "%PDF-1.7\r\n--x--\r\n",
    ]
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = centre.ask("POST", "/renewals/batches/batch-0001/vouchers", kind, ("".join(parts).encode(),))
    assert answer.status == 303
    (kept,) = wait(fleet.office.book.vouchers("batch-0001"))
    file = centre.get(f"/renewals/vouchers/{kept.id}")
    assert (file.status, file.body, file.headers["content-type"]) == (200, b"%PDF-1.7", "application/pdf")
    assert file.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in file.headers["content-security-policy"]
    assert "<b>发票" not in centre.get("/renewals/batches/batch-0001").text
    assert centre.get("/renewals/vouchers/none").status == 404


def test_what_a_terminal_and_a_file_say_is_escaped(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    evil = "<script>alert(1)</script>"
    wait(fleet.registry.describe("t-0", {"name": evil, "shop": "=HYPERLINK(1)"}, fleet.who))
    wait(fleet.registry.put_card(CARDS[0], {"msisdn": "=1+1", "account": evil}, fleet.who))
    fleet.say("t-0", operator=evil, iccid=evil[:22])
    fleet.fold()
    fleet.say("t-0")
    fleet.fold()
    wait(fleet.office.book.make("batch-0001", evil, fleet.dues(), fleet.who))
    for path in ("", "/batches", "/batches/batch-0001", "/history", "/costs"):
        assert "<script>alert" not in centre.get(f"/renewals{path}").text
    sheet = centre.get("/renewals/batches/batch-0001/order.csv?layout=reseller").text
    assert ",=1+1" not in sheet
    assert "'=1+1" in sheet


@pytest.mark.parametrize(
    "query", ["days=x", "days=99999999999", "group=drop", "rung=x", "month=x", "after=1", "iccid=%00"]
)
def test_a_query_that_is_nonsense_is_shown_as_if_it_were_not_there(desk: tuple[Centre, Fleet], query: str) -> None:
    centre, _ = desk
    for path in ("", "/costs", "/history"):
        assert centre.get(f"/renewals{path}?{query}").status == 200


def test_holidays_are_edited_and_mistakes_named(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    page = centre.get("/renewals/holidays")
    assert "2026-10-01..2026-10-07 off 国庆节" in page.text
    lines = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
    assert lines
    before = wait(fleet.office.holidays())
    assert post(centre, "/renewals/holidays", page, lines=lines[1].replace("\n", "\r\n")).status == 303
    assert wait(fleet.office.holidays()) == before, "saved as it is shown, nothing has changed"
    wrong = post(centre, "/renewals/holidays", page, lines="2027-02-05..2027-02-11 closed 春节")
    assert (wrong.status, "line 1" in wrong.text) == (400, True)
    assert post(centre, "/renewals/holidays", page, lines="2027-02-05..2027-02-11 off 春节").status == 303
    assert len(wait(fleet.office.holidays())) == 7


def test_one_renewal_is_failed_verified_and_withdrawn(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    batch = fleet.paid(cards=1)
    (one,) = wait(fleet.office.book.renewals())
    page = centre.get(f"/renewals/batches/{batch}")
    path = f"/renewals/cards/{one.id}"
    assert post(centre, f"{path}/fail", page, reason="machine_lock", note="换过机").status == 303
    assert "Have the carrier bind the card" in centre.get(f"/renewals/batches/{batch}?lang=en").text
    assert post(centre, f"{path}/verify", page).status == 303
    assert fleet.state() == "paid"
    assert post(centre, f"{path}/void", page).status == 409
    assert post(centre, f"{path}/explode", page).status == 404
    assert post(centre, "/renewals/cards/none/void", page).status == 404


def test_plans_and_cards_are_kept_on_a_page(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    page = centre.get("/renewals/plans?plan=year")
    assert 'value="3=30.00"' in page.text
    good = {
        "id": "month",
        "name": "月卡",
        "carrier": "CMCC",
        "quota_mb": 30,
        "months": 1,
        "price": "3",
        "currency": "CNY",
    }
    assert post(centre, "/renewals/plans", page, **good).status == 303
    assert [one.id for one in wait(fleet.registry.plans())] == ["month", "year"]
    assert post(centre, "/renewals/plans", page, **good | {"tiers": "cheap"}).status == 409
    assert post(centre, "/renewals/plans", page, **good | {"months": "twelve"}).status == 409
    for check, row, status in (
        ("1", f"{CARDS[4]},month", 200),
        ("", f"{CARDS[4]},none", 400),
        ("", f"{CARDS[4]},month", 303),
    ):
        assert upload(centre, page, f"iccid,plan\r\n{row}\r\n", check).status == status
        assert (wait(fleet.registry.card(CARDS[4])) is None) is (status != 303)
    assert upload(centre, page, "iccid,iccid\r\n", "").status == 400


def test_a_pool_is_kept_on_a_page(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    page = centre.get("/renewals/stock")
    assert post(centre, "/renewals/pools", page, id="p1", name="华东池", total_mb=1000, cycle_day=27).status == 303
    assert post(centre, "/renewals/pools", page, id="p1", total_mb="lots").status == 409
    (pool,) = wait(fleet.office.pools())
    assert (pool.pool.name, pool.pool.total_mb, pool.pool.ends_on) == ("华东池", 1000, None)


def upload(centre: Centre, page: Answer, sheet: str, check: str) -> Answer:
    fields = {"csrf": csrf(page), "check": check}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="cards.csv"\r\n\r\n'
    body = "".join((*parts, head, sheet, "\r\n--x--\r\n")).encode()
    return centre.ask("POST", "/renewals/cards", {"content-type": "multipart/form-data; boundary=x"}, (body,))
