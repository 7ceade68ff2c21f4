"""Taking a USB device off the bus and back, through sysfs: as if it had been unplugged, while it keeps its power.

`authorized` 0 and 1 (Documentation/usb/authorization.rst) or, where that is not to be had, unbinding the device from
the kernel's usb driver and binding it again (Documentation/ABI/testing/sysfs-bus-usb). Both are root's;
docs/recovery.md says how the service is given one of them.
"""

import re
import threading
from pathlib import Path

from agent.clock import Clock
from agent.recover.commands import Made

DEVICES = Path("sys/bus/usb/devices")
DRIVER = Path("sys/bus/usb/drivers/usb")
OFF_S = 3.0
NAME = re.compile(r"\d{1,3}-\d{1,3}(\.\d{1,3}){0,6}")
"""Bus, then ports down to the device. Never a hub's root ("usb1"), never an interface."""


def reset(device: str, clock: Clock, root: Path = Path("/")) -> Made:
    """`device` as "1-1.2". Never raises."""
    if not NAME.fullmatch(device):
        return Made(done=False, detail="the modem is on no USB bus, or nobody has seen on which")
    try:
        _switch(root / DEVICES / device / "authorized", "0", "1", clock)
    except OSError as first:
        try:
            _rebind(root / DRIVER, device, clock)
        except OSError as error:
            return Made(done=False, detail=f"USB {device}: {first.strerror or first}; {error.strerror or error}")
    return Made(done=True, detail=f"USB {device} off and on")


def _switch(attribute: Path, off: str, on: str, clock: Clock) -> None:
    _write(attribute, off)
    try:
        clock.wait(OFF_S, threading.Event())
    finally:
        _write(attribute, on)


def _rebind(driver: Path, device: str, clock: Clock) -> None:
    _write(driver / "unbind", device)
    try:
        clock.wait(OFF_S, threading.Event())
    finally:
        _write(driver / "bind", device)


def _write(attribute: Path, text: str) -> None:
    """Never creates anything: what sysfs does not have cannot be written."""
    with attribute.open("r+b", buffering=0) as file:
        file.write(text.encode())


def place_of(device: str | None, root: Path = Path("/")) -> str:
    """Where the serial device "/dev/ttyUSB2" is on the bus: "1-1.2"; "" for what is on none. Reads sysfs, no more."""
    try:
        name = Path(device or "").resolve().name  # by-path and by-id are links
        start = (root / "sys/class" / ("wwan" if name.startswith("wwan") else "tty") / name / "device").resolve()
    except (OSError, RuntimeError):
        return ""
    steps = list(start.parents)[:8]
    return next((step.name for step in steps if NAME.fullmatch(step.name) and (step / "idVendor").exists()), "")
