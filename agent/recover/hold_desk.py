"""The lease over the control socket: `hold` and `release`, answered on the socket's own thread.

The answer comes when the line is silent; the lease is in force from the request on, so who cannot wait need not.
docs/hold.md is for integrators.
"""

from collections.abc import Callable

from agent.control import Json, Refused, success
from agent.control_server import Peer, Stay
from agent.recover.hold import Lease, LeaseRefused, Line

OPERATIONS = frozenset({"hold", "release"})
DEFAULT_S = 60.0


def take_request(line: Line, request: Json, peer: Peer, answer: Callable[[Json], None]) -> Stay | None:
    """One of OPERATIONS. Raises Refused."""
    if request["op"] == "release":
        lease = request.get("lease")
        if not isinstance(lease, str):
            raise Refused("bad_request", "lease: the id that hold answered")
        answer(success({"released": line.release(lease)}))
        return None
    return _hold(line, request, peer, answer)


def _hold(line: Line, request: Json, peer: Peer, answer: Callable[[Json], None]) -> Stay | None:
    seconds, detached = _seconds(request.get("seconds", DEFAULT_S)), request.get("detached", False)
    if not isinstance(detached, bool):
        raise Refused("bad_request", "detached: true or false")

    def quiet(lease: Lease) -> None:
        answer(success({"lease": lease.id, "seconds": round(line.left(lease), 1)}))

    try:
        lease = line.take(seconds, peer.pid, quiet)
    except LeaseRefused as refusal:
        raise Refused(refusal.code, str(refusal)) from None
    return None if detached else Stay(lease.until, lambda: line.release(lease.id))


def _seconds(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 1e9:
        raise Refused("bad_request", "seconds: a number above 0")
    return float(given)
