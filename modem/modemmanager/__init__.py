"""Living with ModemManager: tell that it is there, take a port that it leaves, read what it knows, or have it leave.

with ModemManager() as manager:             # the system bus; ModemManagerAbsent when none runs
    modem = manager.find("/dev/ttyUSB2")
    print(readings.identity(modem))
"""

from modem.modemmanager.errors import DbusError, ModemManagerAbsent, NoSuchModem
from modem.modemmanager.manager import ModemManager, ModemObject, UsedPort, inhibited
from modem.modemmanager.messages import messages
from modem.modemmanager.presence import Presence, is_modemmanager, presence, spare_ports

__all__ = [
    "DbusError",
    "ModemManager",
    "ModemManagerAbsent",
    "ModemObject",
    "NoSuchModem",
    "Presence",
    "UsedPort",
    "inhibited",
    "is_modemmanager",
    "messages",
    "presence",
    "spare_ports",
]
