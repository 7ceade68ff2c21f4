"""What we cost the card in this cycle, and how often routine may be reported for the rest of it.

The ledger knows what was spent, the plan its size, `agent.uplink.pace` the rule; this holds them together and learns
what a report costs here. Without a trusted clock there is no cycle to reckon with: then the wish stands.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta, tzinfo

from agent.uplink.pace import Account, Paced, budget_of, cost_of, learned, paced
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Cycle:
    """Both days belong to it; local days."""

    first: date
    last: date
    zone: tzinfo

    @property
    def ends_at(self) -> float:
        """Wall seconds."""
        return self._midnight(self.last) + 86_400.0

    @property
    def length_s(self) -> float:
        return self.ends_at - self._midnight(self.first)

    def _midnight(self, day: date) -> float:
        bounded = min(max(day, date(1971, 1, 2)), date(9990, 1, 1))
        return datetime.combine(bounded, time(), self.zone).timestamp()


@dataclass(slots=True)
class Thrift:
    """Owned by the main thread."""

    budget_mb: float = 0.0
    """As set; 0 = the rule of `budget_of`."""
    price: float = 1.0
    now: Paced | None = None
    account: Account | None = None
    _spent: tuple[date, int] | None = None
    _told_day: date | None = field(default=None)

    def pace(self, cycle: Cycle | None, spent_b: int, quota_b: int | None, wall: float, wished_s: float) -> Paced:
        """At each heartbeat: how long until the next."""
        if cycle is None:
            self.account = None
            self.now = Paced(wished_s, "all", stretched=False, why="")
            return self.now
        self._learn(cycle, spent_b)
        budget = budget_of(int(self.budget_mb * 2**20), quota_b)
        self.account = Account(budget, spent_b, cycle.length_s, max(0.0, cycle.ends_at - wall))
        self.now = paced(self.account, wished_s, self.price)
        return self.now

    def yesterday(self, today: date) -> date | None:
        """The day to be summed up, once for each day that we saw the end of."""
        before, self._told_day = self._told_day, today
        return today - timedelta(days=1) if before is not None and before < today else None

    @property
    def used_up(self) -> bool | None:
        """So little is left that routine comes once a day, or less; None before the first heartbeat."""
        return None if self.now is None else self.now.interval_s >= 86_400.0 and self.now.stretched

    def bears(self, size_b: int) -> bool:
        """Whether so many bytes may be spent at once that are no news. May be asked by any thread."""
        account = self.account
        return account is None or size_b <= account.for_routine_b

    def told(self) -> Mapping[str, object] | None:
        """For `posagent status`; None before the first heartbeat."""
        if self.now is None:
            return None
        account = self.account
        return {
            "interval_s": round(self.now.interval_s),
            "stretched": self.now.stretched,
            "history": self.now.history,
            "why": self.now.why or None,
            "budget_bytes": account.budget_b if account else None,
            "spent_bytes": account.spent_b if account else None,
            "left_s": round(account.left_s) if account else None,
        }

    def _learn(self, cycle: Cycle, spent_b: int) -> None:
        if self._spent and self._spent[0] == cycle.first and self.now and spent_b > self._spent[1]:
            self.price = learned(self.price, spent_b - self._spent[1], cost_of(self.now.interval_s, 225.0))
        self._spent = (cycle.first, spent_b)
