"""One connection to a D-Bus message bus: calls with a deadline, and nothing else. The only file that imports jeepney.

jeepney speaks the wire format; sockets and time are ours, so that neither logging in nor a call can hang, and a bus
that talks for ever costs no more than MAX_REPLY bytes. No call ever starts a service (no D-Bus activation): looking
whether ModemManager runs must not be what makes it run and grab the port. We subscribe to no signals.
"""

import itertools
import socket
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from modem.modemmanager.errors import DbusError, ModemManagerAbsent
from modem.text import printable

DRIVER = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
"""The bus itself: name, path, interface (D-Bus specification, "Message Bus Messages")."""
LOGIN_S = 2.0
CALL_S = 5.0
MAX_REPLY = 4 * 2**20
_UNREADABLE = (ValueError, LookupError, struct.error, TypeError, AttributeError, OverflowError)
"""What a parser meets in bytes that are no D-Bus message."""
_SAID = 200
"""Characters of a foreign error text that are worth keeping."""


class Bus:
    """Use from one thread. `address` as in DBUS_SYSTEM_BUS_ADDRESS; None is the system bus.

    Raises ModemManagerAbsent when there is no bus, or no jeepney.
    """

    def __init__(self, address: str | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._serials = itertools.count(1)
        self._socket = _connected(_place(address))
        try:
            self._log_in()
        except (OSError, *_UNREADABLE) as error:
            self.close()
            raise ModemManagerAbsent(f"the D-Bus message bus does not let us in: {_shown(error)}") from error
        except DbusError as error:
            self.close()
            raise ModemManagerAbsent(f"the D-Bus message bus does not greet us: {error}") from error

    def call(
        self,
        name: str,
        path: str,
        interface: str,
        method: str,
        signature: str = "",
        body: tuple[object, ...] = (),
        timeout_s: float = CALL_S,
    ) -> tuple[object, ...]:
        """The reply's values, as jeepney unpacks them (a variant is a pair: signature, value). Raises DbusError."""
        until = self._monotonic() + timeout_s
        shown = f"{interface.rpartition('.')[2]}.{method}"
        try:
            serial = self._send(name, path, interface, method, signature, body, until)
            return self._reply(serial, shown, until)
        except TimeoutError as error:
            raise DbusError(shown, "timeout", f"no answer within {timeout_s:g} s") from error
        except OSError as error:
            raise DbusError(shown, "closed", f"the bus is gone: {_shown(error)}") from error
        except _UNREADABLE as error:
            raise DbusError(shown, "unreadable", f"unreadable: {_shown(error)}") from error

    def has_owner(self, name: str, timeout_s: float = CALL_S) -> bool:
        """Does anybody serve under this name? Raises DbusError."""
        return self.call(*DRIVER, "NameHasOwner", "s", (name,), timeout_s) == (True,)

    def owner_pid(self, name: str, timeout_s: float = CALL_S) -> int | None:
        """The process behind a name; None when the bus does not say. Raises DbusError when nobody has the name."""
        said = self.call(*DRIVER, "GetConnectionUnixProcessID", "s", (name,), timeout_s)
        return said[0] if said and isinstance(said[0], int) else None

    def close(self) -> None:
        """Whatever we held over this connection (an inhibition, say) ends with it."""
        self._socket.close()

    def __enter__(self) -> "Bus":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # the wire

    def _log_in(self) -> None:
        """Authentication EXTERNAL (by our user id), then Hello, which gives us a name."""
        from jeepney.auth import BEGIN, Authenticator  # noqa: PLC0415 - optional, see `_place`
        from jeepney.low_level import Parser  # noqa: PLC0415

        until = self._monotonic() + LOGIN_S
        talk = Authenticator(enable_fds=False)
        for line in talk:
            self._put(line, until)
            talk.feed(self._get(until))
        self._put(BEGIN, until)
        self._parser: Any = Parser()
        self.call(*DRIVER, "Hello", timeout_s=LOGIN_S)

    def _send(
        self, name: str, path: str, interface: str, method: str, signature: str, body: tuple[object, ...], until: float
    ) -> int:
        from jeepney import DBusAddress, MessageFlag, new_method_call  # noqa: PLC0415

        message = new_method_call(DBusAddress(path, name, interface), method, signature or None, body)
        message.header.flags = MessageFlag.no_auto_start
        serial = next(self._serials)
        self._put(message.serialise(serial=serial), until)
        return serial

    def _reply(self, serial: int, call: str, until: float) -> tuple[object, ...]:
        from jeepney import HeaderFields, MessageType  # noqa: PLC0415

        received = 0
        while True:
            message = self._parser.get_next_message()
            if message is None:
                data = self._get(until)
                received += len(data)
                if received > MAX_REPLY:
                    self.close()
                    raise DbusError(call, "unreadable", f"more than {MAX_REPLY} bytes came back")
                self._parser.add_data(data)
                continue
            fields = message.header.fields
            if fields.get(HeaderFields.reply_serial) != serial:
                continue
            if message.header.message_type is MessageType.error:
                raise DbusError(call, str(fields.get(HeaderFields.error_name, "?"))[:_SAID], _words(message.body))
            return tuple(message.body)

    def _put(self, data: bytes, until: float) -> None:
        self._socket.settimeout(self._left(until))
        self._socket.sendall(data)

    def _get(self, until: float) -> bytes:
        self._socket.settimeout(self._left(until))
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionResetError("closed")
        return data

    def _left(self, until: float) -> float:
        left = until - self._monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _place(address: str | None) -> str:
    """Where the bus listens: a path, or an abstract name behind a zero byte."""
    try:
        from jeepney.bus import get_bus  # noqa: PLC0415 - an optional library: without it there is only /proc
    except ImportError as error:
        raise ModemManagerAbsent(
            'talking to ModemManager needs jeepney: pip install "posagent[modemmanager]"'
        ) from error
    try:
        return str(get_bus(address or "SYSTEM"))
    except (RuntimeError, *_UNREADABLE) as error:
        raise ModemManagerAbsent(f"not an address of a D-Bus message bus: {_shown(error)}") from error


def _connected(place: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    connection.settimeout(LOGIN_S)
    try:
        connection.connect(place)
    except OSError as error:
        connection.close()
        raise ModemManagerAbsent(f"no D-Bus message bus at {printable(place)}: {_shown(error)}") from error
    return connection


def _words(body: object) -> str:
    """By convention the first value of an error is its text."""
    first = body[0] if isinstance(body, tuple) and body else ""
    return printable(first[:_SAID]) if isinstance(first, str) else ""


def _shown(error: BaseException) -> str:
    return printable(str(error))[:_SAID] or type(error).__name__
