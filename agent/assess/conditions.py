"""The catalogue: every condition this product knows, declared as data. Words for people are in agent/locale.

Two rules of the catalogue:
- `depends_on` names what explains a condition away. While any of them, however far upstream, holds, the condition is
  recorded but is not shown as the cause. The graph has no cycle (tests/agent/assess/test_conditions.py).
- Delays count from the first look that saw the change. Samples are taken every 60 s: a delay of 60 s therefore means
  "seen twice", because one strange answer is no evidence.

A session that was rejected (data.*_rejected, barred, not subscribed) stands upstream of registration: on LTE the
default bearer is part of attaching, so a wrong APN shows itself as EMM cause 19 and a modem that goes on searching
(24.301 clause 5.5.1.2.5). The rules keep a session cause silent while registration has a better explanation.
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from agent.assess.base import Severity
from modem.frozen import dataclass

Proof = Literal["decisive", "direct", "indirect"]
"""How far one observation carries: decisive = the kernel or the clock said so itself; direct = the modem or the network
named the fault; indirect = concluded from what did not work."""


@dataclass(frozen=True, slots=True)
class Condition:
    code: str
    severity: Severity
    depends_on: tuple[str, ...] = ()
    raise_after_s: float = 60.0
    clear_after_s: float = 60.0
    evidence: tuple[str, ...] = ()
    """Fields of the snapshot from which it is told; what a report quotes."""
    proof: Proof = "direct"


_PORT = ("port.missing", "port.busy", "port.forbidden")
_MODEM = ("modem.silent", "modem.garbled")
_CARD = ("sim.absent", "sim.pin_required", "sim.puk_required", "sim.network_locked", "sim.failure")
_SERVICE = (*_CARD, "radio.off")
_CUT_OFF = ("plan.expired", "plan.suspended")
_REJECTED = ("data.apn_rejected", "data.auth_rejected", "data.barred", "data.not_subscribed")
_REFUSED_BY_NETWORK = (*_SERVICE, *_CUT_OFF, *_REJECTED, "sim.wrong_terminal")
_NOT_REGISTERED = ("registration.searching", "registration.denied", "registration.emergency_only")
_NO_WAY_OUT = ("dns.failed", "dns.hijacked", "internet.unreachable", "internet.walled")

_MINUTE = 60.0
_QUARTER = 15 * _MINUTE
_HOUR = 60 * _MINUTE

_ALL = (
    # A modem that restarts is gone from USB for 15 to 30 s (capture quectel-eg25-g-01).
    Condition("port.missing", "error", (), 45.0, 0.0, ("port.problem",), "decisive"),
    Condition("port.busy", "error", (), 60.0, 0.0, ("port.problem", "port.holder"), "decisive"),
    Condition("port.forbidden", "error", (), 0.0, 0.0, ("port.problem",), "decisive"),
    Condition("modem.silent", "error", _PORT, 60.0, 0.0, ("port.answers",)),
    Condition("modem.garbled", "error", _PORT, 60.0, 0.0, ("port.garbled",)),
    Condition("modem.hot", "warning", _MODEM, 2 * _MINUTE, 5 * _MINUTE, ("modem.temperature_c",)),
    Condition("sim.absent", "error", _MODEM, 60.0, 0.0, ("sim.state",)),
    Condition("sim.pin_required", "error", _MODEM, 0.0, 0.0, ("sim.state", "sim.pin_retries")),
    Condition("sim.puk_required", "error", _MODEM, 0.0, 0.0, ("sim.state",)),
    Condition("sim.network_locked", "error", _MODEM, 60.0, 0.0, ("sim.state",)),
    Condition("sim.failure", "error", _MODEM, 120.0, 0.0, ("sim.state",)),
    Condition("sim.changed", "warning", (*_MODEM, *_CARD), 0.0, 0.0, ("sim.iccid",)),
    Condition("sim.wrong_terminal", "error", (*_MODEM, *_CARD), 60.0, 0.0, ("sim.iccid", "modem.imei")),
    Condition("radio.off", "error", _MODEM, 120.0, 0.0, ("modem.functionality",)),
    Condition("signal.none", "error", _SERVICE, 2 * _MINUTE, _MINUTE, ("signal",)),
    Condition("signal.weak", "warning", (*_SERVICE, "signal.none"), _QUARTER, _QUARTER, ("signal",)),
    Condition("signal.noisy", "warning", (*_SERVICE, "signal.none"), _QUARTER, _QUARTER, ("signal",)),
    Condition(
        "registration.searching",
        "error",
        (*_REFUSED_BY_NETWORK, "signal.none"),
        3 * _MINUTE,
        _MINUTE,
        ("network.registration", "network.domains"),
    ),
    Condition(
        "registration.denied",
        "error",
        _REFUSED_BY_NETWORK,
        2 * _MINUTE,
        _MINUTE,
        ("network.registration", "network.reject_cause"),
    ),
    Condition(
        "registration.emergency_only",
        "error",
        _REFUSED_BY_NETWORK,
        3 * _MINUTE,
        _MINUTE,
        ("network.registration",),
    ),
    Condition("registration.roaming", "info", _SERVICE, 5 * _MINUTE, 5 * _MINUTE, ("network.registration",)),
    Condition("data.detached", "error", _NOT_REGISTERED, 2 * _MINUTE, _MINUTE, ("data.attached",)),
    Condition("data.apn_rejected", "error", (*_SERVICE, *_CUT_OFF, "signal.none"), 60.0, 60.0, ("data.last_error",)),
    Condition("data.auth_rejected", "error", (*_SERVICE, *_CUT_OFF, "signal.none"), 60.0, 60.0, ("data.last_error",)),
    Condition(
        "data.barred",
        "error",
        (*_SERVICE, *_CUT_OFF, "plan.exhausted", "sim.wrong_terminal", "signal.none"),
        60.0,
        60.0,
        ("data.last_error",),
    ),
    Condition(
        "data.not_subscribed",
        "error",
        (*_SERVICE, *_CUT_OFF, "plan.exhausted", "sim.wrong_terminal", "signal.none"),
        60.0,
        60.0,
        ("data.last_error",),
    ),
    Condition(
        "data.no_session",
        "error",
        ("data.detached", *_REJECTED, "plan.exhausted"),
        2 * _MINUTE,
        _MINUTE,
        ("data.contexts", "data.interface"),
    ),
    Condition("link.down", "error", ("data.no_session",), 60.0, 30.0, ("data.interface",), "decisive"),
    Condition("link.no_address", "error", ("link.down",), 60.0, 30.0, ("data.interface",), "decisive"),
    Condition("link.no_route", "error", ("link.no_address",), 60.0, 30.0, ("data.interface",)),
    Condition("link.elsewhere", "info", ("link.down",), 5 * _MINUTE, 5 * _MINUTE, ("data.interface",)),
    Condition("dns.failed", "error", ("internet.unreachable", "internet.walled"), 3 * _MINUTE, 60.0, ("reach.dns",)),
    Condition("dns.hijacked", "error", ("link.no_route",), 3 * _MINUTE, 3 * _MINUTE, ("reach.dns",), "indirect"),
    Condition(
        "internet.unreachable",
        "error",
        ("link.no_route", "internet.walled", "dns.hijacked", "plan.exhausted"),
        3 * _MINUTE,
        _MINUTE,
        ("reach.internet", "reach.gateway"),
        "indirect",
    ),
    Condition(
        "internet.walled",
        "error",
        ("link.no_route", "dns.hijacked", "plan.exhausted"),
        3 * _MINUTE,
        _MINUTE,
        ("reach.internet",),
        "indirect",
    ),
    Condition("centre.unreachable", "error", _NO_WAY_OUT, 5 * _MINUTE, _MINUTE, ("reach.centre",), "direct"),
    Condition("centre.tls", "error", ("centre.unreachable", "clock.wrong"), 5 * _MINUTE, _MINUTE, ("reach.centre",)),
    Condition("centre.refused", "error", ("centre.unreachable", "centre.tls"), 60.0, 60.0, ("reach.centre",)),
    Condition("centre.credential", "error", ("centre.refused",), 0.0, 0.0, ("reach.centre",)),
    Condition("clock.wrong", "warning", (), 60.0, 60.0, ("clock.trusted",), "decisive"),
    Condition("plan.expired", "error", _SERVICE, 60.0, 60.0, ("plan.expires_on",), "indirect"),
    Condition("plan.expiring", "warning", (*_SERVICE, *_CUT_OFF), 60.0, _HOUR, ("plan.expires_on",)),
    Condition(
        "plan.exhausted",
        "error",
        (*_SERVICE, *_CUT_OFF),
        60.0,
        60.0,
        ("plan.remaining_bytes", "plan.quota_bytes", "usage.used_bytes"),
        "indirect",
    ),
    Condition(
        "plan.running_out",
        "warning",
        (*_SERVICE, *_CUT_OFF, "plan.exhausted"),
        60.0,
        _HOUR,
        ("plan.remaining_bytes", "plan.quota_bytes", "plan.runs_out_on"),
    ),
    Condition("plan.balance_low", "warning", (*_SERVICE, *_CUT_OFF), 60.0, _MINUTE, ("plan.balance_amount",), "direct"),
    Condition(
        "plan.suspended",
        "error",
        (*_SERVICE, "plan.expired"),
        60.0,
        60.0,
        ("plan.state", "plan.balance_amount"),
        "indirect",
    ),
    Condition("plan.stale", "info", (), _HOUR, 60.0, ("plan.facts",)),
    Condition("usage.abnormal", "warning", (), _HOUR, _HOUR, ("usage.used_bytes",), "indirect"),
    Condition("usage.elsewhere", "warning", (), _HOUR, _HOUR, ("usage.sources",), "indirect"),
    Condition(
        "agent.backlog",
        "warning",
        (*_NO_WAY_OUT, "centre.unreachable", "centre.tls", "centre.refused", "centre.credential"),
        _QUARTER,
        _MINUTE,
        ("agent.outbox",),
        "decisive",
    ),
    Condition("agent.budget", "warning", (), 60.0, 60.0, ("usage.own_bytes",), "decisive"),
    Condition("agent.storage", "warning", (), 60.0, 60.0, ("agent.storage",), "decisive"),
    Condition("ok", "info"),
    Condition("unsure", "info"),
)

CATALOGUE: Mapping[str, Condition] = {condition.code: condition for condition in _ALL}
VERDICT_ONLY = ("ok", "unsure")
"""Words a verdict may say although no rule raises them."""

_PLACE = {condition.code: place for place, condition in enumerate(_ALL)}
_WEIGHT: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}


@cache
def upstream(code: str) -> frozenset[str]:
    """Every code that explains `code` away, all the way up."""
    direct = CATALOGUE[code].depends_on
    return frozenset(direct).union(*(upstream(above) for above in direct)) if direct else frozenset()


@cache
def depth(code: str) -> int:
    """Longest way up to a condition that depends on nothing; 0 for such a one."""
    return max((depth(above) + 1 for above in CATALOGUE[code].depends_on), default=0)


def place(code: str) -> int:
    """Where `code` stands in the catalogue, which follows a bit's way from the port to the plan."""
    return _PLACE[code]


def urgency(code: str) -> tuple[int, int, int]:
    """Sort key among unmasked findings: errors first, then the most upstream, then the catalogue's order."""
    return (_WEIGHT[CATALOGUE[code].severity], depth(code), place(code))
