"""Reports in single datagrams: CoAP (RFC 7252) under OSCORE (RFC 8613), one question at a time (docs/coap.md).

aiocoap knows how messages look and how they are protected; sending, repeating and waiting is done here, on the uplink's
thread, with a socket of our own. What is repeated is the same datagram, so it is one request however often it arrives.
There is no handshake, no connection, and nothing for a NAT to forget: each report finds its way alone.

Not believed: errors that are not protected. They may only cause one more try, in full, within the same send.
"""

import hashlib
import os
import socket
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from aiocoap.message import Message
from aiocoap.numbers.codes import Code
from aiocoap.numbers.types import Type

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Sure, always, unsure
from agent.uplink.coap_state import STEP, Numbers
from agent.uplink.credential import Credential
from agent.uplink.framing import Framing
from agent.uplink.lookup import Address, Lookup, Resolve, system_resolve
from agent.uplink.meter import Meter, Traffic
from agent.uplink.told import host_of, refusal_in, told, who_we_are
from agent.wire import Answer
from agent.wire.oscore import BLOCK_BYTES, BLOCK_SZX, NO_CONTEXT, REPLAYED, Context
from modem.frozen import dataclass

PORT = 5683
ACK_TIMEOUT_S = 3.0
"""RFC 7252 says 2: a radio that sleeps needs up to that to wake, and each needless repetition is paid for."""
ACK_RANDOM = 1.25
JUMP = 4 * STEP
"""A centre that was restarted refuses numbers below its last step."""
_UDP_HEADERS = {socket.AF_INET: 28, socket.AF_INET6: 48}
_MAX_DATAGRAM = 65_535
MAX_ANSWER_BYTES = 64 * 1024
_ROOM_BYTES = 2 * MAX_ANSWER_BYTES
"""For all that comes in about one report: an answer, a word for each block of a long batch, whatever is repeated."""


@dataclass(frozen=True, slots=True)
class CoapSettings:
    url: str
    """coap+oscore://centre.example[:port]."""
    credential_file: Path
    state_file: Path
    """For the sequence numbers."""
    bind_interface: str = ""


def parse_coap(url: str) -> tuple[str, int]:
    """Host and port. Raises ValueError with a reason for people."""
    return host_of(url, "coap+oscore", PORT)


