"""What ModemManager knows of the modem, as the same `ModemPart` that asking the modem itself makes.

For terminals where ModemManager (and NetworkManager on top of it) has the modem: we open no port and send no AT.
All is read from its D-Bus properties; a part that cannot be had costs its own fields only. What it does not watch
(a modem that is not enabled) or cannot tell (temperature, voltage, the refusals of single questions) stays unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TypeVar

from agent.clock import Clock, Deadline
from agent.sample.base import Evidence, NetworkView, PortView
from agent.sample.modem import Depth, ModemPart, seconds_of
from agent.sample.readings import Heard, data_view, modem_view, network_view, signal_of, sim_view
from modem.frozen import dataclass
from modem.modemmanager import DbusError, ModemManager, ModemManagerAbsent, ModemObject, NoSuchModem, readings, tables
from modem.modemmanager.manager import BEARER, LOCATION, MODEM, MODEM_3GPP, SIGNAL, SIM, TIME
from modem.modemmanager.objects import Properties, integer
from modem.registration import STATUS, overall_registration
from modem.text import printable
from modem.values import Clock as ModemClock
from modem.values import Counters, Reading

DIALECT = "modemmanager"
UNASKED = ("modem.temperature_c", "modem.voltage_mv")
"""ModemManager's D-Bus API has no such thing."""
CALL_S = 5.0
MAX_BEARERS = 8
_MAX_QUOTE = 240
_UNKNOWN_STAT = 4
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ManagerLook:
    """One look through ModemManager."""

    port: PortView
    """`device` is the port that ModemManager uses; `problem` "missing": no ModemManager, or no modem in it."""
    part: ModemPart = field(default_factory=ModemPart)
    interface: str | None = None
    """The network interface of the connected bearer."""
    evidence: tuple[Evidence, ...] = ()
    """Why there is no part."""


def look_through_manager(
    port: str,
    wall: float,
    depth: Depth,
    deadline: Deadline,
    clock: Clock,
    *,
    measure_every_s: int = 0,
    address: str | None = None,
) -> ManagerLook:
    """`port`: which modem, by any of its ports, or "auto" for the first. `measure_every_s`: have ModemManager measure
    the signal, where nobody has yet (0: change nothing). Never raises."""
    named = None if port == "auto" else port
    try:
        with ModemManager(address) as manager:
            look = _Look(manager, manager.find(port), wall, deadline, clock)
            look.measure(measure_every_s)
            look.read(deep=depth == "deep")
            return look.result()
    except (ModemManagerAbsent, NoSuchModem) as absent:
        why = Evidence("port.problem", "modemmanager", printable(str(absent)), wall)
        return ManagerLook(PortView(named, problem="missing"), evidence=(why,))
    except DbusError as failed:
        why = Evidence("port.answers", "modemmanager", printable(str(failed)), wall)
        return ManagerLook(PortView(named), evidence=(why,))


