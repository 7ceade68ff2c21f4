"""Codes that turn into credentials: made here, shown once, kept as digests. The rules; central/ingest/enrol.py asks.

A code is good once, for one terminal, until it expires, and for MAX_ATTEMPTS tries: an attempt is counted, durably,
before the secret is looked at, so that many tries at once gain nothing. The secret of a code has 35 bits, so it is kept
under scrypt: who reads the database has days of work for each code, and codes are gone in days.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from agent.wire.enrol import ALPHABET, NAME_CHARS, SECRET_CHARS, grouped, parts, with_check
from central.store.base import EnrolCode, Store, StoreRefused

MAX_ATTEMPTS = 10
MAX_LIFE_S = 90 * 86_400
MAX_COUNT = 1000
"""At once."""
_DRAWS = 20
_SALT_BYTES = 16
_NOBODY = bytes(32)


@dataclass(frozen=True, slots=True)
class MadeCode:
    shown: str
    """For the person who gets it; kept nowhere."""
    kept: EnrolCode


def make_code(terminal: str, name: str, now: int, life_s: int) -> MadeCode:
    """A code for `terminal`; "" = for a new one, whose id is settled when the code is used."""
    code = with_check("".join(secrets.choice(ALPHABET) for _ in range(NAME_CHARS + SECRET_CHARS)))
    named, secret = parts(code)
    salt = secrets.token_bytes(_SALT_BYTES)
    kept = EnrolCode(named, salt, digest(secret, salt), terminal, name, now, now + life_s)
    return MadeCode(grouped(code), kept)


async def new_codes(store: Store, terminal: str, name: str, now: int, life_s: int, count: int) -> list[MadeCode]:
    """Kept, all or none. Raises StoreError."""
    for draw in range(_DRAWS):
        made = [make_code(terminal, name, now, life_s) for _ in range(count)]
        try:
            await store.add_enrol_codes([one.kept for one in made])
        except StoreRefused:  # one of the names is taken: one in millions
            if draw == _DRAWS - 1:
                raise
        else:
            return made
    raise AssertionError("unreachable")


def digest(secret: str, salt: bytes) -> bytes:
    """Some 30 ms and 16 MB."""
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


def matches(secret: str, kept: EnrolCode | None) -> bool:
    """Takes as long for a code nobody knows."""
    same = hmac.compare_digest(
        digest(secret, kept.salt if kept else bytes(_SALT_BYTES)), kept.digest if kept else _NOBODY
    )
    return same and kept is not None


def new_terminal_id() -> str:
    """For a new terminal that did not say what it would like to be called."""
    return "t-" + "".join(secrets.choice(ALPHABET.lower()) for _ in range(8))
