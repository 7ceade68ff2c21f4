"""Blocking work of libraries beside the loop, in a thread that does not hold up the end of the process: asyncio waits
for the threads of its own pool, and a stop that waits for somebody's web server is none.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def aside(work: Callable[[], T]) -> T:
    """`work()`, with its result or its exception. Cancelled, it goes on unheard."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # handed to whoever waits
            _tell(loop, future.set_exception, future, error)
        else:
            _tell(loop, future.set_result, future, result)

    threading.Thread(target=run, name="aside", daemon=True).start()
    return await future


def _tell(loop: asyncio.AbstractEventLoop, settle: Callable[[R], None], future: "asyncio.Future[T]", it: R) -> None:
    def settle_it() -> None:
        if not future.done():
            settle(it)

    with suppress(RuntimeError):  # the loop is gone, and with it whoever waited
        loop.call_soon_threadsafe(settle_it)
