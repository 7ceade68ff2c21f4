"""A named thread that owns one thing which may block, and shows that it makes progress.

Rules: whatever it owns is touched by nobody else; others post messages. It sleeps only in `Body.wait`, having said
until when; it works only in `Body.step`, within the time it was allowed. Who breaks a promise is stuck, and the
daemon then stops feeding systemd's watchdog. `Worker.step` is one round without the thread, for tests.
"""

import threading
from collections import deque
from typing import Generic, Protocol, TypeVar

from agent.clock import Clock
from agent.log import logger
from agent.schedule import doubled
from modem.frozen import dataclass

GRACE_S = 60.0
"""A loaded machine may wake a thread that late before we call it stuck."""
MAX_ERRORS = 20
"""So many rounds in a row that ended in a bug: better a restart than a worker that only looks busy."""
LONGEST_SLEEP_S = 600.0

M = TypeVar("M")


class Body(Protocol):
    """What a worker does."""

    def step(self, now: float) -> float:
        """Do what is due and what was posted; when something is due next (monotonic seconds)."""

    def wait(self, seconds: float) -> None:
        """Sleep, until `wake` is called or there is something to do, but not longer than this."""

    def wake(self) -> None:
        """End the present or the next wait, from any thread."""

    def close(self) -> None:
        """Release what it owns; called in the worker's own thread, or after the thread was given up."""


class Mailbox(Generic[M]):
    """Bounded messages to one worker, and the sleep that a message ends."""

    def __init__(self, size: int = 32) -> None:
        self._size = size
        self._held: deque[M] = deque()
        self._news = threading.Condition()
        self._woken = False

    def post(self, message: M) -> bool:
        """False when the box is full: the sender decides what that means."""
        with self._news:
            if len(self._held) >= self._size:
                return False
            self._held.append(message)
            self._woken = True
            self._news.notify()
            return True

    def take(self) -> list[M]:
        """All that came, oldest first; never waits. Who takes is awake: a wake-up from before is used up by it."""
        with self._news:
            messages = list(self._held)
            self._held.clear()
            self._woken = False
            return messages

    def waiting(self) -> bool:
        with self._news:
            return bool(self._held) or self._woken

    def wait(self, seconds: float) -> None:
        with self._news:
            if not self._woken:
                self._news.wait(max(0.0, seconds))
            self._woken = False

    def wake(self) -> None:
        with self._news:
            self._woken = True
            self._news.notify()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a worker is. Replaced as a whole, so that readers in other threads need no lock."""

    in_call: bool
    since: float
    until: float
    """In a call: when it must be over. Asleep: when it wakes at the latest."""
    steps: int = 0
    errors: int = 0
    """Rounds in a row that ended in an exception."""

    def stuck(self, now: float) -> str | None:
        """Why nothing can be expected of this worker any more; None while all is well."""
        if self.errors >= MAX_ERRORS:
            return f"{self.errors} errors in a row"
        if now <= self.until + GRACE_S:
            return None
        return f"{'in one call' if self.in_call else 'asleep'} for {now - self.since:.0f} s"


class Worker:
    """`allowed_s` is how long one step may take before the worker counts as stuck (after a grace)."""

    def __init__(self, name: str, body: Body, clock: Clock, allowed_s: float) -> None:
        self.name = name
        self.body = body
        self._clock = clock
        self._allowed_s = allowed_s
        self._stopping = threading.Event()
        self._log = logger(name)
        now = clock.monotonic()
        self.progress = Progress(in_call=False, since=now, until=now)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def step(self, now: float) -> float:
        """One round of work; when the next is due. A bug is logged, then waited out ever longer."""
        steps, errors = self.progress.steps + 1, self.progress.errors
        self.progress = Progress(in_call=True, since=now, until=now + self._allowed_s, steps=steps, errors=errors)
        try:
            due, errors = self.body.step(now), 0
        except Exception as error:
            errors += 1
            due = now + doubled(1.0, 60.0, errors)
            self._log.error("a round ended in an error", exc_info=error, errors=errors)
        now = self._clock.monotonic()
        due = min(due, now + LONGEST_SLEEP_S)
        self.progress = Progress(in_call=False, since=now, until=max(due, now), steps=steps, errors=errors)
        return due

    def stuck(self, now: float) -> str | None:
        """Why this worker makes no progress; None while it does."""
        if self._thread.ident is not None and not self._thread.is_alive() and not self._stopping.is_set():
            return "its thread ended"
        return self.progress.stuck(now)

    def ask_to_stop(self) -> None:
        """Returns at once; the thread ends after its present step."""
        self._stopping.set()
        self.body.wake()

    def join(self, seconds: float) -> bool:
        """True when the thread has ended (or never began) within this time."""
        if self._thread.ident is not None:
            self._thread.join(max(0.0, seconds))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            due = self.step(self._clock.monotonic())
            if not self._stopping.is_set():
                self.body.wait(max(0.0, due - self._clock.monotonic()))
        try:
            self.body.close()
        except Exception as error:
            self._log.error("could not close cleanly", exc_info=error)


class MailboxBody(Generic[M]):
    """Base of the bodies that sleep on their mailbox alone."""

    def __init__(self, size: int = 32) -> None:
        self.mailbox: Mailbox[M] = Mailbox(size)

    def wait(self, seconds: float) -> None:
        self.mailbox.wait(seconds)

    def wake(self) -> None:
        self.mailbox.wake()
