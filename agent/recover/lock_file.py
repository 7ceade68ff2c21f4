"""The payment's lock on run_dir/hold: flock(2) on a file that anybody of the group may lock too. docs/hold.md.

Imported by `posagent hold`, before which a payment waits: what is slow to load comes when it is needed.
"""

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

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
            self._tell(error)
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
        self._descriptor = open_lock(self.path)

    def _tell(self, error: OSError) -> None:
        if not self._told:
            from agent.log import logger  # noqa: PLC0415 - posagent hold has no log

            logger("hold").warning("no file lock", path=str(self.path), why=str(error))
        self._told = True


def open_lock(path: Path) -> int:
    """A descriptor of the file, which is made where it is missing, and then is its folder's owner's. Raises OSError.

    What root's flock(1) made before any of us is root's and 0644: to lock it, reading is enough.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)
    except PermissionError:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    with suppress(OSError):
        _share(descriptor, path.parent)
    return descriptor


def _share(descriptor: int, folder: Path) -> None:
    """Made by root or under a narrow umask, it must still be the daemon's and its group's; nothing else becomes so."""
    made = os.fstat(descriptor)
    if not stat.S_ISREG(made.st_mode) or made.st_uid != os.geteuid() or made.st_nlink != 1 or made.st_size:
        return
    if made.st_uid == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    os.fchmod(descriptor, FILE_MODE)
