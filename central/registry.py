"""What people say of the fleet: where terminals stand, which plans there are, which card is where. Every change leaves
a line in the audit trail, written in the same transaction: who, when, what it was and what it is.
"""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Literal

from central.auth import TERMINAL_ID
from central.renewals.prices import read_tiers
from central.sight import EVERYTHING, Sight, where
from central.store.base import MAX_PAGE, StoreRefused
from central.store.core import SqlStore
from central.store.database import Session

Kind = Literal["terminal", "plan", "card", "token", "alert", "user", "code", "renewal", "pool", "holidays"]
CardState = Literal["spare", "in_use", "retired"]
CARD_STATES: tuple[CardState, ...] = ("spare", "in_use", "retired")
ASSET_FIELDS = ("name", "merchant", "shop", "region", "tags", "note", "imei", "address", "contact")
PLAN_FIELDS = (
    "name", "carrier", "apn", "quota_mb", "months", "price", "currency", "tiers", "lead_days", "order_day", "product",
)  # fmt: skip
CARD_FIELDS = ("msisdn", "plan", "batch", "expires_on", "note", "account", "pool", "received_on", "use_by")
CARD_SHEET = ("iccid", "terminal", *CARD_FIELDS)
_PLAN_NUMBERS = {"quota_mb": 2**40, "months": 240, "lead_days": 60, "order_day": 31}
"""Each with the most it may be."""
_CARD_DAYS = ("expires_on", "received_on", "use_by")
SHEET = ("terminal", "name", "merchant", "shop", "region", "tags", "note", "imei", "address", "contact", "iccid")
_MAX_TEXT = 200
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_ICCID = re.compile(r"\d{18,20}[0-9A-Fa-f]?\Z")
_IMEI = re.compile(r"\d{14,16}\Z")

_ASSET = """SELECT t.id, t.name, t.created_at, t.revoked_at, a.merchant, a.shop, a.region, a.tags, a.note, a.imei,
a.retired_at, a.address, a.contact, c.iccid FROM terminals t LEFT JOIN assets a ON a.terminal = t.id
LEFT JOIN cards c ON c.terminal = t.id AND c.state = 'in_use'"""
_ONE = f"{_ASSET} WHERE t.id = ?"
_SEEN_ONE = f"{_ASSET} WHERE t.id = :terminal AND {{seen}}"
_PAGE = f"""{_ASSET} WHERE t.id > :after AND (:merchant = '' OR a.merchant = :merchant)
AND (:shop = '' OR a.shop = :shop) AND (:region = '' OR a.region = :region)
AND (:tag = '' OR a.tags LIKE :like ESCAPE '!')
AND (:retired = 1 OR a.retired_at IS NULL) AND {{seen}} ORDER BY t.id LIMIT :limit"""
_NAME = "UPDATE terminals SET name = ? WHERE id = ?"
_PUT_ASSET = """INSERT INTO assets (terminal, merchant, shop, region, tags, note, imei, address, contact)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (terminal) DO UPDATE SET merchant = excluded.merchant, shop = excluded.shop, region = excluded.region,
tags = excluded.tags, note = excluded.note, imei = excluded.imei, address = excluded.address, contact = excluded.contact"""
_RETIRE = """INSERT INTO assets (terminal, retired_at) VALUES (:terminal, :now)
ON CONFLICT (terminal) DO UPDATE SET retired_at = excluded.retired_at"""
_REVOKE = "UPDATE terminals SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?"
_NEW = "INSERT INTO terminals (id, name, secret_sha256, created_at) VALUES (?, ?, ?, ?)"
_PLAN = f"SELECT id, {', '.join(PLAN_FIELDS)} FROM plans"  # noqa: S608 - ours
_PUT_PLAN = f"""INSERT INTO plans (id, {", ".join(PLAN_FIELDS)}) VALUES (?{", ?" * len(PLAN_FIELDS)})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in PLAN_FIELDS)}"""  # noqa: S608 - ours
_CARD = f"SELECT iccid, state, terminal, {', '.join(CARD_FIELDS)} FROM cards"  # noqa: S608 - ours
_CARDS = f"""{_CARD} WHERE iccid > :after AND (:state = '' OR state = :state) AND (:plan = '' OR plan = :plan)
AND (:batch = '' OR batch = :batch) AND {{seen}} ORDER BY iccid LIMIT :limit"""
_SEEN_CARD = f"{_CARD} WHERE iccid = :iccid AND {{seen}}"
_PUT_CARD = f"""INSERT INTO cards (iccid, state, terminal, {", ".join(CARD_FIELDS)})
VALUES (?, ?, ?{", ?" * len(CARD_FIELDS)}) ON CONFLICT (iccid) DO UPDATE SET state = excluded.state,
terminal = excluded.terminal, {", ".join(f"{name} = excluded.{name}" for name in CARD_FIELDS)}"""  # noqa: S608 - ours
_BATCHES = "SELECT terminal, batch FROM cards WHERE state = 'in_use' AND batch <> '' AND terminal IS NOT NULL"
_AUDIT = "INSERT INTO audit (id, at, who, action, kind, object, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"
_TRAIL = """SELECT id, at, who, action, kind, object, detail FROM audit
WHERE (at < :before OR (at = :before AND id > :after)) AND at >= :since AND (:kind = '' OR kind = :kind)
AND (:name = '' OR object = :name) AND (:who = '' OR who = :who) ORDER BY at DESC, id LIMIT :limit"""
_LAST = "~"
"""After every id."""


