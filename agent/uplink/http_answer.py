"""The answer to one HTTP/1.1 request (RFC 9112), read as its bytes come. Pure, and bounded whatever is said.

Of the standard library's reader we would use a tenth, and it brings the e-mail package with it: 1 MB of the daemon.
Strict where two readers could disagree about where an answer ends: what is unclear is no answer.
"""

import re

from modem.frozen import dataclass

MAX_ANSWER_BYTES = 64 * 1024
"""Of the body."""
MAX_HEAD_BYTES = 16 * 1024
ENOUGH_BYTES = 2048
"""Of a refusal: its beginning says who refuses, and why. A page of a walled garden is 80 KB long."""
_REFUSED = 300
_MAX_HEADERS = 64
_MAX_TRAILER_BYTES = 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FIRST_LINE = re.compile(r"HTTP/1\.([01]) ([1-9]\d\d)(?: |$)", re.ASCII)
_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_LENGTH = re.compile(r"\d{1,10}", re.ASCII)
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_TRAILERS = re.compile(rb"(?:[^\r\n]+\r\n)*\r\n")
_LEAST = b"HTTP/1."
_NO_BODY = (101, 204, 304)
SWITCHING = 101


class NotHttp(Exception):
    """What came is no answer, or a longer one than is taken; the connection cannot be read any further."""


class Cut(Exception):
    """The other side ended the connection before its answer was whole."""


@dataclass(frozen=True, slots=True)
class Head:
    status: int
    minor: int
    """Of the version: HTTP/1.0 or HTTP/1.1."""
    headers: dict[str, str]
    """Names in lower case; a repeated one as one list (RFC 9110, 5.3)."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    headers: dict[str, str]
    body: bytes
    ends: bool = False
    """The connection is of no more use after it."""
    rest: bytes = b""
    """What came after it: of the next protocol when this one was left (101)."""

    def header(self, name: str) -> str:
        """`name` in lower case; "" when it was not said."""
        return self.headers.get(name, "")


class Incoming:
    """The other side's bytes, however they are cut → its answer. Looks at no byte twice, so that drips cost no more."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._head: Head | None = None
        self._looked = 0
        """Bytes held that no head ends in."""
        self._joined = bytearray()
        """Of the chunks so far."""

    def feed(self, data: bytes) -> HttpAnswer | None:
        """None: more bytes are needed. Raises NotHttp."""
        self._held += data
        while self._head is None:
            head = self._next_head()
            if head is None:
                return None
            if head.status >= 200 or head.status == SWITCHING:
                self._head = head  # any other is a word on the way: 100 Continue, 103 Early Hints
        return self._answer(self._head)

    def end(self) -> HttpAnswer:
        """The connection ended, which may be how an answer does. Raises Cut."""
        head = self._head
        if head is None or "transfer-encoding" in head.headers or "content-length" in head.headers:
            raise Cut
        return HttpAnswer(head.status, head.headers, bytes(self._held), ends=True)

    def begun(self) -> HttpAnswer | None:
        """The beginning of an answer that is not whole; None before the end of its head."""
        return self._so_far(self._head) if self._head else None

    def _next_head(self) -> Head | None:
        end = _HEAD_END.search(self._held, self._looked)
        if end is None:
            self._looked = max(0, len(self._held) - 3)
            if self._held[: len(_LEAST)] != _LEAST[: len(self._held)] or len(self._held) > MAX_HEAD_BYTES:
                raise NotHttp("no head of an answer")
            return None
        head = read_head(bytes(self._held[: end.start()]))
        del self._held[: end.end()]
        self._looked = 0
        return head

    def _answer(self, head: Head) -> HttpAnswer | None:
        body = self._body(head)
        if body is None:
            return self._beginning(head)
        rest = bytes(self._held)
        unasked = bool(rest) and head.status != SWITCHING
        return HttpAnswer(head.status, head.headers, body, unasked or not _is_kept(head), rest)

    def _beginning(self, head: Head) -> HttpAnswer | None:
        if head.status < _REFUSED or len(self._joined) + len(self._held) < ENOUGH_BYTES:
            return None
        return self._so_far(head)

    def _so_far(self, head: Head) -> HttpAnswer:
        size_line = _CHUNK.match(self._held) if "transfer-encoding" in head.headers else None
        said = bytes(self._joined + self._held[size_line.end() if size_line else 0 :])
        return HttpAnswer(head.status, head.headers, said[:ENOUGH_BYTES], ends=True)

    def _body(self, head: Head) -> bytes | None:
        """Taken from what is held; None while it is not whole, or only the connection's end can show that it is."""
        if head.status in _NO_BODY:
            return b""
        length, coding = _length(head), head.headers.get("transfer-encoding")
        if coding is not None:
            if coding.lower() != "chunked" or length is not None:
                raise NotHttp("a coding nobody asked for")
            return self._chunks(head)
        self._bound(head, len(self._held) if length is None else length)
        if length is None or len(self._held) < length:
            return None
        body = bytes(self._held[:length])
        del self._held[:length]
        return body

    def _bound(self, head: Head, size: int) -> None:
        if size > MAX_ANSWER_BYTES and head.status < _REFUSED:
            raise NotHttp("the answer is too long")

    def _chunks(self, head: Head) -> bytes | None:
        """RFC 9112, 7.1."""
        while found := _CHUNK.match(self._held):
            size = int(found[1], 16)
            self._bound(head, len(self._joined) + size)
            if size == 0:
                trailers = _TRAILERS.match(self._held, found.end())
                if trailers is None and len(self._held) > _MAX_TRAILER_BYTES:
                    break
                if trailers:
                    del self._held[: trailers.end()]
                return bytes(self._joined) if trailers else None
            end = found.end() + size
            if len(self._held) < end + 2:
                return None
            if self._held[end : end + 2] != b"\r\n":
                break
            self._joined += self._held[found.end() : end]
            del self._held[: end + 2]
        if b"\n" in self._held or len(self._held) > MAX_HEAD_BYTES:
            raise NotHttp("no chunk of an answer")
        return None


def read_head(head: bytes) -> Head:
    """What stands before the blank line; a line that is no header says nothing. Raises NotHttp."""
    first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    found = _FIRST_LINE.match(first)
    if not found or len(lines) > _MAX_HEADERS:
        raise NotHttp("no head of an answer")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name):
            continue  # some walled gardens say such things; a folded line (RFC 9112, 5.2) is nobody's any more
        said, name = value.strip(" \t"), name.lower()
        headers[name] = f"{headers[name]}, {said}" if name in headers else said
    return Head(int(found[2]), int(found[1]), headers)


def _length(head: Head) -> int | None:
    """Said twice, it must be the same (RFC 9112, 6.3). Raises NotHttp."""
    said = head.headers.get("content-length")
    if said is None:
        return None
    values = {value.strip() for value in said.split(",")}
    value = values.pop()
    if values or not _LENGTH.fullmatch(value):
        raise NotHttp("no length of an answer")
    return int(value)


def _is_kept(head: Head) -> bool:
    wishes = {wish.strip() for wish in head.headers.get("connection", "").lower().split(",")}
    return "close" not in wishes and (head.minor == 1 or "keep-alive" in wishes)
