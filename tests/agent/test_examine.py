"""One full look without the daemon, at virtual modems on real ptys and at ports that are not."""

import os
import threading
import tty
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent import examine as examine_module
from agent.clock import Deadline, SystemClock
from agent.examine import ExamineSettings, examine, examine_with_cost
from agent.examine_network import ProbeSettings
from agent.find_port import ask_all, choose
from agent.guess import remember
from agent.plan.ledger import Ledger
from agent.plan.plan import PlanSettings
from agent.sample.base import Snapshot
from modem.discover import Candidate, Probed
from modem.errors import PortBusy, PortLost, PortMissing
from modem.simulator import VirtualModem

CLOCK = SystemClock()
QUIET = ExamineSettings(interface="", command_timeout_s=10.0)


def look(port: str, settings: ExamineSettings = QUIET, *, quick: bool = False, seconds: float = 20.0) -> Snapshot:
    return examine(settings, CLOCK, Deadline.after(seconds, CLOCK), network=False, quick=quick, port=port)


@contextmanager
def dumb_pty(answer: bytes | None = None) -> Iterator[str]:
    """A port that says nothing, or the same to everything."""
    master, slave = os.openpty()
    tty.setraw(slave)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set() and os.read(master, 1024) != b"\0":
            if answer:
                os.write(master, answer)

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield os.ttyname(slave)
    finally:
        stop.set()
        os.write(slave, b"\0")
        server.join(60.0)
        os.close(slave)
        os.close(master)


def test_a_healthy_terminal_is_seen_whole() -> None:
    with VirtualModem("healthy-lte") as device:
        snapshot = look(device)
    assert (snapshot.port.device, snapshot.port.problem, snapshot.port.answers) == (device, None, True)
    assert (snapshot.sim.state, snapshot.network.registration, snapshot.data.attached) == ("ready", "home", True)
    assert snapshot.signal.rsrp_dbm is not None
    assert snapshot.clock.trusted is True
    assert snapshot.reach == ()


def test_a_data_only_card_is_at_home() -> None:
    with VirtualModem("data-only-card") as device:
        network = look(device).network
    assert (network.registration, network.domains["cs"]) == ("home", "denied")


@pytest.mark.parametrize(
    ("scenario", "state"), [("sim-absent", "absent"), ("sim-pin", "pin_required"), ("sim-puk", "puk_required")]
)
def test_the_state_of_the_card(scenario: str, state: str) -> None:
    with VirtualModem(scenario) as device:
        assert look(device).sim.state == state


def test_a_quick_look_asks_little() -> None:
    with VirtualModem("healthy-lte") as device:
        snapshot = look(device, quick=True)
    assert snapshot.network.registration == "home"
    assert snapshot.sim.iccid is None
    assert len([item for item in snapshot.evidence if item.source == "at"]) <= 5


def test_a_silent_port_is_called_so_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine_module, "START_S", 0.4)
    with dumb_pty() as device:
        snapshot = look(device)
    assert (snapshot.port.answers, snapshot.port.garbled, snapshot.port.problem) == (False, None, None)
    assert snapshot.about("port.answers")


def test_a_port_that_babbles_is_garbled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine_module, "START_S", 0.4)
    with dumb_pty(b"\xff\xfe$GPGGA,,,\r\n") as device:
        snapshot = look(device)
    assert (snapshot.port.answers, snapshot.port.garbled) == (None, True)


def test_a_port_that_is_not_there_is_missing(tmp_path: Path) -> None:
    snapshot = look(str(tmp_path / "ttyUSB7"))
    assert snapshot.port.problem == "missing"
    assert snapshot.about("port.problem")


def test_a_port_that_another_holds_is_busy() -> None:
    with VirtualModem("healthy-lte") as device:
        from modem.port import SerialPort

        with closing(SerialPort(device)):
            snapshot = look(device)
    assert snapshot.port.problem == "busy"


def test_the_port_is_free_again_afterwards() -> None:
    with VirtualModem("healthy-lte") as device:
        assert look(device).port.problem is None
        assert look(device).port.problem is None


def test_a_modem_that_disappears_leaves_a_snapshot() -> None:
    device = VirtualModem("healthy-lte")
    port = device.start()

    def unplug(step: str) -> None:
        if step.startswith("asking"):
            device.stop()

    snapshot = examine(QUIET, CLOCK, Deadline.after(20, CLOCK), network=False, port=port, progress=unplug)
    assert snapshot.port.problem in ("lost", "missing")


def test_nothing_that_looks_like_a_port_is_missing_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine_module, "_candidates", list)
    assert look("auto").port.problem == "missing"


def test_of_several_ports_the_one_that_answers_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine_module, "PROBE_S", 0.5)
    with dumb_pty() as silent, dumb_pty(b"$GPGGA\r\n") as babbling, VirtualModem("healthy-lte") as device:
        monkeypatch.setattr(
            examine_module, "_candidates", lambda: [Candidate(one) for one in (silent, babbling, device)]
        )
        snapshot = look("auto")
    assert (snapshot.port.device, snapshot.port.answers) == (device, True)