class BadValue(StoreRefused):
    """A value that cannot be kept; the message names the field and what is allowed."""


@dataclass(frozen=True, slots=True)
class Asset:
    terminal: str
    name: str = ""
    created_at: int = 0
    revoked_at: int | None = None
    merchant: str = ""
    shop: str = ""
    region: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    imei: str | None = None
    retired_at: int | None = None
    address: str = ""
    contact: str = ""
    """Whom to call in the shop: a name, a number."""
    iccid: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    iccid: str
    state: CardState = "spare"
    terminal: str | None = None
    msisdn: str = ""
    plan: str | None = None
    batch: str = ""
    expires_on: str | None = None
    note: str = ""
    account: str = ""
    """At the carrier."""
    pool: str = ""
    received_on: str | None = None
    use_by: str | None = None
    """Of a spare one: it begins to cost, or ends, by itself after this day."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: str
    name: str = ""
    carrier: str = ""
    apn: str = ""
    quota_mb: int | None = None
    months: int | None = None
    price: str | None = None
    currency: str = "CNY"
    tiers: str = ""
    """What many at once cost: `50=2.80 200=2.50`."""
    lead_days: int | None = None
    """Working days until the carrier has booked an order."""
    order_day: int | None = None
    """Orders of a month are taken until this day of it."""
    product: str = ""
    """What the carrier's platform calls it when it is ordered there; "" = as it is called here."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    id: str
    at: int
    who: str
    action: str
    kind: str
    object: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    changed: int
    same: int
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """Who makes a change, and when."""

    name: str
    now: int
    sight: Sight = EVERYTHING
    """What he does not see, he does not change."""


