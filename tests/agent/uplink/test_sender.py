"""The sender against a centre in memory and a line that misbehaves."""

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.outbox.base import Budget, Key, Outbox, OutboxError, Record, RecordClass
from agent.outbox.batch import BatchingOutbox
from agent.outbox.memory import MemoryOutbox
from agent.uplink.base import SendError
from agent.uplink.retry import CREDENTIAL_WAITS_S, Pace
from agent.uplink.sender import IDLE_S, POKE_GAP_S, Sender, SenderSettings
from agent.wire import stored
from tests.fakes.clock import FakeClock
from tests.fakes.transport import FakeCentre, FlakyTransport

NO_ROUTE = SendError("connect", "no route to host", surely_not_received=True)


class Rig:
    """A sender with everything it needs, all of it in memory."""

    def __init__(self, *, batch: int = 64, seed: int = 1, outbox: Outbox | None = None) -> None:
        self.clock = FakeClock()
        self.outbox = outbox or MemoryOutbox()
        self.centre = FakeCentre()
        self.line = FlakyTransport(self.centre, Random(seed))
        self.settings = SenderSettings(batch_records=batch, pace=Pace(5.0, 3600.0))
        self.restart(seed)

    def restart(self, seed: int = 1) -> None:
        self.sender = Sender(self.outbox, self.line, self.settings, self.clock, Random(seed))

    def put(self, *texts: object, kind: RecordClass = RecordClass.CHANGE) -> list[Key]:
        at = self.clock.wall()
        return self.outbox.put_many([Record(kind, at, stored("verdict", at, {"n": text})) for text in texts])

    def step(self) -> float:
        return self.sender.step(self.clock.monotonic())

    def run(self, steps: int = 1000) -> None:
        """Steps, with the waits between them, until nothing waits."""
        for _ in range(steps):
            self.clock.advance(self.step())
            if self.outbox.next_due(math.inf) is None:
                return

    @property
    def arrived(self) -> list[object]:
        return [body["n"] for body in self.centre.bodies]


def test_what_was_put_arrives_and_is_forgotten() -> None:
    rig = Rig()
    rig.put(1, 2, 3)
    assert rig.step() == 0.0
    assert rig.arrived == [1, 2, 3]
    assert rig.outbox.entries(10) == []
    status = rig.sender.status()
    assert (status.sent, status.failures, status.trouble, status.last_success_at) == (3, 0, None, rig.clock.wall())


def test_with_nothing_to_send_it_rests() -> None:
    rig = Rig()
    assert rig.step() == IDLE_S
    assert rig.line.sends == 0


def test_a_backlog_goes_in_batches_the_important_first() -> None:
    rig = Rig(batch=2)
    rig.put("history", kind=RecordClass.HISTORY)
    rig.put("change 1", "change 2")
    rig.run()
    assert rig.arrived == ["change 1", "change 2", "history"]
    assert rig.centre.batches == [2, 1]


def test_a_failure_defers_the_batch_and_waits_at_random_within_the_first_wait() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [NO_ROUTE]
    wait = rig.step()
    assert 0.0 <= wait <= 5.0
    (entry,) = rig.outbox.entries(1)
    assert (entry.attempts, entry.last_error) == (1, "no route to host")
    assert entry.due == rig.clock.wall() + wait
    assert rig.sender.status().trouble == "centre.unreachable"


def test_it_does_not_try_again_before_its_time() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [NO_ROUTE]
    wait = rig.step()
    rig.clock.advance(wait / 2)
    rig.step()
    assert rig.line.sends == 1
    rig.clock.advance(wait)
    rig.step()
    assert rig.arrived == [1]


def test_it_never_gives_up() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [NO_ROUTE] * 500
    rig.run(20_000)
    assert rig.arrived == [1]
    assert rig.sender.status().failures == 0


def test_an_outage_counts_its_own_failures() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [NO_ROUTE] * 30
    rig.run(5000)
    rig.put(2)
    rig.line.failures = [NO_ROUTE]
    rig.sender.poke(rig.clock.monotonic())
    assert rig.step() <= 5.0
    assert rig.sender.status().failures == 1


