"""Playing a script: bytes and time in, bytes and time out. No port, no thread, no clock.

Everything that happens is an event on one time line (seconds of the script). A command is answered one after the
other, as a module does; what goes wrong is put between the parts of the answer. Settings end with a restart.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import replace

from modem.simulator.answer import ERROR, OK, Answer
from modem.simulator.faults import Fault, applied
from modem.simulator.persona import Change
from modem.simulator.script import Script

MAX_COMMAND = 4_096
MAX_WAITING = 256 * 1024
"""Bytes that nobody fetched; a serial line would have lost them long ago."""
_ESCAPE, _CTRL_Z = 0x1B, 0x1A
_RESTART_S = 3.0


class Player:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.persona = script.build()
        self.commands = 0
        self.answered_s = 0.0
        """Sum of the time that answers took by the script: what a client cannot be blamed for."""
        self.phase = ""
        self._now = 0.0
        self._lived = 0.0
        self._dice = random.Random(script.seed)  # noqa: S311  # the same garbage in every run, no secret
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = 0
        self._out: list[bytes] = []
        self._waiting = 0
        self._buffer = bytearray()
        self._busy_until = 0.0
        self._life = 0
        self._off = False
        self._data_mode = False
        self._payload_for = ""
        self._strikes: dict[int, int] = {}
        self._schedule_script()

    # what the port asks

    def receive(self, data: bytes, now: float) -> None:
        """Bytes from the host, at `now` seconds of the script."""
        self.run(now)
        if self._off or self.presence(now) is None:
            return
        for byte in data:
            self._feed(byte)

    def collect(self, now: float) -> list[bytes]:
        """What has gone onto the line by `now`, in the pieces in which it went."""
        self.run(now)
        out, self._out, self._waiting = self._out, [], 0
        return out

    def run(self, now: float) -> None:
        """Everything that happens up to `now`."""
        while self._events and self._events[0][0] <= now:
            at, _, action = heapq.heappop(self._events)
            self._now = max(self._now, at)
            action()
        self._now = max(self._now, now)

    def next_at(self) -> float | None:
        """When something happens next, if nobody sends anything."""
        return self._events[0][0] if self._events else None

    def presence(self, now: float) -> str | None:
        """None while the port is gone, else its name: "" or the one under which it came back."""
        name = ""
        for fault in self._of("disappear"):
            if fault.active(now):
                return None
            if now >= fault.to_s:
                name = fault.name or name
        return name

    def reading(self, now: float) -> bool:
        """False while the module takes no bytes and a writer blocks."""
        return not any(fault.active(now) for fault in self._of("hang_write"))

    def hang_up(self) -> None:
        """The host closed the port: data mode is over."""
        self._data_mode = False

    # the time line

    def _at(self, when: float, action: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._events, (when, self._order, action))

    def _schedule_script(self) -> None:
        for data in self.persona.first_lines():
            self._at(0.0, lambda data=data: self._say(data))  # type: ignore[misc]
        for change in self.script.changes:
            self._at(change.at_s, lambda change=change: self._change(change))  # type: ignore[misc]
        for fault in self.script.faults:
            self._schedule_fault(fault)

    def _schedule_fault(self, fault: Fault) -> None:
        if fault.kind == "reboot":
            self._at(fault.from_s, lambda: self._power_off(fault.seconds))
        elif fault.kind == "flood":
            self._at(fault.from_s, lambda: self._flood(fault))
        elif fault.kind == "disappear":
            self._at(fault.from_s, self._vanish)
            self._at(fault.to_s, self._return)
        elif fault.kind == "hang_write":
            self._at(fault.to_s, lambda: None)

    def _change(self, change: Change) -> None:
        self._live()
        self.phase = change.phase or self.phase
        self._unsolicited(self.persona.apply(change))

    def _unsolicited(self, lines: list[bytes]) -> None:
        """Not into the middle of an answer: a module keeps them back until it has spoken out."""
        if self._busy_until <= self._now:
            for data in lines:
                self._say(data)
        elif lines:
            self._at_life(self._busy_until, lambda: self._unsolicited(lines))

    def _flood(self, fault: Fault) -> None:
        if fault.active(self._now):
            self._say(fault.data or b"\r\n^RSSI:20\r\n")
            self._at(self._now + fault.gap_s, lambda: self._flood(fault))

    def _vanish(self) -> None:
        self._life += 1
        self._out.clear()
        self._forget()

    def _return(self) -> None:
        self._live()
        self._unsolicited(self.persona.restart())

    def _power_off(self, seconds: float) -> None:
        self._life += 1
        self._off = True
        self._forget()
        self._at(self._now + seconds, self._power_on)

    def _power_on(self) -> None:
        self._off = False
        self._live()
        self._unsolicited(self.persona.restart())

    def _forget(self) -> None:
        self._buffer.clear()
        self._payload_for, self._data_mode, self._busy_until = "", False, self._now

    def _at_life(self, when: float, action: Callable[[], None]) -> None:
        """Not if the module restarts before."""
        life = self._life
        self._at(when, lambda: action() if life == self._life else None)

    def _say(self, data: bytes) -> None:
        if data and not self._off and not self._data_mode and self.presence(self._now) is not None:
            self._put(data)

    def _put(self, data: bytes) -> None:
        if self._waiting + len(data) <= MAX_WAITING:
            self._out.append(data)
            self._waiting += len(data)

    def _live(self) -> None:
        self.persona.pass_time(self._now - self._lived)
        self._lived = self._now

    # what the host said

    def _feed(self, byte: int) -> None:
        if self._data_mode:
            self._feed_data(byte)
        elif self._payload_for:
            self._feed_payload(byte)
        elif byte == 0x0D:
            line, self._buffer = bytes(self._buffer), bytearray()
            self._command(line)
        elif byte not in (0x0A, _ESCAPE, 0x00):
            self._buffer.append(byte)
            if len(self._buffer) > MAX_COMMAND:
                self._buffer.clear()
                self._say(ERROR)

    def _feed_data(self, byte: int) -> None:
        """+++ ends data mode; so does a whole AT line, by which a new client shows that the old one is gone."""
        self._buffer.append(byte)
        del self._buffer[:-64]
        if self._buffer.endswith(b"+++"):
            self._buffer.clear()
            self._data_mode = False
            self._say(OK)
        elif byte == 0x0D:
            line, self._buffer = bytes(self._buffer[:-1]), bytearray()
            if line[:2].upper() == b"AT" and line.isascii():
                self._data_mode = False
                self._command(line)

    def _feed_payload(self, byte: int) -> None:
        if byte not in (_CTRL_Z, _ESCAPE):
            self._buffer.append(byte)
            del self._buffer[MAX_COMMAND:]
            return
        data, self._buffer = bytes(self._buffer), bytearray()
        kind, self._payload_for = self._payload_for, ""
        self._deliver(self.persona.payload(kind, data) if byte == _CTRL_Z else Answer(), [])

    def _command(self, line: bytes) -> None:
        text = _text(line)
        self._live()
        self.commands += bool(text.strip())
        faults = [fault for fault in self._striking(text) if fault.kind != "silence"]
        if any(fault.kind == "silence" for fault in self._struck):
            return
        answer = self.persona.answer(text)
        if answer is not None:
            self._deliver(answer, faults)

    _struck: list[Fault]

    def _striking(self, text: str) -> list[Fault]:
        """The faults that strike this command; `every` counts the commands that a fault could have struck."""
        self._struck = []
        for number, fault in enumerate(self.script.faults):
            if text.strip() and fault.active(self._now) and fault.strikes(text):
                count = self._strikes[number] = self._strikes.get(number, 0) + 1
                if count % fault.every == 0:
                    self._struck.append(fault)
        return self._struck

    def _deliver(self, answer: Answer, faults: list[Fault]) -> None:
        seconds = self.script.answer_s + answer.delay_s + self._delays(faults, "delay")
        late = self._delays(faults, "late")
        start = max(self._now, self._busy_until)
        end = self._speak(applied(answer, faults, self._dice), start, start + seconds + late)
        self._busy_until = end if not late else start
        self.answered_s += seconds + late
        self._afterwards(answer, end)

    def _delays(self, faults: list[Fault], kind: str) -> float:
        return sum(fault.seconds + fault.jitter_s * self._dice.random() for fault in faults if fault.kind == kind)

    def _speak(self, answer: Answer, start: float, then: float) -> float:
        """Echo at once, the rest when the module has its answer; returns when the last byte is out."""
        cuts = _cuts(answer)
        if not cuts:
            self._at_life(start, lambda: self._say(answer.echo))
            rest = replace(answer, echo=b"").wire
            self._at_life(then, lambda: self._say(rest))
            return then
        for number, piece in enumerate(cuts):
            self._at_life(then + number * answer.gap_s, lambda piece=piece: self._say(piece))  # type: ignore[misc]
        return then + (len(cuts) - 1) * answer.gap_s

    def _afterwards(self, answer: Answer, end: float) -> None:
        if answer.payload_for:
            self._payload_for = answer.payload_for
        if answer.opens_data:
            self._at_life(end, self._open_data)
        done = self.persona.aftermath()
        for seconds, data in done.later:
            self._at_life(end + seconds, lambda data=data: self._unsolicited([data]))  # type: ignore[misc]
        extra = self.persona.between()
        if extra:
            self._at_life(end, lambda: self._say(extra))
        if done.restart:
            self._at_life(end, lambda: self._power_off(_RESTART_S))

    def _open_data(self) -> None:
        self._data_mode = True

    def _of(self, kind: str) -> list[Fault]:
        return [fault for fault in self.script.faults if fault.kind == kind]


def _cuts(answer: Answer) -> tuple[bytes, ...]:
    """The recorded cuts, if they still fit the bytes (echo may have been switched since)."""
    joined = b"".join(answer.cuts)
    if not joined or not answer.wire.endswith(joined):
        return ()
    head = answer.wire[: len(answer.wire) - len(joined)]
    return (head, *answer.cuts) if head else answer.cuts


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
