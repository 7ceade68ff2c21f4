"""A modem's readings, put together into views. Pure. Nothing is invented: what no reading says stays None.

Several sources say the same: the one that says more wins (+QENG over +CESQ over +CSQ), and a source that speaks of
another radio than the one in use fills no gaps.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import TypeVar

from agent.sample.base import ContextView, DataView, ModemView, NetworkView, SimView
from modem.frozen import dataclass, replace
from modem.values import (
    Address,
    Attach,
    Cause,
    Cell,
    ContextActive,
    ContextParams,
    Contexts,
    Domain,
    ErrorCause,
    Functionality,
    Iccid,
    Identity,
    Imsi,
    NetworkInfo,
    Operator,
    OwnNumber,
    Reading,
    Registration,
    RegistrationStatus,
    Signal,
    Sim,
    SimSlots,
    SimStatus,
    Technology,
    Temperature,
    Voltage,
)

R = TypeVar("R", bound=Reading)
Overall = Callable[[Mapping[Domain, RegistrationStatus]], RegistrationStatus]

DOMAINS: tuple[Domain, ...] = ("5gs", "eps", "ps", "cs")
"""The best first."""
REGISTERED = ("home", "roaming")
_REFINES: Mapping[Technology, tuple[Technology, ...]] = {
    "lte": ("lte_m", "nb_iot", "nr_nsa"),
    "umts": ("hspa",),
    "gsm": ("edge",),
}
"""What a coarser word may hide: 27.007's AcT 7 is "E-UTRAN" for LTE, LTE-M and an LTE anchor of 5G alike."""
_FAMILY: Mapping[Technology, str] = {
    "gsm": "2g", "edge": "2g", "umts": "3g", "hspa": "3g", "lte": "4g", "lte_m": "4g", "nb_iot": "4g", "nr_nsa": "4g",
    "nr": "5g",
}  # fmt: skip
_FIGURES = ("rsrp_dbm", "rsrq_db", "sinr_db", "rscp_dbm", "ecio_db", "rssi_dbm", "ber")


@dataclass(frozen=True, slots=True)
class Heard:
    """All readings of one look, in the order in which they came."""

    readings: tuple[Reading, ...]

    def all(self, kind: type[R]) -> list[R]:
        return [reading for reading in self.readings if isinstance(reading, kind)]

    def first(self, kind: type[R]) -> R | None:
        return next(iter(self.all(kind)), None)


def modem_view(heard: Heard, dialect: str | None) -> ModemView:
    said = heard.all(Identity)
    temperature = heard.first(Temperature)
    voltage = heard.first(Voltage)
    functionality = heard.first(Functionality)
    return ModemView(
        manufacturer=_first(identity.manufacturer for identity in said),
        model=_first(identity.model for identity in said),
        firmware=_first(identity.firmware for identity in said),
        imei=_first(identity.imei for identity in said),
        dialect=dialect,
        temperature_c=temperature.temperature_c if temperature else None,
        voltage_mv=voltage.voltage_mv if voltage else None,
        functionality=functionality.level if functionality else None,
    )


def sim_view(heard: Heard, asked: SimStatus | None) -> SimView:
    """`asked`: the card's state as questions about the card told it; what others say of it in passing comes after."""
    said = [asked, *(sim.state for sim in heard.all(Sim))]
    iccid, imsi, number = heard.first(Iccid), heard.first(Imsi), heard.first(OwnNumber)
    slots = [slot for reading in heard.all(SimSlots) for slot in reading.slots]
    return SimView(
        state=next((state for state in said if state and state != "unknown"), _implied(imsi)),
        iccid=iccid.iccid if iccid else None,
        imsi=imsi.imsi if imsi else None,
        msisdn=number.msisdn if number else None,
        issuer=(iccid.issuer if iccid else None) or (imsi.carrier if imsi else None),
        pin_retries=_first(sim.pin_retries for sim in heard.all(Sim)),
        slot=_first(slot.slot for slot in slots if slot.active),
        other_slots=tuple(slot for slot in slots if slot.active is False),
    )


