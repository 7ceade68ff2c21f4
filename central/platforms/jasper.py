"""Cisco Control Center (Jasper), REST API v1: China Unicom's older cards, and carriers of many countries.

From the public description (developer.cisco.com/docs/control-center) and its policy of fair use: one call at a time;
beyond the account's rate the answer is error 40000029. `Authorization: Basic` of `user:api key`.

- `GET /rws/api/v1/devices/{iccid}`: status, ratePlan, and fields of the customer's own, of which one may keep the end.
- `GET /rws/api/v1/devices/{iccid}/ctdUsages`: ctdDataUsage, bytes since the billing cycle began.
- `PUT /rws/api/v1/devices/{iccid}` with `status` or `ratePlan`.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from central.platforms.base import CardId, Declined, NotAllowed, Standing, State, Throttled, Unreachable, Usage
from central.platforms.line import Line
from central.text import printable

_PATH = "/rws/api/v1/devices"
_TOO_OFTEN = "40000029"
_STATES: Mapping[str, State] = {
    "INVENTORY": "stock", "ACTIVATIONREADY": "stock", "TESTREADY": "testing", "TRIAL": "testing",
    "ACTIVATED": "active", "START": "active", "DEACTIVATED": "suspended", "RETIRED": "ended", "PURGED": "ended",
    "REPLACED": "ended",
}  # fmt: skip
"""By letters alone: one platform writes ACTIVATION_READY, ACTIVATION_READY_NAME or ACTIVATIONREADY."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class Jasper:
    line: Line
    user: str
    secret: str = field(repr=False)
    expiry_field: str = ""
    """Which field of a device keeps the end, as YYYY-MM-DD: the platform itself has none."""
    most: int = 1
    _last: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def keeps_ends(self) -> bool:
        return bool(self.expiry_field)

    def status(self, cards: Sequence[CardId]) -> Mapping[str, Standing]:
        self._last = {one.iccid: said for one in cards if (said := self._get(f"/{one.iccid}")) is not None}
        return {iccid: _standing(said) for iccid, said in self._last.items()}

    def usage(self, cards: Sequence[CardId]) -> Mapping[str, Usage]:
        told = {one.iccid: self._get(f"/{one.iccid}/ctdUsages") for one in cards}
        return {iccid: Usage(used_bytes=_count(said.get("ctdDataUsage"))) for iccid, said in told.items() if said}

    def expiry(self, cards: Sequence[CardId]) -> Mapping[str, date]:
        """Out of what `status` was told just before, where that was about these cards."""
        if not self.expiry_field:
            return {}
        told = {one.iccid: self._last.get(one.iccid) or self._get(f"/{one.iccid}") or {} for one in cards}
        ends = {iccid: _day(said.get(self.expiry_field)) for iccid, said in told.items()}
        return {iccid: end for iccid, end in ends.items() if end is not None}

    def suspend(self, card: CardId) -> str:
        return self._put(card, {"status": "DEACTIVATED"})

    def resume(self, card: CardId) -> str:
        return self._put(card, {"status": "ACTIVATED"})

    def order(self, card: CardId, product: str) -> str:
        """`product` is a rate plan."""
        return self._put(card, {"ratePlan": product})

    def _get(self, path: str) -> dict[str, Any] | None:
        """None: no such card."""
        return self._ask("GET", path, None)

    def _put(self, card: CardId, change: Mapping[str, str]) -> str:
        if self._ask("PUT", f"/{card.iccid}", json.dumps(change).encode()) is None:
            raise Declined("the platform does not know this card")
        return ""

    def _ask(self, method: str, path: str, body: bytes | None) -> dict[str, Any] | None:
        word = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode("ascii")
        headers = {"authorization": f"Basic {word}", "accept": "application/json", "content-type": "application/json"}
        answer = self.line.ask(method, _PATH + path, headers, body)
        if answer.status == 404:
            return None
        said = answer.json() if answer.body.strip() else {}
        said = said if isinstance(said, dict) else {}
        if answer.status == 200:
            return said
        code = printable(str(said.get("errorCode", "")), 20)
        words = f"{code or answer.status} {printable(str(said.get('errorMessage', '')), 100)}".strip()
        if answer.status == 429 or code == _TOO_OFTEN:
            raise Throttled(words)
        if answer.status in (401, 403):
            raise NotAllowed(words)
        raise Unreachable(words) if answer.status >= 500 else Declined(words)


def _standing(said: Mapping[str, Any]) -> Standing:
    word = printable(str(said.get("status", "")), 40)
    state = _STATES.get(re.sub(r"_NAME\Z|[^A-Z]", "", word.upper()), "unknown")
    return Standing(state, (), word)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**60 else None


def _day(value: object) -> date | None:
    found = _DAY.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
