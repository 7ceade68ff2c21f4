"""The admin's pages: people, tokens, codes, the trail, channels."""

import asyncio
import re
from pathlib import Path
from typing import get_args

import pytest

from central import words
from central.accounts.sight import Sight
from central.accounts.tokens import Tokens
from central.accounts.users import Users
from central.alerts.plan import read
from central.config import Alerts, Settings
from central.console.admin_trail import KINDS, told
from central.platforms.acts import ActState
from central.platforms.base import Act
from central.registry import Registry, Who
from central.renewals.rules import State
from tests.central.browser import PASSWORD, Browser, add_user, signed_in, store_of
from tests.central.helpers import Answer, Centre

EVIL = "\"><script>alert(1)</script>{{7*7}}\u202e'"


@pytest.fixture
def ada(centre: Centre) -> Browser:
    return signed_in(centre, "ada", "admin")


def form(browser: Browser, page: str, target: str, **fields: str) -> Answer:
    browser.get(page)
    return browser.post(target, fields)


def test_an_admin_adds_somebody_who_then_signs_in(centre: Centre, ada: Browser) -> None:
    fields = {
        "name": "Bob",
        "password": PASSWORD,
        "role": "technician",
        "sees": "some",
        "regions": "华东，华南",
        "tags": "vip",
    }
    answer = form(ada, "/admin/users", "/admin/users", **fields)
    assert (answer.status, answer.headers["location"]) == (303, "/admin/users/bob?done=user_added")
    bob = asyncio.run(Users(store_of(centre)).get("bob"))
    assert bob is not None
    assert (bob.role, bob.sight) == ("technician", Sight(regions=frozenset({"华东", "华南"}), tags=frozenset({"vip"})))
    assert Browser(centre).sign_in("bob").status == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "a b"}, {"name": "ada"}, {"password": "short"}, {"role": "king"},
        {"role": "admin", "sees": "some"},
        {"sees": "some", "regions": " , "}, {"sees": "some", "tags": "x" * 300}, {"role": ""},
    ],
)  # fmt: skip
def test_what_cannot_be_a_user_is_said_and_not_made(centre: Centre, ada: Browser, wrong: dict[str, str]) -> None:
    fields = {"name": "bob", "password": PASSWORD, "role": "viewer", "sees": "everything", "regions": "x"} | wrong
    answer = form(ada, "/admin/users", "/admin/users", **fields)
    assert (answer.status, "notice bad" in answer.text) == (400, True)
    assert [user.name for user in asyncio.run(Users(store_of(centre)).everybody())] == ["ada"]


def test_a_role_counts_at_once(centre: Centre, ada: Browser) -> None:
    bob = signed_in(centre, "bob", "viewer")
    assert bob.get("/admin/users").status == 403
    assert form(ada, "/admin/users/bob", "/admin/users/bob/role", role="admin", sees="everything").status == 303
    assert bob.get("/admin/users").status == 200


def test_disabling_signs_out_and_enabling_lets_in_again(centre: Centre, ada: Browser) -> None:
    bob = signed_in(centre, "bob", "viewer")
    assert form(ada, "/admin/users/bob", "/admin/users/bob/disabled", disabled="1").status == 303
    assert bob.get("/").status == 303
    assert form(ada, "/admin/users/bob", "/admin/users/bob/disabled", disabled="0").status == 303
    assert bob.get("/").status == 303, "his old session is over"
    assert Browser(centre).sign_in("bob").status == 303


def test_nobody_shuts_himself_out(ada: Browser) -> None:
    assert form(ada, "/admin/users/ada", "/admin/users/ada/disabled", disabled="1").status == 400
    assert form(ada, "/admin/users/ada", "/admin/users/ada/role", role="viewer", sees="everything").status == 400
    assert ada.get("/admin/users").status == 200


def test_a_password_set_by_an_admin_signs_out(centre: Centre, ada: Browser) -> None:
    bob = signed_in(centre, "bob", "viewer")
    assert form(ada, "/admin/users/bob", "/admin/users/bob/password", password="x").status == 400
    assert form(ada, "/admin/users/bob", "/admin/users/bob/password", password="a quite new sentence").status == 303
    assert bob.get("/").status == 303
    assert Browser(centre).sign_in("bob", "a quite new sentence").status == 303


def test_a_lost_second_step_is_taken_away(centre: Centre, ada: Browser) -> None:
    add_user(centre, "bob")
    asyncio.run(Users(store_of(centre)).set_totp("bob", "A" * 32, [], Who("test", 1)))
    assert form(ada, "/admin/users/bob", "/admin/users/bob/second-step").status == 303
    assert Browser(centre).sign_in("bob").headers["location"] == "/"


@pytest.mark.parametrize("target", ["/admin/users/nobody", "/admin/users/%3Cscript%3E", "/admin/audit.pdf"])
def test_what_is_not_there_is_a_page_that_says_so(ada: Browser, target: str) -> None:
    assert ada.get(target).status == 404


