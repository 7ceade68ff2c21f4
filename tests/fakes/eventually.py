"""Waiting for something that other threads or processes bring about: bounded, and with a reason when it fails."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str, within_s: float = 120.0) -> T:
    """The first true value of `look`, asked again and again; AssertionError with `what` when the time is over.

    A busy machine has two minutes.
    """
    until = time.monotonic() + within_s
    pause = threading.Event()
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < until, f"not within {within_s:g} s: {what}"
        pause.wait(0.05)
