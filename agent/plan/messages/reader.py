"""One carrier message → the facts it holds. Pure, and no guess: without `received` a date without year is none."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from agent.plan.messages import choose, guards, negatives, scripts
from agent.plan.messages.bind import WEAK, Bound, Layout, bind, layout
from agent.plan.messages.carriers import named, signed
from agent.plan.messages.carriers.base import Carrier
from agent.plan.messages.currencies import OF_COUNTRY
from agent.plan.messages.dates import Day, days, year_hint
from agent.plan.messages.expiry import expiry, is_campaign, is_of_the_plan
from agent.plan.messages.grammar import Amount, data_amounts, money_amounts
from agent.plan.messages.model import Evidence, Explained, Kind, Money
from agent.plan.messages.normal import MAX_TEXT, blanked, folded
from agent.plan.messages.percent import shares
from agent.plan.messages.senders import judged
from agent.plan.messages.signals import Signal, signals
from agent.plan.messages.tongue import country_of, country_of_money
from agent.plan.messages.words import Role, labels

_BARE = re.compile(
    r"(?:余额|余额为|balance|bal|(?<![a-z])(?:main|balans|баланс|octatok|balahc|остаток|saldo|solde|credit|airtime"
    r"|guthaben"
    r"|bakiye\w{0,6}|egyenleg\w{0,4}|stanje|pulsa|tk goc|tkc|tkg))(?: "
    r"is| est| es| ist| sisa| anda|为|是)?\s{0,2}(?:[:=]\s{0,2}(-?\d{1,7}[.,]\d{1,2}|-?\d{1,9}(?=\s?(?:\n|$|[,;]\s"
    r"|\.(?:\s"
    r"|$))))"
    r"|(-?\d{1,7}[.,]\d{2})|(?:(?<=pulsa )(?<!isi pulsa )|(?<=pulsa anda ))(\d{3,9}))(?![\d%]|[.,/:-]\d"
    r"|\s{0,2}(?:[kmgt]i?b|mins?\b|min|sms|%|points?|pts"
    r"|days?|hari))"
)
_TRADE_ZH = re.compile(
    r"ussd|本机|话费|手机|流量|停机|套餐|通话|漫游|预付|储值|主账户|免卡|靓号|虚拟运营|号码|储值卡|电话卡|上网卡"
    r"|账户余额"
    r"|可用余额|mobile|unicom|telecom"
)
_TRADE = re.compile(
    r"\b(?:airtime|talk ?time|prepaid|pre-paid|prepay|data|internet|sim|mobile|recharge\w*|top(?:ping"
    r"|ped)?[- ]?up\w*|refill"
    r"|reload|load\w{0,3}|bundle|pack|plan|validity|valid|expir\w+|exp|sms|texts?|mins?|minutes|calls?|line|number"
    r"|[mg]b"
    r"|dial|credit|main|services?"
    r"|aufladung|aufladen|pulsa|kuota|masa|aktif|berlaku|guthaben|volumen|paket\w*|gultig|tegoed|geldig|beltegoed"
    r"|solde|compte|forfait"
    r"|valable\w*|saldo|recarga\w*|vigencia|vence|paquete|bono|megas|plano|creditos?|credito|giga|ricarica|konto|konta"
    r"|doladow\w*|pakiet|wazn\w*|bakiye\w*|hattiniz\w*|hesabiniz\w*|son kullanma|kontor|tk|goi|tai khoan|thue bao|hsd"
    r"|zustatek|kredit"
    r"|egyenleg\w*|sold|salio|etebar|balans\w*|baki|stanje|hazineye|tamas|baghimande|pozostal\w*|srodk\w*|resterend\w*"
    r"|номер\w*|услуг\w*|schetu?|rahunku)\b|call|[*#]\d|баланс|сч[её]т|остат"
    r"|пакет|рахун|залиш|octatok|balahc|ยอด|رصيد|残|잔|बैलेंस|ব্যালেন্স|υπολοιπο|נותר|יתר|" + scripts.TRADE
)
_UPON_RECHARGE = re.compile(
    r"\bbei (?:einer |jeder )?(?:aufladung|buchung)|\bwhen you (?:recharge|top|buy)|\bif you (?:recharge|top|buy)"
    r"|\bcon (?:tu|cada|una) recarga|\bal recargar|\bpour toute recharge|\bna (?:sua )?recarga|при пополнении"
    r"|при оплате|\bna kazde doladowanie|\bsetiap (?:isi|pembelian)|\bkhi nap|\berhaltst|\bbekommst|\brecibe\b"
    r"|\bregala\w*|首充|充值(?:即|可|就)?(?:送|得|享)"
)
MAX_BARE = 70
"""Longer than a USSD answer that says nothing but the balance."""
MAX_AMOUNTS = 64
"""Numbers that are looked at; the longest list of buckets seen has 20."""
_SENTENCE = re.compile(r"[^。!;\n]+")
_CLAUSE = re.compile(r"[^,]+")
_TELLS_BALANCE = re.compile(r"(?:话费|账户|可用|当前)[^,]{0,6}余额[^,]{0,4}\d")


Channel = Literal["sms", "ussd"]
_THE_NETWORK = Carrier("the network", None)
"""Whoever answered by USSD: some carrier, it does not say which."""


def explain(
    text: str,
    *,
    carrier: str | None = None,
    sender: str | None = None,
    received: date | None = None,
    country: str | None = None,
    channel: Channel = "sms",
) -> Explained:
    """The facts of `text`; `other` with nothing in it wherever there is doubt.

    `carrier`: a name as people write it. `sender`: number or name it came from. `received`: the day it came, for dates
    without a year and "in 3 days". `country`: ISO 3166, for currency and the order of day and month. `channel`: an SMS
    may come from anybody; what comes by USSD is the network's own answer, which need not say whose money it speaks of.
    """
    whole, text = text[:MAX_TEXT], _seen(text[:MAX_TEXT])
    if len(text) != len(whole):
        read = explain(text, carrier=carrier, sender=sender, received=received, country=country, channel=channel)
        return _placed(read, whole)
    plain = folded(text)
    may, from_sender = judged(sender, plain)
    given = named(carrier, country) or from_sender
    known = given or signed(plain, country)
    if known is None and channel == "ussd":
        given = known = _THE_NETWORK
    name = _name(known)
    why = (
        "sender"
        if not may
        else negatives.not_ours(plain)
        or guards.why_not(plain, signed=known is not None, own=known.signatures if known else ())
    )
    if (
        why is None
        and given is None
        and not _is_seller(known)
        and not _in_brackets(known, plain)
        and negatives.foreign_signature(plain)
    ):
        why = "another trade's signature"
    if why is not None:
        return Explained(carrier=name, why_not=why)
    where = country or (given.country if given else None) or country_of_money(plain)
    where = where or (known.country if known else None)
    return _explained(text, plain, where or country_of(plain), known, received)


def _seen(text: str) -> str:
    """What a person sees of it: without zero-width and direction marks, which would split words and numbers."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _placed(read: Explained, whole: str) -> Explained:
    """The evidence of a text without its invisible marks, at its places in the text as it came."""
    places = [index for index, char in enumerate(whole) if unicodedata.category(char) != "Cf"]
    moved = tuple(
        Evidence(
            one.fact, whole[places[one.start] : places[one.end - 1] + 1], places[one.start], places[one.end - 1] + 1
        )
        for one in read.evidence
        if one.end > one.start
    )
    return replace(read, evidence=moved)


