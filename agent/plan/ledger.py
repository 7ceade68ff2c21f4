"""The ledger: how much data the card has used, by local day, counter source and card, and how much of it was ours.

Rules
- Totals and the last look at every counter are saved in the same commit, and at once when a counter begins anew. So a
  killed agent loses nothing while the machine runs on (the next look counts from the last saved one); a power cut
  loses at most what was used since the last `note` or `flush`: one save interval.
- Days are the shop's own. While the clock is not trusted, use goes to an undated bucket by hours of uptime, and gets
  its day as soon as the clock is right in the same boot; what an earlier boot left undated goes to the first day known.
  What was counted by a clock that nobody vouched for moves along when it is set (`doubt`).
- A damaged file is set aside and a new one begun; `problem` says so. A disk that cannot be written to raises
  LedgerError from `flush`; the figures stay in memory and the next flush takes them along.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Literal

from agent.plan.books import UNDATED, Books, OwnKey, UseKey
from agent.plan.calendar import local_date, zone_of
from agent.plan.counting import Look, Scope, Source, counted
from agent.plan.doubt import Doubt
from agent.plan.ledger_file import Damaged, LedgerError, LedgerFile, open_or_begin_anew
from agent.sample.base import UsageSource, UsageView

__all__ = ["KEEP_DAYS", "UNDATED_HOURS", "Ledger", "LedgerError"]

KEEP_DAYS = 400
"""With use; those without have no entry."""
KEEP_COUNTERS = 100
WORTH_THE_NAME = 32 * 1024
"""Received in a day: some payments bring it; what answers a dead card's retries (refusals, portals) seldom does."""
UNDATED_HOURS = 6
"""Hours of uptime that share an undated bucket: by so much its day may be wrong afterwards."""
SOURCES: tuple[Literal["interface", "modem"], ...] = ("interface", "modem")


