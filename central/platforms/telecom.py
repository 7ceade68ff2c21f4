"""China Telecom, by either of its gateways (telecom_doors.py). Cards go by their access number, the MSISDN on record.

- `queryCardMainStatus`: productMainStatusCd 1 to be activated, 2 and 3 testing, 4 in use, 5 stopped, 6 held by the
  carrier, 7 taken down
- `queryTraffic`: TOTAL_BYTES_CNT of the month, `12.34MB`; on the 5G gateway `batchQryFlowByMonth` of up to 100
- `prodInstQuery` (m2m): what is ordered, with expDate
- `disabledNumber` (m2m): orderTypeId 19 stop and keep the number, 20 resume; `singleCutNet` (5G): ADD cut off, DEL not
- `orderFlow` (m2m): a package of more data
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from central.platforms.base import CardId, Declined, KiB, MiB, NotOffered, Reason, Standing, State, Usage
from central.platforms.onelink import BEIJING
from central.platforms.telecom_doors import Door, M2m, Said
from central.text import printable

_STATES: Mapping[str, State] = {
    "1": "stock", "2": "testing", "3": "testing", "4": "active", "5": "suspended", "6": "suspended", "7": "ended",
}  # fmt: skip
STOPS: Mapping[str, Reason] = {
    "1201": "requested", "1202": "arrears", "1205": "arrears", "2001": "lost", "2002": "violation", "2004": "real_name",
    "2005": "real_name",
}  # fmt: skip
"""Stop types, where the platform names one."""
_UNITS: Mapping[str, int] = {"B": 1, "KB": KiB, "MB": MiB, "GB": 1024 * MiB}
_AMOUNT = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(GB|MB|KB|B)?\Z", re.IGNORECASE)
_NOBODY = re.compile(r"不存在|不属于|无归属|查询不到|无此")
_BATCH = "/api/v1/batchQry/batchQryFlowByMonth"
_NO_END = 2037


@dataclass(slots=True)
class Telecom:
    door: Door
    customer: str = ""
    """custNumber, for questions about many cards."""
    wall: Callable[[], float] = time.time

    @property
    def most(self) -> int:
        return 100 if self.customer and not self._is_m2m else 10

    @property
    def keeps_ends(self) -> bool:
        return self._is_m2m

    @property
    def _is_m2m(self) -> bool:
        return isinstance(self.door, M2m)

    def status(self, cards: Sequence[CardId]) -> Mapping[str, Standing]:
        said = {one.iccid: self._known("queryCardMainStatus", one) for one in cards}
        return {iccid: _standing(one) for iccid, one in said.items() if one is not None}

    def usage(self, cards: Sequence[CardId]) -> Mapping[str, Usage]:
        if self.customer and not self._is_m2m:
            return self._month(cards)
        said = {one.iccid: self._known("queryTraffic", one, **self._detail()) for one in cards}
        return {iccid: Usage(_bytes(str(one.get("TOTAL_BYTES_CNT", "")))) for iccid, one in said.items() if one}

    def expiry(self, cards: Sequence[CardId]) -> Mapping[str, date]:
        if not self._is_m2m:
            return {}
        ends = {one.iccid: _end(self._known("prodInstQuery", one) or {}) for one in cards}
        return {iccid: end for iccid, end in ends.items() if end is not None}

    def suspend(self, card: CardId) -> str:
        return self._switch(card, "19", "ADD")

    def resume(self, card: CardId) -> str:
        return self._switch(card, "20", "DEL")

    def order(self, card: CardId, product: str) -> str:
        """`product` is a flow value, as the platform numbers them."""
        if not self._is_m2m:
            raise NotOffered("packages are ordered on the platform's own pages")
        return _reference(self.door.ask("orderFlow", iccid=card.iccid, flowValue=product))

    def _switch(self, card: CardId, kind: str, action: str) -> str:
        number = _number(card)
        if self._is_m2m:
            return _reference(self.door.ask("disabledNumber", access_number=number, acctCd="", orderTypeId=kind))
        return _reference(self.door.ask("singleCutNet", access_number=number, action=action))

    def _detail(self) -> dict[str, str]:
        return {} if self._is_m2m else {"needDtl": "0"}

    def _month(self, cards: Sequence[CardId]) -> Mapping[str, Usage]:
        by_number = {one.msisdn: one.iccid for one in cards if one.msisdn}
        month = datetime.fromtimestamp(self.wall(), BEIJING).strftime("%Y%m")
        asked = {"custNumber": self.customer, "accessNumber": list(by_number), "month": month}
        found = {}
        for row in self.door.many(_BATCH, asked) if by_number else []:
            iccid = by_number.get(str(row.get("accessNumber", "")))
            if iccid is not None and str(row.get("status", "0")) == "0":
                found[iccid] = Usage(_bytes(f"{row.get('flowAmount', '')}{row.get('unit', 'MB')}"))
        return found

    def _known(self, method: str, card: CardId, **more: str) -> Said | None:
        """None: no such card, or no number to ask by."""
        if not card.msisdn:
            return None
        try:
            return self.door.ask(method, access_number=card.msisdn, **more)
        except Declined as no:
            if _NOBODY.search(str(no)):
                return None
            raise


def _number(card: CardId) -> str:
    if not card.msisdn:
        raise Declined("the card's number is not on record; this platform goes by it")
    return card.msisdn


def _standing(said: Said) -> Standing:
    code = str(said.get("productMainStatusCd", ""))
    words = printable(str(said.get("productMainStatusName") or code), 40)
    stop = STOPS.get(str(said.get("stopType", "")))
    held: tuple[Reason, ...] = ("carrier",) if code == "6" else ()
    if str(said.get("netBlockStatusName", "")) == "已断网":  # cut off although its number is in use
        return Standing("suspended", (stop,) if stop else ("requested",), "已断网")
    return Standing(_STATES.get(code, "unknown"), (stop,) if stop else held, words)


def _end(said: Said) -> date | None:
    """The latest of what is ordered."""
    many = said.get("expDate[]") or [said.get("expDate", "")]
    days = [found for word in many if (found := _day(str(word))) is not None]
    return max(days, default=None)


def _day(word: str) -> date | None:
    try:
        day = datetime.strptime(re.sub(r"\D", "", word)[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        return None
    return day if day.year < _NO_END else None


def _bytes(word: str) -> int | None:
    found = _AMOUNT.match(word.strip())
    if found is None:
        return None
    try:
        return int(Decimal(found[1]) * _UNITS[(found[2] or "MB").upper()])
    except InvalidOperation:
        return None


def _reference(said: Said) -> str:
    return printable(str(said.get("GROUP_TRANSACTIONID") or said.get("groupTransactionId") or ""), 64)
