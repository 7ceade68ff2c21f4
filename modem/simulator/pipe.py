"""A port in memory: the client's side of a virtual modem without pty and without real time."""

import threading
from typing import Protocol

from modem.errors import PortLost, PortMissing, PortStuck
from modem.simulator.player import Player
from modem.simulator.script import Script

_LINE_BUFFER = 4_096
"""Bytes that the operating system would take for a module that does not read."""


class Clock(Protocol):
    """What a port asks of time (agent.clock has it); `wait` returns early when `stop` is set."""

    def wall(self) -> float: ...

    def monotonic(self) -> float: ...

    def wait(self, seconds: float, stop: threading.Event) -> bool: ...


class MemoryPort:
    """`read`, `write`, `close` of modem.port.Port. With a fake clock whole scenarios run in no time."""

    def __init__(
        self,
        script: Script,
        clock: Clock,
        speed: float = 1.0,
        device: str = "memory",
        running: tuple[Player, float] | None = None,
    ) -> None:
        """`running`: a modem that was switched on before, and when (monotonic seconds); None switches one on."""
        self.player, self._start = running or (Player(script, clock.wall()), clock.monotonic())
        self.device = device
        self._clock = clock
        self._speed = speed
        self._stop = threading.Event()
        self._inbox = bytearray()
        self._outbox = bytearray()
        self._closed = False

    @property
    def now(self) -> float:
        """Seconds of the script."""
        return (self._clock.monotonic() - self._start) * self._speed

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """At most `max_bytes`, as soon as there are any; b"" after `timeout_s`. Raises `PortLost`."""
        deadline = self._clock.monotonic() + timeout_s
        while True:
            self._turn()
            if self._outbox:
                data = bytes(self._outbox[:max_bytes])
                del self._outbox[:max_bytes]
                return data
            left = deadline - self._clock.monotonic()
            if left <= 0:
                return b""
            self._clock.wait(self._pause(left), self._stop)

    def write(self, data: bytes, timeout_s: float) -> None:
        """Raises `PortLost` when the port is gone, `PortStuck` when it takes no bytes for `timeout_s`."""
        deadline = self._clock.monotonic() + timeout_s
        self._turn()
        while len(self._inbox) + len(data) > _LINE_BUFFER and not self.player.reading(self.now):
            left = deadline - self._clock.monotonic()
            if left <= 0:
                raise PortStuck(f"{self.device}: takes no bytes for {timeout_s:g} s")
            self._clock.wait(self._pause(left), self._stop)
            self._turn()
        self._inbox += data
        self._turn()

    def reopened(self) -> "MemoryPort":
        """The same modem opened anew, as after a restart of the client. Raises `PortMissing` while it is unplugged."""
        if self.player.presence(self.now) is None:
            raise PortMissing(f"{self.device}: no such device")
        self.close()
        return MemoryPort(self.player.script, self._clock, self._speed, self.device, (self.player, self._start))

    def close(self) -> None:
        self._closed = True
        self.player.hang_up()
        self._stop.set()

    def _turn(self) -> None:
        now = self.now
        if self._closed or self.player.presence(now) is None:
            raise PortLost(f"{self.device}: the port is gone")
        if self._inbox and self.player.reading(now):
            data, self._inbox = bytes(self._inbox), bytearray()
            self.player.receive(data, now)
        self._outbox += b"".join(self.player.collect(now))

    def _pause(self, left: float) -> float:
        """Until the next event or the end of the time allowed, whichever comes first."""
        following = self.player.next_at()
        if following is None:
            return left
        return min(left, max(1e-6, (following - self.now) / self._speed))
