"""China Mobile OneLink (物联卡能力开放平台), API v5.

From the public description at api.iot.10086.cn: POST of JSON, so that the password and the token stay out of addresses.
A token (`/v5/ec/get/token` by appid and password, good for `ttl` seconds) goes with every call, and a `transid`: appid,
the moment as yyyyMMddHHmmss, and eight digits that count. Answers are `{"status", "message", "result": […]}`; "0" is
good, 12021 says that the token is not. Amounts of data are KB. A card's status may be changed once in 30
minutes.

- `query/sim-status` (25S04): cardStatus of a card on the CT platform: 1 to be activated, 2 active, 4 stopped,
  6 testing, 7 in stock, 8, 9 gone; of one on the older PB platform: 00 normal, 01 stopped one way, 02 stopped, 03 about
  to be given up, 04 given up, 05 handed over, 06 asleep, 07 to be activated, 99 no such number
- `query/sim-stop-reason` (25S02): twelve digits, each a flag
- `query/sim-data-usage-monthly/batch` (25U03): up to 100 cards, as of yesterday · `query/sim-data-margin` (23U07)
- `query/ordered-offerings` (23R00): what is ordered, and until when · `query/balance-info` (23B01)
- `change/sim-status` (23S03): operType 0 stop, 1 resume · `order/gprspackage-order` (23R08): a package of more data
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from central.platforms.base import (
    CardId,
    Declined,
    KiB,
    NotAllowed,
    Reason,
    Standing,
    State,
    Throttled,
    Unreachable,
    Usage,
)
from central.platforms.line import Line
from central.text import printable

BEIJING = timezone(timedelta(hours=8))
_EC = "/v5/ec/"
_GONE = "12021"
"""The token is not good any more."""
_BUSY = re.compile(r"频率|频繁|次数|超限|流控|繁忙|稍后")
_NOBODY = re.compile(r"不存在|不属于|无归属|查询不到|无此")
_DENIED = re.compile(r"鉴权|密码|无权限|白名单")
_STATES: Mapping[str, State] = {
    "1": "stock", "2": "active", "4": "suspended", "6": "testing", "7": "stock", "8": "ended", "9": "ended",
    "00": "active", "01": "suspended", "02": "suspended", "03": "ended", "04": "ended", "06": "suspended",
    "07": "stock",
}  # fmt: skip
_NO_NUMBER = "99"
_PACKAGES = ("0/0", "0/2", "1/1", "1/3")
"""Main commodity (0 things, 1 cars) and package: 10 yuan and 100 MB, or 30 yuan and 500 MB, of each."""
_FLAGS: Sequence[Reason | None] = (
    "plan_ended", "other_device", None, "carrier", "arrears", None, None, None, "requested", "area", "carrier", None,
)  # fmt: skip
"""Of the stop reason, digit by digit from the left: 2…: 窄带网商品到期失效停机, .2: 机卡分离停机, …2: M2M管理停机,
信控双停, 主动(申请)双停, 区域限制, 强制双停. Digits nobody explains in public are None."""
_END_NAMES = ("expiriedDate", "expiredDate")
"""The platform spells it the first way, as programs that speak to it have it."""
_NO_END = 2037
"""Years from which an end means that there is none (20371231, 20991231)."""


@dataclass(slots=True)
class OneLink:
    line: Line
    user: str
    """appid"""
    secret: str = field(repr=False)
    wall: Callable[[], float] = time.time
    most: int = 100
    keeps_ends: bool = True
    _token: str = field(default="", repr=False)
    _good_until: float = 0.0
    _count: int = 0

    def status(self, cards: Sequence[CardId]) -> Mapping[str, Standing]:
        found: dict[str, Standing] = {}
        for one in cards:
            said = self._one("query/sim-status", one)
            if said is not None and said.get("cardStatus") != _NO_NUMBER:
                state = _STATES.get(str(said.get("cardStatus", "")), "unknown")
                reasons = self._reasons(one) if state == "suspended" else ()
                found[one.iccid] = Standing(state, reasons, f"cardStatus {printable(str(said.get('cardStatus')), 10)}")
        return found

    def usage(self, cards: Sequence[CardId]) -> Mapping[str, Usage]:
        """Of all of them in one call; the quota, which has to be asked for one by one, where there are few."""
        if len(cards) <= 10:
            return {one.iccid: used for one in cards if (used := self._margin(one)) is not None}
        month = datetime.fromtimestamp(self.wall(), BEIJING).strftime("%Y%m")
        asked = {"iccids": "_".join(one.iccid for one in cards), "queryDate": month}
        told = [row for part in self._ask("query/sim-data-usage-monthly/batch", asked) for row in _rows(part)]
        return {
            row["iccid"]: Usage(used_bytes=_bytes(row.get("dataAmount")))
            for row in told if isinstance(row.get("iccid"), str)
        }  # fmt: skip

    def expiry(self, cards: Sequence[CardId]) -> Mapping[str, date]:
        ends = {one.iccid: self._end(one) for one in cards}
        return {iccid: end for iccid, end in ends.items() if end is not None}

    def suspend(self, card: CardId) -> str:
        return self._change(card, "0")

    def resume(self, card: CardId) -> str:
        return self._change(card, "1")

    def order(self, card: CardId, product: str) -> str:
        """`product`: main commodity and package as the platform numbers them, `0/2`."""
        if product not in _PACKAGES:
            raise Declined(f"product: main commodity and package, {', '.join(_PACKAGES)}")
        main, _, package = product.partition("/")
        who = {"msisdn": card.msisdn} if card.msisdn else {"iccid": card.iccid}
        return _reference(self._ask("order/gprspackage-order", who | {"maincommoDity": main, "packageType": package}))

    def _change(self, card: CardId, oper: str) -> str:
        return _reference(self._ask("change/sim-status", {"iccid": card.iccid, "operType": oper}))

    def _reasons(self, card: CardId) -> tuple[Reason, ...]:
        said = self._one("query/sim-stop-reason", card) or {}
        return stop_reasons(str(said.get("stopReason", "")))

    def _margin(self, card: CardId) -> Usage | None:
        """With what is left of the month's packages."""
        said = self._one("query/sim-data-margin", card)
        if said is None:
            return None
        rows = _rows(said)
        used, quota, rest = (
            _sum(row.get(name) for row in rows) for name in ("useAmount", "totalAmount", "remainAmount")
        )
        balance = self._one("query/balance-info", card) or {}
        return Usage(used, quota, rest, _amount(balance.get("amount")))

    def _end(self, card: CardId) -> date | None:
        """The latest of what is ordered: plans follow one another."""
        said = self._one("query/ordered-offerings", card, queryType="3") or {}
        told = [row.get(name) for row in _rows(said) for name in _END_NAMES]
        return max((end for one in told if (end := _day(one)) is not None), default=None)

    def _one(self, name: str, card: CardId, **more: str) -> dict[str, Any] | None:
        """The first of its results; None: no such card."""
        try:
            rows = self._ask(name, {"iccid": card.iccid} | more)
        except Declined as no:
            if _NOBODY.search(str(no)):
                return None
            raise
        return rows[0] if rows else None

    def _ask(self, name: str, asked: Mapping[str, str], *, again: bool = True) -> list[dict[str, Any]]:
        said = self._post(name, dict(asked) | {"token": self._known_token()})
        status = str(said.get("status", ""))
        if status == "0":
            rows = said.get("result")
            return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        if status == _GONE and again:
            self._token = ""
            return self._ask(name, asked, again=False)
        raise _refusal(status, printable(str(said.get("message", "")), 100))

    def _known_token(self) -> str:
        if not self._token or self.wall() >= self._good_until:
            said = self._post("get/token", {"appid": self.user, "password": self.secret})
            if str(said.get("status", "")) != "0":
                raise _refusal(str(said.get("status", "")), printable(str(said.get("message", "")), 100), door=True)
            rows = said.get("result")
            told = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
            if not isinstance(told.get("token"), str):
                raise Unreachable("the platform gives no token")
            ttl = str(told.get("ttl", ""))
            self._token = told["token"]
            self._good_until = self.wall() + (int(ttl[:8]) if ttl.isdigit() and ttl.isascii() else 3600) * 0.9
        return self._token

    def _post(self, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
        body = json.dumps(dict(asked) | {"transid": self._transid()}).encode()
        answer = self.line.ask("POST", _EC + name, {"content-type": "application/json"}, body)
        if answer.status == 429:
            raise Throttled("429")
        if answer.status in (401, 403):
            raise NotAllowed(str(answer.status))
        if answer.status != 200:
            raise Unreachable(f"the platform answers {answer.status}")
        said = answer.json()
        if not isinstance(said, dict):
            raise Unreachable("the platform's answer is no object")
        return said

    def _transid(self) -> str:
        self._count = self._count % 99_999_999 + 1
        moment = datetime.fromtimestamp(self.wall(), BEIJING).strftime("%Y%m%d%H%M%S")
        return f"{self.user}{moment}{self._count:08}"


def stop_reasons(digits: str) -> tuple[Reason, ...]:
    """What the flags of a stop reason say; a digit that nobody explains counts as the carrier's own."""
    if len(digits) != len(_FLAGS) or not digits.isascii() or not digits.isdigit():
        return ()
    said = [_FLAGS[place] or "carrier" for place, digit in enumerate(digits) if digit != "0"]
    return tuple(dict.fromkeys(said))


def _refusal(status: str, message: str, *, door: bool = False) -> Exception:
    words = f"{printable(status, 20)} {message}".strip()
    if _BUSY.search(message):
        return Throttled(words)
    return NotAllowed(words) if door or _DENIED.search(message) else Declined(words)


def _rows(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The one list in a result, whatever it is called there."""
    lists = [value for value in part.values() if isinstance(value, list)]
    return [row for row in lists[0] if isinstance(row, dict)] if lists else []


def _reference(rows: Sequence[Mapping[str, Any]]) -> str:
    return printable(str(rows[0].get("orderNum") or rows[0].get("jobId") or ""), 64) if rows else ""


def _bytes(value: object) -> int | None:
    """Of KB, as text with perhaps a fraction."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return int(amount * KiB) if amount.is_finite() and 0 <= amount < 2**50 else None


def _sum(values: Any) -> int | None:
    known = [amount for value in values if (amount := _bytes(value)) is not None]
    return sum(known) if known else None


def _amount(value: object) -> str | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return f"{amount:.2f}" if amount.is_finite() and abs(amount) < 10**9 else None


def _day(value: object) -> date | None:
    digits = re.sub(r"\D", "", value)[:8] if isinstance(value, str) else ""
    try:
        day = datetime.strptime(digits, "%Y%m%d").date() if len(digits) == 8 else None  # noqa: DTZ007 - a day
    except ValueError:
        return None
    return day if day is not None and day.year < _NO_END else None
