"""From conditions that hold to one root cause, its evidence and how sure we are. Pure.

Rules of the verdict:
- A finding with any holding condition upstream of it is a consequence: recorded, never the cause.
- Among the others errors come first, then the most upstream, then the catalogue's order.
- Information is no trouble: with nothing worse the verdict is "ok".
- "ok" is said only when the essential facts are known; else it is "unsure", with the fact that is missing.
- Confidence counts independent evidence; consequences that are there as expected count as one more.
"""

from collections.abc import Collection, Mapping
from typing import Literal

from agent.assess.answer import Limits, shown, signs
from agent.assess.base import Assessment, Confidence, Finding, Verdict
from agent.assess.conditions import CATALOGUE, VERDICT_ONLY, Proof, depth, place, upstream, urgency
from agent.assess.facts import carried_by_card, data_flows, reached, registered, session
from agent.assess.rules import judge
from agent.sample.base import Evidence, Snapshot
from modem.again import again
from modem.frozen import dataclass

Gap = Literal["modem", "sim_busy", "sim", "contradiction", "registration", "suspended"]
"""An essential fact that nobody knows, in the order in which they are worth asking for."""
MAX_RULED_OUT = 10
_ENOUGH: Mapping[Proof, tuple[int, int]] = {"decisive": (1, 1), "direct": (1, 2), "indirect": (2, 3)}
"""Pieces of evidence for medium and for high confidence."""
_NEAR_THE_PORT = ("port.", "modem.", "sim.")
_GOES_WITHOUT_SAYING = (
    "port.",
    "modem.",
    "sim.pin_",
    "sim.puk_",
    "sim.network_",
    "centre.tls",
    "centre.refused",
    "centre.cred",
)
"""Not worth a line in a verdict about the network or the plan: its readings came from a card that was read, and who
reached the centre got through its door."""
_CARD_FAULTS = ("absent", "pin_required", "puk_required", "network_locked", "failure")


@dataclass(frozen=True, slots=True)
class Active:
    """A condition that holds, and why."""

    evidence: tuple[Evidence, ...] = ()
    signs: int = 1
    since: float | None = None
    stale: bool = False
    """It was not looked at lately: the last look could not tell."""


@dataclass(frozen=True, slots=True)
class Well:
    """What is known when nothing is wrong: which essential fact is missing, and how much was proved."""

    gap: Gap | None
    confidence: Confidence


def diagnose(snapshot: Snapshot, limits: Limits | None = None) -> Assessment:
    """The assessment of one look, with no memory; for the daemon's see `board`."""
    answers = judge(snapshot, limits or Limits())
    active = {
        code: Active(shown(code, snapshot, answer), signs(snapshot, answer.support))
        for code, answer in answers.items()
        if answer.holds
    }
    return conclude(active, [code for code, answer in answers.items() if answer.holds is False], well(snapshot))


@again
def conclude(active: Mapping[str, Active], denied: Collection[str], otherwise: Well) -> Assessment:
    """`active`: what holds; `denied`: whose rule said no; `otherwise`: what to say if nothing is wrong."""
    findings = tuple(_finding(code, active) for code in sorted(active, key=lambda code: _order(code, active)))
    return Assessment(findings, _verdict(findings, active, denied, otherwise))


def masked(code: str, active: Collection[str]) -> bool:
    """Does anything upstream of it hold, however far?"""
    return not upstream(code).isdisjoint(active)


def well(snapshot: Snapshot) -> Well:
    """What may be said if no rule finds fault."""
    gap = essential_gap(snapshot)
    if gap is not None:
        return Well(gap, "low")
    if carried_by_card(snapshot) or reached(snapshot, "centre") or reached(snapshot, "internet"):
        return Well(None, "high")
    return Well(None, "medium" if session(snapshot) else "low")


def essential_gap(snapshot: Snapshot) -> Gap | None:
    """The first essential fact that is not known; None when enough is known to say "ok"."""
    if carried_by_card(snapshot):
        return None
    if snapshot.port.problem is None and snapshot.port.answers is None and registered(snapshot) is None:
        return "modem"
    if registered(snapshot) or _at_home(snapshot):
        return "contradiction" if snapshot.sim.state in _CARD_FAULTS else _told_and_not_tried(snapshot)
    if snapshot.sim.state == "busy":
        return "sim_busy"
    if snapshot.sim.state == "unknown":
        return "sim"
    return "registration" if registered(snapshot) is None else None


def _told_and_not_tried(snapshot: Snapshot) -> Gap | None:
    """A card that was cut off often still attaches, with an address: what the carrier said stands until data flows."""
    return "suspended" if snapshot.plan.state == "suspended" and data_flows(snapshot) is None else None


def _at_home(snapshot: Snapshot) -> bool:
    """Some modems will not say whether they are registered; an operator with its technology, or a session, says it.

    +COPS? names an operator and <AcT> only while one is selected (27.007 clause 7.3; capture zte-zm9000-01).
    """
    network = snapshot.network
    operator = network.operator_name or network.operator_plmn
    told = any(status is not None for status in network.domains.values())
    return registered(snapshot) is None and bool(operator) and (session(snapshot) is True or _selected(snapshot, told))


def _selected(snapshot: Snapshot, told: bool) -> bool:  # noqa: FBT001 - one caller
    return not told and snapshot.network.technology is not None and snapshot.data.attached is not False


def _order(code: str, active: Collection[str]) -> tuple[bool, tuple[int, int, int]]:
    return masked(code, active), urgency(code)


def _finding(code: str, active: Mapping[str, Active]) -> Finding:
    held = active[code]
    return Finding(code, CATALOGUE[code].severity, not masked(code, active), held.evidence, held.since)


def _verdict(
    findings: tuple[Finding, ...], active: Mapping[str, Active], denied: Collection[str], otherwise: Well
) -> Verdict:
    worst = next((finding for finding in findings if finding.root and finding.severity == "error"), None)
    if worst is None and otherwise.gap is not None:
        return Verdict("unsure", "low", ruled_out("unsure", denied))
    cause = worst or next((finding for finding in findings if finding.root and finding.severity == "warning"), None)
    if cause is None:
        return Verdict("ok", otherwise.confidence, ruled_out("ok", denied))
    return Verdict(cause.code, _confidence(cause.code, active), ruled_out(cause.code, denied))


def _confidence(code: str, active: Mapping[str, Active]) -> Confidence:
    held = active[code]
    if held.stale:
        return "low"
    consequences = any(code in upstream(other) for other in active)
    medium, high = _ENOUGH[CATALOGUE[code].proof]
    count = held.signs + consequences
    return "high" if count >= high else "medium" if count >= medium else "low"


def ruled_out(code: str, denied: Collection[str]) -> tuple[str, ...]:
    """Errors whose rule said no: those nearest upstream of the verdict first, then others, in the catalogue's order."""
    errors = [other for other in denied if CATALOGUE[other].severity == "error" and other != code]
    if not code.startswith(_NEAR_THE_PORT):
        errors = [other for other in errors if not other.startswith(_GOES_WITHOUT_SAYING)]
    above = upstream(code) if code not in VERDICT_ONLY else frozenset(errors)
    nearest = sorted(errors, key=lambda other: (other not in above, -depth(other), place(other)))
    return tuple(sorted(nearest[:MAX_RULED_OUT], key=place))
