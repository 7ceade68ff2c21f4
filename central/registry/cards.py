"""Cards, and their way into terminals and out, inside a transaction."""

from dataclasses import replace
from typing import Any

from central.registry import assets, checks
from central.registry.trail import audit
from central.registry.values import CARD_FIELDS, BadValue, Card, Who
from central.store.base import StoreRefused
from central.store.database import Session

_CARD_DAYS = ("expires_on", "received_on", "use_by")
_RETIRE = """INSERT INTO assets (terminal, retired_at) VALUES (:terminal, :now)
ON CONFLICT (terminal) DO UPDATE SET retired_at = excluded.retired_at"""
_REVOKE = "UPDATE terminals SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?"
CARD = f"SELECT iccid, state, terminal, {', '.join(CARD_FIELDS)} FROM cards"  # noqa: S608 - ours
CARDS = f"""{CARD} WHERE iccid > :after AND (:state = '' OR state = :state) AND (:plan = '' OR plan = :plan)
AND (:batch = '' OR batch = :batch) AND {{seen}} ORDER BY iccid LIMIT :limit"""
SEEN_CARD = f"{CARD} WHERE iccid = :iccid AND {{seen}}"
_PUT_CARD = f"""INSERT INTO cards (iccid, state, terminal, {", ".join(CARD_FIELDS)})
VALUES (?, ?, ?{", ?" * len(CARD_FIELDS)}) ON CONFLICT (iccid) DO UPDATE SET state = excluded.state,
terminal = excluded.terminal, {", ".join(f"{name} = excluded.{name}" for name in CARD_FIELDS)}"""  # noqa: S608 - ours
BATCHES = "SELECT terminal, batch FROM cards WHERE state = 'in_use' AND batch <> '' AND terminal IS NOT NULL"


def retire(session: Session, terminal: str, who: Who) -> None:
    assets.need_terminal(session, terminal, who)
    if session.run(_REVOKE, (who.now, terminal)) != 1:
        raise StoreRefused("no such terminal", "not_found")
    session.run(_RETIRE, {"terminal": terminal, "now": who.now})
    for row in session.rows(f"{CARD} WHERE terminal = ? AND state = 'in_use'", (terminal,)):
        keep_card(session, Card(*row), Card(row[0], "spare", None, *row[3:]), "taken_out", who)
    audit(session, who, "retired", "terminal", terminal, {})


def put_card(session: Session, iccid: str, fields: dict[str, Any], who: Who) -> Card:
    if not checks.ICCID.match(iccid):
        raise BadValue("an ICCID has 18 to 20 digits")
    checks.only(fields, CARD_FIELDS)
    rows = session.rows(f"{CARD} WHERE iccid = ?", (iccid,))
    was = Card(*rows[0]) if rows else Card(iccid)
    need_card(session, was, who)
    values = {name: getattr(was, name) for name in CARD_FIELDS}
    for name, value in fields.items():
        values[name] = (
            checks.day(name, value)
            if name in _CARD_DAYS
            else checks.text(name, value) or (None if name == "plan" else "")
        )
    if values["plan"] and not session.rows("SELECT 1 FROM plans WHERE id = ?", (values["plan"],)):
        raise BadValue(f"no plan {values['plan']}")
    now = Card(iccid, was.state, was.terminal, **values)
    keep_card(session, was, now, "changed" if rows else "added", who)
    return now


def place(session: Session, iccid: str, terminal: str | None, who: Who) -> Card:
    was = card(session, iccid)
    need_card(session, was, who)
    return moved(session, was, terminal, who)


def moved(session: Session, was: Card, terminal: str | None, who: Who) -> Card:
    iccid = was.iccid
    if was.state == "retired":
        raise StoreRefused(f"card {iccid} is retired")
    if terminal is not None:
        assets.need_terminal(session, terminal, who)
        for row in session.rows(f"{CARD} WHERE terminal = ? AND state = 'in_use' AND iccid <> ?", (terminal, iccid)):
            keep_card(session, Card(*row), Card(row[0], "spare", None, *row[3:]), "taken_out", who)
    now = replace(was, state="spare" if terminal is None else "in_use", terminal=terminal)
    keep_card(session, was, now, "taken_out" if terminal is None else "placed", who)
    return now


def need_card(session: Session, card: Card, who: Who) -> None:
    """Raises StoreRefused: it is in no terminal that he sees."""
    if who.sight.everything:
        return
    try:
        assets.need_terminal(session, card.terminal, who)
    except StoreRefused:
        raise StoreRefused("no such card", "not_found") from None


def retire_card(session: Session, iccid: str, who: Who) -> Card:
    was = card(session, iccid)
    need_card(session, was, who)
    now = replace(was, state="retired", terminal=None)
    keep_card(session, was, now, "retired", who)
    return now


def card(session: Session, iccid: str) -> Card:
    rows = session.rows(f"{CARD} WHERE iccid = ?", (iccid,))
    if not rows:
        raise StoreRefused("no such card", "not_found")
    return Card(*rows[0])


def keep_card(session: Session, was: Card, now: Card, action: str, who: Who) -> None:
    rest = (getattr(now, name) for name in CARD_FIELDS)
    session.run(_PUT_CARD, (now.iccid, now.state, now.terminal, *rest))
    audit(session, who, action, "card", now.iccid, checks.difference(was, now))
