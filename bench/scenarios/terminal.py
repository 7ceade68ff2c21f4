"""The terminal's side of the wire: interface, addresses, routes and rules, name servers, as a scenario has them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import carrier as far


def set_up(table: Mapping[str, Any], far_pid: int, directory: Path) -> None:
    """`[scenario.terminal]`: link = up|down|no_address|gone, route = ok|none|elsewhere|elsewhere_dead, six, resolv, and
    ip = what else is set up, "rule add …" and the like."""
    link, route, six = table.get("link", "up"), table.get("route", "ok"), table.get("six", False)
    _mount("-t", "sysfs", "sysfs", "/sys")  # of this namespace
    _mount(
        "-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", "/dev/pts"
    )  # nobody else's daemon takes our port
    _mount("--bind", "/dev/pts/ptmx", "/dev/ptmx")
    far.ip("link", "set", "lo", "up")
    far.ip("link", "add", "wwan0", "type", "veth", "peer", "name", "carrier0")
    far.ip("link", "set", "carrier0", "netns", str(far_pid))
    if not six:
        far.ip("link", "set", "wwan0", "addrgenmode", "none")  # it chatters
    if link in ("up", "no_address"):
        far.ip("link", "set", "wwan0", "up")
    if link == "up" and not six:
        far.ip("addr", "add", f"{far.CARD}/24", "dev", "wwan0")
    if link == "up" and six:
        far.ip("-6", "addr", "add", f"{far.CARD6}/64", "dev", "wwan0", "nodad")
    if route == "ok" and link == "up":
        far.ip(
            *(
                ("-6", "route", "add", "default", "via", far.GATEWAY6)
                if six
                else ("route", "add", "default", "via", far.GATEWAY)
            )
        )
    if route.startswith("elsewhere"):
        _cable(route, far_pid)
    for words in table.get("ip", ()):
        far.ip(*words.split())
    servers = table.get("resolv", [far.DNS6] if six else [far.DNS1, far.DNS2])
    resolv = directory / "resolv.conf"
    resolv.write_text("".join(f"nameserver {server}\n" for server in servers), encoding="ascii")
    _mount("--bind", str(resolv), "/etc/resolv.conf")


def _mount(*words: str) -> None:
    subprocess.run(("mount", *words), check=True, capture_output=True)


def _cable(route: str, far_pid: int) -> None:
    """A cable that has the default route; it leads to the internet, or nowhere."""
    far.ip("link", "add", "eth0", "type", "veth", "peer", "name", "lan0")
    far.ip("addr", "add", "192.168.9.2/24", "dev", "eth0")
    far.ip("link", "set", "eth0", "up")
    if route == "elsewhere":
        far.ip("link", "set", "lan0", "netns", str(far_pid))
        enter = ("nsenter", "-t", str(far_pid), "-n", "ip")
        subprocess.run((*enter, "addr", "add", "192.168.9.1/24", "dev", "lan0"), check=True, capture_output=True)
        subprocess.run((*enter, "link", "set", "lan0", "up"), check=True, capture_output=True)
    else:
        far.ip("link", "set", "lan0", "up")
    far.ip("route", "add", "default", "via", "192.168.9.1", "metric", "50")


def wire_bytes() -> int:
    """IP bytes both ways over the card so far: what the card would have been charged, and a little ARP."""
    counters = Path("/sys/class/net/wwan0/statistics")
    seen = {name: int((counters / name).read_text()) for name in ("rx_bytes", "tx_bytes", "rx_packets", "tx_packets")}
    return seen["rx_bytes"] + seen["tx_bytes"] - 14 * (seen["rx_packets"] + seen["tx_packets"])
