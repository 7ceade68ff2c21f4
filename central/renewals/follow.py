"""The watch over what was paid: the terminal is asked, its words are read, and the renewal becomes proved, pending or
failed. A chore; several processes may do it at once: a renewal changes by naming the version it had.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from central.numbers import same_machine
from central.registry import Who, audit
from central.renewals import ends, records, rules
from central.renewals.days import Calendar
from central.renewals.moves import ask_to_verify, free
from central.renewals.records import SELECT, Renewal
from central.renewals.rules import Judged, Paid, ProofSaid, Seen
from central.renewals.worklist import Offer
from central.store.core import SqlStore
from central.store.database import Row, Session
from central.view import read_object

PAGE = 500
WHO = "centre"
_WATCHED = f"""{SELECT} WHERE r.state IN ('paid', 'pending', 'failed') AND r.paid_at > ?
AND (r.terminal, r.id) > (?, ?) ORDER BY r.terminal, r.id LIMIT ?"""
_STATE = """SELECT s.terminal, s.last_heard, s.heartbeat, CASE WHEN s.change_seq IS NOT NULL
AND (s.change_epoch, s.change_seq) > (s.heartbeat_epoch, s.heartbeat_seq) THEN s.change_code ELSE s.verdict END, a.imei
FROM terminal_state s LEFT JOIN assets a ON a.terminal = s.terminal WHERE s.terminal = ?"""
_SAID = """SELECT type, received_at, body FROM changes WHERE terminal = ? AND received_at >= ?
AND type IN ('proof', 'plan_fact') ORDER BY epoch_number DESC, seq DESC LIMIT 200"""
_OUTCOME = "SELECT outcome, created_at FROM directives WHERE terminal = ? AND id = ?"
_PROVED = "SELECT batch, count(*) FROM renewals WHERE state = 'proved' AND settled_at > ? GROUP BY batch"
_KEEP = """UPDATE renewals SET state = ?, reason = ?, suspects = ?, new_end = ?, settled_at = ?, directive = ?,
version = version + 1 WHERE terminal = ? AND id = ? AND version = ?"""
_BETTER = ("balance", "remaining_bytes", "quota_bytes")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the watch goes by."""

    calendar: Calendar
    offers: Mapping[str, Offer]
    lead_days: int
    zone: tzinfo


async def follow(store: SqlStore, by: Rules, now: int) -> Counter[str]:
    """Look at everything paid and not yet proved; how many became what. Raises StoreUnavailable."""
    done: Counter[str] = Counter()
    proved = {row[0]: row[1] for row in await store.read(_PROVED, (now - rules.WATCH_S,))}
    after = ("", "")
    while rows := await store.read(_WATCHED, (now - rules.WATCH_S, *after, PAGE)):
        for one in map(records.renewal, rows):
            judged, directive = await _look(store, one, by, now, proved.get(one.batch, 0))
            if _is_news(one, judged) or (one.directive is None and directive):
                moved = await store.write(partial(_keep, one=one, judged=judged, now=now))
                done.update([judged.state] if moved else [])
            after = (one.terminal, one.id)
    await _learn_ends(store, by, now)
    return done


async def _learn_ends(store: SqlStore, by: Rules, now: int) -> None:
    """What was proved without an end gets it as soon as somebody says it."""
    after = ("", "")
    while waiting := await ends.without_end(store, now, after):
        for one in waiting:
            state = await store.read(_STATE, (one.terminal,))
            said = await store.read(_SAID, (one.terminal, one.paid_at or 0))
            seen = seen_of(one, state[0] if state else None, said, now)
            end = rules.new_end(paid_of(one, by.offers.get(one.plan or "")), seen)
            if end is not None:
                await ends.tell(store, one, end, now, WHO)
            after = (one.terminal, one.id)


async def _look(store: SqlStore, one: Renewal, by: Rules, now: int, proved: int) -> tuple[Judged, bool]:
    """How it stands, and whether the terminal is still to be asked."""
    state = await store.read(_STATE, (one.terminal,))
    said = await store.read(_SAID, (one.terminal, one.paid_at or 0))
    outcome = await store.read(_OUTCOME, (one.terminal, one.directive)) if one.directive else []
    offer, asked_at = by.offers.get(one.plan or ""), outcome[0][1] if outcome else 0
    seen = seen_of(one, state[0] if state else None, said, now, asked_at)
    seen = replace(
        seen, outcome=outcome[0][0] if outcome else None, others_proved=proved, booked_by=booked_by(one, offer, by)
    )
    return rules.judge(paid_of(one, offer, asked_at), seen), one.state in ("paid", "pending")


