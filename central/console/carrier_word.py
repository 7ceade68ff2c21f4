"""What the carrier's platform says of the card on record in a terminal, beside what others say: whom we go by."""

from collections.abc import Sequence
from dataclasses import dataclass

from central.api.platforms import words_of
from central.platforms.acts import Acts, Done
from central.platforms.book import Book, Facts
from central.platforms.ranking import Word, best
from central.registry import Card
from central.store.core import SqlStore

ACTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Said:
    """One word of the platform, or of the record."""

    word: Word
    stale: bool
    chosen: bool
    """The one we go by, of all who say something."""


@dataclass(frozen=True, slots=True)
class CarrierWord:
    facts: Facts | None
    said: Sequence[Said]
    acts: Sequence[Done]


async def carrier_word(store: SqlStore, card: Card, now: float) -> CarrierWord:
    book = Book(store)
    known = (await book.facts([card.iccid])).get(card.iccid)
    words = await words_of(book, card, known)
    chosen = best(words)
    ours = [Said(word, bool(word.is_stale(now)), chosen[word.fact] == word)
            for word in words if word.source in ("platform", "record")]  # fmt: skip
    return CarrierWord(known, ours, (await Acts(book, ()).of_card(card.iccid))[:ACTS_SHOWN])
