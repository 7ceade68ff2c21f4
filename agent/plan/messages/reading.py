"""One message being read: numbers first, then what happened, then which of it the message is about."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from agent.plan.messages import asked_last, choose, european, leftover, purses, roots_world, second
from agent.plan.messages.bound import Bound
from agent.plan.messages.buckets import is_restricted
from agent.plan.messages.carriers.base import Carrier
from agent.plan.messages.currencies import OF_COUNTRY
from agent.plan.messages.dates import Day
from agent.plan.messages.expiry import expiry, is_of_the_plan, names_what_ends
from agent.plan.messages.layout import Layout
from agent.plan.messages.model import Evidence, Explained, Kind, Money
from agent.plan.messages.normal import folded
from agent.plan.messages.offers import offers
from agent.plan.messages.percent import shares
from agent.plan.messages.service import (
    is_chinese,
    is_headed,
    is_some_wallets,
    is_strange_talk,
    is_too_much,
    names_a_line,
    proves_a_line,
)
from agent.plan.messages.signals import Signal, signals
from agent.plan.messages.words import Role

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
        self.chinese = is_chinese(self.folded)
        self.text, self.plain, self.country, self.known = text, plain, country, known
        self.where, self.bound, self.dated, self.strange = where, bound, dated, strange
        self.signals = list(signals(plain, where, known=known is not None))
        self.vouched = known is not None or is_headed(self.folded)
        self.sure = self.vouched or self._proves_a_line()
        self.signals += asked_last.events(plain, where, self.signals, bound, known=known is not None, sure=self.sure)
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
        if balance is not None and used is None and not left and self._is_another_purses():
            return Explained(carrier=shown_name(self.known), why_not="another purse")
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

    def _proves_a_line(self) -> bool:
        return proves_a_line(self.plain) or proves_a_line(self.text.lower())

    def _is_another_purses(self) -> bool:
        return self.known is None and (purses.pays_for_another(self.folded) or purses.is_a_cards(self.folded))

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
        if self.known is THE_NETWORK:
            return False
        if self.vouched and european.SPOKEN.search(self.folded) and not offers(self.plain):
            return self._likely(self.folded) < european.BARELY
        if self.sure and roots_world.HARDLY_MET.search(self.folded):
            return False
        limits = second.CHINESE if self.chinese else second.WORLD
        asked = 0.0 if self.sure else limits.unproven
        if balance is not None or used is not None or left or total is not None:
            last = max(one.start for one in self.evidence)  # carriers hang adverts behind their answers
            answer = self.folded[: self.where.sentence_end(last) + 1]
            return max(self._likely(self.folded), self._likely(answer)) < limits.numbers + asked
        return self._likely(self.folded) < asked + (limits.dates if self._until() else limits.events)

    def _likely(self, plain: str) -> float:
        """With and without the known carrier's signature: who speaks is settled, a name says nothing more."""
        heard = second.likely(plain, chinese=self.chinese)
        if not self.chinese or self.known is None:
            return heard
        return max(heard, second.likely(_SIGNATURE.sub("", plain), chinese=True))

    def _data(self, role: Role) -> int | None:
        told = choose.data(self.bound, role)
        if told is None and role is Role.LEFT and (one := self._rest()):
            told = one.amount.bytes or 0, one
        if told is None or (role is Role.LEFT and told[1].bucket == "restricted" and self._general_is_spent()):
            return None
        names = {Role.USED: "used_bytes", Role.LEFT: "remaining_bytes", Role.TOTAL: "total_bytes"}
        self._prove_bound(names[role], told[1])
        return told[0]

    def _rest(self) -> Bound | None:
        """Not in Chinese, which has a word beside each of its numbers."""
        if self.chinese:
            return None
        dated = self.known is not None and self._until() is not None
        return asked_last.rest(self.plain, self.bound, self.signals, dated=dated)

    def _general_is_spent(self) -> bool:
        """ "通用流量已用完,定向流量还剩12GB": what is left is no use to a terminal."""
        return any(one.kind == "exhausted" and not is_restricted(one.text) for one in self.signals)

    def _spent(
        self, used: int | None, left: int | None, total: int | None
    ) -> tuple[int | None, int | None, int | None]:
        """All used: nothing is left, said without a number."""
        whole = next((one for one in self.shares if one.percent == 100 and not one.left), None)
        signal = next((one for one in self.signals if one.kind == "exhausted"), None)
        if used is not None and total is not None and used < total:
            signal = None  # "Vyčerpal jste 2 GB z 3 GB"
        if signal is not None and total is None and used and (named := self._named_in(signal, used)):
            used, total = None, used  # "hele din datapakke på 10 GB": all that was used is the whole
            self.evidence = [one for one in self.evidence if one.fact != "used_bytes"]
            self._prove_bound("total_bytes", named)
        if whole is not None and total is not None and used is None:
            used = total
            self._prove("used_bytes", whole.start, whole.end)
        if left is None and used is not None and used == total and not self.chinese:
            left = 0  # "5 GB von 5 GB verbraucht"
            self._prove("remaining_bytes", self.evidence[-1].start, self.evidence[-1].end)
        proof = signal or whole
        if left is None and proof is not None:
            left = 0
            self._prove("remaining_bytes", proof.start, proof.end)
            if total is None and (spent := choose.spent_whole(self.bound, proof.start, self._reach(proof.end))):
                total = spent.amount.bytes
                self._prove_bound("total_bytes", spent)
        return used, left, total

    def _named_in(self, signal: Signal, used: int) -> Bound | None:
        """What was used, where it is named in the words that say that all is used, or right behind them."""
        near = (one for one in self.bound if one.amount.bytes == used)
        return next((one for one in near if signal.start <= one.amount.start < self._reach(signal.end)), None)

    def _reach(self, end: int) -> int:
        """ "You have exhausted your 2GB data bundle": what is all used is named right behind."""
        return max(end, min(end + 24, self.where.clause_end(end)))

    def _balance(self) -> Money | None:
        told = choose.money(self.bound)
        if told is None and self.sure and not self.chinese and (one := leftover.purse(self.bound, self.plain)):
            told = one.amount.money or Decimal(0), one
        owed = any(one.role is Role.OWED for one in self.bound)
        if told is None or (self.known is None and is_some_wallets(self.folded, owed=owed)):
            return None
        if told[0] > 0 and _IS_TO_BE_PAID.match(self.folded, told[1].amount.end):
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

    def _kinds(self, balance: Money | None, used: int | None, left: int | None) -> list[Kind]:
        """The one the message is about, then the others."""
        told: dict[Kind, int] = {}
        for one in self.signals:
            if one.kind != "exhausted" and one.kind != "expiring":
                told.setdefault(one.kind, one.start)
        if "topup_failed" in told and _REASON.search(self.plain, 0, told.get("suspended", 0)):
            del told["suspended"]  # "充值失败,原因:该号码已销户"
        strange = not self.sure and is_strange_talk(self.folded)
        first = [kind for kind in asked_last.FIRST if kind in told and (kind == "suspended" or not strange)]
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
            text.startswith(("请", *_TOP_UP)) or re.search(r"\bwill\b|\bser[aá]\b|\bwird\b|逾期|将停", text)
            for text in texts
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
        elif balance is None and (low := _LOW_DATA.search(self.plain)):
            places["data_remaining"] = low.start()
            self._prove("kind", low.start(), low.end())
        ending = next((one for one in self.signals if one.kind == "expiring" and self._is_plans_end(one)), None)
        # "Vence 30/11/2026" behind a prize draw ends no plan: a lone end has a subject
        if ending is not None and (self.evidence or names_what_ends(self.where.sentence_of(ending.start))):
            within = any(ending.start <= place < ending.end for place in places.values())
            places["expiry"] = ending.end if within else ending.start
            self._prove("kind", ending.start, ending.end)
        alone = all(one.kind == "expiring" for one in self.signals)
        if not places and not offers(self.plain) and (until := self._until(alone=alone)):
            places["expiry"] = until[1]
        return sorted(places, key=lambda kind: places[kind])

    def _is_plans_end(self, one: Signal) -> bool:
        return is_of_the_plan(self.plain, self.where, one.start, known=self.known is not None)

    def _until(self, *, alone: bool = False) -> tuple[date, int, int] | None:
        known = self.known is not None or bool(self.evidence)
        told = expiry(self.plain, self.dated, self.where, known=known, alone=alone)
        if told is not None or not self.sure:
            return told
        return asked_last.end(self.plain, self.dated, self.where, known=self.known is not None)

    def _prove_bound(self, fact: str, bound: Bound) -> None:
        start, end = bound.amount.start, bound.amount.end
        if bound.label is not None:
            start, end = min(start, bound.label.start), max(end, bound.label.end)
        self._prove(fact, start, end)

    def _prove(self, fact: str, start: int, end: int) -> None:
        self.evidence.append(Evidence(fact, self.text[start:end], start, end))


_SIGNATURE = re.compile(r"^\s{0,3}【[^】]{1,20}】|【[^】]{1,20}】\s{0,3}$")
_REASON = re.compile(r"原因[^,。;]{0,10}\Z")
_IS_TO_BE_PAID = re.compile(
    r"[^\d$€£]{0,30}?\b(?:pay(?: it| this| now| in full)? (?:by|before|on or before)|payment (?:is )?due"
    r"|(?:is )?due (?:by|on|before)|late fee)\b"
)
""" "Your balance is £45.20. Pay by 30 Nov": a debt to come, no purse."""
_PESOS = re.compile(r"\b(?:tu|su|saldo|credito|recarga)\b(?!.*(?:usd|us\$|dolar))")
_LOW_DATA = re.compile(
    r"流量(?:余额|余量)?(?:剩余)?(?:量)?(?:现|当前|目前)?(?:已经?)?(?:不足|低于"
    r"|少于)\s?\d[\d.]{0,8}\s?[kmgt]b?(?=[,。;!]|$)(?!,?(?:系统|将|自动))"
)
""" "您的国内流量已不足500MB": a threshold, so no number of ours."""
_TOP_UP = ("пополните", "поповніть", "popolnite")
"""Advice that stands under every Russian answer."""
