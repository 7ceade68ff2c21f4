"""Candidates from a made-up sysfs, holders from a made-up /proc, and the read-only probe."""

import os
import pty
import subprocess
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

import modem.holder
from modem.discover import Candidate, Probed, candidates, holder, probe, probe_port
from modem.errors import PortMissing
from modem.holder import Holder, holders
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok

MODEM = "devices/pci0000:00/0000:00:14.0/usb1/1-1"


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    root = tmp_path / "sys"
    (root / "class" / "tty").mkdir(parents=True)
    return root


@pytest.fixture
def dev(tmp_path: Path) -> Path:
    root = tmp_path / "dev"
    (root / "serial" / "by-path").mkdir(parents=True)
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def add_usb(
    sysfs: Path, name: str, interface: int, *, path: str = MODEM, driver: str = "option", ids: str = "2c7c:0125"
) -> None:
    """A USB serial port as the kernel shows it: ttyUSB below its own directory, ttyACM right below the interface."""
    modem = sysfs / path
    part = modem / f"{modem.name}:1.{interface}"
    write(modem / "idVendor", ids.partition(":")[0])
    write(modem / "idProduct", ids.partition(":")[2])
    write(modem / "manufacturer", "Quectel")
    write(modem / "product", "EC20F")
    write(part / "bInterfaceNumber", f"{interface:02x}")
    place = part / name if name.startswith("ttyUSB") else part
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "driver").is_symlink():
        (place / "driver").symlink_to(f"/sys/bus/usb-serial/drivers/{driver}")
    node = place / "tty" / name
    node.mkdir(parents=True)
    (node / "device").symlink_to(place)
    (sysfs / "class" / "tty" / name).symlink_to(node)


def test_usb_ports_are_described(sysfs: Path, dev: Path) -> None:
    add_usb(sysfs, "ttyUSB2", 2)
    (dev / "ttyUSB2").touch()
    (dev / "serial" / "by-path" / "pci-0000:00:14.0-usb-0:1:1.2-port0").symlink_to(dev / "ttyUSB2")
    (port,) = candidates(sysfs, dev)
    assert port.device == str(dev / "ttyUSB2")
    assert port.by_path == str(dev / "serial" / "by-path" / "pci-0000:00:14.0-usb-0:1:1.2-port0")
    assert (port.vendor_id, port.product_id, port.interface, port.driver) == ("2C7C", "0125", 2, "option")
    assert (port.usb_path, port.manufacturer, port.product) == ("1-1:1.2", "Quectel", "EC20F")


def test_the_order_is_by_modem_and_interface_not_by_name(sysfs: Path, dev: Path) -> None:
    """After a re-enumeration ttyUSB4 can be interface 0 (gammu#198)."""
    for name, interface in (("ttyUSB0", 3), ("ttyUSB1", 2), ("ttyUSB4", 0)):
        add_usb(sysfs, name, interface)
    add_usb(sysfs, "ttyACM0", 0, path="devices/usb2/2-1", driver="cdc_acm", ids="1546:1102")
    assert [Path(port.device).name for port in candidates(sysfs, dev)] == ["ttyUSB4", "ttyUSB1", "ttyUSB0", "ttyACM0"]
    assert candidates(sysfs, dev)[-1].driver == "cdc_acm"


def test_a_uart_counts_only_if_there_is_one(sysfs: Path, dev: Path) -> None:
    for name, kind in (("ttyS0", "4"), ("ttyS1", "0")):
        node = sysfs / "devices" / "platform" / name
        write(node / "type", kind)
        (node / "device").mkdir()
        (sysfs / "class" / "tty" / name).symlink_to(node)
    (sysfs / "class" / "tty" / "tty1").mkdir()
    (sysfs / "class" / "tty" / "ptmx").mkdir()
    assert [Path(port.device).name for port in candidates(sysfs, dev)] == ["ttyS0"]


