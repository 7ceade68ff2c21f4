"""A simulated fleet speaks the real wire code, and the centre believes it."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.wire import Batch, ReportRecord
from central.cli import main
from central.receive import delivery, read_batch
from central.simulation import SILENT_AFTER, fleet
from tests.central.helpers import Process, a_store

NOW = 1_790_000_000


def test_the_same_seed_tells_the_same_story() -> None:
    def told(seed: int) -> list[object]:
        return [list(one.records(NOW, 900)) for one in fleet(50, seed)]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_everything_it_says_is_taken() -> None:
    for one in fleet(100):
        for number in range(SILENT_AFTER):
            records = [ReportRecord.model_validate(record) for record in one.records(NOW + 900 * number, 900)]
            body = Batch(epoch=one.epoch, sent_at=NOW, records=records).model_dump_json().encode()
            assert delivery(one.name, read_batch(body), NOW).rejections == ()


def test_a_fleet_has_its_troubles() -> None:
    terminals = fleet(2000)
    stories = {one.story for one in terminals}
    assert stories == {"well", "expiring", "expired", "exhausted", "fading", "moved"}
    assert sum(one.story == "well" for one in terminals) > 1500


def test_who_ran_out_falls_silent_and_a_carrier_that_is_down_silences_its_own() -> None:
    expired = next(one for one in fleet(500) if one.story == "expired")
    for _ in range(SILENT_AFTER):
        assert expired.can_speak(frozenset())
        list(expired.records(NOW, 900))
    assert not expired.can_speak(frozenset())
    well = next(one for one in fleet(50) if one.story == "well")
    assert not well.can_speak(frozenset({f"carrier:{well.plmn}"}))


def test_the_command_tells_the_past_of_a_fleet_to_a_new_database_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "central.db"
    assert main(["simulate", "--past", "--database", str(database), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"terminals": 48}
    assert main(["simulate", "--past", "--database", str(database)]) == 1
    assert "already" in capsys.readouterr().err


def test_on_a_fast_clock_hours_pass_in_seconds_and_what_goes_down_becomes_an_incident(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["simulate", "--terminals", "60", "--fast", "4", "--carrier-down", "46001", "--json"]
    flags = [*words, "--database", str(tmp_path / "central.db")]
    assert main(flags) == 0
    told = json.loads(capsys.readouterr().out)
    assert "carrier:46001" in told["incidents"]
    assert told["sent"] + told["silent"] == 60 * 16
    with a_store(tmp_path / "central.db") as store:
        rows = asyncio.run(store.terminals(limit=60))
    assert {row.clock_skew_s for row in rows} == {0}
    assert main(flags) == 1
    assert "already" in capsys.readouterr().err


def test_the_command_fills_a_centre(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "central.db"
    with Process(database, ("--rate-per-minute", "0")) as centre:
        flags = ["--terminals", "30", "--interval", "1", "--for", "1", "--database", str(database), "--json"]
        assert main(["simulate", *flags, "--url", f"http://127.0.0.1:{centre.port}"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert centre.stop() == 0
    assert told["refused"] == 0
    assert told["sent"] >= 30


def test_nobody_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--terminals", "1", "--for", "0", "--database", str(tmp_path / "c.db"), "--json"]
    assert main(["simulate", *flags, "--url", "http://127.0.0.1:9"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"] == 1


@pytest.mark.parametrize("flags", [["--terminals", "0"], ["--interval", "0"], ["--url", "ftp://x"], ["--fast", "0"]])
def test_wrong_usage_is_said(tmp_path: Path, flags: list[str]) -> None:
    assert main(["simulate", *flags, "--database", str(tmp_path / "c.db")]) == 2
