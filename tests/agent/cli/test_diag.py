"""`posagent diag` as people and scripts call it: against virtual modems, a daemon, no port at all."""

import io
import json
import os
import pty
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.assess.diagnosis import diagnose
from agent.cli import diag, main
from agent.cli.context import Context, Output
from agent.cli.diag_looked import exit_code
from agent.cli.diag_steps import Steps
from agent.control import Json, Refused, success
from agent.control_server import Answer, ControlServer, Handler, Peer
from agent.report import diag_report
from agent.sample.base import NetworkView
from modem.simulator import VirtualModem
from tests.fakes.snapshots import but, healthy, off_network


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with directories of its own and no interface to watch."""
    file = tmp_path / "config.toml"
    file.write_text(
        f'[modem]\nport = "/dev/no-such-port"\ninterface = ""\n'
        f'[paths]\nstate_dir = "{tmp_path}"\nrun_dir = "{tmp_path}"\n'
    )
    monkeypatch.setenv("POSAGENT_CONFIG", str(file))
    monkeypatch.setenv("LANG", "C.UTF-8")
    return file


def as_json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("scenario", "code", "exit_code"),
    [
        ("healthy-lte", "ok", 0),
        ("data-only-card", "ok", 0),
        ("sim-absent", "sim.absent", 3),
        ("sim-pin", "sim.pin_required", 3),
        ("denied", "registration.denied", 3),
        ("searching", "registration.searching", 3),
        ("weak-signal", "signal.weak", 3),
    ],
)
def test_virtual_modem(
    scenario: str, code: str, exit_code: int, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with VirtualModem(scenario) as device:
        assert main(["diag", "--json", "--no-network", "--port", device]) == exit_code
    made = as_json(capsys)
    assert made["verdict"]["code"] == code
    assert (made["schema"], made["via"], made["data_cost_bytes"]) == ("posagent.diag/1", "direct", 0)
    assert made["port"]["device"] == device


def test_chinese_text_when_piped_is_plain(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("sim-absent") as device:
        assert main(["diag", "--lang", "zh", "--port", device]) == 3
    told = capsys.readouterr()
    assert told.out.startswith("结论：没有检测到 SIM 卡\n")
    assert "\x1b" not in told.out
    assert told.err == ""


def test_absent_port_is_the_verdict_and_the_exit_code(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diag", "--json"]) == 11
    assert as_json(capsys)["verdict"]["code"] == "port.missing"


def test_silent_modem_ends_within_the_deadline(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diag, "WHOLE_S", 2.0)
    monkeypatch.setattr("agent.examine.START_S", 200.0)  # what it would take without the deadline
    master, slave = pty.openpty()
    try:
        assert main(["diag", "--json", "--port", os.ttyname(slave)]) == 3
    finally:
        os.close(master)
        os.close(slave)
    made = as_json(capsys)
    assert made["verdict"]["code"] == "modem.silent"
    assert made["duration_s"] < 100.0


def test_configuration_that_is_not_valid_says_where(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text('[modem]\nbaud = "fast"\n')
    assert main(["diag"]) == 10
    assert f"{config}:2" in capsys.readouterr().err


def test_expired_plan_of_the_configuration_is_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(config.read_text() + '[plan]\nexpires_on = "2020-01-31"\n')
    with VirtualModem("healthy-lte") as device:
        main(["diag", "--json", "--no-network", "--port", device])
    made = as_json(capsys)
    # Whether the date may be judged depends on this machine's clock; it is told in any case.
    assert made["plan"]["expires_on"] == "2020-01-31"
    assert made["verdict"]["code"] in ("plan.expired", "clock.wrong", "ok")


@pytest.mark.parametrize("words", [["diag", "--port"], ["diag", "--lang", "fr"], ["diag", "now"]])
def test_wrong_usage(words: list[str], config: Path) -> None:
    assert main(words) == 2


def report(snapshot: Any) -> Json:
    return diag_report(snapshot, diagnose(snapshot), lang="en", via="daemon", duration_s=0.1, data_cost_bytes=0)


@contextmanager
def daemon(run_dir: Path, reply: Json | Refused, asked: list[Json]) -> Iterator[None]:
    """A daemon that gives this answer to everything."""

    def handle(request: Json, peer: Peer, answer: Answer) -> None:
        asked.append(request)
        if isinstance(reply, Refused):
            raise reply
        answer(success(reply))

    with served(run_dir, handle):
        yield


@contextmanager
def served(run_dir: Path, handle: Handler) -> Iterator[None]:
    server = ControlServer(run_dir, handle, time.monotonic)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            server.serve_once(0.05)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        server.close()


def test_daemon_is_asked_before_the_port_is_touched(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Json] = []
    with daemon(config.parent, report(healthy()), asked):
        assert main(["diag", "--json", "--quick", "--no-network", "--lang", "zh"]) == 0
    assert as_json(capsys)["via"] == "daemon"
    assert asked == [{"op": "diag", "lang": "zh", "quick": True, "network": False}]


def test_named_port_is_looked_at_whatever_a_daemon_does(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Json] = []
    with daemon(config.parent, report(healthy()), asked):
        assert main(["diag", "--json", "--port", "/dev/no-such-port"]) == 11
    assert as_json(capsys)["via"] == "direct"
    assert asked == []


def test_daemon_that_will_not_look_now_is_not_gone_around(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with daemon(config.parent, Refused("held", "a payment is under way"), []):
        assert main(["diag"]) == 4
    assert "a payment is under way" in capsys.readouterr().err


@contextmanager
def slow_daemon(run_dir: Path, known: Json | None) -> Iterator[None]:
    """A daemon whose modem keeps it busy: it tells its status and nothing else."""

    def handle(request: Json, peer: Peer, answer: Answer) -> None:
        if request["op"] == "status":
            answer(success({"diag": known}))

    with served(run_dir, handle):
        yield


def test_a_daemon_that_is_kept_busy_tells_what_it_knew_and_that_it_is_old(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diag, "DAEMON_S", 0.2)
    with slow_daemon(config.parent, report(healthy())):
        assert main(["diag", "--lang", "zh"]) == 4
    assert capsys.readouterr().out.startswith("守护进程正忙")


def test_a_daemon_that_hangs_is_said_to_hang_and_its_port_is_left_alone(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diag, "DAEMON_S", 0.2)
    with slow_daemon(config.parent, None):
        assert main(["diag", "--json"]) == 4
    assert "does not answer" in as_json(capsys)["error"]["message"]


@pytest.mark.parametrize("answer", [{}, {"schema": "posagent.diag/1"}, {"schema": "other", "verdict": {"code": "ok"}}])
def test_answer_that_is_no_diagnosis_is_said_to_be_none(
    answer: Json, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with daemon(config.parent, answer, []):
        assert main(["diag", "--json"]) == 4
    assert as_json(capsys)["error"]["code"] == "cannot_tell"


@pytest.mark.parametrize(
    ("snapshot", "code"),
    [
        (healthy(), 0),
        (but(healthy(), network__registration="roaming"), 0),
        (but(healthy(), signal__rsrp_dbm=-119.0), 3),
        (off_network("denied"), 3),
        (but(off_network(), network=NetworkView()), 4),
    ],
)
def test_exit_code_says_how_it_stands(snapshot: Any, code: int) -> None:
    assert exit_code(report(snapshot)) == code


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_on_a_terminal_unless_nobody_wants_it(
    no_color: str, coloured: bool, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    out, errors = Terminal(), Terminal()
    options = _options("--port", "/dev/no-such-port")
    assert diag.run(options, Context(lang="zh", out=Output(out, errors))) == 11
    assert ("\x1b[31m结论：" in out.getvalue()) == coloured


def test_steps_are_told_on_a_terminal_and_only_there(config: Path) -> None:
    errors = Terminal()
    options = _options("--port", "/dev/no-such-port")
    diag.run(options, Context(lang="zh", out=Output(io.StringIO(), errors)))
    assert "正在检查：打开 /dev/no-such-port\n" in errors.getvalue()
    quiet = Terminal()
    diag.run(options, Context(lang="zh", json=True, out=Output(io.StringIO(), quiet)))
    assert quiet.getvalue() == ""


def _options(*words: str) -> Any:
    import argparse

    parser = argparse.ArgumentParser()
    diag.arguments(parser)
    return parser.parse_args(words)


# -- what a person sees ------------------------------------------------------------------------------------------------


def test_a_step_that_lasts_ticks_and_its_line_ends(config: Path) -> None:
    errors = Terminal()
    with Steps(Context(lang="en", out=Output(io.StringIO(), errors))) as steps:
        steps.say("asking the network")
        steps.tick()
        steps.tick()
    assert errors.getvalue() == "checking: asking the network · ·\n"


def test_a_long_report_ends_with_the_verdict_and_the_first_step(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "80")
    out = Terminal()
    diag.run(_options("--port", "/dev/no-such-port"), Context(lang="zh", out=Output(out, Terminal())))
    lines = [line for line in out.getvalue().splitlines() if line]
    assert "结论：找不到通信模块串口" in lines[-3]
    assert "port.missing" in lines[-2]
    assert "1. 拔下 USB 线或模块" in lines[-1]


def test_what_was_not_checked_is_named_with_its_reason(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        main(["diag", "--lang", "en", "--port", device, "--no-network"])
    told = capsys.readouterr().out
    assert told.startswith("Verdict: Nothing wrong found (not everything was checked)")
    assert "network (names, internet, centre): --no-network tests nothing." in told
    assert "plan: no expiry or balance is known" in told


def test_without_root_it_says_what_it_may_not_read(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (config.parent / "control.sock").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may always read
    with VirtualModem("healthy-lte") as device:
        main(["diag", "--lang", "en", "--port", device, "--quick"])
    told = capsys.readouterr().out
    assert "daemon: no access to" in told
    assert "plan and usage:" in told
    assert "--quick tests nothing" in told


def test_redacted_shows_the_last_four_digits_only(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        main(["diag", "--json", "--port", device, "--no-network", "--redact"])
    made = capsys.readouterr().out
    shown = json.loads(made)
    assert shown["sim"]["iccid"] == "*" * 16 + "0001"
    assert "898600000" not in made
    assert shown["verdict"]["code"] == "ok"


def test_the_code_is_drawn_below_the_report(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diag", "--lang", "zh", "--qr"]) == 11
    lines = capsys.readouterr().out.splitlines()
    begin = lines.index("用手机扫码带走结果（不需要网络）") + 1
    assert all("█" in line for line in lines[begin : begin + 3])


def test_the_code_is_plain_ascii_where_the_locale_says_so(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["diag", "--lang", "en", "--qr"]) == 11
    lines = capsys.readouterr().out.splitlines()
    begin = next(at for at, line in enumerate(lines) if line.startswith("Scan it")) + 1
    assert {char for line in lines[begin:] for char in line} <= {"#", " "}


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files that this user may not even see; root may see everything, so the kernel's word is put here."""
    names: set[str] = set()
    exists, opened, read = Path.exists, Path.open, Path.read_bytes

    def refused(path: Path) -> None:
        if path.name in names:
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", lambda path, **how: refused(path) or exists(path, **how))
    monkeypatch.setattr(Path, "open", lambda path, *how, **more: refused(path) or opened(path, *how, **more))
    monkeypatch.setattr(Path, "read_bytes", lambda path: refused(path) or read(path))
    return names


def test_a_state_folder_that_is_closed_to_this_user_costs_only_the_plan(
    config: Path, capsys: pytest.CaptureFixture[str], closed: set[str]
) -> None:
    closed |= {"ledger.db", "plan.db"}
    with VirtualModem("sim-absent") as device:
        assert main(["diag", "--json", "--no-network", "--port", device]) == 3
    made = as_json(capsys)
    assert (made["verdict"]["code"], made["plan"]["state"]) == ("sim.absent", "unknown")


def test_settings_that_this_user_may_not_read_are_replaced_by_defaults_and_that_is_said(
    config: Path, capsys: pytest.CaptureFixture[str], closed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSAGENT_CONFIG")
    monkeypatch.setattr("agent.config.DEFAULT_PATH", config)
    closed.add(config.name)
    with VirtualModem("sim-absent") as device:
        assert main(["diag", "--lang", "en", "--no-network", "--port", device]) == 3
        assert "- settings:" in capsys.readouterr().out
        assert main(["diag", "--config", str(config), "--port", device]) == 10, "a named file is meant"
