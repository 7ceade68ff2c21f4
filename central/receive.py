"""A report comes in: read it, check every record, work out what it means for the store. Pure: bytes and a time in.

Rules
- Who speaks is said by the credential. Nothing in a body can name another terminal.
- A batch whose envelope is wrong is refused whole (BadBatch); a record that is wrong is rejected alone, named by its
  seq, counted, and never blocks the others.
- The terminal's clock is believed only as far as the centre's own clock allows: what happened cannot lie in the
  future, and a moment of more than MAX_AGE_S ago is a clock that was never set.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from agent.wire import (
    MAX_BATCH_RECORDS,
    VERSION,
    Batch,
    HeartbeatBody,
    ReportRecord,
    UnknownVersion,
    VerdictBody,
    WireError,
)
from agent.wire.frame import Base, TooLarge, UnknownBase, unpack
from central.store.base import Delivery, NewChange, NewHeartbeat, NewRejection, NewReport, NewVerdict
from central.text import printable

SKEW_TOLERATED_S = 60
"""Less than this is the journey of the message, not the clock."""
MAX_AGE_S = 400 * 86_400
MAX_INTERVAL_S = 7 * 86_400
"""A terminal may announce its next report no later than this; else it could never be late."""
MAX_TITLE = 200
"""Characters in a verdict's title."""
MAX_BODY_CHARS = {"heartbeat": 8 * 1024}
MAX_BODY_CHARS_ELSE = 64 * 1024
"""A page shows many records: what one terminal sends must not make the console's answer too large for everybody."""
MAX_DETAIL = 200
MAX_SEQ = 2**53
_ROUTINE = ("heartbeat", "history", "daily")
_SEVERITIES = ("error", "warning", "info", "ok")


