"""A real message bus and a real ModemManager on it, with nothing shared with this machine's own.

    with private_bus(tmp_path) as address, polkit(address), VirtualPort("healthy-lte", "name") as port:
        with modem_manager(address, tmp_path / "log"):
            give_port(address, port.name)

`dbus-daemon` listens in a directory of its own, and ModemManager is told about it by DBUS_SYSTEM_BUS_ADDRESS. It looks
at no device of this machine (no udev, no scan): its Test interface is given virtual ports, which it opens as abstract
Unix sockets, and behind those stands our virtual modem. PolicyKit is a stand-in that says yes, or no when told to.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from jeepney import DBusErrorResponse, HeaderFields, Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from modem.modemmanager import bus
from modem.modemmanager.bus import Bus
from modem.modemmanager.manager import LOCATION, NAME, ROOT, SIGNAL, TIME
from modem.simulator import load
from modem.simulator.player import Player
from modem.simulator.script import Script
from tests.fakes.eventually import eventually

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>{kind}</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
  {more}
</busconfig>
"""
MODEM_MANAGER = shutil.which("ModemManager", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "ModemManager"
PATIENCE_S = 60.0
"""With a bus on a busy machine."""
Handler = Callable[..., tuple[str, tuple[Any, ...]]]
"""Arguments of the call → (signature, values); raise `Refusal` to answer with an error."""


@contextmanager
def private_bus(directory: Path, more: str = "", kind: str = "system") -> Iterator[str]:
    """The address of a message bus that ends with the block; `more`: elements of its configuration."""
    place, config = directory / "bus", directory / "bus.conf"
    config.write_text(BUS_CONFIG.format(socket=place, more=more, kind=kind), "utf-8")
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
    with _process(command, dict(os.environ)), mock.patch.object(bus, "LOGIN_S", PATIENCE_S):
        eventually(lambda: _listens(place), "the bus listens")
        yield f"unix:path={place}"


def _listens(place: Path) -> bool:
    """Its socket has a name a moment before anybody may connect."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(place)) == 0


@contextmanager
def modem_manager(address: str, log: Path) -> Iterator[int]:
    """A real ModemManager on this bus; gives its process id."""
    command = [
        MODEM_MANAGER, "--test-enable", "--test-no-udev", "--no-auto-scan", "--test-no-suspend-resume",
        "--test-no-qrtr", "--debug", "--log-personal-info", f"--log-file={log}",
    ]  # fmt: skip
    with _process(command, os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": address}) as started, Bus(address) as bus:
        eventually(lambda: bus.has_owner(NAME), "ModemManager has its name")
        yield started.pid


def give_port(address: str, socket_name: str, plugin: str = "generic") -> None:
    """Tell ModemManager of a virtual device with one AT port, `socket_name` of a `VirtualPort`."""
    with Bus(address) as bus:
        body = ("posagent", plugin, [f"abstract:{socket_name}"])
        bus.call(NAME, ROOT, f"{NAME}.Test", "SetProfile", "ssas", body)


@contextmanager
def _process(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        try:
            yield started
        finally:
            started.send_signal(signal.SIGTERM)
            try:
                started.wait(60)
            except subprocess.TimeoutExpired:
                started.kill()


class VirtualPort:
    """Our virtual modem behind an abstract Unix socket, where ModemManager's virtual ports look for it."""

    def __init__(self, script: Script | str, name: str) -> None:
        self.name = name
        self.player = Player(load(script) if isinstance(script, str) else script, time.time())
        self.heard: list[str] = []
        """Every command line, in the order in which they came."""
        self._started = time.monotonic()
        self._stop = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"\0abstract:{name}")
        self._listener.listen(2)
        self._listener.settimeout(0.05)
        self._thread = threading.Thread(target=self._serve, name="virtual-port", daemon=True)

    def __enter__(self) -> "VirtualPort":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)
        self._listener.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            with client, suppress(OSError):  # ModemManager may close at any moment
                self._talk(client)
            self.player.hang_up()

    def _talk(self, client: socket.socket) -> None:
        while not self._stop.is_set():
            readable, _, _ = select.select([client], [], [], 0.005)
            if readable:
                data = client.recv(4096)
                if not data:
                    return
                self.heard += [line for line in data.decode("ascii", "replace").splitlines() if line]
                self.player.receive(data, self._now())
            for piece in self.player.collect(self._now()):
                client.sendall(piece)

    def _now(self) -> float:
        return time.monotonic() - self._started


