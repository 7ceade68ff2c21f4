"""The words a dialect is made of, and how a dialect is asked.

A dialect says, as data, how one family of modems is asked for what we want to know. It holds no state and does no
I/O: `modem.client.Modem` asks, the dialect's pure parse functions read the answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import Enum

from modem.events import Command, Reply
from modem.frozen import dataclass
from modem.values import Reading


class Question(Enum):
    """What can be asked of a modem, in the field's words."""

    __hash__ = object.__hash__  # members are one of a kind; the enum's own, in Python, is called fifty times a look

    MANUFACTURER = "manufacturer"
    MODEL = "model"
    FIRMWARE = "firmware"
    IMEI = "imei"
    SIM = "sim"
    PIN_RETRIES = "pin_retries"
    SIM_SLOTS = "sim_slots"
    ICCID = "iccid"
    IMSI = "imsi"
    OWN_NUMBER = "own_number"
    SIGNAL = "signal"
    REGISTRATION_CS = "registration_cs"
    REGISTRATION_PS = "registration_ps"
    REGISTRATION_EPS = "registration_eps"
    REGISTRATION_5GS = "registration_5gs"
    OPERATOR = "operator"
    OPERATOR_SCAN = "operator_scan"
    ATTACH = "attach"
    CONTEXTS = "contexts"
    CONTEXTS_ACTIVE = "contexts_active"
    ADDRESSES = "addresses"
    CONTEXT_PARAMS = "context_params"
    ERROR_CAUSE = "error_cause"
    SMS_STORAGE = "sms_storage"
    CLOCK = "clock"
    FUNCTIONALITY = "functionality"
    COUNTERS = "counters"
    CELL = "cell"
    NETWORK_INFO = "network_info"
    TEMPERATURE = "temperature"
    VOLTAGE = "voltage"


class Effect(Enum):
    """What asking does to the modem. Only READS is ever sent without being asked for."""

    READS = "reads"
    SETS = "sets"
    """Changes a setting that ends with the next restart (reporting modes, error format)."""
    DISTURBS = "disturbs"
    """Can interrupt a data session (operator scan, CFUN, COPS)."""


Parse = Callable[[Reply], tuple[Reading, ...]]
"""Information lines to readings. Pure; never raises; lines it cannot read yield nothing."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One way of asking: the command, the prefixes of its answer, the time allowed and how to read it."""

    text: str
    expects: tuple[str, ...]
    parse: Parse
    timeout_s: float = 5.0
    """Seconds; where a manual allows more, the dialect cites it."""
    effect: Effect = Effect.READS
    follows: tuple[str, ...] = ()
    """Prefixes of information that comes only after the OK; see `Command.follows`."""

    def command(self) -> Command:
        return Command(self.text, self.expects, self.timeout_s, follows=self.follows)


def nobody_asked(_line: str, command: Command | None) -> bool:
    """The rule of a dialect that knows no better: only a line that comes while nothing is asked is unsolicited."""
    return command is None


@dataclass(frozen=True, slots=True)
class Dialect:
    """One family of modems. Vendors derive from `THREE_GPP` with `dataclasses.replace`-like helpers, one level deep."""

    name: str
    """As in diag's `modem.dialect`: "3gpp", "quectel" …"""
    found_by: Callable[[str, str, str], bool]
    """(manufacturer, model, ATI text, as the modem said them) → is it one of ours?"""
    asks: Mapping[Question, tuple[Ask, ...]]
    """Ways of asking in the order of preference: the first that is answered and read counts."""
    urcs: Mapping[str, Callable[[tuple[str, ...]], tuple[Reading, ...]]]
    """Prefix of an unsolicited line → its reader. Looked at before the generic ones."""
    restarts: tuple[str, ...] = ()
    """Whole lines by which the modem says that it has just started (RDY, NORMAL POWER DOWN …)."""
    lacks: frozenset[Question] = frozenset()
    """Said aloud: reported as not offered, not as failed."""
    setup: tuple[Command, ...] = ()
    """Sent once after opening and after every restart (ATE0, +CMEE=1, reporting modes); refusals are ignored."""
    quiet_gap_s: float = 0.0
    """Seconds between a final result and the next command: some modems send the news they held back in that time, and
    a command that meets them is lost or answered in their midst."""
    parsers: Mapping[str, Parse] = field(default_factory=dict)
    """Command name ("+CSQ", "^HCSQ", "I") → reader, for answers to commands we did not send (decode).

    It reads the lines with that name as their prefix, and the free text that answers that command.
    """
    unsolicited: Callable[[str, Command | None], bool] = nobody_asked
    """(line, command in flight) → True if the line cannot be part of the answer to that command.

    For URCs that share their prefix with an answer: `+CREG: 1` never answers AT+CREG? (`+CREG: 2,1`), so the engine
    reports it as a URC even though the command expects "+CREG:". False means "may well be the answer".
    """
