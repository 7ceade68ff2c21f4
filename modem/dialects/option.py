"""Option N.V. (iCON sticks, GTM601 and others on the hso driver): commands that begin with an underscore.

Sources: the comments of hsoconnect's successors and of the GTA04's radio layer, ModemManager's and oFono's drivers,
logs of HSOconnect (_OWANDATA, _OWCTI). _OSIMOP tells the card's own network, not the one in use, and is not read.
"""

from collections.abc import Mapping

from modem import card, contexts, signal
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import at, body_of, integer, texts
from modem.replies import LineReader, each
from modem.shapes import shape, shaped
from modem.values import ContextActive, ContextParams, NetworkInfo, Signal, Technology

_SYSTEMS: Mapping[int, Technology] = {0: "gsm", 2: "umts"}
"""_OSSYS: 3 comes while it searches (a log of HSOconnect), and is not read."""
_CELLS_2G: Mapping[int, Technology] = {1: "gsm", 2: "gsm", 3: "edge"}
_CELLS_3G: Mapping[int, Technology] = {1: "umts", 2: "hspa", 3: "hspa", 4: "hspa"}
_MODE_AND_TYPE = 2


def _type(table: Mapping[int, Technology]) -> LineReader:
    """[<mode>,]<type>: the news have the type alone."""

    def read(line: str) -> NetworkInfo | None:
        fields = texts(line)
        found = integer(fields[-1]) if 0 < len(fields) <= _MODE_AND_TYPE else None
        return NetworkInfo(table[found]) if found is not None and found in table else None

    return read


def osigq(line: str) -> Signal | None:
    """_OSIGQ: <rssi>,<ber>: the figures of +CSQ, unasked."""
    return signal.csq(f"+CSQ: {body_of(line)}")


_DATA = shape("small" + r" [0-9]{1,3}(\.[0-9]{1,3}){3}" * 6 + " nat", 8)


def owandata(line: str) -> ContextParams | None:
    """_OWANDATA: <cid>, <address>, <gateway>, <dns>, <dns>, <nbns>, <nbns>, <speed>."""
    fields = shaped(texts(line), _DATA) or ()
    cid = integer(at(fields, 0))
    if cid is None:
        return None
    own, gateway, *servers = (contexts.addresses(text) for text in fields[1:5])
    dns = tuple(one for found in servers for one in found)
    return ContextParams(cid, addresses=own, gateway=(*gateway, None)[0], dns=dns) if own else None


_STATES = {0: False, 1: True, 3: False}
"""2 is on its way, 3 has failed."""


def owancall(line: str) -> ContextActive | None:
    """_OWANCALL: <cid>, <state>[, <news>]."""
    fields = texts(line)
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    return ContextActive(cid, active=_STATES[state]) if cid is not None and state in _STATES else None


_SYSTEM, _CELL_2G, _CELL_3G = (each(_type(table)) for table in (_SYSTEMS, _CELLS_2G, _CELLS_3G))
_TRIES = each(card.tries(puk_at=1, count=2))

OPTION = vendor(
    "option",
    asks={Question.PIN_RETRIES: (Ask("AT_OERCN?", ("_OERCN:",), _TRIES),)},
    urcs={
        "_OSSYSI:": urc(_SYSTEM),
        "_OCTI:": urc(_CELL_2G),
        "_OUWCTI:": urc(_CELL_3G),
        "_OSIGQ:": urc(each(osigq)),
        "_OWANCALL:": urc(each(owancall)),
        **dict.fromkeys(("_OBLS:", "_OBSI:", "_OEANT:"), nothing),
    },
    parsers={
        "_OSSYS": _SYSTEM,
        "_OCTI": _CELL_2G,
        **dict.fromkeys(("_OWCTI", "_OUWCTI"), _CELL_3G),
        "_OERCN": _TRIES,
        "_OWANDATA": each(owandata),
        "_OWANCALL": each(owancall),
    },
)
ALL = (OPTION,)
