"""The worker that sends: one exchange with the centre a step, asleep until something waits or a wait is over."""

import threading
from collections.abc import Callable

from agent.clock import Clock
from agent.recover.hold import Speaker, speaker
from agent.uplink.base import Tended, Transport
from agent.uplink.sender import Sender, SenderStatus
from agent.worker import MailboxBody
from agent.workers.card_gate import CardGate
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Send:
    """There is something to send. `force`: now, whatever the wait."""

    force: bool = False


@dataclass(frozen=True, slots=True)
class Do:
    """Something else that needs the line; it catches its own errors, and takes no longer than an exchange may."""

    work: Callable[[], object]


MOST_PUT_OFF = 32


class UplinkBody(MailboxBody[Send | Do]):
    def __init__(
        self,
        sender: Sender,
        transport: Transport,
        clock: Clock,
        line: Speaker | None = None,
        card: CardGate | None = None,
    ) -> None:
        super().__init__()
        self._card = card
        self._line = line or speaker(clock, "uplink")
        self._line.retry = self.wake
        self._put_off: list[Send | Do] = []
        self._sender = sender
        self._transport = transport
        self._tended = transport if isinstance(transport, Tended) else None
        self._clock = clock
        self._turn = threading.Lock()
        """Of `idle`: what is posted meanwhile is not overlooked."""
        self.idle = threading.Event()
        """Set while nothing can be sent now: all is gone, or a failure is being waited out."""

    def step(self, now: float) -> float:
        orders, self._put_off = [*self._put_off, *self.mailbox.take()], []
        opens = self._opens(orders)
        if opens is not None or not self._line.begin():
            self._put_off = orders[-MOST_PUT_OFF:]
            self._rest()
            return self._line.free_at() if opens is None else opens
        try:
            wish = self._step(orders, now)
        finally:
            self._line.end()
        if wish > 0:
            self._rest()
            self._line.progress()
        return self._clock.monotonic() + wish

    def _opens(self, orders: list[Send | Do]) -> float | None:
        """`CardGate.opens`. Whether it is sure of the card the sender asks by itself, and only if it has something."""
        if self._card is None:
            return None
        if any(isinstance(order, Do) for order in orders):
            self._card.sure()
        return self._card.opens()

    def _step(self, orders: list[Send | Do], now: float) -> float:
        for order in orders:
            if isinstance(order, Do):
                order.work()
            else:
                self._sender.poke(now, force=order.force)
        wish = self._sender.step(now)
        return min(wish, self._tended.tend()) if self._tended else wish

    def send(self, *, force: bool = False) -> None:
        """From any thread. A full mailbox says the same already."""
        with self._turn:
            self.idle.clear()
            self.mailbox.post(Send(force))

    def _rest(self) -> None:
        with self._turn:
            if not self.mailbox.waiting():
                self.idle.set()

    def spare(self, interval_s: float) -> None:
        """From any thread, with each heartbeat: what routine is stretched to, 0 = it is not (`Sender.spare_s`)."""
        self._sender.spare_s = interval_s

    def do(self, work: Callable[[], object]) -> bool:
        """From any thread: `work` on the uplink's own. False when too much waits."""
        return self.mailbox.post(Do(work))

    def status(self) -> SenderStatus:
        return self._sender.status()

    def close(self) -> None:
        self._transport.close()
