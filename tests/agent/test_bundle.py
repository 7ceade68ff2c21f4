"""What a technician sends home: it plays to the same verdict, and nobody learns whose card it was."""

import io
import json
import os
import stat
import subprocess
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.assess.diagnosis import diagnose
from agent.bundle import MAX_BYTES, Material, packed, save
from agent.cli import diag_bundle, main
from agent.report import diag_report
from agent.sample.base import Evidence, PlanFact, PlanView
from modem.recording import Recording
from modem.simulator import VirtualModem, scenario_names
from modem.simulator.messages import swapped
from tests.fakes.agent_process import AgentProcess
from tests.fakes.eventually import eventually
from tests.fakes.snapshots import TAKEN_AT, but, healthy

KEY = b"a key for tests, 32 bytes long.."
PHONE = "13912345678"
SECRET = "T1:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(
        f'[modem]\nport = "/dev/no-such-port"\ninterface = ""\ncommand_timeout_s = 1.0\n'
        f'[paths]\nstate_dir = "{tmp_path}"\nrun_dir = "{tmp_path}"\n'
    )
    monkeypatch.setenv("POSAGENT_CONFIG", str(file))
    monkeypatch.setattr(diag_bundle, "journal", lambda: (f"agent: card 8986001234567890123 of {PHONE}\n", None))
    return file


def members(data: bytes) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        files = ((info.name, tar.extractfile(info)) for info in tar.getmembers())
        return {name.partition("/")[2]: file.read().decode() for name, file in files if file is not None}


def spellings(number: str) -> Iterator[str]:
    """Every way in which a run of eight digits may stand in a file."""
    for at in range(len(number) - 7):
        run = number[at : at + 8]
        if len(set(run)) > 2:
            yield from (run, swapped(run), run[::-1], run.encode("utf-16-be").hex(), run.encode().hex())


def leaks(number: str, data: bytes, kept: int = 6) -> list[str]:
    """Runs of the number, beyond those within its first digits (issuer, type), that any file shows."""
    shown = "\n".join(members(data).values()).lower()
    return [text for text in spellings(number[kept - 6 :] if kept else number) if text.lower() in shown]


