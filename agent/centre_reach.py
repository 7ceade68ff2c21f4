"""What sending showed about the way to the centre: it costs nothing more."""

from collections.abc import Mapping

from agent.sample.base import Evidence, Reach, ReachProblem
from agent.uplink.sender import SenderStatus

_NO_ANSWER = ("centre.unreachable", "link.down")
_CENTRE_SAID: Mapping[str, ReachProblem] = {
    "centre.tls": "tls",
    "centre.refused": "refused",
    "centre.credential": "credential",
}


def reach_of(
    status: SenderStatus | None, wall: float, heartbeat_s: float
) -> tuple[tuple[Reach, ...], tuple[Evidence, ...]]:
    """Old news are none."""
    if status is None or status.last_attempt_at is None or not -60 <= wall - status.last_attempt_at <= 3 * heartbeat_s:
        return (), ()
    if status.trouble is None and status.last_error is None:
        return (Reach("centre", ok=True, detail="it takes reports"),), ()
    why = status.last_error or "failed"
    seen = (Evidence("reach.centre", "probe", f"sending to the centre: {why}", status.last_attempt_at),)
    if status.trouble == "dns.failed":
        named = Evidence("reach.dns", "probe", f"sending to the centre: {why}", status.last_attempt_at)
        return (Reach("dns", ok=False, detail=why), Reach("centre", ok=None, detail="its name was not found")), (named,)
    problem = _CENTRE_SAID.get(status.trouble or "")
    failed = problem is not None or status.trouble in _NO_ANSWER
    return (Reach("centre", ok=False if failed else None, detail=why, problem=problem),), seen
