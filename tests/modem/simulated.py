"""What the simulator tests share: a memory port on a fake clock, dialogues, and scripts written in place."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from modem.simulator import MemoryPort, Script, load
from tests.fakes.clock import FakeClock

CAPTURES = Path(__file__).parent / "captures"
QUIET_S = 0.5


@dataclass
class Line:
    """A client's end of a simulated modem; no time passes but the clock's."""

    script: Script
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.port = MemoryPort(self.script, self.clock)

    def ask(self, command: str, quiet_s: float = QUIET_S) -> bytes:
        """Everything that came until the line was quiet for `quiet_s`."""
        self.port.write(command.encode() + b"\r", 1.0)
        return self.listen(quiet_s)

    def listen(self, quiet_s: float = QUIET_S) -> bytes:
        heard = b""
        while data := self.port.read(4096, quiet_s):
            heard += data
        return heard

    def info(self, command: str) -> list[str]:
        """The lines of an answer without echo."""
        return [line for line in self.ask(command).decode().split("\r\n") if line and not line.startswith("AT")]

    def pieces(self, command: str) -> list[tuple[float, bytes]]:
        """What came, with the seconds after the command."""
        start = self.clock.monotonic()
        self.port.write(command.encode() + b"\r", 1.0)
        came = []
        while data := self.port.read(4096, 30.0):
            came.append((round(self.clock.monotonic() - start, 3), data))
        return came

    def until(self, script_s: float) -> None:
        """Let the script's time come to `script_s`, reading nothing."""
        self.clock.advance(max(0.0, script_s - self.port.now))


def written(folder: Path, text: str, name: str = "script.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(folder: Path, text: str, name: str = "script.toml") -> Line:
    return Line(load(written(folder, text, name)))


def scenario(folder: Path, text: str, persona: str = "generic-lte") -> Line:
    """A scenario on a module that does not echo, with a tenth of a second for an answer."""
    line = line_of(folder, f'[modem]\npersona = "{persona}"\nanswer_ms = 100\n{text}')
    line.ask("ATE0")
    return line


def eventually(check: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Bounded polling for what another thread does."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.01)
    return True
