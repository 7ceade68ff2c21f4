"""Known modems by their USB ids: who made them, and which of their interfaces speaks AT.

A row says where it comes from. A role that no source states is not guessed: the port is asked instead. What an
interface is may also stand in its class, subclass and protocol, which several makers use alike (`BY_PROTOCOL`).

Sources: [k] Linux, drivers/usb/serial/option.c and qcserial.c; [m] ModemManager's port type rules
(plugins/*/77-mm-*-port-types.rules); [q] Quectel WCDMA&LTE Linux USB Driver User Guide V1.7.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from modem.frozen import dataclass

Role = Literal["at", "modem", "diag", "nmea", "other"]
"""at: commands; modem: commands and PPP; diag: the maker's traces; nmea: positions; other: sound, logs, firmware."""


@dataclass(frozen=True, slots=True)
class Known:
    maker: str
    family: str
    roles: Mapping[int, Role] = field(default_factory=dict)
    """bInterfaceNumber → role; what is missing is not known."""
    source: str = ""


_QUALCOMM: Mapping[int, Role] = {0: "diag", 1: "nmea", 2: "at", 3: "modem"}
_M = "[m] "
_K = "[k] option.c"


def _quectel(family: str, roles: Mapping[int, Role] | None = None, source: str = _K) -> Known:
    return Known("Quectel", family, roles or {}, source)


def _zte(family: str, modem: int, at: int) -> Known:
    return Known("ZTE", family, {modem: "modem", at: "at"}, _M + "zte")


