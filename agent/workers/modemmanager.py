"""The worker for terminals where ModemManager has the modem: it looks through D-Bus and opens no port.

Each look connects anew: a restarted ModemManager or message bus needs no care of ours. What changes between two looks
is noticed at the next one; there is no line of our own to hear news on.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from agent.clock import Clock, Deadline
from agent.control import Json, Refused
from agent.log import logger
from agent.recover.hold import Speaker, speaker
from agent.sample.modem import Depth
from agent.sample.modemmanager import ManagerLook, look_through_manager
from agent.schedule import Cadence, Schedule
from agent.worker import MailboxBody
from agent.workers.modem import LOOK_S
from agent.workers.orders import Look, LookNow, Order, SeeCard, UseModem
from modem.errors import ModemError, PortBusy
from modem.frozen import dataclass
from modem.modemmanager import ModemManager, messages
from modem.text import printable
from modem.values import Sms

MOST_PUT_OFF = 32
NO_RAW_AT = 'ModemManager has the modem: with modem.backend = "modemmanager" no raw AT command is sent'


@dataclass(frozen=True, slots=True)
class ManagerSettings:
    port: str = "auto"
    """Which modem, by any of its ports."""
    light_s: float = 60.0
    deep_s: float = 900.0
    measure_every_s: int = 0
    """How often ModemManager is to measure the signal, where nobody has told it; 0: not at all."""


class LookThrough(Protocol):
    """`look_through_manager`."""

    def __call__(
        self, port: str, wall: float, depth: Depth, deadline: Deadline, clock: Clock, *, measure_every_s: int = 0
    ) -> ManagerLook: ...


def kept_messages(port: str) -> Sequence[Sms]:
    """What ModemManager keeps of the modem that has `port`. Raises ModemError."""
    with ModemManager() as manager:
        return messages(manager, manager.find(port))


class ManagerBody(MailboxBody[Order]):
    """A `worker.Body`. `publish` gets every `Look`; it must not block."""

    def __init__(
        self,
        settings: ManagerSettings,
        clock: Clock,
        publish: Callable[[Look], None],
        look: LookThrough = look_through_manager,
        phase: float = 0.0,
        line: Speaker | None = None,
        mail: Callable[[str], Sequence[Sms]] = kept_messages,
        seen: Callable[[float, str | None], bool] = lambda _began, _card: True,
    ) -> None:
        """`seen` as `ModemBody` has it."""
        super().__init__()
        self._line = line or speaker(clock, "modem")
        self._line.retry = self.wake
        self._put_off: list[Order] = []
        self._settings = settings
        self._clock = clock
        self._publish = publish
        self._through = look
        self._mail = mail
        self._seen = seen
        self._log = logger("modem")
        self._trouble: str | None = None
        cadences = {"deep": Cadence(settings.deep_s, phase), "light": Cadence(settings.light_s, phase)}
        self._schedule = Schedule(cadences, clock.monotonic())
        self._schedule.bring_forward("deep", clock.monotonic())

    def step(self, now: float) -> float:
        orders, self._put_off = [*self._put_off, *self.mailbox.take()], []
        if not orders and self._schedule.next() > now:
            return self._schedule.next()
        if not self._line.begin():
            self._put_off = orders[-MOST_PUT_OFF:]
            return self._line.free_at()
        try:
            return self._step(orders, now)
        finally:
            self._line.end()

    def _step(self, orders: list[Order], now: float) -> float:
        for order in orders:
            if isinstance(order, LookNow):
                self._look(order.depth, order.asked_by)
            elif isinstance(order, SeeCard):
                self._see_card()
            elif isinstance(order, UseModem) and order.mail is not None:
                self._tell_mail(order, order.mail)
            else:
                order.done(PortBusy(NO_RAW_AT, "ModemManager"))
        self._line.progress()
        due = self._schedule.take_due(max(now, self._clock.monotonic()))
        if due:
            self._look("deep" if "deep" in due else "light")
        return self._schedule.next()

    def post(self, order: Order) -> bool:
        """From any thread. False: too much is asked at once."""
        return self.mailbox.post(order)

    def figures(self) -> dict[str, int]:
        """Nothing is sent on a line of ours."""
        return {}

    def close(self) -> None:
        """Nothing is held between looks."""

    def _look(self, depth: Depth, asked_by: object = None) -> None:
        wall, began = self._clock.wall(), self._clock.monotonic()
        seen = self._read(wall, depth)
        asked = began if depth == "deep" else None
        self._publish(Look(wall, depth, seen.port, seen.part, seen.evidence, asked_by, card_asked=asked))

    def _see_card(self) -> None:
        """Is it the card that was looked at last, as far as ModemManager knows?"""
        wall, began = self._clock.wall(), self._clock.monotonic()
        seen = self._read(wall, "light")
        if seen.port.problem is not None:
            self._publish(Look(wall, "light", seen.port, seen.part, seen.evidence))
        elif not self._seen(began, seen.part.sim.iccid):
            self._look("deep")

    def _read(self, wall: float, depth: Depth) -> ManagerLook:
        until, every_s = Deadline.after(LOOK_S, self._clock), self._settings.measure_every_s
        seen = self._through(self._settings.port, wall, depth, until, self._clock, measure_every_s=every_s)
        self._tell(seen)
        return seen

    def _tell_mail(self, order: UseModem, mail: Callable[[Sequence[Sms]], Json]) -> None:
        try:
            order.done(mail(self._mail(self._settings.port)))
        except (ModemError, Refused) as trouble:
            order.done(trouble)

    def _tell(self, seen: ManagerLook) -> None:
        """Trouble is logged when it begins, and not at every look."""
        trouble = printable(seen.evidence[0].text) if seen.evidence else None
        if trouble and trouble != self._trouble:
            self._log.warning("no modem through ModemManager", why=trouble)
        self._trouble = trouble
