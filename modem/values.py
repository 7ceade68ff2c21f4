"""Readings: what a modem said, in typed frozen values. `None` always means "not known", never a guess.

Every reading has a `kind` (its name in JSON). Numbers are numbers in the unit that the field's name ends in;
hexadecimal ids are upper-case strings without 0x. No reading holds a judgement except the words that 3GPP gives
to a number (registration status, technology).
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, Literal

from modem.frozen import dataclass

Domain = Literal["cs", "ps", "eps", "5gs"]
RegistrationStatus = Literal["home", "roaming", "searching", "denied", "idle", "emergency_only", "unknown"]
Technology = Literal["gsm", "edge", "umts", "hspa", "lte", "lte_m", "nb_iot", "nr_nsa", "nr"]
SimStatus = Literal["ready", "absent", "pin_required", "puk_required", "network_locked", "failure", "busy", "unknown"]
Quality = Literal["excellent", "good", "fair", "poor", "none"]
CauseLayer = Literal["mm", "gmm", "emm", "5gmm", "sm", "esm", "5gsm", "vendor"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Base of all readings."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Identity(Reading):
    kind: ClassVar[str] = "identity"
    manufacturer: str | None = None
    model: str | None = None
    firmware: str | None = None
    imei: str | None = None
    """15 digits."""


@dataclass(frozen=True, slots=True)
class Sim(Reading):
    kind: ClassVar[str] = "sim"
    state: SimStatus = "unknown"
    pin_retries: int | None = None
    puk_retries: int | None = None


@dataclass(frozen=True, slots=True)
class SimSlot:
    slot: int
    """From 1."""
    active: bool | None = None
    state: SimStatus | None = None
    iccid: str | None = None


@dataclass(frozen=True, slots=True)
class SimSlots(Reading):
    """Of a modem with more than one slot: which is in use, and what is in the others as far as it tells."""

    kind: ClassVar[str] = "sim_slots"
    slots: tuple[SimSlot, ...]


@dataclass(frozen=True, slots=True)
class Iccid(Reading):
    kind: ClassVar[str] = "iccid"
    iccid: str
    """18 to 20 digits (or hex letters, as China Mobile uses), padding F stripped, never rejected for Luhn."""
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Imsi(Reading):
    kind: ClassVar[str] = "imsi"
    imsi: str
    carrier: str | None = None


@dataclass(frozen=True, slots=True)
class OwnNumber(Reading):
    kind: ClassVar[str] = "own_number"
    msisdn: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Signal(Reading):
    """Every figure in its own unit; `quality` by the technology's own scale, None when nothing was measured."""

    kind: ClassVar[str] = "signal"
    technology: Technology | None = None
    rssi_dbm: float | None = None
    rsrp_dbm: float | None = None
    rsrq_db: float | None = None
    sinr_db: float | None = None
    rscp_dbm: float | None = None
    ecio_db: float | None = None
    ber: int | None = None
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """A network's cause number with the layer it belongs to: EMM 8 is not ESM 8."""

    layer: CauseLayer | None
    number: int | None
    text: str | None = None
    possibly_past: bool = False
    """True for +CEER, which reports the last failure even when all is well again."""


@dataclass(frozen=True, slots=True)
class Registration(Reading):
    kind: ClassVar[str] = "registration"
    domain: Domain
    stat: int | None
    """27.007 <stat>, 0 to 11."""
    status: RegistrationStatus
    lac: str | None = None
    tac: str | None = None
    cell_id: str | None = None
    rac: str | None = None
    act: int | None = None
    """27.007 <AcT>, 0 to 16."""
    technology: Technology | None = None
    reject_cause: Cause | None = None
    sms_only: bool | None = None
    """True for stat 6 and 7, False for the other known ones."""

    def __post_init__(self) -> None:
        """An id too long for the network is a damaged one, or a number of another meaning: not known."""
        is_5g = self.domain == "5gs" or self.technology in ("nr", "nr_nsa")
        area, cell = (AREA_BITS_NR, CELL_BITS_NR) if is_5g else (AREA_BITS, CELL_BITS)
        for name, bits in (("lac", area), ("tac", area), ("cell_id", cell)):
            object.__setattr__(self, name, _of_bits(getattr(self, name), bits))


@dataclass(frozen=True, slots=True)
class Operator(Reading):
    kind: ClassVar[str] = "operator"
    mode: int | None = None
    name: str | None = None
    plmn: str | None = None
    act: int | None = None
    technology: Technology | None = None
    available: int | None = None
    """Only in scans: 0 unknown, 1 available, 2 current, 3 forbidden."""


@dataclass(frozen=True, slots=True)
class Operators(Reading):
    kind: ClassVar[str] = "operators"
    operators: tuple[Operator, ...]


@dataclass(frozen=True, slots=True)
class Attach(Reading):
    kind: ClassVar[str] = "attach"
    attached: bool


