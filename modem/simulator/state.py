"""The typed state of a virtual modem: what is true of the card, the network and the module right now."""

from dataclasses import field, fields, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from modem.frozen import dataclass
from modem.simulator.tables import Table

SIM_STATES = ("ready", "absent", "pin", "puk", "network_locked", "failure", "busy")
MAX_YEAR = 2900
NOW = "now"
UNREADABLE_SIM = {"absent": 10, "failure": 13, "busy": 14}
"""27.007, 9.2: 10 SIM not inserted, 13 SIM failure, 14 SIM busy."""
LOCKED_SIM = {"pin": 11, "puk": 12, "network_locked": 40}
"""27.007, 9.2: 11 SIM PIN required, 12 SIM PUK required, 40 network personalisation PIN required."""
SIM_OFF = 13
"""With AT+CFUN=0 the card has no power and reads as failed (capture simcom-sim7000e-04)."""
REGISTERED = (1, 5, 6, 7, 9, 10)
"""27.007, 7.2: home, roaming, and both again for SMS only and CSFB not preferred."""


@dataclass(frozen=True, slots=True)
class State:
    """A healthy LTE Cat-1 modem; `[state]` of a persona and of a scenario overlay it, `[[change]]` moves it."""

    manufacturer: str = "Simulated"
    model: str = "LTE-CAT1"
    firmware: str = "SIM1.0.0"
    imei: str = "860000000000009"
    # the card
    sim: str = "ready"
    pin: str = "1234"
    pin_retries: int = 3
    puk_retries: int = 10
    iccid: str = "89860000000000000001"
    imsi: str = "460000000000001"
    msisdn: str = ""
    # registration, <stat> of 27.007
    functionality: int = 1
    cs: int = 1
    ps: int = 1
    eps: int = 1
    nr: int = 0
    cause_type: int = 0
    """27.007 <cause_type>: 0 a 3GPP EMM cause, 1 the manufacturer's."""
    reject_cause: int = 0
    """0: none."""
    selection: int = 0
    """<mode> of +COPS; 2: deregistered on request."""
    last_cause: str = "No cause information available"
    """What +CEER says."""
    operator: str = "CHINA MOBILE"
    plmn: str = "46000"
    act: int = 7
    operators: str = '(2,"CHINA MOBILE","CMCC","46000",7),(3,"CHN-UNICOM","UNICOM","46001",7)'
    """The +COPS=? list."""
    # signal; 0 stands for "not measured" (no real figure is 0 dBm)
    rssi_dbm: float = -67.0
    rsrp_dbm: float = -95.0
    rsrq_db: float = -10.5
    sinr_db: float = 12.0
    # cell
    tac: str = "5A1B"
    cell_id: str = "08C2D11B"
    pci: int = 123
    earfcn: int = 1300
    band: int = 3
    # data
    attached: bool = True
    active: bool = True
    cid: int = 1
    activation_error: int = 0
    """The +CME ERROR with which the network refuses +CGACT; 0: it grants it (27.007, 9.2.2.1)."""
    pdp_type: str = "IPV4V6"
    apn: str = "cmiot"
    address: str = "10.133.7.21"
    gateway: str = "10.133.7.1"
    dns1: str = "211.136.112.50"
    dns2: str = "211.136.150.66"
    rx_bytes: float = 82_663_256.0
    tx_bytes: float = 9_169_083.0
    rx_rate: float = 0.0
    """Bytes per second of the script, while registered and active."""
    tx_rate: float = 0.0
    # module
    temperature_c: int = 41
    voltage_mv: int = 3812
    clock: str = NOW
    """Local time at the start of the script; "now" is the host's, as a network would give it."""
    clock_zone: int = 32
    """Quarters of an hour east of UTC, as +CCLK gives it."""
    sms_capacity: int = 40

    @property
    def sim_present(self) -> bool:
        return self.sim not in UNREADABLE_SIM

    @property
    def radio_on(self) -> bool:
        return self.functionality == 1 and self.selection != 2

    @property
    def in_service(self) -> bool:
        """The radio is on and the card usable, so that the registration figures count."""
        return self.radio_on and self.sim == "ready"

    def stat(self, domain: str) -> int:
        values = {"cs": self.cs, "ps": self.ps, "eps": self.eps, "nr": self.nr}
        return values[domain] if self.in_service else 0

    @property
    def registered(self) -> bool:
        return any(self.stat(domain) in REGISTERED for domain in ("cs", "ps", "eps", "nr"))

    @property
    def data_registered(self) -> bool:
        return any(self.stat(domain) in REGISTERED for domain in ("ps", "eps", "nr"))

    @property
    def data_up(self) -> bool:
        return self.data_registered and self.attached and self.active

    @property
    def sim_error(self) -> int | None:
        """The +CME ERROR with which this card refuses what needs it; None = it does not."""
        return SIM_OFF if self.functionality == 0 else UNREADABLE_SIM.get(self.sim) or LOCKED_SIM.get(self.sim)

    def grown(self, seconds: float) -> "State":
        """The same after some time: counters and clock have moved on."""
        if seconds <= 0:
            return self
        moved = self._clock_after(seconds)
        if not self.data_up:
            return moved
        return replace(
            moved, rx_bytes=self.rx_bytes + self.rx_rate * seconds, tx_bytes=self.tx_bytes + self.tx_rate * seconds
        )

    def started(self, wall: float) -> "State":
        """With a clock that says what it is, where the script left that to the host: `wall` in seconds since 1970."""
        if self.clock != NOW:
            return replace(self, clock=datetime.fromisoformat(self.clock).isoformat())
        local = datetime.fromtimestamp(wall, timezone(timedelta(minutes=15 * self.clock_zone)))
        return replace(self, clock=local.replace(tzinfo=None).isoformat())

    def _clock_after(self, seconds: float) -> "State":
        later = datetime.fromisoformat(self.clock) + timedelta(seconds=seconds)
        return replace(self, clock=later.isoformat())


