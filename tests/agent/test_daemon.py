"""The daemon as a process, with a virtual modem on a pseudo-terminal."""

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.control import Refused, ask_daemon
from agent.outbox.sqlite_view import SqliteView
from modem.simulator import VirtualModem
from modem.simulator.persona import Change
from modem.simulator.tables import Table
from tests.fakes.agent_process import AgentProcess
from tests.fakes.eventually import eventually


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    """One daemon for the tests that only ask."""
    folder = tmp_path_factory.mktemp("daemon")
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(folder, device)
        try:
            agent.start()
            eventually(lambda: agent.verdict() == "ok", "the verdict is ok")
            yield agent
        finally:
            agent.end()


def test_status_tells_diagnosis_workers_and_outbox(running: AgentProcess) -> None:
    status = running.ask("status", lang="en")
    assert status is not None
    assert status["diag"]["sim"]["state"] == "ready"
    assert {name: worker["stuck"] for name, worker in status["workers"].items()} == {"modem": None, "control": None}
    assert status["outbox"]["waiting"] > 0
    assert status["troubles"] == {}


def test_a_full_look_is_made_on_request(running: AgentProcess) -> None:
    report = running.ask("diag", lang="en")
    assert report is not None
    assert (report["schema"], report["via"]) == ("posagent.diag/1", "daemon")
    assert report["verdict"]["title"] == "Nothing wrong"


def test_raw_commands_go_through_the_daemons_channel(running: AgentProcess) -> None:
    answer = running.ask("at", commands=["AT+CIMI"])
    assert answer is not None
    assert answer["results"][0]["final"] == "OK"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"op": "dance"}, "unknown_op"),
        ({"op": "at"}, "bad_request"),
        ({"op": "at", "commands": "AT"}, "bad_request"),
        ({"op": "at", "commands": ["AT"] * 33}, "bad_request"),
        ({"op": "at", "commands": ["AT\r\nAT+CFUN=0"]}, "bad_request"),
        ({"op": "at", "commands": [1]}, "bad_request"),
        ({"op": "at", "commands": ["AT"], "timeout_s": 1e9}, "bad_request"),
        ({"op": "at", "commands": ["AT"], "timeout_s": True}, "bad_request"),
        ({"op": "at", "commands": ["AT+CFUN=0"]}, "denied"),
        ({"op": "outbox_flush"}, "no_uplink"),
    ],
)
def test_requests_that_make_no_sense_are_refused(running: AgentProcess, request_: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as caught:
        ask_daemon(running.run_dir, request_)
    assert caught.value.code == code


def test_usage_comes_from_the_modems_own_counters(running: AgentProcess) -> None:
    def counted() -> bool:
        told = running.ask("usage")
        return told is not None and (told["usage"]["used_bytes"] or 0) > 0

    eventually(counted, "use is counted")


def test_files_for_other_programs_are_kept(running: AgentProcess) -> None:
    status = json.loads((running.run_dir / "status.json").read_text())
    assert status["diag"]["verdict"]["code"] == "ok"
    assert (running.run_dir / "message.txt").read_text() == ""


def test_a_change_of_verdict_reaches_status_and_screen_with_its_evidence(tmp_path: Path) -> None:
    scenario = tmp_path / "a-card.toml"
    scenario.write_text('[modem]\npersona = "quectel-ec20"\n')
    gone = {"sim": "absent", "cs": 0, "ps": 0, "eps": 0, "attached": False, "active": False}
    modem = VirtualModem(str(scenario))
    with modem as device:
        agent = AgentProcess(tmp_path, device, hurry=100)
        try:
            agent.start()
            screen, published = agent.run_dir / "message.txt", agent.run_dir / "status.json"
            eventually(lambda: agent.verdict() == "ok", "the verdict is ok")
            modem.cue(Change(0.0, Table(gone, "the card goes")))
            eventually(lambda: "sim.absent" in screen.read_text(), "the screen says it")
            report = json.loads(published.read_text())["diag"]
            asked = agent.ask("status", lang="en")
        finally:
            agent.end()
    chinese, english = screen.read_text().splitlines()
    assert "没有检测到上网卡" in chinese
    assert english.endswith("(sim.absent)")
    assert report["verdict"]["code"] == "sim.absent"
    assert asked is not None
    for told in (report, asked["diag"]):
        finding = next(item for item in told["findings"] if item["code"] == "sim.absent")
        assert "AT+CPIN? → +CME ERROR: 10" in finding["evidence"]


def test_a_second_daemon_is_refused(running: AgentProcess, tmp_path: Path) -> None:
    second = AgentProcess(tmp_path, running.port)
    second.write_config()
    text = second.config.read_text().replace(str(second.run_dir), str(running.run_dir))
    second.config.write_text(text.replace(str(second.state_dir), str(running.state_dir)))
    from agent.cli import main

    assert main(["run", "--config", str(second.config)]) == 1


def test_started_and_stopped_are_on_record_and_a_restart_says_it_was_clean(tmp_path: Path) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        try:
            agent.start()
            eventually(lambda: agent.verdict() == "ok", "the verdict is ok")
            assert agent.state()["running"] is True
            assert agent.stop()[0] == 0
            assert agent.state()["running"] is False
            agent.start()
            eventually(lambda: agent.verdict() == "ok", "the verdict is ok")
            agent.stop()
        finally:
            agent.end()
    records = _records(agent)
    assert [body.get("clean") for type_, body in records if type_ == "started"] == [None, True]
    assert [type_ for type_, _ in records].count("stopped") == 2
    assert [type_ for type_, _ in records].count("verdict") == 1, "the same verdict is no news after a restart"


def test_a_killed_daemon_says_so_when_it_is_back(tmp_path: Path) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        try:
            agent.start()
            agent.stop(signal.SIGKILL)
            agent.start()
            agent.stop()
        finally:
            agent.end()
    assert [body.get("clean") for type_, body in _records(agent) if type_ == "started"][-1] is False


def test_hangup_reads_the_settings_again_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path, device)
        try:
            agent.start()
            assert agent.process
            good = agent.config.read_text()
            agent.config.write_text(good.replace("heartbeat_s = 2", "heartbeat_s = 0"))
            agent.process.send_signal(signal.SIGHUP)
            eventually(lambda: "the old one stays in force" in agent.log(), "the mistake is told")
            agent.config.write_text(good.replace("heartbeat_s = 2", "heartbeat_s = 3600"))
            agent.process.send_signal(signal.SIGHUP)
            eventually(lambda: "configuration read again" in agent.log(), "the change is told")
            assert agent.stop()[0] == 0
        finally:
            agent.end()


