"""What the board tells of itself: its clock, its supply, its heat (+CCLK, +CBC, and helpers for vendors' own)."""

import re
from datetime import UTC, datetime, timedelta, timezone

from modem.fields import at, body_of, integer, number, texts
from modem.values import Clock, Temperature, Voltage

_CLOCK = re.compile(
    r'"?(\d{2,4})/(\d{1,2})/(\d{1,2}),(\d{1,2}):(\d{1,2}):(\d{1,2})([+-]\d{1,3})?(?=[",;\s)]|$)', re.ASCII
)
_FIRST_YEAR = 2010
QUARTERS = range(-48, 57)
"""Offsets that exist: UTC-12 to UTC+14. +80 (copied from a message centre) does not."""


def clock(line: str) -> Clock | None:
    """+CCLK: "yy/MM/dd,hh:mm:ss±zz", zz in quarters of an hour; local time.

    A modem that never heard the network's time counts from 80/01/06, 70/01/01, 04/01/01 …: that is no time at all.
    """
    said = body_of(line)[:64]
    match = _CLOCK.search(said)
    if not match or (match[0].startswith('"') and '"' not in said[match.end() :]):  # cut: "…,21:55:2 is no second
        return None
    year, month, day, hour, minute, second = (int(text) for text in match.groups()[:6])
    quarters = int(match[7]) if match[7] else None
    offset = quarters * 15 if quarters is not None and quarters in QUARTERS else None
    return Clock(_moment(year, (month, day), (hour, minute, second), offset), offset)


def from_gmt(said: Clock) -> Clock:
    """A clock that shows GMT beside the local zone (Quectel's +QLTS, Huawei's ^NWTIME): as local time."""
    if said.time is None or said.utc_offset_minutes is None:
        return said
    zone = timezone(timedelta(minutes=said.utc_offset_minutes))
    moment = datetime.fromisoformat(said.time).replace(tzinfo=UTC).astimezone(zone)
    return Clock(moment.isoformat(), said.utc_offset_minutes)


def zone(line: str) -> Clock | None:
    """+CTZV: <tz> and +CTZE: <tz>,<dst>[,<time>] (27.007 §8.41): the zone in quarters of an hour, and the local time
    if it was said (Quectel EC25 manual, +CTZR)."""
    said = _beside_zone(line)
    if said is None or said.time is None or said.utc_offset_minutes is None:
        return said
    here = timezone(timedelta(minutes=said.utc_offset_minutes))
    return Clock(datetime.fromisoformat(said.time).replace(tzinfo=here).isoformat(), said.utc_offset_minutes)


def zone_and_gmt(line: str) -> Clock | None:
    """+CTZEU: <tz>,<dst>[,<utime>] (27.007 §8.41): the zone, and universal time."""
    said = _beside_zone(line)
    return from_gmt(said) if said else None


def _beside_zone(line: str) -> Clock | None:
    """The zone of the first field, and a time without one that comes later."""
    quarters = integer(at(texts(line), 0))
    if quarters is None or quarters not in QUARTERS:
        return None
    said = clock(line)
    return Clock(said.time if said and said.utc_offset_minutes is None else None, quarters * 15)


def gmt(line: str) -> Clock | None:
    """A time like that of +CCLK which is GMT, with the local zone beside it (^NWTIME, Luat's +NITZ): as local time."""
    said = clock(line)
    return from_gmt(said) if said else None


def _moment(year: int, day: tuple[int, int], time: tuple[int, int, int], offset: int | None) -> str | None:
    if year < 100:
        year += 1900 if year >= 70 else 2000
    zone = timezone(timedelta(minutes=offset)) if offset is not None else None
    try:
        moment = datetime(year, *day, *time, tzinfo=zone)
    except ValueError:
        return None
    never_set = moment.year < _FIRST_YEAR or (moment.year < 2020 and (moment.month, moment.day) <= (1, 7))
    return None if never_set or moment.year > 2100 else moment.isoformat()


def battery(line: str) -> Voltage | None:
    """+CBC: <status>,<percent>[,<millivolts>]; Fibocom L850: <status>,<millivolts>, which no percentage reaches."""
    fields = texts(line)
    last = (fields[-1] if fields else "").upper()
    if last.endswith("V"):  # SIMCom A76xx, SIM7600: 3.835V, alone or in the third place
        volts = number(last.removesuffix("V"))
        return Voltage(round(volts * 1000)) if volts is not None else None
    if len(fields) < 2:
        return None
    return Voltage(integer(at(fields, 2 if len(fields) > 2 else 1)))


def degrees(line: str) -> Temperature | None:
    """A single number of degrees Celsius after the prefix."""
    value = number((texts(line) or ("",))[-1])
    return Temperature(value) if value is not None else None
