"""Rules from the port to registration. Pure; each answers true, false or not known.

What the field taught:
- Data-only cards show `+CREG: 0,3` and are well: `network.registration` is decided on 5GS and EPS first, and a card
  that visibly carries traffic is registered whatever the modem says (captures simcom-sim7600a-h-01, -sim7000e-01).
- A card that is busy, or that the modem is registered with, is no faulty card.
- With <fun> 0 the modem cuts the card's power: "SIM not inserted" then says nothing (capture simcom-sim7000e-04).
- CSQ 99 means "not measured": with an RSRP, on 5G, or while registered it is no fault.
"""

from collections.abc import Mapping

from agent.assess.answer import NO, UNKNOWN, Answer, Limits, Rule, yes
from agent.assess.facts import carried_by_card, registered, session, starting
from agent.sample.base import Snapshot
from modem.values import RegistrationStatus, SimStatus

RADIO_OFF_LEVELS = (0, 4)
MINIMUM = 0
PLAUSIBLE_C = (-60.0, 150.0)
FLOOR_DBM = {"rsrp_dbm": -140.0, "rssi_dbm": -113.0, "rscp_dbm": -120.0}
"""The lowest that 27.007 can spell: "that or less"."""
MARGIN_DB = 2.0
STRONG_RSSI_DBM = -85.0
NOISY_SINR_DB = 0.0
NOISY_RSRQ_DB = -16.0
VERY_NOISY_SINR_DB = -5.0