class Refusal(Exception):
    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(name)
        self.name, self.text = name, text


class Service:
    """A D-Bus service of our own: (interface, method) → handler, which gets the object's path and the arguments."""

    def __init__(self, address: str, name: str, handlers: Mapping[tuple[str, str], Handler]) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self._handlers = dict(handlers)
        self._connection = open_dbus_connection(address)
        Proxy(message_bus, self._connection, timeout=PATIENCE_S).RequestName(name)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="dbus-service", daemon=True)

    def __enter__(self) -> "Service":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)
        self._connection.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            except (OSError, DBusErrorResponse):
                return
            if message.header.message_type is MessageType.method_call:
                answer = self._answer(message)
                if answer is not None:
                    self._connection.send(answer)

    def _answer(self, message: Message) -> Message | None:
        fields = message.header.fields
        key = (fields.get(HeaderFields.interface, ""), fields[HeaderFields.member])
        self.calls.append((key[1], message.body))
        handler = self._handlers.get(key)
        if handler is None:
            return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (f"no {key[1]}",))
        try:
            signature, values = handler(fields[HeaderFields.path], *message.body)
        except Refusal as refusal:
            return new_error(message, refusal.name, "s", (refusal.text,))
        return new_method_return(message, signature or None, values)


def polkit(address: str, allows: Callable[[str], bool] = lambda _: True) -> Service:
    """PolicyKit's authority as far as ModemManager asks it: may the caller do `action`?"""
    authority = "org.freedesktop.PolicyKit1.Authority"

    def check(_path: str, _subject: object, action: str, *_: object) -> tuple[str, tuple[Any, ...]]:
        return "(bba{ss})", ((allows(action), False, {}),)

    def get_all(_path: str, _interface: str) -> tuple[str, tuple[Any, ...]]:
        version, features = ("s", "0.1"), ("u", 0)
        return "a{sv}", ({"BackendName": ("s", "stand-in"), "BackendVersion": version, "BackendFeatures": features},)

    handlers: dict[tuple[str, str], Handler] = {
        (authority, "CheckAuthorization"): check,
        ("org.freedesktop.DBus.Properties", "GetAll"): get_all,
    }
    return Service(address, "org.freedesktop.PolicyKit1", handlers)


Objects = Mapping[str, Mapping[str, Mapping[str, tuple[str, Any]]]]
"""Path → interface → property → (D-Bus signature, value)."""


def pretended(address: str, objects: Objects, **methods: Handler) -> Service:
    """A ModemManager of typed properties, for what the real one does not do with virtual ports: refusals by the
    network (1.24 and later), statistics and addresses of a bearer. `methods`: by name, on the interfaces they have."""

    def managed(_path: str) -> tuple[str, tuple[Any, ...]]:
        return "a{oa{sa{sv}}}", ({path: faces for path, faces in objects.items() if "/Modem/" in path},)

    def get_all(path: str, interface: str) -> tuple[str, tuple[Any, ...]]:
        if interface not in objects.get(path, {}):
            raise Refusal("org.freedesktop.DBus.Error.UnknownMethod", "no such object")
        return "a{sv}", (objects[path][interface],)

    owners = {
        "InhibitDevice": NAME, "GetLocation": LOCATION, "GetNetworkTime": TIME, "Setup": SIGNAL,
    }  # fmt: skip
    handlers: dict[tuple[str, str], Handler] = {
        ("org.freedesktop.DBus.ObjectManager", "GetManagedObjects"): managed,
        ("org.freedesktop.DBus.Properties", "GetAll"): get_all,
        **{(owners[name], name): handler for name, handler in methods.items()},
    }
    return Service(address, NAME, handlers)
