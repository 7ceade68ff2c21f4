"""A machine that slept for hours: nobody is thought stuck for it, and everybody goes on at once."""

import threading
import time
from dataclasses import replace
from pathlib import Path

from agent.daemon import Daemon, Parts
from agent.sdnotify import Notifier
from agent.settings import Config, PathsPart, Terminal
from modem.port import SerialPort
from modem.simulator import VirtualModem
from tests.fakes.eventually import eventually


class SleptClock:
    """Real time, and the hours that the machine slept: no wait of ours counts those."""

    def __init__(self) -> None:
        self.slept = 0.0

    def wall(self) -> float:
        return time.time() + self.slept

    def monotonic(self) -> float:
        return time.monotonic() + self.slept

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(max(0.0, seconds))


class Pings(Notifier):
    def __init__(self) -> None:
        super().__init__({"WATCHDOG_USEC": "1000000"})
        self.count = 0

    def alive(self) -> None:
        self.count += 1


def test_after_a_suspension_the_watchdog_is_fed_and_every_worker_goes_on(tmp_path: Path) -> None:
    clock, pings = SleptClock(), Pings()
    config = Config(
        terminal=Terminal(id="shop-1"),
        paths=PathsPart(state_dir=str(tmp_path / "state"), run_dir=str(tmp_path / "run")),
    )
    with VirtualModem("healthy-lte") as device:
        config = replace(config, modem=replace(config.modem, port=device, interface=""))
        opener = lambda name: SerialPort(name, 115200)  # noqa: E731
        daemon = Daemon(config, Parts(clock, pings, opener=opener, exit=lambda _code: None))
        thread = threading.Thread(target=daemon.run)
        thread.start()
        try:
            eventually(lambda: daemon.watch.now, "the first look")
            eventually(lambda: not any(worker.progress.in_call for worker in daemon.workers), "all sleep")
            taken, before = daemon.watch.now.snapshot.taken_at if daemon.watch.now else 0.0, pings.count
            clock.slept += 4 * 3600.0
            eventually(lambda: daemon.watch.now and daemon.watch.now.snapshot.taken_at > taken + 3600, "a look at once")
            eventually(lambda: pings.count > before + 4, "it is fed on")
            stuck = {worker.name: worker.stuck(clock.monotonic()) for worker in daemon.workers}
        finally:
            daemon.stop()
            thread.join(60)
    assert set(stuck.values()) == {None}