def _name(known: Carrier | None) -> str | None:
    return None if known is None or known is _THE_NETWORK else known.name


def _in_brackets(known: Carrier | None, plain: str) -> bool:
    """A carrier's own 【signature】 stands in it: another 【…】 is a title."""
    return known is not None and any(f"【{word}】" in plain for word in known.signatures)


def _is_seller(known: Carrier | None) -> bool:
    return known is not None and known.name == "IoT card seller"


def _explained(text: str, plain: str, country: str | None, known: Carrier | None, received: date | None) -> Explained:
    name = _name(known)
    if country in ("CN", None) and known is None and _is_chinese(plain) and not negatives.speaks_of_mobile(plain):
        return Explained(carrier=name, why_not="nothing of the mobile trade")
    plain = _without_asides(blanked(plain))
    dated = days(plain, country, received or year_hint(plain, country))
    amounts = _amounts(plain, country, dated)
    taken = [(one.start, one.end) for one in amounts] + [(one.start, one.end) for one in dated]
    where = layout(plain, taken)
    return _Reading(
        text, plain, country, known, where, bind(_with_used(plain, known), amounts, where), dated
    ).explained()


class _Reading:
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
    ) -> None:
        self.text, self.plain, self.country, self.known = text, plain, country, known
        self.where, self.bound, self.dated = where, bound, dated
        self.signals = list(signals(plain, where, known=known is not None))
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
        if not kinds:
            return Explained(carrier=_name(self.known), why_not="no fact")
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
            carrier=_name(self.known),
            evidence=tuple(sorted(self.evidence, key=lambda one: one.start)),
        )

    def _data(self, role: Role) -> int | None:
        told = choose.data(self.bound, role)
        if told is None:
            return None
        names = {Role.USED: "used_bytes", Role.LEFT: "remaining_bytes", Role.TOTAL: "total_bytes"}
        self._prove_bound(names[role], told[1])
        return told[0]

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
        if told is None or (self._is_stranger()):
            return None
        amount, bound = told
        self._prove_bound("balance", bound)
        amount = amount if amount else Decimal(abs(amount))
        return Money(amount, self._currency(bound.amount.currency))

    def _currency(self, told: str | None) -> str | None:
        """A bare "$" in a Spanish text of no country may be any of a dozen pesos."""
        if told == "USD" and self.country is None and _PESOS.search(self.plain):
            return None
        return told or OF_COUNTRY.get(self.country or "")

    def _is_stranger(self) -> bool:
        """A balance needs a word of the trade or a carrier, unless it is a bare answer; else it is some wallet's."""
        if self.known is not None:
            return False
        if _is_chinese(self.plain):
            return not _TRADE_ZH.search(self.plain)
        owed = any(one.role is Role.OWED for one in self.bound)
        return (owed or len(self.plain) > MAX_BARE) and not _TRADE.search(self.plain)

    def _kinds(self, balance: Money | None, used: int | None, left: int | None) -> list[Kind]:
        """The one the message is about, then the others."""
        told: dict[Kind, int] = {}
        for one in self.signals:
            if one.kind != "exhausted" and one.kind != "expiring":
                told.setdefault(one.kind, one.start)
        strange = self._is_strange_talk()
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

    def _is_strange_talk(self) -> bool:
        """No carrier and no word of the trade: "renewal failed; retry payment" is some subscription's."""
        return self.known is None and not _is_chinese(self.plain) and not _TRADE.search(self.plain)

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
        if ending is not None:
            places["expiry"] = ending.start
            self._prove("kind", ending.start, ending.end)
        if not places and not self._offers() and (until := self._until()):
            places["expiry"] = until[1]
        return sorted(places, key=lambda kind: places[kind])

    def _is_plans_end(self, one: Signal) -> bool:
        return is_of_the_plan(self.plain, self.where, one.start, known=self.known is not None)

    def _until(self) -> tuple[date, int, int] | None:
        known = self.known is not None or bool(self.evidence)
        return expiry(self.plain, self.dated, self.where, known=known)

    def _offers(self) -> bool:
        """Whether the text sells something: a date that stands alone in it is the offer's, not the plan's."""
        if _UPON_RECHARGE.search(self.plain) or is_campaign(self.plain):
            return True
        return any(one.role is Role.OFFER for one in labels(self.plain) if one.word not in WEAK)

    def _prove_bound(self, fact: str, bound: Bound) -> None:
        start, end = bound.amount.start, bound.amount.end
        if bound.label is not None:
            start, end = min(start, bound.label.start), max(end, bound.label.end)
        self._prove(fact, start, end)

    def _prove(self, fact: str, start: int, end: int) -> None:
        self.evidence.append(Evidence(fact, self.text[start:end], start, end))


