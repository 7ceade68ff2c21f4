"""What the network's cause numbers can mean for a prepaid card, as a table.

Numbers and names: 3GPP TS 24.008 (10.5.5.14, 10.5.6.6), TS 24.301 (9.9.3.9, 9.9.4.4), TS 24.501 (9.11.3.2, 9.11.4.2).
The same number means different things by layer (EMM 8 "EPS and non-EPS services not allowed", ESM 8 "operator
determined barring"), so the key is always (family, number). No cause says "arrears" or "expired": the candidates are
what operators are known to use a number for, the likeliest first; agent/locale says what separates them.
"""

from collections.abc import Mapping
from typing import Literal

from modem.frozen import dataclass
from modem.values import Cause, CauseLayer

Family = Literal["registration", "session"]
_FAMILY: Mapping[CauseLayer, Family] = {
    "mm": "registration",
    "gmm": "registration",
    "emm": "registration",
    "5gmm": "registration",
    "sm": "session",
    "esm": "session",
    "5gsm": "session",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    name: str
    """As 3GPP has it."""
    candidates: tuple[str, ...] = ()
    """Keys of agent.locale's candidate texts."""
    code: str | None = None
    """The condition a session cause stands for by itself."""


_DENIED = ("suspended", "machine_card_lock", "real_name", "not_activated", "region")

MEANINGS: Mapping[tuple[Family, int], Meaning] = {
    ("registration", 2): Meaning("IMSI unknown in HSS/HLR", ("cancelled", "not_activated")),
    ("registration", 3): Meaning("Illegal MS/UE", ("cancelled", "suspended", "real_name")),
    ("registration", 5): Meaning("IMEI not accepted", ("machine_card_lock", "device_barred")),
    ("registration", 6): Meaning("Illegal ME", ("machine_card_lock", "device_barred")),
    ("registration", 7): Meaning(
        "EPS/GPRS services not allowed", ("suspended", "no_data_plan", "machine_card_lock", "real_name")
    ),
    ("registration", 8): Meaning(
        "EPS and non-EPS services not allowed",
        ("suspended", "not_activated", "machine_card_lock", "real_name"),
    ),
    ("registration", 11): Meaning("PLMN not allowed", ("roaming_not_in_plan", "region", "cancelled")),
    ("registration", 12): Meaning("Tracking/location area not allowed", ("region",)),
    ("registration", 13): Meaning("Roaming not allowed in this area", ("roaming_not_in_plan", "region")),
    ("registration", 14): Meaning(
        "EPS/GPRS services not allowed in this PLMN", ("roaming_not_in_plan", "suspended", "no_data_plan")
    ),
    ("registration", 15): Meaning("No suitable cells in this area", ("rat_not_in_plan", "region", "coverage")),
    ("registration", 17): Meaning("Network failure", ("network_fault",)),
    ("registration", 19): Meaning("ESM failure", ("wrong_apn", "no_data_plan", "suspended")),
    ("registration", 22): Meaning("Congestion", ("network_fault",)),
    ("registration", 25): Meaning("Not authorised for this CSG", ("coverage",)),
    ("registration", 35): Meaning("Requested option not authorised in this PLMN", ("rat_not_in_plan",)),
    ("session", 8): Meaning(
        "Operator determined barring",
        ("suspended", "quota_cut_off", "machine_card_lock", "real_name"),
        "data.barred",
    ),
    ("session", 26): Meaning("Insufficient resources", ("network_fault", "quota_cut_off")),
    ("session", 27): Meaning("Missing or unknown APN/DNN", ("wrong_apn", "apn_gone_with_plan"), "data.apn_rejected"),
    ("session", 28): Meaning("Unknown PDN/PDP type", ("wrong_ip_type",), "data.apn_rejected"),
    ("session", 29): Meaning(
        "User authentication failed", ("wrong_apn_password", "suspended_at_apn"), "data.auth_rejected"
    ),
    ("session", 30): Meaning("Rejected by gateway", ("quota_cut_off", "network_fault")),
    ("session", 31): Meaning("Rejected, unspecified", ("quota_cut_off", "network_fault")),
    ("session", 32): Meaning("Service option not supported", ("rat_not_in_plan",)),
    ("session", 33): Meaning(
        "Requested service option not subscribed",
        ("no_data_plan", "plan_ended", "wrong_apn", "machine_card_lock", "region"),
        "data.not_subscribed",
    ),
    ("session", 34): Meaning("Service option temporarily out of order", ("network_fault",)),
    ("session", 36): Meaning("Regular deactivation", ("quota_cut_off", "used_twice")),
    ("session", 38): Meaning("Network failure", ("network_fault",)),
    ("session", 39): Meaning("Reactivation requested", ("network_fault",)),
    ("session", 50): Meaning("PDN type IPv4 only allowed", ("wrong_ip_type",)),
    ("session", 51): Meaning("PDN type IPv6 only allowed", ("wrong_ip_type",)),
    ("session", 66): Meaning("APN not supported in this RAT and PLMN", ("rat_not_in_plan", "roaming_not_in_plan")),
}

RESTART_AFTER_CURE = frozenset({3, 6, 7, 8})
"""Registration causes after which the card counts as invalid until the modem restarts (24.301 clause 5.5.1.2.5)."""

_WITHOUT_CAUSE: Mapping[str, tuple[str, ...]] = {
    "registration.denied": _DENIED,
    "registration.searching": ("coverage", "suspended", "machine_card_lock", "rat_not_in_plan"),
    "registration.emergency_only": ("suspended", "roaming_not_in_plan", "coverage"),
    "data.detached": ("suspended", "no_data_plan", "real_name"),
    "data.no_session": ("not_dialled", "wrong_apn", "suspended"),
    "data.apn_rejected": ("wrong_apn", "apn_gone_with_plan"),
    "data.auth_rejected": ("wrong_apn_password", "suspended_at_apn"),
    "data.barred": ("suspended", "quota_cut_off", "machine_card_lock", "real_name"),
    "data.not_subscribed": ("no_data_plan", "plan_ended", "wrong_apn", "machine_card_lock", "region"),
    "internet.unreachable": ("quota_cut_off", "suspended", "targeted_flow", "network_fault"),
}


def family(cause: Cause | None) -> Family | None:
    """Registration or session; None when nobody said which layer spoke."""
    return _FAMILY.get(cause.layer) if cause is not None and cause.layer is not None else None


def meaning(cause: Cause | None) -> Meaning | None:
    """What the table knows of this cause; None for vendor causes and numbers that say nothing about a card."""
    of = family(cause)
    if cause is None or of is None or cause.number is None:
        return None
    return MEANINGS.get((of, cause.number))


def spoken(cause: Cause) -> str | None:
    """ "EMM 8: EPS and non-EPS services not allowed"; vendors' own causes in their own words, None without any."""
    known = meaning(cause)
    name = known.name if known is not None else cause.text
    number = " ".join(str(part) for part in ((cause.layer or "").upper(), cause.number) if part not in ("", None))
    return ": ".join(part for part in (number, name) if part) or None


def candidates(code: str, *causes: Cause | None) -> tuple[str, ...]:
    """What `code` may come from, the likeliest first: by the first cause that belongs to it, else in general."""
    for cause in causes:
        known = meaning(cause)
        if known is not None and known.candidates and _belongs(code, cause):
            return known.candidates
    return _WITHOUT_CAUSE.get(code, ())


def needs_restart(cause: Cause | None) -> bool:
    """Even after the cure (payment, unlocking) nothing works until the modem restarts."""
    return family(cause) == "registration" and cause is not None and cause.number in RESTART_AFTER_CURE


def _belongs(code: str, cause: Cause | None) -> bool:
    if code.startswith("registration."):
        return family(cause) == "registration"
    known = meaning(cause)
    return family(cause) == "session" and known is not None and known.code in (None, code)
