"""Signal: 3GPP's indexes to dBm and dB, and the words for how good that is.

27.007 §8.5 (+CSQ) and §8.69 (+CESQ); an index names an interval, we give its lower edge (+CESQ 29 for RSRP is
"-112 to -111 dBm": -112), which never flatters. 99 and 255 are "not known". 0 and the last index are open intervals.
"""

from collections.abc import Mapping

from modem.fields import integer, texts
from modem.values import Quality, Signal, Technology

TD_SCDMA_FIRST, TD_SCDMA_LAST = 100, 191


def rssi_of_csq(index: int | None) -> int | None:
    """+CSQ <rssi>: 0…31 is -113 … -51 dBm in steps of 2; 100…191 is TD-SCDMA, -116 … -25 in steps of 1."""
    if index is None:
        return None
    if 0 <= index <= 31:
        return -113 + 2 * index
    return -216 + index if TD_SCDMA_FIRST <= index <= TD_SCDMA_LAST else None


def _linear(index: int | None, last: int, lowest: float, step: float) -> float | None:
    """`lowest` is where index 0 ends, less one step: the value of index n is lowest + n * step."""
    if index is None or not 0 <= index <= last:
        return None
    value = lowest + index * step
    return int(value) if float(value).is_integer() else value


def rxlev_dbm(index: int | None) -> float | None:
    """45.008: 0 is below -110 dBm, 63 is -48 dBm or more."""
    return _linear(index, 63, -111, 1)


def rscp_dbm(index: int | None) -> float | None:
    """25.133: 0 is below -120 dBm, 96 is -25 dBm or more."""
    return _linear(index, 96, -121, 1)


def ecno_db(index: int | None) -> float | None:
    """25.133: 0 is below -24 dB, 49 is 0 dB or more."""
    return _linear(index, 49, -24.5, 0.5)


def rsrq_db(index: int | None) -> float | None:
    """36.133: 0 is below -19.5 dB, 34 is -3 dB or more."""
    return _linear(index, 34, -20, 0.5)


def rsrp_dbm(index: int | None) -> float | None:
    """36.133: 0 is below -140 dBm, 97 is -44 dBm or more."""
    return _linear(index, 97, -141, 1)


def ss_rsrq_db(index: int | None) -> float | None:
    """38.133: 0 is below -43 dB, 126 is 20 dB or more."""
    return _linear(index, 126, -43.5, 0.5)


def ss_rsrp_dbm(index: int | None) -> float | None:
    """38.133: 0 is below -156 dBm, 126 is -31 dBm or more."""
    return _linear(index, 126, -157, 1)


def ss_sinr_db(index: int | None) -> float | None:
    """38.133: 0 is below -23 dB, 127 is 40 dB or more."""
    return _linear(index, 127, -23.5, 0.5)


def ber_index(index: int | None) -> int | None:
    """RXQUAL 0…7; 99 is not known."""
    return index if index is not None and 0 <= index <= 7 else None


_STEPS: Mapping[str, tuple[float, float, float, float]] = {
    "rsrp": (-90, -105, -115, -140),
    "nr_rsrp": (-80, -90, -100, -140),
    "rscp": (-75, -85, -95, -120),
    "rssi": (-70, -85, -100, -113),
}
"""At or above → excellent, good, fair; at or below the last → none; else poor. RSRP: the LTE scale that field
technicians know (Campbell Scientific's: -90, -105, -115); 5G, RSCP and RSSI: the scales in router manuals."""


def grade(scale: str, value: float | None) -> Quality | None:
    """The word for a level on one of the scales; None when nothing was measured."""
    if value is None:
        return None
    excellent, good, fair, none = _STEPS[scale]
    if value >= excellent:
        return "excellent"
    if value >= good:
        return "good"
    if value >= fair:
        return "fair"
    return "none" if value <= none else "poor"


def quality(
    technology: Technology | None, rssi: float | None = None, rsrp: float | None = None, rscp: float | None = None
) -> Quality | None:
    """How good the level is, by the technology's own scale: RSRP before RSCP before RSSI, what there is of them."""
    if rsrp is not None:
        return grade("nr_rsrp" if technology in ("nr", "nr_nsa") else "rsrp", rsrp)
    return grade("rscp", rscp) or grade("rssi", rssi)


LEAST_ECIO = -31.5
"""dB: the end of the scale that chips measure on; -32 stands for "none" (Huawei's ^CSNR)."""


def signal(
    technology: Technology | None,
    *,
    rssi: float | None = None,
    rsrp: float | None = None,
    rsrq: float | None = None,
    sinr: float | None = None,
    rscp: float | None = None,
    ecio: float | None = None,
    ber: int | None = None,
) -> Signal:
    """A reading with its quality; figures that no radio can measure (0 or -32768 for "none") are left out."""
    rssi, rsrp, rscp = _within(rssi, -140, -10), _within(rsrp, -160, -20), _within(rscp, -140, -10)
    rsrq, sinr, ecio = _within(rsrq, -50, 25), _within(sinr, -40, 50), _within(ecio, LEAST_ECIO, 5)
    return Signal(technology, rssi, rsrp, rsrq, sinr, rscp, ecio, ber, quality(technology, rssi, rsrp, rscp))


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and low <= value <= high else None


def csq(line: str) -> Signal | None:
    """+CSQ: <rssi>,<ber>. It measures 2G and 3G and, on most modems, LTE; never 5G alone."""
    fields = texts(line)
    index = integer(fields[0]) if fields else None
    if index is None or len(fields) < 2:  # a line that ends there may have lost a digit
        return None
    return signal(None, rssi=rssi_of_csq(index), ber=ber_index(integer(fields[1])))


def cesq(line: str) -> tuple[Signal, ...]:
    """+CESQ: <rxlev>,<ber>,<rscp>,<ecno>,<rsrq>,<rsrp>[,<ss_rsrq>,<ss_rsrp>,<ss_sinr>]: one reading for each radio."""
    index = [integer(text) for text in texts(line)]
    if len(index) not in (6, 9) or index[0] is None:
        return ()
    index += [None] * (9 - len(index))
    rxlev, ber, rscp, ecno, rsrq, rsrp, ss_rsrq, ss_rsrp, ss_sinr = index[:9]
    lte = signal("lte", rsrp=rsrp_dbm(rsrp), rsrq=rsrq_db(rsrq))
    nr_name: Technology = "nr_nsa" if is_measured(lte) else "nr"
    new = signal(nr_name, rsrp=ss_rsrp_dbm(ss_rsrp), rsrq=ss_rsrq_db(ss_rsrq), sinr=ss_sinr_db(ss_sinr))
    if is_measured(lte) or is_measured(new):
        return radios(lte, new)  # Fibocom FM350 leaves an <rxlev> beside them, which belongs to no GSM cell
    umts = signal("umts", rscp=rscp_dbm(rscp), ecio=ecno_db(ecno))
    return radios(umts, signal("gsm", rssi=rxlev_dbm(rxlev), ber=ber_index(ber)))


def radios(*measured: Signal) -> tuple[Signal, ...]:
    """Those of `measured` that hold a figure; one empty reading when none does: asked, and nothing measured."""
    found = tuple(one for one in measured if is_measured(one))
    return found or (Signal(),)


def is_measured(one: Signal) -> bool:
    return any(
        value is not None for value in (one.rssi_dbm, one.rsrp_dbm, one.rsrq_db, one.sinr_db, one.rscp_dbm, one.ecio_db)
    )
