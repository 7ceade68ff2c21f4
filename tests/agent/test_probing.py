"""Probes for a diagnosis that the daemon is asked for: on a thread of their own, one at a time, counted."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.assess.answer import Limits
from agent.assess.diagnosis import diagnose
from agent.clock import SystemClock
from agent.config import load
from agent.probing import Probed, Probing, with_network
from agent.recover.hold import HoldSettings, Line, Speaker
from agent.sample.base import Evidence, Reach
from agent.sample.modem import ModemPart
from agent.sample.net.part import NetPart
from agent.uplink.meter import Meter
from tests.fakes.no_threads import no_threads
from tests.fakes.snapshots import healthy

CLOCK = SystemClock()


@pytest.fixture
def listening() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield int(server.getsockname()[1])


def held_by_a_payment() -> Speaker:
    line = Line(HoldSettings(), CLOCK)
    line.take(60.0, 1)
    return Speaker(line, "probing")


def probing(tmp_path: Path, port: int, meter: Meter) -> Probing:
    path = tmp_path / "config.toml"
    path.write_text(f'[modem]\ninterface = ""\n[probe]\npayment_hosts = ["127.0.0.1:{port}"]\n', encoding="utf-8")
    return Probing(load(path), meter, CLOCK)


def test_the_answer_holds_what_the_probes_saw_and_cost(tmp_path: Path, listening: int) -> None:
    meter, answers, done = Meter(), list[Probed](), threading.Event()

    def told(probed: Probed) -> None:
        answers.append(probed)
        done.set()

    snapshot = replace(healthy(), reach=())
    assert probing(tmp_path, listening, meter).begin(snapshot, Limits(), ModemPart(), CLOCK.monotonic(), told)
    assert done.wait(60)
    assert [(reach.target, reach.ok) for reach in answers[0].snapshot.reach] == [("internet", True)]
    assert answers[0].cost_bytes == meter.snapshot()["probe"].total > 0
    assert diagnose(answers[0].snapshot).verdict.code == "ok"


def test_one_probing_at_a_time(tmp_path: Path, listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held, done = threading.Event(), threading.Event()

    def slow(*_: object) -> NetPart:
        held.wait(60)
        return NetPart()

    monkeypatch.setattr("agent.probing.look_behind_card", slow)
    one = probing(tmp_path, listening, Meter())

    def begin() -> bool:
        return one.begin(healthy(), Limits(), ModemPart(), CLOCK.monotonic(), lambda _: done.set())

    assert begin()
    assert not begin()
    held.set()
    assert done.wait(60)


def test_probes_are_newer_than_what_sending_showed() -> None:
    old = Evidence("reach.centre", "probe", "sending to the centre: timed out")
    snapshot = replace(healthy(), reach=(Reach("centre", ok=False),), evidence=(old,))
    net = NetPart((Reach("centre", ok=True, way="card"),), evidence=(Evidence("reach.centre", "probe", "answers"),))
    seen = with_network(snapshot, net, snapshot.taken_at)
    assert [reach.ok for reach in seen.reach] == [True]
    assert [item.text for item in seen.evidence] == ["answers"]


def test_nothing_is_sent_beside_a_payment(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    one = Probing(load(tmp_path / "config.toml"), Meter(), CLOCK, held_by_a_payment())
    assert not one.begin(healthy(), Limits(), ModemPart(), CLOCK.monotonic(), lambda _: None)


def test_where_there_is_no_thread_it_says_not_now_and_keeps_nothing_back(tmp_path: Path, listening: int) -> None:
    done = threading.Event()
    one = probing(tmp_path, listening, Meter())
    with no_threads():
        assert not one.begin(healthy(), Limits(), ModemPart(), CLOCK.monotonic(), lambda _: None)
    assert one.begin(healthy(), Limits(), ModemPart(), CLOCK.monotonic(), lambda _: done.set())
    assert done.wait(60)
