"""Several packages on one card, each with its own end: which one today's data comes from. Pure.

Carriers take data from the bucket that ends soonest (so that as little as possible is lost), of two that end on one
day from the one that began first. A package that comes anew with every cycle is a new bucket each time; what is left
of the old one is gone. What no bucket covers is billed extra, or cut: `over`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from agent.plan.calendar import CycleRule, cycle_of, parse_date
from modem.frozen import dataclass

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Package:
    quota_bytes: int
    first: date | None = None
    """None: since ever."""
    last: date | None = None
    """None: until further notice."""
    once: bool = False
    """One bucket for the whole time (加油包, year card); else a new one with every cycle."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A package, or one cycle of it. Both ends belong to it."""

    package: int
    """Its place in the list."""
    first: date
    last: date
    quota_bytes: int
    used_bytes: int = 0

    @property
    def left_bytes(self) -> int:
        return self.quota_bytes - self.used_bytes


@dataclass(frozen=True, slots=True)
class Drained:
    """How it stands on a day."""

    open: tuple[Bucket, ...]
    """The buckets of that day, the one that is drawn from first comes first."""
    over_bytes: int
    """Used on days within the present cycle when every bucket was empty."""

    @property
    def left_bytes(self) -> int:
        return sum(bucket.left_bytes for bucket in self.open)

    @property
    def quota_bytes(self) -> int:
        return sum(bucket.quota_bytes for bucket in self.open)


def read_package(text: str) -> Package | None:
    """ "1024 2026-11-01 2027-01-31 once": MB, first and last day or "-", once or cycle. None: not readable."""
    parts = text.split()
    if len(parts) != 4 or not (parts[0].isascii() and parts[0].isdigit()) or parts[3] not in ("once", "cycle"):
        return None
    days = [None if part == "-" else parse_date(part) for part in parts[1:3]]
    if any(day is None and part != "-" for day, part in zip(days, parts[1:3], strict=True)):
        return None
    return Package(int(parts[0]) * MEGABYTE, days[0], days[1], parts[3] == "once")


def open_on(packages: Sequence[Package], rule: CycleRule, day: date) -> list[Bucket]:
    """The buckets of a day, all of them full, in the order in which they are drawn from."""
    found = [bucket for number, package in enumerate(packages) for bucket in _bucket(number, package, rule, day)]
    return sorted(found, key=lambda bucket: (bucket.last, bucket.first, bucket.package))


def drain(packages: Sequence[Package], rule: CycleRule, daily: Mapping[date, int], today: date) -> Drained:
    """What is left on `today` when `daily` bytes were used on each day up to it."""
    used: dict[tuple[int, date], int] = {}
    start, over = cycle_of(rule, today)[0], 0
    for day in sorted(day for day in daily if day <= today):
        rest = _take(open_on(packages, rule, day), used, max(0, daily[day]))
        over += rest if day >= start else 0
    buckets = open_on(packages, rule, today)
    return Drained(tuple(_with_use(bucket, used) for bucket in buckets), over)


def _take(buckets: list[Bucket], used: dict[tuple[int, date], int], amount: int) -> int:
    """What the buckets could not give."""
    for bucket in buckets:
        key = (bucket.package, bucket.first)
        part = min(amount, bucket.quota_bytes - used.get(key, 0))
        used[key] = used.get(key, 0) + part
        amount -= part
    return amount


def _bucket(number: int, package: Package, rule: CycleRule, day: date) -> Iterator[Bucket]:
    first, last = package.first or date.min, package.last or date.max
    if not first <= day <= last:
        return
    if not package.once:
        start, end = cycle_of(rule, day)
        first, last = max(first, start), min(last, end)
    yield Bucket(number, first, last, package.quota_bytes)


def _with_use(bucket: Bucket, used: Mapping[tuple[int, date], int]) -> Bucket:
    spent = used.get((bucket.package, bucket.first), 0)
    return Bucket(bucket.package, bucket.first, bucket.last, bucket.quota_bytes, spent)
