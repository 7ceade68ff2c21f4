"""Getting the line back after a command expired, so that its late answer is never taken for the next one's.

A quiet line proves nothing: the answer may come after the quiet. A plain AT proves nothing: its OK may be the late
one. So questions are sent whose answers carry a *sign*, an information line that nothing sent before them can bring
forth: "+CMEE: (" answers only AT+CMEE=?, "013" only ATS3? (V.250 §6.2.1: the value of S3). They read, change nothing,
and every modem knows some of them.

Why that is sound. A modem executes command lines one by one in the order it got them (V.250 §5.2.1). So when the sign
of the latest probe has come, everything sent before that probe has been answered, aborted or lost, and the next final
result is the probe's. Then nothing is owed, and the next answer belongs to the next command. It holds when
- the late answer comes before, between or after quiet times: signs count, not time;
- the probe aborts the command that hangs (V.250 §5.6.1) or is itself swallowed: without sign the next probe goes out,
  with another sign, so that the answer to the first cannot pass for the answer to the second. A sign that came too
  late for that shows a probe that is known here; it is sent again, as all its answers are in;
- the modem restarted: an answer with the sign is an answer to the probe.
What is left is a modem that knows none of the probes. It is believed after REFUSED_QUIET_S without a byte, and
`Synced.sure` says so. And a modem that was silent for a whole round of probes and then answers them all at once: after
its sign the line must stay quiet for SETTLE_S, which that burst does not.

Sign and probe need no unique numbers: six differ, and a round is repeated only after PAUSE_S of silence.
"""

from collections import Counter

from modem.belongs import own_prefixes, prefix_of, weight
from modem.events import Command, Final
from modem.frozen import dataclass

QUIET_S = 0.3
"""Before the first probe: a modem in the middle of its answer gets the chance to finish it."""
QUIET_LIMIT_S = 1.5
"""But no longer: some send news without end (Huawei E3276, capture)."""
PATIENCE_S = (1.0, 2.0, 3.0, 5.0, 5.0, 5.0)
"""For the answer to each probe of a round."""
REFUSED_S = 0.5
"""After a final without sign: another may follow at once, else the next probe goes."""
SETTLE_S = 0.2
SETTLE_LIMIT_S = 3.0
REFUSED_QUIET_S = 4.0
PAUSE_S = 10.0
"""Between rounds when nothing comes back at all."""
LEAVE_PROMPT = b"\x1b\r"
"""27.005 §3.5.1: ESC leaves the prompt of AT+CMGS without sending. Otherwise the probe would become the message."""


@dataclass(frozen=True, slots=True)
class Probe:
    text: str
    sign: str
    """How its information line begins, blanks left out."""

    def signed(self, line: str) -> bool:
        bare = line.replace(" ", "")
        return bare.startswith(self.sign) if self.sign.endswith("(") else bare == self.sign


PROBES = (
    Probe("AT+CMEE=?", "+CMEE:("),
    Probe("ATS3?", "013"),
    Probe("AT+CREG=?", "+CREG:("),
    Probe("ATS4?", "010"),
    Probe("AT+CGREG=?", "+CGREG:("),
    Probe("ATS5?", "008"),
)


class Resync:
    """One resynchronisation: told of lines and time, it says what to send and when it is over."""

    def __init__(self, now: float, command: Command | None, *, at_prompt: bool = False) -> None:
        self.began = now
        self._late_prefixes = own_prefixes(command.text) | set(command.expects) if command else frozenset()
        self.sure = True
        self._probes = tuple(probe for probe in PROBES if not _could_sign(command, probe))
        self._sent = 0
        self._owed: Counter[str] = Counter()
        self._answers = 0
        self._proven: Probe | None = None
        self.probe: Probe | None = None
        """The latest one sent; only its sign ends this."""
        self._signed: Probe | None = None
        self._outgoing = LEAVE_PROMPT if at_prompt else b""
        self._next: float | None = now + QUIET_S
        self._over: float | None = None
        self._over_limit = 0.0

    @property
    def deadline(self) -> float:
        return min(moment for moment in (self._next, self._over) if moment is not None)

    def could_be_late(self, line: str) -> bool:
        """A line with a URC's prefix that may as well be the late answer, or a probe's."""
        return self._sign(line) is not None or (prefix_of(line) in self._late_prefixes and weight(line) > 0)

    def line(self, line: str, final: Final | None, now: float) -> bool:
        """Take note of a line that is no news. True if it was a probe's, so that nobody need hear of it."""
        signed = self._sign(line)
        if self._over is not None:
            self._over = min(now + self._settling(), self._over_limit)
        elif signed:
            self._take_sign(signed, now)
        elif final:
            return self._final(now)
        elif self._sent == 0:
            self._next = min(now + QUIET_S, self.began + QUIET_LIMIT_S)
        return signed is not None

    def restarted(self, now: float) -> None:
        """The modem says it has just started: a new round, soon. What it got before is lost, or, if the line kept it,
        answered in one burst (quectel-ec21-j-01, capture)."""
        if self._next is not None:
            self._sent = self._answers = 0
            self._owed.clear()
            self.probe = self._proven = self._signed = None
            self._next = min(self._next, now + QUIET_S)

    def tick(self, now: float) -> bool:
        """True when it is over."""
        if self._over is not None:
            return now >= self._over
        if self._next is not None and now >= self._next:
            self._send(now)
        return False

    def outgoing(self) -> bytes:
        data, self._outgoing = self._outgoing, b""
        return data

    def _sign(self, line: str) -> Probe | None:
        return next((probe for probe in self._probes if self._sent and probe.signed(line)), None)

    def _take_sign(self, probe: Probe, now: float) -> None:
        self._signed = probe
        self._owed[probe.text] = max(0, self._owed[probe.text] - 1)
        if probe is self.probe:
            self._next = now + PATIENCE_S[-1]
        elif not self._owed[probe.text]:  # it is known here, and none of its answers is still to come
            self._proven = probe

    def _final(self, now: float) -> bool:
        self._answers += 1
        signed, self._signed = self._signed, None
        if signed is None:  # the late answer's, or the probe was refused
            self._sooner(now + REFUSED_S)
            return False
        if signed is self.probe:
            self._finish(now)
        return True

    def _sooner(self, moment: float) -> None:
        """No need to wait for the current probe any more; but the signs are used again only after the pause."""
        round_is_over = self._sent % len(self._probes) == 0
        if self._next is not None and not (round_is_over and self._answers < len(self._probes)):
            self._next = min(self._next, moment)

    def _send(self, now: float) -> None:
        position = self._sent % len(self._probes)
        if self._sent and position == 0:
            if self._answers >= len(self._probes) and not self._proven:
                self.sure = False
                self._finish(now)
                return
            self._owed.clear()
            self._answers = 0
        last = position == len(self._probes) - 1
        self.probe, self._proven = self._proven or self._probes[position], None
        self._sent += 1
        self._signed = None
        self._owed[self.probe.text] += 1
        self._outgoing += self.probe.text.encode() + b"\r"
        self._next = now + PATIENCE_S[position] + (PAUSE_S if last else 0.0)

    def _settling(self) -> float:
        return SETTLE_S if self.sure else REFUSED_QUIET_S

    def _finish(self, now: float) -> None:
        self._next = None
        self._over = now + self._settling()
        self._over_limit = now + (SETTLE_LIMIT_S if self.sure else 3 * REFUSED_QUIET_S)


def _could_sign(command: Command | None, probe: Probe) -> bool:
    """Could the answer to the expired command itself look like the sign?"""
    return command is not None and probe.text[2:].rstrip("=?") in command.text.upper()
