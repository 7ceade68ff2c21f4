"""The `posagent-central` command, run in this process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from central import auth
from central.cli import COMMANDS, main
from tests.central.helpers import Centre, a_store, batch, record

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "central.db")


def run(capsys: Capture, *words: str) -> tuple[int, str, str]:
    try:
        code = main(words)
    except SystemExit as left:
        code = int(left.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def add(capsys: Capture, database: str, *words: str) -> str:
    code, out, _ = run(capsys, "terminal", "add", "t-1", "--database", database, *words)
    assert code == 0
    return out.strip()


def test_a_credential_that_was_printed_opens_the_door(capsys: Capture, database: str) -> None:
    terminal, _, secret = add(capsys, database).partition(":")
    assert len(secret) == 43
    with a_store(Path(database)) as store:
        assert Centre(store, secrets={terminal: secret}).post(batch(record(1))).status == 200


def test_the_database_does_not_hold_the_secret(capsys: Capture, database: str) -> None:
    secret = add(capsys, database).partition(":")[2]
    held = Path(database).read_bytes()
    assert secret.encode() not in held
    assert auth.digest(secret) in held


def test_a_credential_file_is_private_and_nothing_is_shown(capsys: Capture, database: str, tmp_path: Path) -> None:
    file = tmp_path / "credential"
    old = os.umask(0)
    try:
        out = add(capsys, database, "--credential-file", str(file))
    finally:
        os.umask(old)
    text = file.read_text(encoding="ascii").strip()
    assert (file.stat().st_mode & 0o777, text.partition(":")[2] in out) == (0o600, False)
    assert auth.read_credential(f"Bearer {text}".encode()) is not None


def test_a_file_that_cannot_be_written_changes_nothing(capsys: Capture, database: str, tmp_path: Path) -> None:
    place = str(tmp_path / "none" / "credential")
    code, _, err = run(capsys, "terminal", "add", "t-1", "--database", database, "--credential-file", place)
    assert (code, "No such file" in err) == (1, True)
    assert run(capsys, "terminal", "list", "--database", database)[1] == ""


def test_a_refused_rotation_leaves_the_old_file_alone(capsys: Capture, database: str, tmp_path: Path) -> None:
    file = tmp_path / "credential"
    file.write_text("old")
    assert run(capsys, "terminal", "rotate", "t-9", "--database", database, "--credential-file", str(file))[0] == 1
    assert [path.read_text() for path in tmp_path.glob("credential*")] == ["old"]


def test_rotation_shows_another_credential(capsys: Capture, database: str) -> None:
    first = add(capsys, database)
    code, second, _ = run(capsys, "terminal", "rotate", "t-1", "--database", database, "--json")
    assert (code, json.loads(second)["terminal"]) == (0, "t-1")
    assert json.loads(second)["credential"] != first


def test_the_list_tells_names_and_status(capsys: Capture, database: str) -> None:
    add(capsys, database, "--name", "人民路店\x1b[31m")
    out = run(capsys, "terminal", "list", "--database", database)[1]
    assert out.split()[:4] == ["t-1", "never", "-", "人民路店\\x1b[31m"]
    run(capsys, "terminal", "revoke", "t-1", "--database", database)
    facts = json.loads(run(capsys, "terminal", "list", "--database", database, "--json")[1])
    assert facts["revoked"] is True


def test_an_id_is_taken_once(capsys: Capture, database: str) -> None:
    add(capsys, database)
    code, out, err = run(capsys, "terminal", "add", "t-1", "--database", database)
    assert (code, out, "exists already" in err) == (1, "", True)


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "é", "a:b", "a\n"])
def test_an_id_out_of_the_pattern_is_wrong_usage(capsys: Capture, database: str, name: str) -> None:
    assert run(capsys, "terminal", "add", "--database", database, "--", name)[0] == 2
    assert not Path(database).exists()


def test_migrate_says_what_it_did(capsys: Capture, database: str) -> None:
    first = json.loads(run(capsys, "migrate", "--database", database, "--json")[1])
    again = run(capsys, "migrate", "--database", database)[1]
    assert (first["applied"][0], "up to date" in again) == ("0001_first", True)


def test_check_finds_what_would_keep_the_centre_from_starting(capsys: Capture, database: str) -> None:
    code, out, _ = run(capsys, "check", "--database", database, "--listen", "0.0.0.0:1", "--json")
    facts = json.loads(out)
    assert (code, facts["ok"], "operator_token_file" in facts["problems"][0]) == (1, False, True)
    assert not Path(database).exists()


def test_check_is_content_with_the_defaults(capsys: Capture, database: str) -> None:
    assert run(capsys, "check", "--database", database)[0] == 0


def test_check_reads_the_certificate(capsys: Capture, database: str, tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text("nothing")
    words = ["--tls-cert", str(tmp_path / "c.pem"), "--tls-key", str(tmp_path / "c.pem")]
    assert "tls_cert" in run(capsys, "check", "--database", database, *words)[1]


@pytest.mark.parametrize("command", ["serve", "check", "migrate"])
def test_a_wrong_configuration_is_exit_10(capsys: Capture, tmp_path: Path, command: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[server]\nlisen = 1\n")
    code, _, err = run(capsys, command, "--config", str(path))
    assert (code, f"{path}:2: server.lisen" in err) == (10, True)


def test_errors_are_json_on_request(capsys: Capture, tmp_path: Path) -> None:
    err = run(capsys, "migrate", "--json", "--database", str(tmp_path / "none" / "c.db"))[2]
    assert json.loads(err)["error"]["exit_code"] == 1


@pytest.mark.parametrize("words", [["none"], [], ["serve", "--none"], ["terminal"], ["terminal", "add"]])
def test_wrong_usage_is_exit_2(capsys: Capture, words: list[str]) -> None:
    assert run(capsys, *words)[0] == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_exit_codes_and_examples(capsys: Capture, command: str) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert (code, "exit codes:" in out, f"posagent-central {command}" in out) == (0, True, True)


def test_help_loads_no_server() -> None:
    probe = "import sys; from central.cli import parser; parser('-'); print('uvicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout == "False\n"
