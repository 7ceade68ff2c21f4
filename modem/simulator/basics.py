"""V.250 and identity commands: ATE, ATI, +CMEE, +CGMI …"""

from collections.abc import Callable

from modem.simulator.answer import Answer, info
from modem.simulator.request import Request
from modem.simulator.unit import Handler, Unit


def fine(_unit: Unit, _request: Request) -> Answer:
    """Accepted and without effect here."""
    return Answer()


def switch(name: str, known: str) -> Handler:
    """Off, and stays off; ModemManager 1.20 does not survive a test that names no values (27.007, 8.40 and 8.41)."""

    def told(_unit: Unit, request: Request) -> Answer:
        said = {"test": known, "read": "0"}.get(request.form)
        return Answer() if said is None else info(f"{name}: {said}")

    return told


def echo(unit: Unit, request: Request) -> Answer:
    unit.set_mode(echo=request.argument(0, "0") != "0")
    return Answer()


def factory(unit: Unit, _request: Request) -> Answer:
    """AT&F and ATZ: the settings of V.250 and 27.007 as after a restart."""
    unit.modes = type(unit.modes)()
    return Answer()


def identity(unit: Unit, _request: Request) -> Answer:
    state = unit.state
    return info(state.manufacturer, state.model, f"Revision: {state.firmware}")


def about(field: str) -> Handler:
    """AT+CGMI and its like: one field of the state, without prefix (27.007, 5.1 to 5.4)."""

    def told(unit: Unit, request: Request) -> Answer:
        return Answer() if request.form == "test" else info(str(getattr(unit.state, field)))

    return told


def error_format(unit: Unit, request: Request) -> Answer:
    if request.form == "set":
        if request.number(0) not in (0, 1, 2):
            return unit.refuse(50)
        unit.set_mode(cmee=request.number(0))
        return Answer()
    return info("+CMEE: (0-2)" if request.form == "test" else f"+CMEE: {unit.modes.cmee}")


def character_set(unit: Unit, request: Request) -> Answer:
    if request.form == "set":
        unit.set_mode(character_set=request.argument(0).upper())
        return Answer()
    known = '+CSCS: ("GSM","IRA","UCS2")'
    return info(known if request.form == "test" else f'+CSCS: "{unit.modes.character_set}"')


def clock(unit: Unit, request: Request) -> Answer:
    """27.007, 8.15: local time and the zone in quarters of an hour."""
    if request.form != "read":
        return Answer()
    state = unit.state
    date, _, time = state.clock.partition("T")
    return info(f'+CCLK: "{date[2:].replace("-", "/")},{time[:8]}{state.clock_zone:+03d}"')


def battery(unit: Unit, request: Request) -> Answer:
    return Answer() if request.form == "test" else info(f"+CBC: 0,100,{unit.state.voltage_mv}")


def systems(_unit: Unit, request: Request) -> Answer:
    """+WS46 (27.007, 5.9): 25 is GERAN, UTRAN and E-UTRAN; the choice is fixed here."""
    return Answer() if request.form == "set" else info(f"+WS46: {'(12,22,25,28,29)' if request.form == 'test' else 25}")


def capabilities(_unit: Unit, _request: Request) -> Answer:
    """+GCAP (V.250, 6.1.9)."""
    return info("+GCAP: +CGSM")


HANDLERS: dict[str, Callable[[Unit, Request], Answer]] = {
    "": fine,
    "E": echo,
    "Z": factory,
    "&F": factory,
    "V": fine,
    "Q": fine,
    "X": fine,
    "H": fine,
    "&C": fine,
    "&D": fine,
    "&W": fine,
    "S": fine,
    "I": identity,
    "+CGMI": about("manufacturer"),
    "+GMI": about("manufacturer"),
    "+CGMM": about("model"),
    "+GMM": about("model"),
    "+CGMR": about("firmware"),
    "+GMR": about("firmware"),
    "+CGSN": about("imei"),
    "+GSN": about("imei"),
    "+GCAP": capabilities,
    "+WS46": systems,
    "+CMEE": error_format,
    "+CSCS": character_set,
    "+CCLK": clock,
    "+CBC": battery,
    "+CTZU": switch("+CTZU", "(0,1)"),
    "+CTZR": switch("+CTZR", "(0-2)"),
    "+IFC": fine,
    "+IPR": fine,
    "+ICF": fine,
}
