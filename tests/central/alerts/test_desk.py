"""The desk over a real fleet, on both databases: each message once, each failure kept, nobody flooded."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from central.alerts.channels import NotSent
from central.alerts.desk import Desk
from central.alerts.letters import Letter
from central.alerts.plan import Channel, Plan
from central.causes import Cause
from central.fleet import Rules
from central.incidents import Incident
from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.watch import Watch
from tests.central.databases import KINDS, store_of
from tests.central.helpers import a_delivery

NOW = 1_790_000_000
PLAN = Plan.model_validate(
    {
        "channel": [{"name": "ops", "url": "json://x"}, {"name": "boss", "url": "json://y"}],
        "rule": [{"name": "all", "to": ["ops"], "delay_minutes": 0, "escalate_minutes": 60, "escalate_to": ["boss"]}],
    }
)


@dataclass
class Post:
    """Takes messages, or not."""

    error: str = ""
    sent: list[tuple[str, list[Letter]]] = field(default_factory=list)

    def __call__(
        self, channel: Channel, delivery: str, messages: Sequence[tuple[str, Letter]], now: int, zone: ZoneInfo
    ) -> None:
        if self.error:
            raise NotSent(self.error)
        self.sent.append((channel.name, [one for _, one in messages]))

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return sorted((name, one.told, one.code) for name, letters in self.sent for one in letters)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def desk(store: SqlStore, post: Post) -> Desk:
    return Desk(store, PLAN, ZoneInfo("UTC"), post)


def heard(store: SqlStore, *names: str, seq: int = 1, verdict: str = "ok", **beat: object) -> None:
    async def all_of_them() -> None:
        for name in names:
            if seq == 1:
                await store.add_terminal(name, "", b"1", 0)
            delivery = a_delivery(name, at=NOW, seqs=(seq,))
            assert delivery.heartbeat is not None
            severity = "ok" if verdict == "ok" else "error"
            newest = delivery.heartbeat._replace(body=json.dumps(beat), verdict=verdict, severity=severity)
            await store.commit(delivery._replace(heartbeat=newest))

    asyncio.run(all_of_them())


def round_(desk: Desk, now: int, *incidents: Incident) -> None:
    async def both() -> None:
        await desk.look(now, incidents)
        await desk.post(now)

    asyncio.run(both())


def test_a_verdict_is_told_once(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, "t-1", verdict="sim.absent")
    for minute in range(10):
        round_(desk, NOW + 60 * minute)
    assert post.told == [("ops", "raised", "sim.absent")]


def test_its_end_is_told(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, "t-1", verdict="sim.absent")
    round_(desk, NOW)
    round_(desk, NOW + 60)
    heard(store, "t-1", seq=2)
    round_(desk, NOW + 120)
    assert post.told == [("ops", "ended", "sim.absent"), ("ops", "raised", "sim.absent")]
    assert asyncio.run(desk.alerts()) == []


def test_many_at_once_are_one_message(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, *(f"t-{n}" for n in range(60)), expires_on="2026-09-22")
    round_(desk, NOW)
    round_(desk, NOW + 60)
    assert [len(letters) for _, letters in post.sent] == [60]


def test_an_incident_is_told_as_one(store: SqlStore, desk: Desk, post: Post) -> None:
    incident = Incident("i-1", Cause("carrier", "46000"), NOW, None, 40, 40)
    round_(desk, NOW, incident)
    round_(desk, NOW + 60, incident)
    assert post.told == [("ops", "raised", "incident")]
    assert post.sent[0][1][0].facts == {"kind": "carrier", "value": "46000", "missing": 40}


def test_an_outage_of_our_own_is_one_message(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, *(f"t-{n}" for n in range(10)))
    watch = Watch(store, Rules(), ZoneInfo("UTC"))
    for moment in (NOW, NOW + 7200):
        asyncio.run(watch.sweep(moment))
    round_(desk, NOW + 7200)
    round_(desk, NOW + 7260)
    assert post.told == [("ops", "raised", "centre.was_down")]
    assert post.sent[0][1][0].facts == {"minutes": 120}


def test_what_nobody_acknowledges_is_escalated(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, "t-1", verdict="sim.absent")
    heard(store, "t-2", verdict="sim.absent")
    round_(desk, NOW)
    round_(desk, NOW + 60)
    asyncio.run(desk.acknowledge("t-1", "sim.absent", "", "alice", NOW + 70))
    with pytest.raises(StoreRefused):
        asyncio.run(desk.acknowledge("t-1", "sim.absent", "", "bob", NOW + 80))
    round_(desk, NOW + 3700)
    assert [(name, [one.terminal for one in letters]) for name, letters in post.sent[1:]] == [
        ("ops", ["t-2"]), ("boss", ["t-2"]),
    ] or [(name, [one.terminal for one in letters]) for name, letters in post.sent[1:]] == [
        ("boss", ["t-2"]), ("ops", ["t-2"]),
    ]  # fmt: skip


def test_what_does_not_go_is_tried_again_and_logged(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, "t-1", verdict="sim.absent")
    post.error = "answered 500"
    round_(desk, NOW)
    round_(desk, NOW + 1)
    (line,) = asyncio.run(desk.log())
    assert (line.state, line.attempts, line.error) == ("waiting", 1, "answered 500")
    post.error = ""
    round_(desk, NOW + 10)
    assert post.sent == []
    round_(desk, NOW + 40)
    (line,) = asyncio.run(desk.log())
    assert (line.state, line.attempts, line.error, line.done_at) == ("sent", 2, None, NOW + 40)


def test_what_never_goes_is_given_up_and_kept(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, "t-1", verdict="sim.absent")
    post.error = "gone"
    round_(desk, NOW)
    round_(desk, NOW + 1)
    asyncio.run(desk.post(NOW + 90_000))
    (line,) = asyncio.run(desk.log())
    assert (line.state, line.error) == ("failed", "gone")


def test_several_workers_tell_it_once(store: SqlStore, desk: Desk, post: Post) -> None:
    heard(store, *(f"t-{n}" for n in range(30)), verdict="sim.absent")

    async def all_at_once() -> None:
        for now in (NOW, NOW + 60):
            await asyncio.gather(*(desk.look(now) for _ in range(3)))
            await asyncio.gather(*(desk.post(now) for _ in range(3)))

    asyncio.run(all_at_once())
    assert len(post.told) == 30


def test_a_test_message_goes_at_once_and_says_why_not(desk: Desk, post: Post) -> None:
    assert asyncio.run(desk.test("ops", NOW)) is None
    post.error = "refused"
    assert asyncio.run(desk.test("ops", NOW)) == "refused"
    with pytest.raises(StoreRefused, match="no channel"):
        asyncio.run(desk.test("nobody", NOW))
