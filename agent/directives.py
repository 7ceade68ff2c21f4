"""What the centre asks for, carried out at most once each, whatever happens to the power. Main thread.

The id is on the disk before anything is done, and what came of it before it is told. So a directive that comes again is
told again and not done again; one that the power cut through is told as "interrupted". What there is to be done is the
closed list of agent.wire.kinds; who does it is given from outside. A directive whose id the disk does not take is
left undone: the centre sends it again. So is what comes beyond `MOST_A_DAY`, whoever has got hold of the centre: each
costs the flash a commit, the card an answer, and some of them more.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.clock import Clock
from agent.log import logger
from agent.schedule import doubled
from agent.state import replace_file
from agent.wire import Directive, WireError
from agent.wire.kinds import MAX_DETAIL, MAX_OPEN, Kind, Outcome, is_kind
from modem.frozen import dataclass

if TYPE_CHECKING:
    from agent.wire.directives import Body

KEPT = 500
"""Ids that are remembered; a directive lives 30 days at most, and 32 may wait at once."""
MAX_FILE_BYTES = 512 * 1024
DAY_S = 86_400.0
MOST_A_DAY = 96
TELL_AGAIN_S = 600.0
"""What comes again although it was told: the record may still be on its way, or be lost with its outbox. Twice as long
each time, up to a day.
"""


@dataclass(frozen=True, slots=True)
class Done:
    outcome: Outcome
    detail: str = ""
    result: dict[str, Any] | None = None


Do = Callable[["Body", str], Done | None]
"""Carry it out, under this id; None: it takes its time, and `finish` will be called."""
Tell = Callable[[str, str, Done], bool]
"""Put the acknowledgement (id, kind, what came of it) into the outbox; False where the disk did not take it."""


@dataclass(slots=True)
class _Known:
    kind: str
    outcome: Outcome | None = None
    detail: str = ""
    told: int = 0
    """Times, since the start."""
    told_at: float = 0.0


@dataclass(slots=True)
class Dispatcher:
    path: Path
    clock: Clock
    do: Mapping[Kind, Do]
    tell: Tell
    resumable: Mapping[Kind, Callable[[], bool]] = field(default_factory=dict)
    """Kinds that go on after a restart, where this says that something is left to go on with."""
    _known: dict[str, _Known] = field(default_factory=dict)
    _new: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_A_DAY))
    """When those of the last day came."""
    _running: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._known = _load(self.path)

    def take(self, directives: Sequence[Directive], now: float) -> None:
        """`now` in seconds since 1970 on the centre's clock, which is the one that expiry is measured by."""
        for directive in directives[:MAX_OPEN]:
            if directive.id in self._known:
                self._again(directive.id)
            elif self._may_be_new():
                self._first(directive, now)

    def _may_be_new(self) -> bool:
        now = self.clock.monotonic()
        if len(self._new) == MOST_A_DAY and now - self._new[0] < DAY_S:
            return False
        self._new.append(now)
        return True

    def finish(self, directive: str, done: Done) -> None:
        """What came of one that took its time."""
        self._running.discard(directive)
        known = self._known.get(directive)
        if known is not None:
            self._end(directive, known, done)

    def _first(self, directive: Directive, now: float) -> None:
        known = _Known(directive.kind)
        if not self._keep(directive.id, known):
            return
        self._running.add(directive.id)
        done = self._carry_out(directive, now)
        if done is not None:
            self.finish(directive.id, done)

    def _carry_out(self, directive: Directive, now: float) -> Done | None:
        kind = is_kind(directive.kind)
        if kind is None:
            return Done("unknown")
        if now >= directive.expires_at:
            return Done("expired")
        if kind not in self.do:
            return Done("not_offered")
        try:
            body = _read(kind, directive.body)
        except WireError as error:
            return Done("failed", str(error))
        logger("directives").info("the centre asks", kind=kind, id=directive.id)
        return self._done(kind, body, directive.id)

    def _done(self, kind: Kind, body: "Body", directive: str) -> Done | None:
        try:
            return self.do[kind](body, directive)
        except Exception as error:  # whatever goes wrong in a room, the watching goes on
            logger("directives").exception("failed", kind=kind, id=directive)
            return Done("failed", type(error).__name__)

    def _again(self, directive: str) -> None:
        known = self._known[directive]
        if directive in self._running:
            return
        if known.outcome is None:
            self._after_power_cut(directive, known)
            return
        if not known.told or self.clock.monotonic() - known.told_at > doubled(TELL_AGAIN_S, DAY_S, known.told):
            self._say(directive, known, Done(known.outcome, known.detail))

    def _after_power_cut(self, directive: str, known: _Known) -> None:
        kind = is_kind(known.kind)
        goes_on = self.resumable.get(kind) if kind else None
        if kind is None or goes_on is None or not goes_on():
            self._end(directive, known, Done("interrupted"))
            return
        self._running.add(directive)
        done = self._done(kind, _read(kind, {}), directive)
        if done is not None:
            self.finish(directive, done)

    def _end(self, directive: str, known: _Known, done: Done) -> None:
        known.outcome, known.detail = done.outcome, done.detail[:MAX_DETAIL]
        if self._keep(directive, known):
            self._say(directive, known, done)

    def _say(self, directive: str, known: _Known, done: Done) -> None:
        if self.tell(directive, known.kind, Done(done.outcome, done.detail[:MAX_DETAIL], done.result)):
            known.told, known.told_at = known.told + 1, self.clock.monotonic()

    def _keep(self, directive: str, known: _Known) -> bool:
        held = {**self._known, directive: known}
        while len(held) > KEPT:
            held.pop(next(iter(held)))
        rows = [[name, one.kind, one.outcome, one.detail] for name, one in held.items()]
        try:
            replace_file(self.path, json.dumps({"version": 1, "known": rows}, ensure_ascii=False), durable=True)
        except OSError as error:
            logger("directives").error("not kept, so not done", id=directive, why=str(error))
            return False
        self._known = held
        return True


def _read(kind: Kind, body: object) -> "Body":
    from agent.wire.directives import read_body  # noqa: PLC0415 - loads pydantic, which a quiet terminal never needs

    return read_body(kind, body)


def _load(path: Path) -> dict[str, _Known]:
    """What the file says, as far as it can be read."""
    try:
        with path.open("rb") as file:
            rows = json.loads(file.read(MAX_FILE_BYTES))["known"]
        return {str(row[0]): _Known(str(row[1]), row[2], str(row[3])) for row in rows[-KEPT:]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        logger("directives").error("what was done before cannot be read", why=str(error))
        return {}
