"""The worker that sends: one exchange with the centre a step, asleep until something waits or a wait is over."""

import threading
from dataclasses import dataclass

from agent.clock import Clock
from agent.uplink.base import Transport
from agent.uplink.sender import Sender, SenderStatus
from agent.worker import MailboxBody


@dataclass(frozen=True, slots=True)
class Send:
    """There is something to send. `force`: now, whatever the wait."""

    force: bool = False


class UplinkBody(MailboxBody[Send]):
    def __init__(self, sender: Sender, transport: Transport, clock: Clock) -> None:
        super().__init__()
        self._sender = sender
        self._transport = transport
        self._clock = clock
        self.idle = threading.Event()
        """Set while nothing can be sent now: all is gone, or a failure is being waited out."""

    def step(self, now: float) -> float:
        for order in self.mailbox.take():
            self._sender.poke(now, force=order.force)
        wish = self._sender.step(now)
        if wish > 0:
            self.idle.set()
        return self._clock.monotonic() + wish

    def send(self, *, force: bool = False) -> None:
        """From any thread. A full mailbox says the same already."""
        self.idle.clear()
        self.mailbox.post(Send(force))

    def status(self) -> SenderStatus:
        return self._sender.status()

    def close(self) -> None:
        self._transport.close()
