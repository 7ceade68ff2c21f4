"""Who sees and may do what: every endpoint and every page, as nobody, as each role, and as somebody of another region.

Anna sees the east, where t-east stands. Of t-west, which stands elsewhere, and of t-bare, of which nobody said where it
stands, she must not see a word; every text of theirs holds SECRET.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from central.accounts.gate import Gate
from central.accounts.knocks import Knocks
from central.accounts.people import ACTS, MAY, ROLES, Act, Role, needed_by
from central.accounts.sight import EVERYTHING, Sight, read_sight, where
from central.accounts.tokens import SCOPES, Tokens
from central.accounts.users import Users
from central.accounts.visits import Visits
from central.app import _console
from central.console.assets import Assets
from central.console.frame import Frame, environment
from central.metrics import Metrics
from central.registry import BadValue, Registry, Who
from central.store.base import StoreRefused
from central.store.core import SqlStore
from tests.central.browser import Browser, signed_in, store_of
from tests.central.databases import KINDS
from tests.central.databases import store_of as store_on
from tests.central.helpers import Centre, a_store, batch, beat, record, verdict

EAST = Sight(regions=frozenset({"east"}))
NOWHERE = Sight(tags=frozenset({"nothing has this tag"}))
OURS, OTHERS = "t-east", ("t-west", "t-bare")
WHO = Who("test", 1_790_000_000)
OPEN_PAGES = {"/signin", "/signin/code", "/signout", "/healthz", "/readyz", "/metrics"}


ALERT = """INSERT INTO alerts (terminal, rule, code, subject, state, since, changed_at, told_at, escalated_at, acked_at,
starts, severity, facts, version, acked_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


RENEWAL = """INSERT INTO renewals (terminal, id, iccid, why, period, batch, state, msisdn, carrier, account, note,
made_at, paid_at, merchant, shop, amount, currency)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '10', 'CNY')"""


def run(statement: str, values: tuple[object, ...]) -> Any:
    return lambda session: session.run(statement, values)


def fill(centre: Centre) -> None:
    store, registry, now = store_of(centre), Registry(store_of(centre)), int(centre.clock.wall())
    for name in (OURS, *OTHERS):
        secret = "" if name == OURS else "SECRET"
        centre.register(name, f"name {secret}")
        state = record(2, at=now, **beat(operator=f"op {secret}", iccid=iccid_of(name), expires_on="2026-09-25"))
        assert (
            centre.post(
                batch(verdict(1, previous="ok", titles={"en": f"No card {secret}", "zh": secret}), state), name
            ).status
            == 200
        )
    asyncio.run(registry.describe(OURS, {"region": "east", "shop": "ours", "tags": ["a"]}, WHO))
    asyncio.run(
        registry.describe(
            "t-west", {"region": "SECRET west", "shop": "SECRET", "merchant": "SECRET", "tags": ["SECRET"]}, WHO
        )
    )
    asyncio.run(registry.put_plan("p", {"name": "plan"}, WHO))
    for name in (OURS, *OTHERS):
        asyncio.run(registry.put_card(iccid_of(name), {"note": "SECRET" * (name != OURS)}, WHO))
        asyncio.run(registry.place(iccid_of(name), name, WHO))
        for statement, values in rows_of(name, now):
            asyncio.run(store.write(run(statement, values)))
    asyncio.run(registry.put_card("89860000000000000009", {"note": "SECRET spare"}, WHO))
    fill_desk(store, now)
    asyncio.run(store.write(run("INSERT INTO incidents VALUES ('i-both', 'carrier', 'x', ?, NULL, 777, 777)", (now,))))
    asyncio.run(store.write(run("INSERT INTO incidents VALUES ('i-west', 'carrier', 'SECRET', ?, NULL, 1, 1)", (now,))))


def fill_desk(store: SqlStore, now: int) -> None:
    for batch_id, secret in (("b-both", ""), ("b-west", "SECRET")):
        kept = (batch_id, now, "clerk", f"title {secret}", secret, secret)
        asyncio.run(store.write(run("INSERT INTO renewal_batches VALUES (?, ?, ?, ?, ?, ?, '')", kept)))
    paid = ("p-west", "b-west", now, "clerk", "2026-09-21", "10", "CNY", "SECRET", 1)
    asyncio.run(store.write(run("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", paid)))
    voucher = ("v-west", "b-west", "SECRET.pdf", "application/pdf", 6, "0" * 64, now, "clerk", b"SECRET")
    asyncio.run(store.write(run("INSERT INTO vouchers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", voucher)))


def iccid_of(name: str) -> str:
    return f"8986000000000000000{(OURS, *OTHERS).index(name)}"


def rows_of(name: str, now: int) -> list[tuple[str, tuple[object, ...]]]:
    secret = "" if name == OURS else "SECRET"
    facts, reason = json.dumps({"x": secret}), json.dumps([{"code": "x", "facts": {"s": secret}}])
    letter = {
        "told": "raised", "rule": secret, "code": "silent", "severity": "error", "terminal": name, "at": now,
        "since": now, "facts": {"name": secret},
    }  # fmt: skip
    alert = (name, "r", "silent", secret, "firing", now, now, None, None, None, "[]", "error", facts, 1, None)
    incident = "i-both" if name != "t-bare" else "i-west"
    batch_of = "b-west" if name == "t-west" else "b-both"
    renewal = (
        name,
        f"r-{name}",
        iccid_of(name),
        "end",
        "2026-09",
        batch_of,
        "paid",
        secret,
        secret,
        secret,
        secret,
        now,
        now,
    )
    return [
        (RENEWAL, renewal),
        ("INSERT INTO flips VALUES (?, ?, 'silent', 'up', ?, ?)", (name, now, now, reason)),
        (ALERT, alert),
        ("INSERT INTO deliveries VALUES (?, 'ops', ?, ?, ?, 'sent', 1, 'error', ?, ?, NULL)",
         (f"d-{name}", name, now, now, json.dumps(letter), secret or None)),
        ("INSERT INTO incident_members VALUES (?, ?, ?, NULL)", (name, incident, now)),
        ("INSERT INTO directives VALUES (?, ?, 'ask-balance', ?, ?, ?, 'x', NULL, NULL, NULL)",
         (name, f"x-{name}", facts, now, now + 9999)),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Filled once; tests of this module read only, or fail to write."""
    with a_store(tmp_path_factory.mktemp("sight") / "central.db") as store:
        made = Centre(store)
        fill(made)
        yield made


@pytest.fixture(scope="module")
def people(fleet: Centre) -> dict[str, Browser]:
    """One of each role who sees everything; one of each but admin who sees the east; one who sees nothing."""
    made = {role: signed_in(fleet, role, role) for role in ROLES}
    made |= {f"{role} east": signed_in(fleet, f"{role}.east", role, EAST) for role in ROLES if role != "admin"}
    return made | {"blind": signed_in(fleet, "blind", "clerk", NOWHERE)}


def routes(centre: Centre) -> list[Route]:
    store = store_of(centre)
    gate = Gate(Users(store), Visits(store, 60, 60), Knocks(store), centre.clock.wall)
    frame = Frame(centre.settings.fleet.zone, centre.clock.wall, Assets(), environment())
    app = _console(centre.settings, store, Metrics(), Tokens(store, centre.clock.monotonic), gate, (), frame)
    return [route for route in app.routes if isinstance(route, Route)]


def pages(centre: Centre, method: str) -> list[Route]:
    mine = (route for route in routes(centre) if not route.path.startswith(("/api/", "/static/")))
    return [route for route in mine if method in (route.methods or ()) and route.path not in OPEN_PAGES]


def endpoints(centre: Centre) -> list[tuple[str, str]]:
    described = asyncio.run(_openapi(centre))
    return [(method.upper(), path) for path, methods in described["paths"].items() for method in methods]


async def _openapi(centre: Centre) -> dict[str, Any]:
    from tests.central.helpers import ask

    answer = await ask(centre.app, "GET", "/api/v1/openapi.json", {"authorization": f"Bearer {await _token(centre)}"})
    found: dict[str, Any] = answer.json
    return found


async def _token(centre: Centre) -> str:
    return (await Tokens(store_of(centre), centre.clock.monotonic).add("all", SCOPES, None, WHO))[1]


def filled(path: str, terminal: str) -> str:
    """A path with this terminal, or what belongs to it."""
    own = {
        "terminal": terminal, "iccid": iccid_of(terminal), "directive": f"x-{terminal}", "kind": "csv", "plan": "p",
        "incident": "i-west" if terminal != OURS else "i-both", "token": "0" * 16, "user": "viewer", "channel": "ops",
        "renewal": f"r-{terminal}", "batch": "b-both" if terminal == OURS else "b-west", "voucher": "v-west",
        "batch_id": "b-both" if terminal == OURS else "b-west", "pool": "p",
    }  # fmt: skip
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: own.get(found[1], "x"), path)


# -- reading ----------------------------------------------------------------------------------------------------------


def test_every_answer_of_the_api_keeps_the_others_terminals_to_itself(
    fleet: Centre, people: dict[str, Browser]
) -> None:
    told = 0
    for method, path in endpoints(fleet):
        if method != "GET":
            continue
        for name in (OURS, *OTHERS):
            for viewer in ("viewer east", "technician east", "clerk east", "blind"):
                answer = people[viewer].get(filled(path, name))
                assert answer.status in (200, 403, 404), (path, answer.status)
                assert "SECRET" not in answer.text, (path, name, viewer)
                assert not any(other in answer.text for other in OTHERS), (path, name, viewer)
                if viewer == "blind":
                    assert OURS not in answer.text, (path, name)
            told += people["viewer"].get(filled(path, name)).text.count("SECRET")
    assert told > 40, "there is something to be kept"


def test_every_page_keeps_the_others_terminals_to_itself(fleet: Centre, people: dict[str, Browser]) -> None:
    told = 0
    for route in pages(fleet, "GET"):
        for name in (OURS, *OTHERS):
            target = filled(route.path, name)
            for viewer in ("viewer east", "technician east", "clerk east", "blind"):
                answer = people[viewer].get(target)
                fine = (200, 403, 404, 409) if name == OURS else (200, 403, 404)  # 409: a bundle that has not come yet
                assert answer.status in fine, (target, answer.status)
                shown = answer.body.decode("utf-8-sig", "replace").replace(target, "")
                assert "SECRET" not in shown, (target, viewer)
                assert not any(other in shown for other in OTHERS), (target, viewer)
                if viewer == "blind":
                    assert OURS not in shown, target
            told += people["viewer"].get(target).body.decode("utf-8-sig", "replace").count("SECRET")
    assert told > 10, "there is something to be kept"


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(
    "rest", ["", "/reports", "/changes", "/directives", "/flips", "/hours", "/summaries", "/asset"]
)
def test_a_terminal_out_of_sight_is_one_that_does_not_exist(
    fleet: Centre, people: dict[str, Browser], name: str, rest: str
) -> None:
    viewer = people["viewer east"]
    assert viewer.get(f"/api/v1/terminals/{OURS}{rest}").status == 200
    there, nowhere = (viewer.get(f"/api/v1/terminals/{one}{rest}") for one in (name, "t-none"))
    assert (there.status, there.body) == (nowhere.status, nowhere.body) == (404, nowhere.body)


def test_an_incident_is_as_large_as_what_one_sees_of_it(fleet: Centre, people: dict[str, Browser]) -> None:
    whole, part = (people[who].get("/api/v1/incidents/i-both").json for who in ("viewer", "viewer east"))
    assert (whole["missing"], whole["peak"], len(whole["members"])) == (777, 777, 2)
    assert (part["missing"], part["peak"], [one["terminal"] for one in part["members"]]) == (1, 1, [OURS])
    assert [one["id"] for one in people["viewer east"].get("/api/v1/incidents").json["incidents"]] == ["i-both"]


def test_the_figures_of_the_whole_centre_are_for_those_who_see_it(fleet: Centre, people: dict[str, Browser]) -> None:
    assert (people["viewer"].get("/metrics").status, people["viewer east"].get("/metrics").status) == (200, 403)


def test_a_token_has_a_sight_too(fleet: Centre) -> None:
    tokens = Tokens(store_of(fleet), fleet.clock.monotonic)
    _, token = asyncio.run(tokens.add("east", ["read", "write"], None, WHO, EAST))
    answer = fleet.get("/api/v1/terminals", authorization=f"Bearer {token}")
    assert [one["terminal"] for one in answer.json["terminals"]] == [OURS]


def test_a_token_that_may_all_sees_all() -> None:
    with pytest.raises(BadValue):
        asyncio.run(Tokens.add(None, "x", ["admin"], None, WHO, EAST))  # type: ignore[arg-type]


# -- who may ----------------------------------------------------------------------------------------------------------


def test_nobody_sees_anything(fleet: Centre, people: dict[str, Browser]) -> None:
    for method, path in endpoints(fleet):
        answer = fleet.ask(method, filled(path, OURS), {"content-type": "application/json"}, (b"{}",))
        assert (answer.status, OURS in answer.text) == (401, False), path
    for route in routes(fleet):
        if route.path in OPEN_PAGES - {"/metrics", "/signout"} or route.path.startswith(("/static", "/api/")):
            continue
        for method in (route.methods or set()) & {"GET", "POST"}:
            answer = fleet.ask(method, filled(route.path, OURS))
            assert answer.status in (303, 401), (method, route.path, answer.status)
            assert answer.headers.get("location", "/signin").startswith("/signin")


def test_every_page_says_what_it_needs(fleet: Centre) -> None:
    own = {route.path for route in routes(fleet) if needed_by(route.endpoint) is None}
    rest = {path for path in own if not path.startswith(("/api/v1/", "/static/", "/profile"))}
    assert rest <= OPEN_PAGES


@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_shown_to_those_who_may(fleet: Centre, people: dict[str, Browser], role: Role) -> None:
    for route in pages(fleet, "GET"):
        act = needed_by(route.endpoint)
        answer = people[role].get(filled(route.path, OURS))
        allowed = act is None or act in MAY[role]
        assert (answer.status == 403) is not allowed, (route.path, answer.status)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_a_form_does_nothing_for_those_who_may_not(fleet: Centre, people: dict[str, Browser], role: Role) -> None:
    browser = people[role]
    browser.get("/profile")
    word, tried = browser.csrf, 0
    for route in pages(fleet, "POST"):
        act = needed_by(route.endpoint)
        if act is None or act in MAY[role]:
            continue
        tried += 1
        assert browser.post(filled(route.path, OURS), {"x": "y"}, csrf=word).status == 403, route.path
    assert tried > 5


def act_of(method: str, path: str) -> Act:
    if path.startswith(("/api/v1/tokens", "/api/v1/audit", "/api/v1/users", "/api/v1/codes")):
        return "admin"
    if method == "GET":
        return "renew" if "/vouchers/" in path else "see"
    if "/directives" in path or path.startswith("/api/v1/alerts"):
        return "direct"
    return "renew" if path.startswith("/api/v1/renewals") else "fleet"


@pytest.mark.parametrize("role", ROLES)
def test_the_api_does_for_each_role_what_it_may(fleet: Centre, people: dict[str, Browser], role: Role) -> None:
    for method, path in endpoints(fleet):
        cookie = {"cookie": f"posagent={people[role].jar['posagent']}", "content-type": "application/json"}
        # what does not exist, so that nothing is changed where it is allowed
        target = re.sub(r"\{\w+\}", "none", path)
        answer = fleet.ask(method, target, cookie, (b"[]",))
        assert (answer.status == 403) is (act_of(method, path) not in MAY[role]), (method, path, answer.status)


def test_roles_are_steps_without_gaps() -> None:
    assert all("see" in MAY[role] for role in ROLES)
    assert MAY["admin"] == frozenset(ACTS)


# -- changing ---------------------------------------------------------------------------------------------------------

CLERK = Who("clerk", 1_790_000_000, EAST)


@pytest.fixture
def registry(centre: Centre) -> Registry:
    fill(centre)
    return Registry(store_of(centre))


@pytest.mark.parametrize("name", [*OTHERS, "t-none"])
def test_what_one_does_not_see_one_cannot_change(registry: Registry, name: str) -> None:
    for attempt in (
        registry.describe(name, {"region": "east"}, CLERK),
        registry.retire(name, CLERK),
        registry.place(iccid_of(OURS), name, CLERK),
    ):
        with pytest.raises(StoreRefused, match="no such terminal"):
            asyncio.run(attempt)
    assert registry_text(registry).count("'taken_out'") == 0


def registry_text(registry: Registry) -> str:
    return repr([line.action for line in asyncio.run(registry.trail(who="clerk"))])


@pytest.mark.parametrize("iccid", ["89860000000000000001", "89860000000000000009", "89869999999999999999"])
def test_cards_elsewhere_and_spare_ones_cannot_be_taken(registry: Registry, iccid: str) -> None:
    for attempt in (
        registry.place(iccid, OURS, CLERK), registry.place(iccid, None, CLERK), registry.retire_card(iccid, CLERK),
        registry.put_card(iccid, {"note": "mine"}, CLERK),
    ):  # fmt: skip
        with pytest.raises(StoreRefused, match="no such card"):
            asyncio.run(attempt)
    assert registry_text(registry) == "[]"


def test_a_terminal_is_not_taken_out_of_ones_sight(registry: Registry) -> None:
    with pytest.raises(StoreRefused, match="not yours"):
        asyncio.run(registry.describe(OURS, {"region": "west"}, CLERK))
    assert asyncio.run(registry.describe(OURS, {"shop": "new"}, CLERK)).shop == "new"


@pytest.mark.parametrize(
    "row",
    [
        {"terminal": "t-west", "region": "east"}, {"terminal": "t-bare", "region": "east"}, {"terminal": "t-new"},
        {"terminal": "t-new", "region": "west"}, {"terminal": OURS, "iccid": "89860000000000000001"},
        {"terminal": OURS, "iccid": "89860000000000000009"}, {"terminal": OURS, "region": "west"},
    ],
)  # fmt: skip
def test_a_sheet_brings_in_only_what_one_sees(registry: Registry, row: dict[str, str]) -> None:
    done = asyncio.run(registry.bring_in([(2, row)], CLERK))
    assert len(done.errors) == 1
    assert registry_text(registry) == "[]"


def test_a_sheet_may_bring_new_terminals_into_ones_own_region(registry: Registry) -> None:
    row = {"terminal": "t-new", "region": "east", "iccid": "89861111111111111111"}
    assert asyncio.run(registry.bring_in([(2, row)], CLERK)).created == 1


def test_plans_are_everybodys_and_changed_by_those_who_see_everything(registry: Registry) -> None:
    with pytest.raises(StoreRefused):
        asyncio.run(registry.put_plan("p", {"price": "1"}, CLERK))


def test_an_alert_out_of_sight_cannot_be_acknowledged(centre: Centre) -> None:
    fill(centre)
    technician = signed_in(centre, "tess", "technician", EAST)
    statuses = {}
    for name, subject in ((OURS, ""), ("t-west", "SECRET")):
        body = json.dumps({"terminal": name, "code": "silent", "subject": subject}).encode()
        cookie = {"cookie": f"posagent={technician.jar['posagent']}", "content-type": "application/json"}
        statuses[name] = centre.ask("POST", "/api/v1/alerts/ack", cookie, (body,)).status
    assert statuses == {OURS: 200, "t-west": 409}


def test_a_directive_says_who_sent_it_and_goes_only_where_one_sees(centre: Centre) -> None:
    fill(centre)
    technician = signed_in(centre, "tess", "technician", EAST)
    cookie = {"cookie": f"posagent={technician.jar['posagent']}", "content-type": "application/json"}
    asked = {name: centre.ask("POST", f"/api/v1/terminals/{name}/directives", cookie, (b'{"kind": "run-diag"}',))
             for name in (OURS, *OTHERS)}  # fmt: skip
    assert [answer.status for answer in asked.values()] == [201, 404, 404]
    assert asked[OURS].json["sent_by"] == "tess"


# -- the condition itself, on both databases --------------------------------------------------------------------------

TAGS = [["vip"], ["VIP"], ["vip 2"], ['x"vip'], ["a", "vip"], ["a,vip"], [', "vip"'], ["v%p"], ["\\vip"], []]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "sight",
    [Sight(tags=frozenset({"vip"})), Sight(merchants=frozenset({"m", "n"})), Sight(regions=frozenset({"r'"})),
     Sight(), EVERYTHING,
     Sight(merchants=frozenset({"m"}), tags=frozenset({'x"vip', "a,vip"})), Sight(tags=frozenset({"v%p", "_ip"}))],
)  # fmt: skip
def test_the_database_sees_what_the_rule_says(kind: str, sight: Sight, tmp_path: Path) -> None:
    places = [(merchant, region, tags) for merchant in ("m", "") for region in ("r'", "r") for tags in TAGS]
    with store_on(kind, tmp_path) as store:
        for number, (merchant, region, tags) in enumerate(places):
            put(store, f"t-{number:03}", merchant, region, tags)
        condition, values = where(sight, "t.terminal")
        statement = f"SELECT t.terminal FROM assets t WHERE {condition} ORDER BY 1"  # noqa: S608 - ours
        rows = asyncio.run(store.read(statement, values))
    expected = [f"t-{number:03}" for number, place in enumerate(places) if sight.sees(*place)]
    assert [row[0] for row in rows] == expected


def put(store: SqlStore, name: str, merchant: str, region: str, tags: list[str]) -> None:
    statement = "INSERT INTO assets (terminal, merchant, region, tags) VALUES (?, ?, ?, ?)"
    asyncio.run(store.write(run(statement, (name, merchant, region, json.dumps(tags, ensure_ascii=False)))))


@pytest.mark.parametrize(
    "sight", [EVERYTHING, Sight(), EAST, Sight(merchants=frozenset({'"', "商户"}), tags=frozenset({"*"}))]
)
def test_a_sight_is_kept_as_it_was(sight: Sight) -> None:
    assert read_sight(sight.to_text()) == sight
