"""What the daemon says of itself: `posagent status`, run_dir/status.json, run_dir/message.txt. Plain JSON values."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent import locale
from agent.assess.base import Lang
from agent.outbox.base import OutboxStats
from agent.report import diag_report, utc
from agent.situation import Situation
from agent.state import replace_file
from agent.uplink.sender import SenderStatus
from agent.version import VERSION
from agent.worker import Progress

SCHEMA = "posagent.status/1"
Json = dict[str, Any]


def status(
    *,
    terminal: str,
    lang: Lang,
    now: float,
    started_at: float,
    situation: Situation | None,
    workers: Mapping[str, tuple[Progress, str | None]],
    outbox: OutboxStats | None,
    held: int,
    uplink: SenderStatus | None,
    next_heartbeat_s: float | None,
    troubles: Mapping[str, str],
    pace: Mapping[str, object] | None = None,
    line: Json | None = None,
    recovery: Json | None = None,
    care: Json | None = None,
) -> Json:
    """All times of day in UTC; ages in seconds are for the reader to compute from `now`. None = not known."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "terminal": terminal or None,
        "now": utc(now),
        "started_at": utc(started_at),
        "next_heartbeat_s": None if next_heartbeat_s is None else max(0, round(next_heartbeat_s)),
        "diag": diag(situation, lang),
        "workers": {name: _worker(progress, stuck) for name, (progress, stuck) in workers.items()},
        "outbox": _outbox(outbox, held),
        "uplink": _uplink(uplink),
        "pace": pace,
        "line": line,
        "recovery": recovery,
        "self": care,
        "troubles": dict(troubles),
    }


def diag(situation: Situation | None, lang: Lang, duration_s: float = 0.0) -> Json | None:
    """The diagnosis as `posagent diag --json` has it; None before the first look."""
    if situation is None:
        return None
    return diag_report(
        situation.snapshot, situation.assessment, lang=lang, via="daemon", duration_s=duration_s, data_cost_bytes=0
    )


def message(situation: Situation | None, *, asks: bool = False, checking: bool = False) -> str:
    """One line in Chinese, one in English, for the terminal's screen; empty while all is well.

    `asks`: recovery wants the power taken away and given back by hand, and the lines end with that.
    `checking`: "unsure" only because the look is not over; nobody is told to do anything.
    """
    if situation is None or situation.assessment.verdict.code == "ok":
        return ""
    if checking:
        return "".join(f"{locale.label('checking', lang)}\n" for lang in _LANGUAGES)
    code = situation.assessment.verdict.code
    more = {lang: locale.label("ask_power", lang) if asks else "" for lang in _LANGUAGES}
    return "".join(f"{locale.merchant_sentence(code, lang)}{more[lang]}\n" for lang in _LANGUAGES)


def publish(run_dir: Path, value: Json) -> None:
    """Replace status.json; readers never see half of it. Raises OSError."""
    replace_file(run_dir / "status.json", json.dumps(value, ensure_ascii=False) + "\n", mode=0o644)


_LANGUAGES: tuple[Lang, Lang] = ("zh", "en")


def _worker(progress: Progress, stuck: str | None) -> Json:
    return {"steps": progress.steps, "in_call": progress.in_call, "errors": progress.errors, "stuck": stuck}


def _outbox(stats: OutboxStats | None, held: int) -> Json | None:
    if stats is None:
        return None
    return {
        "waiting": sum(stats.waiting.values()) + held,
        "by_class": {record_class.name.lower(): count for record_class, count in stats.waiting.items()},
        "in_memory": held,
        "waiting_bytes": stats.waiting_bytes,
        "oldest_at": utc(stats.oldest_at),
        "quarantined": stats.quarantined,
    }


def _uplink(sent: SenderStatus | None) -> Json | None:
    if sent is None:
        return None
    return {
        "last_success_at": utc(sent.last_success_at),
        "last_attempt_at": utc(sent.last_attempt_at),
        "next_attempt_at": utc(sent.next_attempt_at),
        "last_error": sent.last_error,
        "trouble": sent.trouble,
        "failures": sent.failures,
        "sent": sent.sent,
        "rejected": sent.rejected,
        "clock_offset_s": sent.clock_offset_s,
        "bytes": {purpose: traffic.total for purpose, traffic in sent.traffic.items()},
    }
