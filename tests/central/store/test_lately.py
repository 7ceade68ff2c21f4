"""What sessions are bound to: the database, while a credential is old; the secret, for three days after it changed."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.wire import read_answer
from central import auth
from central.store import cache, core
from central.store.base import Credential, StoreUnavailable
from central.store.cache import LATELY_S, TTL_S, Changed, Lately
from central.store.copying import backup, restore
from central.store.core import SqlStore
from tests.central.databases import KINDS, store_of
from tests.central.helpers import Centre, a_store, batch, record
from tests.fakes.clock import FakeClock

NOW = 1_790_000_000


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(str(request.param), tmp_path) as made:
        asyncio.run(made.add_terminal("t-1", "", bytes(32), NOW - 10 * 86_400))
        yield made


def lineage(store: SqlStore, now: int = NOW, terminal: str = "t-1") -> bytes | None:
    store._lately = Lately(store._changed)  # as after two seconds
    return asyncio.run(store.lineage(terminal, now))


def test_an_old_credential_is_bound_to_the_database(store: SqlStore) -> None:
    assert (found := lineage(store))
    assert lineage(store, NOW + 86_400) == found


def test_what_changed_lately_is_not(store: SqlStore) -> None:
    asyncio.run(store.rotate("t-1", b"2" * 32, NOW))
    assert (lineage(store), lineage(store, NOW + LATELY_S)) == (None, None)
    assert lineage(store, NOW + LATELY_S + 1)
    asyncio.run(store.revoke("t-1", NOW + LATELY_S))
    assert lineage(store, NOW + LATELY_S + 1) is None


def test_a_change_by_this_process_counts_at_once(store: SqlStore) -> None:
    assert asyncio.run(store.lineage("t-1", NOW))
    asyncio.run(store.rotate("t-1", b"2" * 32, NOW))
    assert asyncio.run(store.lineage("t-1", NOW)) is None


def test_after_a_roll_out_each_is_looked_at(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "MAX_LATELY", 2)
    for name in ("a", "b", "c"):
        asyncio.run(store.add_terminal(name, "", bytes(32), NOW - 10 * 86_400))
        asyncio.run(store.rotate(name, b"2" * 32, NOW))
    assert [lineage(store, terminal=name) is None for name in ("a", "t-1", "nobody")] == [True, False, True]


class Answers:
    def __init__(self, *changed: str) -> None:
        self.changed = set(changed)
        self.asked = 0
        self.gone = False
        self.meanwhile = lambda: None

    async def __call__(self, _since: int) -> Changed:
        self.asked += 1
        held = frozenset(self.changed)
        await asyncio.sleep(0)
        self.meanwhile()
        if self.gone:
            raise StoreUnavailable("gone")
        return Changed(b"lineage", held)


def test_it_is_asked_once_for_all_who_come() -> None:
    async def ask() -> list[Changed]:
        return await asyncio.gather(*(lately.known(0) for _ in range(3)))

    clock, answers = FakeClock(), Answers("a")
    lately = Lately(answers, clock.monotonic)
    for _ in range(2):
        assert asyncio.run(ask()) == [Changed(b"lineage", frozenset("a"))] * 3
    clock.advance(TTL_S)
    answers.changed.add("b")
    assert asyncio.run(ask())[0] == Changed(b"lineage", frozenset("ab"))
    assert answers.asked == 2


def test_a_change_that_comes_while_it_is_asked_is_not_lost() -> None:
    clock, answers = FakeClock(), Answers()
    lately = Lately(answers, clock.monotonic)
    answers.meanwhile = lambda: lately.add("a")
    asyncio.run(lately.known(0))
    assert lately.here("a")
    clock.advance(TTL_S)
    answers.meanwhile = lambda: None
    asyncio.run(lately.known(0))
    assert not lately.here("a")


def test_who_leaves_before_the_answer_takes_nobody_along() -> None:
    async def ask() -> Changed:
        first, second = (asyncio.create_task(lately.known(0)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    lately = Lately(Answers("a"), FakeClock().monotonic)
    assert asyncio.run(ask()).terminals == frozenset("a")


def test_nothing_is_known_of_a_database_that_is_gone() -> None:
    clock, answers = FakeClock(), Answers()
    lately = Lately(answers, clock.monotonic)
    asyncio.run(lately.known(0))
    answers.gone = True
    clock.advance(TTL_S)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            asyncio.run(lately.known(0))
    answers.gone = False
    assert asyncio.run(lately.known(0))


def session(centre: Centre, seq: int = 1) -> str:
    said = read_answer(centre.post(batch(record(seq), sent_at=int(centre.clock.wall()))).body)
    assert said.session is not None
    return said.session


def say(centre: Centre, token: str, seq: int) -> int:
    sent = batch(record(seq), sent_at=int(centre.clock.wall()))
    return centre.ask("POST", f"/~{token}", {}, (sent,)).status


def test_a_report_over_a_session_of_an_old_credential_reads_none(centre: Centre) -> None:
    async def unread(_terminal: str) -> Credential | None:
        raise AssertionError("the credential was read")

    token = session(centre)
    centre.store.credential = unread  # type: ignore[method-assign]
    assert say(centre, token, 2) == 204


def test_who_rotates_a_secret_ends_the_sessions_of_before_for_good(centre: Centre) -> None:
    token = session(centre)
    secret = centre.secrets["t-1"] = auth.new_secret()
    asyncio.run(centre.store.rotate("t-1", auth.digest(secret), int(centre.clock.wall())))
    fresh = session(centre, 2)
    assert [say(centre, token, 3), say(centre, fresh, 3)] == [401, 204]
    centre.clock.advance(2 * 86_400)
    assert say(centre, token, 4) == 401


def test_a_session_outlives_the_three_days(centre: Centre) -> None:
    """It is bound to the secret, and to the database from the first day on that this holds."""
    asyncio.run(
        centre.store.rotate("t-1", auth.digest(centre.secrets["t-1"]), int(centre.clock.wall()) - LATELY_S + 60)
    )
    token = session(centre)
    centre.clock.advance(86_400)
    assert isinstance(centre.store, SqlStore)
    centre.store._lately = Lately(centre.store._changed)
    sent = batch(record(2), sent_at=int(centre.clock.wall()))
    answer = centre.ask("POST", f"/~{token}", {}, (sent,))
    renewed = json.loads(answer.body)["session"]
    assert (answer.status, say(centre, renewed, 3)) == (200, 204)


def test_sessions_are_of_one_database(centre: Centre, tmp_path: Path) -> None:
    token = session(centre)
    with a_store(tmp_path / "other.db") as other:
        assert say(Centre(other, clock=centre.clock), token, 2) == 401


def test_a_copy_that_is_restored_knows_no_session(tmp_path: Path) -> None:
    path = tmp_path / "central.db"
    with a_store(path) as store:
        before = lineage(store)
        backup(str(path), tmp_path / "copy")
    restore(tmp_path / "copy", str(path), replace=True)
    with a_store(path) as store:
        after = lineage(store)
    assert before != after
    assert after


def test_a_session_is_forgotten_before_its_credential_is_old() -> None:
    from central.session import DAY_S

    assert cache.LATELY_S >= 3 * DAY_S