class BadBatch(Exception):
    """Nothing of the batch can be taken; `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Parsed(NamedTuple):
    epoch: str
    sent_at: int
    records: tuple[ReportRecord, ...]
    rejected: tuple[NewRejection, ...]


def read_batch(body: bytes) -> Parsed:
    """The batch in `body`, records checked one by one where the whole is not right. Raises BadBatch.

    A batch may be empty: who looks whether the way to the centre is open has nothing to tell.
    """
    try:
        batch = Batch.model_validate_json(body)
    except ValidationError:
        return _read_piecewise(_document(body))
    return Parsed(batch.epoch, batch.sent_at, tuple(batch.records), ())


def read_frame(data: bytes, base: Base | None) -> Parsed:
    """The same of a frame; `base` is the one it names, None where it is not held. Raises BadBatch."""
    try:
        document = unpack(data, [base] if base else [])
    except UnknownBase as error:
        raise BadBatch("unknown_base", str(error)) from None
    except UnknownVersion as error:
        raise BadBatch("unknown_version", str(error)) from None
    except TooLarge as error:
        raise BadBatch("too_large", str(error)) from None
    except WireError as error:
        raise BadBatch("bad_frame", printable(str(error), MAX_DETAIL)) from None
    try:
        batch = Batch.model_validate(document)
    except ValidationError:
        return _read_piecewise(document)
    return Parsed(batch.epoch, batch.sent_at, tuple(batch.records), ())


def delivery(terminal: str, parsed: Parsed, received_at: int) -> Delivery:
    """What the store is to hold of `parsed`, heard from `terminal` at `received_at` (seconds, centre's clock)."""
    skew = received_at - parsed.sent_at
    draft = _Draft(received_at, skew if abs(skew) > SKEW_TOLERATED_S else 0)
    for record in parsed.records:
        draft.add(record)
    rejections = (*parsed.rejected, *draft.rejections)
    reports, changes = tuple(draft.reports), tuple(draft.changes)
    return Delivery(
        terminal, parsed.epoch, received_at, skew, reports, changes, draft.heartbeat(), draft.verdict, rejections
    )


def happened_at(at: int, shift_s: int, received_at: int) -> int:
    """`at` of the terminal's clock on ours, which is `shift_s` ahead; not in the future, not absurdly long ago."""
    moment = min(at + shift_s, received_at)
    return moment if received_at - moment <= MAX_AGE_S else received_at


class _Draft:
    def __init__(self, received_at: int, shift_s: int) -> None:
        self.received_at = received_at
        self.shift_s = shift_s
        self.reports: list[NewReport] = []
        self.changes: list[NewChange] = []
        self.rejections: list[NewRejection] = []
        self._newest: tuple[int, HeartbeatBody, str] | None = None
        self.verdict: NewVerdict | None = None

    def add(self, record: ReportRecord) -> None:
        text = to_json(record.body, inf_nan_mode="null").decode()
        if len(text) > (most := MAX_BODY_CHARS.get(record.type, MAX_BODY_CHARS_ELSE)):
            self.rejections.append(NewRejection(record.seq, "too_long", f"at most {most} characters"))
            return
        moment = happened_at(record.at, self.shift_s, self.received_at)
        try:
            if record.type == "heartbeat":
                self._heartbeat(record, text)
            elif record.type == "verdict":
                self._verdict(record, moment)
            if record.type not in _ROUTINE:
                self.changes.append(NewChange(record.seq, record.type, _code(record), moment, text))
        except ValidationError as error:
            self.rejections.append(NewRejection(record.seq, "bad_body", _explain(error)))
        else:
            self.reports.append(NewReport(record.seq, record.type, record.at, moment, text))

    def _heartbeat(self, record: ReportRecord, text: str) -> None:
        beat = HeartbeatBody.model_validate(record.body)
        if self._newest is None or record.seq > self._newest[0]:
            self._newest = record.seq, beat, text

    def heartbeat(self) -> NewHeartbeat | None:
        if self._newest is None:
            return None
        seq, beat, text = self._newest
        interval = min(beat.next_due_s, MAX_INTERVAL_S)
        due = self.received_at + interval
        iccid = beat.iccid.replace("\0", "\ufffd") if beat.iccid else None
        return NewHeartbeat(seq, interval, due, beat.verdict, beat.severity, iccid, text)

    def _verdict(self, record: ReportRecord, moment: int) -> None:
        body = VerdictBody.model_validate(record.body)
        if self.verdict is not None and record.seq <= self.verdict.seq:
            return
        since = moment if body.since is None else happened_at(body.since, self.shift_s, moment)
        titles = {lang: body.titles[lang][:MAX_TITLE] for lang in ("zh", "en") if lang in body.titles}
        self.verdict = NewVerdict(record.seq, body.code, severity_of(body), since, to_json(titles).decode())


def severity_of(body: VerdictBody) -> str:
    """The severity of the finding the verdict names; a verdict without one is `ok`, or a warning."""
    found = [finding.severity for finding in body.findings if finding.code == body.code]
    if found:
        return min(found, key=_SEVERITIES.index)
    return "ok" if body.code == "ok" else "warning"


def _code(record: ReportRecord) -> str:
    """What a change is filed under: its code, or the name of its fact, as far as it says one."""
    for key in ("code", "fact", "step", "reason"):
        value = record.body.get(key)
        if isinstance(value, str):
            return value[:64].replace("\0", "\ufffd")
    return ""


def _document(body: bytes) -> object:
    try:
        return from_json(body)
    except ValueError as error:
        raise BadBatch("bad_json", printable(f"not JSON: {error}", MAX_DETAIL)) from None


def _read_piecewise(document: object) -> Parsed:
    if not isinstance(document, dict):
        raise BadBatch("bad_batch", "a batch is a JSON object")
    version = document.get("v", VERSION)
    if isinstance(version, bool) or version != VERSION:
        raise BadBatch("unknown_version", f"this centre reads version {VERSION}")
    records = document.get("records")
    if not isinstance(records, list) or len(records) > MAX_BATCH_RECORDS:
        raise BadBatch("bad_batch", f"records: a list of up to {MAX_BATCH_RECORDS}")
    envelope = _envelope(document)
    good, rejected = _sort_out(records)
    return Parsed(envelope.epoch, envelope.sent_at, tuple(good), tuple(rejected))


def _envelope(document: Mapping[str, Any]) -> Batch:
    stand_in = {"seq": 1, "type": "gap", "at": 0, "body": {}}
    try:
        return Batch.model_validate({**document, "records": [stand_in]})
    except ValidationError as error:
        raise BadBatch("bad_batch", _explain(error)) from None


def _sort_out(records: list[Any]) -> tuple[list[ReportRecord], list[NewRejection]]:
    good: list[ReportRecord] = []
    rejected: list[NewRejection] = []
    for place, record in enumerate(records):
        try:
            good.append(ReportRecord.model_validate(record))
        except ValidationError as error:
            rejected.append(_rejection(place, record, error))
    return good, rejected


def _rejection(place: int, record: object, error: ValidationError) -> NewRejection:
    seq = record.get("seq") if isinstance(record, dict) else None
    if not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq <= MAX_SEQ:
        raise BadBatch("bad_batch", f"records[{place}]: no usable seq") from None
    wrong_type = any(detail["loc"][:1] == ("type",) for detail in error.errors(include_input=False))
    return NewRejection(seq, "unknown_type" if wrong_type else "bad_record", _explain(error))


def _explain(error: ValidationError) -> str:
    """The first complaint, without the input: what a terminal sent is not repeated into answers and logs."""
    detail = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in detail["loc"])
    return printable(f"{where}: {detail['msg']}", MAX_DETAIL)
