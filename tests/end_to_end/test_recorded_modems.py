"""A modem recorded with `posagent record` and played with `posagent simulate` gets the verdict of the real one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from modem.simulator import VirtualModem, load, scenario_names
from modem.simulator.script import Script
from tests.fakes.agent_process import AgentProcess

LOOK_S = 15.0
"""A look is over by then."""
LATER_S = 600.0
"""On any machine."""

FACTS = (("modem", "imei"), ("sim", "iccid"), ("sim", "imsi"))
"""What a recording hides and keeps in shape."""
HEARD = (*FACTS, ("modem", "model"), ("sim", "state"), ("network", "registration"), ("data", "attached"))
"""What a look must have heard for a verdict like that of another."""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f'[paths]\nstate_dir = "{tmp_path}/state"\nrun_dir = "{tmp_path}/run"\n')
    return path


def in_good_time(name: str) -> Script:
    """The scenario; what comes when a look is over comes late enough for a slow machine."""
    script = load(name)
    changes = (replace(one, at_s=one.at_s + LATER_S * (one.at_s >= LOOK_S)) for one in script.changes)
    faults = (replace(one, from_s=one.from_s + LATER_S, to_s=one.to_s + LATER_S) if one.from_s >= LOOK_S else one
              for one in script.faults)  # fmt: skip
    return replace(script, changes=tuple(changes), faults=tuple(faults))


def posagent(config: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    main([*words, "--config", str(config), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


@contextmanager
def beside(config: Path, *words: str) -> "Iterator[subprocess.Popen[str]]":
    """The same at the same time: some scenarios make a client wait long."""
    command = [sys.executable, "-m", "agent.cli", *words, "--no-network", "--config", str(config), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("name", scenario_names())
def test_a_recording_gets_the_verdict_of_the_modem_itself(
    name: str, tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording, script = tmp_path / "recording.toml", in_good_time(name)
    moves = any(change.at_s < LOOK_S for change in script.changes)
    noisy = any(fault.from_s < LOOK_S for fault in script.faults)
    if noisy:  # or it takes a minute
        config.write_text(config.read_text() + "[modem]\ncommand_timeout_s = 0.5\n")
    with VirtualModem(script) as first, VirtualModem(script) as second, beside(config, "diag", "--port", first) as diag:
        recorded = posagent(config, capsys, "record", str(recording), "--port", second)
        original = json.loads(diag.communicate(timeout=200)[0])
    with VirtualModem(recording) as device:
        replayed = posagent(config, capsys, "diag", "--no-network", "--port", device)
    assert recorded["exchanges"] > 20
    looks = (original, replayed)
    drowned = noisy and any(look[part][fact] in (None, "unknown") for look in looks for part, fact in HEARD)
    assert drowned or replayed["modem"]["model"] == original["modem"]["model"]
    if not moves and not drowned:  # else the two saw different moments, or one did not hear what the other heard
        # A plan's verdict rests on what the carrier wrote, and a recording has no words of messages.
        told_by_message = original["verdict"]["code"].startswith("plan.")
        assert replayed["verdict"]["code"] == ("ok" if told_by_message else original["verdict"]["code"])
        assert replayed["sim"]["issuer"] == original["sim"]["issuer"]
    for part, fact in FACTS:
        known = original[part][fact]
        assert known is None or replayed[part][fact] != known
        assert known is None or moves or noisy or replayed[part][fact], "an answer may drown in noise"
        assert known is None or known not in recording.read_text()


@pytest.mark.parametrize("name", ["healthy-lte", "denied", "sim-absent"])
def test_a_recording_through_the_daemon_gets_the_daemons_verdict(
    name: str, tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording, folder = tmp_path / "recording.toml", tmp_path / "agent"
    folder.mkdir()
    with VirtualModem(name) as device:
        agent = AgentProcess(folder, device)
        try:
            agent.start()
            recorded = posagent(agent.config, capsys, "record", str(recording), "--also", "AT+CGSN")
            original = posagent(agent.config, capsys, "diag", "--no-network")
        finally:
            agent.end()
    with VirtualModem(recording) as device:
        replayed = posagent(config, capsys, "diag", "--no-network", "--port", device)
    assert (recorded["via"], original["via"]) == ("daemon", "daemon")
    assert recorded["exchanges"] > 20
    assert replayed["verdict"]["code"] == original["verdict"]["code"]
    assert original["modem"]["imei"] not in recording.read_text()


def test_the_daemons_port_is_not_listened_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        try:
            agent.start()
            assert main(["record", str(tmp_path / "r.toml"), "--for", "3", "--config", str(agent.config)]) == 11
        finally:
            agent.end()
    assert "stop it first" in capsys.readouterr().err


def test_listening_keeps_what_comes_by_itself_and_sends_nothing(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "news.toml"
    urc = 'urc = ["+CMTI: \\"SM\\",3"]\n'
    often = (f"[[change]]\nat_s = {second}\n{urc}" for second in range(1, 300))  # whenever the listening begins
    script.write_text('[modem]\npersona = "generic-lte"\n' + "".join(often))
    recording = tmp_path / "recording.toml"
    with VirtualModem(load(script)) as device:
        answer = posagent(config, capsys, "record", str(recording), "--port", device, "--for", "3")
    assert answer["urcs"] >= 1
    assert 'urcs = ["+CMTI: \\"SM\\",3"' in recording.read_text()


def test_an_existing_file_is_not_replaced_unless_asked_for(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "recording.toml"
    recording.write_text("precious")
    assert main(["record", str(recording), "--config", str(config), "--port", "/dev/null"]) == 2
    assert recording.read_text() == "precious"


def test_a_command_that_could_do_harm_is_not_recorded_either(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["record", str(tmp_path / "r.toml"), "--config", str(config), "--port", "/dev/null", "--also", "AT+CFUN=0"]
    assert main(words) == 2


def test_a_recording_is_for_its_owner_only(tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = tmp_path / "recording.toml"
    with VirtualModem("sim-absent") as device:
        posagent(config, capsys, "record", str(recording), "--port", device)
    assert recording.stat().st_mode & 0o777 == 0o600


def test_a_running_daemon_keeps_its_port(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.control.ask_daemon", lambda *_: {})
    recording = tmp_path / "r.toml"
    answer = posagent(config, capsys, "record", str(recording))
    assert answer["error"]["code"] == "port"
    assert "daemon" in answer["error"]["message"]
    assert not recording.exists()


def test_a_port_that_is_gone_leaves_no_file(tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["record", str(tmp_path / "r.toml"), "--config", str(config), "--port", "/dev/ttyUSB-none"]
    assert main(words) == 11
    assert not (tmp_path / "r.toml").exists()
