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


class Publisher:
    """Owned by the main thread."""

    def __init__(self, config: Config, clock: Clock, notifier: Notifier, status: Callable[[], Json]) -> None:
        self._run_dir = config.run_dir
        self._metrics = Path(config.paths.metrics_file) if config.paths.metrics_file else None
        self._clock = clock
        self._notifier = notifier
        self._status = status
        self._at = -PUBLISH_GAP_S
        self._verdict: str | None = None
        self._shown: str | None = None
        self._since = 0.0
        """Since when the verdict is what it is."""

    def looked(self, situation: Situation | None) -> None:
        """After each look: the files at each change of verdict, else not too often; systemd's line likewise."""
        now = self._clock.monotonic()
        code = situation.assessment.verdict.code if situation else None
        if code == self._verdict and now - self._at < PUBLISH_GAP_S:
            return
        if code != self._verdict:
            self._since = now
            self._notifier.status(f"verdict: {code}")
        self._verdict, self._at = code, now
        try:
            self._write(situation)
        except OSError as error:
            logger("daemon").warning("cannot write status or metrics", why=str(error))

    def _write(self, situation: Situation | None) -> None:
        shown = self._status()
        asks = bool((shown.get("recovery") or {}).get("asks"))
        checking = self._verdict == "unsure" and self._at - self._since < UNSURE_NEWS_S
        publish(self._run_dir, shown)
        self._show(message(situation, asks=asks, checking=checking))
        if self._metrics:
            from agent import metrics  # noqa: PLC0415 - only where a file is wanted

            metrics.write(self._metrics, shown, self._clock.wall())

    def _show(self, text: str) -> None:
        """On the terminal's screen: written anew where it says something else, or where somebody took it away."""
        path = self._run_dir / "message.txt"
        if text != self._shown or not path.exists():
            replace_file(path, text, mode=0o644)
            self._shown = text
