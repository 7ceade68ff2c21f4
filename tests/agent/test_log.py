"""Logging: one safe bounded line an event, whoever's text it carries."""

import io
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import log
from agent.log_limit import ALIKE, ALL, MAX_KINDS, SAME, WINDOW_S, Limit
from tests.fakes.clock import FakeClock


@pytest.fixture
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def line(style: log.Style, **event: object) -> str:
    return log.Renderer(style, now=lambda: 1_790_000_000.0).line(event)


def test_under_the_journal_a_line_has_a_priority_and_no_time() -> None:
    assert line("journal", level="warning", who="modem", event="silent", after_s=5) == "<4>modem: silent after_s=5"


def test_for_people_a_line_has_its_time() -> None:
    assert "WARNING modem: silent" in line("text", level="warning", who="modem", event="silent")


def test_json_is_one_object() -> None:
    assert json.loads(line("json", level="info", event="x", a=1)) == {
        "at": 1_790_000_000.0, "level": "info", "event": "x", "a": 1,
    }  # fmt: skip


@given(st.text(max_size=50), st.text(max_size=50), st.sampled_from(["journal", "text", "json"]))
def test_nothing_can_break_a_line_or_command_a_terminal(event: str, value: str, style: log.Style) -> None:
    shown = line(style, event=event, value=value)
    assert not any(char in shown for char in "\n\r\x1b\x00\u202e\u2028")


@pytest.mark.parametrize(
    "event",
    [
        {"event": "x", "secret": "hunter2"},
        {"event": "x", "credential_file_content": "hunter2"},
        {"event": "Authorization: Bearer hunter2hunter2"},
        {"event": 'sent AT+CPIN="hunter2"'},
        {"event": 'no answer to AT+CGAUTH=1,1,"shop","hunter2"'},
        {"event": "at^cpin = hunter2"},
        {"event": "x", "why": "https://user:hunter2@centre.example/"},
        {"event": "x", "exc_info": ValueError("password=hunter2")},
    ],
)
@pytest.mark.parametrize("style", ["journal", "json"])
def test_secrets_are_blanked(event: dict[str, object], style: log.Style) -> None:
    shown = line(style, **event)
    assert "hunter2" not in shown
    assert log.BLANK in shown


@pytest.mark.parametrize("style", ["journal", "json"])
def test_an_endless_text_is_cut(style: log.Style) -> None:
    assert len(line(style, event="x" * 100_000)) < log.MAX_LINE + 100


@pytest.mark.usefixtures("_as_before")
def test_libraries_and_agent_come_out_alike() -> None:
    stream = io.StringIO()
    log.configure("info", "text", stream)
    logging.getLogger("modem.engine").warning("late answer to %s", "AT+CSQ")
    log.logger("uplink").info("sent", records=3)
    log.logger("uplink").debug("not shown")
    modem, uplink = stream.getvalue().splitlines()
    assert modem.endswith("WARNING modem.engine: late answer to AT+CSQ")
    assert uplink.endswith("INFO    uplink: sent records=3")


@pytest.mark.usefixtures("_as_before")
def test_an_error_is_told_with_its_place() -> None:
    stream = io.StringIO()
    log.configure("info", "text", stream)
    try:
        raise ValueError("no\nway")
    except ValueError as error:
        log.logger("x").error("failed", exc_info=error)
    assert "ValueError: no\\nway at test_an_error_is_told_with_its_place:" in stream.getvalue()


@pytest.mark.usefixtures("_as_before")
def test_a_closed_stream_stops_nobody() -> None:
    stream = io.StringIO()
    log.configure("info", "text", stream)
    stream.close()
    log.logger("x").info("into the void")
    logging.getLogger("lib").error("%d", "not a number")


def test_the_journal_gets_each_value_as_a_field_of_its_own() -> None:
    said = line("fields", event="verdict\nPRIORITY=0", level="warning", who="watch", now="plan.expired", token="t0p")
    fields = dict(part.partition("=")[::2] for part in said.split("\n"))
    assert fields == {
        "MESSAGE": "watch: verdict\\x0aPRIORITY=0 now=plan.expired token=***",
        "PRIORITY": "4",
        "SYSLOG_IDENTIFIER": "posagent",
        "POSAGENT_WHO": "watch",
        "POSAGENT_EVENT": "verdict\\x0aPRIORITY=0",
        "POSAGENT_NOW": "plan.expired",
        "POSAGENT_TOKEN": "***",
    }


def test_a_journal_that_does_not_listen_is_replaced_by_standard_error(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    out = io.StringIO()
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as journal:
        journal.bind(path)
        writer = log._Fields(out, path)
        writer.info("MESSAGE=one\nPRIORITY=6")
        assert journal.recv(4096) == b"MESSAGE=one\nPRIORITY=6\n"
    writer.info("MESSAGE=two\nPRIORITY=3")
    assert out.getvalue() == "<3>two\n"
    writer.close()


def test_what_repeats_itself_is_held_back_and_counted() -> None:
    clock = FakeClock()
    limit = Limit(clock.monotonic)
    event = {"level": "error", "who": "watch", "event": "cannot write"}
    assert [limit.admit(event) for _ in range(SAME + 20)] == [0] * SAME + [None] * 20
    others = [limit.admit(event | {"why": n}) for n in range(ALIKE)]
    assert others.count(None) == SAME
    assert limit.admit(event | {"event": "something else"}) == 0
    clock.advance(WINDOW_S)
    assert limit.admit(event) == SAME
    assert limit.admit(event) == 0


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(0, 100)), max_size=2000))
@settings(max_examples=20)
def test_however_much_happens_the_log_stays_small(events: list[tuple[str, float]]) -> None:
    clock = FakeClock()
    limit = Limit(clock.monotonic)
    passed: list[float] = []
    for text, seconds in events:
        clock.advance(seconds)
        if limit.admit({"event": text}) is not None:
            passed.append(clock.monotonic())
    for begin in passed:
        assert sum(begin <= at < begin + WINDOW_S for at in passed) <= 2 * ALL
    assert len(limit._counts) <= MAX_KINDS + 1


@pytest.mark.usefixtures("_as_before")
def test_libraries_are_bounded_too_and_debug_shows_all() -> None:
    for level, most in (("info", SAME), ("debug", 50)):
        out = io.StringIO()
        log.configure(cast("Any", level), "text", out)
        for _ in range(50):
            logging.getLogger("modem").warning("strange")
        assert out.getvalue().count("strange") == most
