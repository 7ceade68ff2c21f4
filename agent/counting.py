"""What the card is used for: the kernel's and the modem's counters and our own bytes go into the ledger; from it comes
how often routine may be reported for the rest of the cycle.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from typing import Any

from agent import record
from agent.clock import Clock
from agent.outbox.base import Record
from agent.plan.calendar import cycle_of, local_date, zone_of
from agent.plan.ledger import Ledger, LedgerError
from agent.plan.plan import PlanSettings
from agent.sample.base import ClockView, Snapshot
from agent.sample.link import LinkPart
from agent.sample.system import SystemPart
from agent.thrift import Cycle, Thrift
from agent.troubles import Troubles
from agent.uplink.meter import Meter
from agent.uplink.pace import Paced
from agent.workers.orders import Look
from modem.frozen import dataclass

LEDGER_WRITE_S = 48 * 3600.0
"""A commit of the ledger takes some 30 KB of flash."""
LEDGER_NOTE_S = 3 * 3600.0
"""A note beside it takes 18 KB, and 5 where the outbox is written to anyway (`bench/flash.py`: 14.3 of 15 MB a month).
While the machine runs a kill loses nothing; a power cut loses so much counting, which the modem's own counters and the
carrier's words mend.
"""
TICK_SLACK_S = 300.0
"""Asked every quarter of an hour, never to the second."""


@dataclass(slots=True)
class Counting:
    """Owned by the main thread."""

    clock: Clock
    ledger: Ledger
    meter: Meter
    thrift: Thrift
    timezone: str
    troubles: Troubles
    received: int | None = None
    """By the card since the look before, as that counter says which saw most; None: no counter, or the first look."""
    _rx: dict[tuple[str, str], int] = field(default_factory=dict)
    _written: float = field(init=False)
    _noted: float = field(init=False)

    def __post_init__(self) -> None:
        self._written = self._noted = self.clock.monotonic()

    def look(self, look: Look, link: LinkPart, system: SystemPart, trust: ClockView) -> None:
        """What the counters show at this look."""
        wall, now, boot = self.clock.wall(), self.clock.monotonic(), system.boot_id
        trusted, card = trust.trusted, look.part.sim.iccid or ""
        rx: dict[tuple[str, str], int] = {}
        seen = link.interface
        if seen and link.counter and seen.rx_bytes is not None and seen.tx_bytes is not None:
            self.ledger.observe(
                "interface", link.counter, seen.rx_bytes, seen.tx_bytes, wall, now, boot, card=card, trusted=trusted
            )
            rx["interface", link.counter] = seen.rx_bytes
        else:
            self.ledger.tell_time(wall, now, boot, trusted=trusted)
        imei = look.part.modem.imei or "modem"
        for counters in look.part.counters:
            identity = f"{imei}/{counters.cid if counters.cid is not None else ''}"
            rx["modem", identity] = counters.rx_bytes
            self.ledger.observe(
                "modem",
                identity,
                counters.rx_bytes,
                counters.tx_bytes,
                wall,
                now,
                boot,
                scope=counters.scope,
                card=card,
                trusted=trusted,
            )
        for purpose, traffic in self.meter.take().items():
            self.ledger.add_own(purpose, traffic.total)
        self._note_received(rx)

    def day_of(self, wall: float) -> date:
        """The terminal's own day."""
        return local_date(wall, zone_of(self.timezone))

    def stand_in(self, timezone: str) -> None:
        """From now on days are those of this zone."""
        self.timezone = timezone
        self.ledger.stand_in(timezone)

    def _note_received(self, rx: dict[tuple[str, str], int]) -> None:
        """A light look that read no counter says nothing; one that began anew neither."""
        grown = [now - self._rx[key] for key, now in rx.items() if now >= self._rx.get(key, now + 1)]
        self.received = max(grown, default=None)
        self._rx |= rx

    def pace(self, known: Snapshot | None, plan: PlanSettings, wished_s: float) -> Paced:
        """How long until the next heartbeat, so that this cycle's budget lasts. By the clock of the look, which was
        judged with it: one that has fallen to 1970 since then would spread the rest over half a century.
        """
        if known is None or known.clock.trusted is False:
            return self.thrift.pace(None, 0, None, 0.0, wished_s)
        cycle = Cycle(*cycle_of(plan.cycle, self.day_of(known.taken_at)), zone_of(self.timezone))
        spent = sum(self.ledger.own_by_purpose((cycle.first, cycle.last)).values())
        return self.thrift.pace(cycle, spent, known.plan.quota_bytes, known.taken_at, wished_s)

    def yesterday(
        self,
        looked_at: float,
        care: Callable[[], Mapping[str, Any]] = dict,
        sms_of: Callable[[date, date], int] = lambda *_: 0,
    ) -> Record | None:
        """The day summed up, once for each day that we saw the end of. Only with a trusted clock, by the look's."""
        day = self.thrift.yesterday(self.day_of(looked_at))
        if day is None:
            return None
        used = self.ledger.daily(day, day).get(day)
        own = self.ledger.own_by_purpose((day, day))
        return record.daily(day.isoformat(), own, used, self.clock.wall(), care(), sms_of(day, day))

    def own_by_purpose(self, known: Snapshot, plan: PlanSettings) -> dict[str, int]:
        """Our own bytes of this billing cycle."""
        return self.ledger.own_by_purpose(cycle_of(plan.cycle, self.day_of(known.taken_at)))

    def write_if_due(self) -> None:
        if "ledger" in self.troubles or self.clock.monotonic() - self._written >= LEDGER_WRITE_S:
            self.write()
        elif self.clock.monotonic() - self._noted >= LEDGER_NOTE_S - TICK_SLACK_S:
            self.note()

    def note(self) -> None:
        """Against a power cut: by the hour, and when something else is written anyway."""
        self._keep(self.ledger.note)

    def write(self) -> None:
        self._written = self.clock.monotonic()
        self._keep(self.ledger.flush)

    def _keep(self, save: Callable[[], None]) -> None:
        self._noted = self.clock.monotonic()
        try:
            save()
            self.troubles.over("ledger")
        except LedgerError as error:
            self.troubles.met("ledger", error)
