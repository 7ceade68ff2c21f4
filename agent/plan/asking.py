"""When to ask the carrier, and what: balance and data by USSD or SMS. Pure; who sends is agent.plan.ask_run.

- One question a card and day, whatever it is about; the clock must be trusted, or a jump would ask again and again.
- What costs, or may, is asked only if the owner allowed it. What orders or stops something is never sent, and nothing
  is ever taken from a message: codes come from our table and from the configuration.
- No answer is normal: many IoT cards have neither SMS nor USSD. A question that failed waits longer each time, a month
  in the end.
"""

import re
from collections.abc import Container, Sequence
from typing import Literal

from agent.plan.query_codes import (
    NEVER,
    NEVER_BEGINS,
    SHARED_PLMN,
    SMS_ABROAD,
    SMS_IN_CHINA,
    USSD_BY_CODE,
    Asks,
    SmsDesk,
)
from agent.plan.store import Asked
from modem.frozen import dataclass
from modem.iccid import carrier_of_imsi

Mode = Literal["off", "free", "paid"]
Services = Literal["auto", "none", "sms", "ussd", "both"]
Channel = Literal["ussd", "sms"]

HOUR_S = 3600.0
DAY_S = 86_400.0
URGENT_GAP_S = 6 * HOUR_S
"""While a renewal is being proved: at most four questions a day."""
AFTER_FAILURE_S = (DAY_S, 3 * DAY_S, 10 * DAY_S, 30 * DAY_S)
WAIT_S = 600.0
"""So long an answer by SMS may take; later ones are read all the same, as any message of the carrier."""
_USSD = re.compile(r"[*#]{1,2}[0-9*#]{1,30}#")
_NUMBER = re.compile(r"[0-9]{3,8}")
_WORD = re.compile(r"[\w ]{1,30}")
_USSD_OF = {plmn: code for code, plmns in USSD_BY_CODE.items() for plmn in plmns.split()}
_ANSWERED = ("answered",)


@dataclass(frozen=True, slots=True)
class Query:
    channel: Channel
    text: str
    """The code to dial, or the word to send."""
    to: str = ""
    """The number, for SMS."""
    asks: Asks = "balance"
    free: bool = True
    """False: nobody vouches for it."""
    answers_from: tuple[str, ...] = ()
    """Beginnings of the senders of an answer by SMS; empty: any short number of the carrier."""

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.to}:{self.text}" if self.to else f"{self.channel}:{self.text}"


@dataclass(frozen=True, slots=True)
class AskSettings:
    mode: Mode = "free"
    every_h: float = 24.0
    codes: tuple[str, ...] = ()
    """The owner's own, as "ussd:*101#" or "sms:10086:CXLL"; they go before the table and count as allowed."""
    services: Services = "auto"
    """What the card has; "auto": tried, and learned from silence."""


@dataclass(frozen=True, slots=True)
class Next:
    """The question to put now, or from when on there may be one (None: never), and why."""

    query: Query | None
    at: float | None
    why: Literal["due", "off", "card", "no_code", "no_services", "clock", "waiting", "silent", "choose"]
    """card: none is in, or one that was not accepted; silent: asked again and again, it never answers, and is asked
    once a month.
    """


def read_code(text: str) -> Query | None:
    """A query as the configuration writes it; None for what is none, or must never be sent."""
    channel, _, rest = text.partition(":")
    if channel == "ussd" and _USSD.fullmatch(rest):
        return Query("ussd", rest)
    number, _, word = rest.partition(":")
    if channel != "sms" or not _NUMBER.fullmatch(number) or not _WORD.fullmatch(word) or forbidden(word):
        return None
    return Query("sms", word, number, answers_from=(number,))


def forbidden(word: str) -> bool:
    """Whether this word orders, stops or cancels something."""
    plain = word.strip().upper()
    return plain in NEVER or plain.startswith(NEVER_BEGINS)


