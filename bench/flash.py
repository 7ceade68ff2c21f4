"""Bytes that reach the flash in a month of reports: the real outbox and ledger on an ext4 of their own.

    sudo python -m bench.flash [--minutes 5] [--days 30] [--offline-days 0] [--changes 3] [--scale 1]

A loop device holds a fresh ext4 with 4 KiB blocks; sectors written are read from /sys/block/loopN/stat, so the file
system's own journal and metadata are in it. After each simulated interval all that is dirty is forced out, as the
kernel does within half a minute. --scale 10 runs a tenth of the time and multiplies.
"""

import argparse
import ctypes
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agent.counting import LEDGER_NOTE_S, LEDGER_WRITE_S
from agent.outbox.base import Record, RecordClass
from agent.outbox.batch import BatchingOutbox
from agent.outbox.fallback import FallbackOutbox
from agent.outbox.sqlite import SqliteOutbox
from agent.plan.ledger import Ledger

TARGET_B = 15_000_000
START = 1_795_300_000.0


@dataclass(frozen=True)
class Disk:
    folder: Path
    device: str

    def written(self) -> int:
        """Bytes, ever."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        ctypes.CDLL(None).syncfs(descriptor)
        os.close(descriptor)
        return int(Path(f"/sys/block/{self.device}/stat").read_text().split()[6]) * 512


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0, help="between reports")
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--offline-days", type=float, default=0.0, help="of these, days without network")
    parser.add_argument("--changes", type=float, default=3.0, help="changes of verdict a day")
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("mounting needs root")
        return 2
    with disk() as where:
        before = where.written()
        live(where, options)
        spent = (where.written() - before) * options.scale
    print(f"{options.days:g} days, a report each {options.minutes:g} min, {options.changes:g} changes a day, "
          f"{options.offline_days:g} days offline: {spent / 1e6:.1f} MB reach the flash")  # fmt: skip
    routine = options.minutes == 5.0 and not options.offline_days
    if routine:
        print(f"target {'met' if spent <= TARGET_B else 'MISSED'}: at most {TARGET_B / 1e6:.0f} MB")
    return 1 if routine and spent > TARGET_B else 0


def live(where: Disk, options: argparse.Namespace) -> None:
    """What the daemon does to its disk, interval by interval."""
    random, every = Random(1), options.minutes * 60.0
    sqlite = where.folder / "outbox.db"
    now, end = 0.0, options.days * 86_400.0 / options.scale
    offline = options.offline_days * 86_400.0 / options.scale
    box = BatchingOutbox(FallbackOutbox(lambda: SqliteOutbox(sqlite), lambda: now))
    ledger = Ledger(where.folder / "ledger.db")
    due, note = LEDGER_WRITE_S, LEDGER_NOTE_S
    while now < end:
        now += every
        ledger.observe("interface", "wwan0", int(now * 100), int(now * 50), START + now, now, "boot")
        ledger.add_own("report", 430)
        box.add(Record(RecordClass.HEARTBEAT, START + now, b"x" * 430), now)
        if random.random() < options.changes * every / 86_400.0:
            box.put(Record(RecordClass.CHANGE, START + now, b"x" * 800))
            ledger.note()
        if now > offline:
            while leased := box.lease(64, 65_536, START + now):
                box.ack(entry.key for entry in leased)
        box.tick(now)
        if now >= due:
            ledger.flush()
            due = now + LEDGER_WRITE_S
        elif now >= note:
            ledger.note()
            note = now + LEDGER_NOTE_S
        where.written()
    box.close()
    ledger.close()


@contextmanager
def disk() -> Iterator[Disk]:
    with tempfile.TemporaryDirectory() as folder:
        image, mounted = Path(folder) / "image", Path(folder) / "mounted"
        mounted.mkdir()
        with image.open("wb") as file:
            file.truncate(192 * 2**20)
        device = run("losetup", "--find", "--show", str(image)).strip()
        try:
            run("mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0", device)
            run("mount", "-o", "noatime", device, str(mounted))
            try:
                yield Disk(mounted, Path(device).name)
            finally:
                run("umount", str(mounted))
        finally:
            run("losetup", "--detach", device)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
