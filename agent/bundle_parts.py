"""The file of `posagent diag --bundle`, made in a process of its own and told to the centre in parts.

Only where the centre asks for it (`send-bundle`): it is up to 270 KB of the card's data. What is in it, and what is
not, is agent/bundle.py's business: it is about somebody else already when it comes here.
"""

import base64
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAKING_S = 45.0
PART_CHARS = 40_000
"""A record of the outbox with it fits one request, at the sizes that `uplink.batch_bytes` usually has."""


class NoBundle(Exception):
    """It could not be made; the message says why."""


def made(config: Path | None) -> bytes:
    """Asks the running daemon, as a person's `posagent diag --bundle` does. Never on the daemon's main thread."""
    with tempfile.TemporaryDirectory(prefix="posagent-") as folder:
        file = Path(folder) / "bundle.tar.gz"
        command = [sys.executable, "-m", "agent.cli", "diag", "--no-network", "--bundle", str(file), "--json"]
        command += ["--config", str(config)] if config else []
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                timeout=MAKING_S, check=False,
            )  # fmt: skip
            return file.read_bytes()
        except subprocess.TimeoutExpired:
            raise NoBundle("it took too long") from None
        except FileNotFoundError:
            raise NoBundle("the diagnosis did not write one") from None


def parts(data: bytes) -> Iterator[dict[str, Any]]:
    """Bodies of records, in their order."""
    text = base64.b64encode(data).decode("ascii")
    slices = [text[start : start + PART_CHARS] for start in range(0, len(text), PART_CHARS)]
    for number, piece in enumerate(slices, 1):
        yield {"part": number, "of": len(slices), "data": piece}


def summary(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
