"""The centre's log: a line an event, for people or as JSON; values have names."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.log import Format, configure

CENTRAL = Path(__file__).parents[2] / "central"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
log = logging.getLogger("central.test")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn.error")
    handlers, levels = root.handlers[:], (root.level, uvicorn.level)
    root.handlers[:] = []  # pytest's own would be closed
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    uvicorn.setLevel(levels[1])


def logging_as(format_: Format, level: str = "info") -> io.StringIO:
    out = io.StringIO()
    configure(level, format_, out)
    return out


def test_for_people_the_values_stand_in_the_sentence() -> None:
    out = logging_as("text")
    log.warning("incident: %(kind)s, %(terminals)d terminals", {"kind": "apn", "terminals": 40})
    assert out.getvalue() == "WARNING central.test: incident: apn, 40 terminals\n"


def test_as_json_they_stand_under_their_names_too() -> None:
    out = logging_as("json")
    log.warning("incident: %(kind)s, %(terminals)d terminals", {"kind": "apn", "terminals": 40})
    said = json.loads(out.getvalue())
    assert said.pop("at") > 1_700_000_000
    assert said == {
        "level": "warning", "who": "central.test", "event": "incident: apn, 40 terminals", "kind": "apn",
        "terminals": 40,
    }  # fmt: skip


FOREIGN = "a\nERROR central.test: b\x1b[2J"


def test_foreign_text_begins_no_line_of_its_own() -> None:
    out = logging_as("text")
    log.info("refused: %(why)s", {"why": FOREIGN})
    first, second = out.getvalue().splitlines()
    assert first == "INFO central.test: refused: a"
    assert second.startswith("  ERROR")
    assert "\x1b" not in second


def test_foreign_text_stays_in_its_object() -> None:
    out = logging_as("json")
    log.info("refused: %(why)s", {"why": FOREIGN})
    (line,) = out.getvalue().splitlines()
    assert json.loads(line)["why"] == "a\\x0aERROR central.test: b\\x1b[2J"


def test_a_value_cannot_stand_in_for_the_event() -> None:
    out = logging_as("json")
    log.info("%(event)s at %(level)s", {"event": "x", "level": "none"})
    said = json.loads(out.getvalue())
    assert (said["event"], said["level"]) == ("x at none", "info")


def test_a_traceback_is_part_of_its_object() -> None:
    out = logging_as("json")
    try:
        raise ValueError("no")
    except ValueError:
        log.exception("a mistake")
    said = json.loads(out.getvalue())
    assert said["trace"][-1] == "ValueError: no"


def test_less_than_the_level_is_not_written() -> None:
    out = logging_as("text", "error")
    log.warning("nothing")
    assert out.getvalue() == ""


def test_every_value_in_a_message_of_the_centre_has_a_name() -> None:
    calls = [
        (path.name, call) for path in CENTRAL.rglob("*.py") for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS
        and isinstance(call.func.value, ast.Name) and call.func.value.id == "log"
    ]  # fmt: skip
    nameless = [
        (name, call.lineno) for name, call in calls
        if "%s" in ast.unparse(call.args[0]) or "%d" in ast.unparse(call.args[0]) or len(call.args) > 2
    ]  # fmt: skip
    assert len(calls) > 30
    assert not nameless
