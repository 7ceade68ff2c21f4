"""Every endpoint of /api/v1: the routes and their description are made from this one table."""

import json
from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.api.console import ConsoleApi
from central.api.directives import DirectivesApi
from central.api.facts import Api, guarded, json_response
from central.api.fleet import FleetApi
from central.api.openapi import Endpoint, document
from central.api.people import PeopleApi
from central.api.platforms import PlatformsApi
from central.api.renewals import RenewalsApi
from central.api.watch import WatchApi
from central.registry import CARD_FIELDS

VERSION = "0.1.0"
_V1 = "/api/v1"
_ONE = f"{_V1}/terminals/{{terminal}}"
_CARD = f"{_V1}/cards/{{iccid}}"
_PAGED = ("limit", "cursor")
_TIMED = ("limit", "before")
_SHEET = "text/csv"
_FILE = "application/octet-stream"


def endpoints(
    api: Api, directives: DirectivesApi, watch: WatchApi, fleet: FleetApi, people: PeopleApi, renewals: RenewalsApi,
    console: ConsoleApi, platforms: PlatformsApi,
) -> list[Endpoint]:  # fmt: skip
    return [
        *_console(console),
        *_terminals(api, directives),
        *_watching(watch),
        *_alerts(watch),
        *_keeping(fleet),
        *_platforms(platforms),
        *_running(fleet),
        *_people(people),
        *_batches(renewals),
        *_renewals(renewals),
    ]


def routes(table: Sequence[Endpoint]) -> list[Route]:
    """For Starlette, the description of them all included."""
    described = json.dumps(document(table, VERSION), ensure_ascii=False)
    found = [Route(one.path, guarded(one.handler), methods=[one.method]) for one in table]
    return [Route(f"{_V1}/openapi.json", _fixed(described), methods=["GET"]), *found]


def _fixed(text: str) -> Callable[[Request], Response]:
    def answer(_request: Request) -> Response:
        return json_response(json.loads(text))

    return answer


def _terminals(api: Api, directives: DirectivesApi) -> list[Endpoint]:
    path = f"{_ONE}/directives"
    sent = {"kind": "string", "body": "object", "expires_s": "integer"}
    return [
        Endpoint("GET", f"{_V1}/terminals", api.terminals, "terminals and their status", (*_PAGED, "status")),
        Endpoint("GET", _ONE, api.terminal, "one terminal"),
        Endpoint("GET", f"{_ONE}/reports", api.reports, "its reports, newest first", _PAGED),
        Endpoint("GET", f"{_ONE}/changes", api.changes, "its changes, newest first", _PAGED),
        Endpoint("GET", path, directives.list, "what was asked of it"),
        Endpoint("POST", path, directives.send, "ask something of it", body=sent, status=201),
        Endpoint("DELETE", f"{path}/{{directive}}", directives.withdraw, "withdraw what was not yet done"),
    ]


def _console(console: ConsoleApi) -> list[Endpoint]:
    places = ("q", "verdict", "merchant", "shop", "region", "operator", "tag", "ends")
    paged = ("limit", "sort", "order", "after", "after_value")
    return [
        Endpoint("GET", f"{_V1}/now", console.overview, "who is up, late or down and by what cause; what runs out"),
        Endpoint(
            "GET", f"{_V1}/search/terminals", console.search, "searched, filtered, sorted", ("status", *paged, *places)
        ),
        Endpoint("GET", f"{_ONE}/signal", console.signal, "signal by technology, medians beside it", ("days",)),
        Endpoint("GET", f"{_ONE}/usage", console.usage, "usage against quota, and the forecast", ("days",)),
        Endpoint("GET", f"{_ONE}/plan-facts", console.plan_facts, "facts of its plan by source; cards that were in"),
        Endpoint(
            "GET", f"{_ONE}/own-traffic", console.own_traffic, "what the agent itself costs, and how it is", ("days",)
        ),
        Endpoint("GET", f"{_V1}/availability", console.availability, "a month by shop and carrier", ("month",)),
        Endpoint("GET", f"{_V1}/costs", console.costs, "cards in use and their price by plan"),
    ]


def _watching(watch: WatchApi) -> list[Endpoint]:
    hours = f"{_ONE}/hours"
    return [
        Endpoint("GET", f"{_V1}/flips", watch.flips, "who fell silent and who came back", ("since", *_TIMED)),
        Endpoint("GET", f"{_ONE}/flips", watch.flips_of, "its silences, with the last words before", _TIMED),
        Endpoint("GET", hours, watch.hours, "opening hours: 168 hours from Monday 00:00"),
        Endpoint(
            "PUT", hours, watch.set_hours, "set them: mon-fri 9:00-21:00; sat 10:00-18:00", body={"hours": "string"}
        ),
        Endpoint("DELETE", hours, watch.forget_hours, "go back to what was learned"),
        Endpoint("GET", f"{_ONE}/summaries", watch.summaries, "old history", ("span", "since", "before")),
        Endpoint("GET", f"{_V1}/incidents", watch.list_incidents, "many silences, one cause", (*_TIMED, "open")),
        Endpoint("GET", f"{_V1}/incidents/{{incident}}", watch.incident, "one incident and its members"),
        Endpoint("GET", f"{_V1}/outages", watch.outages, "when the centre itself was not there", ("limit",)),
    ]


