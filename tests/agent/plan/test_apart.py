"""The carrier's messages are read in a process that is gone when the errand is over."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from agent.plan.apart import KNOWN, MAX_ASKED, Apart, read, serve
from agent.sample.base import PlanFact

BALANCE = "尊敬的客户，您的话费余额为12.30元【中国移动】"
ANSWER = [{"fact": "balance", "value": "1", "source": "carrier_sms", "at": None, "text": None}]


def scripted(tmp_path: Path, body: str) -> tuple[str, ...]:
    """A reader that notes its pid and each line it is asked, then does `body` (of `line`)."""
    note = f"import os, sys, time\nopen({str(tmp_path / 'pids')!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
    loop = f"for line in sys.stdin:\n    open({str(tmp_path / 'asked')!r}, 'a').write(line)\n    {body}\n"
    return (sys.executable, "-c", note + loop)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_text_apart_has_the_facts_it_has_here() -> None:
    with Apart() as apart:
        for text, sender, way in ((BALANCE, "10086", "carrier_sms"), ("您的余额是15.5元", None, "carrier_ussd")):
            assert apart(text, sender, 1.8e9, way) == tuple(read(text, sender, 1.8e9, way)) != ()  # type: ignore[arg-type]


def test_the_process_is_there_from_the_first_text_to_the_end_and_no_text_is_read_twice(tmp_path: Path) -> None:
    apart = Apart(scripted(tmp_path, f"print({json.dumps(ANSWER)!r}, flush=True)"))
    with apart:
        assert lines(tmp_path / "pids") == []
        for text in ("a", "b", "a"):
            assert apart(text, "10086", None, "carrier_sms") == (PlanFact("balance", "1", "carrier_sms"),)
    with apart:
        apart("b", "10086", None, "carrier_sms")
    assert len(lines(tmp_path / "asked")) == 2
    (pid,) = lines(tmp_path / "pids")
    assert is_gone(int(pid))


def test_a_text_that_takes_for_ever_has_no_facts_and_ends_the_reading_of_this_errand(tmp_path: Path) -> None:
    apart = Apart(scripted(tmp_path, "time.sleep(3600)"), read_s=0.0)
    with apart:
        assert apart("slow", None, None, "carrier_ussd") == ()
        assert apart("next", None, None, "carrier_ussd") == ()
        assert apart._child is None
    apart._command = scripted(tmp_path, f"print({json.dumps(ANSWER)!r}, flush=True)")
    apart._read_s = 60.0
    with apart:
        assert apart("slow", None, None, "carrier_ussd") == ()
        assert apart("next", None, None, "carrier_ussd") != ()


@pytest.mark.parametrize(
    "body", ["sys.exit(1)", "print('x', flush=True)", "print('[{}]', flush=True)", "print('a' * 99999)"]
)
def test_a_reader_that_fails_is_asked_again_at_the_next_errand(tmp_path: Path, body: str) -> None:
    apart = Apart(scripted(tmp_path, body), read_s=60.0)
    for times in (1, 2):
        with apart:
            assert apart("text", None, None, "carrier_ussd") == ()
        assert len(lines(tmp_path / "asked")) == times


def test_no_process_is_no_fact() -> None:
    with Apart(("/nonexistent",)) as apart:
        assert apart(BALANCE, "10086", None, "carrier_sms") == ()


def test_what_is_remembered_is_bounded(tmp_path: Path) -> None:
    with Apart(scripted(tmp_path, "print('[]', flush=True)"), read_s=60.0) as apart:
        for number in range(KNOWN + 1):
            apart(str(number), None, None, "carrier_ussd")
        assert len(apart._known) == KNOWN
        apart("0", None, None, "carrier_ussd")
        apart(str(KNOWN), None, None, "carrier_ussd")
    assert len(lines(tmp_path / "asked")) == KNOWN + 2


def test_a_text_without_end_is_cut_and_odd_signs_come_through(tmp_path: Path) -> None:
    with Apart(scripted(tmp_path, "print('[]', flush=True)"), read_s=60.0) as apart:
        apart("\udc80\n\x00余" * MAX_ASKED, None, None, "carrier_ussd")
    (line,) = lines(tmp_path / "asked")
    assert len(json.loads(line)[0]) == MAX_ASKED


def test_each_line_is_answered_with_a_line() -> None:
    asked = "".join(json.dumps([text, "10086", None, "carrier_sms"]) + "\n" for text in (BALANCE, "hello"))
    answers = io.BytesIO()
    serve(io.BytesIO(asked.encode()), answers)
    first, second = map(json.loads, answers.getvalue().splitlines())
    assert [(one["fact"], one["value"]) for one in first] == [("balance", "12.30")]
    assert second == []
