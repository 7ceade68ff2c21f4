"""Readings through ModemManager make the same part as asking the modem: with a real one, and with a pretended one for
what the real one does not do with virtual ports."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from agent.clock import Deadline, SystemClock
from agent.sample.modemmanager import ManagerLook, look_through_manager
from modem.modemmanager import ModemManager
from modem.modemmanager.manager import MODEM, NAME
from modem.values import Cause, Counters
from tests.fakes.eventually import eventually
from tests.fakes.modemmanager import (
    Handler,
    Refusal,
    VirtualPort,
    give_port,
    modem_manager,
    polkit,
    pretended,
    private_bus,
)

MODEM_PATH, SIM_PATH, BEARER_PATH = (f"/org/freedesktop/ModemManager1/{name}/0" for name in ("Modem", "SIM", "Bearer"))
WALL = 1_795_000_000.0


def looked(address: str, port: str = "auto", measure_every_s: int = 0) -> ManagerLook:
    clock = SystemClock()
    return look_through_manager(
        port, WALL, "deep", Deadline.after(20.0, clock), clock, measure_every_s=measure_every_s, address=address
    )


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    with private_bus(tmp_path) as address:
        yield address


def real_look(
    tmp_path: Path,
    scenario: str,
    until: Callable[[ManagerLook], bool],
    *,
    enabled: bool = False,
    measure_every_s: int = 0,
) -> ManagerLook:
    """What we see of a real ModemManager's modem, once it is as far as `until` wants."""
    with ExitStack() as stack:
        address = stack.enter_context(private_bus(tmp_path))
        stack.enter_context(polkit(address))
        port = stack.enter_context(VirtualPort(scenario, f"posagent-{os.getpid()}-{tmp_path.name}"))
        stack.enter_context(modem_manager(address, tmp_path / "log"))
        give_port(address, port.name)
        if enabled:
            _enable(stack.enter_context(ModemManager(address)))
        found: ManagerLook = eventually(lambda: _as_far(looked(address, "auto", measure_every_s), until), scenario)
        return found


def _as_far(look: ManagerLook, until: Callable[[ManagerLook], bool]) -> ManagerLook | None:
    return look if until(look) else None


def _enable(manager: ModemManager) -> None:
    """As NetworkManager does, once the modem is ready (state "disabled")."""
    eventually(lambda: any(modem[MODEM].number("State") == 3 for modem in manager.modems()), "the modem")
    manager.bus.call(NAME, MODEM_PATH, MODEM, "Enable", "b", (True,), 20.0)


def _measured(look: ManagerLook) -> bool:
    return look.part.signal.rsrp_dbm is not None and look.part.network.operator_name is not None


def test_a_healthy_terminal_behind_a_real_modemmanager(tmp_path: Path) -> None:
    look = real_look(tmp_path, "healthy-lte", _measured, enabled=True, measure_every_s=5)
    part = look.part
    assert part.port.answers
    assert (part.modem.manufacturer, part.modem.model, part.modem.imei) == ("Quectel", "EC20F", "867698040123450")
    assert (part.modem.dialect, part.modem.functionality) == ("modemmanager", 1)
    assert (part.sim.state, part.sim.iccid, part.sim.imsi) == ("ready", "89860000000000000001", "460000000000001")
    assert (part.sim.issuer, part.sim.pin_retries) == ("China Mobile", 3)
    assert (part.network.registration, part.network.domains["eps"]) == ("home", "home")
    assert (part.network.operator_name, part.network.operator_plmn) == ("CHINA MOBILE", "46000")
    assert part.network.technology == "lte"
    assert part.network.cell is not None
    assert (part.network.cell.tac, part.network.cell.cell_id) == ("5A1B", "8C2D11B")
    assert (part.signal.rsrp_dbm, part.signal.rsrq_db, part.signal.quality) == (-95.0, -10.5, "good")
    assert part.data.attached
    assert part.network_time is not None
    assert {"sim.state", "network.registration", "signal"} <= {seen.about for seen in part.evidence}


def test_a_card_that_a_real_modemmanager_misses(tmp_path: Path) -> None:
    part = real_look(tmp_path, "sim-absent", lambda look: look.part.sim.state != "unknown").part
    assert (part.sim.state, part.network.registration) == ("absent", "unknown")
    assert "sim-missing" in next(seen.text for seen in part.evidence if seen.about == "sim.state")


