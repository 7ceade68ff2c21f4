"""What goes into the engine and what comes out of it: plain frozen values, no behaviour."""

from enum import Enum, auto

from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One question to the modem.

    `text` is sent as is, without the closing CR. `expects` are the prefixes of its information lines
    ("+CREG:",); empty means free text (ATI, AT+CGSN), where any line that is no known URC belongs to the answer.
    A compound command ("AT+CREG?;+CSQ") expects the prefixes of all its parts.
    `payload` is sent once the modem prompts with "> " (an SMS PDU with its Ctrl-Z).
    """

    text: str
    expects: tuple[str, ...] = ()
    timeout_s: float = 5.0
    payload: bytes | None = None
    finals: tuple[str, ...] = ()
    """Further lines that end this command well: "SHUT OK" for AT+CIPSHUT, "SEND OK"."""
    follows: tuple[str, ...] = ()
    """Prefixes of information that this modem sends only after its OK (`AT+EEMGINFO?` → OK, then `+EEMLTESVC: …`):
    the reply waits for the first such line, within `timeout_s`."""
    secret: bool = False
    """What follows the "=" must not be seen (a PIN): errors and observers get `shown`."""

    @property
    def shown(self) -> str:
        """The text for errors and logs."""
        return self.text.partition("=")[0] + "=…" if self.secret else self.text


class Outcome(Enum):
    """What a final result means for the command it ends."""

    OK = auto()
    CONNECT = auto()
    """The port now carries data, not AT."""
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Final:
    """A final result code: the line as sent, what it means, and the number of a +CME/+CMS error."""

    text: str
    outcome: Outcome
    family: str | None = None
    """"cme" or "cms" for the numbered families, else None."""
    code: int | None = None
    """None as well when the modem spelled the error out ("+CME ERROR: SIM failure") in words no table knows."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer to one command: information lines without echo and URCs, then the final result."""

    command: Command
    final: Final
    lines: tuple[str, ...]
    elapsed_s: float
    truncated: bool = False
    """Lines beyond the engine's bound were thrown away; an `Overflow` said how much."""


@dataclass(frozen=True, slots=True)
class Urc:
    """An unsolicited result code, with the lines that belong to it (a +CMT: brings its PDU)."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """The modem asked for the payload; the engine hands it out through `Engine.outgoing`."""

    command: Command


@dataclass(frozen=True, slots=True)
class Expired:
    """No final result in time. The engine now resynchronises: whatever comes late is `Stray`."""

    command: Command
    lines: tuple[str, ...]
    """What had arrived of the answer."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A line that is nobody's answer and no known URC: late, garbled, or the modem's own chatter."""

    line: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The modem restarted by itself (RDY, START, *PSUTTZ after silence …): its settings are gone, echo may be back."""

    why: str


@dataclass(frozen=True, slots=True)
class Overflow:
    """Bytes were thrown away because no line end came within the bound."""

    dropped: int


@dataclass(frozen=True, slots=True)
class Synced:
    """The line is ours again after an expiry: the next answer can only belong to the next command."""

    after_s: float
    sure: bool
    """False if the modem knows none of the probes, so that only a long quiet speaks for it (`modem.resync`)."""


Event = Reply | Urc | Prompt | Expired | Stray | Restarted | Overflow | Synced
