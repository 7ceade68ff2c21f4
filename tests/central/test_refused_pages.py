"""What a person meets who is refused: a page in their language, whoever refuses."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.requests import Request

from central.accounts.people import Person
from central.console.assets import Assets
from central.console.frame import Frame, environment
from central.console.problems import handlers
from tests.central.browser import Browser, add_user, signed_in
from tests.central.helpers import Answer, Centre

ZH = {"accept-language": "zh-CN,zh;q=0.9"}


@pytest.fixture
def ada(centre: Centre) -> Browser:
    browser = signed_in(centre, "ada", "admin")
    browser.headers |= ZH
    return browser


def said(answer: Answer) -> str:
    """The notice of a page, which is a page of the console."""
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-security-policy" in answer.headers
    return answer.text.partition('role="alert">')[2].partition("<")[0]


def test_a_form_of_an_old_page(ada: Browser) -> None:
    answer = ada.post("/admin/users", {"name": "bob"}, csrf="old")
    assert (answer.status, said(answer)) == (400, "页面已过期，没有保存：请重新打开页面，再做一次")
    assert 'href="/terminals"' in answer.text, "and from there one goes on"


def test_a_session_that_is_over(centre: Centre) -> None:
    add_user(centre, "ada")
    answer = Browser(centre, headers=ZH).post("/alerts/ack", {"code": "silent"})
    assert (answer.status, said(answer)) == (401, "请先登录")
    assert 'class="button" href="/"' in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/terminals/bulk", 404, "没有这个终端。"),
        ("GET", "/alerts/ack", 405, "这个地址不能直接打开，请从页面上操作"),
        ("GET", "/no/such/page", 404, "没有这个页面。"),
        ("GET", "/admin/users/nobody", 404, "没有这个页面。"),
        ("GET", "/a\0b", 400, "无法读取这个地址"),
    ],
)
def test_addresses_that_lead_nowhere(ada: Browser, method: str, path: str, status: int, words: str) -> None:
    ada.get("/")
    answer = ada._ask(method, path, {}, b"")
    assert (answer.status, said(answer)) == (status, words)


@pytest.mark.parametrize(
    ("page", "target", "fields", "words"),
    [
        ("/admin/users", "/admin/users", {"name": "ada", "role": "viewer"}, "用户 ada 已存在"),
        ("/admin/users", "/admin/users", {"name": "b c", "role": "viewer"}, "用户名：1 至 64 个"),
        ("/admin/codes", "/admin/codes", {"days": "9999"}, "有效天数：1 至 90"),
        ("/admin/tokens", "/admin/tokens", {"name": "erp"}, "权限：请至少选一项"),
        ("/renewals/plans", "/renewals/plans", {"id": "a", "months": "x"}, "月数：不超过"),
    ],
)
def test_what_a_form_cannot_hold(ada: Browser, page: str, target: str, fields: dict[str, str], words: str) -> None:
    ada.get(page)
    answer = ada.post(target, {"password": "correct horse battery"} | fields)
    assert (answer.status in (400, 409), words in said(answer)) == (True, True), said(answer)


def test_a_database_that_is_away(centre: Centre, ada: Browser) -> None:
    ada.get("/")
    centre.store.close()
    answer = ada.get("/terminals")
    assert (answer.status, said(answer)[:8]) == (503, "数据库暂时不可用")


@pytest.mark.parametrize(
    ("path", "words"), [("/terminals", "出错了，已记入日志"), ("/api/v1/terminals", '{"error":{"code":"internal"')]
)
def test_a_mistake_of_ours(path: str, words: str) -> None:
    frame = Frame(ZoneInfo("Asia/Shanghai"), lambda: 0.0, Assets(), environment())
    headers = [(b"accept-language", b"zh-CN")]
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b""}
    scope["state"] = {"person": Person("ada", "admin"), "visit": None}
    answer = handlers(frame)[Exception](Request(scope), ZeroDivisionError())
    assert (answer.status_code, words in bytes(answer.body).decode()) == (500, True)
