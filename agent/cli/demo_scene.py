"""What the demo's story needs before it begins: a calendar whose midnight comes when it is called, settings for both
sides, and twenty days of use that the terminal has counted before.

A card ends at midnight, and nobody waits for that. No clock is set for it: time stays what it is, and the terminal
stands in a time zone of the demo's own, where it is evening. At midnight it is moved to one where the next day has
begun. So a slow machine tells the same story, only later; the centre is in the next day from the beginning.
"""

import os
import struct
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from modem.frozen import dataclass

if TYPE_CHECKING:
    from modem.simulator import Script

EVENING, NEXT_DAY = "Demo_evening", "Demo"
DAY_S = 86_400
HISTORY_DAYS = 20
_EVENING_S, _AFTER_MIDNIGHT_S = 18 * 3600, 25 * 3600
"""Seconds of the story's day in each of the zones when it begins; it may last five hours."""
_FARTHEST_EAST_S = 46_800
_QUARTER_S = 900
"""The modem's clock knows quarters of an hour only."""
_USED = (1_240_000, 1_090_000, 1_310_000, 1_180_000, 1_260_000, 980_000, 1_150_000)
"""Bytes of a day, weekly: an ordinary shop."""

_AGENT = """\
# Written by posagent demo: quick where a shop's terminal is patient.
[terminal]
id = "{terminal}"
name = "{name}"
timezone = "{zone}"
[modem]
port = "{port}"
interface = ""
announce_messages = true
[sample]
light_s = 1
deep_s = 5
[plan]
quota_mb = 30
cycle = "every_days"
cycle_days = 30
cycle_anchor = "{anchor}"
ask = "off"
[uplink]
url = "http://127.0.0.1:{number}"
credential_file = "{credential}"
heartbeat_s = 5
budget_mb = 10000
retry_first_s = 1
retry_cap_s = 2
[paths]
state_dir = "{state}"
run_dir = "{run}"
"""
_CENTRE = """\
# Written by posagent demo.
[fleet]
timezone = "{zone}"
[renewals]
look_s = 1
learn_s = 1
"""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The story's day, which ends when it is told to."""

    begins: int
    """Seconds since 1970."""

    @property
    def offset_s(self) -> int:
        """East of UTC in the evening, -11 to +13 h."""
        east = _EVENING_S - self.begins % DAY_S
        return east if east <= _FARTHEST_EAST_S else east - DAY_S

    @property
    def zones(self) -> dict[str, int]:
        """Seconds east of UTC."""
        return {EVENING: self.offset_s, NEXT_DAY: self.offset_s + _AFTER_MIDNIGHT_S - _EVENING_S}

    @property
    def last_day(self) -> date:
        """The card's."""
        return datetime.fromtimestamp(self.begins + self.offset_s, UTC).date()

    @property
    def quarters(self) -> int:
        """For the modem's clock, so that it says the same day all through the story."""
        return self.offset_s // _QUARTER_S

    def modem_clock(self, wall: float) -> str:
        local = datetime.fromtimestamp(wall + self.quarters * _QUARTER_S, UTC)
        return local.replace(tzinfo=None).isoformat(timespec="seconds")

    def write(self, directory: Path) -> dict[str, str]:
        """The zones' files (RFC 8536, version 1: one type, no transitions), and the environment that has them found."""
        for name, offset in self.zones.items():
            path = directory / "zones" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            head = struct.pack(">4s16x6l", b"TZif", 0, 0, 0, 0, 1, 6)
            path.write_bytes(head + struct.pack(">lBB", offset, 0, 0) + b"STORY\0")
        return {**os.environ, "PYTHONTZPATH": str(directory / "zones")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything of one demo lies."""

    directory: Path
    number: int
    """The centre's TCP port."""
    terminal: str

    @property
    def credential(self) -> Path:
        return self.directory / "credential"

    def centre_config(self) -> Path:
        path = self.directory / "central.toml"
        path.write_text(_CENTRE.format(zone=NEXT_DAY), encoding="utf-8")
        return path

    def agent_config(self, device: str, calendar: Calendar, zone: str = EVENING) -> Path:
        path = self.directory / "config.toml"
        text = _AGENT.format(
            terminal=self.terminal,
            name="演示门店 1 号机",
            zone=zone,
            port=device,
            anchor=calendar.last_day - timedelta(days=HISTORY_DAYS),
            number=self.number,
            credential=self.credential,
            state=self.directory / "state",
            run=self.directory / "run",
        )
        path.write_text(text, encoding="utf-8")
        return path

    def write_history(self, script: "Script", calendar: Calendar) -> None:
        """The days before the story, as the terminal's own ledger would have them: up to what the modem counts now."""
        from agent.plan.ledger import Ledger
        from modem.simulator.lte import Lte

        persona = script.build(float(calendar.begins))
        if not isinstance(persona, Lte):
            return
        state = persona.state
        days = [_USED[back % len(_USED)] for back in range(HISTORY_DAYS)]
        rx = int(state.rx_bytes) - sum(days)
        (self.directory / "state").mkdir(parents=True, exist_ok=True)
        ledger = Ledger(self.directory / "state" / "ledger.db", "UTC")  # of whole days, at noon: any zone will do
        noon = datetime.combine(calendar.last_day, time(12), UTC).timestamp()
        for back, used in enumerate([0, *days]):
            rx += used
            wall = noon - (HISTORY_DAYS + 1 - back if back else HISTORY_DAYS) * DAY_S
            ledger.observe("modem", f"{state.imei}/", rx, int(state.tx_bytes), wall, 0.0, None, card=state.iccid)
        ledger.close()
