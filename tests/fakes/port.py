"""A port without a device: the test says what the modem answers, and time passes only when somebody waits for it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from modem.errors import PortLost
from tests.fakes.clock import FakeClock


@dataclass(order=True)
class _Due:
    at: float
    number: int
    data: bytes


@dataclass
class FakePort:
    """A `modem.port.Port`. `answers` maps a command line (without CR) to what comes back, in order, the last repeats.

    A command without an answer meets `otherwise`, silence unless said. `says` brings bytes later, by the clock.
    """

    clock: FakeClock
    answers: dict[str, list[bytes]] = field(default_factory=dict)
    otherwise: bytes = b""
    latency_s: float = 0.01
    written: list[bytes] = field(default_factory=list)
    reads: int = 0
    closed: bool = False
    lost: str | None = None
    on_line: Callable[[str], None] | None = None
    _due: list[_Due] = field(default_factory=list)
    _said: int = 0
    _input: bytes = b""

    def says(self, data: bytes, *, after_s: float = 0.0) -> None:
        """The modem says `data`, `after_s` from now."""
        self._said += 1
        self._due.append(_Due(self.clock.monotonic() + after_s, self._said, data))
        self._due.sort()

    def lines_written(self) -> list[str]:
        """All command lines so far."""
        return [line for line in b"".join(self.written).decode("latin-1").split("\r") if line]

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        self._alive()
        self.reads += 1
        until = self.clock.monotonic() + timeout_s
        if not self._due or self._due[0].at > until:
            self.clock.advance(timeout_s)
            return b""
        self.clock.advance(max(0.0, self._due[0].at - self.clock.monotonic()))
        first = self._due[0]
        data, first.data = first.data[:max_bytes], first.data[max_bytes:]
        if not first.data:
            self._due.pop(0)
        return data

    def write(self, data: bytes, timeout_s: float) -> None:
        self._alive()
        self.written.append(data)
        self._input += data
        while b"\r" in self._input:
            line, self._input = self._input.split(b"\r", 1)
            self._answer(line.decode("latin-1").lstrip("\x1b"))

    def close(self) -> None:
        self.closed = True

    def _answer(self, line: str) -> None:
        if self.on_line:
            self.on_line(line)
        queued = self.answers.get(line)
        answer = self.otherwise if not queued else queued.pop(0) if len(queued) > 1 else queued[0]
        if answer:
            self.says(answer, after_s=self.latency_s)

    def _alive(self) -> None:
        if self.lost is not None or self.closed:
            raise PortLost(self.lost or "closed")


def ok(*lines: str) -> bytes:
    """An answer in the framing of V.250: information lines, then OK."""
    return "".join(f"\r\n{line}\r\n" for line in (*lines, "OK")).encode()
