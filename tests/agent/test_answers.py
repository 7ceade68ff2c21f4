"""What the control socket answers for a diagnosis: what is asked of the modem, and what comes back. No socket."""

from pathlib import Path

import pytest

from agent.answers import Answers, Asked
from agent.control import Json
from agent.outbox.batch import BatchingOutbox
from agent.outbox.memory import MemoryOutbox
from agent.plan.ledger import Ledger
from agent.sample.base import Evidence, PortView, SimView
from agent.sample.modem import ModemPart
from agent.settings import Config, PathsPart
from agent.settings import ModemPart as ModemSection
from agent.state import Kept
from agent.status import message, status
from agent.uplink.meter import Meter
from agent.watch import Watch, WatchSettings
from agent.workers.orders import Look, LookNow, Order
from modem.recording import Recording
from tests.fakes.clock import FakeClock

KEY = "ab" * 32


class Bench:
    """Answers, with a modem that takes orders and looks when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock(wall_now=1_795_284_000.0)
        self.orders: list[Order] = []
        self.heard: list[Json] = []
        config = Config(modem=ModemSection(interface=""), paths=PathsPart(state_dir=str(folder), run_dir=str(folder)))
        self.watch = Watch(
            config, WatchSettings.of(config), self.clock, BatchingOutbox(MemoryOutbox()), Ledger(None), Meter(),
            lambda: None, Kept(),
        )  # fmt: skip
        self.answers = Answers(self, None, lambda lang=None: {}, self.watch, self.clock)

    def post(self, order: Order) -> bool:
        self.orders.append(order)
        return True

    def ask(self, op: str, **more: object) -> None:
        self.answers.take(Asked({"op": op, **more}, self.heard.append, self.clock.monotonic()))

    def look(self, sim: str = "ready", dialogue: Recording | None = None, *, told: bool = True) -> None:
        token = next((order.asked_by for order in self.orders if isinstance(order, LookNow)), None)
        seen = Evidence("sim.state", "at", "AT+CPIN? → +CME ERROR: 10", self.clock.wall())
        part = ModemPart(port=PortView(answers=True), sim=SimView(state=sim, iccid=None), evidence=(seen,))  # type: ignore[arg-type]
        look = Look(self.clock.wall(), "deep", PortView("/dev/x"), part, asked_by=token, dialogue=dialogue)
        if told:
            self.watch.take(look)
        self.answers.looked(look)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(("quick", "depth"), [(True, "light"), (False, "deep"), ("yes", "deep")])
def test_quick_asks_the_modem_for_little(bench: Bench, quick: object, depth: str) -> None:
    bench.ask("diag", quick=quick)
    (order,) = bench.orders
    assert isinstance(order, LookNow)
    assert (order.depth, order.listen) == (depth, False)


def test_no_network_means_no_probe_and_no_byte(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[object] = []
    monkeypatch.setattr("agent.probing.Probing.begin", lambda *_: began.append(1) or True)
    bench.ask("diag", network=False)
    bench.look()
    assert began == []
    assert bench.heard[0]["result"]["data_cost_bytes"] == 0
    bench.orders.clear()
    bench.ask("diag", network=True)
    bench.look()
    assert began == [1]


def test_the_verdict_comes_with_its_evidence(bench: Bench) -> None:
    bench.ask("diag", lang="en")
    bench.look(sim="absent")
    report = bench.heard[0]["result"]
    assert report["verdict"]["code"] == "sim.absent"
    assert report["findings"][0]["evidence"] == ["AT+CPIN? → +CME ERROR: 10"]
    assert "capture" not in report


def test_nothing_known_is_said_to_be_so(bench: Bench) -> None:
    bench.ask("usage")
    bench.ask("diag")
    bench.look(told=False)
    assert [answer["error"]["code"] for answer in bench.heard] == ["not_yet", "not_yet"]


@pytest.mark.parametrize("key", ["", "ab", 7, "zz" * 32, KEY + "ab", None])
def test_a_key_that_is_none_is_refused(bench: Bench, key: object) -> None:
    bench.ask("diag", dialogue_key=key)
    assert [answer["error"]["code"] for answer in bench.heard] == (["bad_request"] if key is not None else [])


def test_the_dialogue_is_about_somebody_else(bench: Bench) -> None:
    dialogue = Recording()
    dialogue.sent(b"AT+CCID\r")
    dialogue.received(b"\r\n+CCID: 89860012345678901234\r\n\r\nOK\r\n")
    bench.ask("diag", dialogue_key=KEY)
    bench.look(dialogue=dialogue)
    capture = bench.heard[0]["result"]["capture"]
    assert "AT+CCID" in capture
    assert "345678" not in capture


def test_status_and_message_carry_the_evidence_in_both_languages(bench: Bench) -> None:
    for _ in range(4):
        bench.clock.advance(60.0)
        bench.look(sim="absent")
    known = bench.watch.now
    for lang in ("zh", "en"):
        told = status(
            terminal="T1", lang=lang, now=0.0, started_at=0.0, situation=known, workers={}, outbox=None, held=0,
            uplink=None, next_heartbeat_s=None, troubles={},
        )  # fmt: skip
        (finding,) = [item for item in told["diag"]["findings"] if item["code"] == "sim.absent"]
        assert finding["evidence"] == ["AT+CPIN? → +CME ERROR: 10"]
    chinese, english = message(known).splitlines()
    assert chinese.endswith("【sim.absent】")
    assert english.endswith("(sim.absent)")
