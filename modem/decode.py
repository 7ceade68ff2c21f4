"""Reading an AT dialogue from text: what was asked, how it ended, what the answers mean.

One `Decoded` for each exchange and for each URC, in order. No line is lost: each is a reading, a known URC, an echo,
a final result, or stands in `unknown`. Nothing is invented: a line is read only if a reader gets
something from it. No PIN and no password is shown.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from modem import belongs, causes, hidden, transcript
from modem.decode_lines import shared_out
from modem.dialect import Dialect, Parse
from modem.dialects import all_dialects, choose
from modem.dialects.threegpp import nothing
from modem.events import Command, Final, Outcome, Reply
from modem.fields import body_of, prefix_of
from modem.final import ends, read_final
from modem.frozen import dataclass
from modem.replies import capability
from modem.sms.pdu import is_pdu
from modem.sms.reading import read_pdu
from modem.transcript_forms import is_command
from modem.values import Reading, as_json

_DECLARED = {"SHUT OK", "SEND OK", "CLOSE OK"}
"""Final results of SIMCom's +CIP… commands only (captures sim800l, sim900)."""
_PROMPT = re.compile(r">\s?$|> ")
_NAME = re.compile(r"([+^%!*$#&_][A-Za-z0-9_]+|[A-Za-z])")
_LIST = re.compile(r"\((\d+|\d+-\d+|\"[^\"()]*\")([,)]|$)")
"""How the answer to a test command begins: (0-2), ("ME","SM") or (1,5,7)."""
_READ_BY_TEST = frozenset({"+COPS", "+ZPINPUK"})
"""Their test commands ask for networks and for tries left (ZTE), not for what they take."""
_SAMPLE_CHARS = 200_000
MAX_ANSWER_LINES = 500
MAX_URC_LINES = 32


@dataclass(frozen=True, slots=True)
class Refused:
    """A final result other than success, explained."""

    family: str | None
    code: int | None
    meaning: str | None


@dataclass(frozen=True, slots=True)
class Decoded:
    """One exchange (`command` as sent), or one URC (`command` None, its lines in `urcs`)."""

    command: str | None = None
    final: str | None = None
    error: Refused | None = None
    readings: tuple[Reading, ...] = ()
    urcs: tuple[str, ...] = ()
    """Unsolicited lines. Those that came during an exchange stand in it, and have an object of their own before it."""
    unknown: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """As one line of `posagent decode --json`."""
        return dict(as_json(self))


def decode(text: str, dialect: Dialect | None = None) -> Iterator[Decoded]:
    """All exchanges and URCs of `text`. `dialect` None: the vendor is taken from what the modem says of itself."""
    said = list(transcript.read(text))
    reader = _Dialogue(_everything(dialect or guess(said)))
    for line in said:
        yield from map(_discreet, reader.feed(line))
    yield from map(_discreet, reader.close())


def _discreet(one: Decoded) -> Decoded:
    """Without the PINs and passwords that people paste along; see `modem.hidden`."""
    command = None if one.command is None else hidden.masked(one.command)
    shown = (command, tuple(map(hidden.masked, one.urcs)), tuple(map(hidden.masked, one.unknown)))
    if shown == (one.command, one.urcs, one.unknown):
        return one
    return replace(one, command=shown[0], urcs=shown[1], unknown=shown[2])


def guess(said: list[transcript.Said]) -> Dialect:
    """The dialect of the modem that talks here, by the words in its answers."""
    return choose("", "", "\n".join(line.text for line in said if line.speaker != "remark")[:_SAMPLE_CHARS])


def _everything(first: Dialect) -> Dialect:
    """`first`, and behind it what all the others read: vendors' command names do not collide, with few exceptions."""
    parsers: dict[str, Parse] = {}
    urcs: dict[str, Callable[[tuple[str, ...]], tuple[Reading, ...]]] = {}
    restarts = list(first.restarts)
    for other in reversed(all_dialects()):
        parsers = {**other.parsers, **parsers}
        told = {name: reader for name, reader in urcs.items() if reader is not nothing}
        urcs = {**urcs, **other.urcs, **told}  # ^SIMST is Huawei's too, and only there it is known what it says
        restarts += other.restarts
    parsers, urcs = {**parsers, **first.parsers}, {**urcs, **first.urcs}
    return replace(first, parsers=parsers, urcs=urcs, restarts=tuple(restarts))


@dataclass(slots=True)
class _Exchange:
    """A command (None: answers came without one) and what has come since."""

    command: str | None
    is_echo_due: bool = False
    lines: list[str] = field(default_factory=list)
    urcs: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    payload: str | None = None
    """The PDU that was handed over behind the prompt."""


