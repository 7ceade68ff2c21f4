"""POST /v1/enroll on a real application and database."""

import asyncio
import hashlib
import json
from dataclasses import replace

import pytest

from agent.wire.enrol import grouped, tidy
from central.enrolment import MAX_ATTEMPTS, make_code
from tests.central.helpers import Answer, Centre, ask, batch, record

SECRET = "s" * 43
DIGEST = hashlib.sha256(SECRET.encode()).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def a_code(centre: Centre, terminal: str = "", life_s: int = 3600) -> str:
    made = make_code(terminal, "shop", int(centre.clock.wall()), life_s)
    asyncio.run(centre.store.add_enrol_codes([made.kept]))
    return made.shown


def enrol(centre: Centre, code: str | None, digest: str = DIGEST, **more: object) -> Answer:
    body = {"secret_sha256": digest} | ({"code": code} if code else {}) | more
    return centre.ask("POST", "/v1/enroll", parts=(json.dumps(body).encode(),))


def error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["error"]["code"]


def wrong(code: str) -> str:
    """Another code of the same name that is well formed."""
    from agent.wire.enrol import with_check

    bare = tidy(code)
    return grouped(with_check(bare[:11] + ("0" if bare[11] != "0" else "1")))


def test_a_code_becomes_a_credential_that_reports(centre: Centre) -> None:
    answer = enrol(centre, a_code(centre, "shop-1"))
    centre.secrets["shop-1"] = SECRET
    assert answer.json["terminal"] == "shop-1"
    assert centre.post(batch(record(1)), "shop-1").status == 200


def test_a_new_terminal_gets_the_id_it_asks_for_or_a_drawn_one(centre: Centre) -> None:
    assert enrol(centre, a_code(centre), terminal="shop-2").json["terminal"] == "shop-2"
    assert enrol(centre, a_code(centre), OTHER).json["terminal"].startswith("t-")


def test_a_code_for_a_new_terminal_never_takes_an_old_one(centre: Centre) -> None:
    code = a_code(centre)
    assert error(enrol(centre, code, terminal="t-1")) == (409, "not_enrolled")
    assert enrol(centre, code, terminal="t-9").status == 200


def test_a_code_is_good_once_and_a_lost_answer_is_given_again(centre: Centre) -> None:
    code = a_code(centre, "shop-1")
    assert enrol(centre, code).json == enrol(centre, code).json
    assert error(enrol(centre, code, OTHER)) == (409, "not_enrolled")


def test_many_at_once_get_one_credential(centre: Centre) -> None:
    code = a_code(centre, "shop-1")
    bodies = [json.dumps({"code": code, "secret_sha256": f"{n:064x}"}).encode() for n in range(8)]

    async def all_at_once() -> list[int]:
        return [
            a.status for a in await asyncio.gather(*(ask(centre.app, "POST", "/v1/enroll", None, (b,)) for b in bodies))
        ]

    assert sorted(asyncio.run(all_at_once())) == [200] + [409] * 7


def test_enrolling_anew_ends_the_old_secret_and_a_revocation(centre: Centre) -> None:
    asyncio.run(centre.store.revoke("t-1", 1))
    assert enrol(centre, a_code(centre, "t-1")).status == 200
    assert centre.post(batch(record(1))).status == 401
    centre.secrets["t-1"] = SECRET
    assert centre.post(batch(record(1))).status == 200


def test_revoking_withdraws_the_codes_that_wait(centre: Centre) -> None:
    code = a_code(centre, "t-1")
    asyncio.run(centre.store.revoke("t-1", 1))
    assert error(enrol(centre, code)) == (403, "code_refused")


def test_wrong_unknown_and_expired_codes_are_refused_alike(centre: Centre) -> None:
    code = a_code(centre, "shop-1")
    unknown = make_code("", "", 0, 1).shown
    late = a_code(centre, "shop-2", life_s=60)
    centre.clock.advance(61)
    answers = [enrol(centre, one) for one in (wrong(code), unknown, late)]
    assert [error(one) for one in answers] == [(403, "code_refused")] * 3
    assert len({one.body for one in answers}) == 1


def test_a_code_bears_so_many_attempts(centre: Centre) -> None:
    code = a_code(centre, "shop-1")
    for _ in range(MAX_ATTEMPTS):
        assert enrol(centre, wrong(code)).status == 403
    assert error(enrol(centre, code)) == (403, "code_refused")


def test_senders_are_limited(centre: Centre) -> None:
    code = make_code("", "", 0, 1).shown
    statuses = [enrol(centre, code).status for _ in range(31)]
    assert statuses[-1] == 429
    assert "retry-after" in enrol(centre, code).headers


def test_a_terminal_does_not_change_its_secret_unasked(centre: Centre) -> None:
    shown = {"authorization": f"Bearer t-1:{centre.secrets['t-1']}"}
    answer = centre.ask("POST", "/v1/enroll", shown, (json.dumps({"secret_sha256": DIGEST}).encode(),))
    assert error(answer) == (403, "not_asked")
    assert centre.post(batch(record(1))).status == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"secret_sha256": "x"}', b"\xff", b'{"v": 2}', b"[" * 4000])
def test_what_is_no_request_is_refused(centre: Centre, body: bytes) -> None:
    assert error(centre.ask("POST", "/v1/enroll", parts=(body,))) == (400, "bad_request")


def test_a_body_is_bounded(centre: Centre) -> None:
    assert error(centre.ask("POST", "/v1/enroll", parts=(b"x" * 3000, b"y" * 3000))) == (413, "too_large")


def test_a_stolen_credential_speaks_for_its_terminal_only(centre: Centre) -> None:
    centre.register("t-2")
    centre.secrets["t-2"], other = centre.secrets["t-1"], centre.secrets["t-2"]
    assert centre.post(batch(record(1)), "t-2").status == 401
    centre.secrets["t-2"] = other
    named = batch(record(1, terminal="t-2", next_due_s=900, agent="0", verdict="ok"), terminal="t-2")
    assert centre.post(named, "t-1").status == 200
    assert asyncio.run(centre.store.reports("t-2")) == []


def test_the_secret_of_a_code_is_not_kept(centre: Centre) -> None:
    code = tidy(a_code(centre, "shop-1"))
    (kept,) = asyncio.run(centre.store.enrol_codes(0))
    assert kept.id == code[:5]
    assert code[5:12] not in repr(replace(kept, id=""))
