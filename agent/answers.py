"""What is asked over the control socket, answered on the main thread; what needs the modem waits for it.

docs/control-socket.md says what each operation takes and gives. Whatever is in a request is foreign: each value is
checked here before anything acts on it.
"""

import itertools
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Protocol

from agent import messaging, plan_orders
from agent.assess.base import Lang
from agent.assess.diagnosis import diagnose
from agent.clock import Clock, Deadline
from agent.control import Json, Refused, failure, success
from agent.counting import LEDGER_NOTE_S
from agent.plan.store import PlanStoreError
from agent.plan.told import plan_told, usage_told
from agent.probing import Probed, Probing
from agent.recover.hold import HoldSettings, Line, Speaker
from agent.report import diag_report, utc
from agent.sample.modem import Depth
from agent.status import diag
from agent.watch import Watch
from agent.workers.orders import Look, LookNow, Order, Results, RunCommands, UseModem
from agent.workers.uplink import UplinkBody
from modem.errors import CommandExpired, LineHeld, ModemError, PortLost
from modem.frozen import dataclass
from modem.recording import Recording

MAX_COMMANDS = 32
MAX_COMMAND_S = 180.0
MAX_WAITING = 8
MAX_LOOK_S = 60.0
KEY_BYTES = 32
NEED_THE_LINE = frozenset({"diag", "sample_now", "at", "outbox_flush", *messaging.OPERATIONS})
_HELD = "a payment holds the line: nothing is sent to modem and network until it is over"
_NOT_YET = "nothing is known yet: the first look is not over"


@dataclass(frozen=True, slots=True)
class Asked:
    request: Json
    answer: Callable[[Json], None]
    at: float
    """Monotonic seconds."""


class Status(Protocol):
    def __call__(self, lang: str | None = None) -> Json: ...


class TakesOrders(Protocol):
    """The worker that has the modem, whichever way."""

    def post(self, order: Order) -> bool: ...