def network_view(heard: Heard, overall: Overall) -> NetworkView:
    said = _by_domain(heard.all(Registration))
    registration = overall({domain: reading.status for domain, reading in said.items()})
    if registration == "unknown":
        registration = _by_service(heard.all(NetworkInfo))
    serving = _serving(said)
    info = heard.first(NetworkInfo)
    operator = Operator(
        name=_first(operator.name for operator in heard.all(Operator)) or (info.operator if info else None),
        plmn=_first(operator.plmn for operator in heard.all(Operator)) or (info.plmn if info else None),
    )
    technology = _technology(heard, serving)
    cell = _cell(heard, serving, technology)
    return NetworkView(
        registration=registration,
        domains={domain: said[domain].status if domain in said else None for domain in ("cs", "ps", "eps", "5gs")},
        reject_cause=_reject_cause(said, registration),
        operator_name=operator.name,
        operator_plmn=operator.plmn or (cell.plmn if cell else None),
        technology=technology,
        cell=cell,
    )


def _by_service(said: list[NetworkInfo]) -> RegistrationStatus:
    """Where no registration was told, the vendor's word for the service counts ("+CPSI: NO SERVICE", capture
    simcom-sim5360e-01). "Limited" is 23.122's word for emergency calls only.
    """
    words = {info.service for info in said if info.service is not None}
    if words == {"none"}:
        return "searching"
    return "emergency_only" if words == {"limited"} else "unknown"


def signal_of(heard: Heard, technology: Technology | None) -> Signal:
    """One signal from all that was said about it: the richest, its gaps filled by those of the same radio."""
    said = [reading for reading in heard.all(Signal) if _figures(reading)]
    fitting = _anchor(said, technology) or [r for r in said if _same_radio(r.technology, technology)] or said
    if not fitting:
        return Signal()
    base = max(fitting, key=_figures)
    for other in fitting:
        if _same_radio(other.technology, base.technology):
            base = _filled(base, other)
    return replace(base, technology=base.technology or technology)


def _anchor(said: list[Signal], technology: Technology | None) -> list[Signal]:
    """In 5G NSA the LTE cell carries registration and signalling: without it there is no 5G either."""
    if technology != "nr_nsa":
        return []
    lte = [reading for reading in said if reading.technology == "lte"]
    return [*lte, *(reading for reading in said if reading.technology is None)] if lte else []


def data_view(heard: Heard) -> DataView:
    """Without the interface, which the modem does not know."""
    attach = heard.first(Attach)
    causes = [_past(reading.cause) for reading in heard.all(ErrorCause) if _tells(reading.cause)]
    return DataView(
        attached=attach.attached if attach else None,
        contexts=_contexts(heard),
        last_error=causes[0] if causes else None,
    )


def _implied(imsi: Imsi | None) -> SimStatus:
    """A card that gives its IMSI is in, and unlocked: 31.102 lets nobody read EF_IMSI before the PIN."""
    return "ready" if imsi else "unknown"


def _by_domain(said: Iterable[Registration]) -> dict[Domain, Registration]:
    """The last word of each domain; one without a status ("+C5GREG: 2") is none."""
    return {reading.domain: reading for reading in said if reading.stat is not None}


def _serving(said: Mapping[Domain, Registration]) -> Registration | None:
    """The registration that tells where we are: of the best domain that is registered, preferably one with a cell."""
    registered = [said[domain] for domain in DOMAINS if domain in said and said[domain].status in REGISTERED]
    with_cell = [reading for reading in registered if reading.cell_id and reading.cell_id.strip("0F")]
    return next(iter(with_cell or registered), None)


def _technology(heard: Heard, serving: Registration | None) -> Technology | None:
    """By the registration, else by whoever else names one; then the finest word that anybody has for the same thing."""
    others = [
        *(operator.technology for operator in heard.all(Operator)),
        *(info.technology for info in heard.all(NetworkInfo)),
        *(cell.technology for cell in heard.all(Cell) if cell.serving),
        *(reading.technology for reading in heard.all(Signal)),
    ]
    base = (serving.technology if serving else None) or _first(others[:-1]) or _first(others)
    if base is None:
        return None
    return next((other for other in others if other in _REFINES.get(base, ())), base)


