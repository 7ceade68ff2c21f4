"""What the carriers that only bring bytes and their answer back (CoAP, MQTT) have in common: where to, who we are, and
how a batch is told: framed, and said again in full where the centre lacks what a frame is told against. HTTP has
statuses and sessions of its own for that.
"""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError
from agent.uplink.credential import Credential, CredentialError, read_credential
from agent.uplink.framing import Framing, count_of
from agent.uplink.refusal import code_and_words, object_in
from agent.uplink.retry import RETRY_AFTER_CAP_S
from agent.wire import Answer, WireError, read_answer

_ROUTINE = ("heartbeat", "history", "daily")


def host_of(url: str, scheme: str, port: int) -> tuple[str, int]:
    """Host and port (`port`, where it names none). Raises ValueError with a reason for people."""
    parts = urlsplit(url)
    if parts.scheme != scheme or not parts.hostname or parts.path.strip("/") or parts.username or parts.query:
        raise ValueError(f"{url!r} is no {scheme}://host[:port]")
    try:
        return parts.hostname, parts.port or port
    except ValueError as error:
        raise ValueError(f"{url!r}: its port is no number from 1 to 65535") from error


def who_we_are(credential_file: Path) -> Credential:
    """As the file has it now. Raises SendError."""
    try:
        return read_credential(credential_file)
    except CredentialError as error:
        raise SendError("credential", str(error), surely_not_received=True) from error


def is_routine(batch: bytes) -> bool:
    """Nothing in it that must not be late."""
    return all(record["type"] in _ROUTINE for record in json.loads(batch)["records"])


def told(framing: Framing, batch: bytes, ask: Callable[[bytes], bytes], deadline: Deadline, clock: Clock) -> Answer:
    """`ask` takes a payload to the centre and brings what it said. Raises SendError."""
    while True:  # at most three times: each refusal that is tried again takes away what was refused
        try:
            answer = answer_in(ask(framing.packed(batch)), batch, clock)
        except SendError as error:
            again = error.status is not None and framing.try_otherwise(error.status, error.code)
            if not again or deadline.passed(clock):
                raise
        else:
            framing.acknowledged(batch, answer)
            return answer


def answer_in(said: bytes, batch: bytes, clock: Clock) -> Answer:
    """Raises SendError for the centre's refusal, and for what no centre says."""
    if not said:  # all is stored, and the clocks agree
        return Answer(acked=count_of(batch), server_time=max(0, round(clock.wall())))
    refusal = refusal_in(said)
    if refusal is not None:
        raise refusal
    try:
        return read_answer(said)
    except WireError as error:
        raise SendError("answer", f"this is not the centre: {error}") from error


def refusal_in(said: bytes) -> SendError | None:
    """The centre's own refusal, as JSON."""
    plain = object_in(said)
    if plain is None or not isinstance(plain.get("error"), dict):
        return None
    code, words = code_and_words(plain)
    status = plain.get("status")
    return SendError(
        "status",
        words,
        status=status if isinstance(status, int) else 500,
        retry_after_s=_seconds(plain.get("retry_after_s")),
        speaker="centre",
        code=code,
    )


def _seconds(value: object) -> float | None:
    """JSON has numbers that are none, are endless, or lie before now."""
    return float(min(value, RETRY_AFTER_CAP_S)) if isinstance(value, int | float) and value >= 0 else None