def test_a_token_is_shown_once_and_works(centre: Centre, ada: Browser) -> None:
    ada.get("/admin/tokens")
    made = ada.post("/admin/tokens", {"name": "erp", "scope": "read", "days": "30", "sees": "everything"})
    (token,) = re.findall(r"pat_[0-9a-f]{16}_[\w-]{43}", made.text)
    assert centre.get("/api/v1/terminals", authorization=f"Bearer {token}").status == 200
    page = ada.get("/admin/tokens").text
    assert (token in page, "erp" in page) == (False, True)
    assert ada.post(f"/admin/tokens/{token[4:20]}/revoke").status == 303
    centre.clock.advance(6)
    assert centre.get("/api/v1/terminals", authorization=f"Bearer {token}").status == 401
    assert ada.post(f"/admin/tokens/{token[4:20]}/revoke").status == 409


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scope": "king"}, {"days": "0"}, {"days": "x"}, {"scope": "admin", "sees": "some", "tags": "x"}],
)
def test_what_cannot_be_a_token_is_said(centre: Centre, ada: Browser, wrong: dict[str, str]) -> None:
    ada.get("/admin/tokens")
    assert ada.post("/admin/tokens", {"name": "erp", "scope": "read", "sees": "everything"} | wrong).status == 400
    assert asyncio.run(Tokens(store_of(centre), lambda: 0.0).list()) == []


def test_codes_come_as_a_sheet_with_pictures_and_only_once(centre: Centre, ada: Browser) -> None:
    ada.get("/admin/codes")
    sheet = ada.post("/admin/codes", {"terminal": "", "count": "3", "days": "2", "name": "新店"})
    codes = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}", sheet.text)
    assert (len(set(codes)), sheet.text.count("<svg"), "posagent enroll http://localhost" in sheet.text) == (3, 3, True)
    page = ada.get("/admin/codes").text
    assert not any(code in page for code in codes)
    assert all(f"{code[:5]}-…" in page for code in codes)


def test_a_code_of_the_sheet_enrols_and_a_withdrawn_one_does_not(centre: Centre, ada: Browser) -> None:
    statuses = []
    for withdrawn in (False, True):
        ada.get("/admin/codes")
        sheet = ada.post("/admin/codes", {"terminal": "t-9", "count": "1", "days": "2"})
        (code,) = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}", sheet.text)
        if withdrawn:
            ada.get("/admin/codes")
            assert ada.post("/admin/codes/withdraw", {"code": code[:5]}).status == 303
        asked = f'{{"code": "{code}", "secret_sha256": "{"0" * 63}{int(withdrawn)}"}}'.encode()
        statuses.append(centre.ask("POST", "/v1/enroll", {"content-type": "application/json"}, (asked,)).status)
    assert statuses == [200, 403]


def test_a_code_is_withdrawn_alone(ada: Browser) -> None:
    ada.get("/admin/codes")
    sheet = ada.post("/admin/codes", {"terminal": "", "count": "2", "days": "2"})
    first, second = dict.fromkeys(re.findall(r"[0-9A-Z]{5}(?=-[0-9A-Z]{4}-[0-9A-Z]{4})", sheet.text))
    ada.get("/admin/codes")
    ada.post("/admin/codes/withdraw", {"code": first})
    page = ada.get("/admin/codes").text
    assert (f"{first}-…" in page, f"{second}-…" in page) == (False, True)


@pytest.mark.parametrize(
    "wrong", [{"count": "0"}, {"count": "999"}, {"days": "91"}, {"terminal": "a b"}, {"terminal": "t", "count": "2"}]
)
def test_codes_that_cannot_be_are_said(ada: Browser, wrong: dict[str, str]) -> None:
    ada.get("/admin/codes")
    assert ada.post("/admin/codes", {"terminal": "", "count": "1", "days": "7"} | wrong).status == 400


# -- the trail --------------------------------------------------------------------------------------------------------


