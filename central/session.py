"""A terminal that has shown its credential once speaks on under a short token, so that a report need not say again who
speaks (`Authorization: Bearer …` is some 80 bytes of each).

The token is no secret of the connection: a proxy may spread the requests of one connection, and mix those of many. It
stands in the path: POST /~<terminal id><12 characters>. The characters are a MAC over the terminal's id, what the
session is bound to, and the day, so nothing is stored, and it is good for the day it was issued and the next. It is
bound to the lineage of the database while the terminal's credential is an old one, so that nothing has to be read to
check it, and for three days after the secret was changed to its hash: who rotates a secret or revokes a credential ends
all sessions of before as fast as that is known (2 s). Every process of one centre needs the same key.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from central.auth import TERMINAL_ID

PATH = "/~"
DAY_S = 86_400
_MAC_BYTES = 9
_MAC_CHARS = 12
"""72 bits, base64url: forging one takes 2^71 requests to us on average, within two days."""


@dataclass(frozen=True, slots=True)
class Sessions:
    wall: Callable[[], float]
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Drawn at the start unless given: then a restart makes each terminal show its credential once more."""
    _keyed: hmac.HMAC = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keyed", hmac.new(self.key, digestmod=hashlib.sha256))

    def issue(self, terminal: str, bound: bytes) -> str:
        return terminal + self._mac(terminal, bound, self._today())

    def age(self, terminal: str, mac: str, bound: bytes) -> int | None:
        """0 when it was issued today, 1 yesterday: then a fresh one should go along with the answer. None: no good."""
        today = self._today()
        for days in (0, 1):
            if hmac.compare_digest(mac, self._mac(terminal, bound, today - days)):
                return days
        return None

    def _today(self) -> int:
        return int(self.wall() // DAY_S)

    def _mac(self, terminal: str, bound: bytes, day: int) -> str:
        text = b"session 1\0" + terminal.encode() + b"\0" + bound + day.to_bytes(8, "big", signed=True)
        # not hmac.digest: that lets go of the interpreter's lock, and the store's writer is there to take it
        keyed = self._keyed.copy()
        keyed.update(text)
        return base64.b64encode(keyed.digest()[:_MAC_BYTES], b"-_").decode()


def claimed(path: str) -> tuple[str, str] | None:
    """Terminal id and MAC of a path; None when it is not of that shape."""
    token = path.removeprefix(PATH)
    terminal, mac = token[:-_MAC_CHARS], token[-_MAC_CHARS:]
    if not path.startswith(PATH) or not TERMINAL_ID.match(terminal) or not mac.isascii():
        return None
    return terminal, mac
