"""Causes injected into a simulated fleet are the incidents found, and each is told once a channel."""

import asyncio
from pathlib import Path

from central.causes import EVERYONE, Cause
from tests.central.helpers import a_store
from tests.fakes.injected import CHANNELS, play

CELL, APN, BATCH, CARRIER = "cell:5A1B-0007", "apn:cmmtm", "plan_batch:batch-03", "carrier:46011"


def cause(text: str) -> Cause:
    kind, _, value = text.partition(":")
    return Cause(kind, value)  # type: ignore[arg-type]


def test_the_causes_injected_are_the_incidents_found_and_each_is_told_once(tmp_path: Path) -> None:
    down = [CARRIER, APN, BATCH]
    with a_store(tmp_path / "central.db") as store:
        made = asyncio.run(play(store, 400, down, lonely=4))
    assert sorted(made.found.values()) == sorted(map(cause, down))
    told = {(channel, one) for channel, code, one in made.letters if code == "incident"}
    assert told == {(channel, one.replace(":", " ")) for channel in CHANNELS for one in down}
    assert max(made.letters.values()) == 1
    assert {one for _, code, one in made.letters if code == "silent"} == set(made.lonely)


def test_a_cell_that_goes_is_found_among_thousands_and_ends_when_it_is_back(tmp_path: Path) -> None:
    async def story() -> None:
        made = await play(store, 1200, [CELL])
        assert made.open == {cause(CELL)}
        await made.rounds(2)
        assert made.open == set()
        assert sum(made.letters.values()) == len(CHANNELS)

    with a_store(tmp_path / "central.db") as store:
        asyncio.run(story())


def test_when_nobody_gets_through_it_is_the_way_in_and_one_alert(tmp_path: Path) -> None:
    down = [f"carrier:{one}" for one in ("46000", "46001", "46011")]

    async def story() -> None:
        made = await play(store, 200, [])
        await made.rounds(8, frozenset(down))
        assert set(made.found.values()) == {EVERYONE}
        assert sum(made.letters.values()) == len(CHANNELS)

    with a_store(tmp_path / "central.db") as store:
        asyncio.run(story())
