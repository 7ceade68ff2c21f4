"""Terminals as people describe them, inside a transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from central.registry import checks
from central.registry.trail import audit
from central.registry.values import ASSET_FIELDS, Asset, Who
from central.store.base import StoreRefused
from central.store.database import Session

ASSET = """SELECT t.id, t.name, t.created_at, t.revoked_at, a.merchant, a.shop, a.region, a.tags, a.note, a.imei,
a.retired_at, a.address, a.contact, c.iccid FROM terminals t LEFT JOIN assets a ON a.terminal = t.id
LEFT JOIN cards c ON c.terminal = t.id AND c.state = 'in_use'"""
ONE = f"{ASSET} WHERE t.id = ?"
SEEN_ONE = f"{ASSET} WHERE t.id = :terminal AND {{seen}}"
PAGE = f"""{ASSET} WHERE t.id > :after AND (:merchant = '' OR a.merchant = :merchant)
AND (:shop = '' OR a.shop = :shop) AND (:region = '' OR a.region = :region)
AND (:tag = '' OR a.tags LIKE :like ESCAPE '!')
AND (:retired = 1 OR a.retired_at IS NULL) AND {{seen}} ORDER BY t.id LIMIT :limit"""
_NAME = "UPDATE terminals SET name = ? WHERE id = ?"
_PUT_ASSET = """INSERT INTO assets (terminal, merchant, shop, region, tags, note, imei, address, contact)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (terminal) DO UPDATE SET merchant = excluded.merchant, shop = excluded.shop, region = excluded.region,
tags = excluded.tags, note = excluded.note, imei = excluded.imei, address = excluded.address,
contact = excluded.contact"""


def describe(session: Session, terminal: str, fields: dict[str, Any], who: Who) -> Asset:
    rows = session.rows(ONE, (terminal,))
    if not rows:
        raise StoreRefused("no such terminal", "not_found")
    was = asset(rows[0])
    now = described(was, fields)
    need_sight(was, now, who)
    save(session, was, now, who)
    return now


def need_sight(was: Asset | None, now: Asset, who: Who) -> None:
    """Raises StoreRefused: a change of what he does not see, or one that would take it where he does not."""
    if was is not None and not who.sight.sees(was.merchant, was.region, was.tags):
        raise StoreRefused("no such terminal", "not_found")
    if not who.sight.sees(now.merchant, now.region, now.tags):
        raise StoreRefused("that merchant, region and tags are not yours to give")


def need_terminal(session: Session, terminal: str | None, who: Who) -> None:
    """Raises StoreRefused."""
    rows = session.rows(ONE, (terminal,)) if terminal else []
    if not rows:
        raise StoreRefused("no such terminal", "not_found")
    found = asset(rows[0])
    if not who.sight.sees(found.merchant, found.region, found.tags):
        raise StoreRefused("no such terminal", "not_found")


def need_everything(who: Who, what: str) -> None:
    """Raises StoreRefused."""
    if not who.sight.everything:
        raise StoreRefused(f"{what} are changed by those who see everything")


def described(was: Asset, fields: Mapping[str, Any]) -> Asset:
    checks.only(fields, ASSET_FIELDS)
    values: dict[str, Any] = {name: getattr(was, name) for name in ASSET_FIELDS}
    for name, value in fields.items():
        values[name] = (
            checks.tags(value) if name == "tags" else checks.imei(value) if name == "imei" else checks.text(name, value)
        )
    return replace(was, **values)


def save(session: Session, was: Asset, now: Asset, who: Who) -> None:
    changed = checks.difference(was, now)
    if not changed:
        return
    if now.name != was.name:
        session.run(_NAME, (now.name, now.terminal))
    tags = json.dumps(now.tags, ensure_ascii=False)
    told = (tags, now.note, now.imei, now.address, now.contact)
    session.run(_PUT_ASSET, (now.terminal, now.merchant, now.shop, now.region, *told))
    moved = any(name in changed for name in ("merchant", "shop", "region"))
    audit(session, who, "moved" if moved and was.shop else "changed", "terminal", now.terminal, changed)


def asset(row: Sequence[Any]) -> Asset:
    terminal, name, created, revoked, merchant, shop, region, tags, note, imei, retired, address, contact, iccid = row
    known = tuple(json.loads(tags)) if tags else ()
    places = (merchant or "", shop or "", region or "")
    calls = (address or "", contact or "")
    return Asset(terminal, name, created, revoked, *places, known, note or "", imei, retired, *calls, iccid)