MODEMS: Mapping[tuple[str, str], Known] = {
    ("2C7C", "0121"): _quectel("EC21/EG21", _QUALCOMM, "[k] option.c, [q]"),
    ("2C7C", "0125"): _quectel("EC20/EC25/EG25", _QUALCOMM, _M + "quectel, [q]"),
    ("2C7C", "0191"): _quectel("EG91", _QUALCOMM, _M + "quectel"),
    ("2C7C", "0195"): _quectel("EG95", _QUALCOMM, _M + "quectel"),
    ("2C7C", "0296"): _quectel("BG96", _QUALCOMM, _M + "quectel"),
    ("2C7C", "0306"): _quectel("EG06/EP06/EM06", _QUALCOMM, _M + "quectel"),
    ("2C7C", "0800"): _quectel("RM500Q/RM502Q", _QUALCOMM, _M + "quectel"),
    ("2C7C", "0801"): _quectel("RM520N"),
    ("2C7C", "0512"): _quectel("EG12/EM12/EG18"),
    ("2C7C", "0620"): _quectel("EM160R"),
    ("2C7C", "0700"): _quectel("BG95/BG77"),
    ("2C7C", "0203"): _quectel("BG95-M3"),
    ("2C7C", "0900"): _quectel("RM500U"),
    ("2C7C", "0901"): _quectel("EC200U/EG915U"),
    ("2C7C", "6001"): _quectel("EG912Y"),
    ("2C7C", "6002"): _quectel("EC200S"),
    ("2C7C", "6005"): _quectel("EC200A"),
    ("2C7C", "6007"): _quectel("EG916Q"),
    ("2C7C", "6026"): _quectel("EC200T"),
    ("2C7C", "7001"): _quectel("RM500K"),
    ("05C6", "9003"): _quectel("UC20", _QUALCOMM, "[q]"),
    ("05C6", "9090"): _quectel("UC15"),
    ("05C6", "9215"): _quectel("EC20 (first series)", _QUALCOMM, "[q]"),
    ("1E0E", "9001"): Known("SIMCom", "SIM7000/SIM7100/SIM7500/SIM7600", {**_QUALCOMM, 4: "other"}, _M + "simtech"),
    ("1E0E", "9011"): Known("SIMCom", "SIM7600 (RNDIS)/A76xx", {}, _K),
    ("1E0E", "9205"): Known("SIMCom", "SIM7070/SIM7080/SIM7090", _QUALCOMM, _M + "simtech"),
    ("1E0E", "9206"): Known(
        "SIMCom",
        "SIM7070/SIM7080/SIM7090",
        {0: "diag", 1: "nmea", 2: "at", 3: "other", 4: "other", 5: "modem"},
        _M + "simtech",
    ),
    ("2CB7", "0007"): Known("Fibocom", "L850-GL", {2: "at", 4: "other", 6: "at"}, _M + "fibocom"),
    ("2CB7", "0104"): Known("Fibocom", "FM150/NL678", {0: "diag", 1: "at", 2: "at", 3: "other"}, _M + "fibocom"),
    ("2CB7", "0105"): Known("Fibocom", "NL678", {}, _K),
    ("2CB7", "0106"): Known("Fibocom", "MA510", {0: "other", 1: "at", 2: "at"}, _M + "fibocom"),
    ("2CB7", "010B"): Known("Fibocom", "FG150", {}, _K),
    ("2CB7", "0111"): Known("Fibocom", "FM160", {}, _K),
    ("2CB7", "01A0"): Known("Fibocom", "NL668-AM", {2: "at", 3: "at", 4: "other"}, _M + "fibocom"),
    ("2CB7", "01A2"): Known("Fibocom", "FM101-GL", {2: "at", 3: "at", 4: "other", 5: "other"}, _M + "fibocom"),
    ("2CB7", "01A4"): Known("Fibocom", "FM101-GL", {2: "other", 3: "at", 4: "other", 5: "other"}, _M + "fibocom"),
    ("2CB7", "0A04"): Known("Fibocom", "FM650-CN", {}, _K),
    ("2CB7", "0A05"): Known("Fibocom", "FM650-CN", {}, _K),
    ("2CB7", "0A06"): Known("Fibocom", "FM650-CN", {}, _K),
    ("1508", "1001"): Known("Fibocom", "NL668", {}, _K),
    ("1782", "4D10"): Known("Fibocom", "L610", {}, _K),
    ("1782", "4D11"): Known(
        "Fibocom",
        "L610",
        {2: "at", 3: "other", 4: "other", 5: "diag", 6: "other", 7: "at", 8: "at"},
        _M + "fibocom",
    ),
    ("1782", "4E00"): Known("Luat", "Air720U/Air724U", {}, _K),
    ("1782", "4055"): Known("Tozed", "LT70-C", {}, _K),
    ("19D1", "0001"): Known("Luat", "Air7xx", {}, "the ids the module shows; its interfaces are asked"),
    ("2DEE", "4D22"): Known("MeiG", "SRM815/SRM825/SLM828", {}, _K),
    ("2DEE", "4D38"): Known("MeiG", "SRM825WN", {}, _K),
    ("2DEE", "4D41"): Known("MeiG", "SLM320", {}, _K),
    ("2DEE", "4D57"): Known("MeiG", "SLM770A", {}, _K),
    ("2DEE", "4D63"): Known("MeiG", "SRM813Q", {}, _K),
    ("2DEE", "4D64"): Known("MeiG", "SRM813Q", {}, _K),
    ("2949", "8700"): Known("Neoway", "N723-EA", {}, _K),
    ("05C6", "9625"): Known("Yuge", "CLM920-NC5", {}, _K),
    ("05C6", "90B2"): Known("u-blox", "SARA-R410M", {}, _K),
    ("1546", "1010"): Known("u-blox", "TOBY-L4", {2: "other", 4: "other", 6: "at", 8: "other"}, _M + "ublox"),
    ("1546", "1102"): Known("u-blox", "LISA-U2", {0: "at", 2: "at", 4: "at", 6: "nmea", 8: "diag"}, _M + "ublox"),
    ("1546", "1107"): Known("u-blox", "TOBY-R2", {0: "at", 2: "at", 4: "at", 6: "nmea", 10: "diag"}, _M + "ublox"),
    ("1546", "110A"): Known("u-blox", "LARA-R2", {0: "at", 2: "at", 4: "at", 6: "nmea", 10: "diag"}, _M + "ublox"),
    ("1546", "1311"): Known("u-blox", "LARA-R6", {}, _K),
    ("1546", "1341"): Known("u-blox", "LARA-L6", {}, _K),
    ("1BC7", "0021"): Known("Telit", "HE910/UE910/UL865", {0: "modem", 6: "at"}, _M + "telit"),
    ("1BC7", "1003"): Known("Telit", "UC864-E", {0: "modem", 2: "at"}, _M + "telit"),
    ("1BC7", "1004"): Known("Telit", "UC864-G", {0: "modem", 2: "nmea", 3: "at"}, _M + "telit"),
    ("1BC7", "1010"): Known("Telit", "DE910-DUAL", {1: "nmea", 2: "at", 3: "modem"}, _M + "telit"),
    ("1BC7", "1031"): Known("Telit", "LE910C1", {}, _K),
    ("1BC7", "1034"): Known("Telit", "LE910C4", {}, _K),
    ("1BC7", "1100"): Known("Telit", "ME910", {}, _K),
    ("1BC7", "1201"): Known("Telit", "LE910", {}, _K),
    ("1199", "68A2"): Known("Sierra", "MC7710/MC7750", {0: "diag", 2: "nmea", 3: "modem"}, "[k] qcserial.c"),
    ("1199", "901C"): Known("Sierra", "EM7700", {0: "diag", 2: "nmea", 3: "modem"}, "[k] qcserial.c"),
    ("1199", "90D3"): Known("Sierra", "EM9191", {}, _K),
    ("1199", "90E3"): Known("Sierra", "EM9291", {}, _K),
    ("1E2D", "0053"): Known("Thales", "PH8", {1: "nmea"}, _M + "cinterion"),
    ("1E2D", "0060"): Known("Thales", "PLS8/PLS62", {}, _K),
    ("1E2D", "006C"): Known("Thales", "EXS82", {}, _K),
    ("1E2D", "00B0"): Known("Thales", "CLS8", {}, _K),
    ("1E2D", "00B3"): Known("Thales", "MV31-W", {}, _K),
    ("12D1", "1573"): Known("Huawei", "MU609", {}, _M + "huawei"),
    ("19D2", "0001"): _zte("MF622", 0, 2),
    ("19D2", "0015"): _zte("MF628", 1, 3),
    ("19D2", "0031"): _zte("MF626/MF637", 3, 1),
    ("19D2", "0117"): _zte("MF667", 2, 1),
    ("19D2", "0601"): Known("ZTE", "ME3630", {}, _K),
    ("19D2", "1432"): Known("ZTE", "ME3620", {}, _K),
    ("19D2", "1515"): _zte("MF192", 0, 2),
}
"""(vendor, product), capitals."""