@dataclass(slots=True)
class _Look:
    manager: ModemManager
    modem: ModemObject
    wall: float
    deadline: Deadline
    clock: Clock
    readings: list[Reading] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    interface: str | None = None

    def measure(self, every_s: int) -> None:
        """Modem.Signal measures for everybody or for nobody; a rate that somebody set is left alone."""
        if every_s and SIGNAL in self.modem.interfaces and not self.modem[SIGNAL].number("Rate"):
            self.tried("signal", "Modem.Signal.Setup", lambda _: self.manager.watch_signal(self.modem, every_s))

    def read(self, *, deep: bool) -> None:
        """What decides the verdict first."""
        self.card()
        self.network()
        self.signal()
        for place, path in enumerate(self.modem[MODEM].paths("Bearers")[:MAX_BEARERS], start=1):
            self.bearer(path, place)
        if deep and TIME in self.modem.interfaces:
            self.time()

    def card(self) -> None:
        said, path = self.modem[MODEM], self.modem[MODEM].path("Sim")
        sim = self.properties("sim.iccid", path, SIM) if path else None
        self.readings += [readings.identity(self.modem), *readings.power(self.modem)]
        self.readings += readings.card(self.modem, sim or Properties({}))
        self.note("modem.model", "Modem.Model", said.text("Model") or "(none)")
        reason = f" ({_word(tables.FAILED_REASON, said.number('StateFailedReason'))})" if self.failed() else ""
        lock = _word(tables.LOCK, said.number("UnlockRequired"))
        self.note("sim.state", "Modem.State", f"{self.state()}{reason}; Modem.UnlockRequired → {lock}")
        if sim and (number := sim.text("SimIdentifier")):
            self.note("sim.iccid", "Sim.SimIdentifier", number)

    def network(self) -> None:
        said = self.modem[MODEM_3GPP]
        location = None
        if (self.modem[LOCATION].number("Enabled") or 0) & tables.LOCATION_3GPP:
            location = self.tried("network.cell", "Modem.Location", lambda s: self.manager.location(self.modem, s))
        self.readings += readings.network(self.modem, location)
        if not readings.is_enabled(self.modem):
            self.note("network.registration", "Modem.State", f"{self.state()}: ModemManager does not watch the network")
            return
        stat = said.number("RegistrationState")
        refusal = said.table("NetworkRejection").number("error")
        cause = f"; NetworkRejection → error {refusal}" if refusal else ""
        self.note("network.registration", "Modem3gpp.RegistrationState", f"{stat} ({_word(STATUS, stat)}){cause}")

    def signal(self) -> None:
        found = list(readings.signals(self.modem))
        self.readings += found
        percent = self.modem[MODEM].pair("SignalQuality")
        if found:
            figures = ", ".join(f"{one.technology}: RSRP {one.rsrp_dbm}, RSSI {one.rssi_dbm} dBm" for one in found)
            self.note("signal", "Modem.Signal", figures)
        elif percent and readings.is_enabled(self.modem):
            age = "now" if percent[1] else "from an earlier measurement"
            self.note("signal", "Modem.SignalQuality", f"{integer(percent[0])} % {age}; Modem.Signal is not measured")

    def bearer(self, path: str, place: int) -> None:
        said = self.properties("data.contexts", path, BEARER)
        if said is None:
            return
        self.readings += readings.bearer(said, place)
        connected, interface = said.flag("Connected"), said.text("Interface", 15)
        self.note("data.contexts", "Bearer.Connected", f"{connected}; Bearer.Interface → {interface or '(none)'}")
        if connected and interface and self.interface is None:
            self.interface = interface
        if (failed := readings.connection_error(said)) and (pair := said.pair("ConnectionError")):
            self.note("data.last_error", "Bearer.ConnectionError", f"{pair[0]}: {failed.text}")

    def time(self) -> None:
        said = self.tried("clock", "Modem.Time", lambda s: self.manager.network_time(self.modem, s))
        self.readings += readings.clock(said)

    def properties(self, about: str, path: str, interface: str) -> Properties | None:
        short = interface.rpartition(".")[2]
        return self.tried(about, short, lambda s: self.manager.properties(path, interface, s))

    def tried(self, about: str, name: str, call: Callable[[float], T]) -> T | None:
        """The call's answer; None, and a note, when it was refused or failed, or there is no time left."""
        left = min(CALL_S, self.deadline.left(self.clock))
        if left <= 0:
            return None
        try:
            return call(left)
        except DbusError as failed:
            self.note(about, name, "(we may not)" if failed.forbidden else f"({failed})")
            return None

    def note(self, about: str, name: str, value: object) -> None:
        text = printable(f"{name} → {value}")
        cut = text if len(text) <= _MAX_QUOTE else text[: _MAX_QUOTE - 1] + "…"
        self.evidence.append(Evidence(about, "modemmanager", cut, self.wall))

    def failed(self) -> bool:
        return self.modem[MODEM].number("State") == tables.FAILED

    def state(self) -> str:
        return _word(tables.STATE, self.modem[MODEM].number("State"))

    def result(self) -> ManagerLook:
        heard = Heard(tuple(self.readings))
        network = self._decided(network_view(heard, overall_registration))
        clock = heard.first(ModemClock)
        part = ModemPart(
            port=PortView(answers=self._answers()),
            modem=modem_view(heard, DIALECT),
            sim=sim_view(heard, None),
            network=network,
            signal=signal_of(heard, network.technology),
            data=data_view(heard),
            counters=tuple(heard.all(Counters)),
            network_time=seconds_of(clock) if clock else None,
            evidence=tuple(self.evidence),
            unasked=UNASKED,
        )
        return ManagerLook(PortView(self.modem.primary_port), part, self.interface)

    def _decided(self, network: NetworkView) -> NetworkView:
        """Searching or denied with no radio in use is nobody's registration in particular, but it is one."""
        stat = self.modem[MODEM_3GPP].number("RegistrationState")
        if network.registration != "unknown" or not readings.is_enabled(self.modem) or stat in (None, _UNKNOWN_STAT):
            return network
        refusal = readings.rejection(self.modem[MODEM_3GPP])
        status = STATUS.get(stat or 0, "unknown")
        refused = status not in ("home", "roaming")
        return replace(network, registration=status, reject_cause=refusal[1] if refusal and refused else None)

    def _answers(self) -> bool | None:
        """ModemManager drops a modem that stops answering; one that it could never start may be mute."""
        state = self.modem[MODEM].number("State") or 0
        if self.failed():
            return True if readings.sim_state(self.modem) != "unknown" else None
        return True if state > 1 else None


def _word(words: Mapping[int, str], number: int | None) -> str:
    return words.get(number, str(number)) if number is not None else "(none)"
