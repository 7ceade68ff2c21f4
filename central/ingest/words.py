"""What is said to a terminal over a carrier that brings bytes and their answer back, and has no statuses of its own
(MQTT, CoAP): nothing when all is stored, else an answer or an error as JSON (docs/mqtt.md).
"""

import logging
from dataclasses import dataclass

from pydantic_core import to_json

from central.intake import Intake, Refused
from central.text import printable

log = logging.getLogger("central.ingest")


@dataclass(frozen=True, slots=True)
class Words:
    """For one way in."""

    intake: Intake
    way: str
    """Its name, in the log."""

    async def answer(self, terminal: str, body: bytes) -> bytes:
        """To a batch of a terminal that is who it says. Raises Refused."""
        self.intake.admit(terminal)
        taken = await self.intake.take(terminal, body)
        self.intake.metrics.requests[200, ""] += 1
        # JSON says once which frames are read here; a frame shows that this is known
        return b"" if taken.is_plain and body[:1] >= b"\x80" else taken.answer_body()

    def refusal(self, terminal: str, refused: Refused) -> bytes:
        """Counted by its code, and told."""
        self.intake.metrics.requests[refused.status, refused.code] += 1
        log.info(
            "%(way)s: %(terminal)s: %(code)s",
            {"way": self.way, "terminal": printable(terminal), "code": refused.code},
        )
        error = {"code": refused.code, "message": str(refused)}
        after = {"retry_after_s": refused.retry_after_s} if refused.retry_after_s else {}
        return bytes(to_json({"error": error, "status": refused.status} | after))
