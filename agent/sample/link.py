"""The network interface that carries the modem's data, as the kernel shows it: /sys, /proc and one ioctl.

Which interface it is, is never guessed: the configured one; else the one on the same USB or PCI device as the AT port;
else the one that has the address the modem reports; else the only wwan or ppp interface of this machine. Two
candidates are none.
"""

import fcntl
import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from agent.sample.base import Evidence, InterfaceView
from agent.sample.kernel import REAL, Roots, Route, decimal, default_routes, hexadecimal, parse_if_inet6, text_of
from modem.frozen import dataclass

_IFF_UP = 0x1
_SIOCGIFADDR = 0x8915
_USUAL_MTU = 1500
_CELLULAR = ("wwan", "ppp", "rmnet", "mhi")


@dataclass(frozen=True, slots=True)
class LinkPart:
    interface: InterfaceView | None = None
    """None: there is none, or which one it is cannot be told."""
    counter: str | None = None
    """Tells this counter from others for the ledger; outlives renaming, not re-plugging."""
    gateway: str | None = None
    """Of the default route that leads through the interface."""
    elsewhere: str | None = None
    """The interface that has the default route instead."""
    routed: bool | None = None
    """A default route leads through the interface, the preferred one or not; None: no interface is known."""
    evidence: tuple[Evidence, ...] = ()


Ipv4Of = Callable[[str], tuple[str, ...]]
Session = tuple[str, str, tuple[str, ...]]
"""What tells one data session of an interface from the next: index, changes of the carrier, address."""


def read_link(
    setting: str, device: str | None, modem_addresses: Iterable[str], roots: Roots = REAL, ipv4: Ipv4Of | None = None
) -> LinkPart:
    """`setting`: a name, "auto", or "" for none; `device`: the AT port; addresses: as the modem has them."""
    if not setting:
        return LinkPart()
    addresses = _Addresses(roots, ipv4 or ipv4_of)
    if setting != "auto":
        name: str | None = setting
    else:
        name = find_interface(device, tuple(modem_addresses), roots, addresses.of)
    routes = default_routes(roots)
    if name is None:
        return LinkPart(elsewhere=routes[0].interface if routes else None)
    if not os.path.exists(f"{roots.sys}/class/net/{name}"):  # noqa: PTH110 - each minute, and six times cheaper
        gone = Evidence("data.interface", "kernel", f"{name}: no such interface")
        return LinkPart(InterfaceView(name, up=False, default_route=False), evidence=(gone,))
    return _looked_at(name, routes, roots, addresses.of(name))


def find_interface(
    device: str | None, modem_addresses: tuple[str, ...], roots: Roots, addresses_of: Callable[[str], tuple[str, ...]]
) -> str | None:
    """The one interface that carries this modem's data, or None."""
    names = sorted(path.name for path in _listed(roots.sys / "class/net"))
    hardware = _hardware_of_port(device, roots) if device else None
    if hardware is not None:
        same = [name for name in names if _hardware(roots.sys / "class/net" / name / "device") == hardware]
        if same:
            return _only(same) or _with_address(same, modem_addresses, addresses_of)
    return _with_address(names, modem_addresses, addresses_of) or _only(
        name for name in names if name.startswith(_CELLULAR)
    )


