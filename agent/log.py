"""The only place that configures logging: structlog for the agent, stdlib logging for libraries, one rendering.

Rules: one event is one line, bounded, with control characters escaped, whoever's text it carries. Secrets are blanked
by key and by pattern. Under journald the line starts with its priority and bears no time, which journald adds. Logging
never raises and never stops the program, even with standard error closed or full.
"""

import importlib
import json
import logging
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from types import ModuleType
from typing import Any, Literal, TextIO, cast

from agent.log_limit import Limit
from agent.sparing import without
from modem.text import printable


class _Later(ModuleType):
    """Stands for a module until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


# structlog imports asyncio for loggers that we do not use, and with it ssl: 6 MB and 20 ms; and, where they are
# installed, rich for colours (3.4 MB) and greenlet for threads that we do not have (1.4 MB).
_later = None if "asyncio" in sys.modules else _Later("asyncio")
if _later:
    sys.modules["asyncio"] = _later
with without("rich", "greenlet"):
    import structlog
if sys.modules["asyncio"] is _later:
    del sys.modules["asyncio"]

Logger = structlog.typing.FilteringBoundLogger
Format = Literal["auto", "json", "text"]
Style = Literal["journal", "json", "text", "fields"]
"""`fields`: the journal's own protocol, where each value is a field that journalctl can be asked for."""
Event = MutableMapping[str, Any]

MAX_LINE = 2048
BLANK = "***"
JOURNAL = "/run/systemd/journal/socket"
_SECRET_KEY = re.compile(r"secret|credential|password|passwd|token|authori[sz]ation|psk|^pin$|^puk$|cookie", re.I)
_SECRET_TEXT = (
    (re.compile(r"(?i)(authorization:\s*\w+|bearer|basic)\s+[\w+/=.~-]{6,}"), rf"\1 {BLANK}"),
    (re.compile(r"(?i)((?:secret|password|token|credential)\s*[=:]\s*)[^\s,;]+"), rf"\1{BLANK}"),
    (re.compile(r"(://[^/\s:@]+:)[^/\s@]+@"), rf"\1{BLANK}@"),
)
_SETTING = re.compile(r"(?i)AT(?:[+^$*#!%]\w+\s?=|D\*)")
MAX_FIELDS = 20
MAX_FIELD = 512
_FIELD = re.compile(r"POSAGENT_[A-Z0-9_]{1,48}")
_PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(level: str = "info", format_: Format = "auto", stream: TextIO | None = None) -> None:
    """Send all events of at least `level` to `stream` (standard error). May be called again after a reload.

    What repeats itself is held back (agent/log_limit), but for `level` "debug": then somebody wants to see it all.
    """
    out = stream or sys.stderr
    style = _style(format_, out)
    writer = _Fields(out) if style == "journal" and _Fields.reachable() else _Writer(out)
    render = Renderer("fields" if isinstance(writer, _Fields) else style)
    bound = _Bound(None if level == "debug" else Limit())
    structlog.configure(
        processors=[structlog.processors.add_log_level, bound, render],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=lambda *_: writer,
        cache_logger_on_first_use=False,
    )
    handler = _Handler(writer, render, bound)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LEVELS[level])


def logger(name: str) -> Logger:
    """A logger whose events say who speaks. New threads inherit no context, so each worker binds its own name."""
    return cast("Logger", structlog.get_logger(who=name))


class Renderer:
    """An event as one safe line. A structlog processor, and the formatter of stdlib records as well."""

    def __init__(self, style: Style, now: Callable[[], float] = time.time) -> None:
        self._style = style
        self._now = now

    def __call__(self, _logger: object, _name: str, event: Event) -> str:
        return self.line(event)

    def line(self, event: Mapping[str, Any]) -> str:
        parts = {key: _blanked(key, value) for key, value in event.items() if key != "exc_info"}
        trace = _traceback(event.get("exc_info"))
        if trace:
            parts["trace"] = trace
        level = str(parts.pop("level", "info"))
        if self._style == "json":
            return self._as_json(level, parts)
        if self._style == "fields":
            return self._as_fields(level, parts)
        return self._as_text(level, parts)

    def _as_json(self, level: str, parts: dict[str, Any]) -> str:
        line = json.dumps({"at": round(self._now(), 3), "level": level} | parts, ensure_ascii=True, default=str)
        if len(line) <= MAX_LINE:
            return line
        short = {"at": round(self._now(), 3), "level": level, "event": str(parts.get("event"))[:200], "cut": len(line)}
        return json.dumps(short, ensure_ascii=True)

    def _as_text(self, level: str, parts: dict[str, Any]) -> str:
        who = parts.pop("who", None)
        event = str(parts.pop("event", ""))
        values = " ".join(f"{key}={_spelled(value)}" for key, value in parts.items())
        body = " ".join(filter(None, (f"{who}:" if who else "", event, values)))
        head = (
            f"<{_PRIORITY.get(level, 6)}>"
            if self._style in ("journal", "fields")
            else f"{self._time()} {level.upper():8}"
        )
        return head + _bounded(printable(body))

    def _as_fields(self, level: str, parts: dict[str, Any]) -> str:
        """systemd.journal-fields(7), in the native protocol: a line a field; no value of ours has a line break."""
        fields = {f"POSAGENT_{key.upper()}": printable(str(value))[:MAX_FIELD] for key, value in parts.items()}
        message = self._as_text(level, parts)
        priority, _, text = message.partition(">")
        known = {"MESSAGE": text, "PRIORITY": priority[1:], "SYSLOG_IDENTIFIER": "posagent"}
        good = {name: value for name, value in fields.items() if _FIELD.fullmatch(name)}
        return "\n".join(f"{name}={value}" for name, value in (known | dict(list(good.items())[:MAX_FIELDS])).items())

    def _time(self) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(self._now()))


