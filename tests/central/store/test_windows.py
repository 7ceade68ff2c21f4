"""Numbers of CoAP contexts, on both databases: each is had by one process, once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.store.core import SqlStore
from central.store.windows import Windows
from tests.central.databases import KINDS, store_of

CONTEXT = "00" * 8


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(request.param, tmp_path) as made:
        yield made


def test_numbers_are_taken_once_and_only_forward(store: SqlStore) -> None:
    async def story() -> None:
        one, other = Windows(store), Windows(store)
        assert await one.upto("t-1", CONTEXT) == 0
        assert await one.take("t-1", CONTEXT, 0, 64, 1)
        assert not await other.take("t-1", CONTEXT, 0, 64, 2)
        assert not await other.take("t-1", CONTEXT, 63, 127, 2)
        assert await other.take("t-1", CONTEXT, 300, 364, 3)
        assert not await one.take("t-1", CONTEXT, 64, 128, 4)
        assert await one.upto("t-1", CONTEXT) == 364
        assert await one.take("t-2", CONTEXT, 0, 64, 5)

    asyncio.run(story())


def test_of_two_at_once_one_has_them(store: SqlStore) -> None:
    async def both() -> list[bool]:
        windows = Windows(store)
        return await asyncio.gather(*(windows.take("t-1", CONTEXT, 0, 64, 1) for _ in range(8)))

    assert sum(asyncio.run(both())) == 1


def test_the_context_that_was_spoken_in_last_is_the_newest(store: SqlStore) -> None:
    async def story() -> list[str | None]:
        windows = Windows(store)
        told = [await windows.newest("t-1")]
        for at, context in ((1, "aa"), (2, "bb"), (3, "aa")):
            await windows.take("t-1", context, 100 * at, 100 * at + 64, at)
            told.append(await windows.newest("t-1"))
        return told

    assert asyncio.run(story()) == [None, "aa", "bb", "aa"]
