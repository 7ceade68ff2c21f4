"""`make rig-test`'s bookkeeping: what the terminal's disk was seen to hold, against what the centre has.

What the outbox holds is noted down after each kill and each power cut. Each of these records is at the centre once, or
declared missing by a "gap". (Routine that waits in memory may go with the power.)
"""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from rig_machine import Failed, Machine, until

COUNT = r"""
import json, sqlite3
def rows(path, query): return sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(query).fetchall()
there = rows("/var/lib/posagent-central/central.db",
    "SELECT e.epoch, r.seq, r.type, r.at, r.body FROM reports r "
    "JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number")
((epoch,),) = rows("/var/lib/posagent/outbox.db", "SELECT epoch FROM meta")
kinds = [row[2] for row in there]
# Two heartbeats may tell of one look, and two quick starts or stops of one second.
news = [row[2:] for row in there if row[2] not in ("heartbeat", "started", "stopped")]
print(json.dumps({
    "arrived": [row[:2] for row in there],
    "waiting": [(epoch, seq) for (seq,) in rows("/var/lib/posagent/outbox.db", "SELECT seq FROM entry")],
    "dropped": [(one, seq) for one, _, kind, _, body in there if kind == "gap"
        for part in json.loads(body)["dropped"] for seq in range(part["first_seq"], part["last_seq"] + 1)],
    "same": len(news) - len(set(news)),
    "kinds": {kind: kinds.count(kind) for kind in kinds}}))
"""
DURABLE = "SELECT epoch, seq FROM meta, entry"

Key = tuple[str, int]


class Tally:
    def __init__(self, machine: Machine) -> None:
        self.at = machine
        self.durable: set[Key] = set()
        """What the terminal's disk was seen to hold, at any time."""

    def arrived(self, kind: str = "") -> int:
        """Records at the centre: of this kind, or all."""
        kinds: dict[str, int] = self._count()["kinds"]
        return kinds.get(kind, 0) if kind else sum(kinds.values())

    def waiting(self) -> int:
        return len(self._count()["waiting"])

    def counted(self) -> str:
        """Raises Failed for what is lost or doubled."""
        known = self._count()
        arrived, gone = _keys(known["arrived"]), _keys(known["dropped"])
        lost = self.durable - arrived - gone - _keys(known["waiting"])
        doubled = len(known["arrived"]) - len(arrived) + known["same"]
        if lost or doubled:
            raise Failed(f"lost: {sorted(lost)[:20]}, doubled: {doubled}")
        return f"{len(arrived)} arrived, of {len(self.durable)} seen on the disk none lost, none doubled"

    def nothing_missing(self, what: str = "") -> str:
        """Waits until both are up and the outbox has been emptied, and counts."""
        self.back()
        until(self._flushed, "the outbox does not empty")
        return ", ".join(part for part in (what, self.counted()) if part)

    def back(self) -> None:
        active = "systemctl is-active posagent posagent-central || true"
        until(lambda: self.at.run(active) == "active\nactive", "the services do not come back")

    def look_at_the_disk(self) -> None:
        """While the agent is down: what it must not lose from now on."""
        with tempfile.TemporaryDirectory() as draft:
            for file in (self.at.folder / "disk/var/lib/posagent").glob("outbox.db*"):
                shutil.copy(file, draft)
            with closing(sqlite3.connect(Path(draft) / "outbox.db")) as outbox:
                self.durable |= set(outbox.execute(DURABLE))

    def _flushed(self) -> bool:
        self.at.run("posagent outbox flush >/dev/null 2>&1 || true")
        return self.waiting() <= 1

    def _count(self) -> dict[str, Any]:
        self.at.write("/root/count.py", COUNT)
        counted: dict[str, Any] = json.loads(self.at.run("python3 /root/count.py"))
        self.durable |= _keys(counted["waiting"])
        return counted


def _keys(listed: list[list[Any]]) -> set[Key]:
    return {(str(epoch), int(seq)) for epoch, seq in listed}
