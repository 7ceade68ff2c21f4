"""Rules about which card is in which terminal. Pure; what belongs together is known to agent.card."""

from agent.assess.answer import NO, UNKNOWN, Answer, Limits, yes
from agent.sample.base import Snapshot


def changed(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """Another card than the accepted one is in, and nobody has accepted it yet."""
    if snapshot.sim.changed is None:
        return UNKNOWN
    if not snapshot.sim.changed:
        return NO
    return yes("sim.iccid", "sim.expected_iccid", *(("sim.slot",) if snapshot.sim.switched else ()))


def wrong_terminal(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """The card belongs to another terminal, or is locked to another modem."""
    sim = snapshot.sim
    if sim.wrong_terminal is None:
        return UNKNOWN
    if not sim.wrong_terminal:
        return NO
    moved = ("modem.imei", "sim.expected_imei") if sim.expected_imei else ("sim.expected_iccid",)
    return yes("sim.iccid", *moved)
