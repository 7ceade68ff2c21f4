"""What is worth sending: looks and changes → records of the outbox, each in its class. Pure; values in, records out.

A change says what it was before, so that the centre needs no memory to show it. Bodies leave out what is not known.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.assess.base import Assessment, Finding, Severity
from agent.locale import title
from agent.outbox.base import Dropped, Record, RecordClass
from agent.plan.reminders import Reminder
from agent.plan.renewal import Proof
from agent.sample.base import PlanFact, PlanView, SimView, Snapshot
from agent.wire import RecordType, stored
from modem.values import Cell, Signal

MAX_FINDINGS = 12
MAX_EVIDENCE = 4
MAX_TEXT = 200
"""Characters; what the centre takes of one text."""
MAX_HISTORY = 120

CLASSES: dict[RecordType, RecordClass] = {
    "verdict": RecordClass.CHANGE,
    "card": RecordClass.CHANGE,
    "recovery": RecordClass.CHANGE,
    "gap": RecordClass.CHANGE,
    "started": RecordClass.CHANGE,
    "stopped": RecordClass.CHANGE,
    "directive": RecordClass.CHANGE,
    "plan_fact": RecordClass.PLAN_FACT,
    "reminder": RecordClass.PLAN_FACT,
    "proof": RecordClass.PLAN_FACT,
    "heartbeat": RecordClass.HEARTBEAT,
    "daily": RecordClass.HEARTBEAT,
    "history": RecordClass.HISTORY,
}


def heartbeat(
    snapshot: Snapshot,
    assessment: Assessment,
    *,
    next_due_s: float,
    agent: str,
    uptime_s: float | None = None,
    boot_id: str | None = None,
) -> Record:
    """All that is known in one record, and by when the next comes."""
    plan, network, sim = snapshot.plan, snapshot.network, snapshot.sim
    body = {  # an agent.wire.HeartbeatBody; tests/agent/test_record.py reads it as one
        "next_due_s": max(1, round(next_due_s)),
        "agent": agent,
        "verdict": assessment.verdict.code,
        "severity": severity_of(assessment) or "ok",
        "iccid": sim.iccid,
        "imsi": sim.imsi,
        "imei": snapshot.modem.imei,
        "model": _short(snapshot.modem.model),
        "operator": _short(network.operator_name),
        "plmn": network.operator_plmn,
        "technology": network.technology,
        "registration": network.registration,
        "cell": _short(_cell(network.cell)),
        "apn": _short(next((one.apn for one in snapshot.data.contexts if one.active and one.apn), None)),
        "rssi_dbm": snapshot.signal.rssi_dbm,
        "rsrp_dbm": snapshot.signal.rsrp_dbm,
        "quality": snapshot.signal.quality,
        "used_bytes": snapshot.usage.used_bytes,
        "own_bytes": snapshot.usage.own_bytes,
        "quota_bytes": plan.quota_bytes,
        "expires_on": plan.expires_on,
        "runs_out_on": plan.runs_out_on,
        "cycle_start": snapshot.usage.cycle_start,
        "balance": plan.balance_amount,
        "currency": plan.balance_currency,
        "uptime_s": None if uptime_s is None else max(0, int(uptime_s)),
        "boot_id": boot_id,
    }
    return _record("heartbeat", snapshot.taken_at, body)


def _cell(cell: Cell | None) -> str | None:
    """Tracking or location area and cell, as the centre groups silences by it; it costs bytes only when it changes."""
    area = cell and (cell.tac or cell.lac)
    return f"{area}-{cell.cell_id}" if cell and area and cell.cell_id else None


def verdict(assessment: Assessment, previous: str | None, at: float) -> Record:
    """The verdict is another one now (or the first). `at`: wall seconds when it became so."""
    code = assessment.verdict.code
    cause = _finding(assessment)
    body = {  # an agent.wire.VerdictBody
        "code": code,
        "previous": previous,
        "confidence": assessment.verdict.confidence,
        "since": None if cause is None or cause.since is None else max(0, int(cause.since)),
        "findings": [_told(finding) for finding in assessment.findings[:MAX_FINDINGS]],
        "titles": {"zh": title(code, "zh"), "en": title(code, "en")},
    }
    return _record("verdict", at, body)


def card(now: SimView, previous_iccid: str | None, at: float) -> Record:
    """Another card is in the slot."""
    return _record(
        "card", at, {"iccid": now.iccid, "imsi": now.imsi, "issuer": now.issuer, "previous_iccid": previous_iccid}
    )


def plan_facts(known: Mapping[str, str], now: PlanView, at: float) -> list[Record]:
    """One record for each fact of the plan that is new, or says something else than what was last told (`known`)."""
    return [
        _record("plan_fact", at, _fact(fact, known.get(fact.fact)))
        for fact in now.facts
        if known.get(fact.fact) != fact.value
    ]


def reminder(due: Reminder, iccid: str | None, at: float) -> Record:
    """The card's end comes near, or has passed. `key` is the same whenever the same reminder is told."""
    body = {
        "key": due.key,
        "about": due.about,
        "on": due.on.isoformat(),
        "days_left": due.days_left,
        "stands_for": list(due.stands_for),
        "iccid": iccid,
    }
    return _record("reminder", at, body)


