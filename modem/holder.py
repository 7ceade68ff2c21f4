"""Who holds a device, read from /proc without touching the device.

The same name is another device in a container's own /dev/pts, so names find the candidates and the device decides.
Of another user's process the open files are seen only by root or with CAP_SYS_PTRACE: None then means "could not see".
"""

from collections.abc import Iterator
from os import major
from pathlib import Path

from modem.frozen import dataclass

PROC = Path("/proc")
_PTS = range(136, 144)
"""Majors of pseudo-terminals, whose numbers begin anew in each devpts (admin-guide/devices.txt of Linux)."""


@dataclass(frozen=True, slots=True)
class Holder:
    pid: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} (pid {self.pid})"


def holder(device: str, proc: Path = PROC) -> Holder | None:
    """The process, other than this one, that has `device` open; any one of them if there are several."""
    return next(holders(device, proc), None)


def holders(device: str, proc: Path = PROC) -> Iterator[Holder]:
    target = Path(device).resolve()
    ourselves = _ourselves(proc)
    for process in _processes(proc):
        if process.name != ourselves and _has_open(process, target):
            yield Holder(int(process.name), _name(process))


def _ourselves(proc: Path) -> str:
    try:
        return (proc / "self").readlink().name
    except OSError:
        return ""


def _processes(proc: Path) -> list[Path]:
    try:
        return [entry for entry in proc.iterdir() if entry.name.isdecimal()]
    except OSError:
        return []


def _has_open(process: Path, target: Path) -> bool:
    name = str(target)
    try:
        return any(_target(each) == name and not _is_another(each, target) for each in (process / "fd").iterdir())
    except OSError:  # it ended, or it is not ours to look into
        return False


def _is_another(descriptor: Path, target: Path) -> bool:
    """A device of the same name in another file system; where that cannot be told, it is not."""
    try:
        there, here = descriptor.stat(), target.stat()
    except OSError:
        return False
    return there.st_rdev != here.st_rdev or (major(here.st_rdev) in _PTS and there.st_dev != here.st_dev)


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text("utf-8", "replace").strip() or "?"
    except OSError:
        return "?"
