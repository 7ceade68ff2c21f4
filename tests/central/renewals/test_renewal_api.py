"""The desk over the API and the command line: a program's way, roles and sights, what is refused; reminders."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from central.accounts.sight import Sight
from central.accounts.tokens import Tokens
from central.alerts.desk import Desk
from central.alerts.plan import Plan
from central.cli import main
from central.config import ConfigError
from central.renewals import layouts, reminders
from tests.central.helpers import Answer, Centre, a_store
from tests.central.renewals.desk_helpers import CARDS, Fleet, wait

JSON = {"content-type": "application/json"}
BASE = "/api/v1/renewals"
OPERATOR = "an operator's token"
PDF = b"%PDF-1.7"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Centre, Fleet]]:
    with a_store(tmp_path / "central.db") as store:
        fleet = Fleet(store)
        yield Centre(store, clock=fleet.clock, operator_token=OPERATOR), fleet


def ask(centre: Centre, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
    headers = JSON | {"authorization": f"Bearer {token or OPERATOR}"}
    return centre.ask(method, path, headers, (json.dumps(body).encode() if body is not None else b"",))


def token(centre: Centre, fleet: Fleet, *scopes: str, sight: Sight | None = None) -> str:
    tokens = Tokens(fleet.store, fleet.clock.monotonic)
    _, made = wait(tokens.add("erp", scopes, None, fleet.who, *([sight] if sight else [])))
    assert centre.get("/healthz").status == 200
    return made


def test_a_program_renews_from_end_to_end(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    program = token(centre, fleet, "read", "renew")
    work = ask(centre, "GET", f"{BASE}/worklist?group=shop", token=program).json
    assert (work["count"], [one["name"] for one in work["groups"]]) == (3, ["店0", "店1", "店2"])
    cards = [one["iccid"] for one in work["due"]]
    made = ask(centre, "POST", f"{BASE}/batches", {"cards": cards, "title": "12", "key": "erp-2026-12"}, program)
    again = ask(centre, "POST", f"{BASE}/batches", {"cards": cards, "title": "12", "key": "erp-2026-12"}, program)
    assert (made.status, made.json["states"], again.json["id"]) == (201, {"due": 3}, "erp-2026-12")
    path = f"{BASE}/batches/erp-2026-12"
    assert ask(centre, "POST", f"{path}/order", {"reference": "A"}, program).json == {"ordered": 3}
    paid = {"amount": "90", "key": "payment-1", "reference": "wx"}
    assert [ask(centre, "POST", f"{path}/pay", paid, program).json for _ in range(2)] == [{"paid": 3}, {"paid": 0}]
    whole = ask(centre, "GET", path, token=program).json
    assert {one["state"] for one in whole["renewals"]} == {"paid"}
    assert (whole["payments"][0]["amount"], whole["payments"][0]["who"]) == ("90", "token:erp")
    listed = ask(centre, "GET", f"{BASE}?renewal_state=paid&limit=2", token=program).json
    rest = ask(centre, "GET", f"{BASE}?renewal_state=paid&limit=2&cursor={listed['next']}", token=program).json
    assert len({one["id"] for one in listed["renewals"] + rest["renewals"]}) == 3
    assert ask(centre, "GET", f"{BASE}/costs?month=2026-11&cost_group=shop", token=program).json["costs"][0]["amount"]


def test_who_may_only_read_changes_nothing(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    batch = fleet.batch()
    voucher = wait(fleet.office.book.add_voucher(batch, "a.pdf", PDF, fleet.who))
    reader = token(centre, fleet, "read")
    for path, body in (
        ("batches", {"cards": CARDS[:1]}), (f"batches/{batch}/order", {}), (f"batches/{batch}/pay", {"amount": "1"}),
        ("x/fail", {"reason": "other"}), ("x/void", {}), ("x/verify", {}),
    ):  # fmt: skip
        assert ask(centre, "POST", f"{BASE}/{path}", body, reader).status == 403
    assert ask(centre, "PUT", "/api/v1/holidays", {"lines": ""}, reader).status == 403
    assert ask(centre, "GET", f"{BASE}/vouchers/{voucher.id}", token=reader).status == 403
    assert ask(centre, "GET", f"{BASE}/batches/{batch}", token=reader).json["vouchers"] == []
    assert fleet.state() == "due"


def test_a_narrow_sight_narrows_every_answer(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    batch = fleet.batch()
    fleet.fold()
    narrow = token(centre, fleet, "read", "renew", sight=Sight(merchants=frozenset({"m1"})))
    for path in ("", "/worklist", "/dead", f"/batches/{batch}", "/spares", "/fit", "/bulk", "/costs", "/batches"):
        said = ask(centre, "GET", f"{BASE}{path}", token=narrow)
        assert said.status == 200
        assert not re.search(r"t-0|t-2|" + "|".join((CARDS[0], CARDS[2])), said.text), path
    assert ask(centre, "GET", f"{BASE}/ladder", token=narrow).json["ladder"]["month"] == 1
    assert ask(centre, "POST", f"{BASE}/batches", {"cards": [CARDS[0]]}, narrow).status == 409
    assert ask(centre, "POST", f"{BASE}/batches/{batch}/order", {}, narrow).status == 409
    hidden = wait(fleet.office.book.renewals(terminal="t-0"))[0].id
    assert ask(centre, "GET", f"{BASE}/{hidden}", token=narrow).status == 404
    sheet = ask(centre, "GET", f"{BASE}/batches/{batch}/order.csv", token=narrow).text
    assert "t-1" in sheet
    assert "t-0" not in sheet


def test_a_voucher_comes_as_bytes(desk: tuple[Centre, Fleet]) -> None:
    centre, fleet = desk
    batch = fleet.batch()
    headers = {"authorization": "Bearer an operator's token", "content-type": "application/octet-stream"}
    path = f"{BASE}/batches/{batch}/vouchers"
    made = centre.ask("POST", f"{path}?name=../%E5%8F%91%E7%A5%A8.pdf", headers, (PDF,))
    assert (made.status, made.json["name"]) == (201, "发票.pdf")
    file = ask(centre, "GET", f"{BASE}/vouchers/{made.json['id']}")
    assert (file.body, file.headers["x-content-type-options"]) == (PDF, "nosniff")
    assert centre.ask("POST", path, headers, (b"<script>",)).status == 400
    assert centre.ask("POST", path, headers, (b"%PDF-" + b"x" * (11 << 20),)).status == 413


@pytest.mark.parametrize("layout", sorted(layouts.LAYOUTS))
def test_every_layout_is_a_sheet_whose_numbers_are_texts(desk: tuple[Centre, Fleet], layout: str) -> None:
    centre, fleet = desk
    batch = fleet.batch()
    answer = ask(centre, "GET", f"{BASE}/batches/{batch}/order.xlsx?layout={layout}")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.body)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0] == tuple(heading for heading, _ in layouts.LAYOUTS[layout].columns)
    assert len(rows) == 4
    assert CARDS[0] in rows[1]


def test_a_layout_of_one_s_own_is_read_and_mistakes_are_named(tmp_path: Path) -> None:
    file = tmp_path / "layouts.toml"
    file.write_text('[mine]\ntitle = "Mine"\ncolumns = [["No.", "number"], ["Card", "iccid19"]]\n')
    assert layouts.read(file)["mine"].columns == (("No.", "number"), ("Card", "iccid19"))
    file.write_text('[onelink]\ncolumns = [["ICCID", "iccid"], ["Effect", "text:at once"]]\n')
    assert layouts.read(file)["onelink"].columns == (("ICCID", "iccid"), ("Effect", "text:at once"))
    assert layouts.table(layouts.read(file)["onelink"], [], {}, {}) == (["ICCID", "Effect"], [])
    for text in ("[mine]\ncolumns = []", '[mine]\ncolumns = [["a", "password"]]', "[mine", "mine = 3"):
        file.write_text(text)
        with pytest.raises(ConfigError):
            layouts.read(file)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/worklist?days=x", None, 400), ("GET", "/worklist?group=drop", None, 400),
        ("GET", "/costs?month=soon", None, 400), ("GET", "/costs?cost_group=x", None, 400),
        ("GET", "?cursor=x", None, 400), ("GET", "/nobody", None, 404), ("GET", "/batches/nobody", None, 404),
        ("GET", "/batches/x/order.csv", None, 404),
        ("POST", "/batches", {"cards": "x"}, 400), ("POST", "/batches", {"cards": []}, 400),
        ("POST", "/batches", {"cards": CARDS[:1], "days": 0}, 400), ("POST", "/batches", {"cards": ["8986"]}, 409),
        ("POST", "/batches", {"cards": CARDS[:1], "key": "a b"}, 400), ("POST", "/nobody/void", {}, 404),
        ("POST", "/batches/nobody/pay", {"amount": "1"}, 404), ("POST", "/batches/nobody/order", {}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(desk: tuple[Centre, Fleet], method: str, path: str, body: Any, status: int) -> None:
    answer = ask(desk[0], method, f"{BASE}{path}", body)
    assert (answer.status, set(answer.json)) == (status, {"error"})


def test_holidays_and_pools_over_the_api(desk: tuple[Centre, Fleet]) -> None:
    centre, _ = desk
    lines = "2027-02-05..2027-02-11 off 春节"
    assert ask(centre, "PUT", "/api/v1/holidays", {"lines": lines}).json == {"days": 7}
    assert ask(centre, "GET", "/api/v1/holidays").json["lines"] == lines
    assert ask(centre, "PUT", "/api/v1/holidays", {"lines": "x"}).status == 400
    assert ask(centre, "PUT", "/api/v1/pools/p1", {"name": "池", "total_mb": 100}).json["total_mb"] == 100
    assert [one["id"] for one in ask(centre, "GET", "/api/v1/pools").json["pools"]] == ["p1"]


def test_what_is_to_be_ordered_and_what_is_dead_become_alerts(desk: tuple[Centre, Fleet]) -> None:
    _, fleet = desk
    fleet.paid(cards=1)
    fleet.later(11)
    wait(fleet.registry.put_card(CARDS[4], {"use_by": "2026-11-01"}, fleet.who))
    found = wait(reminders.conditions(fleet.office))
    assert sorted((one.code, one.terminal, one.severity) for one in found) == [
        ("card.stale", "", "error"), ("renewal.dead", "t-0", "error"), ("renewal.order", "t-1", "error"),
        ("renewal.order", "t-2", "error"),
    ]  # fmt: skip
    plan = Plan.model_validate({
        "channel": [{"name": "ops", "url": "json://127.0.0.1"}],
        "rule": [{"name": "money", "codes": ["renewal.*", "card.stale"], "to": ["ops"], "delay_minutes": 0}],
    })  # fmt: skip
    alerts = Desk(fleet.store, plan, fleet.office.zone)
    for _ in range(2):
        wait(alerts.look(fleet.now, more=found))
    assert len(wait(alerts.alerts())) == 4


def test_the_command_lists_and_exports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "central.db"
    with a_store(database) as store:
        fleet = Fleet(store)
        fleet.batch()
    monkeypatch.setattr("time.time", fleet.clock.wall)
    common = ["--database", str(database)]
    assert main(["renewals", "list", "--json", *common]) == 0
    assert [json.loads(line)["terminal"] for line in capsys.readouterr().out.splitlines()] == ["t-0", "t-1", "t-2"]
    assert main(["renewals", "list", *common]) == 0
    assert "order by 2026-11-26 due" in capsys.readouterr().out
    assert main(["renewals", "dead", *common]) == 0
    sheet = tmp_path / "order.csv"
    assert main(["renewals", "export", "batch-0001", str(sheet), "--layout", "reseller", *common]) == 0
    assert CARDS[0] in sheet.read_text(encoding="utf-8-sig")
    assert main(["renewals", "export", "nobody", str(sheet), *common]) == 1
    assert main(["renewals", "export", "batch-0001", "x.exe", *common]) == 2
    assert main(["renewals", "export", "batch-0001", "-", "--layout", "none", *common]) == 2
