"""One request and its answer over a link, in HTTP, and what a refusal says of who refused."""

import http.client
import json

from agent.uplink.base import SendError, Speaker
from agent.uplink.link import Link
from agent.uplink.retry import retry_after_s

MAX_ANSWER_BYTES = 64 * 1024
MAX_HEAD_BYTES = 16 * 1024


def converse(link: Link, request: bytes, method: str = "POST") -> tuple[http.client.HTTPResponse, bytes]:
    """`request` in one write, and its whole answer. Raises SendError."""
    response = http.client.HTTPResponse(link.as_socket(), method=method)
    try:
        link.write(request)
        link.acknowledge_at_once()
        response.begin()
        body = response.read(MAX_ANSWER_BYTES + 1)
        whole = not response.length
    except TimeoutError as error:
        raise SendError("timeout", "no whole answer in time") from error
    except (http.client.IncompleteRead, http.client.RemoteDisconnected) as error:
        raise SendError("lost", "the connection ended before the answer did") from error
    except (http.client.HTTPException, ValueError) as error:
        raise SendError("answer", f"this is not HTTP: {type(error).__name__}") from error
    except OSError as error:
        raise SendError("lost", f"the connection broke: {error.strerror or error}") from error
    if len(body) > MAX_ANSWER_BYTES:
        raise SendError("answer", "the answer is too long")
    if not whole:
        raise SendError("lost", "the connection ended before the answer did")
    return response, body


def refusal(response: http.client.HTTPResponse, body: bytes, wall_now: float) -> SendError:
    """What another status than 200 means to the sender. `wall_now` in wall seconds."""
    return SendError(
        "status",
        f"HTTP {response.status}{_said(body)}",
        status=response.status,
        retry_after_s=retry_after_s(response.getheader("Retry-After"), wall_now),
        speaker=_speaker(response.getheader("Content-Type") or "", body),
        code=_code(body),
    )


def _speaker(content_type: str, body: bytes) -> Speaker:
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        return "stranger"
    return "centre" if _object(body) is not None else "unknown"


def _said(body: bytes) -> str:
    """The centre's own words about a refusal, made safe and short; "" if it gave none."""
    plain = _object(body) or {}
    error = plain.get("error", plain)
    words = error.get("message") if isinstance(error, dict) else error
    if not isinstance(words, str):
        return ""
    return ": " + "".join(char if char.isprintable() else "?" for char in words[:200])


def _code(body: bytes) -> str:
    error = (_object(body) or {}).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code[:40] if isinstance(code, str) else ""


def _object(body: bytes) -> dict[str, object] | None:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None
