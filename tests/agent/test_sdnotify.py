"""Datagrams to a real socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.sdnotify import Notifier


@pytest.fixture(params=["path", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    name = str(tmp_path / "notify")
    if request.param == "abstract":
        name = f"@posagent-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind("\0" + name[1:] if name.startswith("@") else name)
        link.settimeout(60)
        yield link, name


def test_the_life_of_a_service_is_told(listener: tuple[socket.socket, str]) -> None:
    link, name = listener
    notifier = Notifier({"NOTIFY_SOCKET": name})
    notifier.ready("looking")
    notifier.alive()
    notifier.status("SIM absent\nWATCHDOG=trigger")
    notifier.reloading(5)
    notifier.stopping("bye")
    said = [link.recv(4096).decode() for _ in range(5)]
    assert said[0] == "READY=1\nSTATUS=looking"
    assert said[1] == "WATCHDOG=1"
    assert said[2] == "STATUS=SIM absent\\x0aWATCHDOG=trigger"
    assert said[3] == "RELOADING=1\nMONOTONIC_USEC=5"
    assert said[4].startswith("STOPPING=1")


@pytest.mark.parametrize("address", ["", "vsock:2:1", "/no/such/socket", "@nobody-listens-here"])
def test_nobody_who_listens_is_no_error(address: str) -> None:
    Notifier({"NOTIFY_SOCKET": address}).ready("fine")


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}, 120.0),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_ours_only_if_it_says_so(environment: dict[str, str], seconds: float | None) -> None:
    assert Notifier(environment).watchdog_s == seconds


def test_the_words_for_us_are_not_handed_on_to_those_we_start() -> None:
    environment = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "5000000", "WATCHDOG_PID": str(os.getpid()), "PATH": "/"}
    assert Notifier.taken(environment).watchdog_s == 5.0
    assert environment == {"PATH": "/"}
