"""What a virtual modem plays: a persona, what happens to it, and what goes wrong on its line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from modem.frozen import dataclass
from modem.simulator.capture import capture_from, is_capture
from modem.simulator.faults import Fault
from modem.simulator.persona import Change, Persona
from modem.simulator.recorded import Recorded
from modem.simulator.tables import ScriptError, read_document

DEFAULT_ANSWER_S = 0.005
"""Time from a command's CR to the first byte after its echo, unless the script says otherwise."""
SCENARIOS = Path(__file__).parent / "scenarios"
PERSONAS = Path(__file__).parent / "personas"
URC_MODES = ("none", "start", "between")


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    title: str
    build: Callable[[float], Persona]
    """Wall time at the start (seconds since 1970) → a fresh persona: a script can be played any number of times."""
    answer_s: float = DEFAULT_ANSWER_S
    """Seconds that each answer takes, besides faults: subtract them when measuring a client."""
    seed: int = 1
    lasts_s: float = 0.0
    """When the last change or fault is over; 0: nothing ever happens."""
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


def scenario_names() -> tuple[str, ...]:
    """The scenarios that come with posagent."""
    return tuple(sorted(path.stem for path in SCENARIOS.glob("*.toml")))


def persona_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in PERSONAS.glob("*.toml")))


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
    from modem.simulator.scenario import scenario_from  # noqa: PLC0415  # a scenario may name a capture: load again

    if is_capture(document):
        return capture_script(document, path, urcs)
    if "modem" not in document:
        raise ScriptError(str(path), "is neither a capture ([[exchange]]) nor a scenario ([modem])")
    return scenario_from(document, path)


def capture_script(document: dict[str, Any], path: Path, urcs: str = "none") -> Script:
    capture = capture_from(document, str(path))
    title = " ".join(text for text in (capture.vendor, capture.model, capture.firmware) if text)
    return Script(path.stem, title or path.stem, lambda _: Recorded(capture, urcs))
