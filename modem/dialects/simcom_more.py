"""SIMCom beyond +CPSI: engineering mode (+CENG), contexts of the modem's own stack (+CNACT, +CIFSR), PIN tries (+SPIC).

Sources: SIM800 Series AT Command Manual (+CENG, +CIFSR), SIM7080 Series AT Command Manual (+CENG, +CNACT), SIM7500 and
SIM7600 Series AT Command Manual (+SPIC).
"""

from modem import contexts, signal
from modem.events import Reply
from modem.fields import at, body_of, hex_id, integer, number, prefix_of, texts
from modem.operators import plmn
from modem.values import Address, Cell, ContextActive, Reading, Sim, Technology

_LTE: dict[str, Technology] = {"LTE CAT-M1": "lte_m", "LTE NB-IOT": "nb_iot"}
_FULL, _SHORT, _CAT_M = 12, 6, 11
"""Fields of a serving cell in modes 1 and 2 of a SIM800, in its mode 3, and of a SIM7080."""


def ceng(reply: Reply) -> tuple[Reading, ...]:
    """+CENG: <mode>,…[,<system>], then +CENG: <n>,"<figures>" a line for each cell; cell 0 is the serving one.

    2G: <arfcn>,<rxl>,<rxq>,<mcc>,<mnc>,<bsic>,<cell>,<rla>,<txp>,<lac>,<ta> or, in mode 3,
    <mcc>,<mnc>,<lac>,<cell>,<bsic>,<rxl>;
    SIM7080: <earfcn>,<pci>,<rsrp>,<rssi>,<rsrq>,<sinr>,<tac>,<cell>,<plmn>,<band>,…, its ids in decimal.
    """
    tech: Technology = "gsm"
    for line in reply.lines:
        fields = texts(line)
        tech = next((_LTE[text.upper()] for text in fields if text.upper() in _LTE), tech)
        if prefix_of(line) == "+CENG:" and len(fields) == 2 and "," in fields[1] and fields[0] == "0":
            figures = tuple(text.strip() for text in fields[1].split(","))
            return _gsm(figures) if tech == "gsm" else _cat_m(figures, tech)
    return ()


def _gsm(figures: tuple[str, ...]) -> tuple[Reading, ...]:
    if len(figures) == _SHORT:
        mcc, mnc, lac, cell_id, _, level = figures
        channel = None
    elif len(figures) in (_FULL - 1, _FULL):
        channel, level, _, mcc, mnc, _, cell_id, *_ = figures
        lac = figures[9]
    else:
        return ()
    network = plmn(mcc, mnc)
    if network is None or not network.strip("0"):
        return ()
    cell = Cell("gsm", plmn=network, lac=hex_id(lac), cell_id=hex_id(cell_id), channel=integer(channel))
    return (cell, signal.signal("gsm", rssi=signal.rxlev_dbm(integer(level))))


def _cat_m(figures: tuple[str, ...], tech: Technology) -> tuple[Reading, ...]:
    if len(figures) < _CAT_M - 1:
        return ()
    tac, cell_id = integer(figures[6]), integer(figures[7])
    cell = Cell(
        tech,
        tac=hex_id(f"{tac:04X}") if tac and tac > 0 else None,
        cell_id=hex_id(f"{cell_id:X}") if cell_id and cell_id > 0 else None,
        pci=integer(figures[1]),
        channel=integer(figures[0]),
    )
    rsrp, rssi, rsrq, sinr = (number(text) for text in figures[2:6])
    return (cell, signal.signal(tech, rsrp=rsrp, rssi=rssi, rsrq=rsrq, sinr=sinr))


def cnact(line: str) -> tuple[Reading, ...] | None:
    """+CNACT: <pdp>,<state>,"<address>" (SIM7080), <state>,"<address>" (SIM7000): the URC has words."""
    fields = texts(line)
    if len(fields) == 2 and contexts.addresses(fields[1]):
        fields = ("1", *fields)
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    if cid is None or state not in (0, 1, 2) or len(fields) < 3:
        return None
    found = contexts.addresses(fields[2])
    return (ContextActive(cid, active=state == 1), *((Address(cid, found),) if found else ()))


def cifsr(line: str) -> Address | None:
    """AT+CIFSR answers with the bare address of the one context of a SIM800, and with nothing else."""
    found = contexts.addresses(body_of(line))
    return Address(1, found) if found else None


def spic(line: str) -> Sim | None:
    """+SPIC: <PIN>,<PUK>,<PIN2>,<PUK2> tries left."""
    values = [integer(text) for text in texts(line)]
    return Sim(pin_retries=values[0], puk_retries=values[1]) if len(values) == 4 and None not in values else None
