"""A child process to be killed: forked, because 200 interpreters would take minutes to start."""

import os
import signal
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn


@dataclass
class Forked:
    """A child that runs `work(pipe)` until it is killed; what it writes to the pipe is read here afterwards."""

    pid: int
    pipe: int

    @classmethod
    def run(cls, work: Callable[[int], object]) -> "Forked":
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            # 3.12 and later warn when other threads live; the child touches nothing of theirs and ends by _exit
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            os.close(reading)
            _be_the_child(work, writing)
        os.close(writing)
        return cls(pid, reading)

    def kill(self) -> None:
        """As a power cut does: no cleaning up."""
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        if not os.WIFSIGNALED(status):
            rest = self._read().decode(errors="replace")
            raise AssertionError(f"the child ended by itself with {os.waitstatus_to_exitcode(status)}: {rest}")

    def output(self) -> bytes:
        """All that it wrote, after it is dead."""
        try:
            return self._read()
        finally:
            os.close(self.pipe)

    def _read(self) -> bytes:
        with os.fdopen(os.dup(self.pipe), "rb") as file:
            return file.read()


def _be_the_child(work: Callable[[int], object], pipe: int) -> NoReturn:
    try:
        work(pipe)
    except BaseException:  # whatever it is, it must not climb into the stack of the parent
        os.write(pipe, traceback.format_exc().encode())
    finally:
        os._exit(1)
