"""One terminal as a row of the list: read fresh, said once, shown on the page, in CSV and in XLSX alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from central import view, words
from central.console.frame import local_time
from central.fleet import Rules
from central.listing import Status
from central.registry import Asset
from central.store.base import TerminalRow
from central.view import TerminalView
from central.words import Lang, verdicts

COLUMNS = ("terminal", "name", "shop", "status", "verdict", "heard", "iccid", "operator", "signal", "used", "ends")
EXPORTED = (
    "terminal", "name", "merchant", "shop", "region", "status", "verdict", "verdict_title", "last_heard", "iccid",
    "imei", "operator", "technology", "rsrp_dbm", "used_bytes", "quota_bytes", "expires_on",
)  # fmt: skip

_OF_BEAT = ("operator", "technology", "rsrp_dbm", "used_bytes", "quota_bytes", "expires_on", "iccid")


@dataclass(frozen=True, slots=True)
class ListRow:
    view: TerminalView
    asset: Asset
    status: Status
    title: str
    percent: int | None
    """Of the quota."""
    days_left: int | None

    @property
    def beat(self) -> Mapping[str, object]:
        return self.view.heartbeat


def list_row(
    row: TerminalRow, asset: Asset | None, now: float, rules: Rules, today: int, lang: Lang, *, closed: bool
) -> ListRow:
    """`today`: its ordinal in the reader's calendar."""
    seen = view.terminal_view(row, now, rules)
    status: Status = "closed" if closed and seen.status in ("late", "silent") else seen.status
    used, quota = whole(seen.heartbeat.get("used_bytes")), whole(seen.heartbeat.get("quota_bytes"))
    return ListRow(
        seen, asset or Asset(row.terminal, row.name), status, verdict_title(seen, lang),
        100 * used // quota if used is not None and quota else None,
        view.days_left(seen.heartbeat.get("expires_on"), today),
    )  # fmt: skip


def verdict_title(seen: TerminalView, lang: Lang) -> str:
    """Empty for a terminal that has none yet."""
    if seen.verdict is None:
        return ""
    return verdicts.title(seen.verdict.code, lang, seen.verdict.titles)


def exported(row: ListRow, lang: Lang, zone: ZoneInfo) -> dict[str, str]:
    """The same facts as the page shows, as texts of a sheet; unknown is empty."""
    beat, verdict, asset = row.beat, row.view.verdict, row.asset
    told = {name: str(beat[name]) for name in _OF_BEAT if beat.get(name) is not None}
    return told | {
        "terminal": asset.terminal, "name": asset.name, "merchant": asset.merchant, "shop": asset.shop,
        "region": asset.region, "status": words.word(row.status, lang), "verdict": verdict.code if verdict else "",
        "verdict_title": row.title, "last_heard": local_time(row.view.row.heard.last_heard, zone, "%Y-%m-%d %H:%M:%S"),
        "imei": str(beat.get("imei") or asset.imei or ""),
    }  # fmt: skip


def whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def shares(counts: Sequence[int]) -> list[float]:
    """Of a hundred."""
    total = sum(counts)
    return [100 * count / total if total else 0.0 for count in counts]
