"""Packet data: attachment, contexts, addresses, dialling (27.007, clause 10)."""

from dataclasses import replace

from modem.simulator.answer import Answer, info
from modem.simulator.request import Request
from modem.simulator.unit import Handler, Unit

_NO_SERVICE = 30
_BAD_PARAMETER = 50


def attach(unit: Unit, request: Request) -> Answer:
    state = unit.state
    if request.form == "test":
        return info("+CGATT: (0,1)")
    if request.form == "read":
        return info(f"+CGATT: {int(state.attached and state.data_registered)}")
    if request.number(0) not in (0, 1):
        return unit.refuse(_BAD_PARAMETER)
    if request.number(0) == 1 and not state.data_registered:
        return unit.refuse(_NO_SERVICE)
    unit.change(attached=request.number(0) == 1)
    return Answer()


def contexts(unit: Unit, request: Request) -> Answer:
    state = unit.state
    if request.form == "read":
        return info(f'+CGDCONT: {state.cid},"{state.pdp_type}","{state.apn}","0.0.0.0",0,0')
    if request.form == "test":
        return info('+CGDCONT: (1-15),"IP",,,(0-2),(0-4)', '+CGDCONT: (1-15),"IPV4V6",,,(0-2),(0-4)')
    if request.number(0) < 1:
        return unit.refuse(_BAD_PARAMETER)
    if request.number(0) == state.cid and len(request.arguments) >= 3:
        unit.change(pdp_type=request.argument(1), apn=request.argument(2))
    return Answer()


def activation(unit: Unit, request: Request) -> Answer:
    state = unit.state
    if request.form == "read":
        return info(f"+CGACT: {state.cid},{int(state.data_up)}")
    if request.form == "test":
        return info("+CGACT: (0,1)")
    wanted = request.number(0)
    if wanted not in (0, 1) or request.number(1, state.cid) != state.cid:
        return unit.refuse(_BAD_PARAMETER)
    if wanted and not state.data_registered:
        return unit.refuse(_NO_SERVICE)
    if wanted and state.activation_error:
        return unit.refuse(state.activation_error)
    unit.change(active=bool(wanted), attached=state.attached or bool(wanted))
    return Answer()


def addresses(unit: Unit, request: Request) -> Answer:
    """10.1.14: a context without address is listed without one."""
    state = unit.state
    if request.form == "test":
        return info(f"+CGPADDR: ({state.cid})")
    if request.form == "set" and request.number(0, state.cid) != state.cid:
        return Answer()
    return info(f'+CGPADDR: {state.cid},"{state.address}"' if state.data_up else f"+CGPADDR: {state.cid}")


def parameters(unit: Unit, request: Request) -> Answer:
    """10.1.23: only active contexts; address and mask are one text of eight numbers."""
    state = unit.state
    if request.form == "test":
        return info(f"+CGCONTRDP: ({state.cid})") if state.data_up else Answer()
    if not state.data_up or (request.form == "set" and request.number(0, state.cid) != state.cid):
        return Answer()
    return info(
        f'+CGCONTRDP: {state.cid},5,"{state.apn}","{state.address}.255.255.255.0","{state.gateway}",'
        f'"{state.dns1}","{state.dns2}"'
    )


def dial(unit: Unit, request: Request) -> Answer:
    """ATD*99#: the port then carries PPP, which the virtual modem swallows."""
    if not request.argument(0).lstrip("TPtp").startswith("*99"):
        return Answer(final=b"\r\nNO CARRIER\r\n")
    if not unit.state.data_registered or unit.state.activation_error:
        return Answer(final=b"\r\nNO CARRIER\r\n")
    return replace(Answer(), final=b"\r\nCONNECT 150000000\r\n", opens_data=True)


HANDLERS: dict[str, Handler] = {
    "+CGATT": attach,
    "+CGDCONT": contexts,
    "+CGACT": activation,
    "+CGPADDR": addresses,
    "+CGCONTRDP": parameters,
    "D": dial,
}
