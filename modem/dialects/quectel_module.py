"""Quectel's module and card: +QTEMP, +QSIMSTAT, +QINISTAT, +QPINC, +EGMR, +NCHIPINFO.

Source: EC2x&EG2x-G&EG9x-G&EM05 AT Commands Manual.
"""

from modem import identity
from modem.events import Reply
from modem.fields import at, body_of, integer, number, split, texts
from modem.replies import each, lines_of
from modem.values import Reading, Sim, Temperature, Voltage, is_temperature

_NO_SENSOR = ("-", "--")


def qtemp(reply: Reply) -> tuple[Reading, ...]:
    """+QTEMP: <pmic>,<xo>,<pa> (EC2x) · "<sensor>","<degrees>" lines (5G) · <mode>,<millivolts>,<degrees> (M95).

    Of other counts of figures it is not known which one is a temperature."""
    lines = lines_of(reply, "+QTEMP:")
    found = [_sensors(line) for line in lines]
    sensors = [one for some in found for one in some or ()]
    if not sensors:
        return ()
    real = tuple((name, value) for name, value in sensors if is_temperature(value))
    is_whole = None not in found  # else one that was lost may be the hottest
    return (Temperature(max((value for _, value in real), default=None) if is_whole else None, real),)


def _sensors(line: str) -> list[tuple[str, float]] | None:
    """None: a line that lost a name or a figure."""
    said = split(body_of(line))
    fields = tuple(field.text for field in said)
    values = [number(field) for field in fields]
    if len(fields) == 2 and fields[0] and values[0] is None:
        return [(fields[0], values[1])] if values[1] is not None else None
    if any(
        field.quoted or (value is None and field.text not in _NO_SENSOR)
        for field, value in zip(said, values, strict=True)
    ):
        return None
    if len(values) == 3 and (second := values[1]) is not None and second > 255:
        return [("module", values[2])] if values[2] is not None else None
    if len(values) not in (1, 3):
        return None
    return [(f"sensor{place}", one) for place, one in enumerate(values, 1) if one is not None]


def qsimstat(line: str) -> Sim | None:
    """+QSIMSTAT: <enable>,<inserted>: 0 removed, 1 inserted (which is not yet ready), 2 not known."""
    inserted = integer(at(texts(line), 1))
    return Sim("absent") if inserted == 0 else Sim("unknown") if inserted in (1, 2) else None


def qinistat(line: str) -> Sim | None:
    """+QINISTAT: bits 1 = card ready, 2 = messages ready, 4 = phone book ready."""
    state = integer(at(texts(line), 0))
    return None if state is None else Sim("ready" if state & 1 else "busy")


def egmr(reply: Reply) -> tuple[Reading, ...]:
    """AT+EGMR=0,7 → +EGMR: "<IMEI>"; 10 is that of a second slot, 5 a serial number."""
    return each(identity.imei, "+EGMR:")(reply) if reply.command.text.replace(" ", "").endswith("=0,7") else ()


def chip_info(line: str) -> Temperature | Voltage | None:
    """+NCHIPINFO:TEMP,26 and VBAT,3605 (BC95, BC28), +QCHIPINFO: likewise (BC66)."""
    fields = texts(line)
    name, value = (at(fields, 0) or "").upper(), number(at(fields, 1))
    if value is None or name not in ("TEMP", "VBAT"):
        return None
    return Temperature(value) if name == "TEMP" else Voltage(int(value))


def qpinc(line: str) -> Sim | None:
    """+QPINC: "SC",<PIN tries>,<PUK tries>."""
    fields = texts(line)
    if len(fields) < 3 or fields[0].upper() != "SC":
        return None
    return Sim(pin_retries=integer(fields[1]), puk_retries=integer(fields[2]))
