"""`posagent diag --watch`: mend something, look again, see what it changed; until all is well.

At a terminal each look waits for Enter: hands are in the machine. Without one (a pipe, a log) it looks again by
itself and says a line each time. It always ends: when all is well, when the time is over, on Ctrl-C, each with the exit
code of the last verdict.
"""

import select
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from agent import locale
from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, CliError, Context
from agent.cli.diag_looked import Looked
from agent.cli.diag_text import compared
from modem.frozen import dataclass

EVERY_S = 10.0
"""Without a person, and nothing said."""
Report = Mapping[str, Any]


class Pause(Protocol):
    def __call__(self, seconds: float, *, enter: bool) -> bool:
        """Wait; with `enter` until that is pressed. False: nobody is there any more."""


@dataclass(frozen=True, slots=True)
class Watching:
    seconds: float
    """No longer than this."""
    every_s: float | None = None
    """None: on Enter where somebody can press it, else every EVERY_S."""
    monotonic: Callable[[], float] = time.monotonic
    pause: Pause | None = None
    """For tests."""


def watch(once: Callable[[], Looked], show: Callable[[Looked], None], context: Context, watching: Watching) -> int:
    """`once` looks, `show` shows a whole report. The exit code of the last verdict."""
    session = _Session(once, show, context, watching)
    try:
        while session.look_again():
            pass
    except KeyboardInterrupt:
        if session.code is None:
            raise
        context.out.note("")
    return EXIT_CANNOT_TELL if session.code is None else session.code


class _Session:
    def __init__(
        self, once: Callable[[], Looked], show: Callable[[Looked], None], context: Context, watching: Watching
    ) -> None:
        self._once = once
        self._show = show
        self._context = context
        self._watching = watching
        self._until = watching.monotonic() + watching.seconds
        self._person = not context.json and context.out.stream.isatty() and sys.stdin.isatty()
        self._enter = self._person and watching.every_s is None
        self._before: Report | None = None
        self.code: int | None = None

    def look_again(self) -> bool:
        """One look, and the wait after it; False when it is over."""
        try:
            looked = self._once()
        except CliError as error:  # the daemon is busy, or holds its peace for a payment: that passes
            self._context.out.note(f"posagent: {error}")
            self.code = error.exit_code
        else:
            self._tell(looked)
            self._before, self.code = looked.report, looked.exit_code
        if self.code == EXIT_OK:
            self._say("watch.well")
            return False
        return self._wait()

    def _tell(self, looked: Looked) -> None:
        if self._context.json:
            self._show(looked)
        elif not self._person:
            self._context.out.line(_line(looked.report, self._before))
            self._context.out.stream.flush()
        elif self._before is None or self._before["verdict"]["code"] != looked.report["verdict"]["code"]:
            self._compare(looked.report)
            self._show(looked)
        else:
            self._compare(looked.report)

    def _compare(self, report: Report) -> None:
        """What it was, and what it is."""
        if self._before is not None:
            for line in compared(self._before, report, self._context.lang):
                self._context.out.line(line.text, line.style)

    def _wait(self) -> bool:
        left = self._until - self._watching.monotonic()
        if left <= 0:
            self._say("watch.over")
            return False
        if self._enter:
            self._say("watch.enter", minutes=max(1, round(left / 60)))
            seconds = left
        else:
            seconds = min(self._watching.every_s or EVERY_S, left)
        pause = self._watching.pause or _pause
        return pause(seconds, enter=self._enter)

    def _say(self, key: str, **values: object) -> None:
        if self._person:
            text = locale.label(key, self._context.lang)
            self._context.out.line(text.format(**values), "bold")
            self._context.out.stream.flush()


def _line(report: Report, before: Report | None) -> str:
    verdict = report["verdict"]
    told = f"{report.get('taken_at')} {verdict['code']} ({verdict.get('confidence')}) {verdict.get('title') or ''}"
    if before is not None and before["verdict"]["code"] != verdict["code"]:
        told += f" <- {before['verdict']['code']}"
    return told.rstrip()


def _pause(seconds: float, *, enter: bool) -> bool:
    if not enter:
        time.sleep(seconds)
        return True
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:  # in slices: a Ctrl-C just before the wait would be heard after it
        if select.select([sys.stdin], [], [], min(left, 0.5))[0]:
            return sys.stdin.readline() != ""
    return True