class CoapTransport:
    """A `Transport`. Owned by one thread; raises ValueError at once for an address that cannot be used."""

    def __init__(
        self, settings: CoapSettings, clock: Clock, meter: Meter, resolve: Resolve = system_resolve,
        random: Random | None = None, sure: Sure = always,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._clock = clock
        self._meter = meter
        host, port = parse_coap(settings.url)
        self._lookup = Lookup(host, port, clock, meter, resolve)
        self._random = random or Random()  # noqa: S311 - spreads repetitions, keeps no secret
        self._sure = sure
        self._framing = Framing()
        self._mid = int.from_bytes(os.urandom(2))
        self._mark = ""
        self._numbers: Numbers | None = None
        self._context: Context | None = None
        self._is_known = False
        """The centre has understood this context: its ID need not be said again."""

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        return told(self._framing, batch, lambda payload: self._ask(payload, deadline), deadline, self._clock)

    def close(self) -> None:
        """Nothing is kept open."""

    # -- requests -----------------------------------------------------------------------------------------------------

    def _ask(self, payload: bytes, deadline: Deadline) -> bytes:
        """The centre's words, protected; whole, or block by block, both ways (RFC 7959). Raises SendError."""
        with _Line(self._lookup, self._settings.bind_interface, self._clock, self._meter, deadline) as line:
            for start in range(0, max(1, len(payload)), BLOCK_BYTES):
                inner = Message(code=Code.POST, payload=payload[start : start + BLOCK_BYTES])
                more = start + BLOCK_BYTES < len(payload)
                if more or start:
                    inner.opt.block1 = (start // BLOCK_BYTES, more, BLOCK_SZX)
                answer = self._understood(inner, line, deadline)
                if answer.code != Code.CONTINUE:
                    break
            said = self._all_of(answer, line, deadline)
        self._lookup.worked(line.address)
        return said

    def _all_of(self, answer: Message, line: "_Line", deadline: Deadline) -> bytes:
        """Asks for what follows of a long answer (RFC 7959, 3.3)."""
        said = bytes(answer.payload)
        while (block := answer.opt.block2) is not None and block.more:
            inner = Message(code=Code.POST)
            inner.opt.block2 = (len(said) // BLOCK_BYTES, False, BLOCK_SZX)
            answer = self._understood(inner, line, deadline)
            if answer.opt.block2 is None or answer.opt.block2.start != len(said) or len(said) > MAX_ANSWER_BYTES:
                raise refusal_in(bytes(answer.payload)) or SendError("answer", "its blocks do not fit together")
            said += answer.payload
        return said

    def _understood(self, inner: Message, line: "_Line", deadline: Deadline) -> Message:
        for _ in range(3):
            context = self._ready()
            try:
                protected, request = context.protect(inner, kid_context=not self._is_known)
            except OSError as error:  # the disk did not take the number
                raise SendError(
                    "interface", f"{self._settings.state_file}: {error}", surely_not_received=True
                ) from error
            self._mid = (self._mid + 1) % 2**16
            protected.mtype, protected.mid = Type.CON, self._mid
            answer = self._exchange(protected, line, deadline)
            if answer.opt.oscore is not None:
                opened = _opened(context, answer, request)
                self._is_known = True
                return opened
            if not self._is_worth_another_try(answer, context):
                break
        raise _refusal_in_the_clear(answer)

    def _exchange(self, protected: Message, line: "_Line", deadline: Deadline) -> Message:
        wait = ACK_TIMEOUT_S * self._random.uniform(1.0, ACK_RANDOM)
        data = protected.encode()
        heard = False
        while not deadline.passed(self._clock):
            if not heard:
                if not self._sure(deadline.left(self._clock)):
                    raise unsure()  # what was sent before may have arrived
                line.send(data)
            answer = line.hear(protected.mid, Deadline.after(min(wait, deadline.left(self._clock)), self._clock))
            if answer is not None and answer.code.is_response():
                return answer
            heard = heard or answer is not None  # an empty acknowledgement: the answer takes a little longer
            wait *= 2
        raise SendError("timeout", "no answer over UDP in time")

    def _is_worth_another_try(self, answer: Message, context: Context) -> bool:
        if answer.payload == NO_CONTEXT and self._is_known:
            self._is_known = False  # it has forgotten which context is ours: say it again
            return True
        if answer.payload == REPLAYED:
            context.sender_sequence_number += JUMP
            return True
        return False

    def _ready(self) -> Context:
        """The context of the credential as it is now."""
        credential = who_we_are(self._settings.credential_file)
        digest = hashlib.sha256(credential.secret.encode("ascii")).digest()
        mark = _mark(credential, digest)
        if self._context is None or mark != self._mark:
            self._numbers = numbers = Numbers(self._settings.state_file, mark)
            self._context = Context(
                credential.terminal_id, digest, numbers.id_context, "terminal",
                reserve=numbers.reserve, first=numbers.next,
            )  # fmt: skip
            self._mark, self._is_known = mark, False
        return self._context


def _opened(context: Context, answer: Message, request: Any) -> Message:
    try:
        opened, _ = context.unprotect(answer, request)
    except Exception as error:  # whatever the bytes made the library do, they are no answer
        raise SendError("answer", f"an answer that is not the centre's: {type(error).__name__}") from error
    return opened


def _refusal_in_the_clear(answer: Message) -> SendError:
    if answer.code == Code.UNAUTHORIZED:
        return SendError("status", "the centre does not know this credential", status=401)
    return SendError("answer", f"an unprotected answer: {answer.code}")


def _mark(credential: Credential, digest: bytes) -> str:
    """Says which credential, without telling it."""
    return hashlib.sha256(b"coap\0" + credential.terminal_id.encode() + digest).hexdigest()[:16]


class _Line:
    """A UDP socket for one report; every datagram is counted with its headers."""

    def __init__(self, lookup: Lookup, interface: str, clock: Clock, meter: Meter, deadline: Deadline) -> None:
        self._clock = clock
        self._meter = meter
        self.address: Address = lookup.addresses(deadline)[0]
        self._room = _ROOM_BYTES
        family, where = self.address
        self._headers = _UDP_HEADERS.get(family, 48)
        self._sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            if interface:
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
            self._sock.connect(where)
        except OSError as error:
            self._sock.close()
            raise SendError(
                "interface" if interface else "connect", f"UDP: {error.strerror or error}", surely_not_received=True
            ) from error

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def send(self, data: bytes) -> None:
        try:
            self._sock.send(data)
        except OSError as error:
            raise SendError("connect", f"UDP: {error.strerror or error}") from error
        self._meter.count("report", Traffic(sent=len(data) + self._headers))

    def hear(self, mid: int, until: Deadline) -> Message | None:
        """What comes in about `mid`; None when `until` has passed."""
        while (left := until.left(self._clock)) > 0:
            self._sock.settimeout(left)
            try:
                data = self._sock.recv(_MAX_DATAGRAM)
            except TimeoutError:
                return None
            except OSError as error:
                raise SendError("connect", f"UDP: {error.strerror or error}") from error
            self._meter.count("report", Traffic(received=len(data) + self._headers))
            self._room -= len(data) + self._headers
            if self._room < 0:
                raise SendError("answer", "more comes than was asked for")
            message = _decoded(data)
            if message is not None and self._is_about(message, mid):
                return message
        return None

    def _is_about(self, message: Message, mid: int) -> bool:
        if message.mtype == Type.CON:  # an answer that comes apart from its acknowledgement (RFC 7252, 5.2.2)
            with suppress(SendError):
                self.send(bytes([0x60, 0]) + int(message.mid).to_bytes(2))
            return True
        return bool(message.mtype == Type.NON or message.mid == mid)


def _decoded(data: bytes) -> Message | None:
    try:
        return Message.decode(data)
    except Exception:  # the library raises what the bytes make it raise
        return None
