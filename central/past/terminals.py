"""What the terminals of the fleet have told, each by itself: the same numbers, the same story. Pure."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from central.words.verdicts import titles

HOUR, DAY = 3600, 86_400
TERMINALS = 48
QUOTA = 31_457_280
CARRIERS = (("46000", "CMCC", "cmiot"), ("46001", "CHN-UNICOM", "3gnet"), ("46011", "CHN-CT", "ctnet"))
FALLEN_CELL = "5A1B-0042"
LATE = 31
DUE_S = 6 * HOUR
"""Who is well is not overdue while somebody looks around."""
EXPIRED, EXHAUSTED, FADING, SWAPPED, DENIED, NEW = (
    "pos-0003",
    "pos-0007",
    "pos-0011",
    "pos-0019",
    "pos-0023",
    "pos-0048",
)


@dataclass(frozen=True, slots=True)
class Told:
    """Some records of one terminal, and when they arrive."""

    at: int
    terminal: str
    records: list[dict[str, Any]]


def said(number: int, now: int) -> Iterator[Told]:
    """All that one terminal has told until `now`."""
    name, chance = f"pos-{number:04}", random.Random(number)  # noqa: S311 - a story, not a secret
    seq = 0

    def numbered(*records: dict[str, object]) -> list[dict[str, Any]]:
        nonlocal seq
        made = []
        for one in records:
            seq += 1
            made.append(one | {"seq": seq})
        return made

    ended, swapped_at = _ended(number, name, now, chance), now - 6 * DAY - 5 * HOUR
    begun = now - 14 * DAY
    step = HOUR if number < 30 else 6 * HOUR
    beats = [_beat(number, name, at, now, chance) for at in range(begun, ended, step)]
    facts = [_fact("expires_on", _ends(name, number, now), begun), _fact("quota_bytes", str(QUOTA), begun)]
    if number == 47:
        facts += [
            _fact("pool_total_bytes", "1000000000", begun),
            _fact("pool_remaining_bytes", "84000000", ended - HOUR),
        ]
    first = numbered(_record("started", begun, agent="0.1.0", clean=True), *facts)
    if name == SWAPPED:
        before = [one for one in beats if int(str(one["at"])) < swapped_at]
        card = _record("card", swapped_at, iccid=iccid_of(200), previous_iccid=iccid_of(number), issuer="China Mobile")
        yield Told(swapped_at, name, first + numbered(*before, card))
        yield Told(ended, name, numbered(*beats[len(before) :], _beat(number, name, ended, now, chance)))
        return
    changed = _change(name, now)
    last = _beat(number, name, ended, now, chance)
    daily = [
        _record(
            "daily", at, day=day_of(at).isoformat(),
            by_purpose={"report": chance.randrange(9000, 16_000), "probe": chance.randrange(900, 3000), "name": 420},
            self=_self(name, at),
        )
        for at in range(begun + DAY, ended, DAY)
    ]  # fmt: skip
    history = [*beats, *daily] if number < 30 else beats
    history.sort(key=lambda one: int(str(one["at"])))
    yield Told(ended, name, first + numbered(*history, *([changed] if changed else []), last))


def _self(name: str, at: int) -> dict[str, object]:
    """How the agent itself was on a day."""
    day = at // DAY
    timeouts = day % 3 if name == FADING else day % 29 == 0
    return {
        "memory_kb": 34_600 + day * 37 % 500, "threads": 5, "files": 19 + day % 3,
        "at": {"exchanges": 14_000}, "queue": {"records": day % 4, "bytes": day % 4 * 60},
        "day": {"over_s": DAY, "at": {"exchanges": 14_000, "expiries": int(timeouts)}},
    }  # fmt: skip


def _ended(number: int, name: str, now: int, chance: random.Random) -> int:
    """When it was last heard."""
    if name == EXPIRED:
        return now - 9 * HOUR
    if _cell(number) == FALLEN_CELL:
        return now - 100 * 60 - chance.randrange(120)
    if number == LATE:
        return now - 25 * 60
    return now - chance.randrange(20, 800)


def _is_away(number: int) -> bool:
    """Silent, or late."""
    return f"pos-{number:04}" == EXPIRED or _cell(number) == FALLEN_CELL or number == LATE


def _beat(number: int, name: str, at: int, now: int, chance: random.Random) -> dict[str, object]:
    plmn, operator, apn = CARRIERS[number % 3]
    day = (now - at) / DAY
    technology = "gsm" if name == FADING and day < 1.5 and at % (3 * HOUR) < HOUR else "lte"
    level = -91 - number % 7 + chance.uniform(-2.5, 2.5) - (9 * max(0.0, 3 - day) if name == FADING else 0)
    used = _used(number, 14 - day, 0.075 if name == EXHAUSTED else 0.012 + number % 6 * 0.004)
    code, severity = _verdict(name, at, now)
    body: dict[str, object] = {
        "next_due_s": 900 if _is_away(number) else DUE_S, "agent": "0.1.0", "verdict": code, "severity": severity,
        "imei": f"86{number:013}",
        "iccid": iccid_of(200 if name == SWAPPED and at >= now - 6 * DAY - 5 * HOUR else number), "model": "EC20F",
        "operator": operator, "plmn": plmn, "apn": apn, "technology": technology, "cell": _cell(number),
        "registration": "denied" if name == DENIED and day < 0.2 else "home", "rsrp_dbm": round(max(level, -125)),
        "rssi_dbm": round(max(level, -125)) + 26,
        "quality": "good" if level > -100 else "fair" if level > -108 else "poor",
        "used_bytes": max(0, used), "own_bytes": max(0, int((14 - day) * 15_000)), "quota_bytes": QUOTA,
        "expires_on": _ends(name, number, now), "balance": f"{number % 30 + 2}.50", "currency": "CNY",
        "uptime_s": int((14 - day) * DAY), "boot_id": "3f2a",
    }  # fmt: skip
    return _record("heartbeat", at, **body)


def _used(number: int, days: float, share: float) -> int:
    """Busy days and quiet ones."""
    whole, rest = divmod(max(days, 0.0), 1)
    daily = [QUOTA * share * (0.5 + (number * 7 + day * 5) % 11 / 10) for day in range(int(whole) + 1)]
    return min(int(sum(daily[: int(whole)]) + rest * daily[int(whole)]), QUOTA)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A verdict that is no longer `ok`."""

    code: str
    severity: str
    since_s: int
    evidence: str
    """Its place in braces is yesterday."""


