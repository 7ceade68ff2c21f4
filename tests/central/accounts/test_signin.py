"""Signing in and out, the second step, sessions, forged forms."""

import asyncio
import re

import pyotp
import pytest

from central.accounts import second_step, visits
from central.accounts.knocks import MOST, WINDOW_S, line_of
from central.accounts.users import Users
from central.config import ConfigError, Server, Settings, SignIn
from central.console.signin import wanted_page
from central.registry import Registry, Who
from central.server import make_server
from tests.central.browser import PASSWORD, Browser, add_user, signed_in, store_of
from tests.central.helpers import Answer, Centre


def test_without_users_the_machine_itself_is_open_and_says_how_to_begin(centre: Centre) -> None:
    assert "posagent-central user add" in centre.get("/?lang=en").text


def test_the_first_user_closes_the_door(centre: Centre) -> None:
    add_user(centre, "ada", "admin")
    answer = centre.get("/terminals?status=late")
    assert (answer.status, answer.headers["location"]) == (303, "/signin?next=%2Fterminals%3Fstatus%3Dlate")
    assert centre.get("/api/v1/terminals").status == 401


def test_a_user_signs_in_and_lands_where_he_wanted_to_go(centre: Centre) -> None:
    add_user(centre, "ada", "admin")
    browser = Browser(centre)
    answer = browser.sign_in("ada", next="/terminals?status=late")
    assert (answer.status, answer.headers["location"]) == (303, "/terminals?status=late")
    page = browser.get("/?lang=en")
    assert (page.status, "ada" in page.text) == (200, True)


def test_a_name_is_taken_in_any_case_and_width(centre: Centre) -> None:
    add_user(centre, "ada")
    assert Browser(centre).sign_in(" ＡDA ").status == 303


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong password"), ("ada", ""), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(centre: Centre, name: str, password: str) -> None:
    add_user(centre, "ada")
    browser = Browser(centre)
    answer = browser.sign_in(name, password)
    assert (answer.status, browser.jar) == (403, {})
    assert re.findall(r'class="notice bad"[^>]*>([^<]*)<', answer.text)[0] in (
        "The user name or the password is wrong.", "用户名或密码不正确。",
    )  # fmt: skip


def test_a_stranger_costs_as_much_as_a_user(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    from central.accounts import passwords

    add_user(centre, "ada")
    compared: list[str] = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        passwords._hasher.__class__, "verify", lambda self, kept, text: compared.append(kept) or real(kept, text)
    )
    for name in ("ada", "nobody"):
        Browser(centre).sign_in(name, "wrong password")
    assert [kept.split("$")[:4] for kept in compared] == [compared[0].split("$")[:4]] * 2