class _Dialogue:
    """Puts lines together to exchanges and URCs."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._open: _Exchange | None = None
        self._due: list[str] = []
        """A URC whose lines have not all come."""

    def feed(self, line: transcript.Said) -> Iterator[Decoded]:
        if self._is_payload(line.text):
            return
        if line.speaker == "remark":
            yield Decoded(unknown=(line.text,))
        elif line.speaker == "host" or (self._may_ask(line.speaker) and is_command(line.text)):
            yield from self._command(line)
        else:
            yield from self._answer(line.text)

    def _may_ask(self, speaker: transcript.Speaker) -> bool:
        """A log of what came only has the commands' echoes."""
        return speaker == "unknown" or (self._open is None and not self._due)

    def close(self) -> Iterator[Decoded]:
        if self._due:
            yield self._urc(tuple(self._due))
        if self._open is not None:
            yield self._finished(self._open, None)
        self._open, self._due = None, []

    def _command(self, line: transcript.Said) -> Iterator[Decoded]:
        if line.speaker == "unknown" and self._is_echo(line.text):
            return
        yield from self.close()
        self._open = _Exchange(line.text, is_echo_due=line.speaker == "host")

    def _is_payload(self, text: str) -> bool:
        """The PDU of AT+CMGS or AT+CMGW, whoever is said to have written it; kept with the exchange."""
        now = self._open
        if now is None or now.lines or not _wants_text(now):
            return False
        digits = text.strip().lstrip("> ").removesuffix("^Z").strip("\x1a\ufffd ")
        if is_pdu(digits):
            now.payload = digits
        return is_pdu(digits)

    def _is_echo(self, text: str) -> bool:
        """Is it the command in flight once more? A bare "AT" twice in a paste is a second try."""
        now = self._open
        if now is None or now.command is None or not _same(now.command, text):
            return False
        return now.is_echo_due or (not now.lines and len(text) > len("AT"))

    def _answer(self, text: str) -> Iterator[Decoded]:
        if self._due:
            yield from self._continued(text)
            return
        now = self._open
        if now is not None and now.command is not None and _same(now.command, text):
            return  # echo
        final = read_final(text, _DECLARED if "+CIP" in ((now and now.command) or "").upper() else ())
        is_news = now is None and self._key(text) is not None  # NO CARRIER after CONNECT
        if final is not None and not is_news and (now is None or ends(final, now.command or "")):
            self._open = None
            yield self._finished(now or _Exchange(None), final)
        elif self._is_urc(text):
            yield from self._news(text)
        elif not _is_prompt(text, now):
            yield from self._information(text)

    def _information(self, text: str) -> Iterator[Decoded]:
        """A line of an answer; without a command in flight it opens an exchange that has none."""
        if self._open is not None and len(self._open.lines) >= MAX_ANSWER_LINES:
            yield self._finished(self._open, None)
            self._open = _Exchange(None)
        if self._open is None:
            self._open = _Exchange(None)
        self._open.lines.append(text)

    def _news(self, text: str) -> Iterator[Decoded]:
        now = self._open
        if now is not None and now.command is None:
            yield from self.close()
        elif now is not None:
            now.urcs.append(text)
        if belongs.has_second_line(text) or belongs.is_open_text(text):
            self._due = [text]
        else:
            yield self._urc((text,))

    def _continued(self, text: str) -> Iterator[Decoded]:
        """The second line of a +CMT:, or more of a USSD text; the latter ends with its quote, or at a final result."""
        is_text = belongs.is_open_text(self._due[0])
        is_cut = is_text and (read_final(text) is not None or len(self._due) >= MAX_URC_LINES)
        if not is_cut:
            self._due.append(text)
        if is_cut or not is_text or belongs.closes_text(text):
            lines, self._due = tuple(self._due), []
            yield self._urc(lines)
        if is_cut:
            yield from self._answer(text)

    def _is_urc(self, text: str) -> bool:
        key = self._key(text)
        if key is None:
            return False
        command = self._open.command if self._open else None
        if command is None:
            return True  # some modems send the URC in the shape of the answer, so the shape tells nothing here
        asked = Command(command, tuple(f"{name}:" for name, _ in parts_of(command)))
        return self._dialect.unsolicited(text, asked) or key not in asked.expects

    def _key(self, text: str) -> str | None:
        """The name under which the line is known as a URC."""
        prefix = prefix_of(text)
        if prefix in self._dialect.urcs:
            return prefix
        if text in self._dialect.urcs or text in self._dialect.restarts:
            return text
        head = f"{text.partition(':')[0]}:"
        return head if head in self._dialect.urcs else None

    def _urc(self, lines: tuple[str, ...]) -> Decoded:
        reader = self._dialect.urcs.get(self._key(lines[0]) or "")
        return Decoded(readings=reader(lines) if reader else (), urcs=lines)

    def _finished(self, exchange: _Exchange, final: Final | None) -> Decoded:
        readings, unknown = _read(exchange, final, self._dialect.parsers)
        readings = (*_handed_over(exchange), *readings)
        return Decoded(
            command=exchange.command,
            final=final.text if final else None,
            error=refusal(final),
            readings=readings,
            urcs=tuple(exchange.urcs),
            unknown=unknown,
        )


