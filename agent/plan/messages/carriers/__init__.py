"""The carriers, each a table in a file of its own; the grammar under them is common to all.

A carrier is recognised by the name it was given, else by the sender, else by its own name in the text. Where two names
stand in one text ("转至中国联通") the signature, else the first one, counts.
"""

import re
from functools import lru_cache

from agent.plan.messages.carriers import (
    acquirers,
    africa,
    america,
    asia,
    china_broadnet,
    china_mobile,
    china_telecom,
    china_unicom,
    china_virtual,
    east_europe,
    india,
    indonesia,
    iot_sellers,
    iot_world,
    middle_east,
    west_europe,
)
from agent.plan.messages.carriers.base import Carrier

ALL: tuple[Carrier, ...] = (
    china_mobile.CARRIER,
    china_unicom.CARRIER,
    china_telecom.CARRIER,
    china_broadnet.CARRIER,
    *china_virtual.CARRIERS,
    *acquirers.CARRIERS,
    *iot_sellers.CARRIERS,
    *iot_world.CARRIERS,
    *india.CARRIERS,
    *indonesia.CARRIERS,
    *asia.CARRIERS,
    *east_europe.CARRIERS,
    *west_europe.CARRIERS,
    *middle_east.CARRIERS,
    *africa.CARRIERS,
    *america.CARRIERS,
)


def named(name: str | None, country: str | None = None) -> Carrier | None:
    """By a name people write: "China Mobile 10086", "中国移动", "cmcc", "MTN NG"."""
    if not name:
        return None
    plain = name.lower()
    hits = [(hit, one) for one, names in _names() if (hit := names.search(plain)) is not None]
    fits = [
        one for _, one in sorted(hits, key=lambda pair: pair[0].start() - pair[0].end())
    ]  # "airtel ng" before "airtel"
    return _in_country(fits, country) or (fits[0] if fits else None)


def by_sender(sender: str | None, country: str | None = None) -> Carrier | None:
    """By the number an SMS came from, or by its header when that is the carrier's whole name ("giffgaff", "TIM")."""
    if not sender:
        return None
    numbered = next((one for one in ALL if any(re.fullmatch(text, sender) for text in one.senders)), None)
    if numbered is not None or sender.isdigit():
        return numbered
    plain = sender.lower()
    fits = [
        one
        for one in ALL
        if plain in (one.name.lower(), *one.names) or (one.country == country and plain in one.name.lower().split())
    ]
    return _in_country(fits, country) or next((one for one in fits if one.country is None), fits[0] if fits else None)


def signed(plain: str, country: str | None = None) -> Carrier | None:
    """By the carrier's name in the text (folded): its signature first, then its first mention."""
    if _any_signature().search(plain) is None:
        return None
    hits = [(hit, one, words) for one, words in _signatures() if (hit := words.search(plain)) is not None]
    if country is not None:
        hits = [each for each in hits if each[1].country in (None, country)]
    if not hits:
        return None
    in_brackets = [
        each for each in hits if re.search(rf"[【\[][^】\]]{{0,12}}(?:{each[2].pattern})[^】\]]{{0,12}}[】\]]", plain)
    ]
    return min(in_brackets or hits, key=lambda each: each[0].start())[1]


def _in_country(fits: list[Carrier], country: str | None) -> Carrier | None:
    return next((one for one in fits if one.country == country), None)


_Patterns = tuple[tuple[Carrier, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def _names() -> _Patterns:
    return tuple((one, _any((one.name.lower(), *one.names))) for one in ALL)


@lru_cache(maxsize=1)
def _signatures() -> _Patterns:
    return tuple((one, _any(one.signatures)) for one in ALL if one.signatures)


@lru_cache(maxsize=1)
def _any_signature() -> re.Pattern[str]:
    """One search instead of two hundred, for texts that bear no name at all."""
    return _any(tuple(word for one in ALL for word in one.signatures))


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    words = tuple(sorted(words, key=len, reverse=True))
    pieces = [
        rf"(?<![a-zа-я0-9]){re.escape(word)}(?![a-zа-я0-9])" if word.isascii() else re.escape(word) for word in words
    ]
    return re.compile("|".join(pieces) or r"(?!)")
