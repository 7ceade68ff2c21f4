"""What `posagent diag` is doing, for a person who waits: one line a step, and a tick each second while it lasts.

Only on a terminal, on standard error, and without moving the cursor: a serial console shows it as well.
"""

import threading
from collections.abc import Callable

from agent import locale
from agent.cli.context import Context
from modem.text import printable

TICK_S = 1.0
TICK = " ·"
MAX_TICKS = 20
Progress = Callable[[str], None]


class Steps:
    """A context manager; the line that was begun ends with it, whatever happened."""

    def __init__(self, context: Context) -> None:
        self._errors = context.out.errors
        self._lang = context.lang
        self._shown = not context.json and self._errors.isatty()
        self._ticks: int | None = None
        """Of the step that is under way; None: no line is begun."""
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Steps":
        if self._shown:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._shown:
            self._thread.join()
            self._end_line()

    def say(self, line: str) -> None:
        """A step begins; steps name themselves in English (agent/examine.py)."""
        if not self._shown:
            return
        self._end_line()
        with self._lock:
            told = locale.label("progress", self._lang) + locale.progress(line, self._lang)
            self._errors.write(printable(told))
            self._errors.flush()
            self._ticks = 0

    def tick(self) -> None:
        """A second has passed."""
        with self._lock:
            if self._ticks is not None and self._ticks < MAX_TICKS:
                self._ticks += 1
                self._errors.write(TICK)
                self._errors.flush()

    def _run(self) -> None:
        while not self._over.wait(TICK_S):
            self.tick()

    def _end_line(self) -> None:
        with self._lock:
            if self._ticks is not None:
                self._errors.write("\n")
                self._errors.flush()
            self._ticks = None
