"""How often a damaged answer is read as something that the modem never said.

    python -m bench.damaged_answers [--most 4] [--show 2] [WORD…]

Every answer that the tests know is cut behind each character, loses a field, a comma or a quote, gets one too many, is
masked, doubled, run together with another line, broken by an echo or by bytes of the line. A figure must then be the
one of the whole answer, or not be known. What no reader can tell is not tried: a last bare number that was cut, one
digit put for another, a line that is a whole one of another meaning (`+CEREG: 5`). WORD: only answers that hold one.
"""

import argparse
from collections import Counter

import modem.decode
from modem.dialect import Dialect
from tests.modem.damaged import Answer, Damage, Lines, answers, hit, name_of, tries, truth, untrue

Row = tuple[str, str]
SHOWN_CHARS = 160


class Count:
    """Answers tried, readings given and answers with something untrue, by reader and damage."""

    def __init__(self, shown: int) -> None:
        self.tried: Counter[Row] = Counter()
        self.given: Counter[Row] = Counter()
        self.wrong: Counter[Row] = Counter()
        self._shown = shown

    def add(self, answer: Answer, at: int, damage: Damage, lines: Lines) -> None:
        row = name_of(answer, at), damage.__name__
        given = answer.readings(lines)
        false = untrue(truth(answer, damage), given)
        self.tried[row] += 1
        self.given[row] += len(given)
        self.wrong[row] += bool(false)
        if false and self.wrong[row] <= self._shown:
            print(*row, *(repr(line[:SHOWN_CHARS]) for line in lines[at : at + 2]), *false[:2], sep="\n    ")

    def print(self) -> None:
        for place, title in ((1, "damage"), (0, "reader")):
            print(f"\n{title:24} {'tried':>8} {'readings':>9} {'untrue':>7}")
            for name in sorted({row[place] for row in self.tried}, key=lambda one: -self._of(self.wrong, place, one)):
                self._line(name, *(self._of(count, place, name) for count in (self.tried, self.given, self.wrong)))
        self._line("all", *(count.total() for count in (self.tried, self.given, self.wrong)))

    @staticmethod
    def _of(count: Counter[Row], place: int, name: str) -> int:
        return sum(number for row, number in count.items() if row[place] == name)

    @staticmethod
    def _line(name: str, tried: int, given: int, wrong: int) -> None:
        print(f"{name:24} {tried:8} {given:9} {wrong:7}  {100 * wrong / tried:5.2f} %")


def remember_tables() -> None:
    """`decode` merges all makers' tables for each text; here they are merged once for each maker."""
    merge, merged = modem.decode._everything, dict[str, Dialect]()  # noqa: SLF001 - a matter of speed alone

    def everything(first: Dialect) -> Dialect:
        key = f"{first.name} {id(first)}"
        return merged[key] if key in merged else merged.setdefault(key, merge(first))

    modem.decode._everything = everything  # noqa: SLF001


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=4, help="tries of each damage to a line")
    parser.add_argument("--show", type=int, default=0, help="untrue answers to show of each reader and damage")
    parser.add_argument("words", nargs="*", metavar="WORD")
    options = parser.parse_args()
    remember_tables()
    count = Count(options.show)
    for answer in answers():
        said = "\n".join((answer.command or "", *answer.lines))
        if not options.words or any(word in said for word in options.words):
            for at in hit(answer):
                for damage, lines in tries(answer, at, options.most):
                    count.add(answer, at, damage, lines)
    count.print()


if __name__ == "__main__":
    main()
