"""Passwords: Argon2id (RFC 9106) with the parameters OWASP's password storage cheat sheet asks for at least.

A hash takes some 20 ms and 19 MiB, in a thread beside the loop, a few at a time: whoever knocks much waits, or is
told so. A user nobody knows costs the same as one whose password is wrong.
"""

import secrets
import threading
from functools import cache, partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from central.aside import aside

MIN_CHARS = 10
MAX_CHARS = 200
"""Of the password; a longer one would only make us work."""
AT_ONCE = 2
WAITING = 20
_COMMON = ("password", "passw0rd", "12345678", "qwertyui", "11111111", "00000000", "88888888", "posagent", "iloveyou")

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(AT_ONCE)
_waiting = threading.BoundedSemaphore(WAITING)


class BadPassword(ValueError):
    """It cannot be taken; the message is a key of the words: password_short, password_long, password_easy."""


class Busy(Exception):
    """Too many are at the door; later."""


def check_new(password: str, name: str) -> None:
    """Raises BadPassword."""
    if len(password) < MIN_CHARS:
        raise BadPassword("password_short")
    if len(password) > MAX_CHARS:
        raise BadPassword("password_long")
    plain = password.casefold()
    if len(set(plain)) < 4 or name.casefold() in plain or any(plain.startswith(common) for common in _COMMON):
        raise BadPassword("password_easy")


def make(password: str) -> str:
    """The hash to keep. Blocks for some 20 ms."""
    return _hasher.hash(password)


async def matches(password: str, kept: str) -> bool:
    """`kept` is "" for nobody, who costs as much. Raises Busy."""
    return await _taking_turns(partial(_matches, password, kept))


def _matches(password: str, kept: str) -> bool:
    try:
        _hasher.verify(kept or _nobody(), password[: MAX_CHARS + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


async def _taking_turns(work: "partial[bool]") -> bool:
    def in_turn() -> bool:
        try:
            with _at_once:
                return work()
        finally:
            _waiting.release()

    if not _waiting.acquire(blocking=False):
        raise Busy
    return await aside(in_turn)


@cache
def _nobody() -> str:
    """The hash of a password nobody has."""
    return _hasher.hash(secrets.token_hex())
