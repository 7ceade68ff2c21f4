"""`posagent diag --watch`: before and after, until all is well, and always an end."""

import io
import json
from collections.abc import Iterator

import pytest

from agent.assess.diagnosis import diagnose
from agent.cli import main
from agent.cli.context import CliError, Context, Lang, Output
from agent.cli.diag_looked import Looked
from agent.cli.diag_watch import Watching, watch
from agent.report import diag_report
from agent.sample.base import Snapshot
from tests.fakes.snapshots import but, healthy, off_network

NO_CARD = but(off_network("idle"), sim__state="absent")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Bench:
    """Looks that are prepared, a clock, and a person who presses Enter."""

    def __init__(self, *seen: Snapshot | Exception, lang: Lang = "zh", as_json: bool = False) -> None:
        self.seen: Iterator[Snapshot | Exception] = iter(seen)
        self.now = 0.0
        self.pauses: list[tuple[float, bool]] = []
        self.out, self.errors = Terminal(), Terminal()
        self.context = Context(lang=lang, json=as_json, out=Output(self.out, self.errors))
        self.there = True

    def once(self) -> Looked:
        snapshot = next(self.seen)
        if isinstance(snapshot, BaseException):
            raise snapshot
        report = diag_report(
            snapshot, diagnose(snapshot), lang=self.context.lang, via="direct", duration_s=0, data_cost_bytes=0
        )
        return Looked(report)

    def show(self, looked: Looked) -> None:
        if self.context.json:
            self.context.out.json(looked.report)
        else:
            self.context.out.line(f"<{looked.report['verdict']['code']}>")

    def pause(self, seconds: float, *, enter: bool) -> bool:
        self.pauses.append((seconds, enter))
        self.now += seconds if not enter else 20.0
        return self.there

    def watch(self, seconds: float = 600.0, every_s: float | None = None) -> int:
        watching = Watching(seconds, every_s, lambda: self.now, self.pause)
        return watch(self.once, self.show, self.context, watching)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the keyboard."""
    monkeypatch.setattr("sys.stdin", Terminal())


def test_enter_looks_again_and_shows_before_and_after(person: None) -> None:
    bench = Bench(NO_CARD, healthy())
    assert bench.watch() == 0
    told = bench.out.getvalue()
    assert "按回车再查" in told
    assert "没有检测到 SIM 卡 → 一切正常" in told
    assert "现在没有发现问题" in told
    assert [enter for _, enter in bench.pauses] == [True]


def test_the_same_verdict_is_not_shown_in_full_again(person: None) -> None:
    bench = Bench(NO_CARD, NO_CARD, healthy(), lang="en")
    bench.watch()
    assert bench.out.getvalue().count("<sim.absent>") == 1
    assert "same verdict" in bench.out.getvalue()


def test_changed_readings_are_shown_side_by_side(person: None) -> None:
    bench = Bench(NO_CARD, but(NO_CARD, signal__rsrp_dbm=-80.0), healthy(), lang="en")
    bench.watch()
    assert " → excellent · RSRP -80 dBm" in bench.out.getvalue() or "RSRP -80 dBm" in bench.out.getvalue()


@pytest.mark.usefixtures("person")
def test_it_ends_when_its_time_is_over_with_the_code_of_the_last_verdict() -> None:
    bench = Bench(*[NO_CARD] * 10)
    assert bench.watch(seconds=50) == 3
    assert len(bench.pauses) == 3
    assert "时间到" in bench.out.getvalue()


def test_without_a_person_it_says_a_line_each_time() -> None:
    bench = Bench(NO_CARD, healthy(), lang="en")
    bench.context.out = Output(io.StringIO(), bench.errors)
    assert bench.watch(every_s=5) == 0
    first, second = bench.context.out.stream.getvalue().splitlines()  # type: ignore[attr-defined]
    assert "sim.absent (high)" in first
    assert second.endswith("<- sim.absent")
    assert bench.pauses == [(5, False)]


def test_json_is_a_report_a_line() -> None:
    bench = Bench(NO_CARD, healthy(), as_json=True)
    assert bench.watch() == 0
    codes = [json.loads(line)["verdict"]["code"] for line in bench.out.getvalue().splitlines()]
    assert codes == ["sim.absent", "ok"]


def test_ctrl_c_ends_with_the_code_of_the_last_verdict(person: None) -> None:
    bench = Bench(NO_CARD, healthy())

    def interrupted(seconds: float, *, enter: bool) -> bool:
        raise KeyboardInterrupt

    assert watch(bench.once, bench.show, bench.context, Watching(600, None, lambda: 0.0, interrupted)) == 3


def test_ctrl_c_before_the_first_verdict_is_an_interruption(person: None) -> None:
    bench = Bench()

    def once() -> Looked:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch(once, bench.show, bench.context, Watching(600))


def test_a_daemon_that_is_busy_now_is_asked_again(person: None) -> None:
    bench = Bench(CliError("a payment is under way", 4), healthy())
    assert bench.watch() == 0
    assert "a payment is under way" in bench.errors.getvalue()


def test_nobody_at_the_keyboard_any_more_ends_it(person: None) -> None:
    bench = Bench(NO_CARD)
    bench.there = False
    assert bench.watch() == 3


@pytest.mark.parametrize(
    "words",
    [["--every", "0"], ["--every", "x"], ["--for", "1e9"], ["--bundle", "/tmp/x", "--watch"], ["--qr", "--json"]],
)
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diag", *words]) == 2
    assert len((capsys.readouterr().err + "x").splitlines()) <= 2


def test_a_real_terminal_looks_again_when_enter_is_pressed() -> None:
    import os
    import pty
    import select
    import subprocess
    import sys

    master, slave = pty.openpty()
    # a suite that a shell began in the background ignores SIGINT, and so would all that it starts
    words = ["env", "--default-signal=INT", sys.executable, "-m", "agent.cli"]
    words += ["diag", "--watch", "--port", "/dev/no-such-port", "--lang", "en"]
    with subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, start_new_session=True) as process:
        os.close(slave)
        shown = b""

        def until(mark: bytes) -> None:
            nonlocal shown
            while mark not in shown and select.select([master], [], [], 60)[0]:
                shown += os.read(master, 4096)
            assert mark in shown
            shown = shown.partition(mark)[2]

        until(b"press Enter")
        os.write(master, b"\n")
        until(b"same verdict")
        until(b"press Enter")
        process.send_signal(2)
        assert process.wait(60) == 11
    os.close(master)
