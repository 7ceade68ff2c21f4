"""The payment's lock on run_dir/hold: flock(2) on a file that anybody of the group may lock too. docs/hold.md."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from agent.log import logger

FILE_MODE = 0o660


class LockFile:
    """Never raises: where it cannot be had, it is free."""

    __slots__ = ("_descriptor", "_told", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._told = False

    def lock(self) -> bool:
        """False: somebody else has it."""
        try:
            self._open()
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if not self._told:
                logger("hold").warning("no file lock", path=str(self.path), why=str(error))
            self._told = True
        return True

    def unlock(self) -> None:
        if self._descriptor < 0:  # it could not be opened
            return
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> None:
        if self._descriptor >= 0 and os.fstat(self._descriptor).st_nlink:
            return
        self.close()  # removed behind our back: others lock the new one
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._descriptor = os.open(self.path, flags, FILE_MODE)
        with suppress(OSError):
            os.fchmod(self._descriptor, FILE_MODE)  # the umask of a service is narrower
