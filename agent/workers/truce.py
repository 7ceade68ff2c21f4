"""Having ModemManager leave our device, where the owner of the terminal wants it so (modem.inhibit_modemmanager).

It is asked only when the port turns out to be busy and it is ModemManager that counts it among its own; whoever used
the modem through it (NetworkManager's connection, say) loses it. It lasts as long as this object's connection to the
bus: a daemon that ends, however it ends, gives the device back.
"""

from collections.abc import Callable

from agent.log import logger
from modem.errors import ModemError, PortBusy
from modem.modemmanager import ModemManager, NoSuchModem
from modem.port import Port


class Truce:
    """Opens ports as `open_port` does, on one thread. `address` of the message bus; None is the system's."""

    def __init__(self, open_port: Callable[[str], Port], address: str | None = None) -> None:
        self._open = open_port
        self._address = address
        self._log = logger("modem")
        self._held: ModemManager | None = None

    def open(self, device: str) -> Port:
        """An opener for the modem's worker. Raises what opening raises; a port that is still busy a moment after
        ModemManager left is opened at the worker's next attempt."""
        try:
            return self._open(device)
        except PortBusy:
            if not self.ask(device):
                raise
            return self._open(device)

    def ask(self, device: str) -> bool:
        """True: ModemManager has just let go of the device that this port belongs to. Never raises."""
        try:
            manager = ModemManager(self._address)
        except ModemError:
            return False
        try:
            self._inhibit(manager, device)
        except ModemError as error:
            manager.close()
            if not isinstance(error, NoSuchModem):
                self._log.warning("ModemManager does not leave the device", device=device, why=str(error))
            return False
        self.close()
        self._held = manager
        return True

    def close(self) -> None:
        """The bus tells ModemManager that we are gone, and it takes the device back."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def _inhibit(self, manager: ModemManager, device: str) -> None:
        uid = manager.find(device).uid
        if uid is None:
            raise NoSuchModem("ModemManager does not name the device")
        manager.inhibit(uid, on=True)
        self._log.warning("ModemManager leaves the device to us", device=device, uid=uid)
