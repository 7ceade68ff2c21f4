"""The commands of V.250 and 3GPP, as ways of asking: text, expected prefixes, time allowed, and how to read the answer.

Parse functions are pure, take the whole reply, never raise, and give nothing for what they cannot read. Times are
those of the manuals where they allow more than a few seconds; most modems answer within 300 ms.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from modem import causes, contexts, iccid, operators, registration, signal, ussd_text
from modem.dialect import Ask, Effect, Parse, Question
from modem.events import Reply
from modem.fields import at, body_of, hexadecimal, integer, number, prefix_of, texts
from modem.values import (
    Attach,
    Capability,
    Clock,
    Contexts,
    ErrorCause,
    Functionality,
    Iccid,
    Identity,
    Imsi,
    Operators,
    OwnNumber,
    Reading,
    Sim,
    SimStatus,
    SmsStorage,
    SmsStore,
    Temperature,
    Ussd,
    Voltage,
)

LineReader = Callable[[str], Reading | tuple[Reading, ...] | None]
MAX_LINES = 256
"""Of one reply that are looked at; no answer of ours is longer."""


def each(reader: LineReader, *prefixes: str) -> Parse:
    """A parse function that reads line after line those with one of `prefixes` (none given: every line)."""

    def parse(reply: Reply) -> tuple[Reading, ...]:
        found: list[Reading] = []
        for line in lines_of(reply, *prefixes):
            result = reader(line)
            found.extend(result if isinstance(result, tuple) else [result] if result is not None else [])
        return tuple(found)

    return parse


def lines_of(reply: Reply, *prefixes: str) -> tuple[str, ...]:
    """The lines of a reply that have one of the prefixes; all of them when no prefix is given.

    A line that ends with a comma goes on in the next one without a prefix (L860, whose long lines are broken).
    """
    lines = reply.lines[:MAX_LINES]
    if not prefixes:
        return lines
    found: list[str] = []
    is_open = False
    for line in lines:
        prefix = prefix_of(line)
        if prefix in prefixes:
            found.append(line)
        elif is_open and prefix is None:
            found[-1] += line
        is_open = bool(found) and line.endswith(",") and (prefix in prefixes or (is_open and prefix is None))
    return tuple(found)


def any_of(*parsers: Parse) -> Parse:
    """The readings of all `parsers`, for compound commands."""
    return lambda reply: tuple(reading for parser in parsers for reading in parser(reply))


# Identity

_IMEI = re.compile(r"(?<![0-9])[0-9]{15}(?![0-9])")
_LABELLED = re.compile(
    r"\s*(manufacturer|vendor|model|revision|firmware|imei|svn|esn|meid|hwver|mpn)\s*:\s*(.*)", re.IGNORECASE
)
_NAMED = {"manufacturer": "manufacturer", "vendor": "manufacturer", "model": "model", "revision": "firmware"}


_OWN_PREFIXES = {
    *("+CGMI:", "+GMI:", "+CGMM:", "+GMM:", "+CGMR:", "+GMR:", "+CGSN:", "+GSN:", "+CIMI:"),
    "+GTPKGVER:",  # Fibocom
}


def _text(line: str) -> str | None:
    """Free text, with or without the prefix and the quotes that Luat and Fibocom put around it.

    Any other prefix is news that came between and that no dialect knows: "+UREG: 7" is no model.
    """
    prefix = prefix_of(line)
    if prefix is not None and prefix not in _OWN_PREFIXES:
        return None
    return body_of(line).strip().strip('"').strip() or None


def manufacturer(line: str) -> Identity | None:
    return Identity(manufacturer=text) if (text := _text(line)) else None


def model(line: str) -> Identity | None:
    return Identity(model=" ".join(text.split())) if (text := _text(line)) else None


def firmware(line: str) -> Identity | None:
    """+CGMR; some modems write "Revision: …" or "revision=" in front."""
    text = re.sub(r"^revision\s*[:=]\s*", "", _text(line) or "", flags=re.IGNORECASE)
    return Identity(firmware=text) if text else None


def imei(line: str) -> Identity | None:
    """The 15 digits anywhere in the line; a serial number (AT+CGSN=0) is no IMEI."""
    match = _IMEI.search((_text(line) or "")[:128])
    return Identity(imei=match[0]) if match else None


def ati(reply: Reply) -> tuple[Reading, ...]:
    """ATI: "Model: …" lines where the modem labels them, else maker, model, "Revision: …" by position (Quectel)."""
    found: dict[str, str] = {}
    plain: list[str] = []
    for line in reply.lines[:MAX_LINES]:
        match = _LABELLED.match(line)
        if match:
            _note(found, match[1].lower(), match[2].strip())
        elif not line.startswith("+") and prefix_of(line) is None:
            plain.append(line.strip().strip('"'))
    if len(plain) >= 2 and "manufacturer" not in found and "model" not in found:
        found |= {"manufacturer": plain[0], "model": plain[1]}
    elif len(plain) == 1 and not found and plain[0]:
        found["firmware"] = plain[0]  # "SIM7000G R1529", "LuatOS-Air_V4032…"
    identity = Identity(**{name: text for name, text in found.items() if text})
    return (identity,) if any(found.values()) else ()


def _note(found: dict[str, str], label: str, text: str) -> None:
    if label == "imei":
        match = _IMEI.search(text)
        found |= {"imei": match[0]} if match else {}
    elif label in _NAMED:
        found.setdefault(_NAMED[label], text)


def gcap(line: str) -> Capability:
    """+GCAP: +CGSM,+DS,+ES."""
    return Capability("+GCAP", tuple(text for text in texts(line) if text))


# The card

_SIM_WORDS: Mapping[str, SimStatus] = {
    "READY": "ready",
    "SIM PIN": "pin_required",
    "SIM PUK": "puk_required",
    "SIM PIN2": "ready",  # the card works: PIN2 only guards fixed dialling
    "SIM PUK2": "ready",
    "PH-SIM PIN": "network_locked",
    "PH-FSIM PIN": "network_locked",
    "PH-FSIM PUK": "network_locked",
    "PH-NET PIN": "network_locked",
    "PH-NET PUK": "network_locked",
    "PH-NETSUB PIN": "network_locked",
    "PH-NETSUB PUK": "network_locked",
    "PH-SP PIN": "network_locked",
    "PH-SP PUK": "network_locked",
    "PH-CORP PIN": "network_locked",
    "PH-CORP PUK": "network_locked",
    "NOT READY": "busy",  # SIMCom and Quectel, on the way up or down
    "NOT INSERTED": "absent",
    "SIM REMOVED": "absent",
    "SIM FAILURE": "failure",
}


def cpin(line: str) -> Sim | None:
    """+CPIN: <code>, the words of 27.007 §8.3."""
    text = body_of(line).strip().strip('"').strip().upper()
    return Sim(_SIM_WORDS.get(text, "unknown")) if text else None


def sim(reply: Reply) -> tuple[Reading, ...]:
    """AT+CPIN?: its line, or what the refusal tells (+CME ERROR: 10 is an answer: there is no card)."""
    found = each(cpin, "+CPIN:")(reply)
    if not found and reply.final.family == "cme":
        code = causes.error_code("cme", reply.final.code, reply.final.text)
        state = causes.sim_state_of_cme(code)
        return (Sim(state),) if state else ()
    return found[-1:]


def pin_retries(line: str) -> Sim | None:
    """+CPINR: SIM PIN,3,3 (27.007 §8.65): tries left, default."""
    fields = texts(line)
    left = integer(fields[1]) if len(fields) > 1 else None
    if left is None or not 0 <= left <= 10:
        return None
    name = fields[0].upper()
    return Sim(pin_retries=left) if name == "SIM PIN" else Sim(puk_retries=left) if name == "SIM PUK" else None


_CARD_LABEL = re.compile(r"^\s*(?:SIM )?ICC-?ID\s*[:=]\s*", re.IGNORECASE)


def card(line: str) -> Iccid | None:
    """+CCID, +ICCID, +QCCID, ^ICCID, %CCID, or the bare number."""
    for text in (*texts(line), body_of(line)):
        if value := iccid.normalise(_CARD_LABEL.sub("", text)):
            return Iccid(value, iccid.issuer(value))
    return None


_CRSM_OK = (144, 145, 146, 159)
"""SW1 of a card that did as told: 90, 91, 92, 9F (102 221)."""


def card_file(line: str) -> Iccid | None:
    """+CRSM: 144,0,"98…": EF 2FE2, ten bytes of swapped nibbles."""
    fields = texts(line)
    if len(fields) < 3 or integer(fields[0]) not in _CRSM_OK:
        return None
    value = iccid.from_ef(fields[2])
    return Iccid(value, iccid.issuer(value)) if value else None


def imsi(line: str) -> Imsi | None:
    """AT+CIMI: 6 to 15 digits, bare or with prefix and quotes."""
    text = (_text(line) or "").split(",")[0]
    return Imsi(text, iccid.carrier_of_imsi(text)) if re.fullmatch(r"[0-9]{6,15}", text) else None


def own_number(line: str) -> OwnNumber | None:
    """+CNUM: [<name>],<number>,<type>: most cards hold no number, and then most modems say nothing."""
    fields = texts(line)
    if len(fields) < 2:
        return None
    digits = fields[1].strip()
    international = integer(at(fields, 2)) == 145 and digits.isdecimal()
    return OwnNumber(f"+{digits}" if international else digits or None, fields[0] or None)


# Registration, operator, data


def registered(reply: Reply) -> tuple[Reading, ...]:
    """The last answer-shaped line; a line in the shape of a URC counts only where there is no other."""
    lines = lines_of(reply, *registration.PREFIXES)
    shaped = [line for line in lines if not registration.is_unsolicited(line)] or list(lines)
    found = {one.domain: one for line in shaped if (one := registration.parse(line, answer=True))}
    return tuple(found.values())


def scanned(reply: Reply) -> tuple[Reading, ...]:
    lines = tuple(line for line in reply.lines[:MAX_LINES] if prefix_of(line) == "+COPS:" or line.lstrip()[:1] == "(")
    found = operators.scan(lines)
    return (Operators(found),) if found or lines else ()


def operator(reply: Reply) -> tuple[Reading, ...]:
    """+COPS: an answer to the read form, or a scan's list."""
    if any("(" in line for line in reply.lines[:MAX_LINES]):
        return scanned(reply)
    found = [one for line in lines_of(reply, "+COPS:") if (one := operators.cops(line))]
    return (operators.merged(found),) if found else ()


