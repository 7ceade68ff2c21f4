"""A centre that dies a thousand times: each life is forked from a process that has loaded everything, because loading
takes a second of a processor. What runs is `posagent-central serve` all the same, in a process of its own.
"""

import multiprocessing
import os
import re
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

LOADED = ["central.cli", "central.cli.serve", "central.server", "central.store.sqlite"]
_FORKS = multiprocessing.get_context("forkserver")


@dataclass
class ForkedCentre:
    """On a free port of 127.0.0.1, until the `with` block ends or it is killed."""

    database: Path
    flags: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)
    """What it said before it listened."""

    def __enter__(self) -> "ForkedCentre":
        _FORKS.set_forkserver_preload(LOADED)
        self._said, saying = _FORKS.Pipe(duplex=False)
        command = ["serve", "--listen", "127.0.0.1:0", *self.flags, "--database", str(self.database)]
        self._process = _FORKS.Process(target=_serve, args=(command, saying), daemon=True)
        self._process.start()
        saying.close()
        self.port = self._read_port()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._process.close()

    def kill(self) -> None:
        """As a power cut does."""
        self._process.kill()
        self._process.join(60)
        self._said.close()

    def _read_port(self) -> int:
        with os.fdopen(os.dup(self._said.fileno()), encoding="utf-8") as errors:
            for line in errors:
                self.lines.append(line)
                if found := re.search(r"listening on https?://127\.0\.0\.1:(\d+)", line):
                    return int(found[1])
        raise AssertionError(f"the centre did not start: {self.lines}")


def _serve(command: list[str], saying: Connection) -> None:
    os.dup2(saying.fileno(), 2)
    from central import cli  # loaded already; not in the process that only asks for a fork

    raise SystemExit(cli.main(command))
