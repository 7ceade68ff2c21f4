"""systemd's side of the datagrams, on a socket of our own."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.sdnotify import Notifier


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        yield listening


def test_what_is_said_arrives(manager: socket.socket) -> None:
    notifier = Notifier(manager.getsockname())
    notifier.ready()
    notifier.alive()
    notifier.stopping()
    assert [manager.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_without_a_manager_nothing_happens(tmp_path: Path) -> None:
    Notifier().ready()
    Notifier(str(tmp_path / "gone")).ready()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, Notifier(None, None)),
        ({"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "3000000"}, Notifier("@x", 3.0)),
        ({"WATCHDOG_USEC": "x"}, Notifier(None, None)),
        ({"WATCHDOG_USEC": "0"}, Notifier(None, None)),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, Notifier(None, None)),
    ],
)
def test_the_environment_is_read(environment: dict[str, str], expected: Notifier) -> None:
    assert Notifier.from_environment(environment) == expected
