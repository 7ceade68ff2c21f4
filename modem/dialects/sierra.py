"""Sierra Wireless: MC/EM7xxx, EM9xxx. Source: AirPrime EM74xx/MC74xx AT Command Reference; captures sierra-*.

!GSTATUS is a table in two columns parted by tabs; its labels differ a little from one generation to the next.
"""

import re

from modem import card, contexts, signal, slots
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, vendor
from modem.events import Reply
from modem.fields import hex_id, integer, number, texts
from modem.operators import plmn
from modem.replies import each
from modem.values import Cell, NetworkInfo, Reading, Technology, Temperature, Voltage

_PAIR = re.compile(r"([A-Za-z][A-Za-z0-9 ()-]{1,24}?)\s*:[ \t]*((?:(?!\t|   )[^\r\n])*)")
"""A column ends with a tab; where a paste lost the tabs, with three blanks."""
_TITLE = re.compile(r"^\s*!(?:GSTATUS|NRINFO):\s*")
_MODES: dict[str, Technology] = {
    "LTE": "lte",
    "ENDC": "nr_nsa",
    "NR5G": "nr",
    "WCDMA": "umts",
    "UMTS": "umts",
    "GSM": "gsm",
}
_NAMES: dict[str, Technology] = {
    "GPRS": "gsm",
    "EDGE": "edge",
    "UMTS": "umts",
    "HSDPA": "hspa",
    "HSUPA": "hspa",
    "HSDPA/HSUPA": "hspa",
    "HSPA+": "hspa",
    "LTE": "lte",
}


def gstatus(reply: Reply) -> tuple[Reading, ...]:
    """!GSTATUS: temperature, network, serving cell and the best receiver's level."""
    said = _pairs(reply)
    tech = _MODES.get(said.get("system mode", "").upper())
    found: list[Reading] = []
    heat = number(said.get("temperature"))
    if heat is not None:
        found.append(Temperature(heat))
    if "system mode" in said:
        is_none = said["system mode"].upper() == "NO SERVICE"
        band = _band(said, "nr5g band" if tech == "nr" else "lte band")
        found.append(NetworkInfo(tech, band=band, service="none" if is_none else None))
    channel = integer(said.get("lte rx chan"))
    if channel is not None:  # 0 with band 66: the modem does not know (EM7511)
        place = _hex(said.get("tac")), _hex(said.get("cell id"))
        found.append(Cell("lte", tac=place[0], cell_id=place[1], channel=channel or None, band=_band(said, "lte band")))
    rsrp, rssi = _best(said, "rsrp"), _best(said, "rssi")
    if rsrp is not None or rssi is not None:
        rsrq, sinr = number(said.get("rsrq (db)")), number(said.get("sinr (db)"))
        found.append(signal.signal("lte", rsrp=rsrp, rssi=rssi, rsrq=rsrq, sinr=sinr))
    found += _umts(said)
    return (*found, *_nr(said, tech)) if tech in ("nr", "nr_nsa") else tuple(found)


def _umts(said: dict[str, str]) -> tuple[Reading, ...]:
    """3G: "WCDMA channel", "LAC", "Cell ID" and "RX level Carrier 0 (dBm)", the whole level of the carrier."""
    channel = integer(said.get("wcdma channel"))
    if channel is None:
        return ()
    cell = Cell("umts", lac=_hex(said.get("lac")), cell_id=_hex(said.get("cell id")), channel=channel)
    rssi = number(said.get("rx level carrier 0 (dbm)") or said.get("rx level (dbm)"))
    return (cell, signal.signal("umts", rssi=rssi))


def nrinfo(reply: Reply) -> tuple[Reading, ...]:
    """!NRINFO: the 5G cell in the labels of !GSTATUS."""
    said = _pairs(reply)
    return _nr(said, "nr_nsa" if said.get("connectivity mode", "").upper() == "ENDC" else "nr")


def pctemp(reply: Reply) -> tuple[Reading, ...]:
    """!PCTEMP: "Temperature: 35.25 C" under the state's name."""
    heat = number((_pairs(reply).get("temperature") or "").split(" ")[0])
    return (Temperature(heat),) if heat is not None else ()


def pcvolt(reply: Reply) -> tuple[Reading, ...]:
    """!PCVOLT: "Power supply voltage: 3296 mV"."""
    value = integer((_pairs(reply).get("power supply voltage") or "").split(" ")[0])
    return (Voltage(value),) if value is not None else ()


_LTEINFO = re.compile(
    r"(?<!\S)(?P<channel>\d{1,6})\s+(?P<mcc>\d{3})\s+(?P<mnc>\d{2,3})\s+(?P<tac>\d{1,5})\s+(?P<cell>[0-9A-F]{7,8})"
    r"\s+(?P<band>\d{1,3})\s+\d\s+\d\s+(?P<snr>-?\d{1,3}|--)\s+(?P<pci>\d{1,3})"
    r"\s+(?P<rsrq>-?[\d.]{1,6})\s+(?P<rsrp>-?[\d.]{1,6})\s+(?P<rssi>-?[\d.]{1,6})",
    re.ASCII | re.IGNORECASE,
)


