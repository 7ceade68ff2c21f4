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
import sys
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from types import ModuleType
from typing import Any, Literal, TextIO, cast

from modem.text import printable


class _Later(ModuleType):
    """Stands for a module until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


# structlog imports asyncio for loggers that we do not use, and with it ssl: 6 MB and 20 ms; and, where they are
# installed, rich for colours (3.4 MB) and greenlet for threads that we do not have (1.4 MB).
_HELD = {name: sys.modules.get(name) for name in ("asyncio", "rich", "greenlet")}
sys.modules |= {
    "asyncio": _HELD["asyncio"] or _Later("asyncio"),
    "rich": cast("Any", None),
    "greenlet": cast("Any", None),
}
import structlog  # noqa: E402

for _name, _module in _HELD.items():
    del sys.modules[_name]
    if _module is not None:
        sys.modules[_name] = _module

Logger = structlog.typing.FilteringBoundLogger
Format = Literal["auto", "json", "text"]
Style = Literal["journal", "json", "text"]
Event = MutableMapping[str, Any]

MAX_LINE = 2048
BLANK = "***"
_SECRET_KEY = re.compile(r"secret|credential|password|passwd|token|authori[sz]ation|psk|^pin$|^puk$|cookie", re.I)
_SECRET_TEXT = (
    (re.compile(r"(?i)(authorization:\s*\w+|bearer|basic)\s+[\w+/=.~-]{6,}"), rf"\1 {BLANK}"),
    (re.compile(r"(?i)(AT\+(?:CPIN2?|CPWD|CLCK|CPINC)=)[^\s]+"), rf"\1{BLANK}"),
    (re.compile(r"(?i)((?:secret|password|token|credential)\s*[=:]\s*)[^\s,;]+"), rf"\1{BLANK}"),
    (re.compile(r"(://[^/\s:@]+:)[^/\s@]+@"), rf"\1{BLANK}@"),
)
_PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(level: str = "info", format_: Format = "auto", stream: TextIO | None = None) -> None:
    """Send all events of at least `level` to `stream` (standard error). May be called again after a reload."""
    out = stream or sys.stderr
    render = Renderer(_style(format_, out))
    structlog.configure(
        processors=[structlog.processors.add_log_level, render],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=lambda *_: _Writer(out),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(_Writer(out), render)
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
        head = f"<{_PRIORITY.get(level, 6)}>" if self._style == "journal" else f"{self._time()} {level.upper():8}"
        return head + _bounded(printable(body))

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
        return text
    return value


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


class _Handler(logging.Handler):
    """Records of stdlib logging (`modem`, libraries), rendered like our own events."""

    def __init__(self, writer: _Writer, render: Renderer) -> None:
        super().__init__()
        self._writer = writer
        self._render = render

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event = {"level": record.levelname.lower(), "who": record.name, "event": record.getMessage()}
            self._writer.write(self._render.line(event | {"exc_info": record.exc_info}))
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
