"""Which port to try next for the modem that we had: names change when it re-enumerates, the place on the bus does not.

A modem comes back as ttyUSB5 where it was ttyUSB2, and with two of one kind ttyUSB2 may now be the other one. The USB
path ("1-1.2:1.2": bus, ports, interface) tells them apart, and the IMEI says which one answered. A name that is a
link of udev's (/dev/serial/by-path/…) already stands for a place and is taken at its word.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from modem.discover import Candidate
from modem.frozen import dataclass

_KERNEL_NAME = re.compile(r"/dev/(?:tty(?:USB|ACM)\d+|wwan\d+at\d+)")


@dataclass(frozen=True, slots=True)
class Had:
    """The port on which the modem last answered."""

    device: str
    usb_path: str | None = None
    imei: str | None = None


def had(device: str, imei: str | None, found: Sequence[Candidate]) -> Had:
    """What to remember of a modem that answers on `device` now."""
    names = {device, str(Path(device).resolve())}
    return Had(device, next((one.usb_path for one in found if one.device in names), None), imei)


def in_order(configured: str, found: Sequence[Candidate], before: Had | None) -> list[str]:
    """Devices to try. `configured` is a name or "auto"; `found` are the ports there are, the likeliest first.

    A modem that was on USB and is gone has not moved to the machine's own UART: that silent port is left alone, so that
    the verdict is "missing" and not "silent".
    """
    place = before.usb_path if before else None
    same = [one.device for one in found if place and one.usb_path == place]
    if configured != "auto":
        return list(dict.fromkeys([*(same if _KERNEL_NAME.fullmatch(configured) else []), configured]))
    if before and not place:
        same = [one.device for one in found if one.device == before.device]
    sisters = [one.device for one in found if place and _device_of(one.usb_path) == _device_of(place)]
    others = [one.device for one in found if one.usb_path or not place]
    return list(dict.fromkeys([*same, *sisters, *others]))


def is_another(imei: str | None, before: Had | None) -> bool:
    """Is this surely not the modem that we had?"""
    return bool(before and before.imei and imei and imei != before.imei)


def _device_of(usb_path: str | None) -> str:
    """ "1-1.2:1.3" → "1-1.2": the modem, whichever of its interfaces."""
    return (usb_path or "").partition(":")[0]
