"""The QR code of a report on a terminal: in the terminal's own black and white where it has colours."""

import os
import shutil
from collections.abc import Mapping
from typing import Any, Literal

from agent import locale
from agent.cli.context import Context
from agent.qr import Form, drawn

Wish = Literal["auto", "blocks", "ascii"]
_LEFT_FOR_WORDS = 1
"""The prompt's line below the code."""
_BOUNDLESS = 10_000
"""Lines of what is no screen."""


def show_code(report: Mapping[str, Any], terminal: str, wish: Wish, context: Context) -> None:
    """Below the report, whole on one screen where that is possible."""
    form: Form = ("blocks" if _speaks_utf8(context) else "ascii") if wish == "auto" else wish
    size = shutil.get_terminal_size((80, 24))
    rows = size.lines - _LEFT_FOR_WORDS if context.out.stream.isatty() else _BOUNDLESS
    coloured = context.out.coloured
    context.out.line()
    context.out.line(locale.label("qr", context.lang), "bold")
    for line in drawn(report, terminal, size.columns, rows, form, light_ink=not coloured):
        context.out.line(line, "code")


def _speaks_utf8(context: Context) -> bool:
    """Python writes UTF-8 also where the locale says C (PEP 540); then the locale is right about the terminal."""
    encoding = str(getattr(context.out.stream, "encoding", None) or "utf-8").lower()
    said = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "UTF-8")
    return encoding.replace("_", "-") in ("utf-8", "utf8") and "UTF" in said.upper()
