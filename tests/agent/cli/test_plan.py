"""`posagent plan`: what is known, from where, how old; changed by hand, through the daemon or without one."""

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.cli.plan import lines
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess
from tests.fakes.eventually import eventually


def agent_in(folder: Path, plan: str = "", port: str = "/dev/null") -> AgentProcess:
    agent = AgentProcess(folder, port, uplink=f"[plan]\n{plan}" if plan else "")
    agent.write_config()
    return agent


@pytest.fixture
def idle(tmp_path: Path) -> AgentProcess:
    """A terminal whose daemon does not run."""
    return agent_in(tmp_path, 'quota_mb = 30\nask = "off"')


def call(agent: AgentProcess, *words: str) -> int:
    return main(["plan", *words, "--config", str(agent.config), "--lang", "en"])


def told(agent: AgentProcess, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    main(["plan", "--json", "--config", str(agent.config)])
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def test_what_is_set_by_hand_is_shown_with_its_source_and_age(
    idle: AgentProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(idle, "set", "expires_on=2027-11-30", "balance=12.30", "used_mb=4.5") == 0
    assert "kept: expires_on, balance, used_mb" in capsys.readouterr().out
    call(idle)
    shown = capsys.readouterr().out
    assert "end 2027-11-30: by hand, rank 2, today" in shown
    assert "quota 30.0 MB: configuration" in shown
    plan = told(idle, capsys)
    assert plan["expires_on"] == "2027-11-30"
    assert {fact["fact"]: fact["source"] for fact in plan["facts"]}["used_bytes"] == "manual"


@pytest.mark.parametrize(
    "words",
    [
        ("set", "expires_on=2027-02-30"),
        ("set", "expires_on"),
        ("set", "colour=red"),
        ("set", "balance=lots"),
        ("set", "quota_mb=-1"),
        ("set", "quota_mb=NaN"),
        ("forget", "colour"),
        ("accept", "--iccid", "12345"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    idle: AgentProcess, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert call(idle, *words) == 2
    assert told(idle, capsys)["words"] == []


def test_forgetting_leaves_the_configuration(idle: AgentProcess, capsys: pytest.CaptureFixture[str]) -> None:
    call(idle, "set", "quota_mb=99")
    assert told(idle, capsys)["quota_bytes"] == 99 * 2**20
    assert call(idle, "forget", "quota_bytes") == 0
    assert told(idle, capsys)["quota_bytes"] == 30 * 2**20


def test_a_card_that_is_to_come_can_be_accepted_beforehand(
    idle: AgentProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(idle, "accept", "--iccid", "89860400000000000002") == 0
    assert "Unbind it on the platform before moving it" in capsys.readouterr().out
    assert told(idle, capsys)["card"]["expected_iccid"] == "89860400000000000002"


def test_without_daemon_and_modem_no_card_can_be_accepted_as_it_is_nor_a_renewal_proved(idle: AgentProcess) -> None:
    assert call(idle, "accept") == 11
    assert call(idle, "verify") == 11


def test_without_a_daemon_the_card_is_looked_at_directly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualModem("healthy-lte") as device:
        agent = agent_in(tmp_path, 'ask = "off"', device)
        assert call(agent, "accept") == 0
        assert call(agent, "verify", "--expires-on", "2027-11-30") == 4
    plan = told(agent, capsys)
    assert (plan["card"]["expected_iccid"], plan["card"]["by"]) == ("89860000000000000001", "accepted")
    assert (plan["proof"]["state"], plan["proof"]["reason"], plan["proof"]["tries"]) == ("pending", "no_word", 1)


def test_a_payment_comes_before_the_look(idle: AgentProcess, capsys: pytest.CaptureFixture[str]) -> None:
    (idle.run_dir / "hold").parent.mkdir(parents=True, exist_ok=True)
    with (idle.run_dir / "hold").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert call(idle, "verify") == 4
    assert "payment" in capsys.readouterr().err


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    with VirtualModem("healthy-lte") as device:
        folder = tmp_path_factory.mktemp("plan")
        agent = AgentProcess(folder, device, uplink='[plan]\nask = "off"\ngrace_days = 90\n')
        try:
            agent.start()
            eventually(lambda: agent.verdict() == "ok", "the verdict is ok")
            yield agent
        finally:
            agent.end()


def test_the_daemon_takes_what_is_set_and_shows_it_in_its_next_look(
    running: AgentProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(running, "set", "expires_on=2099-11-30") == 0
    eventually(lambda: (running.ask("plan") or {}).get("expires_on") == "2099-11-30", "the plan says so")
    plan = told(running, capsys)
    assert plan["card"]["changed"] is False
    assert plan["card"]["by"] == "first_seen"
    assert plan["asking"]["why"] == "off"


def test_accepting_names_card_and_modem(running: AgentProcess, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(running, "accept") == 0
    said = capsys.readouterr().out
    plan = told(running, capsys)
    assert plan["card"]["by"] == "accepted"
    assert plan["card"]["expected_iccid"] in said
    assert plan["card"]["expected_imei"] in said


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        ({"slot": 2, "state": "absent", "iccid": None}, "卡槽        1（另一张：空）"),
        ({"slot": 2, "state": "ready", "iccid": "8986"}, "卡槽        1（另一张：8986）"),
        ({"slot": 2, "state": "ready", "iccid": None}, "卡槽        1（另一张：有卡，卡号读不到）"),
        ({"slot": 2, "state": None, "iccid": None}, "卡槽        1（另一张：有卡，卡号读不到）"),
        ({"slot": 2, "state": "unknown", "iccid": None}, "卡槽        1（另一张：模块不告知）"),
        (None, "卡槽        1（另一张：模块不告知）"),
    ],
)
def test_of_two_slots_it_is_said_which_is_used_and_what_is_in_the_other(
    running: AgentProcess, other: dict[str, object] | None, shown: str
) -> None:
    plan = running.ask("plan")
    assert plan is not None
    card = {**plan["card"], "slot": 1, "other_slots": [other] if other else []}
    assert shown in [text for text, _ in lines({**plan, "card": card}, "zh")]


def test_a_proof_begins_once_and_then_is_shown(running: AgentProcess, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(running, "verify", "--expires-on", "2100-11-30") == 4
    assert "pending" in capsys.readouterr().out
    begun = told(running, capsys)["proof"]["started_at"]
    assert call(running, "verify") == 4
    assert told(running, capsys)["proof"]["started_at"] == begun
    assert call(running, "verify", "--expires-on", "soon") == 2
    assert call(running, "verify", "--cycle-radio") == 4
    assert told(running, capsys)["proof"]["started_at"] == begun


def test_orders_that_make_no_sense_are_refused_by_the_daemon(running: AgentProcess) -> None:
    assert call(running, "set", "colour=red") == 2
    assert call(running, "forget", "colour") == 2
    for op, more in (("plan_set", {"values": {"balance": 5}}), ("plan_verify", {"cycle_radio": "yes"})):
        assert running.ask(op, **more) is None
