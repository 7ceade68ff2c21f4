"""A daemon that helps itself: a modem that fell off the network, a reload that allows it, hooks, and what is told."""

import json
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.outbox.sqlite_view import SqliteView
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess
from tests.fakes.eventually import eventually

DETACHED = """
title = "Fallen off the network, until somebody attaches it anew"
[modem]
persona = "quectel-ec20"
[state]
attached = false
"""


class Helped:
    def __init__(self, folder: Path, sections: str) -> None:
        self.sent = b""
        scenario = folder / "detached.toml"
        scenario.write_text(DETACHED)
        self.folder, self.sections = folder, sections
        self.modem = VirtualModem(str(scenario), trace=self._note)
        self.agent = AgentProcess(folder, self.modem.start(), hurry=100)
        self.agent.modem = sections

    def _note(self, direction: str, data: bytes) -> None:
        self.sent += data if direction == ">" else b""

    def end(self) -> None:
        self.agent.end()
        self.modem.stop()

    def status(self) -> dict[str, Any]:
        return self.agent.ask("status") or {}


RECOVERY = '[recovery]\nenabled = true\npatience_s = 5\ndry_run = {dry}\nrungs = ["reattach", "ask"]\n'


@pytest.fixture
def helped(tmp_path: Path) -> Iterator[Helped]:
    hook = tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ncat >> {tmp_path}/news; echo >> {tmp_path}/news\n")
    hook.chmod(0o755)
    hooks = f'[hooks]\non_verdict = ["{hook}"]\non_recovery = ["{hook}"]\n'
    made = Helped(tmp_path, RECOVERY.format(dry="true") + hooks)
    yield made
    made.end()


def test_it_rehearses_then_after_a_reload_helps_itself_and_tells(helped: Helped, tmp_path: Path) -> None:
    helped.agent.start()
    eventually(lambda: (helped.status().get("recovery") or {}).get("last"), "a step is rehearsed")
    assert b"+CGATT=0" not in helped.sent
    config = helped.agent.config
    config.write_text(config.read_text().replace("dry_run = true", "dry_run = false"))
    assert helped.agent.process is not None
    helped.agent.process.send_signal(signal.SIGHUP)
    eventually(lambda: helped.agent.verdict() == "ok", "it has helped itself")
    eventually(lambda: helped.status()["recovery"]["cured"], "and knows it")
    assert b"AT+CGATT=0\rAT+CGATT=1\r" in helped.sent
    status = helped.status()
    assert status["recovery"]["learned"] == {"data.detached reattach": [1, 1]}
    assert status["self"]["at"]["exchanges"] > 10
    report = helped.agent.ask("diag") or {}
    assert report["recovery"]["last"]["outcome"] == "cured"
    eventually(lambda: '"cured"' in (tmp_path / "news").read_text(), "the hook was told too")
    news = [json.loads(line) for line in (tmp_path / "news").read_text().splitlines() if line]
    assert {"data.detached", "ok"} <= {one.get("verdict") for one in news}
    assert [one["outcome"] for one in news if one["event"] == "recovery"] == ["would", "begun", "cured"]
    assert helped.agent.stop()[0] == 0
    assert told(helped.agent.state_dir / "outbox.db") == [
        ("reattach", "would"),
        ("reattach", "begun"),
        ("reattach", "cured"),
    ]


def told(outbox: Path) -> list[tuple[str, str]]:
    with closing(SqliteView(outbox)) as view:
        bodies = [json.loads(entry.record.body) for entry in view.entries(1000)]
    return [(body["body"]["step"], body["body"]["outcome"]) for body in bodies if body["type"] == "recovery"]
