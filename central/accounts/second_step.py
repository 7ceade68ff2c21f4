"""The second step of signing in: codes by time (RFC 6238, six digits, 30 s) and the recovery codes beside them; pure.

A code is good once: whoever keeps the users remembers the step of the last one. One step of drift either way is fine.
"""

import hashlib
import secrets

import pyotp

STEP_S = 30
DRIFT = 1
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_CHARS = 10
"""Some 49 bits."""


def new_secret() -> str:
    """160 bits in base32 (RFC 4226, section 4)."""
    return pyotp.random_base32()


def uri(secret: str, name: str, place: str) -> str:
    """For the QR code that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=place)


def step_of(secret: str, code: str, now: float) -> int | None:
    """The time step a code belongs to; None: it is no good now."""
    plain = "".join(code.split())
    if len(plain) != 6 or not (plain.isascii() and plain.isdigit()):
        return None
    otp, step = pyotp.TOTP(secret), int(now) // STEP_S
    good = [one for one in range(step - DRIFT, step + DRIFT + 1) if secrets.compare_digest(otp.at(one * STEP_S), plain)]
    return max(good, default=None)


def new_recovery_codes() -> list[str]:
    made = ("".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_CHARS)) for _ in range(RECOVERY_CODES))
    return [f"{code[:5]}-{code[5:]}" for code in made]


def recovery_digest(code: str) -> bytes:
    plain = "".join(char for char in code.casefold() if char.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()