def _cell(heard: Heard, serving: Registration | None, technology: Technology | None) -> Cell | None:
    """The serving cell: as vendors' commands describe it, else what the registration says of it."""
    said = [cell for cell in heard.all(Cell) if cell.serving and _same_radio(cell.technology, technology)]
    base = max(said, key=_known, default=Cell(technology=technology))
    for other in said:
        base = _merged(base, other) if _same_radio(other.technology, base.technology) else base
    if serving and _same_radio(serving.technology, base.technology) and _same_cell(base.cell_id, serving.cell_id):
        base = _merged(base, Cell(lac=serving.lac, tac=serving.tac, cell_id=serving.cell_id))
    for info in heard.all(NetworkInfo):
        if _same_radio(info.technology, base.technology) and base.channel in (None, info.channel):
            base = _merged(base, Cell(plmn=info.plmn, band=info.band, channel=info.channel))
    return base if _known(base) else None


def _same_cell(one: str | None, other: str | None) -> bool:
    """Whether two readings can be of one cell; modems pad the number differently."""
    return one is None or other is None or one.lstrip("0") == other.lstrip("0")


def _reject_cause(said: Mapping[Domain, Registration], registration: RegistrationStatus) -> Cause | None:
    """Why the network refuses: of the best domain that names a cause; nothing to say while data is registered."""
    if registration in REGISTERED and any(
        domain in said and said[domain].status in REGISTERED for domain in ("5gs", "eps", "ps")
    ):
        return None
    return next((said[domain].reject_cause for domain in DOMAINS if domain in said and said[domain].reject_cause), None)


def _contexts(heard: Heard) -> tuple[ContextView, ...]:
    views: dict[int, ContextView] = {}
    for view in _said_of_contexts(heard):
        held = views.get(view.cid)
        views[view.cid] = _joined(held, view) if held else view
    return tuple(views[cid] for cid in sorted(views))


def _said_of_contexts(heard: Heard) -> Iterator[ContextView]:
    for contexts in heard.all(Contexts):
        yield from (
            ContextView(context.cid, context.type, context.apn, None, context.addresses)
            for context in contexts.contexts
        )
    yield from (ContextView(active.cid, active=active.active) for active in heard.all(ContextActive))
    yield from (ContextView(address.cid, addresses=address.addresses) for address in heard.all(Address))
    for params in heard.all(ContextParams):
        yield ContextView(params.cid, apn=params.apn, addresses=params.addresses, dns=params.dns)


def _joined(held: ContextView, more: ContextView) -> ContextView:
    """What was said first stays; addresses add up."""
    return ContextView(
        held.cid,
        held.type or more.type,
        held.apn or more.apn,
        more.active if held.active is None else held.active,
        tuple(dict.fromkeys(held.addresses + more.addresses)),
        tuple(dict.fromkeys(held.dns + more.dns)),
    )


def _tells(cause: Cause) -> bool:
    """+CEER answers "No cause information available" too, which is no error."""
    return cause.number is not None or bool(cause.text)


def _past(cause: Cause) -> Cause:
    return replace(cause, possibly_past=True)


def _same_radio(one: Technology | None, other: Technology | None) -> bool:
    """Whether readings of the two can be of one radio; not saying is no contradiction."""
    return one is None or other is None or _FAMILY[one] == _FAMILY[other]


def _figures(reading: Signal) -> int:
    return sum(getattr(reading, name) is not None for name in _FIGURES)


def _filled(base: Signal, other: Signal) -> Signal:
    more = {name: getattr(other, name) for name in _FIGURES if getattr(base, name) is None}
    return replace(base, quality=base.quality or other.quality, **more)


def _known(cell: Cell) -> int:
    return sum(value is not None for value in (cell.lac, cell.tac, cell.cell_id, cell.pci, cell.channel, cell.band))


def _merged(base: Cell, other: Cell) -> Cell:
    more = {field.name: getattr(other, field.name) for field in fields(base) if getattr(base, field.name) is None}
    return replace(base, **more)


T = TypeVar("T")


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None and value != ""), None)
