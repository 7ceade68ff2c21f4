"""What one `posagent diag` found, and the exit code that scripts go by."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, EXIT_PORT, EXIT_PROBLEMS
from modem.frozen import dataclass

if TYPE_CHECKING:
    from modem.recording import Recording

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """A report, and the dialogue with the modem behind it where somebody wanted that."""

    report: Report
    dialogue: "Recording | None" = None
    """Ours, with all that was said."""
    capture: str | None = None
    """The daemon's, as a capture and about somebody else."""
    remark: str | None = None
    """What must be said beside it: a label of agent/locale."""

    @property
    def exit_code(self) -> int:
        """What was known before says nothing of now."""
        return EXIT_CANNOT_TELL if self.remark else exit_code(self.report)


def exit_code(report: Report) -> int:
    """What scripts go by."""
    code = str(report["verdict"]["code"])
    if code.startswith("port."):
        return EXIT_PORT
    if code == "unsure":
        return EXIT_CANNOT_TELL
    troubles = [f for f in report["findings"] if f["root"] and f["severity"] != "info"]
    return EXIT_PROBLEMS if troubles else EXIT_OK
