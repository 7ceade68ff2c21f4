"""What no word claimed: the sole date, purse or rest that the words around it can only mean. Pure, and cautious.

Asked last, of a text that tells a fact already or that a carrier wrote: a date in the sentence that says that the plan
or the line ends; money behind a word for a purse; data behind a word for data, beside a balance. (Chinese has a word
beside each of its numbers: what is left over there is another number's.)
"""

import re
from collections.abc import Sequence

from agent.plan.messages import choose
from agent.plan.messages.bound import Bound
from agent.plan.messages.compose import behind
from agent.plan.messages.dates import Day
from agent.plan.messages.grammar import Amount
from agent.plan.messages.layout import Layout
from agent.plan.messages.roots import Thing
from agent.plan.messages.signals import Signal
from agent.plan.messages.words import Role

REACH = 30
"""Characters between an end and its day."""
_BETWEEN = re.compile(r"[^.;!?。\d]{0,18}\Z")
"""Between a purse or data and its number: no other number, no end of a sentence."""
_ASKS = re.compile(
    r"\b(?:min\w*|at least|only|just|from|for|per|solo|nur|wystarczy|ab|des|hanya|sadece|tylko|jen|csak|almeno|desde)\b"
    r"|至少|仅需|只需|每"
)
_ENDS = re.compile(r"(?:\s\w{2,12}){0,3}?\s(?:akan|will|expires?|berakhir|habis|ends?|is about|has expired)\b")
""" "Kuota Internet 10GB kamu akan berakhir": what ends is named by its size."""
_TAKEN = (Role.PAID, Role.OFFER, Role.OWED, Role.SPENT)


def end_day(dated: Sequence[Day], ends: Sequence[Signal], where: Layout) -> tuple[Day, Signal] | None:
    """The nearest day of the sentence in which something ends, and what says so."""
    near = [
        (max(one.start - end.end, end.start - one.end), one, end)
        for end in ends
        for one in dated
        if where.sentence(one.start) == where.sentence(end.start)
    ]
    best = min(near, key=lambda each: each[0], default=None)
    return None if best is None or best[0] > REACH else (best[1], best[2])


def purse(found: Sequence[Bound], plain: str) -> Bound | None:
    """The sole amount of money, behind a word for a purse, in a text where none is paid, owed, asked or offered."""
    money = [one for one in found if one.amount.money is not None]
    if len(money) != 1 or money[0].role is not None or money[0].amount.rate or _ASKS.search(plain):
        return None
    return money[0] if _named("money", plain, money[0].amount.start) else None


def rest(found: Sequence[Bound], plain: str) -> Bound | None:
    """The sole amount of data, behind a word for data, in a text where nothing is sold."""
    data = [one for one in found if one.amount.bytes is not None]
    if (
        len(data) != 1
        or not (data[0].role is None or choose.is_bare(data[0]))
        or data[0].component
        or _ENDS.match(plain, data[0].amount.end)
        or plain[max(0, data[0].amount.start - 1) : data[0].amount.start] in ("«", '"', "“")  # a plan's name
        or data[0].amount.rate
        or any(one.role in _TAKEN and not _is_a_bonus(one) for one in found)
    ):
        return None
    start = data[0].amount.start
    return data[0] if _named("data", plain, start) or _is_listed(plain, data[0].amount) else None


def _is_listed(plain: str, amount: Amount) -> bool:
    return bool(_AMONG.search(plain, 0, amount.start) or _AND_MINUTES.match(plain, amount.end))


_AMONG = re.compile(r"\d\s?(?:hv|хв|minut\w*|min|мин|sms|смс)(?![^\W\d_])[^.;!?]{0,90},\s?\Z")
_AND_MINUTES = re.compile(r"\s?,\s?\d{1,5}\s?(?:hv|хв|minut\w*|min|мин|sms|смс)(?![^\W\d_])")
""" "300 hv na vsi nomery, bezlimit na lifecell, 7.55 GB": in a list of what there is."""


def _is_a_bonus(one: Bound) -> bool:
    """ "Bonus 0.00 hrn" is another purse beside the balance, and sells nothing."""
    ahead = one.label is not None and one.label.end <= one.amount.start
    return one.amount.money is not None and ahead and one.label is not None and one.label.word.startswith("bonus")


def _named(thing: Thing, plain: str, start: int) -> bool:
    last = behind(thing, plain, max(0, start - 36), start)
    return last is not None and bool(_BETWEEN.match(plain[last:start]))
