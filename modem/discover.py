"""Which serial devices may be a modem's AT port, and does one answer there?

Looking reads sysfs and disturbs nothing. Names such as ttyUSB2 change when a modem re-enumerates; what stays is the
USB path with its interface number, and /dev/serial/by-path. Two modems of one kind have the same by-id (systemd#30574).
"""

import re
import time
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

from modem.candidate import Candidate
from modem.dialects import THREE_GPP
from modem.engine import Engine
from modem.events import Command, Reply
from modem.holder import Holder, holder
from modem.moves import State
from modem.port import Port, SerialPort

__all__ = ["Candidate", "Holder", "Probed", "candidates", "holder", "probe", "probe_port"]

SYSFS = Path("/sys")
DEV = Path("/dev")

_USB_TTY = re.compile(r"tty(USB|ACM)\d+")
_WIRED_TTY = re.compile(r"tty(S|AMA|HS|HSL|MSM|mxc|O|THS|SC|XRUSB|SAC|PS)\d+")
_WWAN_AT = re.compile(r"wwan\d+at\d+")
_ATTRIBUTE = 256
"""Characters read of a sysfs attribute; a USB string has at most 126."""
_LEVELS = 12
PROBE_S = 2.0


class Probed(Enum):
    ANSWERS = "answers"
    GARBLED = "garbled"
    """Bytes, but no answer: wrong speed, or a port for something else (NMEA, diag)."""
    SILENT = "silent"


def candidates(sysfs: Path = SYSFS, dev: Path = DEV) -> tuple[Candidate, ...]:
    """All devices that could be an AT port: USB by path and interface number, then WWAN, then wired UARTs."""
    links = _by_path(dev)
    found = [*_ttys(sysfs, dev, links), *_wwans(sysfs, dev)]
    return tuple(sorted(found, key=_order))


def probe(device: str, *, timeout_s: float = PROBE_S, opened: Callable[[str], Port] = SerialPort) -> Probed:
    """Send AT, which changes nothing, and see. Raises PortMissing, PortBusy, PortForbidden, PortLost."""
    port = opened(device)
    try:
        return probe_port(port, timeout_s=timeout_s)
    finally:
        port.close()


def probe_port(port: Port, *, timeout_s: float = PROBE_S, monotonic: Callable[[], float] = time.monotonic) -> Probed:
    """AT three times within `timeout_s`: the first may only set the speed of a modem with autobauding."""
    heard = False
    until = monotonic() + timeout_s
    for tries_left in (3, 2, 1):
        answered, some = _tried(port, (until - monotonic()) / tries_left, monotonic)
        if answered:
            return Probed.ANSWERS
        heard = heard or some
    return Probed.GARBLED if heard else Probed.SILENT


def _tried(port: Port, patience_s: float, monotonic: Callable[[], float]) -> tuple[bool, bool]:
    """One AT → (was it answered, did any byte come)."""
    engine, now = Engine(THREE_GPP), monotonic()
    port.write(engine.send(Command("AT", timeout_s=max(0.05, patience_s)), now), max(0.05, patience_s))
    heard = False
    while engine.state is not State.RESYNC:
        data = port.read(4096, max(0.0, (engine.deadline or now) - now))
        now = monotonic()
        heard = heard or bool(data.strip(b"\0"))
        events = [*engine.receive(data, now), *engine.tick(now)]
        if any(isinstance(event, Reply) for event in events):
            return True, True
    return False, heard


def _order(candidate: Candidate) -> tuple[bool, bool, str, int, str]:
    number = candidate.interface if candidate.interface is not None else 1000
    path = (candidate.usb_path or "").partition(":")[0]
    return candidate.usb_path is None, "wwan" not in candidate.device, path, number, candidate.device


def _ttys(sysfs: Path, dev: Path, links: dict[str, str]) -> Iterator[Candidate]:
    """The kernel's own console is none: a login waits there, and would be talked to."""
    console = (_attribute(sysfs / "class" / "tty" / "console", "active") or "").split()
    for entry in _entries(sysfs / "class" / "tty"):
        name = entry.name
        if name in console:
            continue
        if _USB_TTY.fullmatch(name) or (_WIRED_TTY.fullmatch(name) and _has_hardware(entry)):
            yield _described(entry, str(dev / name), links.get(name))


def _wwans(sysfs: Path, dev: Path) -> Iterator[Candidate]:
    """PCIe and newer USB modems have their AT ports in the kernel's WWAN subsystem."""
    for entry in _entries(sysfs / "class" / "wwan"):
        if _WWAN_AT.fullmatch(entry.name):
            yield _described(entry, str(dev / entry.name), None)


def _has_hardware(entry: Path) -> bool:
    """The kernel makes ttyS0 to ttyS31 whether there is a UART or not; type 0 (PORT_UNKNOWN) says there is none."""
    return (entry / "device").exists() and _attribute(entry, "type") != "0"


def _described(entry: Path, device: str, by_path: str | None) -> Candidate:
    interface = _parent_with(entry / "device", "bInterfaceNumber")
    usb = _parent_with(interface, "idVendor") if interface else None
    number = _attribute(interface, "bInterfaceNumber")
    return Candidate(
        device=device,
        by_path=by_path,
        usb_path=interface.name if interface else None,
        vendor_id=_id(_attribute(usb, "idVendor")),
        product_id=_id(_attribute(usb, "idProduct")),
        interface=int(number, 16) if number and re.fullmatch("[0-9a-fA-F]{1,2}", number) else None,
        driver=_driver(entry / "device") or _driver(interface),
        manufacturer=_attribute(usb, "manufacturer"),
        product=_attribute(usb, "product"),
        protocol=_protocol(interface),
    )


def _parent_with(start: Path, attribute: str) -> Path | None:
    """The nearest directory upwards that has `attribute`."""
    try:
        place = start.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return None
    for directory in (place, *list(place.parents)[:_LEVELS]):
        if (directory / attribute).is_file():
            return directory
    return None


def _attribute(directory: Path | None, name: str) -> str | None:
    if directory is None:
        return None
    try:
        with (directory / name).open("rb") as file:
            text = file.read(_ATTRIBUTE)
    except OSError:
        return None
    return text.decode("utf-8", "replace").strip() or None


def _protocol(interface: Path | None) -> tuple[int, int, int] | None:
    names = ("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol")
    found = [text for name in names if (text := _attribute(interface, name)) and re.fullmatch("[0-9a-fA-F]{2}", text)]
    return (int(found[0], 16), int(found[1], 16), int(found[2], 16)) if len(found) == len(names) else None


def _id(text: str | None) -> str | None:
    return text.upper() if text and re.fullmatch("[0-9a-fA-F]{4}", text) else None


def _driver(directory: Path | None) -> str | None:
    try:
        return (directory / "driver").readlink().name if directory else None
    except OSError:
        return None


def _by_path(dev: Path) -> dict[str, str]:
    """ttyUSB2 → its link in /dev/serial/by-path."""
    links: dict[str, str] = {}
    for link in _entries(dev / "serial" / "by-path"):
        try:
            links.setdefault(link.resolve().name, str(link))
        except (OSError, RuntimeError):
            continue
    return links


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except OSError:
        return []
