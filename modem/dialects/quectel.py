"""Quectel: EC2x/EG2x, EC200/EC800 (ASR), BG9x, BC26/BC66/BC95, EP06/EM20, RG/RM5xx, M35/M95.

One name means several things by family, so the number of fields decides, and where it cannot, the model. The readers:
`quectel_radio`, `quectel_cells`, `quectel_scan`, `quectel_nb`, `quectel_data`, `quectel_module`, which name their
manuals.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from modem import card, commands, identity, signal, slots
from modem.dialect import Ask, Dialect, Parse, Question
from modem.dialects import quectel_cells, quectel_data, quectel_module, quectel_nb, quectel_radio, quectel_scan
from modem.dialects.makers import is_made_by
from modem.dialects.quectel_radio import ASR, QUALCOMM, UNKNOWN, Scales
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import texts
from modem.replies import each
from modem.values import NetworkInfo, Reading

_ASKS: Mapping[Question, tuple[Ask, ...]] = {
    Question.ICCID: (Ask("AT+QCCID", (), each(card.number)),),
    Question.PIN_RETRIES: (Ask('AT+QPINC="SC"', ("+QPINC:",), each(quectel_module.qpinc, "+QPINC:")),),
    Question.SIM_SLOTS: (
        Ask('AT+QSIMCFG="dual_slot_status"', ("+QSIMCFG:",), each(slots.dual_slot_status, "+QSIMCFG:")),
        Ask("AT+QUIMSLOT?", ("+QUIMSLOT:",), each(slots.counted_from(1), "+QUIMSLOT:")),
        Ask("AT+QDSIM?", ("+QDSIM:",), each(slots.counted_from(0), "+QDSIM:")),
    ),
    Question.NETWORK_INFO: (Ask("AT+QNWINFO", ("+QNWINFO:",), quectel_radio.qnwinfo),),
    Question.COUNTERS: (Ask("AT+QGDCNT?", ("+QGDCNT:",), each(quectel_data.qgdcnt, "+QGDCNT:")),),
    Question.TEMPERATURE: (
        Ask("AT+QTEMP", ("+QTEMP:",), quectel_module.qtemp),
        Ask("AT+QTEMP?", ("+QTEMP:",), quectel_module.qtemp),
    ),
}


def _asks(scales: Scales) -> dict[Question, tuple[Ask, ...]]:
    cell = each(quectel_cells.serving_cell(scales.lte), "+QENG:")
    return {
        **_ASKS,
        Question.SIGNAL: (Ask("AT+QCSQ", ("+QCSQ:",), each(quectel_radio.qcsq(scales.nr), "+QCSQ:")),),
        Question.CELL: (Ask('AT+QENG="servingcell"', ("+QENG:",), cell),),
    }


def _indicated(lines: tuple[str, ...]) -> tuple[Reading, ...]:
    """+QIND: "csq",<rssi>,<ber> and "act","<network>"; other indications say "something is ready"."""
    fields = texts(lines[0]) if lines else ()
    kind = fields[0].lower() if fields else ""
    if kind == "act" and len(fields) > 1:
        tech = quectel_radio.technology(fields[1])
        return (NetworkInfo(tech),) if tech else ()
    found = signal.csq(f"+CSQ: {fields[1]},{fields[2]}") if kind == "csq" and len(fields) > 2 else None
    return (found,) if found else ()


_URCS = {
    "+QIND:": _indicated,
    "+QIURC:": quectel_data.deactivated,
    "+QNETDEVSTATUS:": urc(quectel_data.qnetdevstatus),
    "+QSIMSTAT:": urc(each(quectel_module.qsimstat)),
    "+CFUN:": urc(each(commands.functionality)),
    "+IP:": urc(each(quectel_data.local_address)),
    **dict.fromkeys(("+QUSIM:", "+QNITZ:", "+QSTK:", "+QSSLURC:", "+QMTSTAT:", "+QGPSURC:"), nothing),
    **dict.fromkeys(("+QMTRECV:", "+QNTP:"), nothing),
}
_RESTARTS = ("APP RDY", "POWERED DOWN")


_PARSERS: Mapping[str, Parse] = {
    "+QGMR": each(identity.firmware),
    "+QCCID": each(card.number),
    "+NUESTATS": quectel_nb.nuestats,
    "+QNWINFO": quectel_radio.qnwinfo,
    "+QSPN": each(quectel_radio.qspn),
    "+QCAINFO": quectel_radio.qcainfo,
    "+QGDCNT": each(quectel_data.qgdcnt),
    "+QTEMP": quectel_module.qtemp,
    "+QSIMSTAT": each(quectel_module.qsimstat),
    "+QINISTAT": each(quectel_module.qinistat),
    "+QPINC": each(quectel_module.qpinc),
    "+QGSN": each(identity.imei),
    "+EGMR": quectel_module.egmr,
    **dict.fromkeys(("+NCCID", "%CCID"), each(card.number)),  # BC95; Altair's chips (BG770)
    **dict.fromkeys(("+NCHIPINFO", "+QCHIPINFO"), each(quectel_module.chip_info)),
    "+QILOCIP": each(quectel_data.local_address),
    "+QSCAN": each(quectel_cells.scanned),
    "+QOPS": quectel_scan.qops,
    "+QNWCFG": each(quectel_scan.qnwcfg),
    "+QGDNRCNT": each(quectel_data.qgdcnt),
    "+QIACT": each(quectel_data.qiact),
    "+QMAP": quectel_data.qmap,
    "+QLWWANSTATUS": each(quectel_data.qlwwanstatus),
    "+QNETDEVSTATUS": quectel_data.qnetdevstatus,
    "+QICSGP": quectel_data.qicsgp,
    "+QLTS": quectel_data.qlts,
    "+QRSRP": each(quectel_radio.qrsrp),
    "+QRSRQ": each(quectel_radio.qrsrq),
    "+QSINR": each(quectel_radio.qsinr),
    "+QUIMSLOT": each(slots.counted_from(1)),
    "+QDSIM": each(slots.counted_from(0)),
    "+QSIMCFG": each(slots.dual_slot_status),
}


def _parsers(scales: Scales) -> dict[str, Parse]:
    return {
        **_PARSERS,
        "+QCSQ": each(quectel_radio.qcsq(scales.nr)),
        "+QENG": each(quectel_cells.serving_cell(scales.lte)),
    }


# Which family


def _is_called(words: tuple[str, ...], _manufacturer: str, model: str, ati: str) -> bool:
    """One of Quectel's (`makers` knows) whose name has one of `words`."""
    said = f"{model}\n{ati}".upper()
    return any(word in said for word in words)


