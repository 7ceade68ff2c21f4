"""What judging produces: findings with their evidence, and the one verdict."""

from typing import Literal

from agent.sample.base import Evidence
from modem.frozen import dataclass

Severity = Literal["error", "warning", "info"]
Confidence = Literal["high", "medium", "low"]
Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition that holds. Words for people come from the catalogue by `code` and language."""

    code: str
    """A code of the catalogue, "sim.absent"."""
    severity: Severity
    root: bool
    """False: a consequence of another finding; recorded, not shown as the cause."""
    evidence: tuple[Evidence, ...] = ()
    since: float | None = None
    """Wall seconds since when it holds, as far as known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    code: str
    """A code of the catalogue, or "ok", or "unsure"."""
    confidence: Confidence
    ruled_out: tuple[str, ...] = ()
    """Codes whose rule answered a clear no (never "not known")."""


@dataclass(frozen=True, slots=True)
class Assessment:
    findings: tuple[Finding, ...]
    """Roots first, then by severity; a healthy terminal has none of severity error."""
    verdict: Verdict
