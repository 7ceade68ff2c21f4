"""docs/central.md tells every setting with its default, every route and every exit code."""

import re
import tomllib
from pathlib import Path

import pytest

from central.cli import COMMANDS
from central.config import Settings

TEXT = (Path(__file__).parents[2] / "docs" / "central.md").read_text(encoding="utf-8")


def test_the_settings_shown_are_the_defaults() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    shown = tomllib.loads(block)
    assert shown == Settings().model_dump()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told(command: str) -> None:
    assert f"posagent-central {command}" in TEXT


@pytest.mark.parametrize(
    "code",
    ["bad_json", "bad_batch", "unknown_version", "cut_off", "unauthorized", "too_large", "unavailable",
     "encoding_not_supported", "too_many_requests", "method_not_allowed", "bad_body", "bad_record",
     "too_long", "unknown_type"],
)  # fmt: skip
def test_every_error_code_is_told(code: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "central").rglob("*.py")]
    assert f"`{code}`" in TEXT
    assert any(f'"{code}"' in source for source in sources)


def test_every_code_of_the_api_is_told() -> None:
    made = re.compile(r"""(?:ApiError\(\d+, |_refuse\([^"]*\d, |StoreRefused\([^()]*?, |    code = )"([a-z_]+)\"""")
    sources = (path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "central").rglob("*.py"))
    codes = {code for source in sources for code in made.findall(source)} - {"bad_form"}  # said to people only
    assert {"bad_query", "wrong_state", "renewed_already", "too_soon", "unauthorized"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in TEXT] == []


def test_no_error_code_is_left_out() -> None:
    source = (Path(__file__).parents[2] / "central" / "ingest" / "http.py").read_text(encoding="utf-8")
    assert all(f"`{code}`" in TEXT for code in re.findall(r'Refused\(\d+, "([a-z_]+)"', source))
