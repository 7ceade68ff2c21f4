"""SMS and USSD commands (27.005 and 27.007, 7.15), PDU mode first."""

from datetime import datetime

from modem.simulator.answer import PROMPT, Answer, info, line
from modem.simulator.messages import READ, UNREAD, Message, dated
from modem.simulator.request import Request
from modem.simulator.state import State
from modem.simulator.unit import Handler, Unit, needs_sim

_INVALID_INDEX, _NO_NETWORK, _NOT_SUPPORTED = 321, 331, 303
"""27.005, 3.2.5."""
_NO_SERVICE = 30
"""27.007, 9.2."""
_LISTED = {"0": UNREAD, "1": READ, "4": None, "REC UNREAD": UNREAD, "REC READ": READ, "ALL": None}
_STATUS_WORDS = {UNREAD: "REC UNREAD", READ: "REC READ"}


def message_format(unit: Unit, request: Request) -> Answer:
    if request.form == "set":
        unit.set_mode(text_messages=request.number(0) == 1)
        return Answer()
    return info("+CMGF: (0,1)" if request.form == "test" else f"+CMGF: {int(unit.modes.text_messages)}")


@needs_sim
def storage(unit: Unit, request: Request) -> Answer:
    used, total = len(unit.store.slots), unit.store.capacity
    if request.form == "read":
        return info("+CPMS: " + ",".join([f'"SM",{used},{total}'] * 3))
    if request.form == "test":
        return info('+CPMS: ("SM"),("SM"),("SM")')
    return info("+CPMS: " + ",".join([f"{used},{total}"] * 3))


@needs_sim
def list_messages(unit: Unit, request: Request) -> Answer:
    if request.form == "test":
        return info('+CMGL: ("REC UNREAD","REC READ","ALL")' if unit.modes.text_messages else "+CMGL: (0-4)")
    wanted = request.argument(0, "0").upper()
    if wanted not in _LISTED:
        return Answer() if wanted in ("2", "3", "STO UNSENT", "STO SENT") else unit.refuse_message(_NOT_SUPPORTED)
    lines: list[str] = []
    for index, message in unit.store.listed(_LISTED[wanted]):
        lines += _shown(unit, message, f"+CMGL: {index},")
    return info(*lines) if lines else Answer()


@needs_sim
def read_message(unit: Unit, request: Request) -> Answer:
    message = unit.store.read(request.number(0))
    if message is None:
        return unit.refuse_message(_INVALID_INDEX)
    return info(*_shown(unit, message, "+CMGR: "))


def _shown(unit: Unit, message: Message, head: str) -> list[str]:
    if not unit.modes.text_messages:
        return [f"{head}{message.status},,{message.length}", message.pdu]
    text = message.text if message.text.isascii() else message.text.encode("utf-16-be", "replace").hex().upper()
    return [f'{head}"{_STATUS_WORDS[message.status]}","{message.sender}",,"{_stamp(unit.state)}"', text]


def _stamp(state: State) -> str:
    date, _, time = state.clock.partition("T")
    return f"{date[2:].replace('-', '/')},{time[:8]}{state.clock_zone:+03d}"


@needs_sim
def delete_message(unit: Unit, request: Request) -> Answer:
    """<delflag> 1 to 3 all that were read, 4 all (27.005, 3.5.4)."""
    flag, index = request.number(1, 0), request.number(0)
    if flag == 4:
        unit.store.slots.clear()
    elif flag:
        unit.store.slots = {n: kept for n, kept in unit.store.slots.items() if kept.status == UNREAD}
    elif unit.store.slots.pop(index, None) is None:
        return unit.refuse_message(_INVALID_INDEX)
    return Answer()


@needs_sim
def send_message(unit: Unit, request: Request) -> Answer:
    if request.form != "set":
        return Answer()
    if not unit.state.registered:
        return unit.refuse_message(_NO_NETWORK)
    return Answer(final=PROMPT, payload_for="+CMGS")


def indication_mode(unit: Unit, request: Request) -> Answer:
    if request.form == "set":
        unit.set_mode(cnmi_mt=request.number(1, 0))
        return Answer()
    known = "+CNMI: (0-2),(0-3),(0,2),(0,1),(0,1)"
    return info(known if request.form == "test" else f"+CNMI: 2,{unit.modes.cnmi_mt},0,0,0")


def service_centre(_unit: Unit, request: Request) -> Answer:
    return info('+CSCA: "+8613800100500",145') if request.form == "read" else Answer()


def message_service(_unit: Unit, request: Request) -> Answer:
    return info("+CSMS: 1,1,1") if request.form == "set" else Answer()


@needs_sim
def ussd(unit: Unit, request: Request) -> Answer:
    """OK at once; the network's words follow as +CUSD (27.007, 7.15), in UCS2 as hexadecimal."""
    if request.form != "set" or request.number(0) != 1 or not request.argument(1):
        return Answer() if request.form == "set" else info("+CUSD: (0-2)")
    if not unit.state.registered:
        return unit.refuse(_NO_SERVICE)
    for script in unit.ussd:
        if script.code in _codes(request.argument(1)):
            text = dated(script.text, datetime.fromisoformat(unit.state.clock))
            text = text.encode("utf-16-be", "replace").hex().upper() if script.dcs == 72 else text
            unit.later.append((script.after_s, line(f'+CUSD: {script.result},"{text}",{script.dcs}')))
            return Answer()
    unit.later.append((1.0, line("+CUSD: 4")))
    return Answer()


def _codes(text: str) -> tuple[str, ...]:
    """A code may come as it is dialled or, with +CSCS="UCS2", as hexadecimal."""
    try:
        return text, bytes.fromhex(text).decode("utf-16-be")
    except ValueError:
        return (text,)


HANDLERS: dict[str, Handler] = {
    "+CMGF": message_format,
    "+CPMS": storage,
    "+CMGL": list_messages,
    "+CMGR": read_message,
    "+CMGD": delete_message,
    "+CMGS": send_message,
    "+CNMI": indication_mode,
    "+CSCA": service_centre,
    "+CUSD": ussd,
    "+CSMS": message_service,
}
