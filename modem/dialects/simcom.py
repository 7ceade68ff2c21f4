"""SIMCom: SIM800/900, SIM5360, SIM7000/7080, SIM7600, A76xx, SIM8200.

Sources: SIM7500/SIM7600 Series AT Command Manual, SIM7000 Series AT Command Manual, A7600 Series AT Command Manual;
captures simcom-*. The cell commands: `simcom_cpsi`, `simcom_cells`; data and others: `simcom_more`.
"""

from modem import board, card, commands, contexts, identity, messages, signal, slots
from modem.dialect import Ask, Question
from modem.dialects import simcom_cells, simcom_more
from modem.dialects.simcom_cpsi import cpsi
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import at, body_of, integer, texts
from modem.replies import each
from modem.values import Address, NetworkInfo, Sim, Technology

_SUBMODES: dict[int, Technology] = {1: "gsm", 2: "gsm", 3: "edge", 4: "umts", 5: "hspa", 6: "hspa", 8: "lte"}
"""<stat> of +CNSMOD; 7 is HSPA on the SIM7600 and LTE-M on the SIM7000, so it tells nothing here."""


def cnsmod(line: str) -> NetworkInfo | None:
    """+CNSMOD: <n>,<stat>; the URC has <stat> alone."""
    fields = texts(line)
    stat = integer(fields[-1]) if fields else None
    if stat is None or not 0 <= stat <= 30:
        return None
    return NetworkInfo(_SUBMODES.get(stat), service="none" if stat == 0 else None)


def bearer(line: str) -> Address | None:
    """+SAPBR: <cid>,<status>,<address>: 1 = connected (SIM800)."""
    fields = texts(line)
    cid = integer(at(fields, 0))
    return Address(cid, contexts.addresses(fields[2])) if cid is not None and len(fields) > 2 else None


def ip_address(line: str) -> Address | None:
    """+IPADDR: <address> of the first context (AT+NETOPEN)."""
    found = contexts.addresses(body_of(line))
    return Address(1, found) if found else None


def sim_removed(line: str) -> Sim | None:
    """+SIMCARD: NOT AVAILABLE: switched off or taken out; not known which."""
    return Sim("busy") if "NOT AVAILABLE" in line.upper() else None


_TRIES = card.tries(puk_at=1)
"""+SPIC: <PIN>,<PUK>,<PIN2>,<PUK2>."""

SIMCOM = vendor(
    "simcom",
    asks={
        Question.ICCID: (Ask("AT+CICCID", (), each(card.number)),),
        Question.PIN_RETRIES: (Ask("AT+SPIC", ("+SPIC:",), each(_TRIES, "+SPIC:")),),
        Question.SIM_SLOTS: (
            Ask("AT+SMSIMCFG?", ("+SMSIMCFG:",), each(slots.counted_from(1, 1), "+SMSIMCFG:")),
            Ask("AT+BINDSIM?", ("+BINDSIM:",), each(slots.counted_from(0), "+BINDSIM:")),
        ),
        Question.CELL: (Ask("AT+CPSI?", ("+CPSI:",), each(cpsi, "+CPSI:")),),
        Question.NETWORK_INFO: (Ask("AT+CNSMOD?", ("+CNSMOD:",), each(cnsmod, "+CNSMOD:")),),
        Question.TEMPERATURE: (Ask("AT+CPMUTEMP", ("+CPMUTEMP:",), each(board.degrees, "+CPMUTEMP:")),),
    },
    urcs={
        "+SIMCARD:": urc(each(sim_removed)),
        "+CNSMOD:": urc(each(cnsmod)),
        "+CPSI:": urc(each(cpsi)),
        "+CFUN:": urc(each(commands.functionality)),
        "*PSUTTZ:": urc(each(simcom_more.psuttz)),
        "*PSNWID:": urc(each(simcom_more.psnwid)),
        "+CSQN:": urc(each(signal.csq)),  # SIM800 manual, AT+EXUNSOL="SQ",1
        "+CSMINS:": urc(each(simcom_more.csmins)),
        **dict.fromkeys(("SMS DONE", "PB DONE", "SMS Ready", "Call Ready", "SMS READY", "CALL READY"), nothing),
        **dict.fromkeys(("*ATREADY:", "DST:", "+NETOPEN:", "+NETCLOSE:", "+IPCLOSE:", "+CMTE:"), nothing),
        **dict.fromkeys(
            ("+CMQTTCONNECT:", "+CMQTTCONNLOST:", "+CIPEVENT:", "*ISIMAID:", "+APP PDP:", "+SAPBR 1:", "+PDP:"), nothing
        ),
        **dict.fromkeys(("UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE POWER DOWN", "NORMAL POWER DOWN"), nothing),
        **dict.fromkeys(("OVER-VOLTAGE WARNNING", "OVER-VOLTAGE POWER DOWN"), nothing),
    },
    parsers={
        "+CICCID": each(card.number),
        "+CPSI": each(cpsi),
        "+CNSMOD": each(cnsmod),
        "+CMGRD": messages.stored,
        "+CMGRMI": each(simcom_cells.cmgrmi),
        "+CPMUTEMP": each(board.degrees),
        "+CMTE": each(simcom_more.cmte),
        "+CSMINS": each(simcom_more.csmins),
        "+CNETSCAN": each(simcom_more.cnetscan),
        "+CNWINFO": each(simcom_more.cnwinfo),
        "+SIMEI": each(identity.imei),
        **dict.fromkeys(("+SIMCOMATI", "+GSV"), identity.ati),
        "+SAPBR": each(bearer),
        "+IPADDR": each(ip_address),
        "+CENG": simcom_cells.ceng,
        "+CNACT": each(simcom_more.cnact),
        "+CIFSR": each(simcom_more.cifsr),
        "+SPIC": each(_TRIES),
        "+CNETCI": simcom_cells.cnetci,
        "+CNETCISRVINFO": simcom_cells.cnetci,
        "+CNETCINONINFO": simcom_cells.cnetci,
        "+CCINFO": each(simcom_cells.ccinfo),
        "+SMSIMCFG": each(slots.counted_from(1, 1)),
        "+BINDSIM": each(slots.counted_from(0)),
    },
)
ALL = (SIMCOM,)
