"""The lease on the line: who sends and who holds never do so at once, and neither starves."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent.recover.hold import BREATH_S, FILE_RETRY_S, MAX_LEASES, HoldSettings, LeaseRefused, Line
from agent.recover.lock_file import open_lock
from modem.errors import LineHeld
from tests.fakes.clock import FakeClock

MAX_S = 120.0


def line(clock: FakeClock, file: Path | None = None, share: int = 50, patience_s: float = 900.0) -> Line:
    return Line(HoldSettings(MAX_S, share, patience_s), clock, file)


@contextmanager
def locked(path: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """As flock(1) does it, in another process or not: the lock belongs to the open file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def test_nobody_begins_to_send_during_a_lease_and_everybody_may_after_it() -> None:
    clock = FakeClock()
    held = line(clock)
    held.take(30.0, pid=1)
    assert not held.begin("modem")
    with pytest.raises(LineHeld), held.speaking("uplink"):
        pytest.fail("it was held")
    assert held.free_at() == clock.monotonic() + 30.0
    clock.advance(30.0)
    assert held.begin("modem")


def test_a_lease_given_back_early_frees_the_line_and_wakes_who_waits() -> None:
    woken: list[str] = []
    held = line(FakeClock())
    lease = held.take(30.0, pid=1)
    held.begin("modem", lambda: woken.append("modem"))
    assert held.release(lease.id)
    assert woken == ["modem"]
    assert held.begin("modem")
    assert not held.release(lease.id)


def test_a_lease_is_quiet_when_everybody_has_ended_what_he_began() -> None:
    quiet: list[bool] = []
    held = line(FakeClock())
    assert held.begin("modem")
    assert held.begin("uplink")
    held.take(30.0, 1, lambda _lease: quiet.append(True))
    assert held.begin("modem"), "what was begun goes on"
    assert not held.begin("probing")
    held.end("modem")
    held.end("modem")
    assert not quiet
    held.end("uplink")
    assert quiet == [True]
    assert not held.begin("modem")


def test_what_is_granted_is_bounded_and_comes_back_while_the_line_is_free() -> None:
    clock = FakeClock()
    held = line(clock)
    assert held.take(1e9, 1).until == clock.monotonic() + MAX_S
    clock.advance(MAX_S)
    with pytest.raises(LeaseRefused) as caught:
        held.take(10.0, 1)
    assert caught.value.code == "spent"
    clock.advance(20.0)
    assert held.take(60.0, 1).until == pytest.approx(clock.monotonic() + 20.0)


def test_leases_are_counted_with_their_time_once_however_many_hold_at_once() -> None:
    clock = FakeClock()
    held = line(clock)
    held.take(10.0, 1)
    held.take(20.0, 2)
    clock.advance(60.0)
    told = held.told()
    assert (told["leases"], told["held_s"], told["held"], told["by"]) == (2, 20, False, [])


def test_there_are_only_so_many_leases() -> None:
    held = line(FakeClock())
    for pid in range(MAX_LEASES):
        held.take(60.0, pid)
    with pytest.raises(LeaseRefused) as caught:
        held.take(60.0, 99)
    assert caught.value.code == "busy"


@pytest.mark.parametrize("kind", [fcntl.LOCK_EX, fcntl.LOCK_SH])
def test_a_lock_on_the_file_holds_the_line_until_its_holder_is_gone(tmp_path: Path, kind: int) -> None:
    clock = FakeClock()
    held = line(clock, tmp_path / "hold")
    with locked(tmp_path / "hold", kind):
        assert not held.begin("modem")
        assert held.held()
        assert held.free_at() == clock.monotonic() + FILE_RETRY_S
    assert held.begin("modem")


def test_who_wants_the_file_lock_waits_for_what_is_being_sent(tmp_path: Path) -> None:
    held = line(FakeClock(), tmp_path / "hold")
    with held.speaking("modem"), pytest.raises(BlockingIOError), locked(tmp_path / "hold"):
        pytest.fail("two at once")
    with locked(tmp_path / "hold"):
        assert held.held()


def test_a_lock_file_that_was_removed_is_made_anew(tmp_path: Path) -> None:
    held = line(FakeClock(), tmp_path / "hold")
    assert not held.held()
    (tmp_path / "hold").unlink()
    assert not held.held()
    with locked(tmp_path / "hold"):
        assert held.held()


def test_the_file_is_its_folder_s_owner_s_whoever_made_it_and_nothing_else_becomes_so(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, 4242, 4243)
    mask = os.umask(0o077)
    os.close(open_lock(tmp_path / "hold"))
    os.umask(mask)
    made, folder = (tmp_path / "hold").stat(), tmp_path.stat()
    assert (made.st_uid, made.st_gid, made.st_mode & 0o777) == (folder.st_uid, folder.st_gid, 0o660)
    (tmp_path / "full").write_text("somebody's")
    (tmp_path / "full").chmod(0o600)
    os.close(open_lock(tmp_path / "full"))
    full = (tmp_path / "full").stat()
    assert (full.st_uid, full.st_mode & 0o777) == (os.geteuid(), 0o600)


