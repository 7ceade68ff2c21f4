"""Lease → send → acknowledge, defer or reject. One exchange a step, no thread of its own.

Rules: an entry leaves the outbox only when the centre said it has it, or that it will never take it. The wait after a
failure belongs to the line, not to the record: it is kept here, and written into the outbox (`due`) so that a restart
does not hammer a centre in trouble. What the disk did not take (an acknowledgement) is said again before anything else.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import field
from random import Random

from agent.clock import Clock, Deadline
from agent.outbox.base import Entry, Key, Outbox, OutboxError
from agent.uplink.base import SendError, Transport
from agent.uplink.batch import pack, refused_by
from agent.uplink.meter import Meter, Purpose, Traffic
from agent.uplink.retry import Decision, Pace, Trouble, Verdict, Wait, decide, wait_s
from agent.uplink.split import Search
from agent.wire import Answer
from modem.frozen import dataclass, replace

IDLE_S = 300.0
"""The longest that `step` asks to wait, so that a missed `poke` costs five minutes."""
MIN_IDLE_S = 1.0
STORAGE_WAIT_S = 30.0
POKE_GAP_S = 60.0
"""Something new may cut a backoff short, but not sooner than this after the last attempt."""


@dataclass(frozen=True, slots=True)
class SenderSettings:
    batch_records: int = 64
    batch_bytes: int = 65_536
    timeout_s: float = 30.0
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class SenderStatus:
    """For people and for rules. Times are wall seconds; None = never, or nothing to say."""

    last_success_at: float | None = None
    last_attempt_at: float | None = None
    last_error: str | None = None
    """Of the last attempt; None after a success."""
    trouble: Trouble | None = None
    """The condition the last attempt speaks for."""
    storage_error: str | None = None
    next_attempt_at: float | None = None
    failures: int = 0
    """In a row."""
    sent: int = 0
    """Records acknowledged since the process started."""
    rejected: int = 0
    clock_offset_s: float | None = None
    """The centre's clock minus ours, within a few seconds; None if it never said."""
    traffic: Mapping[Purpose, Traffic] = field(default_factory=dict)


