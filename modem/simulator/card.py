"""The card: its lock, its numbers and the few files that a client reads from it."""

from modem.simulator.answer import Answer, info, line
from modem.simulator.messages import swapped
from modem.simulator.request import Request
from modem.simulator.unit import Handler, Unit, needs_sim

_LOCK_WORDS = {"ready": "READY", "pin": "SIM PIN", "puk": "SIM PUK", "network_locked": "PH-NET PIN"}
_READ_BINARY, _READ_RECORD = 176, 178
_EF_ICCID, _EF_IMSI, _EF_AD = 12258, 28423, 28589
"""31.102, 4.1: 2FE2, 6F07, 6FAD."""


def lock(unit: Unit, request: Request) -> Answer:
    state = unit.state
    if request.form == "test":
        return Answer()
    if request.form == "set":
        return _enter(unit, request)
    if state.sim not in _LOCK_WORDS or state.functionality == 0:
        return unit.refuse(state.sim_error or 13)
    return info(f"+CPIN: {_LOCK_WORDS[state.sim]}")


def _enter(unit: Unit, request: Request) -> Answer:
    """27.007, 8.3: <pin> for SIM PIN, <puk>,<new pin> for SIM PUK; a wrong one costs a try."""
    state = unit.state
    if state.sim == "pin" and request.argument(0) == state.pin:
        return _unlocked(unit, state.pin)
    if state.sim == "pin":
        left = max(0, state.pin_retries - 1)
        unit.change(pin_retries=left, sim="pin" if left else "puk")
        return unit.refuse(16 if left else 12)
    if state.sim == "puk" and len(request.arguments) == 2:
        unit.change(puk_retries=max(0, state.puk_retries - 1))
        return unit.refuse(16)
    return unit.refuse(3)


def _unlocked(unit: Unit, pin: str) -> Answer:
    unit.change(sim="ready", pin=pin, pin_retries=3)
    unit.later.append((0.05, line("+CPIN: READY")))
    return Answer()


@needs_sim
def imsi(unit: Unit, request: Request) -> Answer:
    return Answer() if request.form == "test" else info(unit.state.imsi)


@needs_sim
def own_number(unit: Unit, request: Request) -> Answer:
    number = unit.state.msisdn
    if request.form == "test" or not number:
        return Answer()
    return info(f'+CNUM: "","{number}",{145 if number.startswith("+") else 129}')


def card_id(unit: Unit, request: Request) -> Answer:
    """+CCID. The number can be read without PIN (31.102, 4.1: access condition ALWAYS)."""
    if not unit.state.sim_present or unit.state.functionality == 0:
        return unit.refuse(unit.state.sim_error or 13)
    return Answer() if request.form == "test" else info(f"+CCID: {unit.state.iccid}")


def restricted(unit: Unit, request: Request) -> Answer:
    """+CRSM (27.007, 8.18): the ICCID needs no PIN, the rest does; unknown files answer 6A 82."""
    state = unit.state
    if request.form != "set":
        return Answer()
    command, file = request.number(0), request.number(1)
    error = state.sim_error
    if error is not None and not (file == _EF_ICCID and state.sim_present and state.functionality != 0):
        return unit.refuse(error)
    contents = {_EF_ICCID: _bcd(state.iccid, 20), _EF_IMSI: _imsi_file(state.imsi), _EF_AD: "00000002"}
    if command not in (_READ_BINARY, _READ_RECORD) or file not in contents:
        return info('+CRSM: 106,130,""')
    return info(f'+CRSM: 144,0,"{contents[file]}"')


def _bcd(digits: str, length: int) -> str:
    return swapped(digits.ljust(length, "F"))


def _imsi_file(imsi: str) -> str:
    """31.102, 4.2.2: length, then digits with the parity nibble in front."""
    return "08" + swapped("9" + imsi)


def facility(unit: Unit, request: Request) -> Answer:
    """+CLCK="SC",2: is a PIN asked for? No lock is ever changed here."""
    if request.argument(0).upper() != "SC" or request.number(1) != 2:
        return unit.refuse(3)
    if not unit.state.sim_present:
        return unit.refuse(unit.state.sim_error or 13)
    return info(f"+CLCK: {0 if unit.state.sim == 'ready' else 1}")


def retries(unit: Unit, _request: Request) -> Answer:
    """+CPINR (27.007, 8.65)."""
    if not unit.state.sim_present:
        return unit.refuse(unit.state.sim_error or 13)
    state = unit.state
    return info(f"+CPINR: SIM PIN,{state.pin_retries},3", f"+CPINR: SIM PUK,{state.puk_retries},10")


def generic(unit: Unit, request: Request) -> Answer:
    """+CSIM (27.007, 8.17), for VERIFY and UNBLOCK PIN without data alone: the tries left, as 63 CX (102 221, 11.1.9).

    Key reference 01 is the PIN, 81 is PIN2, which is never used up here. Anything else: 6D 00, no such instruction.
    """
    if not unit.state.sim_present:
        return unit.refuse(unit.state.sim_error or 13)
    if request.form != "set":
        return Answer()
    state, apdu = unit.state, request.argument(1)[:8].upper()
    left = {"00200001": state.pin_retries, "002C0001": state.puk_retries, "00200081": 3, "002C0081": 10}.get(apdu)
    return info('+CSIM: 4,"6D00"' if left is None else f'+CSIM: 4,"63C{left:X}"')


HANDLERS: dict[str, Handler] = {
    "+CPIN": lock,
    "+CIMI": imsi,
    "+CNUM": own_number,
    "+CCID": card_id,
    "+CRSM": restricted,
    "+CSIM": generic,
    "+CLCK": facility,
    "+CPINR": retries,
}
