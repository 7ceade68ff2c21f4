"""Sellers of IoT SIM cards outside China: pools of SIMs, limits in MB, alerts by SMS to the SIM or to its owner."""

from agent.plan.messages.carriers.base import Carrier

_NAMES = (
    "Things Mobile", "Onomondo", "Soracom", "KORE Wireless", "Wireless Logic", "Eseye", "floLIVE", "Monogoto", "Aeris",
    "Telenor Connexion", "BICS", "SIMbase", "Datablaze", "Cubic Telecom", "M2M One", "Caburn Telecom", "Tele2 IoT",
    "Telit Cinterion", "Sierra Wireless", "Zipit Wireless", "Pelion", "Velocity IoT", "Olivia Wireless", "ThingPark",
    "Webbing", "Transatel", "Com4", "Melita.io", "Podsystem", "Jersey Telecom", "Super SIM", "Airhub", "Nomad eSIM",
    "Holafly", "Ubigi", "GigSky", "Saily", "Maya Mobile", "Flexiroam", "KeepGo", "Yesim",
)  # fmt: skip
CARRIERS = tuple(Carrier(name, None, names=(name.lower(),), signatures=(name.lower(),)) for name in _NAMES)