_ASR_MODELS = ("EC200", "EG912", "EG915", "EC600", "EC800", "EG800", "EC100", "RM500U", "RG500U", "RG200U")
"""ASR and Unisoc platforms: the <sinr> of +QENG is in dB (capture quectel-ec200t-01)."""
_BG_MODELS = ("BG9", "BG7", "BG600")
_ALTAIR_MODELS = ("BG770", "BG773")
"""Sony ALT1350: what their <sinr> counts is not known."""
_NB_MODELS = re.compile(r"BC[2369]\d")
# fmt: off
_QUALCOMM_MODELS = (
    "EC20", "EC21", "EC25", "EG21", "EG25", "EG9", "EP06", "EG06", "EM05", "EM06", "EM1", "EM20", "EG12", "EG18",
    "AG35", "RG50", "RG52", "RM50", "RM51", "RM52",
)
# fmt: on


def _is_nb(_manufacturer: str, model: str, ati: str) -> bool:
    return _NB_MODELS.search(f"{model}\n{ati}".upper()) is not None


_NO_ASKS: Mapping[Question, tuple[Ask, ...]] = {}
_NB_ASKS: Mapping[Question, tuple[Ask, ...]] = {
    Question.CELL: (
        Ask("AT+QENG=0", ("+QENG:",), each(quectel_cells.serving_cell(UNKNOWN.lte), "+QENG:")),
        Ask("AT+NUESTATS", (), quectel_nb.nuestats),
    )
}


def _quectel(
    found_by: Callable[[str, str, str], bool], scales: Scales, asks: Mapping[Question, tuple[Ask, ...]] = _NO_ASKS
) -> Dialect:
    own = {**_asks(scales), **asks}
    return vendor("quectel", found_by, asks=own, urcs=_URCS, parsers=_parsers(scales), restarts=_RESTARTS)


QUECTEL = _quectel(partial(is_made_by, "quectel"), UNKNOWN)
QUECTEL_ASR = _quectel(partial(_is_called, _ASR_MODELS), ASR)
QUECTEL_QUALCOMM = _quectel(partial(_is_called, _QUALCOMM_MODELS), QUALCOMM)
QUECTEL_BG = _quectel(partial(_is_called, _BG_MODELS), QUALCOMM)
QUECTEL_NB = _quectel(_is_nb, UNKNOWN, _NB_ASKS)
QUECTEL_ALTAIR = _quectel(partial(_is_called, _ALTAIR_MODELS), UNKNOWN)
ALL = (QUECTEL_ASR, QUECTEL_ALTAIR, QUECTEL_BG, QUECTEL_NB, QUECTEL_QUALCOMM, QUECTEL)
"""The special before the general: EC200 must not be taken for EC20."""
