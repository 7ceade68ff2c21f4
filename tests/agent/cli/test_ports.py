"""`posagent ports`."""

import json
import os
import subprocess
import sys

import pytest

from agent.cli import main
from modem.discover import Candidate, Probed
from modem.errors import PortBusy, PortForbidden

MODEM = Candidate("/dev/ttyUSB2", vendor_id="2C7C", product_id="0FFF", interface=2, product="EC25\x1b[2J")
HELD = Candidate("/dev/ttyUSB3")
OTHERS = Candidate("/dev/ttyS0")


@pytest.fixture
def _three(monkeypatch: pytest.MonkeyPatch) -> None:
    def probe(device: str) -> Probed:
        if device == HELD.device:
            raise PortBusy("held", "ModemManager (pid 612)")
        if device == OTHERS.device:
            raise PortForbidden("no")
        return Probed.ANSWERS

    monkeypatch.setattr("modem.discover.candidates", lambda: (MODEM, HELD, OTHERS))
    monkeypatch.setattr("modem.discover.probe", probe)


@pytest.mark.usefixtures("_three")
def test_the_table_says_who_answers_and_who_holds_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports", "--probe", "--lang", "en"]) == 0
    head, modem, held, others, hint = capsys.readouterr().out.splitlines()
    assert head.startswith("port")
    assert "2C7C:0FFF" in modem
    assert "Quectel" in modem
    assert "\x1b" not in modem
    assert modem.endswith("answers")
    assert held.endswith("busy (ModemManager (pid 612))")
    assert others.endswith("not allowed")
    assert "/dev/ttyUSB2 is free" in hint


@pytest.mark.usefixtures("_three")
def test_programs_get_one_object_a_port(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports", "--probe", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["state"] for row in rows] == ["answers", "busy", "forbidden"]


def test_nothing_found_is_11(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("modem.discover.candidates", tuple)
    assert main(["ports", "--probe", "--lang", "zh"]) == 11
    assert "没有找到" in capsys.readouterr().out


def test_a_modem_that_modemmanager_has_whole_is_read_through_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def busy(_device: str) -> Probed:
        raise PortBusy("held", "ModemManager (pid 612)")

    monkeypatch.setattr("modem.discover.candidates", lambda: (HELD,))
    monkeypatch.setattr("modem.discover.probe", busy)
    assert main(["ports", "--probe", "--lang", "zh"]) == 11
    assert 'modem.backend = "modemmanager"' in capsys.readouterr().out


def test_without_probe_nothing_is_opened_and_holders_are_read_from_proc(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = os.openpty()
    device = os.ttyname(theirs)
    held = Candidate(device, vendor_id="2C7C", product_id="0125", interface=2, usb_path="1-1:1.2")
    free = Candidate("/dev/ttyUSB-none", vendor_id="2C7C", product_id="0125", interface=0)
    monkeypatch.setattr("modem.discover.candidates", lambda: (held, free))
    monkeypatch.setattr("modem.discover.probe", lambda _: pytest.fail("opened"))
    code = f"import os, sys; os.open({device!r}, os.O_RDWR | os.O_NOCTTY); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert main(["ports", "--json"]) == 0
        pid = other.pid
        other.communicate()
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["state"], row["role"], row["maker"]) for row in rows] == [
        ("busy", "at", "Quectel"),
        ("free", "diag", "Quectel"),
    ]
    assert str(pid) in rows[0]["holder"]
    os.close(ours)
    os.close(theirs)
