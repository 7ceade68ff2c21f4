"""Telling systemd how we are: datagrams to $NOTIFY_SOCKET (sd_notify(3)); nothing happens where there is none."""

import os
import socket
from collections.abc import Mapping, MutableMapping
from contextlib import suppress

from modem.text import printable

VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


class Notifier:
    """Never raises: a service manager that does not listen is no reason to stop watching a modem."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` is the environment that systemd made for us."""
        self._address = _address(known.get("NOTIFY_SOCKET", ""))
        self.watchdog_s = _watchdog(known)
        """Seconds after which systemd kills us without a ping; None when nobody watches."""

    @classmethod
    def taken(cls, environment: MutableMapping[str, str] = os.environ) -> "Notifier":
        """The variables are for this process alone and are taken away: timedatectl and others of systemd's own tools
        say of themselves there how they ended, as if they were the service."""
        return cls({name: environment.pop(name) for name in VARIABLES if name in environment})

    def ready(self, status: str) -> None:
        self._send("READY=1", _status(status))

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._send(_status(text))

    def alive(self) -> None:
        self._send("WATCHDOG=1")

    def reloading(self, monotonic_us: int) -> None:
        """Must be followed by `ready`. systemd ≥ 253 wants the moment, in CLOCK_MONOTONIC microseconds."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={monotonic_us}")

    def stopping(self, status: str) -> None:
        self._send("STOPPING=1", _status(status))

    def _send(self, *lines: str) -> None:
        if self._address is None:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
            link.settimeout(0.5)
            link.sendto("\n".join(lines).encode("utf-8", "replace"), self._address)


def _status(text: str) -> str:
    return f"STATUS={printable(text)[:200]}"


def _address(given: str) -> str | None:
    """A path, or with a leading @ a name in the abstract space; anything else (vsock:) is not for us."""
    if given.startswith("@"):
        return "\0" + given[1:]
    return given if given.startswith("/") else None


def _watchdog(environment: Mapping[str, str]) -> float | None:
    pid = environment.get("WATCHDOG_PID", "")
    if pid and pid != str(os.getpid()):
        return None
    try:
        microseconds = int(environment.get("WATCHDOG_USEC", ""))
    except ValueError:
        return None
    return microseconds / 1e6 if microseconds > 0 else None
