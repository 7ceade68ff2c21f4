"""Two carriers: the lean one first, the sure one where it does not get through; and back to the lean one later.

Some networks drop UDP. Who met silence there twice in a row, while the other way was answered, goes by the other for an
hour, then four, then a day, and tries the lean one again with one report in between. Silence on both says nothing: the
radio is away, or the centre. What must not be late does not wait for the lean one's whole time: it goes both ways. A
refusal is an answer: it is not asked for again elsewhere.
"""

from math import inf

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Tended, Transport
from agent.uplink.told import is_routine
from agent.wire import Answer

PATIENCE = 2
ALERT_S = 6.0
"""What must not be late goes both ways: so long the lean one has for it, two datagrams and their answers, and then it
goes by the sure one as well. The centre drops what came twice."""
AVOID_S = (3600.0, 4 * 3600.0, 86_400.0)
_BLOCKED = ("timeout", "connect", "lost")


class FallbackTransport:
    """Owned by one thread."""

    def __init__(self, lean: Transport, sure: Transport, clock: Clock) -> None:
        self._lean = lean
        self._sure = sure
        self._clock = clock
        self._silent = 0
        """Times in a row that nothing came back by the lean one, and something by the sure one."""
        self._avoid_until = 0.0

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        if self._clock.monotonic() < self._avoid_until:
            return self._sure.send(batch, deadline)
        share = deadline.left(self._clock) / 2
        if not is_routine(batch):
            share = min(share, ALERT_S)
        try:
            answer = self._lean.send(batch, Deadline.after(share, self._clock))
        except SendError as error:
            if error.kind not in _BLOCKED:
                raise
            return self._instead(batch, deadline)
        self._silent = 0
        return answer

    def tend(self) -> float:
        return self._sure.tend() if isinstance(self._sure, Tended) else inf

    def close(self) -> None:
        self._lean.close()
        self._sure.close()

    def _instead(self, batch: bytes, deadline: Deadline) -> Answer:
        try:
            answer = self._sure.send(batch, deadline)
        except SendError as error:
            if error.kind not in _BLOCKED:
                self._met_silence()
            raise
        self._met_silence()
        return answer

    def _met_silence(self) -> None:
        self._silent += 1
        if self._silent >= PATIENCE:
            rung = min(self._silent - PATIENCE, len(AVOID_S) - 1)
            self._avoid_until = self._clock.monotonic() + AVOID_S[rung]
