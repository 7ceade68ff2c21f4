"""From two looks at a counter to the bytes between them. Pure: the rules of resets, wraps and reboots stand here.

Counters only ever grow, until they start anew: kernel counters with every boot and with every new device, a modem's
with its session, its restart or somebody's reset command. What was counted between the last look and a reset is lost
to everybody; that is at most one interval, and the only loss there is. A modem that keeps its counter for life writes
it down now and then (AT+QAUGDCNT: each 30 s to 18 h): after a power cut it goes on from there, a little lower.
"""

from typing import Literal

from modem.frozen import dataclass

Source = Literal["interface", "modem"]
Scope = Literal["session", "since_boot", "lifetime"]

WRAP = 2**32
MAX_RATE = 40_000_000
"""Bytes a second that no card of ours exceeds (LTE category 6: 300 Mbit/s); a "wrap" that needs more was a reset."""
STEPPED_BACK = 15 / 16
"""A counter for life that still shows so much of what was seen was not reset: it went on from what it had kept."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a pair of counters."""

    rx: int
    tx: int
    monotonic: float
    boot_id: str | None


def counted(source: Source, scope: Scope | None, last: Look | None, now: Look, *, appeared: bool) -> tuple[int, int]:
    """Received and sent bytes since `last`.

    `last` is None for a counter never seen before: then its whole value counts if it `appeared` under our eyes
    (this boot was watched before it was there), else nothing does, for it may be older than our counting. A counter
    for life always is: a modem that comes from elsewhere brings its own.
    """
    if last is None:
        return (now.rx, now.tx) if appeared and scope != "lifetime" else (0, 0)
    if _started_anew(source, scope, last, now):
        return now.rx, now.tx
    backwards = (now.rx < last.rx, now.tx < last.tx)
    if not any(backwards):
        return now.rx - last.rx, now.tx - last.tx
    if scope == "lifetime" and now.rx + now.tx >= STEPPED_BACK * (last.rx + last.tx):
        return max(0, now.rx - last.rx), max(0, now.tx - last.tx)
    if all(backwards) or not _wrapped(last, now):
        return now.rx, now.tx
    return (now.rx - last.rx) % WRAP, (now.tx - last.tx) % WRAP


def _started_anew(source: Source, scope: Scope | None, last: Look, now: Look) -> bool:
    """A new boot empties the kernel's counters; a modem may keep its own, unless they belong to our session."""
    rebooted = now.boot_id is not None and last.boot_id is not None and now.boot_id != last.boot_id
    return rebooted and (source == "interface" or scope == "session")


def _wrapped(last: Look, now: Look) -> bool:
    """One direction fell while the other went on: a 32-bit wrap, if it was near the end and the rate is thinkable."""
    if last.boot_id != now.boot_id or max(last.rx, last.tx, now.rx, now.tx) >= WRAP:
        return False
    if now.rx == now.tx == 0:  # a reset empties both; a wrap that lands on zero beside a zero is one in four billion
        return False
    old, new = (last.rx, now.rx) if now.rx < last.rx else (last.tx, now.tx)
    seconds = max(0.0, now.monotonic - last.monotonic)
    return old >= WRAP // 2 and (new - old) % WRAP <= MAX_RATE * max(1.0, seconds)
