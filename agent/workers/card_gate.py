"""Nothing of ours is sent while it is not certain which card pays for it. Called from several threads.

- In doubt: from the start; when the modem says something of its card, begins anew or comes back; and when the data link
  is not the one that was up when the card was last read (made anew, another carrier or address: a new session), for
  many modems say nothing when a card is taken out. A link that is gone is none: no card pays for what goes another way.
- Certain: by a full look that began after the doubt and read the card's number, or found that there is none to use. The
  main thread says so once the look is on the disk.
- Unseen: a modem that is itself a router keeps our link through a swap, and may say nothing. So what is about to be
  sent wants the card to have been read a moment ago, in less time than any takes to be changed; else the modem is asked
  for the number alone (a sight). The same one is certain again; with any other answer a full look has the word.
- A doubt lasts CARD_FIRST_S at most: a modem that says nothing any more is news itself.
Where nothing happens this costs three readings of the kernel's per exchange, and one command where the last look is
over; no byte.
"""

import threading
from collections.abc import Callable

from agent.clock import Clock
from agent.sample.link import Session, session_of
from modem.iccid import same_card

CARD_FIRST_S = 90.0
"""So long sending waits for a word about the card."""
SEEN_S = 3.0
"""So long a sight is good: one card out, another in and registered takes ten seconds and more, and four from the moment
that it can be read at all (power-up, search, attach).
"""


class CardGate:
    """`look` asks for a full look at the modem and `see` for the card's number alone, from any thread."""

    def __init__(
        self,
        clock: Clock,
        look: Callable[[], object],
        see: Callable[[], object],
        session: Callable[[str], Session] = session_of,
    ) -> None:
        self._clock = clock
        self._look = look
        self._see = see
        self._session = session
        self._lock = threading.Lock()
        self._known = threading.Event()
        """Set while there is no doubt."""
        self._doubted_at = clock.monotonic()
        self._until: float | None = self._doubted_at + CARD_FIRST_S
        """None: certain."""
        self._unseen = False
        """The doubt is only that the card was not read for a while."""
        self._card: str | None = None
        """Its number by the last full look; None: there was none to use."""
        self._seen_at: float | None = None
        """When that was last read; None: it was not, or nobody answered, and nobody is asked before the next look."""
        self._link: tuple[str, Session] | None = None
        """The card's interface, and its session when the card was last read."""

    def doubt(self) -> None:
        """Another card may be in from now on."""
        with self._lock:
            self._doubt()

    def certain(self, began: float, interface: str, card: str | None) -> bool:
        """The card was read by a look that began then; its data leaves by `interface`, "" where nobody knows by which.
        True if that ended a doubt.
        """
        link = (interface, self._session(interface))
        with self._lock:
            if self._until is not None and began < self._doubted_at:
                return False
            self._link, self._card, self._seen_at = link, card, began
            return self._end()

    def seen(self, began: float, card: str | None) -> bool:
        """The card's number alone was read, by a question that began then. False: only a full look can say what it is.

        It ends no other doubt than that of an unseen card.
        """
        with self._lock:
            if not _is_same(card, self._card):
                self._doubt()
                return False
            if self._until is None or (self._unseen and began >= self._doubted_at):
                self._seen_at = self._clock.monotonic()
                self._end()
            return True

    def gone(self) -> bool:
        """There is no modem to ask: that is news itself, and its return is a doubt. True if that ended one."""
        with self._lock:
            if self._seen_at is not None:
                self._seen_at = self._clock.monotonic()
            return self._unseen and self._end()

    def sure(self) -> bool:
        """Asked by who is about to send: was the card read a moment ago? If not, it is in doubt until it is."""
        with self._lock:
            if self._until is None and self._is_unseen():
                self._doubt()
                self._unseen = True
                self._see()
            return self._until is None

    def settled(self, seconds: float) -> bool:
        """Whether sending may go on, having waited so long at most for that. (Of all here, this alone waits.)"""
        self.sure()
        return self.opens() is None or self._clock.wait(seconds, self._known)

    def opens(self) -> float | None:
        """When sending may go on (monotonic seconds); None: it may."""
        with self._lock:
            if self._until is None and self._link is not None and self._is_new(*self._link):
                self._doubt()
                self._look()
            if self._until is not None and self._clock.monotonic() >= self._until:
                self._link = self._seen_at = None  # no word came, and none is expected before the next look
                self._end()
            return self._until

    def _is_new(self, interface: str, before: Session) -> bool:
        now = self._session(interface)
        return now != before and now[0] != ""

    def _is_unseen(self) -> bool:
        if self._seen_at is None or self._clock.monotonic() - self._seen_at <= SEEN_S:
            return False
        return self._link is None or self._session(self._link[0])[0] != ""

    def _doubt(self) -> None:
        self._known.clear()
        self._doubted_at, self._unseen = self._clock.monotonic(), False
        if self._until is None:
            self._until = self._doubted_at + CARD_FIRST_S

    def _end(self) -> bool:
        ended, self._until, self._unseen = self._until is not None, None, False
        self._known.set()
        return ended


def _is_same(one: str | None, other: str | None) -> bool:
    return one is other or (one is not None and other is not None and same_card(one, other))
