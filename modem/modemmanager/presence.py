"""Is ModemManager here, which ports does it use, and which AT port is left for us?

Asked of ModemManager itself where the bus and the library allow it, else read from /proc. Never raises: this is what
is said beside an error, not instead of it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from modem.candidate import Candidate
from modem.errors import ModemError
from modem.frozen import dataclass
from modem.holder import PROC, Holder, holder
from modem.modemmanager.manager import NAME, ModemManager, ModemObject, UsedPort

PROCESS = "ModemManager"
T = TypeVar("T")
_COMM = 15
"""The kernel keeps this many characters of a process's name."""


@dataclass(frozen=True, slots=True)
class Presence:
    running: bool
    pid: int | None = None
    version: str | None = None
    ports: tuple[UsedPort, ...] | None = None
    """Of all its modems; None: the bus could not be asked."""
    uids: tuple[str, ...] = ()
    """Its modems' physical devices."""

    def uses(self, device: str) -> bool | None:
        """None: nobody could say."""
        if not self.running:
            return False
        if self.ports is None:
            return None
        return any(port.device == device and port.kind != "ignored" for port in self.ports)


def presence(address: str | None = None, proc: Path = PROC) -> Presence:
    """Who is there now. Takes milliseconds; a bus that hangs costs a few seconds at most."""
    pid = _pid(proc)
    try:
        with ModemManager(address) as manager:
            return _told(manager, pid)
    except ModemError:
        return Presence(running=pid is not None, pid=pid)


def _told(manager: ModemManager, pid: int | None) -> Presence:
    """It is there; a question that it does not answer costs no more than its answer."""
    version, modems = _tried(manager.version), _tried(manager.modems)
    pid = _tried(lambda: manager.bus.owner_pid(NAME)) or pid
    if modems is None:
        return Presence(running=True, pid=pid, version=version)
    ports = tuple(port for modem in modems for port in modem.ports)
    return Presence(running=True, pid=pid, version=version, ports=ports, uids=_uids(modems))


def _uids(modems: Iterable[ModemObject]) -> tuple[str, ...]:
    return tuple(modem.uid for modem in modems if modem.uid)


def _tried(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except ModemError:
        return None


def is_modemmanager(held_by: str | Holder | None) -> bool:
    """Does this holder ("ModemManager (pid 612)") name it?"""
    return str(held_by).startswith(PROCESS)


def spare_ports(
    candidates: Iterable[Candidate],
    used: Iterable[UsedPort],
    held: Callable[[str], Holder | None] = holder,
) -> tuple[Candidate, ...]:
    """The candidates that ModemManager leaves alone, the likeliest to carry AT first: those that it ignores by rule,
    then those that it does not know, then AT ports that it lists but nobody has open (with QMI and MBIM modems it
    speaks over cdc-wdm). Each is still to be tried: AT may answer on none of them."""
    kinds = {port.device: port.kind for port in used}
    free = [one for one in candidates if kinds.get(one.device, "new") in _RANK and held(one.device) is None]
    return tuple(sorted(free, key=lambda one: _RANK[kinds.get(one.device, "new")]))


_RANK = {"ignored": 0, "new": 1, "at": 2}


def _pid(proc: Path) -> int | None:
    try:
        names = [entry for entry in proc.iterdir() if entry.name.isdecimal()]
    except OSError:
        return None
    return next((int(entry.name) for entry in names if _comm(entry) == PROCESS[:_COMM]), None)


def _comm(process: Path) -> str:
    try:
        return (process / "comm").read_text("utf-8", "replace").strip()
    except OSError:
        return ""
