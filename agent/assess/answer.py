"""What a rule answers, what it measures against, and how it quotes what it saw."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal

from agent.assess.causes import spoken
from agent.sample.base import Evidence, EvidenceSource, Snapshot
from modem.again import again
from modem.frozen import dataclass
from modem.values import Cause


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines that configuration draws; sections [signal] and [plan]."""

    weak_rsrp_dbm: float = -115.0
    weak_rssi_dbm: float = -105.0
    hot_c: float = 85.0
    """End of the extended range in the data sheets of the common modules (-40 to +85 °C)."""
    expiring_days: int = 15
    running_out_percent: float = 10.0
    balance_low: Decimal = Decimal("5.00")
    apn_expected: str = ""
    """Empty: any APN is as good as another."""
    stale_days: float = 45.0
    """A prepaid month and a half without any news of the plan."""


@dataclass(frozen=True, slots=True)
class Answer:
    """True, False or None (not known), and the fields of the snapshot that carry a True."""

    holds: bool | None
    support: tuple[str, ...] = ()


NO = Answer(holds=False)
UNKNOWN = Answer(holds=None)
Rule = Callable[[Snapshot, Limits], Answer]


def yes(*support: str) -> Answer:
    """It holds, as these fields show."""
    return Answer(holds=True, support=support)


_SPEAK_FOR_THEMSELVES = ("network.reject_cause", "data.last_error")
_SOURCES: Mapping[str, EvidenceSource] = {
    "port": "kernel",
    "data.interface": "kernel",
    "reach": "probe",
    "plan": "ledger",
    "usage": "ledger",
    "clock": "clock",
}


def quote(snapshot: Snapshot, names: tuple[str, ...]) -> tuple[Evidence, ...]:
    """What was seen about these fields, verbatim; one that nobody quoted speaks for itself ("sim.state = absent")."""
    quoted: list[Evidence] = []
    for name in names:
        found = _about(snapshot, name)
        quoted += [item for item in found or [_plain(snapshot, name)] if item not in quoted]
    return tuple(quoted)


WORKED_UNTIL = "usage.last_day"
_FAILS_DATA = ("registration.", "data.", "internet.", "plan.expired", "plan.exhausted", "plan.suspended")


def shown(code: str, snapshot: Snapshot, answer: Answer) -> tuple[Evidence, ...]:
    """What a finding quotes: what carries it and, where data fails, until when it worked. That carries nothing, but
    tells a change from what never was.
    """
    before = snapshot.about(WORKED_UNTIL) if code.startswith(_FAILS_DATA) and code != "registration.roaming" else ()
    return (*quote(snapshot, answer.support), *before)


def signs(snapshot: Snapshot, names: tuple[str, ...]) -> int:
    """Independent pieces of evidence: every field is one, and a field that was seen twice is one more."""
    seen_twice = any(len(_about(snapshot, name)) > 1 for name in names)
    return len(set(names)) + seen_twice


@again
def _about(snapshot: Snapshot, name: str) -> tuple[Evidence, ...]:
    """The quotations about a field; a plain ERROR only says that this modem has no such command."""
    return tuple(
        item for item in snapshot.evidence if _concerns(item.about, name) and not item.text.endswith("→ ERROR")
    )


def _concerns(about: str, name: str) -> bool:
    return about == name or about.startswith(name + ".") or name.startswith(about + ".")


def _plain(snapshot: Snapshot, name: str) -> Evidence:
    from_modem: EvidenceSource = "at"
    source = next((kind for start, kind in _SOURCES.items() if name.startswith(start)), from_modem)
    value = _value(snapshot, name)
    return Evidence(name, source, value if name in _SPEAK_FOR_THEMSELVES else f"{name} = {value}", snapshot.taken_at)


def _value(snapshot: Snapshot, name: str) -> str:
    if name.startswith("reach."):
        found = next((reach for reach in snapshot.reach if f"reach.{reach.target}" == name), None)
        return "?" if found is None else found.detail or _plain_word(found.ok)
    value: object = snapshot
    for part in name.split("."):
        value = getattr(value, part, None)
    return _plain_word(value)


def _plain_word(value: object) -> str:
    if isinstance(value, Cause):
        return spoken(value) or "a cause without a number"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain_word(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, tuple):
        return f"{len(value)} listed" if value else "none"
    if not is_dataclass(value):
        return "unknown" if value is None else str(value)
    shown = ((field.name, getattr(value, field.name)) for field in fields(value))
    return ", ".join(f"{name} {item}" for name, item in shown if item is not None and item != ())