def fill_trail(centre: Centre, count: int = 130) -> None:
    registry, now = Registry(store_of(centre)), int(centre.clock.wall())
    for number in range(count):
        fields = {"shop": f"shop {number}", "note": "=1+1"}
        asyncio.run(registry.describe("t-1", fields, Who("bob", now - number // 50)))


TOLD = [
    ({"role": "clerk", "sees": "everything"}, "角色: 续费员; 可见范围: 所有终端"),
    ({"sees": ["everything", "merchant 商户 A, region 华东"]}, "可见范围: 所有终端 → 商户 商户 A、地区 华东"),
    ({"iccid": "8986", "why": "data", "period": "2026-11"}, "ICCID: 8986; 原因: 流量用尽; 账期: 2026-11"),
    ({"merchant": ["", "everything"]}, "商户: – → everything"),
]  # fmt: skip


@pytest.mark.parametrize(("detail", "zh"), TOLD)
def test_the_trail_says_roles_sights_and_reasons_in_words(detail: dict[str, object], zh: str) -> None:
    assert told(detail, "zh") == zh


def test_the_trail_is_paged_without_losing_lines_of_one_second(centre: Centre, ada: Browser) -> None:
    fill_trail(centre)
    target, seen = "/admin/audit?kind=terminal&lang=en", []
    while target:
        page = ada.get(target).text
        seen += re.findall(r"shop: [^→]*→ (shop \d+)", page)
        found = re.search(r'href="([^"]*)" rel="next"', page)
        target = found[1].replace("&amp;", "&") if found else ""
    assert sorted(seen) == sorted(f"shop {number}" for number in range(130))


@pytest.mark.parametrize(
    ("query", "expected"),
    [("who=bob", True), ("who=eve", False), ("kind=terminal&object=t-1", True), ("kind=plan", False),
     ("object=t-2", False),
     ("from=2030-01-01", False), ("to=2001-01-01", False), ("from=2001-01-01&to=2099-12-31", True),
     ("from=x&to=%00", True)],
)  # fmt: skip
def test_the_trail_is_filtered(centre: Centre, ada: Browser, query: str, expected: bool) -> None:
    fill_trail(centre, 3)
    assert ("shop 2" in ada.get(f"/admin/audit?{query}").text) is expected


@pytest.mark.parametrize(
    "query", ["at=x", "at=9999999999999999999", "after=%27", "at=5&after=%00", "kind=%3Cscript%3E"]
)
def test_a_hostile_link_into_the_trail_is_harmless(ada: Browser, query: str) -> None:
    assert ada.get(f"/admin/audit?{query}").status == 200


def test_the_trail_leaves_as_a_sheet_without_formulas(centre: Centre, ada: Browser) -> None:
    asyncio.run(Registry(store_of(centre)).describe("t-1", {"note": "x"}, Who('=HYPERLINK("http://evil")', 5)))
    text = ada.get("/admin/audit.csv?kind=terminal").body.decode("utf-8-sig")
    assert text.splitlines()[0] == "at,who,action,kind,object,detail"
    assert "\"'=HYPERLINK" in text
    assert ada.get("/admin/audit.xlsx").body.startswith(b"PK")


def test_what_an_admin_does_is_in_the_trail_under_his_name(ada: Browser) -> None:
    form(ada, "/admin/users", "/admin/users", name="bob", password=PASSWORD, role="viewer", sees="everything")
    page = ada.get("/admin/audit?kind=user&object=bob&lang=en").text
    assert re.search(r"<td>ada</td><td>added</td>", page)


# -- channels ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def alerting(centre: Centre, tmp_path: Path) -> Centre:
    file = tmp_path / "alerts.toml"
    file.write_text(
        '[[channel]]\nname = "desk"\nurl = "http://127.0.0.1:9/secret-path"\nsecret = "sixteen characters!"\n'
        '[[rule]]\nname = "down"\ncodes = ["silent"]\nto = ["desk"]\n',
        encoding="utf-8",
    )
    assert read(file)
    return Centre(centre.store, Settings(alerts=Alerts(alerts_file=str(file))), centre.clock)


def test_a_channel_is_tested_and_its_url_is_never_shown(alerting: Centre) -> None:
    ada = signed_in(alerting, "ada", "admin")
    page = ada.get("/admin/channels")
    assert ("desk" in page.text, "secret-path" in page.text) == (True, False)
    answer = ada.post("/admin/channels/desk/test")
    assert (answer.status, "secret-path" in answer.text) == (502, False)
    assert ada.post("/admin/channels/none/test", csrf=ada.csrf).status == 404


# -- foreign text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_text_stays_text_on_every_admin_page(centre: Centre, ada: Browser, lang: str) -> None:
    registry, who = Registry(store_of(centre)), Who(EVIL, int(centre.clock.wall()))
    asyncio.run(registry.describe("t-1", {"shop": EVIL, "tags": [EVIL]}, who))
    ada.get("/admin/tokens")
    ada.post("/admin/tokens", {"name": EVIL[:90], "scope": "read", "sees": "some", "tags": EVIL})
    ada.get("/admin/codes")
    ada.post("/admin/codes", {"terminal": "", "count": "1", "days": "7", "name": EVIL})
    for target in (
        "/admin/users",
        "/admin/users/ada",
        "/admin/tokens",
        "/admin/codes",
        "/admin/audit",
        "/admin/channels",
    ):
        html = ada.get(f"{target}?lang={lang}").text
        assert html.count("<script") == 1, "the frame's own"
        assert not re.search(r"<[^>]*\s(on\w+|style)=", html)
        assert "\u202e" not in html


def test_whatever_is_kept_in_the_trail_has_its_words() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (Path(__file__).parents[3] / "central").rglob("*.py")]
    actions = {action for source in sources for action in re.findall(r'audit\(\s*\w+, [^"]{1,80}?"([^"]+)"', source)}
    actions = {action for action in actions if action not in KINDS and "{" not in action} | {
        *get_args(State),
        *get_args(Act),
        *get_args(ActState),
    }
    assert {"changed", "paid", "sent to order", "suspend"} <= actions
    assert [action for action in sorted(actions) if not words.known(f"did_{action}")] == ["due"]
    assert [kind for kind in KINDS if not words.known(f"kind_{kind}")] == []
