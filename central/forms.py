"""Forms that browsers post: read once, bounded, and held against the word that only our own pages know (CSRF)."""

import hashlib
import hmac
import re

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

MAX_FORM_BYTES = 21 * 1024 * 1024
"""A sheet or a voucher of 20 MB, and the fields beside it."""
SMALL_FORM_BYTES = 16 * 1024
"""From somebody who has not yet said who he is."""
FORM_TYPES = (b"application/x-www-form-urlencoded", b"multipart/form-data")


_UNKEPT = re.compile("[\0\ud800-\udfff]")
"""What not every database keeps. A form names its own encoding, and some (utf-7) make halves of characters."""


class BadForm(Exception):
    """Not a form, or too large; the message is for people."""


async def read_form(scope: Scope, receive: Receive, most: int = MAX_FORM_BYTES) -> tuple[FormData, Receive]:
    """The fields of the form, and a `receive` that gives its bytes to the handler once more. Raises BadForm."""
    body = await _body(receive, most)
    try:
        form = await Request(scope, _again(body)).form(max_files=10, max_fields=20_000)
    except (MultiPartException, ValueError, UnicodeDecodeError, KeyError):
        raise BadForm("the form cannot be read") from None
    await form.close()  # its files; the fields stay
    if any(_UNKEPT.search(text) for name, value in form.multi_items() for text in (name, _told(value))):
        raise BadForm("the form cannot be read")
    return form, _again(body)


def csrf_token(key: bytes, name: str) -> str:
    """The word of somebody who has no session of a browser: it goes by the name."""
    return hmac.new(key, b"csrf\0" + name.encode(), hashlib.sha256).hexdigest()


def is_same(given: object, csrf: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), csrf.encode())


def _told(value: UploadFile | str) -> str:
    return value if isinstance(value, str) else value.filename or ""


async def _body(receive: Receive, most: int) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BadForm("the browser has gone")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise BadForm(f"a form has at most {most} bytes")
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    return receive
