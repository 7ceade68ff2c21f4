"""The card comes first: nothing is sent before it is known which one is in, and a swap is on the disk by then."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.daemon import Daemon, Parts
from agent.outbox.sqlite_view import SqliteView
from agent.plan.store import PlanStore
from agent.sdnotify import Notifier
from agent.settings import Config, PathsPart, Terminal, UplinkPart
from agent.worker import Worker
from agent.workers.uplink import UplinkBody
from modem.errors import PortMissing
from modem.port import Port, SerialPort
from modem.simulator import VirtualModem
from modem.simulator.persona import Change
from modem.simulator.tables import Table
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
        thread.join(60)


@dataclass
class Calls:
    """What `ask` said at each call."""

    ask: Callable[[], object] = lambda: None
    answers: list[object] = field(default_factory=list)


@contextmanager
def callers() -> Iterator[tuple[int, Calls]]:
    """A centre that hangs up on everybody."""
    calls = Calls()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                calls.answers.append(calls.ask())
                link.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join(60)


def counted(number: int, calls: Calls) -> int:
    """How many called so far, ourselves with them: callers are taken in turn, so nobody still waits."""
    with socket.create_connection(("127.0.0.1", number)) as own:
        assert own.recv(1) == b""
    return len(calls.answers)


def uplink_of(daemon: Daemon) -> Worker:
    return next(worker for worker in daemon.workers if worker.name == "uplink")


def send(daemon: Daemon) -> None:
    """Let it try now, and wait until that is over."""
    worker = uplink_of(daemon)
    body, steps = worker.body, worker.progress.steps
    assert isinstance(body, UplinkBody)
    body.send(force=True)
    eventually(
        lambda: worker.progress.steps > steps and not worker.progress.in_call and not body.mailbox.waiting(),
        "the uplink took it",
    )


@contextmanager
def running(daemon: Daemon) -> Iterator[Daemon]:
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        yield daemon
    finally:
        daemon.stop()
        thread.join(60)


def built(folder: Path, number: int, port: str, opener: "object") -> Daemon:
    (folder / "credential").touch(0o600)
    (folder / "credential").write_text(f"shop-1:{'A' * 43}\n")
    config = Config(
        terminal=Terminal(id="shop-1"),
        uplink=UplinkPart(url=f"http://127.0.0.1:{number}", credential_file=str(folder / "credential")),
        paths=PathsPart(state_dir=str(folder / "state"), run_dir=str(folder / "run")),
    )
    often = replace(config.sample, light_s=1, deep_s=5)
    config = replace(config, modem=replace(config.modem, port=port, interface=""), sample=often)
    parts = Parts(SystemClock(), Notifier({}), opener=opener, exit=lambda _code: None)  # type: ignore[arg-type]
    return Daemon(config, parts)


def tried(daemon: Daemon) -> bool:
    """Did the uplink begin an exchange?"""
    status = daemon.sending()
    return status is not None and status.last_attempt_at is not None


def test_nothing_is_sent_before_the_first_word_about_the_card(tmp_path: Path) -> None:
    asked, let_go = threading.Event(), threading.Event()

    def opener(device: str) -> Port:
        asked.set()
        let_go.wait(60)
        raise PortMissing(f"{device}: not there")

    with centre() as (number, called), running(built(tmp_path, number, "/dev/none", opener)) as daemon:
        try:
            assert asked.wait(60)
            assert not called.is_set()
            assert not tried(daemon)
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
            assert called.wait(60)
            situation = daemon.watch.now
            assert situation is not None
            assert situation.snapshot.sim.changed is swapped
        view = SqliteView(tmp_path / "state" / "outbox.db")
        told = [json.loads(entry.record.body)["type"] for entry in view.entries(50)]
        view.close()
    assert told.index("card") < told.index("heartbeat")


def test_a_card_that_is_swapped_under_the_running_daemon_is_known_before_the_next_byte(tmp_path: Path) -> None:
    scenario = tmp_path / "swap.toml"
    scenario.write_text('[modem]\npersona = "quectel-ec20"\n')
    modem = VirtualModem(str(scenario))
    with modem as device, callers() as (number, calls):
        daemon = built(tmp_path, number, device, lambda name: SerialPort(name, 115200))
        calls.ask = lambda: daemon.watch.now is not None and daemon.watch.now.snapshot.sim.changed
        with running(daemon):
            eventually(lambda: calls.answers, "the centre is called with the first card")
            modem.cue(Change(0.0, Table({"sim": "busy"}, "out"), ("+CPIN: NOT READY",)))
            eventually(lambda: daemon.card.opens() is not None, "the modem's word is a doubt")
            eventually(lambda: not uplink_of(daemon).progress.in_call, "what had begun before the doubt is over")
            before = counted(number, calls) + 1
            send(daemon)
            assert counted(number, calls) == before, "nobody but ourselves"
            modem.cue(Change(0.0, Table({"sim": "ready", "iccid": "89860000000000000077"}, "in"), ("+CPIN: READY",)))
            eventually(lambda: daemon.card.opens() is None, "a look named the card", within_s=120)
            send(daemon)
            eventually(lambda: len(calls.answers) > before, "then it goes on")
    assert calls.answers[:before] == [False] * before
    assert set(calls.answers[before:]) == {True}
