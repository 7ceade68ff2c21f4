"""What one setting is made of: its default, its words, what it may be. agent/sections.py has them all."""

from collections.abc import Callable
from dataclasses import Field, field
from datetime import date
from typing import Any

from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What a text must look like, and how that is said to people."""

    pattern: str
    allowed: str
    fits: Callable[[str], bool] = lambda _text: True
    """What the pattern cannot say."""


def _is_real_date(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_query(text: str) -> bool:
    from agent.plan.asking import read_code  # noqa: PLC0415 - only where there is one to check

    return read_code(text) is not None


_PATH = r"/[^\x00-\x1f]*"
_NAME = r"[A-Za-z0-9_.:@-]{1,15}"
_LOCAL = r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/\S*)?"

ISO_DATE = Shape(r"(\d{4}-\d\d-\d\d)?", 'a date as "2026-12-31", or ""', _is_real_date)
AMOUNT = Shape(r"(-?\d{1,9}(\.\d{1,4})?)?", 'an amount as "12.30", or ""')
FILE = Shape(rf"({_PATH})?", 'an absolute path, or ""')
DIRECTORY = Shape(_PATH, "an absolute path")
HOST_PORT = Shape(r"(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]{1,253}):\d{1,5}", '"host:port"')
ANCHOR = Shape(rf"({HOST_PORT.pattern})?", '"host:port", or ""')
PLAIN_URL = Shape(r"(http://[A-Za-z0-9.:\[\]-]{1,255}(/[!-~]{0,200})?)?", '"http://host/page", or ""')
PROXY = Shape(r"(http://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]+\]):\d{1,5}/?)?", '"http://host:port", or ""')
PINNED = Shape(r"[A-Za-z0-9.-]{1,253}=[0-9A-Fa-f.:]{2,45}", '"name=address"')
ID = Shape(r"[A-Za-z0-9._:-]{0,64}", "up to 64 of letters, digits and . _ : -")
ZONE = Shape(r"[A-Za-z0-9_+/-]{1,64}", 'a name as "Asia/Shanghai"')
PORT = Shape(rf"(auto|{_PATH})", '"auto" or an absolute path')
INTERFACE = Shape(rf"(|auto|{_NAME})", '"auto", the name of an interface, or ""')
BIND = Shape(rf"(|{_NAME})", 'the name of an interface, or ""')
APN = Shape(r"[A-Za-z0-9._-]{0,100}", "up to 100 of letters, digits and . _ -")
DAYS = Shape(r"(-?\d{1,3}(,-?\d{1,3}){0,15})?", 'days before the end as "30,14,7,1,0,-1", or ""')
_DAY = r"(\d{4}-\d\d-\d\d|-)"
PACKAGE = Shape(
    rf"\d{{1,8}} {_DAY} {_DAY} (once|cycle)",
    '"1024 2026-11-01 2027-01-31 once": MB, first and last day or -, once or cycle',
    lambda text: all(_is_real_date(day) for day in text.split()[1:3] if day != "-"),
)
QUERY = Shape(r"(ussd:[*#]{1,2}[0-9*#]{1,30}#|sms:\d{3,8}:[\w ]{1,30})", '"ussd:*101#" or "sms:10086:CXLL"', _is_query)
RUNG = Shape(
    "reattach|pdp_cycle|radio_cycle|modem_reset|usb_reset|power|ask|reboot",
    "reattach, pdp_cycle, radio_cycle, modem_reset, usb_reset, power, ask or reboot",
)
WORD = Shape(r"[^\x00-\x1f]+", "a text without control characters, not empty")
CURRENCY = Shape(r"[A-Z]{3}", 'three capital letters, "CNY"')
URL = Shape(
    rf"(https://[^/\s]\S*|{_LOCAL}|(mqtts|coap\+oscore)://([A-Za-z0-9.-]{{1,253}}|\[[0-9A-Fa-f:]+\])(:\d{{1,5}})?/?|)",
    '"https://host[:port]", "mqtts://…", "coap+oscore://…", "http://" to this machine only, or ""',
)
HTTPS_URL = Shape(rf"(https://[^/\s]\S*|{_LOCAL}|)", '"https://host[:port]", "http://" to this machine only, or ""')
"""Plain http only to this machine: the credential travels in every request."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a setting may be, and what it is for."""

    words: str
    ge: float | None = None
    le: float | None = None
    max_length: int | None = None
    """Characters of a text, items of a list."""
    like: Shape | None = None


def setting(default: object, words: str, **limits: Any) -> Any:
    """A field of a section. `limits` are those of `Limit`."""
    return field(default=default, metadata={"limit": Limit(words, **limits)})


def limit_of(setting_: "Field[Any]") -> Limit:
    limit = setting_.metadata["limit"]
    assert isinstance(limit, Limit)  # noqa: S101  (for the type checker; `setting` made it)
    return limit
