"""Sheets of terminals and of cards: all rows, or none where one has an error."""

import secrets
from collections.abc import Mapping, Sequence

from central.auth import TERMINAL_ID
from central.registry import assets, cards, checks
from central.registry.trail import audit
from central.registry.values import ASSET_FIELDS, CARD_FIELDS, CARD_SHEET, SHEET, Asset, BadValue, Card, Imported, Who
from central.store.base import StoreRefused
from central.store.database import Session

_NEW = "INSERT INTO terminals (id, name, secret_sha256, created_at) VALUES (?, ?, ?, ?)"


def sheet_row(asset: Asset) -> dict[str, str]:
    """A terminal as a row of a sheet."""
    values = {name: getattr(asset, name) for name in SHEET}
    return {name: ", ".join(value) if name == "tags" else str(value or "") for name, value in values.items()}


def bring_in(
    session: Session, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool
) -> Imported:
    errors: list[str] = []
    plans: list[tuple[Asset | None, Asset, str | None]] = []
    seen: set[str] = set()
    for number, row in rows:
        try:
            was, now, iccid = _read_row(session, row, seen)
            assets.need_sight(was, now, who)
            if iccid and (held := session.rows(f"{cards.CARD} WHERE iccid = ?", (iccid,))):
                cards.need_card(session, Card(*held[0]), who)
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


def bring_in_cards(
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
    checks.only(row, CARD_SHEET)
    iccid, terminal = row.get("iccid", ""), row.get("terminal", "")
    for name in filter(None, (iccid, terminal)):
        if name in seen:
            raise BadValue(f"{name} is there twice")
        seen.add(name)
    found = session.rows(f"{cards.CARD} WHERE iccid = ?", (iccid,))
    was = Card(*found[0]) if found else None
    fields = {name: row[name] for name in CARD_FIELDS if row.get(name)}
    now = was
    if now is None or any(getattr(now, name) != value for name, value in fields.items()):
        now = cards.put_card(session, iccid, fields, who)
    if terminal and terminal != now.terminal:
        now = cards.place(session, iccid, terminal, who)
    return "created" if was is None else "same" if now == was else "changed"


def _read_row(session: Session, row: Mapping[str, str], seen: set[str]) -> tuple[Asset | None, Asset, str | None]:
    checks.only(row, SHEET)
    terminal, iccid = row.get("terminal", ""), row.get("iccid") or None
    if not TERMINAL_ID.match(terminal):
        raise BadValue("terminal: 1 to 64 letters, digits, '.', '_' or '-'")
    for name in (terminal, iccid):
        if name in seen:
            raise BadValue(f"{name} is there twice")
        if name:
            seen.add(name)
    if iccid and not checks.ICCID.match(iccid):
        raise BadValue("iccid: 18 to 20 digits")
    rows = session.rows(assets.ONE, (terminal,))
    was = assets.asset(rows[0]) if rows else None
    fields = {name: value for name, value in row.items() if name in ASSET_FIELDS and value}
    return was, assets.described(was or Asset(terminal), fields), iccid or (was.iccid if was else None)


def _write_row(session: Session, was: Asset | None, now: Asset, iccid: str | None, who: Who) -> None:
    if was is None:
        session.run(_NEW, (now.terminal, now.name, secrets.token_bytes(32), who.now))
        audit(session, who, "added", "terminal", now.terminal, {"by": "import"})
    assets.save(session, was or Asset(now.terminal), now, who)
    if iccid and (was is None or iccid != was.iccid):
        if not session.rows(f"{cards.CARD} WHERE iccid = ?", (iccid,)):
            cards.keep_card(session, Card(iccid), Card(iccid), "added", who)
        cards.moved(session, cards.card(session, iccid), now.terminal, who)