class Answers:
    """Owned by the main thread."""

    def __init__(
        self,
        modem: TakesOrders,
        uplink: UplinkBody | None,
        status: Status,
        watch: Watch,
        clock: Clock,
        line: Line | None = None,
        recovery: Callable[[], Json | None] = lambda: None,
    ) -> None:
        self._modem = modem
        self._uplink = uplink
        self._status = status
        self._watch = watch
        self._clock = clock
        self._recovery = recovery
        self._line = line or Line(HoldSettings(), clock)
        self._probing = Probing(watch.config, watch.meter, clock, Speaker(self._line, "probing"))
        self._tokens = itertools.count(1)
        self._waiting: dict[int, Asked] = {}
        """Requests for a look, by the token that the look will bring back."""

    def take(self, asked: Asked) -> None:
        """Answer it now, or see to it that it will be."""
        operations: dict[str, Callable[[Asked], None]] = {
            "status": self._tell_status,
            "usage": self._tell_usage,
            "plan": self._tell_plan,
            "diag": self._diag,
            "sample_now": self._diag,
            "at": self._at,
            "outbox_flush": self._flush,
            **dict.fromkeys(messaging.OPERATIONS, self._message),
            **dict.fromkeys(plan_orders.OPERATIONS, self._plan_order),
        }
        operation = operations.get(str(asked.request.get("op")))
        if operation is None:
            asked.answer(failure("unknown_op", f"there is {', '.join(operations)}"))
            return
        try:
            if asked.request["op"] in NEED_THE_LINE and self._line.held():
                raise Refused("held", _HELD)
            operation(asked)
        except Refused as refusal:
            asked.answer(failure(refusal.code, str(refusal)))

    def looked(self, look: Look) -> None:
        """A look came in: who waited for it is answered."""
        asked = self._waiting.pop(look.asked_by, None) if isinstance(look.asked_by, int) else None
        if asked is None:
            return
        if self._watch.now is None:
            asked.answer(failure("not_yet", _NOT_YET))
            return
        if asked.request["op"] == "sample_now":
            asked.answer(success(self._status(_lang(asked.request))))
            return
        snapshot, limits = self._watch.now.snapshot, self._watch.settings.limits
        wanted = asked.request.get("network") is True and asked.request.get("quick") is not True
        tell = partial(self._told, asked, look.dialogue, self._recovery())
        if not wanted or not self._probing.begin(snapshot, limits, look.part, asked.at, tell):
            tell(Probed(snapshot, limits, 0))

    def _told(self, asked: Asked, dialogue: Recording | None, recovery: Json | None, probed: Probed) -> None:
        """On any thread: only frozen values are touched. A person asks what is, not what has lasted."""
        report = diag_report(
            probed.snapshot,
            diagnose(probed.snapshot, probed.limits),
            lang=_lang(asked.request) or "zh",
            via="daemon",
            duration_s=self._clock.monotonic() - asked.at,
            data_cost_bytes=probed.cost_bytes,
        )
        if recovery is not None:
            report["recovery"] = recovery
        key = _dialogue_key(asked.request)
        if key is not None and dialogue is not None:
            report["capture"] = _capture(dialogue, report, key)
        asked.answer(success(report))

    def _tell_status(self, asked: Asked) -> None:
        asked.answer(success(self._status(_lang(asked.request))))

    def _tell_usage(self, asked: Asked) -> None:
        known = self._watch.now
        report = diag(known, _lang(asked.request) or "zh")
        if known is None or report is None:
            raise Refused("not_yet", _NOT_YET)
        own = self._watch.own_by_purpose(known)
        budget = self._watch.thrift.account
        facts = {
            "usage": usage_told(
                report["usage"],
                known.snapshot.usage,
                self._clock.wall(),
                LEDGER_NOTE_S,
                self._watch.ledger.undated_bytes(),
            ),
            "plan": report["plan"],
            "own_by_purpose": own,
            "sms_sent": self._watch.sms_of(*cycle) if (cycle := _cycle(report)) else None,
            "budget_bytes": budget.budget_b if budget else None,
        }
        asked.answer(success({"taken_at": utc(known.snapshot.taken_at), **facts}))

    def _tell_plan(self, asked: Asked) -> None:
        known = self._watch.now
        report = diag(known, _lang(asked.request) or "zh")
        if known is None or report is None:
            raise Refused("not_yet", _NOT_YET)
        desk, seen, wall = self._watch.desk, known.snapshot, self._clock.wall()
        try:
            ask = desk.next_query(wall, seen.clock)
            told = plan_told(report["plan"], desk, seen, wall, ask)
        except PlanStoreError as error:
            raise Refused("disk", str(error)) from None
        asked.answer(success(told))

    def _plan_order(self, asked: Asked) -> None:
        """The plan set, forgotten, accepted or verified; the next look, which comes at once, shows it."""
        if self._watch.now is None:
            raise Refused("not_yet", _NOT_YET)
        order = plan_orders.Order(self._watch.desk, self._watch.now.snapshot, self._clock.wall())
        done = plan_orders.carry_out(asked.request, order)
        self._modem.post(LookNow("light"))
        asked.answer(success(done))

    def _diag(self, asked: Asked) -> None:
        self._forget_the_late()
        if len(self._waiting) >= MAX_WAITING:
            raise Refused("busy", "too much is asked at once")
        token, depth = next(self._tokens), _depth(asked.request)
        if not self._modem.post(LookNow(depth, token, listen=_dialogue_key(asked.request) is not None)):
            raise Refused("busy", "too much is asked of the modem at once")
        self._waiting[token] = asked

    def _forget_the_late(self) -> None:
        """A look that was asked for and never came: the port's thread has other worries."""
        now = self._clock.monotonic()
        for token in [token for token, asked in self._waiting.items() if now - asked.at > MAX_LOOK_S]:
            self._waiting.pop(token).answer(failure("late", "the modem did not get to it in time"))

    def _at(self, asked: Asked) -> None:
        commands = checked_commands(asked.request.get("commands"), force=asked.request.get("force") is True)
        seconds = asked.request.get("timeout_s", 10.0)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= MAX_COMMAND_S:
            raise Refused("bad_request", f"timeout_s: more than 0, at most {MAX_COMMAND_S:g}")
        until = Deadline.after(MAX_COMMAND_S, self._clock)
        order = RunCommands(commands, float(seconds), until, lambda outcome: asked.answer(_results(outcome)))
        if not self._modem.post(order):
            raise Refused("busy", "too much is asked of the modem at once")

    def _message(self, asked: Asked) -> None:
        """Messages and USSD: checked here, done by the modem's thread."""
        name = str(asked.request["op"])
        work = messaging.OPERATIONS[name](asked.request)
        until = Deadline.after(MAX_LOOK_S, self._clock)
        mail = messaging.KEPT[name](asked.request) if name in messaging.KEPT else None
        order = UseModem(name, work, until, lambda outcome: asked.answer(_done(outcome)), mail=mail)
        if not self._modem.post(order):
            raise Refused("busy", "too much is asked of the modem at once")

    def _flush(self, asked: Asked) -> None:
        if self._uplink is None:
            raise Refused("no_uplink", "uplink.url is not set: reports stay in the outbox")
        self._uplink.send(force=True)
        asked.answer(success({"asked": True}))