def test_a_modem_that_nobody_enabled_is_not_called_unregistered(tmp_path: Path) -> None:
    part = real_look(tmp_path, "healthy-lte", lambda look: look.part.sim.iccid is not None).part
    assert part.network.registration == "unknown"
    assert part.sim.state == "ready"
    assert any("does not watch the network" in seen.text for seen in part.evidence)


def test_a_network_that_refuses_a_real_modemmanager(tmp_path: Path) -> None:
    part = real_look(tmp_path, "denied", lambda look: look.part.network.registration != "unknown", enabled=True).part
    assert part.network.registration in ("searching", "denied")
    assert part.network.domains["eps"] is None


def test_without_polkits_leave_a_real_modemmanager_still_tells_its_properties(tmp_path: Path) -> None:
    allowed = [True]
    with ExitStack() as stack:
        address = stack.enter_context(private_bus(tmp_path))
        stack.enter_context(polkit(address, lambda _action: allowed[0]))
        port = stack.enter_context(VirtualPort("healthy-lte", f"posagent-{os.getpid()}-{tmp_path.name}"))
        stack.enter_context(modem_manager(address, tmp_path / "log"))
        give_port(address, port.name)
        _enable(stack.enter_context(ModemManager(address)))
        allowed[0] = False
        part = looked(address, measure_every_s=5).part
    assert part.sim.iccid == "89860000000000000001"
    refused = {seen.about for seen in part.evidence if seen.text.endswith("(we may not)")}
    assert refused == {"network.cell", "signal", "clock"}


# what a virtual port never shows: typed properties as the D-Bus API has them, on the same kind of bus


def described(**more: dict[str, tuple[str, Any]]) -> dict[str, dict[str, dict[str, tuple[str, Any]]]]:
    """A registered LTE modem with a bearer; `more` replaces properties, by the last word of the interface's name."""
    modem = {
        MODEM: {
            "State": ("i", 11), "StateFailedReason": ("u", 0), "UnlockRequired": ("u", 1), "PowerState": ("u", 3),
            "AccessTechnologies": ("u", 1 << 14), "Sim": ("o", SIM_PATH), "Bearers": ("ao", [BEARER_PATH]),
            "Ports": ("a(su)", [("ttyUSB2", 3), ("ttyUSB3", 9), ("wwan0", 2), ("cdc-wdm0", 6)]),
            "PrimaryPort": ("s", "cdc-wdm0"), "Model": ("s", "EC25"), "SignalQuality": ("(ub)", (60, True)),
            "UnlockRetries": ("a{uu}", {2: 3, 4: 999}),
        },
        f"{MODEM}.Modem3gpp": {"RegistrationState": ("u", 1), "OperatorCode": ("s", "46001")},
        f"{MODEM}.Signal": {"Rate": ("u", 0), "Lte": ("a{sv}", {})},
    }  # fmt: skip
    bearer = {
        f"{NAME}.Bearer": {
            "Connected": ("b", True), "Interface": ("s", "wwan0"), "ProfileId": ("i", 1),
            "Ip4Config": ("a{sv}", {"address": ("s", "10.9.8.7"), "dns1": ("s", "10.9.8.1")}),
            "Properties": ("a{sv}", {"apn": ("s", "cmiot"), "ip-type": ("u", 4)}),
            "Stats": ("a{sv}", {"rx-bytes": ("t", 1000), "tx-bytes": ("t", 200)}),
        }
    }  # fmt: skip
    objects = {MODEM_PATH: modem, SIM_PATH: {f"{NAME}.Sim": {}}, BEARER_PATH: bearer}
    for faces in objects.values():
        for name, values in faces.items():
            values.update(more.get(name.rpartition(".")[2], {}))
    return objects


def pretended_look(bus: str, port: str = "auto", measure_every_s: int = 0, **more: Any) -> ManagerLook:
    methods: dict[str, Handler] = {name: more.pop(name) for name in list(more) if callable(more[name])}
    with pretended(bus, described(**more), **methods):
        return looked(bus, port, measure_every_s)


