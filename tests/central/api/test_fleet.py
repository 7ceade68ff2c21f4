"""The fleet's API: tokens and scopes, assets, cards, sheets, flips, incidents, alerts, and their description."""

import asyncio
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from central.config import Settings
from central.watch import Watch
from tests.central.helpers import Answer, Centre, a_store, batch, beat, record

JSON = {"content-type": "application/json"}
CARD = "89860000000000000001"


def send(centre: Centre, method: str, target: str, body: Any = None, **headers: str) -> Answer:
    given = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
    return centre.ask(method, target, given, (json.dumps(body).encode() if body is not None else b"",))


def sweep(centre: Centre, after_s: float) -> None:
    watch = Watch(centre.store, centre.settings.fleet.rules, centre.settings.fleet.zone)  # type: ignore[arg-type]
    asyncio.run(watch.sweep(int(centre.clock.wall())))
    for _ in range(int(after_s // 120)):
        centre.clock.advance(120)
        asyncio.run(watch.pulse(int(centre.clock.wall())))
    asyncio.run(watch.sweep(int(centre.clock.wall())))


def paths(centre: Centre) -> dict[str, Any]:
    found: dict[str, Any] = centre.get("/api/v1/openapi.json").json["paths"]
    return found


def test_the_description_is_whole(centre: Centre) -> None:
    document = centre.get("/api/v1/openapi.json").json
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    ids = [one["operationId"] for one in operations]
    assert document["openapi"].startswith("3.1")
    assert len(set(ids)) == len(ids) > 35
    for path, methods in document["paths"].items():
        for one in methods.values():
            named = {p["name"] for p in one["parameters"] if p["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))


def test_every_described_get_is_served(centre: Centre) -> None:
    values = {
        "terminal": "t-1",
        "iccid": CARD,
        "incident": "x",
        "kind": "csv",
        "plan": "x",
        "token": "x",
        "directive": "x",
        **dict.fromkeys(("renewal", "batch_id", "voucher", "pool"), "x"),
    }
    for path, methods in paths(centre).items():
        if "get" in methods:
            answer = centre.get(path.format(**values))
            assert answer.status in (200, 404), path
            assert answer.status == 200 or answer.json["error"]["message"].startswith("no such"), path


def test_every_change_needs_more_than_a_form(centre: Centre) -> None:
    """What a stranger's page can make a browser send is refused before anything is done."""
    for path, methods in paths(centre).items():
        if "post" in methods and "import" not in path:
            for kind in ("", "text/plain", "application/x-www-form-urlencoded; charset=utf-8"):
                answer = centre.ask("POST", path.replace("{", "").replace("}", ""), {"content-type": kind}, (b"{}",))
                assert answer.status == 415, path


def test_a_token_reaches_as_far_as_its_scopes(tmp_path: Path) -> None:
    with a_store(tmp_path / "c.db") as store:
        centre = Centre(store, operator_token="an operator's token")
        operator = {"authorization": "Bearer an operator's token"}
        made = send(centre, "POST", "/api/v1/tokens", {"name": "erp", "scopes": ["read"]}, **operator).json
        program = {"authorization": f"Bearer {made['token']}"}
        assert centre.get("/api/v1/assets", **program).status == 200
        assert centre.get("/metrics", **program).status == 200
        assert send(centre, "PUT", "/api/v1/plans/p", {}, **program).status == 403
        assert centre.get("/api/v1/tokens", **program).status == 403
        assert centre.get("/", **program).status == 401
        assert send(centre, "DELETE", f"/api/v1/tokens/{made['id']}", **operator).status == 200
        assert centre.get("/api/v1/assets", **program).status == 401


def test_a_token_ends(centre: Centre) -> None:
    made = send(centre, "POST", "/api/v1/tokens", {"name": "erp", "scopes": ["read"], "days": 1}).json
    program = {"authorization": f"Bearer {made['token']}"}
    assert centre.get("/api/v1/plans", **program).status == 200
    centre.clock.advance(86_401)
    assert centre.get("/api/v1/plans", **program).status in (401, 403)


@pytest.mark.parametrize("token", ["pat_x", "pat_" + "0" * 16 + "_" + "A" * 43, "pat_" + "é" * 60])
def test_a_token_that_is_none_is_refused(centre: Centre, token: str) -> None:
    assert centre.get("/api/v1/plans", authorization=f"Bearer {token}").status == 403


@pytest.mark.parametrize(
    "body", [{"name": "x", "scopes": ["root"]}, {"name": "", "scopes": ["read"]}, {"name": "x", "scopes": "read"},
             {"name": "x", "scopes": []}, {"name": "x", "scopes": ["read"], "days": 0}],
)  # fmt: skip
def test_a_token_that_cannot_be_is_refused(centre: Centre, body: dict[str, object]) -> None:
    assert send(centre, "POST", "/api/v1/tokens", body).status in (400, 409)


def test_who_changed_what_is_in_the_trail(centre: Centre) -> None:
    send(centre, "PATCH", "/api/v1/terminals/t-1/asset", {"shop": "north", "tags": ["vip"]})
    made = send(centre, "POST", "/api/v1/tokens", {"name": "erp", "scopes": ["write"]}).json
    program = {"authorization": f"Bearer {made['token']}"}
    assert send(centre, "PATCH", "/api/v1/terminals/t-1/asset", {"shop": "south"}, **program).json["shop"] == "south"
    lines = centre.get("/api/v1/audit?kind=terminal&object=t-1").json["audit"]
    assert sorted(line["who"] for line in lines) == ["local", "token:erp"]


def test_a_card_is_placed_and_the_wrong_one_is_refused(centre: Centre) -> None:
    assert send(centre, "PUT", f"/api/v1/cards/{CARD}", {"batch": "b"}).json["state"] == "spare"
    placed = send(centre, "POST", f"/api/v1/cards/{CARD}/place", {"terminal": "t-1"}).json
    assert (placed["state"], placed["terminal"]) == ("in_use", "t-1")
    assert centre.get("/api/v1/terminals/t-1/asset").json["iccid"] == CARD
    refused = send(centre, "POST", f"/api/v1/cards/{CARD}/place", {"terminal": "nobody"})
    assert (refused.status, refused.json["error"]["code"]) == (404, "not_found")


def test_a_sheet_goes_round(centre: Centre) -> None:
    send(centre, "PATCH", "/api/v1/terminals/t-1/asset", {"name": "=1+1", "shop": "人民路"})
    sheet = centre.get("/api/v1/export/terminals.csv")
    assert "'=1+1" in sheet.text
    back = centre.ask("POST", "/api/v1/import/terminals?check=1", {"content-type": "text/csv"}, (sheet.body,))
    assert (back.status, back.json["same"]) == (200, 1)
    book = openpyxl.load_workbook(io.BytesIO(centre.get("/api/v1/export/terminals.xlsx").body))
    assert book.active["B2"].value == "=1+1"
    assert centre.get("/api/v1/export/terminals.exe").status == 404


def test_a_sheet_with_an_error_changes_nothing(centre: Centre) -> None:
    sheet = b"terminal,shop,imei\nt-1,north,\nnew,,xyz\n"
    answer = centre.ask("POST", "/api/v1/import/terminals", {"content-type": "text/csv"}, (sheet,))
    assert (answer.status, answer.json["errors"]) == (400, ["row 3: imei: 14 to 16 digits"])
    assert centre.get("/api/v1/terminals/t-1/asset").json["shop"] == ""
    assert centre.ask("POST", "/api/v1/import/terminals", {"content-type": "text/csv"}, (b"",)).status == 400


def test_flips_and_hours_are_told(centre: Centre) -> None:
    centre.post(batch(record(1, **beat(expires_on="2020-01-01"))))
    sweep(centre, 7200)
    flips = centre.get("/api/v1/terminals/t-1/flips").json["flips"]
    assert [flip["state"] for flip in flips] == ["silent", "late"]
    assert flips[0]["reasons"][0]["code"] == "plan.expired"
    assert len(centre.get("/api/v1/flips?since=1").json["flips"]) == 2
    assert send(centre, "PUT", "/api/v1/terminals/t-1/hours", {"hours": "mon-sun 9:00-21:00"}).json["source"] == "set"
    assert send(centre, "PUT", "/api/v1/terminals/t-1/hours", {"hours": "always"}).status == 400
    assert send(centre, "DELETE", "/api/v1/terminals/t-1/hours").json == {"week": None, "source": None}


def test_alerts_have_a_test_button_and_tell_no_secrets(tmp_path: Path) -> None:
    plan = tmp_path / "alerts.toml"
    plan.write_text(
        '[[channel]]\nname="hook"\nurl="http://127.0.0.1:9/?token=hunter2"\nsecret="0123456789abcdef"\n'
        '[[rule]]\nname="all"\nto=["hook"]\n'
    )
    settings = Settings.model_validate({"alerts": {"alerts_file": str(plan)}})
    with a_store(tmp_path / "c.db") as store:
        centre = Centre(store, settings)
        tested = send(centre, "POST", "/api/v1/alerts/test", {"channel": "hook"})
        assert (tested.status, tested.json["sent"]) == (200, False)
        assert send(centre, "POST", "/api/v1/alerts/test", {"channel": "none"}).status == 404
        shown = centre.get("/api/v1/alerts/channels").text
        assert "hunter2" not in shown + tested.text
        assert "0123456789abcdef" not in shown
        assert centre.get("/api/v1/alerts").json == {"alerts": []}
        assert send(centre, "POST", "/api/v1/alerts/ack", {"terminal": "t-1", "code": "silent"}).status == 409


@pytest.mark.parametrize(
    "target", ["/api/v1/flips?limit=0", "/api/v1/flips?since=x", "/api/v1/assets?shop=" + "x" * 200,
               "/api/v1/terminals/t-1/summaries?span=year", "/api/v1/audit?before=-1"],
)  # fmt: skip
def test_a_query_that_is_wrong_is_said(centre: Centre, target: str) -> None:
    answer = centre.get(target)
    assert (answer.status, answer.json["error"]["code"]) == (400, "bad_query")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a":' * 5000, b"x" * 100_000])
def test_a_body_that_is_wrong_is_said(centre: Centre, body: bytes) -> None:
    answer = centre.ask("PUT", "/api/v1/plans/p", JSON, (body,))
    assert answer.status in (400, 413)
