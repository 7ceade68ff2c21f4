"""The card's PIN from a file, entered at most once: what was tried is on the disk before it is sent.

The rule is in modem/pin.py; here are the file, and the memory that outlives a reboot. A PIN that opened the card may
be used again at the next start. One that did not, or of which nobody knows how it ended, is not tried again until
somebody changes the file.
"""

import json
import os
import stat
from pathlib import Path

from agent.log import logger
from agent.sample.base import SimView
from agent.state import replace_file
from modem import pin
from modem.client import Modem
from modem.pin import Tried

MEMORY = "pin.json"
MAX_BYTES = 4096


class PinFileError(Exception):
    """The file cannot be used; the message says why and never what is in it."""


class Unlock:
    """Belongs to the thread that owns the modem."""

    def __init__(self, pin_file: Path, state_dir: Path) -> None:
        self._file = pin_file
        self._memory = state_dir / MEMORY
        self._log = logger("pin")
        self._said = ""

    def attempt(self, modem: Modem, sim: SimView) -> bool:
        """True: a PIN was entered and taken, look again. Raises PortLost."""
        try:
            secret, source = read_pin(self._file)
        except PinFileError as error:
            return self._not_now(str(error))
        planned = Tried(sim.iccid, source)
        why = pin.why_not(sim.state, sim.pin_retries, planned, remembered(self._memory))
        if why is not None:
            return self._not_now(why)
        try:
            remember(self._memory, planned)
        except OSError as error:
            return self._not_now(f"a try cannot be remembered ({error.strerror}), so none is made")
        taken = pin.enter(modem, secret)
        self._log.info("PIN entered", taken=taken)
        if taken:
            self._forget()
        return taken

    def _forget(self) -> None:
        try:
            self._memory.unlink(missing_ok=True)
        except OSError as error:  # it will not be tried again, which is safe
            self._log.warning("cannot forget the try", why=error.strerror)

    def _not_now(self, why: str) -> bool:
        if why != self._said:
            self._log.warning("PIN not entered", why=why)
            self._said = why
        return False


def read_pin(path: Path) -> tuple[str, str]:
    """(the PIN, what names this content of the file without telling it). Raises PinFileError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise PinFileError(f"{path}: {error.strerror}") from None
    try:
        facts = os.fstat(descriptor)
        _check(path, facts)
        text = os.read(descriptor, MAX_BYTES).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)
    if not pin.is_pin(text):
        raise PinFileError(f"{path}: must hold 4 to 8 digits and nothing else")
    return text, f"{facts.st_dev}:{facts.st_ino}:{facts.st_mtime_ns}"


def _check(path: Path, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode) or facts.st_mode & 0o077:
        raise PinFileError(f"{path}: must be a plain file of mode 0600")
    if facts.st_uid not in (0, os.geteuid()):
        raise PinFileError(f"{path}: must belong to root or to the daemon's user")


def remembered(path: Path) -> Tried | None:
    """The try that did not end well. A memory that cannot be read counts as a try with any file: none is made then."""
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(MAX_BYTES))
        return Tried(values["card"], str(values["source"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return Tried(None, pin.ANY)


def remember(path: Path, tried: Tried) -> None:
    """On the disk when this returns, the name too. Raises OSError."""
    replace_file(path, json.dumps({"card": tried.card, "source": tried.source}), durable=True, mode=0o600)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
