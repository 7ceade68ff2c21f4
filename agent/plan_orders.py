"""What people and the centre may do to the plan: set, forget, accept, verify. The daemon does it.

Each takes a foreign request and gives plain values; `Refused("bad_request")` says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

from agent.assess.facts import data_flows
from agent.card import Pair, lock_of, warning
from agent.control import Json, Refused
from agent.plan.calendar import parse_date
from agent.plan.desk import Desk
from agent.plan.store import PlanStoreError
from agent.plan.told import told_proof
from agent.sample.base import PlanFact, Snapshot
from modem.frozen import dataclass
from modem.iccid import normalise

MAX_VALUES = 12
MAX_TEXT = 64
FACTS = tuple(get_args(get_type_hints(PlanFact)["fact"]))
NAMES = ("expires_on", "balance", "quota_mb", "used_mb", "remaining_mb", "suspended")


@dataclass(frozen=True, slots=True)
class Order:
    """Where an order acts."""

    desk: Desk
    snapshot: Snapshot
    """The last look."""
    wall: float
    by_centre: bool = False


def plan_set(request: Json, order: Order) -> Json:
    """{"values": {"expires_on": "2026-12-31", …}}"""
    values = request.get("values")
    if not isinstance(values, dict) or not 1 <= len(values) <= MAX_VALUES:
        raise Refused("bad_request", f"values: 1 to {MAX_VALUES} of {', '.join(NAMES)}")
    pairs = [(str(name), value) for name, value in values.items() if isinstance(value, str) and len(value) <= MAX_TEXT]
    if len(pairs) != len(values):
        raise Refused("bad_request", f"values: texts of at most {MAX_TEXT} characters")
    trusted = order.snapshot.clock.trusted is not False
    try:
        remarks = order.desk.set_by_hand(pairs, order.wall, trusted=trusted)
    except ValueError as error:
        raise Refused("bad_request", str(error)) from None
    return {"set": [name for name, _ in pairs], "remarks": remarks}


def plan_forget(request: Json, order: Order) -> Json:
    """{"fact": "expires_on"}: drop what was said about it; the configuration stays."""
    fact = request.get("fact")
    if fact not in FACTS:
        raise Refused("bad_request", f"fact: one of {', '.join(FACTS)}")
    return {"fact": fact, "forgotten": order.desk.forget(str(fact))}


def plan_accept(request: Json, order: Order) -> Json:
    """{"iccid": …}: this card and the modem it is in are right. Without an ICCID: the card that is in."""
    iccid = request.get("iccid")
    if iccid is not None and (not isinstance(iccid, str) or normalise(iccid) is None):
        raise Refused("bad_request", "iccid: 19 or 20 characters, beginning 89")
    imei = order.snapshot.modem.imei
    pair = order.desk.accept(iccid, imei, order.wall, by_centre=order.by_centre)
    if pair is None:
        raise Refused("no_card", "no card can be read now, and none was named")
    lock = order.desk.lock if iccid is None else lock_of(pair.iccid, configured=order.desk.settings.bound)
    return _pair(pair) | {"warning": {"zh": warning(lock, "zh"), "en": warning(lock, "en")}}


def plan_verify(request: Json, order: Order) -> Json:
    """{"expires_on": …, "cycle_radio": true, "again": true}: begin to prove a renewal; how it goes is told by the plan.
    Asked again here, a pending proof goes on, and what is named now is added to it, and one that was proved lately is
    shown, unless "again"; the centre's wish is always a new one.
    """
    expected, cycle, again = request.get("expires_on"), request.get("cycle_radio", False), request.get("again", False)
    if expected is not None and (not isinstance(expected, str) or parse_date(expected) is None):
        raise Refused("bad_request", "expires_on: a date as 2026-12-31")
    if not isinstance(cycle, bool) or not isinstance(again, bool):
        raise Refused("bad_request", "cycle_radio, again: true or false")
    anew = again or order.by_centre
    held = None if anew else order.desk.go_on(order.wall, expected, cycle_radio=cycle)
    if held is not None:
        return told_proof(held, order.wall) or {}
    snapshot = order.snapshot
    failed = data_flows(snapshot) is False
    proof = order.desk.verify(
        snapshot.plan,
        order.wall,
        data_failed=failed,
        expected=expected,
        cycle_radio=cycle,
        clock_trusted=snapshot.clock.trusted,
    )
    if proof is None:
        raise Refused("no_card", "no card can be read now")
    return told_proof(proof, order.wall) or {}


OPERATIONS: Mapping[str, Callable[[Json, Order], Json]] = {
    "plan_set": plan_set,
    "plan_forget": plan_forget,
    "plan_accept": plan_accept,
    "plan_verify": plan_verify,
}


def carry_out(request: Json, order: Order) -> dict[str, Any]:
    """Raises Refused, also when the disk refuses."""
    try:
        return OPERATIONS[str(request["op"])](request, order)
    except PlanStoreError as error:
        raise Refused("disk", str(error)) from None


def _pair(pair: Pair) -> Json:
    return {"iccid": pair.iccid, "imei": pair.imei or None, "by": pair.by}