_TROUBLES: Mapping[str, Trouble] = {
    EXPIRED: Trouble("plan.expired", "error", 10 * HOUR, "运营商短信：您的套餐已于{0.month}月{0.day}日到期。"),
    EXHAUSTED: Trouble("plan.exhausted", "error", DAY, "已用 30.0 MB，共 30.0 MB"),
    FADING: Trouble("signal.weak", "warning", 20 * HOUR, '+QCSQ: "LTE",-89,-117,3,-14'),
    DENIED: Trouble("registration.denied", "error", 25 * 60, "+CEREG: 2,3,,,,0,15"),
    "pos-0004": Trouble("plan.expiring", "warning", 3 * DAY, "运营商短信：您的套餐将于 3 天后到期。"),
    "pos-0017": Trouble("modem.hot", "warning", 50 * 60, '+QTEMP: "79","76","78"'),
    "pos-0026": Trouble("data.apn_rejected", "error", 5 * HOUR, "+CME ERROR: 133"),
}


def _verdict(name: str, at: int, now: int) -> tuple[str, str]:
    trouble = _TROUBLES.get(name)
    return (trouble.code, trouble.severity) if trouble and at >= now - trouble.since_s else ("ok", "ok")


def _change(name: str, now: int) -> dict[str, object] | None:
    trouble = _TROUBLES.get(name)
    if trouble is None:
        return None
    evidence = [trouble.evidence.format(day_of(now) - timedelta(days=1))]
    findings = [{"code": trouble.code, "severity": trouble.severity, "root": True, "evidence": evidence}]
    if name == EXPIRED:
        findings.append({"code": "internet.unreachable", "severity": "error", "root": False, "evidence": ["ping: 0/3"]})
    at = now - trouble.since_s
    return _record(
        "verdict", at, code=trouble.code, previous="ok", confidence="high", since=at, findings=findings,
        titles=titles(trouble.code),
    )  # fmt: skip


def _fact(fact: str, value: str, at: int) -> dict[str, object]:
    return _record("plan_fact", at, fact=fact, value=value, source="carrier_sms", heard_at=at, text="10086")


def _ends(name: str, number: int, now: int) -> str:
    days = {EXPIRED: -1, "pos-0004": 3, "pos-0005": 6, "pos-0008": 11, "pos-0012": 13, "pos-0014": 24}.get(
        name, 90 + number
    )
    return (day_of(now) + timedelta(days=days)).isoformat()


def day_of(moment: int) -> date:
    """In UTC."""
    return datetime.fromtimestamp(moment, UTC).date()


def iccid_of(number: int) -> str:
    return f"8986042600{number:010}"


def _cell(number: int) -> str:
    return FALLEN_CELL if number in range(32, 40) else f"5A1B-{number % 5:04X}"


def _record(kind: str, at: int, **body: object) -> dict[str, Any]:
    return {"type": kind, "at": at, "body": body}
