"""`posagent run`: starting, and looking once."""

import json
from pathlib import Path

import pytest

from agent.cli import main
from modem.simulator import VirtualModem


def config(folder: Path, port: str) -> str:
    path = folder / "c.toml"
    path.write_text(
        f'[modem]\nport = "{port}"\ninterface = ""\n[paths]\nstate_dir = "{folder}/s"\nrun_dir = "{folder}/r"\n'
    )
    return str(path)


def test_once_looks_says_what_it_found_and_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        assert main(["run", "--once", "--json", "--config", config(tmp_path, device)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"]["code"], report["via"]) == ("ok", "direct")
    assert not (tmp_path / "s").exists()


def test_once_without_a_port_is_11(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--once", "--config", config(tmp_path, f"{tmp_path}/none"), "--lang", "en"]) == 11
    assert "port.missing" in capsys.readouterr().out


def test_a_wrong_setting_keeps_it_from_starting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.toml"
    path.write_text("[sample]\nlight_s = 0\n")
    assert main(["run", "--config", str(path)]) == 10
    assert "light_s" in capsys.readouterr().err


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r").write_text("a file in the way")
    assert main(["run", "--config", config(tmp_path, "/dev/null")]) == 1
    assert f"{tmp_path}/r" in capsys.readouterr().err
