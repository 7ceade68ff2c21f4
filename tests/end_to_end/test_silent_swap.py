"""A modem that is itself a router says nothing of a swap, and the terminal's link stays as it was: not one byte of a
report leaves between the swap and its naming, whichever way reports go.

A real daemon, a real centre, and a virtual modem that can be made to hesitate. Counted are reports at the centre, bytes
at the agent's own sockets, and what its transport is given to send at all.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agent import build, daemon
from agent.clock import Deadline, SystemClock
from agent.daemon import Daemon, Parts
from agent.outbox.sqlite_view import SqliteView
from agent.sdnotify import Notifier
from agent.settings import Config, PathsPart, Terminal, UplinkPart
from agent.wire import Answer
from agent.workers import card_gate
from agent.workers.uplink import UplinkBody
from central.store.sqlite import SqliteStore
from modem.simulator import VirtualModem
from modem.simulator.persona import Change
from modem.simulator.tables import Table
from tests.central.helpers import registered
from tests.fakes.eventually import eventually
from tests.fakes.forked_centre import ForkedCentre
from tests.fakes.http_server import AUTHORITY
from tests.fakes.roads import ROADS, Road

TERMINAL = "t-1"
OURS, THEIRS = "89860000000000000001", "89860000000000000077"


class Ahead(SystemClock):
    """Time may leap: what is under test lies in between."""

    ahead_s = 0.0

    def wall(self) -> float:
        return super().wall() + self.ahead_s

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


class Router:
    """A modem whose answers can be held back, and whose card can be changed meanwhile."""

    def __init__(self, folder: Path) -> None:
        (folder / "router.toml").write_text(f'[modem]\npersona = "quectel-ec20"\n[state]\niccid = "{OURS}"\n')
        self.modem = VirtualModem(folder / "router.toml", trace=self._trace)
        self.heard: list[bytes] = []
        self.hesitates = threading.Event()
        self._answers = threading.Event()
        self._answers.set()

    def _trace(self, direction: str, data: bytes) -> None:
        if direction == ">":
            self.heard.append(data)
            if not self._answers.is_set():
                self.hesitates.set()
            self._answers.wait(600.0)

    def hold(self) -> None:
        self._answers.clear()

    def swap(self) -> None:
        """While it hesitates, and nobody else plays. Not a word about it."""
        self.modem.player.play(Change(0.0, Table({"iccid": THEIRS}, "swap")), self.modem.now)

    def go_on(self) -> None:
        self._answers.set()


class Shop:
    def __init__(self, folder: Path, road: Road, port: str, heartbeat_s: int) -> None:
        self.folder = folder
        self.clock = clock = Ahead()
        self.named = False
        self.batches: list[tuple[bool, dict[str, Any]]] = []
        """Each that was handed over for sending: was the swap on the disk by then, and what it said."""
        lean = replace(UplinkPart(), url=road.url, credential_file=str(folder / "credential"), ca_file=str(AUTHORITY))
        config = Config(
            terminal=Terminal(id=TERMINAL),
            uplink=replace(lean, heartbeat_s=heartbeat_s, budget_mb=10_000, retry_first_s=1, retry_cap_s=1),
            paths=PathsPart(state_dir=str(folder / "state"), run_dir=str(folder / "run")),
        )
        seldom = replace(config.sample, light_s=36_000, deep_s=10)
        config = replace(config, modem=replace(config.modem, port=port, interface="lo"), sample=seldom)
        # what lasts for a while before it is told (this link has no address of the modem's) is never told
        self.daemon = Daemon(config, Parts(clock, Notifier({}), exit=lambda _code: None, hurry=1e-9))
        self.uplink = next(worker for worker in self.daemon.workers if worker.name == "uplink")
        assert isinstance(self.uplink.body, UplinkBody)
        self.idle = self.uplink.body.idle

    def note(self, batch: bytes) -> None:
        self.batches.append((self.is_named(), json.loads(batch)))

    def is_named(self) -> bool:
        """Is the swap on the disk, or was it already told?"""
        view = SqliteView(self.folder / "state" / "outbox.db")
        waiting = [json.loads(entry.record.body) for entry in view.entries(1000)]
        view.close()
        self.named = self.named or any(
            record["type"] == "card" and record["body"]["iccid"] == THEIRS for record in waiting
        )
        return self.named

    def spent(self) -> dict[str, int]:
        """Bytes by purpose, both ways, headers too."""
        status = self.daemon.sending()
        return {purpose: traffic.total for purpose, traffic in status.traffic.items()} if status else {}

    def has_sent_all(self) -> bool:
        status = self.daemon.sending()
        return self.idle.is_set() and status is not None and status.sent > 1 and not status.failures

    def is_quiet(self) -> bool:
        """The gate is closed, and nothing is on its way."""
        return self.daemon.card.opens() is not None and not self.uplink.progress.in_call


@contextmanager
def running(daemon: Daemon) -> Iterator[None]:
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        yield
    finally:
        daemon.stop()
        thread.join(600)


def spied(monkeypatch: pytest.MonkeyPatch, shops: list[Shop]) -> None:
    """Whoever is built notes what it is given to send, at the very moment."""
    made = build.transport

    def spying(*arguments: Any, **named: Any) -> Any:
        line = made(*arguments, **named)
        send = line.send

        def noted(batch: bytes, deadline: Deadline) -> Answer:
            shops[0].note(batch)
            return send(batch, deadline)

        monkeypatch.setattr(line, "send", noted)
        return line

    monkeypatch.setattr(build, "transport", spying)


def stored(database: Path) -> list[tuple[str, dict[str, Any]]]:
    """What the centre has: type and body."""
    store = SqliteStore(database)
    try:
        return [(row.type, json.loads(row.body)) for row in asyncio.run(store.reports(TERMINAL, limit=1000))]
    finally:
        store.close()


@contextmanager
def shop_by(
    way: str, folder: Path, monkeypatch: pytest.MonkeyPatch, heartbeat_s: int = 2
) -> Iterator[tuple[Shop, Router]]:
    """It has reported; the daemon is stopped at the end."""
    router, shops, database = Router(folder), list[Shop](), folder / "central.db"
    (credential,) = registered(database, TERMINAL)
    (folder / "credential").touch(0o600)
    (folder / "credential").write_text(credential)
    spied(monkeypatch, shops)
    for room, name in ((card_gate, "CARD_FIRST_S"), (daemon, "LAST_WORD_S"), (daemon, "STOP_S")):
        monkeypatch.setattr(room, name, 3600.0)  # a busy machine has time
    monkeypatch.setattr(card_gate, "SEEN_S", 900.0)
    with ExitStack() as held:
        road = held.enter_context(ROADS[way](folder, Random(1), 0.0))
        centre = held.enter_context(ForkedCentre(database, ("--rate-per-minute", "0", *road.flags)))
        road.lead_to(centre.port)
        if broker := road.broker:
            eventually(lambda: "SUBSCRIBE" in broker.log(), "the centre listens there")
        shops.append(shop := Shop(folder, road, held.enter_context(router.modem), heartbeat_s))
        held.enter_context(running(shop.daemon))
        held.callback(router.go_on)
        eventually(lambda: len(stored(database)) > 1, f"reports come; {shop.daemon.sending()}")
        yield shop, router


@pytest.mark.parametrize("way", ["https", "coap", "mqtt"])
def test_not_one_byte_leaves_between_a_silent_swap_and_its_naming(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop_by(way, tmp_path, monkeypatch) as (shop, router):
        database = tmp_path / "central.db"
        router.hold()
        shop.clock.ahead_s += 2 * card_gate.SEEN_S
        eventually(lambda: shop.is_quiet() and router.hesitates.is_set(), "the card is asked for before the next one")
        sent, spent, known = len(shop.batches), shop.spent(), len(stored(database))
        router.swap()
        shop.uplink.body.wake()
        eventually(shop.is_quiet, "nor does a nudge make it talk")
        assert not shop.is_named()
        assert (len(shop.batches), shop.spent(), len(stored(database))) == (sent, spent, known)
        router.go_on()
        eventually(lambda: len(stored(database)) > known, "then it goes on")
    after = shop.batches[sent:]
    assert [named for named, _ in after] == [True] * len(after)
    told = [(record["type"], record["body"]) for record in after[0][1]["records"]]
    assert ("verdict", "sim.changed") in [(kind, body.get("code")) for kind, body in told]
    assert [body["iccid"] for kind, body in told if kind == "card"] == [THEIRS]


def test_the_last_word_goes_over_a_card_that_is_seen_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop_by("https", tmp_path, monkeypatch, heartbeat_s=7200) as (shop, router):
        eventually(shop.has_sent_all, "all is sent")
        router.heard.clear()
        shop.clock.ahead_s += 2 * card_gate.SEEN_S
    assert b"AT+QCCID\r" in router.heard
    assert "stopped" in [kind for kind, _ in stored(tmp_path / "central.db")]
