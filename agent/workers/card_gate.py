"""Nothing of ours is sent while it is not certain which card pays for it. Called from several threads; nothing waits.

- In doubt: from the start; when the modem says something of its card, begins anew or comes back; and when the data link
  is not the one that was up when the card was last read (made anew, another carrier or address: a new session), for
  many modems say nothing when a card is taken out. A link that is gone is none: no card pays for what goes another way.
- Certain: by a full look that began after the doubt and read the card's number, or found that there is none to use. The
  main thread says so once the look is on the disk.
- A doubt lasts CARD_FIRST_S at most: a modem that says nothing any more is news itself.
Where nothing happens this costs three readings of the kernel's per exchange; no command, no byte, no wake-up.
"""

import threading
from collections.abc import Callable

from agent.clock import Clock
from agent.sample.link import Session, session_of

CARD_FIRST_S = 90.0
"""So long sending waits for a word about the card."""


class CardGate:
    """`look` asks for a full look at the modem, from any thread."""

    def __init__(
        self, clock: Clock, look: Callable[[], object], session: Callable[[str], Session] = session_of
    ) -> None:
        self._clock = clock
        self._look = look
        self._session = session
        self._lock = threading.Lock()
        self._doubted_at = clock.monotonic()
        self._until: float | None = self._doubted_at + CARD_FIRST_S
        """None: certain."""
        self._link: tuple[str, Session] | None = None
        """The card's interface, and its session when the card was last read."""

    def doubt(self) -> None:
        """Another card may be in from now on."""
        with self._lock:
            self._doubt()

    def certain(self, began: float, interface: str) -> bool:
        """The card was read by a look that began then; its data leaves by `interface`, "" where nobody knows by which.
        True if that ended a doubt.
        """
        link = (interface, self._session(interface))
        with self._lock:
            if self._until is not None and began < self._doubted_at:
                return False
            ended, self._until, self._link = self._until is not None, None, link
            return ended

    def opens(self) -> float | None:
        """When sending may go on (monotonic seconds); None: it may."""
        with self._lock:
            if self._until is None and self._link is not None and self._is_new(*self._link):
                self._doubt()
                self._look()
            if self._until is not None and self._clock.monotonic() >= self._until:
                self._until = self._link = None  # no word came, and none is expected before the next look
            return self._until

    def _is_new(self, interface: str, before: Session) -> bool:
        now = self._session(interface)
        return now != before and now[0] != ""

    def _doubt(self) -> None:
        self._doubted_at = self._clock.monotonic()
        if self._until is None:
            self._until = self._doubted_at + CARD_FIRST_S
