"""Reading a batch and working out what it means; pure."""

import json

import pytest

from central.receive import MAX_AGE_S, MAX_INTERVAL_S, BadBatch, delivery, happened_at, read_batch
from central.store.base import Delivery
from tests.central.helpers import batch, beat, record, verdict

NOW = 1_790_000_000


def taken(*records: object, sent_at: int = NOW, received_at: int = NOW) -> Delivery:
    return delivery("t-1", read_batch(batch(*records, sent_at=sent_at)), received_at)


def refused(body: bytes) -> str:
    with pytest.raises(BadBatch) as caught:
        read_batch(body)
    return caught.value.code


def test_a_heartbeat_becomes_report_and_state() -> None:
    heard = taken(record(5, **beat(iccid="8986", severity="warning", verdict="signal.weak")))
    assert heard.heartbeat is not None
    assert [report.seq for report in heard.reports] == [5]
    assert (heard.heartbeat.seq, heard.heartbeat.iccid, heard.heartbeat.verdict) == (5, "8986", "signal.weak")


def test_the_next_report_is_due_by_our_clock_whatever_theirs_says() -> None:
    heard = taken(record(1, at=5, **beat(next_due_s=900)), sent_at=10)
    assert heard.heartbeat is not None
    assert heard.heartbeat.next_due == NOW + 900


def test_an_interval_has_an_upper_bound() -> None:
    heard = taken(record(1, **beat(next_due_s=10**12)))
    assert heard.heartbeat is not None
    assert heard.heartbeat.interval_s == MAX_INTERVAL_S


def test_of_many_heartbeats_the_newest_counts() -> None:
    heard = taken(*(record(seq, **beat(verdict=f"code.{seq}")) for seq in (3, 9, 4)))
    assert heard.heartbeat is not None
    assert heard.heartbeat.verdict == "code.9"


def test_a_change_of_verdict_is_kept_with_its_sentences() -> None:
    heard = taken(verdict(2))
    assert heard.verdict is not None
    assert [change.code for change in heard.changes] == ["sim.absent"]
    assert (heard.verdict.severity, json.loads(heard.verdict.titles)["zh"]) == ("error", "没有插卡")


@pytest.mark.parametrize("kind", ["plan_fact", "card", "recovery", "gap", "started", "stopped"])
def test_other_changes_are_kept_too(kind: str) -> None:
    assert [change.type for change in taken(record(1, kind, code="x")).changes] == [kind]


def test_routine_history_is_no_change() -> None:
    heard = taken(record(1, "history", samples=[1]))
    assert (len(heard.reports), heard.changes) == (1, ())


def test_a_wrong_body_is_rejected_alone() -> None:
    heard = taken(record(1), record(2, verdict=5), record(3))
    assert [report.seq for report in heard.reports] == [1, 3]
    assert [(bad.seq, bad.reason) for bad in heard.rejections] == [(2, "bad_body")]


def test_a_type_of_the_future_is_rejected_alone() -> None:
    heard = taken(record(1), record(2, "hologram"))
    assert [report.seq for report in heard.reports] == [1]
    assert [(bad.seq, bad.reason) for bad in heard.rejections] == [(2, "unknown_type")]


def test_a_body_that_is_no_object_is_rejected_alone() -> None:
    wrong = {"seq": 2, "type": "gap", "at": 1, "body": [1]}
    assert [(bad.seq, bad.reason) for bad in taken(record(1), wrong).rejections] == [(2, "bad_record")]


def test_a_reason_does_not_repeat_what_was_sent() -> None:
    heard = taken(record(1, **beat(next_due_s="</script>\x1b[31m")))
    assert "script" not in heard.rejections[0].detail


