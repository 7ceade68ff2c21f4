"""ModemManager over D-Bus: which modems it has, and what it knows of each. Reads; changes nothing unless asked to.

What needs more than reading is three calls, each with its own name here: `watch_signal` (ModemManager then measures
every so often), `location` and `network_time` (PolicyKit may refuse them), and `inhibit`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from modem.frozen import dataclass
from modem.modemmanager.bus import CALL_S, Bus
from modem.modemmanager.errors import DbusError, ModemManagerAbsent, NoSuchModem
from modem.modemmanager.objects import Properties, integer, mapping, path, plain, properties
from modem.modemmanager.tables import PORT_TYPE

NAME = "org.freedesktop.ModemManager1"
ROOT = "/org/freedesktop/ModemManager1"
MODEM = f"{NAME}.Modem"
MODEM_3GPP = f"{NAME}.Modem.Modem3gpp"
SIGNAL = f"{NAME}.Modem.Signal"
LOCATION = f"{NAME}.Modem.Location"
MESSAGING = f"{NAME}.Modem.Messaging"
TIME = f"{NAME}.Modem.Time"
SIM = f"{NAME}.Sim"
BEARER = f"{NAME}.Bearer"
SMS = f"{NAME}.Sms"
_PROPERTIES = "org.freedesktop.DBus.Properties"
INHIBIT_S = 15.0
"""It closes the ports of the device first, which takes seconds when a command is on its way."""
MAX_MODEMS = 16


@dataclass(frozen=True, slots=True)
class UsedPort:
    """A port that ModemManager counts among a modem's."""

    device: str
    """ "/dev/ttyUSB2"; a network interface or a virtual port by its bare name."""
    kind: str
    """at, qmi, mbim, net, gps, qcdm, audio, xmmrpc, ignored or unknown. It opens none that it ignores."""


@dataclass(frozen=True, slots=True)
class ModemObject:
    """One modem, as ModemManager showed it at one moment."""

    path: str
    interfaces: Mapping[str, Properties]

    def __getitem__(self, interface: str) -> Properties:
        """Its properties; empty when the modem has no such interface (now)."""
        return self.interfaces.get(interface, Properties({}))

    @property
    def uid(self) -> str | None:
        """The physical device: a path in /sys, or what udev's ID_MM_PHYSDEV_UID says. `inhibit` takes it."""
        return self[MODEM].text("Device", 1024)

    @property
    def ports(self) -> tuple[UsedPort, ...]:
        return tuple(_ports(self[MODEM].items("Ports")))

    @property
    def primary_port(self) -> str | None:
        name = self[MODEM].text("PrimaryPort")
        return device_of(name) if name else None


