"""What a terminal and its centre say when the terminal gets its own credential: POST /v1/enroll.

A code is 13 characters of Crockford's base32 in groups, `7KQ2M-4XW9-PBTC`: five that name it, seven that are secret,
one that catches a slip of the finger (Luhn mod 32: each single error, nearly each swap of neighbours) before it costs
an attempt or a byte. Read aloud and typed: small letters, blanks and O, I, L for 0, 1, 1 are understood.

The secret of the credential is made by the terminal and never travels here; the centre gets its SHA-256. That is also
what makes saying it twice harmless: the same code with the same digest is answered the same way again.
"""

import json
import re
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from agent.wire.base import WireError
from agent.wire.models import Seconds, Wire, complaint

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NAME_CHARS, SECRET_CHARS = 5, 7
CODE_CHARS = NAME_CHARS + SECRET_CHARS + 1
MAX_BODY_BYTES = 4096
_READ_AS = str.maketrans("OIL", "011", " -\t.")
_TERMINAL = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


class EnrolRequest(Wire):
    """With a code: a terminal that has nothing yet. Without one: a terminal that shows its present credential and was
    asked by a directive to change it.
    """

    v: Literal[1] = 1
    secret_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    code: Annotated[str, Field(max_length=40)] | None = None
    terminal: Annotated[str, Field(pattern=_TERMINAL)] | None = None
    """The id it would like to have; heeded only where the code is for a new terminal."""


class EnrolAnswer(Wire):
    v: Literal[1] = 1
    terminal: Annotated[str, Field(pattern=_TERMINAL)]
    server_time: Seconds | None = None


def with_check(data: str) -> str:
    """The twelve characters with the one that checks them."""
    return data + ALPHABET[-_luhn(data, 2) % len(ALPHABET)]


def grouped(code: str) -> str:
    """As people get it."""
    return f"{code[:5]}-{code[5:9]}-{code[9:]}"


def tidy(typed: str) -> str:
    """The bare 13 characters of what somebody typed. Raises WireError, whose text does not repeat it."""
    code = typed.upper().translate(_READ_AS).strip()
    if not re.fullmatch(f"[{ALPHABET}]*", code):
        raise WireError("a code has digits and letters other than U, in groups like 7KQ2M-4XW9-PBTC")
    if len(code) != CODE_CHARS:
        raise WireError(f"a code has {CODE_CHARS} characters, this one {len(code)}")
    if _luhn(code, 1):
        raise WireError("the code is mistyped: its last character does not fit the others")
    return code


def parts(code: str) -> tuple[str, str]:
    """What names a tidy code, and what is secret of it."""
    return code[:NAME_CHARS], code[NAME_CHARS:-1]


def read_request(data: bytes) -> EnrolRequest:
    """Raises WireError."""
    try:
        return EnrolRequest.model_validate(_object(data))
    except ValidationError as error:
        raise WireError(complaint(error)) from None


def read_answer(data: bytes) -> EnrolAnswer:
    """Raises WireError."""
    try:
        return EnrolAnswer.model_validate(_object(data))
    except ValidationError as error:
        raise WireError(complaint(error)) from None


def _luhn(text: str, factor: int) -> int:
    """The sum of Luhn's rule in base 32, from the right; `factor` is that of the last character."""
    total, base = 0, len(ALPHABET)
    for char in reversed(text):
        weighed = ALPHABET.index(char) * factor
        total += weighed // base + weighed % base
        factor = 3 - factor
    return total % base


def _object(data: bytes) -> object:
    if len(data) > MAX_BODY_BYTES:
        raise WireError(f"{len(data)} bytes are more than the {MAX_BODY_BYTES} allowed")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {type(error).__name__}") from error