def test_a_lock_on_a_file_that_we_may_only_read_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's flock(1) made it, 0644."""
    really = os.open

    def as_another(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_RDWR:
            raise PermissionError
        return really(path, flags, mode)

    (tmp_path / "hold").touch(0o644)
    held = line(FakeClock(), tmp_path / "hold")
    with locked(tmp_path / "hold"):
        monkeypatch.setattr("agent.recover.lock_file.os.open", as_another)
        assert not held.begin("modem")
    assert held.begin("modem")


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "hold").symlink_to(tmp_path / "elsewhere")
    held = line(FakeClock(), tmp_path / "hold")
    assert held.begin("modem")
    assert not (tmp_path / "elsewhere").exists()


def test_without_a_place_for_the_file_the_line_is_free(tmp_path: Path) -> None:
    held = line(FakeClock(), tmp_path / "nowhere" / "hold")
    assert held.begin("modem")
    held.end("modem")
    assert held.begin("modem")


def test_a_file_lock_that_is_never_given_back_is_ignored_in_the_end(tmp_path: Path) -> None:
    clock = FakeClock()
    held = line(clock, tmp_path / "hold")
    waited = 0.0
    with locked(tmp_path / "hold"):
        while not held.begin("modem"):
            clock.advance(FILE_RETRY_S)
            waited += FILE_RETRY_S
        held.end("modem")
        assert MAX_S <= waited <= MAX_S + 2 * FILE_RETRY_S
        assert held.told()["overruns"] == 1


def test_short_leases_without_end_do_not_starve_the_watching() -> None:
    """One second held, one second free: never enough for a whole look, and no lease too long."""
    clock = FakeClock()
    held = line(clock, patience_s=600.0)
    refused = None
    for _ in range(1000):
        try:
            held.take(1.0, 1)
        except LeaseRefused:
            refused = clock.monotonic()
            break
        assert not held.begin("modem")
        clock.advance(2.0)
        with held.speaking("modem"):
            pass  # one command of the look; the next lease cuts it
    assert refused is not None
    clock.advance(BREATH_S - 1)
    with pytest.raises(LeaseRefused):
        held.take(1.0, 1)
    held.progress("modem")
    held.take(1.0, 1)
    assert held.told()["breaths"] == 1


class Walk(RuleBasedStateMachine):
    """Leases come and go, three send, time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.line = line(self.clock, share=40)
        self.began = self.clock.monotonic()
        self.until: dict[str, float] = {}
        self.sending: set[str] = set()
        self.held_s = 0.0
        self.run_s = 0.0

    def in_force(self) -> list[str]:
        return [lease for lease, until in self.until.items() if until > self.clock.monotonic()]

    @rule(seconds=st.floats(0.1, 500.0))
    def take(self, seconds: float) -> None:
        try:
            lease = self.line.take(seconds, 1)
        except LeaseRefused:
            return
        assert lease.until - self.clock.monotonic() <= min(seconds, MAX_S) + 1e-6
        self.until[lease.id] = lease.until

    @precondition(lambda self: self.until)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        lease = list(self.until)[data.draw(st.integers(0, len(self.until) - 1))]
        self.line.release(lease)
        del self.until[lease]

    @rule(who=st.sampled_from(("modem", "uplink", "probing")))
    def begin(self, who: str) -> None:
        held = bool(self.in_force())
        if self.line.begin(who):
            assert not held or who in self.sending, "nobody begins during a lease"
            if who in self.sending:
                self.line.end(who)
            self.sending.add(who)
        else:
            assert held, "and nobody is refused without one"

    @precondition(lambda self: self.sending)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.sending)))
        self.line.end(who)
        self.sending.remove(who)

    @rule(who=st.sampled_from(("modem", "uplink")))
    def progress(self, who: str) -> None:
        self.line.progress(who)

    @rule(seconds=st.floats(0.01, 300.0))
    def pass_time(self, seconds: float) -> None:
        now = self.clock.monotonic()
        held = min(seconds, max((self.until[one] - now for one in self.in_force()), default=0.0))
        self.held_s += held
        self.run_s = self.run_s + held if held == seconds else 0.0
        self.clock.advance(seconds)

    @invariant()
    def holding_is_bounded(self) -> None:
        passed = self.clock.monotonic() - self.began
        assert self.held_s <= MAX_S + 0.4 * passed + 1e-6
        assert self.run_s <= MAX_S + 1e-6


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestWalk = Walk.TestCase


@given(st.lists(st.tuples(st.floats(0.5, 200.0), st.floats(0.1, 60.0)), min_size=5, max_size=80))
@settings(max_examples=60, deadline=None)
def test_whoever_wants_to_look_gets_a_long_enough_gap_in_bounded_time(demand: list[tuple[float, float]]) -> None:
    """A holder that asks again whenever its lease is over, in any rhythm; a look takes 20 s without a cut."""
    clock = FakeClock()
    held = line(clock, patience_s=300.0)
    since = looked = clock.monotonic()
    free_since: float | None = None
    for seconds, pause in demand * 4:
        try:
            until = held.take(seconds, 1).until
        except LeaseRefused:
            until = clock.monotonic()
        while clock.monotonic() < until + pause:
            if held.begin("modem"):
                held.end("modem")
                free_since = clock.monotonic() if free_since is None else free_since
                if clock.monotonic() - free_since >= 20.0:
                    held.progress("modem")
                    looked, free_since = clock.monotonic(), clock.monotonic()
            else:
                free_since = None
            clock.advance(0.5)
        assert clock.monotonic() - looked <= 300.0 + MAX_S + BREATH_S + 60.0 + 20.0
    assert looked >= since