def test_a_bearer_gives_address_interface_and_counters(bus: str) -> None:
    look = pretended_look(bus)
    (context,) = look.part.data.contexts
    assert (context.cid, context.apn, context.type, context.active) == (1, "cmiot", "IPV4V6", True)
    assert (context.addresses, context.dns) == (("10.9.8.7",), ("10.9.8.1",))
    assert look.interface == "wwan0"
    assert look.port.device == "/dev/cdc-wdm0"
    assert look.part.counters == (Counters(1000, 200, 1, "session"),)


def test_a_refusal_by_the_network_has_its_layer_and_number(bus: str) -> None:
    rejection = ("a{sv}", {"error": ("u", 8), "access-technology": ("u", 1 << 14), "operator-id": ("s", "46001")})
    part = pretended_look(
        bus,
        Modem={"State": ("i", 6), "AccessTechnologies": ("u", 0)},
        Modem3gpp={"RegistrationState": ("u", 3), "NetworkRejection": rejection},
    ).part
    assert part.network.registration == "denied"
    assert part.network.reject_cause is not None
    assert (part.network.reject_cause.layer, part.network.reject_cause.number) == ("emm", 8)


def test_why_a_connection_failed_is_a_session_cause_of_the_past(bus: str) -> None:
    name = f"{NAME}.Error.MobileEquipment.ServiceOptionNotSubscribed"
    part = pretended_look(
        bus, Bearer={"Connected": ("b", False), "ConnectionError": ("(ss)", (name, "not subscribed"))}
    ).part
    assert part.data.last_error == Cause("esm", 33, part.data.last_error and part.data.last_error.text, True)
    assert part.counters == ()


def test_a_percentage_is_evidence_and_no_figure(bus: str) -> None:
    part = pretended_look(bus).part
    assert part.signal.rssi_dbm is part.signal.rsrp_dbm is part.signal.quality is None
    assert any("60 %" in seen.text for seen in part.evidence if seen.about == "signal")


def test_it_is_asked_to_measure_only_where_nobody_has_and_only_when_told(bus: str) -> None:
    asked: list[int] = []

    def setup(_path: str, every_s: int) -> tuple[str, tuple[Any, ...]]:
        asked.append(every_s)
        return "", ()

    pretended_look(bus, Setup=setup)
    pretended_look(bus, Setup=setup, measure_every_s=30, Signal={"Rate": ("u", 5)})
    assert asked == []
    pretended_look(bus, Setup=setup, measure_every_s=30)
    assert asked == [30]


def test_what_polkit_forbids_costs_its_own_field_only(bus: str) -> None:
    def refuse(*_: object) -> tuple[str, tuple[Any, ...]]:
        raise Refusal("org.freedesktop.DBus.Error.AccessDenied", "no")

    part = pretended_look(bus, Setup=refuse, measure_every_s=30).part
    assert part.network.registration == "home"
    assert any(seen.text == "Modem.Signal.Setup → (we may not)" for seen in part.evidence)


@pytest.mark.parametrize("port", ["/dev/ttyUSB2", "/dev/ttyUSB3", "/dev/cdc-wdm0", "auto"])
def test_a_modem_is_found_by_any_of_its_ports(bus: str, port: str) -> None:
    assert pretended_look(bus, port).part.modem.model == "EC25"


def test_a_port_of_no_modem_is_a_port_that_is_missing(bus: str) -> None:
    look = pretended_look(bus, "/dev/ttyUSB9")
    assert (look.port.device, look.port.problem) == ("/dev/ttyUSB9", "missing")
    assert "none of ModemManager's modems" in look.evidence[0].text


def test_without_modemmanager_there_is_no_port(bus: str) -> None:
    look = looked(bus)
    assert (look.port.problem, look.evidence[0].text) == ("missing", "ModemManager does not run")


def test_properties_of_wrong_types_are_not_known(bus: str) -> None:
    odd = {"State": ("s", "registered"), "Ports": ("s", "x"), "Sim": ("u", 3), "Model": ("s", "\x1b[2J\u202e")}
    look = pretended_look(bus, Modem={**odd, "AccessTechnologies": ("s", "lte"), "Bearers": ("au", [1, 2])})
    assert look.port.problem is None
    assert look.part.sim.state == look.part.network.registration == "unknown"
    assert look.part.modem.model == "\\x1b[2J\\u202e"
    assert look.part.data.contexts == ()