@dataclass(frozen=True, slots=True)
class Context:
    cid: int
    type: str | None = None
    apn: str | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contexts(Reading):
    kind: ClassVar[str] = "contexts"
    contexts: tuple[Context, ...]


@dataclass(frozen=True, slots=True)
class ContextActive(Reading):
    kind: ClassVar[str] = "context_active"
    cid: int
    active: bool


@dataclass(frozen=True, slots=True)
class Address(Reading):
    kind: ClassVar[str] = "address"
    cid: int
    addresses: tuple[str, ...]
    """Textual IPv4 or IPv6 (compressed, RFC 5952); all-zero placeholders are left out."""


@dataclass(frozen=True, slots=True)
class ContextParams(Reading):
    kind: ClassVar[str] = "context_params"
    cid: int
    bearer: int | None = None
    apn: str | None = None
    addresses: tuple[str, ...] = ()
    mask: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()
    mtu: int | None = None


@dataclass(frozen=True, slots=True)
class Counters(Reading):
    """The modem's own byte counters. Which reset they survive differs by vendor: `scope` says."""

    kind: ClassVar[str] = "counters"
    rx_bytes: int
    tx_bytes: int
    cid: int | None = None
    scope: Literal["session", "since_boot", "lifetime"] | None = None


@dataclass(frozen=True, slots=True)
class Clock(Reading):
    kind: ClassVar[str] = "clock"
    time: str | None
    """ISO 8601, with its offset when the modem gave one; None for a placeholder such as 80/01/06."""
    utc_offset_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Functionality(Reading):
    kind: ClassVar[str] = "functionality"
    level: int
    """27.007 <fun>: 0 minimum, 1 full, 4 radio off."""


def is_temperature(value: float | None) -> bool:
    """A chip's, in degrees Celsius."""
    return value is not None and -60 <= value <= 150


@dataclass(frozen=True, slots=True)
class Temperature(Reading):
    kind: ClassVar[str] = "temperature"
    temperature_c: float | None
    """The hottest sensor; None where it is one that does not exist (-273, 255)."""
    sensors: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "temperature_c", self.temperature_c if is_temperature(self.temperature_c) else None)
        object.__setattr__(self, "sensors", tuple(one for one in self.sensors if is_temperature(one[1])))


@dataclass(frozen=True, slots=True)
class Voltage(Reading):
    kind: ClassVar[str] = "voltage"
    voltage_mv: int | None

    def __post_init__(self) -> None:
        """A percentage, or a number of volts, is none: no supply gives half a volt."""
        is_supply = self.voltage_mv is not None and 500 <= self.voltage_mv <= 60_000
        object.__setattr__(self, "voltage_mv", self.voltage_mv if is_supply else None)


@dataclass(frozen=True, slots=True)
class SmsStore:
    name: str
    used: int | None = None
    total: int | None = None

    def __post_init__(self) -> None:
        """Fewer than none, or more than there is room for, is no count."""
        total = self.total if self.total is not None and self.total >= 0 else None
        is_count = self.used is not None and 0 <= self.used <= (self.used if total is None else total)
        object.__setattr__(self, "total", total)
        object.__setattr__(self, "used", self.used if is_count else None)


@dataclass(frozen=True, slots=True)
class SmsStorage(Reading):
    kind: ClassVar[str] = "sms_storage"
    stores: tuple[SmsStore, ...]
    """Reading, writing, receiving: in the order of +CPMS."""


@dataclass(frozen=True, slots=True)
class Sms(Reading):
    kind: ClassVar[str] = "sms"
    index: int | None = None
    storage: str | None = None
    status: str | None = None
    """"unread", "read", "unsent", "sent" or None."""
    sender: str | None = None
    recipient: str | None = None
    time: str | None = None
    """ISO 8601 with the network's offset."""
    text: str | None = None
    pdu: str | None = None
    part: int | None = None
    """Of a long message that is shown part by part; None for a whole one, however many parts it came in."""
    parts: int | None = None
    reference: int | None = None
    """What parts of one message have in common; of a report, the number of the message it is about."""
    missing: tuple[int, ...] = ()
    """Numbers of the parts that have not come; the text says […] in their place."""
    indexes: tuple[int, ...] = ()
    """All places in the store that this message takes, where it takes several."""
    message_class: int | None = None
    """0: flash, to be shown at once and not stored."""
    data: str | None = None
    """Octets in hexadecimal, where there is no text for people (WAP push, settings, card data), or 8-bit text."""
    delivery: str | None = None
    """Of a status report: "delivered", "pending", "failed"."""
    problems: tuple[str, ...] = ()
    """What was wrong with the PDU: "truncated", "compressed", "time_invalid" …"""


