"""Where sentences and clauses of a text end; a mark inside an amount or a date ends nothing. Pure."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from modem.frozen import dataclass

_SHORT = (
    r"(?<!\bs\.d)(?<!\bs/d)(?<!\bs\.d\.)(?<!\btgl)(?<!\bpk)(?<!\brs)(?<!\brp)(?<!\bexp)(?<!\bval)(?<!\bbal)"
    r"(?<!\bt\.o\.m)(?<!\bdvs)(?<!\bud)(?<!\buds)(?<!\bsr)(?<!\bsra)"
    r"(?<!\bi\.e)(?<!\be\.g)(?<!\bapprox)(?<!\bno(?=\.\s?[\dx*]))(?<!\bnum(?=\.\s?[\dx*]))"
)

_SENTENCE = re.compile(
    _SHORT
    + r"\.(?=\s|$)|[。!?;\n\r]|(?<=\D)(?<!\bs)(?<!\bt(?=\.o\.m))(?<!\bt\.o(?=\.m))(?<!\bi(?=\.e\b))(?<!\be(?=\.g\b))"
    r"\.(?=[a-zа-я一-鿿])"
    r"|(?<=\d)\.(?=[a-z]{3})|\.{2,}|$"
)

_CLAUSE = re.compile(_SHORT + r"\.(?=\s|$)|" r"[,、|](?!\d)|(?<!\d),|[。!?;\n\r]|(?<=\d)\.(?=[a-z]{3})|$")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where sentences and clauses end, in positions of the text."""

    plain: str
    sentence_ends: tuple[int, ...]
    clause_ends: tuple[int, ...]

    def sentence(self, position: int) -> int:
        return bisect_left(self.sentence_ends, position)

    def sentence_start(self, position: int) -> int:
        index = self.sentence(position)
        return self.sentence_ends[index - 1] + 1 if index else 0

    def sentence_end(self, position: int) -> int:
        index = self.sentence(position)
        return self.sentence_ends[index] if index < len(self.sentence_ends) else len(self.plain)

    def clause_start(self, position: int) -> int:
        index = bisect_left(self.clause_ends, position)
        return self.clause_ends[index - 1] + 1 if index else 0

    def clause_end(self, position: int) -> int:
        index = bisect_left(self.clause_ends, position)
        return self.clause_ends[index] if index < len(self.clause_ends) else len(self.plain)

    def sentence_of(self, position: int) -> str:
        return self.plain[self.sentence_start(position) : self.sentence_end(position)]

    def clause_of(self, position: int) -> str:
        return self.plain[self.clause_start(position) : self.clause_end(position)]


def layout(plain: str, taken: Sequence[tuple[int, int]]) -> Layout:
    """Marks inside an amount or a date ("Rs. 100", "31. Dec") end nothing."""
    inside = bytearray(len(plain) + 1)
    for start, end in taken:
        inside[start:end] = b"\x01" * (end - start)
    ends = [
        tuple(hit.start() for hit in one.finditer(plain) if not inside[hit.start()]) for one in (_SENTENCE, _CLAUSE)
    ]
    return Layout(plain, ends[0], ends[1])