_PESOS = re.compile(r"\b(?:tu|su|saldo|credito|recarga)\b(?!.*(?:usd|us\$|dolar))")
_TOP_UP = ("пополните", "поповніть", "popolnite")
"""Advice that stands under every Russian answer."""
_FIRST: tuple[Kind, ...] = ("suspended", "topup_failed", "topup_ok", "arrears", "plan_change")


def _amounts(plain: str, country: str | None, dated: Sequence[Day]) -> list[Amount]:
    """Bytes and money in order, none inside another or inside a date."""
    taken = [(one.start, one.end) for one in dated]
    kept: list[Amount] = []
    for one in (*data_amounts(plain, country), *_money(plain, country)):
        if all(one.end <= start or one.start >= end for start, end in taken):
            taken.append((one.start, one.end))
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)[:MAX_AMOUNTS]


def _money(plain: str, country: str | None) -> list[Amount]:
    found = list(money_amounts(plain, country))
    spans = [(one.start, one.end) for one in found]
    for hit in _BARE.finditer(plain):
        group = next(one for one in (1, 2, 3) if hit[one] is not None)
        start, end = hit.span(group)
        if _is_item(plain, hit[group], end):
            continue
        if all(end <= begin or start >= stop for begin, stop in spans):
            found.append(Amount(start, end, money=Decimal(hit[group].replace(",", "."))))
    return found


def _is_item(plain: str, number: str, end: int) -> bool:
    """ "查询余额:1.发送YE 2.登录APP": the number of an item, because the next one follows."""
    return (
        bool(re.match(r"\s?[.、)]", plain[end:]))
        and number.isdigit()
        and (re.search(rf"(?<![\d.]){int(number) + 1}\s?[.、)](?!\d)", plain[end:]) is not None)
    )


def _with_used(plain: str, known: Carrier | None) -> str:
    """The carrier's own phrases for "used", respelled (same length) as a word the grammar knows."""
    for phrase in known.used if known else ():
        plain = re.sub(rf"(?<!剩余){re.escape(phrase)}(?=\s)", lambda hit: "已用".ljust(len(hit.group())), plain)
    return plain


def _without_asides(plain: str) -> str:
    """Sentences about points, coupons and draws as blanks, so that their numbers are nobody's.

    Where the same sentence tells a balance ("话费余额6.66元,积分余额320分"), only their clause is blanked.
    """
    return _SENTENCE.sub(_blank_asides, plain)


def _blank_asides(sentence: re.Match[str]) -> str:
    text = sentence.group()
    if negatives.is_of_others(text):
        return " " * len(text)
    if not negatives.is_aside(text):
        return text
    if not _TELLS_BALANCE.search(text):
        return " " * len(text)
    return _CLAUSE.sub(lambda one: " " * len(one.group()) if negatives.is_aside(one.group()) else one.group(), text)


def _is_chinese(plain: str) -> bool:
    text = plain[:400]
    return len(re.findall(r"[一-鿿]", text)) >= 4 and not re.search(r"[ぁ-ゖァ-ヶ가-힣]|\d\s?円|残高|残量", text)
