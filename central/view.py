"""Rows of the store as what people and programs are shown: one set of facts for the console and the JSON API; pure."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from central import fleet
from central.fleet import Rules, Status
from central.store.base import ChangeRow, RejectionRow, ReportRow, TerminalRow

_EVIDENCE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class VerdictView:
    code: str
    severity: str
    titles: dict[str, str] = field(default_factory=dict)
    """Finished sentences by language; empty when the terminal sent none for this code."""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class TerminalView:
    row: TerminalRow
    status: Status
    next_due: int | None
    late_s: int | None
    """Seconds since the terminal counts as late; None when it does not."""
    verdict: VerdictView | None
    heartbeat: dict[str, Any]


def terminal_view(row: TerminalRow, now: float, rules: Rules) -> TerminalView:
    status = fleet.status(row.heard, now, rules)
    late, due = fleet.late_at(row.heard, rules), fleet.next_due(row.heard, rules)
    late_s = int(now - late) if late is not None and status in ("late", "silent") else None
    beat = read_object(row.heartbeat.body) if row.heartbeat else {}
    return TerminalView(row, status, None if due is None else int(due), late_s, current_verdict(row), beat)


def current_verdict(row: TerminalRow) -> VerdictView | None:
    """The newer of the last heartbeat's verdict and the last change of verdict; sentences only if they fit its code."""
    beat, change = row.heartbeat, row.verdict
    if change is not None:
        changed = VerdictView(change.code, change.severity, read_titles(change.titles), change.since)
        if beat is None or (change.epoch_number, change.seq) > (beat.epoch_number, beat.seq):
            return changed
        if beat.verdict == change.code:
            return VerdictView(beat.verdict, beat.severity, changed.titles, changed.since)
    return None if beat is None else VerdictView(beat.verdict, beat.severity)


def terminal_json(view: TerminalView) -> dict[str, Any]:
    row, verdict = view.row, view.verdict
    return {
        "terminal": row.terminal,
        "name": row.name,
        "status": view.status,
        "revoked": row.revoked_at is not None,
        "last_heard": moment(row.heard.last_heard),
        "next_due": moment(view.next_due),
        "late_s": view.late_s,
        "clock_skew_s": row.clock_skew_s,
        "repeats": row.repeats,
        "verdict": verdict
        and {
            "code": verdict.code,
            "severity": verdict.severity,
            "since": moment(verdict.since),
            "titles": verdict.titles,
        },
        "heartbeat": view.heartbeat or None,
    }


def report_json(row: ReportRow) -> dict[str, Any]:
    return {
        "epoch": row.epoch,
        "seq": row.position.seq,
        "type": row.type,
        "at": moment(row.at),
        "happened_at": moment(row.happened_at),
        "received_at": moment(row.received_at),
        "body": read_object(row.body),
    }


def change_json(row: ChangeRow) -> dict[str, Any]:
    return {
        "epoch": row.epoch,
        "seq": row.position.seq,
        "type": row.type,
        "code": row.code,
        "happened_at": moment(row.happened_at),
        "received_at": moment(row.received_at),
        "body": read_object(row.body),
    }


def rejection_json(row: RejectionRow) -> dict[str, Any]:
    return {
        "reason": row.reason,
        "count": row.count,
        "first_at": moment(row.first_at),
        "last_at": moment(row.last_at),
        "last_seq": row.last_seq,
        "last_detail": row.last_detail,
    }


def evidence(body: dict[str, Any]) -> list[str]:
    """The sentences a change carries as its proof, root findings first; at most twenty."""
    found = body.get("findings")
    findings = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    findings.sort(key=lambda finding: finding.get("root") is not True)
    said = [line for finding in findings for line in _lines(finding.get("evidence"))]
    return (said + _lines(body.get("evidence")))[:_EVIDENCE_SHOWN]


def read_object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def read_titles(text: str) -> dict[str, str]:
    return {lang: title for lang, title in read_object(text).items() if isinstance(title, str)}


def days_left(day: object, today: int) -> int | None:
    """From `today` (its ordinal) to an ISO day; None when that is not one."""
    try:
        return date.fromisoformat(day).toordinal() - today if isinstance(day, str) else None
    except ValueError:
        return None


def moment(seconds: int | None) -> str | None:
    """ISO 8601 in UTC, whole seconds."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _lines(value: object) -> list[str]:
    return [line for line in value if isinstance(line, str)] if isinstance(value, list) else []
