"""A port, the engine and the clock together: what is sent, what comes back, what came unasked, how much of it.

Belongs to the thread that first uses it. Sends what it is given and the engine's probes after an expiry, nothing else.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Literal, Protocol

from modem.dialect import Dialect
from modem.engine import Engine
from modem.errors import CommandExpired, LineHeld, LocalProtocolError, PortLost
from modem.events import Command, Event, Expired, Outcome, Overflow, Reply, Restarted, Stray, Synced
from modem.frozen import dataclass
from modem.moves import State
from modem.port import Port

CHUNK = 4096
WRITE_S = 2.0
"""A command is at most some hundred bytes; a port that takes longer for them is stuck."""
MAX_EVENTS = 1000
"""Kept for `poll`; beyond it the oldest are dropped and counted."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One exchange for an observer: `reply` is None when it expired. Times are monotonic seconds."""

    command: Command
    reply: Reply | None
    began: float
    ended: float


@dataclass(slots=True)
class Statistics:
    exchanges: int = 0
    refusals: int = 0
    expiries: int = 0
    strays: int = 0
    restarts: int = 0
    overflow_bytes: int = 0
    unsure_syncs: int = 0
    events_dropped: int = 0
    rx_bytes: int = 0
    tx_bytes: int = 0


Direction = Literal["rx", "tx"]


class Gate(Protocol):
    """Somebody who may want the line to be silent for a while."""

    def begin(self) -> bool:
        """May something be sent now? If so, `end` is called when its exchange is over. Nests."""

    def end(self) -> None:
        """What was begun is over."""


class _Open:
    """The gate of a modem that nobody else has a say in."""

    def begin(self) -> bool:
        return True

    def end(self) -> None:
        """Nothing to do."""


class Link:
    def __init__(
        self,
        port: Port,
        dialect: Dialect,
        monotonic: Callable[[], float],
        *,
        on_exchange: Callable[[Exchanged], None] | None = None,
        on_bytes: Callable[[Direction, bytes], None] | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.engine = Engine(dialect)
        self.now = monotonic
        self.statistics = Statistics()
        self.restarted = False
        """The modem has said that it begins anew; the owner takes that back once he has seen to it."""
        self._port = port
        self._gate = gate or _Open()
        self._on_exchange = on_exchange
        self._on_bytes = on_bytes
        self._events: deque[Event] = deque()
        self._owner: int | None = None
        self._interrupted = threading.Event()
        self._ready_at = 0.0
        """Not before this moment the next command (`Dialect.quiet_gap_s`)."""

    def own(self) -> None:
        """The first thread to call is the owner, and the only one that may go on."""
        thread = threading.get_ident()
        self._owner = self._owner or thread
        if self._owner != thread:
            raise LocalProtocolError("a modem is used by one thread only; this is another")
        if self.engine.state is State.LOST:
            raise PortLost("the port was lost or closed before")

    @property
    def is_free(self) -> bool:
        """Is a command possible at once, from this thread?"""
        return self._owner == threading.get_ident() and self.engine.state is State.IDLE

    def begin(self, command: Command) -> None:
        """Pass the gate, until `end`. Nests. Raises LineHeld."""
        if not self._gate.begin():
            raise LineHeld(command.shown)

    def end(self) -> None:
        """What was begun is over."""
        self._gate.end()

    def exchange(self, asked: Command) -> Reply:
        """One command, its whole answer. After an expiry the line is brought back first, in the command's own time."""
        began = self.now()
        if not self._synced(began + asked.timeout_s):
            raise CommandExpired(asked.shown, asked.timeout_s)
        self._keep_quiet()
        reply = self._sent(asked)
        self.statistics.exchanges += 1
        if self._on_exchange:
            self._on_exchange(Exchanged(asked, reply, began, self.now()))
        if reply is None:
            raise CommandExpired(asked.shown, asked.timeout_s)
        self.statistics.refusals += reply.final.outcome is Outcome.REFUSED
        return reply

    def poll(self, seconds: float) -> list[Event]:
        self._run(self.now() + seconds, lambda: bool(self._events) or self._interrupted.is_set())
        self._interrupted.clear()
        events = list(self._events)
        self._events.clear()
        return events

    def interrupt(self) -> None:
        """End a waiting `poll`, from any thread."""
        self._interrupted.set()
        wake = getattr(self._port, "interrupt", None)
        if callable(wake):
            wake()

    def close(self) -> None:
        self.engine.port_lost("closed")
        self._port.close()

    # -- the loop -------------------------------------------------------------------------------------------------

    def _keep_quiet(self) -> None:
        if self.now() < self._ready_at:
            self._run(self._ready_at, lambda: False)

    def _sent(self, command: Command) -> Reply | None:
        began = self.now()
        ends: list[Reply | Expired] = []
        self._write(self.engine.send(command, began))
        self._run(None, lambda: bool(ends), ends)
        self._ready_at = self.now() + self.engine.dialect.quiet_gap_s
        return ends[0] if isinstance(ends[0], Reply) else None

    def _synced(self, until: float) -> bool:
        self._run(until, lambda: self.engine.state is not State.RESYNC)
        return self.engine.state is not State.RESYNC

    def _run(self, until: float | None, done: Callable[[], bool], ends: list[Reply | Expired] | None = None) -> None:
        """Read, write and let time pass until `done` or the moment `until`."""
        while not done():
            now = self.now()
            moments = [moment for moment in (until, self.engine.deadline) if moment is not None]
            data = self._read(max(0.0, min(moments, default=now + 60.0) - now))
            now = self.now()
            for event in (*self.engine.receive(data, now), *self.engine.tick(now)):
                self._take(event, ends)
            self._write_gated(self.engine.outgoing())
            if until is not None and now >= until:
                return

    def _take(self, event: Event, ends: list[Reply | Expired] | None) -> None:
        self._count(event)
        if isinstance(event, Reply | Expired):
            if ends is not None:
                ends.append(event)
            return
        self._events.append(event)
        if len(self._events) > MAX_EVENTS:
            self._events.popleft()
            self.statistics.events_dropped += 1

    def _count(self, event: Event) -> None:
        counts = self.statistics
        if isinstance(event, Expired):
            counts.expiries += 1
        elif isinstance(event, Stray):
            counts.strays += 1
        elif isinstance(event, Overflow):
            counts.overflow_bytes += event.dropped
        elif isinstance(event, Synced):
            counts.unsure_syncs += not event.sure
        elif isinstance(event, Restarted):
            counts.restarts += 1
            self.restarted = True

    def _read(self, timeout_s: float) -> bytes:
        try:
            data = self._port.read(CHUNK, timeout_s)
        except PortLost as error:
            self.engine.port_lost(str(error))
            raise
        if data:
            self.statistics.rx_bytes += len(data)
            self._observe("rx", data)
        return data

    def _write_gated(self, data: bytes) -> None:
        """What the engine says by itself, to find back into step: lost while the line is held, and said anew later."""
        if data and self._gate.begin():
            try:
                self._write(data)
            finally:
                self._gate.end()

    def _write(self, data: bytes) -> None:
        try:
            self._port.write(data, WRITE_S)
        except PortLost as error:
            self.engine.port_lost(str(error))
            raise
        self.statistics.tx_bytes += len(data)
        self._observe("tx", data)

    def _observe(self, direction: Direction, data: bytes) -> None:
        if self._on_bytes:
            self._on_bytes(direction, data)
