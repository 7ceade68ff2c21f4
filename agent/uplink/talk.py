"""One request and its answer over a link, in HTTP, and what a refusal says of who refused."""

import http.client

from agent.uplink.base import SendError, Speaker
from agent.uplink.link import Link
from agent.uplink.refusal import code_and_words, object_in
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
    plain = object_in(body)
    code, words = code_and_words(plain or {})
    stranger = "html" in (response.getheader("Content-Type") or "").lower() or body.lstrip()[:1] == b"<"
    speaker: Speaker = "stranger" if stranger else "unknown" if plain is None else "centre"
    return SendError(
        "status",
        f"HTTP {response.status}: {words}" if words else f"HTTP {response.status}",
        status=response.status,
        retry_after_s=retry_after_s(response.getheader("Retry-After"), wall_now),
        speaker=speaker,
        code=code,
    )
