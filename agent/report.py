"""Snapshot and assessment → the report `posagent.diag/1`: plain JSON values, exactly the shape of DESIGN section 3.

Every key is always there; what is not known is None. Text from outside (modem, network, messages) is made printable.
The advice of a finding is for the technician; a refusal's candidates follow the steps, with what separates them.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from agent import locale
from agent.assess import causes
from agent.assess.base import Assessment, Finding, Lang
from agent.assess.diagnosis import essential_gap
from agent.sample.base import Evidence, InterfaceView, PlanFact, Reach, SimView, Snapshot
from modem.text import printable
from modem.values import Cause, as_json

SCHEMA = "posagent.diag/1"
MAX_TEXT = 500
OF_THIS_LOOK_S = 120.0
"""Evidence older than this is told with its time; the rest is as old as the report (`taken_at`)."""
Json = dict[str, Any]


def diag_report(
    snapshot: Snapshot,
    assessment: Assessment,
    *,
    lang: Lang,
    via: Literal["direct", "daemon"],
    duration_s: float,
    data_cost_bytes: int,
) -> Json:
    """`duration_s`: how long looking took; `data_cost_bytes`: IP bytes that looking cost the card."""
    return {
        "schema": SCHEMA,
        "taken_at": utc(snapshot.taken_at),
        "via": via,
        "duration_s": round(max(0.0, duration_s), 1),
        "data_cost_bytes": data_cost_bytes,
        "port": {"device": _safe(snapshot.port.device), "holder": _safe(snapshot.port.holder)},
        "modem": _modem(snapshot),
        "sim": _sim(snapshot),
        "network": _network(snapshot),
        "signal": _signal(snapshot),
        "data": _data(snapshot),
        "usage": _usage(snapshot),
        "plan": _plan(snapshot),
        "reach": [_reach(reach, lang) for reach in snapshot.reach],
        "findings": [_finding(finding, snapshot, lang) for finding in assessment.findings],
        "verdict": _verdict(snapshot, assessment, lang),
    }


def utc(wall: float | None) -> str | None:
    """ISO 8601 in UTC to the second; None for a time that no calendar has."""
    if wall is None:
        return None
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None


def _modem(snapshot: Snapshot) -> Json:
    modem = snapshot.modem
    return {
        "manufacturer": _safe(modem.manufacturer),
        "model": _safe(modem.model),
        "firmware": _safe(modem.firmware),
        "imei": _safe(modem.imei),
        "dialect": modem.dialect,
        "temperature_c": _whole(modem.temperature_c),
        "voltage_mv": modem.voltage_mv,
    }


def _sim(snapshot: Snapshot) -> Json:
    sim = snapshot.sim
    return {
        "state": sim.state,
        "iccid": _safe(sim.iccid),
        "imsi": _safe(sim.imsi),
        "msisdn": _safe(sim.msisdn),
        "issuer": _safe(sim.issuer),
        "pin_retries": sim.pin_retries,
    } | _slots(sim)


def _slots(sim: SimView) -> Json:
    """Only of modems that tell of their slots."""
    if sim.slot is None:
        return {}
    others = [{"slot": one.slot, "state": one.state, "iccid": _safe(one.iccid)} for one in sim.other_slots]
    return {"slot": sim.slot, "other_slots": others} | ({} if sim.switched is None else {"switched": sim.switched})


def _network(snapshot: Snapshot) -> Json:
    network = snapshot.network
    return {
        "registration": network.registration,
        "domains": {domain: network.domains.get(domain) for domain in ("cs", "ps", "eps", "5gs")},
        "reject_cause": _cause(network.reject_cause),
        "operator": {"name": _safe(network.operator_name), "plmn": _safe(network.operator_plmn)},
        "technology": network.technology,
        "cell": {
            name: _printable(getattr(network.cell, name, None))
            for name in ("tac", "lac", "cell_id", "pci", "channel", "band")
        },
    }


def _signal(snapshot: Snapshot) -> Json:
    names = ("rssi_dbm", "rsrp_dbm", "rsrq_db", "sinr_db", "rscp_dbm", "ecio_db", "ber", "quality")
    return {name: _whole(getattr(snapshot.signal, name)) for name in names}


def _data(snapshot: Snapshot) -> Json:
    data = snapshot.data
    contexts = [
        {
            "cid": context.cid,
            "type": _safe(context.type),
            "apn": _safe(context.apn),
            "active": context.active,
            "addresses": _safes(context.addresses),
            "dns": _safes(context.dns),
        }
        for context in data.contexts
    ]
    return {
        "attached": data.attached,
        "contexts": contexts,
        "last_error": _cause(data.last_error),
        "interface": _interface(data.interface),
    }


def _interface(interface: InterfaceView | None) -> Json | None:
    if interface is None:
        return None
    return {
        "name": _safe(interface.name),
        "up": interface.up,
        "addresses": _safes(interface.addresses),
        "default_route": interface.default_route,
        "rx_bytes": interface.rx_bytes,
        "tx_bytes": interface.tx_bytes,
    }


def _usage(snapshot: Snapshot) -> Json:
    usage = snapshot.usage
    return {
        "cycle": {"start": usage.cycle_start, "end": usage.cycle_end},
        "used_bytes": usage.used_bytes,
        "own_bytes": usage.own_bytes,
        "sources": [
            {"source": item.source, "used_bytes": item.used_bytes, "at": utc(item.at)} for item in usage.sources
        ],
    }


def _plan(snapshot: Snapshot) -> Json:
    plan = snapshot.plan
    balance = {"amount": _safe(plan.balance_amount), "currency": _safe(plan.balance_currency)}
    return {
        "state": plan.state,
        "expires_on": _safe(plan.expires_on),
        "days_left": plan.days_left,
        "quota_bytes": plan.quota_bytes,
        "remaining_bytes": plan.remaining_bytes,
        "balance": balance if plan.balance_amount is not None else None,
        "runs_out_on": _safe(plan.runs_out_on),
        "facts": [_fact(fact) for fact in plan.facts],
    }


def _fact(fact: PlanFact) -> Json:
    return {"fact": fact.fact, "source": fact.source, "at": utc(fact.at), "text": _safe(fact.text)}


def _reach(reach: Reach, lang: Lang) -> Json:
    detail = _safe(reach.detail)
    shown = None if detail is None else locale.evidence(detail, lang)
    return {"target": reach.target, "ok": reach.ok, "detail": shown, "ms": _whole(reach.ms)}


def _finding(finding: Finding, snapshot: Snapshot, lang: Lang) -> Json:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "root": finding.root,
        "title": locale.title(finding.code, lang),
        "evidence": _evidence(finding, snapshot, lang),
        "advice": advice(finding.code, snapshot, lang),
    }


def _evidence(finding: Finding, snapshot: Snapshot, lang: Lang) -> list[str]:
    quoted = list(dict.fromkeys(_quotation(item, lang) + _when(item, snapshot) for item in finding.evidence))
    spoken = [_safe(causes.spoken(cause)) for cause in _causes_of(finding.code, snapshot)]
    return [*quoted, *(line for line in spoken if line is not None and line not in quoted)]


def _quotation(item: Evidence, lang: Lang) -> str:
    """What a modem, a carrier or a person said is quoted as it is."""
    shown = printable(item.text)[:MAX_TEXT]
    return shown if item.source in ("urc", "message", "config") else locale.evidence(shown, lang)


def _when(item: Evidence, snapshot: Snapshot) -> str:
    """The time of what was not seen in this look: a carrier's message, a fact of last week."""
    then = utc(item.at)
    if then is None or item.at is None or abs(snapshot.taken_at - item.at) <= OF_THIS_LOOK_S:
        return ""
    return f" [{then}]"


