"""`posagent sms`: messages in a virtual modem, with and without a daemon."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli import main
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess

TEXT = "尊敬的客户，您的流量卡将于2026年12月31日到期。" * 5
SCRIPT = f"""
[modem]
persona = "generic-lte"
[state]
sms_capacity = 4
[[sms]]
from = "10086"
text = "{TEXT}"
[[sms]]
from = "10010"
text = "\\u001b[2J evil"
"""


@contextmanager
def modem(folder: Path) -> Iterator[AgentProcess]:
    script = folder / "modem.toml"
    script.write_text(SCRIPT, encoding="utf-8")
    with VirtualModem(str(script)) as device:
        agent = AgentProcess(folder, device)
        agent.write_config()
        yield agent


def test_the_list_shows_whole_messages_safely_and_warns_of_a_full_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with modem(tmp_path) as agent:
        assert main(["sms", "list", "--lang", "en", "--config", str(agent.config)]) == 0
    shown = capsys.readouterr()
    assert TEXT in shown.out
    assert "\x1b" not in shown.out
    assert "\\x1b[2J evil" in shown.out
    assert "nearly full (4/4)" in shown.err


def test_one_message_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        assert main(["sms", "read", "1", "--json", "--config", str(agent.config)]) == 0
        found = json.loads(capsys.readouterr().out)
        assert main(["sms", "read", "9", "--config", str(agent.config)]) == 3
    assert (found["sender"], found["text"], found["parts"], found["missing"]) == ("10086", TEXT, 3, [])


def test_a_text_from_standard_input_is_sent_in_parts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("长" * 80 + "\n"))
    with modem(tmp_path) as agent:
        assert main(["sms", "send", "+8613800138000", "--lang", "en", "--config", str(agent.config)]) == 0
    shown = capsys.readouterr()
    assert "2 message(s)" in shown.err
    assert shown.out == "sent\n"


def test_deleting_takes_all_parts_and_a_yes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        assert main(["sms", "delete", "1", "--config", str(agent.config)]) == 2
        assert main(["sms", "delete", "1", "--yes", "--json", "--config", str(agent.config)]) == 0
        capsys.readouterr()
        assert main(["sms", "list", "--json", "--config", str(agent.config)]) == 0
    left = json.loads(capsys.readouterr().out)["messages"]
    assert [message["sender"] for message in left] == ["10010"]


def test_with_a_daemon_its_channel_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        try:
            agent.start()
            assert main(["sms", "list", "--json", "--config", str(agent.config)]) == 0
            listed = json.loads(capsys.readouterr().out)
            assert main(["sms", "send", "10086", "CXLL", "--json", "--config", str(agent.config)]) == 0
            sent = json.loads(capsys.readouterr().out)
            assert main(["sms", "read", "77", "--config", str(agent.config)]) == 3
        finally:
            agent.end()
    assert [message["text"] for message in listed["messages"]] == [TEXT, "\x1b[2J evil"]
    assert (sent["sent"], sent["parts"], sent["error"]) == (True, 1, None)


@pytest.mark.parametrize(
    "words",
    [
        ["sms"],
        ["sms", "eat"],
        ["sms", "read"],
        ["sms", "read", "x"],
        ["sms", "list", "all"],
        ["sms", "send"],
        ["sms", "send", "Mum", "hello"],
        ["sms", "send", "10086", ""],
        ["sms", "send", "10086", "x" * 2000],
        ["sms", "list", "--store", "XX"],
    ],
)
def test_wrong_usage_is_one_line_and_needs_no_modem(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--port", "/dev/null", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"
