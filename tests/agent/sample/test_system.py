"""This boot, this clock, this disk. A wrong clock must not speak; a good one must not be doubted for being offline."""

import os
from pathlib import Path

import pytest

from agent.sample.base import ClockView
from agent.sample.kernel import Roots
from agent.sample.system import (
    BUILT,
    NETWORK_TOLERANCE_S,
    against_network,
    boot_id,
    clock_view,
    free_bytes,
    kernel_synchronised,
    read_system,
    service_synchronised,
    uptime_s,
)

NOW = BUILT + 300 * 86_400.0
NOBODY = ClockView(trusted=None, why="nobody")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A machine with nothing that vouches for its clock."""
    return tmp_path


def judged(wall: float, root: Path, kernel: bool | None = None) -> bool | None:
    return clock_view(wall, kernel=kernel, roots=Roots(root / "sys", root / "proc"), root=root).trusted


@pytest.mark.parametrize("wall", [0.0, BUILT - 1, 5e9, 1e18, -1e18])
def test_impossible_times_are_known_to_be_wrong_whatever_the_kernel_says(bare: Path, wall: float) -> None:
    assert judged(wall, bare, kernel=True) is False


def test_nobody_vouches_for_a_bare_machine(bare: Path) -> None:
    assert judged(NOW, bare, kernel=False) is None


def test_a_synchronised_clock_is_trusted(bare: Path) -> None:
    assert judged(NOW, bare, kernel=True) is True


def test_timesyncd_s_word_is_enough(bare: Path) -> None:
    (bare / "run/systemd/timesync").mkdir(parents=True)
    (bare / "run/systemd/timesync/synchronized").touch()
    assert judged(NOW, bare) is True


def test_a_clock_behind_the_last_synchronisation_is_wrong(bare: Path) -> None:
    stamp = bare / "var/lib/systemd/timesync/clock"
    stamp.parent.mkdir(parents=True)
    stamp.touch()
    os.utime(stamp, (NOW, NOW))
    assert judged(NOW - 86_400, bare) is False
    assert judged(NOW + 86_400, bare) is None


def test_a_hardware_clock_vouches_while_offline(bare: Path) -> None:
    (bare / "sys/class/rtc/rtc0").mkdir(parents=True)
    (bare / "sys/class/rtc/rtc0/hctosys").write_text("1\n")
    assert judged(NOW, bare) is True


@pytest.mark.parametrize(("ahead_s", "trusted"), [(0, True), (14 * 3600, True), (-14 * 3600, True), (2.3e9, None)])
def test_the_hardware_clock_vouches_for_no_time_that_somebody_set_since(
    bare: Path, ahead_s: float, trusted: bool | None
) -> None:
    (bare / "sys/class/rtc/rtc0").mkdir(parents=True)
    (bare / "sys/class/rtc/rtc0/hctosys").write_text("1\n")
    (bare / "sys/class/rtc/rtc0/since_epoch").write_text(f"{NOW:.0f}\n")
    assert judged(NOW + ahead_s, bare) is trusted


@pytest.mark.parametrize(
    ("network", "trusted"),
    [
        (NOW + NETWORK_TOLERANCE_S, True),
        (NOW - NETWORK_TOLERANCE_S, True),
        (NOW + 2 * 86_400, False),
        (NOW - 2 * 86_400, None),
        (NOW + 3600, None),
        (0.0, None),
        (1e12, None),
        (None, None),
    ],
)
def test_the_network_s_time_vouches_and_convicts_but_an_old_one_does_neither(
    network: float | None, trusted: bool | None
) -> None:
    assert against_network(NOBODY, NOW, network).trusted is trusted


def test_a_trusted_clock_says_why() -> None:
    assert against_network(NOBODY, NOW, NOW).why == "agrees with the mobile network's time"


def test_this_machine_can_be_read(tmp_path: Path) -> None:
    part = read_system(NOW, tmp_path)
    assert part.boot_id == boot_id()
    assert part.uptime_s is not None
    assert part.uptime_s > 0
    assert part.free_bytes is not None
    assert kernel_synchronised() in (True, False, None)


@pytest.mark.parametrize(("said", "known"), [("yes", True), ("no", False), ("perhaps", None), ("", None)])
def test_the_time_service_is_asked_where_the_kernel_may_not_be(said: str, known: bool | None) -> None:
    assert service_synchronised(("echo", said)) is known


def test_no_time_service_is_no_answer() -> None:
    assert service_synchronised(("/no/such/timedatectl",)) is None


def test_the_time_service_is_asked_once_an_hour(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    command = ("sh", "-c", f"echo x >> {asked}; echo yes")
    assert [service_synchronised(command), service_synchronised(command)] == [True, True]
    assert asked.read_text() == "x\n"


def test_a_machine_without_proc_says_nothing(bare: Path) -> None:
    roots = Roots(bare / "sys", bare / "proc")
    assert (boot_id(roots), uptime_s(roots)) == (None, None)


def test_free_space_of_a_directory_that_will_be_made_is_that_of_the_one_above(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") is not None
