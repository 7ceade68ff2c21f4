"""docs/modem.md: its tables are the code's, its example runs."""

import re
import runpy
from pathlib import Path

import pytest

import modem.errors
from modem.dialect import Effect
from modem.simulator import VirtualModem

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "modem.md").read_text(encoding="utf-8")


def test_its_tables_are_those_of_the_code() -> None:
    assert runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"]["docs/modem.md"]() == PAGE, (
        "run python docs/generate.py"
    )


def test_its_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)
    assert len(example.splitlines()) <= 14
    with VirtualModem("healthy-lte") as device:
        exec(compile(example.replace("/dev/ttyUSB2", device), "docs/modem.md", "exec"), {})  # noqa: S102 - our own page
    said = capsys.readouterr().out
    assert "Quectel EC20F speaks quectel" in said
    assert "Signal(" in said


@pytest.mark.parametrize(
    "error",
    [kind.__name__ for kind in vars(modem.errors).values() if isinstance(kind, type) and issubclass(kind, Exception)],
)
def test_every_error_is_explained(error: str) -> None:
    assert f"`{error}`" in PAGE or error == "ModemError"


@pytest.mark.parametrize("effect", list(Effect))
def test_every_effect_is_explained(effect: Effect) -> None:
    assert f"| `{effect.value}` |" in PAGE
