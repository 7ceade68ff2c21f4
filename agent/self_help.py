"""What the agent does of itself beside watching: recovery, hooks, and figures about itself. Main thread.

Recovery and what runs hooks are loaded only where the configuration asks for them, also when a reload does.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from agent import locale
from agent.care import Figures, care, grown
from agent.clock import Clock
from agent.outbox.base import Record
from agent.record import severity_of
from agent.recover.hold import Line, Speaker
from agent.settings import Config
from agent.situation import Situation
from agent.status import Json
from agent.workers.orders import Order
from modem.frozen import dataclass

if TYPE_CHECKING:
    from agent.hooks import Hooks
    from agent.recover.room import Recovery


@dataclass(frozen=True, slots=True)
class Later:
    """Work for the main thread, from another."""

    work: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Means:
    """What it works with."""

    clock: Clock
    line: Line
    post: Callable[[Order], bool]
    put: Callable[[Record], object]
    figures: Callable[[], Figures]
    report: Callable[[Later], object]


class SelfHelp:
    def __init__(self, config: Config, means: Means, verdict: str | None) -> None:
        """`verdict`: the one that was told last, before this start."""
        self._means = means
        self._verdict = verdict
        self._config = config
        self._hooks: Hooks | None = None
        self._recovery: Recovery | None = None
        self._told: Json = {}
        self._told_at = means.clock.monotonic()
        self.adopt(config)

    def adopt(self, config: Config) -> None:
        """At the start, and after a reload."""
        self._config = config
        if config.hooks.on_verdict or config.hooks.on_recovery or self._hooks:
            self._hooks = self._hooks or self._made_hooks()
            self._hooks.settings = config.hook_settings()
        if not config.recovery.enabled:
            self.close()
            self._recovery = None
        elif self._recovery is None:
            self._recovery = self._made_recovery()
        else:
            self._recovery.settings = config.recovery_settings()

    def looked(self, situation: Situation, told: str | None) -> None:
        """After each look. `told`: the verdict that the centre knows by now."""
        if told != self._verdict:
            previous, self._verdict = self._verdict, told
            self._news("verdict", self._facts(situation, told, previous))
        if self._recovery:
            self._recovery.turn(situation.snapshot, situation.assessment)

    def recovery(self) -> Json | None:
        return self._recovery.told() if self._recovery else None

    def care(self) -> Json:
        hooks = self._hooks.told() if self._hooks else None
        return care(self._means.line.told(), self._means.figures(), self.recovery(), hooks)

    def care_of_day(self) -> Json:
        """The same for the daily report: with `day`, what came to it since the last one (or the start), in `over_s`."""
        now, at = self.care(), self._means.clock.monotonic()
        day = {"over_s": round(at - self._told_at)} | grown(now, self._told)
        self._told, self._told_at = now, at
        return now | {"day": day}

    def tend(self) -> None:
        if self._recovery:
            self._recovery.tend()

    def close(self) -> None:
        if self._recovery:
            self._recovery.close()

    def _news(self, event: str, facts: Mapping[str, object]) -> None:
        if self._hooks:
            self._hooks.tell(event, facts)

    def _facts(self, situation: Situation, verdict: str | None, previous: str | None) -> dict[str, object]:
        code = verdict or "unsure"
        return {
            "terminal": self._config.terminal.id,
            "verdict": code,
            "previous": previous or "",
            "severity": severity_of(situation.assessment) or "ok",
            "title_zh": locale.title(code, "zh"),
            "title_en": locale.title(code, "en"),
            "at": round(self._means.clock.wall()),
        }

    def _made_hooks(self) -> "Hooks":
        from agent.hooks import Hooks  # noqa: PLC0415 - brings subprocess and selectors, only where there is a hook

        return Hooks(self._config.hook_settings())

    def _made_recovery(self) -> "Recovery":
        from agent.recover.room import Recovery, StepDone, Tools  # noqa: PLC0415 - only where it is enabled

        def hear(done: StepDone) -> None:
            if self._recovery:
                self._recovery.done(done)

        def report(done: StepDone) -> None:
            self._means.report(Later(lambda: hear(done)))

        means = self._means
        tools = Tools(means.post, means.put, report, lambda facts: self._news("recovery", facts))
        path = self._config.state_dir / "recovery.json"
        return Recovery(self._config.recovery_settings(), path, means.clock, Speaker(means.line, "recovery"), tools)
