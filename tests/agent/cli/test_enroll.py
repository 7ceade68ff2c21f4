"""`posagent enroll` against a real centre in a process of its own."""

import io
import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.card import Pair
from agent.cli import main
from agent.clock import Deadline, SystemClock
from agent.plan.desk import PAIR
from agent.plan.store import PlanStore
from agent.uplink.base import SendError
from agent.uplink.credential import read_credential
from agent.uplink.enrol import EnrolSettings, enrol, renew
from agent.wire.enrol import tidy
from tests.fakes.centre_process import ROOT, CentreProcess
from tests.fakes.http_server import Act, RudeServer


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    made = CentreProcess(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    (tmp_path / "config.toml").write_text(f'[paths]\nstate_dir = "{tmp_path}"\n[terminal]\nid = "shop-1"\n')
    return ["--config", str(tmp_path / "config.toml"), "--lang", "en"]


def a_code(centre: CentreProcess, *flags: str) -> str:
    words = [
        sys.executable,
        "-m",
        "central.cli",
        "enroll-code",
        *flags,
        "--database",
        str(centre.folder / "central.db"),
    ]
    return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def test_a_typed_code_becomes_a_credential_nobody_else_can_read(
    centre: CentreProcess, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(a_code(centre, "--new").lower() + "\n"))
    assert main(["enroll", centre.url, *options]) == 0
    assert read_credential(tmp_path / "credential").terminal_id == "shop-1"
    assert stat.S_IMODE((tmp_path / "credential").stat().st_mode) == 0o600
    assert not (tmp_path / "credential.pending").exists()


def test_programs_are_told_where_it_is(
    centre: CentreProcess, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "code").write_text(a_code(centre, "--terminal", "shop-7"))
    place = tmp_path / "elsewhere"
    words = ["enroll", centre.url, "--code-file", str(tmp_path / "code"), "--credential-file", str(place), "--json"]
    assert main([*words, *options]) == 0
    assert json.loads(capsys.readouterr().out) == {"terminal": "shop-7", "credential_file": str(place)}


@pytest.mark.parametrize(
    ("iccid", "said"),
    [
        ("89860400000000000002", "an iot card: most are cut off"),
        ("89490200001234567890", None),
        (None, "most iot cards are cut off"),
    ],
)
def test_before_a_card_is_moved_its_lock_is_told(
    centre: CentreProcess,
    options: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    iccid: str | None,
    said: str | None,
) -> None:
    if iccid is not None:
        store = PlanStore(tmp_path / "plan.db")
        store.keep(PAIR, Pair("shop-1", iccid, "867698040123450", 1.0).json())
        store.close()
    (tmp_path / "code").write_text(a_code(centre, "--new"))
    assert main(["enroll", centre.url, "--code-file", str(tmp_path / "code"), *options]) == 0
    told = capsys.readouterr().err.lower()
    assert (said or "") in told
    assert ("cut off" in told) is (said is not None)


def test_a_mistyped_code_costs_neither_an_attempt_nor_a_byte(options: list[str], tmp_path: Path) -> None:
    (tmp_path / "code").write_text("7KQ2M-4XW9-PBT0")
    assert main(["enroll", "https://127.0.0.1:9", "--code-file", str(tmp_path / "code"), *options]) == 2


def test_a_refusal_is_said_as_one(centre: CentreProcess, options: list[str], tmp_path: Path) -> None:
    code = a_code(centre, "--terminal", "shop-1")
    a_code(centre, "--withdraw", "shop-1")
    (tmp_path / "code").write_text(code)
    assert main(["enroll", centre.url, "--code-file", str(tmp_path / "code"), *options]) == 3
    assert not (tmp_path / "credential").exists()


def test_an_answer_that_was_lost_is_asked_for_again(centre: CentreProcess, tmp_path: Path) -> None:
    code, clock, path = tidy(a_code(centre, "--terminal", "shop-1")), SystemClock(), tmp_path / "credential"
    deadline = Deadline.after(30, clock)
    assert enrol(EnrolSettings(centre.url, path), code, clock, deadline) == "shop-1"
    # as if the power had gone between the answer and the file
    held = read_credential(path).secret
    from agent.uplink.credential import Credential, write_credential
    from agent.uplink.enrol import _mark

    write_credential(tmp_path / "credential.pending", Credential(_mark(code), held))
    path.unlink()
    assert enrol(EnrolSettings(centre.url, path), code, clock, deadline) == "shop-1"
    assert read_credential(path).secret == held


@pytest.mark.parametrize(
    "act", [Act(cut_after=10, body=b"{}"), Act(body=b"<html>pay first</html>"), Act(body=b'{"terminal": "../x"}')]
)
def test_a_strange_answer_writes_no_credential(act: Act, tmp_path: Path) -> None:
    clock, path = SystemClock(), tmp_path / "credential"
    with RudeServer([act]) as server, pytest.raises(SendError):
        enrol(EnrolSettings(server.url, path), "A" * 13, clock, Deadline.after(5, clock))
    assert not path.exists()


def test_a_renewal_whose_answer_was_lost_goes_on_with_the_new_secret(tmp_path: Path) -> None:
    from agent.uplink.credential import parse_credential, write_credential

    clock, path = SystemClock(), tmp_path / "credential"
    write_credential(path, parse_credential("shop-1:" + "a" * 43))
    answers = [Act(cut_after=0, body=b"{}"), Act(status=401, body=b"{}"), Act(body=b'{"v": 1, "terminal": "shop-1"}')]
    with RudeServer(answers) as server:
        settings = EnrolSettings(server.url, path)
        with pytest.raises(SendError):
            renew(settings, clock, Deadline.after(5, clock))
        assert renew(settings, clock, Deadline.after(5, clock)) == "shop-1"
        digests = {json.loads(request.body)["secret_sha256"] for request in server.requests}
        shown = [request.headers["authorization"] for request in server.requests]
    assert len(digests) == 1
    assert shown[0] == shown[1] != shown[2] == f"Bearer {read_credential(path).bearer}"


def test_a_renewal_that_is_refused_for_good_leaves_what_we_have(tmp_path: Path) -> None:
    from agent.uplink.credential import parse_credential, write_credential
    from agent.uplink.enrol import renewal_is_pending

    clock, path = SystemClock(), tmp_path / "credential"
    write_credential(path, parse_credential("shop-1:" + "a" * 43))
    with RudeServer([Act(status=403, body=b'{"error": {"code": "not_asked"}}')]) as server, pytest.raises(SendError):
        renew(EnrolSettings(server.url, path), clock, Deadline.after(5, clock))
    assert read_credential(path).secret == "a" * 43
    assert not renewal_is_pending(path)


def test_a_credential_of_systemd_is_read_and_never_written(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.uplink.credential import CredentialError

    given = tmp_path / "credentials"
    given.mkdir()
    (given / "credential").write_text("shop-1:" + "a" * 43 + "\n")
    (given / "credential").chmod(0o440)
    with pytest.raises(CredentialError):
        read_credential(given / "credential")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    assert read_credential(given / "credential").terminal_id == "shop-1"
    (tmp_path / "code").write_text("unused")
    words = ["enroll", "https://127.0.0.1:9", "--credential-file", str(given / "credential")]
    assert main([*words, "--code-file", str(tmp_path / "code"), *options]) == 1
