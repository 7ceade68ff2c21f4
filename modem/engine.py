"""The AT engine: bytes and time in, events and bytes out. No port, no clock, no thread.

Rules:
1. One command at a time; `send` outside IDLE is the caller's mistake (`LocalProtocolError`).
2. A final result ends the command in flight and nothing else. While nothing is in flight it is `Stray`.
3. News (URC) is an event in every state: before the echo, between echo, information and final, after it.
4. A deadline is a moment, not a silence: news without end does not keep a command alive.
5. After `Expired` comes RESYNC: whatever arrives late is `Stray`, never someone else's `Reply` (`modem.resync`).
6. Answers that come after their OK: for a command with `follows`, and for AT+X? whose OK came without +X:, the reply
   waits (FOLLOWING); what comes later still is `Urc` if it has the form of a result code, else `Stray`.
7. Whatever arrives, nothing raises and nothing grows without bound.

Known limits. In an SMS read in text mode a line "OK" is taken for text if more lines follow within HOLD_S, and empty
lines are lost: read in PDU mode. The second line of +CMT: is whatever comes next. A line that a URC broke in two
cannot be mended.
"""

from collections import deque

from modem import belongs
from modem.dialect import Dialect
from modem.errors import LocalProtocolError
from modem.events import Command, Event, Expired, Final, Outcome, Overflow, Prompt, Reply, Restarted, Stray, Synced, Urc
from modem.final import ends, read_final
from modem.flight import Flight, OpenUrc, is_read, payload_lines, told_apart
from modem.lines import Dropped, Line, Lines, Mark, Token
from modem.moves import NEXT, Move, State
from modem.resync import Resync

MAX_URC_LINES = 40
FOLLOW_S = 0.3
"""How long an OK that came without the information asked for waits for it (SIM7600, A7670: OK first)."""
HOLD_S = 0.3
"""How long an "OK" within a text message waits for more text."""
SECOND_LINE_S = 1.0
RECENT = 8


