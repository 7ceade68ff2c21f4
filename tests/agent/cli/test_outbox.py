"""`posagent outbox`."""

import base64
import json
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.outbox.base import Record, RecordClass
from agent.outbox.sqlite import SqliteOutbox
from agent.wire import stored

AT = 1_790_000_000.0


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    """Options that point every command at this test's own state."""
    config = tmp_path / "config.toml"
    config.write_text(f'[paths]\nstate_dir = "{tmp_path}"\nrun_dir = "{tmp_path}"\n')
    return ["--config", str(config), "--lang", "en"]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "outbox.db"
    with closing(SqliteOutbox(path)) as box:
        first, bad, _ = box.put_many(
            [
                Record(RecordClass.CHANGE, AT, stored("verdict", AT, {"code": "plan.expired", "zh": "套餐已过期"})),
                Record(RecordClass.CHANGE, AT, stored("verdict", AT, {})),
                Record(RecordClass.HISTORY, AT, b"\xff not json"),
            ]
        )
        box.defer([first], AT + 60, "no route\x1b[2J")
        box.reject(bad, "unknown code")
    return path


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_people_see_what_waits_and_why(place: list[str], filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "list", *place]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("2 waiting,")
    assert lines[2].split() == ["1", "change", "2026-09-21T14:13:20Z", "verdict", "1", "no", "route\\x1b[2J"]
    assert lines[3].split()[:4] == ["3", "history", "2026-09-21T14:13:20Z", "?"]


def test_programs_see_the_same_facts(place: list[str], filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "list", "--json", *place]) == 0
    facts = printed(capsys)
    assert facts["waiting"] == {"change": 1, "plan_fact": 0, "heartbeat": 0, "history": 1, "bundle": 0}
    assert facts["entries"][0]["record"]["body"] == {"code": "plan.expired", "zh": "套餐已过期"}
    assert base64.b64decode(facts["entries"][1]["raw"]) == b"\xff not json"


def test_what_was_rejected_is_shown_with_the_reason(
    place: list[str], filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outbox", "list", "--rejected", "--json", *place]) == 0
    (entry,) = printed(capsys)["rejected"]
    assert (entry["seq"], entry["last_error"]) == (2, "unknown code")


def test_the_list_is_short_unless_asked(place: list[str], filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "list", "--limit", "1", *place]) == 0
    assert "… and 1 more" in capsys.readouterr().out


def test_it_looks_while_another_process_has_it_open(
    place: list[str], filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(SqliteOutbox(filled)) as box:
        box.put(Record(RecordClass.CHANGE, AT, b"{}"))
        assert main(["outbox", "list", "--json", *place]) == 0
        assert printed(capsys)["waiting"]["change"] == 2


def test_an_export_holds_everything_one_record_a_line(
    place: list[str], filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "waiting.jsonl"
    assert main(["outbox", "export", "--output", str(target), *place]) == 0
    assert [json.loads(line)["seq"] for line in target.read_text().splitlines()] == [1, 3]
    assert main(["outbox", "export", "--output", str(target), *place]) == 1
    assert "exists" in capsys.readouterr().err


def test_an_export_goes_to_standard_output_as_well(
    place: list[str], filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outbox", "export", *place]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_no_outbox_yet_is_said(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "list", *place]) == 1
    assert "there is none yet" in capsys.readouterr().err


def test_a_file_that_is_no_outbox_is_said_and_left_alone(
    place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "odd.db"
    odd.write_bytes(b"not a database at all" * 100)
    assert main(["outbox", "list", "--file", str(odd), *place]) == 1
    assert "no outbox" in capsys.readouterr().err
    assert odd.read_bytes() == b"not a database at all" * 100


class Daemon:
    """Answers the flush as the daemon does: at once, and does the work afterwards."""

    def __init__(self, run_dir: Path, work: Callable[[], object]) -> None:
        self._work = work
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(run_dir / "control.sock"))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        sock, _ = self._listener.accept()
        with sock:
            assert json.loads(sock.recv(1000)) == {"op": "outbox_flush"}
            sock.sendall(b'{"ok": true, "result": {"asked": true}}\n')
        self._work()


def test_flush_waits_until_the_daemon_has_sent_everything(
    place: list[str], filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        closing(SqliteOutbox(filled)) as box,
        Daemon(tmp_path, lambda: box.ack([entry.key for entry in box.entries(9)])),
    ):
        assert main(["outbox", "flush", "--json", *place]) == 0
    assert printed(capsys) == {"waiting": 0, "sent": 2, "last_error": None}


def test_flush_that_fails_says_why(
    place: list[str], filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        closing(SqliteOutbox(filled)) as box,
        Daemon(tmp_path, lambda: box.defer([entry.key for entry in box.entries(9)], AT, "no way there")),
    ):
        assert main(["outbox", "flush", *place]) == 3
    assert "0 sent, 2 still waiting\nno way there" in capsys.readouterr().out


def test_flush_without_a_daemon_says_so(place: list[str], filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "flush", *place]) == 12


@pytest.mark.parametrize("limit", ["0", "-1", "many", "9" * 40])
def test_odd_limits_are_refused_or_harmless(
    place: list[str], filled: Path, capsys: pytest.CaptureFixture[str], limit: str
) -> None:
    assert main(["outbox", "list", "--limit", limit, *place]) == 2