def test_a_disabled_user_is_out_at_once_and_stays_out(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    asyncio.run(Users(store_of(centre)).set_disabled("ada", Who("test", 1), disabled=True))
    assert browser.get("/").status == 303
    assert Browser(centre).sign_in("ada").status == 403


def test_the_cookie_is_for_us_alone(centre: Centre) -> None:
    add_user(centre, "ada")
    cookie = Browser(centre).sign_in("ada").headers["set-cookie"]
    assert re.fullmatch(r"posagent=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax", cookie)


@pytest.mark.parametrize("headers", [{"host": "centre.example"}, {"host": "localhost", "x-forwarded-for": "192.0.2.1"}])
def test_on_a_network_the_cookie_travels_only_encrypted(centre: Centre, headers: dict[str, str]) -> None:
    add_user(centre, "ada")
    cookie = Browser(centre, headers=headers).sign_in("ada").headers["set-cookie"]
    assert re.fullmatch(r"__Host-posagent=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure", cookie)


def test_signing_out_ends_the_session_at_the_centre(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    browser.get("/")
    stolen = dict(browser.jar)
    assert browser.post("/signout").status == 303
    assert browser.jar == {}
    assert Browser(centre, jar=stolen).get("/").status == 303


def test_a_session_ends_when_nobody_looks(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    for _ in range(3):
        centre.clock.advance(100 * 60)
        assert browser.get("/").status == 200
    centre.clock.advance(120 * 60)
    assert browser.get("/").status == 303


def test_a_script_of_an_open_page_keeps_nobody_signed_in(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    for _ in range(12):
        centre.clock.advance(10 * 60)
        browser.get("/", **{"sec-fetch-dest": "empty"})
    assert browser.get("/").status == 303


def test_a_session_ends_after_a_working_day_however_busy(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    for _ in range(23):
        centre.clock.advance(1800)
        assert browser.get("/").status == 200
    centre.clock.advance(1800)
    assert browser.get("/").status == 303


def test_the_id_of_a_session_changes_and_the_old_one_is_good_for_a_minute_only(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    before = dict(browser.jar)
    centre.clock.advance(visits.TURN_S)
    browser.get("/")
    assert browser.jar != before
    assert Browser(centre, jar=before).get("/").status == 200
    centre.clock.advance(visits.GRACE_S)
    assert Browser(centre, jar=before).get("/").status == 303
    assert browser.get("/").status == 303, "whoever came with the old one had stolen it"


def test_a_made_up_cookie_is_nobody(centre: Centre) -> None:
    add_user(centre, "ada")
    for value in ("A" * 43, "x", "A" * 5000, "é"):
        assert Browser(centre, jar={"posagent": value}).get("/").status == 303


def test_the_database_holds_no_session_id_and_no_password(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    rows = asyncio.run(store_of(centre).read("SELECT * FROM visits")) + asyncio.run(
        store_of(centre).read("SELECT * FROM users")
    )
    text = repr(rows)
    assert browser.jar["posagent"] not in text
    assert PASSWORD not in text
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in text


# -- forged forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
def test_a_form_without_the_word_of_our_page_is_refused(centre: Centre, csrf: str) -> None:
    browser = signed_in(centre, "ada")
    browser.get("/profile")
    assert browser.post("/profile/taste", {"lang": "en"}, csrf=csrf).status == 400
    assert browser.post("/profile/taste", {"lang": "en"}).status == 303


def test_one_users_word_is_no_good_for_another(centre: Centre) -> None:
    ada, bob = signed_in(centre, "ada"), signed_in(centre, "bob")
    ada.get("/profile")
    assert bob.post("/profile/taste", {"lang": "en"}, csrf=ada.csrf).status == 400


def test_json_is_no_form(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    answer = centre.ask(
        "POST",
        "/profile/taste",
        {"content-type": "application/json", "cookie": f"posagent={browser.jar['posagent']}"},
        (b"{}",),
    )
    assert answer.status == 400


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_another_site_cannot_sign_somebody_in(centre: Centre, headers: dict[str, str]) -> None:
    add_user(centre, "ada")
    assert Browser(centre, headers=headers).sign_in("ada").status == 403


@pytest.mark.parametrize("headers", [{"origin": "http://localhost:8480"}, {"sec-fetch-site": "same-origin"}])
def test_our_own_page_can(centre: Centre, headers: dict[str, str]) -> None:
    add_user(centre, "ada")
    assert Browser(centre, headers=headers).sign_in("ada").status == 303


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * 20_000, "application/x-www-form-urlencoded"),
        (b"--a\r\ncontent-disposition: form-data\r\n\r\n", "multipart/form-data; boundary=a"),
        (b"\xff\xfe=%ff&%zz", "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"name=%00&password=%ed%a0%80", "application/x-www-form-urlencoded"),
        (b"name=" + b"n" * 9000 + b"&password=" + b"p" * 5000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_hostile_form_is_refused_in_order(centre: Centre, body: bytes, kind: str) -> None:
    add_user(centre, "ada")
    assert centre.ask("POST", "/signin", {"content-type": kind}, (body,)).status in (400, 403)


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/a\\b",
        "/a\nb",
        "a",
        "",
        None,
        "/" + "a" * 600,
        "/signin",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(text: str | None) -> None:
    assert wanted_page(text) == "/"


# -- guessing ---------------------------------------------------------------------------------------------------------


def test_who_guesses_has_to_wait(centre: Centre) -> None:
    add_user(centre, "ada")
    browser = Browser(centre)
    answers = [browser.sign_in("ada", "wrong password").status for _ in range(MOST["pair"])]
    assert set(answers) == {403}
    refused = browser.sign_in("ada", PASSWORD)
    assert (refused.status, refused.headers["retry-after"]) == (429, str(WINDOW_S))
    centre.clock.advance(WINDOW_S)
    assert browser.sign_in("ada").status == 303


def test_an_address_that_tries_many_names_has_to_wait(centre: Centre) -> None:
    add_user(centre, "ada")
    browser = Browser(centre)
    for number in range(MOST["address"]):
        browser.sign_in(f"user-{number}", "x")
    assert browser.sign_in("ada").status == 429


def test_behind_our_proxy_each_address_counts_for_itself(centre: Centre) -> None:
    add_user(centre, "ada")
    made = Centre(centre.store, Settings(signin=SignIn(trusted_proxies="127.0.0.1")), centre.clock)
    attacker = Browser(made, headers={"x-forwarded-for": "203.0.113.9, 192.0.2.7"})
    for _ in range(MOST["pair"] + 1):
        attacker.sign_in("ada", "wrong password")
    assert attacker.sign_in("ada").status == 429
    assert Browser(made, headers={"x-forwarded-for": "192.0.2.7, 192.0.2.8"}).sign_in("ada").status == 303


def test_nobody_else_may_say_whose_address_he_speaks_for(centre: Centre) -> None:
    add_user(centre, "ada")
    for number in range(MOST["pair"] + 1):
        Browser(centre, headers={"x-forwarded-for": f"192.0.2.{number}"}).sign_in("ada", "wrong password")
    assert Browser(centre).sign_in("ada").status == 429


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix", "unix"),
    ],
)
def test_addresses_count_by_the_line(address: str, line: str) -> None:
    assert line_of(address) == line


# -- the second step --------------------------------------------------------------------------------------------------


def with_second_step(centre: Centre, name: str = "ada") -> tuple[Browser, str, list[str]]:
    browser = signed_in(centre, name)
    page = browser.get("/profile/second-step")
    secret = re.findall(r'name="secret" value="([A-Z2-7]+)"', page.text)[0]
    code = pyotp.TOTP(secret).at(int(centre.clock.wall()))
    answer = browser.post("/profile/second-step", {"secret": secret, "code": code, "password": PASSWORD})
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", answer.text)
    assert (answer.status, len(codes)) == (200, second_step.RECOVERY_CODES)
    return browser, secret, codes


def test_the_second_step_is_asked_for_before_anything_is_shown(centre: Centre) -> None:
    _, secret, _ = with_second_step(centre)
    centre.clock.advance(60)
    browser = Browser(centre)
    answer = browser.sign_in("ada", next="/terminals")
    assert answer.headers["location"] == "/signin/code?next=%2Fterminals"
    assert browser.get("/").status == 303
    assert browser.get("/api/v1/terminals").status == 401
    assert browser.get("/profile").status == 303
    browser.get("/signin/code?next=/terminals")
    answer = browser.post(
        "/signin/code", {"code": pyotp.TOTP(secret).at(int(centre.clock.wall())), "next": "/terminals"}
    )
    assert (answer.status, answer.headers["location"]) == (303, "/terminals")
    assert browser.get("/").status == 200


def test_a_code_is_good_once(centre: Centre) -> None:
    _, secret, _ = with_second_step(centre)
    centre.clock.advance(60)
    code = pyotp.TOTP(secret).at(int(centre.clock.wall()))
    assert [give_code(centre, code).status for _ in range(2)] == [303, 403]


def test_a_recovery_code_is_good_once(centre: Centre) -> None:
    _, _, codes = with_second_step(centre)
    assert [give_code(centre, code).status for code in (codes[0], codes[0].upper(), codes[1])] == [303, 403, 303]


def give_code(centre: Centre, code: str) -> Answer:
    browser = Browser(centre)
    browser.sign_in("ada")
    browser.get("/signin/code")
    return browser.post("/signin/code", {"code": code})


def test_who_guesses_the_second_step_has_to_wait_wherever_he_is(centre: Centre) -> None:
    _, secret, _ = with_second_step(centre)
    statuses = [give_code(centre, "000000").status for _ in range(MOST["code"])]
    assert set(statuses) == {403}
    assert give_code(centre, pyotp.TOTP(secret).at(int(centre.clock.wall()))).status == 429


def test_the_half_way_session_is_short(centre: Centre) -> None:
    _, _, codes = with_second_step(centre)
    browser = Browser(centre)
    browser.sign_in("ada")
    browser.get("/signin/code")
    centre.clock.advance(visits.CODE_S)
    assert browser.post("/signin/code", {"code": codes[0]}).headers.get("location", "/signin") == "/signin"
    assert browser.get("/").status == 303


def test_a_wrong_code_turns_nothing_on(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    page = browser.get("/profile/second-step")
    secret = re.findall(r'name="secret" value="([A-Z2-7]+)"', page.text)[0]
    assert (
        browser.post("/profile/second-step", {"secret": secret, "code": "000000", "password": PASSWORD}).status == 403
    )
    assert browser.post("/profile/second-step", {"secret": "A", "code": "000000", "password": PASSWORD}).status == 403
    assert Browser(centre).sign_in("ada").headers["location"] == "/"


def test_turning_the_second_step_off_needs_the_password(centre: Centre) -> None:
    browser, _, _ = with_second_step(centre)
    browser.get("/profile")
    assert browser.post("/profile/second-step/off", {"password": "wrong password"}).status == 403
    assert browser.post("/profile/second-step/off", {"password": PASSWORD}).status == 303
    assert Browser(centre).sign_in("ada").headers["location"] == "/"


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_an_authenticator_may_be_half_a_minute_off(drift: int) -> None:
    secret = second_step.new_secret()
    assert second_step.step_of(secret, pyotp.TOTP(secret).at(1_790_000_010 + drift), 1_790_000_010) is not None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "abcdef", "9" * 9000])
def test_what_is_no_code_is_no_code(code: str) -> None:
    assert second_step.step_of(second_step.new_secret(), code, 0) is None


def test_the_codes_are_those_of_the_rfc() -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for at, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert second_step.step_of(secret, code, at) == at // 30


# -- one's own account ------------------------------------------------------------------------------------------------


def test_a_new_password_signs_the_others_out_and_turns_the_id(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    other = Browser(centre)
    other.sign_in("ada")
    before = dict(browser.jar)
    browser.get("/profile")
    fresh = "another fine sentence"
    assert browser.post("/profile/password", {"password": PASSWORD, "fresh": fresh, "again": fresh}).status == 303
    assert browser.jar != before
    assert (browser.get("/").status, other.get("/").status) == (200, 303)
    assert Browser(centre).sign_in("ada").status == 403
    assert Browser(centre).sign_in("ada", fresh).status == 303


@pytest.mark.parametrize(
    ("old", "fresh", "again"),
    [
        ("wrong password", "another fine sentence", "another fine sentence"),
        (PASSWORD, "short", "short"), (PASSWORD, "x" * 201, "x" * 201), (PASSWORD, "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"),
        (PASSWORD, "ada is my name", "ada is my name"), (PASSWORD, "password12345", "password12345"),
        (PASSWORD, "another fine sentence", "another fine sentense"),
    ],
)  # fmt: skip
def test_a_password_that_will_not_do_changes_nothing(centre: Centre, old: str, fresh: str, again: str) -> None:
    browser = signed_in(centre, "ada")
    browser.get("/profile")
    assert browser.post("/profile/password", {"password": old, "fresh": fresh, "again": again}).status == 403
    assert Browser(centre).sign_in("ada").status == 303


def test_signing_out_everywhere_else(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    other = Browser(centre, agent="a phone")
    other.sign_in("ada")
    assert "a phone" in browser.get("/profile").text
    assert browser.post("/profile/sign-out-others").status == 303
    assert (browser.get("/").status, other.get("/").status) == (200, 303)


def test_language_and_zone_are_ones_own(centre: Centre) -> None:
    browser = signed_in(centre, "ada")
    browser.get("/profile")
    assert browser.post("/profile/taste", {"lang": "zh", "zone": "Europe/Berlin"}).status == 303
    page = browser.get("/", **{"accept-language": "en"})
    assert ('lang="zh-CN"' in page.text, "Europe/Berlin" in page.text) == (True, True)
    browser.get("/profile")
    assert browser.post("/profile/taste", {"lang": "zh", "zone": "../etc/passwd"}).status == 403


def test_who_has_no_account_has_no_profile(centre: Centre) -> None:
    assert centre.get("/profile").status == 403


def test_what_happened_is_in_the_trail(centre: Centre) -> None:
    browser, _, _ = with_second_step(centre)
    browser.get("/profile")
    browser.post("/profile/sign-out-others")
    lines = asyncio.run(Registry(store_of(centre)).trail(kind="user", name="ada"))
    assert {line.action for line in lines} == {"added", "signed_in", "second_step_on", "signed_out"}


def test_a_hostile_browser_stays_text(centre: Centre) -> None:
    add_user(centre, "ada")
    browser = Browser(centre, agent='"><script>alert(1)</script>\u202e')
    browser.sign_in('"><script>')
    browser.sign_in("ada")
    assert "<script>alert" not in browser.get("/profile").text


def test_on_a_network_the_door_never_stands_open(centre: Centre) -> None:
    from central.app import make_app

    made = Centre(centre.store, clock=centre.clock)
    made.app = make_app(
        Settings(server=Server(listen="0.0.0.0:8480")), store_of(centre), wall=centre.clock.wall,
        monotonic=centre.clock.monotonic, has_users=True,
    )  # fmt: skip
    assert made.get("/api/v1/terminals", host="localhost").status == 403


def test_on_a_network_it_starts_once_there_is_somebody_to_sign_in(centre: Centre) -> None:
    settings = Settings(server=Server(listen="0.0.0.0:0"))
    with pytest.raises(ConfigError, match="user add"):
        make_server(settings, store_of(centre))
    add_user(centre, "ada", "admin")
    make_server(settings, store_of(centre))
