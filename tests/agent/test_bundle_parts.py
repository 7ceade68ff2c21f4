"""A bundle in parts at the terminal, and whole again at the centre."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.bundle_parts import PART_CHARS, parts, summary
from central.bundle import bundle
from central.store.base import Delivery, NewChange, NewReport, Store, StoreRefused
from tests.central.helpers import EPOCH, a_store

DATA = bytes(range(256)) * 500


def tell(store: Store, *results: dict[str, object], first: int = 1) -> None:
    bodies = [json.dumps({"id": "d1", "result": result}) for result in results]
    numbers = range(first, first + len(bodies))
    reports = tuple(NewReport(seq, "directive", 1, 1, text) for seq, text in zip(numbers, bodies, strict=True))
    changes = tuple(
        NewChange(seq, "directive", "send-bundle", 1, text) for seq, text in zip(numbers, bodies, strict=True)
    )
    asyncio.run(store.commit(Delivery("t-1", EPOCH, 1000, 0, reports, changes=changes)))


def test_every_part_fits_a_record_and_together_they_are_the_file(tmp_path: Path) -> None:
    pieces = list(parts(DATA))
    assert all(len(piece["data"]) <= PART_CHARS for piece in pieces)
    with a_store(tmp_path / "central.db") as store:
        tell(store, *reversed(pieces), summary(DATA))
        assert asyncio.run(bundle(store, "t-1", "d1")) == DATA


def test_a_part_that_is_missing_or_another_is_said(tmp_path: Path) -> None:
    pieces = list(parts(DATA))
    with a_store(tmp_path / "central.db") as store:
        tell(store, *pieces[1:], summary(DATA))
        with pytest.raises(StoreRefused, match="not all"):
            asyncio.run(bundle(store, "t-1", "d1"))
        tell(store, pieces[0] | {"data": "!!"}, first=100)
        with pytest.raises(StoreRefused, match="do not fit"):
            asyncio.run(bundle(store, "t-1", "d1"))


def test_what_was_never_sent_is_none(tmp_path: Path) -> None:
    with a_store(tmp_path / "central.db") as store, pytest.raises(StoreRefused):
        asyncio.run(bundle(store, "t-1", "d1"))
