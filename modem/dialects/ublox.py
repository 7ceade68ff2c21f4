"""u-blox: LISA, TOBY, LARA, SARA. Source: u-blox Cellular Modules AT Commands Manual (UBX-13002752); captures ublox-*.

+CREG says 6 (SMS only) on LTE while all is well; +CEREG may hold <rac_or_mme> after <AcT> (`modem.registration`).
"""

from modem.commands import each
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, vendor
from modem.fields import at, integer, texts
from modem.values import Counters, Sim


def counters(line: str) -> tuple[Counters, ...] | None:
    """+UGCNTRD: <cid>,<sent>,<received>,<sent in all>,<received in all>: this session, and since the module started."""
    values = [integer(text) for text in texts(line)]
    if len(values) < 5 or any(value is None or value < 0 for value in values):
        return None
    cid, sent, received, all_sent, all_received = (value or 0 for value in values[:5])
    return (
        Counters(rx_bytes=received, tx_bytes=sent, cid=cid, scope="session"),
        Counters(rx_bytes=all_received, tx_bytes=all_sent, cid=cid, scope="since_boot"),
    )


def pin_tries(line: str) -> Sim | None:
    """+UPINCNT: <PIN>,<PIN2>,<PUK>,<PUK2> tries left."""
    fields = texts(line)
    pin, puk = integer(at(fields, 0)), integer(at(fields, 2))
    return Sim(pin_retries=pin, puk_retries=puk) if pin is not None and puk is not None else None


UBLOX = vendor(
    "ublox",
    asks={
        Question.COUNTERS: (Ask("AT+UGCNTRD", ("+UGCNTRD:",), each(counters, "+UGCNTRD:")),),
        Question.PIN_RETRIES: (Ask("AT+UPINCNT", ("+UPINCNT:",), each(pin_tries, "+UPINCNT:")),),
    },
    urcs=dict.fromkeys(
        ("+UUPSDD:", "+UUPSDA:", "+UUSORD:", "+UUSORF:", "+UUSOCL:", "+UUSOLI:", "+UUPING:", "+UUHTTPCR:", "+UMWI:"),
        nothing,
    ),
    parsers={"+UGCNTRD": each(counters), "+UPINCNT": each(pin_tries)},
    quiet_gap_s=0.02,  # SARA-R4 AT commands manual UBX-17003787, §2.2.5: for the URCs it has held back
)
ALL = (UBLOX,)
