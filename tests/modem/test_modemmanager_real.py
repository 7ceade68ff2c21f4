"""A real ModemManager on a message bus of its own drives our virtual modem, and we read what it knows.

Neither sees this machine's devices or its system bus (tests/fakes/modemmanager.py).
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from modem.modemmanager import (
    DbusError,
    ModemManager,
    ModemObject,
    NoSuchModem,
    inhibited,
    messages,
    presence,
    readings,
)
from modem.modemmanager.manager import BEARER, MODEM, SIM
from modem.values import ContextActive, Iccid, Identity, Imsi, Operator, Registration, Sim
from tests.fakes.eventually import eventually
from tests.fakes.modemmanager import VirtualPort, give_port, modem_manager, polkit, private_bus

SETTLED = {-1, 2, 3, 8, 11}
"""MMModemState failed, locked, disabled, registered, connected: nothing more comes by itself."""


@dataclass
class Machine:
    address: str
    manager: ModemManager
    port: VirtualPort
    pid: int

    def modem(self, *states: int) -> ModemObject:
        """The modem, once it has reached one of these states."""
        found: ModemObject = eventually(lambda: self._in(set(states) or SETTLED), f"a modem in {states}")
        return found

    def _in(self, states: set[int]) -> ModemObject | None:
        return next((modem for modem in self.manager.modems() if modem[MODEM].number("State") in states), None)

    def enable(self) -> ModemObject:
        """As NetworkManager does, on behalf of the user."""
        modem = self.modem()
        self.manager.bus.call("org.freedesktop.ModemManager1", modem.path, MODEM, "Enable", "b", (True,), 20.0)
        return self.modem(8)


@pytest.fixture
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    scenario = getattr(request, "param", "healthy-lte")
    with ExitStack() as stack:
        address = stack.enter_context(private_bus(tmp_path))
        stack.enter_context(polkit(address))
        port = stack.enter_context(VirtualPort(scenario, f"posagent-{os.getpid()}-{tmp_path.name}"))
        pid = stack.enter_context(modem_manager(address, tmp_path / "modemmanager.log"))
        give_port(address, port.name)
        yield Machine(address, stack.enter_context(ModemManager(address)), port, pid)


def test_who_the_modem_is_and_which_port_it_uses(machine: Machine) -> None:
    modem = machine.modem(3)
    assert readings.identity(modem) == Identity("Quectel", "EC20F", "EC20CEFAGR06A05M4G", "867698040123450")
    assert [(used.device, used.kind) for used in modem.ports] == [(f"abstract:{machine.port.name}", "at")]
    assert machine.manager.find(modem.ports[0].device).path == modem.path
    assert machine.manager.version()


def test_the_card_its_numbers_and_the_tries_left(machine: Machine) -> None:
    modem = machine.modem(3)
    card = machine.manager.properties(modem[MODEM].path("Sim") or "", SIM)
    assert list(readings.card(modem, card)) == [
        Sim("ready", pin_retries=3, puk_retries=10),
        Iccid("89860000000000000001", "China Mobile"),
        Imsi("460000000000001", "China Mobile"),
    ]


def test_a_modem_that_nobody_enabled_tells_nothing_of_the_network(machine: Machine) -> None:
    modem = machine.modem(3)
    assert not readings.is_enabled(modem)
    assert list(readings.network(modem)) == []


def test_registration_operator_and_cell(machine: Machine) -> None:
    modem = machine.enable()
    said = list(readings.network(modem, machine.manager.location(modem)))
    registration = next(one for one in said if isinstance(one, Registration))
    assert (registration.domain, registration.status, registration.technology) == ("eps", "home", "lte")
    assert (registration.tac, registration.cell_id) == ("5A1B", "8C2D11B")
    assert next(one for one in said if isinstance(one, Operator)) == Operator(
        name="CHINA MOBILE", plmn="46000", technology="lte"
    )


def test_figures_come_once_it_was_asked_to_measure(machine: Machine) -> None:
    modem = machine.enable()
    assert list(readings.signals(modem)) == []
    machine.manager.watch_signal(modem, 5)
    lte = eventually(lambda: list(readings.signals(machine.modem(8))), "a figure")[0]
    assert (lte.technology, lte.rsrp_dbm, lte.rsrq_db, lte.quality) == ("lte", -95.0, -10.5, "good")


def test_a_connected_bearer(machine: Machine) -> None:
    modem = machine.enable()
    wanted = {"apn": ("s", "cmiot"), "ip-type": ("u", 4)}
    simple = "org.freedesktop.ModemManager1.Modem.Simple"
    machine.manager.bus.call("org.freedesktop.ModemManager1", modem.path, simple, "Connect", "a{sv}", (wanted,), 20.0)
    (path,) = machine.modem(11)[MODEM].paths("Bearers")
    said = list(readings.bearer(machine.manager.properties(path, BEARER), 1))
    assert ContextActive(1, active=True) in said
    assert any("ATD*99" in line for line in machine.port.heard)


@pytest.mark.parametrize("machine", ["low-balance-sms"], indirect=True)
def test_the_carriers_message_in_its_own_words(machine: Machine) -> None:
    machine.enable()
    (message,) = eventually(lambda: messages(machine.manager, machine.modem(8)), "the message is there")
    assert (message.sender, message.storage) == ("10086", "SM")
    assert "余额为2.35元" in str(message.text)
    assert str(message.time).endswith("+08")


@pytest.mark.parametrize("machine", ["sim-absent"], indirect=True)
def test_no_card(machine: Machine) -> None:
    modem = machine.modem(-1)
    assert readings.sim_state(modem) == "absent"


@pytest.mark.parametrize("machine", ["sim-pin"], indirect=True)
def test_a_card_that_wants_its_pin(machine: Machine) -> None:
    modem = machine.modem(2)
    assert next(readings.card(modem, machine.manager.properties(modem[MODEM].path("Sim") or "/x", SIM))) == Sim(
        "pin_required", pin_retries=3, puk_retries=10
    )


def test_presence_names_process_version_ports_and_device(machine: Machine) -> None:
    modem = machine.modem(3)
    seen = presence(machine.address)
    assert (seen.running, seen.pid) == (True, machine.pid)
    assert seen.ports == modem.ports
    assert seen.uids == ("/virtual/posagent",)
    assert seen.uses(modem.ports[0].device)
    assert not seen.uses("/dev/ttyUSB7")


def test_a_device_is_left_while_inhibited_and_taken_back_after(machine: Machine) -> None:
    uid = machine.modem(3).uid or ""
    with inhibited(uid, machine.address):
        assert presence(machine.address).ports == ()
        with pytest.raises(NoSuchModem):
            machine.manager.find()
    assert machine.modem(3).uid == uid


def test_an_inhibition_ends_with_whoever_asked_for_it(machine: Machine) -> None:
    uid = machine.modem(3).uid or ""
    lost = ModemManager(machine.address)
    lost.inhibit(uid, on=True)
    lost.close()  # as a process that was killed: nothing was taken back
    assert machine.modem(3).uid == uid


def test_a_device_that_it_does_not_have_cannot_be_inhibited(machine: Machine) -> None:
    with pytest.raises(DbusError, match=r"InhibitDevice"), inhibited("/sys/no/such/device", machine.address):
        pass
