"""`posagent ussd`: a virtual network answers, promises, asks back or keeps silent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli import main
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess

SCRIPT = """
[modem]
persona = "generic-lte"
[[ussd]]
code = "*100#"
text = "余额12.30元"
[[ussd]]
code = "*101#"
text = "We will send you an SMS with your balance shortly."
dcs = 15
[[ussd]]
code = "*102#"
text = "1 Balance"
dcs = 15
result = 1
[[ussd]]
code = "1"
text = "EUR 5.00 \\u001b]0;x"
dcs = 15
[[ussd]]
code = "*103#"
text = "late"
dcs = 15
after_s = 90.0
"""


@contextmanager
def modem(folder: Path) -> Iterator[AgentProcess]:
    script = folder / "modem.toml"
    script.write_text(SCRIPT, encoding="utf-8")
    with VirtualModem(str(script)) as device:
        agent = AgentProcess(folder, device)
        agent.write_config()
        yield agent


def test_the_answer_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        assert main(["ussd", "*100#", "--config", str(agent.config)]) == 0
    assert capsys.readouterr().out == "余额12.30元\n"


def test_a_promise_of_a_message_is_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        assert main(["ussd", "*101#", "--json", "--config", str(agent.config)]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert (answer["state"], answer["by_sms"], answer["is_result"]) == ("done", True, False)


def test_menus_are_answered_in_turn_and_nothing_reaches_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with modem(tmp_path) as agent:
        assert main(["ussd", "*102#", "--reply", "1", "--config", str(agent.config)]) == 0
    shown = capsys.readouterr().out
    assert "1 Balance" in shown
    assert "--reply" not in shown  # it was replied to, not cancelled
    assert "EUR 5.00 \\x1b]0;x" in shown
    assert "\x1b" not in shown


def test_a_menu_without_a_reply_is_cancelled_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        main(["ussd", "*102#", "--lang", "en", "--config", str(agent.config)])
    assert "(the network waits for a reply: --reply; cancelled)" in capsys.readouterr().out


def test_an_unknown_code_is_3_and_silence_is_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        assert main(["ussd", "*999#", "--config", str(agent.config)]) == 3
        assert main(["ussd", "*103#", "--timeout", "1", "--config", str(agent.config)]) == 4
    capsys.readouterr()


def test_with_a_daemon_its_channel_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with modem(tmp_path) as agent:
        try:
            agent.start()
            assert main(["ussd", "*100#", "--json", "--config", str(agent.config)]) == 0
        finally:
            agent.end()
    assert json.loads(capsys.readouterr().out)["text"] == "余额12.30元"


@pytest.mark.parametrize(
    "words",
    [
        ["ussd"],
        ["ussd", '*100#"'],
        ["ussd", "*100#\r"],
        ["ussd", "*100#", "--timeout", "0"],
        ["ussd", "*1#", "--reply", "余"],
        ["ussd", "*1#", "--timeout", "180", "--reply", "1"],
    ],
)
def test_wrong_usage_needs_no_modem(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--port", "/dev/null"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