def attach(line: str) -> Attach | None:
    value = integer(body_of(line))
    return Attach(value == 1) if value in (0, 1) else None


def defined_contexts(reply: Reply) -> tuple[Reading, ...]:
    """All +CGDCONT lines in one reading."""
    found = [one for line in lines_of(reply, "+CGDCONT:") if (one := contexts.cgdcont(line))]
    return (Contexts(tuple(found)),) if found else ()


def last_error(line: str) -> ErrorCause | None:
    """+CEER: words of the vendor's own; of the past, unless a failure has just been seen."""
    text = body_of(line)
    return ErrorCause(causes.cause_in_words(text)) if text else None


def functionality(line: str) -> Functionality | None:
    level = integer((texts(line) or ("",))[0])
    return Functionality(level) if level is not None and 0 <= level <= 127 else None


# Messages


_STORE = re.compile(r'"([A-Z]{2})"', re.IGNORECASE)


def stored_now(reply: Reply) -> tuple[Reading, ...]:
    """+CPMS: the set form's answer has numbers alone, for the stores that the command names."""
    found = each(sms_storage, "+CPMS:")(reply)
    names = [name.upper() for name in _STORE.findall(reply.command.text[:64])]
    for line in () if found or not names else lines_of(reply, "+CPMS:"):
        numbers = [integer(text) for text in texts(line)]
        if len(numbers) in (2, 4, 6) and None not in numbers:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            stores = (SmsStore(name, *pair) for name, pair in zip(names, pairs, strict=False))
            return (SmsStorage(tuple(stores)),)
    return found


