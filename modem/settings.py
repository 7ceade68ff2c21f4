"""What a modem was set to before we set it up, so that it can be set back: for modems that somebody else uses too.

Asked for is what the dialect's setup changes (V.250, 27.007: every set form has its read form). What the modem does
not tell is not set back: a guess would be worse than what we leave.
"""

import re
from collections.abc import Iterable

from modem.events import Command, Outcome, Reply
from modem.fields import body_of

READ_S = 1.0
"""For each read form: settings are answered at once or not at all."""
RESTORE_S = 0.5
WHOLE_S = 2.0
"""All of setting back: closing must not take long."""
ECHO_ON = Command("ATE1", timeout_s=RESTORE_S)

MESSAGES = Command("AT+CNMI=2,1,0,0,0", timeout_s=READ_S)
"""27.005 §3.4.1: buffer news while the link is busy, say +CMTI for each stored message, nothing else unasked."""
MESSAGES_ASKED = Command("AT+CNMI?", ("+CNMI:",), READ_S)

_SET = re.compile(r"AT([+^*$%#&][A-Z0-9]+)=(.+)", re.IGNORECASE)
_FORMAT_ONLY = "3"
"""27.007 §7.3: +COPS=3,<format> sets the format and leaves the network alone."""


def read_forms(setup: Iterable[Command]) -> tuple[Command, ...]:
    """What to ask before `setup` is sent: AT+CREG=2 → AT+CREG?, each once."""
    names = dict.fromkeys(match[1].upper() for one in setup if (match := _SET.fullmatch(one.text)))
    return tuple(Command(f"AT{name}?", (f"{name}:",), READ_S) for name in names)


def set_back(reply: Reply, setup: Iterable[Command]) -> Command | None:
    """The command that brings back what `reply` (to a read form) says; None if it does not say."""
    name = reply.command.text.removeprefix("AT").removesuffix("?")
    line = next((line for line in reply.lines if line.upper().startswith(name)), None)
    if reply.final.outcome is not Outcome.OK or line is None:
        return None
    fields = [field.strip() for field in body_of(line).split(",")]
    if name == "+COPS":
        return _command(name, [_FORMAT_ONLY, fields[1]]) if len(fields) > 1 else None
    given = max(len(match[2].split(",")) for one in setup if (match := _SET.fullmatch(one.text)) and match[1] == name)
    return _command(name, fields[:given])


def _command(name: str, fields: list[str]) -> Command | None:
    """Numbers only: that is all a setup changes."""
    if not all(re.fullmatch(r"[0-9]{1,3}", field) for field in fields):
        return None
    return Command(f"AT{name}={','.join(fields)}", timeout_s=RESTORE_S)