def port_rule(*problems: str) -> Rule:
    def rule(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001 - the shape of every rule
        port = snapshot.port
        if port.problem in problems:
            return yes("port.problem", "port.holder") if port.holder else yes("port.problem")
        opened = port.problem is not None or port.answers is not None or port.garbled is not None
        return NO if opened else UNKNOWN

    return rule


def modem_silent(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    """Two questions without an answer make it silent (agent/sample/modem/look.py), unless others were answered."""
    port = snapshot.port
    if port.problem is not None or (port.answers is None and not port.garbled):
        return UNKNOWN
    if port.answers or port.garbled:
        return NO
    said_something = snapshot.sim.state != "unknown" or snapshot.network.registration != "unknown"
    return UNKNOWN if said_something else yes("port.answers")


def modem_garbled(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    port = snapshot.port
    if port.problem is not None or (port.garbled is None and port.answers is None):
        return UNKNOWN
    return yes("port.garbled") if port.garbled else NO


def modem_hot(snapshot: Snapshot, limits: Limits) -> Answer:
    found = snapshot.modem.temperature_c
    if found is None or not PLAUSIBLE_C[0] <= found <= PLAUSIBLE_C[1]:
        return UNKNOWN
    return yes("modem.temperature_c") if found >= limits.hot_c else NO


def sim_rule(state: SimStatus) -> Rule:
    def rule(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
        found = snapshot.sim.state
        if found == state and (registered(snapshot) or snapshot.modem.functionality == MINIMUM):
            return UNKNOWN
        if found == state:
            return yes("sim.state", "sim.pin_retries") if _tries_known(snapshot) else yes("sim.state")
        return UNKNOWN if found in ("unknown", "busy") else NO

    return rule


def _tries_known(snapshot: Snapshot) -> bool:
    return snapshot.sim.state == "pin_required" and snapshot.sim.pin_retries is not None


def radio_off(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    level = snapshot.modem.functionality
    if level is None:
        return NO if registered(snapshot) else UNKNOWN
    if level not in RADIO_OFF_LEVELS:
        return NO
    return UNKNOWN if registered(snapshot) else yes("modem.functionality")


def signal_none(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    if snapshot.network.registration in ("home", "roaming", "denied", "emergency_only") or carried_by_card(snapshot):
        return NO  # a network was heard
    levels = _levels(snapshot)
    off_network = ("network.registration",) if registered(snapshot) is False else ()
    if levels:
        at_floor = all(level <= FLOOR_DBM[name] for name, level in levels.items())
        return yes("signal", *off_network) if at_floor else NO
    on_5g = "nr" in (snapshot.signal.technology, snapshot.network.technology)
    if snapshot.signal.quality == "none" and not on_5g:
        return yes("signal", *off_network)
    return UNKNOWN


def signal_weak(snapshot: Snapshot, limits: Limits) -> Answer:
    """A little below the line, and all else strong, is within what a modem measures wrongly (36.133: ±6 dB)."""
    signal = snapshot.signal
    if signal.rsrp_dbm is not None:
        below = limits.weak_rsrp_dbm - signal.rsrp_dbm
        return yes("signal") if below > MARGIN_DB or (below > 0 and not _strong_otherwise(snapshot)) else NO
    if signal.rssi_dbm is not None:
        if signal.rssi_dbm <= FLOOR_DBM["rssi_dbm"] and registered(snapshot):
            return UNKNOWN  # +CSQ: 0 just after the start, on a network that is heard (capture simcom-sim800l-03)
        return yes("signal") if signal.rssi_dbm < limits.weak_rssi_dbm else NO
    if signal.quality is None or signal.quality == "none":
        return UNKNOWN
    return yes("signal") if signal.quality == "poor" else NO


def _strong_otherwise(snapshot: Snapshot) -> bool:
    rssi, sinr = snapshot.signal.rssi_dbm, snapshot.signal.sinr_db
    return rssi is not None and rssi >= STRONG_RSSI_DBM and sinr is not None and sinr >= NOISY_SINR_DB


def signal_noisy(snapshot: Snapshot, limits: Limits) -> Answer:
    """Enough level, and still drowned: another cell or a disturber. Two figures must say it, or one very clearly.

    SINR -4 dB with RSRQ -15.5 dB is a loaded cell that works (capture simcom-a7670g-02).
    """
    sinr, rsrq = snapshot.signal.sinr_db, snapshot.signal.rsrq_db
    if sinr is None or signal_weak(snapshot, limits).holds is not False:
        return UNKNOWN
    if sinr <= VERY_NOISY_SINR_DB:
        return yes("signal")
    if sinr >= NOISY_SINR_DB:
        return NO
    return UNKNOWN if rsrq is None else yes("signal") if rsrq < NOISY_RSRQ_DB else NO


def _levels(snapshot: Snapshot) -> Mapping[str, float]:
    signal = snapshot.signal
    found = {"rsrp_dbm": signal.rsrp_dbm, "rssi_dbm": signal.rssi_dbm, "rscp_dbm": signal.rscp_dbm}
    return {name: level for name, level in found.items() if level is not None}


def searching(snapshot: Snapshot, limits: Limits) -> Answer:
    """27.007 <stat> 2 and 0; and 4, "unknown, e.g. out of coverage", where nothing speaks for a network."""
    if snapshot.network.registration != "unknown":
        return registration_rule("searching", "idle")(snapshot, limits)
    known = [status for status in snapshot.network.domains.values() if status is not None]
    network = snapshot.network.operator_name or snapshot.network.operator_plmn
    if not known or network or starting(snapshot) or session(snapshot):
        return UNKNOWN
    if snapshot.data.attached is not False and (snapshot.data.attached or _levels(snapshot)):
        return UNKNOWN  # something is heard, and nobody says that we are not attached
    return NO if carried_by_card(snapshot) else yes("network.registration")


def registration_rule(*statuses: RegistrationStatus) -> Rule:
    def rule(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
        found = snapshot.network.registration
        if found == "unknown" or (starting(snapshot) and found in ("searching", "idle")):
            return UNKNOWN
        if found not in statuses or carried_by_card(snapshot):
            return NO
        return (
            yes("network.registration", "network.reject_cause") if _rejected(snapshot) else yes("network.registration")
        )

    return rule


def _rejected(snapshot: Snapshot) -> bool:
    return snapshot.network.registration == "denied" and snapshot.network.reject_cause is not None


def roaming(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001
    on = registered(snapshot)
    if on is None:
        return UNKNOWN
    return yes("network.registration") if snapshot.network.registration == "roaming" else NO
