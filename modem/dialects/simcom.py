"""SIMCom: SIM800/900, SIM5360, SIM7000/7080, SIM7600, A76xx, SIM8200.

Sources: SIM7500/SIM7600 Series AT Command Manual, SIM7000 Series AT Command Manual, A7600 Series AT Command Manual;
captures simcom-*. +CPSI gives LTE levels in tenths (SIM7600), in whole dB (SIM7000) or as 27.007 indexes (A76xx).
"""

import re

from modem import board, card, commands, contexts, identity, signal, slots
from modem.dialect import Ask, Question
from modem.dialects import simcom_cells, simcom_more
from modem.dialects.threegpp import nothing, urc, vendor
from modem.events import Reply
from modem.fields import at, body_of, hex_id, integer, number, scaled, texts, tidy
from modem.operators import plmn
from modem.replies import each
from modem.values import Address, Cell, NetworkInfo, Reading, Signal, Sim, Technology

_MODES: dict[str, Technology] = {
    "GSM": "gsm",
    "WCDMA": "umts",
    "TDS": "umts",
    "LTE": "lte",
    "LTE CAT-M1": "lte_m",
    "LTE NB-IOT": "nb_iot",
    "LTE NB-IOT2": "nb_iot",
    "NR5G_SA": "nr",
    "NR5G": "nr",
}
_BAND = re.compile(r"BAND\s*([0-9]{1,3})", re.IGNORECASE)


def _band(text: str | None) -> str | None:
    """EUTRAN-BAND3 → B3, NR5G_BAND78 → n78."""
    match = _BAND.search(text or "")
    return None if match is None else f"{'n' if 'NR' in (text or '').upper() else 'B'}{int(match[1])}"


def _decimal_id(text: str | None) -> str | None:
    """A cell id that +CPSI writes in decimal, as everywhere else: hexadecimal."""
    value = integer(text)
    return hex_id(f"{value:X}") if value is not None and value > 0 else None


def _plmn(text: str | None) -> str | None:
    mcc, _, mnc = (text or "").partition("-")
    return plmn(mcc, mnc)


def cpsi(line: str) -> tuple[Reading, ...] | None:
    """+CPSI: <mode>,<operation mode>[,<mcc>-<mnc>,<lac or tac>,<cell>,…]: which cell, and how well it is heard."""
    fields = texts(line)
    mode = fields[0].strip().upper() if fields else ""
    if mode == "NO SERVICE":
        return (NetworkInfo(service="none"),)
    if mode == "NR5G_NSA" or (mode == "NR5G" and integer(at(fields, 1)) is not None):
        return _nsa(fields) or _nsa_older(fields)
    tech = _MODES.get(mode)
    if tech is None or len(fields) < 7:
        return None
    readers = {"gsm": _gsm, "umts": _wcdma, "nr": _nr}
    return readers.get(tech, _lte)(fields, tech)


def _cell(fields: tuple[str, ...], tech: Technology) -> dict[str, str | None]:
    area = hex_id(at(fields, 3))
    name = "lac" if tech in ("gsm", "umts") else "tac"
    return {"plmn": _plmn(at(fields, 2)), name: area, "cell_id": _decimal_id(at(fields, 4))}