def diagnosed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    main(["diag", "--json", "--no-network", *words])
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("scenario", scenario_names())
def test_the_bundles_dialogue_plays_to_the_same_verdict(
    scenario: str, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "b.tar.gz"
    with VirtualModem(scenario) as device:
        first = diagnosed(capsys, "--port", device, "--bundle", str(file))
    kept = members(file.read_bytes())
    if "capture.toml" not in kept:
        pytest.fail("no dialogue was kept")
    capture = tmp_path / "capture.toml"
    capture.write_text(kept["capture.toml"])
    with VirtualModem(str(capture)) as device:
        again = diagnosed(capsys, "--port", device)
    # A plan's verdict rests on what the carrier wrote: its words are blanked, and stand as facts in the report beside.
    told_by_message = first["verdict"]["code"].startswith("plan.")
    assert again["verdict"]["code"] == ("ok" if told_by_message else first["verdict"]["code"])
    assert json.loads(kept["report.json"])["verdict"]["code"] == first["verdict"]["code"]
    assert again["sim"]["iccid"] == json.loads(kept["report.json"])["sim"]["iccid"]
    told = (first["sim"]["iccid"], first["sim"]["imsi"], first["modem"]["imei"], first["sim"]["msisdn"])
    for number in filter(None, told):
        assert leaks(number, file.read_bytes(), kept=8) == []


def material(**more: Any) -> Material:
    """A healthy terminal's, whose carrier wrote a message with a name and a number."""
    text = f"尊敬的王小明，您的号码{PHONE}套餐已于12月31日到期"
    plan = PlanView("active", "2026-12-31", 40, facts=(PlanFact("expires_on", "2026-12-31", "carrier_sms", 0.0, text),))
    snapshot = but(
        healthy(), plan=plan, sim__msisdn="+86" + PHONE, evidence=(Evidence("sim", "at", f"+CCID: {ICCID}", TAKEN_AT),)
    )
    report = diag_report(snapshot, diagnose(snapshot), lang="zh", via="direct", duration_s=1, data_cost_bytes=0)
    given: dict[str, Any] = {"facts": {"versions": {}}, "config": "", "key": KEY} | more
    return Material(report, **given)


def bundle(**more: Any) -> bytes:
    return packed(material(**more), str)


ICCID = str(healthy().sim.iccid)
IMSI = str(healthy().sim.imsi)
IMEI = str(healthy().modem.imei)


def test_no_identity_survives_in_any_file_and_spelling() -> None:
    dialogue = Recording()
    for command, line in (
        ("AT+CCID", ICCID),
        ("AT+CIMI", IMSI),
        ("AT+CGSN", IMEI),
        ("AT+CNUM", f'+CNUM: "","{PHONE}"'),
    ):
        dialogue.sent(f"{command}\r".encode())
        dialogue.received(f"\r\n{line}\r\n\r\nOK\r\n".encode())
    log = "\n".join([f"card {ICCID} {swapped(ICCID)}", f"imsi={IMSI} imei {IMEI}", f"+86{PHONE}", f"0086{PHONE}"])
    data = bundle(dialogue=dialogue, log=log, config=f'pin = "{IMSI}"', facts={"x": [ICCID, {"y": IMEI}]})
    for number, kept in ((ICCID, 8), (IMSI, 8), (IMEI, 9), (PHONE, 4)):
        assert leaks(number, data, kept) == []
    assert "王小明" not in "".join(members(data).values())


def test_secrets_are_left_out_wherever_they_stand() -> None:
    log = f"Authorization: Bearer {SECRET}\npassword=hunter2x\nhttps://user:hunter2x@centre.example/v1\nAT+CPIN=4711\n"
    shown = "".join(members(bundle(log=log, config='url = "https://user:hunter2x@centre.example"')).values())
    for secret in ("abcdefghij", "hunter2x", "4711"):
        assert secret not in shown
    assert "centre.example" in shown


def test_paths_of_secrets_are_kept() -> None:
    assert (
        "/etc/posagent/credential"
        in members(bundle(config='credential_file = "/etc/posagent/credential"'))["config.toml"]
    )


def test_one_number_has_one_stand_in_in_all_files() -> None:
    dialogue = Recording()
    dialogue.sent(b"AT+CCID\r")
    dialogue.received(f"\r\n+CCID: {ICCID}\r\n\r\nOK\r\n".encode())
    kept = members(bundle(dialogue=dialogue, log=f"card {ICCID}\n"))
    instead = json.loads(kept["report.json"])["sim"]["iccid"]
    assert instead != ICCID
    assert instead in kept["capture.toml"]
    assert instead in kept["journal.txt"]


def test_it_is_never_larger_than_promised() -> None:
    dialogue = Recording()
    dialogue.sent(b"AT\r")
    dialogue.received(os.urandom(60_000))
    noise = "\n".join(os.urandom(60).hex() for _ in range(4000))
    data = bundle(dialogue=dialogue, log=noise, config="# " + "x" * 1000)
    assert len(data) <= MAX_BYTES
    assert "report.json" in members(data)
    huge = bundle(config=os.urandom(400_000).hex())
    assert len(huge) <= MAX_BYTES
    assert list(members(huge)) == ["README.txt"]


def test_what_is_missing_is_named_in_it() -> None:
    readme = members(bundle(missing=("journal: nobody may read it",)))["README.txt"]
    assert "journal: nobody may read it" in readme
    assert "capture.toml" not in readme


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=60), max_size=5), st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_text_is_packed_and_the_report_keeps_its_shape(strange: dict[str, str], log: str) -> None:
    made = material(log=log, facts=strange)
    kept = members(packed(Material({**made.report, "strange": strange}, made.facts, "", KEY, log=log), str))
    assert json.loads(kept["report.json"]).keys() == {*made.report, "strange"}
    tomllib.loads(kept.get("config.toml", ""))


