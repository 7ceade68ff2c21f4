"""`posagent outbox list|flush|export`: what waits to be sent."""

import argparse
import base64
import json
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.cli.columns import pad
from agent.cli.context import EXIT_FAILURE, EXIT_OK, EXIT_PROBLEMS, CliError, Context
from agent.clock import Deadline, SystemClock
from agent.outbox.base import Entry, OutboxStats
from agent.outbox.sqlite_view import SqliteView
from modem.frozen import dataclass

HELP = "what waits to be sent"
EXITS = {
    0: "listed or exported; flush: nothing waits any more",
    1: "the outbox cannot be read",
    2: "wrong usage",
    3: "flush: something still waits",
    10: "configuration not valid",
    12: "flush: no daemon",
}
EXAMPLES = (
    "posagent outbox list",
    "posagent outbox list --rejected --json",
    "posagent outbox flush",
    "posagent outbox export --output waiting.jsonl",
)
FLUSH_S = 60.0
LOOK_EVERY_S = 0.2
EVERYTHING = 2**31 - 1

_TEXTS = {
    "waiting": (
        "{count} 条等待上报，{size} 字节；被中心拒收 {rejected} 条",
        "{count} waiting, {size} bytes; {rejected} rejected",
    ),
    "none": ("没有等待上报的记录", "nothing waits"),
    "none_rejected": ("没有被拒收的记录", "nothing was rejected"),
    "more": ("…… 另有 {count} 条（--limit）", "… and {count} more (--limit)"),
    "columns": ("序号 类别 时间 类型 次数 最近错误", "seq class at type tries last-error"),
    "exported": ("已导出 {count} 条到 {path}", "{count} exported to {path}"),
    "flushed": ("已上报 {sent} 条，还有 {waiting} 条等待", "{sent} sent, {waiting} still waiting"),
}
_WIDTHS = (7, 9, 20, 10, 4, 0)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "flush", "export"), help="flush: send now, through the daemon")
    parser.add_argument("--rejected", action="store_true", help="those the centre will never take, newest first")
    parser.add_argument("--limit", type=_count, default=50, metavar="N", help="list: at most so many (default 50)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="export: write to this new file, one JSON a line")
    parser.add_argument("--file", type=Path, metavar="FILE", help="an outbox.db in another place")


def run(options: argparse.Namespace, context: Context) -> int:
    if options.action == "flush":
        return _flush(context)
    with closing(SqliteView(options.file or _configured(context))) as view:
        if options.action == "export":
            return _export(view, options, context)
        return _list(view, options, context)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:12]) <= EVERYTHING):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)


def _configured(context: Context) -> Path:
    from agent.config import load

    return load(context.config_path).outbox_file


def _list(view: SqliteView, options: argparse.Namespace, context: Context) -> int:
    stats = view.stats()
    limit = min(options.limit, EVERYTHING)
    entries = view.quarantine(limit) if options.rejected else view.entries(limit)
    if context.json:
        context.out.json({**_summary(stats), "rejected" if options.rejected else "entries": [*map(_plain, entries)]})
        return EXIT_OK
    waiting = sum(stats.waiting.values())
    context.out.line(
        _text(context, "waiting", count=waiting, size=stats.waiting_bytes, rejected=stats.quarantined), "bold"
    )
    if not entries:
        context.out.line(_text(context, "none_rejected" if options.rejected else "none"))
        return EXIT_OK
    context.out.line(_row(_text(context, "columns").split()), "dim")
    for entry in entries:
        context.out.line(_row(_cells(entry)), "warn" if entry.last_error else None)
    more = (stats.quarantined if options.rejected else waiting) - len(entries)
    if more > 0:
        context.out.line(_text(context, "more", count=more), "dim")
    return EXIT_OK


def _export(view: SqliteView, options: argparse.Namespace, context: Context) -> int:
    entries = view.quarantine(EVERYTHING) if options.rejected else view.entries(EVERYTHING)
    if options.output is None:
        for entry in entries:
            context.out.json(_plain(entry))
        return EXIT_OK
    try:
        with options.output.open("x", encoding="utf-8") as file:
            file.writelines(_lines(entries))
    except OSError as error:
        raise CliError(f"{options.output}: {error.strerror}", EXIT_FAILURE) from error
    if context.json:
        context.out.json({"exported": len(entries), "file": str(options.output)})
    else:
        context.out.line(_text(context, "exported", count=len(entries), path=options.output), "good")
    return EXIT_OK


