"""Entries of the outbox → one batch as it travels. What cannot travel is named, and keeps nobody else back."""

from collections.abc import Iterable, Sequence

from agent.outbox.base import Entry, Key
from agent.uplink.base import SendError
from agent.wire import MAX_BATCH_RECORDS, VERSION, Answer, WireError, numbered
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Packed:
    data: bytes
    """Empty when no entry can travel."""
    entries: tuple[Entry, ...]
    unreadable: tuple[tuple[Key, str], ...]


def pack(entries: Iterable[Entry], sent_at: float) -> Packed:
    """The longest batch of one epoch from the front of `entries`; the rest is for the next time.

    `sent_at` in wall seconds. Entries that are not what `agent.wire.stored` makes come back in `unreadable`.
    """
    good: list[tuple[Entry, bytes]] = []
    unreadable: list[tuple[Key, str]] = []
    epoch: str | None = None
    for entry in entries:
        if len(good) >= MAX_BATCH_RECORDS or (epoch and entry.key.epoch != epoch):
            break
        try:
            good.append((entry, numbered(entry.record.body, entry.key.seq)))
            epoch = entry.key.epoch
        except WireError as error:
            unreadable.append((entry.key, str(error)))
    head = f'{{"v":{VERSION},"epoch":"{epoch}","sent_at":{max(0, int(sent_at))},"records":['.encode()
    data = head + b",".join(text for _, text in good) + b"]}" if good else b""
    return Packed(data, tuple(entry for entry, _ in good), tuple(unreadable))


def refused_by(answer: Answer, entries: Sequence[Entry]) -> list[tuple[Key, str]]:
    """The rejected ones with the centre's reason. An answer that does not account for every record is none."""
    keys = {entry.key.seq: entry.key for entry in entries}
    reasons = {rejected.seq: rejected.reason for rejected in answer.rejected}
    if not reasons.keys() <= keys.keys() or answer.acked + len(reasons) != len(keys):
        raise SendError(
            "answer", f"the answer accounts for {answer.acked} + {len(reasons)} records, not for the {len(keys)} sent"
        )
    return [(keys[seq], reason) for seq, reason in sorted(reasons.items())]
