"""One carrier message → the facts it holds. Pure, and no guess: without `received` a date without year is none."""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Literal

from agent.plan.messages import guards, negatives, second
from agent.plan.messages.asides import without_asides
from agent.plan.messages.bind import bind
from agent.plan.messages.carriers import named, signed
from agent.plan.messages.carriers.base import Carrier
from agent.plan.messages.dates import days, year_hint
from agent.plan.messages.figures import amounts_of
from agent.plan.messages.layout import layout
from agent.plan.messages.model import Evidence, Explained
from agent.plan.messages.normal import MAX_TEXT, blanked, folded
from agent.plan.messages.reading import THE_NETWORK, Reading, shown_name
from agent.plan.messages.senders import is_strange, judged
from agent.plan.messages.service import is_chinese, proves_a_line
from agent.plan.messages.tongue import country_of, country_of_money

Channel = Literal["sms", "ussd"]


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
    may, from_sender = judged(sender, plain, country)
    told = named(carrier, country)
    given = told or from_sender
    known = given or signed(plain, country)
    if known is None and channel == "ussd":
        given = known = THE_NETWORK
    name = shown_name(known)
    trusted = sender is None or given is not None
    why = _why_not(text, plain, given, known, trusted=trusted) if may else "sender"
    if why is not None:
        return Explained(carrier=name, why_not=why)
    where = country or (told.country if told else None) or country_of_money(plain)
    where = where or (known.country if known else None)
    strange = known is None and is_strange(sender)
    return _explained(text, plain, where or country_of(plain), known, received, strange=strange)


def _why_not(text: str, plain: str, given: Carrier | None, known: Carrier | None, *, trusted: bool) -> str | None:
    """The first guard that stops it; one whose words a carrier may use too gives way where all else speaks for it.

    `given`: by a name or a sender, not by the text itself. `trusted`: no sender is told, or it is a carrier's.
    """
    own = (*known.signatures, *known.names) if known else ()
    signed_by_another = given is None and not _is_seller(known) and not _in_brackets(known, plain)
    stops = [
        negatives.not_ours(plain),
        guards.why_not(plain, signed=known is not None, own=own),
        "another trade's signature" if signed_by_another and negatives.foreign_signature(plain) else None,
    ]
    told = [one for one in stops if one is not None]
    if not told or not trusted or not second.MAY_ERR.issuperset(told):
        return told[0] if told else None
    of_a_line = known is not None or proves_a_line(plain) or proves_a_line(text.lower())
    return None if of_a_line and second.is_sure(plain, chinese=is_chinese(plain)) else told[0]


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


def _in_brackets(known: Carrier | None, plain: str) -> bool:
    """A carrier's own 【signature】 stands in it: another 【…】 is a title."""
    return known is not None and any(f"【{word}】" in plain or f"[{word}]" in plain for word in known.signatures)


def _is_seller(known: Carrier | None) -> bool:
    return known is not None and known.name == "IoT card seller"


def _explained(
    text: str, plain: str, country: str | None, known: Carrier | None, received: date | None, *, strange: bool
) -> Explained:
    name = shown_name(known)
    if country in ("CN", None) and known is None and is_chinese(plain) and not negatives.speaks_of_mobile(plain):
        return Explained(carrier=name, why_not="nothing of the mobile trade")
    plain = without_asides(blanked(plain), received)
    dated = days(plain, country, received or year_hint(plain, country))
    amounts = amounts_of(plain, country, dated)
    taken = [(one.start, one.end) for one in amounts] + [(one.start, one.end) for one in dated]
    where = layout(plain, taken)
    found = bind(_with_used(plain, known), amounts, where)
    return Reading(text, plain, country, known, where, found, dated, strange=strange).explained()


def _with_used(plain: str, known: Carrier | None) -> str:
    """The carrier's own phrases for "used", respelled (same length) as a word the grammar knows."""
    for phrase in known.used if known else ():
        plain = re.sub(rf"(?<!剩余){re.escape(phrase)}(?=\s)", lambda hit: "已用".ljust(len(hit.group())), plain)
    return plain
