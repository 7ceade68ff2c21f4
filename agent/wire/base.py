"""The part of the wire that a terminal needs in memory for years: plain values, checked by hand, no validator loaded.

What a centre reads is checked by the models of `agent.wire.models`; here are what a terminal reads (answers) and what
it writes (records), which `tests/wire` holds against those models.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NoReturn, get_args

VERSION = 1
MAX_BATCH_RECORDS = 500
MAX_BODY_BYTES = 1024 * 1024
MAX_SECONDS = 253_402_300_799
"""The end of the year 9999."""
MAX_SEQ = 2**53
SESSION = r"[A-Za-z0-9._-]{13,76}"
DIRECTIVE_ID = r"[0-9a-z]{1,32}"
MAX_KIND = 40

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

Json = dict[str, Any]


class WireError(ValueError):
    """A message that cannot be read; the text says what is wrong with it, on one line."""


class UnknownVersion(WireError):
    """A message of a version that is not known here: it may be right, but not for us."""


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Directive:
    """Something the centre asks for (`agent.wire.directives` has the closed list of kinds and their bodies)."""

    id: str
    kind: str
    expires_at: int
    """Seconds, on the centre's clock."""
    body: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer to a batch (200): all its records are committed, except the rejected ones, which never will be."""

    acked: int
    """How many of the batch the centre now holds (new or repeated)."""
    rejected: list[RejectedRecord] = field(default_factory=list)
    server_time: int | None = None
    session: str | None = None
    """From now on the terminal may POST to `/~<session>` instead of saying who it is; an answer 401 ends that."""
    dictionary: int = 0
    """The newest dictionary of frames (`agent.wire.frame`) that the centre reads; 0: it reads JSON only."""
    directives: list[Directive] = field(default_factory=list)
    """What waits to be acknowledged, oldest first."""
    v: Literal[1] = 1


def stored(type_: RecordType, at: float, body: Mapping[str, Any]) -> bytes:
    """A record as the outbox keeps it: canonical JSON without `seq`, which the outbox gives.

    `at` in wall seconds (a clock before 1970 counts as 1970). Raises WireError for what could not travel.
    """
    if type_ not in get_args(RecordType):
        raise WireError(f"unknown record type {type_!r}")
    return to_bytes({"type": type_, "at": max(0, int(at)), "body": dict(body)})


def numbered(kept: bytes, seq: int) -> bytes:
    """What `stored` made, with its `seq`, as it travels. Raises WireError if it is not what `stored` makes."""
    plain = of_bytes(kept)
    type_, body = plain.get("type"), plain.get("body")
    if type_ not in get_args(RecordType):
        raise WireError("type: not one that is known")
    if not isinstance(body, dict):
        raise WireError("body: not an object")
    at = _whole(plain, "at", 0, MAX_SECONDS)
    return to_bytes({"seq": _whole({"seq": seq}, "seq", 1, MAX_SEQ), "type": type_, "at": at, "body": body})


def read_answer(data: bytes) -> Answer:
    """What the centre answered; unknown fields are ignored. Raises UnknownVersion, WireError."""
    plain = of_version(data)
    session = plain.get("session")
    if session is not None and not (isinstance(session, str) and re.fullmatch(SESSION, session)):
        raise WireError("session: not one that a centre gives")
    return Answer(
        acked=_whole(plain, "acked", 0, MAX_BATCH_RECORDS),
        rejected=[_rejected(item) for item in _objects(plain, "rejected")],
        server_time=None if plain.get("server_time") is None else _whole(plain, "server_time", 0, MAX_SECONDS),
        session=session,
        dictionary=_whole({"dictionary": 0, **plain}, "dictionary", 0, 15),
        directives=[_directive(item) for item in _objects(plain, "directives")],
    )


def answer_bytes(answer: Answer) -> bytes:
    """As it travels: what is not there is not said."""
    said = {key: getattr(answer, key) for key in Answer.__dataclass_fields__}
    for key in ("rejected", "directives"):  # asdict of the whole would copy each of its numbers, for every report
        said[key] = [asdict(item) for item in said[key]]
    return to_bytes({key: value for key, value in said.items() if value not in (None, [])})


def of_version(data: bytes, limit: int = MAX_BODY_BYTES) -> Json:
    """The JSON object in `data`, of our version. Raises UnknownVersion, WireError."""
    if len(data) > limit:
        raise WireError(f"{len(data)} bytes are more than the {limit} allowed")
    plain = of_bytes(data)
    version = plain.get("v", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise UnknownVersion(f"version {str(version)[:20]} is not known here (known: {VERSION})")
    return plain


def of_bytes(data: bytes) -> Json:
    try:
        plain = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error
    if not isinstance(plain, dict):
        raise WireError("not a JSON object")
    return plain


def to_bytes(plain: Json) -> bytes:
    try:
        return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"cannot travel as JSON: {error}") from error


def _rejected(item: Json) -> RejectedRecord:
    reason = item.get("reason")
    if not isinstance(reason, str):
        raise WireError("rejected: without a reason")
    return RejectedRecord(_whole(item, "seq", 1, MAX_SEQ), reason)


def _directive(item: Json) -> Directive:
    name, kind, body = item.get("id"), item.get("kind"), item.get("body", {})
    if not (isinstance(name, str) and re.fullmatch(DIRECTIVE_ID, name)):
        raise WireError("directives: an id that a centre does not give")
    if not (isinstance(kind, str) and len(kind) <= MAX_KIND and isinstance(body, dict)):
        raise WireError("directives: not of the form")
    return Directive(name, kind, _whole(item, "expires_at", 0, MAX_SECONDS), body)


def _objects(plain: Json, key: str) -> list[Json]:
    items = plain.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise WireError(f"{key}: not a list of objects")
    return items


def _whole(plain: Json, key: str, low: int, high: int) -> int:
    value = plain.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise WireError(f"{key}: not a whole number from {low} to {high}")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
