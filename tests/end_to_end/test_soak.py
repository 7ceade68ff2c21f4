"""Hours of everything at full speed leave no thread and no open file behind. bench/soak.py has whole days."""

from pathlib import Path

from tests.fakes.centre_process import CentreProcess
from tests.fakes.eventually import eventually
from tests.fakes.fast_day import fast_day

HOURS = 2
GROWTH_KB = 3000
GROWTH_BLOCKS = 3000
"""More than any hour may take; bench/soak.py looks closer."""


def test_hours_of_faults_leases_and_questions_leave_nothing_behind(tmp_path: Path) -> None:
    centre = CentreProcess(tmp_path, flags=("--rate-per-minute", "0"))
    credential = centre.register("T1")
    centre.start()
    try:
        with fast_day(tmp_path, HOURS, f'url = "{centre.url}"\ncredential_file = "{credential}"') as day:
            day.hour()
            first = day.figures()
            day.hour()
            second = eventually(lambda: day.figures_within(first), "threads and files of the moment are gone again")
            assert not day.ended, "the daemon wanted to end"
    finally:
        centre.stop()
    assert second.memory_kb - first.memory_kb < GROWTH_KB
    assert second.blocks - first.blocks < GROWTH_BLOCKS
    assert second.waiting <= 3, "what is said reaches the centre"
    gone = [name for name in ("exchanges", "timeouts", "restarts", "leases", "rehearsed", "hooks", "sent")
            if getattr(second, name) <= getattr(first, name)]  # fmt: skip
    assert not gone, "each of these went on"