def test_the_file_is_for_its_owner_and_whole_or_not_there(tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    save(file, b"one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        save(file, b"two")
    save(file, b"two", overwrite=True)
    assert file.read_bytes() == b"two"
    with pytest.raises(OSError, match="No such file"):
        save(tmp_path / "no" / "b.tar.gz", b"three")
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar.gz"]


def test_a_link_is_replaced_and_never_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("kept")
    link = tmp_path / "b.tar.gz"
    link.symlink_to(target)
    with pytest.raises(FileExistsError):
        save(link, b"x")
    save(link, b"x", overwrite=True)
    assert target.read_text() == "kept"


def test_a_file_that_is_there_is_kept_and_nobody_looks(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.tar.gz").write_text("mine")
    assert main(["diag", "--bundle", str(tmp_path / "b.tar.gz")]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (tmp_path / "b.tar.gz").read_text() == "mine"


def test_no_port_still_makes_a_bundle_that_says_so(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "b.tar.gz"
    assert main(["diag", "--bundle", str(file), "--lang", "zh"]) == 11
    assert "no port was opened" in capsys.readouterr().err
    assert "no port was opened" in members(file.read_bytes())["README.txt"]


def test_a_place_that_cannot_be_written_is_one_line(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diag", "--bundle", str(tmp_path / "no" / "b.tar.gz"), "--json"]) == 1
    assert "No such file" in capsys.readouterr().out


def test_through_the_daemon_the_dialogue_comes_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "b.tar.gz"
    with VirtualModem("denied") as device:
        agent = AgentProcess(tmp_path, device)
        try:
            agent.start()
            eventually(lambda: agent.verdict() is not None, "the first look is over")
            first = diagnosed(capsys, "--config", str(agent.config), "--bundle", str(file))
        finally:
            agent.end()
    kept = members(file.read_bytes())
    assert first["via"] == "daemon"
    assert "capture" not in first
    assert leaks(first["sim"]["iccid"], file.read_bytes(), 8) == []
    assert json.loads(kept["report.json"])["sim"]["iccid"] in kept["capture.toml"]
    (tmp_path / "capture.toml").write_text(kept["capture.toml"])
    empty = tmp_path / "empty.toml"
    empty.write_text(f'[modem]\ninterface = ""\n[paths]\nrun_dir = "{tmp_path}"\nstate_dir = "{tmp_path}"\n')
    with VirtualModem(str(tmp_path / "capture.toml")) as device:
        assert diagnosed(capsys, "--config", str(empty), "--port", device)["verdict"]["code"] == "registration.denied"


@pytest.mark.parametrize("found", [[], ["sh", "-c", "exit 1"], ["sh", "-c", "echo -- no entries --"]])
def test_a_journal_that_cannot_be_read_is_said_to_be_missing(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ran = subprocess.run
    monkeypatch.setattr(diag_bundle.shutil, "which", lambda _: "/bin/sh" if found else None)
    monkeypatch.setattr(diag_bundle.subprocess, "run", lambda _, **how: ran(found, **how))
    text, missing = diag_bundle.journal()
    assert text == ""
    assert missing is not None
    assert missing.startswith("journal: ")


@pytest.mark.parametrize("report", [{}, {"plan": {"facts": 5}}, {"modem": [], "verdict": None, "sim": {"iccid": 7}}])
def test_a_report_of_another_version_is_packed_as_it_is(report: dict[str, Any]) -> None:
    assert json.loads(members(packed(Material(report, {}, "", KEY), str))["report.json"]) == report


def test_a_modem_that_floods_the_port_with_numbers_cannot_hang_the_packing() -> None:
    dialogue = Recording(64 * 1024)
    cards = [str(460011234567890 + number * 7919 * 7919) for number in range(800)]
    for card in cards:
        dialogue.sent(b"AT+CEREG?\r")
        dialogue.received(f"{card}\r\nOK\r\n".encode())
    shown = members(bundle(dialogue=dialogue))["capture.toml"]
    assert shown.count("cmd = ") == 800
    assert not [card for card in cards if card in shown]
