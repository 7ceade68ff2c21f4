"""The card comes first: nothing is sent before it is known which one is in, and a swap is on the disk by then."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.daemon import Daemon, Parts
from agent.outbox.sqlite_view import SqliteView
from agent.plan.store import PlanStore
from agent.sdnotify import Notifier
from agent.settings import Config, PathsPart, Terminal, UplinkPart
from modem.errors import PortMissing
from modem.port import Port, SerialPort
from modem.simulator import VirtualModem
from tests.fakes.eventually import eventually


@contextmanager
def centre() -> Iterator[tuple[int, threading.Event]]:
    """Somebody who only notes that he was called."""
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            try:
                link, _ = server.accept()
            except OSError:
                return
            called.set()
            link.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], called
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@contextmanager
def running(daemon: Daemon) -> Iterator[Daemon]:
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        yield daemon
    finally:
        daemon.stop()
        thread.join(10)


def built(folder: Path, number: int, port: str, opener: "object") -> Daemon:
    (folder / "credential").touch(0o600)
    (folder / "credential").write_text(f"shop-1:{'A' * 43}\n")
    config = Config(
        terminal=Terminal(id="shop-1"),
        uplink=UplinkPart(url=f"http://127.0.0.1:{number}", credential_file=str(folder / "credential")),
        paths=PathsPart(state_dir=str(folder / "state"), run_dir=str(folder / "run")),
    )
    config = replace(config, modem=replace(config.modem, port=port, interface=""))
    parts = Parts(SystemClock(), Notifier({}), opener=opener, exit=lambda _code: None)  # type: ignore[arg-type]
    return Daemon(config, parts)


def uplink_runs(daemon: Daemon) -> bool:
    return any(worker.name == "uplink" and worker.progress.steps > 0 for worker in daemon.workers)


def test_nothing_is_sent_before_the_first_word_about_the_card(tmp_path: Path) -> None:
    asked, let_go = threading.Event(), threading.Event()

    def opener(device: str) -> Port:
        asked.set()
        let_go.wait(30)
        raise PortMissing(f"{device}: not there")

    with centre() as (number, called), running(built(tmp_path, number, "/dev/none", opener)) as daemon:
        try:
            assert asked.wait(10)
            assert not called.is_set()
            assert not uplink_runs(daemon)
        finally:
            let_go.set()
        eventually(called.is_set, "a port that is missing is word enough")


def test_after_a_card_was_known_a_modem_that_is_still_coming_up_is_no_word(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    store = PlanStore(tmp_path / "state" / "plan.db")
    store.keep("pair", {"terminal": "shop-1", "iccid": "89860400000000000002", "imei": ""})
    store.close()

    with VirtualModem("healthy-lte") as device:
        tries: list[str] = []

        def opener(name: str) -> Port:
            tries.append(name)
            if len(tries) < 2:
                raise PortMissing(f"{name}: not there yet")
            return SerialPort(name, 115200)

        with centre() as (number, called), running(built(tmp_path, number, device, opener)) as daemon:
            assert called.wait(60)
            assert daemon.watch.now is not None
            assert daemon.watch.now.snapshot.sim.changed is True


@pytest.mark.parametrize("swapped", [False, True])
def test_a_swap_is_on_the_disk_before_the_first_byte_is_sent(tmp_path: Path, swapped: bool) -> None:
    (tmp_path / "state").mkdir()
    if swapped:
        store = PlanStore(tmp_path / "state" / "plan.db")
        store.keep("pair", {"terminal": "shop-1", "iccid": "89860400000000000002", "imei": ""})
        store.close()
    with centre() as (number, called), VirtualModem("healthy-lte") as device:
        with running(built(tmp_path, number, device, lambda name: SerialPort(name, 115200))) as daemon:
            assert called.wait(30)
            situation = daemon.watch.now
            assert situation is not None
            assert situation.snapshot.sim.changed is swapped
        view = SqliteView(tmp_path / "state" / "outbox.db")
        told = [json.loads(entry.record.body)["type"] for entry in view.entries(50)]
        view.close()
    assert told.index("card") < told.index("heartbeat")
