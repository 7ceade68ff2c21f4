"""What an answer says of who refused, and why: a centre speaks JSON, walled gardens and proxies speak HTML. Pure."""

import json

from modem.text import printable

MAX_CODE, MAX_WORDS = 40, 200


def object_in(body: bytes) -> dict[str, object] | None:
    """The JSON object that it is; None for anything else."""
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None


def code_and_words(plain: dict[str, object]) -> tuple[str, str]:
    """What the centre calls a refusal, and its own words, made safe and short; "" for what it did not say."""
    error = plain.get("error", plain)
    if isinstance(error, dict):
        return _text(error.get("code"), MAX_CODE), _text(error.get("message"), MAX_WORDS)
    return "", _text(error, MAX_WORDS)


def _text(value: object, most: int) -> str:
    return printable(value[:most]) if isinstance(value, str) else ""
