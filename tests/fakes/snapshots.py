"""Snapshots as examples: a healthy terminal, and what is different when something is wrong."""

from dataclasses import replace
from typing import Any

from agent.sample.base import (
    ClockView,
    ContextView,
    DataView,
    Evidence,
    InterfaceView,
    ModemView,
    NetworkView,
    PlanFact,
    PlanView,
    PortView,
    Reach,
    SimView,
    Snapshot,
    UsageSource,
    UsageView,
)
from modem.values import Cause, CauseLayer, Cell, Domain, RegistrationStatus, Signal

TAKEN_AT = 1_795_284_000.0
"""2026-11-21T18:00:00Z"""
SESSION = ContextView(1, "IPV4V6", "cmiot", active=True, addresses=("10.1.2.3",), dns=("10.0.0.1",))
NO_SESSION = ContextView(1, "IPV4V6", "cmiot", active=False)
INTERFACE = InterfaceView("wwan0", up=True, addresses=("10.1.2.3",), default_route=True, rx_bytes=1, tx_bytes=2)


def unknown() -> Snapshot:
    """Nobody has looked at anything."""
    return Snapshot(TAKEN_AT)


def healthy() -> Snapshot:
    """A data-only card on LTE: circuit-switched registration is denied, and all is well."""
    return Snapshot(
        TAKEN_AT,
        port=PortView("/dev/ttyUSB2", answers=True, garbled=False),
        modem=ModemView(
            "Quectel", "EC20F", "EC20CEFAGR06A05M4G", "867698040123450", "quectel", 41.0, None, functionality=1
        ),
        sim=SimView("ready", "89860000000000000001", "460000000000001", None, "China Mobile"),
        network=NetworkView(
            "home",
            domains("home", cs="denied"),
            None,
            "CMCC",
            "46000",
            "lte",
            Cell("lte", tac="5A1B", cell_id="0A1B2C3D", pci=123, channel=1300, band="B3"),
        ),
        signal=Signal("lte", -67.0, -95.0, -11.0, 12.0, quality="good"),
        data=DataView(attached=True, contexts=(SESSION,), interface=INTERFACE),
        usage=UsageView(
            "2026-11-01", "2026-11-30", 10 * 2**20, 2**20, (UsageSource("interface", 10 * 2**20, TAKEN_AT),)
        ),
        plan=PlanView("active", "2026-12-31", 40, 30 * 2**20, 20 * 2**20, "12.30", "CNY", None, (FACT,)),
        reach=(
            Reach("dns", ok=True, detail="93.184.216.34", ms=30.0),
            Reach("centre", ok=True, detail="answers", ms=80.0),
        ),
        clock=ClockView(trusted=True, why="synchronised"),
        evidence=(
            Evidence("sim.state", "at", "AT+CPIN? → +CPIN: READY", TAKEN_AT),
            Evidence("network.registration", "at", "AT+CEREG? → +CEREG: 0,1", TAKEN_AT),
            Evidence("network.registration", "at", "AT+CREG? → +CREG: 0,3", TAKEN_AT),
        ),
    )


FACT = PlanFact("expires_on", "2026-12-31", "carrier_sms", TAKEN_AT - 86_400.0, "您的套餐有效期至2026年12月31日")


def domains(
    status: RegistrationStatus, cs: RegistrationStatus | None = None
) -> dict[Domain, RegistrationStatus | None]:
    return {"cs": cs or status, "ps": status, "eps": status, "5gs": None}


def but(snapshot: Snapshot, **parts: Any) -> Snapshot:
    """The same but for some fields, named part__field=value or part=value."""
    for name, value in parts.items():
        part, _, field = name.partition("__")
        snapshot = replace(snapshot, **{part: replace(getattr(snapshot, part), **{field: value}) if field else value})
    return snapshot


def off_network(status: RegistrationStatus = "searching", cause: Cause | None = None) -> Snapshot:
    """Well in all but registration, and what follows from it."""
    return but(
        healthy(),
        network=NetworkView(status, domains(status), cause),
        data=DataView(attached=False, contexts=(NO_SESSION,), interface=None),
        reach=(),
        evidence=(
            Evidence("network.registration", "at", f"AT+CEREG? → {status}", TAKEN_AT),
            Evidence("network.registration", "at", f"AT+CGREG? → {status}", TAKEN_AT),
        ),
    )


def session_rejected(number: int, layer: CauseLayer = "esm", *, past: bool = False) -> Snapshot:
    """Registered, but the network will have no data session."""
    cause = Cause(layer, number, possibly_past=past)
    return but(
        healthy(),
        data=DataView(attached=True, contexts=(NO_SESSION,), last_error=cause, interface=None),
        reach=(),
        evidence=(Evidence("data.last_error", "at", f"AT+CEER → {layer} {number}", TAKEN_AT),),
    )


def nothing_gets_through() -> Snapshot:
    """Registered, with a session and an address, and silence after it."""
    silent = (Reach("dns", ok=False, detail="no name server answered"), Reach("internet", ok=False, detail="timed out"))
    return but(healthy(), reach=silent)


def without_modem(problem: Any) -> Snapshot:
    """The port cannot be used."""
    return Snapshot(
        TAKEN_AT,
        port=PortView("/dev/ttyUSB2", "ModemManager (pid 612)" if problem == "busy" else None, problem),
        clock=ClockView(trusted=True),
        evidence=(Evidence("port.problem", "kernel", f"/dev/ttyUSB2: {problem}", TAKEN_AT),),
    )


def silent() -> Snapshot:
    return Snapshot(
        TAKEN_AT,
        port=PortView("/dev/ttyUSB2", answers=False),
        evidence=(Evidence("port.answers", "at", "AT: no final result within 8 s", TAKEN_AT),),
    )
