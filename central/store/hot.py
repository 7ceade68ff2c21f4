"""The hot path: a group of deliveries into the tables, with few statements.

Repeats are found by `received`, a bitmap of the numbers held, BLOCK of them a row: exact, a fifth of a byte a report,
and still there when history was thinned out. That is why `reports` may be partitioned by time, and why a report that
comes again after a year is still a repeat. The statement that sets bits returns what they were before, so two
processes that store the same report at once cannot both think it new.
"""

from collections import OrderedDict
from collections.abc import Sequence

from central.store import sql
from central.store.base import Delivery, NewReport, Receipt
from central.store.database import Session

BLOCK = 60
"""Bits of a signed 64-bit integer, and a rounder number than 63."""
_EPOCHS_KEPT = 100_000


class Deliverer:
    """Stores deliveries; remembers the numbers of epochs, which never change. Used by one thread."""

    def __init__(self) -> None:
        self._epochs: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._made: dict[tuple[str, str], int] = {}
        """Epochs born in this very transaction: not remembered, because it may yet be rolled back."""

    def __call__(self, session: Session, deliveries: Sequence[Delivery]) -> list[Receipt]:
        receipts: dict[int, Receipt] = {}
        self._made.clear()
        for wave in waves(deliveries):
            stored = self._store(session, [deliveries[place] for place in wave])
            receipts.update(zip(wave, stored, strict=True))
        return [receipts[place] for place in range(len(deliveries))]

    def _store(self, session: Session, wave: Sequence[Delivery]) -> list[Receipt]:
        """`wave` names each terminal once, in order: processes that write at the same time cannot deadlock."""
        numbers = [self._number(session, one) for one in wave]
        fresh = _fresh(session, wave, numbers)
        batches = _Batches()
        for one, number, new in zip(wave, numbers, fresh, strict=True):
            batches.add(one, number, new)
        batches.write(session)
        return [Receipt(len(new), len(one.reports) - len(new)) for one, new in zip(wave, fresh, strict=True)]

    def _number(self, session: Session, delivery: Delivery) -> int:
        key = (delivery.terminal, delivery.epoch)
        number = self._epochs.get(key) or self._made.get(key)
        if number is None:
            number, was_there = _look_up_epoch(session, delivery)
            (self._epochs if was_there else self._made)[key] = number
            if len(self._epochs) > _EPOCHS_KEPT:
                self._epochs.popitem(last=False)
        return number


def waves(deliveries: Sequence[Delivery]) -> list[list[int]]:
    """Places of deliveries, so that each terminal is once in a wave, its first delivery in the first; by terminal."""
    turn: dict[str, int] = {}
    found: list[list[int]] = []
    for place, delivery in enumerate(deliveries):
        number = turn[delivery.terminal] = turn.get(delivery.terminal, -1) + 1
        if number == len(found):
            found.append([])
        found[number].append(place)
    return [sorted(wave, key=lambda place: deliveries[place].terminal) for wave in found]


def _look_up_epoch(session: Session, delivery: Delivery) -> tuple[int, bool]:
    """Its number, and whether it was there before."""
    values = (delivery.terminal, delivery.epoch)
    while True:  # another process may take the number we wanted; then there is one epoch more, and a new number
        if found := session.rows(sql.EPOCH, values):
            return int(found[0][0]), True
        if made := session.rows(sql.NEW_EPOCH, {"terminal": values[0], "epoch": values[1], "at": delivery.received_at}):
            return int(made[0][0]), False


def _fresh(session: Session, wave: Sequence[Delivery], numbers: Sequence[int]) -> list[list[NewReport]]:
    """The reports of each delivery that are not held yet, each number once."""
    blocks = [_blocks(one.reports) for one in wave]
    values = [
        (one.terminal, number, block, bits)
        for one, number, mine in zip(wave, numbers, blocks, strict=True)
        for block, bits in mine.items()
    ]
    before = iter(session.many_rows(sql.RECEIVED, values) if values else ())
    found = []
    for one, mine in zip(wave, blocks, strict=True):
        held = {block: int(next(before)[0]) for block in mine}
        found.append(_not_held(one.reports, held))
    return found


def _blocks(reports: Sequence[NewReport]) -> dict[int, int]:
    if len(reports) == 1:
        block, bit = divmod(reports[0].seq, BLOCK)
        return {block: 1 << bit}
    found: dict[int, int] = {}
    for report in reports:
        block, bit = divmod(report.seq, BLOCK)
        found[block] = found.get(block, 0) | 1 << bit
    return dict(sorted(found.items()))


def _not_held(reports: Sequence[NewReport], held: dict[int, int]) -> list[NewReport]:
    found = []
    for report in reports:
        block, bit = divmod(report.seq, BLOCK)
        if not held[block] >> bit & 1:
            held[block] |= 1 << bit
            found.append(report)
    return found


_NO_BEAT = (None,) * 9
_NO_VERDICT = (None,) * 6


class _Batches:
    """Rows of one wave, by statement."""

    def __init__(self) -> None:
        self.reports: list[tuple[object, ...]] = []
        self.changes: list[tuple[object, ...]] = []
        self.states: list[tuple[object, ...]] = []
        self.rejections: list[tuple[object, ...]] = []

    def add(self, one: Delivery, number: int, new: Sequence[NewReport]) -> None:
        terminal, at = one.terminal, one.received_at
        for r in new:
            self.reports.append((terminal, number, r.seq, r.type, r.at, r.happened_at, at, r.body))
        if one.changes:
            fresh = {report.seq for report in new}
            self.changes += [
                (terminal, number, change.seq, change.type, change.code, change.happened_at, at, change.body)
                for change in one.changes
                if change.seq in fresh
            ]
        if one.rejections:
            self.rejections += [(terminal, bad.reason, at, at, bad.seq, bad.detail) for bad in one.rejections]
        self.states.append(_state(one, number, new))

    def write(self, session: Session) -> None:
        for statement, rows in (
            (sql.REPORT, self.reports),
            (sql.CHANGE, self.changes),
            (sql.STATE, self.states),
            (sql.REJECTION, self.rejections),
        ):
            if rows:
                session.many(statement, rows)


def _state(one: Delivery, number: int, new: Sequence[NewReport]) -> tuple[object, ...]:
    beat, verdict, at = one.heartbeat, one.verdict, one.received_at
    beat_values: tuple[object, ...] = _NO_BEAT
    if beat is not None and new:
        beat_values = (
            number, beat.seq, at, beat.interval_s, beat.next_due, beat.verdict, beat.severity, beat.iccid, beat.body,
        )  # fmt: skip
    verdict_values: tuple[object, ...] = _NO_VERDICT
    if verdict is not None and new:
        verdict_values = (number, verdict.seq, verdict.code, verdict.severity, verdict.since, verdict.titles)
    repeated = len(one.reports) - len(new)
    return one.terminal, at, one.clock_skew_s, repeated, *beat_values, *verdict_values
