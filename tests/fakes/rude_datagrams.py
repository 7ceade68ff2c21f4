"""Datagrams on their way: lost, doubled, late, out of order, spoilt, and answered by somebody else. Seeded.

It notes which number (RFC 8613: the partial IV) protected what: a number that protected two different messages under
one key would give both away.
"""

import socket
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from aiocoap.message import Message

FAULTS = ("drop", "twice", "late", "truncated", "garbage", "in the clear", "not known", "replayed")
_IN_THE_CLEAR = {"in the clear": b"\x44", "not known": b"\x81", "replayed": b"\x81"}
_WORDS = {
    "in the clear": b'{"v":1,"acked":1,"server_time":1}',
    "not known": b"Security context not found",
    "replayed": b"Replay detected",
}


@dataclass
class RudeDatagrams:
    """Serves until the `with` block ends. One terminal at a time; an answer goes to the socket that spoke last."""

    centre: int
    random: Random
    chance: float = 0.5
    """Of a fault, for each datagram."""
    done: Counter[str] = field(default_factory=Counter)
    protected: dict[tuple[bytes, bytes], set[bytes]] = field(default_factory=dict)
    """(ID context, number) → what it protected."""
    _context: bytes = b""
    _held: list[tuple[bytes, tuple[str, int]]] = field(default_factory=list)

    def __enter__(self) -> "RudeDatagrams":
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))
        self.port = int(self._sock.getsockname()[1])
        self._stopper = ("127.0.0.1", self.port)
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.sendto(b"stop", self._stopper)
        self._thread.join(60)
        self._sock.close()

    def reused(self) -> int:
        """Numbers that protected two different messages."""
        return sum(len(messages) > 1 for messages in self.protected.values())

    def _carry(self) -> None:
        terminal = ("127.0.0.1", 9)
        while True:
            try:
                data, who = self._sock.recvfrom(65_536)
            except ConnectionError:  # nobody is there any more, neither of them
                continue
            if data == b"stop":
                return
            goal = terminal
            if who[1] != self.centre:
                terminal, goal = who, ("127.0.0.1", self.centre)
                self._note(data)
            self._pass_on(data, who, goal)

    def _note(self, data: bytes) -> None:
        """RFC 8613, 6.1: flags, the number, the ID context where it is said."""
        message = Message.decode(data)
        if not (option := message.opt.oscore):
            return
        size = option[0] & 0x07
        if option[0] & 0x10:
            self._context = option[2 + size : 2 + size + option[1 + size]]
        self.protected.setdefault((self._context, option[1 : 1 + size]), set()).add(message.payload)

    def _pass_on(self, data: bytes, who: tuple[str, int], goal: tuple[str, int]) -> None:
        fault = self.random.choice(FAULTS) if self.random.random() < self.chance else "passed"
        self.done[fault] += 1
        if fault == "late":
            self._held.append((data, goal))
        elif fault in _WORDS:  # somebody who sees the datagram answers it, and it gets there as well
            self._send(b"\x60" + _IN_THE_CLEAR[fault] + data[2:4] + b"\xff" + _WORDS[fault], who)
            self._send(data, goal)
        elif fault != "drop":
            self._send(self._spoilt(fault, data), goal)
            if fault == "twice":
                self._send(data, goal)
            held, self._held = self._held, []
            for late, there in held:
                self._send(late, there)

    def _spoilt(self, fault: str, data: bytes) -> bytes:
        if fault == "truncated":
            return data[: self.random.randrange(len(data))]
        return self.random.randbytes(60) if fault == "garbage" else data

    def _send(self, data: bytes, goal: tuple[str, int]) -> None:
        with suppress(OSError):
            self._sock.sendto(data, goal)
