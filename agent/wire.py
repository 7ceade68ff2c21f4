"""What travels between terminal and centre, version 1. A leaf: nothing of the daemon is imported here.

The centre ignores unknown fields (`extra="ignore"`) and refuses unknown versions; what the agent makes is built from
these models, so unknown fields cannot arise there. Times are integer seconds since 1970 UTC as the terminal's clock
had it; `sent_at` in the batch lets the centre note the clock's error.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1
MAX_BATCH_RECORDS = 500
MAX_BODY_BYTES = 1024 * 1024

Seconds = Annotated[int, Field(ge=0, le=253_402_300_799)]
Seq = Annotated[int, Field(ge=1, le=2**53)]
Epoch = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
RecordType = Literal["heartbeat", "verdict", "plan_fact", "card", "recovery", "gap", "started", "stopped", "history"]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class ReportRecord(_Wire):
    """One record of the outbox. `body` is the record's own JSON object; its shape depends on `type`."""

    seq: Seq
    type: RecordType
    at: Seconds
    body: dict[str, Any]


class Batch(_Wire):
    """Body of POST /v1/reports. Who speaks is said by the credential, not by the body."""

    v: Literal[1] = 1
    epoch: Epoch
    sent_at: Seconds
    records: Annotated[list[ReportRecord], Field(min_length=1, max_length=MAX_BATCH_RECORDS)]


class RejectedRecord(_Wire):
    seq: Seq
    reason: str


class Answer(_Wire):
    """Answer to a batch (200): all its records are committed, except the rejected ones, which never will be."""

    v: Literal[1] = 1
    acked: int
    """How many of the batch the centre now holds (new or repeated)."""
    rejected: list[RejectedRecord] = []
    server_time: Seconds | None = None


class HeartbeatBody(_Wire):
    """The state of a terminal in one heartbeat; None = not known."""

    next_due_s: Annotated[int, Field(ge=1)]
    """Seconds after `at` by which the next report comes, if all is well: the centre's lateness is measured by it."""
    agent: str
    """Version of the agent."""
    verdict: str
    severity: Literal["ok", "info", "warning", "error"] = "ok"
    iccid: str | None = None
    imsi: str | None = None
    imei: str | None = None
    model: str | None = None
    operator: str | None = None
    plmn: str | None = None
    technology: str | None = None
    registration: str | None = None
    rssi_dbm: float | None = None
    rsrp_dbm: float | None = None
    quality: str | None = None
    used_bytes: int | None = None
    own_bytes: int | None = None
    quota_bytes: int | None = None
    expires_on: str | None = None
    balance: str | None = None
    currency: str | None = None
    uptime_s: int | None = None
    boot_id: str | None = None


class FindingBody(_Wire):
    code: str
    severity: Literal["error", "warning", "info"]
    root: bool
    evidence: list[str] = []


class VerdictBody(_Wire):
    """A change of verdict, with what was seen."""

    code: str
    previous: str | None = None
    confidence: Literal["high", "medium", "low"]
    since: Seconds | None = None
    findings: list[FindingBody] = []
    titles: dict[str, str] = {}
    """Finished sentences by language, so that an old console can show a new code."""
