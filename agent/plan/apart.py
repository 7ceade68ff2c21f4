"""The carrier's messages, read in a process of its own that ends with the errand.

The words of eighty languages take ten megabytes, and the carrier writes twice a day: the agent does not keep them. A
text that would hold the reader up for ever holds up that process alone.
"""

import json
import os
import re
import select
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Self

from agent.log import logger
from agent.sample.base import PlanFact

if TYPE_CHECKING:
    import subprocess

READ_S = 20.0
"""For one text. The first takes a fast processor a quarter of a second, a slow one two."""
KNOWN = 256
"""Texts whose facts are remembered, for the inbox is looked through every quarter of an hour."""
MAX_ASKED = 4096
"""Characters of a text: escaped, they fit into a pipe that nobody empties."""
MAX_ANSWER = 1 << 16
_SHORT = re.compile(r"\+?[0-9]{2,6}")
"""A number of a carrier's own network; shops, banks and wallets write under names and from long gateways."""
_ROOT = str(Path(__file__).parents[2])
_COMMAND = (sys.executable, "-P", "-m", "agent.plan.apart")

Way = Literal["carrier_sms", "carrier_ussd"]
Facts = tuple[PlanFact, ...]


def read(text: str, sender: str | None, at: float | None, way: Way) -> Sequence[PlanFact]:
    """The facts of one text of the carrier, here and now.

    An SMS that came by itself changes what is believed of the plan: from a name or a gateway nobody knows it must at
    least name a carrier that is known. Short numbers (777, *100#'s answerer) are given out by the carrier.
    """
    from agent.plan.messages import explain, plan_facts  # noqa: PLC0415 - large tables, only where there is a message

    received = datetime.fromtimestamp(at, UTC).date() if at is not None else None
    told = explain(text, sender=sender, received=received, channel="ussd" if way == "carrier_ussd" else "sms")
    if way == "carrier_sms" and told.carrier is None and not _SHORT.fullmatch((sender or "").strip()):
        return ()
    return plan_facts(told, way, at)


class Apart:
    """`read` in another process, which is there from the first text to the end of the `with`. Never raises."""

    def __init__(self, command: Sequence[str] = _COMMAND, read_s: float = READ_S) -> None:
        self._command, self._read_s = tuple(command), read_s
        self._known: dict[int, Facts] = {}
        self._child: subprocess.Popen[bytes] | None = None
        self._gave_up = False

    def __enter__(self) -> Self:
        self._gave_up = False
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, text: str, sender: str | None, at: float | None, way: Way) -> Facts:
        asked = json.dumps([text[:MAX_ASKED], sender, at, way])
        key = hash(asked)  # keyed, 64 bits; hashlib would bring libcrypto, 3 MB
        if key not in self._known:
            found = self._asked(asked)
            if found is None:
                return ()
            while len(self._known) >= KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[key] = found
        return self._known[key]

    def _asked(self, asked: str) -> Facts | None:
        """None: not to be had now. A text that takes too long has no facts, and ends the reading of this errand."""
        if self._gave_up:
            return None
        try:
            self._child = self._child or _started(self._command)
            return _facts(_exchange(self._child, asked.encode() + b"\n", time.monotonic() + self._read_s))
        except TimeoutError:
            why, found = f"not read within {self._read_s:g} s", ()
        except (OSError, ValueError, TypeError) as error:
            why, found = str(error), None
        logger("plan").warning("a message could not be read", why=why)
        self._gave_up = True
        self._end()
        return found

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    import subprocess  # noqa: PLC0415 - only where there is a message

    environment: Mapping[str, str] = os.environ | {"PYTHONPATH": _ROOT}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )


def _exchange(child: "subprocess.Popen[bytes]", line: bytes, until: float) -> bytes:
    """The line that answers. Raises TimeoutError, OSError."""
    assert child.stdin is not None  # noqa: S101  (for the type checker; both are pipes)
    assert child.stdout is not None  # noqa: S101
    child.stdin.write(line)
    child.stdin.flush()
    said = b""
    while not said.endswith(b"\n") and len(said) <= MAX_ANSWER:
        if not select.select([child.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError
        piece = os.read(child.stdout.fileno(), MAX_ANSWER)
        if not piece:
            raise OSError("the reader has ended")
        said += piece
    return said


def _facts(said: bytes) -> Facts:
    return tuple(PlanFact(**one) for one in json.loads(said))


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """One line of JSON for each text, one line with its facts."""
    for line in asked:
        text, sender, at, way = json.loads(line)
        found: list[dict[str, Any]] = [
            {"fact": one.fact, "value": one.value, "source": one.source, "at": one.at, "text": one.text}
            for one in read(text, sender, at, way)
        ]
        answers.write(json.dumps(found).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
