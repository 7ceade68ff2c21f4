"""What can go wrong on the line, as data; `applied` puts a fault into the parts of one answer."""

import random
from dataclasses import replace

from modem.frozen import dataclass
from modem.simulator.answer import Answer

KINDS = (
    "delay",
    "silence",
    "garbage",
    "split",
    "urc",
    "late",
    "wrong_echo",
    "truncate",
    "reboot",
    "disappear",
    "hang_write",
    "flood",
)
PLACES = ("before_echo", "inside", "before_final", "after", "replace")
FOREVER = 1e9


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    from_s: float = 0.0
    to_s: float = FOREVER
    every: int = 1
    """Every how many commands it strikes, counted within its time."""
    command: str = ""
    """Only commands that begin like this (upper case); empty: all."""
    seconds: float = 0.0
    """delay, late, reboot: how long."""
    jitter_s: float = 0.0
    data: bytes = b""
    """garbage, urc, flood, wrong_echo: the bytes."""
    size: int = 1
    """split: bytes a piece; garbage: how many random ones; truncate: how many are left."""
    gap_s: float = 0.0
    """split, flood: time between the pieces."""
    where: str = "inside"
    name: str = ""
    """disappear: the port's name when it comes back."""

    def active(self, now: float) -> bool:
        return self.from_s <= now < self.to_s

    def strikes(self, command: str) -> bool:
        return command.strip().upper().startswith(self.command)


def applied(answer: Answer, faults: list[Fault], dice: random.Random) -> Answer:
    """`answer` with every URC, garbage, cut and echo trouble put in, in the order of the file."""
    for fault in faults:
        if fault.kind in ("urc", "garbage"):
            answer = _inserted(answer, fault.data or dice.randbytes(fault.size), fault.where)
        elif fault.kind == "wrong_echo":
            answer = replace(answer, echo=fault.data or _spoilt(answer.echo, dice), cuts=())
        elif fault.kind == "truncate":
            answer = Answer(final=answer.wire[: fault.size])
        elif fault.kind == "split":
            wire = answer.wire
            pieces = tuple(wire[n : n + fault.size] for n in range(0, len(wire), fault.size))
            answer = replace(answer, cuts=pieces, gap_s=fault.gap_s)
    return answer


def _inserted(answer: Answer, data: bytes, where: str) -> Answer:
    body = answer.body
    if where == "before_echo":
        return replace(answer, echo=data + answer.echo, cuts=())
    if where == "inside":
        return replace(answer, body=(*body[:1], data, *body[1:]), cuts=())
    if where == "before_final":
        return replace(answer, body=(*body, data), cuts=())
    if where == "after":
        return replace(answer, tail=answer.tail + data, cuts=())
    return Answer(final=data)


def _spoilt(echo: bytes, dice: random.Random) -> bytes:
    """One byte of the echo is another one; nothing, where there is no echo to spoil."""
    if not echo:
        return echo
    place = dice.randrange(len(echo))
    return echo[:place] + bytes(((echo[place] ^ 0x15) or 0x15,)) + echo[place + 1 :]