@pytest.mark.parametrize(
    "wrong",
    [
        beat(verdict=""),
        beat(verdict="<b>"),
        beat(verdict="x" * 65),
        beat(operator="x" * 201),
        beat(next_due_s=0),
        beat(next_due_s=None),
        {"agent": "0.1.0"},
    ],
)
def test_a_heartbeat_the_console_could_not_show_is_rejected(wrong: dict[str, object]) -> None:
    assert [bad.reason for bad in taken(record(1, **wrong)).rejections] == ["bad_body"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b"\xff\xfe", "bad_json"),
        (b'{"a":', "bad_json"),
        (b'{"v":1,"epoch":"\\ud800"}', "bad_json"),
        (b"[" * 100_000 + b"]" * 100_000, "bad_json"),
        (b'{"v":' + b"9" * 100_000 + b"}", "bad_json"),
        (b"[]", "bad_batch"),
        (b'"text"', "bad_batch"),
        (b"null", "bad_batch"),
        (b"{}", "bad_batch"),
        (batch(*(record(seq) for seq in range(1, 502))), "bad_batch"),
        (batch(record(1), epoch="short"), "bad_batch"),
        (batch(record(1), sent_at=-1), "bad_batch"),
        (batch(record(1), sent_at=10**30), "bad_batch"),
        (batch(record(0)), "bad_batch"),
        (batch(record(2**53 + 1)), "bad_batch"),
        (batch("not a record"), "bad_batch"),
        (batch(record(1), v=2), "unknown_version"),
        (batch(record(1), v="1"), "unknown_version"),
        (batch(record(1), v=None), "unknown_version"),
    ],
)
def test_a_batch_nobody_can_read_is_refused_whole(body: bytes, code: str) -> None:
    assert refused(body) == code


@pytest.mark.parametrize(("kind", "most"), [("heartbeat", 8 * 1024), ("plan_fact", 64 * 1024)])
def test_a_record_that_would_fill_the_console_is_rejected(kind: str, most: int) -> None:
    heard = taken(record(1, kind, **beat(extra="x" * (most - 100))), record(2, kind, **beat(extra="x" * most)))
    assert ([report.seq for report in heard.reports], [bad.reason for bad in heard.rejections]) == ([1], ["too_long"])


def test_unknown_fields_are_ignored() -> None:
    assert len(read_batch(batch(record(1) | {"mood": "good"}, terminal="t-2")).records) == 1


def test_a_nul_and_a_number_without_bounds_are_stored_as_text() -> None:
    heard = taken(record(1, **beat(iccid="89\x0086", used_bytes=10**300)))
    assert heard.heartbeat is not None
    assert "\x00" not in f"{heard.heartbeat.iccid}{heard.heartbeat.body}"
    assert json.loads(heard.heartbeat.body)["used_bytes"] == 10**300


def test_not_a_number_becomes_null() -> None:
    body = batch(record(1, **beat())).replace(b'"agent"', b'"rssi_dbm": NaN, "agent"')
    heard = delivery("t-1", read_batch(body), NOW)
    assert json.loads(heard.reports[0].body)["rssi_dbm"] is None


def test_of_two_equal_keys_the_last_one_counts() -> None:
    body = batch(record(1, **beat())).replace(b'"verdict": "ok"', b'"verdict": "ok", "verdict": "sim.absent"')
    heard = delivery("t-1", read_batch(body), NOW)
    assert heard.heartbeat is not None
    assert heard.heartbeat.verdict == "sim.absent"


def test_of_two_records_with_one_number_the_first_one_counts() -> None:
    heard = taken(record(1, **beat(verdict="ok")), record(1, **beat(verdict="sim.absent")))
    assert heard.heartbeat is not None
    assert heard.heartbeat.verdict == "ok"


@pytest.mark.parametrize(
    ("at", "sent_at", "expected"),
    [
        (NOW - 50, NOW - 20, NOW - 50),  # a slow journey is not a wrong clock
        (500, 1000, NOW - 500),  # a clock that says 1970 still counts seconds
        (NOW + 3600 - 300, NOW + 3600, NOW - 300),  # an hour ahead
        (NOW + 10**9, NOW, NOW),  # nothing happens in the future
        (100, NOW, NOW),  # made before the clock was set, sent after
    ],
)
def test_moments_are_put_on_our_clock(at: int, sent_at: int, expected: int) -> None:
    assert taken(record(1, at=at), sent_at=sent_at).reports[0].happened_at == expected


def test_the_clocks_error_is_noted() -> None:
    assert taken(record(1), sent_at=NOW - 3600).clock_skew_s == 3600


def test_history_of_a_year_ago_is_believed() -> None:
    assert happened_at(NOW - MAX_AGE_S, 0, NOW) == NOW - MAX_AGE_S


def test_the_moment_as_the_terminal_had_it_is_kept() -> None:
    assert taken(record(1, at=500), sent_at=1000).reports[0].at == 500
