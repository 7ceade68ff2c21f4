"""Blocking work beside the loop."""

import asyncio
import threading

import pytest

from central.aside import aside


def test_results_and_errors_come_back() -> None:
    assert asyncio.run(aside(lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        asyncio.run(aside(lambda: 1 // 0))


def test_the_end_of_the_loop_does_not_wait_for_it() -> None:
    gate, ended = threading.Event(), threading.Event()

    def work() -> None:
        gate.wait(60)
        ended.set()

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await aside(work)

    asyncio.run(give_up())
    assert not ended.is_set()
    gate.set()
    assert ended.wait(60)
