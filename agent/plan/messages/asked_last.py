"""What no label and no phrase told, and when a text may be asked for it: events, an end, a rest, a purse. Pure.

`compose` and `leftover` find; here stands of which texts that is believed: of a line's, by its carrier's name or by
words that no club, shop or bank has. Beside numbers an event only: a debt or an end that a few words suggest says less
than the number does.
"""

from collections.abc import Sequence
from datetime import date

from agent.plan.messages import choose, leftover
from agent.plan.messages.bound import Bound
from agent.plan.messages.dates import Day
from agent.plan.messages.expiry import is_of_the_plan, open_days
from agent.plan.messages.layout import Layout
from agent.plan.messages.model import Kind
from agent.plan.messages.offers import offers
from agent.plan.messages.signals import Signal, composed_signals
from agent.plan.messages.words import Role

EVENTS = ("suspended", "topup_failed", "topup_ok", "plan_change")
FIRST: tuple[Kind, ...] = ("suspended", "topup_failed", "topup_ok", "arrears", "plan_change")
"""What a message is about before its numbers, in this order."""
_TOLD = (Role.LEFT, Role.USED, Role.TOTAL, Role.OWED)


def events(
    plain: str, where: Layout, found: Sequence[Signal], bound: Sequence[Bound], *, known: bool, sure: bool
) -> list[Signal]:
    """What the tables of phrases did not find, from its roots. `sure`: the text is a line's."""
    if not sure or any(one.kind in FIRST for one in found):
        return []
    lone = not found and not any(one.role in _TOLD for one in bound)
    return [one for one in composed_signals(plain, where, known=known) if lone or one.kind in EVENTS]


def end(plain: str, dated: Sequence[Day], where: Layout, *, known: bool) -> tuple[date, int, int] | None:
    """(day, start, end) beside words for an end that no table of labels holds; asked of a line's text only."""
    ends = [one for one in composed_signals(plain, where, known=True) if one.kind == "expiring"]
    ends = [one for one in ends if is_of_the_plan(plain, where, one.start, known=known)]
    found = leftover.end_day(open_days(plain, dated), ends, where)
    if found is None:
        return None
    day, said = found
    return (day.day, min(day.start, said.start), max(day.end, said.end)) if day.day else None


def rest(plain: str, bound: Sequence[Bound], found: Sequence[Signal], *, dated: bool) -> Bound | None:
    """The sole data of an answer: a balance or an end (`dated`) is told beside it, nothing that happened, no offer."""
    if any(one.kind in EVENTS or one.kind == "exhausted" for one in found):
        return None
    told = choose.money(bound) is not None or dated
    return leftover.rest(bound, plain) if told and not offers(plain) else None
