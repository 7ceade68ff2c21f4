"""A terminal whose modem belongs to a real ModemManager: `posagent diag` and the daemon read through it."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from agent.cli import main
from agent.control import Refused, ask_daemon
from modem.modemmanager import ModemManager
from modem.modemmanager.manager import MODEM, NAME
from tests.fakes.agent_process import AgentProcess
from tests.fakes.eventually import eventually
from tests.fakes.modemmanager import VirtualPort, give_port, modem_manager, polkit, private_bus

BACKEND = 'backend = "modemmanager"\nmeasure_signal_s = 5'


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A bus with a ModemManager that has one modem, enabled as NetworkManager would."""
    with ExitStack() as stack:
        address = stack.enter_context(private_bus(tmp_path))
        stack.enter_context(polkit(address))
        name = f"posagent-{os.getpid()}-{tmp_path.name}"
        port = stack.enter_context(VirtualPort(getattr(request, "param", "healthy-lte"), name))
        stack.enter_context(modem_manager(address, tmp_path / "modemmanager.log"))
        give_port(address, port.name)
        manager = stack.enter_context(ModemManager(address))
        eventually(lambda: any(modem[MODEM].number("State") == 3 for modem in manager.modems()), "the modem is ready")
        manager.bus.call(NAME, manager.find().path, MODEM, "Enable", "b", (True,), 20.0)
        yield address


@pytest.mark.parametrize(
    ("address", "code", "exit_code"),
    [("healthy-lte", "ok", 0), ("denied", "registration.denied", 3)],
    indirect=["address"],
)
def test_diag_through_modemmanager(
    address: str,
    code: str,
    exit_code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[modem]\ninterface = ""\n{BACKEND}\n[paths]\nstate_dir = "{tmp_path}"\nrun_dir = "{tmp_path}"\n')
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    command = ["diag", "--json", "--no-network", "--config", str(file)]

    def judged() -> bool:
        exits.append(main(command))
        reports.append(json.loads(capsys.readouterr().out))
        return bool(reports[-1]["verdict"]["code"] == code)

    exits: list[int] = []
    reports: list[dict[str, dict[str, object]]] = []
    eventually(judged, code)
    assert exits[-1] == exit_code
    assert reports[-1]["modem"]["dialect"] == "modemmanager"
    assert reports[-1]["sim"]["iccid"] == "89860000000000000001"


def test_the_daemon_through_modemmanager(address: str, tmp_path: Path) -> None:
    agent = AgentProcess(tmp_path, "auto", modem=BACKEND, environment={"DBUS_SYSTEM_BUS_ADDRESS": address})
    try:
        agent.start()
        eventually(lambda: agent.verdict() == "ok", "the verdict is ok")
        with pytest.raises(Refused, match="ModemManager has the modem"):
            ask_daemon(agent.run_dir, {"op": "at", "commands": ["AT"]})
        code, _ = agent.stop()
        assert code == 0
    finally:
        agent.end()
