"""The plan as `posagent plan --json` shows it: what diag shows, and behind it age, stage, pairing, asking and proof."""

from collections.abc import Sequence
from typing import Any

from agent.card import warning
from agent.plan.asking import Next
from agent.plan.desk import Desk
from agent.plan.facts import RANK, age_days, disputed_by, stale
from agent.plan.renewal import Proof
from agent.sample.base import PlanFact, SimView, Snapshot, UsageSource, UsageView
from modem.text import printable

MAX_WORDS = 40
MAX_TEXT = 500
Json = dict[str, Any]


def plan_told(shown: Json, desk: Desk, seen: Snapshot, wall: float, ask: Next | None) -> Json:
    """`shown`: the plan part of the diag report, whose keys stay as they are; `ask`: what the schedule says now."""
    plan, usage, sim = seen.plan, seen.usage, seen.sim
    words = desk.store.facts(sim.iccid)
    return {
        **shown,
        "facts": [{**told_fact(fact, wall), "disputed_by": _disputed(fact, words)} for fact in plan.facts],
        "clock_trusted": seen.clock.trusted,
        "words": [told_fact(fact, wall) for fact in words[-MAX_WORDS:]],
        "forecast": {"ends_on": plan.ends_on, "data_early": plan.runs_out_early, "data_late": plan.runs_out_late},
        "stage": plan.stage,
        "cancelled_on": plan.cancelled_on,
        "usage": {
            "day_bytes": usage.day_bytes,
            "usual_day_bytes": usage.usual_day_bytes,
            "day_limit_bytes": usage.day_limit_bytes,
            "drift_bytes": usage.drift_bytes,
            "elsewhere_bytes": usage.elsewhere_bytes,
        },
        "card": _card(desk, sim),
        "asking": _asking(ask),
        "proof": told_proof(desk.last_proof(), wall),
    }


def usage_told(shown: Json, usage: UsageView, wall: float, saved_every_s: float, undated_bytes: int) -> Json:
    """`shown`: the usage part of the diag report, whose keys stay as they are; here with the age of each source, how
    far they are apart, what is out of the ordinary, and what is in no cycle yet, because the clock is wrong.
    """
    return {
        **shown,
        "sources": [_source(one, wall) for one in usage.sources],
        "day_bytes": usage.day_bytes,
        "usual_day_bytes": usage.usual_day_bytes,
        "day_limit_bytes": usage.day_limit_bytes,
        "drift_bytes": usage.drift_bytes,
        "elsewhere_bytes": usage.elsewhere_bytes,
        "undated_bytes": undated_bytes,
        "saved_every_s": round(saved_every_s),
    }


def _source(one: UsageSource, wall: float) -> Json:
    age = round(max(0.0, wall - one.at))
    return {"source": one.source, "used_bytes": one.used_bytes, "at": _utc(one.at), "age_s": age}


def told_fact(fact: PlanFact, wall: float) -> Json:
    age = age_days(fact, wall)
    return {
        "fact": fact.fact,
        "value": printable(fact.value)[:MAX_TEXT],
        "source": fact.source,
        "rank": RANK.get(fact.source),
        "at": _utc(fact.at),
        "age_days": None if age is None else round(age, 1),
        "stale": stale(fact, wall),
        "text": None if fact.text is None else printable(fact.text)[:MAX_TEXT],
    }


def _disputed(fact: PlanFact, words: Sequence[PlanFact]) -> Json | None:
    other = disputed_by(fact, words)
    return (
        None
        if other is None
        else {"source": other.source, "value": printable(other.value)[:MAX_TEXT], "at": _utc(other.at)}
    )


def told_proof(proof: Proof | None, wall: float) -> Json | None:
    if proof is None:
        return None
    return {
        "state": proof.state,
        "reason": proof.reason,
        "iccid": printable(proof.card),
        "started_at": _utc(proof.started_at),
        "expected": proof.expected,
        "tries": proof.tries,
        "radio_cycles": proof.radio_cycles,
        "evidence": [told_fact(word, wall) for word in proof.words],
        "data_seen": proof.data,
    }


def _card(desk: Desk, sim: SimView) -> Json:
    known = desk.pair()
    return {
        "iccid": sim.iccid,
        "expected_iccid": known.iccid if known else None,
        "expected_imei": known.imei or None if known else None,
        "by": known.by if known else None,
        "changed": sim.changed,
        "wrong_terminal": sim.wrong_terminal,
        "slot": sim.slot,
        "expected_slot": known.slot if known else None,
        "other_slots": [
            {"slot": one.slot, "state": one.state, "iccid": printable(one.iccid or "") or None}
            for one in sim.other_slots
        ],
        "switched": sim.switched,
        "lock": desk.lock,
        "warning": {"zh": warning(desk.lock, "zh"), "en": warning(desk.lock, "en")},
    }


def _asking(ask: Next | None) -> Json | None:
    if ask is None:
        return None
    return {"why": ask.why, "next_at": _utc(ask.at), "query": ask.query.key if ask.query else None}


def _utc(wall: float | None) -> str | None:
    from agent.report import utc  # noqa: PLC0415 - brings the catalogues, which who asks for JSON has anyway

    return utc(wall)
