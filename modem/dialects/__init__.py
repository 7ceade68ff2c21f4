"""All dialects, and how the right one is found."""

import logging

from modem.dialect import Dialect
from modem.dialects import plain, quectel
from modem.dialects.cinterion import CINTERION
from modem.dialects.fibocom import FIBOCOM
from modem.dialects.foxconn import FOXCONN
from modem.dialects.huawei import HUAWEI
from modem.dialects.luat import LUAT
from modem.dialects.nordic import NORDIC
from modem.dialects.sequans import SEQUANS
from modem.dialects.sierra import SIERRA
from modem.dialects.simcom import SIMCOM
from modem.dialects.telit import TELIT
from modem.dialects.threegpp import THREE_GPP
from modem.dialects.ublox import UBLOX
from modem.dialects.zte import ZTE

__all__ = ["ALL", "THREE_GPP", "choose", "named"]

log = logging.getLogger(__name__)

ALL: tuple[Dialect, ...] = (
    *quectel.ALL,
    SIMCOM,
    HUAWEI,
    UBLOX,
    FIBOCOM,
    ZTE,
    SIERRA,
    LUAT,
    TELIT,
    FOXCONN,
    NORDIC,
    SEQUANS,
    CINTERION,
    *plain.ALL,
    THREE_GPP,
)
"""The special before the general: the first that recognises its own wins."""


def choose(manufacturer: str, model: str, ati_text: str) -> Dialect:
    """The dialect of the modem that said this of itself; the plain one for everybody unknown. Never raises."""
    for dialect in ALL:
        try:
            if dialect.found_by(manufacturer, model, ati_text):
                return dialect
        except Exception:
            log.exception("dialect %s cannot say whether %r is its own", dialect.name, model)
    return THREE_GPP


def named(name: str) -> Dialect | None:
    """The dialect of that name, the most general one where a vendor has several; None if there is none."""
    return next((dialect for dialect in reversed(ALL) if dialect.name == name.strip().lower()), None)
