"""What a program puts in front of a modem's lines, learned from the text itself.

    <dbg> modem_chat: modem_chat_script_next: sending: AT+CSQ          Zephyr, which also writes blanks for commas
    gammu-smsd[1902]: gammu: 2 "+CSQ: 11,99"                           numbered, in quotes
    command_lib: Token: {A7670E-FASE}                                  in braces
    esp-modem: Handling line: >>+CGREG: 0,2
A head is whatever stands up to a colon, an arrow or an opening sign before at least two lines of AT, digits counting
as equal. Once there is one, those that come but once are believed too. A text that has none is left as it is.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

_CUT = re.compile(r"[:<>][:<>]?\s{0,4}(?:\d{1,3}\s)?((?:b?[\"'{]){0,2})")
_MAX_HEAD = 200
_SAMPLE = 2000
"""Lines from which heads are learned: a program writes them from the start."""
_WORDS = 3
"""By which a head is known again: the prompt of a shell may stand once or twice in front of it."""
_CLOSING = str.maketrans("{", "}", "b")
_ENDS = re.compile(r"(?:\\[rn])+$")
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"([+^*$#%!&]\w{1,24}):  (\S[^,]{0,200})$")
_BETWEEN = re.compile(r' (?=(?:[^"]*"[^"]*")*[^"]*$)')


class Heads:
    """The heads of one text."""

    def __init__(self, lines: Iterable[str], is_at: Callable[[str], bool]) -> None:
        found = Counter[str]()
        for line in islice(lines, _SAMPLE):
            if not is_at(line):
                found.update([head for head, rest in _cuts(line) if is_at(rest)][:1])
        self._known = frozenset(found) if any(times > 1 for times in found.values()) else frozenset[str]()

    def behind(self, line: str) -> str | None:
        """What stands behind one of the heads; None: there is none."""
        if not self._known:
            return None
        return next((_with_commas(head, rest) for head, rest in _cuts(line) if head in self._known), None)


def _cuts(line: str) -> Iterator[tuple[str, str]]:
    for found in _CUT.finditer(line, 0, _MAX_HEAD):
        rest, closing = line[found.end() :].strip(), found[1].translate(_CLOSING)[::-1]
        if rest.endswith(closing):
            words = _DIGITS.sub("0", line[: found.end()]).split()
            yield " ".join(words[-_WORDS:]), _ENDS.sub("", rest.removesuffix(closing))


def _with_commas(head: str, rest: str) -> str:
    blanks = _BLANKS.match(rest) if "modem_chat" in head else None
    return f"{blanks[1]}: {_BETWEEN.sub(',', blanks[2])}" if blanks else rest
