"""What a program puts in front of a modem's lines, learned from the text itself.

    <dbg> modem_chat: modem_chat_script_next: sending: AT+CSQ          Zephyr, which also writes blanks for commas
    gammu-smsd[1902]: gammu: 2 "+CSQ: 11,99"                           numbered, in quotes
    command_lib: Token: {A7670E-FASE}                                  in braces
    esp-modem: Handling line: >>+CGREG: 0,2
A head is whatever stands up to a colon, an arrow or an opening sign before at least two lines of AT, digits counting
as equal. Once there is one, a single one before a command is believed too. A text that has none is left as it is.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

_CUT = re.compile(r"[:<>|][:<>|]?\s{0,4}(?:\d{1,3}\s)?([\"'{]?)")
_MAX_HEAD = 200
_WORDS = 3
"""By which a head is known again: the prompt of a shell may stand once or twice in front of it."""
_CLOSING = {'"': '"', "'": "'", "{": "}"}
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"([+^*$#%!&]\w{1,24}):  (\S[^,]{0,200})$")
_BETWEEN = re.compile(r' (?=(?:[^"]*"[^"]*")*[^"]*$)')


class Heads:
    """The heads of one text."""

    def __init__(self, lines: Iterable[str], is_at: Callable[[str], bool], is_command: Callable[[str], bool]) -> None:
        found = Counter[str]()
        commands = set[str]()
        for line in lines:
            for head, rest in () if is_at(line) else _cuts(line):
                if is_at(rest):
                    found[head] += 1
                    commands |= {head} if is_command(rest) else set()
                    break
        often = {head for head, times in found.items() if times > 1}
        self._known = often | commands if often else set[str]()

    def behind(self, line: str) -> str | None:
        """What stands behind one of the heads; None: there is none."""
        if not self._known:
            return None
        return next((_with_commas(head, rest) for head, rest in _cuts(line) if head in self._known), None)


def _cuts(line: str) -> Iterator[tuple[str, str]]:
    for found in _CUT.finditer(line, 0, _MAX_HEAD):
        rest, opening = line[found.end() :].strip(), found[1]
        if not opening or rest.endswith(_CLOSING[opening]):
            words = _DIGITS.sub("0", line[: found.end()]).split()
            yield " ".join(words[-_WORDS:]), rest[: len(rest) - len(opening)]


def _with_commas(head: str, rest: str) -> str:
    blanks = _BLANKS.match(rest) if "modem_chat" in head else None
    return f"{blanks[1]}: {_BETWEEN.sub(',', blanks[2])}" if blanks else rest
