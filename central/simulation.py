"""A fleet that never was: so many terminals, each with a card, a plan, a signal and a story, in the real wire code.

Pure but for `random.Random(seed)`: the same seed tells the same story. Time is the caller's.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from agent.wire import HeartbeatBody, VerdictBody
from agent.wire.frame import Base
from central.words.verdicts import titles

Story = Literal["well", "expiring", "expired", "exhausted", "fading", "moved"]
_STORIES: tuple[tuple[Story, float], ...] = (
    ("well", 0.86), ("expiring", 0.05), ("expired", 0.03), ("exhausted", 0.02), ("fading", 0.02), ("moved", 0.02),
)  # fmt: skip
_CARRIERS = (
    ("46000", "CMCC", ("cmiot", "cmmtm"), 0.6),
    ("46001", "CHN-UNICOM", ("3gnet", "unim2m"), 0.25),
    ("46011", "CHN-CT", ("ctnet", "ctm2m"), 0.15),
)
_AGENTS, _BATCHES = ("0.1.0", "0.1.0", "0.1.0", "0.0.9"), 12
_OF_STORY: dict[Story, str] = {
    "well": "ok", "expiring": "plan.expiring", "expired": "plan.expired", "exhausted": "plan.exhausted",
    "fading": "signal.weak", "moved": "ok",
}  # fmt: skip
SILENT_AFTER = 6
"""Reports until a terminal with an expired, exhausted or lost card is heard no more."""


@dataclass(slots=True)
class Simulated:
    """One terminal. `report` is what it says next, or nothing when its story says it cannot."""

    name: str
    story: Story
    plmn: str
    operator: str
    apn: str
    iccid: str
    imei: str
    cell: str
    epoch: str
    agent: str
    batch_of_cards: str
    chance: random.Random = field(repr=False)
    seq: int = 0
    said: int = 0
    verdict: str = "ok"
    used: int = 0
    base: Base | None = None
    """The heartbeat that was acknowledged last: the next is told against it."""

    def can_speak(self, down: frozenset[str]) -> bool:
        """Whether it gets through; `down`: what is not there now, as `kinds` has it."""
        if not down.isdisjoint(self.kinds):
            return False
        return self.said < SILENT_AFTER or self.story not in ("expired", "exhausted", "fading")

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it has in common with others, in the words of central/causes.py."""
        return (
            f"carrier:{self.plmn}", f"apn:{self.apn}", f"cell:{self.cell}", f"agent_version:{self.agent}",
            f"plan_batch:{self.batch_of_cards}",
        )  # fmt: skip

    def records(self, now: int, interval_s: int) -> Iterator[dict[str, Any]]:
        """The next heartbeat, before it a change of verdict when there is one."""
        self.said += 1
        self.used += self.chance.randrange(20_000, 400_000)
        verdict = _OF_STORY[self.story] if self.said > 2 else "ok"
        if verdict != self.verdict:
            yield self._record("verdict", now, self._change(verdict, now))
            self.verdict = verdict
        yield self._record("heartbeat", now, self._beat(now, interval_s))

    def batch(self, now: int, interval_s: int) -> dict[str, Any]:
        """What it sends next, as `agent.wire.Batch` has it."""
        return {"v": 1, "epoch": self.epoch, "sent_at": now, "records": list(self.records(now, interval_s))}

    def _record(self, kind: str, now: int, body: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        return {"seq": self.seq, "type": kind, "at": now, "body": body}

    def _beat(self, now: int, interval_s: int) -> dict[str, Any]:
        faded = 4.0 * min(self.said, SILENT_AFTER) if self.story == "fading" else 0.0
        quota = 31_457_280
        body = HeartbeatBody(
            next_due_s=interval_s, agent=self.agent, verdict=self.verdict,
            severity="ok" if self.verdict == "ok" else "warning" if self.verdict == "plan.expiring" else "error",
            iccid=self.iccid, imei=self.imei, model="EC20F", operator=self.operator, plmn=self.plmn, technology="lte",
            registration="home", rsrp_dbm=round(-92.0 - faded + self.chance.uniform(-3, 3)), quality="good",
            used_bytes=quota if self.story == "exhausted" and self.said > 2 else self.used % quota, quota_bytes=quota,
            expires_on=_expiry(self.story, now), balance="12.30", currency="CNY", boot_id="3f2a",
            apn=self.apn, cell=self.cell,
        )  # fmt: skip
        return body.model_dump(exclude_none=True)

    def _change(self, code: str, now: int) -> dict[str, Any]:
        finding = {"code": code, "severity": "error", "root": True, "evidence": ["simulated"]}
        body = VerdictBody.model_validate(
            {"code": code, "previous": self.verdict, "confidence": "high", "since": now, "findings": [finding],
             "titles": titles(code)}
        )  # fmt: skip
        return body.model_dump(exclude_none=True)


def fleet(number: int, seed: int = 1, prefix: str = "sim-", born: int = 0) -> list[Simulated]:
    """`born` makes the epochs: other numbers, other outboxes of the same terminals."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    return [_one(f"{prefix}{place:05}", place, born, chance) for place in range(1, number + 1)]


def _one(name: str, place: int, born: int, chance: random.Random) -> Simulated:
    stories, weights = zip(*_STORIES, strict=True)
    plmn, operator, apns, _ = chance.choices(_CARRIERS, [one[3] for one in _CARRIERS])[0]
    return Simulated(
        name=name, story=chance.choices(stories, weights)[0], plmn=plmn, operator=operator,
        apn=chance.choice(apns), agent=chance.choice(_AGENTS), batch_of_cards=f"batch-{chance.randrange(_BATCHES):02}",
        iccid=f"8986{plmn[3:]}{place:014}", imei=f"86{place:013}", cell=f"5A1B-{chance.randrange(200):04X}",
        epoch=f"{born + place:016x}", chance=random.Random(chance.random()),  # noqa: S311
    )  # fmt: skip


def _expiry(story: Story, now: int) -> str:
    days = {"expiring": 9, "expired": 0}.get(story, 200)
    return (datetime.fromtimestamp(now, UTC).date() + timedelta(days=days)).isoformat()
