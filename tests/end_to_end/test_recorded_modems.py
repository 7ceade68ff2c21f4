"""A modem recorded with `posagent record` and played with `posagent simulate` gets the verdict of the real one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from modem.simulator import VirtualModem, load, scenario_names
from tests.fakes.agent_process import AgentProcess

LOOK_S = 15.0
"""A look is over by then."""

FACTS = (("modem", "imei"), ("sim", "iccid"), ("sim", "imsi"))
"""What a recording hides and keeps in shape."""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Half a second for an ordinary command: the scenarios with line noise then take seconds, not a minute."""
    path = tmp_path / "config.toml"
    path.write_text(
        f'[modem]\ncommand_timeout_s = 0.5\n[paths]\nstate_dir = "{tmp_path}/state"\nrun_dir = "{tmp_path}/run"\n'
    )
    return path


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
    recording = tmp_path / "recording.toml"
    with VirtualModem(name) as first, VirtualModem(name) as second, beside(config, "diag", "--port", first) as diag:
        recorded = posagent(config, capsys, "record", str(recording), "--port", second)
        original = json.loads(diag.communicate(timeout=60)[0])
    with VirtualModem(recording) as device:
        replayed = posagent(config, capsys, "diag", "--no-network", "--port", device)
    script = load(name)
    moves, noisy = any(change.at_s < LOOK_S for change in script.changes), bool(script.faults)
    assert recorded["exchanges"] > 20
    drowned = noisy and any(look[part][fact] is None for look in (original, replayed) for part, fact in FACTS)
    assert replayed["modem"]["model"] == original["modem"]["model"]
    if not moves and not drowned:  # else the two saw different moments, or one did not hear what the other heard
        assert replayed["verdict"]["code"] == original["verdict"]["code"]
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
    script.write_text('[modem]\npersona = "generic-lte"\n[[change]]\nat_s = 2.0\nurc = ["+CMTI: \\"SM\\",3"]\n')
    recording = tmp_path / "recording.toml"
    with VirtualModem(load(script)) as device:
        answer = posagent(config, capsys, "record", str(recording), "--port", device, "--for", "3")
    assert answer["urcs"] == 1
    assert 'urcs = ["+CMTI: \\"SM\\",3"]' in recording.read_text()


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
