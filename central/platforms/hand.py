"""A portal's sheet, brought in: all its rows, or none when one has an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from central.platforms import by_hand, telling
from central.platforms.book import Book, Facts, taken_in
from central.registry import BadValue, Who

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Taken:
    cards: int
    told: int
    """Terminals that get to know it."""
    unknown: tuple[str, ...] = ()
    """ICCIDs that are not on record, the first hundred."""
    errors: tuple[str, ...] = ()


async def bring_in(
    book: Book, account: str, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool = False
) -> Taken:
    """Raises StoreRefused."""
    if not who.sight.everything:
        raise BadValue("what a carrier says of cards is brought in by those who see everything")
    lines, wrong = by_hand.understand(rows)
    if wrong:
        return Taken(0, 0, (), tuple(wrong[:100]))
    unknown: list[str] = []
    taken = told = 0
    for at in range(0, len(lines), _AT_ONCE):
        part = {line.iccid: line for line in lines[at : at + _AT_ONCE]}
        known = await book.holders(list(part))
        unknown += [iccid for iccid in part if iccid not in known]
        facts = [(due.terminal, _facts(part[iccid], due.known, account, who.now)) for iccid, due in known.items()]
        taken += len(facts)
        if not only_check:
            await book.keep([one for _, one in facts], who)
            told += sum([await telling.tell(book, terminal, one, who.now) for terminal, one in facts])
    return Taken(taken, told, tuple(unknown[:100]))


def _facts(line: by_hand.Line, known: Facts | None, account: str, now: int) -> Facts:
    """Of an account that a platform is asked about, a sheet changes what is known, not whose turn it is."""
    from_now = replace(known, account=known.account or account) if known else Facts(line.iccid, account)
    made = taken_in(line.iccid, from_now, line.standing, line.usage, line.ends, asked_end=False, now=now, every_s=0)
    return replace(made, next_at=from_now.next_at)
