"""Bytes on their way under TLS, where nobody can read them: held back, spoilt, said twice, cut off, reset. Seeded."""

import selectors
import socket
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

FAULTS = ("cut", "reset", "silence", "late", "spoilt", "twice")
PIECES = 5
"""Some so many pass for a report: the chance of a fault is for a report, as with the others."""
LATE_S = 0.2


@dataclass
class RudeRelay:
    """Serves until the `with` block ends; `centre`, the port it leads to, may change meanwhile."""

    centre: int
    random: Random
    chance: float = 0.5
    done: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> "RudeRelay":
        self._end = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(60)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                terminal, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(terminal,), daemon=True)
                self._threads = [held for held in self._threads if held.is_alive()] + [thread]
                thread.start()

    def _serve(self, terminal: socket.socket) -> None:
        self.done["connections"] += 1
        with (
            suppress(OSError), terminal, socket.create_connection(("127.0.0.1", self.centre), 5.0) as centre,
            selectors.DefaultSelector() as ready,
        ):  # fmt: skip
            ready.register(terminal, selectors.EVENT_READ, centre)
            ready.register(centre, selectors.EVENT_READ, terminal)
            deaf = False
            while not self._end.is_set():
                for key, _ in ready.select(0.2):
                    source, other = (terminal, centre) if key.data is centre else (centre, terminal)
                    if not (data := source.recv(65_536)):
                        return
                    fault = "" if deaf else self._fault()
                    deaf = deaf or fault == "silence"
                    if not deaf and not self._passed_on(fault, data, other, terminal):
                        return

    def _passed_on(self, fault: str, data: bytes, other: socket.socket, terminal: socket.socket) -> bool:
        """True while the connection goes on."""
        if fault == "cut":
            other.sendall(data[: self.random.randrange(len(data))])
        elif fault == "reset":
            terminal.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        else:
            other.sendall(self._met(fault, data))
        return fault not in ("cut", "reset")

    def _fault(self) -> str:
        fault = self.random.choice(FAULTS) if self.random.random() < self.chance / PIECES else "passed"
        self.done[fault] += 1
        return fault

    def _met(self, fault: str, data: bytes) -> bytes:
        if fault == "late":
            self._end.wait(LATE_S)
        if fault == "spoilt":
            place = self.random.randrange(len(data))
            return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        return data * 2 if fault == "twice" else data
