"""Long messages put together from their parts (23.040 §9.2.3.24.1, §9.2.3.24.8). Pure; time comes in.

Parts belong together by sender, reference, its width and the number of parts, and by time: references of 8 bits come
round again, so parts that are more than a day apart are of two messages. What is missing is said and marked in the
text, never guessed.
"""

from collections.abc import Iterable
from dataclasses import field, replace

from modem.frozen import dataclass
from modem.sms.coding import Part
from modem.sms.pdu import Message
from modem.sms.reading import whole
from modem.values import Sms

LIMIT_S = 24 * 3600.0
"""Networks try for days, but the parts of one message are sent together."""
GAP = "[…]"
MAX_OPEN = 64
"""Messages that wait for parts at one time; beyond it the oldest is given out as it is."""

Key = tuple[str | None, str | None, int, int, bool]


@dataclass(frozen=True, slots=True)
class Piece:
    """A message as it lies in the store: the reading, and the PDU it came from (None: text mode)."""

    sms: Sms
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class _Fragment:
    """One of several parts."""

    sms: Sms
    message: Message
    part: Part


@dataclass(slots=True)
class _Group:
    key: Key
    opened: float = 0.0
    pieces: dict[int, _Fragment] = field(default_factory=dict)
    repeats: list[_Fragment] = field(default_factory=list)

    def takes(self, piece: _Fragment) -> bool:
        return piece.part.number not in self.pieces and self.distance(piece) <= LIMIT_S

    def distance(self, piece: _Fragment) -> float:
        """Seconds to the nearest part; 0 where a time is not known."""
        return min(_apart(piece, other) for other in self.pieces.values())

    def repeats_of(self, piece: _Fragment) -> bool:
        held = self.pieces.get(piece.part.number)
        return held is not None and _same(held, piece)

    @property
    def is_complete(self) -> bool:
        return len(self.pieces) == self.key[3]


def joined(pieces: Iterable[Piece]) -> list[Sms]:
    """Whole messages, and incomplete ones as far as they go, in the order in which their first part stands."""
    order: list[Sms | _Group] = []
    groups: list[_Group] = []
    for piece in pieces:
        fragment = _fragment(piece)
        if fragment is None:
            order.append(piece.sms)
        elif opened := _placed(groups, fragment, 0.0):
            order.append(opened)
    return [_put_together(item) if isinstance(item, _Group) else item for item in order]


class Assembler:
    """Parts as they come in. Nothing is kept on disk: the parts stay in the modem's store until they are deleted."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit = limit_s
        self._groups: list[_Group] = []

    def add(self, piece: Piece, now: float) -> Sms | None:
        """The whole message if this was what it lacked. `now` in monotonic seconds."""
        fragment = _fragment(piece)
        if fragment is None:
            return piece.sms
        _placed(self._groups, fragment, now)
        done = next((group for group in self._groups if group.is_complete), None)
        if done is None:
            return None
        self._groups.remove(done)
        return _put_together(done)

    def overdue(self, now: float) -> list[Sms]:
        """What has waited too long for its parts, and what is beyond MAX_OPEN, as far as it goes."""
        late = [group for group in self._groups if now - group.opened >= self._limit]
        waiting = [group for group in self._groups if now - group.opened < self._limit]
        beyond = max(0, len(waiting) - MAX_OPEN)
        self._groups = waiting[beyond:]
        return [_put_together(group) for group in (*late, *waiting[:beyond])]

    @property
    def waiting(self) -> int:
        return len(self._groups)


def _fragment(piece: Piece) -> _Fragment | None:
    """None for what is whole by itself."""
    message = piece.message
    if message is None or message.part is None or message.part.parts == 1:
        return None
    return _Fragment(piece.sms, message, message.part)


def _placed(groups: list[_Group], piece: _Fragment, now: float) -> _Group | None:
    """Put the piece where it belongs; the group, if it had to be opened."""
    part = piece.part
    key = (piece.sms.sender, piece.sms.recipient, part.reference, part.parts, part.wide)
    mine = [group for group in groups if group.key == key]
    for group in mine:
        if group.repeats_of(piece):  # sent twice by the network, or stored twice by the modem
            group.repeats.append(piece)
            return None
    fitting = [group for group in mine if group.takes(piece)]
    if fitting:
        min(fitting, key=lambda group: group.distance(piece)).pieces[part.number] = piece
        return None
    opened = _Group(key, now, {part.number: piece})
    groups.append(opened)
    return opened


def _apart(one: _Fragment, other: _Fragment) -> float:
    first, second = one.message.time, other.message.time
    if first is None or second is None:
        return 0.0
    if first.tzinfo is None or second.tzinfo is None:
        first, second = first.replace(tzinfo=None), second.replace(tzinfo=None)
    return abs((first - second).total_seconds())


def _same(one: _Fragment, other: _Fragment) -> bool:
    said, again = one.message, other.message
    return (said.text, said.data) == (again.text, again.data) and _apart(one, other) <= LIMIT_S


def _put_together(group: _Group) -> Sms:
    parts = group.key[3]
    pieces = [group.pieces[number] for number in sorted(group.pieces)]
    places = [piece.sms.index for piece in (*pieces, *group.repeats) if piece.sms.index is not None]
    first = pieces[0].sms
    return replace(
        first,
        status="unread" if any(piece.sms.status == "unread" for piece in pieces) else first.status,
        text=_text(group),
        data=_data(pieces),
        pdu=None,
        part=None,
        missing=tuple(number for number in range(1, parts + 1) if number not in group.pieces),
        indexes=tuple(sorted(places)),
        problems=tuple(dict.fromkeys(problem for piece in pieces for problem in piece.sms.problems)),
    )


def _text(group: _Group) -> str | None:
    """Joined before surrogate pairs are: a part may end in the middle of one. A run of missing parts is one gap."""
    texts: list[str] = []
    for number in range(1, group.key[3] + 1):
        piece = group.pieces.get(number)
        if piece is None:
            texts += [GAP] if texts[-1:] != [GAP] else []
        elif piece.message.text is None:
            return None
        else:
            texts.append(piece.message.text)
    return whole("".join(texts))


def _data(pieces: list[_Fragment]) -> str | None:
    """Octets of an incomplete message would be cut anyhow: what is there, in order."""
    found = [piece.sms.data for piece in pieces if piece.sms.data is not None]
    return "".join(found) if len(found) == len(pieces) else None


__all__ = ["GAP", "LIMIT_S", "Assembler", "Piece", "joined"]
