"""What the daemon shows unasked: nobody is sent to the power switch by a look that is not over."""

from pathlib import Path

import pytest

from agent.assess.base import Assessment, Verdict
from agent.publisher import PUBLISH_GAP_S, REST_S, Publisher
from agent.sample.base import Snapshot
from agent.sample.system import read_system
from agent.sdnotify import Notifier
from agent.settings import Config, PathsPart
from agent.situation import Situation
from agent.teller import UNSURE_NEWS_S
from tests.fakes.clock import FakeClock


class Screen:
    def __init__(self, folder: Path) -> None:
        self.clock, self.folder = FakeClock(), folder
        config = Config(paths=PathsPart(run_dir=str(folder)))
        self.told = 0
        self.publisher = Publisher(config, self.clock, Notifier({}), self.status, lambda: {"asks": self.asks})
        self.asks = False

    def status(self) -> dict[str, object]:
        self.told += 1
        return {"n": self.told}

    def shows(self, code: str, after: float = 0.0) -> str:
        """`message.txt` when the verdict is `code`."""
        self.clock.advance(after)
        judged = Assessment((), Verdict(code, "low"))
        self.publisher.looked(Situation(Snapshot(0.0), judged, self.clock.monotonic(), read_system(0.0)))
        return (self.folder / "message.txt").read_text(encoding="utf-8")


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    return Screen(tmp_path)


def test_a_look_that_is_not_over_says_that_it_checks(screen: Screen) -> None:
    assert screen.shows("unsure").splitlines() == [
        "正在检查网络，请等 2 分钟。",
        "Checking the connection. Please wait two minutes.",
    ]
    assert "unsure" not in screen.shows("unsure", after=UNSURE_NEWS_S - 1)


def test_unsure_that_lasts_is_said(screen: Screen) -> None:
    screen.shows("unsure")
    assert "(unsure)" in screen.shows("unsure", after=UNSURE_NEWS_S)


def test_each_unsure_time_begins_anew(screen: Screen) -> None:
    screen.shows("unsure")
    assert screen.shows("ok", after=UNSURE_NEWS_S) == ""
    assert "Checking" in screen.shows("unsure", after=PUBLISH_GAP_S)


def test_a_verdict_is_said_at_once(screen: Screen) -> None:
    screen.shows("unsure")
    assert "(sim.absent)" in screen.shows("sim.absent", after=1.0)


def test_a_message_that_did_not_change_is_not_written_again(screen: Screen) -> None:
    screen.shows("sim.absent")
    before = (screen.folder / "message.txt").stat().st_ino
    screen.shows("sim.absent", after=PUBLISH_GAP_S)
    assert (screen.folder / "message.txt").stat().st_ino == before


def test_a_message_that_somebody_took_away_comes_back(screen: Screen) -> None:
    said = screen.shows("sim.absent")
    (screen.folder / "message.txt").unlink()
    assert screen.shows("sim.absent", after=PUBLISH_GAP_S) == said


def test_the_status_rests_while_nothing_changes_but_not_for_long(screen: Screen) -> None:
    for _ in range(4):
        screen.shows("ok", after=60.0)
    assert screen.told == 1
    screen.shows("ok", after=REST_S)
    assert screen.told == 2


def test_a_power_switch_that_is_asked_for_is_shown_though_the_verdict_stays(screen: Screen) -> None:
    before = screen.shows("modem.silent")
    screen.asks = True
    after = screen.shows("modem.silent", after=60.0)
    assert after != before


def test_what_could_not_be_written_is_written_with_the_next_look(screen: Screen) -> None:
    screen.publisher._run_dir = screen.folder / "missing"
    screen.publisher.looked(None)
    screen.publisher._run_dir = screen.folder
    assert screen.shows("ok", after=PUBLISH_GAP_S) == ""
