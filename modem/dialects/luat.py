"""AirM2M / Luat (Air72x, Air780): ASR and Unisoc Cat 1 modules. Source: Luat AT manual (+CCED, +EEMGINFO); capture
airm2m-air724ug-01. Texts come with prefix and quotes, errors always in words, +EEMLTESVC only after the OK. The chips'
engineering mode: `luat_cells`."""

from modem import board, card, signal
from modem.dialect import Ask, Question
from modem.dialects import luat_cells
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import at, band_of, body_of, decimal_id, hex_id, integer, number, prefix_of, split, texts
from modem.operators import plmn
from modem.replies import each
from modem.shapes import shape, shaped
from modem.values import Cell, Reading, Temperature, Voltage, is_temperature


def cced(line: str) -> tuple[Reading, ...] | Reading | None:
    """+CCED:LTE current cell[ info]:…, GSM current cell info:…, or the figures of a 2G module alone; no neighbours."""
    kind, _, rest = body_of(line).partition(":")
    fields = tuple(field.text for field in split(rest or kind))
    if not rest:
        return _gsm(fields)
    readers = {"lte current cell": _lte_current, "gsm current cell": _gsm_current}
    reader = readers.get(kind.lower().removesuffix(" info"))
    return reader(fields) if reader else None


_LTE = shape("mcc mnc any small small any channel nat num num nat num pci", 13)
_GSM_CURRENT = shape("mcc mnc area area small small small channel", 8)
_GSM = shape("mcc mnc area area channel small small any", 7)


def _lte_current(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """<mcc>,<mnc>,<imsi>,<roaming>,<band>,<width>,<channel>,<cell>,<rsrp>,<rsrq>,<tac>,<srxlev>,<pci>: decimal."""
    if (found := shaped(fields, _LTE)) is None:
        return None
    fields = found
    cell = Cell(
        "lte",
        plmn=plmn(fields[0], fields[1]),
        tac=decimal_id(fields[10]),
        cell_id=decimal_id(fields[7]),
        pci=integer(fields[12]),
        channel=integer(fields[6]),
        band=band_of(fields[4]),
    )
    rsrp, rsrq = signal.rsrp_dbm(integer(fields[8])), signal.rsrq_db(integer(fields[9]))
    return (cell, signal.signal("lte", rsrp=rsrp, rsrq=rsrq))


def _gsm_current(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """<mcc>,<mnc>,<lac>,<cell>,<bsic>,<rxlev>,<rxlev sub>,<arfcn>; ids in hex."""
    if len(fields) != len(_GSM_CURRENT.kinds) or (found := shaped(fields, _GSM_CURRENT)) is None:
        return None
    fields = found
    place = Cell(
        "gsm",
        plmn=plmn(fields[0], fields[1]),
        lac=hex_id(fields[2]),
        cell_id=hex_id(fields[3]),
        channel=integer(fields[7]),
    )
    return (place, signal.signal("gsm", rssi=signal.rxlev_dbm(integer(fields[5]))))


def _gsm(fields: tuple[str, ...]) -> Cell | None:
    """<mcc>,<mnc>,<lac>,<cell>,<arfcn>,<bsic>,<rxlev>,…: 2G modules of the family; all zero is no cell."""
    fields = shaped(fields, _GSM) or ()
    network = plmn(at(fields, 0), at(fields, 1))
    lac, cell = (hex_id(at(fields, 2)), hex_id(at(fields, 3))) if network else (None, None)
    return Cell("gsm", plmn=network, lac=lac, cell_id=cell) if lac and cell else None


_SERVING = shape("channel pci num num mcc mnc cell area", 8)
_NEIGHBOUR = shape("channel pci num num", 4)


def ecbcinfo(line: str) -> tuple[Reading, ...] | None:
    """+ECBCINFOSC: <earfcn>,<pci>,<rsrp>,<rsrq>,"<mcc>","<mnc>","<cell>","<tac>"; +ECBCINFONC: a neighbour likewise.

    EigenComm's EC616 and EC618 (Air780E, BC35), by the chip's own code; NB-IoT or LTE is not said.
    """
    serving = prefix_of(line) == "+ECBCINFOSC:"
    fields = shaped(texts(line), _SERVING if serving else _NEIGHBOUR) or ()
    channel, pci = integer(at(fields, 0)), integer(at(fields, 1))
    if not channel or pci is None:
        return None  # channel 0 is what it says where there is no cell
    cell = Cell(
        serving=serving,
        plmn=plmn(at(fields, 4), at(fields, 5)),
        tac=hex_id(at(fields, 7)),
        cell_id=hex_id(at(fields, 6)),
        pci=pci,
        channel=channel,
    )
    if cell == Cell(serving=serving):
        return None
    rsrp, rsrq = (value if value is not None and value < 0 else None for value in map(number, fields[2:4]))
    level = signal.signal(None, rsrp=rsrp, rsrq=rsrq)
    return (cell, level) if serving and signal.is_measured(level) else (cell,)


def ecadc(line: str) -> Temperature | Voltage | None:
    """+ECADC: TEMP,<degrees> and VBAT,<millivolts> (EigenComm)."""
    fields = texts(line)
    name, value = (at(fields, 0) or "").upper(), integer(at(fields, 1))
    if value is None or len(fields) != 2:
        return None
    if name == "TEMP":
        return Temperature(value) if is_temperature(value) else None
    return Voltage(value) if name in ("VBAT", "VAT") else None


LUAT = vendor(
    "luat",
    asks={Question.CELL: (Ask("AT+CCED=0,1", ("+CCED:",), each(cced, "+CCED:")),)},
    urcs={
        **{f"{name}:": urc(each(reader)) for name, reader in luat_cells.READERS.items()},
        "+NITZ:": urc(each(board.gmt)),  # a serial log of an Air780 says 06:36:38 at 14:36 in China
        **dict.fromkeys(("+EEMLTEINTERRAT:", "+E_UTRAN Service", "^MODE:", "*COPN:"), nothing),
    },
    parsers={
        "+CCED": each(cced),
        **{name: each(reader) for name, reader in luat_cells.READERS.items()},
        "+ECSTATUS": each(luat_cells.ecstatus),
        "+RFTEMPERATURE": each(board.degrees),
        "+ECICCID": each(card.number),
        "+ECADC": each(ecadc),
        **dict.fromkeys(("+ECBCINFO", "+ECBCINFOSC", "+ECBCINFONC"), each(ecbcinfo)),
    },
)
ALL = (LUAT,)