def sms_storage(line: str) -> SmsStorage | None:
    """+CPMS: "SM",3,40,"SM",3,40,"SM",3,40."""
    fields = texts(line)
    stores: list[SmsStore] = []
    for start in range(0, min(len(fields), 9) - 2, 3):
        used, total = integer(fields[start + 1]), integer(fields[start + 2])
        if fields[start] and not fields[start].isdecimal() and used is not None:
            stores.append(SmsStore(fields[start], used, total))
    return SmsStorage(tuple(stores)) if stores else None


def ussd(line: str) -> Ussd | None:
    """+CUSD: <m>[,<text>,<dcs>], decoded whatever <dcs> says."""
    return ussd_text.read_line(line)


def ussd_reply(reply: Reply) -> tuple[Reading, ...]:
    """All +CUSD lines, with the text that goes on in lines without a prefix."""
    texts_found: list[str] = []
    for line in lines_of(reply):
        if prefix_of(line) == "+CUSD:":
            texts_found.append(line)
        elif texts_found and prefix_of(line) is None:
            texts_found[-1] += f"\n{line}"
    return tuple(found for text in texts_found if (found := ussd(text)) is not None)


# Clock, supply, heat

_CLOCK = re.compile(r'"?(\d{2,4})/(\d{1,2})/(\d{1,2}),(\d{1,2}):(\d{1,2}):(\d{1,2})([+-]\d{1,3})?', re.ASCII)
_FIRST_YEAR = 2010
_QUARTERS = range(-48, 57)
"""Offsets that exist: UTC-12 to UTC+14. +80 (copied from a message centre) does not."""


