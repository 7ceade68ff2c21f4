"""What we switched off is switched on again, whoever ends us in between: noted on the disk before.

A stop, a kill or a power cut between AT+CFUN=0 and AT+CFUN=1 would leave the terminal offline by our own hand, until
somebody notices. The next start reads the note and makes up for it.
"""

import json
import os
import re
from pathlib import Path

from agent.log import logger
from agent.state import replace_file

FILE = "owed.json"
MAX_BYTES = 1024
MOST = 4
_ON = re.compile(r"AT\+(CFUN=1|CGATT=1|CGACT=1,[0-9]{1,2})")
"""All that is ever owed; whatever else stands in the file was not written by us."""


class Owed:
    """Belongs to the thread that owns the modem."""

    def __init__(self, state_dir: Path | None) -> None:
        """None: nothing is kept."""
        self._path = state_dir and state_dir / FILE
        self.commands = read(self._path) if self._path else ()
        """What is to be said to the modem, as soon as there is one."""

    def note(self, commands: tuple[str, ...]) -> None:
        """On the disk when this returns. Raises OSError: what cannot be noted is not switched off."""
        if self._path:
            replace_file(self._path, json.dumps(list(commands)), durable=True, mode=0o600)
        self.commands = commands

    def settle(self) -> None:
        """All was said."""
        self.commands = ()
        try:
            if self._path:
                self._path.unlink(missing_ok=True)
        except OSError as error:  # said once more by the next start, which does no harm: it switches on
            logger("modem").warning("cannot forget what is owed", why=error.strerror)


def read(path: Path) -> tuple[str, ...]:
    """The commands of the note; none where it is not ours, cannot be read, or is not there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return ()
    try:
        found = json.loads(os.read(descriptor, MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return ()
    finally:
        os.close(descriptor)
    texts = [one for one in found if isinstance(one, str) and _ON.fullmatch(one)] if isinstance(found, list) else []
    return tuple(texts[:MOST])