def booked_by(one: Renewal, offer: Offer | None, by: Rules) -> int:
    """The end of the day on which the carrier must have booked it."""
    lead = by.lead_days if offer is None or offer.lead_days is None else offer.lead_days
    paid = datetime.fromtimestamp(one.paid_at or 0, by.zone)
    last = by.calendar.forth(paid.date(), max(1, lead))
    return int(datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=by.zone).timestamp())


def paid_of(one: Renewal, offer: Offer | None, asked_at: int = 0) -> Paid:
    return Paid(
        one.state, one.iccid, one.period, one.why, one.paid_at or 0, one.expected, one.price, one.amount,
        offer.quota_bytes if offer else None, one.directive is not None, asked_at,
    )  # fmt: skip


def seen_of(one: Renewal, state: Row | None, said: Sequence[Row], now: int, asked_at: int = 0) -> Seen:
    """What the terminal said since the payment, out of its state and its changes, newest first; pure. A proof from
    before it was last asked is about an attempt that is over.
    """
    proof, carrier_end, more = None, None, False
    for kind, at, text in said:
        body = read_object(text)
        if kind == "proof" and proof is None and at >= asked_at:
            proof = _proof(body, at)
        elif kind == "plan_fact" and body.get("source") in rules.CARRIER_SAID and _is_later(body, one):
            if body.get("fact") == "expires_on":
                carrier_end = carrier_end or _text(body.get("value"), 10)
            more = more or (body.get("fact") in _BETTER and _grew(body))
    if state is None:
        return Seen(now, proof=proof, carrier_end=carrier_end, carrier_more=more)
    beat = read_object(state[2]) if state[2] else {}
    imei, quota = _text(beat.get("imei"), 17), beat.get("quota_bytes")
    differs = bool(state[4] and imei and not same_machine(imei, state[4]))
    return Seen(
        now, state[1], _text(beat.get("iccid"), 22), state[3], differs, proof, carrier_end, more,
        _text(beat.get("expires_on"), 10), quota if isinstance(quota, int) else None,
    )  # fmt: skip


def _proof(body: Mapping[str, Any], at: int) -> ProofSaid | None:
    iccid, state, reason = (_text(body.get(name), 40) for name in ("iccid", "state", "reason"))
    return ProofSaid(iccid, state, reason or "", at) if iccid and state else None


def _is_later(body: Mapping[str, Any], one: Renewal) -> bool:
    """The carrier's word is from after the payment, as far as its own time is known."""
    heard = body.get("heard_at")
    return not isinstance(heard, int) or heard >= (one.paid_at or 0) - 300


def _grew(body: Mapping[str, Any]) -> bool:
    try:
        return float(body.get("value") or 0) > float(body.get("previous") or 0)
    except (TypeError, ValueError):
        return False


def _text(value: object, most: int) -> str | None:
    return value[:most] if isinstance(value, str) and value else None


def _is_news(one: Renewal, judged: Judged) -> bool:
    return judged.state != one.state or (judged.suspects != one.suspects and judged.state != "proved")


def _keep(session: Session, one: Renewal, judged: Judged, now: int) -> bool:
    """Whether its state was changed here."""
    directive = one.directive
    if directive is None and judged.state in ("paid", "pending"):
        directive = ask_to_verify(session, one.terminal, one.expected, now, WHO)
    moved = judged.state != one.state
    reason = (judged.reason if moved else one.reason) if judged.state == "failed" else None
    suspects = " ".join(judged.suspects) if judged.state != "proved" else ""
    settled = now if moved and judged.state in ("proved", "failed") else one.settled_at
    values = (judged.state, reason, suspects, judged.new_end or one.new_end, settled, directive)
    if session.run(_KEEP, (*values, one.terminal, one.id, one.version)) != 1:
        return False
    if judged.state == "proved":
        free(session, one, whole=False)
        if judged.new_end:
            session.run(ends.CARD, (judged.new_end, one.iccid, judged.new_end))
    if moved:
        told = records.detail(reason=reason, new_end=judged.new_end, was=one.state)
        audit(session, Who(WHO, now), judged.state, "renewal", one.id, told)
    return moved
