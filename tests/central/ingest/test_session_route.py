"""POST /~<session>: who speaks is said once; reports told against the last one."""

import asyncio
import json
from typing import Any

import pytest

from agent.wire import read_answer
from agent.wire.frame import Base, base_of, pack
from central import auth
from central.session import DAY_S, Sessions, claimed
from central.store.base import Receipt, StoreUnavailable
from tests.central.helpers import EPOCH, Centre, batch, beat, record

NOW = 1_790_000_000


def first(centre: Centre, *records: object) -> tuple[str, Base]:
    """What a terminal knows after its first report."""
    sent = batch(*(records or (record(1, at=NOW),)), sent_at=int(centre.clock.wall()))
    said = read_answer(centre.post(sent).body)
    assert said.session is not None
    base = base_of(json.loads(sent))
    assert base is not None
    return said.session, base


def later(seq: int, sent_at: int, **news: object) -> dict[str, Any]:
    return json.loads(batch(record(seq, at=sent_at, **beat(**news)), sent_at=sent_at))  # type: ignore[no-any-return]


def test_a_report_over_a_session_is_answered_with_nothing_but_204(centre: Centre) -> None:
    session, base = first(centre)
    frame = pack(later(2, int(centre.clock.wall()), verdict="signal.weak"), base)
    answer = centre.ask("POST", f"/~{session}", {}, (frame,))
    assert (answer.status, answer.headers, answer.body) == (204, {}, b"")
    stored = centre.get("/api/v1/terminals/t-1/reports").json["reports"]
    assert stored[0]["body"]["verdict"] == "signal.weak"


def test_json_is_taken_over_a_session_too(centre: Centre) -> None:
    session, _ = first(centre)
    sent_at = int(centre.clock.wall())
    assert centre.ask("POST", f"/~{session}", {}, (json.dumps(later(2, sent_at)).encode(),)).status == 204


def test_frames_are_told_against_each_other_for_as_long_as_one_likes(centre: Centre) -> None:
    session, base = first(centre)
    for seq in range(2, 9):
        news = later(seq, int(centre.clock.wall()), used_bytes=seq * 1000)
        assert centre.ask("POST", f"/~{session}", {}, (pack(news, base),)).status == 204
        found = base_of(news)
        assert found is not None
        base = found


def test_any_process_of_the_centre_reads_the_frame(centre: Centre) -> None:
    key = b"k" * 32
    sessions = Sessions(centre.clock.wall, key)
    _, base = first(centre)
    known = asyncio.run(centre.store.credential("t-1"))
    assert known is not None
    other = Centre(centre.store, clock=centre.clock)
    from central.app import make_app

    other.app = make_app(other.settings, other.store, sessions=sessions, wall=centre.clock.wall)
    token = Sessions(centre.clock.wall, key).issue("t-1", known.secret_sha256)
    frame = pack(later(2, int(centre.clock.wall())), base)
    assert other.ask("POST", f"/~{token}", {}, (frame,)).status == 204


def test_a_base_that_is_not_held_is_answered_with_409(centre: Centre) -> None:
    session, _ = first(centre)
    stranger = Base(EPOCH, 1, 5, {"verdict": "ok"})
    answer = centre.ask("POST", f"/~{session}", {}, (pack(later(2, int(centre.clock.wall())), stranger),))
    assert (answer.status, answer.json["error"]["code"]) == (409, "unknown_base")


def test_another_terminals_base_is_not_looked_at(centre: Centre) -> None:
    _, base = first(centre)
    centre.register("t-2")
    answer = centre.post(pack(later(2, NOW), base), terminal="t-2")
    assert answer.status == 409


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"\xa1junk", 400, "bad_frame"), (b"\xaf", 400, "unknown_version"), (b"\xff\xff", 400, "unknown_version")],
)
def test_a_bad_frame_is_refused_by_name_and_counted(centre: Centre, body: bytes, status: int, code: str) -> None:
    answer = centre.post(body)
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    assert f'code="{code}"' in centre.get("/metrics").text


def test_a_bomb_is_413_and_counted(centre: Centre) -> None:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"\xa1" + packer.compress(bytes(16 * 1024 * 1024)) + packer.flush()
    assert centre.post(bomb).status == 413
    assert 'status="413"' in centre.get("/metrics").text


def test_a_record_that_is_rejected_is_named_over_a_session_too(centre: Centre) -> None:
    session, base = first(centre)
    answer = centre.ask(
        "POST", f"/~{session}", {}, (pack(later(2, int(centre.clock.wall()), verdict="not a code"), base),)
    )
    assert (answer.status, answer.json["acked"], answer.json["rejected"][0]["seq"]) == (200, 0, 2)


def test_a_clock_that_differs_is_told_the_time(centre: Centre) -> None:
    session, base = first(centre)
    answer = centre.ask("POST", f"/~{session}", {}, (pack(later(2, int(centre.clock.wall()) - 3600), base),))
    assert (answer.status, answer.json["server_time"]) == (200, int(centre.clock.wall()))


def test_a_session_ends_with_the_credential(centre: Centre) -> None:
    session, base = first(centre)
    asyncio.run(centre.store.revoke("t-1", 1))
    frame = pack(later(2, int(centre.clock.wall())), base)
    assert centre.ask("POST", f"/~{session}", {}, (frame,)).status == 401
    asyncio.run(centre.store.rotate("t-1", auth.digest(auth.new_secret()), 2))
    assert centre.ask("POST", f"/~{session}", {}, (frame,)).status == 401


def test_yesterdays_session_is_good_and_gets_a_new_one(centre: Centre) -> None:
    session, base = first(centre)
    centre.clock.advance(DAY_S)
    answer = centre.ask("POST", f"/~{session}", {}, (pack(later(2, int(centre.clock.wall())), base),))
    assert answer.status == 200
    assert answer.json["session"] not in (None, session)


def test_the_day_before_yesterdays_is_not(centre: Centre) -> None:
    session, base = first(centre)
    centre.clock.advance(2 * DAY_S)
    assert centre.ask("POST", f"/~{session}", {}, (pack(later(2, NOW), base),)).status == 401


def test_one_terminals_session_is_not_anothers(centre: Centre) -> None:
    session, _ = first(centre)
    centre.register("t-2")
    assert centre.ask("POST", f"/~t-2{session[-12:]}", {}, (batch(record(1)),)).status == 401


@pytest.mark.parametrize(
    "path", ["/~", "/~t-1", "/~" + "a" * 12, "/~t-1" + "ä" * 12, "/~" + "x" * 400, "/~t-1\0aaaaaaaaaaaa"]
)
def test_a_token_of_no_shape_is_nobody(centre: Centre, path: str) -> None:
    assert claimed(path) is None
    answer = centre.ask("POST", "/~x", {}, (batch(record(1)),))
    assert answer.status == 401


def test_sessions_of_two_keys_are_strangers() -> None:
    one, two = (Sessions(lambda: NOW) for _ in range(2))
    token = one.issue("t-1", bytes(32))
    assert one.age("t-1", token[-12:], bytes(32)) == 0
    assert two.age("t-1", token[-12:], bytes(32)) is None
    assert one.age("t-1", token[-12:], b"1" * 32) is None


def test_a_store_that_cannot_be_read_for_a_base_is_503(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = first(centre)

    async def broken(*_: object, **__: object) -> list[Receipt]:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(type(centre.store), "reports", broken)
    stranger = Base(EPOCH, 1, 5, {})
    assert centre.ask("POST", f"/~{session}", {}, (pack(later(2, NOW), stranger),)).status == 503
