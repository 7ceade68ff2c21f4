"""The way to a platform: one bounded HTTP request at a time, in its turn, and never a secret in what is said of it.

Redirects are not followed: they would carry our credentials to whoever is named. Plain HTTP goes nowhere but to this
very machine, unless the account says that its platform speaks nothing else.
"""

import http.client
import json
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import IO, Any

from central.accounts.oidc import is_safe
from central.platforms.base import Absent, PlatformError, Unreachable
from central.platforms.budget import Budget

TIMEOUT_S = 20.0
MAX_ANSWER = 4 * 1024 * 1024
LONGEST_WAIT_S = 600.0
_NOBODY = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
"""The connection did not come about: whatever was to be asked never left."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Raises Unreachable."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreachable(f"the platform's answer ({self.status}) is not JSON") from None

    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True)
class Line:
    url: str
    budget: Budget
    in_the_clear: bool = False
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    calls: int = 0
    tested: threading.Lock = field(default_factory=threading.Lock, repr=False)
    """Held while somebody tries it out: one at a time (check.py)."""

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """The platform's answer, whatever its status. Raises PlatformError."""
        url = self.url.rstrip("/") + path
        if not is_safe(url) and not self.in_the_clear:
            raise PlatformError("the platform is not asked in the clear (in_the_clear = true would allow it)")
        self._wait()
        self.calls += 1
        request = urllib.request.Request(url, body, dict(headers or {}), method=method)  # noqa: S310 - checked above
        try:
            with _opener().open(request, timeout=TIMEOUT_S) as answer:
                return Answer(answer.status, _bounded(answer))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _bounded(error))
        except (OSError, http.client.HTTPException, ValueError) as error:
            unheard = Absent if isinstance(_cause(error), _NOBODY) else Unreachable
            raise unheard(f"the platform does not answer: {_why(error)}") from None

    def _wait(self) -> None:
        while wait := self.budget.take(self.monotonic()):
            self.sleep(min(wait, LONGEST_WAIT_S))


@cache
def _opener() -> urllib.request.OpenerDirector:
    """Without the handlers that follow redirects or open files."""
    opener = urllib.request.OpenerDirector()
    for one in (
        urllib.request.ProxyHandler(), urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()), urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):  # fmt: skip
        opener.add_handler(one)
    return opener


def _bounded(answer: IO[bytes]) -> bytes:
    """Raises Unreachable."""
    try:
        body = answer.read(MAX_ANSWER + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"the platform's answer ends too early: {_why(error)}") from None
    if len(body) > MAX_ANSWER:
        raise Unreachable("the platform's answer is larger than 4 MB")
    return body


def _why(error: Exception) -> str:
    """Without the address, which may hold a token."""
    return type(_cause(error)).__name__


def _cause(error: Exception) -> Exception:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, Exception) else error
