"""Reports as messages on the connection that is kept (agent/wire/websocket.py), and when to ask for that.

A POST of a routine report carries some ninety bytes that say what both sides know by then; asking for the other way
costs some five hundred, once a connection. So it is asked for when a connection has carried PROVEN reports, after one
of them was acknowledged: what then goes wrong costs no report. Who is refused (a centre or a proxy that does not know
it), or meets an end twice before it was WORTH it (a proxy that closes what is quiet), stays with POST for a day, then
a week.
"""

import base64
import os
from math import inf

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError
from agent.uplink.http_answer import MAX_ANSWER_BYTES, MAX_HEAD_BYTES, SWITCHING, HttpAnswer
from agent.uplink.link import Link
from agent.uplink.place import Place
from agent.uplink.talk import converse
from agent.wire.websocket import BINARY, CLOSE, PING, PONG, TEXT, VERSION, Incoming, StreamError, accepted, frame
from modem.frozen import dataclass

PROVEN = 3
WORTH = 6
ASK_S = 10.0
"""The longest that asking may take."""
AVOID_S = (86_400.0, 7 * 86_400.0)
_MASK_BYTES = 4
_KEY_BYTES = 16
_READ_BYTES = 4096
_MAX_PINGS = 8
"""Before an answer: each asks for a packet of ours."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """What was learned of streams on this way to the centre. Times in monotonic seconds."""

    avoid_until: float = -inf
    short: int = 0
    """Streams in a row that were not worth their price."""
    avoided: int = 0
    """Times in a row."""

    def refused(self, now: float) -> "Leaning":
        return Leaning(now + AVOID_S[min(self.avoided, len(AVOID_S) - 1)], 0, self.avoided + 1)

    def ended(self, carried: int, now: float) -> "Leaning":
        """A stream that carried so many reports is over."""
        if carried >= WORTH:
            return Leaning()
        return self.refused(now) if self.short else Leaning(self.avoid_until, self.short + 1, self.avoided)


class Stream:
    """The centre's end of an upgraded link. Owned by one thread."""

    def __init__(self, link: Link, begun: bytes = b"") -> None:
        """`begun`: what of it came with the last answer of HTTP."""
        self._link = link
        self._incoming = Incoming(masked=False, limit=MAX_ANSWER_BYTES)
        self._incoming.feed(begun)
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self.carried = 0
        """Reports."""
        self.spoilt = False
        """More came than was asked for: what comes next may be no answer to what is asked."""

    def ask(self, payload: bytes) -> bytes:
        """The centre's answer to a report; deadline and room are the link's. Raises SendError."""
        try:
            self._link.write(frame(payload, mask=os.urandom(_MASK_BYTES)))
            self._link.acknowledge_at_once()
            answer = self._heard()
        except TimeoutError as error:
            raise SendError("timeout", "no whole answer in time") from error
        except StreamError as error:
            raise SendError("answer", f"this is no stream of a centre: {error}") from error
        except OSError as error:
            raise SendError("lost", f"the connection broke: {error.strerror or error}") from error
        self.carried += 1
        self.spoilt = self._incoming.begun
        return answer

    def _heard(self) -> bytes:
        pings = 0
        while True:
            message = self._incoming.next()
            if message is None:
                got = self._link.read_into(self._buffer)
                if not got:
                    raise SendError("lost", "the connection ended before the answer did")
                self._incoming.feed(bytes(self._buffer[:got]))
            elif message.kind in (BINARY, TEXT):
                return message.data
            elif message.kind == PING:
                pings += 1
                if pings > _MAX_PINGS:
                    raise SendError("answer", "nothing but pings")
                self._link.write(frame(message.data, PONG, os.urandom(_MASK_BYTES)))
            elif message.kind == CLOSE:
                raise SendError("lost", "the other end closed the stream")


def asked_for(link: Link, place: Place, session: str, deadline: Deadline, clock: Clock) -> Stream | None:
    """The stream that the link has become; None where the answer is a whole one, but no: then it serves POST as before.

    Raises SendError when the link is of no more use.
    """
    key = base64.b64encode(os.urandom(_KEY_BYTES))
    link.deadline = Deadline.after(min(ASK_S, deadline.left(clock)), clock)
    link.room = MAX_ANSWER_BYTES + MAX_HEAD_BYTES
    answer = converse(link, request(place, session, key))
    if answer.status != SWITCHING:
        if answer.ends:
            raise SendError("lost", f"the connection ends with HTTP {answer.status}")
        return None
    if not _agrees(answer, key):
        raise SendError("answer", "another protocol than was asked for")
    return Stream(link, answer.rest)


def request(place: Place, session: str, key: bytes) -> bytes:
    return (
        f"GET {place.session_path(session)} HTTP/1.1\r\nHost:{place.host_header}\r\n"
        f"Upgrade:websocket\r\nConnection:Upgrade\r\n"
        f"Sec-WebSocket-Version:{VERSION}\r\nSec-WebSocket-Key:{key.decode()}\r\n\r\n"
    ).encode("ascii")


def _agrees(answer: HttpAnswer, key: bytes) -> bool:
    said = answer.header("sec-websocket-accept")
    return said == accepted(key).decode() and answer.header("upgrade").lower() == "websocket"
