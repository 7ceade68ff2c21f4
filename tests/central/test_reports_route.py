"""POST /v1/reports: statuses, limits, answers."""

import json

import pytest

from agent.wire import MAX_BODY_BYTES, read_answer
from central.config import Server, Settings
from central.store.base import Delivery, Receipt, StoreUnavailable
from tests.central.helpers import Centre, batch, beat, record


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
