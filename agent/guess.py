"""With `port = "auto"`: is it a modem that does not answer, or no modem at all?

A silent port whose ids, driver or kind say "modem" is a silent modem. A UART, a card reader or a scanner that is silent
is no evidence of anything: unless a modem answered there before, there is none as far as anybody knows. Which port that
was outlives a restart: a modem that hangs goes on hanging while its terminal is switched off and on.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from agent.state import replace_file
from modem.candidate import Candidate
from modem.errors import PortMissing

NAME = "modem-port"
"""In state_dir: the port on which a modem answered last, where nothing but its answer shows that it is one."""
MAX_BYTES = 256
MAX_TOLD = 4


def guesses(found: Sequence[Candidate], before: str) -> frozenset[str]:
    """Devices of which nothing says that a modem is behind them. `before`: the one that answered once."""
    return frozenset(one.device for one in found if not one.is_modem and one.device != before)


def none_found(silent: Collection[str]) -> PortMissing:
    """What there is to say when nothing but guesses were left, and none of them answered."""
    if not silent:
        return PortMissing("no port on this machine looks like a modem's")
    told = ", ".join(sorted(silent)[:MAX_TOLD]) + (" …" if len(silent) > MAX_TOLD else "")
    return PortMissing(f"no modem found; no answer on {told}")


def answered_before(state_dir: Path) -> str:
    """ "" where nobody knows. Never raises."""
    try:
        with (state_dir / NAME).open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def remember(state_dir: Path, device: str) -> None:
    """Not worth a trouble: what cannot be written is found out anew."""
    with suppress(OSError):
        replace_file(state_dir / NAME, device + "\n", durable=True)