def test_the_kernels_console_is_no_modem_port(sysfs: Path, dev: Path) -> None:
    for name in ("ttyS0", "ttyS1"):
        entry = sysfs / "class" / "tty" / name
        (entry / "device").mkdir(parents=True)
        (entry / "type").write_text("4\n")
    (sysfs / "class" / "tty" / "console").mkdir()
    (sysfs / "class" / "tty" / "console" / "active").write_text("tty0 ttyS0\n")
    assert [Path(port.device).name for port in candidates(sysfs, dev)] == ["ttyS1"]


def test_wwan_at_ports_count_and_their_qmi_ports_do_not(sysfs: Path, dev: Path) -> None:
    for name in ("wwan0at0", "wwan0qmi0", "wwan0"):
        (sysfs / "class" / "wwan" / name).mkdir(parents=True)
    assert [Path(port.device).name for port in candidates(sysfs, dev)] == ["wwan0at0"]


def add_uart(sysfs: Path, name: str, *, has_device: bool = True) -> None:
    entry = sysfs / "class" / "tty" / name
    write(entry / "type", "4")
    if has_device:
        (entry / "device").mkdir()


def test_a_uart_without_a_device_and_a_terminal_of_another_kind_are_none(sysfs: Path, dev: Path) -> None:
    add_uart(sysfs, "ttyS0")
    add_uart(sysfs, "ttyS1", has_device=False)
    add_uart(sysfs, "ttyGS0")
    add_uart(sysfs, "ttyprintk")
    assert [Path(port.device).name for port in candidates(sysfs, dev)] == ["ttyS0"]


def test_usb_comes_first_and_wired_ports_last(sysfs: Path, dev: Path) -> None:
    add_uart(sysfs, "ttyS0")
    add_usb(sysfs, "ttyUSB0", 2)
    (sysfs / "class" / "wwan" / "wwan0at0").mkdir(parents=True)
    assert [Path(port.device).name for port in candidates(sysfs, dev)] == ["ttyUSB0", "wwan0at0", "ttyS0"]


def test_a_port_whose_interface_is_not_told_comes_last_of_its_modem(sysfs: Path, dev: Path) -> None:
    for name, interface in (("ttyUSB0", 1), ("ttyUSB1", 2)):
        add_usb(sysfs, name, interface)
    (sysfs / MODEM / "1-1:1.1" / "bInterfaceNumber").write_text("zz\n")
    found = candidates(sysfs, dev)
    assert [(Path(port.device).name, port.interface) for port in found] == [("ttyUSB1", 2), ("ttyUSB0", None)]


def test_the_kind_of_an_interface_is_three_numbers_or_not_known(sysfs: Path, dev: Path) -> None:
    add_usb(sysfs, "ttyUSB0", 2)
    part = sysfs / MODEM / "1-1:1.2"
    names = ("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol")
    for name, number in zip(names, ("ff", "06", "10"), strict=True):
        assert candidates(sysfs, dev)[0].protocol is None
        write(part / name, number)
    assert candidates(sysfs, dev)[0].protocol == (0xFF, 0x06, 0x10)
    for name in names:
        before = (part / name).read_text()
        write(part / name, "nonsense")
        assert candidates(sysfs, dev)[0].protocol is None
        (part / name).write_text(before)


def test_the_interfaces_driver_counts_where_the_port_has_none_of_its_own(sysfs: Path, dev: Path) -> None:
    add_usb(sysfs, "ttyUSB0", 2)
    (sysfs / MODEM / "1-1:1.2" / "ttyUSB0" / "driver").unlink()
    assert candidates(sysfs, dev)[0].driver is None
    (sysfs / MODEM / "1-1:1.2" / "driver").symlink_to("/sys/bus/usb/drivers/qcserial")
    assert candidates(sysfs, dev)[0].driver == "qcserial"


def test_an_empty_attribute_says_nothing(sysfs: Path, dev: Path) -> None:
    add_usb(sysfs, "ttyUSB0", 2)
    write(sysfs / MODEM / "manufacturer", "")
    (port,) = candidates(sysfs, dev)
    assert (port.manufacturer, port.product) == (None, "EC20F")


