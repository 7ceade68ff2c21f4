"""What is said to a terminal over a carrier that brings bytes and their answer back, and has no statuses of its own
(MQTT, CoAP): nothing when all is stored, else an answer or an error as JSON (docs/mqtt.md).

A report over which we fail is a bug of ours, and would be said again for ever: the terminal is told so, and what fails
again and again is refused, so that the terminal finds the record by halves, sets it aside with the reason, and all its
others arrive.
"""

import logging
from collections import OrderedDict
from dataclasses import dataclass, field

from pydantic_core import to_json

from central.intake import Intake, Refused
from central.text import printable

FAILURES = 3
"""Of one terminal, until what fails is refused."""
FORGIVEN_S = 3600.0
"""A terminal that did not fail for so long begins anew: by then the centre may be another version."""
_TERMINALS = 10_000
log = logging.getLogger("central.ingest")


@dataclass(slots=True)
class Words:
    """For one way in."""

    intake: Intake
    way: str
    """Its name, in the log."""
    _failed: "OrderedDict[str, tuple[int, float]]" = field(default_factory=OrderedDict)
    """Terminal → how often, and when last."""

    async def answer(self, terminal: str, body: bytes) -> bytes:
        """To a batch of a terminal that is who it says. Raises Refused."""
        intake = self.intake
        intake.admit(terminal)
        try:
            taken = await intake.take(terminal, body)
        except Refused:
            raise
        except Exception as error:
            log.exception("%s: a report of %s could not be handled", self.way, printable(terminal))
            raise self._failure(terminal, error) from None
        intake.metrics.requests[200, ""] += 1
        # JSON says once which frames are read here; a frame shows that this is known
        return b"" if taken.is_plain and body[:1] >= b"\x80" else taken.answer_body()

    def refusal(self, terminal: str, refused: Refused) -> bytes:
        """Counted by its code, and told."""
        self.intake.metrics.requests[refused.status, refused.code] += 1
        log.info("%s: %s: %s", self.way, printable(terminal), refused.code)
        error = {"code": refused.code, "message": str(refused)}
        after = {"retry_after_s": refused.retry_after_s} if refused.retry_after_s else {}
        return bytes(to_json({"error": error, "status": refused.status} | after))

    def _failure(self, terminal: str, error: Exception) -> Refused:
        now = self.intake.wall()
        before, last = self._failed.pop(terminal, (0, now))
        times = before + 1 if now - last < FORGIVEN_S else 1
        self._failed[terminal] = (times, now)
        if len(self._failed) > _TERMINALS:
            self._failed.popitem(last=False)
        what = type(error).__name__
        if times < FAILURES:
            return Refused(500, "internal", f"the centre failed over this report ({what})")
        return Refused(422, "not_handled", f"the centre fails over this report, again and again ({what})")