def clock(line: str) -> Clock | None:
    """+CCLK: "yy/MM/dd,hh:mm:ss±zz", zz in quarters of an hour; local time.

    A modem that never heard the network's time counts from 80/01/06, 70/01/01, 04/01/01 …: that is no time at all.
    """
    match = _CLOCK.search(body_of(line)[:40])
    if not match:
        return None
    year, month, day, hour, minute, second = (int(text) for text in match.groups()[:6])
    quarters = int(match[7]) if match[7] else None
    offset = quarters * 15 if quarters is not None and quarters in _QUARTERS else None
    return Clock(_moment(year, (month, day), (hour, minute, second), offset), offset)


def from_gmt(said: Clock) -> Clock:
    """A clock that shows GMT beside the local zone (Quectel's +QLTS, Huawei's ^NWTIME): as local time."""
    if said.time is None or said.utc_offset_minutes is None:
        return said
    zone = timezone(timedelta(minutes=said.utc_offset_minutes))
    moment = datetime.fromisoformat(said.time).replace(tzinfo=UTC).astimezone(zone)
    return Clock(moment.isoformat(), said.utc_offset_minutes)


def _moment(year: int, day: tuple[int, int], time: tuple[int, int, int], offset: int | None) -> str | None:
    if year < 100:
        year += 1900 if year >= 70 else 2000
    zone = timezone(timedelta(minutes=offset)) if offset is not None else None
    try:
        moment = datetime(year, *day, *time, tzinfo=zone)
    except ValueError:
        return None
    never_set = moment.year < _FIRST_YEAR or (moment.year < 2020 and (moment.month, moment.day) <= (1, 7))
    return None if never_set or moment.year > 2100 else moment.isoformat()


def battery(line: str) -> Voltage | None:
    """+CBC: <status>,<percent>[,<millivolts>]; Fibocom L850: <status>,<millivolts>, which no percentage reaches."""
    fields = texts(line)
    last = (fields[-1] if fields else "").upper()
    if last.endswith("V"):  # SIMCom A76xx, SIM7600: 3.835V, alone or in the third place
        volts = number(last.removesuffix("V"))
        return Voltage(_supply(round(volts * 1000))) if volts is not None else None
    if len(fields) < 2:
        return None
    return Voltage(_supply(integer(at(fields, 2 if len(fields) > 2 else 1))))


def _supply(millivolts: int | None) -> int | None:
    return millivolts if millivolts is not None and 500 <= millivolts <= 60_000 else None


def degrees(line: str) -> Temperature | None:
    """A single number of degrees Celsius after the prefix."""
    value = number((texts(line) or ("",))[-1])
    return Temperature(value if is_temperature(value) else None) if value is not None else None


def is_temperature(value: float | None) -> bool:
    """A chip's temperature; -273 and 255 are absent sensors (Quectel)."""
    return value is not None and -60 <= value <= 150


def capability(command: str) -> Parse:
    """An answer to a test command: what the modem listed, as it listed it."""

    def parse(reply: Reply) -> tuple[Reading, ...]:
        return tuple(Capability(command, (body,)) for line in reply.lines[:MAX_LINES] if (body := body_of(line)))

    return parse


def hexadecimal_bytes(text: str | None) -> bytes:
    """Bytes spelled in hex; empty for anything else."""
    digits = hexadecimal(text) or ""
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else b""


def registration_ask(command: str, prefix: str) -> Ask:
    return Ask(command, (prefix,), registered)


