"""A small fleet with two weeks behind it, told through the centre's own ways in: shops in four regions, cards that end,
a carrier's cell that failed this morning, signal that fades, a card that was swapped, alerts, directives. The browser
tests walk through it, and the README's pictures are of it.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from central.alerts.desk import Desk
from central.alerts.plan import of_settings
from central.config import Settings
from central.incidents import Incidents
from central.orders import new_directive
from central.registry import Registry, Who
from central.store.core import SqlStore
from central.watch import Watch
from tests.central.helpers import Centre, batch, record
from tests.console import desk_story
from tests.fakes.clock import FakeClock

NOW = 1_795_312_800  # 2026-11-22 10:00 in Shanghai
HOUR, DAY = 3600, 86_400
TERMINALS = 48
QUOTA = 31_457_280
REGIONS = ("华东", "华北", "华南", "西南")
CARRIERS = (("46000", "CMCC", "cmiot"), ("46001", "CHN-UNICOM", "3gnet"), ("46011", "CHN-CT", "ctnet"))
FALLEN_CELL = "5A1B-0042"
EXPIRED, EXHAUSTED, FADING, SWAPPED, DENIED, NEW = (
    "pos-0003",
    "pos-0007",
    "pos-0011",
    "pos-0019",
    "pos-0023",
    "pos-0048",
)
ALERTS = """
[[channel]]
name = "ops"
url = "json://127.0.0.1:9/"

