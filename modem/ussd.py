"""USSD (27.007 §7.15): asking the network by a dialled code, and reading what it says however it is written.

Rules: a code is sent as written, and in other spellings only where the modem refuses the first as wrongly spelled. The
answer is a +CUSD line of its own, perhaps a minute later. A session that waits for a reply is always ended: by the
network, by our last reply, or by AT+CUSD=2. Nothing here runs by itself: some codes order services.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from modem.client import Modem, refusal
from modem.errors import CommandRefused, ModemError, PortLost
from modem.events import Command, Event, Outcome, Reply, Restarted, Urc
from modem.frozen import dataclass
from modem.sms import gsm7
from modem.ussd_text import promises_sms, read_line

State = Literal["done", "menu", "ended", "elsewhere", "not_supported", "network_timeout", "no_answer"]
"""What is known of the session after the answer; "menu": the network waits for a reply; "no_answer": nothing came."""
Spelling = Literal["plain", "packed", "ucs2"]

ANSWER_S = 60.0
"""Networks take up to half a minute; they give up themselves after a minute or two (22.090)."""
_COMMAND_S = 15.0
_CANCEL_S = 5.0
_STATES: Mapping[int | None, State] = {
    0: "done",
    1: "menu",
    2: "ended",
    3: "elsewhere",
    4: "not_supported",
    5: "network_timeout",
}
_CODE = re.compile(r"[0-9A-Za-z*#+ .,]{1,160}")
_SPELLING_ERRORS = {3, 4, 24, 25, 26, 27, 50, 53}
"""CME: not allowed, not supported, text too long or with wrong characters, wrong parameters."""
_PLAIN_DCS = 15
"""GSM default alphabet, language unspecified (23.038 §5)."""


@dataclass(frozen=True, slots=True)
class UssdAnswer:
    """What the network said. Whatever it says is data: show it through `modem.text.printable` only."""

    state: State
    text: str | None = None
    raw: str | None = None
    """As the modem wrote it."""
    dcs: int | None = None
    by_sms: bool = False
    """It only says that the answer will come as a short message, so this is none."""

    @property
    def is_result(self) -> bool:
        return bool(self.text) and not self.by_sms and self.state in ("done", "menu", "ended")


class Ussd:
    """Owned by the thread that owns the modem. `heed` gets whatever else comes while we wait, so that none is lost."""

    def __init__(
        self,
        modem: Modem,
        *,
        heed: Callable[[Iterable[Event]], None] = lambda _events: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._modem = modem
        self._heed = heed
        self._now = monotonic

    def ask(self, code: str, timeout_s: float = ANSWER_S, replies: Iterable[str] = ()) -> UssdAnswer:
        """Dial `code`, answer each menu with the next of `replies`; the last answer, its session ended.

        Raises ValueError for a code that is none, CommandRefused, CommandExpired, PortLost.
        """
        steps = list(self.steps(code, timeout_s, replies))
        return steps[-1]

    def steps(self, code: str, timeout_s: float = ANSWER_S, replies: Iterable[str] = ()) -> Iterator[UssdAnswer]:
        """As `ask`, every answer of the session one after the other. `timeout_s` is for each of them."""
        texts = [checked(code), *(checked(reply) for reply in replies)]
        answer = UssdAnswer("no_answer")
        try:
            for text in texts:
                answer = self._exchanged(text, timeout_s)
                yield answer
                if answer.state != "menu":
                    return
        finally:
            if answer.state in ("menu", "no_answer"):
                self.cancel()

    def cancel(self) -> None:
        """End the session, if there is one; a modem that has none refuses, which is as good."""
        try:
            self._modem.exchange(Command("AT+CUSD=2", timeout_s=_CANCEL_S))
        except PortLost:
            raise
        except ModemError:
            return

    def _exchanged(self, text: str, timeout_s: float) -> UssdAnswer:
        until = self._now() + timeout_s
        self._heed(self._modem.poll(0.0))  # an answer from before is not ours
        reply = self._sent(text)
        for line in reply.lines:
            if answer := _answered(line):
                return answer
        return self._awaited(until)

    def _sent(self, text: str) -> Reply:
        """In the spelling that the modem takes. Raises CommandRefused."""
        for spelling in self._spellings():
            reply = self._modem.exchange(Command(_command(text, spelling), timeout_s=_COMMAND_S))
            if reply.final.outcome is Outcome.OK:
                return reply
            if not _is_about_spelling(reply):
                break
        raise CommandRefused(f'AT+CUSD=1,"{text}"', refusal(reply.final))

    def _spellings(self) -> tuple[Spelling, ...]:
        """Huawei wants packed septets first, whatever the character set; others follow +CSCS."""
        if self._modem.dialect.name == "huawei":
            return ("packed", "plain")
        reply = self._modem.exchange(Command("AT+CSCS?", ("+CSCS:",), 5.0))
        if any("UCS2" in line.upper() for line in reply.lines):
            return ("ucs2", "plain", "packed")
        return ("plain", "packed")

    def _awaited(self, until: float) -> UssdAnswer:
        while (left := until - self._now()) > 0:
            events = self._modem.poll(left)
            for place, event in enumerate(events):
                if isinstance(event, Urc) and (answer := _answered("\n".join(event.lines))):
                    self._heed([*events[:place], *events[place + 1 :]])
                    return answer
            self._heed(events)
            if any(isinstance(event, Restarted) for event in events):
                break
        return UssdAnswer("no_answer")


def checked(code: str) -> str:
    """The code, if it is one that can stand in a command. Raises ValueError."""
    if not _CODE.fullmatch(code):
        raise ValueError("a USSD code or reply has digits, letters, *, # and +, at most 160 of them")
    return code


def _command(text: str, spelling: Spelling) -> str:
    septets = gsm7.septets_of(text) or b""
    written = {
        "plain": text,
        "packed": gsm7.pack_ussd(septets).hex().upper(),
        "ucs2": text.encode("utf-16-be").hex().upper(),
    }[spelling]
    return f'AT+CUSD=1,"{written}",{_PLAIN_DCS}'


def _is_about_spelling(reply: Reply) -> bool:
    return reply.final.family != "cme" or reply.final.code in _SPELLING_ERRORS


def _answered(text: str) -> UssdAnswer | None:
    reading = read_line(text)
    if reading is None or (state := _STATES.get(reading.status)) is None:
        return None
    return UssdAnswer(state, reading.text, reading.raw or reading.text, reading.dcs, promises_sms(reading.text or ""))