def refusal(final: Final | None) -> Refused | None:
    """Family, number and meaning of a refusal; words are looked up where the number is missing."""
    if final is None or final.outcome is not Outcome.REFUSED:
        return None
    code = causes.error_code(final.family, final.code, final.text)
    words = final.text.partition(":")[2].strip()
    meaning = causes.error_meaning(final.family, code) or (words if words and not words.isdecimal() else None)
    return Refused(final.family, code, meaning)


def parts_of(command: str) -> tuple[tuple[str, str], ...]:
    """The (name, form) of each part of a command line; form is "?", "=?", "=" or "". AT+CREG=2;+CREG? has two."""
    body = command.strip()[2:].strip() if command.strip()[:2].upper() == "AT" else command.strip()
    found: list[tuple[str, str]] = []
    for part in re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", body[:512]):
        match = _NAME.match(part.strip())
        if match:
            rest = part.strip()[match.end() :]
            form = "=?" if rest.startswith("=?") else rest[:1] if rest[:1] in ("?", "=") else ""
            found.append((match[1].upper(), form))
    return tuple(found)


def _same(command: str, text: str) -> bool:
    return command.strip().upper() == text.strip().upper()


def _wants_text(exchange: _Exchange | None) -> bool:
    """Is it a command that takes a message behind a prompt?"""
    command = (exchange.command or "") if exchange else ""
    return "+CMG" in command.upper() and any(name in ("+CMGS", "+CMGW", "+CMGC") for name, _ in parts_of(command))


def _handed_over(exchange: _Exchange) -> tuple[Reading, ...]:
    return (read_pdu(exchange.payload),) if exchange.payload is not None else ()


def _is_prompt(text: str, now: _Exchange | None) -> bool:
    """The "> " that asks for a message, with or without the echo of the message behind it."""
    return bool(_PROMPT.match(text)) and (_wants_text(now) or text.strip() == ">")


def _read(
    exchange: _Exchange, final: Final | None, parsers: Mapping[str, Parse]
) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    """(readings, lines that nobody could read) of an answer."""
    parts = parts_of(exchange.command or "")
    command = Command(exchange.command or "")
    ending = final or Final("", Outcome.OK)
    readings: list[Reading] = []
    unread: list[int] = []
    for name, indexes in _by_name(exchange.lines, parts, parsers).items():
        lines = [exchange.lines[index] for index in indexes]
        parse = _parser(name, lines, parts, parsers)
        found, missed = _read_group(parse, command, ending, lines)
        readings += found
        unread += [indexes[place] for place in missed]
    if not exchange.lines:  # a refusal alone may tell: +CME ERROR: 10, no card
        for name, _ in parts:
            parse = parsers.get(name, _nothing)
            readings += parse(Reply(command, ending, (), 0.0))
    return tuple(readings), tuple(exchange.lines[index] for index in sorted(unread))


def _nothing(_reply: Reply) -> tuple[Reading, ...]:
    return ()


def _parser(name: str, lines: list[str], parts: tuple[tuple[str, str], ...], parsers: Mapping[str, Parse]) -> Parse:
    """The reader of a name. Lists of values in brackets answer a test command, or a modem that takes it for one
    (ZTE K3565-Z: AT+CFUN? → +CFUN: (0-1,4-7),(0-1))."""
    if name in _READ_BY_TEST:
        return parsers.get(name, _nothing)
    is_listed = all(_LIST.match(body_of(line)) for line in lines)
    return capability(name) if (name, "=?") in parts or is_listed else parsers.get(name, _nothing)


def _by_name(
    lines: list[str], parts: tuple[tuple[str, str], ...], parsers: Mapping[str, Parse]
) -> dict[str, list[int]]:
    """Line numbers by the name whose reader they belong to.

    A line with a prefix belongs to that name, and so do unprefixed lines behind it; unprefixed lines in front belong
    to the command's parts that answer in free text, one line each where there are several (AT+CGMI;+CGMM), but all to
    ATI, which answers in several.
    """
    grouped: dict[str, list[int]] = {}
    free = [name for name, _ in parts if name in parsers] or [name for name, _ in parts[:1]]
    current: str | None = None
    front = 0
    for index, line in enumerate(lines):
        prefix = prefix_of(line)
        if prefix is not None:
            current = prefix.rstrip(":")
        owner = current
        if owner is None or (prefix is None and owner == "+GCAP"):
            owner = free[min(front, len(free) - 1)] if free else ""
            front += owner != "I"
        grouped.setdefault(owner, []).append(index)
    return grouped


def _read_group(
    parse: Parse, command: Command, final: Final, lines: list[str]
) -> tuple[tuple[Reading, ...], list[int]]:
    """Readings of lines that belong together, and the places of those lines that contributed nothing."""

    def read(some: Sequence[str]) -> tuple[Reading, ...]:
        return parse(Reply(command, final, tuple(some), 0.0))

    return shared_out(read, lines)