MAKERS: Mapping[str, str] = {
    "2C7C": "Quectel", "1E0E": "SIMCom", "12D1": "Huawei", "19D2": "ZTE", "2CB7": "Fibocom", "1508": "Fibocom",
    "2DEE": "MeiG", "2949": "Neoway", "1546": "u-blox", "1BC7": "Telit", "1199": "Sierra", "1E2D": "Thales",
    "257A": "Yuge", "305A": "GosunCn", "0489": "Foxconn", "2020": "BroadMobi", "33F8": "Rolling", "3731": "NetPrisma",
}  # fmt: skip
"""For products that are not in the table. 05C6 (Qualcomm) and 1782 (Unisoc) are the chips' ids and name no maker."""

DRIVERS = frozenset({"option", "option1", "qcserial", "sierra", "ipw", "hso"})
"""Of Linux, drivers/usb/serial and drivers/net/usb: bound by their tables of ids to nothing but modems."""

_SHARED: Mapping[tuple[int, int, int], Role] = {
    (0xFF, 0xFF, 0x30): "diag",
    (0xFF, 0xFF, 0x40): "at",
    (0xFF, 0x00, 0x40): "at",
    (0xFF, 0xFF, 0x60): "nmea",
}
"""As option.c notes it for Quectel RM5xx, MeiG SRM8xx, Fibocom FG132 and Sierra EM9x9x."""
_HUAWEI: Mapping[tuple[int, int, int], Role] = {
    (0xFF, 0x01, 0x01): "modem",
    (0xFF, 0x01, 0x02): "at",
    (0xFF, 0x02, 0x01): "modem",
    (0xFF, 0x02, 0x02): "at",
    (0xFF, 0x01, 0x05): "nmea",
    (0xFF, 0x01, 0x14): "nmea",
}
"""ModemManager's rules for Huawei; the numbers of its interfaces differ from one firmware to the next."""
BY_PROTOCOL: Mapping[str, Mapping[tuple[int, int, int], Role]] = {
    "12D1": _HUAWEI, "2C7C": _SHARED, "2DEE": _SHARED, "2CB7": _SHARED, "1199": _SHARED, "3731": _SHARED,
}  # fmt: skip

_FIRST: Mapping[Role | None, int] = {"at": 0, "modem": 1, None: 2, "nmea": 3, "other": 4, "diag": 5}


def known(vendor_id: str | None, product_id: str | None) -> Known | None:
    """The row of these ids, or one with only the maker; None for ids that nobody here knows."""
    row = MODEMS.get((vendor_id or "", product_id or ""))
    if row is None and (maker := MAKERS.get(vendor_id or "")):
        return Known(maker, "", {}, "the vendor's id")
    return row


def role(
    vendor_id: str | None, product_id: str | None, interface: int | None, protocol: tuple[int, int, int] | None = None
) -> Role | None:
    """What this interface is for, by its number or else by its protocol; None: ask it."""
    row = known(vendor_id, product_id)
    by_number = row.roles.get(interface) if row and interface is not None else None
    return by_number or BY_PROTOCOL.get(vendor_id or "", {}).get(protocol or (0, 0, 0))


def rank(found: Role | None) -> int:
    """Which port to ask first: the lower the likelier it answers AT. Unknown ones come before those known not to."""
    return _FIRST[found]