def ipv4_of(name: str) -> tuple[str, ...]:
    """The interface's first IPv4 address, from the kernel (ioctl SIOCGIFADDR); empty when it has none."""
    asked = name.encode()[:15].ljust(40, b"\0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            answer = fcntl.ioctl(any_socket.fileno(), _SIOCGIFADDR, asked)
        except OSError:
            return ()
    return (socket.inet_ntoa(answer[20:24]),)


def received_bytes(setting: str, roots: Roots = REAL) -> int | None:
    """What came in through an interface that is named in the configuration; None for "auto" and ""."""
    if setting in ("", "auto"):
        return None
    return decimal(text_of(f"{roots.sys}/class/net/{setting}/statistics/rx_bytes"))


def session_of(name: str, roots: Roots = REAL) -> Session:
    """Of this interface, now; "": whichever there are. A modem's new session has another one, unless it is a router."""
    path = f"{roots.sys}/class/net/{name}"
    if not name:
        return ",".join(sorted(one.name for one in _listed(roots.sys / "class/net"))), "", ()
    return text_of(f"{path}/ifindex"), text_of(f"{path}/carrier_changes"), ipv4_of(name)


class _Addresses:
    """IPv4 and IPv6 addresses of interfaces; the IPv6 table is read once."""

    def __init__(self, roots: Roots, ipv4: Ipv4Of) -> None:
        self._ipv4 = ipv4
        self._ipv6 = parse_if_inet6(text_of(f"{roots.proc}/net/if_inet6"))

    def of(self, name: str) -> tuple[str, ...]:
        return (*self._ipv4(name), *self._ipv6.get(name, ()))


def _looked_at(name: str, routes: list[Route], roots: Roots, addresses: tuple[str, ...]) -> LinkPart:
    path = f"{roots.sys}/class/net/{name}"
    first = routes[0] if routes else None
    mine = next((route for route in routes if route.interface == name), None)
    view = InterfaceView(
        name,
        up=_is_up(path),
        addresses=addresses,
        default_route=first is not None and first.interface == name,
        rx_bytes=decimal(text_of(f"{path}/statistics/rx_bytes")),
        tx_bytes=decimal(text_of(f"{path}/statistics/tx_bytes")),
    )
    index = decimal(text_of(f"{path}/ifindex"))
    return LinkPart(
        view,
        counter=f"if{index}" if index is not None else name,
        gateway=mine.gateway if mine else None,
        elsewhere=first.interface if first is not None and first.interface != name else None,
        routed=mine is not None,
        evidence=_seen(view, first, decimal(text_of(f"{path}/mtu"))),
    )


def _seen(view: InterfaceView, first: Route | None, mtu: int | None) -> tuple[Evidence, ...]:
    state = {True: "up", False: "down", None: "state not known"}[view.up]
    address = ", ".join(view.addresses) or "no address"
    route = f"default route through {first.interface}" if first else "no default route"
    unusual = f", MTU {mtu}" if mtu is not None and mtu != _USUAL_MTU else ""
    return (Evidence("data.interface", "kernel", f"{view.name}: {state}, {address}{unusual}; {route}"),)


def _is_up(path: str) -> bool | None:
    """Administratively up, and with a carrier where the driver tells (operstate is "unknown" for ppp and many wwan)."""
    flags = hexadecimal(text_of(f"{path}/flags"))
    if flags is None:
        return None
    state = text_of(f"{path}/operstate").strip()
    if not flags & _IFF_UP or state in ("down", "lowerlayerdown", "notpresent", "dormant"):
        return False
    return state == "up" or text_of(f"{path}/carrier").strip() != "0"


def _hardware_of_port(device: str, roots: Roots) -> Path | None:
    """The USB or PCI device behind an AT port: /dev/ttyUSB2 and /dev/serial/by-path/… alike, /dev/wwan0at0 too."""
    try:
        name = Path(device).resolve().name
    except (OSError, RuntimeError):
        return None
    for kind in ("tty", "wwan", "usbmisc"):
        found = _hardware(roots.sys / "class" / kind / name / "device")
        if found is not None:
            return found
    return None


def _hardware(device: Path) -> Path | None:
    """The nearest USB device (it has idVendor) or PCI device (it has vendor and class) at or above `device`."""
    try:
        path = device.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    for step in (path, *path.parents):
        if (step / "idVendor").is_file() or ((step / "vendor").is_file() and (step / "class").is_file()):
            return step
    return None


def _with_address(
    names: Iterable[str], wanted: tuple[str, ...], addresses_of: Callable[[str], tuple[str, ...]]
) -> str | None:
    if not wanted:
        return None
    return _only(name for name in names if name != "lo" and set(addresses_of(name)) & set(wanted))


def _only(names: Iterable[str]) -> str | None:
    found = list(names)
    return found[0] if len(found) == 1 else None


def _listed(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError:
        return []
