"""What can go wrong, by whose fault it is.

`LocalProtocolError` is a mistake of the caller and never the modem's doing. Everything else that talking to a
modem can raise is a `ModemError`, carries what was asked, and is expected in the life of a terminal.
"""

from modem.frozen import dataclass


class LocalProtocolError(Exception):
    """The caller broke the rules of the engine: a second question before the first was over, say."""


class ModemError(Exception):
    """Base of everything that a modem, its port or its cable can do to us."""


class PortLost(ModemError):
    """The serial port is gone or failed (unplugged, EIO, hung up); reopen it, perhaps under another name."""


class PortMissing(PortLost):
    """There is no such device."""


class PortBusy(PortLost):
    """Another process holds the device; `holder` names it ("ModemManager (pid 612)") when it could be found."""

    def __init__(self, message: str, holder: str | None = None) -> None:
        super().__init__(message)
        self.holder = holder


class PortForbidden(PortLost):
    """This user may not open the device."""


class CommandExpired(ModemError):
    """No final result came in the time allowed. A late answer will be reported as stray, never as a reply."""

    def __init__(self, command: str, after_s: float) -> None:
        super().__init__(f"{command}: no final result within {after_s:.3g} s")
        self.command = command
        self.after_s = after_s


class LineHeld(ModemError):
    """Nothing may be sent just now: the owner of the line has lent it to somebody (`Modem`'s `gate`)."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: not now, the line is held")


class PortStuck(PortLost):
    """The device took no more bytes within the time allowed (flow control, a hung modem); close and reopen it."""


class ModemSilent(CommandExpired):
    """Not a byte came back in all the time given: wrong port, no power, or it hangs."""


class ModemGarbled(CommandExpired):
    """Bytes came, but no answer among them: wrong speed, a port that carries something else, or line noise."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command was refused: final result as sent, and its family and number where it has them."""

    final: str
    family: str | None = None
    """"cme", "cms" or None."""
    code: int | None = None
    meaning: str | None = None


def is_not_offered(family: str | None, code: int | None) -> bool:
    """Whether a refusal says that the modem lacks the command, which is no failure (27.007 §9.2.1, 27.005 §3.2.5).

    A plain ERROR tells too little: a modem that reports no numbers gives it for a missing card as well.
    """
    return (family, code) in (("cme", 4), ("cms", 303))


class CommandRefused(ModemError):
    """The modem answered with a final result other than success (ERROR, +CME ERROR: 10, NO CARRIER …)."""

    def __init__(self, command: str, refusal: Refusal) -> None:
        super().__init__(f"{command}: {refusal.final}")
        self.command = command
        self.refusal = refusal


class Unsupported(ModemError):
    """The dialect says this modem has no such command: "not offered", which is not a failure."""

    def __init__(self, question: str, dialect: str) -> None:
        super().__init__(f"{dialect} offers no way to ask for {question}")
        self.question = question
        self.dialect = dialect


class UnreadableAnswer(ModemError):
    """The command succeeded but nobody could read its information lines; they travel in `lines`."""

    def __init__(self, command: str, lines: tuple[str, ...]) -> None:
        super().__init__(f"{command}: cannot read {lines!r}")
        self.command = command
        self.lines = lines
