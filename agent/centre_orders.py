"""What this terminal does when its centre asks (agent/directives.py says how often): the rooms behind each directive.

Everything here ends in a method that people use too, with the same checks; the centre has no way of its own into the
modem, the disk or the configuration.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from agent import plan_orders
from agent.answers import Answers, Asked
from agent.clock import Clock, Deadline
from agent.control import Json, Refused
from agent.directives import Dispatcher, Do, Done
from agent.errands import Errands
from agent.log import logger
from agent.plan.store import PlanStoreError
from agent.record import acknowledgement
from agent.sample.base import PlanFact
from agent.watch import Watch
from agent.wire import Answer, Directive
from agent.wire.kinds import Kind
from agent.workers.uplink import UplinkBody
from modem.frozen import dataclass

if TYPE_CHECKING:
    from agent.uplink.base import Sure
    from agent.uplink.enrol import EnrolSettings
    from agent.wire.directives import AcceptCard, Body, NewCadence, PlanFacts, RunDiag, VerifyRenewal

BUNDLE: Kind = "send-bundle"
CADENCE = "cadence"
"""Its name in the plan's store."""
MIN_HEARTBEAT_S = 10
SETTLES_S = 2.5


@dataclass(frozen=True, slots=True)
class CentreSaid:
    """Directives out of an answer; to the main thread."""

    directives: Sequence[Directive]
    server_time: float | None


@dataclass(frozen=True, slots=True)
class CentreDone:
    """Something that took its time is over; to the main thread."""

    directive: str
    done: Done
    parts: tuple[dict[str, Any], ...] = ()
    """Told before it, each in a record of its own."""


