"""What was observed, before anybody judges it.

A `Snapshot` is everything known at one moment. Its parts have the shape of `posagent diag --json` (DESIGN: schema
posagent.diag/1), so that reporting is a rendering and not a translation. `None` means not known: not asked, not
answered, not readable. Samplers fill it; rules read it; neither does the other's work.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from modem.frozen import dataclass
from modem.values import Cause, Cell, Context, Domain, RegistrationStatus, Signal, SimSlot, SimStatus, Technology

PortProblem = Literal["missing", "busy", "forbidden", "lost"]
PlanStatus = Literal["active", "expiring", "expired", "exhausted", "suspended", "unknown"]
EvidenceSource = Literal[
    "at", "urc", "modemmanager", "kernel", "probe", "config", "message", "ledger", "centre", "clock"
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, quotable as it is."""

    about: str
    """The field of the snapshot it supports: "sim.state", "network.registration", "reach.centre" …"""
    source: EvidenceSource
    text: str
    """Literal, on one line, safe to show: 'AT+CPIN? → +CME ERROR: 10'."""
    at: float | None = None
    """Wall time in seconds, None when not known."""


@dataclass(frozen=True, slots=True)
class PortView:
    device: str | None = None
    holder: str | None = None
    """Who else holds it, as "name (pid 1)"."""
    problem: PortProblem | None = None
    answers: bool | None = None
    """False: open, but the modem says nothing. None: not tried."""
    garbled: bool | None = None
    """True: something comes back, but no AT (wrong speed, wrong port, broken line)."""


@dataclass(frozen=True, slots=True)
class ModemView:
    manufacturer: str | None = None
    model: str | None = None
    firmware: str | None = None
    imei: str | None = None
    dialect: str | None = None
    temperature_c: float | None = None
    voltage_mv: int | None = None
    functionality: int | None = None
    """27.007 <fun>; 0 or 4 = radio off by command."""


@dataclass(frozen=True, slots=True)
class SimView:
    state: SimStatus = "unknown"
    iccid: str | None = None
    imsi: str | None = None
    msisdn: str | None = None
    issuer: str | None = None
    pin_retries: int | None = None
    expected_iccid: str | None = None
    """The card that belongs here, as far as somebody said or accepted so."""
    expected_imei: str | None = None
    """The modem that this very card was accepted with."""
    changed: bool | None = None
    """Another card than the expected one is in; None: not known which is."""
    wrong_terminal: bool | None = None
    """The card is one that belongs to another terminal, or was locked to another modem."""
    slot: int | None = None
    """Of a modem with several slots the one in use, from 1."""
    other_slots: tuple[SimSlot, ...] = ()
    """What is in the others, as far as the modem tells."""
    switched: bool | None = None
    """Nobody changed a card: the modem uses another slot than the one with the expected card. None: not known."""


@dataclass(frozen=True, slots=True)
class NetworkView:
    registration: RegistrationStatus = "unknown"
    """Decided on 5GS/EPS first, then PS, then CS."""
    domains: Mapping[Domain, RegistrationStatus | None] = field(
        default_factory=lambda: {"cs": None, "ps": None, "eps": None, "5gs": None}
    )
    reject_cause: Cause | None = None
    operator_name: str | None = None
    operator_plmn: str | None = None
    technology: Technology | None = None
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """The network interface that carries the modem's data, as the kernel shows it."""

    name: str
    up: bool | None = None
    addresses: tuple[str, ...] = ()
    default_route: bool | None = None
    rx_bytes: int | None = None
    tx_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class DataView:
    attached: bool | None = None
    contexts: tuple["ContextView", ...] = ()
    last_error: Cause | None = None
    interface: InterfaceView | None = None


@dataclass(frozen=True, slots=True)
class ContextView:
    cid: int
    type: str | None = None
    apn: str | None = None
    active: bool | None = None
    addresses: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()

    @classmethod
    def of(cls, context: Context) -> "ContextView":
        return cls(context.cid, context.type, context.apn, None, context.addresses)


@dataclass(frozen=True, slots=True)
class UsageSource:
    source: Literal["interface", "modem", "carrier", "manual"]
    used_bytes: int
    at: float


