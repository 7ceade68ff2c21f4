"""ZTE: MF sticks, ZM9000, and modules on ZTE chips (Tozed). Sources: ZTE AT Command Reference for WCDMA modules;
captures zte-*, tozed-lt70-c-01. AT+ZPAS? answers +ZPAS: or, on sticks, +BEARTYPE:; +CSQ says 99 on 5G alone."""

from typing import Literal

from modem import signal
from modem.commands import card, each
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, vendor
from modem.fields import at, number, texts
from modem.values import NetworkInfo, Signal, Technology

_MODES: dict[str, Technology] = {
    "GSM": "gsm",
    "GPRS": "gsm",
    "EDGE": "edge",
    "UMTS": "umts",
    "WCDMA": "umts",
    "TD-SCDMA": "umts",
    "HSDPA": "hspa",
    "HSUPA": "hspa",
    "HSPA": "hspa",
    "HSPA+": "hspa",
    "LTE": "lte",
    "NR5G-SA": "nr",
    "NR5G-NSA": "nr_nsa",
    "ENDC": "nr_nsa",
}
_SERVICE: dict[str, Literal["none", "limited"]] = {"NO SERVICE": "none", "LIMITED SERVICE": "limited"}


def zpas(line: str) -> NetworkInfo | None:
    """+ZPAS: <network>,<service domain>."""
    name = (at(texts(line), 0) or "").upper()
    if name in _SERVICE:
        return NetworkInfo(service=_SERVICE[name])
    return NetworkInfo(_MODES[name], service="valid") if name in _MODES else None


def zrssi(line: str) -> Signal | None:
    """+ZRSSI: <rsrp>,<rsrq>,<?>,<sinr> in dBm and dB (LTE, Tozed). Older sticks' three positive numbers stay unread."""
    values = [number(text) for text in texts(line)]
    if len(values) < 4 or values[0] is None or values[0] >= 0:
        return None
    return signal.signal("lte", rsrp=values[0], rsrq=values[1], sinr=values[3])


ZTE = vendor(
    "zte",
    asks={
        Question.ICCID: (Ask("AT+ZGETICCID", (), each(card)),),
        Question.NETWORK_INFO: (Ask("AT+ZPAS?", ("+ZPAS:", "+BEARTYPE:"), each(zpas, "+ZPAS:", "+BEARTYPE:")),),
    },
    urcs=dict.fromkeys(("+ZUSIMR:", "+ZPASR:", "+ZDONR:", "+ZEND:", "+ZMSTAT:"), nothing),
    parsers={"+ZPAS": each(zpas), "+BEARTYPE": each(zpas), "+ZRSSI": each(zrssi), "+ZGETICCID": each(card)},
)
ALL = (ZTE,)