@dataclass(slots=True)
class CentreOrders:
    """Owned by the main thread; `heard` may be called from any."""

    watch: Watch
    errands: Errands
    answers: Answers
    uplink: UplinkBody | None
    clock: Clock
    report: Callable[[CentreSaid | CentreDone], object]
    """Into the main thread's queue."""
    enrol: "Callable[[], EnrolSettings | None]" = lambda: None
    changed_cadence: Callable[[], object] = lambda: None
    config_path: Path | None = None
    sure: "Sure" = lambda _seconds: True
    """Is it certain which card pays? Asked before a renewed credential travels."""
    _dispatcher: Dispatcher | None = None
    _rotating: str | None = None
    """The directive that a renewal is under way for."""

    def heard(self, answer: Answer) -> None:
        """From the uplink's thread, after each answer."""
        if answer.directives:
            self.report(CentreSaid(answer.directives, answer.server_time))

    def take(self, news: CentreSaid | CentreDone) -> None:
        dispatcher = self._dispatcher = self._dispatcher or self._made()
        if isinstance(news, CentreDone):
            told = [self._tell(news.directive, BUNDLE, Done("part", "", part)) for part in news.parts]
            dispatcher.finish(news.directive, news.done if all(told) else Done("failed", "the disk did not take it"))
        else:
            dispatcher.take(news.directives, self.clock.wall() if news.server_time is None else news.server_time)

    def restore(self) -> None:
        """What an earlier directive set and is still in force."""
        try:
            kept = self.watch.desk.store.kept(CADENCE)
        except PlanStoreError:
            return
        seconds = kept.get("heartbeat_s") if kept else None
        if isinstance(seconds, int) and MIN_HEARTBEAT_S <= seconds <= 86_400:
            self.watch.settings = replace(self.watch.settings, heartbeat_s=float(seconds))

    def _made(self) -> Dispatcher:
        do: dict[Kind, Do] = {
            "plan-facts": self._plan_facts,
            "cadence": self._cadence,
            "ask-balance": self._ask_balance,
            "verify-renewal": self._verify,
            "run-diag": self._diag,
            "accept-card": self._accept,
        }
        if self.uplink is not None and self.enrol() is not None:
            do["rotate-credential"] = self._rotate
        if self.uplink is not None:
            do[BUNDLE] = self._bundle
        path = self.watch.config.state_dir / "directives.json"
        return Dispatcher(path, self.clock, do, self._tell, {"rotate-credential": self._rotation_goes_on})

    def _tell(self, directive: str, kind: str, done: Done) -> bool:
        record = acknowledgement(
            directive, kind, done.outcome, self.clock.wall(), detail=done.detail, result=done.result
        )
        told = self.watch.put(record)
        if told and self.uplink:
            self.uplink.send()
        return told

    # -- the card and its plan ----------------------------------------------------------------------------------------

    def _plan_facts(self, body: "Body", _id: str) -> Done:
        body = cast("PlanFacts", body)  # the dispatcher read it as such
        known = self.watch.now
        trusted = known is not None and known.snapshot.clock.trusted is not False
        at = self.clock.wall() if trusted else None
        facts = [PlanFact(one.fact, one.value, "centre", at, f"{one.fact}={one.value}") for one in body.facts]
        try:
            fresh = self.watch.desk.hear(facts, self.clock.monotonic(), body.iccid)
        except PlanStoreError as error:
            return Done("failed", str(error))
        return Done("done", f"{len(fresh)} new of {len(facts)}")

    def _ask_balance(self, _body: "Body", _id: str) -> Done:
        if self.watch.now is None:
            return _NOTHING_YET
        why = self.errands.ask_now(self.watch.now.snapshot)
        return Done("failed", why) if why else Done("begun")

    def _verify(self, body: "Body", _id: str) -> Done:
        body = cast("VerifyRenewal", body)
        asked = {"op": "plan_verify", "expires_on": body.expected, "cycle_radio": body.cycle_radio}
        return self._plan_order(asked, "begun")

    def _accept(self, body: "Body", _id: str) -> Done:
        body = cast("AcceptCard", body)
        return self._plan_order({"op": "plan_accept", "iccid": body.iccid}, "done")

    def _plan_order(self, asked: Json, outcome: "str") -> Done:
        if self.watch.now is None:
            return _NOTHING_YET
        order = plan_orders.Order(self.watch.desk, self.watch.now.snapshot, self.clock.wall(), by_centre=True)
        try:
            plan_orders.carry_out(asked, order)
        except Refused as refusal:
            return Done("failed", str(refusal))
        return Done("begun" if outcome == "begun" else "done")

    # -- the rest -----------------------------------------------------------------------------------------------------

    def _cadence(self, body: "Body", _id: str) -> Done:
        body = cast("NewCadence", body)
        seconds = body.heartbeat_s
        if 0 < seconds < MIN_HEARTBEAT_S:
            return Done("failed", f"heartbeat_s: 0, or {MIN_HEARTBEAT_S} to 86400")
        try:
            self.watch.desk.store.keep(CADENCE, {"heartbeat_s": seconds} if seconds else None)
        except PlanStoreError as error:
            return Done("failed", str(error))
        wished = float(seconds) if seconds else float(self.watch.config.uplink.heartbeat_s)
        self.watch.settings = replace(self.watch.settings, heartbeat_s=wished)
        self.changed_cadence()
        return Done("done", f"every {wished:g} s, as far as the budget bears it")

    def _diag(self, body: "Body", directive: str) -> None:
        body = cast("RunDiag", body)

        def answered(answer: Json) -> None:
            self.report(CentreDone(directive, _diag_done(answer)))

        asked: dict[str, Any] = {"op": "diag", "lang": body.lang}
        self.answers.take(Asked(asked, answered, self.clock.monotonic()))

    def _rotate(self, _body: "Body", directive: str) -> Done | None:
        settings, uplink = self.enrol(), self.uplink
        if settings is None or uplink is None:
            return Done("not_offered")
        self._rotating = directive
        uplink.do(lambda: self._go_on(settings))
        return None

    def _renewed(self, settings: "EnrolSettings") -> Done | None:
        """On the uplink's thread. None: whether the centre took it is not known; `tend` goes on with it."""
        from agent.uplink.base import SendError  # noqa: PLC0415 - brings ssl, only where it is asked for
        from agent.uplink.credential import CredentialError  # noqa: PLC0415
        from agent.uplink.enrol import renew  # noqa: PLC0415

        try:
            until = Deadline.after(self.watch.config.uplink.timeout_s, self.clock)
            renew(settings, self.clock, until, self.watch.meter, self.sure)
        except (SendError, CredentialError, OSError, ValueError) as error:
            logger("directives").error("the credential was not renewed", why=str(error))
            return None if self._renewal_is_open() else Done("failed", str(error))
        # all processes of the centre know it after two seconds; a 401 before that would cost an hour's wait
        self.clock.wait(SETTLES_S, threading.Event())
        return Done("done")

    def tend(self) -> None:
        """At the start and now and then: a renewal whose end was not heard goes on, asked again or not. The centre may
        know the new secret only, and then nothing else gets through.
        """
        if self._renewal_is_open() and self.uplink is not None and (settings := self.enrol()) is not None:
            self.uplink.do(lambda: self._go_on(settings))

    def _go_on(self, settings: "EnrolSettings") -> None:
        done = self._renewed(settings)
        if done is not None and self._rotating is not None:
            self.report(CentreDone(self._rotating, done))
        if self.uplink is not None:
            self.uplink.send(force=True)

    def _renewal_is_open(self) -> bool:
        held = self.watch.config.credential_file
        return held.with_name(held.name + ".pending").exists()

    def _bundle(self, _body: "Body", directive: str) -> Done | None:
        if self.uplink is None:
            return Done("not_offered")
        self.uplink.do(lambda: self.report(self._bundled(directive)))
        return None

    def _bundled(self, directive: str) -> CentreDone:
        """On the uplink's thread: it waits for a process that asks the main one."""
        from agent import bundle_parts  # noqa: PLC0415 - only where it is asked for

        try:
            data = bundle_parts.made(self.config_path)
        except (bundle_parts.NoBundle, OSError) as error:
            return CentreDone(directive, Done("failed", str(error)))
        if not self.watch.thrift.bears(len(data)):
            why = f"{len(data)} bytes are more than this cycle's budget bears"
            return CentreDone(directive, Done("failed", why))
        return CentreDone(directive, Done("done", "", bundle_parts.summary(data)), tuple(bundle_parts.parts(data)))

    def _rotation_goes_on(self) -> bool:
        from agent.uplink.enrol import renewal_is_pending  # noqa: PLC0415

        settings = self.enrol()
        return settings is not None and renewal_is_pending(settings.credential_file)


_NOTHING_YET = Done("failed", "nothing is known yet: the first look is not over")


def _diag_done(answer: Json) -> Done:
    if answer.get("ok") is True:
        return Done("done", "", dict(answer["result"]))
    return Done("failed", str(answer.get("error", {}).get("message", "")))
