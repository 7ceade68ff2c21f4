"""ModemManager's numbers (its D-Bus API, "Flags and Enumerations", versions 1.0 to 1.24) and what they mean to us.

Registration states need no table: they are <stat> of 27.007, 7.2, by number.
"""

from collections.abc import Mapping

from modem.causes import Layer
from modem.values import Domain, SimStatus, Technology

STATE: Mapping[int, str] = {
    -1: "failed",
    0: "unknown",
    1: "initializing",
    2: "locked",
    3: "disabled",
    4: "disabling",
    5: "enabling",
    6: "enabled",
    7: "searching",
    8: "registered",
    9: "disconnecting",
    10: "connecting",
    11: "connected",
}
"""MMModemState. Below "enabled" ModemManager does not watch the network: what it says of registration is no reading."""
ENABLED, CONNECTED = 6, 11
FAILED = -1

FAILED_REASON: Mapping[int, str] = {
    0: "none",
    1: "unknown",
    2: "sim-missing",
    3: "sim-error",
    4: "unknown-capabilities",
    5: "esim-without-profiles",
}
SIM_OF_FAILURE: Mapping[int, SimStatus] = {2: "absent", 3: "failure", 5: "failure"}

LOCK: Mapping[int, str] = {
    0: "unknown",
    1: "none",
    2: "sim-pin",
    3: "sim-pin2",
    4: "sim-puk",
    5: "sim-puk2",
    6: "ph-sp-pin",
    7: "ph-sp-puk",
    8: "ph-net-pin",
    9: "ph-net-puk",
    10: "ph-sim-pin",
    11: "ph-corp-pin",
    12: "ph-corp-puk",
    13: "ph-fsim-pin",
    14: "ph-fsim-puk",
    15: "ph-netsub-pin",
    16: "ph-netsub-puk",
}
NO_LOCK, SIM_PIN, SIM_PUK = 1, 2, 4
SIM_OF_LOCK: Mapping[int, SimStatus] = {
    1: "ready",
    2: "pin_required",
    3: "ready",  # PIN2 and PUK2 guard fixed dialling, not the network
    4: "puk_required",
    5: "ready",
    **dict.fromkeys(range(6, 17), "network_locked"),
}

FUNCTIONALITY: Mapping[int, int] = {1: 0, 2: 4, 3: 1}
"""MMModemPowerState (off, low, on) as <fun> of 27.007, 8.2."""

ACCESS: tuple[tuple[int, Technology], ...] = (
    (1 << 15, "nr"),
    (1 << 17, "nb_iot"),
    (1 << 16, "lte_m"),
    (1 << 14, "lte"),
    (1 << 9 | 1 << 8 | 1 << 7 | 1 << 6, "hspa"),
    (1 << 5, "umts"),
    (1 << 4, "edge"),
    (1 << 3 | 1 << 2 | 1 << 1, "gsm"),
)
"""MMModemAccessTechnology: bits, the best first. LTE and 5GNR together are 5G with an LTE anchor (NSA)."""
LTE_BIT, NR_BIT = 1 << 14, 1 << 15
EPS: tuple[Technology, ...] = ("lte", "lte_m", "nb_iot", "nr_nsa")

LAYER_OF_DOMAIN: Mapping[Domain, Layer] = {"5gs": "5gmm", "eps": "emm", "ps": "gmm", "cs": "mm"}

PORT_TYPE: Mapping[int, str] = {
    1: "unknown",
    2: "net",
    3: "at",
    4: "qcdm",
    5: "gps",
    6: "qmi",
    7: "mbim",
    8: "audio",
    9: "ignored",
    10: "xmmrpc",
}
AT_PORT, IGNORED_PORT = 3, 9

SMS_STATE: Mapping[int, str | None] = {1: "unsent", 3: None, 5: "sent"}
"""MMSmsState stored, received, sent; the others are messages on their way. Whether one was read, nobody keeps."""
SMS_RECEIVED = 3
SMS_STORAGE: Mapping[int, str] = {1: "SM", 2: "ME", 3: "MT", 4: "SR", 5: "BM", 6: "TA"}

IP_TYPE: Mapping[int, str] = {1: "IP", 2: "IPV6", 4: "IPV4V6"}
"""MMBearerIpFamily as <PDP_type> of 27.007."""

LOCATION_3GPP = 1

SESSION_ERRORS: Mapping[str, tuple[Layer, int]] = {
    "OperatorDeterminedBarring": ("esm", 8),
    "InsufficientResources": ("esm", 26),
    "MissingOrUnknownApn": ("esm", 27),
    "UnknownPdpAddressOrType": ("esm", 28),
    "UserAuthenticationFailed": ("esm", 29),
    "PdpAuthFailure": ("esm", 29),
    "ActivationRejectedByGgsnOrGw": ("esm", 30),
    "ActivationRejectedUnspecified": ("esm", 31),
    "ServiceOptionNotSupported": ("esm", 32),
    "ServiceOptionNotSubscribed": ("esm", 33),
    "ServiceOptionOutOfOrder": ("esm", 34),
    "RegularDeactivation": ("esm", 36),
    "NetworkFailureActivation": ("esm", 38),
    "ReactivationRequested": ("esm", 39),
    "Ipv4OnlyAllowed": ("esm", 50),
    "Ipv6OnlyAllowed": ("esm", 51),
    "SingleAddressBearersOnlyAllowed": ("esm", 52),
    "RequestedApnNotSupported": ("esm", 66),
    "ImsiUnknownInHss": ("emm", 2),
    "IllegalUe": ("emm", 3),
    "IllegalMs": ("emm", 3),
    "ImeiNotAccepted": ("emm", 5),
    "IllegalMe": ("emm", 6),
    "PsServicesNotAllowed": ("emm", 7),
    "GprsNotAllowed": ("emm", 7),
    "PsAndNonPsServicesNotAllowed": ("emm", 8),
    "ImplicitlyDetached": ("emm", 10),
    "PlmnNotAllowed": ("emm", 11),
    "AreaNotAllowed": ("emm", 12),
    "RoamingNotAllowedInArea": ("emm", 13),
    "PsServicesNotAllowedInPlmn": ("emm", 14),
    "NoCellsInArea": ("emm", 15),
    "EsmFailure": ("emm", 19),
    "Congestion": ("emm", 22),
}
"""…Error.MobileEquipment.<name> → layer and cause (24.301, 9.9.4.4 and 9.9.3.9). MMMobileEquipmentError numbers them
as +CME ERROR does, where one number serves a 2G and a 4G cause alike; we name the 4G layer."""
