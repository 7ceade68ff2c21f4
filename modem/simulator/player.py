"""Playing a script: bytes and time in, bytes and time out. No port, no thread, no clock.

Everything that happens is an event on one time line (seconds of the script). A command is answered one after the
other, as a module does; what goes wrong is put between the parts of the answer. Settings end with a restart.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from modem.simulator.answer import ERROR, OK, Answer
from modem.simulator.faults import Fault, applied
from modem.simulator.intake import Heard, Intake, Mode
from modem.simulator.persona import Change
from modem.simulator.script import Script
from modem.simulator.tables import octets
from modem.simulator.timeline import Timeline

MAX_WAITING = 256 * 1024
"""Bytes that nobody fetched; a serial line would have lost them long ago."""
_RESTART_S = 3.0
_FLOOD = b"\r\n^RSSI:20\r\n"


class Player:
    def __init__(self, script: Script, wall: float) -> None:
        self.script = script
        self.persona = script.build(wall)
        self.commands = 0
        self.answered_s = 0.0
        """Sum of the time that answers took by the script: what a client cannot be blamed for."""
        self.phase = ""
        """The last phase that a change named."""
        self._dice = random.Random(script.seed)  # noqa: S311  # the same garbage in every run, no secret
        self._time = Timeline()
        self._intake = Intake()
        self._lived = 0.0
        self._out: list[bytes] = []
        self._waiting = 0
        self._busy_until = 0.0
        self._life = 0
        self._off = False
        self._payload_for = ""
        self._strikes: dict[int, int] = {}
        self._schedule_script()

    # what the port asks

    def receive(self, data: bytes, now: float) -> None:
        """Bytes from the host, at `now` seconds of the script."""
        self._time.run(now)
        if self._off or self.presence(now) is None:
            return
        for byte in data:
            heard = self._intake.feed(byte)
            if heard is not None:
                self._hear(*heard)

    def collect(self, now: float) -> list[bytes]:
        """What has gone onto the line by `now`, in the pieces in which it went."""
        self._time.run(now)
        out, self._out, self._waiting = self._out, [], 0
        return out

    def next_at(self) -> float | None:
        """When something happens next, if nobody sends anything."""
        return self._time.next_at()

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
        self._intake.forget()

    def play(self, change: Change, now: float) -> None:
        """A change that no script foresaw: whoever tells a story gives the cue."""
        self._time.run(now)
        self._change(change)

    # what happens by itself

    def _schedule_script(self) -> None:
        for data in self.persona.first_lines():
            self._time.at(0.0, partial(self._say, data))
        for change in self.script.changes:
            self._time.at(change.at_s, partial(self._change, change))
        for fault in self.script.faults:
            self._schedule_fault(fault)

    def _schedule_fault(self, fault: Fault) -> None:
        if fault.kind == "reboot":
            self._time.at(fault.from_s, partial(self._power_off, fault.seconds))
        elif fault.kind == "flood":
            self._time.at(fault.from_s, partial(self._flood, fault))
        elif fault.kind == "disappear":
            self._time.at(fault.from_s, self._vanish)
            self._time.at(fault.to_s, self._power_on)
        elif fault.kind == "hang_write":
            self._time.at(fault.to_s, self._live)

    def _change(self, change: Change) -> None:
        self._live()
        self.phase = change.phase or self.phase
        self._unsolicited(self.persona.apply(change))

    def _unsolicited(self, lines: list[bytes]) -> None:
        """Not into the middle of an answer: a module keeps them back until it has spoken out."""
        if self._busy_until > self._time.now:
            self._in_this_life(self._busy_until, partial(self._unsolicited, lines))
            return
        for data in lines:
            self._say(data)

    def _flood(self, fault: Fault) -> None:
        if fault.active(self._time.now):
            self._say(fault.data or _FLOOD)
            self._time.at(self._time.now + fault.gap_s, partial(self._flood, fault))

    def _vanish(self) -> None:
        self._end_life()
        self._out.clear()

    def _power_off(self, seconds: float) -> None:
        self._end_life()
        self._off = True
        self._time.at(self._time.now + seconds, self._power_on)

    def _power_on(self) -> None:
        self._off = False
        self._live()
        self._unsolicited(self.persona.restart())

    def _end_life(self) -> None:
        self._life += 1
        self._intake.forget()
        self._payload_for, self._busy_until = "", self._time.now

    def _in_this_life(self, when: float, action: Callable[[], None]) -> None:
        """Not if the module restarts before."""
        self._time.at(when, partial(self._if_alive, self._life, action))

    def _if_alive(self, life: int, action: Callable[[], None]) -> None:
        if life == self._life:
            action()

    def _say(self, data: bytes) -> None:
        if self._off or self._intake.mode is Mode.DATA or self.presence(self._time.now) is None:
            return
        if data and self._waiting + len(data) <= MAX_WAITING:
            self._out.append(data)
            self._waiting += len(data)

    def _live(self) -> None:
        self.persona.pass_time(self._time.now - self._lived)
        self._lived = self._time.now

    # what the host said

    def _hear(self, heard: Heard, data: bytes) -> None:
        if heard is Heard.COMMAND:
            self._command(_text(data))
        elif heard is Heard.PAYLOAD:
            self._deliver(self.persona.payload(self._payload_for, data), [])
        else:
            self._say(ERROR if heard is Heard.TOO_LONG else OK)

    def _command(self, text: str) -> None:
        self._live()
        self.commands += bool(text.strip())
        faults = self._striking(text)
        if any(fault.kind == "silence" for fault in faults):
            return
        answer = self.persona.answer(text)
        if answer is not None:
            self._deliver(answer, faults)

    def _striking(self, text: str) -> list[Fault]:
        """The faults that strike this command; `every` counts the commands that a fault could have struck."""
        struck = []
        for number, fault in enumerate(self.script.faults):
            if text.strip() and fault.active(self._time.now) and fault.strikes(text):
                count = self._strikes[number] = self._strikes.get(number, 0) + 1
                if count % fault.every == 0:
                    struck.append(fault)
        return struck

    def _deliver(self, answer: Answer, faults: list[Fault]) -> None:
        busy = self.script.answer_s + answer.delay_s + self._seconds(faults, "delay")
        late = self._seconds(faults, "late")
        start = max(self._time.now, self._busy_until)
        end = self._speak(applied(answer, faults, self._dice), start, start + busy + late)
        self._busy_until = start if late else end
        self.answered_s += end - start
        self._afterwards(answer, end)

    def _seconds(self, faults: list[Fault], kind: str) -> float:
        return sum(fault.seconds + fault.jitter_s * self._dice.random() for fault in faults if fault.kind == kind)

    def _speak(self, answer: Answer, start: float, then: float) -> float:
        """Echo at once, the rest when the module has its answer; returns when the last byte is out."""
        cuts = _cuts(answer)
        if not cuts:
            self._in_this_life(start, partial(self._say, answer.echo))
            cuts = (replace(answer, echo=b"").wire,)
        for number, piece in enumerate(cuts):
            self._in_this_life(then + number * answer.gap_s, partial(self._say, piece))
        return then + (len(cuts) - 1) * answer.gap_s

    def _afterwards(self, answer: Answer, end: float) -> None:
        if answer.payload_for:
            self._payload_for, self._intake.mode = answer.payload_for, Mode.PAYLOAD
        if answer.opens_data:
            self._in_this_life(end, self._open_data)
        done = self.persona.aftermath()
        for seconds, data in done.later:
            self._in_this_life(end + seconds, partial(self._unsolicited, [data]))
        extra = self.persona.between()
        if extra:
            self._in_this_life(end, partial(self._say, extra))
        if done.restart:
            self._in_this_life(end, partial(self._power_off, _RESTART_S))

    def _open_data(self) -> None:
        self._intake.mode = Mode.DATA

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
    """The text that stands for these bytes in a capture (the inverse of `octets`)."""
    text = line.decode("utf-8", "replace")
    return text if octets(text) == line else line.decode("latin-1")
