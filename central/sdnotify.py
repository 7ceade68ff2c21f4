"""Telling systemd: ready, alive, stopping. One datagram each to $NOTIFY_SOCKET; without it, nothing happens.

Protocol: sd_notify(3). A name that starts with @ is an abstract socket.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notifier:
    address: str | None = None
    watchdog_s: float | None = None
    """Alive must be said at least this often; None = systemd does not watch."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Notifier":
        usec = environment.get("WATCHDOG_USEC", "")
        mine = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        watchdog = int(usec) / 1e6 if usec.isdigit() and int(usec) > 0 and mine else None
        return cls(environment.get("NOTIFY_SOCKET") or None, watchdog)

    def ready(self) -> None:
        self._say("READY=1")

    def stopping(self) -> None:
        self._say("STOPPING=1")

    def alive(self) -> None:
        self._say("WATCHDOG=1")

    def _say(self, state: str) -> None:
        if self.address is None:
            return
        name = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as there:
                there.settimeout(1.0)
                there.sendto(state.encode(), name)
        except OSError:
            return  # a service that cannot reach its manager still has its work to do