@dataclass(frozen=True, slots=True)
class UsageView:
    cycle_start: str | None = None
    """ISO date; both ends belong to the cycle."""
    cycle_end: str | None = None
    used_bytes: int | None = None
    own_bytes: int | None = None
    """What the agent itself caused."""
    sources: tuple[UsageSource, ...] = ()
    day_bytes: int | None = None
    """So far today."""
    usual_day_bytes: int | None = None
    """Median of the terminal's own full days; None in its first week."""
    day_limit_bytes: int | None = None
    """A day above this is out of the ordinary."""
    drift_bytes: int | None = None
    """The carrier's last figure less what we had counted by then."""
    elsewhere_bytes: int | None = None
    """What the card used and this terminal did not; 0 = nothing worth mentioning."""
    received_bytes: int | None = None
    """By the card since the look before."""
    last_day: str | None = None
    """ISO date of the last day on which data came over this card; None: never seen, or nobody counted."""
    last_day_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class PlanFact:
    """One thing somebody said about the card's plan."""

    fact: Literal[
        "expires_on",
        "balance",
        "quota_bytes",
        "used_bytes",
        "remaining_bytes",
        "suspended",
        "arrears",
        "pool_total_bytes",
        "pool_remaining_bytes",
        "pool_members",
    ]
    value: str
    """ISO date, decimal amount or integer, as text."""
    source: Literal["centre", "carrier_sms", "carrier_ussd", "agent", "manual", "config"]
    at: float | None = None
    text: str | None = None
    """What it was read from, verbatim."""


@dataclass(frozen=True, slots=True)
class PlanView:
    state: PlanStatus = "unknown"
    expires_on: str | None = None
    days_left: int | None = None
    quota_bytes: int | None = None
    remaining_bytes: int | None = None
    balance_amount: str | None = None
    balance_currency: str | None = None
    runs_out_on: str | None = None
    facts: tuple[PlanFact, ...] = ()
    runs_out_early: str | None = None
    """With `runs_out_late` the range of the forecast; early set and late None: it may as well last."""
    runs_out_late: str | None = None
    ends_on: str | None = None
    """The plan's last day or the day the data runs out, whichever is first."""
    stage: Literal["test", "silent", "active", "grace", "pre_cancelled", "cancelled"] | None = None
    """Where the card is in its life at the carrier."""
    cancelled_on: str | None = None
    """First day on which the number is gone for good."""
    stale_facts: tuple[str, ...] = ()
    """Names of facts that are too old to rely on."""


ReachProblem = Literal[
    "hijacked",
    "portal",
    "carrier_portal",
    "payment",
    "tls",
    "certificate_expired",
    "certificate_name",
    "certificate_chain",
    "clock",
    "refused",
    "credential",
    "unwell",
]
"""What exactly is wrong where more than silence is known (agent/sample/net/meanings.py):
- hijacked: names lead to wrong addresses · portal, carrier_portal: somebody else answers in place of the host asked
- payment: the payment hosts themselves were tried, and none answers
- tls, certificate_*: no TLS, and why · clock: the certificate is good, only not by this machine's clock
- refused, credential, unwell: the centre answered, and said this"""


@dataclass(frozen=True, slots=True)
class Reach:
    """One question to the network. "internet" stands for the payment hosts, and for the anchor if one is set."""

    target: Literal["dns", "gateway", "internet", "centre"]
    ok: bool | None
    """None: not tried, or the try could not be made."""
    detail: str | None = None
    ms: float | None = None
    problem: ReachProblem | None = None
    way: Literal["card", "routes"] | None = None
    """card: bound to the card's interface; routes: as the machine's routes had it, which was another interface;
    None: nobody knows."""


@dataclass(frozen=True, slots=True)
class ClockView:
    trusted: bool | None = None
    """False: this machine's wall clock is known to be wrong; None: nobody vouched for it."""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class AgentView:
    """What the agent knows of itself. None: not observed."""

    writable: bool | None = None
    """Outbox, ledger and state can be written."""
    storage: str | None = None
    """What cannot, and why."""
    oldest_waiting_s: float | None = None
    """Age of the oldest record that waits to be sent; None where there is nobody to send it to."""
    outbox: str | None = None
    budget_used_up: bool | None = None
    """Routine is reported once a day or less, so that the budget lasts. (Spacing it out a little is no finding.)"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    taken_at: float
    """Wall seconds."""
    port: PortView = PortView()
    modem: ModemView = ModemView()
    sim: SimView = SimView()
    network: NetworkView = field(default_factory=NetworkView)
    signal: Signal = field(default_factory=Signal)
    data: DataView = DataView()
    usage: UsageView = UsageView()
    plan: PlanView = PlanView()
    reach: tuple[Reach, ...] = ()
    clock: ClockView = ClockView()
    evidence: tuple[Evidence, ...] = ()
    agent: AgentView = AgentView()
    unasked: tuple[str, ...] = ()
    """Fields the modem offers no way to ask for: "not offered", which is not "failed"."""

    def about(self, *fields_: str) -> tuple[Evidence, ...]:
        """The evidence for these fields, in the order in which it was seen."""
        return tuple(item for item in self.evidence if item.about in fields_)
