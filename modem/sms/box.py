"""The modem's message store (27.005): list, read, send, and, if told to, delete. PDU mode; text mode where it must be.

Rules: nothing is deleted or sent by itself. Reading marks a message as read in the store, as on a telephone. The
stores that are looked at are the one in use and, where the modem has them, the card's and the modem's own; afterwards
the one in use is in use again. Only the reading store (<mem1>) is ever changed, never where messages arrive.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from modem import commands, messages
from modem.client import Modem, refusal
from modem.errors import CommandExpired, CommandRefused, ModemError, PortLost
from modem.events import Command, Event, Outcome, Reply, Urc
from modem.fields import groups, integer, prefix_of, texts
from modem.frozen import dataclass
from modem.sms.concat import Assembler, Piece, joined
from modem.sms.encode import Submit, parts_needed, submits
from modem.sms.pdu import PduError, decode
from modem.values import Sms, SmsStorage, SmsStore

LIST_S = 30.0
"""A full card of 50 messages takes some seconds; 27.005 gives no limit."""
SEND_S = 120.0
"""Quectel EC2x manual, AT+CMGS: up to 120 s, "determined by the network"."""
SET_S = 10.0
FULL_PERCENT = 80
STORES = ("SM", "ME")
"""The card's and the modem's own; MT is both together, and SR holds reports only."""
Messages = list[Sms]
_ALL, _ALL_TEXT = "4", '"ALL"'
_CTRL_Z = b"\x1a"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message that was to be sent: all parts of it, unless `error` says otherwise."""

    parts: int
    references: tuple[int | None, ...]
    """The network's number for each part that was sent (+CMGS: <mr>)."""
    error: ModemError | None = None

    @property
    def is_sent(self) -> bool:
        return self.error is None