class Registry:
    """All changes raise StoreRefused (BadValue for a value) before anything is written, StoreUnavailable otherwise."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def asset(self, terminal: str, sight: Sight = EVERYTHING) -> Asset | None:
        seen, values = where(sight, "t.id")
        rows = await self._store.read(_SEEN_ONE.format(seen=seen), values | {"terminal": terminal})
        return _asset(rows[0]) if rows else None

    async def named(self, terminals: Sequence[str]) -> dict[str, Asset]:
        """Those of `terminals` that there are; at most MAX_PAGE."""
        wanted = tuple(terminals[:MAX_PAGE])
        if not wanted:
            return {}
        rows = await self._store.read(f"{_ASSET} WHERE t.id IN ({', '.join('?' * len(wanted))})", wanted)
        return {row[0]: _asset(row) for row in rows}

    async def assets(
        self, *, after: str = "", limit: int = 100, merchant: str = "", shop: str = "", region: str = "", tag: str = "",
        retired: bool = False, sight: Sight = EVERYTHING,
    ) -> list[Asset]:  # fmt: skip
        seen, named = where(sight, "t.id")
        quoted = json.dumps(tag, ensure_ascii=False).replace("!", "!!").replace("_", "!_").replace("%", "!%")
        values = {
            "after": after, "limit": min(limit, MAX_PAGE), "merchant": merchant, "shop": shop, "region": region,
            "tag": tag, "like": f"%{quoted}%", "retired": int(retired),
        }  # fmt: skip
        return [_asset(row) for row in await self._store.read(_PAGE.format(seen=seen), named | values)]

    async def all_assets(self, sight: Sight = EVERYTHING) -> list[Asset]:
        """For a sheet; the retired ones too."""
        rows: list[Asset] = []
        while page := await self.assets(
            after=rows[-1].terminal if rows else "", limit=MAX_PAGE, retired=True, sight=sight
        ):
            rows += page
        return rows

    async def describe(self, terminal: str, fields: Mapping[str, Any], who: Who) -> Asset:
        """Some of ASSET_FIELDS become what `fields` says; the terminal as it then is."""
        return await self._store.write(partial(_describe, terminal=terminal, fields=dict(fields), who=who))

    async def retire(self, terminal: str, who: Who) -> None:
        """Out of use: its credential is refused, its card is spare, its history stays."""
        await self._store.write(partial(_retire, terminal=terminal, who=who))
        self._store.forget(terminal)

    async def plans(self) -> list[PlanRow]:
        return [PlanRow(*row) for row in await self._store.read(f"{_PLAN} ORDER BY id")]

    async def put_plan(self, plan: str, fields: Mapping[str, Any], who: Who) -> PlanRow:
        return await self._store.write(partial(_put_plan, plan=plan, fields=dict(fields), who=who))

    async def card(self, iccid: str, sight: Sight = EVERYTHING) -> Card | None:
        seen, values = where(sight, "cards.terminal")
        rows = await self._store.read(_SEEN_CARD.format(seen=seen), values | {"iccid": iccid})
        return Card(*rows[0]) if rows else None

    async def cards(
        self, *, after: str = "", limit: int = 100, state: str = "", plan: str = "", batch: str = "",
        sight: Sight = EVERYTHING,
    ) -> list[Card]:  # fmt: skip
        """Those in terminals in sight; spare ones are for those who see everything."""
        seen, values = where(sight, "cards.terminal")
        values |= {"after": after, "limit": min(limit, MAX_PAGE), "state": state, "plan": plan, "batch": batch}
        return [Card(*row) for row in await self._store.read(_CARDS.format(seen=seen), values)]

    async def put_card(self, iccid: str, fields: Mapping[str, Any], who: Who) -> Card:
        """A new card, or what is known of one."""
        return await self._store.write(partial(_put_card, iccid=iccid, fields=dict(fields), who=who))

    async def place(self, iccid: str, terminal: str | None, who: Who) -> Card:
        """Put a card into a terminal; None: take it out, it is spare. The one that was there becomes spare."""
        return await self._store.write(partial(_place, iccid=iccid, terminal=terminal, who=who))

    async def retire_card(self, iccid: str, who: Who) -> Card:
        return await self._store.write(partial(_retire_card, iccid=iccid, who=who))

    async def batches(self) -> dict[str, str]:
        """The batch of the card in each terminal."""
        return {row[0]: row[1] for row in await self._store.read(_BATCHES)}

    async def bring_in(
        self, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool = False
    ) -> Imported:
        """Rows of a sheet with columns of SHEET (`terminal` at least): all of them, or none when one has an error.

        A terminal nobody knew is made, without a credential yet. An empty cell means nothing is known.
        """
        done: Imported = await self._store.write(partial(_bring_in, rows=rows, who=who, only_check=only_check))
        return done

    async def bring_in_cards(
        self, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool = False
    ) -> Imported:
        """Rows of a sheet with columns of CARD_SHEET (`iccid` at least): all of them, or none when one has an error.

        A card nobody knew is added; where a terminal is named, the card is in it. An empty cell means nothing is known.
        """
        return await self._store.write(partial(_bring_in_cards, rows=rows, who=who, only_check=only_check))

    async def trail(
        self, *, kind: str = "", name: str = "", who: str = "", since: int = 0, before: int = 2**60,
        after: str = _LAST, limit: int = 100,
    ) -> list[AuditLine]:  # fmt: skip
        """Newest first; those before a moment, or of that moment and behind the line `after` in order."""
        values = {
            "kind": kind, "name": name, "who": who, "since": since, "before": before, "after": after,
            "limit": min(limit, MAX_PAGE),
        }  # fmt: skip
        return [AuditLine(*(*row[:6], json.loads(row[6]))) for row in await self._store.read(_TRAIL, values)]


def audit(session: Session, who: Who, action: str, kind: Kind, name: str, detail: Mapping[str, Any]) -> None:
    """One line of the trail, in the transaction of the change."""
    text = json.dumps(dict(detail), ensure_ascii=False, default=str)
    session.run(_AUDIT, (secrets.token_hex(12), who.now, who.name[:_MAX_TEXT], action, kind, name, text))


def sheet_row(asset: Asset) -> dict[str, str]:
    """A terminal as a row of a sheet."""
    values = {name: getattr(asset, name) for name in SHEET}
    return {name: ", ".join(value) if name == "tags" else str(value or "") for name, value in values.items()}


def _describe(session: Session, terminal: str, fields: dict[str, Any], who: Who) -> Asset:
    rows = session.rows(_ONE, (terminal,))
    if not rows:
        raise StoreRefused("no such terminal")
    was = _asset(rows[0])
    now = _described(was, fields)
    _need_sight(was, now, who)
    _save(session, was, now, who)
    return now


def _need_sight(was: Asset | None, now: Asset, who: Who) -> None:
    """Raises StoreRefused: a change of what he does not see, or one that would take it where he does not."""
    if was is not None and not who.sight.sees(was.merchant, was.region, was.tags):
        raise StoreRefused("no such terminal")
    if not who.sight.sees(now.merchant, now.region, now.tags):
        raise StoreRefused("that merchant, region and tags are not yours to give")


def _need_terminal(session: Session, terminal: str | None, who: Who) -> None:
    """Raises StoreRefused."""
    rows = session.rows(_ONE, (terminal,)) if terminal else []
    if not rows:
        raise StoreRefused("no such terminal")
    found = _asset(rows[0])
    if not who.sight.sees(found.merchant, found.region, found.tags):
        raise StoreRefused("no such terminal")


def _need_everything(who: Who, what: str) -> None:
    """Raises StoreRefused."""
    if not who.sight.everything:
        raise StoreRefused(f"{what} are changed by those who see everything")


def _described(was: Asset, fields: Mapping[str, Any]) -> Asset:
    _only(fields, ASSET_FIELDS)
    values: dict[str, Any] = {name: getattr(was, name) for name in ASSET_FIELDS}
    for name, value in fields.items():
        values[name] = _tags(value) if name == "tags" else _imei(value) if name == "imei" else _text(name, value)
    return replace(was, **values)


def _save(session: Session, was: Asset, now: Asset, who: Who) -> None:
    changed = _difference(was, now)
    if not changed:
        return
    if now.name != was.name:
        session.run(_NAME, (now.name, now.terminal))
    tags = json.dumps(now.tags, ensure_ascii=False)
    told = (tags, now.note, now.imei, now.address, now.contact)
    session.run(_PUT_ASSET, (now.terminal, now.merchant, now.shop, now.region, *told))
    moved = any(name in changed for name in ("merchant", "shop", "region"))
    audit(session, who, "moved" if moved and was.shop else "changed", "terminal", now.terminal, changed)


def _retire(session: Session, terminal: str, who: Who) -> None:
    _need_terminal(session, terminal, who)
    if session.run(_REVOKE, (who.now, terminal)) != 1:
        raise StoreRefused("no such terminal")
    session.run(_RETIRE, {"terminal": terminal, "now": who.now})
    for row in session.rows(f"{_CARD} WHERE terminal = ? AND state = 'in_use'", (terminal,)):
        _keep_card(session, Card(*row), Card(row[0], "spare", None, *row[3:]), "taken_out", who)
    audit(session, who, "retired", "terminal", terminal, {})


def _put_plan(session: Session, plan: str, fields: dict[str, Any], who: Who) -> PlanRow:
    _need_everything(who, "plans")
    if not _ID.match(plan):
        raise BadValue("a plan's id has 1 to 64 letters, digits, '.', '_' or '-'")
    _only(fields, PLAN_FIELDS)
    rows = session.rows(f"{_PLAN} WHERE id = ?", (plan,))
    was = PlanRow(*rows[0]) if rows else PlanRow(plan)
    values = {name: getattr(was, name) for name in PLAN_FIELDS}
    for name, value in fields.items():
        values[name] = _count(name, value, _PLAN_NUMBERS[name]) if name in _PLAN_NUMBERS else _text(name, value)
    try:
        read_tiers(values["tiers"])
    except ValueError as error:
        raise BadValue(str(error)) from None
    now = PlanRow(plan, **values)
    session.run(_PUT_PLAN, (plan, *(values[name] for name in PLAN_FIELDS)))
    audit(session, who, "changed" if rows else "added", "plan", plan, _difference(was, now))
    return now


def _put_card(session: Session, iccid: str, fields: dict[str, Any], who: Who) -> Card:
    if not _ICCID.match(iccid):
        raise BadValue("an ICCID has 18 to 20 digits")
    _only(fields, CARD_FIELDS)
    rows = session.rows(f"{_CARD} WHERE iccid = ?", (iccid,))
    was = Card(*rows[0]) if rows else Card(iccid)
    _need_card(session, was, who)
    values = {name: getattr(was, name) for name in CARD_FIELDS}
    for name, value in fields.items():
        values[name] = (
            _day(name, value) if name in _CARD_DAYS else _text(name, value) or (None if name == "plan" else "")
        )
    if values["plan"] and not session.rows("SELECT 1 FROM plans WHERE id = ?", (values["plan"],)):
        raise BadValue(f"no plan {values['plan']}")
    now = Card(iccid, was.state, was.terminal, **values)
    _keep_card(session, was, now, "changed" if rows else "added", who)
    return now


def _place(session: Session, iccid: str, terminal: str | None, who: Who) -> Card:
    was = _card(session, iccid)
    _need_card(session, was, who)
    return _moved(session, was, terminal, who)


def _moved(session: Session, was: Card, terminal: str | None, who: Who) -> Card:
    iccid = was.iccid
    if was.state == "retired":
        raise StoreRefused(f"card {iccid} is retired")
    if terminal is not None:
        _need_terminal(session, terminal, who)
        for row in session.rows(f"{_CARD} WHERE terminal = ? AND state = 'in_use' AND iccid <> ?", (terminal, iccid)):
            _keep_card(session, Card(*row), Card(row[0], "spare", None, *row[3:]), "taken_out", who)
    now = replace(was, state="spare" if terminal is None else "in_use", terminal=terminal)
    _keep_card(session, was, now, "taken_out" if terminal is None else "placed", who)
    return now


def _need_card(session: Session, card: Card, who: Who) -> None:
    """Raises StoreRefused: it is in no terminal that he sees."""
    if who.sight.everything:
        return
    try:
        _need_terminal(session, card.terminal, who)
    except StoreRefused:
        raise StoreRefused("no such card") from None


def _retire_card(session: Session, iccid: str, who: Who) -> Card:
    was = _card(session, iccid)
    _need_card(session, was, who)
    now = replace(was, state="retired", terminal=None)
    _keep_card(session, was, now, "retired", who)
    return now


def _card(session: Session, iccid: str) -> Card:
    rows = session.rows(f"{_CARD} WHERE iccid = ?", (iccid,))
    if not rows:
        raise StoreRefused("no such card")
    return Card(*rows[0])


def _keep_card(session: Session, was: Card, now: Card, action: str, who: Who) -> None:
    rest = (getattr(now, name) for name in CARD_FIELDS)
    session.run(_PUT_CARD, (now.iccid, now.state, now.terminal, *rest))
    audit(session, who, action, "card", now.iccid, _difference(was, now))


def _bring_in(
    session: Session, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool
) -> Imported:
    errors: list[str] = []
    plans: list[tuple[Asset | None, Asset, str | None]] = []
    seen: set[str] = set()
    for number, row in rows:
        try:
            was, now, iccid = _read_row(session, row, seen)
            _need_sight(was, now, who)
            if iccid and (held := session.rows(f"{_CARD} WHERE iccid = ?", (iccid,))):
                _need_card(session, Card(*held[0]), who)
        except StoreRefused as refusal:
            errors.append(f"row {number}: {refusal}")
        else:
            plans.append((was, now, iccid))
    created = sum(was is None for was, _, _ in plans)
    changed = sum(was is not None and (was != now or iccid != was.iccid) for was, now, iccid in plans)
    counted = Imported(created, changed, len(plans) - created - changed, tuple(errors[:100]))
    if not errors and not only_check:
        for was, now, iccid in plans:
            _write_row(session, was, now, iccid, who)
    return counted


def _bring_in_cards(
    session: Session, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool
) -> Imported:
    """Every row is done, and all of it undone when one is refused or somebody only looks."""
    errors: list[str] = []
    counted = {"created": 0, "changed": 0, "same": 0}
    seen: set[str] = set()
    session.run("SAVEPOINT sheet")
    for number, row in rows:
        try:
            counted[_card_row(session, row, seen, who)] += 1
        except StoreRefused as refusal:
            errors.append(f"row {number}: {refusal}")
    if errors or only_check:
        session.run("ROLLBACK TO SAVEPOINT sheet")
    session.run("RELEASE SAVEPOINT sheet")
    return Imported(counted["created"], counted["changed"], counted["same"], tuple(errors[:100]))


def _card_row(session: Session, row: Mapping[str, str], seen: set[str], who: Who) -> str:
    _only(row, CARD_SHEET)
    iccid, terminal = row.get("iccid", ""), row.get("terminal", "")
    for name in filter(None, (iccid, terminal)):
        if name in seen:
            raise BadValue(f"{name} is there twice")
        seen.add(name)
    found = session.rows(f"{_CARD} WHERE iccid = ?", (iccid,))
    was = Card(*found[0]) if found else None
    fields = {name: row[name] for name in CARD_FIELDS if row.get(name)}
    now = was
    if now is None or any(getattr(now, name) != value for name, value in fields.items()):
        now = _put_card(session, iccid, fields, who)
    if terminal and terminal != now.terminal:
        now = _place(session, iccid, terminal, who)
    return "created" if was is None else "same" if now == was else "changed"


def _read_row(session: Session, row: Mapping[str, str], seen: set[str]) -> tuple[Asset | None, Asset, str | None]:
    _only(row, SHEET)
    terminal, iccid = row.get("terminal", ""), row.get("iccid") or None
    if not TERMINAL_ID.match(terminal):
        raise BadValue("terminal: 1 to 64 letters, digits, '.', '_' or '-'")
    for name in (terminal, iccid):
        if name in seen:
            raise BadValue(f"{name} is there twice")
        if name:
            seen.add(name)
    if iccid and not _ICCID.match(iccid):
        raise BadValue("iccid: 18 to 20 digits")
    rows = session.rows(_ONE, (terminal,))
    was = _asset(rows[0]) if rows else None
    fields = {name: value for name, value in row.items() if name in ASSET_FIELDS and value}
    return was, _described(was or Asset(terminal), fields), iccid or (was.iccid if was else None)


def _write_row(session: Session, was: Asset | None, now: Asset, iccid: str | None, who: Who) -> None:
    if was is None:
        session.run(_NEW, (now.terminal, now.name, secrets.token_bytes(32), who.now))
        audit(session, who, "added", "terminal", now.terminal, {"by": "import"})
    _save(session, was or Asset(now.terminal), now, who)
    if iccid and (was is None or iccid != was.iccid):
        if not session.rows(f"{_CARD} WHERE iccid = ?", (iccid,)):
            _keep_card(session, Card(iccid), Card(iccid), "added", who)
        _moved(session, _card(session, iccid), now.terminal, who)


def _asset(row: Sequence[Any]) -> Asset:
    terminal, name, created, revoked, merchant, shop, region, tags, note, imei, retired, address, contact, iccid = row
    known = tuple(json.loads(tags)) if tags else ()
    places = (merchant or "", shop or "", region or "")
    calls = (address or "", contact or "")
    return Asset(terminal, name, created, revoked, *places, known, note or "", imei, retired, *calls, iccid)


def _difference(was: object, now: object) -> dict[str, list[Any]]:
    """Field → [before, after]."""
    names: Sequence[str] = getattr(now, "__slots__", ())
    return {n: [getattr(was, n), getattr(now, n)] for n in names if getattr(was, n) != getattr(now, n)}


def _only(fields: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in fields:
        if name not in known:
            raise BadValue(f"{name[:40]}: unknown; known here: {', '.join(known)}")


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _MAX_TEXT or "\0" in value:
        raise BadValue(f"{name}: a text of at most {_MAX_TEXT} characters")
    return value.strip()


def _tags(value: object) -> tuple[str, ...]:
    parts = re.split(r"[,，;；]", value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) > 50:
        raise BadValue("tags: a list of at most 50 texts")
    texts = (_text("tags", part) for part in parts)
    return tuple(sorted({text for text in texts if text}))


def _imei(value: object) -> str | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not _IMEI.match(value):
        raise BadValue("imei: 14 to 16 digits")
    return value


def _count(name: str, value: object, most: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadValue(f"{name}: a whole number up to {most}, or null")
    return value


def _day(name: str, value: object) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise BadValue(f"{name}: a date such as 2026-12-31") from None
