"""Port numbers for servers that must be told theirs before they start."""

import os
import random
import socket
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Free on 127.0.0.1, and likely to stay so: below those that the kernel gives to whoever asks for any, so that no
    connection and no other server of these tests takes it between this look and the server's own.
    """
    chosen = random.Random(os.urandom(8))  # the same in no two processes, whatever the tests seeded
    highest = int(_RANGE.read_text().split()[0])
    while True:
        port = chosen.randrange(min(_LOWEST, highest // 2), highest)
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
