"""The plain dialect: V.250, 27.007 and 27.005, and what every vendor's dialect starts from."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from modem import board, card, causes, commands, contexts, identity, messages, registration, signal
from modem.commands import ASKS
from modem.dialect import Ask, Dialect, Parse, Question
from modem.dialects.makers import is_made_by
from modem.events import Command, Outcome, Reply
from modem.events import Final as FinalResult
from modem.fields import at, body_of, integer, prefix_of, texts
from modem.replies import each
from modem.values import Attach, ContextActive, ErrorCause, Reading, Sms

UrcReader = Callable[[tuple[str, ...]], tuple[Reading, ...]]
_OK: Final = FinalResult("OK", Outcome.OK)


def nothing(_lines: tuple[str, ...]) -> tuple[Reading, ...]:
    """A URC that we know and that holds no reading."""
    return ()


def urc(parse: Parse) -> UrcReader:
    """A URC that reads like the answer of the same prefix."""
    return lambda lines: parse(Reply(Command(""), _OK, lines, 0.0))


def _registration(lines: tuple[str, ...]) -> tuple[Reading, ...]:
    found = registration.parse(lines[0], answer=False) if lines else None
    return (found,) if found else ()


def _stored_sms(lines: tuple[str, ...]) -> tuple[Reading, ...]:
    """+CMTI: "SM",3 and, of a status report, +CDSI: "SR",3 (27.005 §3.4.1): it came and was stored."""
    fields = texts(lines[0]) if lines else ()
    index = integer(fields[1]) if len(fields) > 1 else None
    return (Sms(index=index, storage=fields[0] or None, status="unread"),) if index is not None else ()


_DETACHED = ("NW DETACH", "ME DETACH")
_PDN = re.compile(r"(?:ME|NW|EPS) PDN (DEACT|ACT) (\d{1,3})", re.ASCII)
_PDP = re.compile(r'(?:ME|NW) (DEACT|REACT) "?[A-Z][A-Z0-9]{1,9}"?,[^,]{0,80}, ?(\d{1,3})', re.ASCII)
"""NW DEACT <PDP_type>,<PDP_addr>,<cid>, of 2G and 3G; of three numbers it is a bearer within a context."""


def _packet_event(lines: tuple[str, ...]) -> tuple[Reading, ...]:
    """+CGEV: (27.007 §10.1.19): detached, or a context came or went; the rest is asked about again."""
    text = body_of(lines[0]).upper() if lines else ""
    if text.startswith(_DETACHED):
        return (Attach(attached=False),)
    match = _PDP.fullmatch(text) or _PDN.match(text)
    return (ContextActive(int(match[2]), active=match[1] != "DEACT"),) if match else ()


_CNEC: Mapping[str, causes.Layer] = {
    "+CNEC_MM:": "mm",
    "+CNEC_GMM:": "gmm",
    "+CNEC_GSM:": "sm",
    "+CNEC_EMM:": "emm",
    "+CNEC_ESM:": "esm",
    "+CNEC_5GMM:": "5gmm",
    "+CNEC_5GSM:": "5gsm",
}


def network_error(line: str) -> ErrorCause | None:
    """+CNEC_EMM: <cause>, +CNEC_ESM: <cause>,<cid> … (27.007 §9.1B): why the network refused, the moment it did."""
    number = integer(at(texts(line), 0))
    layer = _CNEC.get(prefix_of(line) or "")
    return ErrorCause(causes.cause(layer, number)) if layer and number and 0 < number <= 255 else None


URCS: Mapping[str, UrcReader] = {
    **dict.fromkeys(registration.PREFIXES, _registration),
    "+CGEV:": _packet_event,
    "+CPIN:": urc(each(card.cpin)),
    **dict.fromkeys(("+CMTI:", "+CDSI:"), _stored_sms),
    "+CMT:": messages.delivered,
    "+CDS:": messages.delivered,
    "+CUSD:": urc(commands.ussd_reply),
    **dict.fromkeys(
        ("+CBM:", "+CBMI:", "+CRING:", "+CLIP:", "+COLP:", "+CCWA:", "+CSSI:", "+CSSU:", "+CDIP:"),
        nothing,
    ),
    **dict.fromkeys(("+CTZV:", "+CTZE:"), urc(each(board.zone))),
    "+CTZEU:": urc(each(board.zone_and_gmt)),
    **dict.fromkeys(_CNEC, urc(each(network_error))),
    **dict.fromkeys(("+CIEV:", "+CSCON:", "+CNAP:", "RING", "NO CARRIER"), nothing),
}

_ONLY_EVER_NEWS = frozenset(
    {"+CGEV:", "+CMTI:", "+CMT:", "+CDSI:", "+CDS:", "+CBM:", "+CRING:", "+CTZV:", "+CTZE:", "+CIEV:", "RING"}
)
"""Prefixes that answer no command: their settings read back as +CNMI:, +CGEREP:, +CTZR:, +CMER:."""


def unsolicited(line: str, command: Command | None) -> bool:
    """True if `line` cannot be part of the answer to `command`: by its shape where URC and answer share a prefix."""
    if command is None:
        return True
    text = line.strip()
    prefix = prefix_of(text) or text
    if prefix in registration.PREFIXES:
        return not _asks_for(prefix, command) or (registration.is_unsolicited(text) and "(" not in text)
    if prefix in _ONLY_EVER_NEWS:
        return "(" not in text  # the answer to a test command lists values in brackets
    if prefix == "+CUSD:":
        return "?" not in command.text
    return prefix in URCS and not _asks_for(prefix, command)


def _asks_for(prefix: str, command: Command) -> bool:
    return prefix in command.expects or prefix.rstrip(":") in command.text.upper()


PARSERS: Mapping[str, Parse] = {
    "+CGMI": each(identity.manufacturer),
    "+GMI": each(identity.manufacturer),
    "+CGMM": each(identity.model),
    "+GMM": each(identity.model),
    "+CGMR": each(identity.firmware),
    "+GMR": each(identity.firmware),
    "+CGSN": each(identity.imei),
    "+GSN": each(identity.imei),
    "I": identity.ati,
    "+CIMI": each(card.imsi),
    "+CCID": each(card.number),
    "+ICCID": each(card.number),
    "+CRSM": each(card.file),
    "+GCAP": each(identity.gcap),
    "+CPIN": card.sim,
    "+CPINR": each(card.pin_retries, "+CPINR:"),
    "+CNUM": each(card.own_number, "+CNUM:"),
    "+CSQ": each(signal.csq),
    "+CESQ": each(signal.cesq, "+CESQ:"),
    **{prefix.rstrip(":"): commands.registered for prefix in registration.PREFIXES},
    "+COPS": commands.operator,
    "+CGATT": each(commands.attach, "+CGATT:"),
    "+CGDCONT": commands.defined_contexts,
    "+CGACT": each(contexts.cgact, "+CGACT:"),
    "+CGPADDR": each(contexts.cgpaddr, "+CGPADDR:"),
    "+CGCONTRDP": each(contexts.cgcontrdp, "+CGCONTRDP:"),
    "+CEER": each(commands.last_error, "+CEER:"),
    "+CPMS": commands.stored_now,
    "+CUSD": commands.ussd_reply,
    "+CCLK": each(board.clock, "+CCLK:"),
    "+CFUN": each(commands.functionality),
    "+CBC": each(board.battery, "+CBC:"),
    "+CMGR": messages.stored,
    "+CMGL": messages.stored,
}
"""Command name → reader: of the lines with that name as prefix, and of free text that answers that command."""

SETUP = tuple(
    Command(text, timeout_s=5.0)
    for text in (
        "ATE0",
        "AT+CMEE=1",
        "AT+COPS=3,2",
        "AT+CREG=2",
        "AT+CGREG=2",
        "AT+CEREG=2",
        "AT+CEREG=3",  # with the cause of a refusal; modems without it keep 2
        "AT+C5GREG=2",
    )
)

THREE_GPP = Dialect(
    name="3gpp",
    found_by=lambda _manufacturer, _model, _ati: False,  # nobody is plain; it is what remains
    asks=ASKS,
    urcs=URCS,
    restarts=("RDY", "START"),
    lacks=frozenset(set(Question) - set(ASKS)),
    setup=SETUP,
    parsers=PARSERS,
    unsolicited=unsolicited,
)

NO_ASKS: Mapping[Question, tuple[Ask, ...]] = {}
NO_URCS: Mapping[str, UrcReader] = {}
NO_PARSERS: Mapping[str, Parse] = {}


def vendor(
    name: str,
    found_by: Callable[[str, str, str], bool] | None = None,
    *,
    asks: Mapping[Question, tuple[Ask, ...]] = NO_ASKS,
    urcs: Mapping[str, UrcReader] = NO_URCS,
    parsers: Mapping[str, Parse] = NO_PARSERS,
    restarts: tuple[str, ...] = (),
    setup: tuple[str, ...] = (),
    quiet_gap_s: float = 0.0,
) -> Dialect:
    """A vendor's dialect: its own ways of asking come before the plain ones, the rest is added to them."""
    merged = {question: asks.get(question, ()) + ASKS.get(question, ()) for question in {**ASKS, **asks}}
    own_urcs = {**URCS, **urcs}
    return Dialect(
        name=name,
        found_by=found_by or partial(is_made_by, name),
        asks=merged,
        urcs=own_urcs,
        restarts=(*THREE_GPP.restarts, *restarts),
        lacks=frozenset(set(Question) - set(merged)),
        setup=SETUP + tuple(Command(text) for text in setup),
        quiet_gap_s=quiet_gap_s,
        parsers={**PARSERS, **parsers},
        unsolicited=_with(frozenset(urcs)),
    )


def _with(news: frozenset[str]) -> Callable[[str, Command | None], bool]:
    """The plain rule, and the vendor's own URC prefixes wherever they were not asked for."""

    def rule(line: str, command: Command | None) -> bool:
        if command is None or unsolicited(line, command):
            return True
        text = line.strip()
        prefix = prefix_of(text) or text
        return prefix in news and not _asks_for(prefix, command)

    return rule
