"""The centre's own work: at its time, and never stopped by a failure."""

import asyncio
import logging
from pathlib import Path

import pytest

from central.chores import SWEEP_S, Chores
from central.config import Settings
from central.store.base import StoreUnavailable
from tests.central.helpers import a_delivery, a_store
from tests.fakes.clock import FakeClock


def test_chores_come_round(tmp_path: Path) -> None:
    clock = FakeClock()
    with a_store(tmp_path / "c.db") as store:
        chores = Chores(store, Settings(), clock.wall, clock.monotonic)
        asyncio.run(store.add_terminal("t-1", "", b"1", 0))
        asyncio.run(store.commit(a_delivery(at=int(clock.wall()))))
        for _ in range(400):
            asyncio.run(chores.step())
            clock.advance(SWEEP_S)
        flips = asyncio.run(chores.watch.flips("t-1"))
    assert [flip.state for flip in flips] == ["silent", "late"]


def test_a_chore_that_fails_is_said_once_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, tried = FakeClock(), []
    with a_store(tmp_path / "c.db") as store:
        chores = Chores(store, Settings(), clock.wall, clock.monotonic)

        async def fail(now: int) -> None:
            tried.append(now)
            raise StoreUnavailable("disk full")

        monkeypatch.setattr(type(chores.watch), "sweep", lambda _self, now: fail(now))
        with caplog.at_level(logging.WARNING):
            for _ in range(5):
                asyncio.run(chores.step())
                clock.advance(SWEEP_S)
    assert len(tried) == 5
    assert len(caplog.records) == 1