def _flush(context: Context) -> int:
    """The daemon is asked, and its file watched: what it acknowledges disappears, what it defers counts a try more."""
    from agent.config import load
    from agent.control import ask_daemon

    config = load(context.config_path)
    before = _state_of(config.outbox_file)
    ask_daemon(config.run_dir, {"op": "outbox_flush"})
    after = _watched(config.outbox_file, before)
    waiting, error = after.waiting, after.error if after.waiting else None
    if context.json:
        context.out.json({"waiting": waiting, "sent": max(0, before.waiting - waiting), "last_error": error})
    else:
        sent = max(0, before.waiting - waiting)
        context.out.line(_text(context, "flushed", sent=sent, waiting=waiting), "warn" if waiting else "good")
        if error:
            context.out.line(error, "warn")
    return EXIT_PROBLEMS if waiting else EXIT_OK


@dataclass(frozen=True, slots=True)
class _State:
    waiting: int
    tries: int
    """Of the entry that is sent first."""
    error: str | None


def _state_of(path: Path) -> _State:
    with closing(SqliteView(path)) as view:
        first = next(iter(view.entries(1)), None)
        waiting = sum(view.stats().waiting.values())
    return _State(waiting, first.attempts if first else 0, first.last_error if first else None)


def _watched(path: Path, before: _State) -> _State:
    """The state when nothing waits any more, when a try has failed, or when FLUSH_S have passed."""
    clock, never = SystemClock(), threading.Event()
    deadline = Deadline.after(FLUSH_S, clock)
    while True:
        now = _state_of(path)
        failed = now.tries > before.tries and now.waiting >= before.waiting
        if not now.waiting or failed or deadline.passed(clock):
            return now
        clock.wait(LOOK_EVERY_S, never)


def _summary(stats: OutboxStats) -> dict[str, Any]:
    return {
        "epoch": stats.epoch,
        "waiting": {kind.name.lower(): count for kind, count in stats.waiting.items()},
        "waiting_bytes": stats.waiting_bytes,
        "oldest_at": None if stats.oldest_at is None else int(stats.oldest_at),
        "rejected_count": stats.quarantined,
        "next_seq": stats.next_seq,
    }


def _plain(entry: Entry) -> dict[str, Any]:
    """One entry for programs. A record that is no JSON comes as base64, so that nothing is lost in an export."""
    facts: dict[str, Any] = {
        "epoch": entry.key.epoch,
        "seq": entry.key.seq,
        "class": entry.record.record_class.name.lower(),
        "at": int(entry.record.at),
        "attempts": entry.attempts,
        "due": int(entry.due) or None,
        "last_error": entry.last_error,
    }
    record = _record(entry)
    if record is None:
        return {**facts, "record": None, "raw": base64.b64encode(entry.record.body).decode()}
    return {**facts, "record": record}


def _record(entry: Entry) -> Mapping[str, Any] | None:
    try:
        plain = json.loads(entry.record.body)
        json.dumps(plain, ensure_ascii=False, allow_nan=False).encode()  # half a surrogate pair cannot be printed
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None


def _lines(entries: Iterable[Entry]) -> Iterable[str]:
    return (json.dumps(_plain(entry), ensure_ascii=True) + "\n" for entry in entries)


def _cells(entry: Entry) -> list[str]:
    record = _record(entry) or {}
    kind = record.get("type")
    return [
        str(entry.key.seq),
        entry.record.record_class.name.lower(),
        _moment(entry.record.at),
        kind if isinstance(kind, str) else "?",
        str(entry.attempts),
        entry.last_error or "",
    ]


def _row(cells: Iterable[str]) -> str:
    return "  ".join(pad(cell, width) for cell, width in zip(cells, _WIDTHS, strict=False)).rstrip()


def _moment(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return "?"


def _text(context: Context, key: str, **parts: object) -> str:
    return _TEXTS[key][context.lang == "en"].format(**parts)
