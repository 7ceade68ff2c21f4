"""A real `posagent run` for a test: its configuration, its process, its socket."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.control import NoDaemon, Refused, ask_daemon
from tests.fakes.eventually import eventually

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class AgentProcess:
    """Starts in `folder`; `end` it, also after a failed test."""

    folder: Path
    port: str
    uplink: str = ""
    """More lines of the [uplink] section."""
    modem: str = ""
    """More lines of the [modem] section."""
    hurry: float = 1.0
    environment: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def run_dir(self) -> Path:
        return self.folder / "run"

    @property
    def state_dir(self) -> Path:
        return self.folder / "state"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def start(self) -> None:
        """Returns when the socket answers."""
        self.write_config()
        words = [sys.executable, "-m", "agent.cli", "run", "--config", str(self.config), "--hurry", str(self.hurry)]
        with (self.folder / "agent.log").open("ab") as log:
            self.process = subprocess.Popen(
                words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | self.environment
            )
        try:
            eventually(lambda: self.ask("status"), "the daemon answers")
        except AssertionError as error:
            raise AssertionError(f"{error}; its log:\n{self.log()}") from None

    def write_config(self) -> None:
        self.config.write_text(
            "\n".join(
                [
                    '[terminal]\nid = "T1"',
                    f'[modem]\nport = "{self.port}"\ninterface = ""\n{self.modem}',
                    "[sample]\nlight_s = 1\ndeep_s = 5",
                    f"[uplink]\nheartbeat_s = 2\nbudget_mb = 10000\nretry_first_s = 1\nretry_cap_s = 1\n{self.uplink}",
                    f'[paths]\nstate_dir = "{self.state_dir}"\nrun_dir = "{self.run_dir}"\n',
                ]
            ),
            encoding="utf-8",
        )

    def ask(self, op: str, **more: object) -> dict[str, Any] | None:
        """None while there is no answer."""
        assert self.process is None or self.process.poll() is None, f"it died:\n{self.log()}"
        try:
            return ask_daemon(self.run_dir, {"op": op, **more}, 60)
        except (NoDaemon, Refused):
            return None

    def verdict(self) -> str | None:
        diag = (self.ask("status") or {}).get("diag")
        return str(diag["verdict"]["code"]) if diag else None

    def log(self) -> str:
        path = self.folder / "agent.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Exit code, and the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(60)
        return code, time.monotonic() - began

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def state(self) -> dict[str, Any]:
        return dict(json.loads((self.state_dir / "state.json").read_text()))