def _alerts(watch: WatchApi) -> list[Endpoint]:
    path = f"{_V1}/alerts"
    key = {"terminal": "string", "code": "string", "subject": "string"}
    return [
        Endpoint("GET", path, watch.alerts, "what fires now", ("limit",)),
        Endpoint("POST", f"{path}/ack", watch.acknowledge, "no more reminders until it is over", body=key),
        Endpoint("GET", f"{path}/channels", watch.channels, "channels by name, and the rules"),
        Endpoint("POST", f"{path}/test", watch.test_channel, "send a test message", body={"channel": "string"}),
        Endpoint("GET", f"{path}/deliveries", watch.deliveries, "what was sent, and what did not go", _TIMED),
    ]


def _keeping(fleet: FleetApi) -> list[Endpoint]:
    asset = dict.fromkeys(("name", "merchant", "shop", "region", "note", "imei", "address", "contact"), "string")
    asset |= {"tags": "array"}
    plan = dict.fromkeys(("name", "carrier", "apn", "price", "currency", "tiers", "product"), "string")
    plan |= dict.fromkeys(("quota_mb", "months", "lead_days", "order_day"), "integer|null")
    card = dict.fromkeys(CARD_FIELDS, "string|null")
    places = ("merchant", "shop", "region", "tag", "retired")
    moved = {"terminal": "string|null"}
    return [
        Endpoint("GET", f"{_V1}/assets", fleet.assets, "where terminals stand", (*_PAGED, *places)),
        Endpoint("GET", f"{_ONE}/asset", fleet.asset, "where it stands"),
        Endpoint("PATCH", f"{_ONE}/asset", fleet.describe, "say where it stands", body=asset),
        Endpoint("POST", f"{_ONE}/retire", fleet.retire, "take it out of use"),
        Endpoint("GET", f"{_V1}/plans", fleet.plans, "plans"),
        Endpoint("PUT", f"{_V1}/plans/{{plan}}", fleet.put_plan, "add or change a plan", body=plan),
        Endpoint("GET", f"{_V1}/cards", fleet.cards, "cards", (*_PAGED, "state", "plan", "batch")),
        Endpoint("GET", _CARD, fleet.card, "one card"),
        Endpoint("PUT", _CARD, fleet.put_card, "add or change a card", body=card),
        Endpoint("POST", f"{_CARD}/place", fleet.place_card, "put it into a terminal, or take it out", body=moved),
        Endpoint("POST", f"{_CARD}/retire", fleet.retire_card, "take it out of use"),
        Endpoint("GET", f"{_V1}/export/terminals.{{kind}}", fleet.export, "all as CSV or XLSX", answer=_SHEET),
        Endpoint("POST", f"{_V1}/import/terminals", fleet.bring_in, "CSV or XLSX", ("check",), takes=_SHEET),
        Endpoint("GET", f"{_V1}/export/cards.{{kind}}", fleet.export_cards, "cards as CSV or XLSX", answer=_SHEET),
        Endpoint("POST", f"{_V1}/import/cards", fleet.bring_in_cards, "CSV or XLSX", ("check",), takes=_SHEET),
    ]


def _platforms(platforms: PlatformsApi) -> list[Endpoint]:
    key = {"key": "string"}
    return [
        Endpoint("GET", f"{_V1}/platforms", platforms.accounts, "carriers' platforms: what was asked, how it goes"),
        Endpoint(
            "POST", f"{_V1}/platforms/{{account}}/check", platforms.check, "ask about one card now; nothing is kept",
            body={"iccid": "string"},
        ),
        Endpoint("GET", f"{_CARD}/facts", platforms.facts, "what is known of a card, by whom, and whom we go by"),
        Endpoint(
            "GET", f"{_CARD}/warnings", platforms.warnings, "why it may not work in that terminal", ("terminal",)
        ),
        Endpoint("POST", f"{_CARD}/suspend", platforms.suspend, "cut it off at its carrier, once a key", body=key),
        Endpoint("POST", f"{_CARD}/resume", platforms.resume, "let it work again, once a key", body=key),
        Endpoint(
            "POST", f"{_CARD}/order", platforms.order, "order for it, once a key", body=key | {"product": "string"}
        ),
        Endpoint(
            "POST", f"{_V1}/import/card-facts", platforms.bring_in, "a portal's sheet, CSV or XLSX",
            ("account", "check"), takes=_SHEET,
        ),
    ]  # fmt: skip


def _running(fleet: FleetApi) -> list[Endpoint]:
    token = {"name": "string", "scopes": "array", "days": "integer|null", "sees": "object|null"}
    return [
        Endpoint("GET", f"{_V1}/audit", fleet.trail, "who changed what", (*_TIMED, "kind", "object")),
        Endpoint("GET", f"{_V1}/tokens", fleet.list_tokens, "tokens of programs"),
        Endpoint("POST", f"{_V1}/tokens", fleet.add_token, "a new one; shown this once", body=token, status=201),
        Endpoint("DELETE", f"{_V1}/tokens/{{token}}", fleet.revoke_token, "refuse it from now on"),
    ]