class Sender:
    """Owned by one thread; `status` and `poke` may be called from others."""

    def __init__(  # five collaborators, each replaceable in a test
        self,
        outbox: Outbox,
        transport: Transport,
        settings: SenderSettings,
        clock: Clock,
        random: Random,
        meter: Meter | None = None,
        heard: Callable[[Answer], object] = lambda _answer: None,
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        """`sure` is asked right before each exchange; while it says no, `step` wishes to be called again at once."""
        self._outbox = outbox
        self._transport = transport
        self._settings = settings
        self._clock = clock
        self._random = random
        self._meter = meter or Meter()
        self._heard = heard
        self._sure = sure
        self._search = Search(random)
        self._next = -math.inf
        self._last_attempt = -math.inf
        self.spare_s = 0.0
        """While the budget is short: what routine is stretched to. Attempts that fail cost the card too (a certificate
        that has expired, 4 KB each), so the wait between them may grow as long; news still go at once.
        """
        self._patient = False
        """The wait was asked for, by the centre or by trouble that only a person can end."""
        self._knows_line = False
        self._acks: list[Key] = []
        self._rejects: list[tuple[Key, str]] = []
        self._status = SenderStatus()

    def step(self, now: float) -> float:
        """Do at most one exchange; seconds until the next wish. `now` in monotonic seconds of the clock."""
        if now >= self._next:
            self._next = now + self._settings.pace.first_s  # should anything below fail unforeseen: no hot loop
            try:
                self._work(now)
                self._status = replace(self._status, storage_error=None)
            except OutboxError as error:
                self._next = max(self._next, now + STORAGE_WAIT_S)
                self._status = replace(self._status, storage_error=str(error))
        return min(IDLE_S, max(0.0, self._next - self._clock.monotonic()))

    def poke(self, now: float, *, force: bool = False) -> None:
        """There is something new. With `force` (a person asks, the link is back) the wait is over at once."""
        if force:
            self._knows_line = True
            self._next = min(self._next, now)
        elif not self._patient:
            self._next = min(self._next, max(now, self._last_attempt + POKE_GAP_S if self._status.failures else now))

    def status(self) -> SenderStatus:
        offset = self._next - self._clock.monotonic()
        due = self._clock.wall() + max(0.0, offset) if math.isfinite(offset) else None
        return replace(self._status, next_attempt_at=due, traffic=self._meter.snapshot())

    def _work(self, now: float) -> None:
        self._settle()
        searched = self._search.next_group()
        if searched is None and self._search.suspects:
            self._conclude(now)
        elif not (group := searched or self._lease()):
            self._rest(now)
        elif self._sure():
            self._exchange(group, now)
        else:
            self._search.put_back(searched)
            self._next = now

    def _lease(self) -> list[Entry]:
        # `due` is for the first time after a start; later the wait kept here has passed, and a clock that was set
        # meanwhile must not prolong it
        when = math.inf if self._knows_line else self._clock.wall()
        return self._outbox.lease(self._settings.batch_records, self._settings.batch_bytes, when)

    def _rest(self, now: float) -> None:
        wall = self._clock.wall()
        due = self._outbox.next_due(wall)
        self._next = now + (IDLE_S if due is None else min(IDLE_S, max(MIN_IDLE_S, due - wall)))

    def _exchange(self, group: list[Entry], now: float) -> None:
        packed = pack(group, self._clock.wall())
        self._rejects += packed.unreadable
        if not packed.entries:
            self._settle()
            self._next = now
            return
        self._last_attempt = now
        self._status = replace(self._status, last_attempt_at=self._clock.wall())
        try:
            answer = self._transport.send(packed.data, Deadline.after(self._settings.timeout_s, self._clock))
            refused = refused_by(answer, packed.entries)
        except SendError as error:
            self._failed(list(packed.entries), error, now)
        else:
            self._succeeded(packed.entries, refused, answer.server_time, now)
            self._heard(answer)

    def _succeeded(
        self, entries: tuple[Entry, ...], refused: list[tuple[Key, str]], server_time: int | None, now: float
    ) -> None:
        self._knows_line, self._patient = True, False
        self._next = now
        self._search.accepted()
        bad = {key for key, _ in refused}
        self._acks += [entry.key for entry in entries if entry.key not in bad]
        self._rejects += refused
        wall = self._clock.wall()
        self._status = replace(
            self._status,
            last_success_at=wall,
            last_error=None,
            trouble=None,
            failures=0,
            sent=self._status.sent + len(entries) - len(bad),
            clock_offset_s=self._status.clock_offset_s if server_time is None else server_time - wall,
        )
        self._settle()

    def _failed(self, entries: list[Entry], error: SendError, now: float) -> None:
        decision = decide(error)
        if decision.verdict is Verdict.SPLIT:
            self._search.refused(entries, error.detail)
            self._next = now
            if self._search.hopeless:
                self._back_off(self._search.abandon(), error, Decision(Verdict.DEFER, Wait.BACKOFF, "centre.refused"))
        else:
            self._back_off(entries + self._search.abandon(), error, decision)

    def _conclude(self, now: float) -> None:
        """A search has come to its end."""
        found = self._search.convicted()
        if found is None:
            why = self._search.suspects[-1][1]
            self._back_off(
                self._search.abandon(),
                SendError("status", why),
                Decision(Verdict.DEFER, Wait.BACKOFF, "centre.refused"),
            )
            return
        self._rejects += [(entry.key, why) for entry, why in found]
        self._next = now
        self._settle()

    def _back_off(self, entries: list[Entry], error: SendError, decision: Decision) -> None:
        failures = self._status.failures + 1
        pace = replace(self._settings.pace, cap_s=max(self._settings.pace.cap_s, self.spare_s))
        wait = wait_s(pace, decision.wait, failures, error.retry_after_s, self._random)
        # counted from now, not from the start of a step that may have taken the whole timeout
        self._next = self._clock.monotonic() + wait
        self._knows_line = True
        self._patient = decision.wait is Wait.LONG or error.retry_after_s is not None
        self._status = replace(self._status, last_error=error.detail, trouble=decision.trouble, failures=failures)
        self._outbox.defer([entry.key for entry in entries], self._clock.wall() + wait, error.detail)

    def _settle(self) -> None:
        """Tell the outbox what is settled; kept until it has taken it."""
        if self._acks:
            self._outbox.ack(self._acks)
            self._acks = []
        while self._rejects:
            key, why = self._rejects[0]
            self._outbox.reject(key, why)
            self._rejects.pop(0)
            self._status = replace(self._status, rejected=self._status.rejected + 1)