ASKS: Mapping[Question, tuple[Ask, ...]] = {
    Question.MANUFACTURER: (
        Ask("AT+CGMI", (), each(manufacturer)),
        Ask("AT+GMI", (), each(manufacturer)),
    ),
    Question.MODEL: (Ask("AT+CGMM", (), each(model)), Ask("AT+GMM", (), each(model))),
    Question.FIRMWARE: (Ask("AT+CGMR", (), each(firmware)), Ask("AT+GMR", (), each(firmware))),
    Question.IMEI: (Ask("AT+CGSN", (), each(imei)), Ask("AT+GSN", (), each(imei)), Ask("ATI", (), ati)),
    Question.SIM: (Ask("AT+CPIN?", ("+CPIN:",), sim, 5.0),),
    Question.PIN_RETRIES: (Ask("AT+CPINR", ("+CPINR:",), each(pin_retries, "+CPINR:")),),
    Question.ICCID: (
        Ask("AT+CCID", (), each(card)),
        Ask("AT+ICCID", (), each(card)),
        Ask("AT+CRSM=176,12258,0,0,10", ("+CRSM:",), each(card_file, "+CRSM:"), 10.0),
    ),
    Question.IMSI: (Ask("AT+CIMI", (), each(imsi)),),
    Question.OWN_NUMBER: (Ask("AT+CNUM", ("+CNUM:",), each(own_number, "+CNUM:"), 10.0),),
    Question.SIGNAL: (
        Ask("AT+CESQ", ("+CESQ:",), each(signal.cesq, "+CESQ:")),
        Ask("AT+CSQ", ("+CSQ:",), each(signal.csq, "+CSQ:")),
    ),
    Question.REGISTRATION_CS: (registration_ask("AT+CREG?", "+CREG:"),),
    Question.REGISTRATION_PS: (registration_ask("AT+CGREG?", "+CGREG:"),),
    Question.REGISTRATION_EPS: (registration_ask("AT+CEREG?", "+CEREG:"),),
    Question.REGISTRATION_5GS: (registration_ask("AT+C5GREG?", "+C5GREG:"),),
    # the name and the number in one line; <format> only concerns how +COPS? shows them, and stays numeric
    Question.OPERATOR: (
        Ask("AT+COPS=3,0;+COPS?;+COPS=3,2;+COPS?", ("+COPS:",), operator, 10.0),
        Ask("AT+COPS?", ("+COPS:",), operator, 10.0),
    ),
    # Quectel EC2x manual §6.1: up to 180 s, "determined by the network"; the radio leaves its cell meanwhile
    Question.OPERATOR_SCAN: (Ask("AT+COPS=?", ("+COPS:",), scanned, 180.0, Effect.DISTURBS),),
    Question.ATTACH: (Ask("AT+CGATT?", ("+CGATT:",), each(attach, "+CGATT:"), 10.0),),
    Question.CONTEXTS: (Ask("AT+CGDCONT?", ("+CGDCONT:",), defined_contexts),),
    Question.CONTEXTS_ACTIVE: (Ask("AT+CGACT?", ("+CGACT:",), each(contexts.cgact, "+CGACT:"), 10.0),),
    Question.ADDRESSES: (Ask("AT+CGPADDR", ("+CGPADDR:",), each(contexts.cgpaddr, "+CGPADDR:"), 10.0),),
    Question.CONTEXT_PARAMS: (Ask("AT+CGCONTRDP", ("+CGCONTRDP:",), each(contexts.cgcontrdp, "+CGCONTRDP:"), 10.0),),
    Question.ERROR_CAUSE: (Ask("AT+CEER", ("+CEER:",), each(last_error, "+CEER:")),),
    Question.SMS_STORAGE: (Ask("AT+CPMS?", ("+CPMS:",), each(sms_storage, "+CPMS:"), 10.0),),
    Question.CLOCK: (Ask("AT+CCLK?", ("+CCLK:",), each(clock, "+CCLK:")),),
    Question.FUNCTIONALITY: (Ask("AT+CFUN?", ("+CFUN:",), each(functionality, "+CFUN:"), 15.0),),
    Question.VOLTAGE: (Ask("AT+CBC", ("+CBC:",), each(battery, "+CBC:")),),
}
"""What plain 27.007 offers. +CESQ comes first: it tells RSRP, and modems that do not know it say so at once."""
