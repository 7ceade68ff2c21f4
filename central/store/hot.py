"""The hot path: a group of deliveries into the tables, with few statements.

Of each terminal the row of `terminal_state` is read, and locked until the commit: two processes that store the same
report at once cannot both think it new (held.py), and state moves forward only. Then it is written once, with all that
the delivery says of the present, so that a report changes two rows: this one and its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from central.store import sql
from central.store.base import Delivery, NewReport, Receipt
from central.store.database import Row, Session
from central.store.held import Sifted, Window, blocks, not_held, sift


@dataclass(slots=True)
class _Present:
    """A row of terminal_state, as far as a delivery can change it."""

    epoch: str | None
    window: Window
    last_heard: int
    repeats: int
    beat: tuple[int, int]
    verdict: tuple[int, int]


def deliver(session: Session, deliveries: Sequence[Delivery]) -> list[Receipt]:
    """A receipt for each."""
    receipts: dict[int, Receipt] = {}
    for wave in waves(deliveries):
        stored = _store(session, [deliveries[place] for place in wave])
        receipts.update(zip(wave, stored, strict=True))
    return [receipts[place] for place in range(len(deliveries))]


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


def _store(session: Session, wave: Sequence[Delivery]) -> list[Receipt]:
    """`wave` names each terminal once, in order: processes that write at the same time cannot deadlock."""
    known = _known(session, wave)
    numbers = [_number(session, one, known[one.terminal]) for one in wave]
    fresh = _fresh(session, wave, numbers, known)
    batches = _Batches()
    for one, number, new in zip(wave, numbers, fresh, strict=True):
        batches.add(one, known[one.terminal], number, new)
    batches.write(session)
    return [Receipt(len(new), len(one.reports) - len(new)) for one, new in zip(wave, fresh, strict=True)]


def _known(session: Session, wave: Sequence[Delivery]) -> dict[str, _Present]:
    rows = session.many_rows(sql.PRESENT, [(one.terminal,) for one in wave])
    if len(rows) < len(wave):
        there = {row[0] for row in rows}
        missing = [one for one in wave if one.terminal not in there]
        session.many(sql.FIRST_HEARD, [(one.terminal, one.received_at, one.clock_skew_s) for one in missing])
        rows += session.many_rows(sql.PRESENT, [(one.terminal,) for one in missing])
    return {row[0]: _present(row) for row in rows}


def _present(row: Row) -> _Present:
    _, epoch, number, block, bits, heard, repeats, beat_epoch, beat_seq, change_epoch, change_seq = row
    window = Window() if number is None else Window(number, block, bits)
    beat = (0, 0) if beat_seq is None else (beat_epoch, beat_seq)
    return _Present(epoch, window, heard, repeats, beat, (0, 0) if change_seq is None else (change_epoch, change_seq))


def _number(session: Session, delivery: Delivery, present: _Present) -> int:
    """Of the epoch: 1 is the first that was heard of this terminal."""
    if present.epoch == delivery.epoch:
        return present.window.epoch_number
    values = (delivery.terminal, delivery.epoch)
    if not (found := session.rows(sql.EPOCH, values)):
        found = session.rows(sql.NEW_EPOCH, (*values, delivery.received_at, delivery.terminal))
    return int(found[0][0])


def _fresh(
    session: Session, wave: Sequence[Delivery], numbers: Sequence[int], known: dict[str, _Present]
) -> list[list[NewReport]]:
    """The reports of each delivery that are not held yet, each number once."""
    asked: list[tuple[object, ...]] = []
    left: list[tuple[object, ...]] = []
    sifted: list[Sifted] = []
    for one, number in zip(wave, numbers, strict=True):
        found = sift(known[one.terminal].window, number, blocks(one.reports))
        sifted.append(found)
        asked += [(one.terminal, number, block, bits) for block, bits in found.older.items()]
        left += [(one.terminal, past.epoch_number, past.block, past.bits) for past in found.left]
    before = session.many_rows(sql.RECEIVED, asked) if asked else []
    if left:
        session.many_rows(sql.RECEIVED, left)
    answers = iter(before)
    for found in sifted:
        found.held.update({block: int(next(answers)[0]) for block in found.older})
    return [not_held(one.reports, found.held) for one, found in zip(wave, sifted, strict=True)]


class _Batches:
    """Rows of one wave, by statement."""

    def __init__(self) -> None:
        self.reports: list[tuple[object, ...]] = []
        self.changes: list[tuple[object, ...]] = []
        self.states: dict[str, list[tuple[object, ...]]] = {}
        self.rejections: list[tuple[object, ...]] = []

    def add(self, one: Delivery, present: _Present, number: int, new: Sequence[NewReport]) -> None:
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
        statement, values = _state(one, present, number, new)
        self.states.setdefault(statement, []).append(values)

    def write(self, session: Session) -> None:
        for statement, rows in (
            (sql.REPORT, self.reports),
            (sql.CHANGE, self.changes),
            *self.states.items(),
            (sql.REJECTION, self.rejections),
        ):
            if rows:
                session.many(statement, rows)


def _state(one: Delivery, present: _Present, number: int, new: Sequence[NewReport]) -> tuple[str, tuple[object, ...]]:
    """The update of the terminal's row, and its values. A heartbeat or verdict that is older than the one there is says
    nothing of the present.
    """
    at, window, beat, verdict = one.received_at, present.window, one.heartbeat, one.verdict
    epoch = one.epoch if number == window.epoch_number else present.epoch
    repeats = present.repeats + len(one.reports) - len(new)
    values: tuple[object, ...] = (
        max(present.last_heard, at), one.clock_skew_s, repeats, epoch, window.epoch_number, window.block, window.bits,
    )  # fmt: skip
    moves_beat = beat is not None and bool(new) and (number, beat.seq) > present.beat
    moves_verdict = verdict is not None and bool(new) and (number, verdict.seq) > present.verdict
    if beat is not None and moves_beat:
        values += (
            number, beat.seq, at, beat.interval_s, beat.next_due, beat.verdict, beat.severity, beat.iccid, beat.body,
        )  # fmt: skip
    if verdict is not None and moves_verdict:
        values += (number, verdict.seq, verdict.code, verdict.severity, verdict.since, verdict.titles)
    return sql.STATES[moves_beat, moves_verdict], (*values, one.terminal)
