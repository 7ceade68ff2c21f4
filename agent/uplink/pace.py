"""How often routine is reported so that a cycle's budget lasts: the interval stretches, then history thins. Pure.

Rules: a change of verdict goes at once, whatever this says; a share of the budget is kept for that. What a report costs
is reckoned from measured figures and corrected by what is really spent (`learned`): a bad line repeats itself, a proxy
adds headers. The centre hears with every heartbeat when the next one is due, so a terminal that saves is never late.
"""

import math
from typing import Literal

from modem.frozen import dataclass

REPORT_B = 330
"""IP bytes of a routine report by POST on a kept connection, both ways (bench/wire_bytes.py); a stream takes 232, which
`learned` finds out."""
RECONNECT_B = 1300
"""The same with a resumed connection."""
KEEP_ALIVE_B = 104
RUNGS_S = (300.0, 600.0, 900.0, 1800.0, 3600.0, 4 * 3600.0, 86_400.0, 7 * 86_400.0)
"""What the wished interval is stretched to, no further than it must; the last is the longest that a centre takes."""
DEFAULT_BUDGET_B = 3 * 2**20
PLAN_SHARE = 0.1
RESERVE = 0.15
"""Of the budget, for changes; what of it is not needed is set free as the cycle goes on."""
_LAST_B = 2 * RECONNECT_B
"""Kept back to the end: what was just reckoned may come dearer."""
_LEARNING = 0.2
_LEAST_PRICE = 0.15
"""CoAP takes a fifth of what is reckoned here, which is HTTPS with its keep-alives."""

History = Literal["all", "thin", "none"]


@dataclass(frozen=True, slots=True)
class Account:
    budget_b: int
    spent_b: int
    """All of our own bytes in this cycle."""
    cycle_s: float
    left_s: float

    @property
    def for_routine_b(self) -> float:
        kept_back = RESERVE * self.budget_b * self.left_s / max(self.cycle_s, 1.0) + _LAST_B
        return self.budget_b - kept_back - self.spent_b


@dataclass(frozen=True, slots=True)
class Paced:
    interval_s: float
    history: History
    stretched: bool
    why: str
    """For people; "" when nothing is stretched."""


def budget_of(set_b: int, quota_b: int | None) -> int:
    """What may be spent in a cycle: what is set, else 3 MB or a tenth of the plan, whichever is less."""
    if set_b > 0:
        return set_b
    return min(DEFAULT_BUDGET_B, int(quota_b * PLAN_SHARE)) if quota_b else DEFAULT_BUDGET_B


def worth_keeping(interval_s: float, probe_s: float) -> bool:
    """Whether probing a connection through the silence costs less than connecting anew after it."""
    return probes(interval_s, probe_s) * KEEP_ALIVE_B < RECONNECT_B - REPORT_B


def probes(interval_s: float, probe_s: float) -> int:
    return max(0, math.ceil(interval_s / probe_s) - 1)


def cost_of(interval_s: float, probe_s: float) -> int:
    """Bytes of a routine report and the silence before it."""
    if worth_keeping(interval_s, probe_s):
        return REPORT_B + probes(interval_s, probe_s) * KEEP_ALIVE_B
    return RECONNECT_B


def paced(account: Account, wished_s: float, price: float = 1.0, probe_s: float = 225.0) -> Paced:
    """The shortest interval that the rest of the budget bears to the cycle's end. `price`: see `learned`."""
    for interval_s in (wished_s, *(rung for rung in RUNGS_S if rung > wished_s)):
        needed = price * cost_of(interval_s, probe_s) * max(account.left_s, interval_s) / interval_s
        if needed <= account.for_routine_b:
            break
    if interval_s == wished_s:
        return Paced(wished_s, "all", stretched=False, why="")
    history: History = "thin" if interval_s < 86_400.0 else "none"
    why = f"{account.spent_b} of {account.budget_b} bytes are spent, with {account.left_s / 86_400.0:.1f} days to go"
    return Paced(interval_s, history, stretched=True, why=why)


def learned(price: float, spent_b: int, reckoned_b: int) -> float:
    """What things really cost, as a multiple of what was reckoned; a little wiser with each report."""
    if reckoned_b <= 0:
        return price
    seen = min(20.0, max(_LEAST_PRICE, spent_b / reckoned_b))
    return price + _LEARNING * (seen - price)
