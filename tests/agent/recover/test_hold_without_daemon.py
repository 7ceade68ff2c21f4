"""No daemon, and a payment holds the lock on its file: what people type says nothing to the modem."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli import main
from modem.simulator import VirtualModem
from tests.fakes.agent_process import ROOT, AgentProcess


@contextmanager
def paying(agent: AgentProcess) -> Iterator[None]:
    agent.run_dir.mkdir(exist_ok=True)
    lock = os.open(agent.run_dir / "hold", os.O_RDWR | os.O_CREAT, 0o660)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


@pytest.mark.parametrize(
    "words",
    [
        ["at", "AT+CSQ"],
        ["sms", "list"],
        ["ussd", "*100#"],
        ["diag", "--no-network"],
        ["diag", "--no-network", "--port", "{port}"],
        ["record", "{folder}/said.toml"],
        ["plan", "verify"],
    ],
    ids=" ".join,
)
def test_nothing_is_said_while_a_payment_holds_the_file(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = list[tuple[str, bytes]]()
    with VirtualModem("healthy-lte", trace=lambda direction, data: heard.append((direction, data))) as device:
        agent = AgentProcess(tmp_path, device)
        agent.write_config()
        words = [word.format(port=device, folder=tmp_path) for word in words]
        with paying(agent):
            assert main([*words, "--lang", "en", "--config", str(agent.config)]) == 4
    assert "a payment holds the line" in capsys.readouterr().err
    assert not heard


def test_after_the_payment_it_is_asked_as_ever(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        agent.write_config()
        with paying(agent):
            assert main(["at", "AT+CSQ", "--config", str(agent.config)]) == 4
        assert main(["at", "AT+CSQ", "--config", str(agent.config)]) == 0
    capsys.readouterr()


def test_settings_that_cannot_be_read_are_no_reason_not_to_pay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("wrong = ")
    words = ["hold", "--lang", "en", "--config", str(tmp_path / "config.toml")]
    assert main([*words, "--", "sh", "-c", "exit 7"]) == 7
    assert "going on all the same" in capsys.readouterr().err
    assert main([*words, "1"]) == 10


def test_a_payment_does_not_wait_for_the_checker_of_settings(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[paths]\nrun_dir = "{tmp_path}"\n[hold]\nmax_s = "long"\n')
    words = ["hold", "--config", str(tmp_path / "config.toml"), "--", "true"]
    code = f"import sys; from agent.cli import main; main({words}); print(sorted({{'pydantic'}} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (said.stdout, said.stderr) == ("[]\n", "")
    assert (tmp_path / "hold").exists()
