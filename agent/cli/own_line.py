"""What a command of ours says to the modem itself, where no daemon does it: nothing while a payment holds the line.

The payment's lock on run_dir/hold is asked for at each exchange, so that one that begins meanwhile has the line as soon
as the present command is answered; what was under way is then given up, since half a look judges nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from agent.clock import SystemClock
from agent.control import Refused
from agent.recover.hold import Line, Speaker
from agent.settings import Config
from modem.errors import LineHeld

HELD = "a payment holds the line; try again after it"


@contextmanager
def own_line(config: Config, who: str) -> Iterator[Speaker]:
    """The gate for a `Modem` of our own. Raises Refused, as the daemon would, once somebody else holds it."""
    line = Line(config.hold_settings(), SystemClock(), config.run_dir / "hold" if config.run_dir.is_dir() else None)
    try:
        yield Speaker(line, who)
    except LineHeld:
        raise Refused("held", HELD) from None
    finally:
        line.close()
