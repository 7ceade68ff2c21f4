"""Rules from the data session to the centre. Pure; each answers true, false or not known.

- A session cause counts only with its layer (ESM 8 is not EMM 8), and one that may be from the past (+CEER) counts only
  while data fails now.
- Targeted-flow cards reach the payment host and nothing else: the internet is unreachable only if the centre is too.
- A gateway that does not answer proves nothing; mobile gateways seldom do.
"""

from agent.assess import causes
from agent.assess.answer import NO, UNKNOWN, Answer, Limits, Rule, yes
from agent.assess.facts import (
    by_routes,
    carried_by_card,
    data_contexts,
    data_flows,
    problem,
    reached,
    registered,
    routable,
    session,
    starting,
)
from agent.sample.base import ReachProblem, Snapshot
from modem.values import Cause

ESM_FAILURE = 19
PORTALS = ("portal", "carrier_portal")
TLS: tuple[ReachProblem, ...] = ("tls", "certificate_expired", "certificate_name", "certificate_chain", "clock")


def detached(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    if snapshot.data.attached is None:
        return UNKNOWN
    if snapshot.data.attached or carried_by_card(snapshot):
        return NO
    on_network = registered(snapshot) and session(snapshot) is not True
    return yes("data.attached", "network.registration") if on_network else UNKNOWN


def session_cause(code: str) -> Rule:
    """The network rejected the data session for the reason that `code` stands for."""

    def rule(snapshot: Snapshot, limits: Limits) -> Answer:
        if code == "data.apn_rejected" and (wrong := _unexpected_apn(snapshot, limits)):
            return wrong
        if data_flows(snapshot):
            return NO
        cause = snapshot.data.last_error
        if cause is None:
            return NO if session(snapshot) else UNKNOWN
        known = causes.meaning(cause)
        if known is None or causes.family(cause) != "session":
            return UNKNOWN
        return _counts(snapshot, cause) if known.code == code else NO

    return rule


def _counts(snapshot: Snapshot, cause: Cause) -> Answer:
    """Is this cause what keeps data away now?"""
    if registered(snapshot) is False and not _attach_failed_by_session(snapshot):
        return UNKNOWN  # the network refused the card itself, and says why
    if session(snapshot):
        return UNKNOWN if cause.possibly_past else NO
    if data_flows(snapshot) is False:
        failing = "data.contexts" if session(snapshot) is False else "network.registration"
        return yes("data.last_error", failing) if _shows(snapshot, failing) else yes("data.last_error")
    return UNKNOWN if cause.possibly_past else yes("data.last_error")


def _shows(snapshot: Snapshot, field: str) -> bool:
    return field == "data.contexts" or registered(snapshot) is False


def _attach_failed_by_session(snapshot: Snapshot) -> bool:
    """On LTE a rejected default bearer fails the attach: EMM 19, or a search without any cause of its own."""
    reject = snapshot.network.reject_cause
    if snapshot.network.registration == "denied":
        return reject is not None and causes.family(reject) == "registration" and reject.number == ESM_FAILURE
    return reject is None or reject.number == ESM_FAILURE


def _unexpected_apn(snapshot: Snapshot, limits: Limits) -> Answer | None:
    """Data fails, and the modem has not the APN that the configuration expects."""
    set_up = [context.apn.lower() for context in data_contexts(snapshot) if context.apn]
    if not limits.apn_expected or not set_up or data_flows(snapshot) is not False or session(snapshot):
        return None
    expected = limits.apn_expected.lower()
    # A network may append its own suffix: "cmiot.MNC000.MCC460.GPRS" is the APN cmiot (23.003 clause 9.1).
    if any(apn == expected or apn.startswith(expected + ".mnc") for apn in set_up):
        return None
    return None if registered(snapshot) is False and not _attach_failed_by_session(snapshot) else yes("data.contexts")


def no_session(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    if carried_by_card(snapshot):
        return NO
    known = session(snapshot)
    if known:
        return NO
    # While nobody knows whether the modem is registered, "no session" may be its whole explanation or none of it;
    # and a modem that is just starting has none yet.
    if known is None or registered(snapshot) is None or starting(snapshot):
        return UNKNOWN
    return yes("data.contexts")


def link_down(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    interface = snapshot.data.interface
    if interface is None or interface.up is None:
        return UNKNOWN
    return NO if interface.up else yes("data.interface")


def no_address(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    interface = snapshot.data.interface
    if interface is None or interface.up is not True:
        return UNKNOWN
    return NO if routable(snapshot) else yes("data.interface")


def no_route(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """Up, addressed, and no traffic is sent its way; only with a failed probe, for cards that are a spare way out."""
    interface = snapshot.data.interface
    if interface is None or interface.default_route is None:
        return UNKNOWN
    others = by_routes(snapshot)
    if others is False and interface.default_route:
        return yes("reach.internet", "data.interface")  # a rule or a route of its own leads the payment away
    if interface.default_route or others or (others is None and _through(snapshot)):
        return NO
    failed = tuple(f"reach.{name}" for name in ("dns", "internet", "centre") if _failed(snapshot, name))
    return yes("data.interface", *failed) if failed else UNKNOWN


def _through(snapshot: Snapshot) -> bool:
    """Reached over nobody knows which interface. Bound to the card, a probe says nothing about the routes."""
    return any(reach.ok and reach.way is None for reach in snapshot.reach if reach.target in ("internet", "centre"))


def _failed(snapshot: Snapshot, target: str) -> bool:
    """The probe failed, or nobody could be reached by it for want of a route."""
    return any(reach.target == target and reach.ok is not True for reach in snapshot.reach)


def elsewhere(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    interface = snapshot.data.interface
    if interface is None or interface.default_route is None:
        return UNKNOWN
    if interface.default_route:
        return NO
    return yes("data.interface") if by_routes(snapshot) or _through(snapshot) else UNKNOWN


def dns_failed(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    if problem(snapshot, "dns") == "hijacked":
        return NO
    answered = reached(snapshot, "dns")
    if answered is None or starting(snapshot):
        return UNKNOWN
    if answered:
        return NO
    through = tuple(f"reach.{name}" for name in ("internet", "centre") if reached(snapshot, name))
    return yes("reach.dns", *through)


def dns_hijacked(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """An answer that is known to be wrong: not the pinned one, or the same as for a name that cannot exist."""
    if problem(snapshot, "dns") == "hijacked":
        portal = ("reach.internet",) if problem(snapshot, "internet") in PORTALS else ()
        centre = ("reach.centre",) if _fails(snapshot, "centre") else ()
        return yes("reach.dns", *portal, *centre)
    # That names are right is proved by a centre whose certificate was verified, not by an answer.
    return NO if reached(snapshot, "centre") or reached(snapshot, "dns") is False else UNKNOWN


def internet_walled(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    if problem(snapshot, "internet") in PORTALS:
        return yes("reach.internet", *(("reach.centre",) if _fails(snapshot, "centre") else ()))
    return NO if reached(snapshot, "internet") or reached(snapshot, "centre") else UNKNOWN


def internet_unreachable(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """Payment hosts that were tried and do not answer count even while the centre does: the shop cannot take cards."""
    internet, centre = reached(snapshot, "internet"), reached(snapshot, "centre")
    if problem(snapshot, "internet") in PORTALS:
        return NO
    if internet is None or starting(snapshot):
        return NO if centre else UNKNOWN
    if internet or (centre and problem(snapshot, "internet") != "payment"):
        return NO
    names = ("internet", "centre", "dns", "gateway")
    return yes(*(f"reach.{name}" for name in names if reached(snapshot, name) is False))


def centre_unreachable(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    if problem(snapshot, "centre") == "unwell":
        return yes("reach.centre")
    if problem(snapshot, "centre") is not None:
        return NO
    got_through = reached(snapshot, "centre")
    if got_through is None or starting(snapshot):
        return UNKNOWN
    if got_through:
        return NO
    return yes("reach.centre", "reach.internet") if reached(snapshot, "internet") else yes("reach.centre")


def centre_rule(*problems: ReachProblem) -> Rule:
    """The centre was connected to, and this is wrong with it."""

    def rule(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
        found = problem(snapshot, "centre")
        if found in problems:
            return yes("reach.centre")
        return NO if reached(snapshot, "centre") else UNKNOWN

    return rule


def _fails(snapshot: Snapshot, target: str) -> bool:
    return reached(snapshot, target) is False


def clock_wrong(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    if problem(snapshot, "centre") == "clock":
        return yes("clock.trusted", "reach.centre")
    trusted = snapshot.clock.trusted
    if trusted is None:
        return UNKNOWN
    return NO if trusted else yes("clock.trusted")