def _lte(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<pci>,<band>,<earfcn>,<dl>,<ul>,<rsrq>,<rsrp>,<rssi>,<rssnr>."""
    where = _cell(fields, tech)
    cell = Cell(
        tech,
        plmn=where["plmn"],
        tac=where["tac"],
        cell_id=where["cell_id"],
        pci=integer(at(fields, 5)),
        band=_band(at(fields, 6)),
        channel=integer(at(fields, 7)),
    )
    return (cell, _lte_level(fields, tech)) if len(fields) >= 13 else (cell,)


def _lte_level(fields: tuple[str, ...], tech: Technology) -> Signal:
    rsrq, rsrp, rssi, snr = (at(fields, index) for index in range(10, 14))
    value = number(rsrp)
    if value is not None and value >= 0:  # A76xx: indexes of +CESQ, and the RSSI like <rxlev>
        return signal.signal(
            tech,
            rsrq=signal.rsrq_db(integer(rsrq)),
            rsrp=signal.rsrp_dbm(integer(rsrp)),
            rssi=signal.rxlev_dbm(integer(rssi)),
            sinr=number(snr),
        )
    unit = 0.1 if value is not None and value < -200 else 1.0
    return signal.signal(
        tech, rsrq=scaled(rsrq, unit), rsrp=scaled(rsrp, unit), rssi=scaled(rssi, unit), sinr=number(snr)
    )


def _nr(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<pci>,[<band>,]<arfcn>,<rsrp>,<rsrq>,<snr>: the band is missing in SIM8200's manual V1.00."""
    where = _cell(fields, tech)
    band = _band(at(fields, 6))
    rest = fields[7 if band else 6 :]
    cell = Cell(
        tech,
        plmn=where["plmn"],
        tac=where["tac"],
        cell_id=where["cell_id"],
        pci=integer(at(fields, 5)),
        band=band,
        channel=integer(at(rest, 0)),
    )
    return (cell, _nr_level(rest[1:], tech))


def _nr_level(fields: tuple[str, ...], tech: Technology) -> Signal:
    rsrp = number(at(fields, 0))
    unit = 0.1 if rsrp is not None and rsrp < -200 else 1.0
    return signal.signal(
        tech, rsrp=scaled(at(fields, 0), unit), rsrq=scaled(at(fields, 1), unit), sinr=scaled(at(fields, 2), unit)
    )


def _nsa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """NR5G_NSA,<pci>,<band>,<arfcn>,<rsrp>,<rsrq>,<snr>: the second line of EN-DC."""
    if _band(at(fields, 2)) is None:
        return None
    cell = Cell("nr_nsa", pci=integer(at(fields, 1)), band=_band(at(fields, 2)), channel=integer(at(fields, 3)))
    return (cell, _nr_level(fields[4:], "nr_nsa"))


_MOST_SNR = 40


def _nsa_older(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """NR5G,<pci>,<arfcn>,<rsrq>,<rsrp>,<snr>: SIM8200 manual V1.00.01 §4.2.14, SIM8202 firmware of that time.

    The SNR is in tenths in the manual (153), in dB on the firmware (8.5); the levels are whole.
    """
    values = [number(text) for text in fields[1:6]]
    if len(values) < 5 or values[3] is None or values[3] >= 0:
        return None
    snr = values[4] if values[4] is None or abs(values[4]) <= _MOST_SNR else tidy(values[4] / 10)
    cell = Cell("nr_nsa", pci=integer(fields[1]), channel=integer(fields[2]))
    return (cell, signal.signal("nr_nsa", rsrq=values[2], rsrp=values[3], sinr=snr))


def _gsm(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<arfcn and band>,<rx level>,…: "27 EGSM 900", -64 dBm."""
    where = _cell(fields, tech)
    channel = integer((at(fields, 5) or "").split(" ")[0])
    cell = Cell(tech, plmn=where["plmn"], lac=where["lac"], cell_id=where["cell_id"], channel=channel)
    return (cell, signal.signal(tech, rssi=number(at(fields, 6))))


def _wcdma(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<band>,<psc>,<uarfcn>,<ssc>,<ec/io>,<rscp>,…: both without their sign."""
    where = _cell(fields, tech)
    cell = Cell(
        tech,
        plmn=where["plmn"],
        lac=where["lac"],
        cell_id=where["cell_id"],
        pci=integer(at(fields, 6)),
        channel=integer(at(fields, 7)),
    )
    ecio, rscp = number(at(fields, 9)), number(at(fields, 10))
    level = signal.signal(
        tech, ecio=-abs(ecio) if ecio is not None else None, rscp=-abs(rscp) if rscp is not None else None
    )
    return (cell, level)


def cmgrmi(line: str) -> tuple[Reading, ...] | None:
    """+CMGRMI: Serving_Cell,<earfcn>,<mcc>,<mnc>,<tac>,<digits>,<cell>,<band>,<dl>,<ul>,<snr>,<pci>,<rsrq>,<rsrp>,…

    Levels in tenths, ids in decimal (SIM7500/SIM7600; the same cell as +CPSI's on a SIM7906).
    """
    fields = texts(line)
    if len(fields) < 15 or fields[0] != "Serving_Cell":
        return None
    band = integer(fields[7])
    cell = Cell(
        "lte",
        plmn=plmn(fields[2], fields[3]),
        tac=_decimal_id(fields[4]),
        cell_id=_decimal_id(fields[6]),
        pci=integer(fields[11]),
        channel=integer(fields[1]),
        band=f"B{band}" if band and band < 256 else None,
    )
    rsrq, rsrp, rssi = (scaled(fields[place], 0.1) for place in (12, 13, 14))
    return (cell, signal.signal("lte", rsrq=rsrq, rsrp=rsrp, rssi=rssi, sinr=number(fields[10])))


_SUBMODES: dict[int, Technology] = {1: "gsm", 2: "gsm", 3: "edge", 4: "umts", 5: "hspa", 6: "hspa", 8: "lte"}
"""<stat> of +CNSMOD; 7 is HSPA on the SIM7600 and LTE-M on the SIM7000, so it tells nothing here."""


def cnsmod(line: str) -> NetworkInfo | None:
    """+CNSMOD: <n>,<stat>; the URC has <stat> alone."""
    fields = texts(line)
    stat = integer(fields[-1]) if fields else None
    if stat is None or not 0 <= stat <= 30:
        return None
    return NetworkInfo(_SUBMODES.get(stat), service="none" if stat == 0 else None)


def simcomati(reply: Reply) -> tuple[Reading, ...]:
    """AT+SIMCOMATI: like ATI; a line without a label repeats the revision of the application."""
    return identity.ati(reply)


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


SIMCOM = vendor(
    "simcom",
    asks={
        Question.ICCID: (Ask("AT+CICCID", (), each(card.number)),),
        Question.PIN_RETRIES: (Ask("AT+SPIC", ("+SPIC:",), each(simcom_more.spic, "+SPIC:")),),
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
        **dict.fromkeys(("SMS DONE", "PB DONE", "SMS Ready", "Call Ready", "SMS READY", "CALL READY"), nothing),
        **dict.fromkeys(("*ATREADY:", "*PSUTTZ:", "DST:", "+NETOPEN:", "+NETCLOSE:", "+IPCLOSE:", "+CMTE:"), nothing),
        **dict.fromkeys(
            ("+CMQTTCONNECT:", "+CMQTTCONNLOST:", "+CIPEVENT:", "*ISIMAID:", "+APP PDP:", "+SAPBR 1:", "+PDP:"), nothing
        ),
        **dict.fromkeys(("UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE POWER DOWN", "NORMAL POWER DOWN"), nothing),
    },
    parsers={
        "+CICCID": each(card.number),
        "+CPSI": each(cpsi),
        "+CNSMOD": each(cnsmod),
        "+CMGRMI": each(cmgrmi),
        "+CPMUTEMP": each(board.degrees),
        "+SIMCOMATI": simcomati,
        "+SAPBR": each(bearer),
        "+IPADDR": each(ip_address),
        "+CENG": simcom_cells.ceng,
        "+CNACT": each(simcom_more.cnact),
        "+CIFSR": each(simcom_more.cifsr),
        "+SPIC": each(simcom_more.spic),
        "+CNETCI": simcom_cells.cnetci,
        "+CNETCISRVINFO": simcom_cells.cnetci,
        "+CNETCINONINFO": simcom_cells.cnetci,
        "+CCINFO": each(simcom_cells.ccinfo),
        "+SMSIMCFG": each(slots.counted_from(1, 1)),
        "+BINDSIM": each(slots.counted_from(0)),
    },
    restarts=("*ATREADY: 1", "NORMAL POWER DOWN"),
)
ALL = (SIMCOM,)