def test_systemd_hears_ready_watchdog_and_stopping(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, VirtualModem("healthy-lte") as device:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        agent = AgentProcess(
            tmp_path, device, environment={"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "4000000"}
        )
        try:
            agent.start()
            said = [systemd.recv(4096).decode()]
            assert said[0].startswith("READY=1")
            while "WATCHDOG=1" not in said:
                said.append(systemd.recv(4096).decode())
            agent.stop()
            while not said[-1].startswith("STOPPING=1"):
                said.append(systemd.recv(4096).decode())
        finally:
            agent.end()


def _records(agent: AgentProcess) -> list[tuple[str, dict[str, object]]]:
    view = SqliteView(agent.state_dir / "outbox.db")
    try:
        found = [json.loads(entry.record.body) for entry in sorted(view.entries(1000), key=lambda entry: entry.key.seq)]
    finally:
        view.close()
    return [(record["type"], record["body"]) for record in found]


def test_without_a_disk_it_watches_and_reports_and_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    with VirtualModem("healthy-lte") as port:
        agent = AgentProcess(tmp_path, port, hurry=60.0)
        try:
            agent.start()
            eventually(lambda: agent.verdict() == "agent.storage", "the trouble is found")
            status = agent.ask("status", lang="en")
            assert status is not None
            assert "outbox" in status["troubles"]
            assert status["outbox"]["waiting"] > 0
            assert agent.stop()[0] == 0
        finally:
            agent.end()
