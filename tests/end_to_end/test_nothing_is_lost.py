"""Whatever happens to terminal, line and centre, each record arrives, once. bench/crash.py has a thousand rounds of
other seeds."""

import json
import os
from pathlib import Path

import pytest

from tests.fakes.power_cuts import arrived, lived

SEED = int(os.environ.get("SEED", "1"))


@pytest.mark.parametrize(
    ("way", "rounds", "chance"),
    [("http", 16, 0.0), ("http", 16, 0.6), ("https", 4, 0.3), ("coap", 4, 0.3), ("mqtt", 4, 0.3)],
)
def test_whatever_happens_every_record_arrives_once(tmp_path: Path, way: str, rounds: int, chance: float) -> None:
    story = lived(tmp_path, rounds, chance, SEED, centre_dies_each=rounds // 2, way=way)
    keys, repeats = arrived(tmp_path / "central.db")
    told = json.dumps({"seed": SEED, "made": len(story.made), "arrived": len(keys), "repeats": repeats})
    assert story.made <= set(keys), f"lost: {told}"
    assert len(keys) == len(set(keys)), f"doubled: {told}"
    # a record may be durable, and sent, although the power went before its key was noted down: one a cut at most
    assert len(keys) <= len(story.made) + story.cuts, told
    assert not story.reused, f"a number of OSCORE protected two messages: {told}"