def _people(people: PeopleApi) -> list[Endpoint]:
    sees = {"sees": "object|null"}
    user = {"name": "string", "password": "string", "role": "string"} | sees
    code = {"terminal": "string", "name": "string", "days": "integer", "count": "integer"}
    return [
        Endpoint("GET", f"{_V1}/users", people.list, "people who sign in"),
        Endpoint("POST", f"{_V1}/users", people.add, "somebody new", body=user, status=201),
        Endpoint(
            "PATCH", f"{_V1}/users/{{user}}", people.change, "another role or sight; disable, enable",
            body={"role": "string", "disabled": "boolean"} | sees,
        ),
        Endpoint("GET", f"{_V1}/codes", people.codes, "enrolment codes that have not expired"),
        Endpoint("POST", f"{_V1}/codes", people.make_codes, "new ones; shown this once", body=code, status=201),
    ]  # fmt: skip


def _renewals(desk: RenewalsApi) -> list[Endpoint]:
    path = f"{_V1}/renewals"
    one = f"{path}/{{renewal}}"
    pool = dict.fromkeys(("name", "carrier", "account", "note"), "string") | {"ends_on": "string|null"}
    pool |= {"total_mb": "integer|null", "cycle_day": "integer|null"}
    only = ("renewal_state", "renewal_batch", "terminal", "iccid")
    return [
        Endpoint("GET", path, desk.list, "renewals, newest first", (*_PAGED, *only)),
        Endpoint("GET", f"{path}/worklist", desk.worklist, "who ends, or is to be ordered", ("limit", "days", "group")),
        Endpoint("GET", f"{path}/ladder", desk.ladder, "how many end when"),
        Endpoint("GET", f"{path}/dead", desk.dead, "paid a day ago, and still not working", ("limit",)),
        Endpoint("GET", f"{path}/spares", desk.spares, "spare cards that go stale", ("limit",)),
        Endpoint("GET", f"{path}/fit", desk.fits, "who should have another plan, and what it saves", ("limit",)),
        Endpoint("GET", f"{path}/bulk", desk.bulks, "a few cards more for a cheaper price"),
        Endpoint("GET", f"{path}/costs", desk.costs, "what was paid in a month", ("month", "cost_group")),
        Endpoint("GET", f"{_V1}/holidays", desk.holidays, "days on which carriers do not work, or do on a weekend"),
        Endpoint("PUT", f"{_V1}/holidays", desk.put_holidays, "all of them anew", body={"lines": "string"}),
        Endpoint("GET", f"{_V1}/pools", desk.pools, "data that cards share"),
        Endpoint("PUT", f"{_V1}/pools/{{pool}}", desk.put_pool, "add or change a pool", body=pool),
        Endpoint("GET", one, desk.one, "one renewal"),
        Endpoint(
            "POST", f"{one}/fail", desk.fail, "it did not work, and why", body={"reason": "string", "note": "string"}
        ),
        Endpoint("POST", f"{one}/void", desk.void, "withdraw it", body={"note": "string"}),
        Endpoint("POST", f"{one}/again", desk.order_again, "order at the platform again", body={"note": "string"}),
        Endpoint("POST", f"{one}/ordered", desk.was_ordered, "it was ordered there", body={"note": "string"}),
        Endpoint("POST", f"{one}/verify", desk.verify, "ask the terminal again", body={"note": "string"}),
    ]


def _batches(desk: RenewalsApi) -> list[Endpoint]:
    path = f"{_V1}/renewals/batches"
    one = f"{path}/{{batch_id}}"
    made = {"cards": "array", "title": "string", "key": "string", "days": "integer"}
    paid = dict.fromkeys(("amount", "currency", "paid_on", "reference", "key"), "string") | {"renewals": "array"}
    return [
        Endpoint("GET", path, desk.batches, "batches, newest first", _TIMED),
        Endpoint(
            "POST", path, desk.make, "a batch out of the worklist; the same key again: the same", body=made, status=201
        ),
        Endpoint("GET", one, desk.batch, "one batch with its renewals, payments and vouchers"),
        Endpoint("POST", f"{one}/order", desk.order, "it was ordered", body={"reference": "string"}),
        Endpoint(
            "POST", f"{one}/order-there", desk.order_there, "order at the carriers' platforms, once a card",
            body={"note": "string"}, status=202,
        ),
        Endpoint("POST", f"{one}/pay", desk.pay, "it was paid; the terminals are asked to verify", body=paid),
        Endpoint("GET", f"{one}/order.{{kind}}", desk.sheet, "the order as a sheet", ("layout",), answer=_SHEET),
        Endpoint(
            "POST", f"{one}/vouchers", desk.add_voucher, "a voucher or invoice as the body", ("name",), takes=_FILE,
            status=201,
        ),
        Endpoint(
            "GET", f"{_V1}/renewals/vouchers/{{voucher}}", desk.voucher, "one voucher's file; needs the right to renew",
            answer=_FILE,
        ),
    ]  # fmt: skip
