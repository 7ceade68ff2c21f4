"""Reading the settings with the checker in a process of its own.

For whoever stays in memory: pydantic would keep 8 MB for a job of a tenth of a second.
"""

import json
import sys
from pathlib import Path
from typing import Any

from agent.config import ConfigError, files_of, load
from agent.settings import Config, of_plain, plain

APART_S = 60.0
"""For the checking process on the slowest board; more means that something is very wrong."""
START_S = 240.0
"""At the start, when a whole machine starts beside us and nobody waits yet; the unit gives 300 (TimeoutStartSec=)."""


def load_apart(path: Path | None = None, patience_s: float = APART_S) -> Config:
    """As `load`, with the checker in a process of its own, so that this one stays small. RuntimeError: it did not."""
    if not files_of(path):
        return Config()
    import subprocess  # noqa: PLC0415 - 8 ms that a daemon without a file of settings need not spend

    command = [sys.executable, "-m", "agent.config_apart", *([str(path)] if path else [])]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience_s, check=False)
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError) as why:
        raise RuntimeError(f"checking the configuration failed: {why}") from None
    except ValueError:
        raise RuntimeError(f"checking the configuration failed: {done.stderr.decode(errors='replace')}") from None
    if "config" in said:
        return of_plain(said["config"])
    raise ConfigError(**said["error"])


def main(words: list[str]) -> int:
    """`python -m agent.config_apart [FILE]`: the settings, or the error, as one line of JSON."""
    try:
        said: dict[str, Any] = {"config": plain(load(Path(words[0]) if words else None))}
    except ConfigError as error:
        said = {"error": error.said}
    sys.stdout.write(json.dumps(said) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
