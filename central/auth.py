"""Who speaks: terminals by their own credential, operators by one token. Pure, but for making secrets.

A terminal's credential is `<terminal id>:<secret>`, 256 random bits as 43 characters of base64url. The centre keeps
only the SHA-256 of the secret: with so many random bits a slow hash adds nothing but load.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets

TERMINAL_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
SECRET = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_NOBODY = bytes(32)
"""Compared with when the terminal is not known, so that the answer takes as long."""
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via")

Headers = list[tuple[bytes, bytes]]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def read_credential(authorization: bytes) -> tuple[str, str] | None:
    """Terminal id and secret of a Bearer header; None when it is not one."""
    scheme, _, value = authorization.partition(b" ")
    if scheme.lower() != b"bearer" or len(value) > 200:
        return None
    terminal, colon, secret = value.decode("latin-1").strip().partition(":")
    if not colon or not TERMINAL_ID.match(terminal) or not SECRET.match(secret):
        return None
    return terminal, secret


def secret_matches(secret: str, stored_sha256: bytes | None) -> bool:
    """Constant time; None (no such terminal) costs the same and is False."""
    same = hmac.compare_digest(digest(secret), _NOBODY if stored_sha256 is None else stored_sha256)
    return same and stored_sha256 is not None


def operator_token(authorization: bytes) -> str | None:
    """The token of an operator: Bearer for programs, the password of HTTP Basic (any user) for browsers."""
    scheme, _, value = authorization.partition(b" ")
    if len(value) > 2000:
        return None
    if scheme.lower() == b"bearer":
        return value.decode("latin-1").strip()
    if scheme.lower() == b"basic":
        return _basic_password(value)
    return None


def _basic_password(value: bytes) -> str | None:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    _, colon, password = text.partition(":")
    return password if colon else None


def token_matches(given: str | None, token_sha256: bytes) -> bool:
    return hmac.compare_digest(digest(given or ""), token_sha256)


def is_local(headers: Headers) -> bool:
    """Asked for by a local name and not through a proxy: the only way in where no operator token is set.

    A web page that rebinds its own name to 127.0.0.1 still says its own name in Host.
    """
    names = {name for name, _ in headers}
    if names.intersection(_FORWARDED):
        return False
    host = next((value for name, value in headers if name == b"host"), b"").decode("latin-1").lower()
    return re.sub(r":\d{1,5}\Z", "", host) in _LOCAL_NAMES
