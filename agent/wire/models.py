"""What a centre reads, as models: unknown fields are ignored, unknown versions refused. This loads pydantic."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.wire.base import MAX_BATCH_RECORDS, MAX_SECONDS, MAX_SEQ, RecordType, WireError, of_version

Seconds = Annotated[int, Field(ge=0, le=MAX_SECONDS)]
Seq = Annotated[int, Field(ge=1, le=MAX_SEQ)]
Text = Annotated[str, Field(max_length=200)]
"""A page shows many heartbeats: no text in one is long."""
Code = Annotated[str, Field(max_length=64, pattern=r"^[._]*[A-Za-z0-9][A-Za-z0-9._]*$")]
Epoch = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Wire(BaseModel):
    """Base of all models."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class ReportRecord(Wire):
    """One record of the outbox. `body` is the record's own JSON object; its shape depends on `type`."""

    seq: Seq
    type: RecordType
    at: Seconds
    body: dict[str, Any]


class Batch(Wire):
    """Body of POST /v1/reports. Who speaks is said by the credential, not by the body."""

    v: Literal[1] = 1
    epoch: Epoch
    sent_at: Seconds
    records: Annotated[list[ReportRecord], Field(min_length=1, max_length=MAX_BATCH_RECORDS)]


class HeartbeatBody(Wire):
    """The state of a terminal in one heartbeat; None = not known."""

    next_due_s: Annotated[int, Field(ge=1)]
    """Seconds after `at` by which the next report comes, if all is well: the centre's lateness is measured by it."""
    agent: Text
    """Version of the agent."""
    verdict: Code
    severity: Literal["ok", "info", "warning", "error"] = "ok"
    iccid: Text | None = None
    imsi: Text | None = None
    imei: Text | None = None
    model: Text | None = None
    operator: Text | None = None
    plmn: Text | None = None
    technology: Text | None = None
    registration: Text | None = None
    cell: Text | None = None
    """Area and cell, "5A1B-0A1B2C3D"."""
    apn: Text | None = None
    rssi_dbm: float | None = None
    rsrp_dbm: float | None = None
    quality: Text | None = None
    used_bytes: int | None = None
    own_bytes: int | None = None
    quota_bytes: int | None = None
    expires_on: Text | None = None
    runs_out_on: Text | None = None
    """By the terminal's own forecast; None: the data lasts, or nobody can tell."""
    cycle_start: Text | None = None
    """First day of the cycle that `used_bytes` counts."""
    balance: Text | None = None
    currency: Text | None = None
    uptime_s: int | None = None
    boot_id: Text | None = None


class FindingBody(Wire):
    code: str
    severity: Literal["error", "warning", "info"]
    root: bool
    evidence: list[str] = []


class VerdictBody(Wire):
    """A change of verdict, with what was seen."""

    code: Code
    previous: str | None = None
    confidence: Literal["high", "medium", "low"]
    since: Seconds | None = None
    findings: list[FindingBody] = []
    titles: dict[str, str] = {}
    """Finished sentences by language, so that an old console can show a new code."""


def read_batch(data: bytes) -> Batch:
    """What a terminal sent. Raises UnknownVersion, WireError."""
    try:
        return Batch.model_validate(of_version(data))
    except ValidationError as error:
        raise WireError(complaint(error)) from error


def complaint(error: ValidationError) -> str:
    """The first one with its place, without the offending value: it may be long, or a secret."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'message'}: {first['msg']}"
