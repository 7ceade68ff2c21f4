"""The payment application's lease on the line: while it lasts, nothing of ours is sent to the modem or the network.

Rules:
- Whoever sends (the modem's thread, the uplink's, a probing) says so with `begin` and `end`. `begin` fails while the
  line is held; a lease is quiet once everybody who had begun has ended.
- A lease comes over the control socket and ends with the connection, or it is a lock (flock) on run_dir/hold, which the
  kernel takes back when its holder dies. We hold that same lock while we send, so that the two exclude each other.
- Holding is bounded. It spends seconds that come back while the line is free: at most `max_s` in one go, and
  `share_percent` of the time in the long run. What is granted is kept; who asks with nothing left is refused.
- Watching is bounded too: who has waited to send for `patience_s` gets the next gap of BREATH_S for sure.

Called from several threads; nothing here waits.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.log import logger
from agent.recover.lock_file import LockFile
from modem.errors import LineHeld
from modem.frozen import dataclass

MAX_LEASES = 8
BREATH_S = 30.0
FILE_RETRY_S = 5.0
"""Nobody tells us when a file lock ends; looked at so often, and only while somebody waits for it."""
LEAST_S = 1.0
"""Less is not worth granting."""

Json = dict[str, Any]


class LeaseRefused(Exception):
    """No lease now: the watching's turn (`spent`), or too many hold it already (`busy`)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class HoldSettings:
    max_s: float = 120.0
    share_percent: int = 50
    patience_s: float = 900.0


@dataclass(frozen=True, slots=True)
class Lease:
    id: str
    pid: int
    until: float
    """Monotonic seconds."""


Quiet = Callable[[Lease], object]
"""Hears that nothing is sent any more."""


class Counts:
    """Since the start. (A plain class: each daemon loads this, and dataclasses that change are slow to define.)"""

    __slots__ = ("breaths", "held_s", "leases", "overruns", "postponed", "refused")

    def __init__(self) -> None:
        self.leases = 0
        self.refused = 0
        self.overruns = 0
        """File locks that lasted longer than they may, and were ignored from then on."""
        self.breaths = 0
        """Times that watching had waited for too long and got its turn."""
        self.postponed = 0
        """Things of ours that had to wait."""
        self.held_s = 0.0


class _Waiting:
    __slots__ = ("retry", "since")

    def __init__(self, since: float, retry: Callable[[], object] | None) -> None:
        self.since = since
        self.retry = retry


