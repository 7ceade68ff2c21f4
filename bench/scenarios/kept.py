"""What the daemon would have kept from earlier days: `[scenario.kept]`, written into the state directory.

pair      the card and the modem that were accepted: { iccid, imei }, each as the virtual modem's own if left out
facts     what was said about the card: [{ fact, value, source, days_ago }]
own_mb    so much of this month's was the agent's own
used_mb   so much on each of the last forty full days; today_mb on this one
dead_days the last days on which nothing came in
week_mb   the same for each day of the week, from Monday
waiting_h one record, its last word, waits in the outbox since then
"""

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.outbox.sqlite import SqliteOutbox
from agent.plan.files import LEDGER, PLAN
from agent.plan.ledger import Ledger
from agent.plan.store import PlanStore
from agent.record import stopped
from agent.sample.base import PlanFact

ICCID, IMEI = "89860000000000000001", "860000000000009"
DAY_S, HOUR_S, DAYS, MB = 86_400.0, 3600.0, 40, 2**20
OUTBOX = "outbox.db"


def keep(table: Mapping[str, Any], directory: Path, card: str, imei: str) -> None:
    store = PlanStore(directory / PLAN)
    if pair := table.get("pair"):
        known = {"iccid": card, "imei": imei, **pair}
        store.keep("pair", {"terminal": "terminal-1", **known, "at": time.time() - DAYS * DAY_S, "by": "accepted"})
    store.hear(card, [_fact(said) for said in table.get("facts", ())])
    store.close()
    if hours := table.get("waiting_h"):
        outbox = SqliteOutbox(directory / OUTBOX)
        outbox.put(stopped(time.time() - hours * HOUR_S, why="SIGTERM", verdict_code="ok"))
        outbox.close()
    if {"used_mb", "week_mb", "own_mb"} & table.keys():
        _use(table, directory / LEDGER, card)


def _fact(said: Mapping[str, Any]) -> PlanFact:
    at = time.time() - said.get("days_ago", 0) * DAY_S
    source = said.get("source", "carrier_sms")
    return PlanFact(said["fact"], str(said["value"]), source, at, said.get("text", f"{said['fact']} {said['value']}"))


def _use(table: Mapping[str, Any], path: Path, card: str) -> None:
    """An interface's counter that grew by so much each day."""
    ledger, now, total, boot = Ledger(path), time.time(), 0, str(uuid.uuid4())
    for days_ago in range(DAYS + 1, -1, -1):
        wall = now - days_ago * DAY_S
        total += int((table.get("today_mb", 0) if days_ago == 0 else _day(table, wall, days_ago)) * MB)
        ledger.observe("interface", "if7", total, 0, wall, 1000.0 + (DAYS - days_ago) * DAY_S, boot, card=card)
    ledger.add_own("report", int(table.get("own_mb", 0) * MB))
    ledger.close()


def _day(table: Mapping[str, Any], wall: float, days_ago: int) -> float:
    if days_ago <= table.get("dead_days", 0):
        return 0.0
    week = table.get("week_mb")
    return float(week[datetime.fromtimestamp(wall, UTC).weekday()] if week else table.get("used_mb", 1))
