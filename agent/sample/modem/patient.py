"""A modem that is waited for as long as the configuration and the whole look's deadline say."""

from collections.abc import Callable

from agent.clock import Clock, Deadline
from modem.client import Modem
from modem.events import Command, Reply
from modem.frozen import replace
from modem.link import Direction, Gate
from modem.port import Port

ORDINARY_S = Command("AT").timeout_s
SYNC_S = 2.0
"""More for a command after one that expired: getting the line back comes out of its time (modem/resync.py)."""
LEAST_S = 0.3
"""For a command that is sent at the very end of the time: enough for an answer that costs nothing."""


class PatientModem(Modem):
    """A modem that is given `ordinary_s` seconds for an ordinary command, and no command time beyond a deadline.

    Commands that their manual allows more or less time than usual keep that.
    """

    def __init__(
        self,
        port: Port,
        clock: Clock,
        ordinary_s: float = ORDINARY_S,
        deadline: Deadline | None = None,
        *,
        restore_settings: bool = False,
        on_bytes: Callable[[Direction, bytes], None] | None = None,
        gate: Gate | None = None,
    ) -> None:
        super().__init__(
            port, monotonic=clock.monotonic, restore_settings=restore_settings, on_bytes=on_bytes, gate=gate
        )
        self._clock = clock
        self._ordinary_s = ordinary_s
        self.deadline = deadline
        """Of what is being done with it now; None: each command has all its time."""
        self._sync_s = 0.0

    def exchange(self, command: Command | str) -> Reply:
        asked = Command(command) if isinstance(command, str) else command
        patience = self._ordinary_s + self._sync_s if asked.timeout_s == ORDINARY_S else asked.timeout_s
        if self.deadline is not None:
            patience = max(LEAST_S, min(patience, self.deadline.left(self._clock)))
        self._sync_s = SYNC_S
        reply = super().exchange(asked if patience == asked.timeout_s else replace(asked, timeout_s=patience))
        self._sync_s = 0.0
        return reply
