"""A real `posagent-central serve` for a test: its database, its process, its JSON API."""

import http.client
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agent.cli.demo import free_port
from tests.fakes.eventually import eventually

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class CentreProcess:
    """Started and stopped at will; database and port stay the same."""

    folder: Path
    number: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    flags: tuple[str, ...] = ()
    """More of `serve`."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.number}"

    @property
    def _database(self) -> list[str]:
        return ["--database", str(self.folder / "central.db")]

    def register(self, terminal: str) -> Path:
        """The file with the new terminal's credential."""
        credential = self.folder / f"{terminal}.credential"
        words = ["terminal", "add", terminal, "--credential-file", str(credential), *self._database]
        subprocess.run([sys.executable, "-m", "central.cli", *words], cwd=ROOT, check=True, capture_output=True)
        return credential

    def start(self) -> None:
        if not self.number:
            self.number = free_port()
        words = ["serve", *self._database, "--listen", f"127.0.0.1:{self.number}", *self.flags]
        with (self.folder / "centre.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "central.cli", *words],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        eventually(lambda: self.ask("/readyz"), "the centre is ready")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def ask(self, path: str) -> dict[str, Any] | None:
        """None while there is no answer, or no such thing."""
        link = http.client.HTTPConnection("127.0.0.1", self.number, timeout=60)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            body = answer.read()
            return dict(json.loads(body)) if answer.status == 200 else None
        except OSError:
            return None
        finally:
            link.close()

    def verdict(self, terminal: str) -> str | None:
        known = self.ask(f"/api/v1/terminals/{terminal}")
        verdict = known["verdict"] if known else None
        return str(verdict["code"]) if verdict else None

    def records(self, terminal: str) -> list[dict[str, Any]]:
        """All records, oldest number first."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            address = f"/api/v1/terminals/{terminal}/reports?limit=100{cursor}"
            page = eventually(partial(self.ask, address), "the centre answers")
            found += page["reports"]
            if page["next"] is None:
                return sorted(found, key=lambda record: int(record["seq"]))
            cursor = f"&cursor={page['next']}"
