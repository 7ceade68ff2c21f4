"""Logging: one safe bounded line an event, whoever's text it carries."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from agent import log


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
