"""What every command gets: its options' common part, the configuration when it asks for it, and where to write.

A command is one file, agent/cli/<name>.py, with
    HELP      one line
    EXITS     exit code → meaning (those of DESIGN section 3)
    EXAMPLES  command lines for --help
    def arguments(parser)                 flags only
    def run(options, context) -> int      the exit code
Errors for people are `CliError` (message, exit code); anything else is a bug and shows its traceback.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal, TextIO

from modem.frozen import dataclass
from modem.text import printable, printable_json

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_PROBLEMS = 3
EXIT_CANNOT_TELL = 4
EXIT_CONFIG = 10
EXIT_PORT = 11
EXIT_NO_DAEMON = 12

Lang = Literal["zh", "en"]
_STYLES: Mapping[str, str] = {"good": "32", "warn": "33", "bad": "31", "dim": "2", "bold": "1", "code": "30;47"}


class CliError(Exception):
    """Something a person can act on: shown as one line without a traceback (as JSON with --json)."""

    def __init__(self, message: str, exit_code: int = EXIT_FAILURE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(slots=True)
class Output:
    """Standard output for people or for scripts. Foreign text is made safe here, whatever a command passes."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    errors: TextIO = field(default_factory=lambda: sys.stderr)

    def line(self, text: str = "", style: str | None = None) -> None:
        """One line for people; `style` (good, warn, bad, dim, bold; code: black on white) shows on a terminal only."""
        safe = printable(text)
        code = _STYLES.get(style or "")
        self.stream.write(f"\x1b[{code}m{safe}\x1b[0m\n" if code and self.coloured else f"{safe}\n")

    def note(self, text: str) -> None:
        """Progress and remarks, to standard error, so that standard output stays clean for pipes."""
        self.errors.write(printable(text) + "\n")
        self.errors.flush()

    def json(self, value: Any) -> None:
        """One JSON value on one line. C1 controls and the like, which JSON allows as they are, are escaped too."""
        self.stream.write(printable_json(json.dumps(value, ensure_ascii=False)) + "\n")
        self.stream.flush()

    @property
    def coloured(self) -> bool:
        return self.stream.isatty() and not os.environ.get("NO_COLOR")


@dataclass(slots=True)
class Context:
    config_path: Path | None = None
    """As given by --config or POSAGENT_CONFIG; None = the default place."""
    lang: Lang = "en"
    json: bool = False
    out: Output = field(default_factory=Output)
