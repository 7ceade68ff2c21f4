"""The commands of V.250 and 3GPP, as ways of asking: text, expected prefixes, time allowed, and how to read the answer.

Parse functions are pure, take the whole reply, never raise, and give nothing for what they cannot read. Times are
those of the manuals where they allow more than a few seconds; most modems answer within 300 ms.
"""

import re
from collections.abc import Mapping

from modem import board, card, causes, contexts, identity, operators, registration, signal, ussd_text
from modem.dialect import Ask, Effect, Question
from modem.events import Reply
from modem.fields import body_of, holds_another, integer, prefix_of, texts
from modem.replies import MAX_LINES, each, lines_of
from modem.values import (
    Attach,
    Contexts,
    ErrorCause,
    Functionality,
    Operators,
    Reading,
    SmsStorage,
    SmsStore,
    Ussd,
)

_IN_QUOTES = re.compile(r'"[^"]*"')

# Registration, operator, data


def registered(reply: Reply) -> tuple[Reading, ...]:
    """The last answer-shaped line; a line in the shape of a URC counts only where there is no other."""
    lines = lines_of(reply, *registration.PREFIXES)
    shaped = [line for line in lines if not registration.is_unsolicited(line)] or list(lines)
    found = {one.domain: one for line in shaped if (one := registration.parse(line, answer=True))}
    return tuple(found.values())


def scanned(reply: Reply) -> tuple[Reading, ...]:
    lines = _of_scan(reply)
    return (Operators(operators.scan(lines)),) if lines else ()


def _of_scan(reply: Reply) -> tuple[str, ...]:
    return tuple(line for line in reply.lines[:MAX_LINES] if prefix_of(line) == "+COPS:" or line.lstrip()[:1] == "(")


def operator(reply: Reply) -> tuple[Reading, ...]:
    """+COPS: an answer to the read form, or a scan's list; a bracket in a name or in another line makes no list."""
    if any("(" in _IN_QUOTES.sub("", line) for line in _of_scan(reply)):
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
    return ErrorCause(causes.cause_in_words(text)) if text and not holds_another(text) else None


def functionality(line: str) -> Functionality | None:
    level = integer((texts(line) or ("",))[0])
    return Functionality(level) if level is not None and 0 <= level <= 127 else None


# Messages


_STORE_NAME = re.compile(r"[A-Z]{2}", re.IGNORECASE)
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
        if not fields[start] or fields[start].isdecimal() or used is None or _STORE_NAME.fullmatch(fields[start + 2]):
            break  # a field was lost, and the others have moved
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


def registration_ask(command: str, prefix: str) -> Ask:
    return Ask(command, (prefix,), registered)


ASKS: Mapping[Question, tuple[Ask, ...]] = {
    Question.MANUFACTURER: (
        Ask("AT+CGMI", (), each(identity.manufacturer)),
        Ask("AT+GMI", (), each(identity.manufacturer)),
    ),
    Question.MODEL: (Ask("AT+CGMM", (), each(identity.model)), Ask("AT+GMM", (), each(identity.model))),
    Question.FIRMWARE: (Ask("AT+CGMR", (), each(identity.firmware)), Ask("AT+GMR", (), each(identity.firmware))),
    Question.IMEI: (
        Ask("AT+CGSN", (), each(identity.imei)),
        Ask("AT+GSN", (), each(identity.imei)),
        Ask("ATI", (), identity.ati),
    ),
    Question.SIM: (Ask("AT+CPIN?", ("+CPIN:",), card.sim, 5.0),),
    Question.PIN_RETRIES: (Ask("AT+CPINR", ("+CPINR:",), each(card.pin_retries, "+CPINR:")),),
    Question.ICCID: (
        Ask("AT+CCID", (), each(card.number)),
        Ask("AT+ICCID", (), each(card.number)),
        Ask("AT+CRSM=176,12258,0,0,10", ("+CRSM:",), each(card.file, "+CRSM:"), 10.0),
    ),
    Question.IMSI: (Ask("AT+CIMI", (), each(card.imsi)),),
    Question.OWN_NUMBER: (Ask("AT+CNUM", ("+CNUM:",), each(card.own_number, "+CNUM:"), 10.0),),
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
    Question.CLOCK: (Ask("AT+CCLK?", ("+CCLK:",), each(board.clock, "+CCLK:")),),
    Question.FUNCTIONALITY: (Ask("AT+CFUN?", ("+CFUN:",), each(functionality, "+CFUN:"), 15.0),),
    Question.VOLTAGE: (Ask("AT+CBC", ("+CBC:",), each(board.battery, "+CBC:")),),
}
"""What plain 27.007 offers. +CESQ comes first: it tells RSRP, and modems that do not know it say so at once."""
