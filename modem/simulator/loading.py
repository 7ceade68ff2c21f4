"""From a file or a name to what a virtual modem plays."""

from pathlib import Path
from typing import Any

from modem.simulator.capture import is_capture
from modem.simulator.scenario import scenario_from
from modem.simulator.script import Script, capture_script
from modem.simulator.tables import ScriptError, read_document

SCENARIOS = Path(__file__).parent / "scenarios"


def scenario_names() -> tuple[str, ...]:
    """The scenarios that come with posagent."""
    return tuple(sorted(path.stem for path in SCENARIOS.glob("*.toml")))


def load(path_or_name: str | Path, urcs: str = "none") -> Script:
    """A capture (.toml, .json), a scenario (.toml), or the name of a scenario that comes with posagent.

    `urcs` says what becomes of a capture's unsolicited lines: none, start or between. Raises `ScriptError`.
    """
    shipped = SCENARIOS / f"{path_or_name}.toml"
    if str(path_or_name) in scenario_names():
        return _from_document(read_document(shipped), shipped, urcs)
    path = Path(path_or_name)
    if path.suffix.lower() not in (".toml", ".json"):
        known = ", ".join(scenario_names())
        raise ScriptError(str(path_or_name), f"is neither a .toml or .json file nor a known scenario ({known})")
    return _from_document(read_document(path), path, urcs)


def _from_document(document: dict[str, Any], path: Path, urcs: str) -> Script:
    if is_capture(document):
        return capture_script(document, path, urcs)
    if "modem" not in document:
        raise ScriptError(str(path), "is neither a capture ([[exchange]]) nor a scenario ([modem])")
    return scenario_from(document, path)
