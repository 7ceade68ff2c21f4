"""What travels between terminal and centre, version 1. A leaf: nothing of the daemon is imported here.

The centre ignores unknown fields (`extra="ignore"`) and refuses unknown versions; what the agent makes is built from
these models, so unknown fields cannot arise there. Times are integer seconds since 1970 UTC as the terminal's clock
had it; `sent_at` in the batch lets the centre note the clock's error.
"""

import json
from typing import Annotated, Any, Literal, NoReturn, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

VERSION = 1
MAX_BATCH_RECORDS = 500
MAX_BODY_BYTES = 1024 * 1024

Seconds = Annotated[int, Field(ge=0, le=253_402_300_799)]
Seq = Annotated[int, Field(ge=1, le=2**53)]
Epoch = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
RecordType = Literal[
    "heartbeat",
    "verdict",
    "plan_fact",
    "card",
    "recovery",
    "gap",
    "started",
    "stopped",
    "history",
    "daily",
    "reminder",
    "proof",
    "directive",
]


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


class Directive(_Wire):
    """Something the centre asks for (`agent.wire.directives` has the closed list of kinds and their bodies)."""

    id: Annotated[str, Field(pattern=r"^[0-9a-z]{1,32}$")]
    kind: Annotated[str, Field(max_length=40)]
    expires_at: Seconds
    """On the centre's clock."""
    body: dict[str, Any] = {}


class Answer(_Wire):
    """Answer to a batch (200): all its records are committed, except the rejected ones, which never will be."""

    v: Literal[1] = 1
    acked: int
    """How many of the batch the centre now holds (new or repeated)."""
    rejected: list[RejectedRecord] = []
    server_time: Seconds | None = None
    session: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{13,76}$")] | None = None
    """From now on the terminal may POST to `/~<session>` instead of saying who it is; an answer 401 ends that."""
    dictionary: int = 0
    """The newest dictionary of frames (`agent.wire.frame`) that the centre reads; 0: it reads JSON only."""
    directives: list[Directive] = []
    """What waits to be acknowledged, oldest first."""


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


class WireError(ValueError):
    """A message that cannot be read; the text says what is wrong with it, on one line."""


class UnknownVersion(WireError):
    """A message of a version that is not known here: it may be right, but not for us."""


def stored(type_: RecordType, at: float, body: BaseModel | dict[str, Any]) -> bytes:
    """A record as the outbox keeps it: canonical JSON without `seq`, which the outbox gives.

    `at` in wall seconds (a clock before 1970 counts as 1970). Raises WireError for what could not travel.
    """
    plain = body.model_dump(mode="json", exclude_none=True) if isinstance(body, BaseModel) else body
    if type_ not in get_args(RecordType):
        raise WireError(f"unknown record type {type_!r}")
    return _json({"type": type_, "at": max(0, int(at)), "body": plain})


def numbered(kept: bytes, seq: int) -> bytes:
    """What `stored` made, with its `seq`, as it travels. Raises WireError if it is not what `stored` makes."""
    try:
        plain = json.loads(kept, parse_constant=_refuse)
        record = ReportRecord.model_validate({**plain, "seq": seq})
    except ValidationError as error:
        raise WireError(_first(error)) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"not a record: {error}") from error
    return _json({"seq": seq, "type": record.type, "at": record.at, "body": record.body})


def read_batch(data: bytes) -> Batch:
    """What a terminal sent. Raises UnknownVersion, WireError."""
    return _read(Batch, data, MAX_BODY_BYTES)


def read_answer(data: bytes) -> Answer:
    """What the centre answered. Raises UnknownVersion, WireError."""
    return _read(Answer, data, MAX_BODY_BYTES)


_M = TypeVar("_M", Batch, Answer)


def _read(model: type[_M], data: bytes, limit: int) -> _M:
    if len(data) > limit:
        raise WireError(f"{len(data)} bytes are more than the {limit} allowed")
    try:
        plain = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error
    if not isinstance(plain, dict):
        raise WireError("not a JSON object")
    version = plain.get("v", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise UnknownVersion(f"version {str(version)[:20]} is not known here (known: {VERSION})")
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        raise WireError(_first(error)) from error


def _json(plain: dict[str, Any]) -> bytes:
    try:
        return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"cannot travel as JSON: {error}") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _first(error: ValidationError) -> str:
    """The first complaint with its place, without the offending value: it may be long, or a secret."""
    complaint = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(str(part) for part in complaint['loc']) or 'message'}: {complaint['msg']}"
