"""`posagent at`: raw commands, with and without a daemon."""

import json
from pathlib import Path

import pytest

from agent.cli import main
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess


def test_without_a_daemon_the_port_is_opened_directly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        agent.write_config()
        assert main(["at", "AT+CIMI", "AT+CSQ", "--config", str(agent.config)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "> AT+CIMI"
    assert out[2] == "OK"


def test_with_a_daemon_its_channel_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        try:
            agent.start()
            assert main(["at", "ATI", "AT+NONSENSE", "--json", "--config", str(agent.config)]) == 3
        finally:
            agent.end()
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["ok"], second["ok"]) == (True, False)


def test_what_can_put_the_terminal_out_of_service_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["at", "AT+CSQ", "AT+CFUN=0", "--lang", "en"]) == 2
    assert "--force" in capsys.readouterr().err


def test_a_person_may_insist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        agent.write_config()
        assert main(["at", "--force", "AT+CGATT=0", "--config", str(agent.config)]) in (0, 3)
    assert "> AT+CGATT=0" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["at"], ["at", "hello"], ["at", "AT\rAT&F"], ["at", "--timeout", "0", "AT"]])
def test_what_is_no_command_is_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    capsys.readouterr()


def test_the_list_of_refused_commands_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["at", "--denied", "--lang", "zh"]) == 0
    assert "恢复出厂" in capsys.readouterr().out


def test_no_port_is_11(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agent = AgentProcess(tmp_path, f"{tmp_path}/none")
    agent.write_config()
    assert main(["at", "AT", "--config", str(agent.config)]) == 11
    assert "no such device" in capsys.readouterr().err
