"""HTTP load out of prepared requests: each connection sends its next one when the answer to the last one is whole.

Nothing is parsed but where an answer ends and whether it says 2xx, so that one core drives what another serves.
"""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import uvloop

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class Load:
    requests: int = 0
    refused: int = 0
    seconds: float = 0.0

    @property
    def per_s(self) -> float:
        return self.requests / self.seconds


class _Speaker(asyncio.Protocol):
    def __init__(self, prepared: Iterator[bytes], load: Load, done: "asyncio.Future[None]") -> None:
        self._prepared, self._load, self._done = prepared, load, done
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are not subclasses
        self._next()

    def data_received(self, data: bytes) -> None:
        heard = self._heard = self._heard + data
        end = heard.find(b"\r\n\r\n")
        if end < 0:
            return
        if (length := _LENGTH.search(heard, 0, end)) and len(heard) < end + 4 + int(length[1]):
            return
        self._load.requests += 1
        self._load.refused += heard[9:10] != b"2"
        self._heard = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("closed by the server"))

    def _next(self) -> None:
        request = next(self._prepared, None)
        if request is not None:
            self._transport.write(request)
        elif not self._done.done():
            self._done.set_result(None)
            self._transport.close()


def drive(port: int, prepared: Sequence[bytes], connections: int) -> Load:
    """Send them all over that many kept connections; raises OSError when one is closed."""
    return uvloop.run(_drive(port, prepared, connections))


async def _drive(port: int, prepared: Sequence[bytes], connections: int) -> Load:
    load, left, loop = Load(), iter(prepared), asyncio.get_running_loop()
    done = [loop.create_future() for _ in range(connections)]
    started = time.perf_counter()
    for one in done:
        await loop.create_connection(lambda one=one: _Speaker(left, load, one), "127.0.0.1", port)
    async with asyncio.timeout(120):
        await asyncio.gather(*done)
    load.seconds = time.perf_counter() - started
    return load


def post(path: str, body: bytes, *headers: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: c", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(head).encode() + body
