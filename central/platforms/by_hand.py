"""A platform that is a person with a sheet: what a carrier's portal exports is brought in, CSV or XLSX. Pure.

Columns are known by the names that portals give them; of each meaning one is enough. `iccid` there must be.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from central.platforms.base import KiB, MiB, Standing, State, Usage
from central.text import printable

_NAMES: Mapping[str, Sequence[str]] = {
    "iccid": ("iccid", "iccid号", "卡号iccid", "simid"),
    "state": ("status", "state", "simstatus", "卡状态", "状态", "sim卡状态", "生命周期"),
    "used": ("used", "usage", "used_mb", "used_bytes", "已用流量", "已用流量(mb)", "当月用量", "月用量", "累计用量"),
    "quota": ("quota", "quota_mb", "quota_bytes", "套餐流量", "套餐总量", "套餐流量(mb)", "总流量"),
    "remaining": ("remaining", "remaining_mb", "remaining_bytes", "剩余流量", "剩余流量(mb)"),
    "ends": ("expires_on", "expiry", "expires", "end date", "到期时间", "到期日期",
             "服务到期", "套餐到期时间", "失效时间"),
    "balance": ("balance", "余额"),
}  # fmt: skip
_STATES: Sequence[tuple[str, State]] = (
    ("已激活|正常|在用|使用中|active|activated|in use", "active"), ("停机|停用|断网|suspend|deactivated", "suspended"),
    ("销户|销卡|拆机|注销|ended|retired|cancel", "ended"), ("测试|test", "testing"),
    ("待激活|库存|可激活|stock|inventory", "stock"),
)  # fmt: skip
_AMOUNT = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(gb|mb|kb|b|g|m|k)?\Z", re.IGNORECASE)
_UNITS = {"b": 1, "k": KiB, "kb": KiB, "m": MiB, "mb": MiB, "g": 1024 * MiB, "gb": 1024 * MiB}
_ICCID = re.compile(r"\d{18,20}[0-9A-Fa-f]?\Z")
_MONEY = re.compile(r"-?\d{1,9}(\.\d{1,2})?\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says."""

    iccid: str
    standing: Standing | None
    usage: Usage
    ends: date | None


def understand(rows: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[list[Line], list[str]]:
    """Lines, and what is wrong with the others by their number."""
    columns = _columns(rows[0][1]) if rows else {}
    if rows and "iccid" not in columns:
        return [], ["the first line names no column iccid"]
    found, wrong = [], []
    for number, row in rows:
        try:
            found.append(_line({meaning: row.get(name, "").strip() for meaning, name in columns.items()}, columns))
        except ValueError as error:
            wrong.append(f"row {number}: {error}")
    return found, wrong


def _columns(row: Mapping[str, str]) -> dict[str, str]:
    plain = {re.sub(r"[\s（）]", lambda m: {"（": "(", "）": ")"}.get(m[0], ""), name).lower(): name for name in row}
    return {
        meaning: plain[found]
        for meaning, names in _NAMES.items()
        if (found := next((name.replace(" ", "") for name in names if name.replace(" ", "") in plain), None))
    }


def _line(said: Mapping[str, str], columns: Mapping[str, str]) -> Line:
    """Raises ValueError."""
    iccid = said["iccid"]
    if not _ICCID.match(iccid):
        raise ValueError("iccid: 18 to 20 digits")
    used, quota, remaining = (
        _bytes(said.get(name, ""), columns.get(name, "")) for name in ("used", "quota", "remaining")
    )
    balance = said.get("balance", "")
    if balance and not _MONEY.match(balance):
        raise ValueError(f"balance: an amount of money, not {printable(balance, 20)}")
    word = said.get("state", "")
    return Line(
        iccid,
        _standing(word) if word else None,
        Usage(used, quota, remaining, balance or None),
        _day(said.get("ends", "")),
    )


def _standing(word: str) -> Standing:
    state = next((state for pattern, state in _STATES if re.search(pattern, word, re.IGNORECASE)), None)
    if re.search("待激活", word):
        state = "stock"
    return Standing(state or "unknown", (), printable(word, 40))


def _bytes(word: str, column: str) -> int | None:
    """A bare number is bytes where the column says so, else MB."""
    if not word:
        return None
    found = _AMOUNT.match(word.replace(",", ""))
    if found is None:
        raise ValueError(f"{printable(column, 20)}: an amount of data, not {printable(word, 20)}")
    return int(float(found[1]) * _UNITS[(found[2] or ("b" if column.endswith("bytes") else "mb")).lower()])


def _day(word: str) -> date | None:
    digits = re.sub(r"\D", "", word)
    if not word:
        return None
    parts = re.match(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})", word)
    try:
        if parts and digits[:8] != word[:8]:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        return datetime.strptime(digits[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise ValueError(f"a day such as 2026-12-31, not {printable(word, 20)}") from None
