"""What a look at the network brings; apart from the look, so that who does not look loads no TLS."""

from agent.sample.base import Evidence, Reach
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class NetPart:
    reach: tuple[Reach, ...] = ()
    cost_bytes: int = 0
    """IP bytes both ways: payload counted, headers and handshakes of TCP estimated."""
    evidence: tuple[Evidence, ...] = ()
    server_time: float | None = None
    """Wall seconds by the centre, verified."""
