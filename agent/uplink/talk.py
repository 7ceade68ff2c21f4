"""One request and its answer over a link, in HTTP, and what a refusal says of who refused."""

from agent.uplink.base import SendError, Speaker
from agent.uplink.http_answer import Cut, HttpAnswer, Incoming, NotHttp
from agent.uplink.link import Link
from agent.uplink.refusal import code_and_words, object_in
from agent.uplink.retry import retry_after_s

_READ_BYTES = 4096


def converse(link: Link, request: bytes) -> HttpAnswer:
    """`request` in one write, and its whole answer. Raises SendError."""
    try:
        link.write(request)
        link.acknowledge_at_once()
        return _heard(link, Incoming())
    except TimeoutError as error:
        raise SendError("timeout", "no whole answer in time") from error
    except Cut as error:
        raise SendError("lost", "the connection ended before the answer did") from error
    except NotHttp as error:
        raise SendError("answer", f"this is not HTTP: {error}") from error
    except OSError as error:
        raise SendError("lost", f"the connection broke: {error.strerror or error}") from error


def _heard(link: Link, incoming: Incoming) -> HttpAnswer:
    buffer = memoryview(bytearray(_READ_BYTES))
    while got := link.read_into(buffer):
        answer = incoming.feed(bytes(buffer[:got]))
        if answer:
            return answer
    return incoming.end()


def refusal(answer: HttpAnswer, wall_now: float) -> SendError:
    """What another status than 200 means to the sender. `wall_now` in wall seconds."""
    plain = object_in(answer.body)
    code, words = code_and_words(plain or {})
    stranger = "html" in answer.header("content-type").lower() or answer.body.lstrip()[:1] == b"<"
    speaker: Speaker = "stranger" if stranger else "unknown" if plain is None else "centre"
    return SendError(
        "status",
        f"HTTP {answer.status}: {words}" if words else f"HTTP {answer.status}",
        status=answer.status,
        retry_after_s=retry_after_s(answer.header("retry-after"), wall_now),
        speaker=speaker,
        code=code,
    )
