"""What the sender needs of a carrier: take these bytes to the centre and bring its answer, within one deadline."""

from collections.abc import Callable
from typing import Literal, Protocol, runtime_checkable

from agent.clock import Deadline
from agent.wire import Answer

SendKind = Literal[
    "interface",  # the network interface is missing, or may not be used
    "name",  # the centre's name was not resolved
    "connect",  # nobody there, or no way there
    "timeout",  # the deadline passed
    "tls",  # no trust: certificate, protocol
    "lost",  # the connection broke
    "answer",  # an answer, but none a centre gives: captive portal, garbage, redirect
    "status",  # the centre's answer with a status other than 200; `status` has it
    "credential",  # there is no usable credential on this side
]

Speaker = Literal["centre", "stranger", "unknown"]
"""Who answered, judged by the body: a centre speaks JSON, walled gardens and proxies speak HTML."""


Sure = Callable[[float], bool]
"""Is it certain which card pays? Asked again where reaching the centre took its time; waits so many seconds at most."""


def always(_seconds: float) -> bool:
    """Nobody minds which card pays."""
    return True


def unsure(*, surely_not_received: bool = False) -> "SendError":
    """What a way raises where `Sure` said no."""
    return SendError("timeout", "nobody said in time which card is in", surely_not_received=surely_not_received)


class SendError(Exception):
    """A batch was not acknowledged. Which entries the centre has is unknown unless `surely_not_received`."""

    def __init__(
        self,
        kind: SendKind,
        detail: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        surely_not_received: bool = False,
        speaker: Speaker = "unknown",
        code: str = "",
        may_widen: bool = False,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.status = status
        self.retry_after_s = retry_after_s
        self.surely_not_received = surely_not_received
        self.speaker = speaker
        self.code = code
        """What the centre calls the refusal; "" if it did not say."""
        self.may_widen = may_widen
        """TLS failed on what was offered, not on trust."""


class Transport(Protocol):
    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        """Take a `agent.wire.Batch` to the centre; 200 and readable, or SendError. Never longer than `deadline`."""

    def close(self) -> None:
        """Let go of the connection, if one is kept."""


@runtime_checkable
class Tended(Protocol):
    """A transport whose line wants something while nothing is said."""

    def tend(self) -> float:
        """Do what is due, in well under a second; seconds until something is due again, infinity for never."""