class Line:
    """One for a daemon. `file`: run_dir/hold, or None where there is no such lock."""

    def __init__(self, settings: HoldSettings, clock: Clock, file: Path | None = None) -> None:
        self.settings = settings
        self.counts = Counts()
        self._clock = clock
        self._lock = threading.RLock()
        self._file = LockFile(file) if file else None
        self._leases: dict[str, Lease] = {}
        self._speaking: dict[str, int] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._quiet: list[tuple[Lease, Quiet]] = []
        """Who waits for the line to fall silent: lease, what to call then."""
        self._left_s = settings.max_s
        """Seconds of holding that may still be spent."""
        self._at = clock.monotonic()
        """Up to when holding is reckoned."""
        self._file_held = False
        self._exhausted = False
        self._breath_until: float | None = None

    # -- who sends ----------------------------------------------------------------------------------------------------

    def begin(self, who: str, retry: Callable[[], object] | None = None) -> bool:
        """May `who` send now? If so, `end(who)` must follow. `retry` is called when a lease is given back early.

        Who has begun already may begin again, whatever happened meanwhile.
        """
        with self._lock:
            if not self._speaking.get(who) and self._is_held(lock=True):
                self.counts.postponed += who not in self._waiting
                self._waiting.setdefault(who, _Waiting(self._at, retry))
                return False
            self._speaking[who] = self._speaking.get(who, 0) + 1
            return True

    def end(self, who: str) -> None:
        with self._lock:
            self._speaking[who] -= 1
            if self._speaking[who]:
                return
            del self._speaking[who]
            if self._speaking:
                return
            if self._file:
                self._file.unlock()
            quiet, self._quiet = self._quiet, []
        for lease, call in quiet:
            if self.left(lease):
                call(lease)

    @contextmanager
    def speaking(self, who: str) -> Iterator[None]:
        """`begin` and `end` around what must not be cut in two. Raises LineHeld."""
        if not self.begin(who):
            raise LineHeld(who)
        try:
            yield
        finally:
            self.end(who)

    def progress(self, who: str) -> None:
        """`who` has done what it had to do: it does not wait any more."""
        with self._lock:
            self._waiting.pop(who, None)
            if not self._waiting:
                self._breath_until = None

    def held(self) -> bool:
        """Does anybody hold the line?"""
        with self._lock:
            return self._is_held(lock=False)

    def free_at(self) -> float:
        """Monotonic: when it is worth trying again; now, if the line is free."""
        with self._lock:
            if not self._is_held(lock=False):
                return self._at
            until = max((lease.until for lease in self._leases.values()), default=self._at)
            return max(until, self._at + FILE_RETRY_S) if self._file_held else until

    # -- who holds ----------------------------------------------------------------------------------------------------

    def take(self, seconds: float, pid: int, quiet: Quiet = lambda _lease: None) -> Lease:
        """A lease of at most `seconds`, in force at once. `quiet` is called, once, when nothing is sent any more:
        perhaps before this returns, perhaps on another thread, never for one that ended before. Raises LeaseRefused.
        """
        with self._lock:
            self._reckon()
            granted = min(seconds, self.settings.max_s, self._left_s)
            if len(self._leases) >= MAX_LEASES:
                self._refuse("busy", f"{MAX_LEASES} leases are held already")
            if self._breathing() or granted < LEAST_S:
                self._refuse("spent", "the line was held for so long that watching has its turn now")
            lease = Lease(os.urandom(6).hex(), pid, self._at + granted)
            self._leases[lease.id] = lease
            self.counts.leases += 1
            if self._speaking:
                self._quiet.append((lease, quiet))
                return lease
        quiet(lease)
        return lease

    def left(self, lease: Lease) -> float:
        """Seconds."""
        return max(0.0, lease.until - self._clock.monotonic())

    def release(self, lease_id: str) -> bool:
        """Give it back; False if it was over already. Who waited to send is told."""
        with self._lock:
            self._reckon()
            known = self._leases.pop(lease_id, None) is not None
            self._quiet = [(lease, call) for lease, call in self._quiet if lease.id != lease_id]
            free = known and not self._leases
            told = [waiting.retry for waiting in self._waiting.values() if waiting.retry] if free else []
        for retry in told:
            retry()
        return known

    def told(self) -> Json:
        """For status, metrics and the daily report."""
        with self._lock:
            held = self._is_held(lock=False)
            now, counts = self._at, self.counts
            return {
                "held": held,
                "by": [{"pid": lease.pid, "left_s": round(lease.until - now)} for lease in self._leases.values()],
                "file": self._file_held,
                "left_s": round(self._left_s),
                "leases": counts.leases,
                "refused": counts.refused,
                "overruns": counts.overruns,
                "breaths": counts.breaths,
                "postponed": counts.postponed,
                "held_s": round(counts.held_s),
            }

    def close(self) -> None:
        if self._file:
            self._file.close()

    # -- reckoning ----------------------------------------------------------------------------------------------------

    def _refuse(self, code: str, why: str) -> None:
        self.counts.refused += 1
        raise LeaseRefused(code, why)

    def _is_held(self, *, lock: bool) -> bool:
        """`lock`: to be sent at once, so the file is locked by us where it is free."""
        self._reckon()
        self._look_at_file(lock=lock)
        return bool(self._leases) or self._file_held

    def _look_at_file(self, *, lock: bool) -> None:
        """Is the file locked by somebody whose lock counts?"""
        if self._file is None or self._speaking:
            return  # while we send, the lock is ours
        was = self._file_held
        free = self._file.lock()
        if free and not (lock and not self._leases):
            self._file.unlock()
        ignored = self._breathing() and not was
        self._file_held = not free and not ignored
        self.counts.leases += self._file_held and not was

    def _reckon(self) -> None:
        """What was held since the last time is spent, what was free comes back."""
        now = self._clock.monotonic()
        if self._left_s == self.settings.max_s and not (self._leases or self._file_held or self._exhausted):
            self._at = now  # nearly always, with each command: nothing was held, and all may be spent
            return
        until = max((lease.until for lease in self._leases.values()), default=self._at)
        if self._file_held:  # seen so the last time; nobody who waits looks less often than this
            until = max(until, self._at + 2 * FILE_RETRY_S)
        held = min(max(0.0, min(until, now) - self._at), self._left_s)
        free = max(0.0, now - self._at - held)
        self._left_s -= held
        self.counts.held_s += held
        if self._file_held and self._left_s <= 0:
            self._overrun()
        share = self.settings.share_percent / 100
        self._left_s = min(self.settings.max_s, self._left_s + free * share / (1 - share))
        self._exhausted = self._exhausted and self._left_s < self.settings.max_s / 2
        self._leases = {lease.id: lease for lease in self._leases.values() if lease.until > now}
        self._at = now

    def _overrun(self) -> None:
        self._file_held, self._exhausted = False, True
        self.counts.overruns += 1
        logger("hold").warning("a lock on the hold file lasts too long: it is ignored", max_s=self.settings.max_s)

    def _breathing(self) -> bool:
        """Is it the watching's turn? Then nothing new is granted."""
        oldest = min((waiting.since for waiting in self._waiting.values()), default=None)
        if self._breath_until is not None:
            if self._at < self._breath_until:
                return True
            self._breath_until = None
            self._waiting.clear()  # it had its turn, and waits anew
        elif oldest is not None and self._at - oldest >= self.settings.patience_s:
            held = max((lease.until for lease in self._leases.values()), default=self._at)
            self._breath_until = held + BREATH_S
            self.counts.breaths += 1
            return True
        return self._exhausted


class Speaker:
    """A line as one who sends sees it. Fits `modem.link.Gate`."""

    def __init__(self, line: Line, who: str, retry: Callable[[], object] | None = None) -> None:
        self.line = line
        self.retry = retry
        """Called when the line is free sooner than it was said to be."""
        self._who = who

    def begin(self) -> bool:
        return self.line.begin(self._who, self.retry)

    def end(self) -> None:
        self.line.end(self._who)

    def may(self) -> bool:
        """May something be sent now? If not, `retry` will be called."""
        allowed = self.begin()
        if allowed:
            self.end()
        return allowed

    def whole(self) -> AbstractContextManager[None]:
        """Around what must not be cut in two. Raises LineHeld."""
        return self.line.speaking(self._who)

    def progress(self) -> None:
        self.line.progress(self._who)

    def free_at(self) -> float:
        return self.line.free_at()


def speaker(clock: Clock, who: str) -> Speaker:
    """On a line that nobody holds."""
    return Speaker(Line(HoldSettings(), clock), who)
