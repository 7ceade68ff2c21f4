"""What follows from several observations together: the small words that the rules share. Pure, tri-state.

Of one snapshot a dozen rules ask the same: the longer ones are worked out once (`again`).
"""

from functools import lru_cache
from ipaddress import ip_address

from agent.sample.base import ContextView, ReachProblem, Snapshot
from modem.again import again

ON_NETWORK = ("home", "roaming")
OFF_NETWORK = ("searching", "idle", "denied", "emergency_only")
_NOT_FOR_DATA = ("ims", "sos", "xcap")
"""APNs of voice, emergency and supplementary services: their bearer says nothing about data."""


SPOKE_ITSELF = ("certificate_expired", "clock", "refused", "credential", "unwell")
"""Problems that only the true centre has: to hear of them, data must have come through."""


def reached(snapshot: Snapshot, target: str) -> bool | None:
    """Did the probe of `target` get through to whom it was meant for? None: not tried. Not over other interfaces."""
    tries = [
        reach.ok or reach.problem in SPOKE_ITSELF
        for reach in snapshot.reach
        if reach.target == target and reach.ok is not None and reach.way != "routes"
    ]
    return any(tries) if tries else None


def by_routes(snapshot: Snapshot) -> bool | None:
    """Does the terminal get through the way its routes lead, over another interface? None: not tried."""
    return next((reach.ok for reach in snapshot.reach if reach.way == "routes"), None)


def problem(snapshot: Snapshot, target: str) -> ReachProblem | None:
    """What is wrong with `target`, where more than silence is known."""
    return next((reach.problem for reach in snapshot.reach if reach.target == target and reach.problem), None)


def registered(snapshot: Snapshot) -> bool | None:
    """On a network, by the domain that counts. "unknown" is neither yes nor no."""
    if snapshot.network.registration in ON_NETWORK:
        return True
    return False if snapshot.network.registration in OFF_NETWORK else None


def starting(snapshot: Snapshot) -> bool:
    """The card is still busy and the modem not registered: whatever fails now says nothing yet."""
    return snapshot.sim.state == "busy" and not registered(snapshot)


def data_contexts(snapshot: Snapshot) -> tuple[ContextView, ...]:
    return tuple(c for c in snapshot.data.contexts if (c.apn or "").split(".")[0].lower() not in _NOT_FOR_DATA)


@again
def session(snapshot: Snapshot) -> bool | None:
    """Is there a data session? An interface's address alone proves none: modules in router mode hand out their own."""
    known = [context for context in data_contexts(snapshot) if context.active is not None]
    if any(context.active for context in known):
        return True
    if not known:
        return None
    return None if routable(snapshot) else False


def routable(snapshot: Snapshot) -> bool:
    """Has the interface an address that could reach anything?"""
    interface = snapshot.data.interface
    return interface is not None and any(_routable(address) for address in interface.addresses)


@again
def carried_by_card(snapshot: Snapshot) -> bool | None:
    """Traffic was seen to get through over the card's own interface; None when the way it took is not known."""
    if any(reach.ok and reach.way == "card" for reach in snapshot.reach if reach.target in ("internet", "centre")):
        return True
    through = reached(snapshot, "internet") or reached(snapshot, "centre")
    interface = snapshot.data.interface
    if not through or interface is None or interface.default_route is None:
        return None
    return interface.default_route


WORTH_BYTES = 16 * 1024
"""Received between two looks: more than a walled garden's redirects and its certificate."""


@again
def data_flows(snapshot: Snapshot) -> bool | None:
    """Does the card carry data now? True only when traffic proved it, False only when something visibly fails.

    Where nothing was tried, what the card's own counters received since the look before is the traffic: a terminal
    whose payments go through is not probed.
    """
    tried = probed(snapshot)
    return True if tried is None and (snapshot.usage.received_bytes or 0) >= WORTH_BYTES else tried


@again
def probed(snapshot: Snapshot) -> bool | None:
    """The same without the counters: what a renewal is proved by, for a walled garden sends bytes too."""
    if carried_by_card(snapshot):
        return True
    if registered(snapshot) is False or snapshot.data.attached is False or session(snapshot) is False:
        return False
    probes = [reached(snapshot, target) for target in ("internet", "centre")]
    return False if False in probes and True not in probes else None


def failing_fields(snapshot: Snapshot) -> tuple[str, ...]:
    """The fields that show that data fails now; the second kind of evidence for everything about money."""
    candidates = (
        ("network.registration", registered(snapshot) is False),
        ("data.attached", snapshot.data.attached is False),
        ("data.contexts", session(snapshot) is False),
        ("reach.internet", reached(snapshot, "internet") is False),
        ("reach.centre", reached(snapshot, "centre") is False),
    )
    return tuple(name for name, failing in candidates if failing) if data_flows(snapshot) is False else ()


@lru_cache(64)  # the same few each minute
def _routable(address: str) -> bool:
    try:
        parsed = ip_address(address.partition("/")[0].partition("%")[0])
    except ValueError:
        return False
    return not (parsed.is_link_local or parsed.is_unspecified or parsed.is_loopback)