def test_the_first_success_frees_what_was_deferred() -> None:
    rig = Rig(batch=1)
    rig.put(1, 2, 3)
    rig.line.failures = [NO_ROUTE]
    rig.clock.advance(rig.step())
    rig.clock.advance(0.001)
    assert [rig.step() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert sorted(map(str, rig.arrived)) == ["1", "2", "3"]


def test_the_wait_survives_a_restart() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [SendError("status", "HTTP 503", status=503, retry_after_s=600.0)]
    rig.step()
    rig.restart()
    rig.clock.advance(500.0)
    rig.step()
    assert rig.line.sends == 1
    rig.clock.advance(200.0)
    rig.step()
    assert rig.arrived == [1]


def test_a_clock_set_back_while_waiting_prolongs_nothing() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [NO_ROUTE]
    wait = rig.step()
    rig.clock.set_wall(1000.0)
    rig.clock.advance(wait + 0.001)
    rig.step()
    assert rig.arrived == [1]


def test_retry_after_is_a_least_wait() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [SendError("status", "HTTP 429", status=429, retry_after_s=120.0)]
    rig.step()
    due = rig.sender.status().next_attempt_at
    assert due is not None
    assert 120.0 <= due - rig.clock.wall() <= 125.0


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_credential_waits_long_and_condemns_nothing(status: int) -> None:
    rig = Rig()
    rig.put(1, 2)
    rig.line.failures = [SendError("status", f"HTTP {status}", status=status)]
    rig.step()
    told = rig.sender.status()
    assert told.trouble == "centre.credential"
    assert told.next_attempt_at is not None
    assert told.next_attempt_at - rig.clock.wall() >= CREDENTIAL_WAITS_S[0]
    assert rig.outbox.stats().quarantined == 0


def test_one_poisoned_record_is_found_and_the_others_arrive() -> None:
    rig = Rig()
    rig.centre.poison = lambda record: record.body["n"] == 13
    keys = rig.put(*range(20))
    rig.run()
    assert sorted(map(int, map(str, rig.arrived))) == [n for n in range(20) if n != 13]
    (bad,) = rig.outbox.quarantine(10)
    assert (bad.key, bad.last_error) == (keys[13], "HTTP 400: malformed")
    assert rig.line.sends <= 12


@given(poison=st.sets(st.integers(0, 15)), seed=st.integers(0, 2**16))
@example(poison={0, 1, 2, 3}, seed=0)
@settings(deadline=None, max_examples=60)
def test_any_poisoned_records_are_found_whichever_they_are(poison: set[int], seed: int) -> None:
    rig = Rig(seed=seed)
    rig.put("first")
    rig.step()
    rig.centre.poison = lambda record: record.body["n"] in poison
    rig.put(*range(16))
    for _ in range(400):
        rig.clock.advance(rig.step())
    good = set(range(16)) - poison
    assert set(rig.arrived) == {"first"} | good
    if good or len(poison) <= 3:
        assert {entry.key.seq - 2 for entry in rig.outbox.quarantine(100)} == poison


def test_a_centre_that_refuses_everything_condemns_nothing() -> None:
    rig = Rig()
    rig.centre.poison = lambda record: True
    rig.put(*range(40))
    for _ in range(200):
        rig.clock.advance(rig.step())
    assert rig.outbox.stats().quarantined == 0
    assert rig.outbox.stats().waiting[RecordClass.CHANGE] == 40
    assert rig.sender.status().trouble == "centre.refused"
    rig.centre.poison = lambda record: False
    rig.clock.advance(3600.0)
    rig.run()
    assert set(rig.arrived) == set(range(40))


def test_a_proxy_that_calls_everything_malformed_condemns_nothing() -> None:
    rig = Rig()
    rig.put(1)
    rig.step()
    rig.put(2)
    rig.line.failures = [SendError("status", "HTTP 400", status=400, speaker="stranger")] * 10
    rig.run()
    assert rig.arrived == [1, 2]
    assert rig.outbox.stats().quarantined == 0


def test_a_lone_bad_record_waits_until_the_centre_has_shown_that_it_takes_others() -> None:
    rig = Rig()
    rig.centre.poison = lambda record: record.body["n"] == "bad"
    rig.put("bad")
    for _ in range(5):
        rig.clock.advance(rig.step())
    assert rig.outbox.stats().quarantined == 0
    rig.put("good")
    rig.run()
    assert rig.arrived == ["good"]
    assert rig.outbox.stats().quarantined == 1


def test_records_that_the_centre_names_are_quarantined_with_its_reason() -> None:
    rig = Rig()
    rig.centre.unwanted = lambda record: record.body["n"] == 2
    rig.put(1, 2, 3)
    rig.run()
    assert rig.arrived == [1, 3]
    (bad,) = rig.outbox.quarantine(10)
    assert bad.last_error == "unwanted"
    assert (rig.sender.status().sent, rig.sender.status().rejected) == (2, 1)


def test_an_answer_that_does_not_account_for_every_record_acknowledges_nothing() -> None:
    rig = Rig()
    rig.put(1, 2)
    honest = rig.centre.receive
    rig.line.centre.receive = lambda data: replace(honest(data), acked=1)  # type: ignore[method-assign]
    rig.step()
    assert rig.outbox.stats().waiting[RecordClass.CHANGE] == 2
    assert rig.sender.status().trouble == "centre.refused"


def test_a_body_that_cannot_be_read_is_quarantined_and_costs_no_bytes() -> None:
    rig = Rig()
    rig.outbox.put(Record(RecordClass.CHANGE, 0.0, b"\xff\xfe not json"))
    rig.step()
    assert rig.line.sends == 0
    rig.put(1)
    rig.outbox.put(Record(RecordClass.CHANGE, 0.0, b'{"type":"unheard-of","at":1,"body":{}}'))
    rig.run()
    assert rig.arrived == [1]
    assert rig.outbox.stats().quarantined == 2


def test_something_new_cuts_a_long_wait_short_but_does_not_hammer() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [NO_ROUTE] * 20
    while rig.sender.status().failures < 20:
        rig.clock.advance(wait := rig.step())
    rig.clock.advance(-wait)
    assert rig.step() > POKE_GAP_S
    rig.sender.poke(rig.clock.monotonic())
    rig.step()
    assert rig.line.sends == 20
    rig.clock.advance(POKE_GAP_S)
    rig.sender.poke(rig.clock.monotonic())
    rig.step()
    assert rig.arrived == [1]


def test_a_person_who_asks_is_not_kept_waiting() -> None:
    rig = Rig()
    rig.put(1)
    rig.line.failures = [SendError("status", "HTTP 401", status=401)]
    rig.step()
    rig.sender.poke(rig.clock.monotonic())
    rig.step()
    assert rig.arrived == []
    rig.sender.poke(rig.clock.monotonic(), force=True)
    rig.step()
    assert rig.arrived == [1]


class StubbornDisk(MemoryOutbox):
    """Takes no acknowledgement until it is told to."""

    full = True

    def ack(self, keys: object) -> None:
        if self.full:
            raise OutboxError("outbox x: the disk is full")
        super().ack(keys)  # type: ignore[arg-type]


def test_an_acknowledgement_the_disk_did_not_take_is_said_again_and_nothing_is_sent_twice() -> None:
    disk = StubbornDisk()
    rig = Rig(outbox=disk)
    rig.put(1)
    assert rig.step() > 0
    assert rig.sender.status().storage_error == "outbox x: the disk is full"
    rig.clock.advance(60.0)
    rig.step()
    disk.full = False
    rig.clock.advance(60.0)
    rig.step()
    assert rig.outbox.entries(1) == []
    assert rig.line.sends == 1
    assert rig.sender.status().storage_error is None


def test_a_heartbeat_that_waits_in_memory_travels_with_the_next_exchange() -> None:
    box = BatchingOutbox(MemoryOutbox())
    rig = Rig(outbox=box)
    at = rig.clock.wall()
    box.add(Record(RecordClass.HEARTBEAT, at, stored("heartbeat", at, {"n": "beat"})), rig.clock.monotonic())
    assert rig.outbox.entries(1) == []
    rig.run()
    assert rig.arrived == ["beat"]


@given(seed=st.integers(0, 2**32), batch=st.integers(1, 7), count=st.integers(1, 30))
@settings(deadline=None, max_examples=80)
def test_over_a_line_that_drops_repeats_delays_and_cuts_everything_arrives_once(
    seed: int, batch: int, count: int
) -> None:
    rig = Rig(batch=batch, seed=seed)
    rig.line.drop, rig.line.repeat, rig.line.delay, rig.line.cut = 0.2, 0.15, 0.15, 0.2
    restarts = Random(seed)
    for number in range(count):
        rig.put(number, kind=RecordClass(number % 5))
        if restarts.random() < 0.2:
            rig.restart(seed)
        rig.clock.advance(rig.step())
    rig.run(5000)
    assert sorted(map(int, map(str, rig.arrived))) == list(range(count))
    assert len(rig.centre.records) == count


def test_after_thirty_days_offline_changes_and_the_newest_state_go_first_and_all_arrives_once() -> None:
    rig, attempts = Rig(), 0
    for number in range(30 * 24):
        rig.put(f"beat {number}", kind=RecordClass.HEARTBEAT)
        if number % 120 == 0:
            rig.put(f"change {number}")
        until = rig.clock.monotonic() + 3600.0
        while rig.clock.monotonic() < until:
            rig.line.failures = [NO_ROUTE]
            wish = rig.step()
            attempts += not rig.line.failures
            rig.clock.advance(min(max(wish, 1.0), until - rig.clock.monotonic()))
    assert attempts < 30 * 24 * 3, "half an hour apart on average, whatever waits"
    rig.line.failures = []
    rig.clock.advance(3600.0)
    rig.run(5000)
    assert rig.arrived[:7] == [*(f"change {number}" for number in range(0, 720, 120)), "beat 719"]
    assert len(rig.centre.records) == len(set(rig.arrived)) == 720 + 6
    assert max(rig.centre.batches) <= 64


def test_what_was_trimmed_while_on_its_way_does_no_harm() -> None:
    rig = Rig()
    rig.put(1)
    honest = rig.centre.receive

    def trim_and_receive(data: bytes) -> object:
        rig.outbox.trim(Budget(max_count=0), rig.clock.wall())
        return honest(data)

    rig.line.centre.receive = trim_and_receive  # type: ignore[method-assign,assignment]
    rig.step()
    assert rig.arrived == [1]
    assert rig.step() == IDLE_S


def test_who_is_not_sure_sends_nothing_and_asks_again_at_once() -> None:
    rig = Rig()
    answers = [False, False, True]
    rig.sender = Sender(rig.outbox, rig.line, rig.settings, rig.clock, Random(1), sure=lambda: answers.pop(0))
    rig.put(1)
    assert [rig.step(), rig.step()] == [0.0, 0.0]
    assert rig.arrived == []
    assert rig.sender.status().last_attempt_at is None
    rig.step()
    assert rig.arrived == [1]
    rig.run()
    assert answers == [], "with nothing to send nobody is asked"


def test_a_search_goes_on_where_it_was_once_one_is_sure() -> None:
    rig = Rig()
    answers = [True, False, False]
    rig.sender = Sender(
        rig.outbox, rig.line, rig.settings, rig.clock, Random(1), sure=lambda: answers.pop(0) if answers else True
    )
    rig.put(*range(8))
    rig.line.script = [SendError("status", "malformed", status=400)]
    rig.run()
    assert sorted(map(int, map(str, rig.arrived))) == list(range(8))


def test_whatever_the_clock_shows_meanwhile_everything_arrives_once() -> None:
    chance, rig = Random(7), Rig()
    true = rig.clock.wall()
    for number in range(300):
        rig.clock.set_wall(chance.choice([0.0, 4_070_908_800.0, true, true + 40 * 86_400.0, true - 7200.0]))
        rig.put(number)
        rig.line.failures = [NO_ROUTE] * chance.randrange(3)
        rig.clock.advance(chance.choice([1.0, 60.0, 3600.0]))
        rig.step()
    rig.line.failures = []
    rig.clock.set_wall(true)
    rig.run(5000)
    assert sorted(int(str(one)) for one in rig.arrived) == list(range(300))
