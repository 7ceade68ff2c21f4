"""A real browser signs in, with a second step, and out again."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyotp
from playwright.sync_api import Browser

from central.store.sqlite import SqliteStore
from tests.central.browser import PASSWORD, add_user
from tests.central.helpers import Centre
from tests.console.conftest import served


def test_a_browser_signs_in_turns_the_second_step_on_and_uses_it(browser: Browser, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "central.db")
    centre = Centre(store)
    with ThreadPoolExecutor(1) as beside:  # Playwright has a loop on this thread
        beside.submit(add_user, centre, "ada", "admin").result()
    try:
        with served(centre) as url, browser.new_context(locale="zh-CN") as context:
            page, complaints = context.new_page(), []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
            page.goto(f"{url}/admin/users")
            page.get_by_label("用户名").fill("ada")
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            assert page.url == f"{url}/admin/users"
            page.goto(f"{url}/profile/second-step")
            secret = page.locator('input[name="secret"]').input_value()
            assert page.locator("svg.qr").is_visible()
            page.get_by_label("验证码").fill(pyotp.TOTP(secret).at(int(centre.clock.wall())))
            page.get_by_label("当前密码").fill(PASSWORD)
            page.get_by_role("button", name="开启两步验证").click()
            codes = page.locator(".codes code").all_inner_texts()
            assert len(codes) == 10
            page.goto(f"{url}/profile")
            page.locator("details.settings summary").click()
            page.get_by_role("button", name="退出登录").click()
            assert page.url.startswith(f"{url}/signin")
            assert not context.cookies(url)
            page.get_by_label("用户名").fill("ada")
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.get_by_label("验证码").fill(codes[0])
            page.get_by_role("button", name="继续").click()
            assert re.fullmatch(re.escape(url) + "/", page.url)
            assert complaints == []
    finally:
        store.close()
