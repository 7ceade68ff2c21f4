"""What follows from an answer or a failure: a table, and the time of the next attempt. Pure.

Rules: giving up does not exist. Whether the centre received a batch matters to nobody, because it drops repeats by
key. Only the centre itself may condemn a record; a proxy, a walled garden or a wrong address may not.
"""

from enum import Enum, auto
from random import Random
from typing import Literal

from agent.uplink.base import SendError, SendKind
from modem.frozen import dataclass

RETRY_AFTER_CAP_S = 6 * 3600.0
CREDENTIAL_WAITS_S = (120.0, 600.0, 3600.0)
"""A credential is mended by a person, who is often at it just then: soon, once more, and from then on seldom, because
asking costs the card money and the centre patience."""

Trouble = Literal["centre.unreachable", "centre.tls", "centre.refused", "centre.credential", "dns.failed", "link.down"]
"""Codes of the catalogue of conditions."""


@dataclass(frozen=True, slots=True)
class Pace:
    first_s: float = 5.0
    """The most to wait after the first failure; doubled with each further one."""
    cap_s: float = 3600.0


class Verdict(Enum):
    ACK = auto()
    DEFER = auto()
    SPLIT = auto()
    """One record of the batch is bad: find it by halves; the last one left is rejected."""


class Wait(Enum):
    NONE = auto()
    BACKOFF = auto()
    LONG = auto()
    """At least as CREDENTIAL_WAITS_S has it: somebody must do something first."""


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    wait: Wait
    trouble: Trouble | None = None


ACK = Decision(Verdict.ACK, Wait.NONE)
_UNREACHABLE = Decision(Verdict.DEFER, Wait.BACKOFF, "centre.unreachable")
_REFUSED = Decision(Verdict.DEFER, Wait.BACKOFF, "centre.refused")
_CREDENTIAL = Decision(Verdict.DEFER, Wait.LONG, "centre.credential")
_MALFORMED = Decision(Verdict.SPLIT, Wait.NONE)

STATUSES: dict[int, Decision] = {
    400: _MALFORMED,
    401: _CREDENTIAL,
    403: _CREDENTIAL,
    408: _UNREACHABLE,
    413: _MALFORMED,
    422: _MALFORMED,
    425: _UNREACHABLE,
    429: _UNREACHABLE,
}
KINDS: dict[SendKind, Decision] = {
    "interface": Decision(Verdict.DEFER, Wait.BACKOFF, "link.down"),
    "name": Decision(Verdict.DEFER, Wait.BACKOFF, "dns.failed"),
    "connect": _UNREACHABLE,
    "timeout": _UNREACHABLE,
    "lost": _UNREACHABLE,
    "tls": Decision(Verdict.DEFER, Wait.BACKOFF, "centre.tls"),
    "answer": _REFUSED,
    "credential": _CREDENTIAL,
}


def decide(error: SendError) -> Decision:
    """What to do with the batch that met `error`."""
    if error.status is None:
        return KINDS.get(error.kind, _UNREACHABLE)
    decision = STATUSES.get(error.status)
    if decision is None:
        return _UNREACHABLE if error.status >= 500 else _REFUSED
    return _REFUSED if error.speaker == "stranger" and error.status < 500 else decision


def wait_s(pace: Pace, wait: Wait, failures: int, asked_s: float | None, random: Random) -> float:
    """Full jitter: anything between nothing and the doubled wait, drawn after the cap, so that a fleet spreads out.

    `failures` counts those in a row, this one included. `asked_s` is the centre's Retry-After: never sooner than that.
    """
    if wait is Wait.NONE:
        return 0.0
    drawn = random.uniform(0.0, min(pace.cap_s, pace.first_s * 2.0 ** min(failures - 1, 60)))
    if asked_s is not None:
        return min(asked_s, RETRY_AFTER_CAP_S) + drawn
    if wait is Wait.LONG:
        return CREDENTIAL_WAITS_S[min(max(failures, 1), len(CREDENTIAL_WAITS_S)) - 1] + drawn
    return drawn


def retry_after_s(value: str | None, wall_now: float) -> float | None:
    """Seconds from a Retry-After header (RFC 9110, 10.2.3: seconds or a date); None if absent or unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), RETRY_AFTER_CAP_S)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - half a megabyte, for a date that few servers send

    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(0.0, moment - wall_now), RETRY_AFTER_CAP_S)
