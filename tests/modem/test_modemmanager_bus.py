"""The connection to the bus: bounded, and it starts nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from modem.modemmanager import DbusError, ModemManager, ModemManagerAbsent, bus
from modem.modemmanager.bus import Bus
from modem.modemmanager.manager import NAME
from tests.fakes.modemmanager import Refusal, Service, pretended, private_bus


@contextmanager
def peer(path: Path, *answers: bytes) -> Iterator[str]:
    """Something that listens where a bus should, and says `answers`, one for each time it hears something."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        stop = threading.Event()

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                for answer in answers:
                    if not client.recv(4096):
                        return
                    client.sendall(answer)
                stop.wait(60)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"unix:path={path}"
        finally:
            stop.set()
            thread.join(60)


@pytest.fixture
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "LOGIN_S", 0.2)


def test_no_bus_is_no_modemmanager(tmp_path: Path) -> None:
    with pytest.raises(ModemManagerAbsent, match="no D-Bus message bus at"):
        ModemManager(f"unix:path={tmp_path}/nobody")


@pytest.mark.parametrize(
    "address", ["", "nonsense", "tcp:host=127.0.0.1,port=1", "unix:path=", "unix:\x00", "unix:path=%zz"]
)
def test_an_odd_address_is_no_modemmanager(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with pytest.raises(ModemManagerAbsent):
        ModemManager(address)


@pytest.mark.usefixtures("_hurry")
@pytest.mark.parametrize(
    "answers",
    [
        (),
        (b"OK 0123456789abcdef0123456789abcdef\r\n",),
        (b"REJECTED EXTERNAL\r\n",),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
        (b"\xff" * 4096,),
        (b"OK 0123456789abcdef0123456789abcdef\r\n", b"l\x02\x00\x01" + b"\xff" * 60),
        (b"OK 0123456789abcdef0123456789abcdef\r\n", b"\x00" * 4096),
    ],
    ids=["mute", "no greeting", "rejects us", "a web server", "noise", "a torn message", "zeros"],
)
def test_what_is_no_bus_neither_hangs_nor_breaks_us(tmp_path: Path, answers: tuple[bytes, ...]) -> None:
    with peer(tmp_path / "bus", *answers) as address, pytest.raises(ModemManagerAbsent):
        ModemManager(address)


def test_a_bus_without_modemmanager_is_said_so(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address, pytest.raises(ModemManagerAbsent, match="does not run"):
        ModemManager(address)


def test_a_service_that_never_answers_costs_the_time_allowed(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address, Bus(address) as mute, Bus(address) as ours:
        mute.call(*bus.DRIVER, "RequestName", "su", ("org.example.Mute", 0))
        with pytest.raises(DbusError) as failed:
            ours.call("org.example.Mute", "/", "org.example", "Anything", timeout_s=0.1)
        assert failed.value.name == "timeout"
        assert ours.has_owner("org.example.Mute")  # a late answer would be nobody's: the connection goes on


def test_an_answer_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "MAX_REPLY", 100_000)

    def long(_path: str) -> tuple[str, tuple[Any, ...]]:
        return "s", ("x" * 1_000_000,)

    with ExitStack() as stack:
        address = stack.enter_context(private_bus(tmp_path))
        stack.enter_context(Service(address, "org.example.Long", {("org.example", "Get"): long}))
        ours = stack.enter_context(Bus(address))
        with pytest.raises(DbusError, match="more than 100000 bytes"):
            ours.call("org.example.Long", "/", "org.example", "Get")


def test_a_refusal_is_told_with_its_name_and_printable(tmp_path: Path) -> None:
    def refuse(_path: str) -> tuple[str, tuple[Any, ...]]:
        raise Refusal("org.freedesktop.DBus.Error.AccessDenied", "no\x1b[2J\u202e")

    with ExitStack() as stack:
        address = stack.enter_context(private_bus(tmp_path))
        stack.enter_context(Service(address, "org.example.No", {("org.example", "Get"): refuse}))
        ours = stack.enter_context(Bus(address))
        with pytest.raises(DbusError) as failed:
            ours.call("org.example.No", "/", "org.example", "Get")
    assert failed.value.forbidden
    assert str(failed.value) == "example.Get: no\\x1b[2J\\u202e"


@pytest.mark.parametrize("managed", [("s", ("x",)), ("", ()), ("a{oa{sa{sv}}}", ({},)), ("a{ss}", ({"a": "b"},))])
def test_an_odd_list_of_modems_is_an_empty_one(tmp_path: Path, managed: tuple[str, tuple[Any, ...]]) -> None:
    with private_bus(tmp_path) as address:
        handlers = {("org.freedesktop.DBus.ObjectManager", "GetManagedObjects"): lambda _path: managed}
        with Service(address, NAME, handlers), ModemManager(address) as manager:
            assert manager.modems() == ()


def test_the_bus_may_go_at_any_time(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address, pretended(address, {}):
        manager = ModemManager(address)
    with pytest.raises(DbusError) as failed:
        manager.modems()
    assert failed.value.name == "closed"
    manager.close()


STARTABLE = """[D-BUS Service]
Name={name}
Exec=/bin/sh -c 'touch {mark}'
User=root
"""


def test_asking_for_a_service_does_not_start_it(tmp_path: Path) -> None:
    services, mark = tmp_path / "services", tmp_path / "started"
    services.mkdir()
    (services / "org.example.Sleeping.service").write_text(STARTABLE.format(name="org.example.Sleeping", mark=mark))
    with private_bus(tmp_path, f"<servicedir>{services}</servicedir>", kind="session") as address, Bus(address) as ours:
        assert not ours.has_owner("org.example.Sleeping")
        with pytest.raises(DbusError, match=r"Get: "):
            ours.call("org.example.Sleeping", "/", "org.example", "Get", timeout_s=2.0)
        assert not mark.exists()