class SmsBox:
    """Owned by the thread that owns the modem."""

    def __init__(self, modem: Modem, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._modem = modem
        self._now = monotonic
        self._assembler = Assembler()
        self._pdu_mode = True
        self._used: str | None = None

    # -- reading ------------------------------------------------------------------------------------------------------

    def list(self, storage: str | None = None) -> Messages:
        """All messages, parts put together, of `storage` or of all stores. Raises CommandRefused, CommandExpired, …"""
        self._choose_mode()
        found: Messages = []
        with self._store_in_use_again() as now:
            for name in (storage,) if storage else self._stores(now):
                if self._use(name):
                    found += joined(self._pieces(name))
                elif storage:
                    raise ValueError(f"{storage}: the modem has no such message store")
        return found

    def read(self, index: int, storage: str | None = None) -> Sms | None:
        """The message at `index`; of a long one the whole, if its parts are there. None: nothing is there."""
        for sms in self.list(storage):
            if sms.index == index or index in sms.indexes:
                return sms
        return None

    def watch(self, events: Iterable[Event]) -> Messages:
        """What has newly come, by the events of `Modem.poll`: whole messages, and parts that waited for a day in vain.

        What the network sent straight to us (+CMT) and what was stored (+CMTI) are both read.
        """
        found: Messages = []
        for event in events:
            for piece in self._arrived(event) if isinstance(event, Urc) else ():
                whole = self._assembler.add(piece, self._now())
                found += [whole] if whole else []
        return found + self._assembler.overdue(self._now())

    def storage(self) -> SmsStorage | None:
        """How full the stores are; None if the modem will not say."""
        reply = self._modem.exchange(Command("AT+CPMS?", ("+CPMS:",), SET_S))
        return next((found for line in reply.lines if (found := _storage(line))), None)

    # -- changing -----------------------------------------------------------------------------------------------------

    def send(self, number: str, text: str, within_s: float = 10 * SEND_S) -> Sent:
        """Send it, in as many parts as it takes; each costs. Raises ValueError (number, text) before anything is sent.

        `within_s` is for all parts. A refusal or silence in between leaves it half sent: `Sent.error`. It is never
        tried again by itself, since a part whose answer was lost may well have gone.
        """
        parts = submits(number, text, os.urandom(1)[0])
        self._choose_mode()
        if not self._pdu_mode:
            return self._send_as_text(number, text)
        references: list[int | None] = []
        until = self._now() + within_s
        for part in parts:
            try:
                references.append(self._sent(part, until))
            except PortLost:
                raise
            except ModemError as error:
                return Sent(len(parts), tuple(references), error)
        return Sent(len(parts), tuple(references))

    def delete(self, sms: Sms) -> int:
        """Delete all parts of a listed message; how many there were. Raises CommandRefused."""
        with self._store_in_use_again():
            if not self._use(sms.storage):
                return 0
            indexes = sms.indexes or ((sms.index,) if sms.index is not None else ())
            for index in indexes:
                self._done(Command(f"AT+CMGD={index}", timeout_s=SET_S))
        return len(indexes)

    # -- how ----------------------------------------------------------------------------------------------------------

    def _choose_mode(self) -> None:
        """Asked for every time: it is a setting that other programs change, and that a restart takes away."""
        reply = self._modem.exchange(Command("AT+CMGF=0", timeout_s=SET_S))
        self._pdu_mode = reply.final.outcome is Outcome.OK
        if not self._pdu_mode:
            self._done(Command("AT+CMGF=1", timeout_s=SET_S))
            self._modem.exchange(Command("AT+CSDH=1", timeout_s=SET_S))  # shows the coding; not all have it

    def _stores(self, now: str | None) -> tuple[str | None, ...]:
        """The one in use (`now`) first; (None,) where the modem does not say which, and then it is not changed."""
        if now is None:
            return (None,)
        reply = self._modem.exchange(Command("AT+CPMS=?", ("+CPMS:",), SET_S))
        known = _readable(reply.lines)
        return (now, *(name for name in STORES if name in known and name != now and now != "MT"))

    def _in_use(self) -> str | None:
        known = self.storage()
        return known.stores[0].name if known else None

    @contextmanager
    def _store_in_use_again(self) -> Iterator[str | None]:
        before = self._in_use()
        self._used = before
        try:
            yield before
        finally:
            self._use(before)

    def _use(self, name: str | None) -> bool:
        """False if it cannot be used; None is whichever is in use."""
        if name is None or name == self._used:
            return True
        reply = self._modem.exchange(Command(f'AT+CPMS="{name}"', ("+CPMS:",), SET_S))
        if reply.final.outcome is not Outcome.OK:
            return False
        self._used = name
        return True

    def _pieces(self, storage: str | None) -> tuple[Piece, ...]:
        command = Command(f"AT+CMGL={_ALL if self._pdu_mode else _ALL_TEXT}", ("+CMGL:",), LIST_S)
        return tuple(_piece(sms, storage) for sms in messages.stored(self._done(command)))

    def _arrived(self, event: Urc) -> tuple[Piece, ...]:
        head = prefix_of(event.lines[0]) if event.lines else None
        if head == "+CMT:":
            return tuple(_piece(sms, None) for sms in messages.delivered(event.lines))
        if head != "+CMTI:":
            return ()
        fields = texts(event.lines[0])
        index = integer(fields[1]) if len(fields) > 1 else None
        return self._at(index, fields[0]) if index is not None else ()

    def _at(self, index: int, storage: str) -> tuple[Piece, ...]:
        """The message at a place; nothing if it is gone, or if the modem will not read there."""
        self._choose_mode()
        with self._store_in_use_again():
            if not self._use(storage):
                return ()
            reply = self._modem.exchange(Command(f"AT+CMGR={index}", ("+CMGR:",), SET_S))
        return tuple(_piece(replace(sms, index=index), storage) for sms in messages.stored(reply))

    def _sent(self, part: Submit, until: float) -> int | None:
        payload = part.pdu.encode("ascii") + _CTRL_Z
        patience = min(SEND_S, until - self._now())
        if patience <= 0:
            raise CommandExpired(f"AT+CMGS={part.length}", 0.0)
        reply = self._done(Command(f"AT+CMGS={part.length}", ("+CMGS:",), patience, payload))
        return _message_reference(reply)

    def _send_as_text(self, number: str, text: str) -> Sent:
        """Text mode: one message of plain ASCII; whatever else would depend on settings that we do not know."""
        if not (text.isascii() and text.isprintable()) or parts_needed(text) > 1:
            raise ValueError("this modem sends only in text mode: one message of plain ASCII letters")
        kind = 145 if number.startswith("+") else 129
        command = Command(f'AT+CMGS="{number}",{kind}', ("+CMGS:",), SEND_S, text.encode("ascii") + _CTRL_Z)
        try:
            return Sent(1, (_message_reference(self._done(command)),))
        except PortLost:
            raise
        except ModemError as error:
            return Sent(1, (), error)

    def _done(self, command: Command) -> Reply:
        reply = self._modem.exchange(command)
        if reply.final.outcome is not Outcome.OK:
            raise CommandRefused(command.text, refusal(reply.final))
        return reply


def nearly_full(storage: SmsStorage, percent: int = FULL_PERCENT) -> tuple[SmsStore, ...]:
    """Stores that are so full; at 100 % the network keeps the carrier's messages, and throws them away in the end."""
    stores = {store.name: store for store in storage.stores}.values()
    return tuple(store for store in stores if store.used and store.total and store.used * 100 >= percent * store.total)


def _piece(sms: Sms, storage: str | None) -> Piece:
    sms = replace(sms, storage=storage)
    if sms.pdu is None:
        return Piece(sms)
    try:
        return Piece(sms, decode(sms.pdu))
    except PduError:
        return Piece(sms)


def _storage(line: str) -> SmsStorage | None:
    return commands.sms_storage(line) if prefix_of(line) == "+CPMS:" else None


def _readable(lines: Iterable[str]) -> tuple[str, ...]:
    """The stores of <mem1>: the first of the lists of AT+CPMS=?; without brackets (Huawei MU609) one list for all."""
    for line in lines:
        if prefix_of(line) == "+CPMS:":
            lists = groups(line)
            names = texts(f"+CPMS: {lists[0]}") if lists else texts(line)
            return tuple(name.upper() for name in names)
    return ()


def _message_reference(reply: Reply) -> int | None:
    for line in reply.lines:
        if prefix_of(line) == "+CMGS:":
            fields = texts(line)
            return integer(fields[0]) if fields else None
    return None