def test_a_silent_port_that_nothing_calls_a_modem_s_is_no_silent_modem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(examine_module, "PROBE_S", 0.2)
    monkeypatch.setattr(examine_module, "START_S", 0.2)
    settings = replace(QUIET, state_dir=tmp_path)
    with dumb_pty() as uart, dumb_pty() as usb:
        monkeypatch.setattr(examine_module, "_candidates", lambda: [Candidate(uart)])
        none = look("auto", settings)
        remember(tmp_path, uart)
        hangs = look("auto", settings)
        monkeypatch.setattr(examine_module, "_candidates", lambda: [Candidate(uart), Candidate(usb, vendor_id="2C7C")])
        (tmp_path / "modem-port").unlink()
        known = look("auto", settings)
    assert (none.port.problem, none.port.device) == ("missing", None)
    assert [one.text for one in none.evidence if one.about == "port.problem"] == [
        f"no modem found; no answer on {uart}"
    ]
    assert (hangs.port.problem, hangs.port.answers) == (None, False)
    assert (known.port.device, known.port.answers) == (usb, False)


def test_a_busy_port_is_named_when_none_answers() -> None:
    busy = PortBusy("held", "ModemManager (pid 612)")
    found: dict[str, Probed | PortLost] = {"a": Probed.SILENT, "b": busy, "c": PortMissing("gone")}
    assert choose("abc", found) == ("b", busy)
    assert choose("ac", found) == (None, None)


def test_a_probe_that_hangs_does_not_hold_up_the_others() -> None:
    release = threading.Event()

    def ask(device: str) -> Probed:
        if device == "hangs":
            release.wait()
        return Probed.ANSWERS

    try:
        found = ask_all(["hangs", "good"], 5.0, ask)
    finally:
        release.set()
    assert found == {"good": Probed.ANSWERS}


def test_plan_and_use_come_from_settings_and_ledger(tmp_path: Path) -> None:
    now = datetime.now(UTC).timestamp()
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        for step in (0, 1):
            ledger.observe("interface", "if3", step * 2**20, 0, now, 10.0 + step, "b")
    settings = ExamineSettings(
        interface="", plan=PlanSettings(expires_on=date.max.isoformat(), quota_mb=30), ledger=tmp_path / "ledger.db"
    )
    with VirtualModem("healthy-lte") as device:
        snapshot = look(device, settings)
    assert snapshot.usage.used_bytes == 2**20
    assert (snapshot.plan.quota_bytes, snapshot.plan.remaining_bytes) == (30 * 2**20, 29 * 2**20)
    assert snapshot.plan.state == "active"
    assert snapshot.about("plan.quota_bytes")[0].text == "quota_mb = 30"


def test_the_carrier_s_messages_on_the_card_tell_of_the_plan_unless_it_must_be_quick() -> None:
    with VirtualModem("plan-expired") as device:
        full, quick = look(device), look(device, quick=True)
    assert {fact.source for fact in full.plan.facts} == {"carrier_sms"}
    assert quick.plan.facts == ()


def test_messages_are_not_begun_with_the_time_nearly_up() -> None:
    with VirtualModem("plan-expired") as device:
        assert look(device, seconds=2.5).plan.facts == ()


def test_a_damaged_ledger_costs_the_use_only(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"rubbish" * 1000)
    settings = ExamineSettings(interface="", ledger=tmp_path / "ledger.db")
    with VirtualModem("healthy-lte") as device:
        snapshot = look(device, settings)
    assert snapshot.usage.used_bytes is None
    assert snapshot.network.registration == "home"
    assert (tmp_path / "ledger.db").read_bytes() == b"rubbish" * 1000


def test_knocking_at_the_centre_is_paid_for_and_not_done_when_forbidden() -> None:
    settings = ExamineSettings(
        interface="", probe=ProbeSettings(uplink_url="http://127.0.0.1:1"), command_timeout_s=10.0
    )
    with VirtualModem("healthy-lte") as device:
        allowed = examine_with_cost(settings, CLOCK, Deadline.after(20, CLOCK), port=device)
        forbidden = examine_with_cost(settings, CLOCK, Deadline.after(20, CLOCK), network=False, port=device)
    assert [(reach.target, reach.ok) for reach in allowed.snapshot.reach] == [("centre", False)]
    assert allowed.data_cost_bytes > 0
    assert (forbidden.snapshot.reach, forbidden.data_cost_bytes) == ((), 0)


def test_time_that_is_up_still_gives_a_snapshot() -> None:
    with VirtualModem("healthy-lte") as device:
        snapshot = look(device, seconds=0.0)
    assert snapshot.port.device == device
