"""The desk of that fleet: an account at a carrier's platform and what it says, batches on their way."""

from dataclasses import replace
from datetime import timedelta

from central.config import Settings
from central.past.terminals import DAY, HOUR, day_of, iccid_of
from central.platforms.book import Book, Facts
from central.registry import Registry, Who
from central.renewals import outlook, placing
from central.renewals.office import Office
from central.renewals.orders import OrderState
from central.store.core import SqlStore

ACCOUNT, QUIET, POOL = "移动主账户", "unicom-portal", "shared-1"
BATCH, PAID = "story-batch-1", "story-batch-2"


async def tell(store: SqlStore, settings: Settings, now: int) -> None:
    who, registry = Who("grace", now - 2 * HOUR), Registry(store)
    cards = [card for card in await registry.cards(limit=100) if card.state == "in_use"]
    for card in cards[:20]:
        await registry.put_card(card.iccid, {"account": ACCOUNT, "msisdn": f"10648{card.iccid[-8:]}"}, who)
    await _platform(Book(store), [card.iccid for card in cards[:20]], now)
    await outlook.fold(store, settings.fleet.zone)
    office = Office(store, settings, lambda: now - 2 * HOUR)
    dues = [one for one in await office.worklist(30) if one.holding.account == ACCOUNT]
    await office.book.make(BATCH, "十一月到期", dues[:4], who)
    await office.book.order_there(BATCH, frozenset({ACCOUNT}), who)
    outcomes: tuple[tuple[OrderState, str], ...] = (
        ("done", f"{office.today():%Y%m%d}000001"),
        ("failed", "11022 卡号不存在"),
        ("unknown", "nobody knows whether it was done: the platform does not answer: TimeoutError"),
    )
    for state, detail in outcomes:
        one = await store.write(lambda session: placing.take(session, ACCOUNT, "story", now))
        if one is not None:
            await store.write(lambda session: placing.told(session, one, state, detail, now))  # noqa: B023 - done at once
    await _paid(office, who)
    await _stock(office, registry, [card.iccid for card in cards[23:32]], who)


async def _paid(office: Office, who: Who) -> None:
    """Another batch, paid for three days ago."""
    before = Who(who.name, who.now - 3 * DAY)
    rest = [one for one in await office.worklist(60) if one.open is None][:3]
    await office.book.make(PAID, "十二月 December", rest, before)
    await office.book.order(PAID, "A-17", before)
    await office.book.pay(PAID, "story-pay-1", "72.00", before, reference="流水 88")
    await office.book.add_voucher(PAID, "发票 12.pdf", b"%PDF-1.7 paid", before)


async def _stock(office: Office, registry: Registry, shared: list[str], who: Who) -> None:
    """A pool that nine cards use up, and spare cards: two that nobody will use in time, one that lies too long."""
    pool = {"name": "门店共享 80 MB", "carrier": "CHN-CT", "account": "ct-portal", "total_mb": 80, "cycle_day": 1}
    await office.put_pool(POOL, pool, who)
    for iccid in shared:
        await registry.put_card(iccid, {"pool": POOL}, who)
    for number, received, use_by in ((901, -150, 21), (902, -150, 21), (903, -300, None), (904, -20, 300)):
        spare = {
            "plan": "iot-30m",
            "account": ACCOUNT,
            "received_on": _day(office, received),
            "use_by": None if use_by is None else _day(office, use_by),
        }
        await registry.put_card(iccid_of(number), spare, who)


def _day(office: Office, days: int) -> str:
    return (office.today() + timedelta(days=days)).isoformat()


async def _platform(book: Book, iccids: list[str], now: int) -> None:
    who = Who(f"platform:{ACCOUNT}", now)
    await book.claim(ACCOUNT, "story", now - HOUR)
    well = Facts(
        "", ACCOUNT, now - HOUR, "active", (), "正常", 9_000_000, 31_457_280, 22_457_280, "12.30", "2027-03-31"
    )
    facts = [replace(well, iccid=iccid, end_asked_at=now - DAY) for iccid in iccids]
    cut = Facts(iccids[2], ACCOUNT, now - 5 * DAY, "suspended", ("arrears", "other_device"), "停机")
    cut = replace(cut, expires_on=day_of(now - DAY).isoformat(), end_asked_at=now - 90 * DAY)
    await book.keep([*facts[:2], cut, *facts[3:]], who)
    await book.went(ACCOUNT, 60, now - HOUR)
    await book.failed(ACCOUNT, 1, now - 60, "the platform answers 12009: too often", throttled=True)