def lteinfo(reply: Reply) -> tuple[Reading, ...]:
    """!LTEINFO: the row under "Serving: EARFCN MCC MNC TAC CID Bd D U SNR PCI RSRQ RSRP RSSI RXLV"; TAC in decimal.

    RouterOS prints the whole table in lines of its own width, so rows are found in the text, not in the lines.
    """
    match = _LTEINFO.search(" ".join(reply.lines)[:4096])
    if match is None:
        return ()
    cell = Cell(
        "lte",
        plmn=plmn(match["mcc"], match["mnc"]),
        tac=hex_id(f"{int(match['tac']):04X}"),
        cell_id=hex_id(match["cell"]),
        pci=integer(match["pci"]),
        channel=integer(match["channel"]),
        band=f"B{int(match['band'])}",
    )
    level = signal.signal(
        "lte",
        rsrp=number(match["rsrp"]),
        rsrq=number(match["rsrq"]),
        rssi=number(match["rssi"]),
        sinr=number(match["snr"]),
    )
    return (cell, level)


def _nr(said: dict[str, str], tech: Technology) -> tuple[Reading, ...]:
    """EM9xxx on 5G, alone or beside LTE: the same labels with NR5G in front."""
    cell = Cell(
        tech,
        plmn=plmn(*(said.get("nr5g mcc-mnc") or "").partition("-")[::2]),
        tac=_hex(said.get("nr5g tac")),
        cell_id=_hex(said.get("nr5g cell id")),
        channel=integer(said.get("nr5g rx chan")),
        band=_band(said, "nr5g band"),
    )
    rsrp, rsrq, sinr = (number(said.get(f"nr5g {name}")) for name in ("rsrp (dbm)", "rsrq (db)", "sinr (db)"))
    level = signal.signal(tech, rsrp=rsrp, rsrq=rsrq, sinr=sinr)
    if signal.is_measured(level):
        return (cell, level)
    return (cell,) if cell != Cell(tech) else ()


def _pairs(reply: Reply) -> dict[str, str]:
    """Label → value, in small letters; RSRP after a receiver's RSSI belongs to that receiver."""
    found: dict[str, str] = {}
    for line in reply.lines:
        receiver = ""
        for label, value in _PAIR.findall(_TITLE.sub("", line)):
            name = " ".join(label.lower().split())
            if name.startswith("pcc rx"):
                receiver = " ".join(name.split()[:2])
            if name.startswith("rsrp"):
                name = f"{receiver} rsrp"
            found.setdefault(name, value.strip())
    return found


def _best(said: dict[str, str], figure: str) -> float | None:
    """The strongest of the receivers; not known where one's figure was damaged."""
    texts = [text for name, text in said.items() if name.startswith("pcc rx") and name.endswith(figure)]
    receivers = {" ".join(name.split()[:2]) for name in said if name.startswith("pcc rx")}
    if len(texts) != len(receivers) or any(number(text) is None and text.strip("-") for text in texts):
        return None
    return max((value for text in texts if (value := number(text)) is not None), default=None)


def _band(said: dict[str, str], *names: str) -> str | None:
    band = next((said[name] for name in names or ("lte band", "nr5g band") if said.get(name)), "")
    return band if re.fullmatch(r"[Bn]\d{1,3}", band, re.ASCII) else None


_ID = re.compile(r"([0-9A-F]{1,16})( \(\d{1,12}\))?", re.IGNORECASE | re.ASCII)


def _hex(text: str | None) -> str | None:
    """An id in hexadecimal with the same number in decimal behind it, "8C65 (35666)".

    A number that stands alone is hexadecimal only if it looks so: GCT's chips, which copy the table, write decimal.
    """
    match = _ID.fullmatch(text or "")
    if match is None:
        return None
    is_sure = match[2] or match[1].startswith("0") or not match[1].isdecimal()
    return hex_id(match[1]) if is_sure else None


def cnti(line: str) -> NetworkInfo | None:
    """*CNTI: 0,<network>: NONE on 5G modems that are registered, so NONE says nothing."""
    name = (texts(line) or ("",))[-1].upper()
    return NetworkInfo(_NAMES.get(name)) if name in _NAMES or name == "NONE" else None


SIERRA = vendor(
    "sierra",
    asks={
        Question.ICCID: (Ask("AT!ICCID?", (), each(card.number)),),
        Question.CELL: (Ask("AT!GSTATUS?", (), gstatus), Ask("AT!LTEINFO?", (), lteinfo)),
        Question.SIM_SLOTS: (Ask("AT!UIMS?", ("!UIMS:",), each(slots.counted_from(0), "!UIMS:")),),
        Question.TEMPERATURE: (Ask("AT!GSTATUS?", (), gstatus), Ask("AT!PCTEMP?", (), pctemp)),
        Question.VOLTAGE: (Ask("AT!PCVOLT?", (), pcvolt),),
    },
    urcs=dict.fromkeys(("*PSNWID:",), nothing),
    parsers={
        "!GSTATUS": gstatus,
        "!NRINFO": nrinfo,
        "!LTEINFO": lteinfo,
        "!PCTEMP": pctemp,
        "!PCVOLT": pcvolt,
        "!ICCID": each(card.number),
        "!UIMS": each(slots.counted_from(0)),
        "*CNTI": each(cnti),
        "!SCACT": each(contexts.cgact),
        **dict.fromkeys(("!SCPADDR", "+KCGPADDR"), each(contexts.cgpaddr)),
    },
)
ALL = (SIERRA,)
