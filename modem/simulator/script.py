"""What a virtual modem plays: a persona, what happens to it, and what goes wrong on its line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from modem.frozen import dataclass
from modem.simulator.capture import capture_from
from modem.simulator.faults import Fault
from modem.simulator.persona import Change, Persona
from modem.simulator.recorded import Recorded

DEFAULT_ANSWER_S = 0.005
"""Time from a command's CR to the first byte after its echo, unless the script says otherwise."""
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


def persona_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in PERSONAS.glob("*.toml")))


def capture_script(document: dict[str, Any], path: Path, urcs: str = "none") -> Script:
    capture = capture_from(document, str(path))
    title = " ".join(text for text in (capture.vendor, capture.model, capture.firmware) if text)
    return Script(path.stem, title or path.stem, lambda _: Recorded(capture, urcs))
