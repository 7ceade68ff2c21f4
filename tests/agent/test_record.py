"""Looks and changes as records of the outbox."""

import json

from hypothesis import given
from hypothesis import strategies as st

from agent import record
from agent.assess.base import Assessment, Finding, Verdict
from agent.outbox.base import Dropped, Record, RecordClass
from agent.sample.base import (
    ContextView,
    DataView,
    Evidence,
    NetworkView,
    PlanFact,
    PlanView,
    SimView,
    Snapshot,
)
from agent.wire import HeartbeatBody, ReportRecord, VerdictBody, numbered
from modem.values import Cell, Signal

FINE = Assessment((), Verdict("ok", "high"))
ABSENT = Assessment(
    (Finding("sim.absent", "error", root=True, evidence=(Evidence("sim.state", "at", "AT+CPIN? → 10"),), since=90.0),),
    Verdict("sim.absent", "high"),
)


def travelled(made: Record) -> ReportRecord:
    """As the centre reads it."""
    return ReportRecord.model_validate(json.loads(numbered(made.body, 7)))


def test_a_heartbeat_announces_the_next_one_and_leaves_out_what_is_not_known() -> None:
    made = record.heartbeat(Snapshot(100.0), FINE, next_due_s=899.6, agent="1")
    assert made.record_class is RecordClass.HEARTBEAT
    sent = travelled(made)
    assert sent.body == {"next_due_s": 900, "agent": "1", "verdict": "ok", "severity": "ok", "registration": "unknown"}
    assert HeartbeatBody.model_validate(sent.body).iccid is None


def test_a_heartbeat_says_in_which_cell_and_by_which_apn() -> None:
    network = NetworkView(cell=Cell(tac="5A1B", cell_id="0A1B2C3D", pci=7))
    contexts = (ContextView(1, apn="ims", active=False), ContextView(2, apn="cmiot", active=True))
    snapshot = Snapshot(1.0, network=network, data=DataView(contexts=contexts))
    made = record.heartbeat(snapshot, FINE, next_due_s=9, agent="1")
    body = HeartbeatBody.model_validate(travelled(made).body)
    assert (body.cell, body.apn) == ("5A1B-0A1B2C3D", "cmiot")


def test_a_verdict_says_what_was_before_what_was_seen_and_its_title_in_both_languages() -> None:
    body = VerdictBody.model_validate(travelled(record.verdict(ABSENT, "ok", 100.0)).body)
    assert (body.code, body.previous, body.since) == ("sim.absent", "ok", 90)
    assert body.findings[0].evidence == ["AT+CPIN? → 10"]
    assert set(body.titles) == {"zh", "en"}


def test_severity_is_that_of_the_verdict() -> None:
    assert record.severity_of(FINE) is None
    assert record.severity_of(ABSENT) == "error"
    assert record.severity_of(Assessment((), Verdict("unsure", "low"))) == "warning"


def test_only_new_facts_of_the_plan_are_told() -> None:
    facts = (PlanFact("expires_on", "2026-12-31", "config"), PlanFact("balance", "3.00", "manual", 50.0))
    made = record.plan_facts({"expires_on": "2026-12-31", "balance": "9.00"}, PlanView(facts=facts), 100.0)
    assert [travelled(item).body["previous"] for item in made] == ["9.00"]
    assert made[0].record_class is RecordClass.PLAN_FACT


def test_a_swapped_card_names_both() -> None:
    body = travelled(record.card(SimView(iccid="8986B"), "8986A", 1.0)).body
    assert (body["iccid"], body["previous_iccid"]) == ("8986B", "8986A")


def test_a_gap_is_told_with_its_numbers() -> None:
    body = travelled(record.gap([Dropped(RecordClass.HISTORY, 3, 5, 9, "age")], 1.0)).body
    assert body["count"] == 3
    assert body["dropped"][0] == {"class": "history", "count": 3, "first_seq": 5, "last_seq": 9, "why": "age"}


def test_history_is_bounded_and_oldest_first() -> None:
    looks = [(float(second), Signal(rsrp_dbm=-90.0), True) for second in range(500)]
    body = travelled(record.history(looks, 500.0)).body
    assert len(body["ago_s"]) == record.MAX_HISTORY == len(body["dbm"])
    assert body["ago_s"][0] > body["ago_s"][-1]


@given(st.floats(min_value=-1e9, max_value=1e11), st.text(max_size=300))
def test_absurd_clocks_and_texts_still_make_a_record_that_can_travel(at: float, text: str) -> None:
    snapshot = Snapshot(at)
    assert travelled(record.heartbeat(snapshot, FINE, next_due_s=0.0, agent="1")).at >= 0
    fact = PlanFact("balance", "1", "manual", at, text)
    record.plan_facts({}, PlanView(facts=(fact,)), at)