def queries_for(settings: AskSettings, imsi: str | None) -> tuple[Query, ...]:
    """What this card could be asked, in the order of preference, as far as settings and services allow."""
    own = tuple(query for code in settings.codes if (query := read_code(code)) is not None)
    known = own or _from_table(imsi)
    channels = {"none": (), "sms": ("sms",), "ussd": ("ussd",)}.get(settings.services, ("ussd", "sms"))
    return tuple(
        query
        for query in known
        if query.channel in channels and (query.free or settings.mode == "paid" or query in own)
    )


def must_choose(settings: AskSettings, imsi: str | None) -> tuple[str, ...]:
    """Codes of the brands that share this card's network, where only a person can know which it is."""
    return () if settings.codes else SHARED_PLMN.get(_plmn(imsi, SHARED_PLMN) or "", ())


def next_query(
    settings: AskSettings,
    imsi: str | None,
    history: Sequence[Asked],
    now: float,
    *,
    clock_trusted: bool | None,
    urgent: bool = False,
) -> Next:
    """`history`: what this card was asked, oldest first; `urgent`: a renewal waits for its proof."""
    if settings.mode == "off":
        return Next(None, None, "off")
    queries = queries_for(settings, imsi)
    if not queries:
        why: Literal["no_services", "choose", "no_code"] = "no_code"
        if settings.services == "none":
            why = "no_services"
        elif must_choose(settings, imsi):
            why = "choose"
        return Next(None, None, why)
    if not clock_trusted:
        return Next(None, None, "clock")
    # Entries from the future were written while the clock was wrong: they may not silence us for a year.
    past = [asked for asked in history if asked.at <= now + HOUR_S]
    gap = URGENT_GAP_S if urgent else max(1.0, settings.every_h) * HOUR_S
    free_at = max((asked.at for asked in past), default=float("-inf")) + gap
    waits = {query: max(free_at, _ready_at(query, past)) for query in queries}
    chosen = min(queries, key=lambda query: (waits[query] > now, _last(query, past), queries.index(query)))
    if waits[chosen] <= now:
        return Next(chosen, now, "due")
    silent = all(_failures(query, past) >= len(AFTER_FAILURE_S) for query in queries)
    return Next(None, min(waits.values()), "silent" if silent else "waiting")


def _ready_at(query: Query, past: Sequence[Asked]) -> float:
    """After failures in a row the question rests, longer each time."""
    failures = _failures(query, past)
    if not failures:
        return float("-inf")
    return _last(query, past) + AFTER_FAILURE_S[min(failures, len(AFTER_FAILURE_S)) - 1]


def _failures(query: Query, past: Sequence[Asked]) -> int:
    """In a row, up to now."""
    outcomes = [asked.outcome for asked in past if asked.query == query.key]
    return next((ago for ago, outcome in enumerate(reversed(outcomes)) if outcome in _ANSWERED), len(outcomes))


def _last(query: Query, past: Sequence[Asked]) -> float:
    """Questions take turns: what was never asked comes first."""
    return max((asked.at for asked in past if asked.query == query.key), default=float("-inf"))


def _from_table(imsi: str | None) -> tuple[Query, ...]:
    carrier = carrier_of_imsi(imsi)
    if carrier is not None:
        desk = SMS_IN_CHINA.get(carrier)
        return _words(desk) if desk else ()
    plmn = _plmn(imsi, _USSD_OF)
    if plmn is not None:
        return (Query("ussd", _USSD_OF[plmn]),)
    plmn = _plmn(imsi, SMS_ABROAD)
    if plmn is None:
        return ()
    number, word = SMS_ABROAD[plmn]
    return (Query("sms", word, number, free=False, answers_from=(number,)),)


def _words(desk: SmsDesk) -> tuple[Query, ...]:
    return tuple(
        Query("sms", word.text, desk.number, word.asks, word.sure in ("confirmed", "quoted"), desk.answers_from)
        for word in desk.words
    )


def _plmn(imsi: str | None, table: Container[str]) -> str | None:
    """The card's network as the table writes it: six digits in North America, else five."""
    return next((plmn for plmn in ((imsi or "")[:6], (imsi or "")[:5]) if plmn in table), None)
