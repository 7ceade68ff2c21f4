"""What the daemon shows unasked: run_dir/status.json and message.txt, the metrics file, systemd's status line."""

from collections.abc import Callable
from pathlib import Path

from agent.clock import Clock
from agent.log import logger
from agent.sdnotify import Notifier
from agent.settings import Config
from agent.situation import Situation
from agent.state import replace_file
from agent.status import Json, message, publish
from agent.teller import UNSURE_NEWS_S

PUBLISH_GAP_S = 10.0
REST_S = 900.0
"""The longest that status.json stays as it is while nothing changes: its `now` shows that we live."""


class Publisher:
    """Owned by the main thread."""

    def __init__(
        self, config: Config, clock: Clock, notifier: Notifier, status: Callable[[], Json],
        recovery: Callable[[], Json | None] = lambda: None,
    ) -> None:  # fmt: skip
        self._run_dir = config.run_dir
        self._screen = config.run_dir / "message.txt"
        self._metrics = Path(config.paths.metrics_file) if config.paths.metrics_file else None
        self._clock = clock
        self._notifier = notifier
        self._status = status
        self._recovery = recovery
        self._at = -REST_S
        self._verdict: str | None = None
        self._shown: str | None = None
        self._since = 0.0
        """Since when the verdict is what it is."""
        self._seen: object = None
        """What was last published, as far as it is worth publishing again."""

    def looked(self, situation: Situation | None) -> None:
        """After each look: the files and systemd's line at each change, and now and then."""
        now = self._clock.monotonic()
        code = situation.assessment.verdict.code if situation else None
        changed = code != self._verdict
        if changed:
            self._verdict, self._since = code, now
            self._notifier.status(f"verdict: {code}")
        seen = _worth_telling(situation)
        often = seen != self._seen or self._metrics is not None
        try:
            if changed or now - self._at >= (PUBLISH_GAP_S if often else REST_S):
                self._at = now
                self._write()
                self._seen = seen
            self._show(self._message(situation, now))
        except OSError as error:
            logger("daemon").warning("cannot write status or metrics", why=str(error))

    def _message(self, situation: Situation | None, now: float) -> str:
        asks = bool((self._recovery() or {}).get("asks"))
        checking = self._verdict == "unsure" and now - self._since < UNSURE_NEWS_S
        return message(situation, asks=asks, checking=checking)

    def _write(self) -> None:
        shown = self._status()
        publish(self._run_dir, shown)
        if self._metrics:
            from agent import metrics  # noqa: PLC0415 - only where a file is wanted

            metrics.write(self._metrics, shown, self._clock.wall())

    def _show(self, text: str) -> None:
        """On the terminal's screen: written anew where it says something else, or where somebody took it away."""
        if text != self._shown or not self._screen.exists():
            replace_file(self._screen, text, mode=0o644)
            self._shown = text


def _worth_telling(situation: Situation | None) -> tuple[object, ...]:
    """What a reader of status.json waits for; counters and the last decibel are not among it, nor what is ruled out,
    of which a full look tells a little more each time.
    """
    if situation is None:
        return ()
    seen, found = situation.snapshot, situation.assessment
    findings = tuple((finding.code, finding.root) for finding in found.findings)
    link = seen.data.interface
    up = None if link is None else (link.name, link.up, link.addresses, link.default_route)
    return (
        found.verdict.code, found.verdict.confidence, findings, seen.port, seen.sim.state, seen.sim.iccid,
        seen.network.registration, seen.network.technology, seen.network.operator_name, seen.signal.quality, up,
        seen.plan.state,
    )  # fmt: skip
