"""Who is there, by the bus or by /proc, and which port is left."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from agent import find_port
from modem.discover import Candidate
from modem.holder import Holder
from modem.modemmanager import Presence, UsedPort, is_modemmanager, presence, spare_ports
from modem.modemmanager.manager import MODEM, device_of
from tests.fakes.modemmanager import pretended, private_bus

NO_BUS = "unix:path=/nonexistent/bus"
PORTS = [("ttyUSB0", 4), ("ttyUSB1", 5), ("ttyUSB2", 3), ("ttyUSB3", 9), ("wwan0", 2), ("cdc-wdm0", 6)]
MODEMS = {"/org/freedesktop/ModemManager1/Modem/0": {MODEM: {"Ports": ("a(su)", PORTS), "Device": ("s", "/sys/x")}}}


def process(proc: Path, pid: int, name: str) -> None:
    (proc / str(pid)).mkdir(parents=True)
    (proc / str(pid) / "comm").write_text(name + "\n")


def candidates(*names: str) -> list[Candidate]:
    return [Candidate(f"/dev/{name}") for name in names]


def nobody(_device: str) -> Holder | None:
    return None


def test_without_a_bus_the_process_list_tells(tmp_path: Path) -> None:
    process(tmp_path, 7, "sh")
    assert presence(NO_BUS, tmp_path) == Presence(running=False)
    process(tmp_path, 612, "ModemManager")
    seen = presence(NO_BUS, tmp_path)
    assert seen == Presence(running=True, pid=612)
    assert seen.uses("/dev/ttyUSB2") is None


def test_without_a_process_list_nobody_is_known(tmp_path: Path) -> None:
    assert presence(NO_BUS, tmp_path / "gone") == Presence(running=False)


def test_over_the_bus_its_ports_are_known(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address, pretended(address, MODEMS):
        seen = presence(address, tmp_path / "gone")
    assert seen.running
    assert seen.ports is not None
    assert UsedPort("/dev/ttyUSB2", "at") in seen.ports
    assert UsedPort("wwan0", "net") in seen.ports
    assert UsedPort("/dev/cdc-wdm0", "qmi") in seen.ports
    assert seen.uids == ("/sys/x",)
    assert seen.uses("/dev/ttyUSB2") is True
    assert seen.uses("/dev/ttyUSB3") is False  # listed as one that it ignores


def test_ports_it_ignores_come_before_those_it_does_not_know_and_those_it_has_closed() -> None:
    used = (UsedPort("/dev/ttyUSB2", "at"), UsedPort("/dev/ttyUSB3", "ignored"), UsedPort("/dev/ttyUSB0", "qcdm"))
    free = spare_ports(candidates("ttyUSB0", "ttyUSB1", "ttyUSB2", "ttyUSB3"), used, nobody)
    assert [one.device for one in free] == ["/dev/ttyUSB3", "/dev/ttyUSB1", "/dev/ttyUSB2"]


def test_a_port_that_somebody_has_open_is_not_spare() -> None:
    def held(device: str) -> Holder | None:
        return Holder(612, "ModemManager") if device == "/dev/ttyUSB2" else None

    free = spare_ports(candidates("ttyUSB2", "ttyUSB3"), (UsedPort("/dev/ttyUSB2", "at"),), held)
    assert [one.device for one in free] == ["/dev/ttyUSB3"]


def test_the_agent_tries_the_spare_port_first(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Presence(running=True, ports=(UsedPort("/dev/ttyUSB2", "qcdm"), UsedPort("/dev/ttyUSB3", "ignored")))
    monkeypatch.setattr(find_port, "candidates", lambda: candidates("ttyUSB1", "ttyUSB2", "ttyUSB3"))
    monkeypatch.setattr("modem.modemmanager.presence", lambda: here)
    assert find_port.modem_devices() == ["/dev/ttyUSB3", "/dev/ttyUSB1", "/dev/ttyUSB2"]
    monkeypatch.setattr("modem.modemmanager.presence", lambda: Presence(running=False))
    assert find_port.modem_devices() == ["/dev/ttyUSB1", "/dev/ttyUSB2", "/dev/ttyUSB3"]


def test_a_holder_is_recognised_by_its_name() -> None:
    assert is_modemmanager("ModemManager (pid 612)")
    assert is_modemmanager(Holder(612, "ModemManager"))
    assert not is_modemmanager("pppd (pid 5)")
    assert not is_modemmanager(None)


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("ttyUSB2", "/dev/ttyUSB2"),
        ("/dev/ttyUSB2", "/dev/ttyUSB2"),
        ("cdc-wdm0", "/dev/cdc-wdm0"),
        ("wwan0at0", "/dev/wwan0at0"),
        ("abstract:x", "abstract:x"),
        ("tty/../../etc/passwd", "tty/../../etc/passwd"),
    ],
)
def test_ports_have_the_names_that_everybody_uses(name: str, device: str) -> None:
    assert device_of(name) == device


def test_many_threads_may_ask_at_once(tmp_path: Path) -> None:
    seen: list[Any] = []
    with private_bus(tmp_path) as address, pretended(address, MODEMS):
        threads = [threading.Thread(target=lambda: seen.append(presence(address).ports)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(seen) == 4
    assert len(set(seen)) == 1
    assert seen[0]


def test_asking_leaves_no_descriptor_open(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address, pretended(address, MODEMS):
        presence(address)
        before = os.listdir("/proc/self/fd")  # noqa: PTH208 - names are enough
        for _ in range(5):
            presence(address)
            presence(NO_BUS)
        assert len(os.listdir("/proc/self/fd")) == len(before)  # noqa: PTH208
