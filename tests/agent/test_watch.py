"""Looks become snapshots, verdicts and records; a disk that fails costs none of the watching."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.centre_reach import reach_of
from agent.outbox.base import Key, OutboxError, Record, RecordClass
from agent.outbox.batch import BatchingOutbox
from agent.outbox.memory import MemoryOutbox
from agent.plan.ledger import Ledger
from agent.sample.base import ClockView, NetworkView, PortView, SimView
from agent.sample.modem import ModemPart
from agent.sample.system import SystemPart
from agent.settings import Config, PathsPart
from agent.state import Kept, load, save
from agent.uplink.meter import Meter
from agent.uplink.sender import SenderStatus
from agent.watch import Watch, WatchSettings
from agent.workers.orders import Look
from tests.fakes.clock import FakeClock


class FailingOutbox(MemoryOutbox):
    """A disk that can be full."""

    full = False

    def put_many(self, records: Iterable[Record]) -> list[Key]:
        if self.full:
            raise OutboxError("disk full")
        return super().put_many(records)


class Bench:
    def __init__(self, folder: Path, kept: Kept | None = None) -> None:
        self.clock = FakeClock(wall_now=1_795_284_000.0)
        self.store = FailingOutbox()
        config = Config(paths=PathsPart(state_dir=str(folder), run_dir=str(folder)))
        self.watch = Watch(
            config,
            WatchSettings.of(replace(config, modem=replace(config.modem, interface=""))),
            self.clock,
            BatchingOutbox(self.store),
            Ledger(None),
            Meter(),
            lambda: None,
            kept or Kept(),
        )

    def look(
        self, sim: str = "ready", registration: str = "home", iccid: str | None = "8986001", passed: float = 60.0
    ) -> None:
        self.clock.advance(passed)
        part = ModemPart(
            port=PortView(answers=True),
            sim=SimView(state=sim, iccid=iccid),  # type: ignore[arg-type]
            network=NetworkView(registration=registration),  # type: ignore[arg-type]
        )
        self.watch.take(Look(self.clock.wall(), "deep", PortView("/dev/x"), part))

    def told(self, type_: str) -> list[dict[str, object]]:
        records = [json.loads(entry.record.body) for entry in self.store.entries(1000)]
        return [record["body"] for record in records if record["type"] == type_]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_verdict_is_told_once_and_again_when_it_changes(bench: Bench) -> None:
    for _ in range(3):
        bench.look()
    for _ in range(4):
        bench.look(sim="absent", registration="searching", iccid=None)
    assert [body["code"] for body in bench.told("verdict")] == ["ok", "sim.absent"]
    assert bench.told("verdict")[1]["previous"] == "ok"


def test_a_flicker_is_no_news(bench: Bench) -> None:
    bench.look()
    bench.look(sim="absent", registration="searching", iccid=None)
    bench.look()
    assert [body["code"] for body in bench.told("verdict")] == ["ok"]


def test_ok_is_never_said_while_the_look_itself_shows_trouble(bench: Bench) -> None:
    bench.look(sim="absent", registration="searching", iccid=None)
    assert bench.watch.now is not None
    assert bench.watch.now.assessment.verdict.code == "unsure"
    for _ in range(4):
        bench.look(sim="absent", registration="searching", iccid=None)
    assert [body["code"] for body in bench.told("verdict")] == ["sim.absent"]


def test_another_card_is_told_with_the_one_before(bench: Bench) -> None:
    bench.look(iccid="8986001")
    bench.look(iccid=None)
    bench.look(iccid="8986002")
    assert [(body["iccid"], body.get("previous_iccid")) for body in bench.told("card")] == [
        ("8986001", None),
        ("8986002", "8986001"),
    ]


def test_what_a_full_disk_did_not_take_is_told_later_and_nothing_twice(bench: Bench) -> None:
    bench.store.full = True
    bench.look()
    assert bench.watch.troubles["outbox"] == "disk full"
    bench.look()
    bench.store.full = False
    bench.look()
    assert bench.watch.troubles == {}
    assert [body["code"] for body in bench.told("verdict")] == ["ok", "agent.storage"]


def test_a_restart_remembers_what_was_told(tmp_path: Path) -> None:
    first = Bench(tmp_path)
    first.look()
    kept = load(tmp_path / "state.json")
    assert kept is not None
    second = Bench(tmp_path, kept)
    second.look()
    assert second.told("verdict") == second.told("card") == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"version": 9}', '{"version": 1, "facts": 3, "board": []}', "\x00" * 9]
)
def test_a_damaged_state_file_costs_the_past_only(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    assert load(path) in (None, Kept())


def test_the_state_file_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = Kept("ok", "8986", {"balance": "1.00"}, running=True, board={"version": 1, "conditions": {}})
    save(tmp_path / "state.json", kept)
    assert load(tmp_path / "state.json") == kept


def test_a_heartbeat_waits_for_the_first_look(bench: Bench) -> None:
    assert not bench.watch.heartbeat(900)
    bench.look()
    assert bench.watch.heartbeat(900)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, []),
        (SenderStatus(), []),
        (SenderStatus(last_attempt_at=990.0, last_success_at=990.0), [("centre", True)]),
        (SenderStatus(last_attempt_at=1.0, last_success_at=1.0), [("centre", True)]),
        (SenderStatus(last_attempt_at=-5000.0, last_success_at=-5000.0), []),
        (SenderStatus(last_attempt_at=990.0, last_error="x", trouble="dns.failed"), [("dns", False), ("centre", None)]),
        (SenderStatus(last_attempt_at=990.0, last_error="x", trouble="centre.unreachable"), [("centre", False)]),
        (SenderStatus(last_attempt_at=990.0, last_error="x", trouble="centre.credential"), [("centre", False)]),
    ],
)
def test_sending_shows_the_way_to_the_centre(
    status: SenderStatus | None, expected: list[tuple[str, bool | None]]
) -> None:
    reach, _ = reach_of(status, 1000.0, 900.0)
    assert [(item.target, item.ok) for item in reach] == expected


def test_the_days_report_tells_what_waits_to_be_sent(bench: Bench) -> None:
    bench.look()
    bench.watch.heartbeat(900.0)
    bench.look(passed=86_400.0)
    bench.watch.heartbeat(900.0)
    bench.watch.outbox.flush()
    queue = bench.told("daily")[0]["self"]["queue"]  # type: ignore[index]
    assert queue["records"] >= 2
    assert queue["bytes"] > 0
    assert queue["oldest_s"] >= 86_400


def test_what_waited_overnight_is_no_backlog_before_the_first_attempt(bench: Bench) -> None:
    bench.look()
    bench.watch.heartbeat(900.0)
    bench.watch.outbox.flush()
    bench.watch.uplink = SenderStatus
    bench.look(passed=14 * 3600.0)
    assert bench.watch.now is not None
    assert bench.watch.now.snapshot.agent.oldest_waiting_s is None
    bench.watch.uplink = lambda: SenderStatus(last_attempt_at=bench.clock.wall(), last_error="HTTP 503")
    bench.look()
    waits = bench.watch.now.snapshot.agent.oldest_waiting_s
    assert waits is not None
    assert waits > 14 * 3600.0


def old_change_waits(bench: Bench) -> Key:
    return bench.store.put(Record(RecordClass.CHANGE, bench.clock.wall() - 50 * 86_400.0, b"{}"))


def waits(bench: Bench, key: Key) -> bool:
    return key in [entry.key for entry in bench.store.entries(100)]


def vouched(bench: Bench, *, trusted: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.watch.read_system", lambda *_: SystemPart(None, None, ClockView(trusted=trusted), None))
    bench.look()


def test_what_is_too_old_goes_by_a_clock_that_somebody_vouches_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = old_change_waits(bench)
    vouched(bench, trusted=True, monkeypatch=monkeypatch)
    bench.watch.housekeeping()
    assert not waits(bench, key)
    assert bench.told("gap")


@pytest.mark.parametrize("trusted", [None, False])
def test_by_a_clock_nobody_vouches_for_nothing_is_too_old(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, trusted: bool | None
) -> None:
    key = old_change_waits(bench)
    vouched(bench, trusted=trusted, monkeypatch=monkeypatch)
    bench.watch.housekeeping()
    assert waits(bench, key)


def test_a_clock_that_has_just_jumped_to_2099_costs_nothing_that_waits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    vouched(bench, trusted=True, monkeypatch=monkeypatch)
    key = bench.store.put(Record(RecordClass.CHANGE, bench.clock.wall(), b"{}"))
    bench.clock.set_wall(4_070_908_800.0)
    bench.watch.housekeeping()
    assert waits(bench, key)


@pytest.mark.parametrize("wall", [10_800.0, 4_070_908_800.0])
def test_a_clock_that_jumps_between_look_and_heartbeat_changes_neither_pace_nor_day(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, wall: float
) -> None:
    vouched(bench, trusted=True, monkeypatch=monkeypatch)
    bench.watch.pace()
    bench.watch.heartbeat(900.0)
    bench.clock.set_wall(wall)
    paced = bench.watch.pace()
    bench.watch.heartbeat(900.0)
    bench.watch.outbox.flush()
    assert (paced.interval_s, bench.watch.thrift.used_up) == (900.0, False)
    assert bench.told("daily") == []
