"""Registration, operator, signal and the radio switch (27.007, clauses 7 and 8)."""

from modem.simulator.answer import Answer, info, line
from modem.simulator.figures import cesq_rsrp, cesq_rsrq, csq
from modem.simulator.request import Request
from modem.simulator.state import REGISTERED, State
from modem.simulator.unit import Handler, Unit

DOMAINS = {"+CREG": "cs", "+CGREG": "ps", "+CEREG": "eps", "+C5GREG": "nr"}
TOP_MODE = {"cs": 3, "ps": 3, "eps": 5, "nr": 3}
"""The highest <n> of each report (27.007, 7.2, 10.1.20, 10.1.22, 10.1.47)."""
_NR_ACCESS = (10, 11, 12, 13)


def registration(unit: Unit, request: Request) -> Answer:
    domain = DOMAINS[request.name]
    if domain == "nr" and not unit.state.nr and unit.state.act not in _NR_ACCESS:
        return unit.not_known()
    if request.form == "set":
        return _set_report(unit, request, domain)
    if request.form == "test":
        return info(f"{request.name}: (0-{TOP_MODE[domain]})")
    mode = unit.modes.reporting.get(domain, 0)
    return info(f"{request.name}: {mode},{report(unit.state, domain, mode)}")


def _set_report(unit: Unit, request: Request, domain: str) -> Answer:
    mode = request.number(0)
    if not 0 <= mode <= TOP_MODE[domain]:
        return unit.refuse(50)
    unit.set_mode(reporting={**unit.modes.reporting, domain: mode})
    return Answer()


def report(state: State, domain: str, mode: int) -> str:
    """`<stat>` and, as far as `mode` asks for them, place and reject cause."""
    stat = state.stat(domain)
    text = str(stat)
    placed = mode >= 2 and stat in REGISTERED
    if placed:
        text += f',"{state.tac}","{state.cell_id}",{state.act}'
    if mode in (3, 5) and stat not in REGISTERED and state.reject_cause:
        # <rac> stands between <AcT> and <cause_type> in +CGREG only (10.1.20).
        text += ",,,," + ("," if domain == "ps" else "") + f"{state.cause_type},{state.reject_cause}"
    return text


def indications(before: State, after: State, reporting: dict[str, int]) -> list[bytes]:
    """The +C*REG URCs that a change of state causes, where they were asked for."""
    lines = []
    for name, domain in DOMAINS.items():
        mode = reporting.get(domain, 0)
        news = report(after, domain, mode)
        if mode and news != report(before, domain, mode):
            lines.append(line(f"{name}: {news}"))
    return lines


def operator(unit: Unit, request: Request) -> Answer:
    if request.form == "test":
        if not unit.state.radio_on:
            return unit.refuse(30)
        return Answer(info(f"+COPS: {unit.state.operators},,(0-4),(0-2)").body, delay_s=3.0)
    if request.form == "set":
        return _select(unit, request)
    state = unit.state
    if not state.registered:
        return info(f"+COPS: {state.selection}")
    name = state.plmn if unit.modes.cops_format == 2 else state.operator
    return info(f'+COPS: {state.selection},{unit.modes.cops_format},"{name}",{state.act}')


def _select(unit: Unit, request: Request) -> Answer:
    """27.007, 7.3: 3 sets only the format, 2 deregisters, the others (re)select."""
    mode = request.number(0)
    if mode not in (0, 1, 2, 3, 4):
        return unit.refuse(50)
    if request.argument(1):
        unit.set_mode(cops_format=request.number(1, 0))
    if mode != 3:
        unit.change(selection=0 if mode == 4 else mode)
    return Answer()


def functionality(unit: Unit, request: Request) -> Answer:
    if request.form == "test":
        return info("+CFUN: (0,1,4),(0,1)")
    if request.form == "read":
        return info(f"+CFUN: {unit.state.functionality}")
    level = request.number(0)
    if level not in (0, 1, 4):
        return unit.refuse(50)
    unit.change(functionality=level)
    unit.restart_wanted = level == 1 and request.number(1) == 1
    return Answer()


def signal(unit: Unit, request: Request) -> Answer:
    return info("+CSQ: (0-31,99),(0-7,99)" if request.form == "test" else f"+CSQ: {csq(unit.state)},99")


def extended_signal(unit: Unit, request: Request) -> Answer:
    """27.007, 8.69: on LTE only <rsrq> and <rsrp> are measured."""
    if request.form == "test":
        return info("+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)")
    return info(_cesq(unit.state))


def _cesq(state: State) -> str:
    return f"+CESQ: 99,99,255,255,{cesq_rsrq(state)},{cesq_rsrp(state)}"


def last_cause(unit: Unit, request: Request) -> Answer:
    return Answer() if request.form == "test" else info(f"+CEER: {unit.state.last_cause}")


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(DOMAINS, registration),
    "+COPS": operator,
    "+CFUN": functionality,
    "+CSQ": signal,
    "+CESQ": extended_signal,
    "+CEER": last_cause,
}
