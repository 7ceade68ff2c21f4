"""Coming in by a provider of one's own (OpenID Connect, code flow with PKCE): who somebody is, said by the provider.

What has to be remembered between the two halves is in a cookie that only we and this browser know: from its secret come
the state, the nonce and the PKCE verifier (RFC 7636). The ID token is checked whole: signature, issuer, audience,
times, nonce. Who comes has to be a user here: the first time by name, then by the provider's own number for him.
"""

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from central.aside import aside

if TYPE_CHECKING:
    from jwt import PyJWKClient

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
TIMEOUT_S = 10
LEEWAY_S = 60
KEPT_S = 3600.0
_MOST = 1024 * 1024


class NotConfirmed(Exception):
    """The provider did not say who it is, or not so that we believe it; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Claims:
    subject: str
    """`<issuer> <sub>`: never another person's."""
    name: str


@dataclass(frozen=True, slots=True)
class Secret:
    """What the browser's cookie holds between the two halves."""

    text: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def part(self, purpose: str) -> str:
        made = hmac.new(self.text.encode(), purpose.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")


class Provider:
    def __init__(
        self, issuer: str, client_id: str, client_secret: str, redirect_uri: str, claim: str,
        monotonic: Callable[[], float],
    ) -> None:  # fmt: skip
        self._issuer = issuer
        self._client = (client_id, client_secret)
        self._redirect_uri = redirect_uri
        self._claim = claim
        self._monotonic = monotonic
        self._known: dict[str, Any] = {}
        self._known_until = float("-inf")
        self._keys: PyJWKClient | None = None

    async def address(self, secret: Secret) -> str:
        """Where the browser is sent. Raises NotConfirmed."""
        known = await aside(self._discover)
        challenge = hashlib.sha256(secret.part("verifier").encode()).digest()
        query = {
            "response_type": "code", "client_id": self._client[0], "redirect_uri": self._redirect_uri,
            "scope": "openid profile email", "state": secret.part("state"), "nonce": secret.part("nonce"),
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="), "code_challenge_method": "S256",
        }  # fmt: skip
        endpoint = str(known["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def claims(self, secret: Secret, state: str, code: str) -> Claims:
        """Raises NotConfirmed."""
        if not hmac.compare_digest(state.encode(), secret.part("state").encode()) or not code:
            raise NotConfirmed("the answer does not belong to what was asked")
        return await aside(partial(self._claims, secret, code))

    def _claims(self, secret: Secret, code: str) -> Claims:
        import jwt

        known = self._discover()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri,
            "code_verifier": secret.part("verifier"), "client_id": self._client[0], "client_secret": self._client[1],
        }  # fmt: skip
        answer = _fetch(str(known["token_endpoint"]), urlencode(form).encode())
        try:
            said = self._checked(str(answer["id_token"]))
        except (jwt.PyJWTError, OSError, HTTPException, KeyError, ValueError) as error:
            raise NotConfirmed(f"the ID token is not good: {type(error).__name__}") from None
        if not hmac.compare_digest(str(said.get("nonce", "")).encode(), secret.part("nonce").encode()):
            raise NotConfirmed("the ID token is of another sign-in")
        if self._claim == "email" and said.get("email_verified") is False:
            raise NotConfirmed("the provider has not verified the e-mail address")
        return Claims(f"{self._issuer} {said['sub']}"[:500], str(said.get(self._claim, ""))[:200])

    def _checked(self, token: str) -> dict[str, Any]:
        import jwt

        if self._keys is None:
            raise KeyError("jwks_uri")
        key = self._keys.get_signing_key_from_jwt(token)
        said: dict[str, Any] = jwt.decode(
            token, key, algorithms=ALGORITHMS, audience=self._client[0], issuer=self._issuer, leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )  # fmt: skip
        return said

    def _discover(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 4; kept for an hour."""
        if self._monotonic() < self._known_until:
            return self._known
        known = _fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if known.get("issuer") != self._issuer:
            raise NotConfirmed("the provider calls itself otherwise")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not all(is_safe(known.get(name)) for name in wanted):
            raise NotConfirmed("the provider's description is not whole")
        from jwt import PyJWKClient

        self._keys = PyJWKClient(str(known["jwks_uri"]), timeout=TIMEOUT_S)
        self._known, self._known_until = known, self._monotonic() + KEPT_S
        return known


def is_safe(url: object) -> bool:
    """Encrypted, or on this very machine."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _fetch(url: str, body: bytes | None = None) -> dict[str, Any]:
    """A JSON object. Raises NotConfirmed."""
    if not is_safe(url):
        raise NotConfirmed("the provider is not asked in the clear")
    request = urllib.request.Request(url, body, {"accept": "application/json"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - checked above
            if not is_safe(answer.url):
                raise NotConfirmed("the provider sends us on in the clear")
            found = json.loads(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        error.close()
        raise NotConfirmed(f"the provider answers {error.code}") from None
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise NotConfirmed(f"the provider does not answer: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise NotConfirmed("the provider's answer is no object")
    return found
