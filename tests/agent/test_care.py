"""What the agent knows of itself, and how the daily report tells it."""

import json
from pathlib import Path

from agent.care import care, grown, memory_kb
from agent.record import daily
from agent.recover.hold import HoldSettings, Line
from agent.self_help import Means, SelfHelp
from agent.settings import Config
from tests.fakes.clock import FakeClock


def test_memory_threads_files_and_the_modems_line_are_told() -> None:
    line = Line(HoldSettings(), FakeClock())
    line.take(10.0, 1)
    told = care(line.told(), {"exchanges": 7, "expiries": 1}, {"steps": {"power": 1}, "cured": {}}, {"runs": 2})
    assert told["memory_kb"] > 1000
    assert told["threads"] >= 1
    assert told["files"] >= 3
    assert told["at"] == {"exchanges": 7, "expiries": 1, "restarts": 0}
    assert told["line"]["leases"] == 1
    assert (told["steps"], told["cured"], told["hooks"]) == ({"power": 1}, {}, {"runs": 2})


def test_what_cannot_be_told_is_not_guessed(tmp_path: Path) -> None:
    told = care(Line(HoldSettings(), FakeClock()).told(), {}, None, None, tmp_path)
    assert told["memory_kb"] is told["files"] is None
    assert "steps" not in told
    (tmp_path / "statm").write_text("nonsense")
    assert memory_kb(tmp_path) is None


def test_the_daily_report_holds_it_in_few_bytes() -> None:
    told = care(Line(HoldSettings(), FakeClock()).told(), {}, {"steps": {}, "cured": {}}, None)
    body = json.loads(daily("2026-11-21", {"report": 1}, 5, 0.0, told).body)["body"]
    assert body["self"] == told
    assert len(json.dumps(body["self"])) < 300
    assert "self" not in json.loads(daily("2026-11-21", {}, 5, 0.0).body)["body"]


def test_a_day_is_told_by_what_it_added() -> None:
    before = {"memory_kb": 1, "at": {"exchanges": 100, "expiries": 2}, "steps": {"reattach": 1}, "files": 9}
    now = {"memory_kb": 9, "at": {"exchanges": 160, "expiries": 2}, "steps": {"reattach": 1, "power": 2}, "files": None}
    assert grown(now, before) == {"at": {"exchanges": 60}, "steps": {"power": 2}}
    assert grown(now, now) == {}


def test_the_daily_report_tells_each_day_apart() -> None:
    clock, figures = FakeClock(), {"exchanges": 50}
    means = Means(clock, Line(HoldSettings(), clock), lambda _: True, lambda _: None, lambda: figures, lambda _: None)
    own = SelfHelp(Config(), means, None)
    clock.advance(3600)
    assert own.care_of_day()["day"] == {"over_s": 3600, "at": {"exchanges": 50}}
    figures["exchanges"] = 57
    clock.advance(86400)
    second = own.care_of_day()
    assert (second["day"], second["at"]["exchanges"]) == ({"over_s": 86400, "at": {"exchanges": 7}}, 57)