@dataclass(frozen=True, slots=True)
class Ussd(Reading):
    kind: ClassVar[str] = "ussd"
    status: int | None
    """27.007 <m>: 0 done, 1 answer wanted, 2 ended by the network, 3 other client, 4 not supported, 5 time-out."""
    text: str | None
    dcs: int | None = None
    raw: str | None = None
    """The text as the modem wrote it, where reading it took more than taking the quotes off."""


MAX_PCI = 1007
"""38.211 §7.4.2.1; LTE ends at 503, scrambling codes of UMTS at 511."""
MAX_CHANNEL = 3_279_165
"""The highest NR-ARFCN, 38.104 §5.4.2.1."""
MAX_CHANNELS: Mapping[Technology | None, int] = {
    **dict.fromkeys(("gsm", "edge"), 1023),  # 45.005 §2
    **dict.fromkeys(("umts", "hspa"), 16_383),  # 25.101 §5.4.3
    **dict.fromkeys(("lte", "lte_m", "nb_iot"), 262_143),  # 36.331 §6.3.4, ARFCN-ValueEUTRA
}
"""Of the older networks; modems that know no channel say 32767 or 65535."""


def _within(value: int | None, highest: int) -> int | None:
    return value if value is not None and 0 <= value <= highest else None


AREA_BITS, AREA_BITS_NR = 16, 24
"""Location and tracking area, 23.003 §4.1, §19.4.2.3; of 5G §19.4.2.3."""
CELL_BITS, CELL_BITS_NR = 28, 36
"""23.003 §19.6, which is also what UMTS has (25.331 §10.3.2.2); of 5G §19.6A."""
_OF_5G: tuple[Technology | None, ...] = ("nr", "nr_nsa", None)
"""Where the network is not known, its ids may be those of 5G."""


def _of_bits(text: str | None, bits: int) -> str | None:
    """A hexadecimal id that fits: "550014" is no location area."""
    return text if text is not None and len(text.lstrip("0")) * 4 <= bits else None


_LAST_BAND = 512
"""38.104 §5.2 ends at n512, 36.104 §5.5 far below."""


def _real_band(text: str | None) -> str | None:
    """B0 and n0 are what modems write while they change cells (SIM7600: EUTRAN-BAND0)."""
    return text if text is None or not text[1:].isdecimal() or 1 <= int(text[1:]) <= _LAST_BAND else None


@dataclass(frozen=True, slots=True)
class Cell(Reading):
    kind: ClassVar[str] = "cell"
    technology: Technology | None = None
    serving: bool = True
    plmn: str | None = None
    lac: str | None = None
    tac: str | None = None
    cell_id: str | None = None
    pci: int | None = None
    channel: int | None = None
    """ARFCN, UARFCN, EARFCN or NR-ARFCN, by technology."""
    band: str | None = None
    """"B3" (3GPP band) or "n78"."""

    def __post_init__(self) -> None:
        """A number that no cell can have came from a damaged line, or from a field of another meaning: not known."""
        object.__setattr__(self, "band", _real_band(self.band))
        channel = _within(self.channel, MAX_CHANNELS.get(self.technology, MAX_CHANNEL))
        is_placeholder = self.pci == 0 and channel is None and self.channel is not None
        object.__setattr__(self, "pci", None if is_placeholder else _within(self.pci, MAX_PCI))
        object.__setattr__(self, "channel", channel)
        is_5g = self.technology in _OF_5G
        object.__setattr__(self, "lac", _of_bits(self.lac, AREA_BITS))
        object.__setattr__(self, "tac", _of_bits(self.tac, AREA_BITS_NR if is_5g else AREA_BITS))
        object.__setattr__(self, "cell_id", _of_bits(self.cell_id, CELL_BITS_NR if is_5g else CELL_BITS))


@dataclass(frozen=True, slots=True)
class NetworkInfo(Reading):
    """What vendors' "which network am I on" commands say (+QNWINFO, +CPSI, ^SYSINFOEX …)."""

    kind: ClassVar[str] = "network_info"
    technology: Technology | None = None
    plmn: str | None = None
    operator: str | None = None
    band: str | None = None
    channel: int | None = None
    service: Literal["none", "limited", "valid", "sleep"] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "channel", _within(self.channel, MAX_CHANNEL))
        object.__setattr__(self, "band", _real_band(self.band))


@dataclass(frozen=True, slots=True)
class ErrorCause(Reading):
    kind: ClassVar[str] = "error_cause"
    cause: Cause


@dataclass(frozen=True, slots=True)
class Capability(Reading):
    """Answers to test commands and +GCAP: which values a command takes, as the modem listed them."""

    kind: ClassVar[str] = "capability"
    command: str
    values: tuple[str, ...] = ()


def as_json(value: Any) -> Any:
    """`value` (a reading, or any nesting of dataclasses and tuples) as plain JSON values, `kind` first."""
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        named = {"kind": value.kind} if isinstance(value, Reading) else {}
        return named | {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    return value
