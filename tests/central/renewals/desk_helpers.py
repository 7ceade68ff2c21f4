"""A desk on a database with terminals whose cards end, and what their terminals say."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from central.config import Settings
from central.registry import Registry, Who
from central.renewals import outlook
from central.renewals.follow import follow
from central.renewals.office import Office
from central.renewals.worklist import Due
from central.store.base import Delivery, NewChange, NewHeartbeat, NewReport
from central.store.core import SqlStore
from tests.fakes.clock import FakeClock

T = TypeVar("T")
EPOCH = "00000000000000aa"
CARDS = [f"8986000000000000000{number}" for number in range(6)]
DAY = 86_400


def wait(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@dataclass
class Fleet:
    """Terminals t-0 … with CARDS of plan `year`, which end on 2026-12-01. It is Monday 2026-11-16 in Shanghai."""

    store: SqlStore
    terminals: int = 3
    clock: FakeClock = field(default_factory=lambda: FakeClock(wall_now=1_794_801_600.0))
    seqs: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.office = Office(self.store, Settings(), self.clock.wall)
        self.registry = Registry(self.store)
        plan = {
            "name": "30M 年卡",
            "carrier": "CMCC",
            "quota_mb": 30,
            "months": 12,
            "price": "36.00",
            "tiers": "3=30.00",
        }
        wait(self.registry.put_plan("year", plan, self.who))
        for number in range(self.terminals):
            name = f"t-{number}"
            wait(self.store.add_terminal(name, f"店{number}", b"1", 0))
            wait(self.registry.describe(name, {"merchant": f"m{number % 2}", "shop": f"店{number}"}, self.who))
            fields = {"plan": "year", "expires_on": "2026-12-01", "account": "主账户", "msisdn": f"1064{number:07}"}
            wait(self.registry.put_card(CARDS[number], fields, self.who))
            wait(self.registry.place(CARDS[number], name, self.who))

    @property
    def now(self) -> int:
        return int(self.clock.wall())

    @property
    def who(self) -> Who:
        return Who("alice", self.now)

    def dues(self, days: int = 30) -> list[Due]:
        return wait(self.office.worklist(days))

    def batch(self, key: str = "batch-0001", *, cards: int | None = None) -> str:
        return wait(self.office.book.make(key, "十二月", self.dues()[:cards], self.who))

    def paid(self, key: str = "batch-0001", amount: str = "90.00", *, cards: int | None = None) -> str:
        self.batch(key, cards=cards)
        wait(self.office.book.order(key, "A-17", self.who))
        wait(self.office.book.pay(key, f"pay-{key}", amount, self.who))
        return key

    def state(self, terminal: str = "t-0") -> str:
        return wait(self.office.book.renewals(terminal=terminal))[0].state

    def say(self, terminal: str, *changes: tuple[str, dict[str, Any]], verdict: str = "ok", **beat: Any) -> None:
        """A heartbeat, and changes (type, body) before it."""
        seq = self.seqs.get(terminal, 0) + 1
        rows = [
            NewChange(seq + place, kind, "", self.now, json.dumps(body)) for place, (kind, body) in enumerate(changes)
        ]
        last = seq + len(rows)
        self.seqs[terminal] = last
        number = int(terminal.removeprefix("t-"))
        body = json.dumps({"next_due_s": 900, "verdict": verdict, "iccid": CARDS[number]} | beat)
        reports = [NewReport(one.seq, one.type, self.now, self.now, one.body) for one in rows]
        reports.append(NewReport(last, "heartbeat", self.now, self.now, body))
        severity = "ok" if verdict == "ok" else "error"
        newest = NewHeartbeat(last, 900, self.now + 900, verdict, severity, beat.get("iccid", CARDS[number]), body)
        wait(self.store.commit(Delivery(terminal, EPOCH, self.now, 0, tuple(reports), tuple(rows), newest)))

    def follow(self) -> dict[str, int]:
        return dict(wait(follow(self.store, wait(self.office.rules()), self.now)))

    def fold(self) -> int:
        return wait(outlook.fold(self.store, self.office.zone))

    def later(self, days: float) -> None:
        self.clock.advance(days * DAY)


def proof(iccid: str, state: str = "proved", reason: str = "word_and_data") -> tuple[str, dict[str, Any]]:
    return "proof", {"iccid": iccid, "state": state, "reason": reason}


def carrier_end(value: str, at: int) -> tuple[str, dict[str, Any]]:
    return "plan_fact", {"fact": "expires_on", "value": value, "source": "carrier_sms", "heard_at": at}
