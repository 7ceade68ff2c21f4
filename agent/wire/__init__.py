"""What travels between terminal and centre, version 1. A leaf: nothing of the daemon is imported here.

The centre ignores unknown fields and refuses unknown versions. Times are integer seconds since 1970 UTC as the
terminal's clock had it; `sent_at` in the batch lets the centre note the clock's error.

The models are imported when one is first asked for: a terminal needs none of them from day to day.
"""

from typing import TYPE_CHECKING, Any

from agent.wire.base import (
    MAX_BATCH_RECORDS,
    MAX_BODY_BYTES,
    VERSION,
    Answer,
    Directive,
    RecordType,
    RejectedRecord,
    UnknownVersion,
    WireError,
    answer_bytes,
    numbered,
    read_answer,
    stored,
)

if TYPE_CHECKING:
    from agent.wire.models import Batch, FindingBody, HeartbeatBody, ReportRecord, VerdictBody, read_batch

__all__ = [
    "MAX_BATCH_RECORDS",
    "MAX_BODY_BYTES",
    "VERSION",
    "Answer",
    "Batch",
    "Directive",
    "FindingBody",
    "HeartbeatBody",
    "RecordType",
    "RejectedRecord",
    "ReportRecord",
    "UnknownVersion",
    "VerdictBody",
    "WireError",
    "answer_bytes",
    "numbered",
    "read_answer",
    "read_batch",
    "stored",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from agent.wire import models  # noqa: PLC0415 - loads pydantic

    return getattr(models, name)
