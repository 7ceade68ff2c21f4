"""How the centre's log is written: one event, one line, for people or as JSON for programs.

Rule: a message names its values, `log.info("listening on %(address)s", {"address": …})`. For people they stand in the
sentence; in JSON also under their names, as in the agent's log: `at`, `level`, `who`, `event`.
"""

import json
import logging
import sys
from collections.abc import Mapping
from typing import Literal, TextIO

from central.text import printable

Format = Literal["text", "json"]
MAX_EVENT = 2000
MAX_VALUE = 500
MAX_TRACE = 8000


def configure(level: str, format_: Format, stream: TextIO | None = None) -> None:
    """All events of at least `level` go to `stream` (standard error)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Json() if format_ == "json" else Lines("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


class Lines(logging.Formatter):
    """One event, one line: foreign text cannot begin another. A traceback follows, indented."""

    def format(self, record: logging.LogRecord) -> str:
        first, *rest = super().format(record).splitlines() or [""]
        return "\n".join([printable(first, MAX_EVENT), *(f"  {printable(line, MAX_EVENT)}" for line in rest)])


class Json(logging.Formatter):
    """One event, one object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": round(record.created, 3),
            "level": record.levelname.lower(),
            "who": record.name,
            "event": printable(record.getMessage(), MAX_EVENT),
        }
        if isinstance(record.args, Mapping):
            said |= {name: _plain(value) for name, value in record.args.items() if name not in said}
        if record.exc_info:
            said["trace"] = [
                printable(line) for line in self.formatException(record.exc_info)[-MAX_TRACE:].splitlines()
            ]
        return json.dumps(said, ensure_ascii=False)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | None) else printable(str(value), MAX_VALUE)
