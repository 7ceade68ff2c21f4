"""POST /v1/reports: statuses, limits, answers."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from agent.wire import MAX_BODY_BYTES, answer_bytes, read_answer
from central import auth
from central.config import Server, Settings
from central.intake import Taken
from central.receive import delivery, read_batch
from central.store.base import Delivery, Receipt, StoreUnavailable
from central.store.sqlite import SqliteStore
from tests.central.helpers import Centre, a_store, batch, beat, record


def test_what_is_stored_is_acknowledged_with_our_time(centre: Centre) -> None:
    said = read_answer(centre.post(batch(record(1), record(2))).body)
    assert (said.acked, said.rejected, said.server_time) == (2, [], int(centre.clock.wall()))


def test_a_repeat_is_acknowledged_and_stored_once(centre: Centre) -> None:
    assert [centre.post(batch(record(1))).json["acked"] for _ in range(2)] == [1, 1]
    assert len(centre.get("/api/v1/terminals/t-1/reports").json["reports"]) == 1


def test_a_rejected_record_is_named_and_the_others_are_acknowledged(centre: Centre) -> None:
    said = centre.post(batch(record(1), record(2, **beat(verdict=7)))).json
    assert (said["acked"], [bad["seq"] for bad in said["rejected"]]) == (1, [2])
    assert centre.get("/api/v1/terminals/t-1").json["rejections"][0]["count"] == 1


def test_only_post(centre: Centre) -> None:
    answer = centre.get("/v1/reports")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_packed_body_is_not_supported(centre: Centre) -> None:
    assert centre.post(b"", content_encoding="deflate").status == 415


def test_identity_is_no_packing(centre: Centre) -> None:
    assert centre.post(batch(record(1)), content_encoding="Identity").status == 200


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "9" * 30, "x"])
def test_a_body_announced_too_large_is_not_read(centre: Centre, length: str) -> None:
    assert centre.post(b"", content_length=length).status == 413


def test_a_body_that_grows_too_large_is_cut_off(centre: Centre) -> None:
    headers = {"authorization": f"Bearer t-1:{centre.secrets['t-1']}"}
    parts = tuple(bytes([65 + part]) * (MAX_BODY_BYTES // 4) for part in range(6))
    assert centre.ask("POST", "/v1/reports", headers, parts).status == 413


def test_a_body_in_pieces_is_put_together(centre: Centre) -> None:
    headers = {"authorization": f"Bearer t-1:{centre.secrets['t-1']}"}
    body = batch(record(1))
    assert centre.ask("POST", "/v1/reports", headers, (body[:20], body[20:])).status == 200


def test_errors_are_json_with_code_and_message(centre: Centre) -> None:
    answer = centre.post(b"{}")
    assert (answer.status, set(answer.json["error"])) == (400, {"code", "message"})


def test_too_many_requests_are_told_when_to_come_back(centre: Centre) -> None:
    limited = Centre(centre.store, Settings(server=Server(rate_per_minute=6, rate_burst=2)), secrets=centre.secrets)
    statuses = [limited.post(batch(record(seq))).status for seq in (1, 2, 3)]
    assert statuses == [200, 200, 429]
    wait = int(limited.post(batch(record(3))).headers["retry-after"])
    limited.clock.advance(wait)
    assert limited.post(batch(record(3))).status == 200


def test_one_terminals_flood_does_not_limit_another(centre: Centre) -> None:
    limited = Centre(centre.store, Settings(server=Server(rate_per_minute=6, rate_burst=1)), secrets=centre.secrets)
    limited.register("t-2")
    assert [limited.post(batch(record(1)), name).status for name in ("t-1", "t-1", "t-2")] == [200, 429, 200]


def test_a_store_that_cannot_commit_is_said_with_a_time(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_delivery: Delivery) -> Receipt:
        raise StoreUnavailable("database or disk is full")

    monkeypatch.setattr(centre.store, "commit", full)
    answer = centre.post(batch(record(1)))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert b"disk" not in answer.body


def test_a_wrong_clock_is_shown_and_does_not_make_the_terminal_late(centre: Centre) -> None:
    centre.post(batch(record(1, at=500), sent_at=1000))
    seen = centre.get("/api/v1/terminals/t-1").json
    assert (seen["status"], seen["clock_skew_s"]) == ("up", int(centre.clock.wall()) - 1000)


def test_status_goes_from_up_to_late_to_silent_as_time_passes(centre: Centre) -> None:
    centre.post(batch(record(1, **beat(next_due_s=900))))
    seen = []
    for step in (0, 900 + 451, 2700):
        centre.clock.advance(step)
        seen.append(centre.get("/api/v1/terminals/t-1").json["status"])
    assert seen == ["up", "late", "silent"]


def test_a_body_cannot_write_for_another_terminal(centre: Centre) -> None:
    centre.register("t-2")
    forged = json.loads(batch(record(1, **beat(terminal="t-2")))) | {"terminal": "t-2", "id": "t-2"}
    assert centre.post(json.dumps(forged).encode(), "t-1").status == 200
    assert centre.get("/api/v1/terminals/t-2").json["last_heard"] is None
    assert centre.get("/api/v1/terminals/t-2/reports").json["reports"] == []


@pytest.mark.parametrize("nothing", [b"", batch()])
def test_who_only_looks_whether_the_way_is_open_is_answered_and_not_counted(centre: Centre, nothing: bytes) -> None:
    assert (centre.post(nothing).status, centre.post(nothing).body) == (204, b"")
    assert "report_requests_total{" not in centre.get("/metrics").text
    assert centre.get("/api/v1/terminals/t-1").json["last_heard"] is None


def test_who_only_looks_must_be_known_too(centre: Centre) -> None:
    assert centre.ask("POST", "/v1/reports", {"authorization": "Bearer t-1:" + "x" * 43}).status == 401


@pytest.fixture
def elsewhere(centre: Centre) -> Iterator[SqliteStore]:
    """Another process on the same database."""
    with a_store(centre.store.path) as store:  # type: ignore[attr-defined]
        yield store


def test_a_secret_that_another_process_has_just_rotated_is_good_at_once(centre: Centre, elsewhere: SqliteStore) -> None:
    assert centre.post(batch(record(1))).status == 200
    old, new = centre.secrets["t-1"], auth.new_secret()
    asyncio.run(elsewhere.rotate("t-1", auth.digest(new), 1))
    centre.secrets["t-1"] = new
    answer = centre.post(batch(record(2)))
    assert answer.status == 200
    assert centre.ask("POST", f"/~{answer.json['session']}", {}, (batch(record(3)),)).status in (200, 204)
    centre.secrets["t-1"] = old
    assert centre.post(batch(record(4))).status == 401


def test_a_terminal_that_another_process_has_just_registered_is_known_at_once(
    centre: Centre, elsewhere: SqliteStore
) -> None:
    centre.secrets["t-9"] = auth.new_secret()
    assert centre.post(batch(record(1)), "t-9").status == 401
    asyncio.run(elsewhere.add_terminal("t-9", "", auth.digest(centre.secrets["t-9"]), 1))
    assert centre.post(batch(record(1)), "t-9").status == 200


@pytest.mark.parametrize("session", [None, "t-1abcdefghijkl"])
def test_the_usual_answer_is_what_the_wire_would_write(session: str | None) -> None:
    heard = delivery("t-1", read_batch(batch(record(1), record(2))), 1_790_000_000)
    taken = Taken(heard, Receipt(1, 1), [])
    assert taken.answer_body(session) == answer_bytes(taken.answer(session))
