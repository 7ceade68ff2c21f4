"""The fleet that the browser tests walk through: that of central/past, with alerts and with hostile words."""

import asyncio
from pathlib import Path

from central.alerts.desk import Desk
from central.alerts.plan import of_settings
from central.config import Settings
from central.incidents import Incidents
from central.past import desk, fleet
from central.past.terminals import DENIED, EXHAUSTED, EXPIRED, FADING, FALLEN_CELL, NEW, SWAPPED, TERMINALS
from central.registry import Registry, Who
from central.store.core import SqlStore
from tests.central.helpers import Centre
from tests.fakes.clock import FakeClock

__all__ = ["DENIED", "EXHAUSTED", "EXPIRED", "FADING", "FALLEN_CELL", "NEW", "SWAPPED", "TERMINALS"]
NOW = 1_795_312_800  # 2026-11-22 10:00 in Shanghai
BATCH, PAID = desk.BATCH, desk.PAID
HOSTILE = "pos-0014"
SPEAKERS = ("pos-0020", "pos-0021")
"""Who says something more in a test."""
NAME = '"><img src=x onerror=alert(1)>=HYPERLINK("http://evil")\u202e名字很长很长很长很长很长很长很长很长很长'
ALERTS = """
[[channel]]
name = "ops"
url = "json://127.0.0.1:9/"

[[rule]]
name = "faults"
to = ["ops"]
delay_minutes = 0
"""


def tell(store: SqlStore, folder: Path, now: int = NOW) -> Centre:
    """Everything up to `now`."""
    alerts = folder / "alerts.toml"
    alerts.write_text(ALERTS, encoding="utf-8")
    (folder / "platform.secret").write_text("s3cret-key", encoding="utf-8")
    account = {"kind": "jasper", "url": "http://127.0.0.1:9", "user": "fleet", "may_act": True,
               "secret_file": str(folder / "platform.secret")}  # fmt: skip
    settings = Settings.model_validate({"alerts": {"alerts_file": str(alerts)}, "platforms": {desk.ACCOUNT: account}})
    asyncio.run(_tell(store, settings, now))
    centre = Centre(store, settings, FakeClock(wall_now=float(now)))
    for name in SPEAKERS:
        centre.adopt(name)
    return centre


async def _tell(store: SqlStore, settings: Settings, now: int) -> None:
    outcome = await fleet.tell(store, settings, now)
    who = Who("grace", now - 7200)
    hostile = {"name": NAME, "note": NAME, "address": "上海市南京东路 1 号", "contact": "王店长 138…"}
    await Registry(store).describe(HOSTILE, hostile, who)
    alerts = Desk(store, of_settings(settings), settings.fleet.zone)
    for moment in (now, now + 1):
        await alerts.look(moment, await Incidents(store).open(), outcome.explained)
