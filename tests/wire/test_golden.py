"""Messages as they were sent once stay readable for ever. Files here are added, never changed."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire import (
    MAX_BODY_BYTES,
    Batch,
    HeartbeatBody,
    UnknownVersion,
    VerdictBody,
    WireError,
    numbered,
    read_answer,
    read_batch,
    stored,
)

GOLDEN = Path(__file__).parent / "golden"
BATCHES = sorted(path.name for path in GOLDEN.glob("v1-batch-*.json"))
ANSWERS = sorted(path.name for path in GOLDEN.glob("v1-answer*.json"))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def changed(name: str, **facts: Any) -> bytes:
    return json.dumps({**json.loads(golden(name)), **facts}).encode()


@pytest.mark.parametrize("name", BATCHES)
def test_every_batch_ever_sent_is_readable(name: str) -> None:
    batch = read_batch(golden(name))
    assert batch.epoch == "0f1e2d3c4b5a6978"
    assert batch.records


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_ever_given_is_readable(name: str) -> None:
    assert read_answer(golden(name)).acked in {1, 2}


def test_a_heartbeat_means_what_it_meant() -> None:
    first, second = read_batch(golden("v1-batch-heartbeat.json")).records
    beat = HeartbeatBody.model_validate(first.body)
    assert (first.seq, first.type, beat.next_due_s, beat.verdict) == (41, "heartbeat", 900, "ok")
    assert (beat.rsrp_dbm, beat.balance, beat.expires_on) == (-95.0, "12.30", "2026-12-31")
    assert second.type == "history"


def test_a_change_of_verdict_means_what_it_meant() -> None:
    (record,) = read_batch(golden("v1-batch-verdict.json")).records
    verdict = VerdictBody.model_validate(record.body)
    assert (verdict.code, verdict.previous, verdict.confidence) == ("plan.expired", "ok", "high")
    assert [finding.root for finding in verdict.findings] == [True, False]
    assert verdict.titles["zh"] == "套餐已过期"


def test_an_answer_means_what_it_meant() -> None:
    answer = read_answer(golden("v1-answer.json"))
    assert (answer.acked, answer.server_time) == (1, 1795284001)
    assert [(one.seq, one.reason) for one in answer.rejected] == [(42, "history: 未知字段")]


def test_fields_that_a_later_agent_adds_are_ignored_in_the_frame_and_kept_in_the_body() -> None:
    (record,) = read_batch(golden("v1-batch-from-a-later-agent.json")).records
    assert record.body["battery_mv"] == 3700
    assert HeartbeatBody.model_validate(record.body).verdict == "sim.melted"
    assert not hasattr(record, "priority")


@pytest.mark.parametrize("version", [2, 0, "1", None, True, 1.5, [1], "x" * 1000])
def test_another_version_is_refused_by_its_name(version: Any) -> None:
    with pytest.raises(UnknownVersion, match="is not known here") as refusal:
        read_batch(changed("v1-batch-verdict.json", v=version))
    assert len(str(refusal.value)) < 80
    with pytest.raises(UnknownVersion):
        read_answer(changed("v1-answer.json", v=version))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"epoch": "short"}, "epoch"),
        ({"epoch": "0F1E2D3C4B5A6978"}, "epoch"),
        ({"records": []}, "records"),
        ({"sent_at": -1}, "sent_at"),
        ({"records": [{"seq": 0, "type": "verdict", "at": 1, "body": {}}]}, "records.0.seq"),
        ({"records": [{"seq": 1, "type": "gossip", "at": 1, "body": {}}]}, "records.0.type"),
        ({"records": [{"seq": 1, "type": "verdict", "at": 1, "body": []}]}, "records.0.body"),
        ({"records": [{"seq": 1, "type": "verdict", "at": 10**15, "body": {}}]}, "records.0.at"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(facts: dict[str, Any], words: str) -> None:
    with pytest.raises(WireError, match=f"^{words}: "):
        read_batch(changed("v1-batch-verdict.json", **facts))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"v":1,"acked":NaN}',
        b'{"acked":' + b"9" * 5000 + b"}",
    ],
)
def test_rubbish_is_a_wire_error_and_nothing_else(data: bytes) -> None:
    with pytest.raises(WireError):
        read_batch(data)
    with pytest.raises(WireError):
        read_answer(data)


def test_a_message_beyond_all_measure_is_not_even_parsed() -> None:
    with pytest.raises(WireError, match="more than"):
        read_batch(b" " * (MAX_BODY_BYTES + 1))


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise_anything_else(data: bytes) -> None:
    for read in (read_batch, read_answer, lambda data: numbered(data, 1)):
        with suppress(WireError):
            read(data)


@given(body=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), json_values, max_size=5))
def test_what_is_stored_comes_out_numbered_and_unchanged(body: dict[str, Any]) -> None:
    travelling = numbered(stored("recovery", 1_790_000_000.7, body), 7)
    frame = b'{"epoch":"0f1e2d3c4b5a6978","sent_at":1,"records":[' + travelling + b"]}"
    (record,) = read_batch(frame).records
    assert (record.seq, record.type, record.at, record.body) == (7, "recovery", 1_790_000_000, body)


def test_what_cannot_travel_is_refused_when_it_is_stored() -> None:
    for odd in ({"x": float("nan")}, {"x": object()}, {"x": "\ud800"}):
        with pytest.raises(WireError, match="cannot travel"):
            stored("recovery", 1.0, odd)
    with pytest.raises(WireError, match="unknown record type"):
        stored("gossip", 1.0, {})  # type: ignore[arg-type]


def test_a_clock_before_1970_counts_as_1970() -> None:
    assert json.loads(stored("started", -5.0, {}))["at"] == 0


def test_a_batch_is_written_as_it_is_read() -> None:
    batch = read_batch(golden("v1-batch-heartbeat.json"))
    assert Batch.model_validate_json(batch.model_dump_json()) == batch
