"""Parts, each seen by its own sampler, put together into one snapshot. Pure."""

from collections.abc import Iterable

from agent.sample.base import (
    ClockView,
    ContextView,
    DataView,
    Evidence,
    NetworkView,
    PlanView,
    PortView,
    Reach,
    Snapshot,
    UsageView,
)
from agent.sample.link import LinkPart
from agent.sample.modem import ModemPart
from modem.frozen import replace

_REFRESHED = ("network.registration", "signal", "data.contexts", "sim.state", "port")
"""What a light look sees anew; older evidence about it would contradict it."""


def assemble(
    taken_at: float,
    *,
    port: PortView,
    modem: ModemPart,
    link: LinkPart | None = None,
    usage: UsageView | None = None,
    plan: PlanView | None = None,
    reach: Iterable[Reach] = (),
    clock: ClockView | None = None,
    evidence: Iterable[Evidence] = (),
) -> Snapshot:
    """`port` is what opening it showed; what talking to it showed comes from `modem`."""
    link = link or LinkPart()
    return Snapshot(
        taken_at=taken_at,
        port=_port(port, modem.port),
        modem=modem.modem,
        sim=modem.sim,
        network=modem.network,
        signal=modem.signal,
        data=replace(modem.data, interface=link.interface),
        usage=usage or UsageView(),
        plan=plan or PlanView(),
        reach=tuple(reach),
        clock=clock or ClockView(),
        evidence=(*modem.evidence, *link.evidence, *evidence),
        unasked=modem.unasked,
    )


def refreshed(deep: ModemPart, light: ModemPart) -> ModemPart:
    """The last deep look with what a light one saw since. Nothing old is left that the light look speaks about."""
    spoken = {"signal", "port", *(item.about for item in light.evidence)}
    kept = tuple(item for item in deep.evidence if item.about not in _REFRESHED or item.about not in spoken)
    return replace(
        deep,
        port=light.port,
        modem=replace(deep.modem, dialect=light.modem.dialect or deep.modem.dialect),
        sim=replace(deep.sim, state=light.sim.state) if light.sim.state != "unknown" else deep.sim,
        network=_network(deep.network, light.network),
        signal=light.signal,
        data=_data(deep.data, light),
        counters=(),
        network_time=None,
        evidence=(*kept, *light.evidence),
    )


def addresses_of(part: ModemPart) -> tuple[str, ...]:
    """All addresses that the network gave the modem."""
    return tuple(address for context in part.data.contexts for address in context.addresses)


def _port(opened: PortView, talked: PortView) -> PortView:
    return replace(
        opened,
        problem=opened.problem or talked.problem,
        answers=opened.answers if talked.answers is None else talked.answers,
        garbled=opened.garbled if talked.garbled is None else talked.garbled,
    )


def _network(deep: NetworkView, light: NetworkView) -> NetworkView:
    """A light look stops at the first domain that is registered; beside that the others keep their last word."""
    if light.registration not in ("home", "roaming"):
        return replace(light, operator_name=None, operator_plmn=None)
    domains = {domain: light.domains.get(domain) or status for domain, status in deep.domains.items()}
    same = light.technology in (None, deep.technology)
    return replace(
        light,
        domains=domains,
        operator_name=light.operator_name or deep.operator_name,
        operator_plmn=light.operator_plmn or deep.operator_plmn,
        technology=deep.technology if same else light.technology,
        cell=light.cell or (deep.cell if same else None),
    )


def _data(deep: DataView, light: ModemPart) -> DataView:
    """Which contexts are active is known anew if it was asked; a silent or unregistered modem leaves it open."""
    now = {context.cid: context.active for context in light.data.contexts}
    known = {context.cid for context in deep.contexts}
    contexts = [_context(context, now.get(context.cid)) for context in deep.contexts]
    new = [context for context in light.data.contexts if context.cid not in known]
    return replace(deep, attached=light.data.attached, contexts=(*contexts, *new))


def _context(deep: ContextView, active: bool | None) -> ContextView:  # noqa: FBT001 - the state itself
    return replace(deep, active=active, addresses=deep.addresses if active else (), dns=deep.dns if active else ())