[[rule]]
name = "faults"
to = ["ops"]
delay_minutes = 0
"""


@dataclass(frozen=True)
class Told:
    """Some records of one terminal, and when they arrive."""

    at: int
    terminal: str
    records: list[dict[str, Any]]


def tell(store: SqlStore, folder: Path, now: int = NOW) -> Centre:
    """Everything up to `now`."""
    alerts = folder / "alerts.toml"
    alerts.write_text(ALERTS, encoding="utf-8")
    (folder / "platform.secret").write_text("s3cret-key", encoding="utf-8")
    account = {"kind": "jasper", "url": "http://127.0.0.1:9", "user": "fleet", "may_act": True,
               "secret_file": str(folder / "platform.secret")}  # fmt: skip
    settings = Settings.model_validate(
        {"alerts": {"alerts_file": str(alerts)}, "platforms": {desk_story.ACCOUNT: account}}
    )
    clock = FakeClock(wall_now=float(now - 15 * DAY))
    centre = Centre(store, settings, clock)
    for number in range(1, TERMINALS + 1):
        centre.register(f"pos-{number:04}", f"收银 {number % 3 + 1} 号")
    asyncio.run(_fleet_model(Registry(store), now))
    for told in sorted((one for number in range(1, TERMINALS) for one in _of(number, now)), key=lambda one: one.at):
        clock.advance(max(0.0, told.at - clock.wall()))
        centre.post(batch(*told.records, sent_at=told.at, epoch=f"{int(told.terminal[4:]):016x}"), told.terminal)
        if told.records[-1]["type"] == "card":
            asyncio.run(_watched(store, settings, told.at + 1))
    clock.advance(max(0.0, now - clock.wall()))
    asyncio.run(_watched(store, settings, now))
    asyncio.run(_asked(store, now))
    asyncio.run(desk_story.tell(store, settings, now))
    return centre


async def _watched(store: SqlStore, settings: Settings, now: int) -> None:
    """The chores as they would have run: nobody was away meanwhile."""
    await store.write(lambda session: session.run("UPDATE pulse SET at = ?", (now - 10,)))
    watch, incidents = Watch(store, settings.fleet.rules, settings.fleet.zone), Incidents(store)
    await watch.sweep(now)
    outcome = await incidents.look(now, await Registry(store).batches())
    desk = Desk(store, of_settings(settings), settings.fleet.zone)
    for moment in (now, now + 1):
        await desk.look(moment, await incidents.open(), outcome.explained)


async def _fleet_model(registry: Registry, now: int) -> None:
    who = Who("operator", now - 15 * DAY)
    await registry.put_plan(
        "iot-30m", {"name": "物联网 30 MB", "carrier": "CMCC", "quota_mb": 30, "months": 12, "price": "36.00"}, who
    )
    await registry.put_plan(
        "iot-100m",
        {"name": "物联网 100 MB", "carrier": "CHN-UNICOM", "quota_mb": 100, "months": 1, "price": "5.00"},
        who,
    )
    for number in range(1, TERMINALS + 1):
        name = f"pos-{number:04}"
        shop = (number - 1) // 3 + 1
        place = {"merchant": f"商户 {'ABC'[shop % 3]}", "shop": f"门店 {shop:02}", "region": REGIONS[shop % 4]}
        tags = ["试点"] if number % 8 == 0 else []
        await registry.describe(name, place | {"tags": tags}, who)
        plan = "iot-100m" if number % 5 == 0 else "iot-30m"
        await registry.put_card(_iccid(number), {"plan": plan, "batch": f"2026-0{number % 3 + 1}"}, who)
        await registry.place(_iccid(number), name, who)


async def _asked(store: SqlStore, now: int) -> None:
    balance = new_directive(EXPIRED, "ask-balance", {}, now - 2 * HOUR, 7 * DAY, "operator")
    diag = new_directive(EXPIRED, "run-diag", {"lang": "zh"}, now - HOUR, 7 * DAY, "operator")
    await store.send_directives([balance, diag], 32)


def _of(number: int, now: int) -> Iterator[Told]:
    name, chance = f"pos-{number:04}", random.Random(number)
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
    facts = [_fact("expires_on", _ends(name, number, begun), begun), _fact("quota_bytes", str(QUOTA), begun)]
    if number == 47:
        facts += [
            _fact("pool_total_bytes", "1000000000", begun),
            _fact("pool_remaining_bytes", "84000000", ended - HOUR),
        ]
    first = numbered(record(0, "started", begun, agent="0.1.0", clean=True), *facts)
    if name == SWAPPED:
        before = [one for one in beats if int(str(one["at"])) < swapped_at]
        card = record(0, "card", swapped_at, iccid=_iccid(200), previous_iccid=_iccid(number), issuer="China Mobile")
        yield Told(swapped_at, name, first + numbered(*before, card))
        yield Told(ended, name, numbered(*beats[len(before) :], _beat(number, name, ended, now, chance)))
        return
    changed = _change(name, now)
    last = _beat(number, name, ended, now, chance)
    daily = [
        record(0, "daily", at, day=datetime.fromtimestamp(at, UTC).date().isoformat(),
               by_purpose={"report": chance.randrange(9000, 16_000), "probe": chance.randrange(900, 3000), "name": 420})
        for at in range(begun + DAY, ended, DAY)
    ]  # fmt: skip
    history = [*beats, *daily] if number < 30 else beats
    history.sort(key=lambda one: int(str(one["at"])))
    yield Told(ended, name, first + numbered(*history, *([changed] if changed else []), last))


def _ended(number: int, name: str, now: int, chance: random.Random) -> int:
    """When it was last heard."""
    if name == EXPIRED:
        return now - 9 * HOUR
    if _cell(number) == FALLEN_CELL:
        return now - 100 * 60 - chance.randrange(120)
    if number == 31:
        return now - 25 * 60
    return now - chance.randrange(20, 800)


def _beat(number: int, name: str, at: int, now: int, chance: random.Random) -> dict[str, object]:
    plmn, operator, apn = CARRIERS[number % 3]
    day = (now - at) / DAY
    technology = "gsm" if name == FADING and day < 1.5 and at % (3 * HOUR) < HOUR else "lte"
    level = -91 - number % 7 + chance.uniform(-2.5, 2.5) - (9 * max(0.0, 3 - day) if name == FADING else 0)
    used = _used(number, 14 - day, 0.075 if name == EXHAUSTED else 0.012 + number % 6 * 0.004)
    code, severity = _verdict(name, at, now)
    body: dict[str, object] = {
        "next_due_s": 900, "agent": "0.1.0", "verdict": code, "severity": severity, "imei": f"86{number:013}",
        "iccid": _iccid(200 if name == SWAPPED and at >= now - 6 * DAY - 5 * HOUR else number), "model": "EC20F",
        "operator": operator, "plmn": plmn, "apn": apn, "technology": technology, "cell": _cell(number),
        "registration": "denied" if name == DENIED and day < 0.2 else "home", "rsrp_dbm": round(max(level, -125)),
        "rssi_dbm": round(max(level, -125)) + 26,
        "quality": "good" if level > -100 else "fair" if level > -108 else "poor",
        "used_bytes": max(0, used), "own_bytes": max(0, int((14 - day) * 15_000)), "quota_bytes": QUOTA,
        "expires_on": _ends(name, number, now), "balance": f"{number % 30 + 2}.50", "currency": "CNY",
        "uptime_s": int((14 - day) * DAY), "boot_id": "3f2a",
    }  # fmt: skip
    return record(0, "heartbeat", at, **body)


def _used(number: int, days: float, share: float) -> int:
    """Busy days and quiet ones."""
    whole, rest = divmod(max(days, 0.0), 1)
    daily = [QUOTA * share * (0.5 + (number * 7 + day * 5) % 11 / 10) for day in range(int(whole) + 1)]
    return min(int(sum(daily[: int(whole)]) + rest * daily[int(whole)]), QUOTA)


_OF: dict[str, tuple[str, str, str, str]] = {
    EXPIRED: ("plan.expired", "error", "套餐已到期", "运营商短信：您的套餐已于11月21日到期。"),
    EXHAUSTED: ("plan.exhausted", "error", "套餐流量已用完", "已用 31.5 MB，共 31.5 MB"),
    FADING: ("signal.weak", "warning", "信号弱", '+QCSQ: "LTE",-89,-117,3,-14'),
    DENIED: ("registration.denied", "error", "网络拒绝了这张卡", "+CEREG: 2,3,,,,0,15"),
}


def _verdict(name: str, at: int, now: int) -> tuple[str, str]:
    if name in _OF and at >= _since(name, now):
        return _OF[name][0], _OF[name][1]
    return "ok", "ok"


def _since(name: str, now: int) -> int:
    return now - {EXPIRED: 10 * HOUR, EXHAUSTED: DAY, FADING: 20 * HOUR, DENIED: 25 * 60}[name]


def _change(name: str, now: int) -> dict[str, object] | None:
    if name not in _OF:
        return None
    code, severity, title, line = _OF[name]
    findings = [{"code": code, "severity": severity, "root": True, "evidence": [line]}]
    if name == EXPIRED:
        findings.append({"code": "internet.unreachable", "severity": "error", "root": False, "evidence": ["ping: 0/3"]})
    at = _since(name, now)
    return record(
        0, "verdict", at, code=code, previous="ok", confidence="high", since=at, findings=findings,
        titles={"zh": title, "en": code},
    )  # fmt: skip


def _fact(fact: str, value: str, at: int) -> dict[str, object]:
    return record(0, "plan_fact", at, fact=fact, value=value, source="carrier_sms", heard_at=at, text="10086")


def _ends(name: str, number: int, at: int) -> str:
    days = {EXPIRED: -1, "pos-0004": 3, "pos-0005": 6, "pos-0008": 11, "pos-0012": 13, "pos-0014": 24}.get(
        name, 90 + number
    )
    return (datetime.fromtimestamp(NOW, UTC).date() + timedelta(days=days)).isoformat()


def _iccid(number: int) -> str:
    return f"898600{number:014}"


def _cell(number: int) -> str:
    return FALLEN_CELL if number in range(32, 40) else f"5A1B-{number % 5:04X}"