@pytest.mark.parametrize(
    ("candidate", "is_modem"),
    [
        (Candidate("/dev/wwan0at0"), True),
        (Candidate("/dev/ttyUSB0", driver="option"), True),
        (Candidate("/dev/ttyUSB0", vendor_id="2C7C", product_id="0125"), True),
        (Candidate("/dev/ttyUSB0", driver="ftdi_sio", vendor_id="0403", product_id="6001"), False),
        (Candidate("/dev/ttyS0"), False),
    ],
)
def test_a_modem_is_known_by_its_kind_its_driver_or_its_ids(candidate: Candidate, is_modem: bool) -> None:
    assert candidate.is_modem is is_modem


def test_a_machine_without_sysfs_has_no_candidates(tmp_path: Path) -> None:
    assert candidates(tmp_path / "nothing", tmp_path / "nothing") == ()


def test_what_sysfs_says_wrongly_is_not_known(sysfs: Path, dev: Path) -> None:
    add_usb(sysfs, "ttyUSB0", 0, ids="nonsense:")
    modem = sysfs / MODEM
    (modem / "1-1:1.0" / "bInterfaceNumber").write_text("zz\n")
    (modem / "manufacturer").write_bytes(b"\xff" * 10_000)
    (port,) = candidates(sysfs, dev)
    assert (port.vendor_id, port.product_id, port.interface) == (None, None, None)
    assert len(port.manufacturer or "") <= 256


# -- holders


def add_process(proc: Path, pid: int, name: str, *targets: str) -> None:
    (proc / str(pid) / "fd").mkdir(parents=True)
    (proc / str(pid) / "comm").write_text(name + "\n")
    for number, target in enumerate(targets):
        (proc / str(pid) / "fd" / str(number)).symlink_to(target)


