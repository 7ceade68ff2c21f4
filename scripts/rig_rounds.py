"""`make rig-test`'s rounds: each kills the agent, kills the centre and cuts the power, in any order and at any moment;
in every fifth the agent hangs too, in every tenth the centre (SIGSTOP), until systemd's watchdog ends it.
"""

import random
import time
from collections import Counter
from collections.abc import Callable

from rig_machine import Machine, until
from rig_tally import Tally

IMPATIENT = "[Service]\nWatchdogSec=8\nTimeoutAbortSec=1\nRestartSec=1\n"
"""So that a hang is over in ten seconds and not in two minutes."""
DROP_IN = "/etc/systemd/system/{unit}.service.d/impatient.conf"
UNITS = ("posagent", "posagent-central")
COUNT_EVERY = 10
MOMENT_S = 3.0
"""So long at most after the last trouble comes the next."""


class Rounds:
    """The waits in between are random; nothing is expected to happen within a time."""

    def __init__(self, machine: Machine, tally: Tally, rounds: int) -> None:
        self.at, self.tally, self.rounds = machine, tally, rounds
        self.made: Counter[str] = Counter()
        self._chance = random.Random(7)

    def go(self) -> str:
        for unit in UNITS:
            self.at.write(DROP_IN.format(unit=unit), IMPATIENT)
        self.at.run(f"sync; systemctl daemon-reload; systemctl restart {' '.join(UNITS)}")
        for number in range(1, self.rounds + 1):
            for trouble in self._of_round(number):
                time.sleep(self._chance.uniform(0, MOMENT_S))
                trouble()
            self.at.run("systemctl start posagent-central")
            if number % COUNT_EVERY == 0:
                self.tally.nothing_missing()
        for unit in UNITS:
            self.at.run(f"rm {DROP_IN.format(unit=unit)}")
        self.at.run("systemctl daemon-reload")
        made = ", ".join(f"{count} {what}" for what, count in sorted(self.made.items()))
        return self.tally.nothing_missing(made)

    def _of_round(self, number: int) -> list[Callable[[], None]]:
        troubles = [self._kill_agent, self._kill_centre, self._cut]
        if number % 5 == 0:
            troubles.append(lambda: self._hang("posagent"))
        if number % 10 == 0:
            troubles.append(lambda: self._hang("posagent-central"))
        self._chance.shuffle(troubles)
        return troubles

    def _kill_agent(self) -> None:
        """Every other time systemd brings it back; else it stays down until its disk has been read."""
        self.made["kills of the agent"] += 1
        if self._chance.random() < 0.5:
            self._ended("posagent", "KILL")
            return
        self.at.run("systemctl kill -s KILL --kill-whom=main posagent || true; systemctl stop posagent")
        self.tally.look_at_the_disk()
        self.at.run("systemctl start posagent")

    def _kill_centre(self) -> None:
        """Every other time it stays down for the rest of the round, so that the agent's disk has something to lose."""
        self.made["kills of the centre"] += 1
        if self._chance.random() < 0.5:
            self._ended("posagent-central", "KILL")
            return
        self.at.run("systemctl kill -s KILL --kill-whom=main posagent-central || true; systemctl stop posagent-central")

    def _hang(self, unit: str) -> None:
        self.made[f"hangs of {unit}"] += 1
        self.at.run(f"systemctl start {unit}")
        self._ended(unit, "STOP")
        said = f"journalctl -b -u {unit} --no-pager -q -o cat | grep 'Watchdog timeout' || true"
        until(lambda: self.at.run(said), f"no word of {unit}'s watchdog")

    def _cut(self) -> None:
        """A third of the time the machine that comes back loses its power again before it is up."""
        self.made["power cuts"] += 1
        self.at.cut_power()
        self.tally.look_at_the_disk()
        if self._chance.random() < 1 / 3:
            self.made["of them twice"] += 1
            self.at.boot(wait=False)
            time.sleep(self._chance.uniform(0, MOMENT_S))
            self.at.cut_power()
            self.tally.look_at_the_disk()
        self.at.boot()

    def _ended(self, unit: str, signal: str) -> None:
        """The main process gets the signal; waits until systemd has put another in its place."""
        was = until(lambda: self._process(unit), f"{unit} does not run")
        self.at.run(f"systemctl kill -s {signal} --kill-whom=main {unit}")
        until(lambda: self._process(unit) not in ("", was), f"{unit} was not started again after {signal}")

    def _process(self, unit: str) -> str:
        """Its number, once it has said that it is ready."""
        state, number = self.at.run(f"systemctl is-active {unit} || true; systemctl show -P MainPID {unit}").split()
        return number if state == "active" and number != "0" else ""
