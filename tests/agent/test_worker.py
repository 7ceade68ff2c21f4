"""Workers: progress, mailboxes, bounded stops."""

import threading

from agent.clock import SystemClock
from agent.worker import GRACE_S, MAX_ERRORS, Mailbox, MailboxBody, Worker
from tests.fakes.clock import FakeClock


class Echo(MailboxBody[str]):
    """Remembers what it was sent; fails on "bug"; hangs on "hang" until it is let go."""

    def __init__(self) -> None:
        super().__init__(size=4)
        self.heard: list[str] = []
        self.told = threading.Event()
        self.let_go = threading.Event()
        self.closed = threading.Event()

    def step(self, now: float) -> float:
        for message in self.mailbox.take():
            self.heard.append(message)
            self.told.set()
            if message == "bug":
                raise RuntimeError("a bug")
            if message == "hang":
                self.let_go.wait(60)
        return now + 100

    def close(self) -> None:
        self.closed.set()


def test_a_round_runs_without_a_thread() -> None:
    clock, body = FakeClock(), Echo()
    worker = Worker("echo", body, clock, allowed_s=5)
    body.mailbox.post("hello")
    assert worker.step(clock.monotonic()) == clock.monotonic() + 100
    assert body.heard == ["hello"]
    assert worker.progress.steps == 1


def test_a_full_mailbox_refuses() -> None:
    box: Mailbox[int] = Mailbox(size=2)
    assert [box.post(number) for number in range(3)] == [True, True, False]
    assert box.take() == [0, 1]
    assert box.post(3)


def test_a_message_that_came_before_the_sleep_ends_it() -> None:
    box: Mailbox[int] = Mailbox()
    box.post(1)
    box.wait(1000)  # returns at once, or this test never ends


def test_who_has_taken_sleeps_again() -> None:
    # A body that sleeps elsewhere (in the modem's port) asks `waiting` before it does: were an old wake-up still to
    # count, it would never sleep again.
    box: Mailbox[str] = Mailbox()
    box.post("look")
    assert box.take() == ["look"]
    assert not box.waiting()


def test_a_wake_up_after_the_taking_counts() -> None:
    box: Mailbox[str] = Mailbox()
    box.take()
    box.wake()
    assert box.waiting()


def test_a_sleeper_is_not_stuck_until_its_promise_is_long_past() -> None:
    clock, body = FakeClock(), Echo()
    worker = Worker("echo", body, clock, allowed_s=5)
    worker.step(clock.monotonic())
    clock.advance(100 + GRACE_S)
    assert worker.stuck(clock.monotonic()) is None
    clock.advance(1)
    assert worker.stuck(clock.monotonic()) == "asleep for 161 s"


def test_a_call_that_lasts_too_long_is_seen_from_outside() -> None:
    clock, body = FakeClock(), Echo()
    worker = Worker("echo", body, clock, allowed_s=5)
    body.mailbox.post("hang")
    caller = threading.Thread(target=worker.step, args=(clock.monotonic(),), daemon=True)
    caller.start()
    assert body.told.wait(60)
    assert worker.stuck(clock.monotonic()) is None
    clock.advance(5 + GRACE_S + 1)
    assert worker.stuck(clock.monotonic()) == "in one call for 66 s"
    body.let_go.set()
    caller.join(60)
    assert worker.stuck(clock.monotonic()) is None


def test_a_bug_is_waited_out_ever_longer_and_at_last_admitted() -> None:
    clock, body = FakeClock(), Echo()
    worker = Worker("echo", body, clock, allowed_s=5)
    waits = []
    for _ in range(MAX_ERRORS):
        assert worker.stuck(clock.monotonic()) is None
        body.mailbox.post("bug")
        waits.append(worker.step(clock.monotonic()) - clock.monotonic())
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 60
    assert worker.stuck(clock.monotonic()) == f"{MAX_ERRORS} errors in a row"


def test_one_good_round_forgives_the_bugs() -> None:
    clock, body = FakeClock(), Echo()
    worker = Worker("echo", body, clock, allowed_s=5)
    body.mailbox.post("bug")
    worker.step(clock.monotonic())
    worker.step(clock.monotonic())
    assert worker.progress.errors == 0


def test_a_thread_hears_stops_and_closes_what_it_owns() -> None:
    body = Echo()
    worker = Worker("echo", body, SystemClock(), allowed_s=5)
    worker.start()
    body.mailbox.post("hello")
    assert body.told.wait(60)
    worker.ask_to_stop()
    assert worker.join(60)
    assert body.closed.is_set()


def test_a_hung_thread_does_not_hold_up_the_stop() -> None:
    body = Echo()
    worker = Worker("echo", body, SystemClock(), allowed_s=5)
    worker.start()
    body.mailbox.post("hang")
    assert body.told.wait(60)
    worker.ask_to_stop()
    assert not worker.join(0.05)
    body.let_go.set()
    assert worker.join(60)


def test_a_worker_that_never_began_has_stopped() -> None:
    worker = Worker("echo", Echo(), FakeClock(), allowed_s=5)
    worker.ask_to_stop()
    assert worker.join(0)