def proof(now: Proof, at: float) -> Record:
    """Where the proof of a renewal stands; told when its state or its reason changes."""
    body = {
        "iccid": now.card,
        "state": now.state,
        "reason": now.reason,
        "started_at": _whole(now.started_at),
        "tries": now.tries,
        "expected": now.expected,
        "evidence": [f"{word.fact} {word.value}: {_short(word.text) or word.source}" for word in now.words],
    }
    return _record("proof", at, body)


def gap(dropped: Sequence[Dropped], at: float) -> Record:
    """What the outbox's budget took away, told instead of hidden."""
    parts = [
        {"class": item.record_class.name.lower(), "count": item.count, "first_seq": item.first_seq,
         "last_seq": item.last_seq, "why": item.why}
        for item in dropped
    ]  # fmt: skip
    return _record("gap", at, {"count": sum(item.count for item in dropped), "dropped": parts})


def started(at: float, *, agent: str, boot_id: str | None, uptime_s: float | None, clean: bool | None) -> Record:
    """`clean`: did the run before end with a "stopped"? None: there was none, or nobody knows."""
    return _record("started", at, {"agent": agent, "boot_id": boot_id, "uptime_s": _whole(uptime_s), "clean": clean})


def stopped(at: float, *, why: str, verdict_code: str | None) -> Record:
    return _record("stopped", at, {"reason": why, "verdict": verdict_code})


def recovery(rung: str, cause: str, outcome: str, at: float, *, detail: str = "", dry_run: bool = False) -> Record:
    """A recovery step as it begins, and again when it was judged: "begun" or, rehearsing, "would"; then "cured",
    "not_cured", "failed" (could not be made) or "interrupted" (nobody knows)."""
    body = {"step": rung, "cause": cause, "outcome": outcome, "detail": _short(detail), "dry_run": dry_run or None}
    return _record("recovery", at, body)


def acknowledgement(
    directive: str, kind: str, outcome: str, at: float, *, detail: str = "", result: Mapping[str, Any] | None = None
) -> Record:
    """What was done about something the centre asked for."""
    body = {"id": directive, "code": kind[:40], "outcome": outcome, "detail": detail or None, "result": result}
    return _record("directive", at, body)


def history(looks: Iterable[tuple[float, Signal, bool | None]], at: float) -> Record:
    """The looks behind a heartbeat, oldest first: seconds before `at`, signal in dBm, on a network or not."""
    kept = list(looks)[-MAX_HISTORY:]
    return _record(
        "history",
        at,
        {
            "ago_s": [max(0, round(at - taken)) for taken, _, _ in kept],
            "dbm": [_rounded(signal.rssi_dbm if signal.rsrp_dbm is None else signal.rsrp_dbm) for _, signal, _ in kept],
            "on": [registered for _, _, registered in kept],
        },
    )


def daily(
    day: str,
    own: Mapping[str, int],
    used_bytes: int | None,
    at: float,
    care: Mapping[str, Any] | None = None,
    sms: int | None = None,
) -> Record:
    """What the agent itself cost the card on a day that is over, by purpose (IP bytes both ways) and in SMS sent, and
    how it is.
    """
    body = {
        "day": day,
        "by_purpose": dict(own),
        "used_bytes": used_bytes,
        "self": dict(care) if care else None,
        "sms": sms or None,
    }
    return _record("daily", at, body)


def severity_of(assessment: Assessment) -> Severity | None:
    """Of the verdict; None when all is well. "unsure" names no finding and is a warning."""
    cause = _finding(assessment)
    if cause is not None:
        return cause.severity
    return None if assessment.verdict.code == "ok" else "warning"


def _finding(assessment: Assessment) -> Finding | None:
    return next((found for found in assessment.findings if found.code == assessment.verdict.code), None)


def _told(finding: Finding) -> dict[str, Any]:
    quoted = [item.text[:MAX_TEXT] for item in finding.evidence[:MAX_EVIDENCE]]
    return {"code": finding.code, "severity": finding.severity, "root": finding.root, "evidence": quoted}


def _fact(fact: PlanFact, previous: str | None) -> dict[str, Any]:
    return {
        "fact": fact.fact,
        "value": fact.value,
        "previous": previous,
        "source": fact.source,
        "heard_at": _whole(fact.at),
        "text": _short(fact.text),
    }


def _record(type_: RecordType, at: float, body: Mapping[str, Any]) -> Record:
    known = {key: value for key, value in body.items() if value is not None}
    return Record(CLASSES[type_], at, stored(type_, at, known))


def _rounded(figure: float | None) -> int | None:
    return None if figure is None else round(figure)


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else max(0, int(seconds))


def _short(text: str | None) -> str | None:
    return text[:MAX_TEXT] if text else None
