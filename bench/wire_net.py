"""Two network namespaces and the wire between them: every IP packet passes through this process, and is counted.

Two TUN devices joined by a relay, so that bytes are exact at the IP layer (headers included, no Ethernet), with a
round-trip time and, if wished, a NAT that silently forgets a connection after some silence. Needs root.
"""

import ctypes
import fcntl
import heapq
import os
import select
import signal
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

CLIENT, SERVER = "10.77.0.1", "10.77.0.2"
MTU = 1400
_CLONE_NEWNET = 0x40000000
_TUNSETIFF, _TUN_NO_PI = 0x400454CA, 0x1001
_TCP, _SYN = 6, 0x02


@dataclass
class Count:
    up: int = 0
    down: int = 0
    packets: int = 0

    @property
    def total(self) -> int:
        return self.up + self.down

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.up - other.up, self.down - other.down, self.packets - other.packets)


class Wire:
    """`client` and `server` name the namespaces."""

    def __init__(self, rtt_s: float = 0.1, forgets_after_s: float = 0.0, *, timestamps: bool = True) -> None:
        self.client, self.server = f"pac{os.getpid()}", f"pas{os.getpid()}"
        self._delay = rtt_s / 2
        self.forgets_after_s = forgets_after_s
        self._count = Count()
        self._last = time.monotonic()
        self._stop = False
        self._fds = {
            name: _make_end(name, own, peer, timestamps=timestamps)
            for name, own, peer in ((self.client, CLIENT, SERVER), (self.server, SERVER, CLIENT))
        }
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()

    def count(self) -> Count:
        return Count(self._count.up, self._count.down, self._count.packets)

    def settle(self, silence_s: float = 0.4, at_most_s: float = 20.0) -> Count:
        """Wait until nothing has passed for a while (longer than a delayed acknowledgement)."""
        until = time.monotonic() + at_most_s
        time.sleep(0.1)
        while time.monotonic() - self._last < silence_s and time.monotonic() < until:
            time.sleep(0.02)
        return self.count()

    def interface_bytes(self) -> int:
        """What the client's kernel counted on its interface, both ways."""
        folder = "/sys/class/net/w0/statistics"
        text = _run("ip", "netns", "exec", self.client, "cat", f"{folder}/rx_bytes", f"{folder}/tx_bytes")
        return sum(int(word) for word in text.split())

    def close(self) -> None:
        self._stop = True
        self._thread.join()
        for fd in self._fds.values():
            os.close(fd)
        for name in (self.client, self.server):
            for pid in _run("ip", "netns", "pids", name).split():
                os.kill(int(pid), signal.SIGKILL)
            _run("ip", "netns", "del", name)

    def _relay(self) -> None:
        waiting: list[tuple[float, int, int, bytes]] = []
        known: dict[bytes, float] = {}
        number, up_fd, down_fd = 0, self._fds[self.client], self._fds[self.server]
        while not self._stop:
            now = time.monotonic()
            while waiting and waiting[0][0] <= now:
                _, _, fd, packet = heapq.heappop(waiting)
                _write(fd, packet)
            pause = min(0.05, max(0.0, waiting[0][0] - now)) if waiting else 0.05
            for fd in select.select([up_fd, down_fd], [], [], pause)[0]:
                packet = os.read(fd, 65_536)
                upward = fd == up_fd
                if packet[0] >> 4 != 4:
                    continue
                passes = self._passes(packet, known, upward=upward)
                self._note(len(packet), upward=upward, passes=passes)
                if passes:
                    number += 1
                    heapq.heappush(
                        waiting, (time.monotonic() + self._delay, number, down_fd if upward else up_fd, packet)
                    )

    def _note(self, size: int, *, upward: bool, passes: bool) -> None:
        self._last = time.monotonic()
        self._count.packets += 1
        if upward:
            self._count.up += size  # over the air even when the NAT drops it
        elif passes:
            self._count.down += size

    def _passes(self, packet: bytes, known: dict[bytes, float], *, upward: bool) -> bool:
        if not self.forgets_after_s or packet[9] != _TCP:
            return True
        ports = packet[20:24]
        flow = ports if upward else ports[2:] + ports[:2]
        now, before = time.monotonic(), known.get(flow)
        alive = before is not None and now - before < self.forgets_after_s
        if not alive and not (upward and packet[33] & _SYN):
            return False
        known[flow] = now
        return True


@contextmanager
def wire(rtt_s: float = 0.1, forgets_after_s: float = 0.0, *, timestamps: bool = True) -> Iterator[Wire]:
    made = Wire(rtt_s, forgets_after_s, timestamps=timestamps)
    try:
        yield made
    finally:
        made.close()


def run_in(namespace: str, *command: str, **more: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(["ip", "netns", "exec", namespace, *command], text=True, **more)  # type: ignore[call-overload,no-any-return]


def _make_end(name: str, own: str, peer: str, *, timestamps: bool) -> int:
    _run("ip", "netns", "add", name)
    if not timestamps:  # a new namespace has them; a container's /proc/sys may be read-only
        _run("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv4.tcp_timestamps=0")
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(_open_tun(name)))  # setns is for one thread alone
    thread.start()
    thread.join()
    for command in (
        ("link", "set", "lo", "up"),
        ("link", "set", "w0", "addrgenmode", "none"),  # no IPv6 address, hence no router solicitation in the counters
        ("addr", "add", own, "peer", peer, "dev", "w0"),
        ("link", "set", "w0", "mtu", str(MTU), "up"),
    ):
        _run("ip", "-n", name, *command)
    return found[0]


def _open_tun(namespace: str) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    place = os.open(f"/var/run/netns/{namespace}", os.O_RDONLY)
    if libc.setns(place, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(place)
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", b"w0", _TUN_NO_PI))
    return tun


def _write(fd: int, packet: bytes) -> None:
    try:
        os.write(fd, packet)
    except OSError:
        return


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