class Engine:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        """May be changed between commands, once it is known who answers."""
        self.state = State.IDLE
        self._lines = Lines()
        self._events: list[Event] = []
        self._outgoing = b""
        self._flight: Flight | None = None
        self._resync: Resync | None = None
        self._urc: OpenUrc | None = None
        self._recent: deque[str] = deque(maxlen=RECENT)
        self.echo_heard = False
        """The modem has repeated a command at least once."""
        self._quiet_exchanges: int | None = None
        """Exchanges without echo since the modem agreed to ATE0; None while echo may be on."""

    # -- what the owner calls -------------------------------------------------------------------------------------

    def send(self, command: Command, now: float) -> bytes:
        """The bytes to write. `command` expires `timeout_s` after `now`."""
        text = command.text
        if self.state is not State.IDLE:
            raise LocalProtocolError(f"{command.shown!r} while {self.state.name}: one command at a time")
        if text[:2].upper() not in ("AT", "A/") or not text.isprintable():
            raise LocalProtocolError(f"{command.shown!r} is not one AT command line")
        self._move(Move.SENT if command.payload is None else Move.SENT_TO_PROMPT)
        self._flight = Flight(command, now, belongs.own_prefixes(text) | set(command.expects), until=now)
        self._recent.append(text.strip())
        return text.encode() + b"\r"

    def receive(self, data: bytes, now: float) -> list[Event]:
        """Whatever was read from the port, however it was cut. b"" means "nothing yet", never an end."""
        if self.state is not State.LOST:
            self._lines.feed(data)
        while (token := self._lines.take(prompt=self.state is State.PROMPTING)) is not None:
            self._token(token, now)
        return self._taken()

    def tick(self, now: float) -> list[Event]:
        """Let time pass: to be called at `deadline`, and harmless at any other moment."""
        if self._urc and now >= self._urc.until:
            self._close_urc()
        if self._flight:
            self._tick_flight(self._flight, now)
        elif self._resync:
            self._tick_resync(self._resync, now)
        return self._taken()

    def outgoing(self) -> bytes:
        """Bytes to write now: a payload after its prompt, probes while RESYNC. Empties itself."""
        data, self._outgoing = self._outgoing, b""
        return data

    def leave_data(self, now: float) -> None:
        """The caller has ended DATA by his own means (DTR, +++): find out whether the modem takes commands."""
        self._move(Move.DATA_LEFT)
        self._resync = Resync(now, None)

    def port_lost(self, why: str) -> list[Event]:
        """Said explicitly; nothing can be sent through this engine afterwards. `why` goes into the Stray."""
        flight, self._flight, self._resync, self._urc = self._flight, None, None, None
        self._lines.clear()
        self._move(Move.PORT_LOST)
        self._events += [Expired(flight.command, tuple(flight.lines))] if flight else []
        self._events.append(Stray(f"port lost: {why}"))
        return self._taken()

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to do; None: only bytes can change anything."""
        moments = [self._urc.until] if self._urc else []
        if self._flight:
            moments.append(self._flight_until(self._flight))
        elif self._resync:
            moments.append(self._resync.deadline)
        return min(moments, default=None)

    @property
    def held(self) -> int:
        """Bytes and characters kept at this moment, for those who watch that it stays bounded."""
        return self._lines.held + (self._flight.size if self._flight else 0)

    # -- time -----------------------------------------------------------------------------------------------------

    def _flight_until(self, flight: Flight) -> float:
        expiry = flight.sent_at + flight.command.timeout_s
        return min(flight.until, expiry) if flight.final else expiry

    def _tick_flight(self, flight: Flight, now: float) -> None:
        if now < self._flight_until(flight):
            return
        if flight.final:
            self._finish(flight, flight.final, now)
            return
        self._flight = None
        self._report_dropped(flight)
        self._events.append(Expired(flight.command, tuple(flight.lines)))
        self._resync = Resync(now, flight.command, at_prompt=self.state is State.PROMPTING)
        self._outgoing += self._resync.outgoing()
        self._move(Move.EXPIRED)

    def _tick_resync(self, resync: Resync, now: float) -> None:
        if resync.tick(now):
            self._resync = None
            self._events.append(Synced(now - resync.began, resync.sure))
            self._move(Move.SYNCED)
        elif (data := resync.outgoing()) and resync.probe:
            self._recent.append(resync.probe.text)
            self._outgoing += data

    # -- lines ----------------------------------------------------------------------------------------------------

    def _token(self, token: Token, now: float) -> None:
        if isinstance(token, Mark):
            self._prompt()
        elif self.state is State.DATA:
            self._data_line(token, now)
        elif isinstance(token, Dropped):
            self._events.append(Overflow(token.bytes))
        elif token.text.strip(" >\x1b"):  # the echo of an ESC, the prompts of a text in several lines: nothing
            self._line(token.text.rstrip(), now)

    def _prompt(self) -> None:
        if self._flight and self._flight.command.payload is not None:
            self._move(Move.PROMPTED)
            self._outgoing += self._flight.command.payload
            self._events.append(Prompt(self._flight.command))

    def _data_line(self, token: Token, now: float) -> None:
        """In DATA only the end of it is of interest; the rest is PPP."""
        if isinstance(token, Line) and (token.text == "NO CARRIER" or belongs.is_restart(token.text, self.dialect)):
            self._move(Move.CARRIER_LOST)
            self._message(token.text, now)

    def _line(self, line: str, now: float) -> None:
        if self._urc and self._continues(self._urc, line, now):
            return
        if self._flight and self._flight.text_due:
            self._flight.text_due = False
            self._text(self._flight, line, now)
        elif not self._echo(line, now):
            self._message(line, now)

    def _message(self, line: str, now: float) -> None:
        """A line that is no echo."""
        if belongs.is_restart(line, self.dialect):
            self._restarted(line, now)
        elif self._flight:
            self._answer(self._flight, line, now)
        elif self._resync:
            self._late(self._resync, line, now)
        elif line == "NO CARRIER" or self._is_news(line):
            self._open_urc(line, now)
        else:
            self._events.append(Stray(line))

    def _is_news(self, line: str) -> bool:
        """While nothing was asked: whatever the dialect knows, and whatever has the form of a result code."""
        return bool(belongs.prefix_of(line)) or belongs.is_news(line, self.dialect)

    def _late(self, resync: Resync, line: str, now: float) -> None:
        final = read_final(line)
        if final is None and belongs.is_news(line, self.dialect) and not resync.could_be_late(line):
            self._open_urc(line, now)
        elif not resync.line(line, final, now):
            self._events.append(Stray(line))

    # -- the answer -----------------------------------------------------------------------------------------------

    def _answer(self, flight: Flight, line: str, now: float) -> None:
        final = read_final(line, flight.command.finals)
        if flight.final:
            self._after_final(flight, line, final, now)
        elif final and ends(final, flight.command.text):
            self._final(flight, final, now)
        elif final or self._is_foreign(flight, line):
            self._open_urc(line, now)
        elif not self._is_ours(flight, line) or self._may_be_echo(flight, line):
            self._events.append(Stray(line))
        else:
            self._information(flight, line)

    def _is_foreign(self, flight: Flight, line: str) -> bool:
        if belongs.expected(line, flight.prefixes):
            return belongs.cannot_answer(line, flight.command, self.dialect)
        if belongs.expected(line, flight.command.follows):
            return False
        return belongs.is_news(line, self.dialect) or bool(flight.command.expects and belongs.prefix_of(line))

    def _is_ours(self, flight: Flight, line: str) -> bool:
        """Lines without prefix follow a header (+GTCCINFO:), or answer where the modem forgot the prefix."""
        return not flight.command.expects or belongs.expected(line, flight.prefixes) or belongs.is_clean(line)

    def _may_be_echo(self, flight: Flight, line: str) -> bool:
        """Garbled, that is; a whole one has been recognised before."""
        if self._quiet_exchanges is not None or flight.lines or flight.echoed:
            return False
        return belongs.resembles(line, flight.command.text)

    def _information(self, flight: Flight, line: str) -> None:
        flight.keep(line)
        if belongs.prefix_of(line) in belongs.SMS:
            flight.in_text = flight.text_due = belongs.is_text_mode(line)

    def _text(self, flight: Flight, line: str, now: float) -> None:
        """The first line of a text-mode message: anything, but perhaps the message was empty."""
        final = read_final(line)
        if final:
            self._hold(flight, final, now + HOLD_S)
        else:
            flight.keep(line)

    def _final(self, flight: Flight, final: Final, now: float) -> None:
        command = flight.command
        if final.outcome is Outcome.OK and command.follows and not self._has_followed(flight):
            self._hold(flight, final, flight.sent_at + command.timeout_s)
            self._move(Move.OK_FIRST)
        elif final.outcome is Outcome.OK and is_read(command.text) and not flight.lines:
            self._hold(flight, final, now + FOLLOW_S)
            self._move(Move.OK_FIRST)
        elif flight.in_text:
            self._hold(flight, final, now + HOLD_S)
        else:
            self._finish(flight, final, now)

    def _has_followed(self, flight: Flight) -> bool:
        """Some firmware says before its OK what other firmware of the same modem says after it."""
        return any(belongs.expected(line, flight.command.follows) for line in flight.lines)

    def _hold(self, flight: Flight, final: Final, until: float) -> None:
        flight.final, flight.until = final, until

    def _after_final(self, flight: Flight, line: str, final: Final | None, now: float) -> None:
        assert flight.final is not None  # noqa: S101  (for the type checker; the caller has asked)
        if self.state is State.FOLLOWING:
            self._following(flight, flight.final, line, final, now)
        elif belongs.is_news(line, self.dialect):
            self._open_urc(line, now)
        else:  # so the "OK" was text
            flight.keep(flight.final.text)
            flight.final = None
            self._answer(flight, line, now)

    def _following(self, flight: Flight, held: Final, line: str, final: Final | None, now: float) -> None:
        due = flight.command.follows or tuple(flight.prefixes)
        if final and ends(final, flight.command.text):  # the OK before was not ours after all; this is
            self._finish(flight, final, now)
        elif belongs.expected(line, due) and not belongs.cannot_answer(line, flight.command, self.dialect):
            flight.keep(line)
            if flight.command.follows:
                self._finish(flight, held, now)
        elif self._is_news(line):
            self._open_urc(line, now)
        else:
            self._events.append(Stray(line))

    def _finish(self, flight: Flight, final: Final, now: float) -> None:
        self._flight = None
        news, lines = told_apart(flight, final)
        self._events += [Urc((line,)) for line in news]
        self._report_dropped(flight)
        self._note_echo(flight, final)
        self._events.append(Reply(flight.command, final, lines, now - flight.sent_at, bool(flight.dropped)))
        self._move(Move.CONNECTED if final.outcome is Outcome.CONNECT else Move.FINISHED)

    def _report_dropped(self, flight: Flight) -> None:
        if flight.dropped:
            self._events.append(Overflow(flight.dropped))

    # -- echo -----------------------------------------------------------------------------------------------------

    def _echo(self, line: str, now: float) -> bool:
        """Is it an echo, of this command, its payload, or of one before?"""
        said = (line if line.isprintable() else "".join(filter(str.isprintable, line))).strip()
        if said in self._recent:
            self._echo_seen(said)
            return True
        flight = self._flight
        if flight and said and said in payload_lines(flight.command):
            return True
        if flight is None or flight.echoed:
            return False
        text = flight.command.text.strip()
        if len(text) > 3 and line.endswith(text):  # glued to something that lost its line end
            self._echo_seen(text)
            self._message(line.removesuffix(text), now)
            return True
        return False

    def _echo_seen(self, said: str) -> None:
        self.echo_heard = True
        if self._flight and said == self._flight.command.text.strip():
            self._flight.echoed = True
        if self._quiet_exchanges:  # it had been off: the settings are gone, so the modem has restarted
            self._events.append(Restarted("echo is back"))
        self._quiet_exchanges = None

    def _note_echo(self, flight: Flight, final: Final) -> None:
        if final.outcome is Outcome.OK and belongs.turns_echo_off(flight.command.text):
            self._quiet_exchanges = 0
        elif self._quiet_exchanges is not None:
            self._quiet_exchanges += 1

    # -- news -----------------------------------------------------------------------------------------------------

    def _open_urc(self, line: str, now: float) -> None:
        if belongs.has_second_line(line):
            self._urc = OpenUrc([line], now + SECOND_LINE_S, text=False)
        elif belongs.is_open_text(line):
            self._urc = OpenUrc([line], now + SECOND_LINE_S, text=True)
        else:
            self._events.append(Urc((line,)))

    def _continues(self, urc: OpenUrc, line: str, now: float) -> bool:
        """Does the line belong to the URC that is not yet complete?"""
        if urc.text and (read_final(line) or belongs.is_restart(line, self.dialect)):
            self._close_urc()
            return False
        urc.lines.append(line)
        urc.until = now + SECOND_LINE_S
        if not urc.text or belongs.closes_text(line) or len(urc.lines) >= MAX_URC_LINES:
            self._close_urc()
        return True

    def _close_urc(self) -> None:
        if self._urc:
            self._events.append(Urc(tuple(self._urc.lines)))
            self._urc = None

    def _restarted(self, line: str, now: float) -> None:
        self._close_urc()
        self._quiet_exchanges = None
        self._events.append(Restarted(line))
        if self._resync:
            self._resync.restarted(now)

    def _move(self, move: Move) -> None:
        to = NEXT.get((self.state, move))
        if to is None:
            raise LocalProtocolError(f"{move.name} is no move while {self.state.name}")
        self.state = to

    def _taken(self) -> list[Event]:
        events, self._events = self._events, []
        return events
