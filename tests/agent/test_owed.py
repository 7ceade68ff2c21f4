"""What was switched off is switched on by the next start; tests/agent/workers/test_modem_owed.py: on a modem."""

import json
import os
from pathlib import Path

import pytest

from agent.owed import FILE, MAX_BYTES, MOST, Owed


def test_what_is_owed_outlives_us_until_it_is_settled(tmp_path: Path) -> None:
    Owed(tmp_path).note(("AT+CFUN=1",))
    again = Owed(tmp_path)
    assert again.commands == ("AT+CFUN=1",)
    again.settle()
    assert again.commands == Owed(tmp_path).commands == ()


def test_what_is_noted_can_be_read_by_us_alone(tmp_path: Path) -> None:
    Owed(tmp_path).note(("AT+CGATT=1",))
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_only_what_switches_something_on_is_taken_from_the_file(tmp_path: Path) -> None:
    foreign = ["AT+CFUN=1,1", "AT+CFUN=0", "AT+CFUN=1\rATD112;", 1, None, ["AT+CFUN=1"], "AT+CGACT=1,3"]
    (tmp_path / FILE).write_text(json.dumps(foreign))
    assert Owed(tmp_path).commands == ("AT+CGACT=1,3",)


def test_no_more_is_taken_than_we_ever_write(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps(["AT+CFUN=1"] * 9))
    assert len(Owed(tmp_path).commands) == MOST


@pytest.mark.parametrize(
    "content", [b"", b"{", b'"AT+CFUN=1"', b"7", b"\xff\xfe", b"[" * MAX_BYTES, b'["AT+CFUN=1"' + b" " * MAX_BYTES]
)
def test_a_note_that_cannot_be_read_owes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert Owed(tmp_path).commands == ()


def test_a_pipe_or_a_link_in_its_place_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    assert Owed(tmp_path).commands == ()
    (tmp_path / FILE).unlink()
    (tmp_path / "else.json").write_text('["AT+CFUN=1"]')
    (tmp_path / FILE).symlink_to(tmp_path / "else.json")
    assert Owed(tmp_path).commands == ()


def test_without_a_folder_nothing_is_kept() -> None:
    owed = Owed(None)
    owed.note(("AT+CFUN=1",))
    assert owed.commands == ("AT+CFUN=1",)
    owed.settle()
    assert Owed(None).commands == ()
