"""The security context that a terminal and its centre share over CoAP (RFC 8613), made from the credential. Not
imported by agent.wire: it brings aiocoap and cryptography, which only who speaks CoAP needs.

Master secret = HKDF-SHA-256(SHA-256 of the credential's secret, salt "posagent oscore 1", info: the terminal's id). The
digest is what the centre keeps, so nothing more has to be agreed on, and a rotated secret changes the keys. What
follows is the nature of shared keys: who reads the centre's database could speak for a terminal over CoAP, though not
over HTTPS.

The terminal's sender id is six bytes of a hash of its id, the centre's is empty. The ID context is eight random bytes,
born with the terminal's file of sequence numbers: a file that is lost begins new keys, so no number is ever used twice
with the same ones.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Literal

from aiocoap import oscore
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KID_BYTES = 6
CONTEXT_BYTES = 8
WINDOW = 64
"""Numbers that may come out of order."""
BLOCK_BYTES = 1024
BLOCK_SZX = 6
"""RFC 7959: 2^(6 + 4) bytes."""
NO_CONTEXT = b"Security context not found"
REPLAYED = b"Replay detected"
"""RFC 8613, 8.2: what is said in the clear when a request cannot be read."""


def kid_of(terminal: str) -> bytes:
    return hashlib.sha256(b"posagent kid 1\0" + terminal.encode()).digest()[:KID_BYTES]


def master_secret(terminal: str, secret_sha256: bytes) -> bytes:
    return HKDF(SHA256(), 32, b"posagent oscore 1", terminal.encode()).derive(secret_sha256)


def named(request: Any) -> tuple[bytes, bytes | None]:
    """Key id and ID context of a protected message, in the clear. Raises what hostile bytes make it raise."""
    _, _, unprotected, _ = Context._extract_encrypted0(request)  # noqa: SLF001 - our base class; it has no other door
    return bytes(unprotected[oscore.COSE_KID]), unprotected.get(oscore.COSE_KID_CONTEXT)


class Context(oscore.CanProtect, oscore.CanUnprotect, oscore.SecurityContextUtils):
    """One side of it. `reserve` is called with a number before that number is used, and must make it durable."""

    echo_recovery = None

    def __init__(
        self,
        terminal: str,
        secret_sha256: bytes,
        id_context: bytes,
        side: Literal["terminal", "centre"],
        *,
        reserve: Callable[[int], object] = lambda _number: None,
        first: int = 0,
        window_from: int = 0,
    ) -> None:
        self.alg_aead = oscore.algorithms[oscore.DEFAULT_ALGORITHM]
        self.hashfun = oscore.hashfunctions[oscore.DEFAULT_HASHFUNCTION]
        self.id_context = id_context
        kid = kid_of(terminal)
        self.sender_id, self.recipient_id = (kid, b"") if side == "terminal" else (b"", kid)
        self.sender_sequence_number = first
        self.recipient_replay_window = oscore.ReplayWindow(WINDOW, lambda: None)
        self.recipient_replay_window.initialize_from_persisted({"index": window_from, "bitfield": 0})
        self._reserve = reserve
        self.derive_keys(b"", master_secret(terminal, secret_sha256))

    def new_sequence_number(self) -> int:
        self._reserve(self.sender_sequence_number)
        number: Any = super().new_sequence_number()
        return int(number)

    def post_seqnoincrease(self) -> None:
        """Was done before: `reserve`."""
