"""The messages that ModemManager keeps, read without changing any."""

from modem.modemmanager.errors import DbusError
from modem.modemmanager.manager import MESSAGING, SMS, ModemManager, ModemObject
from modem.modemmanager.readings import sms
from modem.values import Sms

MAX_MESSAGES = 100
"""A card holds 10 to 50, a modem's own memory a few hundred at most."""


def messages(manager: ModemManager, modem: ModemObject, most: int = MAX_MESSAGES) -> tuple[Sms, ...]:
    """The newest `most`, by the number of their objects, which is their `index` here: not the place in a storage.

    One that is still arriving is left out, and so is one that went away meanwhile. Raises DbusError when ModemManager
    itself does.
    """
    found = []
    for path in sorted(modem[MESSAGING].paths("Messages"), key=_number)[-most:]:
        try:
            message = sms(manager.properties(path, SMS), _number(path))
        except DbusError as error:
            if error.name in ("closed", "timeout"):
                raise
            continue
        if message is not None:
            found.append(message)
    return tuple(found)


def _number(path: str) -> int:
    """/org/freedesktop/ModemManager1/SMS/12 → 12"""
    last = path.rpartition("/")[2]
    return int(last) if last.isascii() and last.isdecimal() and len(last) <= 9 else 0
