"""Bytes by purpose, counted as the card's owner pays for them: IP and TCP headers included.

Linux keeps exact figures for each connection (TCP_INFO): bytes with retransmissions, and segments, each of which
carries its headers. That sees handshakes, empty acknowledgements and the kernel's own keep-alive probes, which no
wrapper around send and recv can see.
"""

import socket
import struct
import threading
from typing import Literal

from modem.frozen import dataclass

Purpose = Literal["handshake", "report", "keep_alive", "name", "probe"]

_OPTIONS_AT = 5
_TIMESTAMPS = 1
_BYTES_ACKED_AT = 120
"""u64 bytes_acked, u64 bytes_received, u32 segs_out, u32 segs_in: since Linux 4.2 (include/uapi/linux/tcp.h)."""
_BYTES_SENT_AT = 200
"""u64 bytes_sent, with retransmissions: since Linux 4.19."""
_INFO_BYTES = 256
_TCP_HEADER = 20
_TIMESTAMP_OPTION = 12
_SYN_OPTIONS = 20
"""What a SYN carries beyond the plain header: MSS, SACK, timestamps, window scale, with padding."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """IP bytes from and to this terminal."""

    sent: int = 0
    received: int = 0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.sent + other.sent, self.received + other.received)

    def __sub__(self, other: "Traffic") -> "Traffic":
        return Traffic(max(0, self.sent - other.sent), max(0, self.received - other.received))

    @property
    def total(self) -> int:
        return self.sent + self.received


class Meter:
    """Sums by purpose; may be used by several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sums: dict[Purpose, Traffic] = {}

    def count(self, purpose: Purpose, traffic: Traffic) -> None:
        if traffic.total:
            with self._guard:
                self._sums[purpose] = self._sums.get(purpose, Traffic()) + traffic

    def snapshot(self) -> dict[Purpose, Traffic]:
        with self._guard:
            return dict(self._sums)

    def take(self) -> dict[Purpose, Traffic]:
        """Snapshot and reset in one step, so that no byte falls between two ledger entries."""
        with self._guard:
            sums, self._sums = self._sums, {}
            return sums


def reset_traffic(sock: socket.socket) -> Traffic:
    """The one packet that ends a connection at once, after which the kernel can no longer be asked."""
    return Traffic(sent=(60 if sock.family == socket.AF_INET6 else 40) + _TIMESTAMP_OPTION)


def tcp_traffic(sock: socket.socket) -> Traffic | None:
    """What this connection has cost so far; None where the kernel does not say (before Linux 4.2, or closed)."""
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
        family = sock.family
    except OSError:
        return None
    return traffic_of(info, family)


def traffic_of(info: bytes, family: int) -> Traffic | None:
    """The same from the bytes of a `struct tcp_info`."""
    if len(info) < _BYTES_ACKED_AT + 24:
        return None
    acked, received, segments_out, segments_in = struct.unpack_from("=QQII", info, _BYTES_ACKED_AT)
    sent = struct.unpack_from("=Q", info, _BYTES_SENT_AT)[0] if len(info) >= _BYTES_SENT_AT + 8 else acked
    header = (40 if family == socket.AF_INET6 else 20) + _TCP_HEADER
    header += _TIMESTAMP_OPTION if info[_OPTIONS_AT] & _TIMESTAMPS else 0
    options = _SYN_OPTIONS - (header - 40 if family == socket.AF_INET else header - 60)
    return Traffic(
        _with_headers(sent, segments_out, header, options), _with_headers(received, segments_in, header, options)
    )


def _with_headers(payload: int, segments: int, header: int, syn_options: int) -> int:
    return payload + segments * header + (syn_options if segments else 0)