def test_the_holder_is_found(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB2"
    device.touch()
    add_process(tmp_path / "proc", 1, "systemd", "/dev/null")
    add_process(tmp_path / "proc", 612, "ModemManager", "/dev/null", "socket:[123]", str(device))
    found = holder(str(device), tmp_path / "proc")
    assert found == Holder(612, "ModemManager")
    assert str(found) == "ModemManager (pid 612)"


def test_the_holder_is_found_by_a_stable_name_too(tmp_path: Path) -> None:
    device, link = tmp_path / "ttyUSB2", tmp_path / "by-path"
    device.touch()
    link.symlink_to(device)
    add_process(tmp_path / "proc", 612, "ModemManager", str(device))
    assert holder(str(link), tmp_path / "proc") == Holder(612, "ModemManager")


def test_we_are_not_our_own_holder(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB2"
    device.touch()
    add_process(tmp_path / "proc", 700, "posagent", str(device))
    (tmp_path / "proc" / "self").symlink_to("700")
    assert holder(str(device), tmp_path / "proc") is None


def test_nobody_holds_it_or_nobody_can_see(tmp_path: Path) -> None:
    (tmp_path / "proc" / "12").mkdir(parents=True)
    assert holder("/dev/ttyUSB2", tmp_path / "proc") is None
    assert holder("/dev/ttyUSB2", tmp_path / "none") is None


def test_who_has_only_other_things_open_holds_nothing(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB2"
    device.touch()
    add_process(tmp_path / "proc", 612, "ModemManager", "socket:[123]", "/dev/null")
    assert holder(str(device), tmp_path / "proc") is None


def test_a_process_without_a_name_holds_it_all_the_same(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB2"
    device.touch()
    add_process(tmp_path / "proc", 612, "", str(device))
    assert str(holder(str(device), tmp_path / "proc")) == "? (pid 612)"


class Node:
    """A device file: its number, and the number of the file system it is in."""

    def __init__(self, kind: int, system: int) -> None:
        self.st_rdev, self.st_dev = os.makedev(kind, 0), system

    def stat(self) -> "Node":
        return self


@pytest.mark.parametrize(
    ("there", "here", "is_another"),
    [
        (Node(188, 6), Node(188, 6), False),
        (Node(188, 6), Node(166, 6), True),
        (Node(188, 7), Node(188, 6), False),  # a container's /dev, made with mknod: the same modem
        (Node(136, 7), Node(136, 6), True),  # another devpts: another terminal
    ],
)
def test_a_device_is_told_by_its_number_and_a_terminal_by_its_file_system_too(
    there: Node, here: Node, is_another: bool
) -> None:
    assert modem.holder._is_another(cast("Path", there), cast("Path", here)) is is_another


# -- probe


@pytest.mark.parametrize(
    ("said", "result"),
    [
        (ok(), Probed.ANSWERS),
        (b"AT\r\r\nOK\r\n", Probed.ANSWERS),
        (b"\r\nERROR\r\n", Probed.ANSWERS),
        (b"$GPRMC,,V,,,,,,,,,,N*53\r\n", Probed.GARBLED),
        (b"\xf8\x80\xff" * 50, Probed.GARBLED),
        (b"\0\0\0", Probed.SILENT),
    ],
)
def test_what_a_port_says_to_at(said: bytes, result: Probed) -> None:
    clock = FakeClock()
    port = FakePort(clock, {"AT": [said]})
    assert probe_port(port, monotonic=clock.monotonic) is result
    assert set(port.lines_written()) == {"AT"}


def test_a_silent_port_costs_the_time_allowed_and_no_more() -> None:
    clock = FakeClock()
    began = clock.monotonic()
    assert probe_port(FakePort(clock), timeout_s=3.0, monotonic=clock.monotonic) is Probed.SILENT
    assert clock.monotonic() - began == pytest.approx(3.0)


def test_the_first_at_may_only_set_the_speed() -> None:
    clock = FakeClock()
    port = FakePort(clock, {"AT": [b"\xff\xfe", ok()]})
    assert probe_port(port, monotonic=clock.monotonic) is Probed.ANSWERS


def test_a_silent_port_is_asked_three_times() -> None:
    clock, sent = FakeClock(), list[float]()
    port = FakePort(clock)
    port.on_line = lambda _line: sent.append(clock.monotonic() - 1000.0)
    probe_port(port, timeout_s=3.0, monotonic=clock.monotonic)
    assert sent == pytest.approx([0.0, 1.0, 2.0])


def test_a_port_that_spoke_once_is_not_silent() -> None:
    clock = FakeClock()
    port = FakePort(clock, {"AT": [b"\xff\xfe", b""]})
    assert probe_port(port, monotonic=clock.monotonic) is Probed.GARBLED


@contextmanager
def modem_on_a_pty(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    peer, ours = pty.openpty()
    tty.setraw(ours)

    def serve() -> None:
        try:
            while data := os.read(peer, 100):
                os.write(peer, answer(data))
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield os.ttyname(ours)
    finally:
        os.close(ours)
        thread.join(60)
        os.close(peer)


def test_a_device_is_probed_and_given_back() -> None:
    with modem_on_a_pty(lambda _data: b"\r\nOK\r\n") as device:
        assert probe(device) is Probed.ANSWERS
        assert probe(device) is Probed.ANSWERS


def test_a_missing_device_says_so() -> None:
    with pytest.raises(PortMissing):
        probe("/dev/ttyUSB-none")


_CONTAINER = """
import os, subprocess
subprocess.run(["mount", "-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", "/dev/pts"], check=True)
ptmx = os.open("/dev/pts/ptmx", os.O_RDWR | os.O_NOCTTY)
import fcntl, struct
fcntl.ioctl(ptmx, 0x40045431, struct.pack("i", 0))  # TIOCSPTLCK
os.open("/dev/pts/0", os.O_RDWR | os.O_NOCTTY)
print("open", flush=True)
input()
"""


def test_a_terminal_of_a_container_is_another_of_the_same_name() -> None:
    ours = os.openpty()  # the lowest number that is free: from now on there is a /dev/pts/0
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *rights, "--mount", sys.executable, "-c", _CONTAINER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as container:
        assert container.stdout is not None
        assert container.stdout.readline() == "open\n"
        assert container.pid not in {found.pid for found in holders("/dev/pts/0")}
        container.communicate("\n", timeout=60)
    for end in ours:
        os.close(end)
