"""What the engine keeps of the command in flight, and of a URC that is not yet complete. Bounded; no rules of order."""

from dataclasses import field

from modem import belongs
from modem.events import Command, Final, Outcome
from modem.frozen import dataclass

MAX_REPLY = 256 * 1024
"""Characters of one reply, a line counted with LINE_COST more: AT+CMGL of a full SIM card is 40 kB."""
LINE_COST = 64


@dataclass(slots=True)
class Flight:
    """The command in flight and what has come of its answer."""

    command: Command
    sent_at: float
    prefixes: frozenset[str]
    lines: list[str] = field(default_factory=list)
    size: int = 0
    dropped: int = 0
    final: Final | None = None
    """Held: FOLLOWING, or perhaps only text of a message."""
    until: float = 0.0
    echoed: bool = False
    in_text: bool = False
    """Within a text-mode message, where a line may say anything."""
    text_due: bool = False
    """The next line is text whatever it says."""

    def keep(self, line: str) -> None:
        cost = len(line) + LINE_COST
        if self.size + cost > MAX_REPLY:
            self.dropped += len(line)
        else:
            self.size += cost
            self.lines.append(line)

    def asks_once(self, line: str) -> bool:
        return belongs.prefix_of(line) in self.prefixes and belongs.asks_once(line, self.command)


@dataclass(slots=True)
class OpenUrc:
    lines: list[str]
    until: float
    text: bool
    """A quoted text goes on; otherwise just one line is missing."""


def is_read(text: str) -> bool:
    """AT+X?: an OK without +X: is no whole answer."""
    return text.endswith("?") and not text.endswith("=?") and bool(belongs.own_prefixes(text))


def payload_lines(command: Command) -> list[str]:
    if not command.payload:
        return []
    text = command.payload.decode("latin-1")
    return [line.strip() for line in text.rstrip("\x1a").splitlines()]


def told_apart(flight: Flight, final: Final) -> tuple[list[str], tuple[str, ...]]:
    """News with the answer's own prefix → (news, answer): see `modem.belongs`. A refusal has no such answer at all."""
    if len(flight.lines) < 2 and final.outcome is not Outcome.REFUSED:
        return [], tuple(flight.lines)
    best: dict[str, str] = {}
    for line in flight.lines:
        held = best.get(belongs.prefix_of(line))
        if held is None or belongs.weight(line) >= belongs.weight(held):
            best[belongs.prefix_of(line)] = line
    kept = set() if final.outcome is Outcome.REFUSED else set(best.values())
    news: list[str] = []
    answer: list[str] = []
    for line in reversed(flight.lines):  # of equal lines the last is the answer
        is_news = flight.asks_once(line) and line not in kept
        (news if is_news else answer).append(line)
        kept.discard(line)
    return news[::-1], tuple(answer[::-1])
