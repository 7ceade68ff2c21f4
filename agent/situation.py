"""What is known after a look."""

from agent.assess.base import Assessment, Verdict
from agent.sample.base import Snapshot
from agent.sample.system import SystemPart
from modem.frozen import dataclass

NOT_JUDGED = Assessment((), Verdict("unsure", "low"))


@dataclass(frozen=True, slots=True)
class Situation:
    snapshot: Snapshot
    assessment: Assessment
    at: float
    """Monotonic seconds."""
    system: SystemPart
    counter: str | None = None