def _spelled(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if re.fullmatch(r"[^\s\"=]+", text) else json.dumps(text, ensure_ascii=False)


def _bounded(line: str) -> str:
    return line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]}… ({len(line)} characters)"


def _blanked(key: str, value: object) -> object:
    if _SECRET_KEY.search(key):
        return BLANK
    if isinstance(value, str | BaseException):
        text = str(value)
        for pattern, instead in _SECRET_TEXT:
            text = pattern.sub(instead, text)
        return _without_pins(text)
    return value


def _without_pins(text: str) -> str:
    """Commands that set something are few in a log, and the table of those with a secret is not small."""
    if not _SETTING.search(text):
        return text
    from modem.hidden import masked  # noqa: PLC0415 - see above

    return masked(text, lambda _: BLANK)


def _traceback(exc_info: object) -> str | None:
    """The last frames of an error, on one line: enough to find the place, short enough for the journal."""
    error = sys.exc_info()[1] if exc_info is True else exc_info
    if isinstance(error, tuple):
        error = error[1]
    if not isinstance(error, BaseException):
        return None
    frames = []
    step = error.__traceback__
    while step is not None:
        frames.append(f"{step.tb_frame.f_code.co_name}:{step.tb_lineno}")
        step = step.tb_next
    return str(_blanked("trace", f"{type(error).__name__}: {error} at {' > '.join(frames[-6:])}"))


class _Writer:
    """Where lines go. structlog calls the method named like the level; all of them write."""

    _lock = threading.Lock()

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        with self._lock, suppress(OSError, ValueError):
            self._stream.write(line + "\n")
            self._stream.flush()

    msg = debug = info = warning = error = critical = exception = write


class _Fields(_Writer):
    """The journal itself. Where it does not take a line, standard error does."""

    def __init__(self, stream: TextIO, path: str = JOURNAL) -> None:
        super().__init__(stream)
        self._path = path
        self._link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)

    def close(self) -> None:
        self._link.close()

    @staticmethod
    def reachable(path: str = JOURNAL) -> bool:
        return os.access(path, os.W_OK)

    def write(self, line: str) -> None:
        try:
            self._link.sendto(line.encode("utf-8", "backslashreplace") + b"\n", self._path)
        except OSError:
            said = dict(part.partition("=")[::2] for part in line.split("\n"))
            super().write(f"<{said.get('PRIORITY', '6')}>{said.get('MESSAGE', '')}")

    msg = debug = info = warning = error = critical = exception = write


class _Bound:
    """A structlog processor that drops what is too much."""

    def __init__(self, limit: Limit | None) -> None:
        self._limit = limit

    def __call__(self, _logger: object, _name: str, event: Event) -> Event:
        held_back = self._limit.admit(event) if self._limit else 0
        if held_back is None:
            raise structlog.DropEvent
        return event if not held_back else {**event, "held_back": held_back}


class _Handler(logging.Handler):
    """Records of stdlib logging (`modem`, libraries), rendered like our own events."""

    def __init__(self, writer: _Writer, render: Renderer, bound: _Bound) -> None:
        super().__init__()
        self._writer = writer
        self._render = render
        self._bound = bound

    def emit(self, record: logging.LogRecord) -> None:
        try:
            said = {"level": record.levelname.lower(), "who": record.name, "event": record.getMessage()}
            event = self._bound(None, "", {**said, "exc_info": record.exc_info})
            self._writer.write(self._render.line(event))
        except structlog.DropEvent:
            pass
        except Exception:  # noqa: S110 - a badly formatted record of a library must not stop the agent
            pass


def _style(format_: Format, stream: TextIO) -> Style:
    if format_ == "json":
        return "json"
    return "journal" if format_ == "auto" and _is_journal(stream) else "text"


def _is_journal(stream: TextIO) -> bool:
    """Is this stream the journal's own? JOURNAL_STREAM alone may be inherited by a redirected child (systemd.exec)."""
    try:
        seen = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{seen.st_dev}:{seen.st_ino}"