def advice(code: str, snapshot: Snapshot, lang: Lang) -> list[str]:
    """Steps for the technician, then what the refusal may come from, then what must follow the cure."""
    of_code = _causes_of(code, snapshot)
    candidates = [locale.candidate(key, lang) for key in causes.candidates(code, *of_code)]
    restart = [locale.restart_note(lang)] if any(causes.needs_restart(cause) for cause in of_code) else []
    return [*locale.steps(code, lang), *restart, *candidates]


def _causes_of(code: str, snapshot: Snapshot) -> tuple[Cause, ...]:
    """The network's causes that speak of this condition."""
    if code in ("registration.denied", "registration.searching", "registration.emergency_only"):
        cause = snapshot.network.reject_cause
    else:
        cause = snapshot.data.last_error if code.startswith("data.") else None
    return () if cause is None else (cause,)


def _verdict(snapshot: Snapshot, assessment: Assessment, lang: Lang) -> Json:
    verdict = assessment.verdict
    steps = locale.steps(verdict.code, lang, essential_gap(snapshot))
    return {
        "code": verdict.code,
        "confidence": verdict.confidence,
        "title": locale.title(verdict.code, lang),
        "ruled_out": list(verdict.ruled_out),
        "first_step": steps[0] if steps else None,
    }


def _cause(cause: Cause | None) -> Json | None:
    if cause is None:
        return None
    plain: Mapping[str, Any] = as_json(cause)
    return {name: _printable(value) for name, value in plain.items()}


def _safe(text: str | None) -> str | None:
    return None if text is None else printable(text)[:MAX_TEXT]


def _safes(texts: tuple[str, ...]) -> list[str]:
    return [printable(text)[:MAX_TEXT] for text in texts]


def _printable(value: object) -> object:
    return _safe(value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    """-67.0 is shown as -67; a figure that is no number at all (NaN) is not known."""
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else round(value, 1)
