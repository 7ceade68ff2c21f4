"""One message being read: numbers first, then what happened, then which of it the message is about."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from agent.plan.messages import choose, leftover, second
from agent.plan.messages.bound import Bound
from agent.plan.messages.buckets import is_restricted
from agent.plan.messages.carriers.base import Carrier
from agent.plan.messages.currencies import OF_COUNTRY
from agent.plan.messages.dates import Day
from agent.plan.messages.expiry import expiry, is_campaign, is_of_the_plan, names_what_ends, open_days
from agent.plan.messages.layout import Layout
from agent.plan.messages.model import Evidence, Explained, Kind, Money
from agent.plan.messages.nearest import WEAK
from agent.plan.messages.normal import folded
from agent.plan.messages.offers import only_sells
from agent.plan.messages.percent import shares
from agent.plan.messages.service import (
    is_chinese,
    is_some_wallets,
    is_strange_talk,
    is_too_much,
    names_a_line,
    proves_a_line,
)
from agent.plan.messages.signals import Signal, composed_signals, signals
from agent.plan.messages.words import Role, labels

_UPON_RECHARGE = re.compile(
    r"\bbei (?:einer |jeder )?(?:aufladung|buchung)|\bwhen you (?:recharge|top|buy)|\bif you (?:recharge|top|buy)"
    r"|\bcon (?:tu|cada|una) recarga|\bal recargar|\bpour toute recharge|\bna (?:sua )?recarga|при пополнении"
    r"|при оплате|\bna kazde doladowanie|\bsetiap (?:isi|pembelian)|\bkhi nap|\berhaltst|\bbekommst|\brecibe\b"
    r"|\bregala\w*|首充|充值(?:即|可|就)?(?:送|得|享)"
)

THE_NETWORK = Carrier("the network", None)
"""Whoever answered by USSD: some carrier, it does not say which."""


def shown_name(known: Carrier | None) -> str | None:
    return None if known is None or known is THE_NETWORK else known.name


class Reading:
    """One message being read: numbers first, then what happened, then which of it the message is about."""

    def __init__(
        self,
        text: str,
        plain: str,
        country: str | None,
        known: Carrier | None,
        where: Layout,
        bound: Sequence[Bound],
        dated: Sequence[Day],
        *,
        strange: bool = False,
    ) -> None:
        """`strange`: a sender that nobody knows is named, so the text must prove more than one without a sender."""
        self.folded = folded(text)
        self.text, self.plain, self.country, self.known = text, plain, country, known
        self.where, self.bound, self.dated, self.strange = where, bound, dated, strange
        self.signals = list(signals(plain, where, known=known is not None))
        self.signals += self._composed()
        self.shares = list(shares(plain, where))
        self.evidence: list[Evidence] = []

    def explained(self) -> Explained:
        used, left, total = (self._data(role) for role in (Role.USED, Role.LEFT, Role.TOTAL))
        used, left, total = self._spent(used, left, total)
        if total is not None and left is not None and total < left:
            total = None  # a part that was taken for the whole
            self.evidence = [one for one in self.evidence if one.fact != "total_bytes"]
        balance = self._balance()
        kinds = self._kinds(balance, used, left)
        if not kinds or self._is_doubtful(balance, used, left, total):
            return Explained(carrier=shown_name(self.known), why_not=second.WHY if kinds else "no fact")
        if self._is_anybodys(balance, used, left or None, total):
            return Explained(carrier=shown_name(self.known), why_not="no fact")
        until = self._until()
        if until is not None:
            self._prove("expires_on", until[1], until[2])
        return Explained(
            kind=kinds[0],
            also=tuple(kinds[1:]),
            balance=balance,
            used_bytes=used,
            remaining_bytes=left,
            total_bytes=total,
            expires_on=until[0] if until else None,
            carrier=shown_name(self.known),
            evidence=tuple(sorted(self.evidence, key=lambda one: one.start)),
        )

    def _composed(self) -> list[Signal]:
        """What the tables of phrases did not find, from its roots: of a line that the text proves to be one.

        Beside numbers an event only: a debt or an end that a few words suggest says less than the number does.
        """
        if any(one.kind in _FIRST for one in self.signals) or not (self.known or self._proves_a_line()):
            return []
        lone = not self.signals and not any(one.role in _TOLD for one in self.bound)
        found = composed_signals(self.plain, self.where, known=self.known is not None)
        return [one for one in found if lone or one.kind in _EVENTS]

    def _proves_a_line(self) -> bool:
        return proves_a_line(self.plain) or proves_a_line(self.text.lower())

    def _is_anybodys(self, *numbers: Money | int | None) -> bool:
        """Something that happened ("used up" too), to whom nobody says, in words any account's message has.

        Of a strange sender the numbers too: a gateway carries every shop's, bank's and cloud's messages.
        """
        if self.known is not None or (not self.strange and any(one is not None for one in numbers)):
            return False
        names = proves_a_line if self.strange else names_a_line
        return not names(self.plain) and not names(self.text.lower())

    def _is_doubtful(self, balance: Money | None, used: int | None, left: int | None, total: int | None) -> bool:
        """The second opinion says no: to numbers, more readily to what is told without one."""
        if not is_chinese(self.folded) or self.known is THE_NETWORK:
            return False
        if balance is not None or used is not None or left or total is not None:
            last = max(one.start for one in self.evidence)  # carriers hang adverts behind their answers
            answer = self.folded[: self.where.sentence_end(last) + 1]
            return max(second.likely(self.folded), second.likely(answer)) < second.NUMBERS
        return second.likely(self.folded) < (second.DATES if self._until() else second.EVENTS)

    def _data(self, role: Role) -> int | None:
        told = choose.data(self.bound, role)
        if told is None and role is Role.LEFT and self._answers() and (one := leftover.rest(self.bound, self.plain)):
            told = one.amount.bytes or 0, one
        if told is None or (role is Role.LEFT and told[1].bucket == "restricted" and self._general_is_spent()):
            return None
        names = {Role.USED: "used_bytes", Role.LEFT: "remaining_bytes", Role.TOTAL: "total_bytes"}
        self._prove_bound(names[role], told[1])
        return told[0]

    def _answers(self) -> bool:
        """A balance or an end is told beside the data, and no event that the data would belong to. Chinese names it."""
        if is_chinese(self.folded) or any(one.kind in _EVENTS or one.kind == "exhausted" for one in self.signals):
            return False
        told = choose.money(self.bound) is not None or (self.known is not None and self._until() is not None)
        return told and not self._offers()

    def _is_sure_of_a_line(self) -> bool:
        return not is_chinese(self.folded) and (self.known is not None or self._proves_a_line())

    def _general_is_spent(self) -> bool:
        """ "通用流量已用完,定向流量还剩12GB": what is left is no use to a terminal."""
        return any(one.kind == "exhausted" and not is_restricted(one.text) for one in self.signals)

    def _spent(
        self, used: int | None, left: int | None, total: int | None
    ) -> tuple[int | None, int | None, int | None]:
        """All used: nothing is left, said without a number."""
        whole = next((one for one in self.shares if one.percent == 100 and not one.left), None)
        signal = next((one for one in self.signals if one.kind == "exhausted"), None)
        if whole is not None and total is not None and used is None:
            used = total
            self._prove("used_bytes", whole.start, whole.end)
        proof = signal or whole
        if left is None and proof is not None:
            left = 0
            self._prove("remaining_bytes", proof.start, proof.end)
        return used, left, total

    def _balance(self) -> Money | None:
        told = choose.money(self.bound)
        if told is None and self._is_sure_of_a_line() and (one := leftover.purse(self.bound, self.plain)):
            told = one.amount.money or Decimal(0), one
        if told is None or (self._is_stranger()):
            return None
        amount, bound = told
        currency = self._currency(bound.amount.currency)
        if self.known is None and is_too_much(amount, currency):
            return None
        self._prove_bound("balance", bound)
        return Money(amount if amount else Decimal(abs(amount)), currency)

    def _currency(self, told: str | None) -> str | None:
        """A bare "$" in a Spanish text of no country may be any of a dozen pesos."""
        if told == "USD" and self.country is None and _PESOS.search(self.plain):
            return None
        return told or OF_COUNTRY.get(self.country or "")

    def _is_stranger(self) -> bool:
        owed = any(one.role is Role.OWED for one in self.bound)
        return self.known is None and is_some_wallets(self.folded, owed=owed)

    def _kinds(self, balance: Money | None, used: int | None, left: int | None) -> list[Kind]:
        """The one the message is about, then the others."""
        told: dict[Kind, int] = {}
        for one in self.signals:
            if one.kind != "exhausted" and one.kind != "expiring":
                told.setdefault(one.kind, one.start)
        if "topup_failed" in told and _REASON.search(self.plain, 0, told.get("suspended", 0)):
            del told["suspended"]  # "充值失败,原因:该号码已销户"
        strange = self.known is None and is_strange_talk(self.folded)
        first = [kind for kind in _FIRST if kind in told and (kind == "suspended" or not strange)]
        numbers = self._number_kinds(balance, used, left)
        if "arrears" in first and self._is_mild(numbers):
            first.remove("arrears")
        if balance is not None and balance.amount < 0 and "arrears" not in first:
            first.append("arrears")
        if "arrears" in first and balance is not None and balance.amount < 0:
            numbers = [kind for kind in numbers if kind != "balance"]
        for one in self.signals:
            if one.kind in first:
                self._prove("kind", one.start, one.end)
        return [*first, *numbers]

    def _is_mild(self, numbers: Sequence[Kind]) -> bool:
        """ "请及时续费" behind a date or used-up data is advice, not debt."""
        texts = [one.text for one in self.signals if one.kind == "arrears"]
        if numbers[:1] == ["balance"]:
            return all(text.startswith(_TOP_UP) for text in texts)
        return ("expiry" in numbers or numbers[:1] in (["data_remaining"], ["data_used"])) and all(
            text.startswith(("请", *_TOP_UP)) or re.search(r"\bwill\b|逾期", text) for text in texts
        )

    def _number_kinds(self, balance: Money | None, used: int | None, left: int | None) -> list[Kind]:
        places: dict[Kind, int] = {}
        proof = {one.fact: one.start for one in self.evidence}
        if balance is not None:
            places["balance"] = proof["balance"]
        if left is not None:
            places["data_remaining"] = min(proof["remaining_bytes"], proof.get("used_bytes", len(self.text)))
        elif used is not None:
            places["data_used"] = proof["used_bytes"]
        elif self.shares:
            places["data_remaining" if self.shares[0].left else "data_used"] = self.shares[0].start
            self._prove("kind", self.shares[0].start, self.shares[0].end)
        ending = next((one for one in self.signals if one.kind == "expiring" and self._is_plans_end(one)), None)
        if ending is not None and (self.evidence or self._names_what_ends(ending)):
            places["expiry"] = ending.start
            self._prove("kind", ending.start, ending.end)
        if not places and not self._offers() and (until := self._until(alone=self._is_alone())):
            places["expiry"] = until[1]
        return sorted(places, key=lambda kind: places[kind])

    def _is_alone(self) -> bool:
        """Nothing but a date is told."""
        return all(one.kind == "expiring" for one in self.signals)

    def _names_what_ends(self, one: Signal) -> bool:
        """ "Vence 30/11/2026" behind a prize draw ends no plan: a lone end has a subject."""
        return names_what_ends(self.where.sentence_of(one.start))

    def _is_plans_end(self, one: Signal) -> bool:
        return is_of_the_plan(self.plain, self.where, one.start, known=self.known is not None)

    def _until(self, *, alone: bool = False) -> tuple[date, int, int] | None:
        known = self.known is not None or bool(self.evidence)
        told = expiry(self.plain, self.dated, self.where, known=known, alone=alone)
        return told or self._left_over_end()

    def _left_over_end(self) -> tuple[date, int, int] | None:
        """The day beside words for an end that no table of labels holds."""
        if not (self.known or self._proves_a_line()):
            return None
        ends = [one for one in composed_signals(self.plain, self.where, known=True) if one.kind == "expiring"]
        ends = [one for one in ends if self._is_plans_end(one)]
        found = leftover.end_day(open_days(self.plain, self.dated), ends, self.where)
        if found is None:
            return None
        day, end = found
        return (day.day, min(day.start, end.start), max(day.end, end.end)) if day.day else None

    def _offers(self) -> bool:
        """Whether the text sells something: a date that stands alone in it is the offer's, not the plan's."""
        if _UPON_RECHARGE.search(self.plain) or is_campaign(self.plain) or only_sells(self.plain):
            return True
        return any(one.role is Role.OFFER for one in labels(self.plain) if one.word not in WEAK)

    def _prove_bound(self, fact: str, bound: Bound) -> None:
        start, end = bound.amount.start, bound.amount.end
        if bound.label is not None:
            start, end = min(start, bound.label.start), max(end, bound.label.end)
        self._prove(fact, start, end)

    def _prove(self, fact: str, start: int, end: int) -> None:
        self.evidence.append(Evidence(fact, self.text[start:end], start, end))


_REASON = re.compile(r"原因[^,。;]{0,10}\Z")
_PESOS = re.compile(r"\b(?:tu|su|saldo|credito|recarga)\b(?!.*(?:usd|us\$|dolar))")

_TOP_UP = ("пополните", "поповніть", "popolnite")
"""Advice that stands under every Russian answer."""

_TOLD = (Role.LEFT, Role.USED, Role.TOTAL, Role.OWED)
_EVENTS = ("suspended", "topup_failed", "topup_ok", "plan_change")
_FIRST: tuple[Kind, ...] = ("suspended", "topup_failed", "topup_ok", "arrears", "plan_change")