class ModemManager:
    """Use from one thread; every call is bounded in time. Raises ModemManagerAbsent when none runs."""

    def __init__(self, address: str | None = None) -> None:
        self.bus = Bus(address)
        try:
            if not self.bus.has_owner(NAME):
                raise ModemManagerAbsent("ModemManager does not run")
        except DbusError as error:
            self.bus.close()
            raise ModemManagerAbsent(f"nobody can say whether ModemManager runs: {error}") from error
        except ModemManagerAbsent:
            self.bus.close()
            raise

    def close(self) -> None:
        self.bus.close()

    def __enter__(self) -> "ModemManager":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def version(self) -> str | None:
        """Raises DbusError."""
        return self.properties(ROOT, NAME).text("Version")

    def modems(self) -> tuple[ModemObject, ...]:
        """All it has, by their number. One that it inhibits, or failed to understand, is not among them. DbusError."""
        said = self._call(ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        objects = said[0] if said and isinstance(said[0], dict) else {}
        found = [_modem(place, described) for place, described in list(objects.items())[:MAX_MODEMS]]
        return tuple(sorted((modem for modem in found if modem), key=lambda modem: (len(modem.path), modem.path)))

    def find(self, port: str = "auto") -> ModemObject:
        """The modem that has `port` (a device, or a link to one); with "auto" the first. NoSuchModem, DbusError."""
        modems = self.modems()
        if not modems:
            raise NoSuchModem("ModemManager has no modem")
        wanted = {port, str(Path(port).resolve()), device_of(port)}
        for modem in modems:
            if port == "auto" or wanted & {used.device for used in modem.ports}:
                return modem
        raise NoSuchModem(f"none of ModemManager's modems has {port}")

    def properties(self, place: str, interface: str, timeout_s: float = CALL_S) -> Properties:
        """All of one interface of one object. Raises DbusError."""
        said = self._call(place, _PROPERTIES, "GetAll", "s", (interface,), timeout_s)
        return properties(said[0] if said else None)

    def location(self, modem: ModemObject, timeout_s: float = CALL_S) -> Properties:
        """By number of the source (MMModemLocationSource). PolicyKit: Location. Raises DbusError."""
        said = self._call(modem.path, LOCATION, "GetLocation", timeout_s=timeout_s)
        return properties(said[0] if said else None)

    def network_time(self, modem: ModemObject, timeout_s: float = CALL_S) -> str | None:
        """ISO 8601, asked of the modem now. PolicyKit: Time. Raises DbusError."""
        said = self._call(modem.path, TIME, "GetNetworkTime", timeout_s=timeout_s)
        return Properties({"time": said[0]}).text("time", 64) if said else None

    def watch_signal(self, modem: ModemObject, every_s: int) -> None:
        """Have the figures of Modem.Signal measured every so often; 0 ends it. PolicyKit: Device.Control. DbusError."""
        self._call(modem.path, SIGNAL, "Setup", "u", (every_s,))

    def inhibit(self, uid: str, *, on: bool) -> None:
        """Have ModemManager let go of a device, or take it back. It lasts no longer than this connection. DbusError."""
        self._call(ROOT, NAME, "InhibitDevice", "sb", (uid, on), INHIBIT_S)

    def _call(
        self,
        place: str,
        interface: str,
        method: str,
        signature: str = "",
        body: tuple[object, ...] = (),
        timeout_s: float = CALL_S,
    ) -> tuple[object, ...]:
        return self.bus.call(NAME, place, interface, method, signature, body, timeout_s)


@contextmanager
def inhibited(uid: str, address: str | None = None) -> Iterator[None]:
    """`with inhibited(modem.uid):` — ModemManager leaves this device alone. Opt-in: whoever uses the modem through it
    (NetworkManager's connection, say) loses it.

    Ends with the block, and with this process however it ends, since the bus tells ModemManager. Raises
    ModemManagerAbsent, DbusError (`forbidden`: Debian's D-Bus policy leaves this call to root).
    """
    with ModemManager(address) as manager:
        manager.inhibit(uid, on=True)
        try:
            yield
        finally:
            _released(manager, uid)


def _released(manager: ModemManager, uid: str) -> None:
    """Said aloud for good manners; closing the connection says it too."""
    try:
        manager.inhibit(uid, on=False)
    except DbusError:
        return


def device_of(name: str) -> str:
    """ModemManager names ports as the kernel does; those under /dev are shown with it."""
    return f"/dev/{name}" if name.startswith(("tty", "cdc-wdm", "wwan", "rfcomm")) and "/" not in name else name


def _modem(place: object, described: object) -> ModemObject | None:
    where, interfaces = path(place), mapping(described)
    if where is None or MODEM not in interfaces:
        return None
    return ModemObject(where, {name: Properties(mapping(plain(values))) for name, values in interfaces.items()})


def _ports(items: list[object]) -> Iterator[UsedPort]:
    for item in items:
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str):
            kind = PORT_TYPE.get(integer(item[1]) or 0, "unknown")
            name = Properties({"name": item[0]}).text("name") or "?"
            # A WWAN network interface has the name of a character device's family: "wwan0" is none.
            yield UsedPort(name if kind == "net" else device_of(name), kind)