class Ledger:
    """Any thread may call any method; each takes the lock only for a moment, `flush` for one commit."""

    def __init__(self, path: Path | None, zone: str = "Asia/Shanghai", *, read_only: bool = False) -> None:
        """`path` None: in memory only. Raises LedgerError when the file can be neither opened nor made."""
        self.problem: str | None = None
        """What was wrong with the file that was found, for people; None when all was well."""
        self._zone = zone_of(zone)
        self._lock = threading.Lock()
        self._boot_id: str | None = None
        self._now: tuple[float, float, bool | None] | None = None
        self._file = self._open(path, read_only=read_only) if path is not None else None
        self._books = self._file.books if self._file else Books()
        self._doubt = Doubt()

    def observe(
        self,
        source: Source,
        identity: str,
        rx: int,
        tx: int,
        wall: float,
        monotonic: float,
        boot_id: str | None,
        *,
        scope: Scope | None = None,
        card: str = "",
        trusted: bool | None = True,
    ) -> int:
        """Count one look at a counter; returns the bytes (both ways) that it added.

        `identity` tells one counter from another and outlives renaming: the interface's index, the modem's IMEI and
        context. `card` is the ICCID, as far as known: each card has its own plan. `trusted`: the wall clock is right;
        None: nobody vouches for it, and it is gone by.
        """
        if not (0 <= rx < 2**63 and 0 <= tx < 2**63):
            return 0
        look = Look(rx, tx, monotonic, boot_id)
        with self._lock:
            self._tell_time(wall, monotonic, boot_id, trusted=trusted)
            key = (source, identity)
            appeared = self._books.watched(source, identity, boot_id)
            last = self._books.last(key)
            more_rx, more_tx = counted(source, scope, last, look, appeared=appeared)
            self._books.look(key, look, wall)
            if more_rx or more_tx:
                self._add((self._day(), source, card), more_rx, more_tx)
            if appeared if last is None else rx < last.rx or tx < last.tx:
                self._save_at_once()
        return more_rx + more_tx

    def add_own(self, purpose: str, amount: int) -> None:
        """Bytes that the agent itself caused ("report", "probe", "dns" …), on the day of the last look."""
        if amount > 0:
            with self._lock:
                self._add_own((self._day(), purpose), amount)

    def tell_time(self, wall: float, monotonic: float, boot_id: str | None, *, trusted: bool | None) -> None:
        """The time of what follows, where nothing was looked at; a trusted one dates what is undated."""
        with self._lock:
            self._tell_time(wall, monotonic, boot_id, trusted=trusted)

    def stand_in(self, zone: str) -> None:
        """What is counted from now on goes to the days of this zone."""
        with self._lock:
            self._zone = zone_of(zone)

    def flush(self) -> None:
        """Save what is new, in one commit. Raises LedgerError; then nothing is lost, and the next flush has it all."""
        with self._lock:
            if self._file is not None and self._books.dirty:
                self._books.forget(KEEP_DAYS, KEEP_COUNTERS)
                self._file.save(self._books)

    def note(self) -> None:
        """Save what is new in the cheap way, against a power cut; the next `flush` has it all. Raises LedgerError."""
        with self._lock:
            if self._file is not None and self._books.dirty and not self._file.note(self._books):
                self._file.save(self._books)

    def close(self) -> None:
        """Flush and release the file; raises LedgerError if that last flush fails."""
        try:
            self.flush()
        finally:
            with self._lock:
                if self._file is not None:
                    self._file.close()
                    self._file = None

    def usage(self, cycle: tuple[date, date], card: str | None = None) -> UsageView:
        """Use within the cycle (both ends belong to it), of one card and what was counted before the card was known.

        `used_bytes` is, day by day, the greatest that any source counted: the kernel does not see what others use
        behind the same card, the modem's counter may have been reset unseen, and either may be missing for days
        (another modem is in, the interface is not known); neither counts what was not there.
        """
        start, end = cycle[0].isoformat(), cycle[1].isoformat()
        with self._lock:
            by_day = self._books.used(start, end, card)
            own = sum(self._books.own_used(start, end).values())
            seen = [(source, self._books.seen_at(source)) for source in SOURCES]
        sources = tuple(
            UsageSource(source, sum(amount for (_, of), amount in by_day.items() if of == source), at)
            for source, at in seen
            if at is not None
        )
        used = sum(_greatest(by_day).values()) if sources else None
        return UsageView(start, end, used, own if sources or own else None, sources)

    def daily(self, start: date, end: date, card: str | None = None) -> dict[date, int]:
        """Bytes by local day (of the source that counted most that day); days without any are left out."""
        with self._lock:
            by_day = self._books.used(start.isoformat(), end.isoformat(), card)
        return {date.fromisoformat(day): amount for day, amount in _greatest(by_day).items()}

    def counted_since(self, card: str | None = None) -> date | None:
        """The first day on which anything was counted for this card (or before it was known)."""
        with self._lock:
            first = self._books.first_day(card)
        return date.fromisoformat(first) if first else None

    def last_received(self, until: date, card: str | None = None) -> tuple[date, int] | None:
        """The last day up to `until` on which the card brought data worth the name, and how many bytes."""
        with self._lock:
            found = self._books.last_received(card, WORTH_THE_NAME, until.isoformat())
        return (date.fromisoformat(found[0]), found[1]) if found else None

    def own_by_purpose(self, cycle: tuple[date, date]) -> dict[str, int]:
        """The agent's own bytes of the cycle by purpose."""
        with self._lock:
            return self._books.own_used(cycle[0].isoformat(), cycle[1].isoformat())

    def undated_bytes(self) -> int:
        """Use that waits for a trusted clock; in no cycle yet."""
        with self._lock:
            return self._books.undated()

    def _add(self, key: UseKey, rx: int, tx: int) -> None:
        self._books.add(key, rx, tx)
        if (offset := self._unvouched()) is not None:
            self._doubt.use(key, rx, tx, offset)

    def _add_own(self, key: OwnKey, amount: int) -> None:
        self._books.add_own(key, amount)
        if (offset := self._unvouched()) is not None:
            self._doubt.own(key, amount, offset)

    def _save_at_once(self) -> None:
        """A counter began anew: what the old one had shown stands nowhere but here, and a kill would take it.

        A disk that refuses is met again, and told, at the next flush.
        """
        if self._file is not None:
            with suppress(LedgerError):
                self._file.save(self._books)

    def _open(self, path: Path, *, read_only: bool) -> LedgerFile:
        if not read_only:
            file, self.problem = open_or_begin_anew(path)
            return file
        try:
            return LedgerFile(path, read_only=True)
        except Damaged as damage:
            raise LedgerError(f"{path} is damaged: {damage}") from damage

    def _tell_time(self, wall: float, monotonic: float, boot_id: str | None, *, trusted: bool | None) -> None:
        self._boot_id = boot_id
        self._now = (wall, monotonic, trusted)
        if trusted and self._doubt.settle(self._books, wall - monotonic):
            self._save_at_once()  # what was on the wrong days is less now, which no note may say
        if trusted is not False:
            self._date_the_undated()

    def _date_the_undated(self) -> None:
        days = {day: self._dated(day) for day in self._books.days() if day.startswith(UNDATED)}
        moved_use = [(key, held) for key, held in self._books.use.items() if key[0] in days]
        moved_own = [(own_key, amount) for own_key, amount in self._books.own.items() if own_key[0] in days]
        for key, held in moved_use:
            self._books.drop(key)
            self._add((days[key[0]], key[1], key[2]), *held)
        for own_key, amount in moved_own:
            self._books.drop_own(own_key)
            self._add_own((days[own_key[0]], own_key[1]), amount)

    def _day(self) -> str:
        """The key of the day of the last told time; an undated bucket while the clock is known to be wrong."""
        if self._now is None:
            return UNDATED
        wall, monotonic, trusted = self._now
        if trusted is not False:
            return local_date(wall, self._zone).isoformat()
        return f"{UNDATED}{self._boot_id or ''}:{int(max(0.0, monotonic) // (UNDATED_HOURS * 3600))}"

    def _dated(self, bucket: str) -> str:
        """The day of an undated bucket, now that the clock is right; for another boot's, today."""
        wall, monotonic, _ = self._now or (0.0, 0.0, False)
        boot, _, number = bucket.removeprefix(UNDATED).rpartition(":")
        if number.isdigit() and boot == (self._boot_id or ""):
            middle = (int(number) + 0.5) * UNDATED_HOURS * 3600
            wall -= max(0.0, monotonic - middle)
        return local_date(wall, self._zone).isoformat()

    def _unvouched(self) -> float | None:
        """Wall less monotonic seconds where nobody vouches for the clock; None where somebody does, or it is wrong."""
        return self._now[0] - self._now[1] if self._now is not None and self._now[2] is None else None


def _greatest(by_day: Mapping[tuple[str, Source], int]) -> dict[str, int]:
    """Of each day, what the source says that counted most."""
    days: dict[str, int] = {}
    for (day, _), amount in by_day.items():
        days[day] = max(days.get(day, 0), amount)
    return days