def checked_commands(given: object, *, force: bool) -> tuple[str, ...]:
    """The raw commands, if they may be sent. Raises Refused."""
    from agent.at_guard import denied, well_formed  # noqa: PLC0415 - large tables, only where somebody sends one

    if not isinstance(given, list) or not 1 <= len(given) <= MAX_COMMANDS:
        raise Refused("bad_request", f"commands: a list of 1 to {MAX_COMMANDS}")
    commands = [command for command in given if isinstance(command, str) and well_formed(command)]
    if len(commands) != len(given):
        raise Refused("bad_request", "a command is one line that begins with AT")
    for command in [] if force else commands:
        if why := denied(command):
            raise Refused("denied", f"{command}: {why.why_en} (--force sends it all the same)")
    return tuple(commands)


def _results(outcome: Results | ModemError) -> Json:
    if isinstance(outcome, Results):
        return success({"results": list(outcome.rows)})
    if isinstance(outcome, PortLost):
        return failure("no_port", str(outcome))
    if isinstance(outcome, LineHeld):
        return failure("held", _HELD)
    return failure("late" if isinstance(outcome, CommandExpired) else "failed", str(outcome))


def _done(outcome: Json | ModemError | Refused) -> Json:
    if isinstance(outcome, Refused):
        return failure(outcome.code, str(outcome))
    return _results(outcome) if isinstance(outcome, ModemError) else success(outcome)


def _lang(request: Json) -> Lang | None:
    given = request.get("lang")
    return "en" if given == "en" else "zh" if given == "zh" else None


def _capture(dialogue: Recording, report: Json, key: bytes) -> str:
    from agent.bundle import about_of  # noqa: PLC0415 - once in a year, and not small
    from modem.recording import document  # noqa: PLC0415

    return document(dialogue, about_of(report), key)


def _depth(request: Json) -> Depth:
    return "light" if request.get("quick") is True else "deep"


def _cycle(report: Json) -> tuple[date, date] | None:
    cycle = report["usage"]["cycle"]
    if not cycle or not cycle["start"] or not cycle["end"]:
        return None
    return date.fromisoformat(cycle["start"]), date.fromisoformat(cycle["end"])


def _dialogue_key(request: Json) -> bytes | None:
    """The key of the stand-ins in the dialogue, where that is wanted. Raises Refused."""
    given = request.get("dialogue_key")
    if given is None:
        return None
    try:
        key = bytes.fromhex(given) if isinstance(given, str) else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Refused("bad_request", f"dialogue_key: {KEY_BYTES} bytes in hexadecimal")
    return key