@dataclass(frozen=True, slots=True)
class Modes:
    """Settings that end with the next restart (V.250 and 27.007 defaults)."""

    echo: bool = True
    cmee: int = 0
    reporting: dict[str, int] = field(default_factory=dict)
    """Domain → <n> of its registration report."""
    cops_format: int = 0
    text_messages: bool = False
    cnmi_mt: int = 1
    character_set: str = "IRA"


def overlay(state: State, table: Table) -> State:
    """`state` with the fields that `table` names. Raises `ScriptError` for unknown fields and wrong types."""
    given: dict[str, Any] = {}
    for known in fields(State):
        if not table.has(known.name):
            continue
        given[known.name] = _read(table, known.name, getattr(state, known.name))
    table.known(known.name for known in fields(State))
    return _checked(replace(state, **given), table)


def _read(table: Table, name: str, example: object) -> object:
    if isinstance(example, bool):
        return table.flag(name)
    if isinstance(example, int):
        return table.integer(name)
    if isinstance(example, float):
        return table.number(name)
    return table.text(name)


def _checked(state: State, table: Table) -> State:
    if state.sim not in SIM_STATES:
        raise table.error("sim", f"found {state.sim!r}, allowed are {', '.join(SIM_STATES)}")
    for domain in ("cs", "ps", "eps", "nr"):
        if not 0 <= getattr(state, domain) <= 11:
            raise table.error(domain, "must be a <stat> of 3GPP TS 27.007, 0 to 11")
    try:
        started = datetime.fromisoformat("2026-01-01" if state.clock == NOW else state.clock)
    except ValueError as error:
        raise table.error("clock", 'must be "now" or a local time such as 2026-11-21T18:00:00') from error
    if started.tzinfo is not None or started.year > MAX_YEAR:
        raise table.error("clock", "must be local time without a zone (clock_zone has it), not after the year 2900")
    if not -48 <= state.clock_zone <= 56:
        raise table.error("clock_zone", "must be quarters of an hour east of UTC, -48 to 56")
    if any(char in value for value in _texts(state) for char in "\r\n\x1a"):
        raise table.error("", "texts must not hold line ends")
    return state


def _texts(state: State) -> list[str]:
    values = [getattr(state, known.name) for known in fields(State)]
    return [value for value in values if isinstance(value, str)]
