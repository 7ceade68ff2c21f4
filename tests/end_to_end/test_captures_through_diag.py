"""Every recorded modem, played on a pty, through `posagent diag --json`: exactly the facts that the recording holds.

expected_captures.toml has them, read by a person from the recordings: a fact that is not there is invented, one that is
missing here was lost. Identity that a recording lacks is played from its head, so it is expected too.
"""

import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.examine import WHOLE_S
from modem.simulator import VirtualModem, load

CAPTURES = Path(__file__).parents[1] / "modem" / "captures"
EXPECTED: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "expected_captures.toml").read_text(encoding="utf-8")
)
FACTS = ("modem", "sim", "network", "signal", "data")
CONFIG = """
[modem]
interface = ""
command_timeout_s = 4.0
[paths]
state_dir = "{directory}"
run_dir = "{directory}"
"""
SHAPE: Mapping[str, set[str]] = {
    "": {
        *("schema", "taken_at", "via", "duration_s", "data_cost_bytes", "port", "modem", "sim", "network", "signal"),
        *("data", "usage", "plan", "reach", "findings", "verdict"),
    },
    "port": {"device", "holder"},
    "modem": {"manufacturer", "model", "firmware", "imei", "dialect", "temperature_c", "voltage_mv"},
    "sim": {"state", "iccid", "imsi", "msisdn", "issuer", "pin_retries"},
    "network": {"registration", "domains", "reject_cause", "operator", "technology", "cell"},
    "signal": {"rssi_dbm", "rsrp_dbm", "rsrq_db", "sinr_db", "rscp_dbm", "ecio_db", "ber", "quality"},
    "data": {"attached", "contexts", "last_error", "interface"},
    "usage": {"cycle", "used_bytes", "own_bytes", "sources"},
    "verdict": {"code", "confidence", "title", "ruled_out", "first_step"},
}
"""Keys that every report has (DESIGN, section 3)."""


def devices() -> list[str]:
    """Recordings of one device; a corpus of many cannot be played."""
    named = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CAPTURES.glob("*.toml"))}
    return [name for name, recording in named.items() if recording["kind"] == "device"]


def diagnosed(name: str, directory: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """Exit code and report."""
    config = directory / "config.toml"
    config.write_text(CONFIG.format(directory=directory), encoding="utf-8")
    with VirtualModem(load(CAPTURES / f"{name}.toml"), speed=5.0) as device:
        code = main(["--config", str(config), "diag", "--port", device, "--no-network", "--json"])
    shown = capsys.readouterr()
    assert shown.err == ""
    return code, json.loads(shown.out)


def facts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Everything known, as dotted path → value; what is not known is left out."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from facts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from facts(item, f"{path}.{number}")
    elif value not in (None, [], "unknown"):
        yield path, value


def known(report: Mapping[str, Any]) -> dict[str, Any]:
    return dict(facts({part: report[part] for part in FACTS}))


OF_TWO_SLOTS = {"slot", "other_slots"}
"""Keys that only modems with more than one SIM slot have."""


@pytest.mark.parametrize("name", devices())
def test_diag_says_exactly_what_the_recording_holds(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = diagnosed(name, tmp_path, capsys)
    assert code in (0, 3, 4)
    for part, keys in SHAPE.items():
        assert keys == (report[part] if part else report).keys() - OF_TWO_SLOTS
    assert known(report) == EXPECTED[name]
    assert not report["reach"]
    assert report["data_cost_bytes"] == 0
    assert report["duration_s"] < 2 * WHOLE_S


def test_every_recording_is_expected_and_every_expected_one_is_there() -> None:
    assert sorted(EXPECTED) == devices()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_expected_figures_are_possible(name: str) -> None:
    """A guard for whoever edits the table: no figure outside of what radios can measure."""
    limits = {"rssi_dbm": (-120, -25), "rsrp_dbm": (-156, -31), "rsrq_db": (-43.5, 20), "sinr_db": (-23.5, 40)}
    for path, value in EXPECTED[name].items():
        low, high = limits.get(path.removeprefix("signal."), (-math.inf, math.inf))
        assert not isinstance(value, int | float) or low <= value <= high
